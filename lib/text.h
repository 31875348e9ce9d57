/*
 * A stream into memory that reports when it is out of memory; the stream of
 * glibc's open_memstream(3) does not.
 */
#ifndef LIB_TEXT_H
#define LIB_TEXT_H

#include <stdio.h>

struct text {
	FILE *out; /* to write to */
	char *bytes;
	size_t len, size;
};

/*
 * Opens a stream, to be closed with text_close().  Returns text->out, or NULL
 * with errno set.
 */
FILE *text_open(struct text *text);

/*
 * Closes the stream.  Returns all that was written, NUL-terminated, which the
 * caller frees; NULL if out of memory.
 */
char *text_close(struct text *text);

#endif
