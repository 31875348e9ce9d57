/*
 * A dictionary: keys of a fixed number of bytes, each with a record.
 */
#ifndef LIB_DICT_H
#define LIB_DICT_H

#include "lib/hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dict_slot;

struct dict {
	size_t n; /* keys */
	size_t key_size, record_size, item_size;
	size_t room;	      /* for so many items */
	size_t nslots;	      /* a power of 2 */
	unsigned char *items; /* a record and its key each, in order */
	struct dict_slot *slots;
	struct hash_key hash_key;
};

/* Makes an empty dictionary, to be freed with dict_free(). */
void dict_init(struct dict *dict, size_t key_size, size_t record_size);
void dict_free(struct dict *dict);

/* The record of a key; NULL if there is none. */
void *dict_find(const struct dict *dict, const void *key);

/*
 * The record of a key, which is added, with a record of zeros, if it is new.
 * NULL if out of memory.  Other records may move.
 */
void *dict_reach(struct dict *dict, const void *key);

/* The i-th record, in the order in which keys were added. */
static inline void *
dict_record(const struct dict *dict, size_t i)
{
	return dict->items + i * dict->item_size;
}

/* The key of a record. */
static inline const void *
dict_key(const struct dict *dict, const void *record)
{
	return (const unsigned char *)record + dict->record_size;
}

#endif
