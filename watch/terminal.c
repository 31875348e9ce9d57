/*
 * Sets up and restores the terminal, and writes to it.
 */
#include "watch/terminal.h"

#include "lib/interrupt.h"

#include <sys/ioctl.h>
#include <sys/time.h>

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/*
 * Alternate screen on, cursor off, line wrapping off, pasted text marked; and
 * the reverse.
 */
static const char enter_screen[] =
    "\033[?1049h\033[?25l\033[?7l\033[?2004h\033[m";
static const char leave_screen[] =
    "\033[m\033[?2004l\033[?7h\033[?25h\033[?1049l";

enum { MAX_SIDE = 1000 };

static struct termios saved;
static bool changed;

/* Set when terminal_end() has taken too long. */
static volatile sig_atomic_t late;

static unsigned
side(unsigned short size, unsigned fallback)
{
	return size == 0 ? fallback : size < MAX_SIDE ? size : MAX_SIDE;
}

void
terminal_size(unsigned *width, unsigned *height)
{
	struct winsize size = {0};

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	*width = side(size.ws_col, 80);
	*height = side(size.ws_row, 24);
}

/* Writes bytes until *stop is set.  Returns 0 or an errno value. */
static int
write_until(const volatile sig_atomic_t *stop, const char *bytes, size_t len)
{
	while (len > 0 && !*stop) {
		ssize_t n = write(STDOUT_FILENO, bytes, len);

		if (n < 0 && errno != EINTR)
			return errno;
		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

int
terminal_write(const char *bytes, size_t len)
{
	return write_until(&interrupted, bytes, len);
}

int
terminal_begin(void)
{
	if (!changed)
		changed = tcgetattr(STDIN_FILENO, &saved) == 0;
	if (changed) {
		struct termios raw = saved;

		raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
		raw.c_cc[VMIN] = 1;
		raw.c_cc[VTIME] = 0;
		tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	}
	return terminal_write(enter_screen, strlen(enter_screen));
}

static void
on_alarm(int sig)
{
	(void)sig;
	late = 1;
}

/*
 * Has signals interrupt what blocks, from a second on: repeatedly, as one may
 * arrive just before the call that blocks.
 */
static void
limit_time(bool limit)
{
	static const struct itimerval off,
	    on = {
		.it_value = {.tv_sec = 1}, .it_interval = {.tv_usec = 100000}};
	struct sigaction act;

	late = 0;
	memset(&act, 0, sizeof(act));
	act.sa_handler = on_alarm;
	sigaction(SIGALRM, &act, NULL);
	setitimer(ITIMER_REAL, limit ? &on : &off, NULL);
}

int
terminal_end(const char *last, size_t len)
{
	int error;

	limit_time(true);
	error = write_until(&late, leave_screen, strlen(leave_screen));
	if (!error)
		error = write_until(&late, last, len);
	if (changed && tcsetattr(STDIN_FILENO, TCSADRAIN, &saved) != 0)
		tcsetattr(STDIN_FILENO, TCSANOW, &saved);
	changed = false;
	limit_time(false);
	return error;
}
