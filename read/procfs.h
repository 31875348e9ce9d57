/*
 * Shared by walks through a proc: processes that a mount hides, the end of a
 * directory, and processes that end during the walk.
 */
#ifndef READ_PROCFS_H
#define READ_PROCFS_H

#include <dirent.h>
#include <stdbool.h>

/*
 * Whether a mount of procfs hides the processes of other users from this one
 * (hidepid, see proc(5)).  Considers all mounts, not only that at /proc.
 */
bool procfs_hides(void);

/* Whether a path is on procfs, not in a copy of one. */
bool procfs_is_live(const char *path);

/*
 * Returns the next entry of a directory, which is valid as that of readdir(3).
 * Returns NULL at its end, with errno 0, and on failure, with errno set: EINTR
 * after a signal that ends watch mode.
 */
const struct dirent *procfs_next(DIR *dir);

/*
 * Whether an errno value means that a process or descriptor is gone or, in a
 * copy, was never there.
 */
bool procfs_gone(int error);

#endif
