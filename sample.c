/*
 * The choice of the source, and what to say where it cannot be read.
 */
#include "sample.h"

#include "owner.h"
#include "proc_parse.h"
#include "say.h"
#include "sock_diag.h"

#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* What Linux has by default; used for files, which do not tell. */
static const struct port_range default_range = {32768, 60999};

/* What is under way: a tally that one source fills. */
struct attempt {
	const struct sample_request *request;
	struct tally *tally;
	uint64_t rows;
	double start;	   /* in milliseconds; only where it is told */
	char earlier[128]; /* why another source failed, "; " behind */
};

static bool
needs_owners(const struct attempt *a)
{
	return a->request->by && a->request->by->needs_owners;
}

static void
cannot_read(const struct attempt *a, const char *name, const char *why)
{
	complain("%s%s: %s", a->earlier, name, why);
}

static void
explain_file(const struct attempt *a, const char *name,
    const struct proc_result *result)
{
	if (result->compressed)
		complain("%s%s: looks compressed (%s)", a->earlier, name,
		    result->compressed);
	else if (result->bad > 0)
		complain("%s%s: line %" PRIu64 ": not a /proc/net/tcp row "
			 "(%" PRIu64 " such line%s skipped)",
		    a->earlier, name, result->first_bad, result->bad,
		    result->bad == 1 ? "" : "s");
	else if (result->rows == 0 && result->headers == 0)
		cannot_read(a, name, "empty, without even a header");
}

/* Counts what fd holds; false where that cannot stand for a table. */
static bool
count_fd(struct attempt *a, const char *name, int fd)
{
	struct proc_result result;
	int error =
	    proc_read(fd, needs_owners(a), tally_visit, a->tally, &result);

	a->rows += result.rows;
	if (error) {
		if (error !=
		    EINTR) /* which only the end of watch mode causes */
			cannot_read(a, name, strerror(error));
		return false;
	}
	explain_file(a, name, &result);
	return result.rows > 0 || (result.headers > 0 && result.bad == 0);
}

/* The same of a file; one that does not exist may be no error. */
static bool
count_file(struct attempt *a, const char *path, bool may_be_missing)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool counted;

	if (fd < 0) {
		if (errno == ENOENT && may_be_missing)
			return true;
		if (errno != EINTR)
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
		    : count_file(a, request->files[i], false);
	return counted;
}

/*
 * Whether the sockets of a family that is not counted must be seen all the
 * same: a breakdown by port needs to know of all listeners.
 */
static bool
needs_listeners(const struct attempt *a)
{
	return a->request->by && a->request->by->needs_ports;
}

/* Counts the live tables; false if any that there should be is missing. */
static bool
count_proc(struct attempt *a)
{
	/* Not by way of /proc/net, which subset=pid hides. */
	static const char *const paths[NFAMILIES] = {
	    [FAMILY_TCP] = "/proc/self/net/tcp",
	    [FAMILY_TCP6] = "/proc/self/net/tcp6",
	};

	for (unsigned f = 0; f < NFAMILIES; f++) {
		/* Without IPv6 there is no tcp6. */
		bool optional = f == FAMILY_TCP6 && !a->request->needs_ipv6;

		if (!a->request->filter.family[f] && !needs_listeners(a))
			continue;
		if (!count_file(a, paths[f], optional))
			return false;
	}
	return true;
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

	if (a->request->needs_ipv6 && !has_ipv6()) {
		*why = "there is no IPv6";
		return false;
	}
	if (needs_listeners(a) && !asks_for_all(&request) &&
	    !see_dump(a, &listeners, tally_listener, why))
		return false;
	return see_dump(a, &request, tally_visit, why);
}

/* The ports of outgoing connections, of this machine or of most others. */
static struct port_range
port_range(const struct sample_request *request)
{
	static const char path[] = "/proc/sys/net/ipv4/ip_local_port_range";
	struct port_range range;
	int error;

	if (!request->by || !request->by->needs_ports || request->nfiles > 0)
		return default_range;
	error = proc_read_port_range(path, &range.low, &range.high);
	if (!error)
		return range;
	complain("%s: %s; taken to be %u to %u", path, strerror(error),
	    default_range.low, default_range.high);
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
	tally_free(a->tally);
	a->rows = 0;
	a->start = a->request->verbose ? milliseconds() : 0;
	a->tally = tally_new();
	if (!a->tally)
		return false;
	a->tally->by = a->request->by;
	a->tally->context.range = range;
	a->tally->filter = &a->request->filter;
	return true;
}

/* Counts out of the source that is asked for, or of the next one. */
static bool
count(struct attempt *a, const char **source)
{
	const struct sample_request *request = a->request;
	struct port_range range = port_range(request);
	const char *why = NULL;

	if (request->nfiles > 0) {
		*source = "file";
		return begin(a, range) && count_files(a);
	}
	if (request->source != SOURCE_PROC) {
		*source = "sock_diag";
		if (begin(a, range) && count_sock_diag(a, &why))
			return true;
		if (a->tally && request->source == SOURCE_SOCK_DIAG)
			cannot_read(a, *source, why);
		if (!a->tally || request->source == SOURCE_SOCK_DIAG)
			return false;
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

/* Tells it once: the next sample will be no different. */
static void
tell_denied(size_t denied)
{
	static bool told;

	if (!told)
		note(
		    "some sockets are of unknown processes (-): %zu processes "
		    "may not be looked into; root may (CAP_SYS_PTRACE)",
		    denied);
	told = true;
}

/*
 * Finds out whose sockets they are, if that is asked for, and finishes the
 * tally.  Returns 0 or an errno value.
 */
static int
finish(struct attempt *a)
{
	struct key_context *context = &a->tally->context;
	struct owners *owners = NULL;
	size_t denied = 0;
	int error;

	if (a->request->by && a->request->by->needs_processes) {
		owners = owners_read("/proc", &denied);
		if (!owners) {
			error = errno;
			cannot_read(a, "/proc", strerror(error));
			return error;
		}
	}
	context->owners = owners;
	error = tally_finish(a->tally);
	context->owners = NULL;
	owners_free(owners);
	if (error)
		complain("%s", strerror(error));
	else if (denied > 0 && context->unowned > 0)
		tell_denied(denied);
	return error;
}

struct tally *
sample_take(const struct sample_request *request)
{
	struct attempt a = {.request = request};
	const char *source;
	bool counted = count(&a, &source);

	if (!a.tally)
		complain("%s", strerror(ENOMEM));
	counted = counted && finish(&a) == 0;
	if (counted && request->verbose)
		note("%s%s: %" PRIu64 " socket%s in %.3f ms", a.earlier,
		    source, a.rows, a.rows == 1 ? "" : "s",
		    milliseconds() - a.start);
	if (counted) {
		a.tally->source = source;
		return a.tally;
	}
	tally_free(a.tally);
	return NULL;
}
