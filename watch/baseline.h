/*
 * What was: the sample of the captures that --baseline names, with which the
 * first sample of a run is compared.
 */
#ifndef WATCH_BASELINE_H
#define WATCH_BASELINE_H

#include "watch/rounds.h"

/*
 * Counts the captures of options->baseline with the keys and the filter of the
 * options: tables, and the tables of directories.  range is the ephemeral
 * ports of what they are compared with.  Reports failures: one table that is
 * missing or bad is enough, as the changes would be wrong.  Returns a finished
 * and sorted tally, which the caller frees with tally_free(), or NULL.
 */
struct tally *baseline_take(
    const struct options *options, const struct port_range *range);

#endif
