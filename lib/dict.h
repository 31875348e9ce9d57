/*
 * A dictionary: maps keys of a fixed size to records of a fixed size.  A peer
 * that chooses the keys cannot make it slow (see hash.h).
 */
#ifndef LIB_DICT_H
#define LIB_DICT_H

#include "lib/hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dict_slot;

struct dict {
	size_t n;				 /* number of keys */
	size_t key_size, record_size, item_size; /* bytes */
	size_t room;				 /* items allocated */
	size_t nslots;				 /* 0 or a power of 2 */
	unsigned char *items; /* each a record and its key, in order */
	struct dict_slot *slots;
	struct hash_key hash_key;
};

/*
 * Makes an empty dictionary; sizes are in bytes.  The caller frees it with
 * dict_free(), after which it is empty and can be used again.
 */
void dict_init(struct dict *dict, size_t key_size, size_t record_size);
void dict_free(struct dict *dict);

/* Returns the record of a key; NULL if the key is not there. */
void *dict_find(const struct dict *dict, const void *key);

/*
 * Returns the record of a key.  Adds a new key, with a zeroed record; then all
 * other records may move.  Returns NULL if out of memory.
 */
void *dict_reach(struct dict *dict, const void *key);

/* Returns the i-th record, from 0, in the order in which keys were added. */
static inline void *
dict_record(const struct dict *dict, size_t i)
{
	return dict->items + i * dict->item_size;
}

static inline const void *
dict_key(const struct dict *dict, const void *record)
{
	return (const unsigned char *)record + dict->record_size;
}

#endif
