/*
 * Checks of connections that are half-open: SYN floods, SYN cookies, and
 * deferred accepting.
 */
#include "explain/check.h"

/* Parts of a listener's sockets in SYN_RECV. */
enum { ANSWERED_ONCE, ANSWERED_AGAIN };

/* The thresholds, in sockets of one listener. */
enum { UNANSWERED_MIN = 100, SILENT_MIN = 10 };

static bool
half_open(const struct checkup *c, const struct socket *socket,
    struct member *member)
{
	const struct conn *conn = &socket->conn;

	member->part = conn->retrans > 0 ? ANSWERED_AGAIN : ANSWERED_ONCE;
	return conn->state == TCP_SYN_RECV &&
	    listener_key(c, conn, &member->key);
}

/*
 * Sockets in SYN_RECV that deferred accepting keeps: the handshake is
 * complete, so that nothing is sent again, and the kernel counts the ACKs it
 * ignored. /proc counts timeouts instead of what was sent again.
 */
static bool
deferred(const struct checkup *c, const struct socket *socket,
    struct member *member)
{
	const struct conn *conn = &socket->conn;

	return conn->state == TCP_SYN_RECV && stays(c, conn) &&
	    (!snapshot_is_sock_diag(c->now) || conn->retrans == 0) &&
	    listener_key(c, conn, &member->key);
}

/* Whether the counters allow that so many connections are deferred. */
static bool
may_be_deferred(const struct checkup *c, uint64_t n)
{
	if (snapshot_is_sock_diag(c->now))
		return value(c, DEFER_ACCEPT_DROP) > 0;
	return value(c, DEFER_ACCEPT_DROP) >= n && value(c, SYN_RETRANS) < n;
}

static void
advise_flood(struct checkup *c, struct finding *f)
{
	WRITE(f->remedy,
	    "%s; raise the listener's backlog and somaxconn (%s), and have it "
	    "call listen() again; lower tcp_synack_retries; filter upstream",
	    value_or(c, TCP_SYNCOOKIES, 1) == 1
		? "keep tcp_syncookies 1"
		: "sysctl net.ipv4.tcp_syncookies=1",
	    value_text(c, CORE_SOMAXCONN));
	WRITE(f->no_remedy,
	    "tcp_syncookies 2 (for tests); tcp_max_syn_backlog alone (with "
	    "cookies it has no effect)");
	WRITE(f->next, "tcpstate --state=syn-recv -b lport,rnet --top=10");
	prove(f, "syncookies_sent", growth(c, SYNCOOKIES_SENT));
	prove(f, "syncookies_received", growth(c, SYNCOOKIES_RECV));
	prove(f, "requests_dropped", growth(c, REQQ_FULL_DROP));
	prove(f, "syn_recv", c->now->count[TCP_SYN_RECV]);
}

/*
 * Adds that a SYN queue is full, and SYNs are answered by cookies or dropped;
 * n is how many.  The listener and its group may not be known.
 */
static void
add_flood(struct checkup *c, enum severity severity, uint64_t n,
    const struct group_key *key, const struct group *g)
{
	bool cookies = growth(c, SYNCOOKIES_SENT) > 0;
	struct finding *f = find(c, severity, n);

	if (!f)
		return;
	/* With 2, there are cookies even if the queue is not full. */
	WRITE(f->summary, "%s: %s",
	    key ? name_listener(c, f, key) : "an unknown listener",
	    value(c, TCP_SYNCOOKIES) == 2 ? "cookies are not answered"
					  : "the SYN queue is full");
	if (!key)
		WRITE(f->subject, "an unknown listener");
	if (g)
		APPEND(f->summary, " (%s half-open)", number(c, g->n));
	if (cookies)
		APPEND(f->summary, "; %s sent in %s, %s came back",
		    count_text(c, n, "SYN cookie"), interval_text(c),
		    number(c, growth(c, SYNCOOKIES_RECV)));
	else
		APPEND(f->summary, "; %s dropped in %s",
		    count_text(c, n, "connection request"), interval_text(c));
	WRITE(f->why, "%s",
	    cookies
		? "clients still connect, but without timestamps they lose "
		  "window scaling and SACK"
		: "without SYN cookies, clients cannot connect while the SYN "
		  "queue is full");
	advise_flood(c, f);
}

/* The unanswered peers of a listener, by their networks: a /24 or a /48. */
static bool
by_network(const struct checkup *c, const struct socket *socket,
    struct member *member)
{
	if (!half_open(c, socket, member) || member->part != ANSWERED_AGAIN)
		return false;
	member->key.raddr = socket->conn.raddr;
	memset(member->key.raddr.s6_addr +
		(conn_is_ipv4(&socket->conn.raddr) ? 15 : 6),
	    0, conn_is_ipv4(&socket->conn.raddr) ? 1 : 10);
	return true;
}

/* The network of nearly all unanswered peers of a listener; "" if none is. */
static const char *
network_text(struct checkup *c, const struct group_key *key, uint64_t silent)
{
	struct groups networks;
	const char *text = "";

	group_sockets(c, by_network, &c->now->sockets, &networks);
	for (size_t i = 0; i < networks.n; i++) {
		const struct group_key *network =
		    group_key(&networks, networks.group[i]);

		if (network->lport == key->lport &&
		    memcmp(&network->laddr, &key->laddr, sizeof(key->laddr)) ==
			0 &&
		    reaches(networks.group[i]->n, silent, 90))
			text = addr_text(c, &network->raddr);
	}
	groups_free(&networks);
	return text;
}

/* Adds that most peers of a listener do not answer SYN-ACKs. */
static void
add_unanswered(
    struct checkup *c, const struct group *g, const struct group_key *key)
{
	uint64_t silent = g->part[ANSWERED_AGAIN];
	struct finding *f = find(c, WARNING, silent);
	const char *network;

	if (!f)
		return;
	network = network_text(c, key, silent);
	WRITE(f->summary, "%s: %s of %s half-open peers do not answer",
	    name_listener(c, f, key), number(c, silent), number(c, g->n));
	if (*network != '\0')
		APPEND(f->summary, ", most of them in %s%s", network,
		    strchr(network, ':') ? "/48" : "/24");
	WRITE(f->why, "%s",
	    *network != '\0' ? "the return path to that network may be "
			       "broken: a route or a firewall"
			     : "a SYN flood with forged addresses, or no "
			       "return path to the peers");
	advise_flood(c, f);
	if (*network != '\0')
		WRITE(f->remedy,
		    "check the return path: ip route get %s, the firewalls; "
		    "if it is a flood, keep tcp_syncookies 1",
		    network);
	prove(f, "unanswered", silent);
}

uint64_t
requests_dropped(const struct checkup *c)
{
	uint64_t drops = growth(c, LISTEN_DROPS);
	uint64_t overflows = growth(c, LISTEN_OVERFLOWS);
	uint64_t full = growth(c, REQQ_FULL_DROP);

	if (full > 0)
		return full;
	/* The counters are read one after the other: allow for 10 %. */
	return drops > overflows && (drops - overflows) * 10 > drops
	    ? drops - overflows
	    : 0;
}

/*
 * Whether the half-open connections of a listener fill its SYN queue: nearly
 * its backlog or, without cookies, 3/4 of tcp_max_syn_backlog.  /proc does not
 * show the backlog; there, deferred connections look like unanswered ones.
 */
static bool
fills_queue(const struct checkup *c, const struct group *g, struct queue q)
{
	uint64_t syn_backlog = value(c, TCP_MAX_SYN_BACKLOG);

	if (q.limit_unknown)
		return g->part[ANSWERED_AGAIN] * 2 >= g->n &&
		    value(c, DEFER_ACCEPT_DROP) == 0;
	return reaches(g->n, q.limit + 1, 90) ||
	    (knows(c, TCP_SYNCOOKIES) && value(c, TCP_SYNCOOKIES) == 0 &&
		syn_backlog > 0 && reaches(g->n, syn_backlog * 3 / 4, 90));
}

/* Adds a flood of each listener whose SYN queue is full; n is of all. */
static void
add_floods(struct checkup *c, enum severity severity, uint64_t n,
    const struct groups *half_open)
{
	bool attributed = false;

	for (size_t i = 0; i < half_open->n; i++) {
		const struct group *g = half_open->group[i];
		const struct group_key *key = group_key(half_open, g);
		struct queue q = queue_of(c, key);
		bool dropped = severity == CRITICAL && !q.limit_unknown;

		if (!fills_queue(c, g, q) || (dropped && q.drops == 0))
			continue;
		attributed = true;
		if (q.selected)
			add_flood(c, severity, dropped ? q.drops : n, key, g);
	}
	/* It may be that of a listener that the filter leaves out. */
	if (!attributed)
		add_flood(c, all_selected(c) ? severity : NOTE, n, NULL, NULL);
}

/* Judges counters that grew; false if they do not show a full SYN queue. */
static bool
judge_counters(struct checkup *c, const struct groups *half_open)
{
	uint64_t sent = growth(c, SYNCOOKIES_SENT);
	uint64_t back = growth(c, SYNCOOKIES_RECV);
	uint64_t dropped = requests_dropped(c);

	/* Of an unknown setting, drops show that there are no cookies. */
	if (dropped > 0 && value(c, TCP_SYNCOOKIES) == 0)
		add_floods(c, CRITICAL, dropped, half_open);
	else if (sent > 2 * back && value_or(c, TCP_SYNCOOKIES, 1) != 0)
		add_floods(c, WARNING, sent, half_open);
	else
		return false;
	return true;
}

/* Adds listeners of which many peers do not answer. */
static void
judge_unanswered(struct checkup *c, const struct groups *half_open)
{
	for (size_t i = 0; i < half_open->n; i++) {
		const struct group *g = half_open->group[i];

		if (g->part[ANSWERED_AGAIN] >= UNANSWERED_MIN &&
		    (snapshot_is_sock_diag(c->now) ||
			!may_be_deferred(c, g->n)))
			add_unanswered(c, g, group_key(half_open, g));
	}
}

void
check_syn_flood(struct checkup *c)
{
	struct groups groups;

	if (!needs(c, LISTEN_DROPS))
		return;
	group_sockets(c, half_open, &c->now->sockets, &groups);
	if (groups.n > 0) {
		struct queue q =
		    queue_of(c, group_key(&groups, groups.group[0]));

		measure(c, groups.group[0]->n,
		    q.limit_unknown ? NO_LIMIT_KNOWN : q.limit + 1);
	} else {
		measure(c, 0, NO_LIMIT_KNOWN);
	}
	if (!judge_counters(c, &groups))
		judge_unanswered(c, &groups);
	groups_free(&groups);
}

void
check_backlog_small(struct checkup *c)
{
	uint64_t sent = growth(c, SYNCOOKIES_SENT);
	uint64_t back = growth(c, SYNCOOKIES_RECV);
	struct finding *f;

	if (!needs(c, SYNCOOKIES_SENT))
		return;
	measure(c, sent, NO_LIMIT_KNOWN);
	/* With 2 all connections get cookies, also in peace. */
	if (sent == 0 || sent > 2 * back || value(c, TCP_SYNCOOKIES) == 2)
		return;
	f = find(c, NOTE, sent);
	if (!f)
		return;
	WRITE(f->subject, "SYN cookies");
	WRITE(f->summary,
	    "%s SYN cookies were sent in %s, and %s came back: genuine "
	    "clients, and a backlog that is too small",
	    number(c, sent), interval_text(c), number(c, back));
	WRITE(f->why,
	    "the SYN queue holds as many as the listener's backlog, and is "
	    "full at times");
	WRITE(f->remedy,
	    "a larger backlog in listen(), and somaxconn (%s) not below it",
	    value_text(c, CORE_SOMAXCONN));
	WRITE(f->next, "tcpstate -l");
	prove(f, "syncookies_sent", sent);
	prove(f, "syncookies_received", back);
}

static void
add_deferred(
    struct checkup *c, const struct group *g, const struct group_key *key)
{
	struct queue q = queue_of(c, key);
	bool many = !q.limit_unknown && g->n * 2 >= q.limit;
	struct finding *f = find(c, many ? WARNING : NOTE, g->n);

	if (!f)
		return;
	WRITE(f->summary, "%s: %s clients connected and have sent nothing yet",
	    name_listener(c, f, key), number(c, g->n));
	WRITE(f->why, "%s",
	    many ? "they take half of the SYN queue; when it is full, the "
		   "kernel sends cookies, and nothing is deferred"
		 : "the listener has TCP_DEFER_ACCEPT: it accepts when data "
		   "arrives, or after a while; browsers' preconnects, health "
		   "checks and scanners send none");
	WRITE(f->remedy,
	    "nothing, or a shorter time in TCP_DEFER_ACCEPT (nginx: deferred, "
	    "Apache: AcceptFilter)");
	WRITE(f->no_remedy, "measures against SYN floods: this is not one");
	WRITE(f->next, "tcpstate --state=syn-recv --lport=%u -b rnet",
	    key->lport);
	prove(f, "silent", g->n);
	if (!q.limit_unknown)
		prove(f, "backlog", q.limit);
}

void
check_defer_accept(struct checkup *c)
{
	struct groups groups;

	if (!needs(c, DEFER_ACCEPT_DROP))
		return;
	group_sockets(c, deferred, &c->now->sockets, &groups);
	measure(c, groups.n > 0 ? groups.group[0]->n : 0, NO_LIMIT_KNOWN);
	for (size_t i = 0; i < groups.n; i++)
		if (groups.group[i]->n >= SILENT_MIN &&
		    may_be_deferred(c, groups.group[i]->n))
			add_deferred(c, groups.group[i],
			    group_key(&groups, groups.group[i]));
	groups_free(&groups);
}
