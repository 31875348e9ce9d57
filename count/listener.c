/*
 * Listeners by address and port.
 */
#include "count/listener.h"

#include "lib/array.h"

#include <stdlib.h>

/* A local end: its address, its port and family. */
enum {
	END_WORDS = 5,
	CELL_WORDS = END_WORDS + 1,
	SHARE_WORDS = END_WORDS + 2
};

/* A group that has a share in what came in at an end; the next one of that
 * end is at next - 1, if that is not 0. */
struct share {
	size_t group, next;
};

/* What leads from an end to the groups of its listeners. */
struct shares {
	struct map ends;  /* an end that somebody listens at, to its first */
	struct map known; /* an end and a group */
	struct share *share;	    /* by the number that it is known by */
	uint64_t (*count)[NSTATES]; /* what came in at each end */
};

void
listeners_init(struct listeners *listeners)
{
	*listeners = (struct listeners){0};
	map_init(&listeners->cells, CELL_WORDS);
}

void
listeners_free(struct listeners *listeners)
{
	map_free(&listeners->cells);
	array_free(listeners->listener,
	    listeners->size * sizeof(*listeners->listener));
}

static void
make_end(uint32_t end[END_WORDS], const struct conn *conn)
{
	memcpy(end, &conn->laddr, sizeof(conn->laddr));
	end[END_WORDS - 1] = (uint32_t)conn->lport << 8 | conn->family;
}

bool
listeners_add(struct listeners *l, const struct conn *conn, bool shown)
{
	struct listener *listener =
	    array_reserve(l->listener, &l->size, l->n + 1, sizeof(*listener));

	if (!listener)
		return false;
	l->listener = listener;
	l->listener[l->n++] = (struct listener){.conn = *conn, .shown = shown};
	return true;
}

bool
listeners_count(struct listeners *l, const struct conn *conn)
{
	uint32_t cell[CELL_WORDS];

	make_end(cell, conn);
	cell[END_WORDS] = state_slot(conn->state);
	return map_queue(&l->cells, cell, 1);
}

/*
 * Gives the group of a listener its share in the end, once.  An end of
 * listeners that are not shown has none, but is known.
 */
static bool
add_share(struct shares *s, const struct listener *listener)
{
	uint32_t key[SHARE_WORDS];
	size_t end, number, n = s->known.n;
	uint32_t *first;

	make_end(key, &listener->conn);
	end = map_reach(&s->ends, key);
	if (end == MAP_NONE || !listener->shown)
		return end != MAP_NONE;
	key[END_WORDS] = (uint32_t)listener->group;
	key[END_WORDS + 1] = (uint32_t)((uint64_t)listener->group >> 32);
	number = map_reach(&s->known, key);
	if (number == MAP_NONE || number < n)
		return number != MAP_NONE;
	first = map_value(&s->ends, end);
	s->share[number] = (struct share){listener->group, *first};
	*first = (uint32_t)number + 1;
	return true;
}

/*
 * The number of the end at which sockets of a local end came in, or MAP_NONE.
 * A v4-mapped one may belong to a listener of any IPv4 address, or, of family
 * tcp6, of any address at all.
 */
static size_t
find_end(const struct shares *s, const uint32_t end[END_WORDS])
{
	const struct in6_addr any[] = {conn_map_ipv4(INADDR_ANY), in6addr_any};
	uint32_t wild[END_WORDS];
	size_t found = map_find(&s->ends, end);

	wild[END_WORDS - 1] = end[END_WORDS - 1];
	for (unsigned i = 0; found == MAP_NONE && i < 2; i++) {
		if (i == 0 && !conn_is_ipv4(end))
			continue;
		memcpy(wild, &any[i], sizeof(any[i]));
		found = map_find(&s->ends, wild);
	}
	return found;
}

/* Gives what came in at an end to the groups that have a share in it. */
static bool
share_out(const struct shares *s, size_t end, listeners_taker *give, void *ctx)
{
	for (size_t i = *map_value(&s->ends, end); i > 0;
	     i = s->share[i - 1].next)
		for (unsigned slot = 0; slot < NSTATES; slot++)
			if (s->count[end][slot] > 0 &&
			    !give(ctx, s->share[i - 1].group, slot,
				s->count[end][slot]))
				return false;
	return true;
}

static bool
deal(const struct listeners *l, struct shares *s, listeners_taker *give,
    void *ctx)
{
	for (size_t i = 0; i < l->n; i++)
		if (!add_share(s, &l->listener[i]))
			return false;
	s->count = calloc(s->ends.n > 0 ? s->ends.n : 1, sizeof(*s->count));
	if (!s->count)
		return false;
	for (size_t c = 0; c < l->cells.n; c++) {
		const uint32_t *cell = map_key(&l->cells, c);
		size_t end = find_end(s, cell);

		if (end != MAP_NONE)
			s->count[end][cell[END_WORDS]] +=
			    *map_value(&l->cells, c);
	}
	for (size_t end = 0; end < s->ends.n; end++)
		if (!share_out(s, end, give, ctx))
			return false;
	return true;
}

bool
listeners_deal(struct listeners *l, listeners_taker *give, void *ctx)
{
	struct shares s = {0};
	bool dealt;

	map_init(&s.ends, END_WORDS);
	map_init(&s.known, SHARE_WORDS);
	s.share = calloc(l->n > 0 ? l->n : 1, sizeof(*s.share));
	dealt = s.share && map_flush(&l->cells) && deal(l, &s, give, ctx);
	map_free(&s.ends);
	map_free(&s.known);
	free(s.share);
	free(s.count);
	return dealt;
}
