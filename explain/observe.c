/*
 * Takes snapshots: what is read in which order, from where, and what remains
 * unknown.
 */
#include "explain/observe.h"

#include "lib/clock.h"
#include "lib/dict.h"
#include "lib/interrupt.h"
#include "lib/regular.h"
#include "lib/say.h"
#include "read/procfs.h"
#include "read/sock_diag.h"

#include <sys/stat.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for a path in a proc. */
enum { PROC_PATH = PATH_MAX + 64 };

/*
 * Reports that something next to the sockets could not be read: a directory,
 * or a file in it.  Once: most often, the next failure has the same cause.
 */
static void
cannot_read(const char *dir, const char *name, const char *why)
{
	static bool reported;

	if (!interrupted)
		failure(&reported, "%s%s%s: %s", dir, *name != '\0' ? "/" : "",
		    name, why);
}

/* Reports that sock_diag failed. */
static void
cannot_dump(const char *why)
{
	cannot_read("sock_diag", "", why);
}

/* Reports why processes could not be read; a copy may have none. */
static void
cannot_walk(const char *failed, int error)
{
	if (error != ESRCH)
		cannot_read(failed, "", regular_error(error));
}

static bool
reads_files(const struct observer *o)
{
	return o->request->source.nfiles > 0;
}

bool
observer_init(struct observer *o, const struct sample_request *request)
{
	const char *proc = request->source.proc, *netns = request->netns;
	int error = 0;

	*o = (struct observer){.request = request};
	if (!netns && !proc) {
		strcpy(o->ns.file, "/proc/self/ns/net");
		strcpy(o->ns.net, "/proc/self/net");
		return true;
	}
	error = netns ? netns_find(&o->ns, proc, netns)
		      : netns_of_proc(&o->ns, proc);
	if (!error)
		o->enter_error = netns_enter(&o->ns, false);
	if (!error && o->enter_error && o->ns.net[0] == '\0')
		error = o->enter_error;
	if (error)
		failure(NULL, "%s: %s", netns ? netns : proc,
		    error == EINVAL ? "not a network namespace"
				    : strerror(error));
	return !error;
}

/* Returns when the tables of a copy were written, in nanoseconds; or 0. */
static int64_t
time_written(const struct observer *o)
{
	char path[PROC_PATH];
	struct stat st;

	snprintf(path, sizeof(path), "%s/tcp", o->ns.net);
	return stat(path, &st) == 0
	    ? (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec
	    : 0;
}

/* Reads the times at which a copy was made. */
static void
read_times(const struct observer *o, struct snapshot *s)
{
	const char *proc = source_proc(&o->request->source);

	s->uptime = procfs_uptime(proc);
	if (s->uptime == 0 && errno && procfs_trouble() == TROUBLE_FATAL)
		cannot_read(proc, "uptime", regular_error(errno));
	s->written = time_written(o);
}

/* Forgets the sockets of a source that failed (see struct source_visitor). */
static void *
start(void *ctx, bool listeners_first)
{
	(void)listeners_first;
	snapshot_clear(ctx);
	return ctx;
}

static bool
read_sockets(const struct observer *o, struct snapshot *s)
{
	const struct source_visitor visitor = {
	    start, s, snapshot_visit, snapshot_visit_listener};
	struct source_request request = o->request->source;
	struct filter filter = o->request->filter;
	struct source_result result;

	/* They are the most, and no check compares them. */
	if (s->first)
		filter.states &= ~(1u << TCP_TIME_WAIT);
	request.filter = &filter;
	request.needs_details = true;
	request.needs_listeners = true;
	request.needs_addresses = true;
	request.needs_drops = true;
	s->moment = clock_now();
	if (!source_read(&request, &o->ns, o->enter_error, &visitor, &result))
		return false;
	s->source = result.name;
	if (s->no_memory)
		failure(NULL, "%s", strerror(ENOMEM));
	return !s->no_memory;
}

/*
 * Reads the settings.  /proc/sys shows those of the namespace that this
 * process is in, even at another mount; only a copy has those of its own.
 */
static void
read_settings(const struct observer *o, struct snapshot *s)
{
	char path[PROC_PATH];
	const char *failed;
	int error;

	s->copy = !procfs_is_live(source_proc(&o->request->source));
	s->foreign = o->enter_error && o->ns.file[0] != '\0';
	if (s->foreign || reads_files(o))
		return;
	snprintf(
	    path, sizeof(path), "%s/sys", source_proc(&o->request->source));
	error = limits_read_sys(&s->limits, path, &failed);
	if (error)
		cannot_read(path, failed, regular_error(error));
}

static void
read_counters(const struct observer *o, struct snapshot *s)
{
	/* In a namespace that was entered, its process may have ended. */
	const char *net = o->enter_error ? o->ns.net : "/proc/self/net";
	const char *failed;
	int error =
	    reads_files(o) ? 0 : limits_read_net(&s->limits, net, &failed);

	if (error)
		cannot_read(net, failed, regular_error(error));
}

void
observe_processes(const struct observer *o, struct snapshot *s)
{
	bool entered = !o->enter_error;
	char failed[PROCFS_PATH];
	int error;

	s->no_processes = true;
	if (reads_files(o))
		return;
	error = descriptors_read(source_proc(&o->request->source),
	    entered ? "/proc/self/ns/net" : o->ns.file, &s->processes, failed);
	s->no_processes = error != 0;
	if (error)
		cannot_walk(failed, error);
}

struct snapshot *
observe(const struct observer *o, bool first)
{
	struct snapshot *s = calloc(1, sizeof(*s));

	if (!s) {
		failure(NULL, "%s", strerror(ENOMEM));
		return NULL;
	}
	s->first = first;
	s->filter = &o->request->filter;
	read_settings(o, s);
	if (s->copy && !reads_files(o))
		read_times(o, s);
	/* Of two snapshots, the counters enclose the sockets. */
	if (first)
		read_counters(o, s);
	if (!read_sockets(o, s)) {
		snapshot_free(s);
		free(s);
		return NULL;
	}
	if (!first)
		read_counters(o, s);
	return s;
}

/* Fills in the owners of sockets; those that have none keep pid 0. */
static void
set_owners(struct sockets *sockets, const struct owners *owners)
{
	for (size_t i = 0; i < sockets->n; i++) {
		struct socket *socket = &sockets->socket[i];
		const struct owner *owner = socket->conn.inode > 0
		    ? owners_find(owners, socket->conn.inode)
		    : NULL;

		if (owner)
			socket->owner = *owner;
	}
}

static void
read_owners(const struct observer *o, struct snapshot *s)
{
	char failed[PROCFS_PATH];
	struct owners *owners;

	if (reads_files(o)) {
		s->owners_hidden = true;
		return;
	}
	owners = owners_read(source_proc(&o->request->source), false,
	    &s->owners_hidden, failed);
	if (!owners) {
		s->owners_hidden = true;
		cannot_walk(failed, errno);
		return;
	}
	set_owners(&s->listeners, owners);
	set_owners(&s->sockets, owners);
	owners_free(owners);
}

/* How long sockets have been idle, by their inodes. */
struct idle_times {
	struct dict dict;
	bool no_memory;
};

static void
add_idle(const struct conn *conn, void *ctx)
{
	struct idle_times *times = ctx;
	uint32_t *idle = dict_reach(&times->dict, &conn->inode);

	times->no_memory |= !idle;
	if (idle)
		*idle = conn->idle;
}

/*
 * Reads how long sockets in CLOSE_WAIT have been idle.  Those that are gone
 * keep an unknown time.
 */
static void
read_idle(struct snapshot *s)
{
	const struct sock_diag_request request = {
	    .family = NFAMILIES,
	    .states = 1 << TCP_CLOSE_WAIT,
	    .needs_idle = true,
	};
	struct sock_diag_result result;
	struct idle_times times = {.no_memory = false};

	dict_init(&times.dict, sizeof(uint64_t), sizeof(uint32_t));
	if (!sock_diag_read(&request, add_idle, &times, &result))
		cannot_dump(result.reason);
	else if (times.no_memory)
		cannot_dump(strerror(ENOMEM));
	for (size_t i = 0; i < s->sockets.n; i++) {
		struct conn *conn = &s->sockets.socket[i].conn;
		const uint32_t *found = conn->state == TCP_CLOSE_WAIT
		    ? dict_find(&times.dict, &conn->inode)
		    : NULL;

		if (found)
			conn->idle = *found;
	}
	dict_free(&times.dict);
}

void
observe_bound(struct snapshot *s)
{
	const struct sock_diag_request request = {
	    .family = NFAMILIES, .states = SOCK_DIAG_BOUND};
	struct sock_diag_result result;

	if (snapshot_is_sock_diag(s) &&
	    !sock_diag_read(&request, snapshot_visit_listener, s, &result))
		cannot_dump(result.reason);
}

void
observe_details(const struct observer *o, struct snapshot *s)
{
	s->has_details = true;
	read_owners(o, s);
	if (snapshot_is_sock_diag(s))
		read_idle(s);
	observe_bound(s);
}
