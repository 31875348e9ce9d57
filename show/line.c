/*
 * The format line.  Its columns do not change from line to line; a number that
 * is too wide for its column takes the blanks before the next ones.
 */
#include "show/line.h"

#include "lib/print.h"
#include "show/colour.h"
#include "show/encode.h"
#include "show/layout.h"

#include <string.h>

/* The columns after the time: the states but UNKNOWN, and TOTAL. */
enum { NCOLUMNS = NSTATES };

static unsigned
field_of(unsigned column)
{
	return column < NCOLUMNS - 1 ? state_order[column] : FIELD_TOTAL;
}

/* The titles, from the widest to those for 80 columns. */
enum titles { FULL, BRIEF, TINY, NTITLES };

static const char *
title_of(enum titles titles, unsigned field)
{
	static const char *const tiny[NSTATES] = {
	    [TCP_LISTEN] = "LSTN",
	    [TCP_SYN_SENT] = "SYN-S",
	    [TCP_SYN_RECV] = "SYN-R",
	    [TCP_ESTABLISHED] = "ESTAB",
	    [TCP_FIN_WAIT1] = "FIN-1",
	    [TCP_FIN_WAIT2] = "FIN-2",
	    [TCP_CLOSING] = "CLSNG",
	    [TCP_TIME_WAIT] = "TIM-W",
	    [TCP_CLOSE_WAIT] = "CLO-W",
	    [TCP_LAST_ACK] = "L-ACK",
	    [TCP_CLOSE] = "CLOSE",
	};

	return titles == FULL || field == FIELD_TOTAL ? field_name(field)
	    : titles == BRIEF ? state_names[field].brief
			      : tiny[field];
}

static unsigned
column_width(enum titles titles, unsigned field)
{
	static const unsigned min[NTITLES] = {[FULL] = 7, [BRIEF] = 6};
	unsigned width = (unsigned)strlen(title_of(titles, field));

	return width > min[titles] ? width : min[titles];
}

/* Chooses the widest titles that fit on the terminal, if there is one. */
static enum titles
choose_titles(const struct report *r, unsigned time_width)
{
	enum titles titles;

	for (titles = FULL; titles < TINY && r->width > 0; titles++) {
		unsigned width = time_width;

		for (unsigned i = 0; i < NCOLUMNS; i++)
			width += 1 + column_width(titles, field_of(i));
		if (width <= r->width)
			break;
	}
	return titles;
}

/* A line while it is printed. */
struct line {
	FILE *out;
	enum titles titles;
	size_t late; /* columns by which it is too long so far */
};

/* Prints a blank and a text in its column: to its end, if there is room. */
static void
print_cell(struct line *line, unsigned field, const char *text)
{
	size_t room = 1 + column_width(line->titles, field);
	size_t used = line->late + strlen(text);
	size_t blanks = used < room ? room - used : 1;

	print_blanks(line->out, blanks);
	print_text(line->out, text);
	line->late = used + blanks - room;
}

/* Whether a header is due before the next few lines.  Counts these lines. */
static bool
header_is_due(const struct report *r, unsigned lines)
{
	struct report_stream *s = r->stream;
	bool due;

	if (!s)
		return true;
	due = !s->begun ||
	    (s->screenful > 0 &&
		(s->left < lines || s->width != r->width));
	if (due) {
		s->begun = true;
		s->width = r->width;
		/* A line for the header, and one for the cursor. */
		s->left = s->screenful > 2 ? s->screenful - 2 : 1;
	}
	s->left -= lines < s->left ? lines : s->left;
	return due;
}

/* Writes the local time; on a terminal only the time of day. */
static void
make_time(const struct report *r, char text[LOG_TIME])
{
	struct tm tm;

	if (r->width == 0)
		make_log_time(&r->time, text);
	else if (!localtime_r(&r->time.tv_sec, &tm) ||
	    strftime(text, LOG_TIME, "%H:%M:%S", &tm) == 0)
		strcpy(text, "-");
}

static void
print_header(struct line *line, const struct report *r, unsigned time_width)
{
	enum meaning meaning = r->colour ? MEANING_TITLE : MEANING_NONE;

	print_text(line->out, colour_begin[meaning]);
	print_left(line->out, time_width, "TIME");
	for (unsigned i = 0; i < NCOLUMNS; i++)
		print_cell(
		    line, field_of(i), title_of(line->titles, field_of(i)));
	print_text(line->out, colour_end[meaning]);
	print_char(line->out, '\n');
}

static void
print_counts(struct line *line, const struct report *r, const char *time,
    enum meaning meaning)
{
	char number[24];

	print_text(line->out, colour_begin[meaning]);
	print_text(line->out, time);
	for (unsigned i = 0; i < NCOLUMNS; i++) {
		struct report_value v =
		    report_value(r, &r->now->all, field_of(i));

		append_number(number, v.count);
		print_cell(line, field_of(i), number);
	}
	print_text(line->out, colour_end[meaning]);
	print_char(line->out, '\n');
}

void
line_print(FILE *out, enum report_mode mode, const struct report *r)
{
	char time[LOG_TIME];
	unsigned time_width;
	struct line line = {.out = out};
	enum meaning worst = table_judge_row(r, &r->now->all);

	(void)mode;
	make_time(r, time);
	time_width = (unsigned)strlen(time);
	line.titles = choose_titles(r, time_width);
	/* An alert takes a line, too. */
	if (header_is_due(r, worst == MEANING_NONE ? 1 : 2) && !r->no_header)
		print_header(&line, r, time_width);
	print_counts(&line, r, time, r->colour ? worst : MEANING_NONE);
}
