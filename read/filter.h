/*
 * Which sockets are counted: by state, family, port and address.  Parsed once,
 * matched for each conn.
 */
#ifndef READ_FILTER_H
#define READ_FILTER_H

#include "lib/conn.h"

#include <stdbool.h>
#include <stddef.h>

/* Which end of a connection a list is about. */
enum filter_end { END_EITHER, END_LOCAL, END_REMOTE, NENDS };

struct port_set {
	size_t n;	/* ports in it */
	uint64_t *bits; /* one for each port; NULL: there is no such list */
};

struct prefix {
	struct in6_addr addr; /* IPv4 is v4-mapped */
	unsigned len;	      /* bits */
};

struct prefix_list {
	size_t n; /* 0: there is no such list */
	struct prefix *prefix;
};

/* Begin with filter_init(). */
struct filter {
	unsigned states; /* a mask of 1 << slot */
	bool family[NFAMILIES];
	struct port_set port[NENDS];
	struct prefix_list addr[NENDS];
};

/* Lets everything pass. */
void filter_init(struct filter *filter);

/*
 * Each of these takes a list, its items separated by commas, and replaces
 * what was there.  They return NULL, or the item that is wrong, of len bytes;
 * then errno is ENOMEM if there was no memory for it.
 *
 * States by any of their names, ss's groups of them, and either with ! before
 * it to leave it out; ports by number, range (8000-8099) or service name;
 * addresses with or without a prefix length.
 */
const char *filter_states(
    struct filter *filter, const char *list, size_t *len);
const char *filter_ports(
    struct filter *filter, enum filter_end end, const char *list, size_t *len);
const char *filter_addrs(
    struct filter *filter, enum filter_end end, const char *list, size_t *len);

bool filter_match(const struct filter *filter, const struct conn *conn);

/*
 * Whether a listener may be one of sockets that match: by its family and its
 * end, whatever states and peers are asked for.  And whether a socket that
 * came in by one matches, whatever local address is asked for.
 */
bool filter_match_listener(
    const struct filter *filter, const struct conn *conn);
bool filter_match_arrival(
    const struct filter *filter, const struct conn *conn);

/* Whether addresses matter to it. */
bool filter_needs_addresses(const struct filter *filter);

/* The only port of that end which can match; 0 where there may be others. */
uint16_t filter_only_port(const struct filter *filter, enum filter_end end);

void filter_free(struct filter *filter);

#endif
