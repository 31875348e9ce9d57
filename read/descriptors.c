/*
 * Walks through the processes in a proc, once a sample, and compares how many
 * descriptors each has open with its limit.
 */
#include "read/descriptors.h"

#include "lib/array.h"
#include "lib/decimal.h"
#include "lib/regular.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

struct walk {
	struct descriptors_list *list;
	const char *netns; /* NULL: do not compare namespaces */
	bool copy;	   /* proc is a copy, not procfs */
	bool sized; /* the size of PID/fd is its number of descriptors */
};

static enum trouble
count_descriptor(int dir, const char *name, void *ctx)
{
	uint64_t *open = ctx;

	(void)dir;
	(void)name;
	++*open;
	return TROUBLE_NONE;
}

static enum trouble
count_socket(int dir, const char *name, void *ctx)
{
	uint64_t *sockets = ctx, inode;
	enum trouble trouble = procfs_socket(dir, name, &inode);

	if (trouble == TROUBLE_NONE && inode != 0)
		++*sockets;
	return trouble;
}

/* Counts the descriptors of a process; only its user may read their names. */
static enum trouble
count_open(const struct walk *walk, int process, uint64_t *open)
{
	struct stat st;

	if (!walk->sized)
		return procfs_each_descriptor(process, count_descriptor, open);
	if (fstatat(process, "fd", &st, 0) != 0)
		return procfs_trouble();
	*open = (uint64_t)st.st_size;
	return TROUBLE_NONE;
}

/* Reads a limit, after blanks.  Returns its end, or NULL if there is none. */
static const char *
parse_limit(const char *p, const char *end, uint64_t *limit)
{
	static const char unlimited[] = "unlimited";
	const size_t len = sizeof(unlimited) - 1;

	while (p < end && *p == ' ')
		p++;
	if ((size_t)(end - p) >= len && memcmp(p, unlimited, len) == 0) {
		*limit = UINT64_MAX;
		p += len;
	} else
		p = decimal(p, end, UINT64_MAX, limit);
	return p && p < end && *p == ' ' ? p : NULL;
}

/* Reads the limits of a process; without that line they are not there. */
static enum trouble
read_limits(int process, struct descriptors *d)
{
	static const char title[] = "\nMax open files ";
	char text[4096];
	ssize_t len = regular_read(process, "limits", text, sizeof(text));
	const char *p, *end;

	if (len < 0)
		return procfs_trouble();
	end = text + len;
	p = memmem(text, (size_t)len, title, sizeof(title) - 1);
	if (p)
		p = parse_limit(p + sizeof(title) - 1, end, &d->soft);
	return p && parse_limit(p, end, &d->hard) ? TROUBLE_NONE
						  : TROUBLE_GONE;
}

/* Finds out whether a process is in another namespace than the wanted one. */
static enum trouble
compare_netns(const struct walk *walk, int process, bool *elsewhere)
{
	struct stat its, wanted;

	if (!walk->netns)
		return TROUBLE_NONE;
	if (fstatat(process, "ns/net", &its, 0) != 0)
		return procfs_trouble();
	if (stat(walk->netns, &wanted) != 0)
		return procfs_trouble() == TROUBLE_FATAL ? TROUBLE_FATAL
							 : TROUBLE_DENIED;
	*elsewhere =
	    its.st_dev != wanted.st_dev || its.st_ino != wanted.st_ino;
	return TROUBLE_NONE;
}

static enum trouble
append(struct descriptors_list *list, const struct descriptors *d)
{
	struct descriptors *process = array_reserve(
	    list->process, &list->size, list->n + 1, sizeof(*process));

	if (!process) {
		errno = ENOMEM;
		return TROUBLE_FATAL;
	}
	list->process = process;
	process[list->n++] = *d;
	return TROUBLE_NONE;
}

/* Adds a process, and counts its sockets if it is near its limit. */
static enum trouble
add_near(
    const struct walk *walk, int process, struct descriptors *d, bool near)
{
	enum trouble trouble = TROUBLE_NONE;

	if (near)
		trouble =
		    procfs_each_descriptor(process, count_socket, &d->sockets);
	if (trouble == TROUBLE_NONE)
		trouble =
		    owner_read_name(process, walk->copy, d->process.name);
	return trouble == TROUBLE_NONE ? append(walk->list, d) : trouble;
}

/* Adds a process of the namespace that has enough descriptors. */
static enum trouble
read_process(const struct walk *walk, int process, uint32_t pid)
{
	struct descriptors d = {.process.pid = pid};
	bool elsewhere = false, near;
	enum trouble trouble = count_open(walk, process, &d.open);

	if (trouble != TROUBLE_NONE || d.open < DESCRIPTORS_MIN)
		return trouble;
	trouble = read_limits(process, &d);
	if (trouble != TROUBLE_NONE)
		return trouble;
	near = d.open >= d.soft - d.soft / 10;
	trouble = compare_netns(walk, process, &elsewhere);
	/* What is far below its limit is not missed. */
	if (trouble == TROUBLE_DENIED && !near)
		return TROUBLE_NONE;
	if (trouble != TROUBLE_NONE || elsewhere)
		return trouble;
	return add_near(walk, process, &d, near);
}

static enum trouble
add_process(int process, uint32_t pid, void *ctx)
{
	const struct walk *walk = ctx;
	enum trouble trouble = read_process(walk, process, pid);

	/* In a copy, no process ends: what is missing was not copied. */
	return trouble == TROUBLE_GONE && walk->copy ? TROUBLE_DENIED
						     : trouble;
}

/*
 * Whether the size of a directory fd is the number of its descriptors, as it
 * is since Linux 6.2 (fs/proc/fd.c, proc_fd_getattr); before, it is 0.  That
 * number is for everybody to read, unlike the directory.
 */
static bool
fd_has_size(void)
{
	struct stat st;

	return stat("/proc/self/fd", &st) == 0 && st.st_size > 0;
}

static int
compare_pids(const void *a, const void *b)
{
	const struct descriptors *x = a, *y = b;

	return (x->process.pid > y->process.pid) -
	    (x->process.pid < y->process.pid);
}

int
descriptors_read(const char *proc, const char *netns,
    struct descriptors_list *list, char failed[PROCFS_PATH])
{
	bool live = procfs_is_live(proc);
	struct walk walk = {
	    .list = list,
	    .netns = live ? netns : NULL,
	    .copy = !live,
	    .sized = live && fd_has_size(),
	};
	int error;

	list->hidden = procfs_hides();
	error = procfs_each_process(
	    proc, add_process, &walk, &list->hidden, failed);
	if (list->n > 0)
		qsort(list->process, list->n, sizeof(*list->process),
		    compare_pids);
	return error;
}

const struct descriptors *
descriptors_find(const struct descriptors_list *list, uint32_t pid)
{
	const struct descriptors key = {.process.pid = pid};

	return list->n > 0
	    ? bsearch(&key, list->process, list->n, sizeof(key), compare_pids)
	    : NULL;
}

void
descriptors_free(struct descriptors_list *list)
{
	free(list->process);
	*list = (struct descriptors_list){0};
}
