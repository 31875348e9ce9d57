/*
 * Runs what the command line asks for; counts once or in a log.
 */
#include "watch/run.h"

#include "lib/say.h"
#include "show/alert.h"
#include "show/encode.h"
#include "watch/counting.h"
#include "watch/diagnosis.h"
#include "watch/explanation.h"
#include "watch/live.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A run that counts once or in a log. */
struct log {
	struct counting counting;
	struct report_stream stream;
};

/* Prints the alerts of a sample; in a log, the time comes first. */
static void
print_alert(FILE *out, const struct counting *c, const struct report *report)
{
	char *line = counting_alert(report);
	const char *text = line ? line : strerror(ENOMEM);
	char time[LOG_TIME];

	if (c->rounds.mode == REPORT_APPEND) {
		make_log_time(&report->time, time);
		fprintf(out, "%s %s\n", time, text);
	} else {
		report_print_coloured(
		    out, report, text, level_meaning(alert_judge(report)));
	}
	free(line);
}

static bool
sample(void *ctx)
{
	struct log *log = ctx;

	return counting_sample(&log->counting);
}

/* Prints a sample; messages are on stderr. */
static void
show(void *ctx, FILE *out, unsigned width, unsigned height)
{
	struct log *log = ctx;
	const struct counting *c = &log->counting;
	const struct format *format = c->rounds.options->format;
	struct report report = counting_report(c);
	report_printer *print =
	    c->rounds.mode == REPORT_APPEND && format->append ? format->append
							      : format->print;

	(void)height;
	report.width = width;
	if (c->rounds.mode == REPORT_APPEND) {
		report.stream = &log->stream;
		rounds_terminal_size(&report.width, &log->stream.screenful);
	}
	if (report.now || format->plugin)
		print(out, c->rounds.mode, &report);
	if (counting_has_alert(c))
		print_alert(out, c, &report);
}

static int
count(const struct options *options)
{
	struct log log = {.stream = {.left = 0}};
	struct counting *c = &log.counting;

	counting_init(c, options);
	c->rounds.sample = sample;
	c->rounds.show = show;
	rounds_run(&c->rounds);
	counting_free(c);
	return (int)c->rounds.worst;
}

int
run(const struct options *options)
{
	if (options->explain) {
		explanation_run(options);
		return LEVEL_OK;
	}
	if (options->diagnose)
		return diagnosis_run(options);
	return rounds_mode(options) == REPORT_SCREEN ? live_run(options)
						     : count(options);
}
