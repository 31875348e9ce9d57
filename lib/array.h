/*
 * Memory for what may have millions of elements, or three.  A page fault costs
 * more than the use of most pages: large arrays are on huge pages, where these
 * are to be had.
 */
#ifndef ARRAY_H
#define ARRAY_H

#include <stddef.h>

/*
 * Memory of so many bytes, all zero; NULL where it ran out.  To be freed with
 * the same number.
 */
void *array_new(size_t bytes);
void array_free(void *array, size_t bytes);

/*
 * Makes an array of *size elements, NULL if these are 0, long enough for n of
 * them, and at least twice as long as it was if it is not: what is new is not
 * defined.  Returns where it is now, with *size brought up to date, or NULL
 * where memory ran out: then it is as it was.  To be freed with the bytes of
 * *size elements.
 */
void *array_reserve(void *array, size_t *size, size_t n, size_t element);

#endif
