/*
 * How long the kernel tries, as it follows from its settings.
 */
#ifndef EXPLAIN_TIMES_H
#define EXPLAIN_TIMES_H

#include "read/limits.h"

/*
 * Each returns milliseconds.  Settings that are not known have the kernel's
 * defaults; those above a million count as that.  The kernel's timers may take
 * an eighth longer.
 */

/* Until connect() gives up. */
uint64_t time_syn_sent(const struct limits *limits);

/* Until a half-open connection is given up. */
uint64_t time_syn_recv(const struct limits *limits);

/*
 * Until a connection ends whose data the peer does not acknowledge, with a
 * process or without.  These are the least: a connection ends only when a
 * timeout expires, and a slow path makes timeouts longer.
 */
uint64_t time_retransmit(const struct limits *limits);
uint64_t time_orphan(const struct limits *limits);

/* Until an idle connection with SO_KEEPALIVE ends if the peer is gone. */
uint64_t time_keepalive(const struct limits *limits);

#endif
