/*
 * Makes two snapshots from rows, has them diagnosed, and checks all texts of
 * the findings.  A test file includes it once.
 */
#ifndef SNAPSHOTS_H
#define SNAPSHOTS_H

#include "explain/diagnose.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

/* Into which of the snapshots a row goes. */
enum when { BEFORE = 1, NOW = 2, BOTH = BEFORE | NOW };

static struct filter filter;
static struct snapshot before, now;
static struct diagnosis diagnosis;
static unsigned bad_texts;

/* Makes calloc() fail when it is called for the n-th time from now. */
static unsigned fail_at;

void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);

void *
__wrap_calloc(size_t n, size_t size)
{
	return fail_at > 0 && --fail_at == 0 ? NULL : __real_calloc(n, size);
}

/*
 * Sockets that are alike.  An end is "10.0.0.5:40000" or "[::1]:80"; each
 * socket has the next port if a + follows it, and the next address if a +
 * follows that: "10.0.0.1+:80".  Inodes count from inode on, unless it is 0.
 */
struct row {
	const char *local, *remote;
	uint8_t state;
	unsigned n; /* 0: one */
	uint64_t inode;
	uint8_t timer, retrans;
	uint32_t expires, idle; /* milliseconds; idle 0: unknown */
	uint32_t recv_q, send_q;
	uint32_t pid; /* of the owner, whose name is "app" */
	enum family family;
	enum when when;
};

static struct in6_addr
parse_address(const char *text)
{
	struct in6_addr addr = {0};
	struct in_addr ipv4;

	if (inet_pton(AF_INET, text, &ipv4) == 1)
		return conn_map_ipv4(ipv4.s_addr);
	if (inet_pton(AF_INET6, text, &addr) != 1)
		abort();
	return addr;
}

/* Parses the i-th end that such a text is for. */
static void
parse_end(const char *text, unsigned i, struct in6_addr *addr, uint16_t *port)
{
	const char *colon = strrchr(text, ':');
	char host[64], *plus;
	uint32_t word;

	snprintf(host, sizeof(host), "%.*s", (int)(colon - text), text);
	plus = strchr(host, '+');
	host[strcspn(host, "]+")] = '\0';
	*addr = parse_address(host + (host[0] == '['));
	if (plus) {
		memcpy(&word, addr->s6_addr + 12, sizeof(word));
		word = htonl(ntohl(word) + i);
		memcpy(addr->s6_addr + 12, &word, sizeof(word));
	}
	*port = (uint16_t)(strtoul(colon + 1, NULL, 10) +
	    (strchr(colon, '+') ? i : 0));
}

static void
visit(struct snapshot *s, const struct conn *conn, uint32_t pid)
{
	size_t sockets = s->sockets.n, listeners = s->listeners.n;
	struct owner *owner = NULL;

	if (conn->state == TCP_LISTEN)
		snapshot_visit_listener(conn, s);
	else
		snapshot_visit(conn, s);
	if (s->sockets.n > sockets)
		owner = &s->sockets.socket[sockets].owner;
	else if (s->listeners.n > listeners)
		owner = &s->listeners.socket[listeners].owner;
	if (owner && pid > 0) {
		owner->pid = pid;
		strcpy(owner->name, "app");
	}
}

static void
visit_in(enum when when, const struct conn *conn, uint32_t pid)
{
	if (when & BEFORE)
		visit(&before, conn, pid);
	if (when & NOW)
		visit(&now, conn, pid);
}

#define ADD(to, ...) add(&(const struct row){__VA_ARGS__, .when = (to)})

__attribute__((unused)) static void
add(const struct row *row)
{
	for (unsigned i = 0; i == 0 || i < row->n; i++) {
		struct conn conn = {
		    .state = row->state,
		    .family = (uint8_t)row->family,
		    .timer = row->timer,
		    .retrans = row->retrans,
		    .expires = row->expires,
		    .recv_q = row->recv_q,
		    .send_q = row->send_q,
		    .inode = row->inode > 0 ? row->inode + i : 0,
		    .idle = row->idle > 0 ? row->idle : CONN_UNKNOWN,
		    .drops = CONN_UNKNOWN,
		};

		parse_end(row->local, i, &conn.laddr, &conn.lport);
		parse_end(row->remote, i, &conn.raddr, &conn.rport);
		visit_in(row->when, &conn, row->pid);
	}
}

/* Adds a listener; its backlog and its drops may be CONN_UNKNOWN. */
__attribute__((unused)) static void
add_listener(enum when when, const char *local, uint32_t queue,
    uint32_t backlog, uint32_t drops, uint32_t pid)
{
	struct conn conn = {
	    .state = TCP_LISTEN,
	    .recv_q = queue,
	    .send_q = backlog,
	    .inode = 1,
	    .idle = CONN_UNKNOWN,
	    .drops = drops,
	};

	parse_end(local, 0, &conn.laddr, &conn.lport);
	visit_in(when, &conn, pid);
}

/* Adds the descriptors of a process; by pid. */
__attribute__((unused)) static void
add_process(uint32_t pid, uint64_t open, uint64_t soft, uint64_t sockets)
{
	struct descriptors_list *list = &now.processes;
	struct descriptors *d =
	    reallocarray(list->process, list->n + 1, sizeof(*list->process));

	if (!d)
		abort();
	list->process = d;
	list->process[list->n++] = (struct descriptors){
	    .process = {pid, "app"},
	    .open = open,
	    .soft = soft,
	    .hard = 524288,
	    .sockets = sockets,
	};
}

/* Sets a limit or counter; of both snapshots, or so that it has grown. */
static void
set(enum limit limit, uint64_t value)
{
	before.limits.known[limit] = now.limits.known[limit] = true;
	before.limits.value[limit] = now.limits.value[limit] = value;
}

__attribute__((unused)) static void
grow(enum limit limit, uint64_t n)
{
	now.limits.value[limit] = before.limits.value[limit] + n;
}

__attribute__((unused)) static void
forget(enum limit limit)
{
	before.limits.known[limit] = now.limits.known[limit] = false;
	before.limits.value[limit] = now.limits.value[limit] = 0;
}

/* The settings of a machine on which nobody changed any; and small ones. */
static const struct {
	enum limit limit;
	uint64_t value;
} defaults[] = {
    {IP_LOCAL_PORT_LOW, 40000},
    {IP_LOCAL_PORT_HIGH, 40399},
    {TCP_TIMESTAMPS, 1},
    {TCP_TW_REUSE, 2},
    {TCP_MAX_TW_BUCKETS, 131072},
    {TCP_FIN_TIMEOUT, 60},
    {TCP_MAX_ORPHANS, 1000},
    {TCP_SYNCOOKIES, 1},
    {TCP_MAX_SYN_BACKLOG, 2048},
    {TCP_SYN_RETRIES, 6},
    {TCP_SYNACK_RETRIES, 5},
    {TCP_RETRIES1, 3},
    {TCP_RETRIES2, 15},
    {TCP_KEEPALIVE_TIME, 7200},
    {TCP_KEEPALIVE_INTVL, 75},
    {TCP_KEEPALIVE_PROBES, 9},
    {TCP_MEM_LOW, 500},
    {TCP_MEM_PRESSURE, 1000},
    {TCP_MEM_HIGH, 2000},
    {CORE_SOMAXCONN, 4096},
    {FILE_NR, 1000},
    {FILE_MAX, 1000000},
    {TCP_ORPHAN_RETRIES, 0},
    {TCP_ABORT_ON_OVERFLOW, 0},
};

/* Begins with a healthy machine, without any sockets, of three seconds. */
static void
start(void)
{
	diagnosis_free(&diagnosis);
	snapshot_free(&before);
	snapshot_free(&now);
	filter_free(&filter);
	filter_init(&filter);
	before.filter = now.filter = &filter;
	before.source = now.source = "sock_diag";
	before.first = true;
	now.moment = INT64_C(3000000000);
	now.has_details = before.has_details = true;
	for (enum limit i = 0; i < SYSCTL_FIRST; i++)
		set(i, 0);
	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		set(defaults[i].limit, defaults[i].value);
}

/* Whether a text is whole; names it if it is not. */
static void
check_text(const struct finding *f, const char *what, const char *text,
    size_t size, bool may_be_empty)
{
	size_t len = strlen(text);

	if (len + 1 < size && (len > 0 || may_be_empty) &&
	    !strstr(text, "(null)") && !strstr(text, "  ") &&
	    !strchr(text, '\n') && (len == 0 || text[len - 1] != ' '))
		return;
	printf("# %s: %s: '%s'\n", check_id(f->check), what, text);
	bad_texts++;
}

static bool
is_command(const char *text)
{
	static const char *const commands[] = {"tcpstate ", "nc ", "cat ",
	    "ls ", "tcpdump ", "dmesg ", "sysctl "};

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strncmp(text, commands[i], strlen(commands[i])) == 0)
			return true;
	return false;
}

#define CHECK_TEXT(f, text, may_be_empty) \
	check_text((f), #text, (f)->text, sizeof((f)->text), (may_be_empty))

static void
check_texts(void)
{
	for (size_t i = 0; i < diagnosis.n; i++) {
		const struct finding *f = diagnosis.finding[i];

		CHECK_TEXT(f, subject, false);
		CHECK_TEXT(f, summary, false);
		CHECK_TEXT(f, why, false);
		CHECK_TEXT(f, remedy, false);
		CHECK_TEXT(f, no_remedy, true);
		CHECK_TEXT(f, next, false);
		if (f->next[0] != '\0' && !is_command(f->next)) {
			printf("# no command: %s\n", f->next);
			bad_texts++;
		}
		if (f->nevidence == 0 || f->nevidence > EVIDENCE_MAX) {
			printf("# no evidence: %s\n", f->summary);
			bad_texts++;
		}
	}
}

/*
 * Diagnoses the snapshots, or only the last one.  Returns all findings:
 * "critical orphans, note refused".
 */
static const char *
diagnose_pair(const struct snapshot *earlier)
{
	static char text[2048];

	diagnosis_free(&diagnosis);
	diagnose(&diagnosis, earlier, &now);
	check_texts();
	text[0] = '\0';
	for (size_t i = 0; i < diagnosis.n; i++) {
		const struct finding *f = diagnosis.finding[i];

		snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "%s%s %s", i > 0 ? ", " : "", severity_names[f->severity],
		    check_id(f->check));
	}
	return text;
}

static const char *
found(void)
{
	return diagnose_pair(&before);
}

__attribute__((unused)) static const char *
found_once(void)
{
	return diagnose_pair(NULL);
}

/* Sockets of a process, of which so many stay. */
__attribute__((unused)) static const char *
stays_in(uint8_t state, unsigned n, unsigned gone)
{
	start();
	ADD(BOTH, "10.0.0.5:80", "10.1.0.1:20000+", state, n, .inode = 100,
	    .pid = 7);
	if (gone > 0)
		ADD(NOW, "10.0.0.5:80", "10.1.0.1:30000+", state, gone,
		    .inode = 9000, .pid = 7);
	return found();
}

/* Tests what was found. */
#define is(got, want, ...) \
	tap_is(__FILE__, __LINE__, (got), (want), __VA_ARGS__)

__attribute__((format(printf, 5, 6), unused)) static void
tap_is(const char *file, int line, const char *got, const char *want,
    const char *fmt, ...)
{
	char name[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(name, sizeof(name), fmt, ap);
	va_end(ap);
	if (tap_ok(strcmp(got, want) == 0, file, line, want, "%s", name))
		return;
	printf("# got: '%s'\n", got);
	for (size_t i = 0; i < diagnosis.n; i++)
		printf("# %s\n", diagnosis.finding[i]->summary);
}

/* Whether a text of the i-th finding contains a part. */
#define says(i, text, part) \
	((i) < diagnosis.n && strstr(diagnosis.finding[i]->text, (part)))

/* A number of the evidence of the i-th finding; UINT64_MAX if not there. */
__attribute__((unused)) static uint64_t
evidence(size_t i, const char *name)
{
	const struct finding *f =
	    i < diagnosis.n ? diagnosis.finding[i] : NULL;

	for (size_t e = 0; f && e < f->nevidence; e++)
		if (strcmp(f->evidence[e].name, name) == 0)
			return f->evidence[e].value;
	return UINT64_MAX;
}

/* The result of a check by its id. */
__attribute__((unused)) static const struct check_result *
result_of(const char *id)
{
	for (size_t i = 0; i < NCHECKS; i++)
		if (strcmp(check_id(i), id) == 0)
			return &diagnosis.result[i];
	abort();
}

/* Whether a check was skipped for a reason that contains a text. */
__attribute__((unused)) static bool
is_skipped(const char *id, const char *reason)
{
	return result_of(id)->status == CHECK_SKIPPED &&
	    strstr(result_of(id)->reason, reason);
}

static int
snapshots_done(void)
{
	ok(bad_texts == 0, "no text is empty, cut or a mistake of format");
	diagnosis_free(&diagnosis);
	snapshot_free(&before);
	snapshot_free(&now);
	filter_free(&filter);
	return tap_done();
}

#endif
