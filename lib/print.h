/*
 * Text and numbers to a stream, which fprintf() does too, but more slowly.
 * Whether the stream took them is for the caller to see.
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

/* Appends a number to text, which has 21 bytes for it; returns its end. */
char *append_number(char *to, uint64_t n);

/* In at least so many columns: text takes one a byte. */
void print_left(FILE *out, size_t width, const char *text);
void print_right(FILE *out, size_t width, const char *text);
void print_number_right(FILE *out, size_t width, uint64_t n);

/* A change, with its sign, to the left. */
void print_change(FILE *out, size_t width, int64_t change);

#endif
