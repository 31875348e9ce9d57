/*
 * What the checks of a diagnosis share: questions about the two snapshots,
 * groups of sockets, and findings.  Only for the rooms of the checks.
 */
#ifndef EXPLAIN_CHECK_H
#define EXPLAIN_CHECK_H

#include "explain/diagnose.h"
#include "lib/dict.h"

#include <string.h>

/* A diagnosis in the making, of which a check is the current one. */
struct checkup {
	struct diagnosis *diagnosis;
	const struct snapshot *before; /* NULL: there is only one */
	const struct snapshot *now;
	double seconds;	     /* between them; 0: unknown */
	struct dict earlier; /* sockets and listeners of before */
	struct dict queues;  /* accept queues of now, by local end */
	size_t check;
	struct check_result *result; /* of the current check */
	char text[32][128];	     /* used in turn by the texts below */
	unsigned texts;
};

/* Set up what the questions below need, and free it. */
void checkup_init(struct checkup *c);
void checkup_free(struct checkup *c);

/* The checks, in the order of the table. */
typedef void check_function(struct checkup *c);
check_function check_ephemeral_ports, check_time_wait_limit,
    check_close_wait_leak, check_syn_flood, check_accept_queue,
    check_defer_accept, check_orphans, check_fin_wait2, check_syn_sent,
    check_dead_peers, check_last_ack, check_tcp_memory, check_fd_limit,
    check_refused, check_zero_window, check_keepalive_off, check_backlog_small,
    check_not_reading, check_conntrack, check_settings;

/*
 * Questions about counters and limits.  growth() returns how much a counter
 * grew between the snapshots, 0 if that is not known.
 */
bool knows(const struct checkup *c, enum limit limit);
uint64_t value(const struct checkup *c, enum limit limit);
uint64_t growth(const struct checkup *c, enum limit counter);

/* A growth in a second, 0 if the interval is not known; at most 1e18. */
double per_second(const struct checkup *c, uint64_t n);

/* A limit, or the kernel's default for it if it is not known. */
uint64_t value_or(
    const struct checkup *c, enum limit limit, uint64_t kernel_default);

/* Skips the current check, with a reason, if a limit is not known. */
bool needs(struct checkup *c, enum limit limit);

/* Says why the current check could not be made, or only in part. */
__attribute__((format(printf, 2, 3))) void skip(
    struct checkup *c, const char *fmt, ...);

/* Sets the value that the current check has seen, and its limit. */
enum { NO_LIMIT_KNOWN = 0 };
void measure(struct checkup *c, uint64_t seen, uint64_t limit);

/* Whether part of a whole is at least that many percent, and not 0. */
static inline bool
reaches(uint64_t part, uint64_t whole, unsigned percent)
{
	return part > 0 && (double)part * 100 >= (double)whole * percent;
}

/* What is compared with the same socket in the earlier snapshot. */
struct earlier {
	uint32_t recv_q, send_q, drops;
	uint8_t state;
};

/* Returns it, or NULL if it was not there. */
const struct earlier *find_earlier(
    const struct checkup *c, const struct conn *conn);

/*
 * Whether a socket was there in the earlier snapshot, in the same state;
 * whether it waits to be accepted, and did so then, if there is one; and
 * whether as many bytes waited to be read.
 */
bool stays(const struct checkup *c, const struct conn *conn);
bool waits(const struct checkup *c, const struct conn *conn);
bool same_queue(const struct checkup *c, const struct conn *conn);

/*
 * The severity of what matters only if it stays: a note if that is not shown,
 * by one sample or by two that are less than two seconds apart.
 */
enum severity if_stays(const struct checkup *c, enum severity severity);

/* A group of sockets: unused members of its key are 0. */
struct group_key {
	struct in6_addr laddr, raddr;
	uint16_t lport, rport;
	uint32_t pid;
};

enum { GROUP_PARTS = 4 };

struct group {
	uint64_t n, part[GROUP_PARTS];
	uint64_t amount; /* sum of the members' */
	uint64_t most;	 /* maximum of them */
};

/* What a socket adds to its group. */
struct member {
	struct group_key key;
	unsigned part;
	uint64_t amount;
};

/* Whether a socket is in any group; fills in member, which is zeroed. */
typedef bool classifier(const struct checkup *c, const struct socket *socket,
    struct member *member);

struct groups {
	struct dict dict;
	const struct group **group; /* the largest first */
	size_t n;
	uint64_t total, part[GROUP_PARTS]; /* of all groups */
};

/*
 * Groups sockets of the last snapshot; freed by groups_free().  There are no
 * groups, and total is 0, if out of memory.
 */
void group_sockets(struct checkup *c, classifier *classify,
    const struct sockets *sockets, struct groups *groups);
void groups_free(struct groups *groups);
const struct group_key *group_key(
    const struct groups *groups, const struct group *group);

/* A classifier's key for a listener: false if none has that local end. */
bool listener_key(
    const struct checkup *c, const struct conn *conn, struct group_key *key);

/*
 * Adds a finding of the current check; size is what findings are ordered by.
 * If there are FINDINGS_MAX already, it replaces the least of them.  Returns
 * NULL if it is not more than any of them, or if out of memory.
 */
struct finding *find(struct checkup *c, enum severity severity, uint64_t size);

/* Appends to the summary that it is not shown that this stays. */
void append_doubt(const struct checkup *c, struct finding *f);

/* Adds a number to the evidence. */
void prove(struct finding *f, const char *name, uint64_t n);

/*
 * Adds the processes of the sockets that have a key, those with the most
 * first. Needs details of the snapshot.
 */
void blame(struct checkup *c, struct finding *f, classifier *classify,
    const struct sockets *sockets, const struct group_key *key);

/* "1204/java", "1204/java and others"; "" if no process is known. */
const char *culprits(struct checkup *c, const struct finding *f);

/* What all sockets that listen on one address and port have together. */
struct queue {
	uint64_t listeners, limit;
	uint64_t drops;	    /* between the snapshots */
	bool limit_unknown; /* of some of them */
	bool selected;	    /* the filter lets some of them pass */
};

/* Makes the dictionary of these; false if out of memory. */
bool add_listeners(struct checkup *c);

/* Returns a queue by a listener's local end; an empty one if there is none. */
struct queue queue_of(const struct checkup *c, const struct group_key *key);

/* Whether the filter lets a listener pass; whether it does all of them. */
bool is_selected(const struct checkup *c, const struct conn *conn);
bool all_selected(const struct checkup *c);

/* How many requests were dropped that no full accept queue explains. */
uint64_t requests_dropped(const struct checkup *c);

/* The connections that a listener has dropped between the snapshots. */
uint64_t new_drops(const struct checkup *c, const struct conn *conn);

/*
 * Makes a listener the subject of a finding.  Returns its address and port,
 * and its process if that is known.
 */
const char *name_listener(
    struct checkup *c, struct finding *f, const struct group_key *key);

/*
 * Makes the process of a group by process the subject of a finding, and
 * returns it.  All processes that are not known are in one group.
 */
const char *name_process(struct checkup *c, struct finding *f,
    classifier *classify, const struct group_key *key);

/* Returns why some processes, or all, cannot be seen. */
const char *processes_hidden(const struct checkup *c);

/*
 * Whether the process of a group by process is known, or not read yet.  If it
 * cannot be read, says so: then the group may be of many processes, or belong
 * to the process of another group.
 */
bool owner_known(struct checkup *c, const struct group_key *key);

/* Whether an address is 127.0.0.0/8 or ::1. */
static inline bool
is_loopback(const struct in6_addr *addr)
{
	return IN6_IS_ADDR_LOOPBACK(addr) ||
	    (conn_is_ipv4(addr) && addr->s6_addr[12] == 127);
}

/* Classifies listeners by their own address and port. */
classifier by_listener;

/*
 * Whether a peer has not answered three times or more: tcp_retries1, at which
 * the kernel itself begins to doubt (RFC 1122, 4.2.3.5).  One or two are
 * losses.
 */
bool is_gone(const struct conn *conn);

/* The remote end of an outgoing connection; of others only the address. */
struct group_key peer_key(const struct checkup *c, const struct conn *conn);

/* Appends to the summary the peer with the most sockets, and how many. */
void name_peers(
    struct checkup *c, struct finding *f, const struct groups *groups);

/* Writes the next command, for sockets of those peers in a state. */
void next_peers(struct checkup *c, struct finding *f, const char *state,
    const struct groups *groups);

/* "10.0.0.9:3306", or "10.0.0.9" if there is no port. */
const char *peer_text(struct checkup *c, const struct group_key *key);

/*
 * Texts for messages, each valid until 31 others were made: a number with
 * commas, such a number of things ("1 request"), an address and port, an
 * address, a process.
 */
const char *number(struct checkup *c, uint64_t n);
const char *count_text(struct checkup *c, uint64_t n, const char *noun);
const char *end_text(
    struct checkup *c, const struct in6_addr *addr, uint16_t port);
const char *addr_text(struct checkup *c, const struct in6_addr *addr);
const char *process_text(struct checkup *c, const struct owner *owner);

/* The time between the snapshots: "3 s", "0.25 s", "an unknown time". */
const char *interval_text(struct checkup *c);

/* A limit with commas, or "unknown". */
const char *value_text(struct checkup *c, enum limit limit);

/* Two words with a blank between them, or only the first if one is "". */
const char *joined_text(struct checkup *c, const char *a, const char *b);

/*
 * Write a text of a finding, or append to it, as snprintf() does; what does
 * not fit is cut.
 */
#define WRITE(text, ...) write_text((text), sizeof(text), 0, __VA_ARGS__)
#define APPEND(text, ...) \
	write_text((text), sizeof(text), strlen(text), __VA_ARGS__)
__attribute__((format(printf, 4, 5))) void write_text(
    char *text, size_t size, size_t at, const char *fmt, ...);

#endif
