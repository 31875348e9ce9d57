/*
 * Writes or defers messages, and keeps the exit status that failures set.
 */
#include "lib/say.h"

#include "lib/escape.h"
#include "lib/print.h"

#include <err.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int status = STATUS_OK;

static int failure_status = STATUS_FAILURE, usage_status = STATUS_USAGE;
static const char *usage_line;

/* The last failure of this sample; NULL if there was none. */
static char *error_text;

/* While messages are deferred, the last one of each kind. */
static bool deferring;
static struct deferred {
	char *text;
	bool outdated; /* it belongs to an earlier sample */
} last_failure, last_notice;

/* Returns a message, escaped, to be freed; NULL if out of memory. */
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

/* Writes or defers a text, and frees it.  NULL means out of memory. */
static void
say(struct deferred *last, char *text)
{
	if (deferring) {
		free(last->text);
		*last = (struct deferred){.text = text};
		return;
	}
	warnx("%s", text ? text : strerror(ENOMEM));
	free(text);
}

void
notice(bool *once, const char *fmt, ...)
{
	va_list ap;

	if (once && *once)
		return;
	if (once)
		*once = true;
	va_start(ap, fmt);
	say(&last_notice, make_text(fmt, ap));
	va_end(ap);
}

void
failure(bool *once, const char *fmt, ...)
{
	va_list ap;

	status = failure_status;
	free(error_text);
	va_start(ap, fmt);
	error_text = make_text(fmt, ap);
	va_end(ap);
	/* A screen shows a failure in each sample that has it. */
	if (!once || !*once || deferring)
		say(&last_failure, error_text ? strdup(error_text) : NULL);
	if (once)
		*once = true;
}

/* Escapes |, after which a plugin's performance data begins. */
static void
print_usage_line(const char *text)
{
	printf("%s - ", usage_line);
	print_plugin_text(stdout, text);
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
	if (!text)
		errx(usage_status, "%s", strerror(ENOMEM));
	errx(usage_status, "%s%s Try 'tcpstate --help'.", text,
	    text[0] != '\0' && text[strlen(text) - 1] == '?' ? "" : ".");
}

void
fail_at_once(int error)
{
	failure(NULL, "%s", strerror(error));
	exit(status);
}

void
say_as_plugin(const char *line)
{
	failure_status = usage_status = STATUS_UNKNOWN;
	usage_line = line;
}

int
say_status(void)
{
	return status;
}

static void
write_deferred(struct deferred *last)
{
	if (last->text)
		warnx("%s", last->text);
	free(last->text);
	*last = (struct deferred){0};
}

void
messages_defer(bool defer)
{
	deferring = defer;
	if (!defer) {
		write_deferred(&last_failure);
		write_deferred(&last_notice);
	}
}

const char *
message_pending(void)
{
	if (last_failure.text && !last_failure.outdated)
		return last_failure.text;
	return last_notice.outdated ? NULL : last_notice.text;
}

void
messages_begin_sample(void)
{
	last_failure.outdated = last_notice.outdated = true;
	free(error_text);
	error_text = NULL;
}

const char *
sample_error(void)
{
	return error_text;
}
