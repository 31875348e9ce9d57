/*
 * Prints text and numbers to a stream, faster than fprintf().  The caller
 * checks the stream for errors.
 */
#ifndef LIB_PRINT_H
#define LIB_PRINT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

void print_char(FILE *out, char c);
void print_text(FILE *out, const char *text);
void print_number(FILE *out, uint64_t n);
void print_blanks(FILE *out, size_t n);

/* Prints a plugin's text; | becomes \174, as it begins performance data. */
void print_plugin_text(FILE *out, const char *text);

/* Appends a number to text, which has 21 bytes for it; returns its end. */
char *append_number(char *to, uint64_t n);

/*
 * Appends a number with a comma between each three digits, in any locale; text
 * has 27 bytes for it.  Returns its end.
 */
char *append_grouped(char *to, uint64_t n);

/*
 * Pad text on the right (print_left) or on the left (print_right) to width
 * columns, and count one column a byte; longer text is not cut.
 */
void print_left(FILE *out, size_t width, const char *text);
void print_right(FILE *out, size_t width, const char *text);

/* Prints a change with its sign, + or -, padded on the right. */
void print_change(FILE *out, size_t width, int64_t change);

#endif
