/*
 * Messages and the exit status.
 */
#include "lib/say.h"

#include "lib/escape.h"

#include <err.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int status = STATUS_OK;

static int failure = STATUS_FAILURE, usage = STATUS_USAGE;
static const char *usage_line;

static char *trouble;

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
	char *text, *escaped;

	if (vasprintf(&text, fmt, ap) < 0)
		return NULL;
	escaped = malloc(ESCAPED(strlen(text)));
	if (escaped)
		escape_text(escaped, text, "");
	free(text);
	return escaped;
}

/* Says a text, which is now its own. */
static void
say(struct held *held, char *text)
{
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
	say(&notice, make_text(fmt, ap));
	va_end(ap);
}

void
note_once(bool *told, const char *fmt, ...)
{
	va_list ap;

	if (*told)
		return;
	*told = true;
	va_start(ap, fmt);
	say(&notice, make_text(fmt, ap));
	va_end(ap);
}

/* Complains, though perhaps without a word. */
__attribute__((format(printf, 2, 0))) static void
complain_of(bool aloud, const char *fmt, va_list ap)
{
	status = failure;
	free(trouble);
	trouble = make_text(fmt, ap);
	if (aloud)
		say(&complaint, trouble ? strdup(trouble) : NULL);
}

void
complain(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain_of(true, fmt, ap);
	va_end(ap);
}

void
complain_once(bool *told, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain_of(!*told || holding, fmt, ap);
	va_end(ap);
	*told = true;
}

/* As plugins do: what follows a | would be performance data. */
static void
print_usage_line(const char *text)
{
	printf("%s - ", usage_line);
	for (; *text != '\0'; text++)
		fputs(*text == '|' ? "\\174" : (char[]){*text, '\0'}, stdout);
	putchar('\n');
	fflush(stdout);
}

void
misuse(const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = make_text(fmt, ap);
	va_end(ap);
	if (usage_line)
		print_usage_line(text ? text : "");
	errx(usage, "%s. Try 'tcpstate --help'.",
	    text ? text : strerror(ENOMEM));
}

void
say_as_plugin(const char *line)
{
	failure = usage = STATUS_UNKNOWN;
	usage_line = line;
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

const char *
say_trouble(void)
{
	return trouble;
}

void
say_sample(void)
{
	complaint.outdated = notice.outdated = true;
	free(trouble);
	trouble = NULL;
}
