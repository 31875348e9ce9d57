/*
 * Compares the kernel's counters of TCP, and prints how much they grew: two
 * tables say which, and by what name.
 */
#include "show/flows.h"

#include "lib/print.h"
#include "show/colour.h"

#include <string.h>

/*
 * Leaves in LISTEN_DROPS what no other counter has.  The kernel changes and
 * reads these counters one after the other, so that they may differ by a few
 * that the next sample makes up for.
 */
static void
separate_drops(struct flows *f)
{
	uint64_t before = f->since[LISTEN_DROPS];

	f->known[LISTEN_DROPS] &=
	    f->known[LISTEN_OVERFLOWS] && f->known[REQQ_FULL_DROP];
	if (f->known[LISTEN_DROPS])
		f->other_drops += f->grew[LISTEN_DROPS] -
		    f->grew[LISTEN_OVERFLOWS] - f->grew[REQQ_FULL_DROP];
	f->since[LISTEN_DROPS] =
	    (int64_t)f->other_drops > 0 ? f->other_drops : 0;
	f->grew[LISTEN_DROPS] = f->since[LISTEN_DROPS] > before
	    ? f->since[LISTEN_DROPS] - before
	    : 0;
}

void
flows_add(struct flows *f, const struct limits *before,
    const struct limits *now, int64_t interval)
{
	f->interval = interval;
	for (unsigned i = 0; i < NCOUNTERS; i++) {
		f->known[i] = before->known[i] && now->known[i] &&
		    before->value[i] <= now->value[i];
		f->grew[i] =
		    f->known[i] ? now->value[i] - before->value[i] : 0;
		if (i != LISTEN_DROPS)
			f->since[i] += f->grew[i];
	}
	separate_drops(f);
}

void
flows_reset(struct flows *f)
{
	memcpy(f->since, f->grew, sizeof(f->since));
	f->other_drops = f->since[LISTEN_DROPS];
}

/* A line of items, each of which is printed whole or not at all. */
enum { ITEMS_MAX = 5, TITLE_WIDTH = 13, GAP = 3 };

struct item {
	char text[96];
	unsigned gap; /* blanks before it; the first one has none */
	size_t brief; /* length without the count since the start, or 0 */
	enum meaning meaning;
};

struct line {
	const char *title;
	struct item item[ITEMS_MAX];
	size_t n;
};

static struct item *
add_item(struct line *line)
{
	struct item *item = &line->item[line->n++];

	item->gap = line->n > 1 ? GAP : 0;
	return item;
}

/* Appends a number; one below 1 with a decimal, so that it is not 0. */
static char *
append_rate(char *to, double rate)
{
	if (rate > 0 && rate < 0.05)
		return stpcpy(to, "<0.1");
	if (rate > 0 && rate < 0.95)
		return to + sprintf(to, "%.1f", rate);
	/* Whatever the counters are, the cast must be defined. */
	return append_number(to, (uint64_t)(rate < 1e18 ? rate + 0.5 : 1e18));
}

static void
add_retransmits(struct line *line, const struct flows *f)
{
	double percent;
	char *end;

	if (!f->known[RETRANS_SEGS] || !f->known[OUT_SEGS])
		return;
	percent =
	    100.0 * (double)f->grew[RETRANS_SEGS] / (double)f->grew[OUT_SEGS];
	end = stpcpy(add_item(line)->text, "retransmits ");
	/* Of no segments there is no share. */
	if (f->grew[OUT_SEGS] == 0)
		strcpy(end, "-");
	else if (percent > 0 && percent < 0.05)
		strcpy(end, "<0.1 %");
	else
		sprintf(end, "%.1f %%", percent);
}

static void
make_rates(struct line *line, const struct flows *f)
{
	static const struct {
		const char *name;
		enum limit counter;
	} rates[] = {
	    {"opened in ", PASSIVE_OPENS},
	    {"out ", ACTIVE_OPENS},
	    {"failed ", ATTEMPT_FAILS},
	    {"reset ", ESTAB_RESETS},
	};

	*line = (struct line){.title = "per second"};
	if (f->interval <= 0)
		return;
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		enum limit counter = rates[i].counter;
		double grew = (double)f->grew[counter];
		struct item *item;

		if (!f->known[counter])
			continue;
		item = add_item(line);
		if (counter == ACTIVE_OPENS && item->gap > 0)
			item->gap--; /* closer to "opened in" */
		append_rate(stpcpy(item->text, rates[i].name),
		    grew * 1e9 / (double)f->interval);
	}
	add_retransmits(line, f);
}

static void
make_trouble(struct line *line, const struct flows *f)
{
	static const struct {
		const char *name;
		enum limit counter;
	} troubles[] = {
	    {"accept queue overflows ", LISTEN_OVERFLOWS},
	    {"listen drops ", LISTEN_DROPS},
	    {"SYN cookies sent ", SYNCOOKIES_SENT},
	    {"TIME_WAIT overflows ", TIMEWAIT_OVERFLOW},
	    {"SYN queue drops ", REQQ_FULL_DROP},
	};

	*line = (struct line){.title = "trouble"};
	for (size_t i = 0; i < sizeof(troubles) / sizeof(troubles[0]); i++) {
		enum limit counter = troubles[i].counter;
		uint64_t grew = f->grew[counter], since = f->since[counter];
		struct item *item;
		char *end;

		if (!f->known[counter] || since == 0)
			continue;
		item = add_item(line);
		item->meaning = grew > 0 ? MEANING_CRITICAL : MEANING_WARNING;
		end =
		    append_number(stpcpy(item->text, troubles[i].name), grew);
		if (grew > 0)
			item->brief = (size_t)(end - item->text);
		if (since > grew)
			strcpy(append_number(stpcpy(end, " ("), since),
			    " since start)");
	}
}

static bool
fits(const struct line *line, unsigned width)
{
	size_t used = TITLE_WIDTH;

	for (size_t i = 0; i < line->n; i++)
		used += line->item[i].gap + strlen(line->item[i].text);
	return width == 0 || used <= width;
}

/* Removes the last item; what grew in the last interval only after others. */
static void
remove_least(struct line *line)
{
	size_t i = line->n - 1;

	while (i > 0 && line->item[i].brief > 0)
		i--;
	if (line->item[i].brief > 0)
		i = line->n - 1;
	line->n--;
	memmove(&line->item[i], &line->item[i + 1],
	    (line->n - i) * sizeof(line->item[0]));
	line->item[0].gap = 0;
}

/* Removes counts since the start, and then items, until the line fits. */
static void
fit(struct line *line, unsigned width)
{
	for (size_t i = line->n; i > 0 && !fits(line, width); i--)
		if (line->item[i - 1].brief > 0)
			line->item[i - 1].text[line->item[i - 1].brief] = '\0';
	while (line->n > 0 && !fits(line, width))
		remove_least(line);
}

enum { LINES = 2 };

static void
make_lines(struct line lines[LINES], const struct flows *flows, unsigned width)
{
	make_rates(&lines[0], flows);
	make_trouble(&lines[1], flows);
	for (unsigned i = 0; i < LINES; i++)
		fit(&lines[i], width);
}

unsigned
flows_lines(const struct flows *flows, unsigned width)
{
	struct line lines[LINES];

	make_lines(lines, flows, width);
	return 0u + (lines[0].n > 0) + (lines[1].n > 0);
}

static void
print_line(FILE *out, const struct line *line, bool colour)
{
	print_left(out, TITLE_WIDTH, line->title);
	for (size_t i = 0; i < line->n; i++) {
		const struct item *item = &line->item[i];
		enum meaning meaning = colour ? item->meaning : MEANING_NONE;

		print_blanks(out, item->gap);
		print_text(out, colour_begin[meaning]);
		print_text(out, item->text);
		print_text(out, colour_end[meaning]);
	}
	print_char(out, '\n');
}

void
flows_print(FILE *out, const struct flows *flows, unsigned width, bool colour)
{
	struct line lines[LINES];

	make_lines(lines, flows, width);
	for (unsigned i = 0; i < LINES; i++)
		if (lines[i].n > 0)
			print_line(out, &lines[i], colour);
}
