/*
 * What a mount of procfs does not show.
 */
#ifndef PROCFS_H
#define PROCFS_H

#include <stdbool.h>

/*
 * Whether proc, which may be a copy too, does not list the processes of others
 * to this user: it is mounted so (hidepid, see proc(5)), or lacks process 1,
 * which there always is.
 */
bool procfs_hides(const char *proc);

#endif
