/*
 * Diagnoses once, or again and again.
 */
#ifndef WATCH_DIAGNOSIS_H
#define WATCH_DIAGNOSIS_H

#include "watch/options.h"

/*
 * Diagnoses as the options ask, and shows what it finds.  Returns the level of
 * the worst finding, which is the exit status unless say_status() has a
 * failure.
 */
int diagnosis_run(const struct options *options);

#endif
