/*
 * The table of formats: what prints each one, and its properties, which the
 * rest of the program reads instead of names.
 */
#include "show/format.h"

#include "show/alert.h"
#include "show/export.h"
#include "show/line.h"
#include "show/lines.h"
#include "show/prometheus.h"
#include "show/table.h"

#include <strings.h>

static const struct format formats[] = {
    {.name = "table",
	.print = table_print,
	.append = lines_log,
	.findings = findings_table,
	.groups = true,
	.changes = true,
	.alert_line = true,
	.screen = true},
    {.name = "count", .print = lines_count, .sum = true},
    {.name = "line", .print = line_print, .time = true},
    {.name = "netstat", .print = lines_netstat},
    {.name = "ss", .print = lines_ss},
    {.name = "json",
	.print = export_json,
	.findings = findings_json,
	.groups = true,
	.changes = true,
	.time = true},
    {.name = "csv",
	.print = export_csv,
	.findings = findings_csv,
	.groups = true,
	.changes = true},
    {.name = "prometheus",
	.print = prometheus_counts,
	.findings = findings_prometheus,
	.groups = true,
	.counts = true,
	.time = true,
	.no_watch = true,
	.merge_listeners = true},
    {.name = "nagios",
	.print = alert_nagios,
	.findings = findings_nagios,
	.groups = true,
	.plugin = true,
	.merge_listeners = true},
};

enum { NFORMATS = sizeof(formats) / sizeof(formats[0]) };

const struct format *
format_find(const char *name)
{
	for (size_t i = 0; i < NFORMATS; i++)
		if (strcasecmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

const char *
format_name(size_t i)
{
	return i < NFORMATS ? formats[i].name : NULL;
}
