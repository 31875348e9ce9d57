/*
 * What holds for the program's output; each function ends the program if it
 * does not.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Checks that text is UTF-8, and has no control characters but newlines and,
 * for a terminal, sequences and backspaces.
 */
void output_check(const char *text, size_t len, bool terminal);

/*
 * Checks that each line is a value of JSON, and that the groups of a sample
 * add up to its total.
 */
void output_check_json(const char *text);

/*
 * Checks the lines that Prometheus reads, and that no series is repeated.
 * Returns the sum of those that begin with name and a brace.
 */
uint64_t output_check_prometheus(const char *text, const char *name);

/*
 * Checks that all records of csv have as many fields.  Returns the sum of the
 * last fields, without that of the first record.
 */
uint64_t output_check_csv(const char *text);

#endif
