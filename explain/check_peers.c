/*
 * Checks of peers that do not answer or do not read.
 */
#include "explain/check.h"
#include "explain/times.h"

/* Parts of the groups below. */
enum { SENT_AGAIN, PROBED };

/* The thresholds, in sockets. */
enum {
	DEAD_NOTE = 5, /* ESTABLISHED */
	DEAD_WARNING = 10,
	UNANSWERED_MIN = 5, /* SYN_SENT */
	SLOW_NOTE = 10,	    /* zero windows */
	PERCENT = 5,	    /* of those in ESTABLISHED */
};

static bool
unanswered(const struct checkup *c, const struct socket *socket,
    struct member *member)
{
	(void)c;
	member->key = (struct group_key){
	    .raddr = socket->conn.raddr, .rport = socket->conn.rport};
	return socket->conn.state == TCP_SYN_SENT && socket->conn.retrans > 0;
}

static void
add_unanswered(
    struct checkup *c, const struct groups *groups, const struct group *g)
{
	const struct group_key *key = group_key(groups, g);
	uint64_t n = g->n >= UNANSWERED_MIN ? g->n : groups->total;
	struct finding *f = find(c, WARNING, n);

	if (!f)
		return;
	blame(c, f, unanswered, &c->now->sockets, key);
	WRITE(f->subject, "%s", peer_text(c, key));
	if (n == g->n)
		WRITE(f->summary, "%s does not answer %s connection requests",
		    f->subject, number(c, n));
	else
		WRITE(f->summary,
		    "%s peers do not answer %s connection requests, among "
		    "them %s",
		    number(c, groups->n), number(c, n), f->subject);
	if (f->nprocesses > 0)
		APPEND(f->summary, " from %s", culprits(c, f));
	WRITE(f->why,
	    "a firewall drops them, the host is down, or its accept queue is "
	    "full; a closed port would refuse at once");
	WRITE(f->remedy,
	    "check the peer from here; give the program a timeout for "
	    "connect()");
	WRITE(f->no_remedy,
	    "a low tcp_syn_retries (%s): it affects all programs",
	    value_text(c, TCP_SYN_RETRIES));
	WRITE(f->next,
	    "nc -vzw3 %s %u; tcpstate --state=syn-sent -b process,dst",
	    addr_text(c, &key->raddr), key->rport);
	prove(f, "unanswered", n);
}

void
check_syn_sent(struct checkup *c)
{
	struct groups groups;

	group_sockets(c, unanswered, &c->now->sockets, &groups);
	measure(c, groups.total, NO_LIMIT_KNOWN);
	for (size_t i = 0; i < groups.n; i++)
		if (groups.group[i]->n >= UNANSWERED_MIN)
			add_unanswered(c, &groups, groups.group[i]);
	if (groups.total >= UNANSWERED_MIN &&
	    groups.group[0]->n < UNANSWERED_MIN)
		add_unanswered(c, &groups, groups.group[0]);
	groups_free(&groups);
}

static bool
dead(const struct checkup *c, const struct socket *socket,
    struct member *member)
{
	const struct conn *conn = &socket->conn;

	member->key = peer_key(c, conn);
	member->part = conn->timer == TIMER_ON ? SENT_AGAIN : PROBED;
	return (conn->state == TCP_ESTABLISHED ||
		   conn->state == TCP_CLOSE_WAIT) &&
	    is_gone(conn);
}

/* The same in one group. */
static bool
dead_at_all(const struct checkup *c, const struct socket *socket,
    struct member *member)
{
	bool found = dead(c, socket, member);

	member->key = (struct group_key){0};
	return found;
}

static void
add_dead(
    struct checkup *c, enum severity severity, const struct groups *groups)
{
	struct finding *f = find(c, severity, groups->total);

	if (!f)
		return;
	blame(c, f, dead_at_all, &c->now->sockets, &(struct group_key){0});
	WRITE(f->subject, "ESTABLISHED");
	WRITE(f->summary, "the peers of %s of %s connections do not answer",
	    number(c, groups->total),
	    number(c,
		c->now->count[TCP_ESTABLISHED] +
		    c->now->count[TCP_CLOSE_WAIT]));
	name_peers(c, f, groups);
	if (f->nprocesses > 0)
		APPEND(f->summary, "; they belong to %s", culprits(c, f));
	WRITE(f->why,
	    "the program still treats them as open; the kernel stops "
	    "retransmitting after at least %.0f s (tcp_retries2 %s), an idle "
	    "connection with SO_KEEPALIVE after %s s",
	    (double)time_retransmit(&c->now->limits) / 1000,
	    value_text(c, TCP_RETRIES2),
	    number(c, time_keepalive(&c->now->limits) / 1000));
	WRITE(f->remedy,
	    "set TCP_USER_TIMEOUT, or SO_KEEPALIVE with TCP_KEEPIDLE, for "
	    "each socket in the program");
	WRITE(f->no_remedy,
	    "tcp_retries2 below 8 (RFC 1122 recommends at least 100 s); "
	    "tcp_keepalive_* "
	    "(no effect without SO_KEEPALIVE, or on a timer already running)");
	next_peers(c, f, "established,close-wait", groups);
	prove(f, "dead", groups->total);
	prove(f, "sent_again", groups->part[SENT_AGAIN]);
	prove(f, "probed", groups->part[PROBED]);
	prove(f, "established", c->now->count[TCP_ESTABLISHED]);
}

static void
count_dead(struct checkup *c, struct groups *groups)
{
	group_sockets(c, dead, &c->now->sockets, groups);
}

void
check_dead_peers(struct checkup *c)
{
	uint64_t established = c->now->count[TCP_ESTABLISHED];
	struct groups groups;

	count_dead(c, &groups);
	measure(c, groups.total, NO_LIMIT_KNOWN);
	if (groups.total >= DEAD_WARNING &&
	    reaches(groups.total, established, PERCENT))
		add_dead(c, WARNING, &groups);
	else if (groups.total >= DEAD_NOTE)
		add_dead(c, NOTE, &groups);
	groups_free(&groups);
}

void
check_keepalive_off(struct checkup *c)
{
	uint64_t established = c->now->count[TCP_ESTABLISHED];
	struct groups groups;
	struct finding *f;

	measure(c, c->now->no_timer, established);
	count_dead(c, &groups);
	/* Only if peers die, since it is so on every machine. */
	if (groups.total >= DEAD_NOTE && c->now->no_timer > 0 &&
	    (f = find(c, NOTE, c->now->no_timer))) {
		WRITE(f->subject, "keepalive");
		WRITE(f->summary, "%s of %s in ESTABLISHED have no timer",
		    number(c, c->now->no_timer), number(c, established));
		WRITE(f->why,
		    "while they are idle, they never notice that a peer is "
		    "gone; how many are dead cannot be known");
		WRITE(f->remedy, "SO_KEEPALIVE with TCP_KEEPIDLE");
		WRITE(f->no_remedy,
		    "tcp_keepalive_time alone: it does nothing without "
		    "SO_KEEPALIVE");
		WRITE(f->next,
		    "tcpstate --state=established -b timer,process --top=10");
		prove(f, "no_timer", c->now->no_timer);
		prove(f, "established", established);
	}
	groups_free(&groups);
}

static bool
slow(const struct checkup *c, const struct socket *socket,
    struct member *member)
{
	const struct conn *conn = &socket->conn;

	member->key = peer_key(c, conn);
	member->amount = conn->send_q;
	return (conn->state == TCP_ESTABLISHED ||
		   conn->state == TCP_CLOSE_WAIT) &&
	    conn->timer == TIMER_PERSIST && !is_gone(conn);
}

void
check_zero_window(struct checkup *c)
{
	struct groups groups;
	uint64_t bytes = 0;
	struct finding *f;

	group_sockets(c, slow, &c->now->sockets, &groups);
	measure(c, groups.total, NO_LIMIT_KNOWN);
	for (size_t i = 0; i < groups.n; i++)
		bytes += groups.group[i]->amount;
	if (groups.total >= SLOW_NOTE && (f = find(c, NOTE, groups.total))) {
		WRITE(f->subject, "zero windows");
		WRITE(f->summary,
		    "%s connections wait for peers that are alive but do not "
		    "read",
		    number(c, groups.total));
		name_peers(c, f, &groups);
		WRITE(f->why, "%s KiB wait here to be sent to them",
		    number(c, (bytes + 1023) / 1024));
		WRITE(f->remedy,
		    "check why the peers do not read; give the program a send "
		    "timeout");
		next_peers(c, f, "established,close-wait", &groups);
		prove(f, "zero_windows", groups.total);
		prove(f, "bytes", bytes);
	}
	groups_free(&groups);
}
