/*
 * Checks of connections that were closed here or there, and do not end.
 */
#include "explain/check.h"
#include "explain/times.h"

/* Parts of the groups below. */
enum { SENT_AGAIN, WINDOW_CLOSED };

/* The thresholds, in sockets. */
enum {
	PEERS_MIN = 20,	   /* gone, or half-closed by one process */
	CLOSED_NOTE = 100, /* FIN_WAIT2 without a process */
	PERCENT = 5,	   /* of those in ESTABLISHED */
};

/* How long the kernel keeps a connection whose peer is gone. */
static double
orphan_seconds(const struct checkup *c)
{
	return (double)time_orphan(&c->now->limits) / 1000;
}

static bool
orphan(const struct checkup *c, const struct socket *socket,
    struct member *member)
{
	const struct conn *conn = &socket->conn;

	if ((conn->state != TCP_FIN_WAIT1 && conn->state != TCP_CLOSING) ||
	    conn->inode != 0)
		return false;
	member->key = peer_key(c, conn);
	member->part = is_gone(conn) ? SENT_AGAIN : WINDOW_CLOSED;
	return member->part == SENT_AGAIN ||
	    (conn->timer == TIMER_PERSIST && stays(c, conn));
}

static void
advise_orphans(struct checkup *c, struct finding *f)
{
	WRITE(f->remedy,
	    "nothing if there is enough memory; else tcp_orphan_retries=3 "
	    "(now %s; 0 means 8), or a higher tcp_max_orphans (64 KiB each at "
	    "most)",
	    value_text(c, TCP_ORPHAN_RETRIES));
	WRITE(f->no_remedy,
	    "tcp_fin_timeout (affects FIN_WAIT2 only), a lower "
	    "tcp_max_orphans "
	    "(resets connections that would have closed normally)");
}

static void
add_orphans(struct checkup *c, const struct groups *groups)
{
	bool window = groups->part[WINDOW_CLOSED] > groups->part[SENT_AGAIN];
	struct finding *f = find(c, WARNING, groups->total);

	if (!f)
		return;
	WRITE(f->subject, "FIN_WAIT1");
	WRITE(f->summary, "%s closed connections wait for peers that %s",
	    number(c, groups->total), window ? "do not read" : "are gone");
	name_peers(c, f, groups);
	if (window)
		WRITE(f->why,
		    "the peers are alive but do not read (zero window): the "
		    "kernel keeps the unsent data for minutes");
	else
		WRITE(f->why,
		    "the kernel retransmits for at least %.0f s "
		    "(tcp_orphan_retries %s), and holds the memory until then",
		    orphan_seconds(c), value_text(c, TCP_ORPHAN_RETRIES));
	advise_orphans(c, f);
	next_peers(c, f, "fin-wait1,closing", groups);
	prove(f, "gone", groups->part[SENT_AGAIN]);
	prove(f, "window_closed", groups->part[WINDOW_CLOSED]);
}

/* Judges the sockets without a process of the whole machine. */
static void
judge_orphan_limit(struct checkup *c)
{
	uint64_t n = value(c, SOCKSTAT_ORPHAN);
	uint64_t limit = value(c, TCP_MAX_ORPHANS);
	uint64_t aborted = growth(c, ABORT_ON_MEMORY);
	bool full = knows(c, TCP_MAX_ORPHANS) && reaches(n, limit, 50);
	struct finding *f;

	if (aborted == 0 &&
	    (!knows(c, TCP_MAX_ORPHANS) || !reaches(n, limit, 25)))
		return;
	f = find(c, aborted > 0 || full ? CRITICAL : WARNING, n);
	if (!f)
		return;
	WRITE(f->subject, "tcp_max_orphans");
	WRITE(f->summary, "%s sockets without a process on this machine",
	    number(c, n));
	if (knows(c, TCP_MAX_ORPHANS))
		APPEND(f->summary, ", of %s that tcp_max_orphans allows",
		    number(c, limit));
	if (aborted > 0)
		APPEND(f->summary, "; %s connections were reset in %s",
		    number(c, aborted), interval_text(c));
	WRITE(f->why,
	    "those whose peers do not answer count up to four times; over the "
	    "limit, or with memory short, the kernel resets them");
	advise_orphans(c, f);
	WRITE(f->next, "tcpstate --state=fin-wait1,closing,last-ack -b raddr");
	prove(f, "orphans", n);
	if (knows(c, TCP_MAX_ORPHANS))
		prove(f, "limit", limit);
	prove(f, "aborted", aborted);
}

void
check_orphans(struct checkup *c)
{
	struct groups groups;

	group_sockets(c, orphan, &c->now->sockets, &groups);
	if (needs(c, SOCKSTAT_ORPHAN) && needs(c, TCP_MAX_ORPHANS))
		measure(
		    c, value(c, SOCKSTAT_ORPHAN), value(c, TCP_MAX_ORPHANS));
	judge_orphan_limit(c);
	if (groups.total >= PEERS_MIN &&
	    reaches(groups.total, c->now->count[TCP_ESTABLISHED], PERCENT))
		add_orphans(c, &groups);
	groups_free(&groups);
}

static bool
half_closed(const struct checkup *c, const struct socket *socket,
    struct member *member)
{
	const struct conn *conn = &socket->conn;

	member->key.pid = socket->owner.pid;
	return conn->state == TCP_FIN_WAIT2 && conn->inode != 0 &&
	    (!c->before || stays(c, conn));
}

static bool
closed_here(const struct checkup *c, const struct socket *socket,
    struct member *member)
{
	member->key = peer_key(c, &socket->conn);
	return socket->conn.state == TCP_FIN_WAIT2 && socket->conn.inode == 0;
}

static void
add_half_closed(
    struct checkup *c, const struct groups *groups, const struct group *g)
{
	bool known = owner_known(c, group_key(groups, g));
	struct finding *f = find(c, known ? if_stays(c, WARNING) : NOTE, g->n);

	if (!f)
		return;
	WRITE(f->summary, "%s: %s half-closed connections stay in FIN_WAIT2",
	    name_process(c, f, half_closed, group_key(groups, g)),
	    number(c, g->n));
	append_doubt(c, f);
	WRITE(f->why,
	    "the program called shutdown() but not close(), and the peer has "
	    "not closed; no timer runs before close(), so this never ends");
	WRITE(f->remedy,
	    "have the program close(), or time out; a half-close may be "
	    "intended, to mark the end of a request");
	WRITE(f->no_remedy, "tcp_fin_timeout (only after close())");
	WRITE(f->next, "tcpstate --state=fin-wait2 -b process,raddr --top=10");
	prove(f, "sockets", g->n);
}

static void
add_closed_here(struct checkup *c, const struct groups *groups)
{
	struct finding *f = find(c, NOTE, groups->total);

	if (!f)
		return;
	WRITE(f->subject, "FIN_WAIT2");
	WRITE(f->summary,
	    "%s connections were closed here, and the peers do not close",
	    number(c, groups->total));
	name_peers(c, f, groups);
	WRITE(f->why, "they end by themselves after tcp_fin_timeout (%s s)",
	    value_text(c, TCP_FIN_TIMEOUT));
	WRITE(f->remedy,
	    "nothing; tcp_fin_timeout 15 to 30 shortens it, which affects "
	    "only this state");
	WRITE(
	    f->no_remedy, "tcp_fin_timeout to shorten TIME_WAIT (no effect)");
	next_peers(c, f, "fin-wait2", groups);
	prove(f, "sockets", groups->total);
}

void
check_fin_wait2(struct checkup *c)
{
	struct groups owned, orphaned;

	group_sockets(c, half_closed, &c->now->sockets, &owned);
	group_sockets(c, closed_here, &c->now->sockets, &orphaned);
	measure(c, owned.total, NO_LIMIT_KNOWN);
	for (size_t i = 0; i < owned.n; i++) {
		if (owned.group[i]->n >= PEERS_MIN)
			add_half_closed(c, &owned, owned.group[i]);
		/* Too few, but perhaps of one process with others. */
		else if (owned.total >= PEERS_MIN)
			owner_known(c, group_key(&owned, owned.group[i]));
	}
	if (orphaned.total >= CLOSED_NOTE)
		add_closed_here(c, &orphaned);
	groups_free(&owned);
	groups_free(&orphaned);
}

static bool
last_ack(const struct checkup *c, const struct socket *socket,
    struct member *member)
{
	member->key = peer_key(c, &socket->conn);
	return socket->conn.state == TCP_LAST_ACK && is_gone(&socket->conn);
}

void
check_last_ack(struct checkup *c)
{
	struct groups groups;
	struct finding *f;

	group_sockets(c, last_ack, &c->now->sockets, &groups);
	measure(c, groups.total, NO_LIMIT_KNOWN);
	if (groups.total >= PEERS_MIN &&
	    reaches(groups.total, c->now->count[TCP_ESTABLISHED], PERCENT) &&
	    (f = find(c, WARNING, groups.total))) {
		WRITE(f->subject, "LAST_ACK");
		WRITE(f->summary,
		    "%s connections wait in LAST_ACK for peers "
		    "that closed and are gone",
		    number(c, groups.total));
		name_peers(c, f, &groups);
		WRITE(f->why,
		    "the kernel retransmits its FIN for at least %.0f s "
		    "(tcp_orphan_retries %s)",
		    orphan_seconds(c), value_text(c, TCP_ORPHAN_RETRIES));
		advise_orphans(c, f);
		next_peers(c, f, "last-ack", &groups);
		prove(f, "last_ack", groups.total);
	}
	groups_free(&groups);
}
