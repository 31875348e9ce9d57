/*
 * The order of a breakdown's rows: the columns that --sort names.
 */
#ifndef COUNT_ORDER_H
#define COUNT_ORDER_H

#include "count/key.h"

enum { ORDER_MAX = 40 }; /* there are fewer columns */

/* Zero it: then the rows are in the order that suits the breakdown. */
struct order {
	struct {
		unsigned field;	 /* of a row (see tally.h) */
		unsigned column; /* of the keys, if is_key */
		bool is_key;	 /* smallest first; a field: largest first */
		bool reverse;	 /* the other way round */
	} by[ORDER_MAX];
	size_t n;
};

/*
 * Parses a list of columns such as "time-wait,-port": states, TOTAL and the
 * keys of a set, which must be complete, by the titles of their columns or as
 * key_parse(); with listeners also ACCEPTQ (or QUEUE) and BACKLOG (or LIMIT).
 * A - before a word reverses that column.  A column that the list has already
 * is ignored.  set may be NULL.  Returns NULL, or a pointer to the word in
 * list that is no column, without its -, and its length in *len.
 */
const char *order_parse(struct order *order, const struct key_set *set,
    const char *list, size_t *len);

/*
 * Returns the title of the i-th column by which order_parse() sorts the rows
 * of a set; NULL after the last.
 */
const char *order_name(const struct key_set *set, size_t i);

/*
 * Returns the i-th of other names that states, ACCEPTQ and BACKLOG have, and
 * the title that it stands for; NULL after the last.
 */
const char *order_alias(
    const struct key_set *set, size_t i, const char **means);

/* Whether only the rows of listeners have a column of that name. */
bool order_needs_listeners(const char *word, size_t len);

#endif
