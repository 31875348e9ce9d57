/*
 * Walks through /proc/PID/fd of all processes, once a sample, and remembers
 * the process of each socket.
 */
#include "read/owner.h"

#include "lib/decimal.h"
#include "lib/dict.h"
#include "read/procfs.h"

#include <sys/stat.h>

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct owners {
	struct dict sockets; /* inode -> struct owner */
	struct owner last;   /* the last process that has a socket */
	bool copy;	     /* proc is a copy, not procfs */
};

/* Returns the number that text has before stop; 0 if there is none. */
static uint64_t
parse_number(const char *text, char stop)
{
	uint64_t n;
	const char *end = decimal(text, text + strlen(text), UINT64_MAX, &n);

	return end && *end == stop ? n : 0;
}

/* The result of reading a process, or a descriptor of it. */
enum trouble {
	TROUBLE_NONE,
	TROUBLE_GONE,	/* it ended or was closed: skip it */
	TROUBLE_DENIED, /* this user may not read the process: skip it */
	TROUBLE_FATAL,	/* end the walk; errno is the reason */
};

static enum trouble
judge_errno(void)
{
	if (procfs_gone(errno))
		return TROUBLE_GONE;
	return errno == EACCES || errno == EPERM ? TROUBLE_DENIED
						 : TROUBLE_FATAL;
}

/* Reads the inode of a descriptor; 0 if it is no socket. */
static enum trouble
socket_inode(int dir, const char *name, uint64_t *inode)
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
		return errno == ENAMETOOLONG ? TROUBLE_NONE : judge_errno();
	link[len] = '\0';
	if (strncmp(link, prefix, sizeof(prefix) - 1) == 0)
		*inode = parse_number(link + sizeof(prefix) - 1, ']');
	return TROUBLE_NONE;
}

/*
 * Reads the command of a process.  The kernel ends it with a newline.  In a
 * copy of a proc the file may be missing, empty, or a pipe, which must not
 * block.
 */
static enum trouble
read_name(int process, bool copy, char name[OWNER_NAME])
{
	char text[OWNER_NAME];
	int fd = openat(process, "comm", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	ssize_t len;

	if (fd < 0)
		return copy && errno == ENOENT ? TROUBLE_NONE : judge_errno();
	len = -1;
	if (fstat(fd, &st) == 0) {
		errno = ENOTSUP;
		if (S_ISREG(st.st_mode))
			len = read(fd, text, sizeof(text));
	}
	if (len < 0) {
		int error = errno;

		close(fd);
		errno = error;
		return judge_errno();
	}
	close(fd);
	if (len > 0 && text[len - 1] == '\n')
		len--;
	if (len >= OWNER_NAME)
		len = OWNER_NAME - 1;
	memcpy(name, text, (size_t)len);
	name[len] = '\0';
	return TROUBLE_NONE;
}

/*
 * Adds a socket of a process.  /proc lists processes in order of pid, so the
 * first process that has a socket owns it.
 */
static enum trouble
add_socket(struct owners *owners, int process, uint32_t pid, uint64_t inode)
{
	struct owner *owner;

	if (inode == 0 || dict_find(&owners->sockets, &inode))
		return TROUBLE_NONE;
	if (owners->last.pid != pid) {
		struct owner next = {.pid = pid};
		enum trouble trouble =
		    read_name(process, owners->copy, next.name);

		if (trouble != TROUBLE_NONE)
			return trouble;
		owners->last = next;
	}
	owner = dict_reach(&owners->sockets, &inode);
	if (!owner) {
		errno = ENOMEM;
		return TROUBLE_FATAL;
	}
	*owner = owners->last;
	return TROUBLE_NONE;
}

/* Adds all sockets of a process. */
static enum trouble
read_process(struct owners *owners, int process, uint32_t pid)
{
	int fd = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	enum trouble trouble = TROUBLE_NONE;
	const struct dirent *entry;
	int error;

	if (!dir) {
		trouble = judge_errno();
		if (fd >= 0)
			close(fd);
		return trouble;
	}
	while (trouble == TROUBLE_NONE && (entry = procfs_next(dir))) {
		uint64_t inode;

		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		trouble = socket_inode(fd, entry->d_name, &inode);
		if (trouble == TROUBLE_NONE)
			trouble = add_socket(owners, process, pid, inode);
		else if (trouble == TROUBLE_GONE) /* it was closed */
			trouble = TROUBLE_NONE;
	}
	if (trouble == TROUBLE_NONE && errno != 0)
		trouble = judge_errno();
	error = errno;
	closedir(dir);
	errno = error;
	return trouble;
}

/* Reads a process, by its name in proc. */
static enum trouble
visit_process(struct owners *owners, int proc, const char *name, uint32_t pid)
{
	int process = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum trouble trouble;
	int error;

	/* In a copy, a file may have a number for its name. */
	if (process < 0)
		return errno == ENOTDIR ? TROUBLE_GONE : judge_errno();
	trouble = read_process(owners, process, pid);
	error = errno;
	close(process);
	errno = error;
	return trouble;
}

/*
 * Reads all processes.  Returns false, with errno set, on failure; if that is
 * in one process, failed is "/" and its pid.
 */
static bool
read_processes(struct owners *owners, DIR *proc, bool *hidden, char failed[32])
{
	const struct dirent *entry;
	bool found = false;

	while ((entry = procfs_next(proc))) {
		uint64_t pid = parse_number(entry->d_name, '\0');
		enum trouble trouble;

		if (pid == 0 || pid > UINT32_MAX)
			continue;
		found = true;
		trouble = visit_process(
		    owners, dirfd(proc), entry->d_name, (uint32_t)pid);
		if (trouble == TROUBLE_FATAL) {
			snprintf(failed, 32, "/%" PRIu64, pid);
			return false;
		}
		*hidden |= trouble == TROUBLE_DENIED;
	}
	if (errno == 0 && !found)
		errno = ESRCH;
	return errno == 0;
}

struct owners *
owners_read(const char *proc, bool *hidden, char failed[OWNERS_PATH])
{
	struct owners *owners = calloc(1, sizeof(*owners));
	DIR *dir = opendir(proc);
	char process[32] = "";
	bool done = false;
	int error;

	if (owners && dir) {
		*hidden = procfs_hides();

		dict_init(
		    &owners->sockets, sizeof(uint64_t), sizeof(struct owner));
		owners->copy = !procfs_is_live(proc);
		done = read_processes(owners, dir, hidden, process);
	}
	error = errno;
	if (dir)
		closedir(dir);
	if (done)
		return owners;
	owners_free(owners);
	snprintf(failed, OWNERS_PATH, "%s%s", proc, process);
	errno = error;
	return NULL;
}

const struct owner *
owners_find(const struct owners *owners, uint64_t inode)
{
	return dict_find(&owners->sockets, &inode);
}

void
owners_free(struct owners *owners)
{
	if (!owners)
		return;
	dict_free(&owners->sockets);
	free(owners);
}
