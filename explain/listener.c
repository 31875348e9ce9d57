/*
 * What the checks know of listeners: which sockets arrived at them, and their
 * accept queues.
 */
#include "explain/check.h"

static struct group_key
local_end(const struct conn *conn)
{
	return (struct group_key){.laddr = conn->laddr, .lport = conn->lport};
}

bool
listener_key(
    const struct checkup *c, const struct conn *conn, struct group_key *key)
{
	bool found;

	*key = local_end(conn);
	found = dict_find(&c->queues, key);
	while (!found && conn_widen(&key->laddr))
		found = dict_find(&c->queues, key);
	return found;
}

uint64_t
new_drops(const struct checkup *c, const struct conn *conn)
{
	const struct earlier *then = find_earlier(c, conn);

	return then && then->drops != CONN_UNKNOWN &&
		conn->drops != CONN_UNKNOWN && conn->drops > then->drops
	    ? conn->drops - then->drops
	    : 0;
}

/*
 * A listener on the wildcard address is selected by any local address: sockets
 * may arrive there.
 */
bool
is_selected(const struct checkup *c, const struct conn *conn)
{
	struct filter filter = *c->now->filter;
	struct in6_addr any = conn_map_ipv4(INADDR_ANY);

	if (IN6_IS_ADDR_UNSPECIFIED(&conn->laddr) ||
	    IN6_ARE_ADDR_EQUAL(&conn->laddr, &any)) {
		filter.addr[END_LOCAL].n = 0;
		filter.addr[END_EITHER].n = 0;
	}
	return filter_match_listener(&filter, conn);
}

/* Adds a listener of the last snapshot to the queue of its local end. */
static bool
add_listener(struct checkup *c, const struct conn *conn)
{
	const struct group_key key = local_end(conn);
	struct queue *q = dict_reach(&c->queues, &key);

	if (!q)
		return false;
	q->listeners++;
	q->limit_unknown |= conn->send_q == CONN_UNKNOWN;
	q->limit += conn->send_q;
	q->drops += new_drops(c, conn);
	q->selected |= is_selected(c, conn);
	return true;
}

bool
add_listeners(struct checkup *c)
{
	dict_init(&c->queues, sizeof(struct group_key), sizeof(struct queue));
	for (size_t i = 0; i < c->now->listeners.n; i++)
		if (!add_listener(c, &c->now->listeners.socket[i].conn))
			return false;
	return true;
}

struct queue
queue_of(const struct checkup *c, const struct group_key *key)
{
	const struct queue *q = dict_find(&c->queues, key);

	return q ? *q : (struct queue){.limit_unknown = true};
}

bool
all_selected(const struct checkup *c)
{
	for (size_t i = 0; i < c->queues.n; i++)
		if (!((const struct queue *)dict_record(&c->queues, i))
			 ->selected)
			return false;
	return true;
}

bool
by_listener(const struct checkup *c, const struct socket *socket,
    struct member *member)
{
	(void)c;
	member->key = local_end(&socket->conn);
	return true;
}

const char *
name_listener(
    struct checkup *c, struct finding *f, const struct group_key *key)
{
	blame(c, f, by_listener, &c->now->listeners, key);
	WRITE(f->subject, "%s", end_text(c, &key->laddr, key->lport));
	return joined_text(c, f->subject, culprits(c, f));
}
