/*
 * A hash table with open addressing: each slot has a hash and the number of an
 * item; the items are in one array, in the order in which they were added.
 */
#include "lib/dict.h"

#include <stdlib.h>
#include <string.h>

struct dict_slot {
	uint32_t number; /* of its item, from 1; 0: the slot is free */
	uint32_t hash;
};

void
dict_init(struct dict *dict, size_t key_size, size_t record_size)
{
	const size_t align = sizeof(uint64_t);

	*dict = (struct dict){
	    .key_size = key_size,
	    .record_size = record_size,
	    .item_size = (record_size + key_size + align - 1) / align * align,
	    .hash_key = hash_random_key(),
	};
}

void
dict_free(struct dict *dict)
{
	free(dict->items);
	free(dict->slots);
	dict_init(dict, dict->key_size, dict->record_size);
}

/* Returns the slot of a key, or the free slot to add it in. */
static struct dict_slot *
find_slot(const struct dict *dict, const void *key, uint32_t hash)
{
	for (size_t i = hash;; i++) {
		struct dict_slot *slot = &dict->slots[i & (dict->nslots - 1)];
		const void *record;

		if (slot->number == 0)
			return slot;
		record = dict_record(dict, slot->number - 1);
		if (slot->hash == hash &&
		    memcmp(dict_key(dict, record), key, dict->key_size) == 0)
			return slot;
	}
}

/* Doubles the number of slots.  Returns false if that is impossible. */
static bool
grow_slots(struct dict *dict)
{
	size_t nslots = dict->nslots > 0 ? dict->nslots * 2 : 64;
	struct dict_slot *slots;

	/* The numbers of items and the hashes have 32 bits. */
	if (nslots > UINT32_MAX)
		return false;
	slots = calloc(nslots, sizeof(*slots));
	if (!slots)
		return false;
	for (size_t i = 0; i < dict->nslots; i++) {
		size_t at = dict->slots[i].hash;

		if (dict->slots[i].number == 0)
			continue;
		while (slots[at & (nslots - 1)].number > 0)
			at++;
		slots[at & (nslots - 1)] = dict->slots[i];
	}
	free(dict->slots);
	dict->slots = slots;
	dict->nslots = nslots;
	return true;
}

static bool
grow_items(struct dict *dict)
{
	size_t room = dict->room > 0 ? dict->room * 2 : 16;
	void *items = reallocarray(dict->items, room, dict->item_size);

	if (!items)
		return false;
	dict->items = items;
	dict->room = room;
	return true;
}

void *
dict_find(const struct dict *dict, const void *key)
{
	const struct dict_slot *slot;

	if (dict->n == 0)
		return NULL;
	slot = find_slot(dict, key,
	    (uint32_t)hash_bytes(&dict->hash_key, key, dict->key_size));
	return slot->number > 0 ? dict_record(dict, slot->number - 1) : NULL;
}

void *
dict_reach(struct dict *dict, const void *key)
{
	uint32_t hash =
	    (uint32_t)hash_bytes(&dict->hash_key, key, dict->key_size);
	struct dict_slot *slot;
	unsigned char *item;

	/* A quarter of the slots stays free, so that searches are short. */
	if (dict->n >= dict->nslots / 4 * 3 && !grow_slots(dict))
		return NULL;
	slot = find_slot(dict, key, hash);
	if (slot->number > 0)
		return dict_record(dict, slot->number - 1);
	if (dict->n == dict->room && !grow_items(dict))
		return NULL;
	item = dict_record(dict, dict->n++);
	memset(item, 0, dict->record_size);
	memcpy(item + dict->record_size, key, dict->key_size);
	slot->number = (uint32_t)dict->n;
	slot->hash = hash;
	return item;
}
