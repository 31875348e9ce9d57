/*
 * A range of ports.
 */
#ifndef LIB_PORT_RANGE_H
#define LIB_PORT_RANGE_H

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

#endif
