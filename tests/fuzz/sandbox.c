/*
 * Runs the program in the fuzzer's process: what it opens is in a temporary
 * directory, waiting takes no time, and exit() returns.
 */
#include "tests/fuzz/sandbox_calls.h"

#include "lib/interrupt.h"
#include "tests/fuzz/files.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/netlink.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <unistd.h>

enum { SECOND = 1000000000 };

/* When the program starts: on the monotonic clock, and in real time. */
#define START (INT64_C(100000) * SECOND)
#define EPOCH (INT64_C(1763740000) * SECOND)

struct sandbox sandbox;
FILE *sandbox_stdout;
static char directory[PATH_MAX];
static FILE *messages;
static jmp_buf exited;

/* The program's variables, and what they were at its start. */
extern uint64_t __start_program_data[], __stop_program_data[];
extern uint64_t __start_program_bss[], __stop_program_bss[];
static uint64_t *first_data;

static void
remove_directory(void)
{
	files_remove(".");
	rmdir(directory);
}

void
sandbox_init(void)
{
	const char *parent = getenv("TMPDIR");

	snprintf(directory, sizeof(directory), "%s/fuzz.XXXXXX",
	    parent ? parent : "/tmp");
	require(mkdtemp(directory));
	atexit(remove_directory);
}

/* Copies words, or zeros; the redzones between variables too. */
__attribute__((no_sanitize("address"))) static void
copy(volatile uint64_t *to, const volatile uint64_t *from,
    const volatile uint64_t *end)
{
	while (to < end)
		*to++ = from ? *from++ : 0;
}

void
sandbox_reset(void)
{
	size_t words = (size_t)(__stop_program_data - __start_program_data);

	if (!first_data) {
		first_data = calloc(words, sizeof(*first_data));
		copy(first_data, __start_program_data, first_data + words);
	}
	copy(__start_program_data, first_data, __stop_program_data);
	copy(__start_program_bss, NULL, __stop_program_bss);
	sandbox = (struct sandbox){.now = START, .keys = ""};
}

/* Returns the descriptor that the next open() will. */
static int
next_descriptor(void)
{
	int fd = dup(STDERR_FILENO);

	close(fd);
	return fd;
}

struct run
sandbox_run(int argc, char **argv)
{
	/* static, so that longjmp() leaves them as they are */
	static struct run run;
	static int fd;

	run = (struct run){.status = 0};
	sandbox_stdout = open_memstream(&run.out, &run.out_len);
	messages = open_memstream(&run.err, &run.err_len);
	fd = next_descriptor();
	optind = 0; /* getopt_long() starts again */
	run.status = setjmp(exited);
	if (run.status == 0) {
		run.status = tcpstate_main(argc, argv);
		require(next_descriptor() == fd);
	} else {
		run.status--;
		close_range((unsigned)fd, ~0u, 0);
	}
	fclose(sandbox_stdout);
	fclose(messages);
	return run;
}

/* Checks that each message has a line of its own. */
static void
check_messages(const char *p)
{
	static const char name[] = "tcpstate: ";

	for (; *p != '\0'; p = strchr(p, '\n') + 1) {
		require(strncmp(p, name, strlen(name)) == 0);
		require(strchr(p, '\n'));
	}
}

void
sandbox_check(struct run *run, bool colour)
{
	output_check(run->out, run->out_len, colour || sandbox.columns > 0);
	output_check(run->err, run->err_len, false);
	if (run->out[0] == '{')
		output_check_json(run->out);
	if (strncmp(run->out, "# HELP", 6) == 0)
		output_check_prometheus(run->out, "");
	check_messages(run->err);
	require(run->status >= 0 && run->status <= 3);
	require(run->status == 0 || run->out_len + run->err_len > 0);
	free(run->out);
	free(run->err);
}

void
sandbox_exit(int status)
{
	longjmp(exited, status + 1);
}

/* Prints a message as warnx() does. */
__attribute__((format(printf, 1, 0))) static void
say(const char *fmt, va_list ap)
{
	fputs("tcpstate: ", messages);
	vfprintf(messages, fmt, ap);
	fputc('\n', messages);
}

void
sandbox_warnx(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}

void
sandbox_errx(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	sandbox_exit(status);
}

/* Writes to a pipe that may take less. */
ssize_t
sandbox_write(int fd, const void *bytes, size_t len)
{
	require(fd == STDOUT_FILENO);
	if (sandbox.chunk > 0 && len > sandbox.chunk)
		len = sandbox.chunk;
	fwrite(bytes, 1, len, sandbox_stdout);
	return (ssize_t)len;
}

const char *
sandbox_path(const char *path)
{
	static char inside[2 * PATH_MAX];

	snprintf(inside, sizeof(inside), "%s/%s", directory,
	    strstr(path, "..") ? "absent" : path);
	return *path != '\0' ? inside : path;
}

const char *
sandbox_path_at(int dir, const char *path)
{
	return dir == AT_FDCWD ? sandbox_path(path) : path;
}

/* Whether a path leads to the proc of this machine. */
static bool
is_live(const char *path)
{
	return strncmp(path, "/proc", 5) == 0;
}

char *
sandbox_realpath(const char *path, char *to)
{
	return strcmp(path, "/proc") == 0 ? strdup(path)
					  : realpath(sandbox_path(path), to);
}

int
sandbox_statfs(const char *path, struct statfs *fs)
{
	int result = statfs(sandbox_path(path), fs);

	fs->f_type = is_live(path) ? PROC_SUPER_MAGIC : 0;
	return result;
}

int
sandbox_fstatfs(int fd, struct statfs *fs)
{
	(void)fd;
	fs->f_type = sandbox.procfs ? PROC_SUPER_MAGIC : 0;
	return 0;
}

static ssize_t
read_keys(char *to, size_t size)
{
	size_t n = sandbox.nkeys < size ? sandbox.nkeys : size;

	memcpy(to, sandbox.keys, n);
	sandbox.keys += n;
	sandbox.nkeys -= n;
	return (ssize_t)n;
}

ssize_t
sandbox_read(int fd, void *buf, size_t size)
{
	if (sandbox.eintr && ++sandbox.reads % 3 == 0)
		return sandbox_fail(EINTR);
	if (sandbox.chunk > 0 && size > sandbox.chunk)
		size = sandbox.chunk;
	return fd == STDIN_FILENO ? read_keys(buf, size) : read(fd, buf, size);
}

int
sandbox_isatty(int fd)
{
	return fd <= STDOUT_FILENO && sandbox.columns > 0;
}

int
sandbox_ioctl(int fd, unsigned long request, struct winsize *size)
{
	require(fd == STDOUT_FILENO && request == TIOCGWINSZ);
	size->ws_col = sandbox.columns;
	size->ws_row = sandbox.rows;
	return 0;
}

int
sandbox_fail(int error)
{
	errno = error;
	return -1;
}

/* A socket is for sock_diag, or to find out if there is IPv6. */
int
sandbox_socket(int domain, int type, int protocol)
{
	(void)type;
	(void)protocol;
	return domain == AF_NETLINK && !sandbox.receive
	    ? sandbox_fail(EPROTONOSUPPORT)
	    : open("/dev/null", O_RDONLY | O_CLOEXEC);
}

ssize_t
sandbox_send(int fd, const void *data, size_t len, int flags)
{
	struct nlmsghdr header;

	(void)fd;
	(void)flags;
	require(len >= sizeof(header));
	memcpy(&header, data, sizeof(header));
	require(header.nlmsg_len == len);
	sandbox.seq = header.nlmsg_seq;
	return (ssize_t)len;
}

ssize_t
sandbox_recvmsg(int fd, struct msghdr *msg, int flags)
{
	(void)fd;
	(void)flags;
	return sandbox.receive(msg);
}

int
sandbox_clock_gettime(clockid_t clock, struct timespec *now)
{
	int64_t ns = sandbox.now + (clock == CLOCK_REALTIME ? EPOCH : 0);

	now->tv_sec = ns / SECOND;
	now->tv_nsec = ns % SECOND;
	return 0;
}

int
sandbox_nanosleep(const struct timespec *delay)
{
	require(delay->tv_sec >= 0 && delay->tv_nsec >= 0 &&
	    delay->tv_nsec < SECOND);
	sandbox.now += delay->tv_sec * SECOND + delay->tv_nsec;
	return 0;
}

/* A key is typed, or the timeout passes; in the end ^C is typed. */
int
sandbox_ppoll(struct pollfd *fds, const struct timespec *timeout)
{
	fds[0].revents = fds[1].revents = 0;
	if (++sandbox.polls == 5) {
		interrupted = SIGINT;
		return sandbox_fail(EINTR);
	}
	if (fds[0].fd >= 0 && sandbox.nkeys > 0) {
		fds[0].revents = POLLIN;
		return 1;
	}
	return sandbox_nanosleep(timeout);
}
