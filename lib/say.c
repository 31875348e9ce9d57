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

/* What is said if there is no memory for a message; it is never freed. */
static char no_memory[] = "Cannot allocate memory";

/* The last failure of this sample; NULL if there was none. */
static char *error_text;

/* While messages are deferred, the last one of each kind. */
static bool deferring;
static struct deferred {
	char *text;
	bool outdated; /* it belongs to an earlier sample */
} last_failure, last_notice;

/* Whether there is one of this sample. */
static bool
has_text(const struct deferred *last)
{
	return last->text && !last->outdated;
}

static void
free_text(char *text)
{
	if (text != no_memory)
		free(text);
}

/* Returns a message, escaped, for free_text(); or no_memory. */
__attribute__((format(printf, 1, 0))) static char *
make_text(const char *fmt, va_list ap)
{
	char *text, *escaped;

	if (vasprintf(&text, fmt, ap) < 0)
		return no_memory;
	escaped = malloc(ESCAPED(strlen(text)));
	if (escaped)
		escape_text(escaped, text, "");
	free(text);
	return escaped ? escaped : no_memory;
}

/* Writes or defers a text, and frees it. */
static void
say(struct deferred *last, char *text)
{
	if (deferring) {
		free_text(last->text);
		*last = (struct deferred){.text = text};
		return;
	}
	warnx("%s", text);
	free_text(text);
}

void
notice(bool *once, const char *fmt, ...)
{
	va_list ap;

	/*
	 * A screen shows it in each sample that has it, unless there is
	 * another one.
	 */
	if (once && *once && (!deferring || has_text(&last_notice)))
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
	char *copy;

	status = failure_status;
	free_text(error_text);
	va_start(ap, fmt);
	error_text = make_text(fmt, ap);
	va_end(ap);
	if (!once || !*once || deferring) {
		copy = strdup(error_text);
		say(&last_failure, copy ? copy : no_memory);
	}
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
		print_usage_line(text);
	if (text == no_memory)
		errx(usage_status, "%s", text);
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
say_as_plugin(bool plugin, const char *line)
{
	failure_status = plugin ? STATUS_UNKNOWN : STATUS_FAILURE;
	usage_status = plugin ? STATUS_UNKNOWN : STATUS_USAGE;
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
	free_text(last->text);
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
	if (has_text(&last_failure))
		return last_failure.text;
	return has_text(&last_notice) ? last_notice.text : NULL;
}

void
messages_begin_sample(void)
{
	last_failure.outdated = last_notice.outdated = true;
	free_text(error_text);
	error_text = NULL;
}

const char *
sample_error(void)
{
	return error_text;
}
