/*
 * The table of checks; has each of them look at the snapshots, and puts what
 * they find in order.
 */
#include "explain/diagnose.h"

#include "explain/check.h"

#include <stdlib.h>
#include <string.h>

struct check {
	const char *id;
	const char *unit; /* of its value and limit */
	check_function *run;
	unsigned states; /* that must not be filtered out; 1 << slot */
	bool two;	 /* is of no use with only one snapshot */
};

#define STATE(name) (1u << TCP_##name)

static const struct check checks[] = {
    {"ephemeral-ports", "ports to one destination", check_ephemeral_ports,
	STATE(ESTABLISHED) | STATE(TIME_WAIT), false},
    {"time-wait-limit", "sockets in TIME_WAIT", check_time_wait_limit, 0,
	false},
    {"close-wait-leak", "sockets that stay", check_close_wait_leak,
	STATE(CLOSE_WAIT), false},
    {"syn-flood", "half-open connections of one listener", check_syn_flood,
	STATE(SYN_RECV) | STATE(LISTEN), true},
    {"accept-queue", "connections waiting at one listener", check_accept_queue,
	STATE(LISTEN) | STATE(ESTABLISHED), false},
    {"defer-accept", "silent connections of one listener", check_defer_accept,
	STATE(SYN_RECV) | STATE(LISTEN), true},
    {"orphans", "sockets without a process", check_orphans,
	STATE(FIN_WAIT1) | STATE(CLOSING), false},
    {"fin-wait2", "half-closed sockets that stay", check_fin_wait2,
	STATE(FIN_WAIT2), false},
    {"syn-sent", "connections without an answer", check_syn_sent,
	STATE(SYN_SENT), false},
    {"dead-peers", "connections without an answer", check_dead_peers,
	STATE(ESTABLISHED), false},
    {"last-ack", "connections without an answer", check_last_ack,
	STATE(LAST_ACK), false},
    {"tcp-memory", "pages", check_tcp_memory, 0, false},
    {"fd-limit", "descriptors of one process", check_fd_limit, 0, false},

    /* These mostly make notes. */
    {"refused", "resets a second", check_refused, 0, true},
    {"zero-window", "connections to peers that do not read", check_zero_window,
	STATE(ESTABLISHED), false},
    {"keepalive-off", "ESTABLISHED without a timer", check_keepalive_off,
	STATE(ESTABLISHED), false},
    {"backlog-small", "SYN cookies", check_backlog_small, 0, true},
    {"not-reading", "connections with unread data", check_not_reading,
	STATE(ESTABLISHED), true},
    {"conntrack", "tracked connections", check_conntrack, 0, false},
    {"settings", "unusual settings", check_settings, 0, false},
};

_Static_assert(
    sizeof(checks) / sizeof(checks[0]) == NCHECKS, "one row a check");

const char *const severity_names[NSEVERITIES] = {
    "none", "note", "warning", "critical"};

const char *
check_id(size_t check)
{
	return checks[check].id;
}

const char *
check_unit(size_t check)
{
	return checks[check].unit;
}

/* Returns the first state of a check that the filter leaves out, or 0. */
static unsigned
excluded_state(const struct checkup *c, const struct check *check)
{
	for (unsigned s = 1; s < NSTATES; s++)
		if (check->states & 1u << s &&
		    !(c->now->filter->states & 1u << s))
			return s;
	return 0;
}

static void
run_check(struct checkup *c)
{
	const struct check *check = &checks[c->check];
	unsigned excluded = excluded_state(c, check);
	size_t found = c->diagnosis->n;

	c->result = &c->diagnosis->result[c->check];
	if (excluded)
		skip(c, "%s is not among the selected states",
		    state_names[excluded].netstat);
	else if (check->two && !c->before)
		skip(c, "needs two samples");
	else
		check->run(c);
	if (c->diagnosis->n > found)
		c->result->status = CHECK_FOUND;
}

/* The worst first; then in the order of the checks, the largest first. */
static int
compare_findings(const void *p, const void *q)
{
	const struct finding *a = *(struct finding *const *)p;
	const struct finding *b = *(struct finding *const *)q;

	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (a->check != b->check)
		return a->check < b->check ? -1 : 1;
	if (a->size != b->size)
		return a->size > b->size ? -1 : 1;
	return strcmp(a->subject, b->subject);
}

void
diagnose(struct diagnosis *d, const struct snapshot *before,
    const struct snapshot *now)
{
	struct checkup c = {.diagnosis = d, .before = before, .now = now};

	*d = (struct diagnosis){.sockets = now->rows, .source = now->source};
	if (before)
		d->interval = snapshot_interval(before, now);
	checkup_init(&c);
	for (c.check = 0; c.check < NCHECKS; c.check++)
		run_check(&c);
	checkup_free(&c);
	if (d->n > 0)
		qsort(d->finding, d->n, sizeof(*d->finding), compare_findings);
}

void
diagnosis_free(struct diagnosis *d)
{
	for (size_t i = 0; i < d->n; i++)
		free(d->finding[i]);
	*d = (struct diagnosis){0};
}

enum severity
diagnosis_severity(const struct diagnosis *d)
{
	return d->n > 0 ? d->finding[0]->severity : SEVERITY_NONE;
}
