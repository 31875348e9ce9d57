/*
 * Tests the reader of processes' descriptors with a copy of a proc, and with
 * processes of this test.
 */
#include "lib/array.c"
#include "lib/dict.c"
#include "lib/interrupt.c"
#include "lib/regular.c"
#include "read/descriptors.c"
#include "read/owner.c"
#include "read/procfs.c"
#include "read/unit.c"

#include "directory.h"
#include "tap.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <signal.h>

static struct descriptors_list list;

static int
read_list(const char *proc, const char *netns)
{
	char failed[PROCFS_PATH];

	descriptors_free(&list);
	return descriptors_read(proc, netns, &list, failed);
}

static int
read_copy(void)
{
	return read_list(directory, "/proc/self/ns/net");
}

/* Whether a process has that many descriptors, sockets, and limits. */
static bool
has(uint32_t pid, uint64_t open, uint64_t sockets, uint64_t soft,
    uint64_t hard)
{
	const struct descriptors *d = descriptors_find(&list, pid);

	return d && d->process.pid == pid && d->open == open &&
	    d->sockets == sockets && d->soft == soft && d->hard == hard;
}

static bool
has_name(uint32_t pid, const char *name)
{
	const struct descriptors *d = descriptors_find(&list, pid);

	return d && strcmp(d->process.name, name) == 0;
}

static void
make_descriptors(uint32_t pid, unsigned sockets, unsigned others)
{
	char name[64], text[64];

	for (unsigned i = 0; i < sockets + others; i++) {
		snprintf(name, sizeof(name), "%u/fd/%u", pid, i);
		snprintf(text, sizeof(text), "%s:[%u]",
		    i < sockets ? "socket" : "pipe", i + 1);
		if (symlink(text, directory_place(name)) != 0)
			err(1, "%s", name);
	}
}

/* Writes a file of a process. */
static void
write_its(uint32_t pid, const char *file, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), "%u/%s", pid, file);
	write_file(path, text);
}

/* Makes a process with limits, between those that /proc has around them. */
static void
make_process(
    uint32_t pid, unsigned sockets, unsigned others, const char *limit)
{
	char text[512];

	make_descriptors(pid, sockets, others);
	snprintf(text, sizeof(text),
	    "Limit                     Soft Limit           Hard Limit\n"
	    "Max processes             7                    7\n"
	    "Max open files            %s                 files     \n"
	    "Max locked memory         8388608              8388608\n",
	    limit);
	write_its(pid, "limits", text);
	write_its(pid, "comm", "copied\n");
}

static void
test_copy(void)
{
	ok(read_list(in_directory("nothing"), NULL) == ENOENT,
	    "a proc that is not there");
	ok(read_copy() == ESRCH && list.n == 0, "a proc without processes");
	make_process(10, 20, 12, "36                   4096");
	make_process(9, 20, 12, "35                   4096");
	make_process(8, 15, 0, "20                   20");
	make_process(100, 16, 0, "unlimited            unlimited");
	ok(read_copy() == 0 && !list.hidden && list.n == 3,
	    "processes of a copy, in any namespace");
	ok(has(10, 32, 0, 36, 4096), "sockets do not matter");
	ok(has(9, 32, 20, 35, 4096),
	    "from nine tenths of the limit on they do");
	ok(has(100, 16, 0, UINT64_MAX, UINT64_MAX), "no limit");
	ok(!descriptors_find(&list, 8), "few descriptors");
	ok(list.process[0].process.pid == 9 &&
		list.process[1].process.pid == 10 &&
		list.process[2].process.pid == 100,
	    "in order of pid");
	ok(has_name(9, "copied"), "the name");
	write_file("7", "");
	write_file("x/limits", "");
	ok(read_copy() == 0 && !list.hidden && list.n == 3,
	    "what is no process");
}

/* What is missing in a copy, and pipes, which must not be waited for. */
static void
test_trouble(void)
{
	static const char *const limits[] = {"", "64", "64 x", "x 64", "-1 64",
	    "18446744073709551616 64", "64 64\n", "unlimited7 64"};

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		make_process(9, 20, 12, limits[i]);
		ok(read_copy() == 0 && list.hidden &&
			!descriptors_find(&list, 9) && list.n == 2,
		    "no limit of descriptors, %zu", i);
	}
	remove(in_directory("9/limits"));
	ok(read_copy() == 0 && list.hidden && list.n == 2, "no limits");
	make_process(9, 20, 12, "64 64");
	remove(in_directory("9/comm"));
	ok(read_copy() == 0 && !list.hidden && has_name(9, ""), "no name");
	make_fifo("9/comm");
	ok(read_copy() == ENOTSUP, "a pipe for a name");
	make_fifo("9/limits");
	ok(read_copy() == ENOTSUP, "a pipe for limits");
	make_process(9, 20, 12, "64 64");
	write_its(11, "comm", "no fd\n");
	ok(read_copy() == 0 && list.hidden && list.n == 3, "no descriptors");
	interrupted = SIGINT;
	ok(read_copy() == EINTR, "a signal ends it");
	interrupted = 0;
}

/*
 * Starts a process with 10 sockets, 20 other descriptors, and a soft limit.
 * Returns its pid when that is done.
 */
static uint32_t
start_process(rlim_t soft)
{
	const struct rlimit limit = {.rlim_cur = soft, .rlim_max = 1000};
	int ready[2];
	pid_t pid;
	char byte;

	if (pipe(ready) != 0 || (pid = fork()) < 0)
		err(1, "start");
	if (pid > 0) {
		close(ready[1]);
		if (read(ready[0], &byte, 1) != 1)
			errx(1, "start");
		close(ready[0]);
		return (uint32_t)pid;
	}
	dup2(ready[1], 0);
	for (int fd = 1; fd < 1000; fd++)
		close(fd);
	for (int fd = 1; fd < 20; fd++)
		if (dup(0) < 0)
			_exit(1);
	for (int fd = 0; fd < 10; fd++)
		socket(AF_INET, SOCK_STREAM, 0);
	prctl(PR_SET_NAME, "fifteen letters");
	while (setrlimit(RLIMIT_NOFILE, &limit) == 0 && write(0, "", 1) == 1)
		pause();
	_exit(1);
}

static void
stop_process(uint32_t pid)
{
	kill((pid_t)pid, SIGKILL);
	waitpid((pid_t)pid, NULL, 0);
}

/* Reads as on kernels before Linux 6.2. */
static int
read_unsized(void)
{
	struct walk walk = {.list = &list};
	char failed[PROCFS_PATH];

	descriptors_free(&list);
	return procfs_each_process(
	    "/proc", add_process, &walk, &list.hidden, failed);
}

static void
test_live(void)
{
	uint32_t above = start_process(34), below = start_process(33);

	ok(read_list("/proc", "/proc/self/ns/net") == 0 &&
		has(above, 30, 0, 34, 1000) && has(below, 30, 10, 33, 1000),
	    "processes of this machine");
	ok(has_name(above, "fifteen letters"), "with their names");
	ok(read_unsized() == 0 && has(above, 30, 0, 34, 1000) &&
		has(below, 30, 10, 33, 1000),
	    "the same from directories");
	ok(read_list("/proc", NULL) == 0 && has(below, 30, 10, 33, 1000),
	    "the same of any namespace");
	/* A namespace that it is not in, though none for sockets. */
	ok(read_list("/proc", "/proc/self/ns/mnt") == 0 &&
		!descriptors_find(&list, above) &&
		!descriptors_find(&list, below),
	    "none of other namespaces");
	ok(read_list("/proc", "/proc/none") == 0 && list.hidden &&
		!descriptors_find(&list, above) &&
		!descriptors_find(&list, below),
	    "those of an unknown namespace are hidden");
	kill((pid_t)above, SIGKILL);
	waitid(P_PID, above, &(siginfo_t){0}, WEXITED | WNOWAIT);
	ok(read_list("/proc", NULL) == 0 && !descriptors_find(&list, above),
	    "a process that has ended, but was not waited for");
	stop_process(above);
	stop_process(below);
}

/* Reads as another user, and returns whether that went as it should. */
static bool
reads_of_others(uint32_t above, uint32_t below)
{
	pid_t pid = fork();
	int status = 1;

	if (pid == 0) {
		bool good = setresgid(65534, 65534, 65534) == 0 &&
		    setresuid(65534, 65534, 65534) == 0 &&
		    read_list("/proc", "/proc/self/ns/net") == 0 &&
		    list.hidden && !descriptors_find(&list, above) &&
		    !descriptors_find(&list, below) && read_unsized() == 0 &&
		    list.hidden && !descriptors_find(&list, above);

		_exit(!good);
	}
	waitpid(pid, &status, 0);
	return status == 0;
}

static void
test_denied(void)
{
	uint32_t above, below;

	if (geteuid() != 0) {
		skip("only root can be another user");
		return;
	}
	if (!fd_has_size()) {
		skip("Linux 6.2 counts the descriptors of other users");
		return;
	}
	above = start_process(34);
	below = start_process(33);
	ok(reads_of_others(above, below),
	    "those of others that are near their limit are hidden");
	stop_process(above);
	stop_process(below);
}

int
main(void)
{
	directory_make();
	test_copy();
	test_trouble();
	if (procfs_is_live("/proc")) {
		test_live();
		test_denied();
	} else {
		skip("no /proc");
	}
	descriptors_free(&list);
	ok(!descriptors_find(&list, 1), "an empty list");
	return tap_done();
}
