/*
 * Finds the tables that --baseline means, and has them counted.
 */
#include "watch/baseline.h"

#include "count/compare.h"
#include "lib/say.h"

#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The paths of tables, freed by free_tables(). */
struct tables {
	char **path;
	bool *regular; /* it must be: it was found in a directory */
	size_t n;
};

static void
free_tables(struct tables *tables)
{
	for (size_t i = 0; i < tables->n; i++)
		free(tables->path[i]);
	free(tables->path);
	free(tables->regular);
}

/* Adds a table; its path may be NULL.  Returns false if out of memory. */
static bool
add_table(struct tables *tables, char *path, bool regular)
{
	if (!path) {
		failure(NULL, "%s", strerror(ENOMEM));
		return false;
	}
	tables->regular[tables->n] = regular;
	tables->path[tables->n++] = path;
	return true;
}

/* Adds the tables in a directory under dir, if it has any. */
static bool
add_tables_in(struct tables *tables, const char *dir, const char *under)
{
	for (unsigned f = 0; f < NFAMILIES; f++) {
		char *path;

		if (asprintf(&path, "%s/%s%s", dir, under, family_names[f]) <
		    0)
			path = NULL;
		/* Reading it reports other errors. */
		if (path && access(path, F_OK) != 0 && errno == ENOENT)
			free(path);
		else if (!add_table(tables, path, true))
			return false;
	}
	return true;
}

/* Adds what a path means: itself, or if it is a directory, its tables. */
static bool
add_path(struct tables *tables, const char *path)
{
	size_t n = tables->n;
	struct stat st;

	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return add_table(tables, strdup(path), false);
	if (!add_tables_in(tables, path, "") ||
	    (tables->n == n && !add_tables_in(tables, path, "net/")))
		return false;
	if (tables->n == n)
		failure(NULL, "%s: has neither tcp nor tcp6", path);
	return tables->n > n;
}

static bool
find_tables(struct tables *tables, const struct options *o)
{
	/* Each path has at most one table for each family. */
	tables->path = calloc(o->nbaseline * NFAMILIES, sizeof(char *));
	tables->regular = calloc(o->nbaseline * NFAMILIES, sizeof(bool));
	if (!tables->path || !tables->regular) {
		failure(NULL, "%s", strerror(ENOMEM));
		return false;
	}
	for (size_t i = 0; i < o->nbaseline; i++)
		if (!add_path(tables, o->baseline[i]))
			return false;
	return true;
}

struct tally *
baseline_take(const struct options *o, const struct sample_request *now,
    const struct port_range *range)
{
	struct sample_request request = *now;
	struct tables tables = {0};
	struct tally *tally = NULL;

	if (find_tables(&tables, o)) {
		request.source.files = (const char **)tables.path;
		request.source.regular = tables.regular;
		request.source.nfiles = tables.n;
		request.source.whole = true;
		request.source.proc = NULL;
		request.netns = NULL;
		request.range = range;
		tally = sample_take(&request);
	}
	free_tables(&tables);
	if (!tally)
		return NULL;
	/* The request does not outlive this function. */
	tally->filter = &now->filter;
	if (tally_compare(tally, NULL, NULL, o->top) == 0)
		return tally;
	failure(NULL, "%s", strerror(ENOMEM));
	tally_free(tally);
	return NULL;
}
