/*
 * Ranks the rows of a tally, and sorts them.
 */
#include "count/sort.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/*
 * A row and what it is sorted by first, as numbers, so that sorting touches
 * little memory; see make_rank().
 */
struct rank {
	uint64_t first, second;
	struct row *row;
};

/* What the ranks are compared by. */
struct sorting {
	const struct tally *tally;
	const struct order *order; /* NULL: the default */
	bool by_total;		   /* the default is most sockets first */
};

/* Compares numbers, so that the largest comes first. */
static int
compare_counts(uint64_t a, uint64_t b)
{
	return (a < b) - (a > b);
}

/*
 * Compares the fractions a / b and c / d, so that the largest comes first,
 * without products that overflow: by their whole parts, then by the
 * reciprocals of what remains.
 */
static int
compare_ratios(uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	while (b > 0 && d > 0) {
		uint64_t left = a % b, right = c % d;

		if (a / b != c / d)
			return compare_counts(a / b, c / d);
		/* left / b > right / d if d / right > b / left. */
		a = d;
		c = b;
		b = right;
		d = left;
	}
	/* A fraction with the denominator 0 is above all others. */
	return (b != 0) - (d != 0);
}

/*
 * Compares rows of listeners: full queues first, then by queue / limit.  Then
 * the queues whose limit is unknown, the longest first, then empty ones.
 */
static int
compare_queues(const struct row *x, const struct row *y)
{
	bool known_x = x->queue > 0 && x->limit != NO_LIMIT;
	bool known_y = y->queue > 0 && y->limit != NO_LIMIT;

	if (x->full != y->full)
		return x->full ? -1 : 1;
	if (known_x != known_y)
		return known_x ? -1 : 1;
	return known_x ? compare_ratios(x->queue, x->limit, y->queue, y->limit)
		       : compare_counts(x->queue, y->queue);
}

/* Returns a field as a number; an unknown limit is below any other. */
static uint64_t
field_value(const struct row *row, unsigned field)
{
	return field == FIELD_TOTAL ? row->total
	    : field == FIELD_QUEUE  ? row->queue
	    : field == FIELD_LIMIT
	    ? (row->limit == NO_LIMIT ? 0 : row->limit + 1)
	    : row->count[field];
}

/* Compares rows by the i-th column of the order. */
static int
compare_column(const struct sorting *s, size_t i, const struct row *x,
    const struct row *y)
{
	const struct tally *t = s->tally;
	unsigned field = s->order->by[i].field;
	int result = s->order->by[i].is_key
	    ? key_compare(t->by, &t->by->column[s->order->by[i].column],
		  tally_key(t, x), tally_key(t, y))
	    : compare_counts(field_value(x, field), field_value(y, field));

	return s->order->by[i].reverse ? (result < 0) - (result > 0) : result;
}

/* Compares rows by the order or, without one, as listeners. */
static int
compare_rows(const struct sorting *s, const struct row *x, const struct row *y)
{
	int result = 0;

	if (!s->order)
		return compare_queues(x, y);
	for (size_t i = 0; i < s->order->n && result == 0; i++)
		result = compare_column(s, i, x, y);
	return result;
}

/* Compares ranks; rows that are equal are in the order of their keys. */
static int
compare_ranks(const void *a, const void *b, void *ctx)
{
	const struct rank *x = a, *y = b;
	const struct sorting *s = ctx;
	const struct tally *t = s->tally;
	int result;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	result = s->by_total ? 0 : compare_rows(s, x->row, y->row);
	if (result != 0)
		return result;
	if (x->second != y->second)
		return x->second < y->second ? -1 : 1;
	return memcmp(tally_key(t, x->row), tally_key(t, y->row), t->by->size);
}

/* Returns a number in the order of a row's values in the first column. */
static uint64_t
first_column(const struct sorting *s, const struct row *row)
{
	const struct tally *t = s->tally;
	uint64_t number = s->order->by[0].is_key
	    ? key_prefix(t->by, &t->by->column[s->order->by[0].column],
		  tally_key(t, row))
	    : ~field_value(row, s->order->by[0].field);

	return s->order->by[0].reverse ? ~number : number;
}

/* Returns the first 8 bytes of a key as a number with the same order. */
static uint64_t
whole_prefix(const struct tally *t, const struct row *row)
{
	size_t size = t->by->size;
	uint64_t prefix = 0;

	memcpy(&prefix, tally_key(t, row),
	    size < sizeof(prefix) ? size : sizeof(prefix));
	return be64toh(prefix);
}

/*
 * Makes the rank of a row: of two ranks, the one whose first number is smaller
 * comes first; if all that follows is equal too, the one whose second is.
 */
static struct rank
make_rank(const struct sorting *s, struct row *row)
{
	if (s->by_total)
		return (struct rank){
		    ~row->total, whole_prefix(s->tally, row), row};
	if (s->order)
		return (struct rank){first_column(s, row), 0, row};
	return (struct rank){0, ~row->total, row};
}

/*
 * Looks up the names of all users if rows are sorted by a key.  A failure is
 * found again, and reported, when the names are printed.
 */
static void
name_sorted_users(const struct sorting *s)
{
	bool by_key = false;

	for (size_t i = 0; s->order && i < s->order->n; i++)
		by_key |= s->order->by[i].is_key;
	if (by_key)
		tally_name_users(s->tally, 0);
}

/*
 * Puts sorted rows into t->row: first the top rows (0: all) and all full ones,
 * which are listed, then the others.  A row that is gone takes no place from
 * one that is not.
 */
static void
place_rows(struct tally *t, const struct rank *ranks, size_t n, size_t top)
{
	bool all = top == 0 || top >= n;
	size_t full = 0, here = 0, at = 0, others, rest;

	for (size_t i = 0; i < n; i++) {
		full += ranks[i].row->full;
		here += !ranks[i].row->full && (all || !ranks[i].row->gone);
	}
	others = all ? here : top > full ? top - full : 0;
	if (others > here)
		others = here;
	rest = full + others;
	for (size_t i = 0; i < n; i++) {
		struct row *row = ranks[i].row;
		bool takes = others > 0 && !row->full && (all || !row->gone);
		bool stays = row->full || takes;

		others -= takes;
		row->listed |= stays && !row->gone;
		t->row[stays ? at++ : rest++] = row;
	}
}

int
tally_sort(struct tally *t, const struct order *order, size_t top)
{
	struct sorting s = {t, order && order->n > 0 ? order : NULL, false};
	size_t n = t->rows.n;
	struct rank *ranks;
	struct row **rows;

	if (!t->by)
		return 0;
	ranks = calloc(n + 1, sizeof(*ranks));
	rows = calloc(n + 1, sizeof(*rows));
	if (!ranks || !rows) {
		free(ranks);
		free(rows);
		return ENOMEM;
	}
	s.by_total = !s.order && !t->by->listeners;
	free(t->row);
	t->row = rows;
	t->nrows = n;
	for (size_t i = 0; i < n; i++)
		t->row[i] = dict_record(&t->rows, i);
	name_sorted_users(&s);
	for (size_t i = 0; i < n; i++)
		ranks[i] = make_rank(&s, t->row[i]);
	qsort_r(ranks, n, sizeof(*ranks), compare_ranks, &s);
	place_rows(t, ranks, n, top);
	free(ranks);
	return 0;
}
