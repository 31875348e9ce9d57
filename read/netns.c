/*
 * Finds network namespaces by name, by process or all of them, enters and
 * leaves them, and names them.
 */
#include "read/netns.h"

#include "lib/array.h"
#include "read/procfs.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The directory in which ip-netns(8) keeps named namespaces. */
static const char names_dir[] = "/var/run/netns";

static const char own_file[] = "/proc/self/ns/net";

/* While in another namespace, a descriptor of this process's own; else -1. */
static int way_back = -1;

/* Formats a path.  Returns 0, or ENAMETOOLONG. */
__attribute__((format(printf, 2, 3))) static int
make_path(char path[PATH_MAX], const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(path, PATH_MAX, fmt, ap);
	va_end(ap);
	return len >= 0 && len < PATH_MAX ? 0 : ENAMETOOLONG;
}

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static bool
is_number(const char *word)
{
	return *word != '\0' && word[strspn(word, "0123456789")] == '\0';
}

/*
 * Fills in the namespace of a process, by its name in proc: a pid or "self".
 * Returns 0 or an errno value.
 */
static int
find_process(struct netns *ns, const char *proc, const char *process)
{
	int error = make_path(ns->file, "%s/%s/ns/net", proc, process);

	snprintf(ns->process, sizeof(ns->process), "%.20s", process);
	return error ? error : make_path(ns->net, "%s/%s/net", proc, process);
}

int
netns_of_proc(struct netns *ns, const char *proc)
{
	char *path = realpath(proc, NULL);
	bool own = path && strcmp(path, "/proc") == 0;

	*ns = (struct netns){0};
	if (!path)
		return errno;
	free(path);
	if (!procfs_is_live(proc))
		return make_path(ns->net, "%s/net", proc);
	return find_process(ns, proc, own ? "self" : "1");
}

int
netns_find(struct netns *ns, const char *proc, const char *word)
{
	int error;

	*ns = (struct netns){0};
	if (proc)
		return find_process(ns, proc, word);
	if (strchr(word, '/'))
		return make_path(ns->file, "%s", word);
	error = make_path(ns->file, "%s/%s", names_dir, word);
	if (error || !is_number(word) || access(ns->file, F_OK) == 0)
		return error;
	return find_process(ns, "/proc", word);
}

/* The namespaces that were visited. */
struct visited {
	uint64_t *id;
	size_t n, size;
	uint64_t own; /* the id of this process's; 0: unknown */
};

static bool
was_visited(const struct visited *visited, uint64_t id)
{
	/* From the last: processes of a namespace often have adjacent pids. */
	for (size_t i = visited->n; i-- > 0;)
		if (visited->id[i] == id)
			return true;
	return false;
}

/* Returns false if out of memory. */
static bool
add_visited(struct visited *visited, uint64_t id)
{
	uint64_t *ids = array_reserve(
	    visited->id, &visited->size, visited->n + 1, sizeof(*ids));

	if (!ids)
		return false;
	visited->id = ids;
	visited->id[visited->n++] = id;
	return true;
}

/*
 * Names made from the pid or name of a process, which may end before its
 * namespace.  They are kept, so that a namespace has the same name in each
 * sample.
 */
static struct kept_name {
	uint64_t id;
	char name[NETNS_NAME];
} * kept_names;
static size_t nkept_names;

/* Replaces name by the one kept for this id; keeps it if there is none. */
static void
keep_name(uint64_t id, char name[NETNS_NAME])
{
	struct kept_name *more;

	for (size_t i = 0; i < nkept_names; i++)
		if (kept_names[i].id == id) {
			memcpy(name, kept_names[i].name, NETNS_NAME);
			return;
		}
	more = reallocarray(kept_names, nkept_names + 1, sizeof(*kept_names));
	if (!more)
		return;
	kept_names = more;
	kept_names[nkept_names].id = id;
	memcpy(kept_names[nkept_names++].name, name, NETNS_NAME);
}

/* Drops the names of namespaces that are gone: the kernel reuses their ids. */
static void
forget_names(const struct visited *visited)
{
	size_t n = 0;

	for (size_t i = 0; i < nkept_names; i++)
		if (was_visited(visited, kept_names[i].id))
			kept_names[n++] = kept_names[i];
	nkept_names = n;
}

/*
 * Reads the name of a process; leaves it empty if the process has ended or may
 * not be read.  Returns 0 or an errno value.
 */
static int
read_command(const char *proc, const char *pid, char command[OWNER_NAME])
{
	char path[PATH_MAX];
	int error = make_path(path, "%s/%s", proc, pid);
	int process =
	    error ? -1 : open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum trouble trouble;

	if (error)
		return error;
	trouble = process < 0 ? procfs_trouble()
			      : owner_read_name(process, false, command);
	error = trouble == TROUBLE_FATAL ? errno : 0;
	if (process >= 0)
		close(process);
	return error;
}

/*
 * Visits the namespace of a process, unless it was visited before or the
 * process has ended.  Returns 0 or an errno value.
 *
 * The id is the inode number of the process's net/tcp: the kernel creates the
 * files of net for each namespace, with their own inode numbers
 * (fs/proc/generic.c, proc_register), and every user may stat() them.  The
 * number of the namespace itself requires the rights of ptrace(2).
 */
static int
visit_process(struct visited *visited, const char *proc, const char *pid,
    netns_visitor *visit, void *ctx, bool *hidden)
{
	struct netns ns = {0};
	char table[PATH_MAX];
	struct stat st;
	int error = find_process(&ns, proc, pid);

	if (!error)
		error = make_path(table, "%s/%s/net/tcp", proc, pid);
	if (error)
		return error;
	if (stat(table, &st) != 0) {
		if (errno != EACCES && errno != EPERM)
			return procfs_gone(errno) ? 0 : errno;
		*hidden = true;
		return 0;
	}
	if (was_visited(visited, st.st_ino))
		return 0;
	error = read_command(proc, pid, ns.command);
	/* Through self, any user may enter this process's own, and name it. */
	if (!error && st.st_ino == visited->own)
		error = find_process(&ns, proc, "self");
	if (error)
		return error;
	ns.id = st.st_ino;
	switch (visit(&ns, ctx)) {
	case NETNS_NEXT:
		return add_visited(visited, ns.id) ? 0 : ENOMEM;
	case NETNS_GONE:
		return 0;
	default:
		return ECANCELED;
	}
}

int
netns_each(const char *proc, netns_visitor *visit, void *ctx, bool *hidden)
{
	struct visited visited = {0};
	DIR *dir = opendir(proc);
	const struct dirent *entry;
	bool found = false;
	char own[PATH_MAX];
	struct stat st;
	int error = make_path(own, "%s/self/net/tcp", proc);

	if (!dir)
		return errno;
	*hidden = procfs_hides();
	if (!procfs_is_live(proc))
		error = EOPNOTSUPP;
	if (!error && stat(own, &st) == 0)
		visited.own = st.st_ino;
	/* The kernel lists processes in order of pid. */
	while (!error && (entry = procfs_next(dir))) {
		if (!is_number(entry->d_name))
			continue;
		found = true;
		error = visit_process(
		    &visited, proc, entry->d_name, visit, ctx, hidden);
	}
	if (!error)
		error = errno;
	closedir(dir);
	if (!error)
		forget_names(&visited);
	free(visited.id);
	return error || found ? error : ESRCH;
}

/* Enters the namespace of an open file, if this process is in another one. */
static int
enter(int fd, bool come_back)
{
	struct stat wanted, own;
	int error = 0;

	if (fstat(fd, &wanted) != 0 || stat(own_file, &own) != 0)
		return errno;
	if (same_file(&wanted, &own))
		return 0;
	way_back = open(own_file, O_RDONLY | O_CLOEXEC);
	if (way_back < 0)
		return errno;
	/*
	 * Returning may be forbidden even if leaving is not.  Entering the
	 * namespace in which the process already is tests that.
	 */
	if (come_back && setns(way_back, CLONE_NEWNET) != 0)
		error = errno;
	if (!error && setns(fd, CLONE_NEWNET) == 0)
		return 0;
	if (!error)
		error = errno;
	close(way_back);
	way_back = -1;
	return error;
}

int
netns_enter(const struct netns *ns, bool come_back)
{
	int fd = open(ns->file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	int error;

	if (fd < 0)
		return errno;
	error = enter(fd, come_back);
	close(fd);
	return error;
}

int
netns_leave(void)
{
	int error;

	if (way_back < 0)
		return 0;
	error = setns(way_back, CLONE_NEWNET) == 0 ? 0 : errno;
	close(way_back);
	way_back = -1;
	return error;
}

/* The name of the namespace of process 1. */
static const char host_name[] = "host";

/*
 * Whether a name cannot be mistaken for another namespace: it is not too long
 * to print in full, and reads neither as that of process 1, nor as a number,
 * nor as a process.
 */
static bool
is_distinct(const char *name)
{
	return strlen(name) < NETNS_NAME && strcmp(name, host_name) != 0 &&
	    !is_number(name) && strncmp(name, "pid:", 4) != 0;
}

static bool
same_path(const char *a, const char *b)
{
	struct stat of_a, of_b;

	return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 &&
	    same_file(&of_a, &of_b);
}

/*
 * Whether process 1 of a proc is in a namespace: by its file or, as not every
 * user may see that of process 1, by the tables (see visit_process()).
 */
static bool
is_host(const char *proc, const struct netns *ns)
{
	char its[PATH_MAX], table[PATH_MAX];
	struct netns first;

	if (find_process(&first, proc, "1") != 0)
		return false;
	return same_path(first.file, ns->file) ||
	    (ns->file[0] != '\0' && make_path(its, "%s/tcp", first.net) == 0 &&
		make_path(table, "%s/tcp", ns->net) == 0 &&
		same_path(its, table));
}

/* Finds the first name, in byte order, that a namespace has in names_dir. */
static bool
find_name(const struct stat *file, char name[NETNS_NAME])
{
	DIR *dir = opendir(names_dir);
	const struct dirent *entry;
	bool found = false;

	if (!dir)
		return false;
	while ((entry = readdir(dir))) {
		struct stat st;

		if (fstatat(dirfd(dir), entry->d_name, &st, 0) != 0 ||
		    !same_file(&st, file) || !is_distinct(entry->d_name) ||
		    (found && strcmp(name, entry->d_name) <= 0))
			continue;
		strcpy(name, entry->d_name);
		found = true;
	}
	closedir(dir);
	return found;
}

void
netns_name(const struct netns *ns, const char *proc, char name[NETNS_NAME])
{
	const char *slash = ns->command[0] != '\0' ? "/" : "";
	struct stat st;

	memset(name, 0, NETNS_NAME);
	if (is_host(proc, ns)) {
		strcpy(name, host_name);
		return;
	}
	if (stat(ns->file, &st) == 0) {
		if (find_name(&st, name))
			return;
		snprintf(name, NETNS_NAME, "%ju%s%s", (uintmax_t)st.st_ino,
		    slash, ns->command);
	} else if (is_number(ns->process))
		snprintf(name, NETNS_NAME, "pid:%s%s%s", ns->process, slash,
		    ns->command);
	if (ns->id != 0 && name[0] != '\0')
		keep_name(ns->id, name);
}
