/*
 * Checks of local ports and of TIME_WAIT, which keeps them.
 */
#include "explain/check.h"

/* Parts of a destination's sockets. */
enum { IN_TIME_WAIT, IN_ESTABLISHED, IN_OTHER };

/* TIME_WAIT lasts so many milliseconds (include/net/tcp.h). */
enum { TIMEWAIT_LENGTH = 60 * 1000 };

/* Fewer ports than that are not worth a finding. */
enum { PORTS_MIN = 50 };

/*
 * Whether connect() may take the port of a socket in TIME_WAIT again: with
 * tcp_tw_reuse and timestamps, after tcp_tw_reuse_delay, which was a second
 * before it could be set (net/ipv4/tcp_ipv4.c, tcp_twsk_unique).
 */
static bool
can_be_reused(const struct checkup *c, const struct conn *conn)
{
	uint64_t reuse = value_or(c, TCP_TW_REUSE, 2);
	uint64_t delay = value_or(c, TCP_TW_REUSE_DELAY, 1000);

	if (conn->state != TCP_TIME_WAIT ||
	    value_or(c, TCP_TIMESTAMPS, 1) == 0)
		return false;
	if (reuse == 2)
		reuse = is_loopback(&conn->laddr) || is_loopback(&conn->raddr);
	return reuse == 1 && conn->expires + delay < TIMEWAIT_LENGTH;
}

/* Whether a socket takes a local port for a connection from here. */
static bool
takes_port(const struct checkup *c, const struct conn *conn)
{
	struct port_range range = snapshot_port_range(&c->now->limits);

	return conn->state != TCP_SYN_RECV && conn->state != TCP_CLOSE &&
	    port_in_range(&range, conn->lport) &&
	    !port_is_set(c->now->listening, conn->lport);
}

/*
 * A port is taken for a pair of addresses and a remote port; another
 * destination may share it.
 */
static bool
by_destination(const struct checkup *c, const struct socket *socket,
    struct member *member)
{
	const struct conn *conn = &socket->conn;

	member->key = (struct group_key){
	    .laddr = conn->laddr, .raddr = conn->raddr, .rport = conn->rport};
	member->part = conn->state == TCP_TIME_WAIT ? IN_TIME_WAIT
	    : conn->state == TCP_ESTABLISHED	    ? IN_ESTABLISHED
						    : IN_OTHER;
	return takes_port(c, conn);
}

/* The same of ports that connect() cannot take again. */
static bool
by_blocked_destination(const struct checkup *c, const struct socket *socket,
    struct member *member)
{
	return !can_be_reused(c, &socket->conn) &&
	    by_destination(c, socket, member);
}

static void
write_range(struct checkup *c, struct finding *f, const char *why)
{
	struct port_range range = snapshot_port_range(&c->now->limits);
	double opened = per_second(c, growth(c, ACTIVE_OPENS));
	uint64_t excluded =
	    range.high - range.low + 1u - snapshot_usable_ports(c->now);

	WRITE(f->why, "%s; ip_local_port_range is %u to %u", why, range.low,
	    range.high);
	if (excluded > 0)
		APPEND(f->why,
		    ", less %s that are reserved, bound or listened on",
		    number(c, excluded));
	if (opened * 60 > (double)snapshot_usable_ports(c->now))
		APPEND(f->why, ", and %s connections a second are opened",
		    number(c, (uint64_t)opened));
}

static void
advise_time_wait(
    struct checkup *c, struct finding *f, const struct group_key *key)
{
	bool timestamps = value_or(c, TCP_TIMESTAMPS, 1) != 0;

	WRITE(f->remedy,
	    "keep connections open (a pool, keep-alive)%s; a wider "
	    "ip_local_port_range or more addresses at either end help too",
	    !timestamps ? "; until then sysctl net.ipv4.tcp_timestamps=1 "
			  "net.ipv4.tcp_tw_reuse=1"
		: value(c, TCP_TW_REUSE) == 1
		? ""
		: "; until then sysctl net.ipv4.tcp_tw_reuse=1");
	WRITE(f->no_remedy,
	    "tcp_fin_timeout (TIME_WAIT is 60 s whatever it says), "
	    "tcp_tw_recycle (gone since 4.12), a lower tcp_max_tw_buckets, "
	    "SO_LINGER 0 (loses data)");
	WRITE(f->next, "tcpstate --state=time-wait --raddr=%s -b laddr,dst",
	    addr_text(c, &key->raddr));
}

static void
advise_open(struct checkup *c, struct finding *f, const struct group_key *key)
{
	WRITE(f->remedy,
	    "have %s share connections, and close those that are not in use "
	    "(does a pool leak?); until then a wider ip_local_port_range or "
	    "more addresses at either end",
	    f->nprocesses > 0 ? culprits(c, f) : "the program");
	WRITE(f->no_remedy, "tcp_tw_reuse, tcp_fin_timeout: these are open");
	WRITE(f->next, "tcpstate --raddr=%s --rport=%u -b process",
	    addr_text(c, &key->raddr), key->rport);
}

static void
add_destination(struct checkup *c, const struct group *g,
    const struct group_key *key, uint64_t usable)
{
	struct finding *f =
	    find(c, reaches(g->n, usable, 90) ? CRITICAL : WARNING, g->n);
	bool waiting = g->part[IN_TIME_WAIT] * 2 >= g->n;

	if (!f)
		return;
	WRITE(f->subject, "%s -> %s", addr_text(c, &key->laddr),
	    end_text(c, &key->raddr, key->rport));
	WRITE(f->summary, "%s has used %s of %s local ports (%s in %s)",
	    f->subject, number(c, g->n), number(c, usable),
	    number(c, g->part[waiting ? IN_TIME_WAIT : IN_ESTABLISHED]),
	    waiting ? "TIME_WAIT" : "ESTABLISHED");
	prove(f, "used", g->n);
	prove(f, "usable", usable);
	prove(f, "time_wait", g->part[IN_TIME_WAIT]);
	prove(f, "established", g->part[IN_ESTABLISHED]);
	if (!waiting)
		blame(c, f, by_blocked_destination, &c->now->sockets, key);
	write_range(c, f,
	    f->severity == CRITICAL
		? "connect() fails with EADDRNOTAVAIL when none is left, and "
		  "is slow long before that"
		: "once half of the ports are taken, each connect() spends "
		  "milliseconds searching for a free one; with none left, it "
		  "fails with "
		  "EADDRNOTAVAIL");
	(waiting ? advise_time_wait : advise_open)(c, f, key);
}

/* All sockets from here in one group, which shows if they share ports. */
struct all_ports {
	uint64_t sockets, ports;
};

static struct all_ports
count_ports(const struct checkup *c)
{
	uint64_t taken[PORT_WORDS] = {0};
	struct all_ports all = {0};

	for (size_t i = 0; i < c->now->sockets.n; i++) {
		const struct conn *conn = &c->now->sockets.socket[i].conn;

		if (!takes_port(c, conn))
			continue;
		all.sockets++;
		all.ports += !port_is_set(taken, conn->lport);
		port_set_bit(taken, conn->lport);
	}
	return all;
}

static void
add_bound(struct checkup *c, const struct all_ports *all, uint64_t usable,
    size_t destinations)
{
	struct finding *f = find(c, CRITICAL, all->ports);

	measure(c, all->ports, usable);
	if (!f)
		return;
	WRITE(f->subject, "bound ports");
	WRITE(f->summary,
	    "%s connections to %s destinations have used %s of %s local "
	    "ports, each a port of its own",
	    number(c, all->sockets), number(c, destinations),
	    number(c, all->ports), number(c, usable));
	write_range(c, f,
	    "the ports were bound before connect(), so that destinations "
	    "cannot share them; bind() fails with EADDRINUSE when none is "
	    "left");
	WRITE(f->remedy,
	    "set IP_BIND_ADDRESS_NO_PORT before bind(), or do not bind at "
	    "all");
	WRITE(f->no_remedy,
	    "tcp_tw_reuse (it is for ports that connect() chooses), "
	    "tcp_fin_timeout");
	WRITE(f->next, "tcpstate -b process,dst --top=10");
	prove(f, "used", all->ports);
	prove(f, "usable", usable);
	prove(f, "sockets", all->sockets);
	prove(f, "destinations", destinations);
}

/*
 * Ports that are bound before connect() are not shared among destinations.
 * connect() alone shares them long before all are taken, unless nearly all are
 * of one destination.
 */
static void
check_bound(struct checkup *c, uint64_t usable)
{
	struct all_ports all = count_ports(c);
	struct groups groups;

	if (all.ports < PORTS_MIN || !reaches(all.ports, usable, 90) ||
	    all.sockets * 100 > all.ports * 105)
		return;
	group_sockets(c, by_destination, &c->now->sockets, &groups);
	if (groups.n > 1 && !reaches(groups.group[0]->n, usable, 50))
		add_bound(c, &all, usable, groups.n);
	groups_free(&groups);
}

void
check_ephemeral_ports(struct checkup *c)
{
	uint64_t usable = snapshot_usable_ports(c->now);
	struct groups groups;

	if (!needs(c, IP_LOCAL_PORT_LOW))
		return;
	group_sockets(c, by_blocked_destination, &c->now->sockets, &groups);
	measure(c, groups.n > 0 ? groups.group[0]->n : 0, usable);
	/* Bound ports make fewer usable. */
	if (groups.n > 0 && reaches(groups.group[0]->n, usable, 40))
		c->diagnosis->needs_details |= !c->now->has_details;
	for (size_t i = 0; i < groups.n; i++)
		if (groups.group[i]->n >= PORTS_MIN &&
		    reaches(groups.group[i]->n, usable, 50))
			add_destination(c, groups.group[i],
			    group_key(&groups, groups.group[i]), usable);
	groups_free(&groups);
	check_bound(c, usable);
}

/* Bytes of an entry in TIME_WAIT (slab tw_sock_TCP). */
enum { TIMEWAIT_SIZE = 256 };

static void
add_time_wait(struct checkup *c, enum severity severity, uint64_t tw,
    uint64_t limit, uint64_t lost)
{
	struct finding *f = find(c, severity, tw);

	if (!f)
		return;
	WRITE(f->subject, "tcp_max_tw_buckets");
	if (lost > 0)
		WRITE(f->summary,
		    "%s connections %sskipped TIME_WAIT: tcp_max_tw_buckets "
		    "allows %s, and there are %s",
		    number(c, lost),
		    severity == NOTE ? "since the start have " : "",
		    number(c, limit), number(c, tw));
	else
		WRITE(f->summary,
		    "%s entries are in use; tcp_max_tw_buckets allows %s",
		    number(c, tw), number(c, limit));
	WRITE(f->why,
	    "without TIME_WAIT, stray packets may reach a new "
	    "connection; and FIN_WAIT2 without a process is cut off, so that "
	    "peers get a reset");
	WRITE(f->remedy,
	    "raise tcp_max_tw_buckets: %s entries take %s MiB; or keep "
	    "connections open, or let the client close first",
	    number(c, limit * 2),
	    number(c, (limit * 2 * TIMEWAIT_SIZE + 1048575) / 1048576));
	WRITE(f->no_remedy,
	    "a lower tcp_max_tw_buckets (removes the protection), "
	    "SO_LINGER 0 (loses data), tcp_fin_timeout");
	WRITE(f->next, "tcpstate -P --state=time-wait --top=10");
	prove(f, "time_wait", tw);
	prove(f, "limit", limit);
	prove(f, "overflows", value(c, TIMEWAIT_OVERFLOW));
	prove(f, "overflows_now", growth(c, TIMEWAIT_OVERFLOW));
}

void
check_time_wait_limit(struct checkup *c)
{
	uint64_t tw = value(c, SOCKSTAT_TW);
	uint64_t limit = value(c, TCP_MAX_TW_BUCKETS);
	uint64_t lost = growth(c, TIMEWAIT_OVERFLOW);

	if (!needs(c, SOCKSTAT_TW) || !needs(c, TCP_MAX_TW_BUCKETS))
		return;
	measure(c, tw, limit);
	if (lost > 0)
		add_time_wait(c, CRITICAL, tw, limit, lost);
	else if (reaches(tw, limit, 90))
		add_time_wait(c, WARNING, tw, limit, 0);
	else if (value(c, TIMEWAIT_OVERFLOW) > 0)
		add_time_wait(c, NOTE, tw, limit, value(c, TIMEWAIT_OVERFLOW));
}
