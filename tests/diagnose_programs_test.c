/*
 * Tests the checks of programs: CLOSE_WAIT, memory and descriptors: below, at
 * and above each threshold, and with what looks alike and is no trouble.
 */
#include "snapshots.h"

static void
test_close_wait(void)
{
	is(stays_in(TCP_CLOSE_WAIT, 9, 900), "", "9 stay in CLOSE_WAIT");
	is(stays_in(TCP_CLOSE_WAIT, 10, 900), "warning close-wait-leak",
	    "10 stay in CLOSE_WAIT");
	ok(says(0, summary, "7/app: 10 sockets") &&
		says(0, next, "/proc/7/fd") && says(0, why, "missing close()"),
	    "the finding names the process, and the mistake");
	is(stays_in(TCP_CLOSE_WAIT, 999, 0), "warning close-wait-leak",
	    "999 stay in CLOSE_WAIT");
	is(stays_in(TCP_CLOSE_WAIT, 1000, 0), "critical close-wait-leak",
	    "1,000 stay in CLOSE_WAIT");
	ok(says(0, summary, "1,000"), "numbers have commas");
	is(stays_in(TCP_CLOSE_WAIT, 49, 0), "warning close-wait-leak",
	    "nearly half of the descriptors");
	add_process(7, 60, 100, 50);
	is(found(), "warning close-wait-leak", "the limit is known");
	stays_in(TCP_CLOSE_WAIT, 50, 0);
	add_process(7, 60, 100, 50);
	is(found(), "critical close-wait-leak", "half of the descriptors");
	ok(says(0, summary, "; its limit is 100 descriptors") &&
		evidence(0, "descriptor_limit") == 100 &&
		evidence(0, "sockets") == 50 && evidence(0, "end_read") == 50,
	    "the evidence has the limit");
}

static void
test_close_wait_that_looks_alike(void)
{
	start();
	ADD(BEFORE, "10.0.0.5:80", "10.1.0.1:20000+", TCP_CLOSE_WAIT, 500,
	    .inode = 100, .pid = 7);
	ADD(NOW, "10.0.0.5:80", "10.1.0.1:20000+", TCP_CLOSE_WAIT, 500,
	    .inode = 5000, .pid = 7);
	is(found(), "", "other sockets with the same ends do not stay");
	start();
	ADD(BEFORE, "10.0.0.5:80", "10.1.0.1:20000+", TCP_ESTABLISHED, 500,
	    .inode = 100, .recv_q = 1, .pid = 7);
	ADD(NOW, "10.0.0.5:80", "10.1.0.1:20000+", TCP_CLOSE_WAIT, 500,
	    .inode = 100, .pid = 7);
	is(found(), "", "what was in another state does not stay");
	start();
	add_listener(BOTH, "0.0.0.0:80", 4, 128, 0, 7);
	ADD(BOTH, "10.0.0.5:80", "10.1.0.1:20000+", TCP_CLOSE_WAIT, 4);
	is(found(), "", "what waits to be accepted is no leak");
	start();
	for (uint32_t pid = 1; pid <= 20; pid++) {
		char peer[32];

		snprintf(peer, sizeof(peer), "10.1.0.%u:20000+", pid);
		ADD(BOTH, "10.0.0.5:80", peer, TCP_CLOSE_WAIT, 9,
		    .inode = 100 * pid, .pid = pid);
	}
	is(found(), "", "9 sockets of each of 20 processes");
}

static const char *
unread_by(uint32_t recv_q)
{
	start();
	ADD(BOTH, "10.0.0.5:80", "10.1.0.1:20000+", TCP_CLOSE_WAIT, 10,
	    .inode = 100, .recv_q = recv_q, .pid = 7);
	found();
	return diagnosis.n > 0 ? diagnosis.finding[0]->why : "";
}

static void
test_close_wait_reasons(void)
{
	ok(strstr(unread_by(0), "has read the end"), "the end was read");
	ok(strstr(unread_by(1), "does not read them at all") &&
		evidence(0, "end_unread") == 10,
	    "only the end was not read");
	ok(strstr(unread_by(2), "does not even read") &&
		evidence(0, "data_unread") == 10,
	    "not even data were read");
	start();
	ADD(NOW, "10.0.0.5:80", "10.1.0.1:20000+", TCP_CLOSE_WAIT, 10,
	    .inode = 100, .idle = 59999, .pid = 7);
	is(found(), "", "no segment came for less than a minute");
	start();
	ADD(NOW, "10.0.0.5:80", "10.1.0.1:20000+", TCP_CLOSE_WAIT, 10,
	    .inode = 100, .idle = 60000, .pid = 7);
	is(found(), "warning close-wait-leak",
	    "no segment came for a minute, so that they have stayed");
	is(found_once(), "warning close-wait-leak",
	    "one sample is enough for that");
	ok(!says(0, summary, "one sample"), "it is no doubt");
	start();
	ADD(NOW, "10.0.0.5:80", "10.1.0.1:20000+", TCP_CLOSE_WAIT, 1000,
	    .inode = 100, .pid = 7);
	is(found_once(), "note close-wait-leak", "else it is a note");
	ok(says(0, summary, "one sample does not show"), "which says why");
}

static const char *
memory(uint64_t pages, uint64_t press)
{
	start();
	ADD(BOTH, "10.0.0.5:80", "10.1.0.1:20000", TCP_ESTABLISHED,
	    .inode = 100, .recv_q = 1048576, .pid = 7,
	    .timer = TIMER_KEEPALIVE);
	ADD(BOTH, "10.0.0.5:80", "10.1.0.2:20000+", TCP_ESTABLISHED, 3,
	    .inode = 200, .send_q = 1048575 / 3, .pid = 8,
	    .timer = TIMER_KEEPALIVE);
	set(SOCKSTAT_MEM, pages);
	set(MEMORY_PRESS, press);
	return found();
}

static void
test_memory(void)
{
	is(memory(799, 0), "", "nearly 80 percent of tcp_mem");
	is(memory(800, 0), "warning tcp-memory", "80 percent of tcp_mem");
	is(memory(999, 0), "warning tcp-memory", "nearly all of it");
	is(memory(1000, 0), "critical tcp-memory", "all of it");
	ok(says(0, summary, "1,000 pages") &&
		says(0, why, "1,024 KiB, wait to be read by 7/app") &&
		evidence(0, "pages") == 1000 &&
		evidence(0, "pressure_pages") == 1000,
	    "the finding names the process that does not read");
	ADD(NOW, "10.0.0.5:80", "10.1.0.3:20000", TCP_ESTABLISHED,
	    .inode = 300, .send_q = 1048576, .pid = 8,
	    .timer = TIMER_KEEPALIVE);
	found();
	ok(says(0, why, "wait for the peers of 8/app"), "or its peers do not");
	is(memory(10, 1), "critical tcp-memory", "the kernel saves memory");
	forget(TCP_MEM_PRESSURE);
	is(found(), "critical tcp-memory", "that needs no tcp_mem");
	forget(MEMORY_PRESS);
	is(found(), "", "neither is known");
	ok(is_skipped("tcp-memory", "tcp_mem"), "it is skipped");
}

static const char *
descriptors(uint64_t open, uint64_t sockets)
{
	start();
	add_process(7, open, 100, sockets);
	return found();
}

static void
test_descriptors(void)
{
	is(descriptors(89, 89), "", "89 of 100 descriptors");
	ok(result_of("fd-limit")->value == 89 &&
		result_of("fd-limit")->limit == 100,
	    "are the value of the check");
	is(descriptors(90, 45), "warning fd-limit", "90 of 100 descriptors");
	is(descriptors(90, 44), "", "most of which are no sockets");
	is(descriptors(96, 96), "warning fd-limit", "96 of 100 descriptors");
	is(descriptors(97, 97), "critical fd-limit", "97 of 100 descriptors");
	ok(says(0, summary,
	       "7/app has 97 of 100 descriptors open (97 sockets)") &&
		says(0, remedy, "prlimit --pid 7 --nofile=524288") &&
		evidence(0, "open") == 97 && evidence(0, "limit") == 100,
	    "the finding names the process and the command");
	start();
	add_process(7, 60000, UINT64_MAX, 60000);
	add_process(8, 5, 0, 5);
	is(found(), "", "no limit, or one of 0");
	start();
	for (uint32_t pid = 1; pid <= 6; pid++)
		add_process(pid, 90, 100, 90);
	add_process(7, 97, 100, 97);
	add_process(8, 91, 100, 91);
	is(found(),
	    "critical fd-limit, warning fd-limit, warning fd-limit, warning "
	    "fd-limit, warning fd-limit",
	    "the worst process is the seventh");
	ok(says(0, subject, "7/app") && says(1, subject, "8/app") &&
		result_of("fd-limit")->omitted == 3,
	    "it comes first, and three are left out");
	start();
	set(FILE_NR, 899999);
	is(found(), "", "nearly 90 percent of file-max");
	set(FILE_NR, 900000);
	is(found(), "warning fd-limit", "90 percent of it");
	ok(says(0, subject, "file-max"), "is of the machine");
}

static void
test_hidden_processes(void)
{
	start();
	now.processes.hidden = true;
	is(found(), "", "processes of others are hidden");
	ok(is_skipped("fd-limit", "needs root"), "they are not called well");
	add_process(7, 97, 100, 97);
	is(found(), "critical fd-limit", "one's own are seen");
	ok(strstr(result_of("fd-limit")->reason, "needs root"),
	    "others may be as bad");
	start();
	now.no_processes = true;
	found();
	ok(is_skipped("fd-limit", "no processes"), "there are none");
	start();
	now.owners_hidden = true;
	ADD(BOTH, "10.0.0.5:80", "10.1.0.1:20000+", TCP_CLOSE_WAIT, 12,
	    .inode = 100);
	is(found(), "note close-wait-leak",
	    "sockets of unknown processes may be those of many");
	ok(says(0, summary, "unknown processes: 12 sockets") &&
		strstr(result_of("close-wait-leak")->reason, "needs root"),
	    "that is said");
	now.copy = true;
	found();
	ok(strstr(result_of("close-wait-leak")->reason, "the copy"),
	    "a copy does not have them, even for root");
	now.no_processes = true;
	found();
	ok(strstr(result_of("close-wait-leak")->reason, "no processes"),
	    "a file has none at all");
	start();
	now.owners_hidden = true;
	ADD(BOTH, "10.0.0.5:80", "10.1.0.1:20000+", TCP_CLOSE_WAIT, 6,
	    .inode = 100);
	ADD(BOTH, "10.0.0.5:80", "10.1.0.2:20000+", TCP_CLOSE_WAIT, 6,
	    .inode = 200, .pid = 7);
	is(found(), "", "too few of one process, as far as it is known");
	ok(is_skipped("close-wait-leak", "needs root"),
	    "but the others may be of the same one");
}

int
main(void)
{
	test_close_wait();
	test_close_wait_that_looks_alike();
	test_close_wait_reasons();
	test_memory();
	test_descriptors();
	test_hidden_processes();
	return snapshots_done();
}
