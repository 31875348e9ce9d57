/*
 * Counts sockets by state and key, and makes rows of them.
 */
#include "count/tally.h"

#include "lib/array.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct tally *
tally_new(const struct key_set *by, const struct filter *filter)
{
	struct tally *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->by = by;
	t->filter = filter;
	dict_init(&t->rows, by ? by->size : 0, sizeof(struct row));
	listeners_init(&t->listeners);
	if (by && by->needs_ports) {
		t->context.listening =
		    calloc(PORT_WORDS, sizeof(*t->context.listening));
		if (!t->context.listening) {
			tally_free(t);
			return NULL;
		}
	}
	return t;
}

void
tally_visit_listener(const struct conn *conn, void *ctx)
{
	struct tally *t = ctx;

	if (conn->state != TCP_LISTEN)
		return;
	if (t->context.listening)
		port_set_bit(t->context.listening, conn->lport);
	if (t->by && t->by->listeners)
		t->no_memory |= !listeners_add(&t->listeners, conn,
		    filter_match_listener(t->filter, conn));
}

static bool
count_key(struct tally *t, const void *key, unsigned slot)
{
	struct row *row = dict_reach(&t->rows, key);

	if (row)
		row->count[slot]++;
	return row;
}

/* Defers a socket until its key can be settled; false if out of memory. */
static bool
defer(struct tally *t, const unsigned char *key, unsigned slot)
{
	size_t size = t->by->size + 1;
	unsigned char *unsettled = array_reserve(
	    t->unsettled, &t->unsettled_size, t->nunsettled + 1, size);

	if (!unsettled)
		return false;
	t->unsettled = unsettled;
	unsettled += t->nunsettled++ * size;
	memcpy(unsettled, key, t->by->size);
	unsettled[t->by->size] = (unsigned char)slot;
	return true;
}

/* Counts a socket in its row; false if out of memory. */
static bool
count_row(struct tally *t, const struct conn *conn)
{
	unsigned char key[KEY_SIZE_MAX];

	return key_pack(t->by, &t->context, conn, key)
	    ? count_key(t, key, state_slot(conn->state))
	    : defer(t, key, state_slot(conn->state));
}

/* Remembers the number of an unknown state.  Returns whether it is unknown. */
static bool
mark_unknown(struct tally *t, const struct conn *conn)
{
	if (state_slot(conn->state) != STATE_UNKNOWN)
		return false;
	t->unknown[conn->state / 64] |= UINT64_C(1) << conn->state % 64;
	return true;
}

/* Counts a socket for the listener at which it arrived. */
static void
visit_arrival(struct tally *t, const struct conn *conn)
{
	if (conn->state == TCP_LISTEN || t->no_memory ||
	    !filter_match_arrival(t->filter, conn))
		return;
	t->unknown_arrivals |= mark_unknown(t, conn);
	t->no_memory = !listeners_count(&t->listeners, conn);
}

void
tally_visit(const struct conn *conn, void *ctx)
{
	struct tally *t = ctx;

	if (!t->knows_listeners)
		tally_visit_listener(conn, t);
	if (t->by && t->by->listeners)
		visit_arrival(t, conn);
	if (!filter_match(t->filter, conn))
		return;
	t->family[conn->family].count[state_slot(conn->state)]++;
	mark_unknown(t, conn);
	if (t->by && !t->by->listeners && !t->no_memory)
		t->no_memory = !count_row(t, conn);
}

/* Counts the deferred sockets.  Returns false if out of memory. */
static bool
settle_keys(struct tally *t)
{
	size_t size = t->by->size + 1;

	for (size_t i = 0; i < t->nunsettled; i++) {
		unsigned char *key = t->unsettled + i * size;

		key_settle(t->by, &t->context, key);
		if (!count_key(t, key, key[t->by->size]))
			return false;
	}
	return true;
}

/* Adds a listener to its row; false if out of memory. */
static bool
add_listener(struct tally *t, struct listener *listener)
{
	const struct conn *conn = &listener->conn;
	unsigned char key[KEY_SIZE_MAX];
	struct row *row;

	key_pack(t->by, &t->context, conn, key);
	key_settle(t->by, &t->context, key);
	row = dict_reach(&t->rows, key);
	if (!row)
		return false;
	listener->row =
	    (size_t)((unsigned char *)row - t->rows.items) / t->rows.item_size;
	row->count[TCP_LISTEN] += filter_match(t->filter, conn);
	row->queue += conn->recv_q;
	if (conn->send_q == CONN_UNKNOWN)
		row->limit = NO_LIMIT;
	else if (row->limit != NO_LIMIT)
		row->limit += conn->send_q;
	/* As sk_acceptq_is_full() does (include/net/sock.h). */
	row->full |=
	    conn->send_q != CONN_UNKNOWN && conn->recv_q > conn->send_q;
	return true;
}

static void
add_arrivals(void *ctx, size_t number, const uint64_t count[NSTATES])
{
	struct tally *t = ctx;
	struct row *row = dict_record(&t->rows, number);

	for (unsigned s = 0; s < NSTATES; s++)
		row->count[s] += count[s];
}

/* Makes a row for each listener that is shown; false if out of memory. */
static bool
add_listeners(struct tally *t)
{
	for (size_t i = 0; i < t->listeners.n; i++)
		if (t->listeners.listener[i].shown &&
		    !add_listener(t, &t->listeners.listener[i]))
			return false;
	return listeners_arrivals(&t->listeners, add_arrivals, t);
}

/* Adds a row for a network namespace that has no sockets. */
static bool
add_empty_netns(struct tally *t)
{
	unsigned char key[KEY_SIZE_MAX];

	key_pack(t->by, &t->context, &(struct conn){0}, key);
	return dict_reach(&t->rows, key);
}

static bool
make_rows(struct tally *t)
{
	if (t->no_memory)
		return false;
	if (t->by->listeners)
		return add_listeners(t);
	if (t->rows.n == 0 && t->nunsettled == 0 && t->by->n == 1 &&
	    t->by->needs_netns)
		return add_empty_netns(t);
	return settle_keys(t);
}

/* Frees the data from which rows were made. */
static void
free_parts(struct tally *t)
{
	free(t->unsettled);
	t->unsettled = NULL;
	t->nunsettled = t->unsettled_size = 0;
	listeners_free(&t->listeners);
	listeners_init(&t->listeners);
}

static void
sum_states(struct row *row)
{
	for (unsigned s = 0; s < NSTATES; s++)
		row->total += row->count[s];
}

int
tally_finish(struct tally *t)
{
	bool made = !t->by || make_rows(t);

	free_parts(t);
	if (!made)
		return ENOMEM;
	for (unsigned f = 0; f < NFAMILIES; f++) {
		sum_states(&t->family[f]);
		row_add(&t->all, &t->family[f]);
	}
	for (size_t i = 0; i < t->rows.n; i++)
		sum_states(dict_record(&t->rows, i));
	return 0;
}

int
tally_append(struct tally *sum, const struct tally *part)
{
	for (unsigned f = 0; f < NFAMILIES; f++)
		row_add(&sum->family[f], &part->family[f]);
	row_add(&sum->all, &part->all);
	for (size_t i = 0; i < sizeof(sum->unknown) / sizeof(*sum->unknown);
	     i++)
		sum->unknown[i] |= part->unknown[i];
	sum->unknown_arrivals |= part->unknown_arrivals;
	sum->context.unowned += part->context.unowned;
	for (size_t i = 0; i < part->rows.n; i++) {
		const struct row *row = dict_record(&part->rows, i);
		struct row *added =
		    dict_reach(&sum->rows, tally_key(part, row));

		if (!added)
			return ENOMEM;
		*added = *row;
	}
	return 0;
}

int
tally_name_users(const struct tally *t, size_t top)
{
	int error = 0;

	if (!t->by || !t->by->needs_users)
		return 0;
	for (size_t i = 0; i < t->nrows && !error; i++)
		if (top == 0 || i < top || t->row[i]->listed)
			error = key_name_users(t->by, tally_key(t, t->row[i]));
	return error;
}

/* Whether the tally itself has some. */
static bool
has_unknown(const struct tally *t)
{
	return t->unknown_arrivals || t->all.count[STATE_UNKNOWN] > 0;
}

bool
tally_has_unknown(const struct tally *t)
{
	return has_unknown(t) || (t->before && has_unknown(t->before));
}

const unsigned char *
tally_key(const struct tally *t, const struct row *row)
{
	return dict_key(&t->rows, row);
}

void
row_add(struct row *sum, const struct row *row)
{
	sum->total += row->total;
	for (unsigned s = 0; s < NSTATES; s++)
		sum->count[s] += row->count[s];
	sum->queue += row->queue;
	sum->full |= row->full;
	sum->limit = NO_LIMIT;
}

void
tally_free(struct tally *t)
{
	if (!t)
		return;
	free(t->context.listening);
	limits_free(&t->counters);
	free_parts(t);
	free(t->row);
	dict_free(&t->rows);
	free(t);
}
