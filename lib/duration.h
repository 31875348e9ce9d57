/*
 * Durations as text, for people.
 */
#ifndef LIB_DURATION_H
#define LIB_DURATION_H

#include <stdint.h>

/* The bytes of the longest text, with its NUL. */
enum { DURATION_TEXT = 32 };

/*
 * Write a duration of ns nanoseconds.  Negative ones are 0.
 *
 * duration_text(): its two largest units, rounded down: 5s, 4m12s, 2h03m,
 * 3d04h.
 * duration_seconds(): seconds with as many decimals as it takes: 60, 0.5.
 */
void duration_text(char to[DURATION_TEXT], int64_t ns);
void duration_seconds(char to[DURATION_TEXT], int64_t ns);

#endif
