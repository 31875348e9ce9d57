/*
 * The picture of watch mode: a heading, the totals with their history, the
 * kernel's flows, and the rows of a breakdown, as many as there is room for.
 */
#ifndef WATCH_SCREEN_H
#define WATCH_SCREEN_H

#include "watch/picture.h"

/*
 * Prints a picture of at most width columns and height lines.  What has no
 * room is left out whole.
 */
void screen_print(
    FILE *out, const struct picture *picture, unsigned width, unsigned height);

#endif
