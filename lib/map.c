/*
 * A table of hashes, and beside it, close together, what they lead to: there
 * may be millions of keys, most of which come once.
 */
#include "lib/map.h"

#include "lib/array.h"

#include <stdlib.h>
#include <string.h>

/* The number of a key + 1, 0 where it is free, and the key's hash. */
struct map_slot {
	uint32_t number;
	uint32_t hash;
};

enum { QUEUE = 32 };

/* What is to be taken. */
struct map_queue {
	size_t n;
	struct {
		uint32_t hash;
		uint32_t n;
		uint32_t key[MAP_WORDS];
	} item[QUEUE];
};

void
map_init(struct map *map, size_t words)
{
	*map = (struct map){.words = words, .hash_key = hash_random_key()};
}

static size_t
item_bytes(const struct map *map)
{
	return (1 + map->words) * sizeof(*map->items);
}

static void
free_slots(struct map *map)
{
	array_free(map->slots, map->size * sizeof(*map->slots));
}

void
map_free(struct map *map)
{
	free_slots(map);
	array_free(map->items, map->room * item_bytes(map));
	free(map->queue);
	*map = (struct map){.words = map->words, .hash_key = map->hash_key};
}

/*
 * Most of the time goes into the functions below, and much of that is saved
 * where the compiler knows how long a key is.  That of a service port and a
 * state is two words, that of an address five.
 */
static inline uint32_t
hash_key(const struct map *map, const uint32_t *key, size_t words)
{
	return (uint32_t)hash_words(&map->hash_key, key, words);
}

static inline bool
same(const uint32_t *a, const uint32_t *b, size_t words)
{
	for (size_t i = 0; i < words; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

/* The slot of a key, or the free one where it belongs. */
static inline struct map_slot *
find(const struct map *map, const uint32_t *key, uint32_t hash, size_t words)
{
	for (size_t i = hash;; i++) {
		struct map_slot *slot = &map->slots[i & (map->size - 1)];

		if (slot->number == 0 ||
		    (slot->hash == hash &&
			same(map->items + (slot->number - 1) * (1 + words) + 1,
			    key, words)))
			return slot;
	}
}

/* Twice the room, or the first; false where memory ran out. */
static bool
grow(struct map *map)
{
	size_t size = map->size > 0 ? map->size * 2 : 256;
	struct map_slot *slots;
	uint32_t *items;

	/* Hashes, and numbers + 1, have 32 bits. */
	if (size > UINT32_MAX)
		return false;
	items = array_reserve(
	    map->items, &map->room, size / 4 * 3, item_bytes(map));
	if (!items)
		return false;
	map->items = items;
	slots = array_new(size * sizeof(*slots));
	if (!slots)
		return false;
	for (size_t i = 0; i < map->size; i++) {
		size_t at = map->slots[i].hash;

		if (map->slots[i].number == 0)
			continue;
		while (slots[at & (size - 1)].number > 0)
			at++;
		slots[at & (size - 1)] = map->slots[i];
	}
	free_slots(map);
	map->slots = slots;
	map->size = size;
	return true;
}

static inline size_t
reach(struct map *map, const uint32_t *key, uint32_t hash, size_t words)
{
	struct map_slot *slot;
	uint32_t *item;

	/* A quarter is kept free. */
	if (map->n >= map->size / 4 * 3 && !grow(map))
		return MAP_NONE;
	slot = find(map, key, hash, words);
	if (slot->number == 0) {
		item = map->items + map->n * (1 + words);
		item[0] = 0;
		for (size_t i = 0; i < words; i++)
			item[1 + i] = key[i];
		slot->number = (uint32_t)++map->n;
		slot->hash = hash;
	}
	return slot->number - 1;
}

size_t
map_reach(struct map *map, const uint32_t *key)
{
	return reach(map, key, hash_key(map, key, map->words), map->words);
}

static inline bool
add(uint32_t *value, uint32_t n)
{
	uint32_t sum;

	if (__builtin_add_overflow(*value, n, &sum))
		return false;
	*value = sum;
	return true;
}

bool
map_add(struct map *map, const uint32_t *key, uint32_t n)
{
	size_t number = map_reach(map, key);

	return number != MAP_NONE && add(map_value(map, number), n);
}

static inline bool
flush(struct map *map, size_t words)
{
	struct map_queue *queue = map->queue;
	bool taken = true;

	/* What fails ends it: later keys must not be taken without others. */
	for (size_t i = 0; taken && queue && i < queue->n; i++) {
		size_t number =
		    reach(map, queue->item[i].key, queue->item[i].hash, words);

		if (number == MAP_NONE)
			taken = false;
		else if (map->take)
			taken = map->take(map->ctx, number, queue->item[i].n);
		else
			taken = add(map->items + number * (1 + words),
			    queue->item[i].n);
	}
	if (queue)
		queue->n = 0;
	return taken;
}

static inline bool
enqueue(struct map *map, const uint32_t *key, uint32_t n, size_t words)
{
	uint32_t hash = hash_key(map, key, words);
	struct map_queue *queue = map->queue;

	if (!queue) {
		queue = map->queue = malloc(sizeof(*queue));
		if (!queue)
			return false;
		queue->n = 0;
	}
	if (queue->n == QUEUE && !flush(map, words))
		return false;
	queue->item[queue->n].hash = hash;
	queue->item[queue->n].n = n;
	for (size_t i = 0; i < words; i++)
		queue->item[queue->n].key[i] = key[i];
	queue->n++;
	if (map->size > 0)
		__builtin_prefetch(&map->slots[hash & (map->size - 1)], 1);
	return true;
}

bool
map_flush(struct map *map)
{
	switch (map->words) {
	case 2:
		return flush(map, 2);
	case 5:
		return flush(map, 5);
	default:
		return flush(map, map->words);
	}
}

bool
map_queue(struct map *map, const uint32_t *key, uint32_t n)
{
	switch (map->words) {
	case 2:
		return enqueue(map, key, n, 2);
	case 5:
		return enqueue(map, key, n, 5);
	default:
		return enqueue(map, key, n, map->words);
	}
}

size_t
map_find(const struct map *map, const uint32_t *key)
{
	const struct map_slot *slot;

	if (map->size == 0)
		return MAP_NONE;
	slot = find(map, key, hash_key(map, key, map->words), map->words);
	return slot->number > 0 ? slot->number - 1 : MAP_NONE;
}

uint32_t
map_get(const struct map *map, const uint32_t *key)
{
	size_t number = map_find(map, key);

	return number != MAP_NONE ? *map_value(map, number) : 0;
}
