/*
 * Tests the times that follow from settings against those that were measured,
 * and the words about the states: all are there, and all placeholders mean
 * something.
 */
#include "explain/expand.c"
#include "explain/states.c"
#include "explain/times.c"
#include "lib/conn.c"
#include "lib/interrupt.c"
#include "lib/print.c"
#include "lib/regular.c"
#include "read/limits.c"
#include "read/procfs.c"

#include "tap.h"

/*
 * Whether a time is right that was measured as seconds: the kernel's timers
 * may take an eighth longer.
 */
static bool
near(uint64_t ms, double seconds)
{
	return seconds * 1000 >= (double)ms &&
	    seconds * 1000 <= (double)ms * 9 / 8;
}

static void
set(struct limits *limits, enum limit limit, uint64_t value)
{
	limits->known[limit] = true;
	limits->value[limit] = value;
}

static uint64_t
syn_sent(uint64_t retries, uint64_t linear)
{
	struct limits limits = {0};

	set(&limits, TCP_SYN_RETRIES, retries);
	set(&limits, TCP_SYN_LINEAR_TIMEOUTS, linear);
	return time_syn_sent(&limits);
}

static uint64_t
syn_recv(uint64_t retries)
{
	struct limits limits = {0};

	set(&limits, TCP_SYNACK_RETRIES, retries);
	return time_syn_recv(&limits);
}

static uint64_t
retransmit(uint64_t retries)
{
	struct limits limits = {0};

	set(&limits, TCP_RETRIES2, retries);
	return time_retransmit(&limits);
}

static uint64_t
orphan(uint64_t retries)
{
	struct limits limits = {0};

	set(&limits, TCP_ORPHAN_RETRIES, retries);
	return time_orphan(&limits);
}

static uint64_t
keepalive(uint64_t time, uint64_t interval, uint64_t probes)
{
	struct limits limits = {0};

	set(&limits, TCP_KEEPALIVE_TIME, time);
	set(&limits, TCP_KEEPALIVE_INTVL, interval);
	set(&limits, TCP_KEEPALIVE_PROBES, probes);
	return time_keepalive(&limits);
}

/* Linux 6.18. */
static void
test_times(void)
{
	struct limits limits = {0};

	ok(syn_sent(6, 4) == 131000 && near(syn_sent(6, 4), 134.8),
	    "SYN_SENT: 1 1 1 1 1 2 4 8 16 32 64");
	ok(syn_sent(6, 0) == 127000, "before 6.5, without linear timeouts");
	ok(syn_sent(4, 4) == 35000, "fewer retries");
	ok(near(syn_sent(3, 4), 19.5) && near(syn_sent(2, 4), 7.1) &&
		near(syn_sent(1, 4), 3.1),
	    "the linear timeouts take their place");
	ok(near(syn_sent(3, 0), 15.38), "fewer, without linear timeouts");
	ok(syn_recv(5) == 63000 && near(syn_recv(5), 65),
	    "SYN_RECV: 1 2 4 8 16 32");
	ok(syn_recv(0) == 1000, "without a retry");
	ok(syn_recv(8) == 367000, "the interval is at most 120 s");
	ok(retransmit(15) == 924600, "tcp_retries2 15");
	ok(retransmit(8) == 102200, "tcp_retries2 8");
	ok(near(retransmit(5), 13.2), "tcp_retries2 5");
	ok(retransmit(0) == 600, "it retransmits once");
	ok(near(orphan(0), 108), "orphans: 0 means 8 retries");
	ok(orphan(8) == orphan(0), "as does 8");
	ok(orphan(2) == 1400, "tcp_orphan_retries 2");
	ok(keepalive(7200, 75, 9) == 7875000, "keepalive");
	ok(near(keepalive(4, 2, 3), 10.2), "keepalive, shorter");
	ok(time_syn_sent(&limits) == 131000 &&
		time_syn_recv(&limits) == 63000 &&
		time_retransmit(&limits) == 924600 &&
		time_orphan(&limits) == 102200 &&
		time_keepalive(&limits) == 7875000,
	    "the defaults");
}

/* Measured with Linux 6.18, as the comments say. */
static void
test_bounds(void)
{
	struct limits limits = {0};

	set(&limits, TCP_RTO_MAX_MS, 1000);
	ok(near(time_retransmit(&limits), 15.0),
	    "tcp_rto_max_ms 1000: 0.2 0.4 0.8 1 1 ...");
	/* 2.8 s */
	ok(time_orphan(&limits) == 1500, "no retry of an orphan after it");
	set(&limits, TCP_ORPHAN_RETRIES, 3);
	/* 3.7 s */
	ok(time_orphan(&limits) == 2400, "unless retries are set");
	ok(time_syn_sent(&limits) == 7000 && time_syn_recv(&limits) == 6000,
	    "SYN and SYN+ACK: 1 1 1 ...");
	set(&limits, TCP_RTO_MAX_MS, 2000);
	set(&limits, TCP_ORPHAN_RETRIES, 8);
	ok(near(time_orphan(&limits), 13.4), "tcp_rto_max_ms 2000");
	set(&limits, TCP_ORPHAN_RETRIES, 0);
	/* 5.4 s */
	ok(time_orphan(&limits) == 3000, "tcp_orphan_retries 0");
	set(&limits, TCP_RTO_MAX_MS, 0);
	ok(time_orphan(&limits) == 1500, "at least a second");
	set(&limits, TCP_RTO_MAX_MS, UINT64_MAX);
	ok(time_orphan(&limits) == 102200, "at most 120 s");
	set(&limits, TCP_RETRIES2, 5);
	set(&limits, TCP_RTO_MIN_US, 5000);
	ok(near(time_retransmit(&limits), 12.9),
	    "a lower tcp_rto_min_us does not make it shorter");
	set(&limits, TCP_RTO_MIN_US, 1000000);
	/* 16.5 s: 1 2 4 8 */
	ok(time_retransmit(&limits) == 12600,
	    "a higher one does not count as retries");
	set(&limits, TCP_RETRIES2, 1);
	ok(time_retransmit(&limits) == 3000, "but it retransmits once");
}

static void
test_nonsense(void)
{
	struct limits limits = {0};

	for (int i = 0; i < NLIMITS; i++)
		set(&limits, (enum limit)i, UINT64_MAX);
	ok(time_syn_sent(&limits) < UINT64_MAX / 2 &&
		time_syn_recv(&limits) < UINT64_MAX / 2 &&
		time_retransmit(&limits) < UINT64_MAX / 2 &&
		time_orphan(&limits) < UINT64_MAX / 2 &&
		time_keepalive(&limits) < UINT64_MAX / 2,
	    "nonsense overflows nothing");
	for (int i = 0; i < NLIMITS; i++)
		set(&limits, (enum limit)i, 0);
	ok(time_syn_sent(&limits) == 1000 && time_syn_recv(&limits) == 1000 &&
		time_retransmit(&limits) == 200 &&
		time_orphan(&limits) == 1500 && time_keepalive(&limits) == 0,
	    "nor does 0 everywhere end in a loop");
}

/* Tests the expansion of words, with the settings that are given. */
static void
expands(const struct limits *limits, const char *words, const char *wanted)
{
	char text[EXPANDED_TEXT];

	expand(words, limits, text);
	if (!ok(strcmp(text, wanted) == 0, "%s: %s", words, wanted))
		printf("# got: %s\n", text);
}

static void
test_values(void)
{
	struct limits limits = {0};

	expands(&limits, "none", "none");
	expands(
	    &limits, "a {tcp_fin_timeout} b", "a tcp_fin_timeout (unknown) b");
	expands(&limits, "{tcp_tw_reuse=}", "tcp_tw_reuse unknown");
	expands(&limits, "{syn_sent_time}", "131 s by default");
	expands(&limits, "{keepalive_time}", "7,875 s by default");
	expands(&limits, "{nonsense} {} {", "{nonsense} {} {");
	expands(&limits, "} {tcp_fin_timeout", "} {tcp_fin_timeout");
	set(&limits, TCP_FIN_TIMEOUT, 7);
	expands(&limits, "{tcp_fin_timeout}", "tcp_fin_timeout (7)");
	set(&limits, TCP_SYN_RETRIES, 6);
	expands(&limits, "{syn_sent_time}", "127 s");
	set(&limits, TCP_SYN_LINEAR_TIMEOUTS, 4);
	expands(&limits, "{syn_sent_time}", "131 s");
	set(&limits, TCP_RETRIES2, 15);
	expands(&limits, "{retransmit_time} ({tcp_retries2=})",
	    "924.6 s (tcp_retries2 15)");
	set(&limits, TCP_ORPHAN_RETRIES, 0);
	expands(&limits, "({tcp_orphan_retries=})",
	    "(tcp_orphan_retries 0: 8 retries)");
	set(&limits, TCP_MAX_TW_BUCKETS, 131072);
	expands(&limits, "{tcp_max_tw_buckets=}",
	    "tcp_max_tw_buckets 131,072 (used: unknown)");
	set(&limits, SOCKSTAT_TW, 660);
	expands(&limits, "{tcp_max_tw_buckets=}",
	    "tcp_max_tw_buckets 131,072 (0.5% used)");
	set(&limits, TCP_MAX_TW_BUCKETS, 0);
	expands(&limits, "{tcp_max_tw_buckets=}", "tcp_max_tw_buckets 0");
	set(&limits, TCP_TW_REUSE, 2);
	expands(&limits, "{tcp_tw_reuse=}",
	    "tcp_tw_reuse 2: new connections, loopback only");
	set(&limits, TCP_TIMESTAMPS, 0);
	expands(&limits, "{tcp_tw_reuse=}",
	    "tcp_tw_reuse 2: no effect without tcp_timestamps");
	set(&limits, TCP_TW_REUSE, 0);
	expands(&limits, "{tcp_tw_reuse=}", "tcp_tw_reuse 0: never");
	set(&limits, TCP_TW_REUSE, 1);
	set(&limits, TCP_TIMESTAMPS, 1);
	expands(&limits, "{tcp_tw_reuse=}",
	    "tcp_tw_reuse 1: for new outgoing connections");
	set(&limits, TCP_TW_REUSE, 9);
	expands(&limits, "{tcp_tw_reuse=}", "tcp_tw_reuse 9");
	set(&limits, IP_LOCAL_PORT_LOW, 32768);
	set(&limits, IP_LOCAL_PORT_HIGH, 60999);
	expands(&limits, "{ip_local_port_range=}",
	    "ip_local_port_range 32768-60999");
	set(&limits, TCP_FIN_TIMEOUT, UINT64_MAX);
	expands(&limits, "{tcp_fin_timeout}",
	    "tcp_fin_timeout (18,446,744,073,709,551,615)");
}

/* Longer text is cut. */
static void
test_length(void)
{
	struct limits limits = {0};
	char words[2 * EXPANDED_TEXT] = {0}, text[EXPANDED_TEXT];

	memset(words, 'x', sizeof(words) - 1);
	expand(words, &limits, text);
	ok(strlen(text) == EXPANDED_TEXT - 1, "longer text is cut");
}

static void
test_words(void)
{
	struct limits limits = {0};
	char text[EXPANDED_TEXT];
	bool good;

	for (int i = 0; i < NLIMITS; i++)
		set(&limits, (enum limit)i, UINT64_MAX);
	for (unsigned slot = 1; slot < NSTATES; slot++) {
		const char *const *words = state_words[slot];

		good = words[PART_SUMMARY] && words[PART_MEANING] &&
		    words[PART_BEGINS] && words[PART_ENDS] &&
		    words[PART_MANY] && words[PART_NEXT] &&
		    strlen(words[PART_SUMMARY]) <= 55;
		for (unsigned i = 0; i < NPARTS && good; i++) {
			expand(words[i] ? words[i] : "", &limits, text);
			good = !strpbrk(text, "{}") &&
			    strlen(text) < EXPANDED_TEXT - 1;
		}
		ok(good, "the words about %s", state_names[slot].netstat);
	}
	ok(state_words[STATE_UNKNOWN][PART_SUMMARY], "a summary of UNKNOWN");
}

int
main(void)
{
	test_times();
	test_bounds();
	test_nonsense();
	test_values();
	test_length();
	test_words();
	return tap_done();
}
