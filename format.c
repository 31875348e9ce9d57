/*
 * Which formats there are.
 */
#include "format.h"

#include "export.h"

#include <string.h>

static const struct format formats[] = {
    {"table", report_table, true, true, false, false, false},
    {"netstat", report_netstat, false, false, false, false, false},
    {"ss", report_ss, false, false, false, false, false},
    {"json", export_json, true, false, true, false, false},
    {"csv", export_csv, true, false, false, false, false},
    {"prometheus", export_prometheus, true, false, false, true, true},
};

const struct format *
format_find(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}
