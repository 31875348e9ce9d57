/*
 * Prints the heading of a screen: its parts, as many as there is room for.
 */
#include "watch/heading.h"

#include "lib/duration.h"
#include "lib/escape.h"
#include "lib/print.h"

#include <sys/utsname.h>

#include <string.h>
#include <unistd.h>

/* The parts of the heading; those from RIGHT on are at the right. */
enum { HOST, PROGRAM, TIME, EVERY, PAUSED, WATCHING, HINT, NPARTS };
enum { RIGHT = WATCHING };

/* The blanks before a part, if another one is before it. */
static size_t
gap(unsigned part)
{
	return part == HINT ? 3 : 2;
}

/* The columns that parts take; one that is NULL is left out. */
static size_t
parts_width(const char *const parts[NPARTS])
{
	size_t width = 0;

	for (unsigned i = 0; i < NPARTS; i++)
		if (parts[i])
			width += strlen(parts[i]) + (width > 0 ? gap(i) : 0);
	return width;
}

static void
print_parts(FILE *out, const char *const parts[NPARTS], unsigned width)
{
	static const unsigned char least_first[] = {
	    WATCHING, HINT, EVERY, PROGRAM, HOST, PAUSED, TIME};
	const char *fit[NPARTS];
	bool first = true;
	size_t extra;

	memcpy(fit, parts, sizeof(fit));
	for (unsigned i = 0; i < NPARTS && parts_width(fit) > width; i++)
		fit[least_first[i]] = NULL;
	extra = width - parts_width(fit);
	for (unsigned i = 0; i < NPARTS; i++) {
		if (!fit[i])
			continue;
		if (!first)
			print_blanks(out, gap(i) + (i >= RIGHT ? extra : 0));
		print_text(out, fit[i]);
		extra = i >= RIGHT ? 0 : extra;
		first = false;
	}
	fputc('\n', out);
}

void
heading_print(FILE *out, const struct heading *h, unsigned width)
{
	char time[16], every[DURATION_TEXT + 8], watching[DURATION_TEXT + 16];
	char duration[DURATION_TEXT];
	struct utsname name;
	char host[ESCAPED(sizeof(name.nodename))];
	struct tm tm;

	uname(&name);
	escape_text(host, name.nodename, "\\");
	if (!localtime_r(&h->time.tv_sec, &tm) ||
	    strftime(time, sizeof(time), "%H:%M:%S", &tm) == 0)
		strcpy(time, "-");
	duration_seconds(duration, h->delay);
	snprintf(every, sizeof(every), "every %s s", duration);
	duration_text(duration, h->watching);
	snprintf(watching, sizeof(watching), "watching for %s", duration);
	print_parts(out,
	    (const char *const[NPARTS]){
		[HOST] = host,
		[PROGRAM] = "tcpstate",
		[TIME] = time,
		[EVERY] = every,
		[PAUSED] = h->paused ? "PAUSED" : NULL,
		[WATCHING] = watching,
		[HINT] = h->ended	    ? NULL
		    : !isatty(STDIN_FILENO) ? "^C quits"
		    : h->help		    ? "? back"
					    : "? help",
	    },
	    width);
}
