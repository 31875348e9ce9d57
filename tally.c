/*
 * Counts by state and key, their order, and their difference.
 */
#include "tally.h"

#include <sys/mman.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/*
 * A cell holds how many sockets have the same ports and state, where only the
 * last listener will tell whose service they belong to.  It is one word, since
 * there may be millions: ports and state above, the count below; 0 is a free
 * cell.  Where the count is full, the next one goes on.
 */
enum { COUNT_BITS = 28, STATE_BITS = 4 };
#define COUNT_MASK ((UINT64_C(1) << COUNT_BITS) - 1)

/* Every service port, in both directions, has a place in an index. */
enum { NPORTS = 65536, INDEX_SIZE = DIR_OTHER * NPORTS };

struct tally *
tally_new(void)
{
	return calloc(1, sizeof(struct tally));
}

static uint64_t
cell_count(uint64_t cell)
{
	return cell & COUNT_MASK;
}

static size_t
cell_place(size_t size, uint64_t key)
{
	return (size_t)((key * 0x9e3779b97f4a7c15u) >> 32) & (size - 1);
}

/* The cell of that key where the count goes on, or a free one for it. */
static uint64_t *
find_cell(uint64_t *cells, size_t size, uint64_t key)
{
	size_t i = cell_place(size, key);

	while (cells[i] != 0 &&
	    (cells[i] >> COUNT_BITS != key ||
		cell_count(cells[i]) == COUNT_MASK))
		i = (i + 1) & (size - 1);
	return &cells[i];
}

/* Puts a cell where find_cell() will come by. */
static void
move_cell(uint64_t *cells, size_t size, uint64_t cell)
{
	size_t i = cell_place(size, cell >> COUNT_BITS);

	while (cells[i] != 0)
		i = (i + 1) & (size - 1);
	cells[i] = cell;
}

/*
 * Free cells; NULL where memory ran out.  They are looked up at random, so
 * that millions of them are much faster on huge pages, where there are any.
 */
static uint64_t *
new_cells(size_t size)
{
	uint64_t *cells = mmap(NULL, size * sizeof(*cells),
	    PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (cells == MAP_FAILED)
		return NULL;
	madvise(cells, size * sizeof(*cells), MADV_HUGEPAGE);
	return cells;
}

static void
free_cells(struct tally *t)
{
	if (t->cells)
		munmap(t->cells, t->size * sizeof(*t->cells));
	t->cells = NULL;
	t->size = t->ncells = 0;
}

/* Keeps a quarter of the cells free; false where memory ran out. */
static bool
reserve_cell(struct tally *t)
{
	size_t size = t->size > 0 ? t->size * 2 : 512;
	size_t used = t->ncells;
	uint64_t *cells;

	if (t->ncells < t->size / 4 * 3)
		return true;
	cells = new_cells(size);
	if (!cells)
		return false;
	for (size_t i = 0; i < t->size; i++)
		if (t->cells[i] != 0)
			move_cell(cells, size, t->cells[i]);
	free_cells(t);
	t->cells = cells;
	t->size = size;
	t->ncells = used;
	return true;
}

/* False where memory ran out. */
static bool
count_in_cell(struct tally *t, uint16_t lport, uint16_t rport, unsigned slot)
{
	uint64_t key = ((uint64_t)lport << 16 | rport) << STATE_BITS | slot;
	uint64_t *cell;

	if (!reserve_cell(t))
		return false;
	cell = find_cell(t->cells, t->size, key);
	if (*cell == 0) {
		*cell = key << COUNT_BITS;
		t->ncells++;
	}
	++*cell;
	return true;
}

/* Makes room for one more group; false where memory ran out. */
static bool
reserve_group(struct groups *groups)
{
	size_t size = groups->size > 0 ? groups->size * 2 : 16;
	struct group *group;

	if (groups->n < groups->size)
		return true;
	group = reallocarray(groups->group, size, sizeof(*group));
	if (!group)
		return false;
	groups->group = group;
	groups->size = size;
	return true;
}

/*
 * The group of that service, made at the end where there is none; NULL
 * where memory ran out.  index has INDEX_SIZE places, each 0 or one more than
 * the number of the group.
 */
static struct group *
reach_group(
    struct groups *groups, uint32_t *index, enum direction dir, uint16_t port)
{
	uint32_t *place = &index[(size_t)dir * NPORTS + port];

	if (*place == 0) {
		if (!reserve_group(groups))
			return NULL;
		groups->group[groups->n++] =
		    (struct group){.dir = dir, .port = port};
		*place = (uint32_t)groups->n;
	}
	return &groups->group[*place - 1];
}

static bool
count_in_group(struct tally *t, enum direction dir, uint16_t port,
    unsigned slot, uint64_t n)
{
	struct group *group = reach_group(&t->groups, t->index, dir, port);

	if (!group)
		return false;
	group->count[slot] += n;
	group->total += n;
	return true;
}

static bool
in_range(const struct port_range *range, uint16_t port)
{
	return port >= range->low && port <= range->high;
}

/* Whether the local port is known for a service's, whoever may listen. */
static bool
is_service(const struct tally *t, uint16_t lport, uint16_t rport)
{
	if (t->listening[lport / 64] >> lport % 64 & 1)
		return true;
	return !in_range(&t->range, lport) && in_range(&t->range, rport);
}

static bool
count_by_port(struct tally *t, const struct conn *conn)
{
	unsigned slot = state_slot(conn->state);

	if (!t->index)
		t->index = calloc(INDEX_SIZE, sizeof(*t->index));
	if (!t->index)
		return false;
	if (is_service(t, conn->lport, conn->rport))
		return count_in_group(t, DIR_IN, conn->lport, slot, 1);
	return count_in_cell(t, conn->lport, conn->rport, slot);
}

void
tally_visit(const struct conn *conn, void *ctx)
{
	struct tally *t = ctx;
	unsigned slot = state_slot(conn->state);

	if (conn->state == TCP_LISTEN)
		t->listening[conn->lport / 64] |= UINT64_C(1)
		    << conn->lport % 64;
	if (t->skip[conn->family])
		return;
	t->count[conn->family][slot]++;
	if (slot == STATE_UNKNOWN)
		t->unknown[conn->state / 64] |= UINT64_C(1)
		    << conn->state % 64;
	if (t->by == BY_PORT && !t->no_memory)
		t->no_memory = !count_by_port(t, conn);
}

/* Most sockets first, then by port, incoming before outgoing. */
static int
compare_groups(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (x->total != y->total)
		return x->total < y->total ? 1 : -1;
	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	return (x->dir > y->dir) - (x->dir < y->dir);
}

static void
sort_groups(struct groups *groups)
{
	if (groups->n > 0)
		qsort(groups->group, groups->n, sizeof(*groups->group),
		    compare_groups);
}

/* Gives what waited for the last listener to its groups. */
static bool
settle_cells(struct tally *t)
{
	for (size_t i = 0; i < t->size; i++) {
		uint64_t key = t->cells[i] >> COUNT_BITS;
		uint16_t lport = (uint16_t)(key >> (16 + STATE_BITS));
		uint16_t rport = (uint16_t)(key >> STATE_BITS);
		unsigned slot = key & ((1u << STATE_BITS) - 1);
		bool in = is_service(t, lport, rport);

		if (t->cells[i] != 0 &&
		    !count_in_group(t, in ? DIR_IN : DIR_OUT,
			in ? lport : rport, slot, cell_count(t->cells[i])))
			return false;
	}
	return true;
}

int
tally_finish(struct tally *t)
{
	if (t->no_memory || !settle_cells(t))
		return ENOMEM;
	free_cells(t);
	free(t->index);
	t->index = NULL;
	sort_groups(&t->groups);
	return 0;
}

static void
compare_totals(struct tally *now, const struct tally *prev)
{
	bool unknown = false;

	for (unsigned f = 0; f < NFAMILIES; f++) {
		for (unsigned s = 0; s < NSTATES; s++)
			now->delta[f][s] =
			    (int64_t)(now->count[f][s] - prev->count[f][s]);
		unknown |= now->count[f][STATE_UNKNOWN] > 0;
	}
	/* What is gone is shown once more, by the name that it had. */
	if (!unknown)
		memcpy(now->unknown, prev->unknown, sizeof(now->unknown));
}

/* The same of groups; index has INDEX_SIZE places. */
static int
compare_groups_to(struct tally *now, const struct tally *prev, uint32_t *index)
{
	struct groups *groups = &now->groups;

	for (size_t i = 0; i < groups->n; i++) {
		struct group *group = &groups->group[i];

		index[(size_t)group->dir * NPORTS + group->port] =
		    (uint32_t)i + 1;
		for (unsigned s = 0; s < NSTATES; s++)
			group->delta[s] = (int64_t)group->count[s];
	}
	for (size_t i = 0; i < prev->groups.n; i++) {
		const struct group *old = &prev->groups.group[i];
		struct group *group;

		if (old->total == 0)
			continue;
		group = reach_group(groups, index, old->dir, old->port);
		if (!group)
			return ENOMEM;
		for (unsigned s = 0; s < NSTATES; s++)
			group->delta[s] -= (int64_t)old->count[s];
		now->relisted |= group->listed && !old->listed;
		group->listed |= old->listed;
	}
	sort_groups(groups);
	return 0;
}

int
tally_compare(struct tally *now, const struct tally *prev, size_t top)
{
	uint32_t *index;
	int error;

	for (size_t i = 0; i < now->groups.n; i++)
		now->groups.group[i].listed = top == 0 || i < top;
	if (!prev)
		return 0;
	now->compared = true;
	compare_totals(now, prev);
	if (now->by == BY_NOTHING)
		return 0;
	index = calloc(INDEX_SIZE, sizeof(*index));
	if (!index)
		return ENOMEM;
	error = compare_groups_to(now, prev, index);
	free(index);
	return error;
}

void
group_add(struct group *sum, const struct group *group)
{
	for (unsigned s = 0; s < NSTATES; s++) {
		sum->count[s] += group->count[s];
		sum->delta[s] += group->delta[s];
	}
	sum->total += group->total;
}

void
tally_free(struct tally *t)
{
	if (!t)
		return;
	free_cells(t);
	free(t->index);
	free(t->groups.group);
	free(t);
}
