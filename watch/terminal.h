/*
 * The terminal at stdin and stdout: its settings, its alternate screen, its
 * size, and writing to it.
 */
#ifndef WATCH_TERMINAL_H
#define WATCH_TERMINAL_H

#include <stddef.h>

/*
 * Returns the size of the terminal at stdout; 80 x 24 if it is unknown.  Only
 * the first 1000 columns and lines of a larger one are used.
 */
void terminal_size(unsigned *width, unsigned *height);

/*
 * Enters the alternate screen, without cursor and line wrapping; if stdin is a
 * terminal too, makes it return keys at once, without echo.  May be called
 * again after something else has used the terminal.  Returns 0 or an errno
 * value.
 */
int terminal_begin(void);

/*
 * Returns to the normal screen, writes the last bytes there, and restores the
 * settings that terminal_begin() found.  Does so even after a signal that ends
 * watch mode, but gives up after a second if nobody reads the terminal.
 * Returns 0, or the errno value of a write that failed.
 */
int terminal_end(const char *last, size_t len);

/*
 * Writes bytes to stdout.  Gives up if a signal that ends watch mode arrives,
 * since the reader may never read.  Returns 0 or an errno value.
 */
int terminal_write(const char *bytes, size_t len);

#endif
