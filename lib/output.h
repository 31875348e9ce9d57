/*
 * Writes standard output, and keeps the reason of the first failure: stdio's
 * own stream may have overwritten errno when it is closed.
 */
#ifndef LIB_OUTPUT_H
#define LIB_OUTPUT_H

#include <stdio.h>

/*
 * Opens a stream to stdout, one at a time; the caller closes it with
 * output_close().  Returns NULL, with errno set, on failure.
 */
FILE *output_open(void);

/*
 * Flushes and closes the stream; stdout stays open.  Returns 0, or the errno
 * value of the first write that failed, except EPIPE: a reader that closes its
 * pipe is no failure.
 */
int output_close(FILE *out);

#endif
