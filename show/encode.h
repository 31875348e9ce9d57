/*
 * How text, times and gauges are written for other programs: in json, csv, and
 * Prometheus's text exposition format; and the time of a log.
 */
#ifndef SHOW_ENCODE_H
#define SHOW_ENCODE_H

#include "show/report.h"

/*
 * Prints the time of a sample in UTC (RFC 3339).  In a stream of samples it
 * has milliseconds, since there may be several samples a second.
 */
void print_time(FILE *out, enum report_mode mode, const struct timespec *time);

/* Prints an interval in seconds, with nine decimals. */
void print_seconds(FILE *out, int64_t nanoseconds);

/*
 * Writes a local time with its offset from UTC, with which each line of a log
 * begins: 2026-11-20T12:30:06+08:00.
 */
enum { LOG_TIME = 32 };
void make_log_time(const struct timespec *time, char text[LOG_TIME]);

/* Prints text in quotes; invalid UTF-8 becomes the replacement character. */
void print_json_string(FILE *out, const char *text);

/*
 * Print, or append to text, the text before, the name of a member in quotes,
 * and a colon: 64 bytes at most, with the NUL.  append_json_name() returns the
 * end of text.
 */
void print_json_name(FILE *out, const char *before, const char *name);
char *append_json_name(char *to, const char *before, const char *name);

/* Prints the start of an object: the time and the source of a sample. */
void print_json_sample(FILE *out, enum report_mode mode,
    const struct timespec *time, const char *source);

/*
 * Prints a field of csv, in quotes if it needs them (RFC 4180).  The text has
 * no control characters.
 */
void print_csv_field(FILE *out, const char *text);

/*
 * Appends a label of Prometheus's format, and a comma; returns its end.  The
 * value has no control characters; each byte of it may become two.
 */
char *append_label(char *to, const char *name, const char *value);

/* Prints the lines before the samples of a gauge. */
void print_gauge(FILE *out, const char *name, const char *help);

/*
 * Prints a sample of a gauge.  Removes the last comma of labels, of which
 * there is at least one.
 */
void print_gauge_sample(
    FILE *out, const char *name, char *labels, uint64_t value);

#endif
