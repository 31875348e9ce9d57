/*
 * Tests the checks of connections whose peers do not answer or close: below,
 * at and above each threshold, and with what looks alike and is no trouble.
 */
#include "snapshots.h"

static const char *
orphans(uint64_t n, uint64_t aborted)
{
	start();
	set(SOCKSTAT_ORPHAN, n);
	grow(ABORT_ON_MEMORY, aborted);
	return found();
}

static void
test_orphan_limit(void)
{
	is(orphans(249, 0), "", "nearly a quarter of tcp_max_orphans");
	is(orphans(250, 0), "warning orphans", "a quarter of it");
	is(orphans(499, 0), "warning orphans", "nearly half of it");
	ok(!says(0, summary, "reset"), "none was reset");
	is(orphans(500, 0), "critical orphans", "half of it");
	ok(says(0, summary, "500 sockets") && says(0, summary, "of 1,000") &&
		evidence(0, "orphans") == 500 && evidence(0, "limit") == 1000,
	    "the finding has the figure and the limit");
	is(orphans(0, 1), "critical orphans", "a connection was reset");
	ok(says(0, summary, "1 connections were reset in 3 s"), "it says so");
	orphans(900, 0);
	forget(TCP_MAX_ORPHANS);
	is(found(), "", "the limit of another namespace is unknown");
	ok(is_skipped("orphans", "tcp_max_orphans"), "it is skipped");
	start();
	set(TCP_MAX_ORPHANS, 0);
	is(found(), "", "0 of 0 are not half");
}

/* Orphans among so many in ESTABLISHED. */
static const char *
closed(unsigned n, uint8_t state, uint8_t timer, uint8_t retrans,
    unsigned established)
{
	start();
	add_listener(BOTH, "0.0.0.0:80", 0, 128, 0, 7);
	ADD(BOTH, "10.0.0.5:80", "10.1.0.1:20000+", state, n, .timer = timer,
	    .retrans = retrans, .send_q = 1);
	if (established > 0)
		ADD(NOW, "10.0.0.5:81", "10.1.0.2:20000+", TCP_ESTABLISHED,
		    established, .inode = 100, .pid = 7);
	return found();
}

static void
test_orphans(void)
{
	is(closed(19, TCP_FIN_WAIT1, TIMER_ON, 3, 0), "",
	    "19 orphans have peers that are gone");
	is(closed(20, TCP_FIN_WAIT1, TIMER_ON, 3, 400), "warning orphans",
	    "20 of 400 have");
	ok(says(0, summary,
	       "20 closed connections wait for peers that are "
	       "gone (10.1.0.1)"),
	    "the finding names the peer");
	ok(says(0, why, "for at least 102 s"), "and how long they last");
	is(closed(20, TCP_FIN_WAIT1, TIMER_ON, 3, 401), "", "20 of 401 have");
	is(closed(20, TCP_CLOSING, TIMER_ON, 3, 0), "warning orphans",
	    "in CLOSING as well");
	is(closed(20, TCP_FIN_WAIT1, TIMER_ON, 2, 0), "",
	    "segments that were sent twice again were lost");
	is(closed(20, TCP_FIN_WAIT1, TIMER_PERSIST, 0, 0), "warning orphans",
	    "20 have peers whose window stays closed");
	ok(says(0, summary, "do not read") &&
		evidence(0, "window_closed") == 20 && evidence(0, "gone") == 0,
	    "these live");
	is(closed(20, TCP_FIN_WAIT1, TIMER_PERSIST, 3, 0), "warning orphans",
	    "20 had, and are gone");
	ok(says(0, summary, "are gone") && evidence(0, "gone") == 20,
	    "these do not");
	start();
	ADD(BEFORE, "10.0.0.5:80", "10.1.0.1:20000+", TCP_FIN_WAIT1, 90);
	ADD(NOW, "10.0.0.5:80", "10.1.0.1:30000+", TCP_FIN_WAIT1, 90,
	    .timer = TIMER_PERSIST);
	is(found(), "", "a window that was closed just now");
	start();
	ADD(BOTH, "10.0.0.5:80", "10.1.0.1:20000+", TCP_FIN_WAIT1, 90,
	    .timer = TIMER_ON, .retrans = 5, .inode = 100, .pid = 7);
	is(found(), "", "those of a process are no orphans");
}

static void
test_fin_wait2(void)
{
	is(stays_in(TCP_FIN_WAIT2, 19, 90), "", "19 stay half-closed");
	is(stays_in(TCP_FIN_WAIT2, 20, 0), "warning fin-wait2",
	    "20 stay half-closed");
	ok(says(0, summary, "7/app: 20 half-closed") &&
		says(0, remedy, "may be intended") &&
		evidence(0, "sockets") == 20,
	    "the finding names the process");
	is(found_once(), "note fin-wait2", "one sample gives a note");
	ok(says(0, summary, "one sample does not show"), "which says why");
	is(closed(99, TCP_FIN_WAIT2, TIMER_TIMEWAIT, 0, 0), "",
	    "99 peers do not close");
	is(closed(100, TCP_FIN_WAIT2, TIMER_TIMEWAIT, 0, 0), "note fin-wait2",
	    "100 peers do not close");
	ok(says(0, why, "tcp_fin_timeout (60 s)"), "the note has the time");
	now.limits.known[TCP_FIN_TIMEOUT] = false;
	found();
	ok(says(0, why, "(unknown s)"), "unless it is unknown");
}

static void
test_syn_sent(void)
{
	start();
	ADD(NOW, "10.0.0.5:50000+", "10.0.0.9:3306", TCP_SYN_SENT, 4,
	    .inode = 100, .timer = TIMER_ON, .retrans = 1, .pid = 7);
	ADD(NOW, "10.0.0.5:51000+", "10.0.0.9:3306", TCP_SYN_SENT, 90,
	    .inode = 200, .timer = TIMER_ON, .pid = 7);
	is(found(), "", "4 requests were sent again, and many once");
	ADD(NOW, "10.0.0.5:50004", "10.0.0.9:3306", TCP_SYN_SENT, .inode = 300,
	    .timer = TIMER_ON, .retrans = 1, .pid = 8);
	is(found(), "warning syn-sent", "5 requests were sent again");
	ok(says(0, summary,
	       "10.0.0.9:3306 does not answer 5 connection "
	       "requests from 7/app and others"),
	    "the finding names the peer, and who asks");
	ok(diagnosis.finding[0]->nprocesses == 2 &&
		diagnosis.finding[0]->process[1].pid == 8,
	    "both processes are there");
	ok(says(0, next, "nc -vzw3 10.0.0.9 3306"),
	    "the command has the port");
	ok(!result_of("syn-sent")->has_limit &&
		result_of("syn-sent")->value == 5,
	    "there is no limit of them");
	start();
	ADD(NOW, "10.0.0.5:50000+", "10.0.0.9:80", TCP_SYN_SENT, 5,
	    .inode = 100, .timer = TIMER_ON, .retrans = 1, .pid = 9);
	ADD(NOW, "10.0.0.5:51000+", "10.0.0.9:80", TCP_SYN_SENT, 5,
	    .inode = 200, .timer = TIMER_ON, .retrans = 1, .pid = 8);
	found();
	ok(says(0, summary, "from 8/app and others"),
	    "of two with as many, the one with the lower pid is named");
	start();
	ADD(NOW, "10.0.0.5:50000+", "10.1.0.1+:443", TCP_SYN_SENT, 5,
	    .inode = 100, .timer = TIMER_ON, .retrans = 1);
	is(found(), "warning syn-sent", "5 peers do not answer");
	ok(says(0, summary,
	       "5 peers do not answer 5 connection requests, "
	       "among them 10.1.0.1:443"),
	    "one finding is for all of them");
}

/* Connections whose peers may be dead, among others. */
static const char *
dead(unsigned n, uint8_t timer, uint8_t retrans, unsigned others)
{
	start();
	add_listener(BOTH, "0.0.0.0:80", 0, 128, 0, 7);
	ADD(BOTH, "10.0.0.5:80", "10.1.0.1+:40000", TCP_ESTABLISHED, n,
	    .inode = 100, .timer = timer, .retrans = retrans);
	if (others > 0)
		ADD(NOW, "10.0.0.5:80", "10.2.0.1+:40000", TCP_ESTABLISHED,
		    others, .inode = 9000, .timer = TIMER_KEEPALIVE);
	return found();
}

static void
test_dead_peers(void)
{
	is(dead(4, TIMER_ON, 3, 0), "", "4 peers do not answer");
	is(dead(5, TIMER_ON, 3, 0), "note dead-peers", "5 do not");
	is(dead(9, TIMER_ON, 3, 0), "note dead-peers", "9 do not");
	is(dead(10, TIMER_ON, 3, 0), "warning dead-peers", "10 do not");
	is(dead(10, TIMER_ON, 3, 190), "warning dead-peers", "10 of 200");
	ok(says(0, summary, "10 of 200 connections") &&
		says(0, summary, "(10 peers, such as 10.1.0.1)") &&
		says(0, why, "after at least 925 s (tcp_retries2 15)") &&
		says(0, why, "after 7,875 s") && evidence(0, "dead") == 10 &&
		evidence(0, "sent_again") == 10 &&
		evidence(0, "established") == 200,
	    "the finding has the times of this machine");
	is(dead(10, TIMER_ON, 3, 191), "note dead-peers", "10 of 201");
	is(dead(10, TIMER_KEEPALIVE, 3, 0), "warning dead-peers",
	    "10 answer no keepalive probes");
	ok(evidence(0, "probed") == 10, "these are probed");
	is(dead(10, TIMER_PERSIST, 3, 0), "warning dead-peers",
	    "10 answer no window probes");
	is(dead(9, TIMER_ON, 2, 0), "", "two losses are no dead peer");
	is(dead(9, TIMER_KEEPALIVE, 2, 0), "", "nor are two probes");
	start();
	ADD(BOTH, "10.0.0.5:80", "10.1.0.1:20000+", TCP_CLOSE_WAIT, 9,
	    .inode = 100, .timer = TIMER_ON, .retrans = 3);
	is(found(), "note dead-peers", "some may be in CLOSE_WAIT");
	ok(says(0, summary, "9 of 9"), "which counts them");
}

static void
test_last_ack(void)
{
	is(closed(19, TCP_LAST_ACK, TIMER_ON, 3, 0), "", "19 wait");
	is(closed(20, TCP_LAST_ACK, TIMER_ON, 3, 400), "warning last-ack",
	    "20 wait in LAST_ACK");
	ok(evidence(0, "last_ack") == 20 && says(0, summary, "10.1.0.1"),
	    "the finding names the peer");
	is(closed(20, TCP_LAST_ACK, TIMER_ON, 3, 401), "", "20 of 401");
	is(closed(20, TCP_LAST_ACK, TIMER_ON, 2, 0), "", "after two losses");
}

int
main(void)
{
	test_orphan_limit();
	test_orphans();
	test_fin_wait2();
	test_syn_sent();
	test_dead_peers();
	test_last_ack();
	return snapshots_done();
}
