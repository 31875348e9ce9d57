/*
 * Parses the lists of a filter, and matches conns against them.  A conn passes
 * if it matches every list that is given.
 */
#include "read/filter.h"

#include "lib/decimal.h"
#include "read/hosts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

enum { ITEM_MAX = 256 }; /* a name of a host has at most 253 bytes */

enum {
	ALL = (1u << NSTATES) - 1,
	IDLE = 1u << TCP_LISTEN | 1u << TCP_CLOSE,
	BUCKET = 1u << TCP_SYN_RECV | 1u << TCP_TIME_WAIT,
	HALF_OPEN = 1u << TCP_SYN_SENT | 1u << TCP_SYN_RECV,
};

/* The groups of ss(8), and one of this program. */
static const struct {
	const char *name;
	unsigned states;
} groups[] = {
    {"all", ALL},
    {"connected", ALL & ~IDLE},
    {"synchronized", ALL & ~IDLE & ~(1u << TCP_SYN_SENT)},
    {"bucket", BUCKET},
    {"big", ALL & ~BUCKET},
    {"half-open", HALF_OPEN},
};

enum { NGROUPS = sizeof(groups) / sizeof(groups[0]) };

const char *
filter_group_name(size_t i)
{
	return i < NGROUPS ? groups[i].name : NULL;
}

void
filter_init(struct filter *filter)
{
	memset(filter, 0, sizeof(*filter));
	filter->states = ALL;
	for (unsigned f = 0; f < NFAMILIES; f++)
		filter->family[f] = true;
}

/* Copies an item; false if it is empty, or longer than any valid one. */
static bool
copy_item(char item[ITEM_MAX], const char *list, size_t len)
{
	if (len == 0 || len >= ITEM_MAX)
		return false;
	memcpy(item, list, len);
	item[len] = '\0';
	return true;
}

/*
 * Calls add() for each item of a list until it returns false.  Returns NULL,
 * or the item that add() refused, with its length in *len; then errno is
 * ENOMEM if out of memory.
 */
static const char *
for_items(const char *list, size_t *len, void *ctx,
    bool (*add)(void *ctx, const char *item, bool first))
{
	for (bool first = true;; first = false, list += *len + 1) {
		char item[ITEM_MAX];

		errno = 0;
		*len = strcspn(list, ",");
		if (!copy_item(item, list, *len) || !add(ctx, item, first))
			return list;
		if (list[*len] == '\0')
			return NULL;
	}
}

/* Returns the mask of a state or group; 0 if there is none of that name. */
static unsigned
find_states(const char *name)
{
	int slot = state_find(name);

	if (slot >= 0)
		return 1u << slot;
	for (size_t i = 0; i < NGROUPS; i++)
		if (conn_same_name(groups[i].name, name))
			return groups[i].states;
	return 0;
}

static bool
add_state(void *ctx, const char *item, bool first)
{
	unsigned *states = ctx;
	bool leave_out = item[0] == '!';
	unsigned found = find_states(item + leave_out);

	if (first)
		*states = leave_out ? ALL : 0;
	if (leave_out)
		*states &= ~found;
	else
		*states |= found;
	return found != 0;
}

const char *
filter_states(struct filter *filter, const char *list, size_t *len)
{
	return for_items(list, len, &filter->states, add_state);
}

/*
 * Reads a port number that ends at stop or at the end of the text.  Returns a
 * pointer to that end, or NULL if there is no such number.
 */
static const char *
parse_port(const char *p, char stop, uint16_t *port)
{
	uint64_t n;

	p = decimal(p, p + strlen(p), UINT16_MAX, &n);
	if (!p || (*p != '\0' && *p != stop))
		return NULL;
	*port = (uint16_t)n;
	return p;
}

static bool
parse_ports(const char *item, uint16_t *first, uint16_t *last)
{
	const char *dash;
	const struct servent *service;

	if (*item == ':')
		item++;
	dash = parse_port(item, '-', first);
	if (dash) {
		*last = *first;
		return *dash == '\0' ||
		    (parse_port(dash + 1, '\0', last) && *last >= *first);
	}
	service = getservbyname(item, "tcp");
	if (!service)
		return false;
	*first = *last = ntohs((uint16_t)service->s_port);
	return true;
}

static bool
has_port(const struct port_set *set, uint16_t port)
{
	return port_is_set(set->bits, port);
}

static bool
add_port(void *ctx, const char *item, bool first_item)
{
	struct port_set *set = ctx;
	uint16_t first, last;

	if (first_item) {
		free(set->bits);
		set->n = 0;
		set->bits = calloc(PORT_WORDS, sizeof(*set->bits));
	}
	if (!set->bits) {
		errno = ENOMEM;
		return false;
	}
	if (!parse_ports(item, &first, &last))
		return false;
	for (unsigned port = first; port <= last; port++) {
		set->n += !has_port(set, (uint16_t)port);
		port_set_bit(set->bits, (uint16_t)port);
	}
	return true;
}

const char *
filter_ports(
    struct filter *filter, enum filter_end end, const char *list, size_t *len)
{
	return for_items(list, len, &filter->port[end], add_port);
}

/* Appends to IPv4 the bytes that it lacks, as zeros. */
static void
complete_ipv4(char item[ITEM_MAX])
{
	size_t len = strlen(item);
	unsigned dots = 0;

	for (const char *p = item; *p != '\0'; p++)
		dots += *p == '.';
	for (; dots < 3 && len + 3 <= ITEM_MAX; dots++, len += 2)
		strcpy(item + len, ".0");
}

/*
 * Parses an address of either family, with or without a prefix length.
 * Changes the item.
 */
static bool
parse_prefix(char item[ITEM_MAX], struct prefix *prefix)
{
	char *slash = strchr(item, '/'), *end;
	bool brackets = item[0] == '[', ipv4 = !strchr(item, ':');
	unsigned max = ipv4 ? 32 : 128;
	uint16_t len;

	if (slash)
		*slash = '\0';
	len = 0;
	if (slash && !parse_port(slash + 1, '\0', &len))
		return false;
	end = strchr(item, '\0');
	if (brackets && (ipv4 || *--end != ']'))
		return false;
	*end = '\0';
	if (ipv4 && slash)
		complete_ipv4(item);
	if (!conn_parse_addr(item + brackets, &prefix->addr))
		return false;
	if (!slash)
		len = (uint16_t)max;
	prefix->len = len + (128 - max);
	return len <= max;
}

static bool
add_prefix(struct prefix_list *list, struct prefix prefix)
{
	struct prefix *more =
	    reallocarray(list->prefix, list->n + 1, sizeof(*more));

	if (!more) {
		errno = ENOMEM;
		return false;
	}
	list->prefix = more;
	list->prefix[list->n++] = prefix;
	return true;
}

static bool
add_host(void *ctx, const struct in6_addr *addr)
{
	return add_prefix(ctx, (struct prefix){*addr, 128});
}

static bool
add_addr(void *ctx, const char *item, bool first)
{
	struct prefix_list *list = ctx;
	struct prefix prefix;
	char copy[ITEM_MAX];

	if (first)
		list->n = 0;
	strcpy(copy, item);
	return parse_prefix(copy, &prefix) ? add_prefix(list, prefix)
					   : hosts_find(item, add_host, list);
}

const char *
filter_addrs(
    struct filter *filter, enum filter_end end, const char *list, size_t *len)
{
	return for_items(list, len, &filter->addr[end], add_addr);
}

static bool
has_prefix(const struct prefix *prefix, const struct in6_addr *addr)
{
	unsigned bytes = prefix->len / 8, bits = prefix->len % 8;
	unsigned differ;

	/* No IPv6 prefix contains IPv4 addresses, not even ::/0. */
	if (prefix->len < 96 && conn_is_ipv4(addr))
		return false;
	if (memcmp(&prefix->addr, addr, bytes) != 0)
		return false;
	if (bits == 0)
		return true;
	differ = prefix->addr.s6_addr[bytes] ^ addr->s6_addr[bytes];
	return differ >> (8 - bits) == 0;
}

static bool
has_addr(const struct prefix_list *list, const struct in6_addr *addr)
{
	for (size_t i = 0; i < list->n; i++)
		if (has_prefix(&list->prefix[i], addr))
			return true;
	return false;
}

static bool
match_ports(const struct filter *f, const struct conn *conn)
{
	const struct port_set *either = &f->port[END_EITHER];

	return (!either->bits || has_port(either, conn->lport) ||
		   has_port(either, conn->rport)) &&
	    (!f->port[END_LOCAL].bits ||
		has_port(&f->port[END_LOCAL], conn->lport)) &&
	    (!f->port[END_REMOTE].bits ||
		has_port(&f->port[END_REMOTE], conn->rport));
}

static bool
match_addrs(const struct filter *f, const struct conn *conn)
{
	const struct prefix_list *either = &f->addr[END_EITHER];

	return (either->n == 0 || has_addr(either, &conn->laddr) ||
		   has_addr(either, &conn->raddr)) &&
	    (f->addr[END_LOCAL].n == 0 ||
		has_addr(&f->addr[END_LOCAL], &conn->laddr)) &&
	    (f->addr[END_REMOTE].n == 0 ||
		has_addr(&f->addr[END_REMOTE], &conn->raddr));
}

bool
filter_match(const struct filter *f, const struct conn *conn)
{
	return f->states >> state_slot(conn->state) & 1 &&
	    f->family[conn->family] && match_ports(f, conn) &&
	    match_addrs(f, conn);
}

bool
filter_match_listener(const struct filter *f, const struct conn *conn)
{
	struct filter local = *f;
	struct conn own = *conn;

	/* A listener has no remote end: only lists of its own end count. */
	own.raddr = own.laddr;
	own.rport = own.lport;
	local.states = 1u << state_slot(conn->state);
	local.port[END_REMOTE].bits = NULL;
	local.addr[END_REMOTE].n = 0;
	return filter_match(&local, &own);
}

bool
filter_match_arrival(const struct filter *f, const struct conn *conn)
{
	struct filter any = *f;

	any.addr[END_LOCAL].n = 0;
	return filter_match(&any, conn);
}

bool
filter_needs_addresses(const struct filter *f)
{
	return f->addr[END_EITHER].n > 0 || f->addr[END_LOCAL].n > 0 ||
	    f->addr[END_REMOTE].n > 0;
}

uint16_t
filter_only_port(const struct filter *f, enum filter_end end)
{
	if (f->port[end].n == 1)
		for (unsigned port = 0; port <= UINT16_MAX; port++)
			if (has_port(&f->port[end], (uint16_t)port))
				return (uint16_t)port;
	return 0;
}

void
filter_free(struct filter *filter)
{
	for (unsigned end = 0; end < NENDS; end++) {
		free(filter->port[end].bits);
		free(filter->addr[end].prefix);
	}
}
