/*
 * What a breakdown groups by: the one table of its keys.
 */
#ifndef COUNT_KEY_H
#define COUNT_KEY_H

#include "lib/conn.h"
#include "read/netns.h"
#include "read/owner.h"

#include <stdbool.h>
#include <stddef.h>

/* The ports that the kernel gives to outgoing connections, both included. */
struct port_range {
	uint16_t low, high;
};

/* What a socket does not tell of itself. */
struct key_context {
	uint64_t *listening; /* local ports, a bit each; NULL: not needed */
	struct port_range range;
	uint64_t netns; /* the id of their namespace (see netns.h) */
	char netns_name[NETNS_NAME];
	bool merge_listeners;	     /* if they read the same */
	const struct owners *owners; /* when keys are settled */
	size_t unowned;		     /* sockets of which they know none */
};

/* Room for the text of a key's column, and its NUL. */
enum { KEY_TEXT = 64 };

struct key;

enum { KEYS_MAX = 16, KEY_SIZE_MAX = 256 };

/* A column of a breakdown: a key has one or two. */
struct key_column {
	const char *title; /* as csv and json have it, in lower case */
	bool number;	   /* of digits, or "-" */
	bool last;	   /* in a table, behind what it is the key of */
	size_t key;	   /* which key's it is: its place in the set, */
	unsigned part;	   /* and its part of that */
	size_t at;	   /* where its bytes are in the packed key */
};

/* The keys of one breakdown, in their order; made by key_parse(). */
struct key_set {
	const struct key *key[KEYS_MAX];
	size_t n;
	struct key_column column[2 * KEYS_MAX];
	size_t ncolumns;
	size_t size;	      /* bytes of a packed key */
	bool needs_ports;     /* all listeners must be known */
	bool needs_owners;    /* conns must have uid and inode */
	bool needs_processes; /* settling needs to know whose sockets are */
	bool needs_netns;     /* their namespace must be known by name */
	bool needs_addresses; /* their addresses matter */
	bool needs_users;     /* names of users are to be found out */
	bool listeners; /* groups are listeners, and what came in by them */
};

/*
 * Adds the keys of a list such as "lport,raddr" to a set, which is zeroed at
 * first.  Returns NULL, or the word that is no key, or one that is there
 * already, of len bytes.
 */
const char *key_parse(struct key_set *set, const char *list, size_t *len);

/*
 * Put a key before all others of a set that does not have it: netns, or a
 * listening socket, of which there is a group each then.
 */
void key_put_netns(struct key_set *set);
void key_put_listener(struct key_set *set);

/* Whether a listener has all keys of a set: its process and its netns. */
bool key_goes_with_listeners(const struct key_set *set);

/*
 * Packs the keys of a conn into set->size bytes, which are the same for conns
 * that belong to one row.  Returns whether they are settled: some can be told
 * only when all listeners are known, or the owners of sockets.
 */
bool key_pack(const struct key_set *set, const struct key_context *context,
    const struct conn *conn, unsigned char *bytes);

/* Settles packed keys, in place. */
void key_settle(const struct key_set *set, struct key_context *context,
    unsigned char *bytes);

/*
 * Finds out the names of the users in a key, and keeps them for key_text(),
 * which has the numbers of others.  Returns 0, or an errno value if it could
 * not.
 */
int key_name_users(const struct key_set *set, const unsigned char *bytes);

/*
 * The text of a column of a settled key; these are in their natural order as
 * memcmp() has it.  It may be anything but NUL bytes: who prints it must
 * escape it.  Returns false, with "-", where there is nothing to name.
 */
bool key_text(const struct key_set *set, const struct key_column *column,
    const unsigned char *bytes, char text[KEY_TEXT]);

#endif
