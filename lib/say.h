/*
 * Messages on standard error, and what they mean for the exit status.
 */
#ifndef SAY_H
#define SAY_H

#include <stdbool.h>

enum { STATUS_OK = 0, STATUS_FAILURE = 1, STATUS_USAGE = 2 };

/*
 * From now on both failure and wrong usage are STATUS_UNKNOWN, as with
 * monitoring plugins; the line that begins so, if it is not NULL, tells of
 * wrong usage on stdout too.
 */
enum { STATUS_UNKNOWN = 3 };
void say_as_plugin(const char *line);

/*
 * Each of these writes one line, with the program's name before it.  Names
 * in it may come from anywhere: control characters are shown by number.
 */

/* Tells something; changes nothing. */
__attribute__((format(printf, 1, 2))) void note(const char *fmt, ...);

/* Tells what could not be done: the exit status will be STATUS_FAILURE. */
__attribute__((format(printf, 1, 2))) void complain(const char *fmt, ...);

/*
 * The same, but in words only if it was not told yet, which is marked.  A
 * complaint stays on a screen all the same.
 */
__attribute__((format(printf, 2, 3))) void note_once(
    bool *told, const char *fmt, ...);
__attribute__((format(printf, 2, 3))) void complain_once(
    bool *told, const char *fmt, ...);

/* Names the word that is wrong, and ends the program. */
__attribute__((noreturn, format(printf, 1, 2))) void misuse(
    const char *fmt, ...);

/* What the program is to exit with. */
int say_status(void);

/*
 * While messages are held, because a screen is shown, the last ones are kept
 * for say_held() instead of being written.  When they no longer are, the last
 * complaint and the last note are.
 */
void say_hold(bool hold);

/* What is held of this sample, a complaint above all; NULL if nothing is. */
const char *say_held(void);

/* Begins a sample: what is held is of the one before. */
void say_sample(void);

/* The last complaint of this sample; NULL where there is none. */
const char *say_trouble(void);

#endif
