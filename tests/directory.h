/*
 * A temporary directory for tests in C, with the files that they read.
 */
#ifndef DIRECTORY_H
#define DIRECTORY_H

#include <sys/stat.h>

#include <err.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char directory[] = "/tmp/tcpstate.XXXXXX";

static int
directory_remove_file(
    const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void
directory_remove(void)
{
	nftw(directory, directory_remove_file, 16, FTW_DEPTH | FTW_PHYS);
}

static void
directory_make(void)
{
	if (!mkdtemp(directory))
		err(1, "%s", directory);
	atexit(directory_remove);
}

/* Returns the path of a file in the directory, until the next call. */
static const char *
in_directory(const char *file)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", directory, file);
	return path;
}

/* Makes the directories above a file, and removes what has its name. */
static const char *
directory_place(const char *file)
{
	char path[PATH_MAX];

	strcpy(path, in_directory(file));
	for (char *p = path + strlen(directory); (p = strchr(p + 1, '/'));) {
		*p = '\0';
		mkdir(path, 0700);
		*p = '/';
	}
	remove(path);
	return in_directory(file);
}

static void
write_bytes(const char *file, const char *data, size_t len)
{
	FILE *out = fopen(directory_place(file), "w");

	if (!out || fwrite(data, 1, len, out) != len || fclose(out) != 0)
		err(1, "%s", file);
}

static void
write_file(const char *file, const char *text)
{
	write_bytes(file, text, strlen(text));
}

static void
make_fifo(const char *file)
{
	if (mkfifo(directory_place(file), 0600) != 0)
		err(1, "%s", file);
}

#endif
