/*
 * Counts by state and key, their order, and their difference.
 */
#include "tally.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct tally *
tally_new(void)
{
	struct tally *t = calloc(1, sizeof(*t));

	if (t)
		listeners_init(&t->listeners);
	return t;
}

/* The words that so many bytes take. */
static size_t
words(size_t bytes)
{
	return (bytes + sizeof(uint32_t) - 1) / sizeof(uint32_t);
}

/*
 * While sockets come in they are counted in cells, by key and state: most
 * keys have one state, and a key may not be settled yet.
 */
static bool
count_in_cell(struct tally *t, const struct conn *conn)
{
	uint32_t cell[MAP_WORDS];
	unsigned char *bytes = (unsigned char *)cell;

	if (t->cells.words == 0)
		map_init(&t->cells, words(t->by->size + 1));
	cell[t->cells.words - 1] = 0;
	key_pack(t->by, &t->context, conn, bytes);
	bytes[t->by->size] = (unsigned char)state_slot(conn->state);
	return map_queue(&t->cells, cell, 1);
}

void
tally_listener(const struct conn *conn, void *ctx)
{
	struct tally *t = ctx;

	if (conn->state != TCP_LISTEN)
		return;
	t->context.listening[conn->lport / 64] |= UINT64_C(1)
	    << conn->lport % 64;
	if (t->by && t->by->listeners &&
	    filter_match_listener(t->filter, conn))
		t->no_memory |= !listeners_add(&t->listeners, conn);
}

/* Counts a conn in the breakdown; false where memory ran out. */
static bool
count_in_breakdown(struct tally *t, const struct conn *conn)
{
	if (!t->by->listeners)
		return count_in_cell(t, conn);
	return conn->state == TCP_LISTEN ||
	    listeners_count(&t->listeners, conn);
}

void
tally_visit(const struct conn *conn, void *ctx)
{
	struct tally *t = ctx;
	unsigned slot = state_slot(conn->state);

	if (!t->heard)
		tally_listener(conn, t);
	if (!filter_match(t->filter, conn))
		return;
	t->count[conn->family][slot]++;
	if (slot == STATE_UNKNOWN)
		t->unknown[conn->state / 64] |= UINT64_C(1)
		    << conn->state % 64;
	if (t->by && !t->no_memory)
		t->no_memory = !count_in_breakdown(t, conn);
}

static uint32_t *
key_words(const struct tally *t, const struct group *group)
{
	return t->groups.keys + group->key * words(t->by->size);
}

const unsigned char *
tally_key(const struct tally *t, const struct group *group)
{
	return (const unsigned char *)key_words(t, group);
}

/* Makes room for one more group; false where memory ran out. */
static bool
reserve_group(struct groups *groups, size_t nwords)
{
	size_t size = groups->size > 0 ? groups->size * 2 : 16;
	struct group *group;
	uint32_t *keys;

	if (groups->n < groups->size)
		return true;
	group = reallocarray(groups->group, size, sizeof(*group));
	if (!group)
		return false;
	groups->group = group;
	keys = reallocarray(groups->keys, size * nwords, sizeof(*keys));
	if (!keys)
		return false;
	groups->keys = keys;
	groups->size = size;
	return true;
}

/* The first bytes of a key, such that their order is the key's. */
static uint64_t
make_prefix(const unsigned char *key, size_t size)
{
	uint64_t prefix = 0;

	memcpy(&prefix, key, size < sizeof(prefix) ? size : sizeof(prefix));
	return be64toh(prefix);
}

/* A new group at the end, of that settled key; NULL where memory ran out. */
static struct group *
add_group(struct tally *t, const uint32_t *key)
{
	struct groups *groups = &t->groups;
	size_t nwords = words(t->by->size);
	struct group *group;

	if (!reserve_group(groups, nwords))
		return NULL;
	group = &groups->group[groups->n];
	*group = (struct group){
	    .key = groups->n++,
	    .prefix = make_prefix((const unsigned char *)key, t->by->size),
	};
	memcpy(key_words(t, group), key, nwords * sizeof(*key));
	return group;
}

/*
 * The group of a key, made at the end where there is none; NULL where memory
 * ran out.  index has the number of each key's group, from 1.
 */
static struct group *
reach_group(struct tally *t, struct map *index, const uint32_t *key)
{
	struct groups *groups = &t->groups;
	uint32_t number = map_get(index, key);

	if (number > 0)
		return &groups->group[number - 1];
	if (!map_add(index, key, (uint32_t)groups->n + 1))
		return NULL;
	return add_group(t, key);
}

/* What qsort() cannot hand on: whose keys they are. */
static const struct tally *sorted;

/* Most sockets first, then in the key's order. */
static int
compare_groups(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (x->total != y->total)
		return x->total < y->total ? 1 : -1;
	if (x->prefix != y->prefix)
		return x->prefix < y->prefix ? -1 : 1;
	return memcmp(
	    tally_key(sorted, x), tally_key(sorted, y), sorted->by->size);
}

static void
sort_groups(struct tally *t)
{
	sorted = t;
	if (t->groups.n > 0)
		qsort(t->groups.group, t->groups.n, sizeof(*t->groups.group),
		    compare_groups);
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
	const uint32_t *cell;
	struct map index;
	struct group *group = NULL;
	uint32_t count;
	size_t at = 0;

	map_init(&index, words(t->by->size));
	while ((cell = map_next(&t->cells, &at, &count))) {
		unsigned slot;

		memcpy(key, cell, t->cells.words * sizeof(*cell));
		slot = bytes[t->by->size];
		bytes[t->by->size] = 0;
		key_settle(t->by, &t->context, bytes);
		group = reach_group(t, &index, key);
		if (!group)
			break;
		group->count[slot] += count;
	}
	map_free(&index);
	return !cell;
}

static void
give(void *ctx, size_t i, unsigned slot, uint32_t n)
{
	struct tally *t = ctx;

	t->groups.group[i].count[slot] += n;
}

/* The same of listeners, a group each; false where memory ran out. */
static bool
group_listeners(struct tally *t)
{
	const struct listeners *listeners = &t->listeners;

	for (size_t i = 0; i < listeners->n; i++) {
		const struct listener *listener = &listeners->listener[i];
		uint32_t key[MAP_WORDS] = {0};
		unsigned char *bytes = (unsigned char *)key;
		struct group *group;

		key_pack(t->by, &t->context, &listener->conn, bytes);
		key_settle(t->by, &t->context, bytes);
		group = add_group(t, key);
		if (!group)
			return false;
		if (filter_match(t->filter, &listener->conn))
			group->count[TCP_LISTEN] = listener->sockets;
		group->backlog.queue = listener->queue;
		group->backlog.limit = listener->limit;
	}
	return listeners_deal(&t->listeners, give, t);
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
	return add_group(t, key);
}

/* Once for each group, not for each cell: there may be many more of these. */
static void
sum_up(struct groups *groups)
{
	for (size_t i = 0; i < groups->n; i++)
		for (unsigned s = 0; s < NSTATES; s++)
			groups->group[i].total += groups->group[i].count[s];
}

/* Makes groups of what was counted; false where memory ran out. */
static bool
make_groups(struct tally *t)
{
	if (t->no_memory)
		return false;
	if (t->by->listeners)
		return group_listeners(t);
	if (t->cells.words > 0)
		return map_flush(&t->cells) && group_cells(t);
	return t->by->n > 1 || !t->by->needs_netns || add_empty_netns(t);
}

int
tally_finish(struct tally *t)
{
	if (!t->by)
		return 0;
	if (!make_groups(t))
		return ENOMEM;
	map_free(&t->cells);
	sum_up(&t->groups);
	return 0;
}

/* False where memory ran out. */
static bool
append_groups(struct tally *sum, const struct tally *part)
{
	for (size_t i = 0; i < part->groups.n; i++) {
		const struct group *from = &part->groups.group[i];
		struct group *group = add_group(sum, key_words(part, from));

		if (!group)
			return false;
		group_add(group, from);
		group->backlog = from->backlog;
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
	sum->context.unowned += part->context.unowned;
	return !sum->by || append_groups(sum, part) ? 0 : ENOMEM;
}

static void
compare_totals(struct tally *now, const struct tally *prev)
{
	bool unknown = false;

	for (unsigned f = 0; f < NFAMILIES; f++) {
		for (unsigned s = 0; s < NSTATES; s++)
			now->delta[f][s] =
			    (int64_t)(now->count[f][s] - prev->count[f][s]);
		unknown |= now->count[f][STATE_UNKNOWN] > 0;
	}
	/* What is gone is shown once more, by the name that it had. */
	if (!unknown)
		memcpy(now->unknown, prev->unknown, sizeof(now->unknown));
}

/* The same of groups; false where memory ran out. */
static bool
compare_to(struct tally *now, const struct tally *prev, struct map *index)
{
	struct groups *groups = &now->groups;

	for (size_t i = 0; i < groups->n; i++) {
		struct group *group = &groups->group[i];

		if (!map_add(index, key_words(now, group), (uint32_t)i + 1))
			return false;
		for (unsigned s = 0; s < NSTATES; s++)
			group->delta[s] = (int64_t)group->count[s];
		group->backlog.delta = (int64_t)group->backlog.queue;
	}
	for (size_t i = 0; i < prev->groups.n; i++) {
		const struct group *old = &prev->groups.group[i];
		size_t n = groups->n;
		struct group *group;

		if (old->gone)
			continue;
		group = reach_group(now, index, key_words(prev, old));
		if (!group)
			return false;
		group->gone = groups->n > n;
		if (group->gone)
			group->backlog.limit = old->backlog.limit;
		for (unsigned s = 0; s < NSTATES; s++)
			group->delta[s] -= (int64_t)old->count[s];
		group->backlog.delta -= (int64_t)old->backlog.queue;
		group->entered = group->listed && !old->listed;
		now->relisted |= group->entered;
		group->listed |= old->listed;
	}
	sort_groups(now);
	return true;
}

int
tally_compare(struct tally *now, const struct tally *prev, size_t top)
{
	struct map index;
	bool done;

	sort_groups(now);
	for (size_t i = 0; i < now->groups.n; i++)
		now->groups.group[i].listed = top == 0 || i < top;
	if (!prev)
		return 0;
	now->compared = true;
	compare_totals(now, prev);
	if (!now->by)
		return 0;
	map_init(&index, words(now->by->size));
	done = compare_to(now, prev, &index);
	map_free(&index);
	return done ? 0 : ENOMEM;
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
group_add(struct group *sum, const struct group *group)
{
	for (unsigned s = 0; s < NSTATES; s++) {
		sum->count[s] += group->count[s];
		sum->delta[s] += group->delta[s];
	}
	sum->total += group->total;
	sum->backlog.queue += group->backlog.queue;
	sum->backlog.delta += group->backlog.delta;
	sum->backlog.limit = LISTENER_NO_LIMIT;
}

void
tally_free(struct tally *t)
{
	if (!t)
		return;
	map_free(&t->cells);
	listeners_free(&t->listeners);
	free(t->groups.group);
	free(t->groups.keys);
	free(t);
}
