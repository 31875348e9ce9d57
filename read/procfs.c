/*
 * The option hidepid of a mount, and what shows without it; entries, one by
 * one.
 */
#include "read/procfs.h"

#include "lib/interrupt.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include <errno.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whether one of the options in a line is that. */
static bool
has_option(const char *line, const char *option)
{
	const char *p = strstr(line, option);
	size_t len = strlen(option);

	return p && strchr(", \n", p[len]);
}

/* Whether there is a group that may see all, and this user is in it. */
static bool
is_member(const char *line)
{
	const char *p = strstr(line, "gid=");
	gid_t groups[64], gid = p ? (gid_t)strtoul(p + 4, NULL, 10) : 0;
	int n = getgroups(64, groups);

	if (!p)
		return false;
	for (int i = 0; i < n; i++)
		if (groups[i] == gid)
			return true;
	return getegid() == gid;
}

static bool
lacks_first(const char *proc)
{
	char path[PATH_MAX];
	int len = snprintf(path, sizeof(path), "%s/1", proc);

	return len < (int)sizeof(path) && access(path, F_OK) != 0;
}

/* Whether proc is mounted with an option that hides processes of others. */
static bool
is_mounted_hiding(const char *proc)
{
	FILE *in = fopen("/proc/self/mountinfo", "re");
	char *line = NULL, device[64];
	size_t size = 0;
	bool hides = false;
	struct stat st;

	if (!in)
		return false;
	if (stat(proc, &st) == 0 && geteuid() != 0) {
		/* The third field, after the two ids of mounts. */
		snprintf(device, sizeof(device), " %u:%u ", major(st.st_dev),
		    minor(st.st_dev));
		while (!hides && getline(&line, &size, in) > 0)
			hides = strstr(line, device) &&
			    (has_option(line, "hidepid=ptraceable") ||
				has_option(line, "hidepid=4") ||
				((has_option(line, "hidepid=invisible") ||
				     has_option(line, "hidepid=2")) &&
				    !is_member(line)));
	}
	free(line);
	fclose(in);
	return hides;
}

bool
procfs_hides(const char *proc)
{
	return lacks_first(proc) || is_mounted_hiding(proc);
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
