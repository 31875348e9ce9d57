/*
 * A finished tally, and how it is to be shown: what all formats share.
 */
#ifndef REPORT_H
#define REPORT_H

#include "lib/escape.h"
#include "count/tally.h"
#include "show/threshold.h"

#include <stdio.h>
#include <time.h>

struct report {
	const struct tally *now; /* compared, if with anything; NULL where
				    there is none, but trouble */
	struct timespec time;	 /* when it was taken */
	int64_t interval;	 /* nanoseconds since the one before */
	size_t top;		 /* the most rows of a breakdown; 0: all */
	const struct thresholds *thresholds;
	const char *trouble; /* what went wrong with the sample; or NULL */

	bool no_header;
	bool all_states; /* in a breakdown, also those that do not occur */

	/* Of the terminal that shows it; all 0 in a pipe. */
	unsigned width;	 /* columns */
	unsigned height; /* lines; 0: as many as there are */
	bool colour;
	bool utf8;
};

enum report_mode {
	REPORT_ONCE,   /* by itself */
	REPORT_APPEND, /* behind the one before */
	REPORT_SCREEN, /* in place of the one before, with deltas */
};

/*
 * Writes the report to out.  Whether out took it is for the caller to see with
 * ferror().
 */
typedef void report_printer(
    FILE *out, enum report_mode mode, const struct report *report);

/* What a cell of a table shows. */
struct report_value {
	uint64_t count;
	int64_t delta;
	bool unknown; /* "-" */
};

/* Of a state, by slot: in one family, and in both. */
struct report_value report_family(
    const struct report *report, unsigned family, unsigned slot);
struct report_value report_state(const struct report *report, unsigned slot);

/* Whether there is, or was a sample before, any socket in it. */
bool report_occurs(struct report_value value);

/* Whether the report speaks of a state: always, but for UNKNOWN. */
bool report_has_state(const struct report *report, unsigned slot);

/* The same as report_state(), of a group; and what else it has. */
enum { FIELD_TOTAL = NSTATES, FIELD_QUEUE, FIELD_LIMIT, NFIELDS };
struct report_value report_field(const struct group *group, unsigned field);

/*
 * The names of both, as tables and logs show them.  Behind UNKNOWN are the
 * numbers that the kernel gave, for which text is the memory.
 */
typedef char report_label[64];
const char *report_state_name(
    const struct report *report, unsigned slot, report_label text);
const char *report_field_name(
    const struct report *report, unsigned field, report_label text);

/* A line of text; on a screen, one that is too long ends with ~. */
void report_print_line(
    FILE *out, const struct report *report, const char *text);

/* The local time, as it begins each line of a log. */
void report_log_time(const struct report *report, char time[32]);

/*
 * The rows that are shown: the largest groups, and one of all others.  A row
 * is good until the next one is taken.
 */
struct report_rows {
	const struct groups *groups;
	size_t n;
	struct group row, other; /* other if its key is GROUP_OTHER */
};

void report_take_rows(struct report_rows *rows, const struct report *report);
const struct group *report_row(struct report_rows *rows, size_t i);

/*
 * The next row from *i on, which is moved behind it; NULL at the end.  What is
 * gone since the last sample is left out: for who has no delta to show it.
 */
const struct group *report_next_row(struct report_rows *rows, size_t *i);

/*
 * The text of a column of a group's key, as it is: who prints it must escape
 * it.  Returns false, with "other" or "-", where the group has no name there:
 * it has many keys, or nothing to name.
 */
bool report_key_text(const struct report *report, const struct group *group,
    const struct key_column *column, char text[KEY_TEXT]);

/*
 * The same with what might mislead by number (see escape.h), backslashes
 * among it, and also the begin of a name that would read like none.
 */
typedef char report_word[ESCAPED(KEY_TEXT)];
void report_get_text(const struct report *report, const struct group *group,
    const struct key_column *column, report_word text);

/*
 * The same as a word, as tables and logs show it: blanks, and what is not
 * plain ASCII, by number too.
 */
void report_get_word(const struct report *report, const struct group *group,
    const struct key_column *column, report_word word);

#endif
