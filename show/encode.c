/*
 * Writes text and times for other programs, independently of the locale.
 */
#include "show/encode.h"

#include "lib/escape.h"
#include "lib/print.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void
print_time(FILE *out, enum report_mode mode, const struct timespec *time)
{
	char text[32];
	struct tm tm;

	if (!gmtime_r(&time->tv_sec, &tm) ||
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm) == 0)
		return;
	fputs(text, out);
	if (mode == REPORT_APPEND)
		fprintf(out, ".%03ld", (long)time->tv_nsec / 1000000);
	fputc('Z', out);
}

void
print_seconds(FILE *out, int64_t nanoseconds)
{
	fprintf(out, "%" PRId64 ".%09" PRId64, nanoseconds / 1000000000,
	    nanoseconds % 1000000000);
}

void
make_log_time(const struct timespec *time, char text[LOG_TIME])
{
	struct tm tm;
	size_t len;
	long minutes;

	if (!localtime_r(&time->tv_sec, &tm) ||
	    (len = strftime(text, LOG_TIME, "%Y-%m-%dT%H:%M:%S", &tm)) == 0) {
		strcpy(text, "-");
		return;
	}
	minutes = tm.tm_gmtoff / 60;
	snprintf(text + len, LOG_TIME - len, "%c%02ld:%02ld",
	    minutes < 0 ? '-' : '+', labs(minutes) / 60, labs(minutes) % 60);
}

/*
 * Prints the character at text; invalid UTF-8 becomes the replacement
 * character.  Returns how many bytes of text it is.
 */
static size_t
print_json_character(FILE *out, const char *text)
{
	uint32_t code = 0;
	size_t len = escape_decode(text, &code);

	if (len == 0)
		print_text(out, "\\ufffd");
	else if (escape_is_control(code))
		fprintf(out, "\\u%04" PRIx32, code);
	else if (code == '"' || code == '\\')
		fprintf(out, "\\%c", *text);
	else
		fwrite_unlocked(text, 1, len, out);
	return len > 0 ? len : 1;
}

void
print_json_string(FILE *out, const char *text)
{
	/* Most names have nothing else. */
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789.:/_- ";

	print_char(out, '"');
	while (*text != '\0') {
		size_t len = strspn(text, plain);

		fwrite_unlocked(text, 1, len, out);
		text += len;
		if (*text != '\0')
			text += print_json_character(out, text);
	}
	print_char(out, '"');
}

char *
append_json_name(char *to, const char *before, const char *name)
{
	return stpcpy(stpcpy(stpcpy(stpcpy(to, before), "\""), name), "\":");
}

void
print_json_name(FILE *out, const char *before, const char *name)
{
	char text[64];

	append_json_name(text, before, name);
	print_text(out, text);
}

void
print_json_sample(FILE *out, enum report_mode mode,
    const struct timespec *time, const char *source)
{
	print_json_name(out, "{", "time");
	print_char(out, '"');
	print_time(out, mode, time);
	print_char(out, '"');
	print_json_name(out, ",", "source");
	print_json_string(out, source);
}

void
print_csv_field(FILE *out, const char *text)
{
	bool quoted = text[strcspn(text, "\",")] != '\0';

	if (quoted)
		print_char(out, '"');
	for (; quoted && *text != '\0'; text++) {
		if (*text == '"')
			print_char(out, '"');
		print_char(out, *text);
	}
	print_text(out, text);
	if (quoted)
		print_char(out, '"');
}

char *
append_label(char *to, const char *name, const char *value)
{
	to = stpcpy(stpcpy(to, name), "=\"");
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			*to++ = '\\';
		*to++ = *value;
	}
	return stpcpy(to, "\",");
}

void
print_gauge(FILE *out, const char *name, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

void
print_gauge_sample(FILE *out, const char *name, char *labels, uint64_t value)
{
	labels[strlen(labels) - 1] = '\0'; /* the last comma */
	print_text(out, name);
	print_char(out, '{');
	print_text(out, labels);
	print_text(out, "} ");
	print_number(out, value);
	print_char(out, '\n');
}
