/*
 * Parses the order of rows.
 */
#include "count/order.h"

#include "count/tally.h"

#include <string.h>

_Static_assert(ORDER_MAX >= NFIELDS + KEY_COLUMNS_MAX,
    "an order has room for all columns");

/* The fields besides the states. */
static const struct {
	const char *name;
	unsigned field;
	bool of_listeners;
} fields[] = {
    {"TOTAL", FIELD_TOTAL, false},
    {"ACCEPTQ", FIELD_QUEUE, true},
    {"BACKLOG", FIELD_LIMIT, true},
    {"QUEUE", FIELD_QUEUE, true},
    {"LIMIT", FIELD_LIMIT, true},
};

enum {
	NFIELD_NAMES = sizeof(fields) / sizeof(fields[0]),
	NFIELD_TITLES = 3, /* the first are titles, the others aliases */
};

static bool
has_listeners(const struct key_set *set)
{
	return set && set->listeners;
}

/* Finds a field by name.  Returns NFIELDS if there is none. */
static unsigned
find_field(const struct key_set *set, const char *word)
{
	int slot = state_find(word);

	if (slot >= 0)
		return (unsigned)slot;
	for (size_t i = 0; i < NFIELD_NAMES; i++)
		if (strcasecmp(fields[i].name, word) == 0 &&
		    (!fields[i].of_listeners || has_listeners(set)))
			return fields[i].field;
	return NFIELDS;
}

const char *
order_name(const struct key_set *set, size_t i)
{
	size_t nfields = has_listeners(set) ? NFIELD_TITLES : 1;

	if (i < NSTATES - 1)
		return state_names[state_order[i]].netstat;
	i -= NSTATES - 1;
	if (i < nfields)
		return fields[i].name;
	i -= nfields;
	return set && i < set->ncolumns ? set->column[i].title : NULL;
}

const char *
order_alias(const struct key_set *set, size_t i, const char **means)
{
	size_t n = has_listeners(set) ? NFIELD_NAMES - NFIELD_TITLES : 0;
	const char *spelling;
	size_t title = 0;
	int slot;

	if (i >= n) {
		spelling = state_spelling(i - n, &slot);
		if (spelling)
			*means = state_names[slot].netstat;
		return spelling;
	}
	while (fields[title].field != fields[NFIELD_TITLES + i].field)
		title++;
	*means = fields[title].name;
	return fields[NFIELD_TITLES + i].name;
}

bool
order_needs_listeners(const char *word, size_t len)
{
	for (size_t i = 0; i < NFIELD_NAMES; i++)
		if (fields[i].of_listeners && strlen(fields[i].name) == len &&
		    strncasecmp(fields[i].name, word, len) == 0)
			return true;
	return false;
}

/* Adds a column, unless the order has it already. */
static void
add(struct order *order, bool is_key, unsigned number, bool reverse)
{
	for (size_t i = 0; i < order->n; i++)
		if (order->by[i].is_key == is_key &&
		    (is_key ? order->by[i].column : order->by[i].field) ==
			number)
			return;
	order->by[order->n].field = is_key ? 0 : number;
	order->by[order->n].column = is_key ? number : 0;
	order->by[order->n].is_key = is_key;
	order->by[order->n++].reverse = reverse;
}

/* Adds the column of a word.  Returns false if there is none. */
static bool
add_word(struct order *order, const struct key_set *set, const char *list,
    size_t len, bool reverse)
{
	char word[32];
	unsigned field;
	size_t column;

	if (len == 0 || len >= sizeof(word))
		return false;
	memcpy(word, list, len);
	word[len] = '\0';
	field = find_field(set, word);
	if (field < NFIELDS) {
		add(order, false, field, reverse);
		return true;
	}
	column = set ? key_find_column(set, word) : 0;
	if (!set || column == set->ncolumns)
		return false;
	add(order, true, (unsigned)column, reverse);
	return true;
}

const char *
order_parse(struct order *order, const struct key_set *set, const char *list,
    size_t *len)
{
	*order = (struct order){.n = 0};
	for (;; list += *len + 1) {
		bool reverse = *list == '-';

		list += reverse;
		*len = strcspn(list, ",");
		if (!add_word(order, set, list, *len, reverse))
			return list;
		if (list[*len] == '\0')
			return NULL;
	}
}
