/*
 * Names the systemd unit or the container of a process, by its control groups.
 */
#ifndef READ_UNIT_H
#define READ_UNIT_H

#include "read/procfs.h"

enum { UNIT_NAME = 256 }; /* NAME_MAX, and a NUL */

/*
 * Finds the unit in the text of a /proc/PID/cgroup (cgroups(7)).  Its lines
 * have paths, whose parts are names of groups.  From the best to the worst,
 * a part is:
 *
 * - a container or unit: docker-ID.scope or docker/ID (as docker-ID), other
 *   runtimes likewise, lxc/NAME or lxc.payload.NAME (as lxc-NAME), or a part
 *   that ends as a systemd unit with processes does, except init.scope.  An ID
 *   has 64 hexadecimal digits, of which the first 12 are used;
 * - a slice, such as user-1000.slice;
 * - any other part.
 *
 * Of a path, this takes the best part, the last of equals; of several lines,
 * the one with the best part or, of equals, that of version 2, then that of
 * systemd, then the first.  Writes an empty name if all paths are "/".  The
 * rest of the array is zeroed.
 */
void unit_find(const char *text, char unit[UNIT_NAME]);

/*
 * Reads the unit of a process, by its open directory.  Without control groups,
 * as in some copies of a proc, it is empty.
 */
enum trouble unit_read(int process, char unit[UNIT_NAME]);

#endif
