/*
 * What a report can tell, and how it is called; the rows of a breakdown.
 */
#include "show/report.h"

#include <inttypes.h>
#include <string.h>

/*
 * UNKNOWN, and the numbers that the kernel gave.  Of more numbers than
 * anybody needs to see, the lowest.
 */
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
report_state_name(const struct report *r, unsigned slot, report_label text)
{
	if (slot != STATE_UNKNOWN)
		return state_names[slot].netstat;
	unknown_name(r, text);
	return text;
}

struct report_value
report_family(const struct report *r, unsigned family, unsigned slot)
{
	return (struct report_value){.count = r->now->count[family][slot],
	    .delta = r->now->delta[family][slot]};
}

struct report_value
report_state(const struct report *r, unsigned slot)
{
	return (struct report_value){.count = tally_count(r->now, slot),
	    .delta = tally_change(r->now, slot)};
}

bool
report_occurs(struct report_value v)
{
	return v.count > 0 || v.delta != 0;
}

bool
report_has_state(const struct report *r, unsigned slot)
{
	return slot != STATE_UNKNOWN || tally_has_unknown(r->now);
}

const char *
report_field_name(const struct report *r, unsigned field, report_label text)
{
	switch (field) {
	case FIELD_TOTAL:
		return "TOTAL";
	case FIELD_QUEUE:
		return "QUEUE";
	case FIELD_LIMIT:
		return "LIMIT";
	default:
		return report_state_name(r, field, text);
	}
}

struct report_value
report_field(const struct group *group, unsigned field)
{
	const struct backlog *backlog = &group->backlog;
	struct report_value v = {.count = group->total};

	switch (field) {
	case FIELD_TOTAL:
		for (unsigned s = 0; s < NSTATES; s++)
			v.delta += group->delta[s];
		return v;
	case FIELD_QUEUE:
		return (struct report_value){
		    backlog->queue, backlog->delta, false};
	case FIELD_LIMIT:
		v.unknown = backlog->limit == BACKLOG_NO_LIMIT;
		v.count = v.unknown ? 0 : backlog->limit;
		return v;
	default:
		v.count = group->count[field];
		v.delta = group->delta[field];
		return v;
	}
}

bool
report_key_text(const struct report *r, const struct group *group,
    const struct key_column *column, char text[KEY_TEXT])
{
	if (group->key != GROUP_OTHER)
		return key_text(
		    r->now->by, column, tally_key(r->now, group), text);
	strcpy(text, column->key + column->part == 0 ? "other" : "-");
	return false;
}

/* Whether a name reads like what stands where there is none. */
static bool
reads_like_none(
    const struct report *r, const struct key_column *column, const char *name)
{
	bool first = column->key + column->part == 0;
	bool folded = r->top > 0 || r->height > 0;

	return strcmp(name, "-") == 0 ||
	    (first && folded && strcmp(name, "other") == 0);
}

/* Copies the text, but the begin of such a name by number; returns its end. */
static char *
begin_text(const struct report *r, const struct group *group,
    const struct key_column *column, char text[KEY_TEXT], char *to)
{
	if (!report_key_text(r, group, column, text) ||
	    !reads_like_none(r, column, text))
		return to;
	to += sprintf(to, "\\%03o", (unsigned char)text[0]);
	memmove(text, text + 1, strlen(text));
	return to;
}

void
report_get_text(const struct report *r, const struct group *group,
    const struct key_column *column, report_word escaped)
{
	char text[KEY_TEXT];
	char *to = begin_text(r, group, column, text, escaped);

	escape_text(to, text, "\\");
}

void
report_get_word(const struct report *r, const struct group *group,
    const struct key_column *column, report_word escaped)
{
	char text[KEY_TEXT];
	char *to = begin_text(r, group, column, text, escaped);

	for (const char *p = text; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (c > ' ' && c < 0x7f && c != '\\')
			*to++ = *p;
		else
			to += sprintf(to, "\\%03o", c);
	}
	*to = '\0';
}

const struct group *
report_row(struct report_rows *rows, size_t i)
{
	if (rows->other.key == GROUP_OTHER && i == rows->n - 1)
		return &rows->other;
	groups_get(rows->groups, i, &rows->row);
	return &rows->row;
}

const struct group *
report_next_row(struct report_rows *rows, size_t *i)
{
	while (*i < rows->n) {
		const struct group *group = report_row(rows, (*i)++);

		if (!group->gone)
			return group;
	}
	return NULL;
}

void
report_take_rows(struct report_rows *rows, const struct report *r)
{
	const struct groups *groups = &r->now->groups;
	/* Lines for rows: not the titles, nor the columns without room. */
	size_t lines = r->height > 3 ? r->height - 2
	    : r->height > 1	     ? r->height - 1
				     : 1;
	size_t top = r->top > 0 && r->top < groups->n ? r->top : groups->n;

	*rows = (struct report_rows){.groups = groups};
	if (r->height > 0 && top + (top < groups->n) > lines)
		top = lines - 1;
	rows->n = top;
	if (top == groups->n)
		return;
	rows->other.key = GROUP_OTHER;
	rows->other.gone = true;
	rows->n++;
	for (size_t i = top; i < groups->n; i++) {
		groups_get(groups, i, &rows->row);
		group_add(&rows->other, &rows->row);
		rows->other.gone &= rows->row.gone;
	}
}

/* Where the character of that number begins; characters are in UTF-8. */
static const char *
find_character(const char *text, unsigned number)
{
	for (; *text != '\0'; text++)
		if ((*text & 0xc0) != 0x80 && number-- == 0)
			break;
	return text;
}

void
report_print_line(FILE *out, const struct report *r, const char *text)
{
	const char *end = find_character(text, r->width);
	bool whole = r->height == 0 || *end == '\0';

	if (whole) {
		fprintf(out, "%s\n", text);
		return;
	}
	end = find_character(text, r->width - 1);
	fprintf(out, "%.*s~\n", (int)(end - text), text);
}

void
report_log_time(const struct report *r, char time[32])
{
	struct tm tm;

	if (!localtime_r(&r->time.tv_sec, &tm) ||
	    strftime(time, 32, "%Y-%m-%dT%H:%M:%S", &tm) == 0)
		strcpy(time, "-");
}
