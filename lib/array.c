/*
 * malloc() for small arrays, huge pages for large ones.
 */
#include "lib/array.h"

#include <sys/mman.h>

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { LARGE = 1 << 20, HUGE_PAGE = 1 << 21 };

/* What an array of that size takes: large ones take whole huge pages. */
static size_t
room(size_t bytes)
{
	return (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
}

/* Whole huge pages, all zero; NULL where memory ran out. */
static void *
map_pages(size_t bytes)
{
	size_t len = room(bytes) + HUGE_PAGE;
	char *map, *start;

	if (len < bytes) {
		errno = ENOMEM;
		return NULL;
	}
	map = mmap(NULL, len, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map == MAP_FAILED)
		return NULL;
	/* It is cut to begin where a page does. */
	start = map + (HUGE_PAGE - (uintptr_t)map % HUGE_PAGE) % HUGE_PAGE;
	if (start > map)
		munmap(map, (size_t)(start - map));
	munmap(start + room(bytes), (size_t)(map + HUGE_PAGE - start));
	madvise(start, room(bytes), MADV_HUGEPAGE);
	return start;
}

void *
array_new(size_t bytes)
{
	return bytes < LARGE ? calloc(1, bytes) : map_pages(bytes);
}

void
array_free(void *array, size_t bytes)
{
	/* munmap() would take NULL for an address. */
	if (!array)
		return;
	if (bytes < LARGE)
		free(array);
	else
		munmap(array, room(bytes));
}

/* The same array, of more bytes. */
static void *
resize(void *array, size_t bytes, size_t new_bytes)
{
	void *grown;

	if (new_bytes < LARGE)
		return realloc(array, new_bytes);
	if (bytes >= LARGE && room(bytes) == room(new_bytes))
		return array;
	grown = map_pages(new_bytes);
	if (grown && array) {
		memcpy(grown, array, bytes);
		array_free(array, bytes);
	}
	return grown;
}

void *
array_reserve(void *array, size_t *size, size_t n, size_t element)
{
	size_t more = *size > 0 ? *size * 2 : 16, bytes;
	void *grown;

	if (n <= *size)
		return array;
	if (more < n)
		more = n;
	if (__builtin_mul_overflow(more, element, &bytes))
		return NULL;
	grown = resize(array, *size * element, bytes);
	if (grown)
		*size = more;
	return grown;
}
