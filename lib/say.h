/*
 * Messages on standard error, and what they mean for the exit status.
 */
#ifndef LIB_SAY_H
#define LIB_SAY_H

#include <stdbool.h>

enum { STATUS_OK = 0, STATUS_FAILURE = 1, STATUS_USAGE = 2 };

/*
 * Makes both failure and wrong usage STATUS_UNKNOWN from now on, as monitoring
 * plugins do.  If line is not NULL, wrong usage is reported on stdout too, in
 * a line that begins with it.
 */
enum { STATUS_UNKNOWN = 3 };
void say_as_plugin(const char *line);

/*
 * Each of these writes one line, with the program's name before it.  Control
 * characters, which names may have, are shown by number.  If once is not NULL,
 * the line is written only if *once is false, which then becomes true.
 */

/* Reports something, and changes nothing. */
__attribute__((format(printf, 2, 3))) void notice(
    bool *once, const char *fmt, ...);

/*
 * Reports what could not be done: the exit status will be STATUS_FAILURE,
 * even if it was reported before.
 */
__attribute__((format(printf, 2, 3))) void failure(
    bool *once, const char *fmt, ...);

/* Reports wrong usage, and ends the program. */
__attribute__((noreturn, format(printf, 1, 2))) void misuse(
    const char *fmt, ...);

/* What the program is to exit with. */
int say_status(void);

/*
 * Defers messages while a screen is shown: the last ones of a sample are
 * pending, for the screen to show.  When they are deferred no longer, the last
 * failure and the last notice are written.
 */
void messages_defer(bool defer);

/* The pending message of this sample, a failure first; NULL if there is none.
 */
const char *message_pending(void);

/* Begins a sample: what is pending belongs to the one before. */
void messages_begin_sample(void);

/* The last failure of this sample; NULL if there was none. */
const char *sample_error(void);

#endif
