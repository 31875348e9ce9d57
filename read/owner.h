/*
 * Finds the process of a socket: maps the socket's inode to the pid and
 * command of its owner.
 */
#ifndef READ_OWNER_H
#define READ_OWNER_H

#include "read/procfs.h"
#include "read/unit.h"

#include <stdbool.h>
#include <stdint.h>

enum { OWNER_NAME = 16 }; /* TASK_COMM_LEN, with its NUL */

struct owner {
	uint32_t pid;
	char name[OWNER_NAME]; /* untrusted: any bytes, then a NUL */
};

/*
 * Reads the name of a process, by its open directory.  In a copy of a proc it
 * may be missing, and is then empty.
 */
enum trouble owner_read_name(int process, bool copy, char name[OWNER_NAME]);

struct owners;

/*
 * Reads the descriptors of all processes in proc ("/proc") and, if units is
 * set, the unit of each process that has a socket.  Sets *hidden to whether
 * there are processes that this user may not read.  Returns the owners, which
 * the caller frees with owners_free(); NULL on failure, with the path in
 * failed and the reason in errno: ENOMEM, ESRCH if proc shows no process, or
 * why a file could not be read.
 */
struct owners *owners_read(
    const char *proc, bool units, bool *hidden, char failed[PROCFS_PATH]);

/*
 * Returns the owner of a socket by its inode; if several processes have it,
 * the one with the lowest pid; NULL if none is known.  Owned by owners.
 */
const struct owner *owners_find(const struct owners *owners, uint64_t inode);

/*
 * Returns the unit of an owner, with room for UNIT_NAME bytes; NULL if units
 * were not read.  Owned by owners.
 */
const char *owners_unit(
    const struct owners *owners, const struct owner *owner);

/* Frees owners, which may be NULL. */
void owners_free(struct owners *owners);

#endif
