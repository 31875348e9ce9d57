/*
 * Finds the byte order of saved tables, converts the addresses of their conns,
 * and holds conns until the order is known.
 */
#include "read/byte_order.h"

#include "lib/array.h"

#include <byteswap.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

static const enum byte_order own =
    BYTE_ORDER == LITTLE_ENDIAN ? ORDER_LITTLE : ORDER_BIG;

const char *
byte_order_name(size_t i)
{
	static const char *const names[] = {"little", "big"};

	return i < sizeof(names) / sizeof(names[0]) ? names[i] : NULL;
}

/*
 * The order that an address shows.  Only an IPv4-mapped one does: its third
 * word is 0000FFFF in big-endian tables, FFFF0000 in little-endian ones.
 */
static enum byte_order
shown_by(const struct in6_addr *addr)
{
	uint32_t word[4];

	memcpy(word, addr, sizeof(word));
	if (word[0] != 0 || word[1] != 0)
		return ORDER_UNKNOWN;
	return word[2] == 0xffff    ? ORDER_BIG
	    : word[2] == 0xffff0000 ? ORDER_LITTLE
				    : ORDER_UNKNOWN;
}

/* Swaps the words that the table has: of family tcp only the last one. */
static struct in6_addr
swap_words(const struct in6_addr *addr, uint8_t family)
{
	struct in6_addr swapped;
	uint32_t word[4];

	memcpy(word, addr, sizeof(word));
	for (unsigned i = family == FAMILY_TCP ? 3 : 0; i < 4; i++)
		word[i] = bswap_32(word[i]);
	memcpy(&swapped, word, sizeof(swapped));
	return swapped;
}

static void
visit_in(const struct byte_orders *o, enum byte_order order,
    const struct conn *conn)
{
	struct conn swapped = *conn;

	if (order != ORDER_UNKNOWN && order != own) {
		swapped.laddr = swap_words(&conn->laddr, conn->family);
		swapped.raddr = swap_words(&conn->raddr, conn->family);
	}
	o->visit(&swapped, o->ctx);
}

static void
hold(struct byte_orders *o, const struct conn *conn)
{
	struct conn *held =
	    array_reserve(o->held, &o->size, o->n + 1, sizeof(*held));

	o->no_memory |= !held;
	if (!held)
		return;
	o->held = held;
	o->held[o->n++] = *conn;
}

static void
release(struct byte_orders *o, enum byte_order order)
{
	for (size_t i = 0; i < o->n; i++)
		visit_in(o, order, &o->held[i]);
	o->n = 0;
}

/* Learns the order of the current table from a conn, if it shows one. */
static void
look_at(struct byte_orders *o, const struct conn *conn)
{
	enum byte_order shown[] = {
	    shown_by(&conn->laddr), shown_by(&conn->raddr)};

	for (unsigned i = 0; i < 2 && conn->family == FAMILY_TCP6; i++) {
		if (shown[i] == ORDER_UNKNOWN)
			continue;
		o->mixed |= o->here != ORDER_UNKNOWN && o->here != shown[i];
		o->here = shown[i];
	}
}

void
byte_order_visit(const struct conn *conn, void *ctx)
{
	struct byte_orders *o = ctx;

	if (o->order != ORDER_UNKNOWN) {
		visit_in(o, o->order, conn);
		return;
	}
	look_at(o, conn);
	if (o->here == ORDER_UNKNOWN) {
		hold(o, conn);
		return;
	}
	release(o, o->here);
	visit_in(o, o->here, conn);
}

bool
byte_order_next(struct byte_orders *o)
{
	bool mixed = o->mixed;

	o->borrowed |= o->n > 0;
	if (o->here != ORDER_UNKNOWN) {
		o->different |= o->last != ORDER_UNKNOWN && o->last != o->here;
		o->last = o->here;
	}
	o->here = ORDER_UNKNOWN;
	o->mixed = false;
	return !mixed;
}

bool
byte_order_finish(struct byte_orders *o)
{
	release(o, o->last);
	return !o->no_memory && !(o->different && o->borrowed);
}

void
byte_order_free(struct byte_orders *o)
{
	free(o->held);
}
