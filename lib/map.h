/*
 * Values of keys, which are strings of so many 32-bit words.  Keys are
 * numbered from 0 in the order in which they come.
 */
#ifndef MAP_H
#define MAP_H

#include "lib/hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAP_WORDS = 64 };

/* In the place of a number. */
#define MAP_NONE SIZE_MAX

struct map_slot;
struct map_queue;

/*
 * What is done with the key of that number which was queued, and with the n
 * that it was queued with.  False where it cannot be.
 */
typedef bool map_taker(void *ctx, size_t number, uint32_t n);

struct map {
	size_t words; /* of a key, MAP_WORDS at most */
	size_t n;     /* keys */
	size_t size;  /* slots, used or free; a power of 2 */
	struct hash_key hash_key;
	struct map_slot *slots;
	uint32_t *items; /* each a value and a key */
	size_t room;	 /* for so many of them */
	struct map_queue *queue;
	map_taker *take; /* NULL: adds n to the value */
	void *ctx;
};

/* The words that so many bytes take. */
static inline size_t
map_words(size_t bytes)
{
	return (bytes + sizeof(uint32_t) - 1) / sizeof(uint32_t);
}

/* An empty map for keys of so many words; to be freed with map_free(). */
void map_init(struct map *map, size_t words);
void map_free(struct map *map);

/*
 * The number of a key, which is added, with a value of 0, where it is new.
 * MAP_NONE where memory ran out.
 */
size_t map_reach(struct map *map, const uint32_t *key);

/*
 * Adds n to the value of a key.  Returns whether it could: false where memory
 * ran out, or the value its 32 bits.
 */
bool map_add(struct map *map, const uint32_t *key, uint32_t n);

/*
 * The same, or what take does, but only at map_flush() at the latest.  Where
 * there are very many keys this is faster: the memory of some is fetched at
 * once.  The answer may be that for another key.
 */
bool map_queue(struct map *map, const uint32_t *key, uint32_t n);
bool map_flush(struct map *map);

/* The number of a key, or MAP_NONE; its value, or 0. */
size_t map_find(const struct map *map, const uint32_t *key);
uint32_t map_get(const struct map *map, const uint32_t *key);

/* By number: the value of a key, and the key.  Good until one is added. */
static inline uint32_t *
map_value(const struct map *map, size_t number)
{
	return map->items + number * (1 + map->words);
}

static inline const uint32_t *
map_key(const struct map *map, size_t number)
{
	return map_value(map, number) + 1;
}

#endif
