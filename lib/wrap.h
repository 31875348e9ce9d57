/*
 * Breaks long text into lines.  A character of UTF-8 takes one column.
 */
#ifndef LIB_WRAP_H
#define LIB_WRAP_H

#include <stddef.h>

/*
 * Returns how many bytes of text fit in a line of width columns, at least 1:
 * all of it, the words that fit or, if the first word is longer, as much of
 * that as fits.
 */
size_t wrap_words(const char *text, size_t width);

/*
 * Does the same with commands separated by "; ".  The first of them may be
 * longer: it is not broken.
 */
size_t wrap_commands(const char *text, size_t width);

/* Skips the blanks at which a line was broken. */
const char *wrap_next(const char *text);

/* Returns how many lines of width columns wrap_words() makes of text. */
size_t wrap_lines(const char *text, size_t width);

#endif
