/*
 * The one table of the escape sequences of colours.
 */
#include "show/colour.h"

const char *const colour_begin[NMEANINGS] = {
    [MEANING_NONE] = "",
    [MEANING_ZERO] = "\033[2m",
    [MEANING_WARNING] = "\033[1;33m",
    [MEANING_CRITICAL] = "\033[1;31m",
    [MEANING_TITLE] = "\033[1m",
};

const char *const colour_end[NMEANINGS] = {
    [MEANING_NONE] = "",
    [MEANING_ZERO] = "\033[0m",
    [MEANING_WARNING] = "\033[0m",
    [MEANING_CRITICAL] = "\033[0m",
    [MEANING_TITLE] = "\033[0m",
};
