/*
 * Tests the checks that mostly make notes, and what all checks of a diagnosis
 * have in common: order, checks that are skipped, and owners.
 */
#include "snapshots.h"

static const char *
resets(uint64_t n, uint64_t own)
{
	start();
	grow(OUT_RSTS, n);
	grow(ABORT_ON_DATA, own / 3);
	grow(ABORT_ON_CLOSE, own / 3);
	grow(ABORT_ON_LINGER, own - own / 3 * 2);
	return found();
}

static void
test_refused(void)
{
	is(resets(29, 0), "", "fewer than 10 resets a second");
	is(resets(30, 0), "note refused", "10 resets a second");
	ok(says(0, summary, "10 segments a second") &&
		evidence(0, "resets_per_second") == 10,
	    "the note has the rate");
	is(resets(100, 71), "", "programs here sent most of them");
	is(resets(100, 70), "note refused", "programs here sent the others");
	is(resets(30, 90), "", "resets of programs may be more than sent");
	resets(30, 0);
	add_listener(BOTH, "127.0.0.1:5432", 0, 128, 0, 7);
	add_listener(BOTH, "[::1]:5433", 0, 128, 0, 7);
	add_listener(BOTH, "0.0.0.0:80", 0, 128, 0, 7);
	grow(ATTEMPT_FAILS, 6);
	found();
	ok(says(0, why,
	       "listening on loopback only: 127.0.0.1:5432, [::1]:5433; 6 "
	       "conn"),
	    "listeners that others cannot reach are candidates");
	now.moment = 0;
	is(found(), "", "no time has passed");
}

/* Peers that do not read, each with a byte that waits for them. */
static const char *
slow(unsigned n, uint8_t state, uint8_t probes)
{
	start();
	add_listener(BOTH, "0.0.0.0:80", 0, 128, 0, 7);
	ADD(NOW, "10.0.0.5:80", "10.1.0.1:20000+", state, n, .inode = 100,
	    .timer = TIMER_PERSIST, .retrans = probes, .send_q = 1);
	return found();
}

static void
test_zero_window(void)
{
	is(slow(9, TCP_ESTABLISHED, 0), "", "9 peers do not read");
	is(slow(10, TCP_ESTABLISHED, 0), "note zero-window",
	    "10 peers do not read");
	ok(says(0, summary, "10 connections") &&
		says(0, summary, "(10.1.0.1)") && says(0, why, "1 KiB") &&
		evidence(0, "bytes") == 10,
	    "the note has the peer and the bytes");
	is(slow(10, TCP_ESTABLISHED, 2), "note zero-window",
	    "they lost two probes");
	is(slow(10, TCP_CLOSE_WAIT, 0), "note zero-window",
	    "they have closed, and do not read");
	is(slow(10, TCP_ESTABLISHED, 3), "warning dead-peers",
	    "those that answer no probes are dead");
}

static void
test_keepalive_off(void)
{
	start();
	ADD(NOW, "10.0.0.5:80", "10.1.0.1:20000+", TCP_ESTABLISHED, 9000,
	    .inode = 100);
	is(found(), "", "no timers, as everywhere");
	ok(result_of("keepalive-off")->value == 9000 &&
		result_of("keepalive-off")->limit == 9000,
	    "they are counted");
	ADD(NOW, "10.0.0.5:80", "10.2.0.1:20000+", TCP_ESTABLISHED, 4,
	    .inode = 10000, .timer = TIMER_ON, .retrans = 3);
	is(found(), "", "no timers, and 4 peers are dead");
	ADD(NOW, "10.0.0.5:80", "10.2.0.1:20004", TCP_ESTABLISHED,
	    .inode = 20000, .timer = TIMER_ON, .retrans = 3);
	is(found(), "note dead-peers, note keepalive-off",
	    "no timers, and 5 peers are dead");
	ok(says(1, summary, "9,000 of 9,005 in ESTABLISHED have no timer") &&
		evidence(1, "no_timer") == 9000,
	    "the note has the numbers");
}

/* Connections from which nobody reads so many bytes. */
static const char *
unread(unsigned n, uint32_t earlier, uint32_t later)
{
	start();
	ADD(BEFORE, "10.0.0.5:80", "10.1.0.1:20000+", TCP_ESTABLISHED, n,
	    .inode = 100, .recv_q = earlier, .timer = TIMER_KEEPALIVE);
	ADD(NOW, "10.0.0.5:80", "10.1.0.1:20000+", TCP_ESTABLISHED, n,
	    .inode = 100, .recv_q = later, .timer = TIMER_KEEPALIVE, .pid = 7);
	return found();
}

static void
test_not_reading(void)
{
	is(unread(9, 5, 5), "", "a program does not read from 9");
	is(unread(10, 5, 5), "note not-reading",
	    "a program does not read from 10");
	ok(says(0, summary, "7/app: 10 connections") &&
		evidence(0, "bytes") == 50 &&
		says(0, next, "cat /proc/7/stack"),
	    "the note names it");
	is(unread(10, 5, 6), "", "what waits has changed");
	is(unread(10, 0, 5), "", "something came since");
	is(unread(10, 0, 0), "", "nothing waits");
}

static const char *
tracked(uint64_t n, uint64_t max)
{
	start();
	set(CONNTRACK_COUNT, n);
	set(CONNTRACK_MAX, max);
	return found();
}

static void
test_conntrack(void)
{
	is(tracked(899, 1000), "", "a tenth of the table is free");
	is(tracked(900, 1000), "warning conntrack", "nine tenths are used");
	is(tracked(999, 1000), "warning conntrack", "one entry is free");
	is(tracked(1000, 1000), "critical conntrack", "the table is full");
	ok(says(0, summary, "1,000 of 1,000") &&
		evidence(0, "count") == 1000 && evidence(0, "max") == 1000,
	    "the finding has the figure and the limit");
	is(tracked(1000, 0), "", "a limit of 0 is none");
	start();
	is(found(), "", "nothing is tracked");
	ok(result_of("conntrack")->status == CHECK_OK, "that is no trouble");
}

/* A setting with its last harmless value, and the first that is unusual. */
struct setting {
	enum limit limit;
	uint64_t harmless, unusual;
	const char *severity;
};

static const struct setting settings[] = {
    {TCP_TW_RECYCLE, 0, 1, "warning settings"},
    {TCP_MAX_TW_BUCKETS, 16384, 16383, "note settings"},
    {TCP_SYNCOOKIES, 1, 0, "note settings"},
    {TCP_SYNCOOKIES, 1, 2, "note settings"},
    {TCP_ABORT_ON_OVERFLOW, 0, 1, "note settings"},
    {TCP_RETRIES2, 8, 7, "note settings"},
    {CORE_SOMAXCONN, 129, 128, "note settings"},
    {IP_LOCAL_PORT_LOW, 40002, 40001, "note settings"},
};

static void
test_settings(void)
{
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		const struct setting *s = &settings[i];

		start();
		set(s->limit, s->harmless);
		is(found(), "", "%s %u is usual", limit_name(s->limit),
		    (unsigned)s->harmless);
		set(s->limit, s->unusual);
		is(found(), s->severity, "%s %u is unusual",
		    limit_name(s->limit), (unsigned)s->unusual);
		ok(says(0, subject, limit_name(s->limit)) &&
			evidence(0, "value") == s->unusual,
		    "the finding names it");
	}
	start();
	set(TCP_TW_REUSE, 1);
	is(found(), "", "tcp_tw_reuse with timestamps");
	set(TCP_TIMESTAMPS, 0);
	is(found(), "note settings", "tcp_tw_reuse without timestamps");
	ok(says(0, why, "no effect"), "does nothing");
	start();
	forget(TCP_SYNCOOKIES);
	found();
	ok(is_skipped("settings", "tcp_syncookies cannot be read"),
	    "settings that cannot be read are skipped");
}

static void
test_range_and_listeners(void)
{
	start();
	add_listener(BOTH, "0.0.0.0:39999", 0, 128, 0, 7);
	add_listener(BOTH, "0.0.0.0:40400", 0, 128, 0, 7);
	is(found(), "", "listeners next to the ephemeral range");
	add_listener(BOTH, "0.0.0.0:40399", 0, 128, 0, 7);
	is(found(), "note settings", "a listener in it");
	ok(says(0, summary,
	       "is 40000 to 40399 and contains a listener's port, 40399"),
	    "the note names its port");
	now.limits.reserved = calloc(PORT_WORDS, sizeof(uint64_t));
	if (now.limits.reserved)
		now.limits.reserved[40399 / 64] |= UINT64_C(1) << 40399 % 64;
	is(found(), "", "unless the port is reserved");
}

static void
test_order(void)
{
	start();
	add_listener(BOTH, "0.0.0.0:80", 0, 100, 0, 7);
	for (uint32_t i = 0; i < 7; i++) {
		char local[32];

		snprintf(local, sizeof(local), "10.0.0.5:%u", 81 + i);
		add_listener(BOTH, local, 0, 100, 0, 7);
		ADD(BOTH, local, "10.1.0.1:20000+", TCP_ESTABLISHED, 5 + i);
	}
	set(SOCKSTAT_TW, 131072);
	set(CONNTRACK_COUNT, 10);
	set(CONNTRACK_MAX, 10);
	grow(OUT_RSTS, 300);
	is(found(),
	    "critical conntrack, warning time-wait-limit, "
	    "warning accept-queue, warning accept-queue, "
	    "warning accept-queue, warning accept-queue, "
	    "warning accept-queue, note refused",
	    "the worst findings are first, then the first checks");
	ok(says(2, subject, ":87") && says(3, subject, ":86") &&
		says(6, subject, ":83"),
	    "the largest of a check are first");
	ok(result_of("accept-queue")->omitted == 2 &&
		diagnosis.number[CRITICAL] == 1 &&
		diagnosis.number[WARNING] == 8 && diagnosis.number[NOTE] == 1,
	    "those left out are counted");
	ok(diagnosis_severity(&diagnosis) == CRITICAL,
	    "the diagnosis is as bad as its worst finding");
	start();
	found();
	ok(diagnosis_severity(&diagnosis) == SEVERITY_NONE,
	    "without findings it is good");
	ok(diagnosis.interval == INT64_C(3000000000) &&
		strcmp(diagnosis.source, "sock_diag") == 0,
	    "it has the interval and the source");
}

/* Returns the ids of the checks that were skipped: "refused conntrack". */
static const char *
skipped(const char *reason)
{
	static char text[1024];

	text[0] = '\0';
	for (size_t i = 0; i < NCHECKS; i++)
		if (is_skipped(check_id(i), reason))
			snprintf(text + strlen(text),
			    sizeof(text) - strlen(text), "%s%s",
			    text[0] != '\0' ? " " : "", check_id(i));
	return text;
}

static void
test_skipped(void)
{
	start();
	filter.states &= ~(1u << TCP_SYN_RECV);
	found();
	is(skipped("SYN_RECV is not among the selected states"),
	    "syn-flood defer-accept", "checks whose states are filtered out");
	is(skipped(""), "syn-flood defer-accept", "no others are skipped");
	filter.states = 1u << TCP_TIME_WAIT;
	found();
	is(skipped("ESTABLISHED is not among"),
	    "ephemeral-ports accept-queue dead-peers zero-window "
	    "keepalive-off not-reading",
	    "nearly all states are filtered out");
	start();
	found_once();
	is(skipped("two samples"),
	    "syn-flood accept-queue defer-accept refused backlog-small "
	    "not-reading",
	    "checks that need two samples");
	ok(diagnosis.interval == 0, "there is no interval");
	start();
	for (enum limit i = SYSCTL_FIRST; i < NLIMITS; i++)
		forget(i);
	now.foreign = true;
	forget(MEMORY_PRESS);
	found();
	is(skipped("limits of that network namespace are unknown"),
	    "ephemeral-ports time-wait-limit orphans tcp-memory conntrack "
	    "settings",
	    "limits of another namespace are unknown");
	start();
	for (enum limit i = 0; i < NLIMITS; i++)
		forget(i);
	now.no_processes = true;
	found();
	is(skipped("cannot be read"),
	    "ephemeral-ports time-wait-limit syn-flood accept-queue "
	    "defer-accept orphans tcp-memory refused backlog-small conntrack "
	    "settings",
	    "a file of sockets has no limits");
	is(skipped("no processes"), "fd-limit", "and no processes");
}

/* Advice must not take what is unknown for 0. */
static void
test_unknown_settings(void)
{
	start();
	for (enum limit i = SYSCTL_FIRST; i < NLIMITS; i++)
		forget(i);
	now.foreign = true;
	add_listener(BOTH, "0.0.0.0:80", 9, 8, 0, 7);
	ADD(BOTH, "10.0.0.5:80", "10.1.0.1:20000+", TCP_LAST_ACK, 50,
	    .timer = TIMER_ON, .retrans = 3);
	ADD(BOTH, "10.0.0.5:80", "10.1.0.2:20000+", TCP_ESTABLISHED, 10,
	    .inode = 100, .timer = TIMER_ON, .retrans = 3);
	is(found(), "warning dead-peers, warning last-ack, note accept-queue",
	    "findings that need no settings");
	ok(says(0, why, "after at least 925 s (tcp_retries2 unknown)") &&
		says(0, why, "after 7,875 s") &&
		says(1, why, "102 s (tcp_orphan_retries unknown)") &&
		says(2, remedy, "somaxconn (unknown)"),
	    "advise by the kernel's defaults");
}

static void
test_short_interval(void)
{
	start();
	now.moment = 250000000;
	grow(TIMEWAIT_OVERFLOW, 1);
	grow(ABORT_ON_MEMORY, 1);
	found();
	ok(says(1, summary, "in 0.25 s"), "a short interval has decimals");
	now.moment = INT64_C(61000000000);
	found();
	ok(says(1, summary, "in 61 s"), "a long one has none");
}

static void
test_owners(void)
{
	start();
	now.has_details = false;
	found();
	ok(!diagnosis.needs_details, "nothing found needs no owners");
	for (uint32_t pid = 1; pid <= 3; pid++)
		ADD(BOTH, "10.0.0.5:80",
		    pid == 1	   ? "10.1.0.1:20000+"
			: pid == 2 ? "10.1.0.2:20000+"
				   : "10.1.0.3:20000+",
		    TCP_CLOSE_WAIT, 4 + pid * 2, .inode = pid * 100);
	is(found(), "warning close-wait-leak", "sockets of unknown owners");
	ok(diagnosis.needs_details, "it needs them");
	for (size_t i = 0; i < now.sockets.n; i++) {
		struct socket *s = &now.sockets.socket[i];

		s->owner = (struct owner){(uint32_t)s->conn.inode / 100, "x"};
	}
	now.has_details = true;
	is(found(), "warning close-wait-leak", "then only one has 10");
	ok(!diagnosis.needs_details && says(0, subject, "3/x") &&
		evidence(0, "sockets") == 10,
	    "it is named");
}

static void
test_clear(void)
{
	start();
	ADD(NOW, "10.0.0.5:80", "10.1.0.1:20000+", TCP_CLOSE_WAIT, 50,
	    .inode = 100, .idle = 90000);
	add_listener(BOTH, "0.0.0.0:40000", 9, 8, 0, 7);
	is(found(), "note close-wait-leak, note accept-queue, note settings",
	    "a snapshot of which the source failed");
	ok(diagnosis.sockets == 51, "has sockets");
	snapshot_clear(&now);
	snapshot_clear(&before);
	is(found(), "", "is empty for the next source");
	ok(diagnosis.sockets == 0, "and has none");
}

int
main(void)
{
	test_refused();
	test_zero_window();
	test_keepalive_off();
	test_not_reading();
	test_conntrack();
	test_settings();
	test_range_and_listeners();
	test_order();
	test_skipped();
	test_unknown_settings();
	test_short_interval();
	test_owners();
	test_clear();
	return snapshots_done();
}
