/*
 * An open hash table, as small as it can be: there may be millions of keys.
 */
#include "map.h"

#include <sys/auxv.h>
#include <sys/mman.h>

#include <string.h>

/* What the kernel gave this process at random (getauxval(3)). */
static uint64_t
get_seed(void)
{
	const void *random = (const void *)getauxval(AT_RANDOM);
	uint64_t seed = 0;

	if (random)
		memcpy(&seed, random, sizeof(seed));
	return seed;
}

static size_t
map_bytes(const struct map *map)
{
	return map->size * (1 + map->words) * sizeof(*map->entries);
}

void
map_init(struct map *map, size_t words)
{
	map->words = words;
	map->n = map->size = map->queued = 0;
	map->seed = get_seed();
}

/*
 * Most of the time goes into the functions below, and most of that is saved
 * where the compiler knows how long a key is.  That of a service port and a
 * state is two words.
 */
static inline bool
same(const uint32_t *a, const uint32_t *b, size_t words)
{
	for (size_t i = 0; i < words; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

static inline uint32_t *
entry_at(const struct map *map, size_t i, size_t words)
{
	return map->entries + (i & (map->size - 1)) * (1 + words);
}

/* The entry of a key, or the free one where it belongs. */
static inline uint32_t *
find(const struct map *map, const uint32_t *key, uint64_t hash, size_t words)
{
	for (size_t i = hash;; i++) {
		uint32_t *entry = entry_at(map, i, words);

		if (entry[0] == 0 || same(entry + 1, key, words))
			return entry;
	}
}

/*
 * Twice the room, or the first; false where memory ran out.  Keys are looked
 * up at random, which for many of them is much faster on huge pages.
 */
static bool
grow(struct map *map)
{
	struct map old = *map;
	size_t at = 0;
	uint32_t count;
	const uint32_t *key;

	map->size = old.size > 0 ? old.size * 2 : 256;
	map->entries = mmap(NULL, map_bytes(map), PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map->entries == MAP_FAILED) {
		*map = old;
		return false;
	}
	madvise(map->entries, map_bytes(map), MADV_HUGEPAGE);
	while ((key = map_next(&old, &at, &count))) {
		uint64_t hash = hash_words(map->seed, key, map->words);

		memcpy(find(map, key, hash, map->words), key - 1,
		    (1 + map->words) * sizeof(*key));
	}
	map_free(&old);
	return true;
}

static inline bool
add(struct map *map, const uint32_t *key, uint64_t hash, uint32_t n,
    size_t words)
{
	uint32_t *entry, sum;

	/* A quarter is kept free. */
	if (map->n >= map->size / 4 * 3 && !grow(map))
		return false;
	entry = find(map, key, hash, words);
	if (entry[0] == 0) {
		for (size_t i = 0; i < words; i++)
			entry[1 + i] = key[i];
		map->n++;
	}
	if (__builtin_add_overflow(entry[0], n, &sum))
		return false;
	entry[0] = sum;
	return true;
}

bool
map_add(struct map *map, const uint32_t *key, uint32_t n)
{
	return add(
	    map, key, hash_words(map->seed, key, map->words), n, map->words);
}

static inline bool
flush(struct map *map, size_t words)
{
	bool added = true;

	for (size_t i = 0; i < map->queued; i++)
		added &= add(map, map->queue[i].key, map->queue[i].hash,
		    map->queue[i].n, words);
	map->queued = 0;
	return added;
}

static inline bool
queue(struct map *map, const uint32_t *key, uint32_t n, size_t words)
{
	uint64_t hash = hash_words(map->seed, key, words);

	if (map->queued == MAP_QUEUE && !flush(map, words))
		return false;
	map->queue[map->queued].hash = hash;
	map->queue[map->queued].n = n;
	for (size_t i = 0; i < words; i++)
		map->queue[map->queued].key[i] = key[i];
	map->queued++;
	if (map->size > 0)
		__builtin_prefetch(entry_at(map, hash, words), 1);
	return true;
}

bool
map_flush(struct map *map)
{
	return map->words == 2 ? flush(map, 2) : flush(map, map->words);
}

bool
map_queue(struct map *map, const uint32_t *key, uint32_t n)
{
	return map->words == 2 ? queue(map, key, n, 2)
			       : queue(map, key, n, map->words);
}

uint32_t
map_get(const struct map *map, const uint32_t *key)
{
	uint64_t hash = hash_words(map->seed, key, map->words);

	return map->size > 0 ? find(map, key, hash, map->words)[0] : 0;
}

const uint32_t *
map_next(const struct map *map, size_t *at, uint32_t *count)
{
	while (*at < map->size) {
		const uint32_t *entry =
		    map->entries + (*at)++ * (1 + map->words);

		*count = entry[0];
		if (*count > 0)
			return entry + 1;
	}
	return NULL;
}

void
map_free(struct map *map)
{
	if (map->size > 0)
		munmap(map->entries, map_bytes(map));
	map->n = map->size = 0;
}
