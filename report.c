/*
 * The output formats.  Prints what was counted, and does not count.
 */
#include "report.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What a cell of a table shows. */
struct value {
	uint64_t count;
	int64_t delta;
	bool unknown; /* "-" */
};

/* A column of counts. */
struct column {
	const char *title;
	unsigned gap;	/* blanks before it */
	unsigned width; /* of the counts */
	unsigned delta; /* of the deltas; 0: none are shown */
	uint64_t sum;	/* of the counts: what is lost where it is hidden */
	bool keep;	/* show it whatever room there is */
	bool hidden;	/* for lack of room */
};

/* Room for UNKNOWN and the numbers behind it. */
typedef char label[64];

/*
 * UNKNOWN, and the numbers that the kernel gave.  Of more numbers than
 * anybody needs to see, the lowest.
 */
static void
unknown_name(const struct report *r, label text)
{
	int len = snprintf(
	    text, sizeof(label), "%s", state_names[STATE_UNKNOWN].netstat);
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

/* The name of a state as tables and logs show it; text is its memory. */
static const char *
state_name(const struct report *r, unsigned slot, label text)
{
	if (slot != STATE_UNKNOWN)
		return state_names[slot].netstat;
	unknown_name(r, text);
	return text;
}

static void
add_value(struct value *sum, struct value value)
{
	sum->count += value.count;
	sum->delta += value.delta;
}

static struct value
family_value(const struct report *r, unsigned family, unsigned slot)
{
	return (struct value){.count = r->now->count[family][slot],
	    .delta = r->now->delta[family][slot]};
}

static struct value
state_value(const struct report *r, unsigned slot)
{
	return (struct value){.count = tally_count(r->now, slot),
	    .delta = tally_change(r->now, slot)};
}

static bool
occurs(struct value v)
{
	return v.count > 0 || v.delta != 0;
}

/* Whether the report speaks of a state: always, but for UNKNOWN. */
static bool
has_state(const struct report *r, unsigned slot)
{
	return slot != STATE_UNKNOWN || occurs(state_value(r, slot));
}

static unsigned
digits(uint64_t n)
{
	unsigned width = 1;

	for (; n >= 10; n /= 10)
		width++;
	return width;
}

static void
print_pad(FILE *out, size_t n)
{
	for (; n > 0; n--)
		putc_unlocked(' ', out);
}

/*
 * What a table is made of.  fprintf() could do this, but would take longer for
 * many rows, and, when there are few, to get started than all the rest does.
 */
static void
print_left(FILE *out, unsigned width, const char *text)
{
	size_t len = strlen(text);

	fwrite_unlocked(text, 1, len, out);
	print_pad(out, len < width ? width - len : 0);
}

static void
print_right(FILE *out, unsigned width, const char *text)
{
	size_t len = strlen(text);

	print_pad(out, len < width ? width - len : 0);
	fwrite_unlocked(text, 1, len, out);
}

static void
print_number(FILE *out, unsigned width, uint64_t n)
{
	char text[21], *p = text + sizeof(text) - 1;

	*p = '\0';
	do
		*--p = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	print_right(out, width, p);
}

static unsigned
longer(unsigned width, const char *text)
{
	size_t len = strlen(text);

	return len > width ? (unsigned)len : width;
}

static void
print_colour(FILE *out, const struct report *r, const char *code)
{
	if (r->colour)
		fprintf(out, "\033[%sm", code);
}

/* A column of counts with its title, and deltas where they are shown. */
static struct column
make_column(const char *title, bool deltas)
{
	return (struct column){
	    .title = title,
	    .gap = 2,
	    .width = (unsigned)strlen(title),
	    .delta = deltas ? 6 : 0,
	};
}

/* Makes the columns wide enough for a row of values, one for each. */
static void
measure_row(struct column *columns, size_t n, const struct value *values)
{
	for (size_t i = 0; i < n; i++) {
		struct column *column = &columns[i];
		unsigned width =
		    values[i].unknown ? 1 : digits(values[i].count);
		unsigned delta = 1 + digits((uint64_t)llabs(values[i].delta));

		if (width > column->width)
			column->width = width;
		if (column->delta > 0 && delta > column->delta)
			column->delta = delta;
		column->sum += values[i].count;
	}
}

static unsigned
column_width(const struct column *column)
{
	return column->gap + column->width +
	    (column->delta > 0 ? 1 + column->delta : 0);
}

static void
print_titles(FILE *out, const struct column *columns, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct column *column = &columns[i];

		if (column->hidden)
			continue;
		print_right(out, column->gap + column->width, column->title);
		if (column->delta > 0)
			print_pad(out, 1 + column->delta);
	}
}

static void
print_row(FILE *out, const struct column *columns, size_t n,
    const struct value *values)
{
	for (size_t i = 0; i < n; i++) {
		const struct column *column = &columns[i];

		if (column->hidden)
			continue;
		if (values[i].unknown)
			print_right(out, column->gap + column->width, "-");
		else
			print_number(
			    out, column->gap + column->width, values[i].count);
		if (column->delta > 0 && values[i].delta != 0)
			fprintf(out, " %+-*" PRId64, (int)column->delta,
			    values[i].delta);
		else if (column->delta > 0)
			print_pad(out, 1 + column->delta);
	}
}

/*
 * Hides columns that need not be kept, those with the least in them first,
 * until the line fits.  Returns its width.
 */
static unsigned
fit_columns(struct column *columns, size_t n, unsigned used, unsigned width)
{
	for (;;) {
		struct column *least = NULL;
		unsigned sum = used;

		for (size_t i = 0; i < n; i++) {
			if (columns[i].hidden)
				continue;
			sum += column_width(&columns[i]);
			if (!columns[i].keep &&
			    (!least || columns[i].sum <= least->sum))
				least = &columns[i];
		}
		if (width == 0 || sum <= width || !least)
			return sum;
		least->hidden = true;
	}
}

static void
print_hidden(FILE *out, const struct column *columns, size_t n)
{
	const char *before = "no room for: ";

	for (size_t i = 0; i < n; i++)
		if (columns[i].hidden) {
			fprintf(out, "%s%s", before, columns[i].title);
			before = ", ";
		}
	if (before[0] == ',')
		fputc('\n', out);
}

/* What follows the counts of a state where a terminal has room for it. */
struct bars {
	uint64_t total;
	bool share;
	unsigned length; /* of a bar for the total; 0: no bars */
};

/* Share and bar need room for "   SHARE" and at least a few cells. */
enum { SHARE_WIDTH = 8, BAR_GAP = 2, BAR_LEAST = 4, BAR_MOST = 50 };

static struct bars
make_bars(const struct report *r, unsigned used, uint64_t total)
{
	struct bars bars = {.total = total > 0 ? total : 1};

	used += SHARE_WIDTH;
	bars.share = used <= r->width;
	used += BAR_GAP;
	if (used + BAR_LEAST <= r->width)
		bars.length = r->width - used;
	if (bars.length > BAR_MOST)
		bars.length = BAR_MOST;
	return bars;
}

/* The share in tenths of a percent, cut off: all but one is not 100%. */
static void
print_bar(FILE *out, const struct bars *bars, uint64_t count, bool utf8)
{
	static const char *const eighths[] = {"", "\u258f", "\u258e", "\u258d",
	    "\u258c", "\u258b", "\u258a", "\u2589"};
	unsigned tenths = (unsigned)(count * 1000 / bars->total);
	uint64_t length = count * bars->length * 8 / bars->total;

	if (bars->share && tenths == 0 && count > 0)
		fputs("   <0.1%", out);
	else if (bars->share)
		fprintf(out, "  %3u.%u%%", tenths / 10, tenths % 10);
	if (length > 0)
		print_pad(out, BAR_GAP);
	for (; length >= 8; length -= 8)
		fputs(utf8 ? "\u2588" : "#", out);
	if (utf8)
		fputs(eighths[length], out);
}

/* The columns and rows of the totals. */
enum { TOTAL_COLUMN = NFAMILIES, NCOLUMNS, TOTAL_ROW = NSTATES, NROWS };

static void
fill_totals(struct value values[NROWS][NCOLUMNS], const struct report *r)
{
	memset(values, 0, NROWS * sizeof(values[0]));
	for (unsigned s = 0; s < NSTATES; s++)
		for (unsigned f = 0; f < NFAMILIES; f++) {
			struct value v = family_value(r, f, s);

			add_value(&values[s][f], v);
			add_value(&values[s][TOTAL_COLUMN], v);
			add_value(&values[TOTAL_ROW][f], v);
			add_value(&values[TOTAL_ROW][TOTAL_COLUMN], v);
		}
}

static void
print_totals(FILE *out, const struct report *r, bool deltas)
{
	struct value values[NROWS][NCOLUMNS];
	struct column columns[] = {make_column("TCP", deltas),
	    make_column("TCP6", deltas), make_column("TOTAL", deltas)};
	bool short_of_lines = r->height > 0 && r->height < NROWS + 2;
	unsigned name = (unsigned)strlen("ESTABLISHED");
	struct bars bars;
	unsigned used;
	label text;

	if (has_state(r, STATE_UNKNOWN))
		name = longer(name, state_name(r, STATE_UNKNOWN, text));
	columns[TOTAL_COLUMN].keep = true;
	/* Numbers of up to four digits have two blanks before them. */
	columns[0].gap = 1;
	columns[0].width = 4;
	fill_totals(values, r);
	for (unsigned row = 0; row < NROWS; row++)
		measure_row(columns, NCOLUMNS, values[row]);
	used = fit_columns(columns, NCOLUMNS, name, deltas ? r->width : 0);
	bars = make_bars(r, used, values[TOTAL_ROW][TOTAL_COLUMN].count);

	if (!r->no_header) {
		print_colour(out, r, "1");
		print_left(out, name, "STATE");
		print_titles(out, columns, NCOLUMNS);
		print_right(out, bars.share ? SHARE_WIDTH : 0,
		    bars.share ? "SHARE" : "");
		print_colour(out, r, "0");
		fputc('\n', out);
	}
	for (unsigned i = 0; i < NSTATES; i++) {
		unsigned s = state_order[i];
		uint64_t count = values[s][TOTAL_COLUMN].count;

		if (!has_state(r, s) || (count == 0 && short_of_lines))
			continue;
		print_colour(out, r, count == 0 ? "2" : "0");
		print_left(out, name, state_name(r, s, text));
		print_row(out, columns, NCOLUMNS, values[s]);
		print_bar(out, &bars, count, r->utf8);
		print_colour(out, r, "0");
		fputc('\n', out);
	}
	print_left(out, name, "TOTAL");
	print_row(out, columns, NCOLUMNS, values[TOTAL_ROW]);
	fputc('\n', out);
	print_hidden(out, columns, NCOLUMNS);
}

/*
 * Blanks, what a terminal might take for a command, and all that is not ASCII
 * is shown by number, in octal, as in /proc/mounts.
 */
static void
escape_word(const char *text, report_word escaped)
{
	char *p = escaped;

	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c > ' ' && c < 0x7f && c != '\\')
			*p++ = *text;
		else
			p += snprintf(p, 5, "\\%03o", c);
	}
	*p = '\0';
}

void
report_key_text(const struct report *r, const struct group *group,
    const struct key_column *column, char text[KEY_TEXT])
{
	if (group->key != GROUP_OTHER)
		key_text(r->now->by, column, tally_key(r->now, group), text);
	else
		strcpy(text, column->key + column->part == 0 ? "other" : "-");
}

void
report_get_word(const struct report *r, const struct group *group,
    const struct key_column *column, report_word escaped)
{
	char text[KEY_TEXT];

	report_key_text(r, group, column, text);
	escape_word(text, escaped);
}

/* What a breakdown tells of a group: the count of a state, by slot, or these.
 */
enum field { FIELD_TOTAL = NSTATES, FIELD_QUEUE, FIELD_LIMIT, NFIELDS };

static const char *
field_name(const struct report *r, unsigned field, label text)
{
	switch (field) {
	case FIELD_TOTAL:
		return "TOTAL";
	case FIELD_QUEUE:
		return "QUEUE";
	case FIELD_LIMIT:
		return "LIMIT";
	default:
		return state_name(r, field, text);
	}
}

static struct value
group_value(const struct group *group, unsigned field)
{
	const struct backlog *backlog = &group->backlog;
	struct value v = {.count = group->total};

	switch (field) {
	case FIELD_TOTAL:
		for (unsigned s = 0; s < NSTATES; s++)
			v.delta += group->delta[s];
		return v;
	case FIELD_QUEUE:
		return (struct value){backlog->queue, backlog->delta, false};
	case FIELD_LIMIT:
		v.unknown = backlog->limit == LISTENER_NO_LIMIT;
		v.count = v.unknown ? 0 : backlog->limit;
		return v;
	default:
		v.count = group->count[field];
		v.delta = group->delta[field];
		return v;
	}
}

/* The columns of a breakdown: keys, fields, and in some cases keys again. */
struct breakdown {
	struct key_column key[KEY_COLUMNS];
	unsigned width[KEY_COLUMNS];
	size_t nkeys, nfirst; /* of them, and of those before the fields */
	unsigned field[NFIELDS];
	struct column column[NFIELDS]; /* of each field */
	size_t n;
	label unknown;
};

static void
get_values(const struct breakdown *b, const struct group *group,
    struct value values[NFIELDS])
{
	for (size_t i = 0; i < b->n; i++)
		values[i] = group_value(group, b->field[i]);
}

const struct group *
report_row(struct report_rows *rows, size_t i)
{
	if (rows->other.key == GROUP_OTHER && i == rows->n - 1)
		return &rows->other;
	groups_get(rows->groups, i, &rows->row);
	return &rows->row;
}

void
report_take_rows(struct report_rows *rows, const struct report *r)
{
	const struct groups *groups = &r->now->groups;
	/* Lines for rows: not the titles, nor the columns without room. */
	size_t lines = r->height > 4 ? r->height - 2 : 2;
	size_t top = r->top > 0 && r->top < groups->n ? r->top : groups->n;

	*rows = (struct report_rows){.groups = groups};
	if (r->height > 0 && top + (top < groups->n) > lines)
		top = lines - 1;
	rows->n = top;
	if (top == groups->n)
		return;
	rows->other.key = GROUP_OTHER;
	rows->n++;
	for (size_t i = top; i < groups->n; i++) {
		groups_get(groups, i, &rows->row);
		group_add(&rows->other, &rows->row);
	}
}

/* Makes the columns wide enough for a row. */
static void
measure_group(
    struct breakdown *b, const struct report *r, const struct group *group)
{
	struct value values[NFIELDS];
	report_word text;

	for (size_t i = 0; i < b->nkeys; i++) {
		report_get_word(r, group, &b->key[i], text);
		b->width[i] = longer(b->width[i], text);
	}
	get_values(b, group, values);
	measure_row(b->column, b->n, values);
}

static void
add_field(struct breakdown *b, const struct report *r, unsigned field,
    bool deltas, bool keep)
{
	const char *name = field_name(r, field, b->unknown);

	b->field[b->n] = field;
	b->column[b->n] = make_column(name, deltas && field != FIELD_LIMIT);
	b->column[b->n++].keep = keep;
}

/* The states that are shown, and what more there is to tell. */
static void
choose_fields(struct breakdown *b, const struct report *r, bool deltas)
{
	static const uint8_t of_listeners[] = {
	    TCP_SYN_RECV, TCP_ESTABLISHED, TCP_CLOSE_WAIT, TCP_TIME_WAIT};
	bool listeners = r->now->by->listeners;

	if (listeners) {
		add_field(b, r, FIELD_QUEUE, deltas, true);
		add_field(b, r, FIELD_LIMIT, deltas, true);
	}
	if (listeners && !r->all_states) {
		for (size_t i = 0; i < sizeof(of_listeners); i++)
			add_field(b, r, of_listeners[i], deltas, false);
		return;
	}
	/* Rows are of all sockets: what occurs in any occurs in all. */
	for (unsigned i = 0; i < NSTATES; i++) {
		unsigned s = state_order[i];

		if (occurs(state_value(r, s)) ||
		    (r->all_states && s != STATE_UNKNOWN))
			add_field(b, r, s, deltas, false);
	}
	add_field(b, r, FIELD_TOTAL, deltas, true);
}

/* The keys, in their order, but for those that come behind the fields. */
static void
choose_keys(struct breakdown *b, const struct report *r)
{
	struct key_column columns[KEY_COLUMNS];
	size_t n = key_columns(r->now->by, columns);

	for (size_t i = 0; i < n; i++)
		if (!columns[i].last)
			b->key[b->nkeys++] = columns[i];
	b->nfirst = b->nkeys;
	for (size_t i = 0; i < n; i++)
		if (columns[i].last)
			b->key[b->nkeys++] = columns[i];
	for (size_t i = 0; i < n; i++)
		b->width[i] = longer(0, b->key[i].title);
}

/* Whether a listener has no room for one more connection (sk_acceptq_is_full,
 * include/net/sock.h). */
static bool
is_full(const struct group *group)
{
	return group->backlog.queue > group->backlog.limit;
}

static const char full_mark[] = "  FULL";

static void
fill_breakdown(struct breakdown *b, const struct report *r,
    struct report_rows *rows, bool deltas)
{
	unsigned used = 0;
	bool full = false;

	choose_keys(b, r);
	choose_fields(b, r, deltas);
	for (size_t i = 0; i < rows->n; i++) {
		const struct group *group = report_row(rows, i);

		measure_group(b, r, group);
		full |= is_full(group);
	}
	for (size_t i = 0; i < b->nkeys; i++)
		used += b->width[i] + (i > 0 ? 2 : 0);
	if (full)
		used += (unsigned)strlen(full_mark);
	if (deltas)
		fit_columns(b->column, b->n, used, r->width);
}

/* A column of a key: numbers to the right, words to the left. */
static void
print_key(FILE *out, const struct breakdown *b, size_t i, const char *text)
{
	print_pad(out, i > 0 ? 2 : 0);
	if (b->key[i].number)
		print_right(out, b->width[i], text);
	else
		print_left(out, b->width[i], text);
}

/* The title of a key, as tables have it. */
static void
make_title(const struct key_column *key, report_word title)
{
	size_t len = strlen(key->title);

	for (size_t c = 0; c <= len; c++)
		title[c] = (char)toupper((unsigned char)key->title[c]);
}

static void
print_group(FILE *out, const struct breakdown *b, const struct report *r,
    const struct group *group)
{
	struct value values[NFIELDS];
	report_word text;

	get_values(b, group, values);
	for (size_t i = 0; i < b->nfirst; i++) {
		report_get_word(r, group, &b->key[i], text);
		print_key(out, b, i, text);
	}
	print_row(out, b->column, b->n, values);
	for (size_t i = b->nfirst; i < b->nkeys; i++) {
		report_get_word(r, group, &b->key[i], text);
		fprintf(out, "  %s", text);
	}
	if (is_full(group)) {
		print_colour(out, r, "1;31");
		fputs(full_mark, out);
		print_colour(out, r, "0");
	}
	putc_unlocked('\n', out);
}

static void
print_groups(FILE *out, const struct report *r, bool deltas)
{
	struct breakdown b = {0};
	struct report_rows rows;
	report_word title;

	report_take_rows(&rows, r);
	fill_breakdown(&b, r, &rows, deltas);
	if (!r->no_header) {
		print_colour(out, r, "1");
		for (size_t i = 0; i < b.nfirst; i++) {
			make_title(&b.key[i], title);
			print_key(out, &b, i, title);
		}
		print_titles(out, b.column, b.n);
		for (size_t i = b.nfirst; i < b.nkeys; i++) {
			make_title(&b.key[i], title);
			fprintf(out, "  %s", title);
		}
		print_colour(out, r, "0");
		fputc('\n', out);
	}
	for (size_t i = 0; i < rows.n; i++)
		print_group(out, &b, r, report_row(&rows, i));
	print_hidden(out, b.column, b.n);
}

/* A line of the log: the time, the key, the state, its count and delta. */
static void
print_change(FILE *out, const struct report *r, const char *time,
    const struct group *group, unsigned field, struct value v)
{
	struct key_column columns[KEY_COLUMNS];
	label text;
	report_word key;

	fprintf(out, "%s ", time);
	for (size_t i = 0, n = group ? key_columns(r->now->by, columns) : 0;
	     i < n; i++) {
		report_get_word(r, group, &columns[i], key);
		fprintf(out, "%s ", key);
	}
	fprintf(out, "%s %" PRIu64, field_name(r, field, text), v.count);
	if (r->now->compared)
		fprintf(out, " %+" PRId64, v.delta);
	fputc('\n', out);
}

static void
log_totals(FILE *out, const struct report *r, const char *time)
{
	for (unsigned i = 0; i < NSTATES; i++) {
		unsigned s = state_order[i];
		struct value v = state_value(r, s);

		if (r->now->compared ? v.delta != 0 : has_state(r, s))
			print_change(out, r, time, NULL, s, v);
	}
}

static void
log_field(FILE *out, const struct report *r, const char *time,
    const struct group *group, unsigned field, bool all)
{
	struct value v = group_value(group, field);

	if (all ? occurs(v) : v.delta != 0)
		print_change(out, r, time, group, field, v);
}

/* The states of a group that changed, or all of them. */
static void
log_group(FILE *out, const struct report *r, const char *time,
    const struct group *group, bool all)
{
	if (r->now->by->listeners)
		log_field(out, r, time, group, FIELD_QUEUE, all);
	for (unsigned i = 0; i < NSTATES; i++)
		log_field(out, r, time, group, state_order[i], all);
}

/*
 * A group that was listed once stays so while it has sockets: its line must
 * not be the last one of it while these are counted among the others'.  When
 * one comes out of the others, it is told, and so are they.
 */
static void
log_groups(FILE *out, const struct report *r, const char *time)
{
	const struct groups *groups = &r->now->groups;
	struct group other = {.key = GROUP_OTHER};

	for (size_t i = 0; i < groups->n; i++) {
		struct group group;

		groups_get(groups, i, &group);
		if (group.listed)
			log_group(out, r, time, &group,
			    !r->now->compared || group.entered);
		else
			group_add(&other, &group);
	}
	log_group(out, r, time, &other, !r->now->compared || r->now->relisted);
}

void
report_log_time(const struct report *r, char time[32])
{
	struct tm tm;

	if (!localtime_r(&r->time, &tm) ||
	    strftime(time, 32, "%Y-%m-%dT%H:%M:%S", &tm) == 0)
		strcpy(time, "-");
}

static void
print_log(FILE *out, const struct report *r)
{
	char time[32];

	report_log_time(r, time);
	if (r->now->by)
		log_groups(out, r, time);
	else
		log_totals(out, r, time);
}

void
report_table(FILE *out, enum report_mode mode, const struct report *r)
{
	if (mode == REPORT_APPEND)
		print_log(out, r);
	else if (r->now->by)
		print_groups(out, r, mode == REPORT_SCREEN);
	else
		print_totals(out, r, mode == REPORT_SCREEN);
}

/* What an awk one-liner prints: the states that occur, one a line. */
static void
print_block(FILE *out, enum report_mode mode, const struct report *r,
    const char *(*name)(const struct report *, unsigned, label))
{
	label text;

	if (mode == REPORT_APPEND && r->now->compared)
		fputc('\n', out);
	for (unsigned i = 0; i < NSTATES; i++) {
		unsigned s = state_order[i];
		uint64_t n = state_value(r, s).count;

		if (n > 0 && name(r, s, text))
			fprintf(out, "%s %" PRIu64 "\n", name(r, s, text), n);
	}
}

/* netstat -n, without -a, leaves listeners out. */
static const char *
netstat_name(const struct report *r, unsigned slot, label text)
{
	return slot == TCP_LISTEN ? NULL : state_name(r, slot, text);
}

void
report_netstat(FILE *out, enum report_mode mode, const struct report *r)
{
	print_block(out, mode, r, netstat_name);
}

static const char *
ss_name(const struct report *r, unsigned slot, label text)
{
	return slot == STATE_UNKNOWN ? state_name(r, slot, text)
				     : state_names[slot].ss;
}

void
report_ss(FILE *out, enum report_mode mode, const struct report *r)
{
	print_block(out, mode, r, ss_name);
}
