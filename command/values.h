/*
 * The numbers of a command line.
 */
#ifndef COMMAND_VALUES_H
#define COMMAND_VALUES_H

#include <stdbool.h>
#include <stdint.h>

/* Parses a whole number from 1 to 1000000000; false if text is invalid. */
bool parse_number(const char *text, uint64_t *number);

/*
 * Parses a delay, such as 2, 0.5, 2s, 500ms or 1m, as nanoseconds, from a
 * hundredth of a second to a year.  Returns false if text is invalid.
 */
bool parse_delay(const char *text, int64_t *delay);

#endif
