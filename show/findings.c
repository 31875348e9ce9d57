/*
 * Prints a diagnosis as a table, which fits on a screen if it is drawn on one,
 * and the text that all formats have in common.
 */
#include "show/findings.h"

#include "lib/print.h"
#include "lib/wrap.h"
#include "show/colour.h"

#include <string.h>

const char *const severity_labels[NSEVERITIES] = {
    [SEVERITY_NONE] = "OK",
    [NOTE] = "NOTE",
    [WARNING] = "WARNING",
    [CRITICAL] = "CRITICAL",
};

static const enum meaning severity_meanings[NSEVERITIES] = {
    [WARNING] = MEANING_WARNING,
    [CRITICAL] = MEANING_CRITICAL,
};

bool
findings_skipped(const struct diagnosis *d, size_t check)
{
	const struct check_result *result = &d->result[check];

	return result->status == CHECK_SKIPPED || result->reason[0] != '\0';
}

/* Returns the last finding of a check, or NULL. */
static const struct finding *
last_finding(const struct diagnosis *d, size_t check)
{
	for (size_t i = d->n; i > 0; i--)
		if (d->finding[i - 1]->check == check)
			return d->finding[i - 1];
	return NULL;
}

enum severity
findings_omitted(const struct diagnosis *d, size_t check)
{
	for (enum severity s = CRITICAL; s > SEVERITY_NONE; s--) {
		size_t shown = 0;

		for (size_t i = 0; i < d->n; i++)
			shown += d->finding[i]->check == check &&
			    d->finding[i]->severity == s;
		if (d->result[check].number[s] > shown)
			return s;
	}
	return SEVERITY_NONE;
}

/* Counts the skipped checks from first to end - 1. */
static size_t
count_skipped(const struct diagnosis *d, size_t first, size_t end)
{
	size_t n = 0;

	for (size_t i = first; i < end; i++)
		n += findings_skipped(d, i);
	return n;
}

/* Appends a number and a noun, as "1 socket" or "5,312 sockets". */
static char *
append_counted(char *to, uint64_t n, const char *noun)
{
	to = append_grouped(to, n);
	return stpcpy(stpcpy(stpcpy(to, " "), noun), n == 1 ? "" : "s");
}

/* Appends what was found; returns text if that is nothing. */
static char *
append_found(char *text, const struct diagnosis *d)
{
	char *to = text;

	for (size_t s = CRITICAL; s > SEVERITY_NONE; s--) {
		uint64_t n = d->number[s];

		if (n == 0)
			continue;
		to = stpcpy(to, to == text ? ": " : ", ");
		if (s == CRITICAL)
			to = stpcpy(append_grouped(to, n), " critical");
		else
			to = append_counted(to, n, severity_names[s]);
	}
	return to;
}

void
findings_conclude(const struct diagnosis *d, findings_line line)
{
	size_t skipped = count_skipped(d, 0, CHECKS);
	size_t minor = count_skipped(d, CHECKS, NCHECKS);
	char *to = line, *end;

	if (skipped > 0)
		to = stpcpy(append_grouped(to, CHECKS - skipped), " of ");
	to = append_counted(to, CHECKS, "check");
	end = append_found(to, d);
	if (end == to) {
		end =
		    append_counted(stpcpy(end, " of "), d->sockets, "socket");
		end = stpcpy(end, ": nothing found");
	}
	if (skipped > 0)
		end = stpcpy(
		    append_grouped(stpcpy(end, ", "), skipped), " skipped");
	if (minor > 0)
		end = stpcpy(
		    append_counted(stpcpy(end, ", "), minor, "minor check"),
		    " skipped");
}

void
findings_more(char text[64], size_t n, const char *like)
{
	stpcpy(stpcpy(append_grouped(stpcpy(text, "and "), n), " more"), like);
}

void
findings_print_text(FILE *out, const char *text, const char *special)
{
	finding_text escaped;

	escape_text(escaped, text, special);
	print_text(out, escaped);
}

/* A line of a table, and those that explain it. */
struct item {
	const struct finding *finding; /* NULL: the check */
	size_t check;
};

enum { ITEMS_MAX = NCHECKS * FINDINGS_MAX + 2 * NCHECKS };

/*
 * Lists what to print: the findings, skipped checks, and with verbose those
 * that found nothing.  Returns how many items there are.
 */
static size_t
list_items(const struct findings_report *r, struct item item[ITEMS_MAX])
{
	const struct diagnosis *d = r->now;
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++)
		item[n++] = (struct item){d->finding[i], d->finding[i]->check};
	for (size_t i = 0; i < NCHECKS; i++)
		if (findings_skipped(d, i))
			item[n++] = (struct item){NULL, i};
	for (size_t i = 0; r->verbose && i < NCHECKS; i++)
		if (!findings_skipped(d, i) && d->result[i].status == CHECK_OK)
			item[n++] = (struct item){NULL, i};
	return n;
}

/*
 * Columns of a table: what follows the severity, the text after Why and its
 * like; and the least that is left for a text next to something else.
 */
enum { INDENT = 10, LABEL_WIDTH = 6, TEXT_LEAST = 16 };

/* A table that is printed, or only measured. */
struct page {
	FILE *out; /* NULL: only count the lines */
	const struct diagnosis *diagnosis;
	size_t width; /* of a line; 0: no limit */
	bool colour;
	size_t lines; /* so far */
};

static void
put_text(const struct page *page, const char *text)
{
	if (page->out)
		print_text(page->out, text);
}

static void
put_bytes(const struct page *page, const char *text, size_t len)
{
	if (page->out)
		fwrite_unlocked(text, 1, len, page->out);
}

static void
put_blanks(const struct page *page, size_t n)
{
	if (page->out)
		print_blanks(page->out, n);
}

static void
end_line(struct page *page)
{
	put_text(page, "\n");
	page->lines++;
}

/*
 * Puts untrusted text at a column of a line that has some columns already, and
 * ends the line.  Longer text continues in the same column of the next lines;
 * if little room is left there, it begins in the next line.
 */
static void
put_wrapped(
    struct page *page, size_t used, size_t column, const char *untrusted)
{
	finding_text escaped;
	const char *text = escaped;

	escape_text(escaped, untrusted, "\\");
	if (page->width > 0 && column + TEXT_LEAST > page->width) {
		end_line(page);
		used = 0;
		column = INDENT;
	}
	do {
		size_t len = page->width > 0
		    ? wrap_words(text, page->width - column)
		    : strlen(text);

		put_blanks(page, column - used);
		put_bytes(page, text, len);
		end_line(page);
		text = wrap_next(text + len);
		used = 0;
	} while (*text != '\0');
}

/* Puts a line such as "CRITICAL  ephemeral-ports  ..."; text may be "". */
static void
put_head(struct page *page, const char *label, enum meaning meaning,
    const char *id, const char *text)
{
	size_t column = INDENT + strlen(id);

	if (!page->colour)
		meaning = MEANING_NONE;
	put_text(page, colour_begin[meaning]);
	put_text(page, label);
	put_text(page, colour_end[meaning]);
	put_blanks(page, INDENT - strlen(label));
	put_text(page, id);
	if (*text != '\0')
		put_wrapped(page, column, column + 2, text);
	else
		end_line(page);
}

/* Puts a line such as "Why   ..."; none if the text is "". */
static void
put_labelled(struct page *page, const char *label, const char *text)
{
	if (*text == '\0')
		return;
	put_blanks(page, INDENT);
	put_text(page, label);
	put_wrapped(page, INDENT + strlen(label), INDENT + LABEL_WIDTH, text);
}

/* Puts the number of what is not shown. */
static void
put_more(struct page *page, size_t n, const char *like)
{
	char text[64];

	findings_more(text, n, like);
	put_wrapped(page, 0, INDENT, text);
}

/* Puts a finding: its summary only, or in full. */
static void
put_finding(struct page *page, const struct finding *f, bool full)
{
	const struct diagnosis *d = page->diagnosis;
	size_t omitted = d->result[f->check].omitted;

	put_head(page, severity_labels[f->severity],
	    severity_meanings[f->severity], check_id(f->check), f->summary);
	if (full) {
		put_labelled(page, "Why", f->why);
		put_labelled(page, "Do", f->remedy);
		put_labelled(page, "Not", f->no_remedy);
		put_labelled(page, "Next", f->next);
	}
	if (omitted > 0 && f == last_finding(d, f->check))
		put_more(page, omitted, " like these");
}

/* Puts a check that found nothing, with its value and limit if known. */
static void
put_ok(struct page *page, size_t check)
{
	const struct check_result *result = &page->diagnosis->result[check];
	char text[128] = "", *to = text;

	if (result->has_value) {
		to = append_grouped(to, result->value);
		if (result->has_limit)
			to = append_grouped(stpcpy(to, " of "), result->limit);
		snprintf(to, sizeof(text) - (size_t)(to - text), " %s",
		    check_unit(check));
	}
	put_head(page, "ok", MEANING_NONE, check_id(check), text);
}

static void
put_item(struct page *page, const struct item *item, bool full)
{
	const struct check_result *result =
	    &page->diagnosis->result[item->check];

	if (item->finding)
		put_finding(page, item->finding, full);
	else if (findings_skipped(page->diagnosis, item->check))
		put_head(page, "skipped", MEANING_NONE, check_id(item->check),
		    result->reason);
	else
		put_ok(page, item->check);
}

/* Returns how many lines an item takes. */
static size_t
measure(const struct page *page, const struct item *item, bool full)
{
	struct page measured = {
	    .diagnosis = page->diagnosis,
	    .width = page->width,
	};

	put_item(&measured, item, full);
	return measured.lines;
}

/* How many items there is room for, and how many of these in full. */
struct fit {
	size_t shown, full;
};

/*
 * Fits items in room lines: all with their summary, and the first ones in
 * full; or as many summaries as leave a line for the number of the others.
 */
static struct fit
fit_items(
    const struct page *page, const struct item *item, size_t n, size_t room)
{
	struct fit fit = {0};
	size_t used = 0;

	for (; fit.shown < n; fit.shown++) {
		size_t lines = measure(page, &item[fit.shown], false);

		if (used + lines > room)
			break;
		used += lines;
	}
	if (fit.shown < n) {
		fit.shown -= fit.shown > 0 && used == room;
		return fit;
	}
	for (; fit.full < n; fit.full++) {
		used += measure(page, &item[fit.full], true) -
		    measure(page, &item[fit.full], false);
		if (used > room)
			break;
	}
	return fit;
}

/* Puts the last line, which is wrapped on a terminal. */
static void
put_conclusion(struct page *page)
{
	findings_line line;

	findings_conclude(page->diagnosis, line);
	put_wrapped(page, 0, 0, line);
}

/* Returns how many lines the last line takes. */
static size_t
measure_conclusion(const struct page *page)
{
	struct page measured = {
	    .diagnosis = page->diagnosis,
	    .width = page->width,
	};

	put_conclusion(&measured);
	return measured.lines;
}

static void
print_page(struct page *page, const struct findings_report *r, bool screen)
{
	struct item item[ITEMS_MAX];
	size_t n = list_items(r, item);
	struct fit fit, alone;
	size_t room = SIZE_MAX, last = measure_conclusion(page);

	if (screen && r->height > 0)
		room = r->height;
	fit = fit_items(page, item, n, last <= room ? room - last : 0);
	alone = fit_items(page, item, n, room);
	/* A last line that has no room, or takes that of all, is left out. */
	if (last > room || (fit.shown == 0 && alone.shown > 0)) {
		last = 0;
		fit = alone;
	}
	room -= last;
	for (size_t i = 0; i < fit.shown; i++)
		put_item(page, &item[i], i < fit.full);
	if (fit.shown < n && room > 0)
		put_more(page, n - fit.shown, "");
	if (last > 0)
		put_conclusion(page);
}

void
findings_table(
    FILE *out, enum report_mode mode, const struct findings_report *r)
{
	bool screen = mode == REPORT_SCREEN;
	bool narrow = r->width > 0 && r->width < INDENT + TEXT_LEAST;
	struct page page = {
	    .out = out,
	    .diagnosis = r->now,
	    .width = narrow ? 0 : r->width,
	    .colour = r->colour,
	};

	if (!r->now)
		return;
	if (mode == REPORT_APPEND)
		findings_log(out, mode, r);
	else if (screen && narrow)
		print_text(
		    out, r->width >= strlen("no room") ? "no room\n" : "");
	else
		print_page(&page, r, screen);
}
