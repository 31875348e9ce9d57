/*
 * What is common to walks through a proc: what a mount does not show, where a
 * listing ends, and processes that end meanwhile.
 */
#ifndef READ_PROCFS_H
#define READ_PROCFS_H

#include <dirent.h>
#include <stdbool.h>

/*
 * Whether some mount of procfs does not list the processes of others to this
 * user (hidepid, see proc(5)).
 */
bool procfs_hides(void);

/* Whether a path is on procfs, and not in a copy. */
bool procfs_is_live(const char *path);

/*
 * The next entry of a directory, to be used as that of readdir(3); NULL at its
 * end, with errno 0, or where it cannot be read, with errno saying why: EINTR
 * after a signal that is to end the program.
 */
const struct dirent *procfs_next(DIR *dir);

/*
 * Whether an errno value only means that a process or a descriptor of it is
 * not there, any more or, in a copy, at all.
 */
bool procfs_gone(int error);

#endif
