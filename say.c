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

/* What was said last, while a screen is shown. */
static bool holding;
static struct held {
	char *text;
	bool outdated; /* it is of an earlier sample */
} complaint, notice;

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

__attribute__((format(printf, 2, 0))) static void
say(struct held *held, const char *fmt, va_list ap)
{
	char *text = make_text(fmt, ap);

	if (holding) {
		free(held->text);
		*held = (struct held){.text = text};
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
	say(&notice, fmt, ap);
	va_end(ap);
}

void
complain(const char *fmt, ...)
{
	va_list ap;

	status = STATUS_FAILURE;
	va_start(ap, fmt);
	say(&complaint, fmt, ap);
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

static void
let_go(struct held *held)
{
	if (held->text)
		warnx("%s", held->text);
	free(held->text);
	*held = (struct held){0};
}

void
say_hold(bool hold)
{
	holding = hold;
	if (!hold) {
		let_go(&complaint);
		let_go(&notice);
	}
}

const char *
say_held(void)
{
	if (complaint.text && !complaint.outdated)
		return complaint.text;
	return notice.outdated ? NULL : notice.text;
}

void
say_sample(void)
{
	complaint.outdated = notice.outdated = true;
}
