/*
 * Takes a snapshot, and has the states explained with its numbers.
 */
#include "watch/explanation.h"

#include "explain/observe.h"
#include "lib/output.h"
#include "lib/say.h"
#include "show/explain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Prints the explanation; snapshot may be NULL. */
static void
print(const struct options *options, const struct snapshot *snapshot)
{
	FILE *out = output_open();
	int error = out ? 0 : errno;

	if (out && options->explain_state < 0)
		explain_states(out, snapshot);
	else if (out &&
	    !explain_state(out, snapshot, (unsigned)options->explain_state))
		failure(NULL, "%s", strerror(ENOMEM));
	if (out)
		error = output_close(out);
	if (error)
		failure(NULL, "standard output: %s", strerror(error));
}

void
explanation_run(const struct options *options)
{
	struct observer observer;
	struct snapshot *snapshot = observer_init(&observer, &options->request)
	    ? observe(&observer, false)
	    : NULL;

	if (snapshot && options->explain_state >= 0)
		observe_bound(snapshot);
	print(options, snapshot);
	if (snapshot)
		snapshot_free(snapshot);
	free(snapshot);
}
