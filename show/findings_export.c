/*
 * Prints a diagnosis for other programs: json, csv, Prometheus's text
 * exposition format, and a monitoring plugin's line.
 */
#include "show/findings.h"

#include "lib/escape.h"
#include "lib/print.h"
#include "show/encode.h"
#include "show/prometheus.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

/* The texts of a finding, by their names in json and csv. */
static const struct {
	const char *name;
	size_t offset;
} texts[] = {
    {"summary", offsetof(struct finding, summary)},
    {"why", offsetof(struct finding, why)},
    {"do", offsetof(struct finding, remedy)},
    {"not", offsetof(struct finding, no_remedy)},
    {"next", offsetof(struct finding, next)},
};

enum { NTEXTS = sizeof(texts) / sizeof(texts[0]) };

static const char *
get_text(const struct finding *f, size_t i)
{
	return (const char *)f + texts[i].offset;
}

/* Prints a member of an object that is a string; null if it is "". */
static void
print_json_text(FILE *out, const char *name, const char *text)
{
	print_json_name(out, ",", name);
	if (*text != '\0')
		print_json_string(out, text);
	else
		print_text(out, "null");
}

static void
print_json_evidence(FILE *out, const struct finding *f)
{
	print_json_name(out, ",", "evidence");
	print_char(out, '{');
	for (size_t i = 0; i < f->nevidence; i++) {
		print_json_name(out, i > 0 ? "," : "", f->evidence[i].name);
		print_number(out, f->evidence[i].value);
	}
	print_char(out, '}');
}

static void
print_json_processes(FILE *out, const struct finding *f)
{
	print_json_name(out, ",", "processes");
	print_char(out, '[');
	for (size_t i = 0; i < f->nprocesses; i++) {
		print_json_name(out, i > 0 ? ",{" : "{", "pid");
		print_number(out, f->process[i].pid);
		print_json_name(out, ",", "name");
		print_json_string(out, f->process[i].name);
		print_char(out, '}');
	}
	print_char(out, ']');
}

static void
print_json_finding(FILE *out, const struct finding *f)
{
	print_json_name(out, "{", "id");
	print_json_string(out, check_id(f->check));
	print_json_name(out, ",", "severity");
	print_json_string(out, severity_names[f->severity]);
	for (size_t i = 0; i < NTEXTS; i++)
		print_json_text(out, texts[i].name, get_text(f, i));
	print_json_evidence(out, f);
	print_json_processes(out, f);
	print_char(out, '}');
}

static void
print_json_amount(FILE *out, const char *name, bool known, uint64_t n)
{
	print_json_name(out, ",", name);
	if (known)
		print_number(out, n);
	else
		print_text(out, "null");
}

static void
print_json_check(FILE *out, const struct diagnosis *d, size_t check)
{
	static const char *const status[] = {
	    [CHECK_OK] = "ok",
	    [CHECK_FOUND] = "found",
	    [CHECK_SKIPPED] = "skipped",
	};
	const struct check_result *result = &d->result[check];

	print_json_name(out, "{", "id");
	print_json_string(out, check_id(check));
	print_json_name(out, ",", "status");
	print_json_string(out, status[result->status]);
	print_json_text(out, "reason", result->reason);
	print_json_amount(out, "value", result->has_value, result->value);
	print_json_amount(out, "limit", result->has_limit, result->limit);
	print_char(out, '}');
}

void
findings_json(
    FILE *out, enum report_mode mode, const struct findings_report *r)
{
	const struct diagnosis *d = r->now;

	if (!d)
		return;
	print_json_sample(out, mode, &r->time, d->source);
	print_json_name(out, ",", "interval");
	if (d->interval != 0)
		print_seconds(out, d->interval);
	else
		print_text(out, "null");
	print_json_name(out, ",", "findings");
	for (size_t i = 0; i < d->n; i++) {
		print_char(out, i > 0 ? ',' : '[');
		print_json_finding(out, d->finding[i]);
	}
	print_text(out, d->n > 0 ? "]" : "[]");
	print_json_name(out, ",", "checks");
	for (size_t i = 0; i < NCHECKS; i++) {
		print_char(out, i > 0 ? ',' : '[');
		print_json_check(out, d, i);
	}
	print_text(out, "]}\n");
}

static void
print_csv_header(FILE *out, enum report_mode mode)
{
	if (mode == REPORT_APPEND)
		print_text(out, "time,");
	print_text(out, "severity,id,subject");
	for (size_t i = 0; i < NTEXTS; i++) {
		print_char(out, ',');
		print_text(out, texts[i].name);
	}
	print_text(out, "\r\n");
}

/* Prints a comma and a field, escaped. */
static void
print_csv_text(FILE *out, const char *text)
{
	finding_text escaped;

	escape_text(escaped, text, "\\");
	print_char(out, ',');
	print_csv_field(out, escaped);
}

void
findings_csv(FILE *out, enum report_mode mode, const struct findings_report *r)
{
	if (r->now && !r->no_header && !r->before)
		print_csv_header(out, mode);
	for (size_t i = 0; r->now && i < r->now->n; i++) {
		const struct finding *f = r->now->finding[i];

		if (mode == REPORT_APPEND) {
			print_time(out, mode, &r->time);
			print_char(out, ',');
		}
		print_text(out, severity_names[f->severity]);
		print_csv_text(out, check_id(f->check));
		print_csv_text(out, f->subject);
		for (size_t t = 0; t < NTEXTS; t++)
			print_csv_text(out, get_text(f, t));
		print_text(out, "\r\n");
	}
}

/* Prints a sample of a gauge; severity may be NULL. */
static void
print_sample(FILE *out, const char *name, size_t check, const char *severity,
    uint64_t value)
{
	char labels[128], *end = append_label(labels, "id", check_id(check));

	if (severity)
		append_label(end, "severity", severity);
	print_gauge_sample(out, name, labels, value);
}

static void
print_finding_gauge(FILE *out, const struct diagnosis *d)
{
	static const char name[] = "tcpstate_finding";

	print_gauge(out, name, "1 for each check and severity with findings.");
	for (size_t i = 0; i < NCHECKS; i++)
		for (enum severity s = CRITICAL; s > SEVERITY_NONE; s--)
			if (d->result[i].number[s] > 0)
				print_sample(
				    out, name, i, severity_names[s], 1);
}

/* Prints what each check saw. */
static void
print_check_gauges(FILE *out, const struct diagnosis *d)
{
	print_gauge(out, "tcpstate_check_value",
	    "The worst value that a check saw, in its own unit.");
	for (size_t i = 0; i < NCHECKS; i++)
		if (d->result[i].has_value)
			print_sample(out, "tcpstate_check_value", i, NULL,
			    d->result[i].value);
	print_gauge(out, "tcpstate_check_limit",
	    "The limit of the value that a check saw.");
	for (size_t i = 0; i < NCHECKS; i++)
		if (d->result[i].has_limit)
			print_sample(out, "tcpstate_check_limit", i, NULL,
			    d->result[i].limit);
	print_gauge(out, "tcpstate_check_skipped",
	    "Whether a check was skipped, at least in part.");
	for (size_t i = 0; i < NCHECKS; i++)
		print_sample(out, "tcpstate_check_skipped", i, NULL,
		    findings_skipped(d, i));
}

void
findings_prometheus(
    FILE *out, enum report_mode mode, const struct findings_report *r)
{
	if (!r->now)
		return;
	prometheus_counts(out, mode, r->counts);
	prometheus_queues(out, r->queues);
	print_finding_gauge(out, r->now);
	print_check_gauges(out, r->now);
}

/* Findings in a plugin's line; the others are only counted. */
enum { PLUGIN_FINDINGS_MAX = 10 };

/*
 * Prints what is critical or a warning, after the text before, and how many
 * checks were skipped.  Returns false, and prints nothing, if nothing is.
 */
static bool
print_troubles(FILE *out, const struct diagnosis *d, const char *before)
{
	size_t all = d->number[CRITICAL] + d->number[WARNING];
	size_t n = 0, skipped = 0;

	for (; n < d->n && n < PLUGIN_FINDINGS_MAX; n++) {
		if (d->finding[n]->severity < WARNING)
			break;
		print_text(out, n > 0 ? "; " : before);
		findings_print_text(out, d->finding[n]->summary, "|\\");
	}
	for (size_t i = 0; i < NCHECKS; i++)
		skipped += findings_skipped(d, i);
	if (n > 0 && n < all)
		fprintf(out, "; and %zu more", all - n);
	if (n > 0 && skipped > 0)
		fprintf(out, "; %zu check%s skipped", skipped,
		    skipped == 1 ? "" : "s");
	return n > 0;
}

/* Prints the plugin's level and text; errors make it unknown. */
static void
print_status(FILE *out, const struct findings_report *r)
{
	enum severity worst = r->now ? diagnosis_severity(r->now) : NOTE;
	findings_line line;

	if (r->error || !r->now) {
		print_text(out, "UNKNOWN - ");
		print_plugin_text(
		    out, r->error ? r->error : "nothing was diagnosed");
		if (r->now)
			print_troubles(out, r->now, "; ");
		return;
	}
	print_text(
	    out, severity_labels[worst < WARNING ? SEVERITY_NONE : worst]);
	print_text(out, " - ");
	if (print_troubles(out, r->now, ""))
		return;
	findings_conclude(r->now, line);
	print_text(out, line);
}

/* Prints 'LABEL'=VALUE;WARN;CRIT;MIN;MAX of each check that has a value. */
static void
print_performance(FILE *out, const struct diagnosis *d)
{
	const char *before = " |";

	for (size_t i = 0; i < NCHECKS; i++) {
		const struct check_result *result = &d->result[i];

		if (!result->has_value)
			continue;
		fprintf(out, "%s '%s'=%" PRIu64 ";;;0", before, check_id(i),
		    result->value);
		if (result->has_limit)
			fprintf(out, ";%" PRIu64, result->limit);
		before = "";
	}
}

void
findings_nagios(
    FILE *out, enum report_mode mode, const struct findings_report *r)
{
	(void)mode;
	print_text(out, "TCPSTATE ");
	print_status(out, r);
	if (r->now)
		print_performance(out, r->now);
	print_char(out, '\n');
}
