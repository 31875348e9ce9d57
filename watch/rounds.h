/*
 * What a run that counts and one that diagnoses share: the choice between
 * once, a log and a screen, and the terminal.
 */
#ifndef WATCH_ROUNDS_H
#define WATCH_ROUNDS_H

#include "watch/options.h"
#include "watch/watch.h"

/* What a key does, for the help over the screen. */
struct rounds_key {
	const char *keys, *what;
};

/* A run, with its current sample.  It begins a struct of what it shows. */
struct rounds {
	const struct options *options;
	enum report_mode mode;
	uint64_t count;	      /* of samples; 0: until interrupted */
	struct timespec time; /* of the current sample; 0 if not shown */
	bool failed;	      /* the current sample could not be taken */
	bool succeeded;	      /* some sample could be */
	enum level worst;     /* of all samples */
	bool colour, utf8;    /* the terminal has these */

	/* As those of struct watch; ctx is the struct rounds. */
	bool (*sample)(void *ctx);
	void (*resample)(void *ctx);
	void (*show)(void *ctx, FILE *out, unsigned width, unsigned height);

	/*
	 * Handles a key that not all runs have.  more lists these keys, and
	 * ends with NULL.  Both may be NULL.
	 */
	enum watch_action (*key)(void *ctx, char key);
	const struct rounds_key *more;

	/* The state of watch mode; rounds.c sets it. */
	int64_t delay;	   /* nanoseconds; keys change it */
	bool paused, help; /* the picture is fixed; help takes its place */
	bool ended;	   /* the picture is the last one */
	int64_t started;   /* when the first sample began, clock_now() */
	int64_t latest;	   /* when the last one began */
	struct timespec good_time;	   /* of the last good sample */
	struct timespec shown_time;	   /* of the one that is shown */
	int64_t good_latest, shown_latest; /* when these began */
	uint64_t taken, missed;		   /* samples; deadlines without one */
};

/* Chooses the mode of a run by its options and the terminal. */
enum report_mode rounds_mode(const struct options *options);

/* Takes and shows one sample, or many; reports if stdout fails. */
void rounds_run(struct rounds *rounds);

/* Begins a sample: its time, and its messages. */
void rounds_begin_sample(struct rounds *rounds);

/* Returns the size of the terminal at stdout; 0 x 0 if it is none. */
void rounds_terminal_size(unsigned *width, unsigned *height);

/*
 * Prints the first line of a screen: host, program, time, delay, how long it
 * has been watching, and a hint.  Leaves out what does not fit in width
 * columns, the least important first.
 */
void rounds_heading(FILE *out, const struct rounds *rounds, unsigned width);

#endif
