/*
 * The log of watch mode, and what awk one-liners print.
 */
#include "show/lines.h"

#include <inttypes.h>

/* A line of the log: the time, the key, the state, its count and delta. */
static void
print_change(FILE *out, const struct report *r, const char *time,
    const struct group *group, unsigned field, struct report_value v)
{
	report_label text;
	report_word key;

	fprintf(out, "%s ", time);
	for (size_t i = 0; group && i < r->now->by->ncolumns; i++) {
		report_get_word(r, group, &r->now->by->column[i], key);
		fprintf(out, "%s ", key);
	}
	fprintf(
	    out, "%s %" PRIu64, report_field_name(r, field, text), v.count);
	if (r->now->compared)
		fprintf(out, " %+" PRId64, v.delta);
	if (field == FIELD_QUEUE && group->backlog.full)
		fputs(" FULL", out);
	fputc('\n', out);
}

static void
log_totals(FILE *out, const struct report *r, const char *time)
{
	for (unsigned i = 0; i < NSTATES; i++) {
		unsigned s = state_order[i];
		struct report_value v = report_state(r, s);

		if (r->now->compared ? v.delta != 0 : report_has_state(r, s))
			print_change(out, r, time, NULL, s, v);
	}
}

/* What a group has of each field, in the sample before if that is asked for,
 * as a mask of those that it has any of. */
static unsigned
fields_of(const struct group *group, bool before)
{
	unsigned mask = 0;

	for (unsigned field = 0; field < NFIELDS; field++) {
		struct report_value v = report_field(group, field);

		if ((int64_t)v.count - (before ? v.delta : 0) > 0)
			mask |= 1u << field;
	}
	return mask;
}

static void
log_field(FILE *out, const struct report *r, const char *time,
    const struct group *group, unsigned field, unsigned told)
{
	struct report_value v = report_field(group, field);

	if (v.delta != 0 || told >> field & 1 ||
	    (field == FIELD_QUEUE && group->backlog.turned))
		print_change(out, r, time, group, field, v);
}

/* The states of a group that changed, and those that are told anyway. */
static void
log_group(FILE *out, const struct report *r, const char *time,
    const struct group *group, unsigned told)
{
	if (r->now->by->listeners)
		log_field(out, r, time, group, FIELD_QUEUE, told);
	for (unsigned i = 0; i < NSTATES; i++)
		log_field(out, r, time, group, state_order[i], told);
}

/*
 * A group that was listed once stays so while it has sockets: its line must
 * not be the last one of it while these are counted among the others'.  When
 * one comes out of the others, it is told, and so are they: also what they
 * have no more without it.
 */
static void
log_groups(FILE *out, const struct report *r, const char *time)
{
	const struct groups *groups = &r->now->groups;
	bool first = !r->now->compared;
	struct group other = {.key = GROUP_OTHER};
	unsigned left = 0;

	for (size_t i = 0; i < groups->n; i++) {
		struct group group;

		groups_get(groups, i, &group);
		if (group.entered)
			left |= fields_of(&group, true);
		if (group.listed)
			log_group(out, r, time, &group,
			    first || group.entered ? fields_of(&group, false)
						   : 0);
		else
			group_add(&other, &group);
	}
	if (first || r->now->relisted)
		left |= fields_of(&other, false);
	log_group(out, r, time, &other, left);
}

void
lines_log(FILE *out, enum report_mode mode, const struct report *r)
{
	char time[32];

	(void)mode;
	report_log_time(r, time);
	if (r->now->by)
		log_groups(out, r, time);
	else
		log_totals(out, r, time);
}

/* What an awk one-liner prints: the states that occur, one a line. */
static void
print_block(FILE *out, enum report_mode mode, const struct report *r,
    const char *(*name)(const struct report *, unsigned, report_label))
{
	report_label text;

	if (mode == REPORT_APPEND && r->now->compared)
		fputc('\n', out);
	for (unsigned i = 0; i < NSTATES; i++) {
		unsigned s = state_order[i];
		uint64_t n = report_state(r, s).count;

		if (n > 0 && name(r, s, text))
			fprintf(out, "%s %" PRIu64 "\n", name(r, s, text), n);
	}
}

/* netstat -n, without -a, leaves listeners out. */
static const char *
netstat_name(const struct report *r, unsigned slot, report_label text)
{
	return slot == TCP_LISTEN ? NULL : report_state_name(r, slot, text);
}

void
lines_netstat(FILE *out, enum report_mode mode, const struct report *r)
{
	print_block(out, mode, r, netstat_name);
}

static const char *
ss_name(const struct report *r, unsigned slot, report_label text)
{
	return slot == STATE_UNKNOWN ? report_state_name(r, slot, text)
				     : state_names[slot].ss;
}

void
lines_ss(FILE *out, enum report_mode mode, const struct report *r)
{
	print_block(out, mode, r, ss_name);
}
