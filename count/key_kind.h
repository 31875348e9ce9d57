/*
 * What a key is made of: its columns, its size, what it needs, and functions
 * to pack it, to settle it and to print it.  Private to count/key*.c.
 */
#ifndef COUNT_KEY_KIND_H
#define COUNT_KEY_KIND_H

#include "count/key.h"

/* What a key needs: see the members of struct key_set. */
enum {
	NEEDS_PORTS = 1 << 0,
	NEEDS_DETAILS = 1 << 1,
	NEEDS_PROCESSES = 1 << 2,
	NEEDS_NETNS = 1 << 3,
	NEEDS_ADDRESSES = 1 << 4,
	NEEDS_USERS = 1 << 5,
	NEEDS_UNITS = 1 << 6,
};

/* A column of a key. */
struct key_part {
	const char *title; /* NULL: the key has no such column */
	bool number;	   /* its text is digits, or "-" */
	size_t at, size;   /* bytes by which it sorts; size 0: by its text */
};

struct key {
	const char *name;
	struct key_part part[2];
	size_t size;	/* of the packed key, in bytes */
	unsigned needs; /* a mask */

	/*
	 * As key_pack(), key_settle() and key_text().  settle may be NULL, and
	 * returns false if the owner is unknown.
	 */
	bool (*pack)(const struct key_context *context,
	    const struct conn *conn, unsigned char *bytes);
	bool (*settle)(
	    const struct key_context *context, unsigned char *bytes);
	bool (*text)(unsigned part, const unsigned char *bytes, char *text);
};

/* key_ends.c.  Only --listeners adds key_listener. */
extern const struct key key_port, key_lport, key_rport, key_laddr, key_raddr,
    key_src, key_dst, key_rnet, key_listener;

/* key_socket.c */
extern const struct key key_family, key_timer, key_netns;

/* key_owners.c */
extern const struct key key_user, key_process, key_command, key_unit;

/* As key_name_users(), for the bytes of key_user. */
int key_name_user(const unsigned char *bytes);

#endif
