/*
 * The loop of watch mode: absolute deadlines on the monotonic clock, signals
 * that arrive between them, and the terminal's alternate screen.
 */
#include "watch/watch.h"

#include "lib/clock.h"
#include "lib/interrupt.h"
#include "lib/text.h"

#include <sys/ioctl.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* Set by the signal handler, as is interrupted, and read by the loop. */
static volatile sig_atomic_t stopped; /* ^Z */
static volatile sig_atomic_t resumed; /* after any kind of stop */
static volatile sig_atomic_t resized;

static struct termios saved_termios;
static bool termios_changed;

/* Alternate screen on, cursor off, line wrapping off; and the reverse. */
static const char enter_screen[] = "\033[?1049h\033[?25l\033[?7l";
static const char leave_screen[] = "\033[?7h\033[?25h\033[?1049l";

enum { SECOND = 1000000000 };

static void
on_signal(int sig)
{
	if (sig == SIGTSTP)
		stopped = 1;
	else if (sig == SIGCONT)
		resumed = 1;
	else if (sig == SIGWINCH)
		resized = 1;
	else
		interrupted = sig;
}

static const struct {
	int sig;
	bool screen_only; /* without a screen, use the default action */
	int flags;	  /* for sigaction() */
} handled[] = {
    /* The first four must interrupt a read or write that blocks. */
    {SIGINT, false, 0},
    {SIGTERM, true, 0},
    {SIGHUP, true, 0},
    {SIGQUIT, true, 0},
    {SIGTSTP, true, SA_RESTART},
    {SIGCONT, true, SA_RESTART},
    {SIGWINCH, true, SA_RESTART},
};

enum { NHANDLED = sizeof(handled) / sizeof(handled[0]) };

/* Catches signals that are not ignored, as by nohup or in background jobs. */
static void
catch_signals(bool screen)
{
	for (size_t i = 0; i < NHANDLED; i++) {
		struct sigaction act, old;

		if (handled[i].screen_only && !screen)
			continue;
		memset(&act, 0, sizeof(act));
		act.sa_handler = on_signal;
		act.sa_flags = handled[i].flags;
		if (sigaction(handled[i].sig, NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			sigaction(handled[i].sig, &act, NULL);
	}
}

/* Blocks the handled signals, and returns the previous mask, for ppoll(). */
static sigset_t
block_signals(void)
{
	sigset_t set, old;

	sigemptyset(&set);
	for (size_t i = 0; i < NHANDLED; i++)
		sigaddset(&set, handled[i].sig);
	sigprocmask(SIG_BLOCK, &set, &old);
	return old;
}

/* Performs the default action of a signal; returns if that was a stop. */
static void
do_default_action(int sig)
{
	struct sigaction act, old;
	sigset_t set, mask;

	memset(&act, 0, sizeof(act));
	act.sa_handler = SIG_DFL;
	sigaction(sig, &act, &old);
	raise(sig);
	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_UNBLOCK, &set, &mask);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	sigaction(sig, &old, NULL);
}

void
watch_screen_size(unsigned *width, unsigned *height)
{
	struct winsize size = {0};

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	*width = size.ws_col > 0 ? size.ws_col : 80;
	*height = size.ws_row > 0 ? size.ws_row : 24;
}

/*
 * Writes text to stdout.  Unless must is set, gives up after a signal that
 * ends the loop, since the reader may never read.  Returns 0 or an errno
 * value.
 */
static int
write_all(const char *text, bool must)
{
	size_t len = strlen(text);

	while (len > 0 && (must || !interrupted)) {
		ssize_t n = write(STDOUT_FILENO, text, len);

		if (n < 0 && errno != EINTR)
			return errno;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

/*
 * Enters the alternate screen; if stdin is a terminal too, makes it return
 * keys at once, without echo.  Returns 0 or an errno value.
 */
static int
begin_screen(void)
{
	if (!termios_changed)
		termios_changed = tcgetattr(STDIN_FILENO, &saved_termios) == 0;
	if (termios_changed) {
		struct termios raw = saved_termios;

		raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
		raw.c_cc[VMIN] = 1;
		raw.c_cc[VTIME] = 0;
		tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	}
	return write_all(enter_screen, true);
}

static void
end_screen(void)
{
	write_all(leave_screen, true);
	if (termios_changed)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &saved_termios);
	termios_changed = false;
}

/*
 * Draws the lines of text that fit over the previous ones.  Erases a line
 * before it writes it: after a line as wide as the screen, the cursor is still
 * on its last character, which erasing would remove.  Returns 0 or an errno
 * value.
 */
static int
draw(const char *text, unsigned height)
{
	struct text screen;
	FILE *out = text_open(&screen);
	unsigned lines = 0;
	char *frame;
	int error;

	if (!out)
		return errno;
	fputs("\033[H", out);
	for (; *text != '\0' && lines < height; lines++) {
		size_t n = strcspn(text, "\n");

		fputs(lines > 0 ? "\r\n\033[K" : "\033[K", out);
		fwrite(text, 1, n, out);
		text += n + (text[n] == '\n');
	}
	if (lines < height)
		fputs(lines > 0 ? "\r\n\033[J" : "\033[J", out);
	frame = text_close(&screen);
	error = frame ? write_all(frame, false) : ENOMEM;
	free(frame);
	return error;
}

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

/* Shows the sample in one write.  Returns 0 or an errno value. */
static int
show(const struct watch *w)
{
	unsigned width = 0, height = 0;
	char *text;
	int error;

	if (w->screen)
		watch_screen_size(&width, &height);
	text = render(w, width, height);
	if (!text)
		return ENOMEM;
	error = w->screen ? draw(text, height) : write_all(text, false);
	free(text);
	return error;
}

/* On ^Z: restores the terminal, and stops the process. */
static void
suspend(void)
{
	stopped = 0;
	end_screen();
	do_default_action(SIGTSTP);
	resumed = 1;
}

/* Redraws the screen; after a stop sets up the terminal again first. */
static int
refresh(const struct watch *w)
{
	int error = resumed ? begin_screen() : 0;

	resumed = resized = 0;
	return error ? error : show(w);
}

/* Whether q was pressed.  Ignores a terminal that has hung up from now on. */
static bool
read_keys(struct pollfd *keys)
{
	char key[64];
	ssize_t n = read(keys->fd, key, sizeof(key));

	if (n == 0 || (n < 0 && errno != EINTR))
		keys->fd = -1;
	return n > 0 &&
	    (memchr(key, 'q', (size_t)n) || memchr(key, 'Q', (size_t)n));
}

enum wait { WAIT_TICK, WAIT_END };

/*
 * Waits until the deadline, and acts on signals and keys meanwhile.  Signals
 * are blocked except in ppoll().  Sets *error to an errno value on failure.
 */
static enum wait
wait_until(
    const struct watch *w, int64_t deadline, const sigset_t *mask, int *error)
{
	struct pollfd fds[2] = {
	    {.fd = w->screen && isatty(STDIN_FILENO) ? STDIN_FILENO : -1,
		.events = POLLIN},
	    /* Without events, to wake up when a pipe's reader closes it. */
	    {.fd = w->screen ? -1 : STDOUT_FILENO},
	};

	while (!interrupted && !*error) {
		int64_t left = deadline - clock_now();
		struct timespec timeout = {
		    (time_t)(left / SECOND), (long)(left % SECOND)};

		if (stopped)
			suspend();
		else if (resumed || resized)
			*error = refresh(w);
		else if (left <= -w->delay)
			deadline += (1 - left / w->delay) * w->delay;
		else if (left <= 0)
			return WAIT_TICK;
		else if (ppoll(fds, 2, &timeout, mask) > 0 &&
		    ((fds[0].revents && read_keys(&fds[0])) || fds[1].revents))
			return WAIT_END;
	}
	return WAIT_END;
}

/* Returns the next deadline after now; those that were missed are dropped. */
static int64_t
next_deadline(int64_t start, int64_t delay)
{
	int64_t now = clock_now();

	return now + delay - (now - start) % delay;
}

static int
run(const struct watch *w)
{
	int64_t start = clock_now();
	int error = 0;

	for (uint64_t n = 1;; n++) {
		enum wait wait;
		sigset_t mask;
		bool taken = w->sample(w->ctx);

		if (interrupted || (n == 1 && !taken))
			return 0;
		if (taken)
			error = show(w);
		if (error || interrupted || n == w->count)
			return error;
		mask = block_signals();
		wait = wait_until(
		    w, next_deadline(start, w->delay), &mask, &error);
		sigprocmask(SIG_SETMASK, &mask, NULL);
		if (wait == WAIT_END)
			return error;
	}
}

/* Prints the last sample on the normal screen. */
static void
leave_last(const struct watch *w)
{
	unsigned width, height;
	char *text;

	watch_screen_size(&width, &height);
	text = render(w, width, 0);
	if (text)
		write_all(text, true);
	free(text);
}

int
watch_run(const struct watch *w)
{
	int error = 0;

	catch_signals(w->screen);
	if (w->screen)
		error = begin_screen();
	if (!error)
		error = run(w);
	if (w->screen) {
		end_screen();
		leave_last(w);
	}
	if (interrupted && interrupted != SIGINT)
		do_default_action(interrupted);
	return interrupted || error == EPIPE ? 0 : error;
}
