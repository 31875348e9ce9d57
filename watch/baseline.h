/*
 * What was: the sample of the captures that --baseline names, with which the
 * first sample of a run is compared.
 */
#ifndef WATCH_BASELINE_H
#define WATCH_BASELINE_H

#include "watch/options.h"

/*
 * Counts the captures of options->baseline: tables, and the tables in
 * directories.  now is the request for the sample that is compared with them:
 * its keys and filter apply, and it must outlive the result.  range is the
 * ephemeral ports of that sample.  Returns a finished and sorted tally, which
 * the caller frees with tally_free(); NULL, after a message, on failure, such
 * as a single bad table: the changes would be wrong.
 */
struct tally *baseline_take(const struct options *options,
    const struct sample_request *now, const struct port_range *range);

#endif
