/*
 * Chooses a source, reads it, falls back to the next one if that is allowed,
 * and reports failures.
 */
#include "read/source.h"

#include "lib/interrupt.h"
#include "lib/regular.h"
#include "lib/say.h"
#include "proc_parse.h"
#include "read/procfs.h"
#include "read/sock_diag.h"

#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct reading {
	const struct source_request *request;
	const struct netns *ns;
	int enter_error; /* an errno value; 0: the namespace was entered */
	const struct source_visitor *visitor;
	struct source_result *result;
	void *ctx;    /* of the visitors, from start() */
	bool ordered; /* addresses may have another byte order, and matter */
	struct byte_orders orders;
};

/* Room for the path of a table. */
enum { TABLE_PATH = PATH_MAX + sizeof("/tcp6") };

/* Reports a failure, except in a sample that a signal has ended. */
static void
cannot_read(const struct reading *r, const char *name, const char *why)
{
	if (!interrupted)
		failure(NULL, "%s%s: %s", r->result->earlier, name, why);
}

static void
explain_file(const struct reading *r, const char *name,
    const struct proc_result *result)
{
	if (result->compressed)
		failure(NULL, "%s%s: looks compressed (%s)",
		    r->result->earlier, name, result->compressed);
	else if (result->bad > 0)
		failure(NULL,
		    "%s%s: line %" PRIu64 ": not a /proc/net/tcp row "
		    "(%" PRIu64 " such line%s skipped)",
		    r->result->earlier, name, result->first_bad, result->bad,
		    result->bad == 1 ? "" : "s");
	else if (result->rows == 0 && result->headers == 0)
		cannot_read(r, name, "empty, without even a header");
}

/* Ends a table, and reports if it shows both byte orders. */
static void
next_order(struct reading *r, const char *name)
{
	if (!byte_order_next(&r->orders))
		failure(NULL,
		    "%s%s: addresses in both byte orders: choose one with "
		    "'--byte-order'",
		    r->result->earlier, name);
}

/*
 * Reads a table; false if it could not be read, if fd is not a table or, if
 * the table must be whole, it is damaged.
 */
static bool
read_fd(struct reading *r, const char *name, int fd)
{
	struct proc_result result;
	int error = proc_read(fd, r->request->needs_details,
	    r->ordered ? byte_order_visit : r->visitor->visit,
	    r->ordered ? &r->orders : r->ctx, &result);

	r->result->rows += result.rows;
	next_order(r, name);
	if (error) {
		cannot_read(r, name, strerror(error));
		return false;
	}
	explain_file(r, name, &result);
	if (r->request->whole && result.bad > 0)
		return false;
	return result.rows > 0 || (result.headers > 0 && result.bad == 0);
}

/* Visits conns that wait for a byte order; false if it remains unknown. */
static bool
finish_orders(struct reading *r)
{
	if (byte_order_finish(&r->orders))
		return true;
	if (r->orders.no_memory)
		failure(NULL, "%s", strerror(ENOMEM));
	else
		failure(NULL,
		    "tables of both byte orders, and one that shows none: "
		    "choose one with '--byte-order'");
	return false;
}

/*
 * Opens a file, and waits for the writer of a pipe, unless it must be regular;
 * -1 sets errno.
 */
static int
open_file(const char *path, bool regular)
{
	int fd = -1;

	if (regular)
		return regular_open(AT_FDCWD, path);
	errno = EINTR;
	while (fd < 0 && errno == EINTR && !interrupted)
		fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd;
}

static bool
read_file(struct reading *r, const char *path, bool regular)
{
	int fd = open_file(path, regular);
	bool done;

	if (fd < 0) {
		cannot_read(r, path, regular_error(errno));
		return false;
	}
	done = read_fd(r, path, fd);
	close(fd);
	return done;
}

/* Reads all files; false if none of them, or of whole ones any, fails. */
static bool
read_files(struct reading *r)
{
	const struct source_request *request = r->request;
	size_t done = 0;

	for (size_t i = 0; i < request->nfiles; i++)
		done += strcmp(request->files[i], "-") == 0
		    ? read_fd(r, "standard input", STDIN_FILENO)
		    : read_file(r, request->files[i],
			  request->regular && request->regular[i]);
	return done >= (request->whole ? request->nfiles : 1) &&
	    finish_orders(r);
}

static void
table_path(const struct reading *r, enum family family, char path[TABLE_PATH])
{
	snprintf(path, TABLE_PATH, "%s/%s",
	    r->ns->net[0] != '\0' ? r->ns->net : "/proc/self/net",
	    family_names[family]);
}

/*
 * Reads a table of a proc.  Without IPv6 there is no tcp6: that is an error
 * only if the request needs IPv6.  If tcp is missing too, the process ended;
 * then another process may lead to the same namespace.
 */
static bool
read_table(struct reading *r, enum family family)
{
	char path[TABLE_PATH], tcp[TABLE_PATH];
	bool done;
	int fd, error;

	table_path(r, family, path);
	fd = regular_open(AT_FDCWD, path);
	error = errno;
	if (fd < 0 && error == ENOENT) {
		table_path(r, FAMILY_TCP, tcp);
		r->result->gone = access(tcp, F_OK) != 0;
		if (!r->result->gone && !r->request->needs_ipv6)
			return true;
		if (r->result->gone && r->request->skip_gone)
			return false;
	}
	if (fd < 0) {
		cannot_read(r, path, regular_error(error));
		return false;
	}
	done = read_fd(r, path, fd);
	close(fd);
	return done;
}

/* Learns the byte order from a table that is not counted, if it exists. */
static void
look_at_table(struct reading *r, enum family family)
{
	struct proc_result result;
	char path[TABLE_PATH];
	int fd, error;

	table_path(r, family, path);
	fd = regular_open(AT_FDCWD, path);
	if (fd < 0)
		return;
	error = proc_read(fd, false, byte_order_visit, &r->orders, &result);
	if (error)
		cannot_read(r, path, strerror(error));
	next_order(r, path);
	close(fd);
}

/* Reads the tables of a proc; false if a table that is needed fails. */
static bool
read_tables(struct reading *r)
{
	const struct source_request *request = r->request;

	for (enum family f = 0; f < NFAMILIES; f++) {
		bool wanted =
		    request->filter->family[f] || request->needs_listeners;

		if (wanted && !read_table(r, f))
			return false;
		if (!wanted && f == FAMILY_TCP6 && r->ordered &&
		    request->order == ORDER_UNKNOWN)
			look_at_table(r, f);
	}
	return finish_orders(r);
}

/* Has the kernel leave out what it can; the filter does the rest. */
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
has_all_listeners(const struct sock_diag_request *request)
{
	return request->family == NFAMILIES && request->lport == 0 &&
	    request->rport == 0 && request->states & 1 << TCP_LISTEN;
}

/*
 * Whether the kernel supports IPv6.  A dump does not show it: sock_diag
 * answers requests for IPv6 even if that is off.
 */
static bool
has_ipv6(void)
{
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0)
		close(fd);
	return fd >= 0 || errno != EAFNOSUPPORT;
}

/* Reads a dump.  Returns why it is incomplete, or NULL. */
static const char *
read_dump(struct reading *r, const struct sock_diag_request *request,
    conn_visitor *visit)
{
	struct sock_diag_result result;
	bool whole = sock_diag_read(request, visit, r->ctx, &result);

	r->result->rows += result.rows;
	return whole ? NULL : result.reason;
}

/*
 * Reads sock_diag: a dump of the request and, if listeners_first, a dump of
 * all listeners before it.  Returns why it failed, or NULL.
 */
static const char *
read_sock_diag(
    struct reading *r, struct sock_diag_request request, bool listeners_first)
{
	const struct sock_diag_request listeners = {
	    .family = NFAMILIES,
	    .states = 1 << TCP_LISTEN,
	    .needs_drops = r->request->needs_drops,
	};
	const char *why = NULL;

	if (r->enter_error)
		return strerror(r->enter_error);
	if (r->request->needs_ipv6 && !has_ipv6())
		return "there is no IPv6";
	if (listeners_first)
		why = read_dump(r, &listeners, r->visitor->visit_listener);
	if (r->request->needs_drops)
		request.states &= ~(1u << TCP_LISTEN);
	return why ? why : read_dump(r, &request, r->visitor->visit);
}

const char *
source_name(size_t i)
{
	static const char *const names[] = {
	    [SOURCE_AUTO] = "auto",
	    [SOURCE_SOCK_DIAG] = "sock_diag",
	    [SOURCE_PROC] = "proc",
	};

	return i < sizeof(names) / sizeof(names[0]) ? names[i] : NULL;
}

/* Starts a source; the visitor forgets an earlier one. */
static bool
start(struct reading *r, const char *name, bool listeners_first)
{
	r->result->name = name;
	r->result->rows = 0;
	r->ctx = r->visitor->start(r->visitor->ctx, listeners_first);
	r->orders.ctx = r->ctx;
	return r->ctx;
}

/*
 * Reads sock_diag, and sets *done on success.  Returns false, after a message,
 * if no other source may be read instead.
 */
static bool
try_sock_diag(struct reading *r, bool *done)
{
	struct sock_diag_request request = make_request(r->request->filter);
	bool listeners_first = r->request->needs_drops ||
	    (r->request->needs_listeners && !has_all_listeners(&request));
	const char *why;

	if (!start(r, "sock_diag", listeners_first))
		return false;
	why = read_sock_diag(r, request, listeners_first);
	*done = !why;
	if (*done)
		return true;
	if (r->request->choice == SOURCE_SOCK_DIAG) {
		cannot_read(r, "sock_diag", why);
		return false;
	}
	snprintf(r->result->earlier, sizeof(r->result->earlier),
	    "sock_diag: %s; ", why);
	return true;
}

/* Reads the chosen source, or with SOURCE_AUTO the first that succeeds. */
static bool
read_any(struct reading *r)
{
	bool done = false;

	if (r->request->nfiles > 0)
		return start(r, "file", false) && read_files(r);
	if (r->request->choice != SOURCE_PROC && !try_sock_diag(r, &done))
		return false;
	return done || (start(r, "proc", false) && read_tables(r));
}

bool
source_is_saved(const struct source_request *request)
{
	return request->nfiles > 0 ||
	    (request->proc && !procfs_is_live(request->proc));
}

bool
source_read(const struct source_request *request, const struct netns *ns,
    int enter_error, const struct source_visitor *visitor,
    struct source_result *result)
{
	struct reading r = {
	    .request = request,
	    .ns = ns,
	    .enter_error = enter_error,
	    .visitor = visitor,
	    .result = result,
	    .ordered = source_is_saved(request) && request->needs_addresses,
	    .orders = {request->order, visitor->visit, .ctx = NULL},
	};
	bool done;

	*result = (struct source_result){0};
	done = read_any(&r);
	byte_order_free(&r.orders);
	return done;
}
