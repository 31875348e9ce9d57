/*
 * Makes files from a text, in a directory of the sandbox.
 */
#include "tests/fuzz/files.h"

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/sandbox_calls.h"

#include <sys/stat.h>

#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { NAME = 128, PATH = 1024, LINE = 1024, COPIES = 200 };

/* Returns the end of a line, or of the text. */
static const char *
line_end(const char *p, const char *end)
{
	const char *newline = memchr(p, '\n', (size_t)(end - p));

	return newline ? newline : end;
}

/* Copies a name.  Returns false if it is none, or leads out of the sandbox. */
static bool
copy_name(char name[NAME], const char *p, const char *end)
{
	if (end - p >= NAME)
		return false;
	snprintf(name, NAME, "%.*s", (int)(end - p), p);
	return name[0] != '\0' && name[0] != '/' && !strstr(name, "..");
}

/* Makes the directories above a file, and removes what has its name. */
static void
make_place(char *path)
{
	for (char *p = path; (p = strchr(p + 1, '/'));) {
		*p = '\0';
		mkdir(path, 0700);
		*p = '/';
	}
	remove(path);
}

/* Writes a line COPIES times, with the number of each for its ?s, in hex. */
static void
write_copies(FILE *out, const char *line, size_t len)
{
	char copy[LINE];

	for (unsigned i = 0; i < COPIES && len < LINE; i++) {
		unsigned number = i;

		memcpy(copy, line, len);
		for (char *p = copy + len; p-- > copy;)
			if (*p == '?') {
				*p = "0123456789ABCDEF"[number % 16];
				number /= 16;
			}
		fwrite(copy, 1, len, out);
	}
}

static void
make_file(const char *path, const char *data, size_t len)
{
	const char *end = data + len, *next;
	FILE *out = fopen(path, "w");

	if (!out)
		return;
	for (; data < end; data = next) {
		next = line_end(data, end);
		next += next < end;
		if (memchr(data, '?', (size_t)(next - data)))
			write_copies(out, data, (size_t)(next - data));
		else
			fwrite(data, 1, (size_t)(next - data), out);
	}
	fclose(out);
}

/* Makes what a line between p and end names. */
static void
make_entry(const char *dir, const char *p, const char *end, const char *data,
    size_t n)
{
	const char *arrow = memchr(p, '>', (size_t)(end - p));
	char name[NAME], target[NAME], path[PATH];
	size_t len;

	if (!copy_name(name, p, arrow ? arrow : end) ||
	    (arrow && !copy_name(target, arrow + 1, end)))
		return;
	len = (size_t)snprintf(path, PATH, "%s/%s", sandbox_path(dir), name);
	if (len >= PATH)
		return;
	make_place(path);
	if (path[len - 1] == '/')
		mkdir(path, 0700);
	else if (!arrow)
		make_file(path, data, n);
	else if (symlink(target, path) != 0)
		return;
}

void
files_make(const char *dir, const char *p, const char *end)
{
	mkdir(sandbox_path(dir), 0700);
	while (p < end && *p == '@') {
		const char *name_end = line_end(p, end);
		const char *data = name_end + (name_end < end), *next = data;

		while (next < end && *next != '@') {
			next = line_end(next, end);
			next += next < end;
		}
		make_entry(dir, p + 1, name_end, data, (size_t)(next - data));
		p = next;
	}
}

void
files_make_all(void)
{
	static char text[64 * 1024];
	static size_t len;

	if (len == 0) {
		/* The current directory must be the top one. */
		FILE *in = fopen("tests/fuzz/files.txt", "r");

		require(in);
		len = fread(text, 1, sizeof(text), in);
		require(len > 0 && len < sizeof(text));
		fclose(in);
	}
	files_make(".", text, text + len);
}

static int
remove_file(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void
files_remove(const char *dir)
{
	nftw(sandbox_path(dir), remove_file, 16, FTW_DEPTH | FTW_PHYS);
}
