/*
 * Looks at a file before and after it is opened, and reads it.
 */
#include "lib/regular.h"

#include "lib/interrupt.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Returns 0 or an errno value; failed is whether stat() did. */
static int
check(int failed, const struct stat *st)
{
	return failed ? errno : S_ISREG(st->st_mode) ? 0 : ENOTSUP;
}

int
regular_open(int dir, const char *path)
{
	struct stat st;
	/* Before, as to open a device may act on it. */
	int error = check(fstatat(dir, path, &st, 0), &st);
	int fd = -1;

	if (!error) {
		fd = openat(
		    dir, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
		/* And after, as it may have been replaced. */
		error = fd < 0 ? errno : check(fstat(fd, &st), &st);
	}
	if (!error)
		return fd;
	if (fd >= 0)
		close(fd);
	errno = error;
	return -1;
}

ssize_t
regular_read(int dir, const char *path, char *text, size_t size)
{
	int fd = regular_open(dir, path);
	size_t have = 0;
	ssize_t n = 1;
	int error = 0;

	if (fd < 0)
		return -1;
	while (!error && n != 0 && have < size) {
		n = read(fd, text + have, size - have);
		if (n > 0)
			have += (size_t)n;
		if (interrupted)
			error = EINTR;
		else if (n < 0 && errno != EINTR)
			error = errno;
	}
	close(fd);
	errno = error;
	return error ? -1 : (ssize_t)have;
}

const char *
regular_error(int error)
{
	return error == ENOTSUP ? "not a regular file" : strerror(error);
}
