/*
 * The table of all keys, and sets of them.
 */
#include "count/key_kind.h"

#include "lib/decimal.h"

#include <endian.h>
#include <string.h>

static const struct key *const keys[] = {
    &key_port,
    &key_lport,
    &key_rport,
    &key_laddr,
    &key_raddr,
    &key_src,
    &key_dst,
    &key_rnet,
    &key_family,
    &key_timer,
    &key_user,
    &key_process,
    &key_command,
    &key_unit,
    &key_netns,
};

enum { NKEYS = sizeof(keys) / sizeof(keys[0]) };

/* With the listener, and with the second columns of that and of port. */
_Static_assert(NKEYS + 1 <= KEYS_MAX && NKEYS + 2 <= KEY_COLUMNS_MAX,
    "a set has room for all keys");

const char *
key_name(size_t i)
{
	return i < NKEYS ? keys[i]->name : NULL;
}

static bool
is_word(const char *name, const char *word, size_t len)
{
	return strlen(name) == len && strncasecmp(name, word, len) == 0;
}

static const struct {
	const char *name;
	const struct key *key;
} aliases[] = {
    {"sport", &key_lport},
    {"dport", &key_rport},
    {"peer", &key_raddr},
    {"proc", &key_process},
    {"pid", &key_process},
    {"prog", &key_command},
};

enum { NALIASES = sizeof(aliases) / sizeof(aliases[0]) };

const char *
key_alias(size_t i)
{
	return i < NALIASES ? aliases[i].name : NULL;
}

static const struct key *
find_key(const char *word, size_t len)
{
	for (size_t i = 0; i < NKEYS; i++)
		if (is_word(keys[i]->name, word, len))
			return keys[i];
	for (size_t i = 0; i < NALIASES; i++)
		if (is_word(aliases[i].name, word, len))
			return aliases[i].key;
	return NULL;
}

const char *
key_find_name(const char *word, size_t len)
{
	const struct key *key = find_key(word, len);

	return key ? key->name : NULL;
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
		if (key->part[part].title)
			set->column[set->ncolumns++] = (struct key_column){
			    .title = key->part[part].title,
			    .number = key->part[part].number,
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
	set->needs_units |= key->needs & NEEDS_UNITS;
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

const char *
key_set_name(const struct key_set *set, size_t i)
{
	return set->key[i]->name;
}

size_t
key_find_column(const struct key_set *set, const char *word)
{
	const struct key *key = find_key(word, strlen(word));

	for (size_t i = 0; i < set->ncolumns; i++)
		if (strcasecmp(set->column[i].title, word) == 0)
			return i;
	for (size_t i = 0; i < set->ncolumns; i++)
		if (set->key[set->column[i].key] == key)
			return i;
	return set->ncolumns;
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

/* Whether a key is about the owner or the namespace of a socket. */
static bool
is_of_place(const struct key *key)
{
	return key->needs & (NEEDS_PROCESSES | NEEDS_NETNS);
}

const char *
key_not_in_files(const struct key_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		if (is_of_place(set->key[i]))
			return set->key[i]->name;
	return NULL;
}

bool
key_goes_with_listeners(const struct key_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		if (!is_of_place(set->key[i]))
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
	bool known = true;

	for (size_t i = 0; i < set->n; bytes += set->key[i++]->size)
		if (set->key[i]->settle)
			known &= set->key[i]->settle(context, bytes);
	context->unowned += !known;
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

/* Returns at most size bytes at p as a number that has the same order. */
static uint64_t
first_bytes(const void *p, size_t size)
{
	uint64_t n = 0;

	memcpy(&n, p, size < sizeof(n) ? size : sizeof(n));
	return be64toh(n);
}

/* Returns a number in the order of texts: no value, numbers, names. */
static uint64_t
text_prefix(const char *text, bool has_value)
{
	enum { BITS = 56 };
	const char *end = strchr(text, '\0');
	uint64_t n;

	if (!has_value)
		return 0;
	if (decimal(text, end, (UINT64_C(1) << BITS) - 1, &n) == end)
		return UINT64_C(1) << BITS | n;
	return UINT64_C(2) << BITS |
	    first_bytes(text, (size_t)(end - text)) >> (64 - BITS);
}

uint64_t
key_prefix(const struct key_set *set, const struct key_column *column,
    const unsigned char *bytes)
{
	const struct key_part *part =
	    &set->key[column->key]->part[column->part];
	char text[KEY_TEXT];
	bool has_value;

	if (part->size > 0)
		return first_bytes(bytes + column->at + part->at, part->size);
	has_value = key_text(set, column, bytes, text);
	return text_prefix(text, has_value);
}

int
key_compare(const struct key_set *set, const struct key_column *column,
    const unsigned char *a, const unsigned char *b)
{
	const struct key_part *part =
	    &set->key[column->key]->part[column->part];
	size_t at = column->at + part->at;
	char text_a[KEY_TEXT], text_b[KEY_TEXT];
	uint64_t prefix_a, prefix_b;
	bool has_value;

	if (part->size > 0)
		return memcmp(a + at, b + at, part->size);
	has_value = key_text(set, column, a, text_a);
	prefix_a = text_prefix(text_a, has_value);
	has_value = key_text(set, column, b, text_b);
	prefix_b = text_prefix(text_b, has_value);
	if (prefix_a != prefix_b)
		return prefix_a < prefix_b ? -1 : 1;
	return strcmp(text_a, text_b);
}
