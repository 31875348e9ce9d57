/*
 * What a run that counts and one that diagnoses share: the options, the choice
 * between once, a log and a screen, and the terminal.
 */
#ifndef WATCH_ROUNDS_H
#define WATCH_ROUNDS_H

#include "count/order.h"
#include "count/sample.h"
#include "show/format.h"
#include "watch/watch.h"

/* When to use colours: if the terminal has them, always, never. */
enum colour { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

/* The options of the command line, parsed. */
struct options {
	struct sample_request request;
	struct key_set keys; /* request.by points here, or is NULL */
	const struct format *format;
	struct thresholds thresholds;
	bool plugin;	    /* exit with the status of a monitoring plugin */
	bool diagnose;	    /* show what the counts mean instead of them */
	bool explain;	    /* explain the states */
	int explain_state;  /* the slot of the only one to explain; -1: all */
	size_t top;	    /* rows to show; 0: all */
	struct order order; /* of the rows */
	const char **baseline; /* paths of what was; see nbaseline */
	size_t nbaseline;
	enum colour colour;
	bool no_header, all_states;
	bool watch;
	int64_t delay;	/* nanoseconds between samples */
	uint64_t count; /* of samples; 0: until interrupted */
};

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
	/* Handles a key that is not one of all runs, if not NULL. */
	enum watch_action (*key)(void *ctx, char key);
	const struct rounds_key
	    *more; /* those keys; ends with NULL; or NULL */

	/* The state of watch mode; rounds.c sets it. */
	int64_t delay;	   /* nanoseconds; keys change it */
	bool paused, help; /* the picture is fixed; help takes its place */
	int64_t started;   /* when the first sample began, clock_now() */
	int64_t latest;	   /* when the last one began */
	uint64_t taken, missed; /* samples; deadlines without one */
};

/* Chooses the mode of a run by its options and the terminal. */
enum report_mode rounds_mode(const struct options *options);

/* Takes and shows one sample, or many; reports if stdout fails. */
void rounds_run(struct rounds *rounds);

/* Begins a sample: its time, and its messages. */
void rounds_begin_sample(struct rounds *rounds);

/*
 * Returns the size of the terminal on which a stream scrolls; 0 x 0 if stdout
 * is none.
 */
void rounds_stream_size(unsigned *width, unsigned *lines);

/*
 * Prints the first line of a screen: host, program, time, delay, how long it
 * has been watching, and a hint.  Leaves out what does not fit in width
 * columns, the least important first.
 */
void rounds_heading(FILE *out, const struct rounds *rounds, unsigned width);

#endif
