/*
 * The fields of a report, their names and values; the text of keys; the rows
 * of a breakdown that are shown.
 */
#include "show/report.h"

#include "lib/clock.h"
#include "lib/wrap.h"

#include <inttypes.h>
#include <string.h>

bool
report_judges_totals(const struct report *r)
{
	return !r->now->by || r->judge_totals;
}

unsigned
field_at(unsigned i)
{
	static const uint8_t first[] = {FIELD_QUEUE, FIELD_LIMIT};

	if (i < sizeof(first))
		return first[i];
	i -= (unsigned)sizeof(first);
	return i < NSTATES ? state_order[i] : FIELD_TOTAL;
}

const char *
field_name(unsigned field)
{
	return field == FIELD_TOTAL ? "TOTAL"
	    : field == FIELD_QUEUE  ? "QUEUE"
	    : field == FIELD_LIMIT  ? "LIMIT"
				    : state_names[field].netstat;
}

const char *
field_title(unsigned field)
{
	return field == FIELD_QUEUE ? "ACCEPTQ"
	    : field == FIELD_LIMIT  ? "BACKLOG"
				    : field_name(field);
}

bool
report_has_field(const struct report *r, unsigned field)
{
	if (field == FIELD_QUEUE || field == FIELD_LIMIT)
		return r->now->by && r->now->by->listeners;
	return field != STATE_UNKNOWN || tally_has_unknown(r->now);
}

bool
report_shows_state(const struct report *r, unsigned slot)
{
	return report_has_field(r, slot) && r->now->filter->states >> slot & 1;
}

/* Writes UNKNOWN and the numbers of its states, the lowest 8 at most. */
static void
unknown_name(const struct report *r, report_label text)
{
	int len = snprintf(text, sizeof(report_label), "%s",
	    state_names[STATE_UNKNOWN].netstat);
	unsigned found = 0;

	for (unsigned i = 0; i < 256; i++) {
		if (!(r->now->unknown[i / 64] >> i % 64 & 1))
			continue;
		if (++found > 8) {
			len += snprintf(text + len, 5, ",...");
			break;
		}
		len +=
		    snprintf(text + len, 5, "%c%u", found == 1 ? '(' : ',', i);
	}
	if (found > 0)
		snprintf(text + len, 2, ")");
}

const char *
report_label_field(const struct report *r, unsigned field, report_label label)
{
	if (field != STATE_UNKNOWN)
		return field_name(field);
	unknown_name(r, label);
	return label;
}

/* Returns a field; 0 for a limit, so that it has no delta. */
static uint64_t
get_field(const struct row *row, unsigned field)
{
	return field == FIELD_TOTAL ? row->total
	    : field == FIELD_QUEUE  ? row->queue
	    : field == FIELD_LIMIT  ? 0
				    : row->count[field];
}

struct report_value
report_value(const struct report *r, const struct row *row, unsigned field)
{
	struct report_value v = {.count = get_field(row, field)};

	if (r->now->before)
		v.delta = (int64_t)(v.count -
		    (row->before ? get_field(row->before, field) : 0));
	if (field == FIELD_LIMIT) {
		v.unknown = row->limit == NO_LIMIT;
		v.count = v.unknown ? 0 : row->limit;
	}
	return v;
}

int64_t
report_change(const struct report *r, int64_t delta)
{
	return r->per_second ? clock_rate(delta, r->interval) : delta;
}

bool
report_occurs(struct report_value v)
{
	return v.count > 0 || v.delta != 0;
}

void
report_sum_init(struct report_sum *sum)
{
	*sum = (struct report_sum){.turned = false};
	sum->row.other = true;
	sum->row.gone = true;
	sum->row.before = &sum->before;
}

void
report_sum_add(struct report_sum *sum, const struct row *row)
{
	row_add(&sum->row, row);
	sum->row.gone &= row->gone;
	if (!row->before)
		return;
	row_add(&sum->before, row->before);
	sum->turned |= row->before->full != row->full;
}

bool
report_key_text(const struct report *r, const struct row *row,
    const struct key_column *column, char text[KEY_TEXT])
{
	if (!row->other)
		return key_text(
		    r->now->by, column, tally_key(r->now, row), text);
	strcpy(text, column->key + column->part == 0 ? "other" : "-");
	return false;
}

/* Whether a name reads like the text of a row without one: "-" or "other". */
static bool
reads_like_none(
    const struct report *r, const struct key_column *column, const char *name)
{
	bool first = column->key + column->part == 0;
	bool folded = r->top > 0 || r->height > 0;

	return strcmp(name, "-") == 0 ||
	    (first && folded && strcmp(name, "other") == 0);
}

/*
 * Gets the text of a key.  If it is such a name, moves its first byte, in
 * octal, to the text at to.  Returns the end of that.
 */
static char *
begin_text(const struct report *r, const struct row *row,
    const struct key_column *column, char text[KEY_TEXT], char *to)
{
	if (!report_key_text(r, row, column, text) ||
	    !reads_like_none(r, column, text))
		return to;
	to += sprintf(to, "\\%03o", (unsigned char)text[0]);
	memmove(text, text + 1, strlen(text));
	return to;
}

void
report_get_text(const struct report *r, const struct row *row,
    const struct key_column *column, report_word escaped)
{
	char text[KEY_TEXT];
	char *to = begin_text(r, row, column, text, escaped);

	escape_text(to, text, "\\");
}

void
report_get_word(const struct report *r, const struct row *row,
    const struct key_column *column, report_word escaped)
{
	char text[KEY_TEXT];
	char *to = begin_text(r, row, column, text, escaped);

	for (const char *p = text; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (c > ' ' && c < 0x7f && !escape_is_look_alike(p))
			*to++ = *p;
		else
			to += sprintf(to, "\\%03o", c);
	}
	*to = '\0';
}

/*
 * Returns how many rows are shown up to the first that is not, if top of them
 * are shown, all full ones among them.
 */
static size_t
find_head(const struct tally *t, size_t top)
{
	size_t full = 0, head = 0, others;

	for (size_t i = 0; i < t->nrows; i++)
		full += t->row[i]->full;
	others = top > full ? top - full : 0;
	for (; head < top && (t->row[head]->full || others > 0); head++)
		others -= !t->row[head]->full;
	return head;
}

/* Returns the i-th full row after the head. */
static const struct row *
full_row(const struct report_rows *rows, size_t i)
{
	struct row *const *row = &rows->tally->row[rows->head];

	for (; !(*row)->full || i > 0; row++)
		i -= (*row)->full;
	return *row;
}

void
report_rows_init(struct report_rows *rows, const struct report *r)
{
	size_t n = r->now->nrows;
	/* Lines for rows: without titles. */
	size_t lines = r->height > 1 ? r->height - 1 : 1;
	size_t top = r->top > 0 && r->top < n ? r->top : n, left;

	/* Listeners with a full queue come first; none of them is folded. */
	while (top < n && r->now->row[top]->full)
		top++;
	if (r->height > 0 && top + (top < n) > lines)
		top = lines - 1;
	rows->tally = r->now;
	rows->gone = r->baseline;
	rows->folded = top < n;
	rows->n = top + rows->folded;
	rows->head = find_head(r->now, top);
	report_sum_init(&rows->others);
	left = top - rows->head;
	for (size_t i = rows->head; i < n; i++) {
		if (r->now->row[i]->full && left > 0)
			left--;
		else
			report_sum_add(&rows->others, r->now->row[i]);
	}
}

const struct row *
report_row(const struct report_rows *rows, size_t i)
{
	if (rows->folded && i == rows->n - 1)
		return &rows->others.row;
	return i < rows->head ? rows->tally->row[i]
			      : full_row(rows, i - rows->head);
}

const struct row *
report_next_row(const struct report_rows *rows, size_t *i)
{
	while (*i < rows->n) {
		const struct row *row = report_row(rows, (*i)++);

		if (!row->gone || rows->gone)
			return row;
	}
	return NULL;
}

void
report_print_coloured(
    FILE *out, const struct report *r, const char *text, enum meaning meaning)
{
	if (!r->colour)
		meaning = MEANING_NONE;
	do {
		size_t len =
		    r->width > 0 ? wrap_words(text, r->width) : strlen(text);

		fputs_unlocked(colour_begin[meaning], out);
		fwrite_unlocked(text, 1, len, out);
		fputs_unlocked(colour_end[meaning], out);
		putc_unlocked('\n', out);
		text = wrap_next(text + len);
	} while (*text != '\0');
}

void
report_print_line(FILE *out, const struct report *r, const char *text)
{
	report_print_coloured(out, r, text, MEANING_NONE);
}
