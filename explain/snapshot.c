/*
 * Counts the sockets of a snapshot, and keeps those that checks look at.
 */
#include "explain/snapshot.h"

#include "lib/array.h"

#include <stdlib.h>
#include <string.h>

static void
keep(struct snapshot *s, struct sockets *sockets, const struct conn *conn)
{
	struct socket *socket = array_reserve(sockets->socket, &sockets->size,
	    sockets->n + 1, sizeof(*sockets->socket));

	if (!socket) {
		s->no_memory = true;
		return;
	}
	sockets->socket = socket;
	sockets->socket[sockets->n++] = (struct socket){.conn = *conn};
}

struct port_range
snapshot_port_range(const struct limits *limits)
{
	uint64_t low = limits->value[IP_LOCAL_PORT_LOW];
	uint64_t high = limits->value[IP_LOCAL_PORT_HIGH];

	if (!limits->known[IP_LOCAL_PORT_LOW] ||
	    !limits->known[IP_LOCAL_PORT_HIGH] || low > high ||
	    high > UINT16_MAX)
		return PORT_RANGE_DEFAULT;
	return (struct port_range){(uint16_t)low, (uint16_t)high};
}

uint64_t
snapshot_usable_ports(const struct snapshot *s)
{
	struct port_range range = snapshot_port_range(&s->limits);
	uint64_t n = 0;

	if (!s->limits.known[IP_LOCAL_PORT_LOW])
		return 0;
	for (unsigned p = range.low; p <= range.high; p++)
		n += !port_is_set(s->listening, (uint16_t)p) &&
		    !port_is_set(s->bound, (uint16_t)p) &&
		    !(s->limits.reserved &&
			port_is_set(s->limits.reserved, (uint16_t)p));
	return n;
}

/*
 * Whether a socket may be outgoing, as long as not all listeners are known:
 * its local port is ephemeral, or its remote port is not.
 */
static bool
may_be_outgoing(const struct snapshot *s, const struct conn *conn)
{
	struct port_range range = snapshot_port_range(&s->limits);

	return port_in_range(&range, conn->lport) ||
	    !port_in_range(&range, conn->rport);
}

bool
snapshot_is_suspect(const struct conn *conn)
{
	if (conn->state == TCP_TIME_WAIT)
		return false;
	return conn->state != TCP_ESTABLISHED || conn->inode == 0 ||
	    conn->recv_q > 0 || conn->send_q > 0 || conn->retrans > 0;
}

void
snapshot_visit_listener(const struct conn *conn, void *ctx)
{
	struct snapshot *s = ctx;

	if (conn->state != TCP_LISTEN) {
		port_set_bit(s->bound, conn->lport);
		return;
	}
	port_set_bit(s->listening, conn->lport);
	keep(s, &s->listeners, conn);
	if (filter_match(s->filter, conn)) {
		s->rows++;
		s->count[TCP_LISTEN]++;
	}
}

void
snapshot_visit(const struct conn *conn, void *ctx)
{
	struct snapshot *s = ctx;
	unsigned slot = state_slot(conn->state);

	if (conn->state == TCP_LISTEN) {
		snapshot_visit_listener(conn, ctx);
		return;
	}
	if (!filter_match(s->filter, conn))
		return;
	s->rows++;
	s->count[slot]++;
	if (conn->state == TCP_ESTABLISHED && conn->timer == TIMER_NONE)
		s->no_timer++;
	if (s->first ? snapshot_is_suspect(conn)
		     : snapshot_is_suspect(conn) || may_be_outgoing(s, conn))
		keep(s, &s->sockets, conn);
	else
		s->incoming[slot]++;
}

bool
snapshot_is_outgoing(const struct snapshot *s, const struct conn *conn)
{
	return may_be_outgoing(s, conn) &&
	    !port_is_set(s->listening, conn->lport);
}

/* Returns how much later now is; 0 if that is not known. */
static int64_t
difference(int64_t before, int64_t now)
{
	return before > 0 && now > before ? now - before : 0;
}

int64_t
snapshot_interval(const struct snapshot *before, const struct snapshot *now)
{
	if (!now->copy)
		return now->moment - before->moment;
	return before->uptime > 0 && now->uptime > 0
	    ? difference(before->uptime, now->uptime)
	    : difference(before->written, now->written);
}

bool
snapshot_is_sock_diag(const struct snapshot *s)
{
	return strcmp(s->source, "sock_diag") == 0;
}

void
snapshot_clear(struct snapshot *s)
{
	s->rows = 0;
	memset(s->count, 0, sizeof(s->count));
	memset(s->incoming, 0, sizeof(s->incoming));
	s->no_timer = 0;
	s->listeners.n = 0;
	s->sockets.n = 0;
	memset(s->listening, 0, sizeof(s->listening));
	memset(s->bound, 0, sizeof(s->bound));
}

void
snapshot_free(struct snapshot *s)
{
	free(s->listeners.socket);
	free(s->sockets.socket);
	limits_free(&s->limits);
	descriptors_free(&s->processes);
	*s = (struct snapshot){0};
}
