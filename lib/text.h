/*
 * A stream into memory that tells when there was too little of it, which that
 * of open_memstream(3) of glibc does not.
 */
#ifndef LIB_TEXT_H
#define LIB_TEXT_H

#include <stdio.h>

struct text {
	FILE *out; /* to write to */
	char *bytes;
	size_t len, size;
};

/* Begins a text; NULL, with errno set, where it cannot.  Returns text->out. */
FILE *text_open(struct text *text);

/*
 * Ends it.  Returns all of it, terminated, the caller's to free, or NULL where
 * memory ran out.
 */
char *text_close(struct text *text);

#endif
