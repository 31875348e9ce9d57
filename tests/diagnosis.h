/*
 * Diagnoses made by hand, of few checks, for the tests of what prints them.
 */
#ifndef DIAGNOSIS_H
#define DIAGNOSIS_H

#include "lib/escape.c"
#include "lib/print.c"
#include "lib/wrap.c"
#include "show/colour.c"
#include "show/encode.c"
#include "show/findings.c"
#include "show/findings_export.c"
#include "show/findings_log.c"

#include "tap.h"

const char *const severity_names[NSEVERITIES] = {
    [NOTE] = "note", [WARNING] = "warning", [CRITICAL] = "critical"};

/* Checks by the indices that this test uses. */
enum { PORTS, TIME_WAITS, LEAK, FILES, MINOR = CHECKS };

const char *
check_id(size_t check)
{
	static const char *const ids[NCHECKS] = {
	    [PORTS] = "ephemeral-ports",
	    [TIME_WAITS] = "time-wait-limit",
	    [LEAK] = "close-wait-leak",
	    [FILES] = "fd-limit",
	    [MINOR] = "refused",
	};

	return ids[check] ? ids[check] : "other";
}

const char *
check_unit(size_t check)
{
	return check == TIME_WAITS ? "sockets" : "ports";
}

enum severity
diagnosis_severity(const struct diagnosis *d)
{
	return d->n > 0 ? d->finding[0]->severity : SEVERITY_NONE;
}

static struct finding pool[2][NCHECKS * FINDINGS_MAX];
static struct diagnosis now, before;

/* What is counted with a diagnosis is tested elsewhere. */
void
prometheus_counts(FILE *out, enum report_mode mode, const struct report *r)
{
	(void)mode;
	(void)r;
	fputs("counts\n", out);
}

void
prometheus_queues(FILE *out, const struct report *r)
{
	(void)r;
	fputs("queues\n", out);
}

static struct findings_report report;

/* Begins with a healthy diagnosis, and none before it. */
static void
reset(void)
{
	setenv("TZ", "UTC", 1);
	memset(pool, 0, sizeof(pool));
	now = (struct diagnosis){
	    .sockets = 5312, .source = "sock_diag", .interval = 3000000001};
	before = now;
	report = (struct findings_report){
	    .now = &now, .time = {1795257151, 250000000}};
}

/* Adds a finding with a subject; its summary is the subject, and " is bad". */
static struct finding *
add(struct diagnosis *d, size_t check, enum severity severity,
    const char *subject)
{
	struct finding *f = &pool[d == &before][d->n];

	d->finding[d->n++] = f;
	d->number[severity]++;
	d->result[check].status = CHECK_FOUND;
	d->result[check].number[severity]++;
	f->check = check;
	f->severity = severity;
	snprintf(f->subject, sizeof(f->subject), "%s", subject);
	snprintf(f->summary, sizeof(f->summary), "%s is bad", subject);
	return f;
}

static void
omit(struct diagnosis *d, size_t check, enum severity severity, size_t n)
{
	d->result[check].omitted = n;
	d->result[check].number[severity] += n;
	d->number[severity] += n;
}

static void
skip_check(struct diagnosis *d, size_t check, const char *reason)
{
	d->result[check].status = CHECK_SKIPPED;
	strcpy(d->result[check].reason, reason);
}

static void
set_value(size_t check, uint64_t value, uint64_t limit)
{
	struct check_result *result = &now.result[check];

	result->has_value = true;
	result->value = value;
	result->has_limit = limit > 0;
	result->limit = limit;
}

/* Returns what a printer prints, until the next call. */
static const char *
print(findings_printer *printer, enum report_mode mode)
{
	static char *text;
	size_t size;
	FILE *out;

	free(text);
	out = open_memstream(&text, &size);
	printer(out, mode, &report);
	fclose(out);
	return text;
}

/* Prints a text, each line as a comment of TAP. */
static void
print_comment(const char *title, const char *text)
{
	printf("# %s:\n# ", title);
	for (; *text != '\0'; text++) {
		putchar(*text);
		if (*text == '\n')
			printf("# ");
	}
	putchar('\n');
}

static void
is(const char *got, const char *wanted, const char *name)
{
	if (ok(strcmp(got, wanted) == 0, "%s", name))
		return;
	print_comment("got", got);
	print_comment("wanted", wanted);
}

static void
has(const char *got, const char *wanted, const char *name)
{
	if (ok(strstr(got, wanted) != NULL, "%s", name))
		return;
	print_comment("got", got);
	print_comment("wanted, in it", wanted);
}

static const char *
table(void)
{
	return print(findings_table, REPORT_ONCE);
}

#endif
