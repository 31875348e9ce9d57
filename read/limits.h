/*
 * The kernel's counters and limits of TCP in a network namespace, from the
 * files next to its tables of sockets, and from /proc/sys.
 */
#ifndef READ_LIMITS_H
#define READ_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Each value, by the name that the kernel gives it.  Those from SYSCTL_FIRST
 * on are settings in /proc/sys; those before are of the namespace's directory
 * net, counters since the namespace was made, or amounts now.
 */
enum limit {
	/* net/snmp, Tcp */
	ACTIVE_OPENS,
	PASSIVE_OPENS,
	ATTEMPT_FAILS,
	ESTAB_RESETS,
	OUT_SEGS,
	RETRANS_SEGS,
	OUT_RSTS,
	/* net/netstat, TcpExt */
	SYNCOOKIES_SENT,
	SYNCOOKIES_RECV,
	TIMEWAITED, /* TW: entries made, of TIME_WAIT or FIN_WAIT2 */
	LISTEN_OVERFLOWS,
	LISTEN_DROPS,
	TIMEWAIT_OVERFLOW,
	REQQ_FULL_DO_COOKIES,
	REQQ_FULL_DROP,
	DEFER_ACCEPT_DROP,
	SYN_RETRANS,
	ABORT_ON_DATA,
	ABORT_ON_CLOSE,
	ABORT_ON_MEMORY,
	ABORT_ON_LINGER,
	MEMORY_PRESSURES,
	PRUNE_CALLED,
	RCV_PRUNED,
	RCVQ_DROP,
	/* net/sockstat, TCP; all but TW of the whole machine */
	SOCKSTAT_FIRST,
	SOCKSTAT_ORPHAN = SOCKSTAT_FIRST,
	SOCKSTAT_TW,
	SOCKSTAT_MEM, /* pages */
	SOCKSTAT_LAST = SOCKSTAT_MEM,
	/* net/protocols, TCP; of the whole machine; 0 or 1 */
	MEMORY_PRESS,

	SYSCTL_FIRST,
	IP_LOCAL_PORT_LOW = SYSCTL_FIRST, /* ip_local_port_range */
	IP_LOCAL_PORT_HIGH,
	TCP_TIMESTAMPS,
	TCP_TW_REUSE,
	TCP_TW_REUSE_DELAY, /* milliseconds; since Linux 6.14 */
	TCP_TW_RECYCLE,	    /* until Linux 4.12 */
	TCP_MAX_TW_BUCKETS,
	TCP_FIN_TIMEOUT,
	TCP_MAX_ORPHANS,
	TCP_ORPHAN_RETRIES,
	TCP_SYNCOOKIES,
	TCP_MAX_SYN_BACKLOG,
	TCP_SYN_RETRIES,
	TCP_SYN_LINEAR_TIMEOUTS, /* since Linux 6.5 */
	TCP_SYNACK_RETRIES,
	TCP_RETRIES1,
	TCP_RETRIES2,
	TCP_RTO_MIN_US, /* since Linux 6.11 */
	TCP_RTO_MAX_MS, /* since Linux 6.15 */
	TCP_KEEPALIVE_TIME,
	TCP_KEEPALIVE_INTVL,
	TCP_KEEPALIVE_PROBES,
	TCP_ABORT_ON_OVERFLOW,
	TCP_MEM_LOW, /* tcp_mem, in pages */
	TCP_MEM_PRESSURE,
	TCP_MEM_HIGH,
	CORE_SOMAXCONN,
	CONNTRACK_COUNT,
	CONNTRACK_MAX,
	FILE_NR, /* open files of the whole machine */
	FILE_MAX,
	NLIMITS
};

struct limits {
	bool known[NLIMITS];
	uint64_t value[NLIMITS]; /* 0 if not known */

	/*
	 * A bit for each of ip_local_reserved_ports; NULL if there are none.
	 * If the list could not be read to its end, reserved_known is false,
	 * and there are bits for those before the end.
	 */
	uint64_t *reserved;
	bool reserved_known;
};

/* The name of a value, as in the kernel's file: "TCPTimeWaitOverflow". */
const char *limit_name(enum limit limit);

/*
 * Read counters and amounts from a directory net ("/proc/self/net"), and
 * settings from a directory sys ("/proc/sys"), which always shows those of the
 * namespace that this process is in.  A value that cannot be read is not
 * known.  limits must be zeroed first, and freed with limits_free().
 *
 * Return 0 or the first errno value (see regular_open()).  On failure, *failed
 * is the path of the file from the directory, "" for the directory itself.  It
 * is no error that this user may not read a file, that a kernel or a copy does
 * not have it, or that a container hides it.
 */
int limits_read_net(
    struct limits *limits, const char *net, const char **failed);
int limits_read_sys(
    struct limits *limits, const char *sys, const char **failed);
void limits_free(struct limits *limits);

#endif
