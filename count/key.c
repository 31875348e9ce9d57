/*
 * The table of all keys, and sets of them.
 */
#include "count/key_kind.h"

#include <string.h>

static const struct key *const keys[] = {
    &key_port,
    &key_lport,
    &key_rport,
    &key_laddr,
    &key_raddr,
    &key_dst,
    &key_rnet,
    &key_family,
    &key_timer,
    &key_user,
    &key_process,
    &key_netns,
};

enum { NKEYS = sizeof(keys) / sizeof(keys[0]) };

/* All of them together, with the second column of port, or of a listener. */
_Static_assert(NKEYS + 2 <= KEY_COLUMNS_MAX, "a set has room for all keys");

static const struct key *
find_key(const char *word, size_t len)
{
	for (size_t i = 0; i < NKEYS; i++)
		if (strlen(keys[i]->name) == len &&
		    memcmp(keys[i]->name, word, len) == 0)
			return keys[i];
	return NULL;
}

static bool
has_key(const struct key_set *set, const struct key *key)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->key[i] == key)
			return true;
	return false;
}

static void
add_key(struct key_set *set, const struct key *key)
{
	for (unsigned part = 0; part < 2; part++)
		if (key->part[part])
			set->column[set->ncolumns++] = (struct key_column){
			    .title = key->part[part],
			    .number = key->number[part],
			    .last = set->listeners &&
				(key->needs & NEEDS_PROCESSES),
			    .key = set->n,
			    .part = part,
			    .at = set->size,
			};
	set->key[set->n++] = key;
	set->size += key->size;
	set->needs_ports |= key->needs & NEEDS_PORTS;
	set->needs_details |= key->needs & NEEDS_DETAILS;
	set->needs_processes |= key->needs & NEEDS_PROCESSES;
	set->needs_netns |= key->needs & NEEDS_NETNS;
	set->needs_addresses |= key->needs & NEEDS_ADDRESSES;
	set->needs_users |= key->needs & NEEDS_USERS;
	set->listeners |= key == &key_listener;
}

const char *
key_parse(struct key_set *set, const char *list, size_t *len)
{
	for (;; list += *len + 1) {
		const struct key *key;

		*len = strcspn(list, ",");
		key = find_key(list, *len);
		if (!key || has_key(set, key))
			return list;
		add_key(set, key);
		if (list[*len] == '\0')
			return NULL;
	}
}

static void
put_first(struct key_set *set, const struct key *key)
{
	const struct key_set others = *set;

	*set = (struct key_set){0};
	add_key(set, key);
	for (size_t i = 0; i < others.n; i++)
		add_key(set, others.key[i]);
}

void
key_put_netns(struct key_set *set)
{
	put_first(set, &key_netns);
}

bool
key_goes_with_listeners(const struct key_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		if (!(set->key[i]->needs & (NEEDS_PROCESSES | NEEDS_NETNS)))
			return false;
	return true;
}

void
key_put_listener(struct key_set *set)
{
	put_first(set, &key_listener);
}

bool
key_pack(const struct key_set *set, const struct key_context *context,
    const struct conn *conn, unsigned char *bytes)
{
	bool settled = true;

	for (size_t i = 0; i < set->n; bytes += set->key[i++]->size)
		settled &= set->key[i]->pack(context, conn, bytes);
	return settled;
}

void
key_settle(const struct key_set *set, struct key_context *context,
    unsigned char *bytes)
{
	for (size_t i = 0; i < set->n; bytes += set->key[i++]->size)
		if (set->key[i]->settle)
			set->key[i]->settle(context, bytes);
}

int
key_name_users(const struct key_set *set, const unsigned char *bytes)
{
	int error = 0;

	for (size_t i = 0; i < set->n; bytes += set->key[i++]->size)
		if (set->key[i]->needs & NEEDS_USERS)
			error = key_name_user(bytes);
	return error;
}

bool
key_text(const struct key_set *set, const struct key_column *column,
    const unsigned char *bytes, char text[KEY_TEXT])
{
	return set->key[column->key]->text(
	    column->part, bytes + column->at, text);
}
