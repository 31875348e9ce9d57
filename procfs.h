/*
 * What a mount of procfs does not show.
 */
#ifndef PROCFS_H
#define PROCFS_H

#include <stdbool.h>

/*
 * Whether proc, which may be a copy too, is mounted so that it does not list
 * the processes of others to this user (hidepid, see proc(5)).
 */
bool procfs_hides(const char *proc);

#endif
