/*
 * The byte order of the machine that saved a table.  The kernel prints each
 * 32-bit word of an address as a number in its own byte order (net/ipv4/
 * tcp_ipv4.c, net/ipv6/tcp_ipv6.c), so the reader must know that order.
 */
#ifndef READ_BYTE_ORDER_H
#define READ_BYTE_ORDER_H

#include "lib/conn.h"

#include <stdbool.h>
#include <stddef.h>

enum byte_order { ORDER_UNKNOWN, ORDER_LITTLE, ORDER_BIG };

/* Returns the name of the order ORDER_LITTLE + i; NULL after the last. */
const char *byte_order_name(size_t i);

/*
 * Converts conns between proc_read(), which assumes this machine's order, and
 * a visitor.  The caller sets the first three members, zeroes the others, and
 * frees it with byte_order_free().
 */
struct byte_orders {
	/* Of all tables; ORDER_UNKNOWN: find out from the tables. */
	enum byte_order order;
	conn_visitor *visit; /* receives the converted conns */
	void *ctx;

	enum byte_order here; /* that the current table shows */
	enum byte_order last; /* that the last table that showed one had */
	bool mixed;	      /* the current table shows both orders */
	bool no_memory;
	bool different;	   /* tables show different orders */
	bool borrowed;	   /* some table has conns, but shows no order */
	struct conn *held; /* conns whose order is not known yet */
	size_t n, size;
};

/* The visitor to hand to a source; ctx is the struct byte_orders. */
conn_visitor byte_order_visit;

/*
 * Call at the end of each table.  The order that a table shows applies to its
 * own conns, and to those of tables that show none.  Returns false if this
 * table shows both orders.
 */
bool byte_order_next(struct byte_orders *orders);

/*
 * Call after the last table.  Visits the conns that are still held.  Returns
 * false if out of memory, or if a table shows no order and the other tables
 * show different ones.
 */
bool byte_order_finish(struct byte_orders *orders);

void byte_order_free(struct byte_orders *orders);

#endif
