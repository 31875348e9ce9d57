/*
 * Finds the values in the kernel's files: a table says where each one is.  The
 * files may be those of a copy, with any text in them.
 */
#include "read/limits.h"

#include "lib/decimal.h"
#include "lib/ports.h"
#include "lib/regular.h"
#include "read/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A piece of text that does not end with a NUL. */
struct span {
	const char *p, *end;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * Splits the next line from text.  Returns false at the end, and for a last
 * line without a newline: it may be cut, and its last number too small.
 */
static bool
next_line(struct span *text, struct span *line)
{
	const char *newline =
	    memchr(text->p, '\n', (size_t)(text->end - text->p));

	if (!newline)
		return false;
	*line = (struct span){text->p, newline};
	text->p = newline + 1;
	return true;
}

/* Splits the next word from a line; false if it has no more. */
static bool
next_word(struct span *line, struct span *word)
{
	const char *p = line->p;

	while (p < line->end && is_blank(*p))
		p++;
	word->p = p;
	while (p < line->end && !is_blank(*p))
		p++;
	word->end = line->p = p;
	return word->p < word->end;
}

static bool
word_is(const struct span *word, const char *text)
{
	size_t len = (size_t)(word->end - word->p);

	return len == strlen(text) && memcmp(word->p, text, len) == 0;
}

/* Reads a word as a number; false, leaving value, if it is none. */
static bool
read_number(const struct span *word, uint64_t *value)
{
	uint64_t number;
	const char *end = decimal(word->p, word->end, UINT64_MAX, &number);

	if (!end || end != word->end)
		return false;
	*value = number;
	return true;
}

/*
 * Finds the next line whose first word is row, and splits the line and that
 * word from text.
 */
static bool
find_row(struct span *text, const char *row, struct span *line)
{
	struct span word;

	while (next_line(text, line))
		if (next_word(line, &word) && word_is(&word, row))
			return true;
	return false;
}

/*
 * Where a value is: a file, a function that finds it there, and what that
 * function has to know.  Entries of the same file follow each other.
 */
struct entry {
	const char *file;
	bool (*find)(
	    const struct entry *entry, struct span text, uint64_t *value);
	const char *titles, *row; /* the first words of lines */
	const char *name;
	unsigned word; /* in the file, from 0 */
};

/* Finds the column of that name in a row of numbers, or of "yes" and "no". */
static bool
find_column(const struct entry *entry, struct span text, uint64_t *value)
{
	struct span titles, row, title, word;

	if (!find_row(&text, entry->titles, &titles) ||
	    !find_row(&text, entry->row, &row))
		return false;
	while (next_word(&titles, &title) && next_word(&row, &word)) {
		if (!word_is(&title, entry->name))
			continue;
		if (!word_is(&word, "yes") && !word_is(&word, "no"))
			return read_number(&word, value);
		*value = word_is(&word, "yes");
		return true;
	}
	return false;
}

/* Finds the number after a name in a row of such pairs. */
static bool
find_pair(const struct entry *entry, struct span text, uint64_t *value)
{
	struct span row, name, word;

	if (!find_row(&text, entry->row, &row))
		return false;
	while (next_word(&row, &name) && next_word(&row, &word))
		if (word_is(&name, entry->name))
			return read_number(&word, value);
	return false;
}

/* Finds a word in a file that consists of one line of numbers. */
static bool
find_word(const struct entry *entry, struct span text, uint64_t *value)
{
	struct span line, word;

	if (!next_line(&text, &line))
		return false;
	for (unsigned i = 0; next_word(&line, &word); i++)
		if (i == entry->word)
			return read_number(&word, value);
	return false;
}

#define SNMP(name) \
	{ \
		"snmp", find_column, "Tcp:", "Tcp:", name, 0 \
	}
#define NETSTAT(name) \
	{ \
		"netstat", find_column, "TcpExt:", "TcpExt:", name, 0 \
	}
#define SOCKSTAT(name) \
	{ \
		"sockstat", find_pair, NULL, "TCP:", name, 0 \
	}
#define PROTOCOLS(name) \
	{ \
		"protocols", find_column, "protocol", "TCP", name, 0 \
	}
#define SETTING(dir, name, word) \
	{ \
		dir name, find_word, NULL, NULL, name, word \
	}
#define IPV4(name) SETTING("net/ipv4/", name, 0)

static const struct entry entries[NLIMITS] = {
    [ACTIVE_OPENS] = SNMP("ActiveOpens"),
    [PASSIVE_OPENS] = SNMP("PassiveOpens"),
    [ATTEMPT_FAILS] = SNMP("AttemptFails"),
    [ESTAB_RESETS] = SNMP("EstabResets"),
    [OUT_SEGS] = SNMP("OutSegs"),
    [RETRANS_SEGS] = SNMP("RetransSegs"),
    [OUT_RSTS] = SNMP("OutRsts"),

    [SYNCOOKIES_SENT] = NETSTAT("SyncookiesSent"),
    [SYNCOOKIES_RECV] = NETSTAT("SyncookiesRecv"),
    [TIMEWAITED] = NETSTAT("TW"),
    [LISTEN_OVERFLOWS] = NETSTAT("ListenOverflows"),
    [LISTEN_DROPS] = NETSTAT("ListenDrops"),
    [TIMEWAIT_OVERFLOW] = NETSTAT("TCPTimeWaitOverflow"),
    [REQQ_FULL_DO_COOKIES] = NETSTAT("TCPReqQFullDoCookies"),
    [REQQ_FULL_DROP] = NETSTAT("TCPReqQFullDrop"),
    [DEFER_ACCEPT_DROP] = NETSTAT("TCPDeferAcceptDrop"),
    [SYN_RETRANS] = NETSTAT("TCPSynRetrans"),
    [ABORT_ON_DATA] = NETSTAT("TCPAbortOnData"),
    [ABORT_ON_CLOSE] = NETSTAT("TCPAbortOnClose"),
    [ABORT_ON_MEMORY] = NETSTAT("TCPAbortOnMemory"),
    [ABORT_ON_LINGER] = NETSTAT("TCPAbortOnLinger"),
    [MEMORY_PRESSURES] = NETSTAT("TCPMemoryPressures"),
    [PRUNE_CALLED] = NETSTAT("PruneCalled"),
    [RCV_PRUNED] = NETSTAT("RcvPruned"),
    [RCVQ_DROP] = NETSTAT("TCPRcvQDrop"),

    [SOCKSTAT_ORPHAN] = SOCKSTAT("orphan"),
    [SOCKSTAT_TW] = SOCKSTAT("tw"),
    [SOCKSTAT_MEM] = SOCKSTAT("mem"),

    [MEMORY_PRESS] = PROTOCOLS("press"),

    [IP_LOCAL_PORT_LOW] = SETTING("net/ipv4/", "ip_local_port_range", 0),
    [IP_LOCAL_PORT_HIGH] = SETTING("net/ipv4/", "ip_local_port_range", 1),
    [TCP_TIMESTAMPS] = IPV4("tcp_timestamps"),
    [TCP_TW_REUSE] = IPV4("tcp_tw_reuse"),
    [TCP_TW_REUSE_DELAY] = IPV4("tcp_tw_reuse_delay"),
    [TCP_TW_RECYCLE] = IPV4("tcp_tw_recycle"),
    [TCP_MAX_TW_BUCKETS] = IPV4("tcp_max_tw_buckets"),
    [TCP_FIN_TIMEOUT] = IPV4("tcp_fin_timeout"),
    [TCP_MAX_ORPHANS] = IPV4("tcp_max_orphans"),
    [TCP_ORPHAN_RETRIES] = IPV4("tcp_orphan_retries"),
    [TCP_SYNCOOKIES] = IPV4("tcp_syncookies"),
    [TCP_MAX_SYN_BACKLOG] = IPV4("tcp_max_syn_backlog"),
    [TCP_SYN_RETRIES] = IPV4("tcp_syn_retries"),
    [TCP_SYN_LINEAR_TIMEOUTS] = IPV4("tcp_syn_linear_timeouts"),
    [TCP_SYNACK_RETRIES] = IPV4("tcp_synack_retries"),
    [TCP_RETRIES1] = IPV4("tcp_retries1"),
    [TCP_RETRIES2] = IPV4("tcp_retries2"),
    [TCP_RTO_MIN_US] = IPV4("tcp_rto_min_us"),
    [TCP_RTO_MAX_MS] = IPV4("tcp_rto_max_ms"),
    [TCP_KEEPALIVE_TIME] = IPV4("tcp_keepalive_time"),
    [TCP_KEEPALIVE_INTVL] = IPV4("tcp_keepalive_intvl"),
    [TCP_KEEPALIVE_PROBES] = IPV4("tcp_keepalive_probes"),
    [TCP_ABORT_ON_OVERFLOW] = IPV4("tcp_abort_on_overflow"),
    [TCP_MEM_LOW] = SETTING("net/ipv4/", "tcp_mem", 0),
    [TCP_MEM_PRESSURE] = SETTING("net/ipv4/", "tcp_mem", 1),
    [TCP_MEM_HIGH] = SETTING("net/ipv4/", "tcp_mem", 2),
    [CORE_SOMAXCONN] = SETTING("net/core/", "somaxconn", 0),
    [CONNTRACK_COUNT] = SETTING("net/netfilter/", "nf_conntrack_count", 0),
    [CONNTRACK_MAX] = SETTING("net/netfilter/", "nf_conntrack_max", 0),
    [FILE_NR] = SETTING("fs/", "file-nr", 0),
    [FILE_MAX] = SETTING("fs/", "file-max", 0),
};

const char *
limit_name(enum limit limit)
{
	return entries[limit].name;
}

/*
 * The kernel allocates and zeroes as many bytes as a read of a setting asks
 * for (fs/proc/proc_sysctl.c, proc_sys_call_handler), so that it should not
 * ask for many.  The list of reserved ports has to be read at once, since a
 * second read returns nothing.  It is longest if of every three ports two are
 * reserved: 21,846 times "60000-60001,".
 */
enum {
	SETTING_SIZE = 1024,
	TABLE_SIZE = 64 * 1024,
	LIST_SIZE = 256 * 1024 + 1024,
};
static char buffer[LIST_SIZE];

/* The files of a directory while they are read. */
struct files {
	struct limits *limits;
	bool live; /* they are those of the kernel, not copies */
	int dir;
	int error; /* the first errno value, or 0 */
	const char *failed;
};

/*
 * Keeps errno as the error of a file, if it is one and the first.  Containers
 * hide files of /proc behind /dev/null: these are like files that are missing.
 */
static void
keep_error(struct files *files, const char *file)
{
	if (files->error || procfs_trouble() != TROUBLE_FATAL ||
	    (files->live && errno == ENOTSUP))
		return;
	files->error = errno;
	files->failed = file;
}

/* Opens a directory; false if that fails. */
static bool
open_directory(struct files *files, const char *path)
{
	files->dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (files->dir < 0)
		keep_error(files, "");
	return files->dir >= 0;
}

/* Reads a file, or size bytes of it; no text on failure. */
static struct span
read_text(struct files *files, const char *file, size_t size)
{
	ssize_t len = regular_read(files->dir, file, buffer, size);

	if (len < 0)
		keep_error(files, file);
	return (struct span){buffer, buffer + (len > 0 ? len : 0)};
}

/* Reads the entries from first to before end, and each of their files once. */
static void
read_entries(
    struct files *files, enum limit first, enum limit end, size_t size)
{
	struct limits *limits = files->limits;
	struct span text = {0};

	for (enum limit i = first; i < end; i++) {
		const struct entry *entry = &entries[i];

		if (i == first || strcmp(entry->file, entries[i - 1].file))
			text = read_text(files, entry->file, size);
		limits->known[i] = entry->find(entry, text, &limits->value[i]);
	}
}

int
limits_read_net(struct limits *limits, const char *net, const char **failed)
{
	struct files files = {.limits = limits, .live = procfs_is_live(net)};

	if (open_directory(&files, net)) {
		read_entries(&files, 0, SYSCTL_FIRST, TABLE_SIZE);
		close(files.dir);
	}
	*failed = files.failed;
	return files.error;
}

/*
 * Reads a port, or the ends of a range of them, and what follows: a comma, or
 * the newline at the end of the list.  Returns a pointer to that; NULL if the
 * list is cut, or is none.
 */
static const char *
parse_ports(const char *p, const char *end, uint64_t *first, uint64_t *last)
{
	p = decimal(p, end, UINT16_MAX, first);
	*last = *first;
	if (p && p < end && *p == '-')
		p = decimal(p + 1, end, UINT16_MAX, last);
	return p && p < end && (*p == ',' || *p == '\n') && *first <= *last
	    ? p
	    : NULL;
}

/* Sets the bits of a list such as "8080,9000-9100"; false if it is cut. */
static bool
parse_list(struct span text, uint64_t *bits)
{
	const char *p = text.p;
	uint64_t port = 0, last = 0;

	while ((p = parse_ports(p, text.end, &port, &last))) {
		for (; port <= last; port++)
			port_set_bit(bits, (uint16_t)port);
		if (*p++ == '\n')
			return true;
	}
	return false;
}

static void
read_reserved(struct files *files)
{
	struct limits *limits = files->limits;
	const char *file = "net/ipv4/ip_local_reserved_ports";
	struct span text = read_text(files, file, SETTING_SIZE);

	if (text.end - text.p == SETTING_SIZE)
		text = read_text(files, file, LIST_SIZE);
	if (text.p == text.end)
		return;
	limits->reserved_known = *text.p == '\n';
	if (limits->reserved_known)
		return;
	limits->reserved = calloc(PORT_WORDS, sizeof(*limits->reserved));
	if (!limits->reserved)
		keep_error(files, file);
	limits->reserved_known =
	    limits->reserved && parse_list(text, limits->reserved);
}

/* Forgets a range of ports that cannot be one, in a copy. */
static void
check_port_range(struct limits *limits)
{
	const enum limit low = IP_LOCAL_PORT_LOW, high = IP_LOCAL_PORT_HIGH;

	if (limits->known[low] && limits->known[high] &&
	    limits->value[low] <= limits->value[high] &&
	    limits->value[high] <= UINT16_MAX)
		return;
	limits->known[low] = limits->known[high] = false;
	limits->value[low] = limits->value[high] = 0;
}

int
limits_read_sys(struct limits *limits, const char *sys, const char **failed)
{
	struct files files = {.limits = limits, .live = procfs_is_live(sys)};

	if (open_directory(&files, sys)) {
		read_entries(&files, SYSCTL_FIRST, NLIMITS, SETTING_SIZE);
		check_port_range(limits);
		read_reserved(&files);
		close(files.dir);
	}
	*failed = files.failed;
	return files.error;
}

void
limits_free(struct limits *limits)
{
	free(limits->reserved);
	limits->reserved = NULL;
	limits->reserved_known = false;
}
