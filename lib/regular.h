/*
 * Opens files of a tree that others may have made, such as a copy of a proc:
 * in the place of a file may be what blocks, never ends or acts when opened.
 */
#ifndef LIB_REGULAR_H
#define LIB_REGULAR_H

/*
 * Opens a regular file for reading, by its path from the open directory dir.
 * Returns its descriptor; -1, with errno set, on failure: ENOTSUP if it is not
 * a regular file.
 */
int regular_open(int dir, const char *path);

/* Returns the text of an errno value that may be that of regular_open(). */
const char *regular_error(int error);

#endif
