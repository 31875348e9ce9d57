/*
 * The loop of watch mode: absolute deadlines on the monotonic clock, and
 * signals and keys that arrive between them.
 */
#include "watch/watch.h"

#include "lib/clock.h"
#include "lib/interrupt.h"
#include "lib/text.h"
#include "watch/frame.h"
#include "watch/keys.h"
#include "watch/signals.h"
#include "watch/terminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SECOND = 1000000000 };

/* Watch mode while it runs. */
struct loop {
	const struct watch *watch;
	struct frame shown; /* on the screen */
	struct keys keys;
	struct pollfd fds[2]; /* for keys; the terminal or pipe at stdout */
	int64_t last;	      /* when the last sample began, clock_now() */
	int64_t deadline;     /* of the next one */
	bool ended;	      /* by a key, or the reader of stdout */
	int error;	      /* an errno value that ended it, or 0 */
};

/* Renders a sample as text, which the caller frees; NULL if out of memory. */
static char *
render(const struct watch *w, unsigned width, unsigned height)
{
	struct text text;

	if (!text_open(&text))
		return NULL;
	w->show(w->ctx, text.out, width, height);
	return text_close(&text);
}

/* Makes the screen show a picture, in one write. */
static int
draw(struct loop *loop, const char *picture, unsigned width, unsigned height)
{
	struct text changes;
	struct frame frame;
	char *bytes = NULL;
	int error =
	    frame_parse(&frame, picture, width, height, loop->watch->utf8);

	if (error)
		return error;
	if (text_open(&changes)) {
		frame_print(changes.out, &loop->shown, &frame);
		bytes = text_close(&changes);
	}
	error = bytes ? terminal_write(bytes, changes.len) : ENOMEM;
	free(bytes);
	frame_free(&loop->shown);
	loop->shown = frame;
	return error;
}

static void
show(struct loop *loop)
{
	const struct watch *w = loop->watch;
	unsigned width = 0, height = 0;
	char *text;

	if (w->screen)
		terminal_size(&width, &height);
	text = render(w, width, height);
	if (!text)
		loop->error = ENOMEM;
	else if (w->screen)
		loop->error = draw(loop, text, width, height);
	else
		loop->error = terminal_write(text, strlen(text));
	free(text);
}

/* On ^Z: restores the terminal, and stops the process. */
static void
suspend(void)
{
	signals_stopped = 0;
	terminal_end("", 0);
	signals_do_default(SIGTSTP);
	signals_resumed = 1;
}

/* Redraws the screen; after a stop sets up the terminal again first. */
static void
refresh(struct loop *loop)
{
	bool begin = signals_resumed;

	signals_resumed = signals_resized = 0;
	frame_free(&loop->shown);
	if (begin)
		loop->error = terminal_begin();
	if (!loop->error)
		show(loop);
}

/* Does what a key asked for. */
static void
act(struct loop *loop, enum watch_action action)
{
	const struct watch *w = loop->watch;

	if (action == WATCH_REPAINT)
		frame_free(&loop->shown);
	else if (action == WATCH_SAMPLE)
		w->resample(w->ctx);
	else if (action == WATCH_QUIT)
		loop->ended = true;
	if (action != WATCH_IGNORE && !loop->ended && !interrupted)
		show(loop);
}

/*
 * Sets the next deadline by a new delay.  One that has passed is now, and does
 * not count as missed.
 */
static void
set_deadline(struct loop *loop)
{
	int64_t now = clock_now();

	loop->deadline = loop->last + *loop->watch->delay;
	if (loop->deadline < now)
		loop->deadline = now;
}

/*
 * Reads keys, and performs one action for all of them: the greatest.  Does
 * not read a terminal again that has hung up.
 */
static void
read_keys(struct loop *loop)
{
	const struct watch *w = loop->watch;
	enum watch_action action = WATCH_IGNORE;
	int64_t delay = *w->delay;
	char typed[64];
	ssize_t n = read(loop->fds[0].fd, typed, sizeof(typed));

	if (n == 0 || (n < 0 && errno != EINTR))
		loop->fds[0].fd = -1;
	if (n > 0)
		keys_begin(&loop->keys, typed[0]);
	for (ssize_t i = 0; i < n && action != WATCH_QUIT; i++) {
		enum watch_action asked = keys_take(&loop->keys, typed[i])
		    ? w->key(w->ctx, typed[i])
		    : WATCH_IGNORE;

		if (asked > action)
			action = asked;
	}
	if (*w->delay != delay)
		set_deadline(loop);
	act(loop, action);
}

/* Drops deadlines, so that the next one is after the given time. */
static void
drop_deadlines(struct loop *loop, int64_t until)
{
	int64_t delay = *loop->watch->delay, n;

	if (loop->deadline > until)
		return;
	n = (until - loop->deadline) / delay + 1;
	loop->deadline += n * delay;
	*loop->watch->missed += (uint64_t)n;
}

/*
 * Waits until a signal or a key arrives, the terminal or the pipe's reader is
 * gone, or for so long.
 */
static void
wait_for_event(struct loop *loop, int64_t ns)
{
	struct timespec timeout = {(time_t)(ns / SECOND), (long)(ns % SECOND)};
	/* A signal from here on interrupts ppoll(). */
	sigset_t mask = signals_block();
	int n = 0;

	if (!interrupted && !signals_stopped && !signals_resumed &&
	    !signals_resized)
		n = ppoll(loop->fds, 2, &timeout, &mask);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (n > 0 && loop->fds[0].revents)
		read_keys(loop);
	if (n > 0 && loop->fds[1].revents)
		loop->ended = true;
}

/*
 * Waits until the next deadline, and acts on signals and keys meanwhile.
 * Returns false if the loop has ended.
 */
static bool
wait_for_deadline(struct loop *loop)
{
	while (!interrupted && !loop->error && !loop->ended) {
		int64_t now = clock_now();

		if (signals_stopped)
			suspend();
		else if (signals_resumed || signals_resized)
			refresh(loop);
		else if (now < loop->deadline)
			wait_for_event(loop, loop->deadline - now);
		else if (now - loop->deadline < *loop->watch->delay)
			return true;
		else
			drop_deadlines(loop, now);
	}
	return false;
}

static int
run(const struct watch *w)
{
	struct loop loop = {
	    .watch = w,
	    .fds =
		{
		    {.fd = w->screen && isatty(STDIN_FILENO) ? STDIN_FILENO
							     : -1,
			.events = POLLIN},
		    /* Without events, to learn only that it is gone. */
		    {.fd = STDOUT_FILENO},
		},
	    .deadline = clock_now(),
	};
	bool again = true;

	for (uint64_t n = 1; again; n++) {
		bool taken;

		loop.last = clock_now();
		loop.deadline += *w->delay;
		taken = w->sample(w->ctx);
		if (taken && !interrupted)
			show(&loop);
		if (interrupted || loop.error || n == w->count ||
		    (n == 1 && !taken))
			break;
		drop_deadlines(&loop, clock_now());
		again = wait_for_deadline(&loop);
	}
	frame_free(&loop.shown);
	return loop.error;
}

/* Leaves the last sample on the normal screen; returns 0 or an errno value. */
static int
leave(const struct watch *w)
{
	unsigned width, height;
	char *text;
	int error;

	terminal_size(&width, &height);
	text = render(w, width, 0);
	error = terminal_end(text ? text : "", text ? strlen(text) : 0);
	free(text);
	return text ? error : ENOMEM;
}

int
watch_run(const struct watch *w)
{
	int error = 0, left = 0;

	signals_catch(w->screen);
	if (w->screen)
		error = terminal_begin();
	if (!error)
		error = run(w);
	if (w->screen)
		left = leave(w);
	if (!error)
		error = left;
	if (interrupted && interrupted != SIGINT)
		signals_do_default(interrupted);
	return interrupted || error == EPIPE ? 0 : error;
}
