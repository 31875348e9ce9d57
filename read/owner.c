/*
 * The walk through /proc/PID/fd, once for all sockets.
 */
#include "read/owner.h"

#include "lib/array.h"
#include "lib/decimal.h"
#include "lib/map.h"
#include "read/procfs.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct owners {
	struct map sockets; /* from an inode to the number of its owner */
	struct owner *owner;
	size_t n, size;
};

/* A number that is all of a text, or all up to stop; 0 if there is none. */
static uint64_t
parse_number(const char *text, char stop)
{
	uint64_t n;
	const char *end = decimal(text, text + strlen(text), UINT64_MAX, &n);

	return end && *end == stop ? n : 0;
}

/* What became of a process, or of a descriptor. */
enum trouble {
	TROUBLE_NONE,
	TROUBLE_GONE,	/* it is not there any more: go on without it */
	TROUBLE_DENIED, /* this process will not show more */
	TROUBLE_FATAL,	/* nothing can be found out; errno says why */
};

static enum trouble
judge_errno(void)
{
	if (procfs_gone(errno))
		return TROUBLE_GONE;
	return errno == EACCES || errno == EPERM ? TROUBLE_DENIED
						 : TROUBLE_FATAL;
}

/* The inode of a descriptor; 0 if it is no socket. */
static enum trouble
socket_inode(int dir, const char *name, uint64_t *inode)
{
	static const char prefix[] = "socket:[";
	char link[64];
	ssize_t len = readlinkat(dir, name, link, sizeof(link) - 1);

	*inode = 0;
	if (len < 0)
		return judge_errno();
	link[len] = '\0';
	if (strncmp(link, prefix, sizeof(prefix) - 1) == 0)
		*inode = parse_number(link + sizeof(prefix) - 1, ']');
	return TROUBLE_NONE;
}

/*
 * The command of a process, which the kernel ends with a newline.  In a copy
 * of a proc there may be anything in its place, which must not be waited for.
 */
static enum trouble
read_name(int process, char name[OWNER_NAME])
{
	char text[OWNER_NAME];
	int fd = openat(process, "comm", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t len = fd >= 0 ? read(fd, text, sizeof(text)) : -1;
	int error = len == 0 ? EIO : errno;

	if (fd >= 0)
		close(fd);
	if (len <= 0) {
		errno = error;
		return judge_errno();
	}
	if (text[len - 1] == '\n')
		len--;
	if (len >= OWNER_NAME)
		len = OWNER_NAME - 1;
	memcpy(name, text, (size_t)len);
	name[len] = '\0';
	return TROUBLE_NONE;
}

/* Makes a process the last of the owners, for its first socket. */
static enum trouble
add_owner(struct owners *owners, int process, uint32_t pid)
{
	struct owner *owner;
	enum trouble trouble;

	if (owners->n > 0 && owners->owner[owners->n - 1].pid == pid)
		return TROUBLE_NONE;
	owner = array_reserve(
	    owners->owner, &owners->size, owners->n + 1, sizeof(*owner));
	if (!owner) {
		errno = ENOMEM;
		return TROUBLE_FATAL;
	}
	owners->owner = owner;
	trouble = read_name(process, owner[owners->n].name);
	if (trouble == TROUBLE_NONE)
		owner[owners->n++].pid = pid;
	return trouble;
}

/* /proc lists processes by pid: the first one that has a socket keeps it. */
static enum trouble
add_socket(struct owners *owners, int process, uint32_t pid, uint64_t inode)
{
	enum trouble trouble;
	uint32_t key[2];

	memcpy(key, &inode, sizeof(key));
	if (inode == 0 || map_get(&owners->sockets, key) > 0)
		return TROUBLE_NONE;
	trouble = add_owner(owners, process, pid);
	if (trouble != TROUBLE_NONE ||
	    map_add(&owners->sockets, key, (uint32_t)owners->n))
		return trouble;
	errno = ENOMEM;
	return TROUBLE_FATAL;
}

/* All sockets of a process. */
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

/* All processes; false, with errno set, if that cannot be done. */
static bool
read_processes(struct owners *owners, DIR *proc, bool *hidden)
{
	const struct dirent *entry;
	bool found = false;

	while ((entry = procfs_next(proc))) {
		uint64_t pid = parse_number(entry->d_name, '\0');
		enum trouble trouble;
		int process;

		if (pid == 0 || pid > UINT32_MAX)
			continue;
		found = true;
		process = openat(dirfd(proc), entry->d_name,
		    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		trouble = process < 0
		    ? judge_errno()
		    : read_process(owners, process, (uint32_t)pid);
		if (process >= 0)
			close(process);
		if (trouble == TROUBLE_FATAL)
			return false;
		*hidden |= trouble == TROUBLE_DENIED;
	}
	if (errno == 0 && !found)
		errno = ESRCH;
	return errno == 0;
}

struct owners *
owners_read(const char *proc, bool *hidden)
{
	struct owners *owners = calloc(1, sizeof(*owners));
	DIR *dir = opendir(proc);
	bool done = false;
	int error;

	*hidden = procfs_hides(proc);
	if (owners && dir) {
		map_init(&owners->sockets, 2);
		done = read_processes(owners, dir, hidden);
	}
	error = errno;
	if (dir)
		closedir(dir);
	if (done)
		return owners;
	owners_free(owners);
	errno = error;
	return NULL;
}

const struct owner *
owners_find(const struct owners *owners, uint64_t inode)
{
	uint32_t key[2], number;

	memcpy(key, &inode, sizeof(key));
	number = map_get(&owners->sockets, key);
	return number > 0 ? &owners->owner[number - 1] : NULL;
}

void
owners_free(struct owners *owners)
{
	if (!owners)
		return;
	map_free(&owners->sockets);
	array_free(owners->owner, owners->size * sizeof(*owners->owner));
	free(owners);
}
