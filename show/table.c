/*
 * Prints tables: of totals, or of a breakdown.
 */
#include "show/table.h"

#include "show/breakdown.h"
#include "show/totals.h"

void
table_print(FILE *out, enum report_mode mode, const struct report *r)
{
	bool screen = mode == REPORT_SCREEN && r->width > 0;
	struct table table = {
	    .report = r,
	    .screen = screen,
	    .changes = screen || r->now->before,
	    .grid = {.out = out, .colour = r->colour},
	};

	if (r->now->by)
		breakdown_print(&table);
	else
		totals_print(&table);
}
