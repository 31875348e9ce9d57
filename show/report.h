/*
 * A finished tally and how to show it, and what all formats share: fields,
 * values, rows and the text of keys.
 */
#ifndef SHOW_REPORT_H
#define SHOW_REPORT_H

#include "count/tally.h"
#include "lib/escape.h"
#include "show/threshold.h"

#include <stdio.h>
#include <time.h>

/* What a format knows of the stream of samples that it prints. */
struct report_stream {
	unsigned screenful; /* lines of the terminal; 0: there is none */

	/* For repeated headers; zeroed before the first sample. */
	bool begun;
	unsigned width; /* of the terminal at the last header */
	unsigned left;	/* lines before the next header */
};

struct report {
	const struct tally *now; /* compared; NULL: there is only an error */
	struct timespec time;	 /* of the sample */
	int64_t interval; /* nanoseconds since the previous; 0: unknown */
	size_t top;	  /* rows of a breakdown; 0: all */
	const struct thresholds *thresholds;
	bool judge_totals; /* these are not for the rows, if there are any */
	const char *error; /* the last failure of the sample, or NULL */

	bool saved;    /* of files or a copy of a proc: of unknown time */
	bool first;    /* the first sample of the run */
	bool baseline; /* show changes, and rows that are gone */

	bool no_header;
	bool per_second; /* show changes per second, not per interval */
	unsigned skip;	 /* columns to leave out first if they do not fit */
	bool *more;	 /* set if others do not fit either; or NULL */
	unsigned keep;	 /* a mask of states that have a column anyway */
	bool all_states; /* on a terminal, even those that do not occur */

	struct report_stream *stream; /* NULL: a single sample, or a screen */

	/* The terminal that shows it; all 0 if there is none. */
	unsigned width;	 /* columns; 0: a pipe or a file */
	unsigned height; /* lines of a screen; 0: no limit */
	bool colour;
	bool utf8;
};

enum report_mode {
	REPORT_ONCE,   /* a single sample */
	REPORT_APPEND, /* one of a stream of samples */
	REPORT_SCREEN, /* drawn over the previous sample, with deltas */
};

/* Whether thresholds are for the totals, and not for rows. */
bool report_judges_totals(const struct report *report);

/* Prints the report to out.  The caller checks out for errors. */
typedef void report_printer(
    FILE *out, enum report_mode mode, const struct report *report);

/*
 * Returns the i-th field in the order in which formats print them: the accept
 * queue, the states in the order of a connection's life, the total.
 */
unsigned field_at(unsigned i);

/* Returns the name of a field; UNKNOWN without the states' numbers. */
const char *field_name(unsigned field);

/* Returns its title in tables: ACCEPTQ and BACKLOG, else its name. */
const char *field_title(unsigned field);

/*
 * Whether the report has a field: QUEUE and LIMIT only of listeners, UNKNOWN
 * only if it has sockets, now or in the previous sample.
 */
bool report_has_field(const struct report *report, unsigned field);

/* Whether totals show a state: the report has it, and the filter allows it. */
bool report_shows_state(const struct report *report, unsigned slot);

/*
 * Returns the name of a field as tables and logs print it: UNKNOWN with the
 * states' numbers.  The result may be label, which the caller provides.
 */
typedef char report_label[64];
const char *report_label_field(
    const struct report *report, unsigned field, report_label label);

/* The value of a field of a row. */
struct report_value {
	uint64_t count;
	int64_t delta; /* to the previous sample; 0 if there is none */
	bool unknown;  /* could not be measured: print "-", not count */
};
struct report_value report_value(
    const struct report *report, const struct row *row, unsigned field);

/* Returns a delta as it is shown: per second if report->per_second is set. */
int64_t report_change(const struct report *report, int64_t delta);

/* Whether a value is not 0, now or in the previous sample. */
bool report_occurs(struct report_value value);

/* A sum of rows, now and before.  row points into it: do not copy it. */
struct report_sum {
	struct row row, before;
	bool turned; /* the queue of some row became full, or not full */
};
void report_sum_init(struct report_sum *sum);
void report_sum_add(struct report_sum *sum, const struct row *row);

/*
 * The rows to show: the first, those with a full queue among them, and one
 * that sums up the others.
 */
struct report_rows {
	const struct tally *tally;
	size_t n;
	size_t head; /* of the tally's rows: after these, only full ones */
	bool gone;   /* show rows that are gone */
	bool folded; /* the last row is the sum of the others */
	struct report_sum others;
};
void report_rows_init(struct report_rows *rows, const struct report *report);
const struct row *report_row(const struct report_rows *rows, size_t i);

/*
 * Returns the next row from *i on, and sets *i to the one after it; NULL at
 * the end.  Skips rows that are gone, unless there is a baseline.
 */
const struct row *report_next_row(const struct report_rows *rows, size_t *i);

/*
 * Writes the text of a column of a row's key.  The text is untrusted; the
 * caller escapes it.  Returns false, with "other" or "-", if the key has no
 * value there.
 */
bool report_key_text(const struct report *report, const struct row *row,
    const struct key_column *column, char text[KEY_TEXT]);

/*
 * Writes the same text, escaped by escape_text(), backslashes too.  If a name
 * reads like "other" or "-", escapes its first byte.
 */
typedef char report_word[ESCAPED(KEY_TEXT)];
void report_get_text(const struct report *report, const struct row *row,
    const struct key_column *column, report_word text);

/* Writes the same text as a word: escapes blanks and all but ASCII too. */
void report_get_word(const struct report *report, const struct row *row,
    const struct key_column *column, report_word word);

/*
 * Print a line of text, the second one in a colour; on a terminal, wrap a
 * longer one.  See wrap_lines() for how many lines that makes.
 */
void report_print_line(
    FILE *out, const struct report *report, const char *text);
void report_print_coloured(FILE *out, const struct report *report,
    const char *text, enum meaning meaning);

#endif
