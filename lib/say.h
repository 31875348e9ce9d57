/*
 * Messages on standard error: notices, failures and wrong usage, and the exit
 * status that follows from them.
 */
#ifndef LIB_SAY_H
#define LIB_SAY_H

#include <stdbool.h>

enum { STATUS_OK = 0, STATUS_FAILURE = 1, STATUS_USAGE = 2 };

/*
 * Sets the exit status of both failure and wrong usage to STATUS_UNKNOWN, as
 * monitoring plugins do; if plugin is false, back to their own.  If line is
 * not NULL, wrong usage also prints a line on stdout that begins with it; the
 * text must stay valid.
 */
enum { STATUS_UNKNOWN = 3 };
void say_as_plugin(bool plugin, const char *line);

/*
 * Each of these prints one line on stderr, after the program's name, and
 * escapes control characters, which names may contain.  If once is not NULL,
 * they print only if *once is false, and set it to true; deferred messages are
 * of each sample that has them.
 */

/* Prints a notice, which leaves the exit status alone. */
__attribute__((format(printf, 2, 3))) void notice(
    bool *once, const char *fmt, ...);

/*
 * Prints what could not be done, and sets the exit status to STATUS_FAILURE
 * (or STATUS_UNKNOWN), even if once prevents the line.
 */
__attribute__((format(printf, 2, 3))) void failure(
    bool *once, const char *fmt, ...);

/* Prints wrong usage, and exits with STATUS_USAGE (or STATUS_UNKNOWN). */
__attribute__((noreturn, format(printf, 1, 2))) void misuse(
    const char *fmt, ...);

/* Prints the text of an errno value as a failure, and exits. */
__attribute__((noreturn)) void fail_at_once(int error);

/* Returns the exit status that failures have set; STATUS_OK if none. */
int say_status(void);

/*
 * Defers messages while a screen is shown.  Only the last failure and the last
 * notice are kept, and printed when defer becomes false.
 */
void messages_defer(bool defer);

/*
 * Returns the deferred failure of this sample, or else its notice, or NULL.
 * The text is valid until the next message.
 */
const char *message_pending(void);

/* Begins a sample: messages so far belong to the previous one. */
void messages_begin_sample(void);

/*
 * Returns the last failure of this sample; NULL if there was none.  The text
 * is valid until the next failure or sample.
 */
const char *sample_error(void);

#endif
