/*
 * Tests the reader of the kernel's counters and limits with files of a
 * directory, and with those of this machine.
 */
#include "lib/interrupt.c"
#include "lib/regular.c"
#include "read/limits.c"
#include "read/procfs.c"

#include "directory.h"
#include "tap.h"

static struct limits limits;

/* Of the last reading: an errno value, and the file. */
static int error;
static const char *failed;

/* Reads these directories; *failed is the file of the first error. */
static void
read_from(const char *net, const char *sys)
{
	const char *other;
	int second;

	limits_free(&limits);
	limits = (struct limits){0};
	error = limits_read_net(&limits, net, &failed);
	second = limits_read_sys(&limits, sys, &other);
	if (!error) {
		error = second;
		failed = other;
	}
}

/* Reads the files of the directory; all settings are in its sys. */
static void
read_all(void)
{
	read_from(directory, in_directory("sys"));
}

/* Whether a value is known, and that. */
static bool
is(enum limit limit, uint64_t value)
{
	return limits.known[limit] && limits.value[limit] == value;
}

static bool
is_unknown(enum limit limit)
{
	return !limits.known[limit] && limits.value[limit] == 0;
}

static unsigned
count_known(void)
{
	unsigned n = 0;

	for (enum limit i = 0; i < NLIMITS; i++)
		n += limits.known[i];
	return n;
}

/* Writes a file, reads all, and returns whether a value is that. */
static bool
reads(const char *file, const char *text, enum limit limit, uint64_t value)
{
	write_file(file, text);
	read_all();
	return is(limit, value);
}

static bool
reads_unknown(const char *file, const char *text, enum limit limit)
{
	write_file(file, text);
	read_all();
	return is_unknown(limit);
}

static void
test_nothing(void)
{
	read_all();
	ok(count_known() == 0 && !limits.reserved_known && !limits.reserved,
	    "without files nothing is known");
	read_from("no such directory", "no such directory");
	ok(count_known() == 0 && !error, "nor without directories");
}

static void
test_titled(void)
{
	static const char other[] = "IpExt: ListenDrops\nIpExt: 9\n";
	char text[256];

	ok(reads("snmp",
	       "Ip: OutRsts\nIp: 9\n"
	       "Tcp: MaxConn ActiveOpens OutRsts\nTcp: -1 377 2\n"
	       "TcpNot: OutRsts\nTcpNot: 8\n",
	       ACTIVE_OPENS, 377) &&
		is(OUT_RSTS, 2) && is_unknown(PASSIVE_OPENS),
	    "snmp: values have names, some of which are missing");
	snprintf(text, sizeof(text),
	    "%sTcpExt: TW ListenDrops\nTcpExt: 18446744073709551615 0\n",
	    other);
	ok(reads("netstat", text, TIMEWAITED, UINT64_MAX) &&
		is(LISTEN_DROPS, 0),
	    "netstat: the largest number, and a 0 that is known");
	ok(reads_unknown("netstat",
	       "TcpExt: TW ListenDrops\nTcpExt: 18446744073709551616 -5\n",
	       TIMEWAITED) &&
		is_unknown(LISTEN_DROPS),
	    "numbers that are too large or negative");
	ok(reads_unknown("netstat", "TcpExt: TW TCPRcvQDrop\nTcpExt: 1x 3\n",
	       TIMEWAITED) &&
		is(RCVQ_DROP, 3),
	    "a word that is no number");
	ok(reads_unknown("netstat", "TcpExt: SyncookiesSent TW\nTcpExt: 12 34",
	       SYNCOOKIES_SENT) &&
		is_unknown(TIMEWAITED),
	    "a line that is cut");
	ok(reads("netstat", "TcpExt: SyncookiesSent TW\nTcpExt: 12\n",
	       SYNCOOKIES_SENT, 12) &&
		is_unknown(TIMEWAITED),
	    "a line with fewer values than names");
	ok(reads_unknown("netstat", "TcpExt: TW\n", TIMEWAITED) &&
		reads_unknown("netstat", "", TIMEWAITED) &&
		reads_unknown("netstat", other, LISTEN_DROPS) &&
		reads_unknown(
		    "netstat", "\n\n  \nTcpExt:\nTcpExt:\n", TIMEWAITED),
	    "names without values, and nothing at all");
}

static void
test_sockstat(void)
{
	ok(reads("sockstat",
	       "sockets: used 13\n"
	       "TCP: inuse 5 orphan 0 tw 3 alloc 7 mem 1\n"
	       "UDP: inuse 9 mem 8\n",
	       SOCKSTAT_TW, 3) &&
		is(SOCKSTAT_ORPHAN, 0) && is(SOCKSTAT_MEM, 1),
	    "sockstat: pairs");
	ok(reads_unknown("sockstat", "TCP: tw tw mem\n", SOCKSTAT_TW) &&
		is_unknown(SOCKSTAT_MEM),
	    "names where numbers should be");
	ok(reads_unknown("sockstat", "TCP6: tw 3\n", SOCKSTAT_TW),
	    "another protocol");
}

static void
test_protocols(void)
{
	static const char titles[] =
	    "protocol  size sockets  memory press maxhdr\n"
	    "TCPv6     2432      0     200   maybe  192\n";
	static const struct {
		const char *row;
		bool known;
		uint64_t value;
	} cases[] = {
	    {"TCP       2304      1     200   no     192\n", true, 0},
	    {"TCP       2304      1      -1   yes    192\n", true, 1},
	    {"TCP       2304      1     200   NI     192\n", false, 0},
	    {"TCP       2304\n", false, 0},
	    {"", false, 0},
	};
	char text[512];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text), "%s%s", titles, cases[i].row);
		write_file("protocols", text);
		read_all();
		ok(limits.known[MEMORY_PRESS] == cases[i].known &&
			limits.value[MEMORY_PRESS] == cases[i].value,
		    "protocols, %zu", i);
	}
	ok(reads_unknown("protocols", cases[1].row, MEMORY_PRESS),
	    "a row without titles");
}

static void
test_settings(void)
{
	ok(reads("sys/net/ipv4/tcp_mem", "287901\t383868\t575802\n",
	       TCP_MEM_LOW, 287901) &&
		is(TCP_MEM_PRESSURE, 383868) && is(TCP_MEM_HIGH, 575802),
	    "a setting of three numbers");
	ok(reads("sys/net/ipv4/tcp_mem", "287901 x\n", TCP_MEM_LOW, 287901) &&
		is_unknown(TCP_MEM_PRESSURE) && is_unknown(TCP_MEM_HIGH),
	    "one number and a word");
	ok(reads("sys/net/core/somaxconn", "4096\n", CORE_SOMAXCONN, 4096) &&
		reads("sys/net/netfilter/nf_conntrack_count", "0\n",
		    CONNTRACK_COUNT, 0) &&
		reads("sys/net/netfilter/nf_conntrack_max", "262144\n",
		    CONNTRACK_MAX, 262144) &&
		reads("sys/fs/file-nr", "450\t0\t2466177\n", FILE_NR, 450) &&
		reads("sys/fs/file-max", "9223372036854775807\n", FILE_MAX,
		    INT64_MAX),
	    "settings of other directories");
	ok(reads_unknown(
	       "sys/net/ipv4/tcp_fin_timeout", "60", TCP_FIN_TIMEOUT) &&
		reads_unknown("sys/net/ipv4/tcp_fin_timeout", "-60\n",
		    TCP_FIN_TIMEOUT) &&
		reads_unknown(
		    "sys/net/ipv4/tcp_fin_timeout", "", TCP_FIN_TIMEOUT) &&
		reads("sys/net/ipv4/tcp_fin_timeout", "60\n", TCP_FIN_TIMEOUT,
		    60),
	    "a number that may be cut, a negative one, none, one");
	ok(reads("sys/net/ipv4/ip_local_port_range", "32768\t60999\n",
	       IP_LOCAL_PORT_LOW, 32768) &&
		is(IP_LOCAL_PORT_HIGH, 60999),
	    "a range of ports");
	ok(reads("sys/net/ipv4/tcp_rto_min_us", "200000\n", TCP_RTO_MIN_US,
	       200000) &&
		reads("sys/net/ipv4/tcp_rto_max_ms", "120000\n",
		    TCP_RTO_MAX_MS, 120000),
	    "settings of newer kernels");
	ok(reads_unknown("sys/net/ipv4/ip_local_port_range", "60999\t32768\n",
	       IP_LOCAL_PORT_LOW) &&
		is_unknown(IP_LOCAL_PORT_HIGH) &&
		reads_unknown("sys/net/ipv4/ip_local_port_range",
		    "32768\t65536\n", IP_LOCAL_PORT_HIGH) &&
		reads_unknown("sys/net/ipv4/ip_local_port_range", "32768\n",
		    IP_LOCAL_PORT_LOW),
	    "what is no range of ports");
}

static bool
is_reserved(unsigned port)
{
	return limits.reserved && limits.reserved[port / 64] >> port % 64 & 1;
}

static unsigned
count_reserved(void)
{
	unsigned n = 0;

	for (unsigned port = 0; port <= UINT16_MAX; port++)
		n += is_reserved(port);
	return n;
}

/* Reads a list; returns whether it has n ports, and is complete. */
static bool
reserves(const char *text, unsigned n, bool complete)
{
	write_file("sys/net/ipv4/ip_local_reserved_ports", text);
	read_all();
	return count_reserved() == n && limits.reserved_known == complete;
}

static void
test_reserved(void)
{
	static char text[LIST_SIZE * 2];
	size_t len = 0;

	ok(reserves("\n", 0, true) && !limits.reserved, "no reserved ports");
	ok(reserves("8080,9000-9100\n", 102, true) && is_reserved(8080) &&
		!is_reserved(8999) && is_reserved(9000) && is_reserved(9100) &&
		!is_reserved(9101),
	    "a port and a range");
	ok(reserves("0-65535\n", 65536, true), "all ports");
	ok(reserves("", 0, false) && reserves("x\n", 0, false),
	    "what is no list");
	ok(reserves("8080,90", 1, false) && is_reserved(8080) &&
		reserves("8080,9000-91", 1, false) &&
		reserves("8080,9000-", 1, false) &&
		reserves("8080,", 1, false),
	    "a list that is cut is known up to the port before that");
	ok(reserves("1,65536\n", 1, false) && reserves("1,9-8\n", 1, false) &&
		reserves("1,-5\n", 1, false),
	    "what is no port, and no range");
	for (unsigned port = 1; port < 65535; port += 3)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "%s%u-%u", len ? "," : "", port, port + 1);
	text[len++] = '\n';
	text[len] = '\0';
	ok(reserves(text, 2 * 21845, true) && len > 200000,
	    "the longest list");
	memset(text, '1', sizeof(text) - 1);
	memcpy(text, "80,", 3);
	ok(reserves(text, 1, false), "a list that is longer");
}

/* What a copy that means no good has in the place of files. */
static void
test_garbage(void)
{
	static const char *const files[] = {"snmp", "netstat", "sockstat",
	    "protocols", "sys/net/ipv4/ip_local_port_range",
	    "sys/net/ipv4/ip_local_reserved_ports", "sys/net/core/somaxconn",
	    "sys/fs/file-nr", "sys/fs/file-max",
	    "sys/net/netfilter/nf_conntrack_max",
	    "sys/net/netfilter/nf_conntrack_count", "sys/net/ipv4/tcp_mem",
	    "sys/net/ipv4/tcp_fin_timeout", "sys/net/ipv4/tcp_rto_min_us",
	    "sys/net/ipv4/tcp_rto_max_ms"};
	const size_t n = sizeof(files) / sizeof(files[0]);
	static const char bytes[] = "\0\n\n :-,09TCP yes\377\tTcpExt:";
	static char text[LIST_SIZE * 2];
	uint32_t random = 1;

	for (size_t i = 0; i < n; i++)
		make_fifo(files[i]);
	read_all();
	ok(count_known() == 0 && !limits.reserved_known,
	    "a pipe is not waited for");
	ok(error == ENOTSUP && strcmp(failed, files[0]) == 0,
	    "the first one is reported");
	for (unsigned round = 0; round < 20; round++) {
		for (size_t i = 0; i < n; i++) {
			size_t len = sizeof(text) >> round;

			for (size_t j = 0; j < len; j++) {
				random = random * 1103515245 + 12345;
				text[j] =
				    bytes[(random >> 16) % sizeof(bytes)];
			}
			write_bytes(files[i], text, len);
		}
		read_all();
	}
	ok(true, "garbage");
	memset(text, '7', sizeof(text));
	for (size_t i = 0; i < n; i++)
		write_bytes(files[i], text, sizeof(text));
	read_all();
	ok(count_known() == 0 && !limits.reserved_known,
	    "files that are too large for one line");
	write_file("sys/net/core/somaxconn", "4096\n");
	interrupted = SIGINT;
	read_all();
	interrupted = 0;
	ok(count_known() == 0, "a signal ends it");
}

static void
test_names(void)
{
	bool named = true;

	for (enum limit i = 0; i < NLIMITS; i++)
		named &= entries[i].file && entries[i].find && limit_name(i) &&
		    limit_name(i)[0] != '\0';
	ok(named, "each value has a place and a name");
	ok(!strcmp(limit_name(LISTEN_OVERFLOWS), "ListenOverflows") &&
		!strcmp(limit_name(SOCKSTAT_TW), "tw") &&
		!strcmp(
		    limit_name(IP_LOCAL_PORT_HIGH), "ip_local_port_range") &&
		!strcmp(limit_name(CORE_SOMAXCONN), "somaxconn") &&
		!strcmp(limit_name(FILE_NR), "file-nr"),
	    "names are those of the kernel");
}

/* Values that are in all kernels, and in all network namespaces. */
static void
test_this_machine(void)
{
	static const enum limit everywhere[] = {OUT_RSTS, TIMEWAITED,
	    LISTEN_DROPS, SOCKSTAT_TW, SOCKSTAT_MEM, MEMORY_PRESS,
	    IP_LOCAL_PORT_HIGH, TCP_MAX_TW_BUCKETS, TCP_RETRIES2,
	    CORE_SOMAXCONN, FILE_NR, FILE_MAX};
	const size_t n = sizeof(everywhere) / sizeof(everywhere[0]);
	bool known = true;

	if (!procfs_is_live("/proc")) {
		skip("no /proc");
		return;
	}
	read_from("/proc/self/net", "/proc/sys");
	for (size_t i = 0; i < n; i++)
		known &= limits.known[everywhere[i]] ||
		    !printf("# %s\n", limit_name(everywhere[i]));
	ok(known, "values of this machine");
	for (enum limit i = 0; i < SYSCTL_FIRST; i++)
		if (!limits.known[i])
			printf("# not known here: %s\n", limit_name(i));
	limits_free(&limits);
}

int
main(void)
{
	directory_make();
	test_nothing();
	test_titled();
	test_sockstat();
	test_protocols();
	test_settings();
	test_reserved();
	test_garbage();
	test_names();
	test_this_machine();
	return tap_done();
}
