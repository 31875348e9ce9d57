/*
 * The rows of a breakdown: kept close, since there may be very many, found by
 * their keys, and put in order.
 */
#ifndef GROUP_H
#define GROUP_H

#include "lib/conn.h"
#include "lib/map.h"

#include <stdbool.h>
#include <stddef.h>

/* Of a listener. */
struct backlog {
	uint64_t queue;
	int64_t delta;
	uint64_t limit; /* or BACKLOG_NO_LIMIT */
	bool full;	/* it, or one of several, has no room for one more */
	bool turned;	/* it was not, if it is, or the other way round */
};

/* Where the limit of a queue is not known. */
#define BACKLOG_NO_LIMIT UINT64_MAX

/* In the place of a key: the sum of many groups. */
#define GROUP_OTHER SIZE_MAX

/* One row. */
struct group {
	size_t key;   /* the number of it and its key, or GROUP_OTHER */
	bool gone;    /* only the sample before had it */
	bool listed;  /* it is, or was before, one of the largest */
	bool entered; /* it is now, and was there before, but not listed */
	uint64_t count[NSTATES];
	int64_t delta[NSTATES];
	uint64_t total;
	struct backlog backlog;
};

/* The same as it is kept. */
struct kept_group {
	bool gone, listed, entered;
	uint32_t count[NSTATES];
};

/* Its place in the order: what sorts it, and where it is kept. */
struct group_rank {
	uint64_t total;
	uint64_t prefix; /* of its key */
	uint32_t at;
};

/* What only some breakdowns have. */
struct group_extra {
	int64_t delta[NSTATES];
	struct backlog backlog;
};

/* Begin with groups_init(). */
struct groups {
	struct map keys; /* which number the groups */
	size_t n, size, extra_size, key_size;
	struct kept_group *group;
	struct group_extra *extra; /* of each; NULL until it is needed */
	struct group_rank *rank;   /* when they are sorted: of ranked groups */
	size_t ranked;
};

/* For keys of that many bytes, which are in their order as memcmp() has it. */
void groups_init(struct groups *groups, size_t key_size);
void groups_free(struct groups *groups);

/*
 * The number of the group that has a key, which may be a new one: MAP_NONE
 * where memory ran out.  A key is in whole words, with zeros at its end.
 */
size_t groups_reach(struct groups *groups, const uint32_t *key);

/* Counts n sockets; false where they are more than 32 bits can count. */
bool groups_count(
    struct groups *groups, size_t number, unsigned slot, uint32_t n);

/*
 * The same of the group of a key, one socket, and later: at groups_flush() at
 * the latest.  False where memory ran out, or the counts their 32 bits.
 */
bool groups_queue(struct groups *groups, const uint32_t *key, unsigned slot);
bool groups_flush(struct groups *groups);

/* Gives each group, now and later, its extra; false where memory ran out. */
bool groups_extend(struct groups *groups);

/*
 * Adds a queue to that of a group, which must have its extra.  One is full
 * when it has more than its limit (sk_acceptq_is_full, include/net/sock.h).
 */
void groups_add_queue(
    struct groups *groups, size_t number, uint64_t queue, uint64_t limit);

/*
 * Puts them in order: most sockets first, then by key.  False where memory ran
 * out.
 */
bool groups_sort(struct groups *groups);

/* The i-th group of that order; the key of any, by its number. */
void groups_get(const struct groups *groups, size_t i, struct group *group);
const uint32_t *groups_key(const struct groups *groups, size_t key);

/* Adds a group to the sum of many. */
void group_add(struct group *sum, const struct group *group);

#endif
