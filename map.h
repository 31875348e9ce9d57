/*
 * Counts under keys: strings of so many 32-bit words.
 */
#ifndef MAP_H
#define MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAP_WORDS = 64, MAP_QUEUE = 32 };

struct map {
	size_t words; /* of a key, MAP_WORDS at most */
	size_t n;     /* keys */
	size_t size;  /* entries, used or free; a power of 2 */
	uint64_t seed;
	uint32_t *entries; /* each a count, 0 where free, and a key */
	size_t queued;
	struct {
		uint64_t hash;
		uint32_t n;
		uint32_t key[MAP_WORDS];
	} queue[MAP_QUEUE]; /* what is to be added */
};

/* An empty map for keys of so many words; to be freed with map_free(). */
void map_init(struct map *map, size_t words);
void map_free(struct map *map);

/*
 * Adds n to the count of a key, which is 0 at first.  Returns whether it
 * could: false where memory ran out, or the count its 32 bits.
 */
bool map_add(struct map *map, const uint32_t *key, uint32_t n);

/*
 * The same, but only at map_flush() at the latest.  Where there are very many
 * keys this is faster: the memory of some is fetched at once.  The answer may
 * be that for another key.
 */
bool map_queue(struct map *map, const uint32_t *key, uint32_t n);
bool map_flush(struct map *map);

/* The count of a key; 0 where there is none. */
uint32_t map_get(const struct map *map, const uint32_t *key);

/*
 * The key of the next entry from *at on (0 at first), which is moved behind
 * it, and its count; NULL at the end.  The map must not change meanwhile.
 */
const uint32_t *map_next(const struct map *map, size_t *at, uint32_t *count);

/*
 * A hash of so many words.  Peers choose their addresses and ports: where many
 * with one hash would do harm, the seed must be one that they cannot know.
 */
static inline uint64_t
hash_words(uint64_t seed, const uint32_t *words, size_t n)
{
	uint64_t h = seed;

	for (size_t i = 0; i < n; i += 2) {
		h ^= words[i];
		h ^= i + 1 < n ? (uint64_t)words[i + 1] << 32 : 0;
		/* The last steps of splitmix64: each bit reaches all others.
		 */
		h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9u;
		h = (h ^ h >> 27) * 0x94d049bb133111ebu;
		h ^= h >> 31;
	}
	return h;
}

#endif
