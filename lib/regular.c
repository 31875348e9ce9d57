/*
 * Looks at a file before and after it is opened.
 */
#include "lib/regular.h"

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

const char *
regular_error(int error)
{
	return error == ENOTSUP ? "not a regular file" : strerror(error);
}
