/*
 * Tests the checks of half-open connections and of accept queues: below, at
 * and above each threshold, and with what looks alike and is no trouble.
 */
#include "snapshots.h"

static void
flood_begins(unsigned half_open, uint8_t retrans)
{
	start();
	add_listener(BOTH, "0.0.0.0:80", 0, 128, 0, 7);
	if (half_open > 0)
		ADD(NOW, "10.0.0.5:80", "10.1.0.1+:20000", TCP_SYN_RECV,
		    half_open, .timer = TIMER_ON, .retrans = retrans);
}

static const char *
cookies(uint64_t sent, uint64_t received)
{
	flood_begins(129, 0);
	grow(SYNCOOKIES_SENT, sent);
	grow(SYNCOOKIES_RECV, received);
	return found();
}

static void
test_cookies(void)
{
	is(cookies(0, 0), "", "no SYN cookie was sent");
	is(cookies(1, 0), "warning syn-flood", "a SYN cookie was sent");
	is(cookies(201, 100), "warning syn-flood",
	    "less than half of the SYN cookies came back");
	ok(says(0, summary,
	       "0.0.0.0:80 7/app: the SYN queue is full (129 half-open); 201 "
	       "SYN cookies sent in 3 s, 100 came back"),
	    "the finding names the listener and the figures");
	ok(evidence(0, "syncookies_sent") == 201 &&
		evidence(0, "syncookies_received") == 100 &&
		evidence(0, "syn_recv") == 129 &&
		result_of("syn-flood")->limit == 129,
	    "the queue holds one more than the backlog");
	is(cookies(200, 100), "note backlog-small",
	    "half of the SYN cookies came back");
	ok(says(0, summary, "200 SYN cookies"), "so clients are honest");
	cookies(200, 100);
	set(TCP_SYNCOOKIES, 2);
	is(found(), "note settings", "with tcp_syncookies 2 all get cookies");
	cookies(201, 100);
	set(TCP_SYNCOOKIES, 2);
	is(found(), "warning syn-flood, note settings",
	    "but those of a flood do not come back");
	ok(says(0, remedy, "tcp_syncookies=1"), "2 is not to be kept");
	cookies(201, 100);
	forget(TCP_SYNCOOKIES);
	is(found(), "warning syn-flood", "the setting may be unknown");
}

static const char *
drops(uint64_t full, uint64_t all, uint64_t overflows)
{
	flood_begins(64, 0);
	set(TCP_SYNCOOKIES, 0);
	grow(REQQ_FULL_DROP, full);
	grow(LISTEN_DROPS, all);
	grow(LISTEN_OVERFLOWS, overflows);
	return found();
}

static void
test_dropped_requests(void)
{
	is(drops(0, 0, 0), "note settings", "no request was dropped");
	is(drops(1, 1, 0), "critical syn-flood, note settings",
	    "a request was dropped at a full SYN queue");
	ok(says(0, remedy, "tcp_syncookies=1"), "SYN cookies are advised");
	ok(says(0, summary,
	       "an unknown listener: the SYN queue is full; 1 connection "
	       "request dropped in 3 s") &&
		says(0, why, "without SYN cookies, clients cannot connect"),
	    "the finding says what that means");
	is(drops(0, 1, 0), "critical syn-flood, note settings",
	    "a request was dropped at tcp_max_syn_backlog");
	is(drops(0, 100, 90), "warning accept-queue, note settings",
	    "full accept queues explain nine tenths of the drops");
	is(drops(0, 100, 89),
	    "critical syn-flood, warning accept-queue, note settings",
	    "they explain less than that");
	drops(5, 5, 0);
	set(TCP_SYNCOOKIES, 1);
	is(found(), "", "with cookies no request is dropped");
}

static void
test_unanswered_requests(void)
{
	flood_begins(99, 1);
	is(found(), "", "99 peers do not answer SYN-ACKs");
	flood_begins(100, 0);
	is(found(), "", "100 have been sent one SYN-ACK");
	flood_begins(100, 1);
	is(found(), "warning syn-flood", "100 peers do not answer SYN-ACKs");
	ok(says(0, summary,
	       "100 of 100 half-open peers do not answer, most "
	       "of them in 10.1.0.0/24"),
	    "all of one network");
	ok(says(0, why, "the return path"), "it cannot be reached");
	flood_begins(100, 1);
	ADD(NOW, "10.0.0.5:80", "10.2.0.1+:20000", TCP_SYN_RECV, 100,
	    .timer = TIMER_ON, .retrans = 1);
	found();
	ok(says(0, summary, "200 of 200 half-open") &&
		says(0, why, "forged addresses"),
	    "those of two networks may be forged");
	add_listener(BOTH, "0.0.0.0:81", 0, 128, 0, 7);
	ADD(NOW, "10.0.0.5:81", "10.3.0.1:20000+", TCP_SYN_RECV, 190,
	    .timer = TIMER_ON, .retrans = 1);
	is(found(), "warning syn-flood, warning syn-flood", "two listeners");
	ok(says(0, why, "forged addresses") && says(1, why, "the return path"),
	    "each with networks of its own");
	flood_begins(90, 1);
	ADD(NOW, "10.0.0.5:80", "10.2.0.1+:20000", TCP_SYN_RECV, 10,
	    .timer = TIMER_ON, .retrans = 1);
	found();
	ok(says(0, why, "the return path"), "nine tenths are of one network");
	start();
	add_listener(BOTH, "[::]:80", 0, 128, 0, 7);
	ADD(NOW, "[2001:db8::5]:80", "[2001:db8:7:ffff::1]:20000+",
	    TCP_SYN_RECV, 60, .timer = TIMER_ON, .retrans = 1);
	ADD(NOW, "[2001:db8::5]:80", "[2001:db8:7::1]:20000+", TCP_SYN_RECV,
	    60, .timer = TIMER_ON, .retrans = 1);
	is(found(), "warning syn-flood", "IPv6 has networks, too");
	ok(says(0, summary, "in 2001:db8:7::/48"), "of 48 bits");
	flood_begins(100, 1);
	before.source = now.source = "proc";
	set(DEFER_ACCEPT_DROP, 100);
	set(SYN_RETRANS, 99);
	ADD(BEFORE, "10.0.0.5:80", "10.1.0.1+:20000", TCP_SYN_RECV, 100);
	is(found(), "warning defer-accept",
	    "in /proc, those that were deferred look the same");
}

/* A queue in both snapshots, and those that wait for accept() in both. */
static const char *
queues(uint32_t length, unsigned waiting, uint32_t dropped, uint64_t overflows)
{
	start();
	add_listener(BEFORE, "0.0.0.0:80", length, 8, 3, 7);
	add_listener(NOW, "0.0.0.0:80", length, 8, 3 + dropped, 7);
	if (waiting > 0)
		ADD(BOTH, "10.0.0.5:80", "10.1.0.1:20000+", TCP_ESTABLISHED,
		    waiting);
	grow(LISTEN_OVERFLOWS, overflows);
	grow(LISTEN_DROPS, overflows);
	return found();
}

static void
test_accept_queue(void)
{
	is(queues(8, 0, 0, 0), "", "a queue that has its limit is not full");
	is(queues(9, 0, 0, 0), "note accept-queue",
	    "one that is full in both samples is a note");
	is(queues(4, 4, 0, 0), "", "4 connections wait");
	is(queues(5, 5, 0, 0), "warning accept-queue", "5 connections wait");
	ok(says(0, summary,
	       "0.0.0.0:80 7/app: 5 connections waiting to be "
	       "accepted (backlog 8)"),
	    "the finding names the listener, its process and its limit");
	ok(says(0, next, "--lport=80 1; cat /proc/7/stack"), "and its stack");
	is(queues(9, 4, 1, 1), "critical accept-queue",
	    "a full queue dropped a request");
	ok(says(0, summary, "1 request dropped in 3 s") &&
		evidence(0, "dropped") == 1 && evidence(0, "backlog") == 8 &&
		evidence(0, "waiting") == 9,
	    "the drops are this listener's");
	is(queues(5, 5, 1, 1), "critical accept-queue",
	    "a queue in which 5 stay dropped a request");
	is(queues(8, 4, 1, 1), "warning accept-queue",
	    "one that is not full any more did");
	is(queues(9, 0, 1, 0), "note accept-queue",
	    "drops without an overflow have other reasons");
	is(queues(0, 0, 0, 7), "warning accept-queue",
	    "an overflow that no listener has as a drop");
	ok(says(0, subject, "an unknown listener"), "nobody is blamed for it");
	queues(0, 0, 0, 0);
	set(LISTEN_OVERFLOWS, 7);
	is(found(), "note accept-queue", "an overflow in the past");
	ok(says(0, summary, "7 times since the start, but not now"),
	    "the note says so");
}

static void
test_accept_queue_that_looks_alike(void)
{
	start();
	add_listener(BEFORE, "0.0.0.0:80", 9, 8, 0, 7);
	add_listener(NOW, "0.0.0.0:80", 0, 8, 0, 7);
	is(found(), "", "a queue that was full is empty");
	start();
	add_listener(BOTH, "0.0.0.0:80", 0, 8, 0, 7);
	ADD(BEFORE, "10.0.0.5:80", "10.1.0.1:20000+", TCP_ESTABLISHED, 500);
	ADD(NOW, "10.0.0.5:80", "10.1.0.1:30000+", TCP_ESTABLISHED, 500);
	is(found(), "", "other connections wait");
	start();
	ADD(BOTH, "10.0.0.5:80", "10.1.0.1:20000+", TCP_ESTABLISHED, 500);
	is(found(), "", "those without a listener do not wait");
	start();
	add_listener(BOTH, "0.0.0.0:80", 8, 8, 0, 7);
	ADD(BEFORE, "10.0.0.5:80", "10.1.0.1:20000+", TCP_ESTABLISHED, 8);
	ADD(NOW, "10.0.0.5:80", "10.1.0.1:20000+", TCP_CLOSE_WAIT, 8);
	is(found(), "warning accept-queue",
	    "clients that gave up meanwhile still wait");
	start();
	add_listener(BOTH, "0.0.0.0:80", 8, 8, 0, 7);
	ADD(BOTH, "10.0.0.5:80", "10.1.0.1:20000+", TCP_CLOSE_WAIT, 8);
	is(found(), "warning accept-queue", "so do those that gave up before");
}

static void
test_accept_queue_in_proc(void)
{
	start();
	before.source = now.source = "proc";
	add_listener(BOTH, "0.0.0.0:80", 5, CONN_UNKNOWN, CONN_UNKNOWN, 7);
	ADD(BOTH, "10.0.0.5:80", "10.1.0.1:20000+", TCP_ESTABLISHED, 5);
	is(found(), "warning accept-queue", "/proc shows those that wait");
	ok(!says(0, summary, "backlog"), "but no backlog");
	grow(LISTEN_OVERFLOWS, 1);
	is(found(), "critical accept-queue", "an overflow must be theirs");
	is(found_once(), "note accept-queue", "one sample gives a note");
	ok(says(0, summary, "one sample does not show"), "which says why");
	start();
	is(found_once(), "", "one sample without any that waits");
	ok(is_skipped("accept-queue", "two samples"), "is no proof");
}

static void
test_accept_queue_reasons(void)
{
	queues(9, 9, 1, 1);
	add_process(7, 97, 100, 49);
	is(found(), "critical accept-queue, critical fd-limit",
	    "a process without descriptors does not accept");
	ok(says(0, why, "7/app has 97 of 100 descriptors"),
	    "which is the reason");
	queues(9, 9, 1, 1);
	add_process(7, 96, 100, 49);
	is(found(), "critical accept-queue, warning fd-limit",
	    "a process that still has some");
	ok(!says(0, why, "descriptors"), "has another reason");
}

/* A listener for which n connections are deferred. */
static const char *
deferred(unsigned n, uint8_t retrans, uint64_t dropped, uint32_t backlog)
{
	start();
	add_listener(BOTH, "0.0.0.0:80", 0, backlog, 0, 7);
	ADD(BOTH, "10.0.0.5:80", "10.1.0.1:20000+", TCP_SYN_RECV, n,
	    .timer = TIMER_ON, .retrans = retrans);
	set(DEFER_ACCEPT_DROP, dropped);
	return found();
}

static void
test_defer_accept(void)
{
	is(deferred(9, 0, 1, 128), "", "9 connections are deferred");
	is(deferred(10, 0, 1, 128), "note defer-accept",
	    "10 connections are deferred");
	ok(says(0, summary, "0.0.0.0:80 7/app: 10 clients") &&
		evidence(0, "silent") == 10 && evidence(0, "backlog") == 128,
	    "the note names the listener");
	is(deferred(10, 0, 0, 128), "", "no ACK was ever dropped");
	is(deferred(10, 1, 1, 128), "", "SYN-ACKs were sent again");
	is(deferred(63, 0, 1, 128), "note defer-accept",
	    "nearly half of the backlog");
	is(deferred(64, 0, 1, 128), "warning defer-accept",
	    "half of the backlog");
	start();
	add_listener(BOTH, "0.0.0.0:80", 0, 128, 0, 7);
	ADD(BEFORE, "10.0.0.5:80", "10.1.0.1:20000+", TCP_SYN_RECV, 50);
	ADD(NOW, "10.0.0.5:80", "10.1.0.1:30000+", TCP_SYN_RECV, 50);
	set(DEFER_ACCEPT_DROP, 50);
	is(found(), "", "those that do not stay are on their way");
}

static void
test_defer_accept_in_proc(void)
{
	deferred(10, 2, 10, CONN_UNKNOWN);
	before.source = now.source = "proc";
	is(found(), "note defer-accept", "/proc counts timeouts of these");
	set(DEFER_ACCEPT_DROP, 9);
	is(found(), "", "fewer ACKs were dropped than are deferred");
	set(DEFER_ACCEPT_DROP, 10);
	set(SYN_RETRANS, 10);
	is(found(), "", "as many SYN-ACKs were sent again");
	set(SYN_RETRANS, 9);
	is(found(), "note defer-accept", "fewer were");
}

int
main(void)
{
	test_cookies();
	test_dropped_requests();
	test_unanswered_requests();
	test_accept_queue();
	test_accept_queue_that_looks_alike();
	test_accept_queue_in_proc();
	test_accept_queue_reasons();
	test_defer_accept();
	test_defer_accept_in_proc();
	return snapshots_done();
}
