/*
 * Growing arrays, whose room at least doubles each time, so that appending n
 * elements copies O(n) of them.
 */
#include "lib/array.h"

#include <stdlib.h>

void *
array_reserve(void *array, size_t *size, size_t n, size_t element)
{
	size_t more = *size > 0 ? *size * 2 : 16;
	void *grown;

	if (n <= *size)
		return array;
	grown = reallocarray(array, more > n ? more : n, element);
	if (grown)
		*size = more > n ? more : n;
	return grown;
}
