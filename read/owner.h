/*
 * Which process has a socket: from its inode to pid and command.
 */
#ifndef READ_OWNER_H
#define READ_OWNER_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

enum { OWNER_NAME = 16 }; /* TASK_COMM_LEN, with its NUL */

struct owner {
	uint32_t pid;
	char name[OWNER_NAME]; /* may hold anything but NUL */
};

struct owners;

/*
 * Looks at all descriptors of all processes in proc ("/proc").  Fills in
 * whether there are some that this user may not look into.  Returns NULL if
 * out of memory or proc cannot be read, with errno set, ESRCH if no process is
 * in it, and the path of what could not be read; else to be freed.
 */
enum { OWNERS_PATH = PATH_MAX + 64 };
struct owners *owners_read(
    const char *proc, bool *hidden, char failed[OWNERS_PATH]);

/*
 * The process that has the socket of that inode, of several the one with the
 * lowest pid; NULL if none is known.  Lives as long as owners.
 */
const struct owner *owners_find(const struct owners *owners, uint64_t inode);

void owners_free(struct owners *owners);

#endif
