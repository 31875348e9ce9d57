/*
 * Messages and the exit status.
 */
#include "say.h"

#include <err.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int status = STATUS_OK;
static bool holding;
static char *held;
static bool outdated; /* held is of an earlier sample */

/* The text of a message, the caller's to free; NULL if out of memory. */
__attribute__((format(printf, 1, 0))) static char *
make_text(const char *fmt, va_list ap)
{
	char *text;

	if (vasprintf(&text, fmt, ap) < 0)
		return NULL;
	for (char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	return text;
}

__attribute__((format(printf, 1, 0))) static void
say(const char *fmt, va_list ap)
{
	char *text = make_text(fmt, ap);

	if (holding) {
		free(held);
		held = text;
		outdated = false;
		return;
	}
	warnx("%s", text ? text : strerror(ENOMEM));
	free(text);
}

void
note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}

void
complain(const char *fmt, ...)
{
	va_list ap;

	status = STATUS_FAILURE;
	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}

void
misuse(const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = make_text(fmt, ap);
	va_end(ap);
	errx(STATUS_USAGE, "%s. Try 'tcpstate --help'.",
	    text ? text : strerror(ENOMEM));
}

int
say_status(void)
{
	return status;
}

void
say_hold(bool hold)
{
	holding = hold;
	if (!hold && held) {
		warnx("%s", held);
		free(held);
		held = NULL;
	}
}

const char *
say_held(void)
{
	return outdated ? NULL : held;
}

void
say_sample(void)
{
	outdated = true;
}
