/*
 * Prints a diagnosis as a log: what changed since the previous one.
 */
#include "show/findings.h"

#include "lib/print.h"
#include "show/encode.h"

#include <string.h>

struct log {
	FILE *out;
	const struct diagnosis *now, *before;
	char time[LOG_TIME];
};

/* Prints a line of the log: time, label, id and text. */
static void
log_line(
    const struct log *log, const char *label, size_t check, const char *text)
{
	const char *words[] = {log->time, label, check_id(check)};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		print_text(log->out, words[i]);
		if (i < 2 || *text != '\0')
			print_char(log->out, ' ');
	}
	findings_print_text(log->out, text, "\\");
	print_char(log->out, '\n');
}

/* Finds the same finding in a diagnosis, which may be NULL. */
static const struct finding *
find_same(const struct diagnosis *d, const struct finding *f)
{
	for (size_t i = 0; d && i < d->n; i++)
		if (d->finding[i]->check == f->check &&
		    strcmp(d->finding[i]->subject, f->subject) == 0)
			return d->finding[i];
	return NULL;
}

static bool
was_skipped(const struct log *log, size_t check)
{
	return log->before && findings_skipped(log->before, check);
}

/* Whether a check is no longer done, so that its findings are not known. */
static bool
is_lost(const struct log *log, size_t check)
{
	return findings_skipped(log->now, check) && !was_skipped(log, check);
}

/* Logs findings that went; those omitted by their number. */
static void
log_gone(const struct log *log)
{
	char text[64];

	for (size_t i = 0; i < log->before->n; i++) {
		const struct finding *f = log->before->finding[i];

		if (!find_same(log->now, f) && !is_lost(log, f->check) &&
		    log->now->result[f->check].omitted == 0)
			log_line(log, severity_labels[SEVERITY_NONE], f->check,
			    f->subject);
	}
	for (size_t i = 0; i < NCHECKS; i++) {
		size_t omitted = log->before->result[i].omitted;

		if (omitted == 0 || log->now->result[i].omitted > 0 ||
		    is_lost(log, i))
			continue;
		findings_more(text, omitted, "");
		log_line(log, severity_labels[SEVERITY_NONE], i, text);
	}
}

/*
 * Whether a finding that is not among those of the previous diagnosis may have
 * been there: it may have been omitted.
 */
static bool
may_be_old(const struct log *log, const struct finding *f)
{
	return log->before && log->before->result[f->check].omitted > 0 &&
	    f->severity <= findings_omitted(log->before, f->check);
}

/* Logs new findings, and those that changed their severity. */
static void
log_findings(const struct log *log)
{
	for (size_t i = 0; i < log->now->n; i++) {
		const struct finding *f = log->now->finding[i];
		const struct finding *old = find_same(log->before, f);

		if (old ? old->severity != f->severity : !may_be_old(log, f))
			log_line(log, severity_labels[f->severity], f->check,
			    f->summary);
	}
}

/* Logs that findings are omitted, if their severity is new. */
static void
log_omitted(const struct log *log)
{
	char text[64];

	for (size_t i = 0; i < NCHECKS; i++) {
		size_t omitted = log->now->result[i].omitted;
		enum severity severity = findings_omitted(log->now, i);

		if (omitted == 0 ||
		    (log->before && log->before->result[i].omitted > 0 &&
			findings_omitted(log->before, i) == severity))
			continue;
		findings_more(text, omitted, " like these");
		log_line(log, severity_labels[severity], i, text);
	}
}

static void
log_skipped(const struct log *log)
{
	for (size_t i = 0; i < NCHECKS; i++) {
		bool skipped = findings_skipped(log->now, i);

		if (skipped == was_skipped(log, i))
			continue;
		if (skipped)
			log_line(
			    log, "SKIPPED", i, log->now->result[i].reason);
		else
			log_line(log, "CHECKED", i, "no longer skipped");
	}
}

void
findings_log(FILE *out, enum report_mode mode, const struct findings_report *r)
{
	struct log log = {.out = out, .now = r->now, .before = r->before};
	findings_line line;

	(void)mode;
	make_log_time(&r->time, log.time);
	if (log.before)
		log_gone(&log);
	log_findings(&log);
	log_omitted(&log);
	log_skipped(&log);
	if (log.before || log.now->n > 0)
		return;
	findings_conclude(log.now, line);
	fprintf(
	    out, "%s %s %s\n", log.time, severity_labels[SEVERITY_NONE], line);
}
