/*
 * Groups of sockets, by listener, peer or process, and how findings name them.
 */
#include "explain/check.h"

#include <stdlib.h>

/* Repetitions from which on a peer counts as gone (see is_gone()). */
enum { GONE_MIN = 3 };

/* The largest first; equal ones in the order of their keys. */
static int
compare_groups(const void *p, const void *q, void *arg)
{
	const struct group *a = *(const struct group *const *)p;
	const struct group *b = *(const struct group *const *)q;

	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	return memcmp(
	    dict_key(arg, a), dict_key(arg, b), sizeof(struct group_key));
}

static bool
add_member(struct groups *groups, const struct member *member)
{
	struct group *group = dict_reach(&groups->dict, &member->key);

	if (!group)
		return false;
	group->n++;
	group->part[member->part]++;
	group->amount += member->amount;
	if (group->most < member->amount)
		group->most = member->amount;
	groups->total++;
	groups->part[member->part]++;
	return true;
}

void
group_sockets(struct checkup *c, classifier *classify,
    const struct sockets *sockets, struct groups *groups)
{
	*groups = (struct groups){0};
	dict_init(
	    &groups->dict, sizeof(struct group_key), sizeof(struct group));
	for (size_t i = 0; i < sockets->n; i++) {
		struct member member = {0};

		if (classify(c, &sockets->socket[i], &member) &&
		    !add_member(groups, &member))
			c->diagnosis->no_memory = true;
	}
	if (groups->dict.n == 0)
		return;
	groups->group = calloc(groups->dict.n, sizeof(*groups->group));
	if (!groups->group) {
		c->diagnosis->no_memory = true;
		groups->total = 0;
		return;
	}
	groups->n = groups->dict.n;
	for (size_t i = 0; i < groups->n; i++)
		groups->group[i] = dict_record(&groups->dict, i);
	qsort_r(groups->group, groups->n, sizeof(*groups->group),
	    compare_groups, &groups->dict);
}

void
groups_free(struct groups *groups)
{
	dict_free(&groups->dict);
	free(groups->group);
}

const struct group_key *
group_key(const struct groups *groups, const struct group *group)
{
	return dict_key(&groups->dict, group);
}

/* A process and how many of the sockets it has. */
struct share {
	struct owner owner;
	uint64_t n;
};

static int
compare_shares(const void *p, const void *q)
{
	const struct share *a = *(const struct share *const *)p;
	const struct share *b = *(const struct share *const *)q;

	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	return a->owner.pid < b->owner.pid ? -1 : 1;
}

/* Adds up the sockets with that key by process.  False if out of memory. */
static bool
add_shares(struct checkup *c, classifier *classify,
    const struct sockets *sockets, const struct group_key *key,
    struct dict *shares)
{
	for (size_t i = 0; i < sockets->n; i++) {
		const struct socket *socket = &sockets->socket[i];
		struct member member = {0};
		struct share *share;

		if (socket->owner.pid == 0 || !classify(c, socket, &member) ||
		    memcmp(&member.key, key, sizeof(*key)) != 0)
			continue;
		share = dict_reach(shares, &socket->owner.pid);
		if (!share)
			return false;
		share->owner = socket->owner;
		share->n++;
	}
	return true;
}

void
blame(struct checkup *c, struct finding *f, classifier *classify,
    const struct sockets *sockets, const struct group_key *key)
{
	struct dict shares;
	const struct share **share;

	c->diagnosis->needs_details |= !c->now->has_details;
	dict_init(&shares, sizeof(uint32_t), sizeof(struct share));
	if (!add_shares(c, classify, sockets, key, &shares))
		c->diagnosis->no_memory = true;
	share = calloc(shares.n + 1, sizeof(*share));
	for (size_t i = 0; share && i < shares.n; i++)
		share[i] = dict_record(&shares, i);
	if (share && shares.n > 1)
		qsort(share, shares.n, sizeof(*share), compare_shares);
	for (size_t i = 0;
	     share && i < shares.n && f->nprocesses < FINDING_PROCESSES; i++)
		f->process[f->nprocesses++] = share[i]->owner;
	c->diagnosis->no_memory |= !share;
	free(share);
	dict_free(&shares);
}

const char *
processes_hidden(const struct checkup *c)
{
	if (c->now->no_processes)
		return "no processes can be read";
	return c->now->copy
	    ? "the copy does not have all processes' descriptors"
	    : "needs root for other users' processes";
}

bool
owner_known(struct checkup *c, const struct group_key *key)
{
	if (key->pid > 0 || !c->now->has_details)
		return true;
	skip(c, "%s",
	    c->now->owners_hidden
		? processes_hidden(c)
		: "some processes are not visible from here");
	return false;
}

const char *
name_process(struct checkup *c, struct finding *f, classifier *classify,
    const struct group_key *key)
{
	blame(c, f, classify, &c->now->sockets, key);
	WRITE(f->subject, "%s",
	    f->nprocesses > 0 ? process_text(c, &f->process[0])
			      : "unknown processes");
	return f->subject;
}

bool
is_gone(const struct conn *conn)
{
	return conn->timer != TIMER_NONE && conn->timer != TIMER_TIMEWAIT &&
	    conn->retrans >= GONE_MIN;
}

/* The remote end of an outgoing connection; of others only the address. */
struct group_key
peer_key(const struct checkup *c, const struct conn *conn)
{
	return (struct group_key){
	    .raddr = conn->raddr,
	    .rport = snapshot_is_outgoing(c->now, conn) ? conn->rport : 0,
	};
}

/* "10.0.0.9:3306" or "10.0.0.9" */
const char *
peer_text(struct checkup *c, const struct group_key *key)
{
	return key->rport > 0 ? end_text(c, &key->raddr, key->rport)
			      : addr_text(c, &key->raddr);
}

void
name_peers(struct checkup *c, struct finding *f, const struct groups *groups)
{
	const struct group *top = groups->group[0];

	if (groups->n == 1)
		APPEND(
		    f->summary, " (%s)", peer_text(c, group_key(groups, top)));
	else if (top->n == 1)
		APPEND(f->summary, " (%s peers, such as %s)",
		    number(c, groups->n),
		    peer_text(c, group_key(groups, top)));
	else
		APPEND(f->summary, " (%s peers, most to %s: %s)",
		    number(c, groups->n), peer_text(c, group_key(groups, top)),
		    number(c, top->n));
}

/* Writes how to see these sockets. */
void
next_peers(struct checkup *c, struct finding *f, const char *state,
    const struct groups *groups)
{
	const struct group_key *top = group_key(groups, groups->group[0]);

	if (top->rport > 0)
		WRITE(f->next,
		    "tcpstate --state=%s -b process,dst --top=5; nc -vzw3 %s "
		    "%u",
		    state, addr_text(c, &top->raddr), top->rport);
	else
		WRITE(f->next, "tcpstate --state=%s -b timer,raddr --top=10",
		    state);
}
