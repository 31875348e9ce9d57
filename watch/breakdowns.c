/*
 * Which breakdowns a screen has, and in which order.
 */
#include "watch/breakdowns.h"

#include <string.h>

/* Their keys; NULL: none. */
static const char *const key_lists[] = {
    NULL, "port", "raddr", "process", "listeners"};

enum { NLISTS = sizeof(key_lists) / sizeof(key_lists[0]) };

_Static_assert((int)NLISTS < (int)BREAKDOWNS_MAX,
    "there is room for the breakdown of the options");

static bool
same_keys(const struct key_set *a, const struct key_set *b)
{
	return a->n == b->n &&
	    memcmp(a->key, b->key, a->n * sizeof(a->key[0])) == 0;
}

/* Makes the keys of a list; returns whether they can be shown. */
static bool
make_keys(struct key_set *keys, const char *list,
    const struct sample_request *request)
{
	size_t len;

	*keys = (struct key_set){.n = 0};
	if (!list)
		return true;
	if (strcmp(list, "listeners") == 0)
		key_put_listener(keys);
	else
		key_parse(keys, list, &len);
	if (request->all_netns)
		key_put_netns(keys);
	return request->source.nfiles == 0 || !keys->needs_processes;
}

void
breakdowns_init(struct breakdowns *b, const struct options *o)
{
	*b = (struct breakdowns){.asked = o->request.by};
	if (b->asked)
		b->list[b->n++].keys = o->keys;
	for (size_t i = 0; i < NLISTS; i++) {
		struct key_set *keys = &b->list[b->n].keys;

		if (make_keys(keys, key_lists[i], &o->request) &&
		    !(b->asked && same_keys(keys, &o->keys)))
			b->n++;
	}
	/* Not none, which comes first. */
	b->current = b->asked ? 0 : 1;
	b->list[b->current].order = o->order;
}

const struct breakdown *
breakdowns_current(const struct breakdowns *b)
{
	return &b->list[b->current];
}

void
breakdowns_next(struct breakdowns *b)
{
	b->current = (b->current + 1) % b->n;
}
