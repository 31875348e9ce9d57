/*
 * Links the rows of a tally with those of the previous one.
 */
#include "count/compare.h"

#include <errno.h>
#include <string.h>

/*
 * Links each row with its previous one, and adds rows that are gone.  Returns
 * false if out of memory.
 */
static bool
join_rows(struct tally *t, const struct tally *before)
{
	for (size_t i = 0; i < before->rows.n; i++) {
		const struct row *old = dict_record(&before->rows, i);
		size_t n = t->rows.n;
		struct row *row;

		if (old->gone)
			continue;
		row = dict_reach(&t->rows, tally_key(before, old));
		if (!row)
			return false;
		row->before = old;
		row->listed |= old->listed;
		row->gone = t->rows.n > n;
		if (row->gone)
			row->limit = old->limit;
	}
	return true;
}

static bool
compare_breakdowns(struct tally *t, const struct tally *before,
    const struct order *order, size_t top)
{
	if (tally_sort(t, order, top) != 0)
		return false;
	if (before && !join_rows(t, before))
		return false;
	/* Without new rows, the order and the places of all are the same. */
	return t->rows.n == t->nrows || tally_sort(t, order, top) == 0;
}

int
tally_compare(struct tally *t, const struct tally *before,
    const struct order *order, size_t top)
{
	if (t->by && !compare_breakdowns(t, before, order, top))
		return ENOMEM;
	if (!before)
		return 0;
	/* Unknown states that are gone are shown once more, by number. */
	if (!tally_has_unknown(t))
		memcpy(t->unknown, before->unknown, sizeof(t->unknown));
	t->before = before;
	for (unsigned f = 0; f < NFAMILIES; f++)
		t->family[f].before = &before->family[f];
	t->all.before = &before->all;
	return 0;
}
