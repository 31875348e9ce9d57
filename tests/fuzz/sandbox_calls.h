/*
 * What the program calls instead of the system (see sandbox.h), and what a
 * fuzz target sets and reads of that.
 */
#ifndef SANDBOX_CALLS_H
#define SANDBOX_CALLS_H

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/vfs.h>

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

/* Set by the target, and zeroed by sandbox_reset(). */
struct sandbox {
	size_t chunk;		/* the most bytes of a read; 0: no limit */
	bool eintr;		/* every third read fails */
	bool procfs;		/* open files are on procfs */
	unsigned short columns; /* of the terminal at stdout; 0: a pipe */
	unsigned short rows;	/* of the same terminal */
	const char *keys;	/* typed at it */
	size_t nkeys;

	/* Returns the answers of sock_diag; NULL: there is none. */
	ssize_t (*receive)(struct msghdr *msg);
	uint32_t seq; /* of the last request to it */

	/* What the program did. */
	int64_t now;	/* the monotonic clock */
	unsigned polls; /* calls of ppoll(); the fifth gets a SIGINT */
	unsigned reads; /* calls of read(), if eintr */
};
extern struct sandbox sandbox;

/* Makes the directory to which all paths lead; once. */
void sandbox_init(void);

/* Sets the program's variables as at its start, and zeroes the sandbox. */
void sandbox_reset(void);

/* What a run of the program left. */
struct run {
	int status;
	char *out, *err; /* what it wrote, NUL-terminated */
	size_t out_len, err_len;
};

/*
 * Runs the program; argv[0] is its name.  Checks that it leaves no descriptor
 * open.  The caller sets the sandbox before, and frees out and err.
 */
struct run sandbox_run(int argc, char **argv);

/*
 * Checks what holds for all runs, and frees out and err.  With colour, or on a
 * terminal, the output may have escape sequences.
 */
void sandbox_check(struct run *run, bool colour);

/* The program's main(). */
int tcpstate_main(int argc, char **argv);

/* What replaces the functions and the stream of these names in libc. */
__attribute__((noreturn)) void sandbox_exit(int status);
__attribute__((noreturn, format(printf, 2, 3))) void sandbox_errx(
    int status, const char *fmt, ...);
__attribute__((format(printf, 1, 2))) void sandbox_warnx(const char *fmt, ...);
extern FILE *sandbox_stdout;
ssize_t sandbox_write(int fd, const void *bytes, size_t len);

char *sandbox_realpath(const char *path, char *to);
int sandbox_statfs(const char *path, struct statfs *fs);
int sandbox_fstatfs(int fd, struct statfs *fs);
ssize_t sandbox_read(int fd, void *buf, size_t size);
int sandbox_isatty(int fd);
int sandbox_ioctl(int fd, unsigned long request, struct winsize *size);
int sandbox_fail(int error);
int sandbox_socket(int domain, int type, int protocol);
ssize_t sandbox_send(int fd, const void *data, size_t len, int flags);
ssize_t sandbox_recvmsg(int fd, struct msghdr *msg, int flags);
int sandbox_clock_gettime(clockid_t clock, struct timespec *now);
int sandbox_nanosleep(const struct timespec *delay);
int sandbox_ppoll(struct pollfd *fds, const struct timespec *timeout);

/*
 * Returns the path of a file in the sandbox, until the next call.  A path from
 * an open directory other than AT_FDCWD remains what it is.
 */
const char *sandbox_path(const char *path);
const char *sandbox_path_at(int dir, const char *path);

#endif
