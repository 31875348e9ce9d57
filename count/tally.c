/*
 * Counts by state and key, their order, and their difference.
 */
#include "count/tally.h"

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
	if (!by)
		return t;
	if (by->needs_ports) {
		t->context.listening =
		    calloc(65536 / 64, sizeof(*t->context.listening));
		if (!t->context.listening) {
			free(t);
			return NULL;
		}
	}
	groups_init(&t->groups, by->size);
	if (by->listeners)
		listeners_init(&t->listeners);
	map_init(&t->cells, map_words(by->size + 1));
	return t;
}

void
tally_listener(const struct conn *conn, void *ctx)
{
	struct tally *t = ctx;

	if (conn->state != TCP_LISTEN)
		return;
	if (t->context.listening)
		t->context.listening[conn->lport / 64] |= UINT64_C(1)
		    << conn->lport % 64;
	if (t->by && t->by->listeners)
		t->no_memory |= !listeners_add(&t->listeners, conn,
		    filter_match_listener(t->filter, conn));
}

/*
 * Where a key may not be settled yet, sockets are counted in cells, by key and
 * state: of most keys there is one.
 */
static bool
count_in_cell(struct tally *t, const struct conn *conn)
{
	uint32_t cell[MAP_WORDS];
	unsigned char *bytes = (unsigned char *)cell;

	cell[t->cells.words - 1] = 0;
	key_pack(t->by, &t->context, conn, bytes);
	bytes[t->by->size] = (unsigned char)state_slot(conn->state);
	return map_queue(&t->cells, cell, 1);
}

/* Elsewhere in their groups. */
static bool
count_in_group(struct tally *t, const struct conn *conn)
{
	uint32_t key[MAP_WORDS];

	key[t->groups.keys.words - 1] = 0;
	key_pack(t->by, &t->context, conn, (unsigned char *)key);
	return groups_queue(&t->groups, key, state_slot(conn->state));
}

/* Counts a conn in the breakdown; false where memory ran out. */
static bool
count_in_breakdown(struct tally *t, const struct conn *conn)
{
	return t->by->needs_settling ? count_in_cell(t, conn)
				     : count_in_group(t, conn);
}

/* Whether a state has no name: then its number is to be told. */
static bool
note_unknown(struct tally *t, const struct conn *conn)
{
	if (state_slot(conn->state) != STATE_UNKNOWN)
		return false;
	t->unknown[conn->state / 64] |= UINT64_C(1) << conn->state % 64;
	return true;
}

/*
 * A socket is counted beside a listener whatever its own address is: that of
 * the listener is asked for.
 */
static void
visit_beside_listeners(struct tally *t, const struct conn *conn)
{
	if (conn->state == TCP_LISTEN || t->no_memory ||
	    !filter_match_arrival(t->filter, conn))
		return;
	t->unknown_beside |= note_unknown(t, conn);
	t->no_memory = !listeners_count(&t->listeners, conn);
}

void
tally_visit(const struct conn *conn, void *ctx)
{
	struct tally *t = ctx;
	unsigned slot = state_slot(conn->state);

	if (!t->heard)
		tally_listener(conn, t);
	if (t->by && t->by->listeners)
		visit_beside_listeners(t, conn);
	if (!filter_match(t->filter, conn))
		return;
	t->count[conn->family][slot]++;
	note_unknown(t, conn);
	if (t->by && !t->by->listeners && !t->no_memory)
		t->no_memory = !count_in_breakdown(t, conn);
}

const unsigned char *
tally_key(const struct tally *t, const struct group *group)
{
	return (const unsigned char *)groups_key(&t->groups, group->key);
}

/*
 * Settles the keys of all cells, by which many of them may become one group;
 * false where memory ran out.
 */
static bool
group_cells(struct tally *t)
{
	uint32_t key[MAP_WORDS];
	unsigned char *bytes = (unsigned char *)key;

	if (!map_flush(&t->cells))
		return false;
	for (size_t i = 0; i < t->cells.n; i++) {
		unsigned slot;
		size_t number;

		memcpy(
		    key, map_key(&t->cells, i), t->cells.words * sizeof(*key));
		slot = bytes[t->by->size];
		bytes[t->by->size] = 0;
		key_settle(t->by, &t->context, bytes);
		number = groups_reach(&t->groups, key);
		if (number == MAP_NONE ||
		    !groups_count(
			&t->groups, number, slot, *map_value(&t->cells, i)))
			return false;
	}
	return true;
}

/* What came in by the listeners of a group. */
static bool
give(void *ctx, size_t number, unsigned slot, uint64_t n)
{
	struct tally *t = ctx;

	return n <= UINT32_MAX &&
	    groups_count(&t->groups, number, slot, (uint32_t)n);
}

/* The group of a listener, with its queue; false where memory ran out. */
static bool
group_listener(struct tally *t, struct listener *listener)
{
	const struct conn *conn = &listener->conn;
	uint32_t key[MAP_WORDS] = {0};
	unsigned char *bytes = (unsigned char *)key;

	key_pack(t->by, &t->context, conn, bytes);
	key_settle(t->by, &t->context, bytes);
	listener->group = groups_reach(&t->groups, key);
	if (listener->group == MAP_NONE)
		return false;
	groups_add_queue(&t->groups, listener->group, conn->queue,
	    conn->limit == CONN_NO_LIMIT ? BACKLOG_NO_LIMIT : conn->limit);
	return !filter_match(t->filter, conn) ||
	    groups_count(&t->groups, listener->group, TCP_LISTEN, 1);
}

/* Makes groups of listeners; false where memory ran out. */
static bool
group_listeners(struct tally *t)
{
	struct listeners *listeners = &t->listeners;

	if (!groups_extend(&t->groups))
		return false;
	for (size_t i = 0; i < listeners->n; i++)
		if (listeners->listener[i].shown &&
		    !group_listener(t, &listeners->listener[i]))
			return false;
	return listeners_deal(listeners, give, t);
}

/*
 * A namespace has a row of its own also where it has no sockets: that is what
 * was asked for.
 */
static bool
add_empty_netns(struct tally *t)
{
	uint32_t key[MAP_WORDS] = {0};
	static const struct conn none;

	key_pack(t->by, &t->context, &none, (unsigned char *)key);
	return groups_reach(&t->groups, key) != MAP_NONE;
}

/* Makes groups of what was counted; false where memory ran out. */
static bool
make_groups(struct tally *t)
{
	if (t->no_memory)
		return false;
	if (t->by->listeners)
		return group_listeners(t);
	if (t->by->needs_settling)
		return group_cells(t);
	if (!groups_flush(&t->groups))
		return false;
	return t->groups.n > 0 || t->by->n > 1 || !t->by->needs_netns ||
	    add_empty_netns(t);
}

static void
name_users(struct tally *t)
{
	for (size_t i = 0; i < t->groups.n && t->users_error == 0; i++)
		t->users_error = key_name_users(
		    t->by, (const unsigned char *)groups_key(&t->groups, i));
}

int
tally_finish(struct tally *t)
{
	bool made;

	if (!t->by)
		return 0;
	made = make_groups(t);
	map_free(&t->cells);
	if (made && t->by->needs_users)
		name_users(t);
	return made ? 0 : ENOMEM;
}

/* False where memory ran out. */
static bool
append_groups(struct groups *sum, const struct groups *part)
{
	if (part->extra && !groups_extend(sum))
		return false;
	for (size_t i = 0; i < part->n; i++) {
		size_t number = groups_reach(sum, groups_key(part, i));

		if (number == MAP_NONE)
			return false;
		sum->group[number] = part->group[i];
		if (part->extra)
			sum->extra[number] = part->extra[i];
	}
	return true;
}

int
tally_append(struct tally *sum, const struct tally *part)
{
	for (unsigned f = 0; f < NFAMILIES; f++)
		for (unsigned s = 0; s < NSTATES; s++)
			sum->count[f][s] += part->count[f][s];
	for (size_t i = 0; i < sizeof(sum->unknown) / sizeof(*sum->unknown);
	     i++)
		sum->unknown[i] |= part->unknown[i];
	sum->unknown_beside |= part->unknown_beside;
	sum->context.unowned += part->context.unowned;
	if (sum->by && !append_groups(&sum->groups, &part->groups))
		return ENOMEM;
	return 0;
}

static void
compare_totals(struct tally *now, const struct tally *prev)
{
	bool unknown = now->unknown_beside;

	for (unsigned f = 0; f < NFAMILIES; f++) {
		for (unsigned s = 0; s < NSTATES; s++)
			now->delta[f][s] =
			    (int64_t)(now->count[f][s] - prev->count[f][s]);
		unknown |= now->count[f][STATE_UNKNOWN] > 0;
	}
	now->unknown_before = prev->unknown_beside;
	/* What is gone is shown once more, by the name that it had. */
	if (!unknown)
		memcpy(now->unknown, prev->unknown, sizeof(now->unknown));
}

/* Takes what a group of prev has from the deltas of one of now. */
static void
subtract(struct groups *now, size_t at, const struct groups *prev, size_t old)
{
	struct group_extra *extra = &now->extra[at];

	for (unsigned s = 0; s < NSTATES; s++)
		extra->delta[s] -= prev->group[old].count[s];
	if (!prev->extra)
		return;
	extra->backlog.delta -= (int64_t)prev->extra[old].backlog.queue;
	extra->backlog.turned =
	    extra->backlog.full != prev->extra[old].backlog.full;
	if (now->group[at].gone)
		extra->backlog.limit = prev->extra[old].backlog.limit;
}

/* The same of groups; false where memory ran out. */
static bool
compare_groups(struct groups *now, const struct groups *prev)
{
	if (!groups_extend(now))
		return false;
	for (size_t i = 0; i < now->n; i++) {
		struct group_extra *extra = &now->extra[i];

		for (unsigned s = 0; s < NSTATES; s++)
			extra->delta[s] = now->group[i].count[s];
		extra->backlog.delta = (int64_t)extra->backlog.queue;
	}
	for (size_t i = 0; i < prev->n; i++) {
		const struct kept_group *old = &prev->group[i];
		size_t n = now->n, number;
		struct kept_group *group;

		if (old->gone)
			continue;
		number = groups_reach(now, groups_key(prev, i));
		if (number == MAP_NONE)
			return false;
		group = &now->group[number];
		group->gone = now->n > n;
		group->entered = group->listed && !old->listed;
		group->listed |= old->listed;
		subtract(now, number, prev, i);
	}
	return true;
}

/* Lists the top groups; false where memory ran out. */
static bool
list_groups(struct groups *groups, size_t top)
{
	if (!groups_sort(groups))
		return false;
	for (size_t i = 0; i < groups->n; i++)
		groups->group[groups->rank[i].at].listed = top == 0 || i < top;
	return true;
}

/* The same of tallies by keys. */
static bool
compare_breakdowns(struct tally *now, const struct tally *prev, size_t top)
{
	struct groups *groups = &now->groups;
	bool done;

	if (!list_groups(groups, top))
		return false;
	if (!prev)
		return true;
	done = compare_groups(groups, &prev->groups) && groups_sort(groups);
	for (size_t i = 0; i < groups->n; i++)
		now->relisted |= groups->group[i].entered;
	return done;
}

int
tally_compare(struct tally *now, const struct tally *prev, size_t top)
{
	now->compared = prev != NULL;
	if (prev)
		compare_totals(now, prev);
	if (now->by && !compare_breakdowns(now, prev, top))
		return ENOMEM;
	return 0;
}

bool
tally_has_unknown(const struct tally *t)
{
	return t->unknown_beside || t->unknown_before ||
	    tally_count(t, STATE_UNKNOWN) > 0 ||
	    tally_change(t, STATE_UNKNOWN) != 0;
}

uint64_t
tally_count(const struct tally *t, unsigned slot)
{
	return t->count[FAMILY_TCP][slot] + t->count[FAMILY_TCP6][slot];
}

int64_t
tally_change(const struct tally *t, unsigned slot)
{
	return t->delta[FAMILY_TCP][slot] + t->delta[FAMILY_TCP6][slot];
}

uint64_t
tally_total(const struct tally *t)
{
	uint64_t n = 0;

	for (unsigned s = 0; s < NSTATES; s++)
		n += tally_count(t, s);
	return n;
}

void
tally_free(struct tally *t)
{
	if (!t)
		return;
	free(t->context.listening);
	map_free(&t->cells);
	listeners_free(&t->listeners);
	groups_free(&t->groups);
	free(t);
}
