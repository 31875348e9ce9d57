/*
 * Standard output, when it is written once: by a stream that knows why it
 * failed, which errno may no longer tell when stdio is done.
 */
#ifndef LIB_OUTPUT_H
#define LIB_OUTPUT_H

#include <stdio.h>

/* A stream to stdout; NULL, with errno set, where there can be none. */
FILE *output_open(void);

/*
 * Writes what the stream still holds, and closes it, but not stdout.  Returns
 * 0, or an errno value: that of the first write that failed.  That the reader
 * went away is no failure.
 */
int output_close(FILE *out);

#endif
