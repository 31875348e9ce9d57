/*
 * Checks of accept queues, and of connections that nobody accepts.
 */
#include "explain/check.h"

/* A threshold, in connections at one listener. */
enum { WAITING_MIN = 5 };

static bool
waiting_on(const struct checkup *c, const struct socket *socket,
    struct member *member)
{
	return waits(c, &socket->conn) &&
	    listener_key(c, &socket->conn, &member->key);
}

/* The descriptors of the first process, if it has hardly any left. */
static const struct descriptors *
out_of_descriptors(const struct checkup *c, const struct finding *f)
{
	const struct descriptors *d = f->nprocesses > 0
	    ? descriptors_find(&c->now->processes, f->process[0].pid)
	    : NULL;

	return d && reaches(d->open, d->soft, 97) ? d : NULL;
}

/* What is known of the accept queue of one listener. */
struct listener_case {
	const struct socket *socket;
	uint64_t length;
	uint64_t waiting; /* in both snapshots */
	uint64_t drops;	  /* between them */
	bool full;	  /* in both */
	bool lost;	  /* it dropped requests since its queue was full */
};

static void
explain_queue(
    struct checkup *c, struct finding *f, const struct listener_case *l)
{
	unsigned lport = l->socket->conn.lport;
	const struct descriptors *d = out_of_descriptors(c, f);

	if (d)
		WRITE(f->why,
		    "%s has %s of %s descriptors: accept() fails with EMFILE "
		    "(see fd-limit)",
		    culprits(c, f), number(c, d->open), number(c, d->soft));
	else
		WRITE(f->why, "%s",
		    l->lost
			? "requests to a full queue are dropped without an "
			  "answer: clients hang in SYN_SENT for a second "
			  "and more"
			: "the program does not accept, or only slowly; "
			  "when the queue is full, clients hang in "
			  "SYN_SENT");
	WRITE(f->remedy,
	    "find out why %s does not accept (its stack, its descriptors, "
	    "CPU); for bursts a larger backlog in listen() and somaxconn "
	    "(%s); the smaller applies, from the next listen() on",
	    f->nprocesses > 0 ? culprits(c, f) : "the program",
	    value_text(c, CORE_SOMAXCONN));
	WRITE(f->no_remedy,
	    "tcp_abort_on_overflow (requests to a full queue are dropped all "
	    "the same), tcp_max_syn_backlog");
	if (f->nprocesses > 0)
		WRITE(f->next, "tcpstate -lp --lport=%u 1; cat /proc/%u/stack",
		    lport, f->process[0].pid);
	else
		WRITE(f->next, "tcpstate -lp --lport=%u 1", lport);
}

static void
add_queue(
    struct checkup *c, enum severity severity, const struct listener_case *l)
{
	const struct conn *conn = &l->socket->conn;
	struct finding *f = find(c, severity, l->length);

	if (!f)
		return;
	if (l->socket->owner.pid > 0)
		f->process[f->nprocesses++] = l->socket->owner;
	c->diagnosis->needs_details |= !c->now->has_details;
	WRITE(f->subject, "%s",
	    joined_text(
		c, end_text(c, &conn->laddr, conn->lport), culprits(c, f)));
	WRITE(f->summary, "%s: %s waiting to be accepted", f->subject,
	    count_text(c, l->length, "connection"));
	if (conn->send_q != CONN_UNKNOWN)
		APPEND(f->summary, " (backlog %s)", number(c, conn->send_q));
	if (l->drops > 0)
		APPEND(f->summary, "; %s dropped in %s",
		    count_text(c, l->drops, "request"), interval_text(c));
	if (!l->lost)
		append_doubt(c, f);
	prove(f, "waiting", l->length);
	if (c->before)
		prove(f, "waiting_in_both", l->waiting);
	if (conn->send_q != CONN_UNKNOWN)
		prove(f, "backlog", conn->send_q);
	prove(f, "dropped", l->drops);
	explain_queue(c, f, l);
}

/*
 * Whether a listener dropped requests since its accept queue was full.  Its
 * drops may also be those of a full SYN queue; then its accept queue must be
 * in use.  /proc does not show drops: there, those that wait must do.
 */
static bool
has_lost(const struct checkup *c, const struct listener_case *l)
{
	const struct conn *conn = &l->socket->conn;
	const struct earlier *then = find_earlier(c, conn);
	bool in_use = conn->recv_q > 0 || (then && then->recv_q > 0);

	if (growth(c, LISTEN_OVERFLOWS) == 0)
		return false;
	if (conn->drops == CONN_UNKNOWN)
		return l->waiting >= WAITING_MIN;
	return l->drops > 0 && (in_use || requests_dropped(c) == 0);
}

/* Whether an accept queue exceeds its backlog, if that is known. */
static bool
exceeds(uint32_t queue, uint32_t backlog)
{
	return backlog != CONN_UNKNOWN && queue > backlog;
}

/* Whether the accept queue of a listener is full, in both snapshots. */
static bool
stays_full(const struct checkup *c, const struct conn *conn)
{
	const struct earlier *then = find_earlier(c, conn);

	return exceeds(conn->recv_q, conn->send_q) &&
	    (!c->before || (then && exceeds(then->recv_q, then->send_q)));
}

static uint64_t
waiting_at(const struct groups *waiting, const struct group_key *key)
{
	const struct group *g = dict_find(&waiting->dict, key);

	return g ? g->n : 0;
}

/*
 * Returns how many sockets waited at a listener in both snapshots.  If several
 * listen on one address and port, at most as many as were in its own queue.
 */
static uint64_t
count_waiting(const struct checkup *c, const struct conn *conn,
    const struct groups *waiting, const struct group_key *key)
{
	const struct earlier *then = find_earlier(c, conn);
	uint64_t n = waiting_at(waiting, key);
	uint64_t own = conn->recv_q;

	if (queue_of(c, key).listeners == 1)
		return n;
	if (c->before && (!then || then->recv_q < own))
		own = then ? then->recv_q : 0;
	return n < own ? n : own;
}

/* Judges a listener, by its accept queue and what waits in it. */
static void
judge_listener(struct checkup *c, const struct socket *socket,
    const struct groups *waiting)
{
	struct listener_case l = {.socket = socket};
	struct member member = {0};
	bool selected = is_selected(c, &socket->conn);

	by_listener(c, socket, &member);
	l.waiting = count_waiting(c, &socket->conn, waiting, &member.key);
	if (!selected && l.waiting == 0)
		return;
	l.length = socket->conn.recv_q > 0 ? socket->conn.recv_q : l.waiting;
	l.drops = new_drops(c, &socket->conn);
	l.full = stays_full(c, &socket->conn);
	l.lost = has_lost(c, &l);
	if (l.lost && (l.full || l.waiting >= WAITING_MIN))
		add_queue(c, CRITICAL, &l);
	else if (l.lost)
		add_queue(c, WARNING, &l);
	else if (l.waiting >= WAITING_MIN)
		add_queue(c, if_stays(c, WARNING), &l);
	else if (l.full)
		add_queue(c, NOTE, &l);
	if (!c->result->has_value || l.length > c->result->value)
		measure(c, l.length,
		    socket->conn.send_q == CONN_UNKNOWN ? NO_LIMIT_KNOWN
							: socket->conn.send_q);
}

/* Adds that queues overflowed, if no listener shows that it was its own. */
static void
add_overflows(struct checkup *c, enum severity severity, uint64_t n)
{
	struct finding *f = find(c, severity, n);

	if (!f)
		return;
	WRITE(f->subject, "an unknown listener");
	WRITE(f->summary, "accept queues overflowed %s times %s%s",
	    number(c, n),
	    growth(c, LISTEN_OVERFLOWS) > 0 ? "in " : "since the start",
	    growth(c, LISTEN_OVERFLOWS) > 0 ? interval_text(c)
					    : ", but not now");
	WRITE(f->why,
	    "connection requests to a full queue are dropped without an "
	    "answer");
	WRITE(f->remedy,
	    "a larger backlog in listen() and somaxconn (%s); the smaller "
	    "applies, from the next listen() on",
	    value_text(c, CORE_SOMAXCONN));
	WRITE(f->no_remedy, "tcp_abort_on_overflow, tcp_max_syn_backlog");
	WRITE(f->next, "tcpstate -lp 1");
	prove(f, "overflows", n);
}

/* Judges overflows that no listener has shown to be its own. */
static void
judge_overflows(struct checkup *c)
{
	uint64_t now = growth(c, LISTEN_OVERFLOWS);
	uint64_t ever = value(c, LISTEN_OVERFLOWS);

	/* They may be those of a listener that the filter leaves out. */
	if (now > 0)
		add_overflows(c, all_selected(c) ? WARNING : NOTE, now);
	else if (ever > 0 && all_selected(c))
		add_overflows(c, NOTE, ever);
}

void
check_accept_queue(struct checkup *c)
{
	struct groups waiting;
	size_t found = c->diagnosis->n;

	/* Without one of these there is less to find, but there is some. */
	if (!c->before)
		skip(c, "how long connections wait needs two samples");
	else if (needs(c, LISTEN_OVERFLOWS) && !snapshot_is_sock_diag(c->now))
		skip(c, "the limits and drops of queues need sock_diag");
	group_sockets(c, waiting_on, &c->now->sockets, &waiting);
	measure(c, 0, NO_LIMIT_KNOWN);
	for (size_t i = 0; i < c->now->listeners.n; i++)
		judge_listener(c, &c->now->listeners.socket[i], &waiting);
	if (c->diagnosis->n == found)
		judge_overflows(c);
	groups_free(&waiting);
}

/* A second, so that a few scanned ports are no finding. */
enum { RESETS_MIN = 10 };

/* Appends the listeners that only this machine can reach. */
static void
name_local_listeners(struct checkup *c, struct finding *f)
{
	unsigned n = 0;

	for (size_t i = 0; i < c->now->listeners.n && n < 3; i++) {
		const struct conn *conn = &c->now->listeners.socket[i].conn;

		if (!is_loopback(&conn->laddr))
			continue;
		APPEND(f->why, "%s%s",
		    n++ > 0 ? ", " : "; listening on loopback only: ",
		    end_text(c, &conn->laddr, conn->lport));
	}
}

void
check_refused(struct checkup *c)
{
	uint64_t resets = growth(c, OUT_RSTS);
	uint64_t own = growth(c, ABORT_ON_DATA) + growth(c, ABORT_ON_CLOSE) +
	    growth(c, ABORT_ON_LINGER);
	uint64_t rate;
	struct finding *f;

	if (!needs(c, OUT_RSTS))
		return;
	if (c->diagnosis->interval == 0) {
		skip(c, "the time between the samples is not known");
		return;
	}
	rate = (uint64_t)per_second(c, resets > own ? resets - own : 0);
	measure(c, rate, NO_LIMIT_KNOWN);
	if (rate < RESETS_MIN || !(f = find(c, NOTE, rate)))
		return;
	WRITE(f->subject, "resets");
	WRITE(f->summary,
	    "%s segments a second match no socket and are answered with "
	    "resets",
	    number(c, rate));
	WRITE(f->why,
	    "something connects to ports on which nobody listens; the kernel "
	    "does not record which ports");
	name_local_listeners(c, f);
	if (growth(c, ATTEMPT_FAILS) > 0)
		APPEND(f->why,
		    "; %s connections from here were refused meanwhile",
		    number(c, growth(c, ATTEMPT_FAILS)));
	WRITE(
	    f->remedy, "find out who connects, and start what should listen");
	WRITE(f->next,
	    "tcpdump -ni any 'tcp[13] & 4 != 0 or (ip6 and ip6[6] = 6 and "
	    "ip6[53] & 4 != 0)'");
	prove(f, "resets_per_second", rate);
	prove(f, "attempt_fails", growth(c, ATTEMPT_FAILS));
}
