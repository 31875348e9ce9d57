/*
 * Reads the mount option hidepid from mountinfo, the uptime, and directories
 * and files until a signal arrives.
 */
#include "read/procfs.h"

#include "lib/decimal.h"
#include "lib/interrupt.h"
#include "lib/regular.h"

#include <sys/vfs.h>

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whether a line of mountinfo is a procfs that hides processes of others. */
static bool
is_hiding(const char *line)
{
	/* The mount's type and options follow the path of the mount. */
	const char *type = strstr(line, " - proc ");
	const char *option = type ? strstr(type, "hidepid=") : NULL;

	/* 2 or invisible, 4 or ptraceable (proc(5)). */
	return option && strchr("2i4p", option[strlen("hidepid=")]);
}

bool
procfs_hides(void)
{
	FILE *in = geteuid() != 0 ? fopen("/proc/self/mountinfo", "re") : NULL;
	char *line = NULL;
	size_t size = 0;
	bool hides = false;

	while (in && !hides && getline(&line, &size, in) > 0)
		hides = is_hiding(line);
	free(line);
	if (in)
		fclose(in);
	return hides;
}

bool
procfs_gone(int error)
{
	return error == ENOENT || error == ESRCH || error == EINVAL;
}

enum trouble
procfs_trouble(void)
{
	if (procfs_gone(errno))
		return TROUBLE_GONE;
	return errno == EACCES || errno == EPERM ? TROUBLE_DENIED
						 : TROUBLE_FATAL;
}

bool
procfs_is_live(const char *path)
{
	struct statfs fs;

	/* A fault does not make it a copy. */
	if (statfs(path, &fs) != 0)
		return procfs_trouble() == TROUBLE_FATAL;
	return fs.f_type == PROC_SUPER_MAGIC;
}

const struct dirent *
procfs_next(DIR *dir)
{
	errno = interrupted ? EINTR : 0;
	return interrupted ? NULL : readdir(dir);
}

/* Returns the number that text has before stop; 0 if there is none. */
static uint64_t
parse_number(const char *text, char stop)
{
	uint64_t n;
	const char *end = decimal(text, text + strlen(text), UINT64_MAX, &n);

	return end && *end == stop ? n : 0;
}

/* Visits a process, after opening its directory in proc. */
static enum trouble
enter_process(int proc, const char *name, uint32_t pid, process_visitor *visit,
    void *ctx)
{
	int process = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum trouble trouble;
	int error;

	/* In a copy, a file may have a number for its name. */
	if (process < 0)
		return errno == ENOTDIR ? TROUBLE_GONE : procfs_trouble();
	trouble = visit(process, pid, ctx);
	error = errno;
	close(process);
	errno = error;
	return trouble;
}

int
procfs_each_process(const char *proc, process_visitor *visit, void *ctx,
    bool *hidden, char failed[PROCFS_PATH])
{
	DIR *dir = opendir(proc);
	const struct dirent *entry;
	enum trouble trouble = TROUBLE_NONE;
	bool found = false;
	int error;

	snprintf(failed, PROCFS_PATH, "%s", proc);
	if (!dir)
		return errno;
	while (trouble != TROUBLE_FATAL && (entry = procfs_next(dir))) {
		uint64_t pid = parse_number(entry->d_name, '\0');

		if (pid == 0 || pid > UINT32_MAX)
			continue;
		found = true;
		trouble = enter_process(
		    dirfd(dir), entry->d_name, (uint32_t)pid, visit, ctx);
		*hidden |= trouble == TROUBLE_DENIED;
		if (trouble == TROUBLE_FATAL)
			snprintf(
			    failed, PROCFS_PATH, "%s/%" PRIu64, proc, pid);
	}
	error = errno;
	closedir(dir);
	return error || found ? error : ESRCH;
}

enum trouble
procfs_each_descriptor(int process, descriptor_visitor *visit, void *ctx)
{
	int fd = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	enum trouble trouble = TROUBLE_NONE;
	const struct dirent *entry;
	int error;

	if (!dir) {
		trouble = procfs_trouble();
		if (fd >= 0)
			close(fd);
		return trouble;
	}
	while (trouble == TROUBLE_NONE && (entry = procfs_next(dir))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		trouble = visit(fd, entry->d_name, ctx);
		if (trouble == TROUBLE_GONE) /* it was closed */
			trouble = TROUBLE_NONE;
	}
	if (trouble == TROUBLE_NONE && errno != 0)
		trouble = procfs_trouble();
	error = errno;
	closedir(dir);
	errno = error;
	return trouble;
}

enum trouble
procfs_socket(int dir, const char *name, uint64_t *inode)
{
	static const char prefix[] = "socket:[";
	char link[64];
	ssize_t len = readlinkat(dir, name, link, sizeof(link) - 1);

	*inode = 0;
	/*
	 * The kernel fails if a path is longer than a page; the text of a
	 * socket is short.
	 */
	if (len < 0)
		return errno == ENAMETOOLONG ? TROUBLE_NONE : procfs_trouble();
	link[len] = '\0';
	if (strncmp(link, prefix, sizeof(prefix) - 1) == 0)
		*inode = parse_number(link + sizeof(prefix) - 1, ']');
	return TROUBLE_NONE;
}

int64_t
procfs_uptime(const char *proc)
{
	char path[PATH_MAX + sizeof("/uptime")], text[64];
	uint64_t seconds, hundredths = 0;
	const char *end, *p;
	ssize_t len;

	snprintf(path, sizeof(path), "%s/uptime", proc);
	len = regular_read(AT_FDCWD, path, text, sizeof(text));
	end = text + (len > 0 ? len : 0);
	p = decimal(text, end, UINT32_MAX, &seconds);
	/* As the kernel prints it (fs/proc/uptime.c): "350735.47 234388.90" */
	if (!p || end - p < 3 || *p != '.' ||
	    decimal(p + 1, p + 3, 99, &hundredths) != p + 3)
		return 0;
	return (int64_t)(seconds * 100 + hundredths) * 10000000;
}
