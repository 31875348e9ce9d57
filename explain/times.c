/*
 * Sums of the intervals after which the kernel tries again.
 */
#include "explain/times.h"

/* Milliseconds (include/net/tcp.h). */
enum {
	SYN_FIRST = 1000, /* TCP_TIMEOUT_INIT */
	RTO_MIN = 200,	  /* TCP_RTO_MIN */
	RTO_MAX = 120000, /* TCP_RTO_MAX_SEC */
};

/* The bounds of retransmission timeouts, milliseconds. */
struct rto {
	uint64_t min, max;
};

/* Bounds a setting, so that no sum overflows. */
static uint64_t
bounded(uint64_t setting)
{
	return setting < 1000000 ? setting : 1000000;
}

/* Returns the timeout after one of that length. */
static uint64_t
next_timeout(uint64_t timeout, uint64_t max)
{
	return 2 * timeout < max ? 2 * timeout : max;
}

/* Sums up the first timeout and those of n retries. */
static uint64_t
backoff(uint64_t timeout, uint64_t n, uint64_t max)
{
	uint64_t sum = timeout;

	for (n = bounded(n); n > 0; n--) {
		timeout = next_timeout(timeout, max);
		sum += timeout;
	}
	return sum;
}

/*
 * The kernel computes when to give up from TCP_RTO_MIN, whatever
 * tcp_rto_min_us is, but retransmits once before (net/ipv4/tcp_timer.c,
 * retransmits_timed_out).
 */
static uint64_t
retransmit_time(uint64_t retries, const struct rto *rto)
{
	uint64_t once = backoff(rto->min, 1, rto->max);
	uint64_t time = backoff(RTO_MIN, retries, rto->max);

	return time > once ? time : once;
}

/*
 * 0 means 8 retries, and none after a timeout of tcp_rto_max_ms
 * (net/ipv4/tcp_timer.c, tcp_orphan_retries).  That timeout follows one of at
 * least half its length.
 */
static uint64_t
orphan_time(uint64_t retries, const struct rto *rto)
{
	uint64_t time = retransmit_time(retries > 0 ? retries : 8, rto);
	uint64_t longest = rto->max + rto->max / 2;

	return retries > 0 || time < longest ? time : longest;
}

/* Returns a setting, or the default if it is not known. */
static uint64_t
setting(const struct limits *limits, enum limit limit, uint64_t default_value)
{
	return limits->known[limit] ? limits->value[limit] : default_value;
}

/* Returns the bounds in force; those that no kernel allows are corrected. */
static struct rto
rto_of(const struct limits *limits)
{
	uint64_t min = setting(limits, TCP_RTO_MIN_US, RTO_MIN * 1000) / 1000;
	uint64_t max = setting(limits, TCP_RTO_MAX_MS, RTO_MAX);

	max = max > RTO_MAX ? RTO_MAX : max < 1000 ? 1000 : max;
	return (struct rto){min < max ? min : max, max};
}

/*
 * The linear timeouts come first, but the kernel gives up at the first timeout
 * at which as much time has passed as without them.
 */
uint64_t
time_syn_sent(const struct limits *limits)
{
	struct rto rto = rto_of(limits);
	/* Kernels before 6.5 have no linear timeouts. */
	bool old = limits->known[TCP_SYN_RETRIES];
	uint64_t linear =
	    bounded(setting(limits, TCP_SYN_LINEAR_TIMEOUTS, old ? 0 : 4));
	uint64_t least =
	    backoff(SYN_FIRST, setting(limits, TCP_SYN_RETRIES, 6), rto.max);
	uint64_t timeout = SYN_FIRST, sum = timeout;

	while (sum < least) {
		if (linear > 0)
			linear--;
		else
			timeout = next_timeout(timeout, rto.max);
		sum += timeout;
	}
	return sum;
}

uint64_t
time_syn_recv(const struct limits *limits)
{
	return backoff(SYN_FIRST, setting(limits, TCP_SYNACK_RETRIES, 5),
	    rto_of(limits).max);
}

uint64_t
time_retransmit(const struct limits *limits)
{
	struct rto rto = rto_of(limits);

	return retransmit_time(setting(limits, TCP_RETRIES2, 15), &rto);
}

uint64_t
time_orphan(const struct limits *limits)
{
	struct rto rto = rto_of(limits);

	return orphan_time(setting(limits, TCP_ORPHAN_RETRIES, 0), &rto);
}

uint64_t
time_keepalive(const struct limits *limits)
{
	return 1000 *
	    (bounded(setting(limits, TCP_KEEPALIVE_TIME, 7200)) +
		bounded(setting(limits, TCP_KEEPALIVE_INTVL, 75)) *
		    bounded(setting(limits, TCP_KEEPALIVE_PROBES, 9)));
}
