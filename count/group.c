/*
 * Groups in arrays: counts, keys, and what few need.
 */
#include "count/group.h"

#include "lib/array.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

/* So many places ahead a group is fetched: these are all over the memory. */
enum { AHEAD = 8 };

/* Makes room for the extras of n groups; false where memory ran out. */
static bool
reserve_extra(struct groups *groups, size_t n)
{
	struct group_extra *extra = array_reserve(
	    groups->extra, &groups->extra_size, n, sizeof(*extra));

	if (extra)
		groups->extra = extra;
	return extra;
}

/* Adds a group, of the last key; false where memory ran out. */
static bool
add_group(struct groups *groups)
{
	struct kept_group *group = array_reserve(
	    groups->group, &groups->size, groups->n + 1, sizeof(*group));

	if (!group)
		return false;
	groups->group = group;
	if (groups->extra) {
		if (!reserve_extra(groups, groups->n + 1))
			return false;
		groups->extra[groups->n] = (struct group_extra){0};
	}
	groups->group[groups->n++] = (struct kept_group){0};
	return true;
}

/*
 * Whether a key that was numbered has its group, which it gets if it is the
 * last one.  False where memory ran out, now or when there were fewer.
 */
static bool
has_group(struct groups *groups, size_t number)
{
	return number < groups->n ||
	    (number == groups->n && add_group(groups));
}

size_t
groups_reach(struct groups *groups, const uint32_t *key)
{
	size_t number = map_reach(&groups->keys, key);

	return has_group(groups, number) ? number : MAP_NONE;
}

bool
groups_count(struct groups *groups, size_t number, unsigned slot, uint32_t n)
{
	uint32_t *count = &groups->group[number].count[slot], sum;

	if (__builtin_add_overflow(*count, n, &sum))
		return false;
	*count = sum;
	return true;
}

/* What was queued with a key is the slot of a state. */
static bool
take(void *ctx, size_t number, uint32_t slot)
{
	struct groups *groups = ctx;

	return has_group(groups, number) &&
	    groups_count(groups, number, slot, 1);
}

bool
groups_queue(struct groups *groups, const uint32_t *key, unsigned slot)
{
	return map_queue(&groups->keys, key, slot);
}

bool
groups_flush(struct groups *groups)
{
	return map_flush(&groups->keys);
}

void
groups_init(struct groups *groups, size_t key_size)
{
	*groups = (struct groups){.key_size = key_size};
	map_init(&groups->keys, map_words(key_size));
	groups->keys.take = take;
	groups->keys.ctx = groups;
}

void
groups_free(struct groups *groups)
{
	map_free(&groups->keys);
	array_free(groups->group, groups->size * sizeof(*groups->group));
	array_free(groups->extra, groups->extra_size * sizeof(*groups->extra));
	array_free(groups->rank, groups->ranked * sizeof(*groups->rank));
}

const uint32_t *
groups_key(const struct groups *groups, size_t number)
{
	return map_key(&groups->keys, number);
}

/* The first bytes of a key, such that their order is the key's. */
static uint64_t
make_prefix(const uint32_t *key, size_t size)
{
	uint64_t prefix = 0;

	memcpy(&prefix, key, size < sizeof(prefix) ? size : sizeof(prefix));
	return be64toh(prefix);
}

bool
groups_extend(struct groups *groups)
{
	if (groups->extra)
		return true;
	/* One at least: NULL means that there is none. */
	if (!reserve_extra(groups, groups->n + 1))
		return false;
	memset(groups->extra, 0, groups->n * sizeof(*groups->extra));
	return true;
}

void
groups_add_queue(
    struct groups *groups, size_t number, uint64_t queue, uint64_t limit)
{
	struct backlog *backlog = &groups->extra[number].backlog;

	backlog->queue += queue;
	backlog->full |= queue > limit;
	if (limit == BACKLOG_NO_LIMIT || backlog->limit == BACKLOG_NO_LIMIT)
		backlog->limit = BACKLOG_NO_LIMIT;
	else
		backlog->limit += limit;
}

/* Most sockets first, then in the order of their keys. */
static inline bool
goes_before(const struct groups *groups, const struct group_rank *x,
    const struct group_rank *y)
{
	if (x->total != y->total)
		return x->total > y->total;
	if (x->prefix != y->prefix)
		return x->prefix < y->prefix;
	return memcmp(groups_key(groups, x->at), groups_key(groups, y->at),
		   groups->key_size) < 0;
}

/* Merges two sorted runs, of a and b ranks, that lie one behind the other. */
static void
merge(const struct groups *groups, const struct group_rank *x, size_t a,
    size_t b, struct group_rank *to)
{
	const struct group_rank *y = x + a, *middle = y, *end = y + b;

	while (x < middle && y < end)
		*to++ = goes_before(groups, y, x) ? *y++ : *x++;
	while (x < middle)
		*to++ = *x++;
	while (y < end)
		*to++ = *y++;
}

static size_t
at_most(size_t n, size_t most)
{
	return n < most ? n : most;
}

/*
 * Sorts the ranks by way of as many others, which are freed.  qsort() would
 * do, but wants a call for each comparison, and memory in small pages.
 */
static void
sort(struct groups *groups, struct group_rank *other)
{
	size_t n = groups->n;

	for (size_t run = 1; run < n; run *= 2) {
		struct group_rank *from = groups->rank;

		for (size_t i = 0; i < n; i += 2 * run) {
			size_t a = at_most(run, n - i);

			merge(groups, from + i, a, at_most(run, n - i - a),
			    other + i);
		}
		groups->rank = other;
		other = from;
	}
	array_free(other, n * sizeof(*other));
}

static uint64_t
total(const struct kept_group *group)
{
	uint64_t sum = 0;

	for (unsigned s = 0; s < NSTATES; s++)
		sum += group->count[s];
	return sum;
}

bool
groups_sort(struct groups *groups)
{
	struct group_rank *other;

	array_free(groups->rank, groups->ranked * sizeof(*groups->rank));
	groups->ranked = groups->n;
	groups->rank = array_new(groups->ranked * sizeof(*groups->rank));
	other = array_new(groups->ranked * sizeof(*groups->rank));
	if (!groups->rank || !other) {
		array_free(other, groups->ranked * sizeof(*other));
		return groups->n == 0;
	}
	for (size_t i = 0; i < groups->n; i++)
		groups->rank[i] = (struct group_rank){
		    .total = total(&groups->group[i]),
		    .prefix =
			make_prefix(groups_key(groups, i), groups->key_size),
		    .at = (uint32_t)i,
		};
	sort(groups, other);
	return true;
}

void
groups_get(const struct groups *groups, size_t i, struct group *group)
{
	const struct group_rank *rank = &groups->rank[i];
	const struct kept_group *kept = &groups->group[rank->at];

	/* Who takes one takes the next ones, and wants their keys too. */
	if (i + AHEAD < groups->n) {
		__builtin_prefetch(&groups->group[rank[AHEAD].at]);
		__builtin_prefetch(groups_key(groups, rank[AHEAD].at));
	}
	*group = (struct group){
	    .key = rank->at,
	    .gone = kept->gone,
	    .listed = kept->listed,
	    .entered = kept->entered,
	    .total = rank->total,
	};
	for (unsigned s = 0; s < NSTATES; s++)
		group->count[s] = kept->count[s];
	if (!groups->extra)
		return;
	memcpy(
	    group->delta, groups->extra[rank->at].delta, sizeof(group->delta));
	group->backlog = groups->extra[rank->at].backlog;
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
	sum->backlog.limit = BACKLOG_NO_LIMIT;
	sum->backlog.full |= group->backlog.full;
	sum->backlog.turned |= group->backlog.turned;
}
