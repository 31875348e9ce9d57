/*
 * Checks of programs: those that do not close, do not read, or run out of
 * descriptors or memory.
 */
#include "explain/check.h"

/* Parts of a process's sockets in CLOSE_WAIT, by what waits to be read. */
enum { READ_ALL, READ_NOT_END, READ_NOT };

/* The thresholds, in sockets of one process; idle time in milliseconds. */
enum {
	LEAK_WARNING = 10,
	LEAK_CRITICAL = 1000,
	LEAK_IDLE = 60 * 1000,
	UNREAD_NOTE = 10,
};

/*
 * CLOSE_WAIT of a process that was there in the earlier snapshot, or has not
 * heard of its peer for so long that it must have been in this state since.
 * In one snapshot from a source that does not know how long, all of them.
 */
static bool
passive(const struct checkup *c, const struct socket *socket,
    struct member *member)
{
	const struct conn *conn = &socket->conn;
	bool idle_known = conn->idle != CONN_UNKNOWN;

	member->key.pid = socket->owner.pid;
	member->part = conn->recv_q == 0 ? READ_ALL
	    : conn->recv_q == 1		 ? READ_NOT_END
					 : READ_NOT;
	member->amount = idle_known ? conn->idle : 0;
	return conn->state == TCP_CLOSE_WAIT && conn->inode != 0 &&
	    ((idle_known && conn->idle >= LEAK_IDLE) ||
		(c->before ? stays(c, conn) : !idle_known));
}

/* Why it does not close, by what waits to be read. */
static const char *
explain_leak(const struct group *g)
{
	if (g->part[READ_ALL] * 2 >= g->n)
		return "it has read the end of the stream and does not close: "
		       "a missing close(), often where an error is handled";
	if (g->part[READ_NOT_END] * 2 >= g->n)
		return "it does not read them at all: it hangs, or they are "
		       "not in its event loop";
	return "it does not even read what the peers sent before: it hangs, "
	       "or they are not in its event loop";
}

static void
add_leak(struct checkup *c, const struct group *g, const struct group_key *key)
{
	const struct descriptors *d = key->pid > 0
	    ? descriptors_find(&c->now->processes, key->pid)
	    : NULL;
	bool many = g->n >= LEAK_CRITICAL || (d && reaches(g->n, d->soft, 50));
	enum severity severity = many ? CRITICAL : WARNING;
	struct finding *f;

	/* If they are of many processes, so many are still too many. */
	if (!owner_known(c, key))
		severity = g->n >= 10 * LEAK_WARNING ? WARNING : NOTE;
	if (g->most < LEAK_IDLE)
		severity = if_stays(c, severity);
	f = find(c, severity, g->n);
	if (!f)
		return;
	WRITE(f->summary, "%s: %s sockets stay in CLOSE_WAIT",
	    name_process(c, f, passive, key), number(c, g->n));
	if (d && d->soft != UINT64_MAX)
		APPEND(f->summary, "; its limit is %s descriptors",
		    number(c, d->soft));
	if (g->most < LEAK_IDLE)
		append_doubt(c, f);
	WRITE(f->why,
	    "the peers have closed, and only the program can end this state; "
	    "%s",
	    explain_leak(g));
	WRITE(f->remedy,
	    "fix the program; until then, a restart frees the sockets");
	WRITE(f->no_remedy,
	    "any sysctl; SO_KEEPALIVE (it does not close the descriptor)");
	if (f->nprocesses > 0)
		WRITE(f->next,
		    "tcpstate -b process,raddr --state=close-wait; ls -l "
		    "/proc/%u/fd",
		    f->process[0].pid);
	else
		WRITE(f->next, "tcpstate -b process,raddr --state=close-wait");
	prove(f, "sockets", g->n);
	prove(f, "end_read", g->part[READ_ALL]);
	prove(f, "end_unread", g->part[READ_NOT_END]);
	prove(f, "data_unread", g->part[READ_NOT]);
	prove(f, "longest_idle_ms", g->most);
	if (d)
		prove(f, "descriptor_limit", d->soft);
}

void
check_close_wait_leak(struct checkup *c)
{
	struct groups groups;

	group_sockets(c, passive, &c->now->sockets, &groups);
	measure(c, groups.total, NO_LIMIT_KNOWN);
	for (size_t i = 0; i < groups.n; i++) {
		const struct group *g = groups.group[i];
		const struct group_key *key = group_key(&groups, g);

		if (g->n >= LEAK_WARNING)
			add_leak(c, g, key);
		/* Too few, but perhaps of one process with others. */
		else if (groups.total >= LEAK_WARNING)
			owner_known(c, key);
	}
	groups_free(&groups);
}

static bool
unread(const struct checkup *c, const struct socket *socket,
    struct member *member)
{
	const struct conn *conn = &socket->conn;

	member->key.pid = socket->owner.pid;
	member->amount = conn->recv_q;
	return conn->state == TCP_ESTABLISHED && conn->inode != 0 &&
	    conn->recv_q > 0 && stays(c, conn) && same_queue(c, conn);
}

void
check_not_reading(struct checkup *c)
{
	struct groups groups;

	group_sockets(c, unread, &c->now->sockets, &groups);
	measure(c, groups.total, NO_LIMIT_KNOWN);
	for (size_t i = 0; i < groups.n; i++) {
		const struct group *g = groups.group[i];
		struct finding *f =
		    g->n >= UNREAD_NOTE ? find(c, NOTE, g->n) : NULL;

		if (!f)
			continue;
		WRITE(f->summary,
		    "%s: %s connections are not read; %s KiB are waiting",
		    name_process(c, f, unread, group_key(&groups, g)),
		    number(c, g->n), number(c, (g->amount + 1023) / 1024));
		WRITE(f->why,
		    "it hangs, or slow on purpose; when the buffers are "
		    "full, the peers have to wait");
		WRITE(f->remedy, "look at what the program is doing");
		if (f->nprocesses > 0)
			WRITE(f->next,
			    "cat /proc/%u/stack; ss -tnp state established",
			    f->process[0].pid);
		else
			WRITE(f->next,
			    "tcpstate --state=established -b process,raddr");
		prove(f, "sockets", g->n);
		prove(f, "bytes", g->amount);
	}
	groups_free(&groups);
}

static bool
buffered(const struct checkup *c, const struct socket *socket,
    struct member *member)
{
	(void)c;
	member->key.pid = socket->owner.pid;
	member->part = socket->conn.recv_q < socket->conn.send_q;
	member->amount = (uint64_t)socket->conn.recv_q + socket->conn.send_q;
	return socket->conn.inode != 0 && member->amount > 0;
}

/* The group with the largest amount; NULL if there is none. */
static const struct group *
largest_amount(const struct groups *groups)
{
	const struct group *best = NULL;

	for (size_t i = 0; i < groups->n; i++)
		if (!best || groups->group[i]->amount > best->amount)
			best = groups->group[i];
	return best;
}

static void
add_memory(struct checkup *c, enum severity severity, uint64_t mem)
{
	struct finding *f = find(c, severity, mem);
	const struct group *g;
	struct groups groups;

	if (!f)
		return;
	WRITE(f->subject, "tcp_mem");
	WRITE(f->summary, "TCP uses %s pages of memory on this machine",
	    number(c, mem));
	if (knows(c, TCP_MEM_PRESSURE))
		APPEND(f->summary, "; memory pressure begins at %s (tcp_mem)",
		    number(c, value(c, TCP_MEM_PRESSURE)));
	if (value(c, MEMORY_PRESS) > 0)
		APPEND(f->summary, "; the kernel is under pressure");
	group_sockets(c, buffered, &c->now->sockets, &groups);
	g = largest_amount(&groups);
	WRITE(f->why,
	    "under pressure, windows shrink and packets are dropped, so that "
	    "all connections become slow");
	if (g) {
		blame(c, f, buffered, &c->now->sockets, group_key(&groups, g));
		APPEND(f->why, "; most of the bytes, %s KiB, wait %s %s",
		    number(c, (g->amount + 1023) / 1024),
		    g->part[0] >= g->part[1] ? "to be read by"
					     : "for the peers of",
		    f->nprocesses > 0 ? culprits(c, f) : "unknown processes");
	}
	WRITE(f->remedy,
	    "have that program read, or limit what it sends; else raise "
	    "tcp_mem, or lower the maximum of tcp_rmem and tcp_wmem");
	WRITE(f->no_remedy, "a larger rmem_max (makes it worse)");
	WRITE(f->next, "tcpstate -p --top=5; cat /proc/net/sockstat");
	prove(f, "pages", mem);
	if (knows(c, TCP_MEM_PRESSURE))
		prove(f, "pressure_pages", value(c, TCP_MEM_PRESSURE));
	prove(f, "pressure", value(c, MEMORY_PRESS));
	prove(f, "pruned", growth(c, RCV_PRUNED) + growth(c, RCVQ_DROP));
	groups_free(&groups);
}

void
check_tcp_memory(struct checkup *c)
{
	uint64_t mem = value(c, SOCKSTAT_MEM);
	uint64_t pressure = value(c, TCP_MEM_PRESSURE);

	if (!knows(c, MEMORY_PRESS) && !needs(c, TCP_MEM_PRESSURE))
		return;
	if (!needs(c, SOCKSTAT_MEM))
		return;
	measure(c, mem, knows(c, TCP_MEM_PRESSURE) ? pressure : 0);
	if (value(c, MEMORY_PRESS) > 0 ||
	    (knows(c, TCP_MEM_PRESSURE) && mem >= pressure))
		add_memory(c, CRITICAL, mem);
	else if (knows(c, TCP_MEM_PRESSURE) && reaches(mem, pressure, 80))
		add_memory(c, WARNING, mem);
}

static void
add_descriptors(
    struct checkup *c, enum severity severity, const struct descriptors *d)
{
	struct finding *f = find(c, severity, d->open);

	if (!f)
		return;
	f->process[f->nprocesses++] = d->process;
	WRITE(f->subject, "%s", process_text(c, &d->process));
	WRITE(f->summary, "%s has %s of %s descriptors open (%s sockets)",
	    f->subject, number(c, d->open), number(c, d->soft),
	    number(c, d->sockets));
	WRITE(f->why,
	    "at the limit, accept() and socket() fail with EMFILE, and the "
	    "queues of its listeners fill up");
	WRITE(f->remedy,
	    "look for a leak first (close-wait-leak); else raise LimitNOFILE= "
	    "or ulimit -n");
	if (d->hard > d->soft && d->hard != UINT64_MAX)
		APPEND(f->remedy,
		    ", at once with prlimit --pid %u --nofile=%ju",
		    d->process.pid, (uintmax_t)d->hard);
	WRITE(f->no_remedy, "a higher limit for a leak (it fills any limit)");
	WRITE(
	    f->next, "ls -l /proc/%u/fd; tcpstate -p --top=5", d->process.pid);
	prove(f, "open", d->open);
	prove(f, "limit", d->soft);
	prove(f, "sockets", d->sockets);
}

/* The process that is closest to its limit, and those that are near it. */
static void
judge_processes(struct checkup *c)
{
	const struct descriptors_list *list = &c->now->processes;
	const struct descriptors *worst = NULL;

	for (size_t i = 0; i < list->n; i++) {
		const struct descriptors *d = &list->process[i];

		if (d->soft == 0 || d->soft == UINT64_MAX)
			continue;
		if (!worst ||
		    (double)d->open * (double)worst->soft >
			(double)worst->open * (double)d->soft)
			worst = d;
		if (!reaches(d->sockets, d->open, 50))
			continue;
		if (reaches(d->open, d->soft, 97))
			add_descriptors(c, CRITICAL, d);
		else if (reaches(d->open, d->soft, 90))
			add_descriptors(c, WARNING, d);
	}
	if (worst)
		measure(c, worst->open, worst->soft);
}

/* The files of the whole machine. */
static void
judge_files(struct checkup *c)
{
	uint64_t open = value(c, FILE_NR), max = value(c, FILE_MAX);
	struct finding *f;

	if (!knows(c, FILE_NR) || !knows(c, FILE_MAX) ||
	    !reaches(open, max, 90) || !(f = find(c, WARNING, open)))
		return;
	WRITE(f->subject, "file-max");
	WRITE(f->summary, "%s of %s files that fs.file-max allows are open",
	    number(c, open), number(c, max));
	WRITE(f->why, "at the limit, open() and accept() fail with ENFILE");
	WRITE(f->remedy, "raise fs.file-max; look for a leak");
	WRITE(f->next, "tcpstate -p --top=5; cat /proc/sys/fs/file-nr");
	prove(f, "open", open);
	prove(f, "limit", max);
}

void
check_fd_limit(struct checkup *c)
{
	if (c->now->no_processes || c->now->processes.hidden)
		skip(c, "%s", processes_hidden(c));
	judge_processes(c);
	judge_files(c);
}
