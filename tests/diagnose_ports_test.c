/*
 * Tests the checks of local ports and of TIME_WAIT: below, at and above each
 * threshold, and with what looks alike and is no trouble.
 */
#include "snapshots.h"

/* Takes n of the 400 ports to a database. */
static const char *
ports_taken(unsigned n, uint8_t state)
{
	start();
	ADD(NOW, "10.0.0.5:40000+", "10.0.0.9:3306", state, n,
	    .inode = state == TCP_TIME_WAIT ? 0 : 100, .pid = 7,
	    .expires = 30000);
	return found();
}

static void
test_ports(void)
{
	is(ports_taken(199, TCP_TIME_WAIT), "", "half of the ports are free");
	is(ports_taken(200, TCP_TIME_WAIT), "warning ephemeral-ports",
	    "half of the ports are taken");
	ok(says(0, why, "each connect() spends milliseconds"),
	    "connect() is slow then");
	is(ports_taken(359, TCP_TIME_WAIT), "warning ephemeral-ports",
	    "nearly nine tenths of the ports are taken");
	is(ports_taken(360, TCP_TIME_WAIT), "critical ephemeral-ports",
	    "nine tenths of the ports are taken");
	ok(says(0, summary,
	       "10.0.0.5 -> 10.0.0.9:3306 has used 360 of 400 local ports "
	       "(360 in TIME_WAIT)"),
	    "the finding names both ends and the figures");
	ok(says(0, remedy, "tcp_tw_reuse=1"), "tcp_tw_reuse is advised");
	ok(says(0, no_remedy, "tcp_fin_timeout"), "tcp_fin_timeout is not");
	ok(evidence(0, "used") == 360 && evidence(0, "usable") == 400 &&
		evidence(0, "time_wait") == 360 &&
		evidence(0, "established") == 0,
	    "the evidence of ports in TIME_WAIT");
	ok(result_of("ephemeral-ports")->value == 360 &&
		result_of("ephemeral-ports")->limit == 400,
	    "the value and limit of the ports");
	is(ports_taken(360, TCP_ESTABLISHED), "critical ephemeral-ports",
	    "open connections take ports, too");
	ok(says(0, summary, "(360 in ESTABLISHED)") &&
		evidence(0, "established") == 360 &&
		says(0, remedy, "7/app") && says(0, next, "--rport=3306"),
	    "a program that has them is named");
	is(ports_taken(400, TCP_SYN_RECV), "", "SYN_RECV takes no port");
	is(ports_taken(400, TCP_CLOSE), "", "CLOSE takes no port");
	is(ports_taken(360, TCP_FIN_WAIT2), "critical ephemeral-ports",
	    "any other state takes ports");
}

static void
test_usable_ports(void)
{
	uint64_t *reserved = calloc(PORT_WORDS, sizeof(*reserved));

	start();
	set(IP_LOCAL_PORT_HIGH, 40059);
	ADD(NOW, "10.0.0.5:40000+", "10.0.0.9:80", TCP_TIME_WAIT, 49);
	is(found(), "", "49 sockets of a small range are no finding");
	ADD(NOW, "10.0.0.5:40049", "10.0.0.9:80", TCP_TIME_WAIT);
	is(found(), "warning ephemeral-ports", "50 of it are");

	start();
	for (unsigned p = 40200; reserved && p < 40400; p++)
		reserved[p / 64] |= UINT64_C(1) << p % 64;
	now.limits.reserved = reserved;
	ADD(NOW, "10.0.0.5:40000+", "10.0.0.9:80", TCP_TIME_WAIT, 99);
	is(found(), "", "less than half of the ports that are not reserved");
	ADD(NOW, "10.0.0.5:40099", "10.0.0.9:80", TCP_TIME_WAIT);
	is(found(), "warning ephemeral-ports", "half of them");

	start();
	for (unsigned p = 40200; p < 40400; p++)
		now.bound[p / 64] |= UINT64_C(1) << p % 64;
	ADD(NOW, "10.0.0.5:40000+", "10.0.0.9:80", TCP_TIME_WAIT, 180);
	is(found(), "critical ephemeral-ports",
	    "connect() cannot use ports that were bound");

	start();
	set(IP_LOCAL_PORT_LOW, 50000);
	ADD(NOW, "10.0.0.5:40000+", "10.0.0.9:80", TCP_TIME_WAIT, 400);
	found();
	ok(result_of("ephemeral-ports")->limit == 28232,
	    "a range that cannot be is taken for the default");

	start();
	set(ACTIVE_OPENS, 0);
	grow(ACTIVE_OPENS, 300);
	ADD(NOW, "10.0.0.5:40000+", "10.0.0.9:80", TCP_TIME_WAIT, 200);
	found();
	ok(says(0, why, "40000 to 40399, and 100 connections a second"),
	    "a rate that uses up the ports is a reason");
	grow(ACTIVE_OPENS, 20);
	found();
	ok(says(0, why, "40000 to 40399") && !says(0, why, "a second"),
	    "a rate at which ports come back in time is none");
}

static void
test_ports_of_families(void)
{
	start();
	ADD(NOW, "10.0.0.5:40000+", "10.0.0.9:80", TCP_TIME_WAIT, 180);
	ADD(NOW, "10.0.0.5:40180+", "10.0.0.9:80", TCP_TIME_WAIT, 180,
	    .family = FAMILY_TCP6);
	is(found(), "critical ephemeral-ports",
	    "IPv4 and IPv4-mapped sockets share ports");
	start();
	ADD(NOW, "[2001:db8::5]:40000+", "[2001:db8::9]:80", TCP_TIME_WAIT,
	    360);
	is(found(), "critical ephemeral-ports", "IPv6 has ports, too");
	ok(says(0, summary, "2001:db8::5 -> [2001:db8::9]:80"),
	    "an IPv6 address with a port is in brackets");
}

static void
test_ports_that_look_alike(void)
{
	start();
	add_listener(BOTH, "0.0.0.0:40000", 0, 128, 0, 7);
	ADD(NOW, "10.0.0.5:40000", "10.1.0.1+:50000", TCP_TIME_WAIT, 9000);
	is(found(), "note settings", "TIME_WAIT of a service's clients");
	start();
	for (unsigned i = 0; i < 20; i++) {
		char service[32];

		snprintf(service, sizeof(service), "10.0.0.%u:80", 20 + i);
		ADD(NOW, "10.0.0.5:40000+", service, TCP_TIME_WAIT, 199);
	}
	is(found(), "", "many services share the ports");
	start();
	ADD(NOW, "127.0.0.1:40000+", "127.0.0.1:80", TCP_TIME_WAIT, 390,
	    .expires = 30000);
	is(found(), "", "tcp_tw_reuse 2 frees ports of the loopback address");
	start();
	ADD(NOW, "[::1]:40000+", "[::1]:80", TCP_TIME_WAIT, 390,
	    .expires = 30000);
	is(found(), "", "that of IPv6, too");
	start();
	ADD(NOW, "10.0.0.5:40000+", "10.0.0.5:80", TCP_TIME_WAIT, 360,
	    .expires = 30000);
	is(found(), "critical ephemeral-ports",
	    "but not of other addresses of this machine");
}

/* All ports in TIME_WAIT, for so many milliseconds. */
static const char *
reused_after(uint32_t age, uint64_t reuse, uint64_t timestamps)
{
	start();
	set(TCP_TW_REUSE, reuse);
	set(TCP_TIMESTAMPS, timestamps);
	ADD(NOW, "10.0.0.5:40000+", "10.0.0.9:80", TCP_TIME_WAIT, 400,
	    .expires = 60000 - age);
	return found();
}

static void
test_reused_ports(void)
{
	is(reused_after(1001, 1, 1), "", "tcp_tw_reuse frees ports");
	is(reused_after(1000, 1, 1), "critical ephemeral-ports",
	    "but none that is a second old");
	ok(!says(0, remedy, "sysctl"), "what is on already is not advised");
	is(reused_after(1001, 1, 0), "critical ephemeral-ports, note settings",
	    "nor without timestamps");
	ok(says(0, remedy, "tcp_timestamps=1"), "which are advised then");
	start();
	ADD(NOW, "127.0.0.1:40000+", "10.0.0.9:80", TCP_TIME_WAIT, 400,
	    .expires = 30000);
	is(found(), "", "tcp_tw_reuse 2 frees those with one loopback end");
	is(reused_after(30000, 0, 1), "critical ephemeral-ports",
	    "nor if it is off");
	reused_after(2000, 1, 1);
	set(TCP_TW_REUSE_DELAY, 2000);
	is(found(), "critical ephemeral-ports", "nor before its delay");
	reused_after(2001, 1, 1);
	set(TCP_TW_REUSE_DELAY, 2000);
	is(found(), "", "but after it");
}

/* Connections with a port of their own, to four destinations. */
static const char *
ports_bound(unsigned ports, unsigned shared)
{
	start();
	ADD(NOW, "10.0.0.5:40000+", "10.0.0.9:80", TCP_ESTABLISHED, 90,
	    .inode = 100);
	ADD(NOW, "10.0.0.5:40090+", "10.0.0.9:81", TCP_ESTABLISHED, 90,
	    .inode = 200);
	ADD(NOW, "10.0.0.5:40180+", "10.0.0.9:82", TCP_ESTABLISHED, 90,
	    .inode = 300);
	ADD(NOW, "10.0.0.5:40270+", "10.0.0.9:83", TCP_ESTABLISHED,
	    ports - 270, .inode = 400);
	if (shared > 0)
		ADD(NOW, "10.0.0.5:40000+", "10.0.0.9:84", TCP_ESTABLISHED,
		    shared, .inode = 500);
	return found();
}

static void
test_bound_ports(void)
{
	is(ports_bound(359, 0), "", "a tenth is left of ports that are bound");
	is(ports_bound(360, 0), "critical ephemeral-ports",
	    "nine tenths of the ports are bound");
	ok(says(0, summary, "360 connections to 4 destinations") &&
		says(0, remedy, "IP_BIND_ADDRESS_NO_PORT"),
	    "the finding says what to set");
	is(ports_bound(360, 18), "critical ephemeral-ports",
	    "a twentieth of them is shared by chance");
	is(ports_bound(360, 19), "", "ports that are shared are not bound");
	start();
	ADD(NOW, "127.0.0.1:40000+", "127.0.0.1:80", TCP_TIME_WAIT, 390,
	    .expires = 30000);
	ADD(NOW, "127.0.0.1:40000+", "127.0.0.1:81", TCP_ESTABLISHED, 8,
	    .inode = 100);
	ADD(NOW, "127.0.0.1:40008+", "127.0.0.1:82", TCP_ESTABLISHED, 8,
	    .inode = 200);
	is(found(), "", "most are of one destination, and can be reused");
}

/* Ports with a connection each, half of them to each of two destinations. */
static const char *
few_ports_bound(unsigned range, unsigned first, unsigned second)
{
	char local[32];

	start();
	set(IP_LOCAL_PORT_HIGH, 40000 + range - 1);
	ADD(NOW, "10.0.0.5:40000+", "10.0.0.9:80", TCP_ESTABLISHED, first,
	    .inode = 100);
	snprintf(local, sizeof(local), "10.0.0.5:%u+", 40000 + first);
	ADD(NOW, local, "10.0.0.9:81", TCP_ESTABLISHED, second, .inode = 900);
	return found();
}

static void
test_few_bound_ports(void)
{
	is(few_ports_bound(54, 25, 24), "", "49 bound ports of a small range");
	is(few_ports_bound(52, 25, 25), "critical ephemeral-ports",
	    "50 of it, to two destinations");
}

static void
test_several_destinations(void)
{
	start();
	for (unsigned i = 0; i < 7; i++) {
		char service[32];

		snprintf(service, sizeof(service), "10.0.0.%u:80", 20 + i);
		ADD(NOW, "10.0.0.5:40000+", service, TCP_TIME_WAIT, 355 + i);
	}
	is(found(),
	    "critical ephemeral-ports, critical ephemeral-ports, warning "
	    "ephemeral-ports, warning ephemeral-ports, warning "
	    "ephemeral-ports",
	    "the five largest of seven, the worst first");
	ok(says(0, summary, "361 of") && says(4, summary, "357 of") &&
		result_of("ephemeral-ports")->omitted == 2,
	    "the other two are counted");
	ok(diagnosis.number[CRITICAL] == 2 && diagnosis.number[WARNING] == 5,
	    "in the numbers by severity, too");
}

static const char *
time_wait(uint64_t tw, uint64_t lost_before, uint64_t lost)
{
	start();
	set(TCP_MAX_TW_BUCKETS, 20000);
	set(SOCKSTAT_TW, tw);
	set(TIMEWAIT_OVERFLOW, lost_before);
	grow(TIMEWAIT_OVERFLOW, lost);
	return found();
}

static void
test_time_wait(void)
{
	is(time_wait(17999, 0, 0), "", "a tenth of the entries is free");
	is(time_wait(18000, 0, 0), "warning time-wait-limit",
	    "nine tenths of the entries are in use");
	ok(says(0, summary,
	       "18,000 entries are in use; tcp_max_tw_buckets allows "
	       "20,000") &&
		says(0, remedy, "40,000 entries take 10 MiB"),
	    "the finding has the limit, and what a higher one costs");
	is(time_wait(20000, 9, 0), "warning time-wait-limit",
	    "all are, and there was an overflow in the past");
	is(time_wait(20000, 9, 1), "critical time-wait-limit",
	    "one connection skipped TIME_WAIT just now");
	ok(says(0, summary, "1 connections skipped") &&
		evidence(0, "overflows") == 10 &&
		evidence(0, "overflows_now") == 1,
	    "the finding has the growth");
	is(time_wait(5, 9, 0), "note time-wait-limit",
	    "connections skipped TIME_WAIT in the past");
	ok(says(0, summary, "9 connections since the start"),
	    "the note says so");
	start();
	set(TCP_MAX_TW_BUCKETS, 0);
	is(found(), "note settings", "0 of 0 entries are not too many");
	start();
	forget(TCP_MAX_TW_BUCKETS);
	is(found(), "", "a limit that is not known cannot be reached");
	ok(is_skipped("time-wait-limit", "tcp_max_tw_buckets cannot be read"),
	    "the check is skipped");
}

int
main(void)
{
	test_ports();
	test_usable_ports();
	test_ports_of_families();
	test_ports_that_look_alike();
	test_reused_ports();
	test_bound_ports();
	test_few_bound_ports();
	test_several_destinations();
	test_time_wait();
	return snapshots_done();
}
