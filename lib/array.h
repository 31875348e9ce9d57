/*
 * Arrays that grow.
 */
#ifndef LIB_ARRAY_H
#define LIB_ARRAY_H

#include <stddef.h>

/*
 * Makes room for n elements of that many bytes in an array, which has room for
 * *size, and may be NULL.  Returns it, moved if need be, with *size brought up
 * to date; the caller frees it.  NULL if out of memory: then it is what it
 * was.
 */
void *array_reserve(void *array, size_t *size, size_t n, size_t element);

#endif
