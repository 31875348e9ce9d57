/*
 * A stream whose writes go straight to write(2), which remembers the first
 * error.
 */
#include "lib/output.h"

#include <errno.h>
#include <sys/types.h>
#include <unistd.h>

static int failure;

static ssize_t
put(void *cookie, const char *bytes, size_t len)
{
	size_t done = 0;

	(void)cookie;
	while (done < len && failure == 0) {
		ssize_t n = write(STDOUT_FILENO, bytes + done, len - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR)
			failure = errno;
	}
	return failure == 0 ? (ssize_t)len : 0;
}

FILE *
output_open(void)
{
	static const cookie_io_functions_t functions = {.write = put};

	failure = 0;
	return fopencookie(NULL, "w", functions);
}

int
output_close(FILE *out)
{
	if (fclose(out) != 0 && failure == 0)
		failure = errno;
	return failure == EPIPE ? 0 : failure;
}
