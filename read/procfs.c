/*
 * Reads the mount option hidepid from mountinfo, and the entries of
 * directories until a signal arrives.
 */
#include "read/procfs.h"

#include "lib/interrupt.h"

#include <sys/vfs.h>

#include <errno.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whether a line of mountinfo is a procfs that hides processes of others. */
static bool
is_hiding(const char *line)
{
	/* The mount's type and options follow the path of the mount. */
	const char *type = strstr(line, " - proc ");
	const char *option = type ? strstr(type, "hidepid=") : NULL;

	/* 2 or invisible, 4 or ptraceable (proc(5)). */
	return option && strchr("2i4p", option[strlen("hidepid=")]);
}

bool
procfs_hides(void)
{
	FILE *in = geteuid() != 0 ? fopen("/proc/self/mountinfo", "re") : NULL;
	char *line = NULL;
	size_t size = 0;
	bool hides = false;

	while (in && !hides && getline(&line, &size, in) > 0)
		hides = is_hiding(line);
	free(line);
	if (in)
		fclose(in);
	return hides;
}

bool
procfs_is_live(const char *path)
{
	struct statfs fs;

	return statfs(path, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

const struct dirent *
procfs_next(DIR *dir)
{
	errno = interrupted ? EINTR : 0;
	return interrupted ? NULL : readdir(dir);
}

bool
procfs_gone(int error)
{
	return error == ENOENT || error == ESRCH || error == EINVAL;
}
