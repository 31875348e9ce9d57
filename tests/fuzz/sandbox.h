/*
 * The program is compiled with this header for the fuzz targets: its calls of
 * the system then are those of sandbox.c, and all its variables are in two
 * sections, which sandbox.c resets.
 */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/vfs.h>

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "tests/fuzz/sandbox_calls.h"

#pragma clang section bss = "program_bss" data = "program_data"

#define main(argc, argv) tcpstate_main(argc, argv)
#define exit(status) sandbox_exit(status)
#define errx(...) sandbox_errx(__VA_ARGS__)
#define warnx(...) sandbox_warnx(__VA_ARGS__)
#undef stdout
#define stdout sandbox_stdout
#define printf(...) fprintf(sandbox_stdout, __VA_ARGS__)
#define putchar(c) putc(c, sandbox_stdout)
#define write(fd, bytes, len) sandbox_write(fd, bytes, len)

#define open(path, flags) open(sandbox_path(path), flags)
#define openat(dir, path, flags) openat(dir, sandbox_path_at(dir, path), flags)
#define fopen(path, mode) fopen(sandbox_path(path), mode)
#define opendir(path) opendir(sandbox_path(path))
#define access(path, mode) access(sandbox_path(path), mode)
#define stat(path, st) stat(sandbox_path(path), st)
#define fstatat(dir, path, st, flags) \
	fstatat(dir, sandbox_path_at(dir, path), st, flags)
#define realpath(path, to) sandbox_realpath(path, to)
#define statfs(path, fs) sandbox_statfs(path, fs)
#define fstatfs(fd, fs) sandbox_fstatfs(fd, fs)
#define read(fd, buf, size) sandbox_read(fd, buf, size)

#define isatty(fd) sandbox_isatty(fd)
#define ioctl(fd, request, size) sandbox_ioctl(fd, request, size)
#define tcgetattr(fd, termios) sandbox_fail(ENOTTY)
#define sigaction(sig, act, old) ((void)(old), sandbox_fail(EINVAL))
#define setitimer(which, it, old) ((void)(it), sandbox_fail(EINVAL))
#define setns(fd, type) sandbox_fail(EPERM)
#define socket(domain, type, protocol) sandbox_socket(domain, type, protocol)
#define send(fd, data, len, flags) sandbox_send(fd, data, len, flags)
#define recvmsg(fd, msg, flags) sandbox_recvmsg(fd, msg, flags)

#define clock_gettime(clock, now) sandbox_clock_gettime(clock, now)
#define nanosleep(delay, left) sandbox_nanosleep(delay)
#define ppoll(fds, n, timeout, mask) sandbox_ppoll(fds, timeout)

#endif
