/*
 * Tests the order of listeners: full queues first, then by queue / limit.
 */
#include "count/sort.c"
#include "lib/dict.c"

#include "tap.h"

/* What sort.c needs of other files; rows here are compared without keys. */
const unsigned char *
tally_key(const struct tally *t, const struct row *row)
{
	(void)t;
	(void)row;
	return (const unsigned char *)"";
}

int
tally_name_users(const struct tally *t, size_t top)
{
	(void)t;
	(void)top;
	return 0;
}

int
key_compare(const struct key_set *set, const struct key_column *column,
    const unsigned char *a, const unsigned char *b)
{
	(void)set;
	(void)column;
	(void)a;
	(void)b;
	return 0;
}

uint64_t
key_prefix(const struct key_set *set, const struct key_column *column,
    const unsigned char *bytes)
{
	(void)set;
	(void)column;
	(void)bytes;
	return 0;
}

static uint64_t
random_number(void)
{
	static uint64_t state = 1;

	state = state * 6364136223846793005u + 1442695040888963407u;
	return state >> 33;
}

/* Returns a number of at most 32 bits, so that products do not overflow. */
static uint64_t
number(void)
{
	return random_number() % 2 ? random_number() >> random_number() % 31
				   : random_number() % 5;
}

static void
test_ratios(void)
{
	bool good = true;

	for (unsigned i = 0; i < 1000000; i++) {
		uint64_t a = number(), b = number(), c = number(),
			 d = number();
		uint64_t x = a * d, y = c * b;
		int wanted = (x < y) - (x > y);

		/* The least that a queue has there is 1. */
		if (a == 0 || c == 0)
			continue;
		if (b == 0 || d == 0)
			wanted = (b != 0) - (d != 0);
		good &= compare_ratios(a, b, c, d) == wanted;
	}
	ok(good, "ratios as by products");
	ok(compare_ratios(1, 3, 333333333333333333, 1000000000000000000) < 0,
	    "1/3 is more than 0.333333333333333333");
	ok(compare_ratios(
	       UINT64_MAX, UINT64_MAX - 1, UINT64_MAX - 1, UINT64_MAX - 2) > 0,
	    "the largest numbers");
}

static struct row
random_row(void)
{
	struct row row = {
	    .queue = random_number() % 4,
	    .limit = random_number() % 5,
	    .full = random_number() % 5 == 0,
	};

	if (row.limit == 4)
		row.limit = NO_LIMIT;
	return row;
}

static int
sign(int n)
{
	return (n > 0) - (n < 0);
}

static void
test_queues(void)
{
	bool antisymmetric = true, transitive = true;

	for (unsigned i = 0; i < 1000000; i++) {
		struct row x = random_row(), y = random_row(),
			   z = random_row();
		int xy = sign(compare_queues(&x, &y));
		int yz = sign(compare_queues(&y, &z));

		antisymmetric &= xy == -sign(compare_queues(&y, &x));
		if (xy == yz)
			transitive &= sign(compare_queues(&x, &z)) == xy;
	}
	ok(antisymmetric && transitive, "any rows of listeners have an order");
}

/* Whether sorting with that many rows at the top gives these limits. */
static bool
sorts(const char *wanted, const struct order *order, size_t top)
{
	static const struct {
		uint64_t queue, limit;
		bool full;
	} queues[] = {
	    {0, 1, false},
	    {0, NO_LIMIT, false},
	    {3, 2, true},
	    {1, 4, false},
	    {1, 5, true}, /* of several sockets, one of which is full */
	    {2, 3, false},
	};
	static struct key_set by = {.listeners = true};
	struct tally t = {.by = &by};
	char got[8] = "";
	size_t listed = 0;

	dict_init(&t.rows, sizeof(uint32_t), sizeof(struct row));
	for (uint32_t i = 0; i < 6; i++) {
		struct row *row = dict_reach(&t.rows, &i);

		row->queue = queues[i].queue;
		row->limit = queues[i].limit;
		row->full = queues[i].full;
	}
	if (tally_sort(&t, order, top) != 0)
		return false;
	for (size_t i = 0; i < t.nrows; i++) {
		got[i] = t.row[i]->limit == NO_LIMIT
		    ? '-'
		    : (char)('0' + t.row[i]->limit);
		listed += t.row[i]->listed;
	}
	free(t.row);
	dict_free(&t.rows);
	if (strcmp(got, wanted) != 0)
		printf("# got %s\n", got);
	return strcmp(got, wanted) == 0 &&
	    listed ==
	    (top == 0	      ? 6
		    : top < 2 ? 2
			      : top);
}

int
main(void)
{
	const struct order order = {.by[0].field = FIELD_LIMIT, .n = 1};

	test_ratios();
	test_queues();
	ok(sorts("54321-", &order, 0),
	    "by limit: an unknown one is the smallest");
	ok(sorts("52431-", &order, 1), "full ones are never folded");
	ok(sorts("54231-", &order, 3), "but count among the top rows");
	ok(sorts("54321-", &order, 6), "top rows as many as there are");
	ok(sorts("25341-", NULL, 5), "without an order, full ones come first");
	return tap_done();
}
