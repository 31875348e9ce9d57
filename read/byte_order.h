/*
 * The byte order of the machine that a saved table is of: the kernel prints
 * each word of an address as a number in its own.
 */
#ifndef READ_BYTE_ORDER_H
#define READ_BYTE_ORDER_H

#include "lib/conn.h"

#include <stdbool.h>
#include <stddef.h>

enum byte_order { ORDER_UNKNOWN, ORDER_LITTLE, ORDER_BIG };

/* The order of that name, little or big; false where there is none. */
bool byte_order_find(const char *name, enum byte_order *order);

/*
 * Between a source that takes all addresses to be of this machine's order and
 * a visitor that wants them right.  Zeroed but for the first three; to be
 * freed with byte_order_free().
 */
struct byte_orders {
	enum byte_order
	    order; /* of all tables; ORDER_UNKNOWN: what they show */
	conn_visitor *visit;
	void *ctx;

	enum byte_order here; /* what the table at hand shows */
	enum byte_order last; /* what the last one showed that did */
	bool mixed;	      /* the one at hand shows both */
	bool no_memory;
	bool different;	   /* tables show different orders */
	bool borrowed;	   /* some table shows none, and has that of others */
	struct conn *held; /* of which the order is not known yet */
	size_t n, size;
};

/* For a source; ctx is the struct byte_orders. */
conn_visitor byte_order_visit;

/*
 * Ends a table: what it shows holds for it alone, unless others show nothing.
 * Returns false where it shows both orders.
 */
bool byte_order_next(struct byte_orders *orders);

/*
 * Ends the last table: visits what is still held.  Returns false if not all
 * conns could be visited: out of memory, or tables of different orders leave
 * it open which one holds for a table that shows none.
 */
bool byte_order_finish(struct byte_orders *orders);

void byte_order_free(struct byte_orders *orders);

#endif
