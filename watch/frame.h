/*
 * A picture as a grid of characters, and the bytes by which a terminal that
 * shows one picture comes to show another.
 */
#ifndef WATCH_FRAME_H
#define WATCH_FRAME_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* How a character looks: a set of these, and a colour. */
enum { STYLE_BOLD = 1, STYLE_DIM = 2, STYLE_REVERSE = 4 };
struct style {
	uint8_t set;
	uint8_t colour; /* its SGR code, 30-37 or 90-97; 0: the default */
};

struct cell {
	char bytes[4]; /* a character of one column, in UTF-8; unused: 0 */
	struct style style;
};

struct frame {
	unsigned width, height;
	struct cell *cells; /* line by line; NULL: what is shown is unknown */
};

/*
 * Fills in a frame from a picture: lines that end with '\n', with SGR
 * sequences for the styles above; others have no effect.  What is wider or
 * higher than the frame is left out.  A character that is not known to be one
 * column wide, and all but ASCII without utf8, becomes '?'.  Returns 0 or an
 * errno value; the caller frees the frame with frame_free().
 */
int frame_parse(struct frame *frame, const char *picture, unsigned width,
    unsigned height, bool utf8);

/* Frees what the frame has, and makes it unknown. */
void frame_free(struct frame *frame);

/*
 * Prints few bytes that make a terminal without line wrapping, which shows
 * old, show new: all of it if old is unknown or of another size, nothing if
 * they are equal.  Afterwards, as before, the terminal's style is the default.
 */
void frame_print(FILE *out, const struct frame *old, const struct frame *new);

#endif
