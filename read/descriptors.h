/*
 * The open descriptors of processes, and how many each of them may have.
 */
#ifndef READ_DESCRIPTORS_H
#define READ_DESCRIPTORS_H

#include "read/owner.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Processes with fewer descriptors are left out.  Most of them are: no limit
 * in use is so low that they could be near it.
 */
enum { DESCRIPTORS_MIN = 16 };

struct descriptors {
	struct owner process;
	uint64_t open;	     /* descriptors */
	uint64_t soft, hard; /* limits of them; UINT64_MAX: unlimited */

	/* Those that are sockets; only counted from 90 % of the limit on. */
	uint64_t sockets;
};

struct descriptors_list {
	struct descriptors *process; /* by pid */
	size_t n, size;

	/*
	 * There are processes that this user may not read as far as needed,
	 * or that are incomplete in a copy of a proc.
	 */
	bool hidden;
};

/*
 * Reads all processes in proc ("/proc") that have DESCRIPTORS_MIN descriptors.
 * Those in another network namespace than that of the file netns are left out
 * ("/proc/self/ns/net", or a file of ip-netns(8); NULL: do not compare).  A
 * copy of a proc does not show namespaces, and they are not compared.  list
 * must be zeroed first, and freed with descriptors_free().  Returns 0 or an
 * errno value: ESRCH if proc shows no process.  On failure, failed is the path
 * of what could not be read.
 */
int descriptors_read(const char *proc, const char *netns,
    struct descriptors_list *list, char failed[PROCFS_PATH]);

/* Returns the descriptors of a process by its pid; NULL if not known. */
const struct descriptors *descriptors_find(
    const struct descriptors_list *list, uint32_t pid);

void descriptors_free(struct descriptors_list *list);

#endif
