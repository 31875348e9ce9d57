/*
 * The keys to group by.  A key packs a property of a socket into bytes, which
 * are the same for all sockets of a row, and prints them.
 */
#ifndef COUNT_KEY_H
#define COUNT_KEY_H

#include "lib/conn.h"
#include "lib/ports.h"
#include "read/netns.h"
#include "read/owner.h"

#include <stdbool.h>
#include <stddef.h>

/* Facts that a key needs and a socket does not have. */
struct key_context {
	uint64_t *listening; /* a bit for each local port; NULL: not needed */
	struct port_range range;
	uint64_t netns; /* id of the sockets' namespace (see netns.h) */
	char netns_name[NETNS_NAME];
	bool merge_listeners; /* a row for all of one address and port */
	const struct owners *owners; /* needed to settle processes */
	size_t unowned;		     /* sockets settled without an owner */
};

/* Room for the text of a key's column, and its NUL. */
enum { KEY_TEXT = 256 };

struct key;

enum { KEYS_MAX = 16, KEY_COLUMNS_MAX = 20, KEY_SIZE_MAX = 512 };

/* A column of a breakdown: a key has one or two. */
struct key_column {
	const char *title; /* in lower case, as in csv and json */
	bool number;	   /* its text is digits, or "-" */
	bool last;	   /* a table prints it after the counts */
	size_t key;	   /* index of its key in the set */
	unsigned part;	   /* 0 or 1: index of the column in its key */
	size_t at;	   /* offset of its key in the packed bytes */
};

/* The keys of a breakdown, in order.  Zero it, and call key_parse(). */
struct key_set {
	const struct key *key[KEYS_MAX];
	size_t n;
	struct key_column column[KEY_COLUMNS_MAX];
	size_t ncolumns;
	size_t size;	      /* bytes of a packed key */
	bool needs_ports;     /* settling needs all listeners */
	bool needs_details;   /* conns must have them (see lib/conn.h) */
	bool needs_processes; /* settling needs the owners */
	bool needs_units;     /* the owners must have their units */
	bool needs_netns;     /* packing needs the namespace's name */
	bool needs_addresses; /* the byte order of addresses matters */
	bool needs_users;     /* call key_name_users() before key_text() */
	bool listeners;	      /* a row is a listener and its arrivals */
};

/*
 * Adds the keys of a list such as "lport,raddr" to a set, by their names or
 * aliases (see key_find_name()).  Returns NULL, or a pointer to a word in list
 * that is no key, or that the set already has, with its length in *len.
 */
const char *key_parse(struct key_set *set, const char *list, size_t *len);

/* Return the name of the i-th key, the i-th alias; NULL after the last. */
const char *key_name(size_t i);
const char *key_alias(size_t i);

/*
 * Returns the name of the key that a word of that length names, by its name or
 * an alias, in any case; NULL if there is none.
 */
const char *key_find_name(const char *word, size_t len);

/*
 * Returns the index of a column in a set by its title or, if no title matches,
 * that of the first column of a key by its name or an alias; ncolumns if there
 * is none.
 */
size_t key_find_column(const struct key_set *set, const char *word);

/* Returns the name of the first key that files do not have, or NULL. */
const char *key_not_in_files(const struct key_set *set);

/* Returns the name of the i-th key of a set. */
const char *key_set_name(const struct key_set *set, size_t i);

/*
 * Put netns, or the listening socket, before all other keys of a set, which
 * must not have that key.
 */
void key_put_netns(struct key_set *set);
void key_put_listener(struct key_set *set);

/* Whether all keys of a set apply to listeners: their owners and netns do. */
bool key_goes_with_listeners(const struct key_set *set);

/*
 * Packs the keys of a conn into set->size bytes.  Returns true if they are
 * settled: then they are the same for all conns of a row.  Returns false if
 * key_settle() must follow, when all listeners or owners are known.
 */
bool key_pack(const struct key_set *set, const struct key_context *context,
    const struct conn *conn, unsigned char *bytes);

/* Settles packed keys in place.  Counts sockets without an owner. */
void key_settle(const struct key_set *set, struct key_context *context,
    unsigned char *bytes);

/*
 * Looks up the names of the users in a settled key, and keeps them for
 * key_text(), which prints other users by number.  Returns 0, or an errno
 * value if a lookup failed.
 */
int key_name_users(const struct key_set *set, const unsigned char *bytes);

/*
 * Writes the text of a column of a settled key.  The text is untrusted; the
 * caller escapes it.  Returns false, with "-", if the key has no value.  Rows
 * with the same total are in the memcmp() order of their keys.
 */
bool key_text(const struct key_set *set, const struct key_column *column,
    const unsigned char *bytes, char text[KEY_TEXT]);

/*
 * Compares two settled keys by a column, as strcmp() does: first those without
 * a value, then numbers, then names by their bytes; addresses by theirs, IPv4
 * first.  Users sort by name if key_name_users() was called for both.
 */
int key_compare(const struct key_set *set, const struct key_column *column,
    const unsigned char *a, const unsigned char *b);

/*
 * Returns a number for a column of a settled key.  Of two keys whose numbers
 * differ, the one with the smaller number comes first in key_compare().
 */
uint64_t key_prefix(const struct key_set *set, const struct key_column *column,
    const unsigned char *bytes);

#endif
