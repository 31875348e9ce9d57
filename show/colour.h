/*
 * Colours by what they mean.
 */
#ifndef SHOW_COLOUR_H
#define SHOW_COLOUR_H

/* From MEANING_ZERO to MEANING_CRITICAL, the worse is greater. */
enum meaning {
	MEANING_NONE, /* no colour of its own */
	MEANING_ZERO,
	MEANING_WARNING,
	MEANING_CRITICAL, /* a full queue too */
	MEANING_TITLE,
	NMEANINGS
};

/* What a terminal needs before text of each meaning, "" for none. */
extern const char *const colour_begin[NMEANINGS];

/* What it needs after it, "" for none. */
extern const char *const colour_end[NMEANINGS];

#endif
