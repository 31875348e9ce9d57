/*
 * Makes the files that a text describes: a line "@path" begins a file, of the
 * lines up to the next; "@path>target" is a link, "@path/" a directory.  A
 * line with a ? in it stands for many, which differ there.
 */
#ifndef FILES_H
#define FILES_H

/*
 * Makes them in a directory of the sandbox.  Ignores paths that lead out of
 * it, and files that cannot be made.
 */
void files_make(const char *dir, const char *text, const char *end);

/* Makes those that files.txt describes. */
void files_make_all(void);

/* Removes the directory, and all that is in it. */
void files_remove(const char *dir);

#endif
