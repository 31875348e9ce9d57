/*
 * The choice of namespace and source, and what to say where they cannot be
 * read.
 */
#include "count/sample.h"

#include "lib/interrupt.h"
#include "read/netns.h"
#include "read/owner.h"
#include "proc_parse.h"
#include "read/procfs.h"
#include "lib/say.h"
#include "read/sock_diag.h"

#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* What Linux has by default; used where the tables come without it. */
static const struct port_range default_range = {32768, 60999};

/* The namespace that this process lives in; it need not be entered. */
static const struct netns own = {
    .file = "/proc/self/ns/net", .net = "/proc/self/net"};

/* What is under way: a tally of one namespace that one source fills. */
struct attempt {
	const struct sample_request *request;
	struct tally *sum;     /* of the namespaces before; NULL at first */
	struct owners *owners; /* when they are needed for the first time */
	bool hidden;	       /* there may be others, of hidden processes */

	const struct netns *ns;
	int outside; /* why it was not entered, an errno value; 0: it was */
	bool gone;   /* the process that led to it has ended */
	struct tally *tally;
	struct byte_orders orders; /* of saved tables, where it matters */
	uint64_t rows;
	double start;	   /* in milliseconds; only where it is told */
	char earlier[128]; /* why another source failed, "; " behind */
};

/* Room for the path of a table. */
enum { TABLE_PATH = PATH_MAX + sizeof("/tcp6") };

static const char *
proc_of(const struct sample_request *request)
{
	return request->proc ? request->proc : "/proc";
}

static bool
needs_owners(const struct attempt *a)
{
	return a->request->by && a->request->by->needs_owners;
}

/* Nobody waits any more for a sample that a signal has ended. */
static void
cannot_read(const struct attempt *a, const char *name, const char *why)
{
	if (!interrupted)
		failure(NULL, "%s%s: %s", a->earlier, name, why);
}

static void
explain_file(const struct attempt *a, const char *name,
    const struct proc_result *result)
{
	if (result->compressed)
		failure(NULL, "%s%s: looks compressed (%s)", a->earlier, name,
		    result->compressed);
	else if (result->bad > 0)
		failure(NULL,
		    "%s%s: line %" PRIu64 ": not a /proc/net/tcp row "
		    "(%" PRIu64 " such line%s skipped)",
		    a->earlier, name, result->first_bad, result->bad,
		    result->bad == 1 ? "" : "s");
	else if (result->rows == 0 && result->headers == 0)
		cannot_read(a, name, "empty, without even a header");
}

/* Whether the byte order of tables matters, and may not be this machine's. */
static bool
needs_order(const struct attempt *a)
{
	const struct sample_request *request = a->request;
	bool saved = request->nfiles > 0 ||
	    (request->proc && !procfs_is_live(request->proc));

	return saved &&
	    ((request->by && request->by->needs_addresses) ||
		filter_needs_addresses(&request->filter));
}

/* Counts what waits for a byte order; false if that cannot be told. */
static bool
count_held(struct attempt *a)
{
	if (byte_order_finish(&a->orders))
		return true;
	if (a->orders.no_memory)
		failure(NULL, "%s", strerror(ENOMEM));
	else
		failure(NULL,
		    "tables of both byte orders, and one that shows none: "
		    "choose one with '--byte-order'");
	return false;
}

/* Counts what fd holds; false where that cannot stand for a table. */
static bool
count_fd(struct attempt *a, const char *name, int fd)
{
	struct proc_result result;
	bool ordered = needs_order(a);
	int error = proc_read(fd, needs_owners(a),
	    ordered ? byte_order_visit : tally_visit,
	    ordered ? (void *)&a->orders : a->tally, &result);

	a->rows += result.rows;
	if (!byte_order_next(&a->orders))
		failure(NULL,
		    "%s%s: addresses in both byte orders: choose one "
		    "with '--byte-order'",
		    a->earlier, name);
	if (error) {
		cannot_read(a, name, strerror(error));
		return false;
	}
	explain_file(a, name, &result);
	return result.rows > 0 || (result.headers > 0 && result.bad == 0);
}

/* As open(2) of a file to be read; waits for who writes a pipe. */
static int
open_file(const char *path)
{
	int fd;

	do {
		if (interrupted) {
			errno = EINTR;
			return -1;
		}
		fd = open(path, O_RDONLY | O_CLOEXEC);
	} while (fd < 0 && errno == EINTR);
	return fd;
}

static bool
count_file(struct attempt *a, const char *path)
{
	int fd = open_file(path);
	bool counted;

	if (fd < 0) {
		cannot_read(a, path, strerror(errno));
		return false;
	}
	counted = count_fd(a, path, fd);
	close(fd);
	return counted;
}

/* Counts all of the files given; false if none of them could be counted. */
static bool
count_files(struct attempt *a)
{
	const struct sample_request *request = a->request;
	bool counted = false;

	for (size_t i = 0; i < request->nfiles; i++)
		counted |= strcmp(request->files[i], "-") == 0
		    ? count_fd(a, "standard input", STDIN_FILENO)
		    : count_file(a, request->files[i]);
	return counted && count_held(a);
}

/*
 * Whether the sockets of a family that is not counted must be seen all the
 * same: some breakdowns need to know of all listeners.
 */
static bool
needs_listeners(const struct attempt *a)
{
	const struct key_set *by = a->request->by;

	return by && (by->needs_ports || by->listeners);
}

static void
table_path(const struct attempt *a, enum family family, char path[TABLE_PATH])
{
	snprintf(path, TABLE_PATH, "%s/%s",
	    a->ns->net[0] != '\0' ? a->ns->net : own.net,
	    family_names[family]);
}

/*
 * Counts a table.  In a copy of a proc there may be anything in its place,
 * such as a pipe, which must not be waited for.
 */
static bool
count_opened_table(struct attempt *a, const char *path, int fd)
{
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		cannot_read(a, path, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		cannot_read(a, path, "not a regular file");
	else
		return count_fd(a, path, fd);
	return false;
}

/*
 * Counts a table of /proc.  Without IPv6 there is no tcp6, which is an error
 * only where it was asked for; but a process that ended has none either, and
 * another one may lead to the same namespace.
 */
static bool
count_table(struct attempt *a, enum family family)
{
	const struct sample_request *request = a->request;
	char path[TABLE_PATH], tcp[TABLE_PATH];
	bool counted;
	int fd;

	table_path(a, family, path);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT) {
		bool gone;

		table_path(a, FAMILY_TCP, tcp);
		gone = access(tcp, F_OK) != 0;
		a->gone = gone && request->all_netns;
		if (a->gone || (!gone && !request->needs_ipv6))
			return !gone;
		errno = ENOENT;
	}
	counted = count_opened_table(a, path, fd);
	if (fd >= 0)
		close(fd);
	return counted;
}

/* Has the byte order of a table seen, if there is one, and counts nothing. */
static void
look_at_table(struct attempt *a, enum family family)
{
	struct proc_result result;
	char path[TABLE_PATH];
	struct stat st;
	int fd;

	table_path(a, family, path);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		proc_read(fd, false, byte_order_visit, &a->orders, &result);
		byte_order_next(&a->orders);
	}
	close(fd);
}

/* Counts the live tables; false if any that there should be is missing. */
static bool
count_proc(struct attempt *a)
{
	for (enum family f = 0; f < NFAMILIES; f++) {
		bool wanted =
		    a->request->filter.family[f] || needs_listeners(a);

		if (wanted && !count_table(a, f))
			return false;
		/* Another table may show the byte order of that which is. */
		if (!wanted && f == FAMILY_TCP6 && needs_order(a) &&
		    a->request->order == ORDER_UNKNOWN)
			look_at_table(a, f);
	}
	return count_held(a);
}

/* Has visit see one dump; false, with the reason in why, if it is not whole.
 */
static bool
see_dump(struct attempt *a, const struct sock_diag_request *request,
    conn_visitor *visit, const char **why)
{
	struct sock_diag_result result;
	bool whole = sock_diag_read(request, visit, a->tally, &result);

	a->rows += result.rows;
	*why = result.reason;
	return whole;
}

/* What the kernel can leave out; it knows of less than the filter does. */
static struct sock_diag_request
make_request(const struct filter *filter)
{
	struct sock_diag_request request = {
	    .family = NFAMILIES,
	    .states = filter->states & SOCK_DIAG_ALL,
	    .lport = filter_only_port(filter, END_LOCAL),
	    .rport = filter_only_port(filter, END_REMOTE),
	};

	for (enum family f = 0; f < NFAMILIES; f++)
		if (!filter->family[!f])
			request.family = f;
	return request;
}

static bool
asks_for_all(const struct sock_diag_request *request)
{
	return request->family == NFAMILIES && request->lport == 0 &&
	    request->rport == 0 && request->states & 1 << TCP_LISTEN;
}

/* sock_diag answers for IPv6 also where that is off; /proc has no file. */
static bool
has_ipv6(void)
{
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0)
		close(fd);
	return fd >= 0 || errno != EAFNOSUPPORT;
}

/*
 * Counts what sock_diag has, in one dump unless listeners that this leaves out
 * must be known; false, with the reason in why, if it failed.
 */
static bool
count_sock_diag(struct attempt *a, const char **why)
{
	static const struct sock_diag_request listeners = {
	    .family = NFAMILIES, .states = 1 << TCP_LISTEN};
	struct sock_diag_request request = make_request(&a->request->filter);

	if (a->outside) {
		*why = strerror(a->outside);
		return false;
	}
	if (a->request->needs_ipv6 && !has_ipv6()) {
		*why = "there is no IPv6";
		return false;
	}
	if (needs_listeners(a) && !asks_for_all(&request)) {
		if (!see_dump(a, &listeners, tally_visit_listener, why))
			return false;
		a->tally->knows_listeners = true;
	}
	return see_dump(a, &request, tally_visit, why);
}

/*
 * The ports of outgoing connections, which the kernel tells only of the
 * namespace that this process is in.
 */
static struct port_range
port_range(const struct attempt *a)
{
	static bool told_range, told_failure;
	const struct sample_request *request = a->request;
	char path[TABLE_PATH + 64];
	struct port_range range;
	int error;

	if (!request->by || !request->by->needs_ports || request->nfiles > 0)
		return default_range;
	if (a->outside && a->ns->file[0] != '\0') {
		notice(&told_range,
		    "the ports of outgoing connections of another network "
		    "namespace are not known; taken to be %u to %u",
		    default_range.low, default_range.high);
		return default_range;
	}
	snprintf(path, sizeof(path), "%s/sys/net/ipv4/ip_local_port_range",
	    proc_of(request));
	error = proc_read_port_range(path, &range.low, &range.high);
	if (!error)
		return range;
	/* Copies of a proc may have it or not. */
	if (!a->outside || error != ENOENT)
		failure(&told_failure, "%s: %s; taken to be %u to %u", path,
		    strerror(error), default_range.low, default_range.high);
	return default_range;
}

static double
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Begins with nothing counted; false where memory ran out. */
static bool
begin(struct attempt *a, struct port_range range)
{
	const struct key_set *by = a->request->by;

	tally_free(a->tally);
	a->rows = 0;
	a->start = a->request->verbose ? milliseconds() : 0;
	a->tally = tally_new(by, &a->request->filter);
	if (!a->tally) {
		failure(NULL, "%s", strerror(ENOMEM));
		return false;
	}
	a->orders.order = a->request->order;
	a->orders.visit = tally_visit;
	a->orders.ctx = a->tally;
	a->tally->context.range = range;
	a->tally->context.merge_listeners = a->request->merge_listeners;
	if (by && by->needs_netns) {
		a->tally->context.netns = a->ns->id;
		netns_name(a->ns, a->tally->context.netns_name);
	}
	return true;
}

/* Counts out of the source that is asked for, or of the next one. */
static bool
count(struct attempt *a, const char **source)
{
	const struct sample_request *request = a->request;
	struct port_range range = port_range(a);
	const char *why = NULL;

	a->earlier[0] = '\0';
	if (request->nfiles > 0) {
		*source = "file";
		return begin(a, range) && count_files(a);
	}
	if (request->source != SOURCE_PROC) {
		*source = "sock_diag";
		if (!begin(a, range))
			return false;
		if (count_sock_diag(a, &why))
			return true;
		if (request->source == SOURCE_SOCK_DIAG) {
			cannot_read(a, *source, why);
			return false;
		}
		snprintf(
		    a->earlier, sizeof(a->earlier), "sock_diag: %s; ", why);
	}
	*source = "proc";
	return begin(a, range) && count_proc(a);
}

bool
sample_find_source(const char *name, enum sample_source *source)
{
	static const char *const names[] = {
	    [SOURCE_AUTO] = "auto",
	    [SOURCE_SOCK_DIAG] = "sock_diag",
	    [SOURCE_PROC] = "proc",
	};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0) {
			*source = (enum sample_source)i;
			return true;
		}
	return false;
}

/*
 * Finds out whose sockets they are, if that is asked for, and finishes the
 * tally; false, which is told, if it could not.
 */
static bool
finish(struct attempt *a)
{
	const char *proc = proc_of(a->request);
	bool needed = a->request->by && a->request->by->needs_processes;
	int error;

	if (needed && !a->owners) {
		char failed[OWNERS_PATH];

		a->owners = owners_read(proc, &a->hidden, failed);
		if (!a->owners) {
			cannot_read(a, failed, strerror(errno));
			return false;
		}
	}
	a->tally->context.owners = a->owners;
	error = tally_finish(a->tally);
	a->tally->context.owners = NULL;
	if (error)
		failure(NULL, "%s", strerror(error));
	return !error;
}

/* Adds what was counted to the sum; false where memory ran out. */
static bool
add_up(struct attempt *a, const char *source)
{
	if (!a->sum) {
		a->sum = a->tally;
		a->sum->source = source;
		a->tally = NULL;
		return true;
	}
	/* Of more than one, the one that may have missed a socket. */
	if (strcmp(source, "proc") == 0)
		a->sum->source = source;
	if (tally_append(a->sum, a->tally) == 0)
		return true;
	failure(NULL, "%s", strerror(ENOMEM));
	return false;
}

/* Counts the sockets of a namespace that was entered, or was not. */
static bool
count_netns(struct attempt *a)
{
	const char *source;

	if (a->outside && a->ns->net[0] == '\0') {
		cannot_read(a, a->ns->file,
		    a->outside == EINVAL ? "no network namespace"
					 : strerror(a->outside));
		return false;
	}
	if (!count(a, &source) || !finish(a))
		return false;
	if (a->request->verbose)
		notice(NULL, "%s%s: %" PRIu64 " socket%s in %.3f ms",
		    a->earlier, source, a->rows, a->rows == 1 ? "" : "s",
		    milliseconds() - a->start);
	return add_up(a, source);
}

/* The same of one that is to be entered, if that can be. */
static enum netns_step
visit_netns(const struct netns *ns, void *ctx)
{
	struct attempt *a = ctx;
	bool all = a->request->all_netns;
	bool counted;
	int error;

	a->ns = ns;
	a->gone = false;
	a->outside = netns_enter(ns, all);
	if (all && (a->outside == ENOENT || a->outside == ESRCH))
		return NETNS_GONE;
	counted = count_netns(a);
	error = netns_leave();
	/* Who looks into one namespace alone may stay there. */
	if (error && all) {
		failure(NULL, "cannot leave a network namespace: %s",
		    strerror(error));
		return NETNS_STOP;
	}
	if (a->gone)
		return NETNS_GONE;
	return counted ? NETNS_NEXT : NETNS_STOP;
}

/*
 * Counts in all namespaces there are.  These functions are not for the common
 * case, which has better things to do with its stack than to make room there
 * for paths.
 */
__attribute__((noinline)) static bool
count_all(struct attempt *a)
{
	static bool told;
	const char *proc = proc_of(a->request);
	bool hidden;
	int error = netns_each(proc, visit_netns, a, &hidden);

	if (error == EOPNOTSUPP)
		cannot_read(a, proc,
		    "a copy, in which nothing tells network namespaces apart");
	else if (error == ESRCH || (!error && !a->sum))
		cannot_read(a, proc, "there is no process in it to be seen");
	else if (error && error != ECANCELED)
		cannot_read(a, proc, strerror(error));
	else if (!error && hidden)
		failure(&told,
		    "some network namespaces may be missing: not all "
		    "processes may be looked into; root may");
	return !error && a->sum;
}

/* Counts in the one that is asked for. */
__attribute__((noinline)) static bool
count_other(struct attempt *a)
{
	const struct sample_request *request = a->request;
	struct netns ns;
	int error = request->netns
	    ? netns_find(&ns, request->proc, request->netns)
	    : netns_of_proc(&ns, request->proc);

	if (error)
		cannot_read(a, request->netns ? request->netns : request->proc,
		    strerror(error));
	return !error && visit_netns(&ns, a) == NETNS_NEXT;
}

struct tally *
sample_take(const struct sample_request *request)
{
	static bool told;
	struct attempt a = {.request = request, .ns = &own};
	bool counted = request->all_netns     ? count_all(&a)
	    : request->netns || request->proc ? count_other(&a)
					      : count_netns(&a);

	if (counted && a.hidden && a.sum->context.unowned > 0)
		notice(&told,
		    "some sockets are of unknown processes (-): not all "
		    "processes may be looked into; root may "
		    "(CAP_SYS_PTRACE)");
	owners_free(a.owners);
	byte_order_free(&a.orders);
	tally_free(a.tally);
	if (counted)
		return a.sum;
	tally_free(a.sum);
	return NULL;
}
