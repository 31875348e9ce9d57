/*
 * Listeners by address and port.
 */
#include "listener.h"

#include <stdlib.h>

/* A local end: its address, its port and family. */
enum { END_WORDS = 5, CELL_WORDS = END_WORDS + 1 };

void
listeners_init(struct listeners *listeners)
{
	map_init(&listeners->index, END_WORDS);
	map_init(&listeners->cells, CELL_WORDS);
}

static void
make_end(uint32_t end[END_WORDS], const struct conn *conn)
{
	memcpy(end, &conn->laddr, sizeof(conn->laddr));
	end[END_WORDS - 1] = (uint32_t)conn->lport << 8 | conn->family;
}

static uint64_t
conn_limit(const struct conn *conn)
{
	return conn->limit == CONN_NO_LIMIT ? LISTENER_NO_LIMIT : conn->limit;
}

/* Adds one to others: its queue is theirs. */
static void
merge(struct listener *into, const struct conn *conn)
{
	uint64_t limit = conn_limit(conn);

	into->sockets++;
	into->queue += conn->queue;
	if (limit == LISTENER_NO_LIMIT || into->limit == LISTENER_NO_LIMIT)
		into->limit = LISTENER_NO_LIMIT;
	else
		into->limit += limit;
}

static bool
reserve(struct listeners *l)
{
	size_t size = l->size > 0 ? l->size * 2 : 16;
	struct listener *listener;

	if (l->n < l->size)
		return true;
	listener = reallocarray(l->listener, size, sizeof(*listener));
	if (!listener)
		return false;
	l->listener = listener;
	l->size = size;
	return true;
}

bool
listeners_add(struct listeners *l, const struct conn *conn)
{
	uint32_t end[END_WORDS];
	size_t first;

	make_end(end, conn);
	first = map_get(&l->index, end);
	for (size_t i = first; i > 0; i = l->listener[i - 1].next)
		if (l->merge || l->listener[i - 1].conn.inode == conn->inode) {
			merge(&l->listener[i - 1], conn);
			return true;
		}
	if (!reserve(l))
		return false;
	l->listener[l->n] = (struct listener){
	    .conn = *conn,
	    .sockets = 1,
	    .queue = conn->queue,
	    .limit = conn_limit(conn),
	};
	if (first > 0) {
		l->listener[l->n].next = l->listener[first - 1].next;
		l->listener[first - 1].next = l->n + 1;
	} else if (!map_add(&l->index, end, (uint32_t)l->n + 1))
		return false;
	l->n++;
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
 * The first listener by which sockets of a local end came in: its place + 1,
 * or 0.  A v4-mapped end may belong to one of any IPv4 address, or, of family
 * tcp6, of any address at all.
 */
static size_t
find_first(const struct listeners *l, const uint32_t end[END_WORDS])
{
	const struct in6_addr any[] = {conn_map_ipv4(INADDR_ANY), in6addr_any};
	uint32_t wild[END_WORDS];
	size_t first = map_get(&l->index, end);

	wild[END_WORDS - 1] = end[END_WORDS - 1];
	for (unsigned i = 0; first == 0 && i < 2; i++) {
		if (i == 0 && !conn_is_ipv4(end))
			continue;
		memcpy(wild, &any[i], sizeof(any[i]));
		first = map_get(&l->index, wild);
	}
	return first;
}

bool
listeners_deal(struct listeners *l,
    bool (*give)(void *ctx, size_t i, unsigned slot, uint32_t n), void *ctx)
{
	if (!map_flush(&l->cells))
		return false;
	for (size_t c = 0; c < l->cells.n; c++) {
		const uint32_t *cell = map_key(&l->cells, c);
		uint32_t n = *map_value(&l->cells, c);

		for (size_t i = find_first(l, cell); i > 0;
		     i = l->listener[i - 1].next)
			if (!give(ctx, i - 1, cell[END_WORDS], n))
				return false;
	}
	return true;
}

void
listeners_free(struct listeners *l)
{
	map_free(&l->index);
	map_free(&l->cells);
	free(l->listener);
}
