/*
 * The walk through /proc/PID/fd, once for all sockets.
 */
#include "owner.h"

#include "map.h"

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
	uint64_t n = 0;

	for (; *text >= '0' && *text <= '9'; text++)
		if (__builtin_mul_overflow(n, 10u, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(*text - '0'), &n))
			return 0;
	return *text == stop ? n : 0;
}

/* The inode of a descriptor that is a socket; 0 if it is something else. */
static uint64_t
socket_inode(int dir, const char *name)
{
	static const char prefix[] = "socket:[";
	char link[64];
	ssize_t len = readlinkat(dir, name, link, sizeof(link) - 1);

	if (len < (ssize_t)sizeof(prefix) ||
	    memcmp(link, prefix, sizeof(prefix) - 1) != 0)
		return 0;
	link[len] = '\0';
	return parse_number(link + sizeof(prefix) - 1, ']');
}

static void
read_name(int process, char name[OWNER_NAME])
{
	int fd = openat(process, "comm", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd >= 0 ? read(fd, name, OWNER_NAME - 1) : -1;

	if (fd >= 0)
		close(fd);
	name[len > 0 ? len : 0] = '\0';
	name[strcspn(name, "\n")] = '\0';
}

/* The place of a process among the owners, made for its first socket. */
static bool
add_owner(struct owners *owners, int process, uint32_t pid)
{
	if (owners->n > 0 && owners->owner[owners->n - 1].pid == pid)
		return true;
	if (owners->n == owners->size) {
		size_t size = owners->size > 0 ? owners->size * 2 : 64;
		struct owner *owner =
		    reallocarray(owners->owner, size, sizeof(*owners->owner));

		if (!owner)
			return false;
		owners->owner = owner;
		owners->size = size;
	}
	owners->owner[owners->n].pid = pid;
	read_name(process, owners->owner[owners->n].name);
	owners->n++;
	return true;
}

/* /proc lists processes by pid: the first one that has a socket keeps it. */
static bool
add_socket(struct owners *owners, int process, uint32_t pid, uint64_t inode)
{
	uint32_t key[2];

	memcpy(key, &inode, sizeof(key));
	return map_get(&owners->sockets, key) > 0 ||
	    (add_owner(owners, process, pid) &&
		map_add(&owners->sockets, key, (uint32_t)owners->n));
}

/* All sockets of a process; false where memory ran out. */
static bool
read_process(struct owners *owners, int process, uint32_t pid, size_t *denied)
{
	int fd = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;
	bool done = true;

	if (!dir) {
		*denied += errno == EACCES || errno == EPERM;
		if (fd >= 0)
			close(fd);
		return errno != ENOMEM;
	}
	while (done && (entry = readdir(dir))) {
		uint64_t inode = isdigit((unsigned char)entry->d_name[0])
		    ? socket_inode(fd, entry->d_name)
		    : 0;

		if (inode > 0)
			done = add_socket(owners, process, pid, inode);
	}
	closedir(dir);
	return done;
}

static bool
read_processes(struct owners *owners, DIR *proc, size_t *denied)
{
	const struct dirent *entry;
	bool done = true;

	while (done && (entry = readdir(proc))) {
		uint64_t pid = parse_number(entry->d_name, '\0');
		int process;

		if (pid == 0 || pid > UINT32_MAX)
			continue;
		process = openat(dirfd(proc), entry->d_name,
		    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (process < 0)
			continue; /* it has ended */
		done = read_process(owners, process, (uint32_t)pid, denied);
		close(process);
	}
	return done;
}

struct owners *
owners_read(const char *proc, size_t *denied)
{
	struct owners *owners = calloc(1, sizeof(*owners));
	DIR *dir = opendir(proc);
	bool done = false;

	*denied = 0;
	if (owners && dir) {
		map_init(&owners->sockets, 2);
		done = read_processes(owners, dir, denied);
		if (!done)
			errno = ENOMEM;
	}
	if (dir)
		closedir(dir);
	if (done)
		return owners;
	owners_free(owners);
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
	free(owners->owner);
	free(owners);
}
