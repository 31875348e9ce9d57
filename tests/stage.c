/*
 * Stages an incident with TCP, so that a test can see what is said of it.
 *
 *	stage INCIDENT [N...]
 *
 * Run it in a network namespace of its own, which is the near machine: what
 * happens to its sockets is the incident.  The peers are at the far machine, a
 * second namespace that stage makes and that ends with it; a pair of veth
 * joins both.  Peers at 10.97.66.0/24 go dark when the incident wants it.
 *
 * Prints a line of facts (pid=1234 near=10.98.0.1 ...), and "ready" when the
 * kernel shows the incident.  Exits when stdin ends, or after 90 seconds.
 */
#include <sys/resource.h>
#include <sys/socket.h>

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { NEAR, FAR };
enum { SECONDS = 90, STEPS = 40 /* a second */, ARGUMENTS = 4 };
enum { SERVICE = 8080 /* near */, DATABASE = 3306 /* far */, CLOSED = 9 };

#define NEAR_HOST 0x0a620001u /* 10.98.0.1 */
#define FAR_HOST 0x0a610001u  /* 10.97.0.1, and all others of 10.97.0.0/16 */
#define DARK_HOST 0x0a614201u /* 10.97.66.1, and others of 10.97.66.0/24 */
#define NOWHERE 0x0a600000u   /* 10.96.0.0/16: the far machine drops it */
#define NARROW "40000 40399"  /* a range of 400 ephemeral ports */

/* Both ends of a connection. */
struct pair {
	int near, far;
};

struct incident {
	const char *name;
	/* Stages it.  The arguments, or these defaults. */
	void (*stage)(const long *);
	long defaults[ARGUMENTS];
	/* Called STEPS times a second, while the incident lasts; or NULL. */
	void (*step)(const long *);
};

static int namespaces[2];

/* The machines. */

static void
enter(int side)
{
	if (setns(namespaces[side], CLONE_NEWNET) < 0)
		err(1, "setns");
}

static void
run(const char *command)
{
	if (system(command) != 0)
		errx(1, "failed: %s", command);
}

/* Sets a file of /proc/sys/net/ipv4 of the namespace that was entered. */
static void
set(const char *name, const char *value)
{
	char path[128];
	FILE *fp;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/%s", name);
	fp = fopen(path, "w");
	if (fp == NULL || fputs(value, fp) == EOF || fclose(fp) == EOF)
		err(1, "%s", path);
}

static void
set_number(const char *name, long value)
{
	char text[24];

	snprintf(text, sizeof(text), "%ld", value);
	set(name, text);
}

static int
open_namespace(void)
{
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(1, "/proc/self/ns/net");
	return fd;
}

static void
make_machines(void)
{
	/* A shell that remains near. */
	FILE *shell = popen("sh -e", "w");

	namespaces[NEAR] = open_namespace();
	if (shell == NULL || unshare(CLONE_NEWNET) < 0)
		err(1, "cannot make a network namespace");
	namespaces[FAR] = open_namespace();
	fprintf(shell,
	    "ip link set lo up\n"
	    "ip link add near type veth peer name far netns %d\n"
	    "ip addr add 10.98.0.1/24 dev near\n"
	    "ip link set near up\n"
	    "ip route add 10.96.0.0/15 via 10.98.0.2\n",
	    (int)getpid());
	if (pclose(shell) != 0)
		errx(1, "cannot make the near machine");
	/* What is for nobody there is dropped, and nobody is told. */
	set("ip_forward", "0");
	run("ip link set lo up && ip addr add 10.98.0.2/24 dev far &&"
	    " ip link set far up && ip route add local 10.97.0.0/16 dev lo");
	enter(NEAR);
}

/* From now on, nobody is at 10.97.66.0/24. */
static void
go_dark(void)
{
	enter(FAR);
	run("ip route add blackhole 10.97.66.0/24 table local");
	enter(NEAR);
}

/* Sockets. */

static struct sockaddr_in
address(uint32_t host, int port)
{
	return (struct sockaddr_in){
	    .sin_family = AF_INET,
	    .sin_port = htons((uint16_t)port),
	    .sin_addr.s_addr = htonl(host),
	};
}

static int
new_socket(int side, int type, int protocol)
{
	int fd;

	if (side == FAR)
		enter(FAR);
	fd = socket(AF_INET, type | SOCK_CLOEXEC, protocol);
	if (fd < 0)
		err(1, "socket");
	if (side == FAR)
		enter(NEAR);
	return fd;
}

static void
set_option(int fd, int level, int name, int value)
{
	if (setsockopt(fd, level, name, &value, sizeof(value)) < 0)
		err(1, "setsockopt");
}

/* Listens on all addresses. */
static int
listener(int side, int port, int backlog)
{
	struct sockaddr_in sin = address(INADDR_ANY, port);
	int fd = new_socket(side, SOCK_STREAM, 0);

	set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	/* A small window, so that fill() ends soon. */
	set_option(fd, SOL_SOCKET, SO_RCVBUF, 4096);
	if (bind(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0 ||
	    listen(fd, backlog) < 0)
		err(1, "port %d", port);
	return fd;
}

/* Binds to an address, and leaves the port to connect(). */
static void
bind_address(int fd, uint32_t host)
{
	struct sockaddr_in sin = address(host, 0);

	set_option(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
	if (bind(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0)
		err(1, "bind");
}

static void
connect_to(int fd, uint32_t host, int port)
{
	struct sockaddr_in sin = address(host, port);

	if (connect(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0 &&
	    errno != EINPROGRESS)
		err(1, "connect to port %d", port);
}

/* A client at host, far, of the near service; type may have SOCK_NONBLOCK. */
static int
client(uint32_t host, int type)
{
	int fd = new_socket(FAR, SOCK_STREAM | type, 0);

	/* A small window, so that fill() ends soon. */
	set_option(fd, SOL_SOCKET, SO_RCVBUF, 4096);
	bind_address(fd, host);
	connect_to(fd, NEAR_HOST, SERVICE);
	return fd;
}

static int
accepted(int lfd)
{
	int fd = accept4(lfd, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		err(1, "accept");
	return fd;
}

/* The near listener's connection from a client at host. */
static struct pair
served(int lfd, uint32_t host)
{
	struct pair p;

	p.far = client(host, 0);
	p.near = accepted(lfd);
	return p;
}

/* A near client's connection to the far listener, at host. */
static struct pair
called(int lfd, uint32_t host)
{
	struct pair p;

	p.near = new_socket(NEAR, SOCK_STREAM, 0);
	connect_to(p.near, host, DATABASE);
	p.far = accepted(lfd);
	return p;
}

/* Sends until the send buffer and the peer's window are full. */
static void
fill(int fd)
{
	static const char data[65536];

	set_option(fd, SOL_SOCKET, SO_SNDBUF, 4096);
	while (send(fd, data, sizeof(data), MSG_DONTWAIT) > 0)
		continue;
}

static void
send_byte(int fd)
{
	if (send(fd, "x", 1, MSG_NOSIGNAL) != 1)
		err(1, "send");
}

static struct tcp_info
info_of(int fd)
{
	struct tcp_info info = {0};
	socklen_t len = sizeof(info);

	getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len);
	return info;
}

static void
sleep_ms(int ms)
{
	struct timespec ts = {ms / 1000, ms % 1000 * 1000000L};

	nanosleep(&ts, NULL);
}

/* Waits until a socket is in a state; fails after two seconds. */
static void
await_state(int fd, int state)
{
	for (int i = 0; i < 200; i++) {
		if (info_of(fd).tcpi_state == state)
			return;
		sleep_ms(10);
	}
	errx(1, "a socket is in state %d, not %d", info_of(fd).tcpi_state,
	    state);
}

/* What rows of /proc/net/tcp are waited for. */
struct rows {
	unsigned state;
	unsigned timer;	  /* or 0 */
	unsigned retrans; /* or more */
	unsigned probes;  /* without an answer, or more */
};

static bool
is_one(const char *line, const struct rows *wanted)
{
	unsigned state, timer, retrans, probes;

	if (sscanf(line, " %*u: %*x:%*x %*x:%*x %x %*x:%*x %x:%*x %x %*u %u",
		&state, &timer, &retrans, &probes) != 4)
		return false;
	return state == wanted->state &&
	    (wanted->timer == 0 || timer == wanted->timer) &&
	    retrans >= wanted->retrans && probes >= wanted->probes;
}

static long
count_rows(const struct rows *wanted)
{
	FILE *fp = fopen("/proc/net/tcp", "r");
	char line[512];
	long n = 0;

	if (fp == NULL)
		err(1, "/proc/net/tcp");
	while (fgets(line, sizeof(line), fp) != NULL)
		n += is_one(line, wanted);
	fclose(fp);
	return n;
}

/* Waits until the near machine has n such rows; fails after ten seconds. */
static void
await_rows(long n, struct rows wanted)
{
	for (int i = 0; i < 100; i++) {
		if (count_rows(&wanted) >= n)
			return;
		sleep_ms(100);
	}
	errx(1, "%ld sockets in state %u with timer %u, retrans %u; not %ld",
	    count_rows(&wanted), wanted.state, wanted.timer, wanted.retrans,
	    n);
}

/* Ports. */

/* The near end closes first, and remains in TIME_WAIT. */
static void
leave_time_wait(struct pair p)
{
	close(p.near);
	close(p.far);
}

/* n connections, to each of some hosts of the far machine. */
static void
call(long n, long hosts, void (*use)(struct pair))
{
	int lfd = listener(FAR, DATABASE, 4096);

	set("ip_local_port_range", NARROW);
	for (long host = 0; host < hosts; host++) {
		for (long i = 0; i < n; i++) {
			struct pair p = called(lfd, FAR_HOST + (uint32_t)host);

			if (use != NULL)
				use(p);
		}
	}
}

static void
ports_time_wait(const long *n)
{
	call(n[0], n[1], leave_time_wait);
	await_rows(n[0] * n[1], (struct rows){.state = TCP_TIME_WAIT});
}

/* TIME_WAIT that connect() takes again: tcp_tw_reuse 1, after a second. */
static void
ports_reused(const long *n)
{
	ports_time_wait(n);
	set("tcp_tw_reuse", "1");
	sleep_ms(2200);
}

/* To an own address: the loopback, which tcp_tw_reuse 2 covers, or not. */
static void
ports_local(const long *n)
{
	int lfd = listener(NEAR, DATABASE, 4096);

	/* Not before all are there: on a slow machine, it takes a second. */
	set("tcp_tw_reuse", "0");
	set("ip_local_port_range", NARROW);
	for (long i = 0; i < n[0]; i++)
		leave_time_wait(
		    called(lfd, n[1] != 0 ? INADDR_LOOPBACK : NEAR_HOST));
	set("tcp_tw_reuse", "2");
	sleep_ms(2200);
}

static void
ports_established(const long *n)
{
	call(n[0], n[1], NULL);
}

/* bind() chooses the port, before the destination is known. */
static void
ports_bound(const long *n)
{
	struct sockaddr_in sin = address(NEAR_HOST, 0);
	int lfd = listener(FAR, DATABASE, 4096);

	set("ip_local_port_range", NARROW);
	for (long i = 0; i < n[0]; i++) {
		int fd = new_socket(NEAR, SOCK_STREAM, 0);

		if (bind(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0)
			err(1, "bind");
		connect_to(fd, FAR_HOST + (uint32_t)(i % n[1]), DATABASE);
		accepted(lfd);
	}
}

static void
call_mapped(void)
{
	struct sockaddr_in6 sin6 = {
	    .sin6_family = AF_INET6,
	    .sin6_port = htons(DATABASE),
	};
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET6, "::ffff:10.97.0.1", &sin6.sin6_addr);
	if (fd < 0 || connect(fd, (struct sockaddr *)&sin6, sizeof(sin6)) < 0)
		err(1, "connect by IPv6");
}

/* IPv4 and IPv4-mapped sockets to the same destination. */
static void
ports_mapped(const long *n)
{
	int lfd = listener(FAR, DATABASE, 4096);

	set("ip_local_port_range", NARROW);
	for (long i = 0; i < n[0]; i++) {
		called(lfd, FAR_HOST);
		call_mapped();
		accepted(lfd);
	}
}

/* TIME_WAIT. */

static int far_lfd;

static void
time_wait_step(const long *n)
{
	(void)n;
	for (int i = 0; i < 5; i++)
		leave_time_wait(called(far_lfd, FAR_HOST));
}

static void
time_wait_limit(const long *n)
{
	far_lfd = listener(FAR, DATABASE, 4096);
	set_number("tcp_max_tw_buckets", n[0]);
	for (long i = 0; i < n[0]; i++)
		leave_time_wait(called(far_lfd, FAR_HOST));
}

/* CLOSE_WAIT. */

static int near_lfd;

/* The peer has closed; see is whether this end reads that. */
static int
close_wait(bool see)
{
	struct pair p = served(near_lfd, FAR_HOST);
	char c;

	close(p.far);
	await_state(p.near, TCP_CLOSE_WAIT);
	if (see && read(p.near, &c, 1) != 0)
		err(1, "read");
	return p.near;
}

static void
limit_descriptors(long n)
{
	struct rlimit limit = {(rlim_t)n, (rlim_t)n};

	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		err(1, "setrlimit");
}

/* n[0] sockets, whose receive queue is n[1]; n[2] limits descriptors. */
static void
close_wait_kept(const long *n)
{
	near_lfd = listener(NEAR, SERVICE, 128);
	for (long i = 0; i < n[0]; i++)
		close_wait(n[1] == 0);
	if (n[2] > 0)
		limit_descriptors(n[2]);
}

/* At any time half a second's worth of sockets, each of them that old. */
static void
close_wait_step(const long *n)
{
	static int fds[STEPS / 2];
	static int at;

	(void)n;
	if (fds[at] > 0)
		close(fds[at]);
	fds[at] = close_wait(true);
	at = (at + 1) % (STEPS / 2);
}

static void
close_wait_passing(const long *n)
{
	near_lfd = listener(NEAR, SERVICE, 128);
	for (int i = 0; i < STEPS / 2; i++)
		close_wait_step(n);
}

/* The accept queue. */

/* One more attempt to connect, of which only the last 100 go on. */
static void
knock(void)
{
	static int fds[100];
	static int at;

	if (fds[at] > 0)
		close(fds[at]);
	fds[at] = client(FAR_HOST, SOCK_NONBLOCK);
	at = (at + 1) % 100;
}

static void
accept_full_step(const long *n)
{
	(void)n;
	knock();
}

/* Nobody accepts; n[0] is the backlog. */
static void
accept_full(const long *n)
{
	near_lfd = listener(NEAR, SERVICE, (int)n[0]);
	for (long i = 0; i <= n[0]; i++)
		client(FAR_HOST, 0);
}

static bool
every(int ms)
{
	static int steps;

	return ++steps * (1000 / STEPS) % ms == 0;
}

static void
accept_slow_step(const long *n)
{
	(void)n;
	if (!every(500))
		return;
	client(FAR_HOST, 0);
	accepted(near_lfd);
}

/* n[0] wait, and are accepted two a second. */
static void
accept_slow(const long *n)
{
	near_lfd = listener(NEAR, SERVICE, 128);
	for (long i = 0; i < n[0]; i++)
		client(FAR_HOST, 0);
}

/* n[0] clients gave up before they were accepted. */
static void
accept_given_up(const long *n)
{
	near_lfd = listener(NEAR, SERVICE, 128);
	for (long i = 0; i < n[0]; i++)
		close(client(FAR_HOST, 0));
	await_rows(n[0], (struct rows){.state = TCP_CLOSE_WAIT});
}

static void
accept_all(void)
{
	int fd;

	while ((fd = accept4(near_lfd, NULL, NULL, SOCK_CLOEXEC)) >= 0)
		close(fd);
}

/*
 * Now and then n[0] clients come at once, and are soon accepted.  Not every
 * half second: samples two seconds apart would see a burst always or never.
 */
static void
accept_burst_step(const long *n)
{
	accept_all();
	if (!every(700))
		return;
	for (long i = 0; i < n[0]; i++)
		knock();
}

static void
accept_burst(const long *n)
{
	near_lfd = listener(NEAR, SERVICE, (int)n[1]);
	fcntl(near_lfd, F_SETFL, O_NONBLOCK);
}

/* Half-open. */

static uint32_t
sum_words(uint32_t sum, const void *data, size_t len)
{
	const uint8_t *p = data;

	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	return sum;
}

static uint16_t
tcp_checksum(const struct iphdr *ip, const struct tcphdr *tcp)
{
	uint32_t sum = IPPROTO_TCP + sizeof(*tcp);

	sum = sum_words(sum, &ip->saddr, 2 * sizeof(ip->saddr));
	sum = sum_words(sum, tcp, sizeof(*tcp));
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

/* Sends a SYN by a raw socket, the n-th, from a host that does not exist. */
static void
send_syn(int fd, unsigned n)
{
	struct sockaddr_in to = address(NEAR_HOST, 0);
	struct {
		struct iphdr ip;
		struct tcphdr tcp;
	} packet = {
	    /* The kernel adds the length and the checksum of IP. */
	    .ip = {.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_TCP},
	};

	packet.ip.saddr = htonl(NOWHERE + 1 + n % 65000);
	packet.ip.daddr = htonl(NEAR_HOST);
	packet.tcp.source = htons((uint16_t)(1024 + n % 60000));
	packet.tcp.dest = htons(SERVICE);
	packet.tcp.seq = htonl(n);
	packet.tcp.doff = sizeof(packet.tcp) / 4;
	packet.tcp.syn = 1;
	packet.tcp.window = htons(8192);
	packet.tcp.check = tcp_checksum(&packet.ip, &packet.tcp);
	if (sendto(fd, &packet, sizeof(packet), 0, (struct sockaddr *)&to,
		sizeof(to)) < 0)
		err(1, "cannot send a SYN");
}

static void
send_syns(long n)
{
	static unsigned sent;
	static int fd;

	if (fd == 0)
		fd = new_socket(FAR, SOCK_RAW, IPPROTO_RAW);
	while (n-- > 0)
		send_syn(fd, sent++);
}

/* n[2] SYNs a second. */
static void
syn_flood_step(const long *n)
{
	send_syns(n[2] / STEPS);
}

/* tcp_syncookies n[0], backlog n[1], tcp_max_syn_backlog n[3] if not 0. */
static void
syn_flood(const long *n)
{
	set_number("tcp_syncookies", n[0]);
	if (n[3] > 0)
		set_number("tcp_max_syn_backlog", n[3]);
	near_lfd = listener(NEAR, SERVICE, (int)n[1]);
	send_syns(n[2]);
}

/* n[0] SYNs, and no more: the queue has room. */
static void
half_open(const long *n)
{
	near_lfd = listener(NEAR, SERVICE, 4096);
	send_syns(n[0]);
	await_rows(n[0], (struct rows){.state = TCP_SYN_RECV, .retrans = 1});
}

/* tcp_syncookies 2: every client gets a cookie, and brings it back. */
static void
cookies_step(const long *n)
{
	struct pair p = served(near_lfd, FAR_HOST);

	(void)n;
	close(p.far);
	close(p.near);
}

static void
cookies(const long *n)
{
	(void)n;
	set("tcp_syncookies", "2");
	near_lfd = listener(NEAR, SERVICE, 128);
}

/* n[0] clients send nothing; the backlog is n[1]. */
static void
defer_accept(const long *n)
{
	near_lfd = listener(NEAR, SERVICE, (int)n[1]);
	set_option(near_lfd, IPPROTO_TCP, TCP_DEFER_ACCEPT, 60);
	for (long i = 0; i < n[0]; i++)
		client(FAR_HOST, 0);
	await_rows(n[0], (struct rows){.state = TCP_SYN_RECV, .retrans = 1});
}

/* Peers that went away, or do not read. */

/* The near ends of connections of clients that will go dark. */
static int dark[200];

static void
dark_clients(long n)
{
	if (n > (long)(sizeof(dark) / sizeof(dark[0])))
		errx(2, "too many clients");
	near_lfd = listener(NEAR, SERVICE, 128);
	for (long i = 0; i < n; i++)
		dark[i] = served(near_lfd, DARK_HOST + (uint32_t)i).near;
}

static void
dead_peers(const long *n)
{
	dark_clients(n[0]);
	go_dark();
	for (long i = 0; i < n[0]; i++)
		send_byte(dark[i]);
	await_rows(
	    n[0], (struct rows){.state = TCP_ESTABLISHED, .retrans = 3});
}

static void
dead_idle(const long *n)
{
	dark_clients(n[0]);
	go_dark();
	for (long i = 0; i < n[0]; i++) {
		set_option(dark[i], IPPROTO_TCP, TCP_KEEPIDLE, 1);
		set_option(dark[i], IPPROTO_TCP, TCP_KEEPINTVL, 1);
		set_option(dark[i], IPPROTO_TCP, TCP_KEEPCNT, 60);
		set_option(dark[i], SOL_SOCKET, SO_KEEPALIVE, 1);
	}
	await_rows(n[0],
	    (struct rows){.state = TCP_ESTABLISHED, .timer = 2, .probes = 3});
}

static void
fin_wait1_dead(const long *n)
{
	dark_clients(n[0]);
	go_dark();
	for (long i = 0; i < n[0]; i++)
		close(dark[i]);
	await_rows(n[0], (struct rows){.state = TCP_FIN_WAIT1, .retrans = 3});
}

static void
fin_wait1_window(const long *n)
{
	near_lfd = listener(NEAR, SERVICE, 128);
	for (long i = 0; i < n[0]; i++) {
		struct pair p = served(near_lfd, FAR_HOST);

		fill(p.near);
		close(p.near);
	}
	await_rows(n[0], (struct rows){.state = TCP_FIN_WAIT1, .timer = 4});
}

static void
last_ack(const long *n)
{
	near_lfd = listener(NEAR, SERVICE, 128);
	for (long i = 0; i < n[0]; i++)
		close(client(DARK_HOST + (uint32_t)(i % 200), 0));
	await_rows(n[0], (struct rows){.state = TCP_CLOSE_WAIT});
	go_dark();
	for (long i = 0; i < n[0]; i++)
		close(accepted(near_lfd));
	await_rows(n[0], (struct rows){.state = TCP_LAST_ACK, .retrans = 3});
}

/* n[0] ends in FIN_WAIT2; closed if n[1] is not 0. */
static void
fin_wait2(const long *n)
{
	near_lfd = listener(NEAR, SERVICE, 128);
	for (long i = 0; i < n[0]; i++) {
		struct pair p = served(near_lfd, FAR_HOST);

		shutdown(p.near, SHUT_WR);
		await_state(p.near, TCP_FIN_WAIT2);
		if (n[1] != 0)
			close(p.near);
	}
}

static void
call_dark(long n)
{
	for (long i = 0; i < n; i++)
		connect_to(new_socket(NEAR, SOCK_STREAM | SOCK_NONBLOCK, 0),
		    DARK_HOST, DATABASE);
}

static void
syn_sent(const long *n)
{
	go_dark();
	call_dark(n[0]);
	await_rows(n[0], (struct rows){.state = TCP_SYN_SENT, .retrans = 1});
}

static void
not_reading(const long *n)
{
	near_lfd = listener(NEAR, SERVICE, 128);
	for (long i = 0; i < n[0]; i++)
		send_byte(served(near_lfd, FAR_HOST).far);
}

static void
zero_window(const long *n)
{
	near_lfd = listener(NEAR, SERVICE, 128);
	for (long i = 0; i < n[0]; i++)
		fill(served(near_lfd, FAR_HOST).near);
	await_rows(n[0], (struct rows){.state = TCP_ESTABLISHED, .timer = 4});
}

/* More. */

/* Uses n[0] descriptors of n[1]. */
static void
fd_limit(const long *n)
{
	near_lfd = listener(NEAR, SERVICE, 128);
	while (served(near_lfd, FAR_HOST).near < n[0] - 3)
		continue;
	while (dup(near_lfd) < n[0] - 1)
		continue;
	limit_descriptors(n[1]);
}

/* Far clients of a port where nobody listens, STEPS a second. */
static void
refused_step(const long *n)
{
	struct sockaddr_in sin = address(NEAR_HOST, CLOSED);
	int fd = new_socket(FAR, SOCK_STREAM, 0);

	(void)n;
	if (connect(fd, (struct sockaddr *)&sin, sizeof(sin)) == 0)
		errx(1, "port %d is not closed", CLOSED);
	close(fd);
}

static void
refused(const long *n)
{
	(void)n;
}

/*
 * A healthy server: n[0] in TIME_WAIT, n[1] clients; as every server has, a
 * few that went away, a few that do not read, a few services that do not
 * answer, and clients that come and go.
 */
static void
busy(const long *n)
{
	dark_clients(4);
	for (long i = 0; i < n[0]; i++)
		leave_time_wait(
		    served(near_lfd, FAR_HOST + (uint32_t)(i % 16)));
	for (long i = 0; i < n[1]; i++)
		served(near_lfd, FAR_HOST + (uint32_t)(i % 16));
	for (int i = 0; i < 4; i++)
		fill(served(near_lfd, FAR_HOST).near);
	go_dark();
	call_dark(3);
	for (int i = 0; i < 4; i++)
		send_byte(dark[i]);
	await_rows(4, (struct rows){.state = TCP_ESTABLISHED, .retrans = 3});
	await_rows(4, (struct rows){.state = TCP_ESTABLISHED, .timer = 4});
	await_rows(3, (struct rows){.state = TCP_SYN_SENT, .retrans = 1});
}

static const struct incident incidents[] = {
    {"ports-time-wait", ports_time_wait, {380, 1}, NULL},
    {"ports-reused", ports_reused, {380, 1}, NULL},
    {"ports-local", ports_local, {380, 0}, NULL},
    {"ports-established", ports_established, {380, 1}, NULL},
    {"ports-bound", ports_bound, {380, 8}, NULL},
    {"ports-mapped", ports_mapped, {190}, NULL},
    {"time-wait-limit", time_wait_limit, {100}, time_wait_step},
    {"close-wait", close_wait_kept, {12, 0, 0}, NULL},
    {"close-wait-passing", close_wait_passing, {0}, close_wait_step},
    {"accept-full", accept_full, {8}, accept_full_step},
    {"accept-slow", accept_slow, {50}, accept_slow_step},
    {"accept-given-up", accept_given_up, {8}, NULL},
    {"accept-burst", accept_burst, {30, 128}, accept_burst_step},
    {"syn-flood", syn_flood, {1, 128, 1000, 0}, syn_flood_step},
    {"half-open", half_open, {150}, NULL},
    {"cookies", cookies, {0}, cookies_step},
    {"defer-accept", defer_accept, {20, 128}, NULL},
    {"dead-peers", dead_peers, {30}, NULL},
    {"dead-idle", dead_idle, {30}, NULL},
    {"fin-wait1-dead", fin_wait1_dead, {30}, NULL},
    {"fin-wait1-window", fin_wait1_window, {30}, NULL},
    {"last-ack", last_ack, {30}, NULL},
    {"fin-wait2", fin_wait2, {30, 0}, NULL},
    {"syn-sent", syn_sent, {10}, NULL},
    {"not-reading", not_reading, {20}, NULL},
    {"zero-window", zero_window, {20}, NULL},
    {"fd-limit", fd_limit, {98, 100}, NULL},
    {"refused", refused, {0}, refused_step},
    {"busy", busy, {20000, 5000}, close_wait_step},
};

enum { INCIDENTS = sizeof(incidents) / sizeof(incidents[0]) };

static const struct incident *
find(const char *name)
{
	for (int i = 0; i < INCIDENTS; i++)
		if (strcmp(incidents[i].name, name) == 0)
			return &incidents[i];
	errx(2, "unknown incident '%s'", name);
}

/* Only stdin, stdout and stderr, and room for many more. */
static void
prepare_descriptors(void)
{
	struct rlimit limit = {65536, 65536};

	for (int fd = 3; fd < 256; fd++)
		close(fd);
	if (setrlimit(RLIMIT_NOFILE, &limit) == 0 ||
	    getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* Goes on until stdin ends, for 90 seconds at most. */
static void
last(const struct incident *incident, const long *n)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	time_t end = time(NULL) + SECONDS;

	while (time(NULL) < end && poll(&in, 1, 1000 / STEPS) == 0)
		if (incident->step != NULL)
			incident->step(n);
}

int
main(int argc, char **argv)
{
	const struct incident *incident;
	long n[ARGUMENTS];

	if (argc < 2 || argc > 2 + ARGUMENTS)
		errx(2, "usage: stage INCIDENT [N...]");
	incident = find(argv[1]);
	for (int i = 0; i < ARGUMENTS; i++)
		n[i] = i + 2 < argc ? strtol(argv[i + 2], NULL, 10)
				    : incident->defaults[i];
	prepare_descriptors();
	make_machines();
	printf("pid=%d near=10.98.0.1 service=%d far=10.97.0.1 database=%d "
	       "dark=10.97.66.1\n",
	    (int)getpid(), SERVICE, DATABASE);
	incident->stage(n);
	puts("ready");
	fflush(stdout);
	last(incident, n);
	return 0;
}
