/*
 * Holds sockets in every state that can be held, on loopback: IPv4, IPv6, and
 * IPv4 through IPv6 sockets (IPv4-mapped).
 *
 *	hold [count [6]]
 *
 * With a count, holds that many listeners instead, of IPv4 or, with a 6, of
 * IPv6.  Prints the expected counts ("tcp LISTEN 3", ...), and then "ready".
 * Exits when stdin ends, or after a minute.  Run it in a network namespace of
 * its own.
 */
#include <sys/resource.h>
#include <sys/socket.h>

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STATES = 12, SECONDS = 60 };

static const char *const names[STATES] = {
    [TCP_ESTABLISHED] = "ESTABLISHED",
    [TCP_SYN_SENT] = "SYN_SENT",
    [TCP_SYN_RECV] = "SYN_RECV",
    [TCP_FIN_WAIT1] = "FIN_WAIT1",
    [TCP_FIN_WAIT2] = "FIN_WAIT2",
    [TCP_TIME_WAIT] = "TIME_WAIT",
    [TCP_CLOSE] = "CLOSE",
    [TCP_CLOSE_WAIT] = "CLOSE_WAIT",
    [TCP_LAST_ACK] = "LAST_ACK",
    [TCP_LISTEN] = "LISTEN",
    [TCP_CLOSING] = "CLOSING",
};

/* A set of sockets, and the number of them in each state. */
struct kind {
	const char *family;
	int domain;
	const char *address;
	int port; /* of the first listener; others follow it */
	unsigned expected[STATES];
};

static struct kind kinds[] = {
    {.family = "tcp", .domain = AF_INET, .address = "127.0.0.1", .port = 7001},
    {.family = "tcp6", .domain = AF_INET6, .address = "::1", .port = 7101},
    {.family = "tcp6",
	.domain = AF_INET6,
	.address = "::ffff:127.0.0.1",
	.port = 7201},
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static void
expect(struct kind *k, int state)
{
	k->expected[state]++;
}

static socklen_t
address(const struct kind *k, int port, struct sockaddr_storage *ss)
{
	struct sockaddr_in *sin = (struct sockaddr_in *)ss;
	struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)ss;

	memset(ss, 0, sizeof(*ss));
	ss->ss_family = (sa_family_t)k->domain;
	if (k->domain == AF_INET) {
		sin->sin_port = htons((uint16_t)port);
		inet_pton(AF_INET, k->address, &sin->sin_addr);
		return sizeof(*sin);
	}
	sin6->sin6_port = htons((uint16_t)port);
	inet_pton(AF_INET6, k->address, &sin6->sin6_addr);
	return sizeof(*sin6);
}

static int
new_socket(const struct kind *k)
{
	int fd = socket(k->domain, SOCK_STREAM, 0);
	int size = 4096;

	if (fd < 0)
		err(1, "socket");
	/* Small buffers, so that fill() ends soon. */
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	return fd;
}

static int
listener(struct kind *k, int port, int backlog, int defer)
{
	struct sockaddr_storage ss;
	socklen_t len = address(k, port, &ss);
	int fd = new_socket(k);

	if (defer > 0)
		setsockopt(
		    fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &defer, sizeof(defer));
	if (bind(fd, (struct sockaddr *)&ss, len) < 0 ||
	    listen(fd, backlog) < 0)
		err(1, "%s port %d", k->address, port);
	expect(k, TCP_LISTEN);
	return fd;
}

static int
connect_to(struct kind *k, int port, bool wait)
{
	struct sockaddr_storage ss;
	socklen_t len = address(k, port, &ss);
	int fd = new_socket(k);
	int error;

	if (!wait) {
		close(fd);
		fd = socket(k->domain, SOCK_STREAM | SOCK_NONBLOCK, 0);
	}
	error = connect(fd, (struct sockaddr *)&ss, len);
	if (error < 0 && (wait || errno != EINPROGRESS))
		err(1, "connect to %s port %d", k->address, port);
	return fd;
}

/* Opens a connection; a is the client's end, b the server's. */
static void
connection(struct kind *k, int lfd, int port, int *a, int *b)
{
	*a = connect_to(k, port, true);
	*b = accept(lfd, NULL, NULL);
	if (*b < 0)
		err(1, "accept");
}

static int
state_of(int fd)
{
	struct tcp_info info = {0};
	socklen_t len = sizeof(info);

	getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len);
	return info.tcpi_state;
}

/* Waits until a socket is in a state; fails after two seconds. */
static void
await(const struct kind *k, int fd, int state)
{
	for (int i = 0; i < 200 && state_of(fd) != state; i++)
		usleep(10000);
	if (state_of(fd) != state)
		errx(1, "%s: a socket is in state %d, not %s", k->address,
		    state_of(fd), names[state]);
}

/* Waits until a socket is in a state, and expects it there. */
static void
reach(struct kind *k, int fd, int state)
{
	await(k, fd, state);
	expect(k, state);
}

/* Sends until the send buffer and the peer's window are full. */
static void
fill(int fd)
{
	static const char data[4096];
	int idle = 0;

	while (idle < 5) {
		if (send(fd, data, sizeof(data), MSG_DONTWAIT) > 0) {
			idle = 0;
			continue;
		}
		idle++;
		usleep(10000);
	}
}

static void
hold_states(struct kind *k)
{
	int lfd = listener(k, k->port, 128, 0);
	int a, b;

	connection(k, lfd, k->port, &a, &b);
	reach(k, a, TCP_ESTABLISHED);
	reach(k, b, TCP_ESTABLISHED);

	/* One connection fills the accept queue: the next one waits. */
	listener(k, k->port + 1, 0, 0);
	reach(k, connect_to(k, k->port + 1, true), TCP_ESTABLISHED);
	expect(k, TCP_ESTABLISHED);
	reach(k, connect_to(k, k->port + 1, false), TCP_SYN_SENT);

	/* TCP_DEFER_ACCEPT: the server stays half-open until data arrives. */
	listener(k, k->port + 2, 128, SECONDS);
	reach(k, connect_to(k, k->port + 2, true), TCP_ESTABLISHED);
	expect(k, TCP_SYN_RECV);

	connection(k, lfd, k->port, &a, &b);
	fill(a);
	shutdown(a, SHUT_WR);
	reach(k, a, TCP_FIN_WAIT1);
	reach(k, b, TCP_ESTABLISHED);

	connection(k, lfd, k->port, &a, &b);
	fill(a);
	shutdown(a, SHUT_WR);
	shutdown(b, SHUT_WR);
	reach(k, a, TCP_CLOSING);
	reach(k, b, TCP_FIN_WAIT2);

	connection(k, lfd, k->port, &a, &b);
	shutdown(b, SHUT_WR);
	fill(a);
	shutdown(a, SHUT_WR);
	reach(k, a, TCP_LAST_ACK);
	reach(k, b, TCP_FIN_WAIT2);

	connection(k, lfd, k->port, &a, &b);
	shutdown(a, SHUT_WR);
	reach(k, a, TCP_FIN_WAIT2);
	reach(k, b, TCP_CLOSE_WAIT);

	/*
	 * An orphan, which the kernel keeps as a time-wait socket.  Wait for
	 * FIN_WAIT2 before close(): the peer's ACK may be late, and the state
	 * of a closed socket cannot be read.
	 */
	connection(k, lfd, k->port, &a, &b);
	shutdown(a, SHUT_WR);
	reach(k, a, TCP_FIN_WAIT2);
	close(a);
	reach(k, b, TCP_CLOSE_WAIT);

	connection(k, lfd, k->port, &a, &b);
	shutdown(a, SHUT_WR);
	await(k, a, TCP_FIN_WAIT2);
	close(a);
	shutdown(b, SHUT_WR);
	await(k, b, TCP_CLOSE);
	close(b);
	expect(k, TCP_TIME_WAIT);
}

static void
hold_listeners(struct kind *k, int n)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	for (int i = 0; i < n; i++)
		listener(k, 10000 + i, 1, 0);
}

int
main(int argc, char **argv)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};

	if (argc > 1)
		hold_listeners(
		    &kinds[argc > 2], (int)strtol(argv[1], NULL, 10));
	else
		for (int i = 0; i < KINDS; i++)
			hold_states(&kinds[i]);
	for (int s = 1; s < STATES; s++) {
		printf("tcp %s %u\n", names[s], kinds[0].expected[s]);
		printf("tcp6 %s %u\n", names[s],
		    kinds[1].expected[s] + kinds[2].expected[s]);
	}
	puts("ready");
	fflush(stdout);
	poll(&in, 1, SECONDS * 1000);
	return 0;
}
