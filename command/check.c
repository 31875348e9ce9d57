/*
 * Checks what the options of a command line mean together, and sets what
 * follows from them.
 */
#include "command/check.h"

#include "lib/say.h"

#include <stdlib.h>
#include <string.h>

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
		misuse("invalid network namespace ''");
	if (source->nfiles > 0 &&
	    (source->proc || netns || o->request.all_netns))
		misuse("'--file' excludes '--netns', '--all-netns' and "
		       "'--proc'");
	if (netns && o->request.all_netns)
		misuse("'--netns' and '--all-netns' exclude each other");
	if (!source->proc && proc_root && *proc_root != '\0' &&
	    source->nfiles == 0 && source->choice != SOURCE_SOCK_DIAG)
		source->proc = proc_root;
	if (o->request.all_netns && !o->keys.needs_netns) {
		key_put_netns(&o->keys);
		o->request.by = &o->keys;
	}
	if (source->order != ORDER_UNKNOWN && !source->proc &&
	    source->nfiles == 0)
		misuse("'--byte-order' needs '--file' or '--proc'");
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
		misuse(
		    "format '%s' cannot show an explanation", o->format->name);
	if (o->watch)
		misuse("'--explain' and '--watch' exclude each other");
}

/* Checks combinations of the other options. */
static void
check_options(const struct options *o, bool summary)
{
	if (summary && o->request.by)
		misuse("'-s' excludes grouping, as by '--by'");
	if (o->top > 0 && !o->request.by)
		misuse("'--top' needs grouping, such as '--by'");
	if (o->request.by && o->request.source.nfiles > 0 &&
	    key_not_in_files(o->request.by))
		misuse("cannot group by '%s': files do not have it",
		    key_not_in_files(o->request.by));
	if (o->request.by && !o->format->groups)
		misuse("format '%s' cannot show groups", o->format->name);
	if (o->watch && o->format->no_watch)
		misuse("format '%s' cannot be watched", o->format->name);
	for (size_t i = 0; o->watch && i < o->request.source.nfiles; i++)
		if (strcmp(o->request.source.files[i], "-") == 0)
			misuse("'-f -' can be read only once, not watched");
}

/* Checks combinations with --diagnose. */
static void
check_diagnosis(const struct command *c)
{
	const struct options *o = &c->options;

	if (o->request.all_netns)
		misuse("'--diagnose' and '--all-netns' exclude each other");
	if (o->request.by)
		misuse("'--diagnose' excludes grouping, as by '--by'");
	if (c->summary)
		misuse("'--diagnose' and '-s' exclude each other");
	if (c->thresholds)
		misuse("'--diagnose' has thresholds of its own: it excludes "
		       "'--warn' and '--crit'");
	if (!o->format->findings)
		misuse("format '%s' cannot show a diagnosis", o->format->name);
}

void
command_check(struct command *c)
{
	struct options *o = &c->options;

	set_families(c);
	if (c->listeners)
		set_listeners(o);
	set_place(o);
	if (o->explain)
		check_explanation(c);
	if (o->diagnose)
		check_diagnosis(c);
	check_options(o, c->summary);
}
