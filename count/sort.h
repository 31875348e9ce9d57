/*
 * Sorts the rows of a tally.
 */
#ifndef COUNT_SORT_H
#define COUNT_SORT_H

#include "count/order.h"
#include "count/tally.h"

/*
 * Sorts the rows of a tally, which may have been compared.  Without an order
 * (NULL, or order->n == 0): most sockets first; of listeners, full queues
 * first, then by queue / limit, then unknown limits by queue, then most
 * sockets first.  Rows that are equal are in the order of their keys.  Puts
 * the top rows (0: all) before the others, with all full ones among them, even
 * if these are more, and marks them as listed.  Returns 0 or, with the rows
 * unchanged, ENOMEM.
 */
int tally_sort(struct tally *tally, const struct order *order, size_t top);

#endif
