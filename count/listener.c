/*
 * Matches the local end (address, port, family) of each socket with that of a
 * listener, and adds its counts to the listener's row.
 */
#include "count/listener.h"

#include "lib/array.h"

#include <stdlib.h>

/* A local end.  It has no padding, since dict compares its bytes. */
struct end {
	struct in6_addr addr;
	uint16_t port;
	uint16_t family;
};

/* An end and a row that has a listener there. */
struct share {
	struct end end;
	uint32_t row;
};

void
listeners_init(struct listeners *l)
{
	*l = (struct listeners){0};
	dict_init(
	    &l->arrivals, sizeof(struct end), NSTATES * sizeof(uint64_t));
}

void
listeners_free(struct listeners *l)
{
	dict_free(&l->arrivals);
	free(l->listener);
}

static struct end
local_end(const struct conn *conn)
{
	return (struct end){conn->laddr, conn->lport, conn->family};
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
	struct end end = local_end(conn);
	uint64_t *count = dict_reach(&l->arrivals, &end);

	if (count)
		count[state_slot(conn->state)]++;
	return count;
}

/*
 * Returns the counts of the listener at which sockets of a local end arrived;
 * NULL if there is none.  After its own address, an IPv4-mapped end looks for
 * a listener on 0.0.0.0; every end then looks for one on ::.
 */
static uint64_t *
find_listener(const struct dict *listening, struct end end)
{
	uint64_t *count = dict_find(listening, &end);

	while (!count && conn_widen(&end.addr))
		count = dict_find(listening, &end);
	return count;
}

/*
 * Adds up the arrivals at the end of each listener.  Returns false if out of
 * memory.
 */
static bool
add_arrivals(const struct listeners *l, struct dict *listening)
{
	for (size_t i = 0; i < l->n; i++) {
		struct end end = local_end(&l->listener[i].conn);

		if (!dict_reach(listening, &end))
			return false;
	}
	for (size_t i = 0; i < l->arrivals.n; i++) {
		const uint64_t *some = dict_record(&l->arrivals, i);
		struct end end;
		uint64_t *count;

		memcpy(&end, dict_key(&l->arrivals, some), sizeof(end));
		count = find_listener(listening, end);
		for (unsigned s = 0; count && s < NSTATES; s++)
			count[s] += some[s];
	}
	return true;
}

bool
listeners_arrivals(const struct listeners *l, arrivals_visitor *add, void *ctx)
{
	struct dict listening, shares;
	bool done;

	dict_init(&listening, sizeof(struct end), NSTATES * sizeof(uint64_t));
	dict_init(&shares, sizeof(struct share), 0);
	done = add_arrivals(l, &listening);
	for (size_t i = 0; done && i < l->n; i++) {
		const struct listener *listener = &l->listener[i];
		struct share share = {
		    local_end(&listener->conn), (uint32_t)listener->row};
		size_t n = shares.n;

		if (!listener->shown)
			continue;
		done = dict_reach(&shares, &share);
		/* Add an end once, even if a row has two listeners there. */
		if (shares.n > n)
			add(ctx, listener->row,
			    dict_find(&listening, &share.end));
	}
	dict_free(&listening);
	dict_free(&shares);
	return done;
}
