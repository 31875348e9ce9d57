/*
 * Selects the sockets to count by state, family, port and address.  The lists
 * are parsed once, and matched against each conn.
 */
#ifndef READ_FILTER_H
#define READ_FILTER_H

#include "lib/conn.h"
#include "lib/ports.h"

#include <stdbool.h>
#include <stddef.h>

/* The end of a connection that a list applies to. */
enum filter_end { END_EITHER, END_LOCAL, END_REMOTE, NENDS };

struct port_set {
	size_t n;	/* number of ports */
	uint64_t *bits; /* one for each port; NULL: no list was given */
};

struct prefix {
	struct in6_addr addr; /* IPv4 is IPv4-mapped */
	unsigned len;	      /* bits, 0 to 128; IPv4 from 96 on */
};

struct prefix_list {
	size_t n; /* 0: no list was given */
	struct prefix *prefix;
};

/* Set up by filter_init(), freed by filter_free(). */
struct filter {
	unsigned states; /* a mask of 1 << slot */
	bool family[NFAMILIES];
	struct port_set port[NENDS];
	struct prefix_list addr[NENDS];
};

/* Makes a filter that every socket passes. */
void filter_init(struct filter *filter);

/*
 * Each of these parses a list, with commas between its items, which replaces
 * an earlier list.  Returns NULL, or a pointer to the invalid item in list,
 * with its length in *len; then errno is ENOMEM if out of memory.
 *
 * A state is any of its names or a group, such as those of ss(8); a ! before
 * it leaves it out.  A port is a number, a range (8000-8099) or a service
 * name, with or without a colon before it.  An address is IPv4 or IPv6, which
 * may be in brackets, with or without a prefix length; with one, IPv4 may lack
 * its last bytes (10/8); or a name in /etc/hosts, with all its addresses.
 */
const char *filter_states(
    struct filter *filter, const char *list, size_t *len);
const char *filter_ports(
    struct filter *filter, enum filter_end end, const char *list, size_t *len);
const char *filter_addrs(
    struct filter *filter, enum filter_end end, const char *list, size_t *len);

/* Returns the name of the i-th group of states; NULL after the last. */
const char *filter_group_name(size_t i);

/* Whether a socket passes. */
bool filter_match(const struct filter *filter, const struct conn *conn);

/*
 * Whether sockets that arrive at a listener can pass.  Matches its family and
 * local end; ignores lists of states and of the remote end.
 */
bool filter_match_listener(
    const struct filter *filter, const struct conn *conn);

/*
 * Whether a socket that arrived at a listener passes.  Ignores lists of local
 * addresses, which select listeners.
 */
bool filter_match_arrival(
    const struct filter *filter, const struct conn *conn);

/* Whether the filter has a list of addresses. */
bool filter_needs_addresses(const struct filter *filter);

/*
 * Returns the only port that a list of that end contains; 0 if there is no
 * list, or it contains several.
 */
uint16_t filter_only_port(const struct filter *filter, enum filter_end end);

void filter_free(struct filter *filter);

#endif
