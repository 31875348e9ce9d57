/*
 * A finished tally, and how it is to be shown: what all formats share.
 */
#ifndef SHOW_REPORT_H
#define SHOW_REPORT_H

#include "count/tally.h"
#include "lib/escape.h"
#include "show/threshold.h"

#include <stdio.h>
#include <time.h>

struct report {
	const struct tally *now; /* compared; NULL: there is only an error */
	struct timespec time;	 /* when it was taken */
	int64_t interval;	 /* nanoseconds since the sample before */
	size_t top;		 /* the most rows of a breakdown; 0: all */
	const struct thresholds *thresholds;
	const char *error; /* what went wrong with the sample, or NULL */

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
	REPORT_APPEND, /* after the one before */
	REPORT_SCREEN, /* in place of the one before, with deltas */
};

/*
 * Writes the report to out.  Whether out took it is for the caller to see with
 * ferror().
 */
typedef void report_printer(
    FILE *out, enum report_mode mode, const struct report *report);

/*
 * What a row has: the states by slot, and these.  The order is that in which
 * formats show them: a queue, the life of a connection, the total.
 */
enum { FIELD_TOTAL = NSTATES, FIELD_QUEUE, FIELD_LIMIT, NFIELDS };
extern const uint8_t field_order[NFIELDS];

/* The name of a field; of UNKNOWN without the numbers that it stands for. */
const char *field_name(unsigned field);

/* Whether the report has a field: UNKNOWN only if there is any, or was. */
bool report_has_field(const struct report *report, unsigned field);

/*
 * The name of a field as tables and logs show it.  After UNKNOWN are the
 * numbers that the kernel gave, for which label is the memory.
 */
typedef char report_label[64];
const char *report_label_field(
    const struct report *report, unsigned field, report_label label);

/* The value of a field of a row. */
struct report_value {
	uint64_t count;
	int64_t delta; /* to the sample before; 0 if there is none */
	bool unknown;  /* "-" */
};
struct report_value report_value(
    const struct report *report, const struct row *row, unsigned field);

/* Whether there is any now, or was in the sample before. */
bool report_occurs(struct report_value value);

/* A sum of rows, now and before.  It must stay where it is. */
struct report_sum {
	struct row row, before;
};
void report_sum_init(struct report_sum *sum);
void report_sum_add(struct report_sum *sum, const struct row *row);

/* The rows that are shown: the largest, and one of all others. */
struct report_rows {
	const struct tally *tally;
	size_t n;
	bool folded; /* the last one is the sum of others */
	struct report_sum others;
};
void report_rows_init(struct report_rows *rows, const struct report *report);
const struct row *report_row(const struct report_rows *rows, size_t i);

/*
 * The next row from *i on, and moves *i past it; NULL at the end.  Rows that
 * are gone since the last sample are left out.
 */
const struct row *report_next_row(const struct report_rows *rows, size_t *i);

/*
 * The text of a column of a row's key, as it is: who prints it must escape it.
 * Returns false, with "other" or "-", if the row has no name there.
 */
bool report_key_text(const struct report *report, const struct row *row,
    const struct key_column *column, char text[KEY_TEXT]);

/*
 * The same with what might mislead by number (see escape.h), backslashes
 * included, and also the first byte of a name that reads like none.
 */
typedef char report_word[ESCAPED(KEY_TEXT)];
void report_get_text(const struct report *report, const struct row *row,
    const struct key_column *column, report_word text);

/* The same as a word: blanks, and what is not ASCII, by number too. */
void report_get_word(const struct report *report, const struct row *row,
    const struct key_column *column, report_word word);

/* A line of text; on a screen, one that is too long ends with ~. */
void report_print_line(
    FILE *out, const struct report *report, const char *text);

/* The local time, as it begins each line of a log. */
void report_log_time(const struct report *report, char time[32]);

#endif
