/*
 * Which formats there are.
 */
#include "format.h"

#include "alert.h"
#include "export.h"

#include <string.h>

static const struct format formats[] = {
    {.name = "table",
	.print = report_table,
	.groups = true,
	.marks = true,
	.screen = true},
    {.name = "netstat", .print = report_netstat},
    {.name = "ss", .print = report_ss},
    {.name = "json", .print = export_json, .groups = true, .time = true},
    {.name = "csv", .print = export_csv, .groups = true},
    {.name = "prometheus",
	.print = export_prometheus,
	.groups = true,
	.once = true,
	.merge = true},
    {.name = "nagios", .print = alert_nagios, .groups = true, .plugin = true},
};

const struct format *
format_find(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}
