/*
 * Walks through /proc/PID/fd of all processes, once a sample, and remembers
 * the process of each socket, and the unit of each such process.
 */
#include "read/owner.h"

#include "lib/dict.h"
#include "lib/regular.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct owners {
	struct dict sockets; /* inode -> struct owner */
	struct dict units;   /* pid -> its unit, of owners; if has_units */
	bool has_units;
	struct owner last; /* the last process that has a socket */
	bool copy;	   /* proc is a copy, not procfs */
};

enum trouble
owner_read_name(int process, bool copy, char name[OWNER_NAME])
{
	char text[OWNER_NAME];
	ssize_t len = regular_read(process, "comm", text, sizeof(text));

	name[0] = '\0';
	if (len < 0)
		return copy && errno == ENOENT ? TROUBLE_NONE
					       : procfs_trouble();
	/* The kernel ends it with a newline. */
	if (len > 0 && text[len - 1] == '\n')
		len--;
	if (len >= OWNER_NAME)
		len = OWNER_NAME - 1;
	memcpy(name, text, (size_t)len);
	name[len] = '\0';
	return TROUBLE_NONE;
}

/* A process during the walk. */
struct process {
	struct owners *owners;
	int dir;
	uint32_t pid;
};

static enum trouble
read_unit(const struct process *process)
{
	char *unit = dict_reach(&process->owners->units, &process->pid);

	if (unit)
		return unit_read(process->dir, unit);
	errno = ENOMEM;
	return TROUBLE_FATAL;
}

/* Reads the name and the unit of a process that has a socket. */
static enum trouble
read_owner(const struct process *process)
{
	struct owners *owners = process->owners;
	struct owner owner = {.pid = process->pid};
	enum trouble trouble =
	    owner_read_name(process->dir, owners->copy, owner.name);

	if (trouble == TROUBLE_NONE && owners->has_units)
		trouble = read_unit(process);
	if (trouble == TROUBLE_NONE)
		owners->last = owner;
	return trouble;
}

/*
 * Adds a socket of a process.  /proc lists processes in order of pid, so the
 * first process that has a socket owns it.
 */
static enum trouble
add_socket(const struct process *process, uint64_t inode)
{
	struct owners *owners = process->owners;
	struct owner *owner;

	if (inode == 0 || dict_find(&owners->sockets, &inode))
		return TROUBLE_NONE;
	if (owners->last.pid != process->pid) {
		enum trouble trouble = read_owner(process);

		if (trouble != TROUBLE_NONE)
			return trouble;
	}
	owner = dict_reach(&owners->sockets, &inode);
	if (!owner) {
		errno = ENOMEM;
		return TROUBLE_FATAL;
	}
	*owner = owners->last;
	return TROUBLE_NONE;
}

static enum trouble
visit_descriptor(int dir, const char *name, void *ctx)
{
	uint64_t inode;
	enum trouble trouble = procfs_socket(dir, name, &inode);

	return trouble == TROUBLE_NONE ? add_socket(ctx, inode) : trouble;
}

static enum trouble
add_sockets(int dir, uint32_t pid, void *ctx)
{
	struct process process = {.owners = ctx, .dir = dir, .pid = pid};

	return procfs_each_descriptor(dir, visit_descriptor, &process);
}

struct owners *
owners_read(
    const char *proc, bool units, bool *hidden, char failed[PROCFS_PATH])
{
	struct owners *owners = calloc(1, sizeof(*owners));
	int error = ENOMEM;

	snprintf(failed, PROCFS_PATH, "%s", proc);
	if (owners) {
		dict_init(
		    &owners->sockets, sizeof(uint64_t), sizeof(struct owner));
		dict_init(&owners->units, sizeof(uint32_t), UNIT_NAME);
		owners->has_units = units;
		owners->copy = !procfs_is_live(proc);
		*hidden = procfs_hides();
		error = procfs_each_process(
		    proc, add_sockets, owners, hidden, failed);
	}
	if (!error)
		return owners;
	owners_free(owners);
	errno = error;
	return NULL;
}

const struct owner *
owners_find(const struct owners *owners, uint64_t inode)
{
	return dict_find(&owners->sockets, &inode);
}

const char *
owners_unit(const struct owners *owners, const struct owner *owner)
{
	return dict_find(&owners->units, &owner->pid);
}

void
owners_free(struct owners *owners)
{
	if (!owners)
		return;
	dict_free(&owners->sockets);
	dict_free(&owners->units);
	free(owners);
}
