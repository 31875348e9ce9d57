/*
 * Checks of settings, and of connection tracking.
 */
#include "explain/check.h"

/* A setting that is worth a finding if unusual() says so. */
struct setting {
	enum limit limit;
	bool (*unusual)(const struct checkup *c);
	enum severity severity;
	const char *why;
	const char *remedy;
};

static bool
recycles(const struct checkup *c)
{
	return value(c, TCP_TW_RECYCLE) == 1;
}

static bool
has_few_buckets(const struct checkup *c)
{
	return value(c, TCP_MAX_TW_BUCKETS) < 16384;
}

static bool
reuses_in_vain(const struct checkup *c)
{
	return value(c, TCP_TW_REUSE) == 1 && knows(c, TCP_TIMESTAMPS) &&
	    value(c, TCP_TIMESTAMPS) == 0;
}

static bool
has_odd_cookies(const struct checkup *c)
{
	return value(c, TCP_SYNCOOKIES) != 1;
}

static bool
aborts(const struct checkup *c)
{
	return value(c, TCP_ABORT_ON_OVERFLOW) != 0;
}

static bool
gives_up_early(const struct checkup *c)
{
	return value(c, TCP_RETRIES2) < 8;
}

static bool
has_small_backlogs(const struct checkup *c)
{
	return value(c, CORE_SOMAXCONN) <= 128;
}

static bool
has_one_parity(const struct checkup *c)
{
	struct port_range range = snapshot_port_range(&c->now->limits);

	return knows(c, IP_LOCAL_PORT_HIGH) && range.low % 2 == range.high % 2;
}

/*
 * Returns the port of a listener that a connection may take before the
 * listener starts; 0 if there is none.
 */
static uint16_t
overlapping_port(const struct checkup *c)
{
	struct port_range range = snapshot_port_range(&c->now->limits);

	for (size_t i = 0; i < c->now->listeners.n; i++) {
		uint16_t port = c->now->listeners.socket[i].conn.lport;

		if (port_in_range(&range, port) &&
		    !(c->now->limits.reserved &&
			port_is_set(c->now->limits.reserved, port)))
			return port;
	}
	return 0;
}

static bool
overlaps(const struct checkup *c)
{
	return overlapping_port(c) > 0;
}

static const struct setting settings[] = {
    {TCP_TW_RECYCLE, recycles, WARNING,
	"it drops connections of clients behind NAT, whose timestamps differ",
	"sysctl net.ipv4.tcp_tw_recycle=0"},
    {TCP_MAX_TW_BUCKETS, has_few_buckets, NOTE,
	"connections over it skip TIME_WAIT and its protection; an entry "
	"takes "
	"256 bytes",
	"the kernel's default, or more"},
    {TCP_TW_REUSE, reuses_in_vain, NOTE,
	"without tcp_timestamps it has no effect",
	"sysctl net.ipv4.tcp_timestamps=1"},
    {TCP_SYNCOOKIES, has_odd_cookies, NOTE,
	"0: a SYN flood keeps clients out; 2: all connections get cookies, "
	"which is meant for testing",
	"sysctl net.ipv4.tcp_syncookies=1"},
    {TCP_ABORT_ON_OVERFLOW, aborts, NOTE,
	"in a short burst clients get errors, although a retry would have "
	"succeeded",
	"sysctl net.ipv4.tcp_abort_on_overflow=0"},
    {TCP_RETRIES2, gives_up_early, NOTE,
	"all connections break after short outages; RFC 1122 recommends at "
	"least 100 s, that is 8",
	"8 or more; TCP_USER_TIMEOUT for sockets that need less"},
    {CORE_SOMAXCONN, has_small_backlogs, NOTE,
	"it limits the backlog of all listeners; the default is 4096 since "
	"Linux 5.4",
	"sysctl net.core.somaxconn=4096"},
    {IP_LOCAL_PORT_LOW, has_one_parity, NOTE,
	"both ends are even or both are odd: connect() and bind() do not "
	"share "
	"the range evenly",
	"one even and one odd end"},
    {IP_LOCAL_PORT_LOW, overlaps, NOTE,
	"a listener has a port inside of it that is not reserved: a "
	"connection "
	"may take the port while the listener restarts",
	"add the port to ip_local_reserved_ports, or listen outside of the "
	"range"},
};

enum { NSETTINGS = sizeof(settings) / sizeof(settings[0]) };

static void
add_setting(struct checkup *c, const struct setting *setting)
{
	struct finding *f = find(
	    c, setting->severity, NSETTINGS - (uint64_t)(setting - settings));

	if (!f)
		return;
	WRITE(f->subject, "%s", limit_name(setting->limit));
	if (setting->limit == IP_LOCAL_PORT_LOW)
		WRITE(f->summary, "%s is %u to %u", f->subject,
		    (unsigned)value(c, IP_LOCAL_PORT_LOW),
		    (unsigned)value(c, IP_LOCAL_PORT_HIGH));
	else
		WRITE(f->summary, "%s is %s", f->subject,
		    number(c, value(c, setting->limit)));
	if (setting->unusual == overlaps) {
		APPEND(f->summary, " and contains a listener's port, %u",
		    overlapping_port(c));
		APPEND(f->subject, " and listeners");
	}
	WRITE(f->why, "%s", setting->why);
	WRITE(f->remedy, "%s", setting->remedy);
	WRITE(f->next, "sysctl net.%s.%s",
	    setting->limit == CORE_SOMAXCONN ? "core" : "ipv4",
	    limit_name(setting->limit));
	prove(f, "value", value(c, setting->limit));
}

void
check_settings(struct checkup *c)
{
	uint64_t n = 0;

	if (!needs(c, TCP_SYNCOOKIES))
		return;
	for (unsigned i = 0; i < NSETTINGS; i++)
		if (knows(c, settings[i].limit) && settings[i].unusual(c)) {
			add_setting(c, &settings[i]);
			n++;
		}
	measure(c, n, NO_LIMIT_KNOWN);
}

void
check_conntrack(struct checkup *c)
{
	uint64_t n = value(c, CONNTRACK_COUNT), max = value(c, CONNTRACK_MAX);
	struct finding *f;

	/* Without the module nothing is tracked, and there are no files. */
	if (!knows(c, CONNTRACK_COUNT) && knows(c, TCP_SYNCOOKIES))
		return;
	if (!needs(c, CONNTRACK_COUNT) || !needs(c, CONNTRACK_MAX))
		return;
	measure(c, n, max);
	/* 0 is no limit (net/netfilter/nf_conntrack_core.c). */
	if (max == 0 || !reaches(n, max, 90) ||
	    !(f = find(c, n >= max ? CRITICAL : WARNING, n)))
		return;
	WRITE(f->subject, "nf_conntrack_max");
	WRITE(f->summary,
	    "%s of %s connections that nf_conntrack_max allows are tracked",
	    number(c, n), number(c, max));
	WRITE(f->why,
	    "when the table is full, the firewall drops new connections; "
	    "their clients hang in SYN_SENT");
	WRITE(f->remedy,
	    "raise nf_conntrack_max (and hashsize), or do not track what "
	    "needs no tracking (notrack)");
	WRITE(f->next, "dmesg | grep conntrack; conntrack -S");
	prove(f, "count", n);
	prove(f, "max", max);
}
