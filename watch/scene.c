/*
 * Adds samples to what a screen knows of them.
 */
#include "watch/scene.h"

#include <string.h>

void
scene_add_totals(struct scene *scene, const struct tally *t, int64_t moment)
{
	uint64_t count[HISTORY_FIELDS];

	for (unsigned i = 0; i < NTOTALS; i++) {
		scene->totals[i] = i == ROW_ALL ? t->all : t->family[i];
		scene->totals[i].before = NULL;
	}
	memcpy(count, t->all.count, sizeof(t->all.count));
	count[FIELD_TOTAL] = t->all.total;
	history_add(&scene->history, moment, count);
}

void
scene_add_counters(struct scene *scene, const struct tally *t, int64_t moment)
{
	flows_add(&scene->flows, &scene->counters, &t->counters,
	    moment - scene->moment);
	scene->counters = t->counters;
	scene->moment = moment;
}

const struct flows *
scene_flows(const struct scene *scene)
{
	for (unsigned i = 0; i < NCOUNTERS; i++)
		if (scene->counters.known[i])
			return &scene->flows;
	return NULL;
}

void
scene_reset(struct scene *scene)
{
	history_reset(&scene->history);
	flows_reset(&scene->flows);
}
