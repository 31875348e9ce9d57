/*
 * Compares a tally with the previous one.
 */
#ifndef COUNT_COMPARE_H
#define COUNT_COMPARE_H

#include "count/sort.h"

/*
 * Sorts the rows of a finished tally as tally_sort() does.  Links them with
 * those of before, the previous tally, and adds empty rows for those that are
 * gone.  Marks rows as listed that were listed before.  before may be NULL,
 * and must live as long as the tally is reported.  Returns 0 or ENOMEM.
 */
int tally_compare(struct tally *tally, const struct tally *before,
    const struct order *order, size_t top);

#endif
