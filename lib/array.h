/*
 * Arrays that grow as elements are appended; the caller keeps their pointer,
 * length and room.
 */
#ifndef LIB_ARRAY_H
#define LIB_ARRAY_H

#include <stddef.h>

/*
 * Makes room for n elements in an array.  size is its room so far, in elements
 * (0 if array is NULL), and is updated; element is the size of one in bytes.
 * Returns the array, which may have moved; the caller frees it.  Returns NULL
 * if out of memory: then the old array is unchanged.
 */
void *array_reserve(void *array, size_t *size, size_t n, size_t element);

#endif
