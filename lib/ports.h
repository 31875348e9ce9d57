/*
 * Ranges of ports, and sets of ports with a bit for each.
 */
#ifndef LIB_PORTS_H
#define LIB_PORTS_H

#include <stdbool.h>
#include <stdint.h>

/* The ephemeral ports, low and high included. */
struct port_range {
	uint16_t low, high;
};

/* Linux's default (net/ipv4/af_inet.c, inet_init_net). */
#define PORT_RANGE_DEFAULT ((struct port_range){32768, 60999})

static inline bool
port_in_range(const struct port_range *range, uint16_t port)
{
	return port >= range->low && port <= range->high;
}

/* The words of 64 bits in a set of ports. */
enum { PORT_WORDS = 65536 / 64 };

/* Whether a set has a port. */
static inline bool
port_is_set(const uint64_t bits[PORT_WORDS], uint16_t port)
{
	return bits[port / 64] >> port % 64 & 1;
}

/* Adds a port to a set. */
static inline void
port_set_bit(uint64_t bits[PORT_WORDS], uint16_t port)
{
	bits[port / 64] |= UINT64_C(1) << port % 64;
}

#endif
