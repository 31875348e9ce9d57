/*
 * Checks what the options of a command line mean together, and sets what
 * follows from them.
 */
#include "command/check.h"

#include "command/words.h"
#include "lib/say.h"
#include "watch/rounds.h"

#include <stdlib.h>
#include <string.h>

/* Nanoseconds, unless a delay is given. */
#define DELAY INT64_C(1000000000)
#define DIAGNOSIS_DELAY INT64_C(3000000000)

static void
set_families(struct command *c)
{
	struct filter *filter = &c->options.request.filter;
	bool both = c->ipv4 == c->ipv6;

	filter->family[FAMILY_TCP] = both || c->ipv4;
	filter->family[FAMILY_TCP6] = both || c->ipv6;
	c->options.request.source.needs_ipv6 = c->ipv6;
}

/* Groups by listener; the other keys must be those of a listener. */
static void
set_listeners(struct options *o)
{
	if (!key_goes_with_listeners(&o->keys))
		misuse("'--listeners' excludes all keys except process, "
		       "command, unit and netns");
	key_put_listener(&o->keys);
	o->request.by = &o->keys;
}

/*
 * Checks the options that choose files, a namespace or a proc, and sets those
 * that follow from them.
 */
static void
set_place(struct options *o)
{
	struct source_request *source = &o->request.source;
	const char *proc_root = secure_getenv("PROC_ROOT");
	const char *netns = o->request.netns;

	if (netns && *netns == '\0')
		misuse("invalid network namespace '': expected a name, a pid "
		       "or a path");
	if (source->nfiles > 0 &&
	    (source->proc || netns || o->request.all_netns))
		misuse("'--file' excludes '--netns', '--all-netns' and "
		       "'--proc'");
	if (netns && o->request.all_netns)
		misuse("'--netns' and '--all-netns' exclude each other");
	if (!source->proc && proc_root && *proc_root != '\0' &&
	    source->nfiles == 0 && source->choice != SOURCE_SOCK_DIAG)
		source->proc = proc_root;
	if (o->request.all_netns && !o->keys.needs_netns && !o->format->sum) {
		key_put_netns(&o->keys);
		o->request.by = &o->keys;
	}
	if (source->order != ORDER_UNKNOWN && !source->proc &&
	    source->nfiles == 0 && o->nbaseline == 0)
		misuse("'--byte-order' needs '--file', '--proc' or "
		       "'--baseline'");
	if (!source->proc)
		return;
	if (source->choice == SOURCE_SOCK_DIAG)
		misuse("sock_diag cannot read '%s'", source->proc);
	if (netns && netns[strspn(netns, "0123456789")] != '\0')
		misuse("invalid network namespace '%s' in '%s': expected a "
		       "pid",
		    netns, source->proc);
	source->choice = SOURCE_PROC;
}

/* The rows that cannot be sorted as asked for. */
static const struct key_set *unsorted;

/* Returns the i-th column that these may be sorted by. */
static const char *
column_at(size_t i)
{
	return order_name(unsorted, i);
}

static const char *
column_alias_at(size_t i, const char **means)
{
	return order_alias(unsorted, i, means);
}

/* Reports a column that the rows of a set cannot be sorted by. */
__attribute__((noreturn)) static void
wrong_column(const struct wrong_word *wrong, const struct key_set *set)
{
	int len = (int)wrong->len;

	if (key_find_name(wrong->word, wrong->len))
		misuse("cannot sort by '%.*s': rows are not grouped by it",
		    len, wrong->word);
	if (order_needs_listeners(wrong->word, wrong->len))
		misuse("cannot sort by '%.*s': only '--listeners' shows it",
		    len, wrong->word);
	unsorted = set;
	word_unknown(wrong, column_at);
}

/* Sets the order of the rows.  A screen has rows even without grouping. */
static void
set_order(struct command *c)
{
	struct options *o = &c->options;
	struct wrong_word wrong = {
	    .what = "column", .list = c->sort, .alias = column_alias_at};
	struct key_set ports = {0};
	const struct key_set *set = o->request.by ? &o->keys : &ports;
	size_t len;

	if (!o->request.by && (o->diagnose || rounds_mode(o) != REPORT_SCREEN))
		misuse("'--sort' needs grouping, such as '--by'");
	key_parse(&ports, "port", &len);
	wrong.word = order_parse(&o->order, set, c->sort, &wrong.len);
	if (wrong.word)
		wrong_column(&wrong, set);
}

/* Reports that the format cannot show something. */
__attribute__((noreturn)) static void
format_cannot_show(const struct command *c, const char *what)
{
	if (c->count)
		misuse(
		    "'--count' prints a number only: it cannot show %s", what);
	misuse("format '%s' cannot show %s", c->options.format->name, what);
}

/* Checks combinations with --explain. */
static void
check_explanation(const struct command *c)
{
	const struct options *o = &c->options;

	if (o->diagnose)
		misuse("'--explain' and '--diagnose' exclude each other");
	if (o->request.all_netns)
		misuse("'--explain' and '--all-netns' exclude each other");
	if (o->request.by)
		misuse("'--explain' excludes grouping, as by '--by'");
	if (c->summary)
		misuse("'--explain' and '-s' exclude each other");
	if (c->thresholds)
		misuse("'--explain' excludes '--warn' and '--crit'");
	if (o->format != format_find("table"))
		format_cannot_show(c, "an explanation");
	if (o->watch)
		misuse("'--explain' and '--watch' exclude each other");
}

/* Checks that no threshold is for a state that is not counted. */
static void
check_thresholds(const struct options *o)
{
	for (unsigned s = 0; s < NSTATES; s++) {
		const struct range *warn =
		    &o->thresholds.range[LEVEL_WARNING][s];
		const struct range *crit =
		    &o->thresholds.range[LEVEL_CRITICAL][s];

		if ((warn->text || crit->text) &&
		    !(o->request.filter.states >> s & 1))
			misuse("'%s' is for %s, which is not counted",
			    warn->text ? "--warn" : "--crit",
			    state_names[s].netstat);
	}
}

/* Checks that stdin is read only once. */
static void
check_stdin(const struct options *o)
{
	for (size_t i = 0; i < o->request.source.nfiles; i++) {
		if (strcmp(o->request.source.files[i], "-") != 0)
			continue;
		if (o->watch)
			misuse("'-f -' can be read only once, not watched");
		if (o->diagnose && o->format->counts)
			misuse("'-f -' can be read only once, not by "
			       "'--diagnose' with format '%s'",
			    o->format->name);
	}
}

/* Checks combinations of the other options. */
static void
check_options(const struct command *c)
{
	const struct options *o = &c->options;
	const char *live_key =
	    o->request.by ? key_not_in_files(o->request.by) : NULL;

	if (c->summary && o->request.by)
		misuse("'-s' excludes grouping, as by '--by' or '-l'");
	if (o->top > 0 && !o->request.by)
		misuse("'--top' needs grouping, such as '--by'");
	if (o->request.source.nfiles > 0 && live_key)
		misuse("cannot group by '%s': files do not have it", live_key);
	if (o->request.by && !o->format->groups)
		format_cannot_show(c,
		    o->request.all_netns && o->keys.n == 1
			? "network namespaces"
			: "groups");
	if (o->watch && o->format->no_watch)
		misuse("format '%s' cannot be watched", o->format->name);
	check_thresholds(o);
	check_stdin(o);
}

/* Checks combinations with --diagnose. */
static void
check_diagnosis(const struct command *c)
{
	const struct options *o = &c->options;

	if (o->request.all_netns)
		misuse("'--diagnose' and '--all-netns' exclude each other");
	if (c->listeners)
		misuse("'--diagnose' and '--listeners' exclude each other");
	if (o->request.by && !o->format->counts)
		misuse("'--diagnose' excludes grouping, as by '--by', except "
		       "with format 'prometheus'");
	if (c->summary)
		misuse("'--diagnose' and '-s' exclude each other");
	if (c->thresholds)
		misuse("'--diagnose' has thresholds of its own: it excludes "
		       "'--warn' and '--crit'");
	if (!o->format->findings)
		format_cannot_show(c, "a diagnosis");
}

/* Checks combinations with --baseline. */
static void
check_baseline(const struct command *c)
{
	const struct options *o = &c->options;
	const char *live_key =
	    o->request.by ? key_not_in_files(o->request.by) : NULL;

	if (o->explain)
		misuse("'--explain' and '--baseline' exclude each other");
	if (o->watch || c->delay)
		misuse("'--baseline' excludes '--watch' and a delay");
	if (o->request.all_netns)
		misuse("'--baseline' and '--all-netns' exclude each other");
	if (live_key)
		misuse("cannot group by '%s': a baseline does not have it",
		    live_key);
	if (o->diagnose && (!o->request.source.proc || o->nbaseline > 1))
		misuse("'--diagnose' compares one '--baseline' with '--proc'");
	if (!o->diagnose && !o->format->changes)
		format_cannot_show(c, "changes");
}

void
command_check(struct command *c)
{
	struct options *o = &c->options;

	if (!c->delay)
		o->delay = o->diagnose ? DIAGNOSIS_DELAY : DELAY;
	set_families(c);
	if (c->listeners)
		set_listeners(o);
	set_place(o);
	if (c->sort)
		set_order(c);
	if (o->explain)
		check_explanation(c);
	if (o->diagnose)
		check_diagnosis(c);
	if (o->nbaseline > 0)
		check_baseline(c);
	check_options(c);
}
