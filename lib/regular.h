/*
 * Opens files of a tree that others may have made, such as a copy of a proc:
 * in the place of a file may be what blocks, never ends or acts when opened.
 */
#ifndef LIB_REGULAR_H
#define LIB_REGULAR_H

#include <sys/types.h>

#include <stddef.h>

/*
 * Opens a regular file for reading, by its path from the open directory dir.
 * Returns its descriptor; -1, with errno set, on failure: ENOTSUP if it is not
 * a regular file.
 */
int regular_open(int dir, const char *path);

/*
 * Reads such a file to its end, or size bytes of it.  Returns how many bytes it
 * read; -1, with errno set, on failure: as above, or EINTR if interrupted.
 */
ssize_t regular_read(int dir, const char *path, char *text, size_t size);

/* Returns the text of an errno value that may be that of regular_open(). */
const char *regular_error(int error);

#endif
