/*
 * Handles the keys of all runs: the end, the pause, the delay and the help.
 */
#include "watch/controls.h"

#include "lib/print.h"

#include <string.h>

static const struct rounds_key common[] = {
    {"q", "quit"},
    {"? h", "this help, and back"},
    {"space", "pause the picture, not the samples"},
    {"+ -", "longer or shorter delay"},
    {"^L", "redraw the screen"},
};

enum { NCOMMON = sizeof(common) / sizeof(common[0]) };

/* The delays to choose from, in milliseconds. */
static const int64_t steps[] = {100, 200, 500, 1000, 2000, 5000, 10000, 30000,
    60000, 120000, 300000, 600000, 1800000, 3600000};

enum { NSTEPS = sizeof(steps) / sizeof(steps[0]), MS = 1000000 };

static int64_t
longer_delay(int64_t delay)
{
	for (size_t i = 0; i < NSTEPS; i++)
		if (steps[i] * MS > delay)
			return steps[i] * MS;
	return delay;
}

/* Returns the next shorter delay; below the steps there is only least. */
static int64_t
shorter_delay(int64_t delay, int64_t least)
{
	for (size_t i = NSTEPS; i > 0; i--)
		if (steps[i - 1] * MS < delay)
			return steps[i - 1] * MS;
	return least < delay ? least : delay;
}

static enum watch_action
set_delay(struct rounds *r, int64_t delay)
{
	if (delay == r->delay)
		return WATCH_IGNORE;
	r->delay = delay;
	return WATCH_REDRAW;
}

/* Has the run handle a key; what it changes must be seen. */
static enum watch_action
pass_key(struct rounds *r, char key)
{
	enum watch_action action = r->key ? r->key(r, key) : WATCH_IGNORE;

	if (action != WATCH_IGNORE)
		r->help = false;
	return action;
}

enum watch_action
controls_key(struct rounds *r, char key)
{
	switch (key) {
	case 'q':
	case 'Q':
		return WATCH_QUIT;
	case '?':
	case 'h':
		r->help = !r->help;
		return WATCH_REDRAW;
	case ' ':
		r->paused = !r->paused;
		return WATCH_REDRAW;
	case '+':
		return set_delay(r, longer_delay(r->delay));
	case '-':
		return set_delay(
		    r, shorter_delay(r->delay, r->options->delay));
	case '\f':
		return WATCH_REPAINT;
	default:
		return pass_key(r, key);
	}
}

/* Returns the i-th key of all, or NULL. */
static const struct rounds_key *
key_at(const struct rounds *r, size_t i)
{
	if (i < NCOMMON)
		return &common[i];
	return r->more && r->more[i - NCOMMON].keys ? &r->more[i - NCOMMON]
						    : NULL;
}

void
controls_help(
    FILE *out, const struct rounds *r, unsigned width, unsigned height)
{
	const struct rounds_key *key;
	size_t column = 0, n = 0;

	for (; (key = key_at(r, n)); n++)
		if (strlen(key->keys) + 2 > column)
			column = strlen(key->keys) + 2;
	if (n < height) {
		fputc('\n', out);
		height--;
	}
	for (size_t i = 0; height > 0 && (key = key_at(r, i)); i++) {
		if (column + strlen(key->what) > width)
			continue;
		print_left(out, column, key->keys);
		fprintf(out, "%s\n", key->what);
		height--;
	}
}
