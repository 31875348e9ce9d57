/*
 * What a breakdown keeps while it counts, where a test of the program would
 * need hundreds of millions of rows.
 */
#include "../tally.c"

#include "tap.h"

static void
visit(struct tally *t, uint16_t lport, uint16_t rport, unsigned n)
{
	struct conn conn = {
	    .lport = lport,
	    .rport = rport,
	    .state = TCP_ESTABLISHED,
	};

	while (n-- > 0)
		tally_visit(&conn, t);
}

static struct tally *
new_tally(void)
{
	struct tally *t = tally_new();

	t->by = BY_PORT;
	t->range = (struct port_range){32768, 60999};
	return t;
}

/* The sockets of all groups, and of one. */
static uint64_t
sum(const struct tally *t)
{
	uint64_t n = 0;

	for (size_t i = 0; i < t->groups.n; i++)
		n += t->groups.group[i].total;
	return n;
}

static uint64_t
total(const struct tally *t, enum direction dir, uint16_t port)
{
	for (size_t i = 0; i < t->groups.n; i++)
		if (t->groups.group[i].dir == dir &&
		    t->groups.group[i].port == port)
			return t->groups.group[i].total;
	return 0;
}

/* Fills the cell of these ports but for so many sockets. */
static void
fill(struct tally *t, uint16_t lport, uint16_t rport, unsigned left)
{
	uint64_t key =
	    ((uint64_t)lport << 16 | rport) << STATE_BITS | TCP_ESTABLISHED;
	uint64_t *cell = find_cell(t->cells, t->size, key);

	*cell = key << COUNT_BITS | (COUNT_MASK - left);
}

static void
test_full_cells(void)
{
	struct tally *t = new_tally();

	visit(t, 40000, 443, 1);
	fill(t, 40000, 443, 2);
	visit(t, 40000, 443, 5);
	ok(t->ncells == 2, "a full cell is followed by another one");
	/* Many others, so that the cells are moved more than once. */
	for (unsigned i = 0; i < 5000; i++)
		visit(t, (uint16_t)(33000 + i), 5432, 1);
	visit(t, 40000, 443, 5);
	ok(tally_finish(t) == 0, "which survive being moved");
	ok(total(t, DIR_OUT, 443) == COUNT_MASK - 2 + 10 &&
		total(t, DIR_OUT, 5432) == 5000,
	    "without loss");
	tally_free(t);
}

static void
test_many_cells(void)
{
	struct tally *t = new_tally();
	uint64_t n = 0;

	for (unsigned l = 33000; l < 33500; l++)
		for (unsigned r = 40000; r < 40500; r++, n += 2)
			visit(t, (uint16_t)l, (uint16_t)r, 2);
	ok(tally_finish(t) == 0 && sum(t) == n && t->groups.n == 500,
	    "a quarter of a million pairs of ports");
	ok(total(t, DIR_OUT, 40499) == 1000, "each where it belongs");
	tally_free(t);
}

int
main(void)
{
	test_full_cells();
	test_many_cells();
	return tap_done();
}
