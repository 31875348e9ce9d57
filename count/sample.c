/*
 * Takes a sample: enters each network namespace, has a source read it, finds
 * the owners of sockets, and adds the tallies up.
 */
#include "count/sample.h"

#include "lib/clock.h"
#include "lib/interrupt.h"
#include "lib/regular.h"
#include "lib/say.h"
#include "proc_parse.h"
#include "read/netns.h"
#include "read/owner.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* This process's own namespace, which need not be entered. */
static const struct netns own = {
    .file = "/proc/self/ns/net", .net = "/proc/self/net"};

/* A sample in the making: a tally for each namespace, and their sum. */
struct sampling {
	const struct sample_request *request;
	struct tally *sum;     /* of earlier namespaces; NULL at first */
	struct owners *owners; /* NULL until the first tally needs them */
	bool hidden;	       /* some processes could not be read */

	/* The current namespace. */
	const struct netns *ns;
	int enter_error; /* an errno value; 0: it was entered */
	struct port_range range;
	struct tally *tally;
	struct source_result source;
};

/* Reports a failure, except in a sample that a signal has ended. */
static void
cannot_read(const struct sampling *s, const char *name, const char *why)
{
	if (!interrupted)
		failure(NULL, "%s%s: %s", s->source.earlier, name, why);
}

/*
 * Returns the ephemeral ports.  The kernel shows them only for the namespace
 * that this process is in; the default range is used for others.
 */
static struct port_range
port_range(const struct sampling *s)
{
	static bool range_reported, failure_reported;
	const struct sample_request *request = s->request;
	/* For tables that come without the range. */
	const struct port_range default_range = PORT_RANGE_DEFAULT;
	char path[PATH_MAX + 64];
	struct port_range range;
	int error;

	if (request->range)
		return *request->range;
	if (!request->by || !request->by->needs_ports ||
	    request->source.nfiles > 0)
		return default_range;
	if (s->enter_error && s->ns->file[0] != '\0') {
		notice(&range_reported,
		    "the ephemeral ports of another network namespace are "
		    "unknown: assuming %u to %u",
		    default_range.low, default_range.high);
		return default_range;
	}
	snprintf(path, sizeof(path), "%s/sys/net/ipv4/ip_local_port_range",
	    source_proc(&request->source));
	error = proc_read_port_range(path, &range.low, &range.high);
	if (!error)
		return range;
	/* A copy of a proc may lack the file. */
	if (!s->enter_error || error != ENOENT)
		failure(&failure_reported, "%s: %s; assuming %u to %u", path,
		    regular_error(error), default_range.low,
		    default_range.high);
	return default_range;
}

static double
milliseconds(void)
{
	return (double)clock_now() / 1e6;
}

/* Replaces the tally by an empty one (see struct source_visitor). */
static void *
new_tally(void *ctx, bool listeners_first)
{
	struct sampling *s = ctx;
	const struct sample_request *request = s->request;

	tally_free(s->tally);
	s->tally = tally_new(request->by, &request->filter);
	if (!s->tally) {
		failure(NULL, "%s", strerror(ENOMEM));
		return NULL;
	}
	s->tally->knows_listeners = listeners_first;
	s->tally->context.range = s->range;
	s->tally->context.merge_listeners = request->merge_listeners;
	if (request->by && request->by->needs_netns) {
		s->tally->context.netns = s->ns->id;
		netns_name(s->ns, source_proc(&request->source),
		    s->tally->context.netns_name);
	}
	return s->tally;
}

/* Counts the sockets of the current namespace. */
static bool
count(struct sampling *s)
{
	const struct sample_request *request = s->request;
	const struct key_set *by = request->by;
	const struct source_visitor visitor = {
	    new_tally, s, tally_visit, tally_visit_listener};
	struct source_request source = request->source;

	source.filter = &request->filter;
	source.skip_gone = request->all_netns;
	source.needs_details = by && by->needs_details;
	source.needs_listeners = by && (by->needs_ports || by->listeners);
	source.needs_addresses = (by && by->needs_addresses) ||
	    filter_needs_addresses(&request->filter);
	s->range = port_range(s);
	return source_read(
	    &source, s->ns, s->enter_error, &visitor, &s->source);
}

/* Reads the kernel's counters, next to the tables of sockets. */
static void
read_counters(struct sampling *s)
{
	const struct sample_request *request = s->request;

	/* In a namespace that was entered, its process may have ended. */
	const char *net = s->enter_error ? s->ns->net : "/proc/self/net";
	const char *failed;
	int error;

	if (!request->needs_counters || request->all_netns ||
	    request->source.nfiles > 0)
		return;
	error = limits_read_net(&s->tally->counters, net, &failed);
	if (error && !interrupted)
		failure(NULL, "%s/%s: %s", net, failed, regular_error(error));
}

/* Reads the owners of sockets if keys need them, and settles the keys. */
static bool
resolve_owners(struct sampling *s)
{
	const char *proc = source_proc(&s->request->source);
	bool needed = s->request->by && s->request->by->needs_processes;
	int error;

	if (needed && !s->owners) {
		char failed[PROCFS_PATH];

		s->owners = owners_read(
		    proc, s->request->by->needs_units, &s->hidden, failed);
		if (!s->owners) {
			cannot_read(s, failed, regular_error(errno));
			return false;
		}
	}
	s->tally->context.owners = s->owners;
	error = tally_finish(s->tally);
	s->tally->context.owners = NULL;
	if (error)
		failure(NULL, "%s", strerror(error));
	return !error;
}

/* Adds the tally to the sum.  Returns false if out of memory. */
static bool
append(struct sampling *s)
{
	const char *source = s->source.name;

	if (!s->sum) {
		s->sum = s->tally;
		s->sum->source = source;
		s->tally = NULL;
		return true;
	}
	/* If sources differ, name proc, which may miss a socket. */
	if (strcmp(source, "proc") == 0)
		s->sum->source = source;
	if (tally_append(s->sum, s->tally) == 0)
		return true;
	failure(NULL, "%s", strerror(ENOMEM));
	return false;
}

/* Counts the current namespace, and adds it to the sum. */
static bool
count_netns(struct sampling *s)
{
	const struct source_result *source = &s->source;
	double start = s->request->verbose ? milliseconds() : 0;

	s->source = (struct source_result){0};
	if (s->enter_error && s->ns->net[0] == '\0') {
		cannot_read(s, s->ns->file,
		    s->enter_error == EINVAL ? "not a network namespace"
					     : strerror(s->enter_error));
		return false;
	}
	if (!count(s) || !resolve_owners(s))
		return false;
	read_counters(s);
	if (s->request->verbose)
		notice(NULL, "%s%s: %" PRIu64 " socket%s in %.3f ms",
		    source->earlier, source->name, source->rows,
		    source->rows == 1 ? "" : "s", milliseconds() - start);
	return append(s);
}

/* Enters a namespace if possible, counts it either way, and leaves it. */
static enum netns_step
visit_netns(const struct netns *ns, void *ctx)
{
	struct sampling *s = ctx;
	bool all = s->request->all_netns;
	bool counted;
	int error;

	s->ns = ns;
	s->enter_error = netns_enter(ns, all);
	if (all && (s->enter_error == ENOENT || s->enter_error == ESRCH))
		return NETNS_GONE;
	counted = count_netns(s);
	error = netns_leave();
	/* If it is the only namespace, the process may stay in it. */
	if (error && all) {
		failure(NULL, "cannot leave a network namespace: %s",
		    strerror(error));
		return NETNS_STOP;
	}
	if (s->source.gone)
		return NETNS_GONE;
	return counted ? NETNS_NEXT : NETNS_STOP;
}

/* Counts all namespaces.  Not inline: its paths take much of the stack. */
__attribute__((noinline)) static bool
count_all(struct sampling *s)
{
	static bool reported;
	const char *proc = source_proc(&s->request->source);
	bool hidden;
	int error = netns_each(proc, visit_netns, s, &hidden);

	if (error == EOPNOTSUPP)
		cannot_read(
		    s, proc, "a copy: cannot distinguish network namespaces");
	else if (error == ESRCH || (!error && !s->sum))
		cannot_read(s, proc, "no process is visible in it");
	else if (error && error != ECANCELED)
		cannot_read(s, proc, strerror(error));
	else if (!error && hidden)
		failure(&reported,
		    "some network namespaces may be missing: only root may "
		    "read all processes");
	return !error && s->sum;
}

/* Counts the namespace of --netns, or that of another proc. */
__attribute__((noinline)) static bool
count_other(struct sampling *s)
{
	const char *proc = s->request->source.proc;
	const char *netns = s->request->netns;
	struct netns ns;
	int error =
	    netns ? netns_find(&ns, proc, netns) : netns_of_proc(&ns, proc);

	if (error)
		cannot_read(s, netns ? netns : proc, strerror(error));
	return !error && visit_netns(&ns, s) == NETNS_NEXT;
}

struct tally *
sample_take(const struct sample_request *request)
{
	static bool reported;
	struct sampling s = {.request = request, .ns = &own};
	bool counted = request->all_netns	     ? count_all(&s)
	    : request->netns || request->source.proc ? count_other(&s)
						     : count_netns(&s);

	if (counted && s.hidden && s.sum->context.unowned > 0)
		notice(&reported,
		    "some sockets are of unknown processes (-): only root, or "
		    "CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH, may read all "
		    "processes");
	owners_free(s.owners);
	tally_free(s.tally);
	if (counted)
		return s.sum;
	tally_free(s.sum);
	return NULL;
}
