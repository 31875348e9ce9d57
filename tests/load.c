/*
 * Fills a network namespace with sockets on loopback.
 *
 *	load [-d] [-w time_wait] steady port [rate churn_port [seconds]]
 *
 * Holds both ends of steady connections to port, with -d each from an address
 * of its own, leaves time_wait sockets in TIME_WAIT, and prints "ready".  With
 * a rate, opens that many connections a second to churn_port.  It holds up to
 * 2,000 of these and then resets all of them at once, so that the table grows
 * and shrinks.  Exits when stdin ends, or after the seconds (default 60).
 */
#include <sys/resource.h>
#include <sys/socket.h>

#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CHILDREN = 64, CONNECTIONS = 8000, CHURN = 2000, TICKS = 100 };

static struct sockaddr_in
address(int host, long port)
{
	return (struct sockaddr_in){
	    .sin_family = AF_INET,
	    .sin_port = htons((uint16_t)port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK + (unsigned)host),
	};
}

/* Listens on all addresses. */
static int
listener(long port)
{
	struct sockaddr_in sin = address(0, port);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int on = 1;

	sin.sin_addr.s_addr = htonl(INADDR_ANY);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0 ||
	    listen(fd, 4096) < 0)
		err(1, "port %ld", port);
	return fd;
}

/* Binds a socket to 127.1.0.0 plus source; connect() chooses the port. */
static void
bind_source(int fd, unsigned source)
{
	struct sockaddr_in sin = {
	    .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(0x7f010000 + source),
	};
	int on = 1;

	setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0)
		err(1, "bind");
}

/* Opens a connection, both ends of which are in fds.  source 0 is any. */
static void
connection(int lfd, int host, long port, unsigned source, int fds[2])
{
	struct sockaddr_in sin = address(host, port);

	fds[0] = socket(AF_INET, SOCK_STREAM, 0);
	if (fds[0] >= 0 && source > 0)
		bind_source(fds[0], source);
	if (fds[0] < 0 ||
	    connect(fds[0], (struct sockaddr *)&sin, sizeof(sin)) < 0)
		err(1, "connect to port %ld", port);
	fds[1] = accept(lfd, NULL, NULL);
	if (fds[1] < 0)
		err(1, "accept");
}

static void
reset(int fd)
{
	struct linger linger = {.l_onoff = 1, .l_linger = 0};

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(fd);
}

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Opens and resets connections until stdin ends, or for that many seconds. */
static void
churn(int lfd, long port, long rate, long seconds)
{
	static int fds[CHURN][2];
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	double start = now();
	long opened = 0;
	int n = 0;

	while (now() - start < (double)seconds) {
		long due = (long)((now() - start) * (double)rate);

		for (; opened < due; opened++) {
			connection(lfd, 100, port, 0, fds[n++]);
			if (n < CHURN)
				continue;
			while (n > 0) {
				reset(fds[--n][0]);
				reset(fds[n][1]);
			}
		}
		if (poll(&in, 1, 1000 / TICKS) > 0)
			break;
	}
}

/* Opens n connections, reports ready, and exits when the pipe go is closed. */
static void
hold(int lfd, int host, long port, unsigned source, long n, int ready, int go)
{
	char c = 'r';
	int fds[2];

	while (n-- > 0)
		connection(lfd, host, port, source > 0 ? source++ : 0, fds);
	if (write(ready, &c, 1) == 1)
		(void)!read(go, &c, 1);
	_exit(0);
}

/* Leaves n sockets in TIME_WAIT: the end that closes first enters it. */
static void
leave(int lfd, long port, long n)
{
	int fds[2];

	for (; n > 0; n--) {
		connection(lfd, 200 + (int)(n / CONNECTIONS), port, 0, fds);
		close(fds[0]);
		close(fds[1]);
	}
}

int
main(int argc, char **argv)
{
	long time_wait = 0;
	bool distinct = false;

	if (argc > 1 && strcmp(argv[1], "-d") == 0) {
		distinct = true;
		argc--;
		argv++;
	}
	if (argc > 2 && strcmp(argv[1], "-w") == 0) {
		time_wait = strtol(argv[2], NULL, 10);
		argc -= 2;
		argv += 2;
	}

	long steady = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
	long port = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
	long rate = argc > 4 ? strtol(argv[3], NULL, 10) : 0;
	long churn_port = argc > 4 ? strtol(argv[4], NULL, 10) : 0;
	long seconds = argc > 5 ? strtol(argv[5], NULL, 10) : 60;
	struct rlimit limit;
	int ready[2], go[2], lfd, cfd = -1, children = 0;

	if (steady <= 0 || port <= 0)
		errx(2,
		    "usage: load [-d] [-w time_wait] steady port "
		    "[rate churn_port [seconds]]");
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	if (pipe(ready) < 0 || pipe(go) < 0)
		err(1, "pipe");
	lfd = listener(port);
	if (rate > 0)
		cfd = listener(churn_port);
	for (; steady > 0 && children < CHILDREN; children++) {
		long n = steady < CONNECTIONS ? steady : CONNECTIONS;

		steady -= n;
		if (fork() == 0) {
			close(go[1]);
			hold(lfd, children, port,
			    distinct ? (unsigned)(children * CONNECTIONS) + 1
				     : 0,
			    n, ready[1], go[0]);
		}
	}
	close(ready[1]);
	for (int i = 0; i < children; i++) {
		char c;

		if (read(ready[0], &c, 1) != 1)
			errx(1, "could not make all connections");
	}
	leave(lfd, port, time_wait);
	puts("ready");
	fflush(stdout);
	if (rate > 0)
		churn(cfd, churn_port, rate, seconds);
	else {
		struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};

		poll(&in, 1, (int)seconds * 1000);
	}
	close(go[1]);
	while (wait(NULL) > 0)
		continue;
	return 0;
}
