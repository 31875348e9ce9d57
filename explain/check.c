/*
 * What the checks of a diagnosis share.
 */
#include "explain/check.h"

#include "lib/print.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What identifies a socket in two snapshots, and what may change. */
struct identity {
	struct in6_addr laddr, raddr;
	uint16_t lport, rport;
	uint32_t padding;
	uint64_t inode;
};

static struct identity
identity(const struct conn *conn)
{
	return (struct identity){.laddr = conn->laddr,
	    .raddr = conn->raddr,
	    .lport = conn->lport,
	    .rport = conn->rport,
	    .inode = conn->inode};
}

static void
add_earlier(struct checkup *c, const struct conn *conn)
{
	struct identity id = identity(conn);
	struct earlier *earlier = dict_reach(&c->earlier, &id);

	if (earlier)
		*earlier = (struct earlier){
		    conn->recv_q, conn->send_q, conn->drops, conn->state};
	else
		c->diagnosis->no_memory = true;
}

void
checkup_init(struct checkup *c)
{
	const struct snapshot *before = c->before;

	c->seconds = (double)c->diagnosis->interval / 1e9;
	dict_init(
	    &c->earlier, sizeof(struct identity), sizeof(struct earlier));
	for (size_t i = 0; before && i < before->sockets.n; i++)
		if (snapshot_is_suspect(&before->sockets.socket[i].conn))
			add_earlier(c, &before->sockets.socket[i].conn);
	for (size_t i = 0; before && i < before->listeners.n; i++)
		add_earlier(c, &before->listeners.socket[i].conn);
	if (!add_listeners(c))
		c->diagnosis->no_memory = true;
}

void
checkup_free(struct checkup *c)
{
	dict_free(&c->earlier);
	dict_free(&c->queues);
}

bool
knows(const struct checkup *c, enum limit limit)
{
	return c->now->limits.known[limit];
}

uint64_t
value(const struct checkup *c, enum limit limit)
{
	return c->now->limits.value[limit];
}

uint64_t
value_or(const struct checkup *c, enum limit limit, uint64_t kernel_default)
{
	return knows(c, limit) ? value(c, limit) : kernel_default;
}

uint64_t
growth(const struct checkup *c, enum limit counter)
{
	uint64_t now = value(c, counter), before;

	if (!c->before || !knows(c, counter) ||
	    !c->before->limits.known[counter])
		return 0;
	before = c->before->limits.value[counter];
	return now > before ? now - before : 0;
}

double
per_second(const struct checkup *c, uint64_t n)
{
	double rate = c->seconds > 0 ? (double)n / c->seconds : 0;

	return rate < 1e18 ? rate : 1e18;
}

void
skip(struct checkup *c, const char *fmt, ...)
{
	va_list ap;

	c->result->status = CHECK_SKIPPED;
	va_start(ap, fmt);
	vsnprintf(c->result->reason, sizeof(c->result->reason), fmt, ap);
	va_end(ap);
}

/* Whether a limit of the whole machine is missing, though others are known. */
static bool
is_hidden(const struct checkup *c, enum limit limit)
{
	return (limit == TCP_MAX_ORPHANS || limit == TCP_MEM_PRESSURE) &&
	    knows(c, TCP_FIN_TIMEOUT);
}

bool
needs(struct checkup *c, enum limit limit)
{
	if (knows(c, limit))
		return true;
	if (limit >= SYSCTL_FIRST && c->now->foreign)
		skip(c, "the limits of that network namespace are unknown");
	else if (is_hidden(c, limit))
		skip(c,
		    "%s is shown only in the machine's first network "
		    "namespace",
		    limit_name(limit));
	else if (limit >= SOCKSTAT_FIRST && limit <= SOCKSTAT_LAST)
		skip(
		    c, "%s in net/sockstat cannot be read", limit_name(limit));
	else
		skip(c, "%s cannot be read", limit_name(limit));
	return false;
}

void
measure(struct checkup *c, uint64_t seen, uint64_t limit)
{
	c->result->has_value = true;
	c->result->value = seen;
	c->result->has_limit = limit != NO_LIMIT_KNOWN;
	c->result->limit = limit;
}

const struct earlier *
find_earlier(const struct checkup *c, const struct conn *conn)
{
	struct identity id = identity(conn);

	return dict_find(&c->earlier, &id);
}

bool
stays(const struct checkup *c, const struct conn *conn)
{
	const struct earlier *earlier = find_earlier(c, conn);

	return earlier && earlier->state == conn->state;
}

/* Whether a socket waits in the accept queue of a listener. */
static bool
is_waiting(const struct conn *conn)
{
	return conn->inode == 0 &&
	    (conn->state == TCP_ESTABLISHED || conn->state == TCP_CLOSE_WAIT);
}

bool
waits(const struct checkup *c, const struct conn *conn)
{
	const struct earlier *earlier = find_earlier(c, conn);

	if (!is_waiting(conn) || !c->before)
		return is_waiting(conn);
	return earlier &&
	    (earlier->state == TCP_ESTABLISHED ||
		earlier->state == TCP_CLOSE_WAIT);
}

bool
same_queue(const struct checkup *c, const struct conn *conn)
{
	const struct earlier *earlier = find_earlier(c, conn);

	return earlier && earlier->recv_q == conn->recv_q;
}

/* Whether a finding matters less than another one of its check. */
static bool
is_less(const struct finding *f, enum severity severity, uint64_t size)
{
	return f->severity != severity ? f->severity < severity
				       : f->size < size;
}

/* Counts the findings of the current check; least is the least of them. */
static size_t
count_findings(const struct checkup *c, struct finding **least)
{
	const struct diagnosis *d = c->diagnosis;
	size_t n = 0;

	*least = NULL;
	for (size_t i = 0; i < d->n; i++) {
		struct finding *f = d->finding[i];

		if (f->check != c->check)
			continue;
		if (!*least || is_less(f, (*least)->severity, (*least)->size))
			*least = f;
		n++;
	}
	return n;
}

struct finding *
find(struct checkup *c, enum severity severity, uint64_t size)
{
	struct diagnosis *d = c->diagnosis;
	struct finding *f;

	d->number[severity]++;
	c->result->number[severity]++;
	if (count_findings(c, &f) == FINDINGS_MAX) {
		c->result->omitted++;
		if (!is_less(f, severity, size))
			return NULL;
	} else {
		f = calloc(1, sizeof(*f));
		if (!f) {
			d->no_memory = true;
			return NULL;
		}
		d->finding[d->n++] = f;
	}
	*f = (struct finding){
	    .check = c->check, .severity = severity, .size = size};
	return f;
}

/* Seconds; SYNs and SYN-ACKs are repeated after one. */
#define SECONDS_MIN 1.9

enum severity
if_stays(const struct checkup *c, enum severity severity)
{
	return c->before && c->seconds >= SECONDS_MIN ? severity : NOTE;
}

void
append_doubt(const struct checkup *c, struct finding *f)
{
	if (!c->before)
		APPEND(f->summary, "; one sample does not show for how long");
	else if (c->diagnosis->interval == 0)
		APPEND(
		    f->summary, "; the time between the samples is not known");
	else if (c->seconds < SECONDS_MIN)
		APPEND(f->summary,
		    "; the interval is too short to show that it lasts");
}

void
prove(struct finding *f, const char *name, uint64_t n)
{
	if (f->nevidence == EVIDENCE_MAX)
		return;
	f->evidence[f->nevidence].name = name;
	f->evidence[f->nevidence++].value = n;
}

/* The next of the texts that are used in turn. */
static char *
next_text(struct checkup *c)
{
	return c->text[c->texts++ % (sizeof(c->text) / sizeof(c->text[0]))];
}

const char *
number(struct checkup *c, uint64_t n)
{
	char *text = next_text(c);

	append_grouped(text, n);
	return text;
}

const char *
count_text(struct checkup *c, uint64_t n, const char *noun)
{
	char *text = next_text(c), *end = append_grouped(text, n);

	snprintf(end, sizeof(c->text[0]) - (size_t)(end - text), " %s%s", noun,
	    n == 1 ? "" : "s");
	return text;
}

const char *
interval_text(struct checkup *c)
{
	char *text = next_text(c);

	if (c->diagnosis->interval == 0)
		return "an unknown time";
	snprintf(text, sizeof(c->text[0]),
	    c->seconds < 10 ? "%.2g s" : "%.0f s", c->seconds);
	return text;
}

const char *
value_text(struct checkup *c, enum limit limit)
{
	return knows(c, limit) ? number(c, value(c, limit)) : "unknown";
}

const char *
end_text(struct checkup *c, const struct in6_addr *addr, uint16_t port)
{
	char *text = next_text(c);

	conn_end_text(addr, port, text);
	return text;
}

const char *
addr_text(struct checkup *c, const struct in6_addr *addr)
{
	char *text = next_text(c);

	conn_addr_text(addr, text);
	return text;
}

const char *
process_text(struct checkup *c, const struct owner *owner)
{
	char *text = next_text(c);

	snprintf(text, sizeof(c->text[0]), "%u/%.*s", owner->pid, OWNER_NAME,
	    owner->name);
	return text;
}

const char *
joined_text(struct checkup *c, const char *a, const char *b)
{
	char *text = next_text(c);

	write_text(text, sizeof(c->text[0]), 0, "%s%s%s", a,
	    *b != '\0' ? " " : "", b);
	return text;
}

const char *
culprits(struct checkup *c, const struct finding *f)
{
	if (f->nprocesses == 0)
		return "";
	return joined_text(c, process_text(c, &f->process[0]),
	    f->nprocesses > 1 ? "and others" : "");
}

void
write_text(char *text, size_t size, size_t at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text + at, size - at, fmt, ap);
	va_end(ap);
}
