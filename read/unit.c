/*
 * Rates the parts of the paths in /proc/PID/cgroup, and keeps the best one.
 */
#include "read/unit.h"

#include "lib/regular.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* How well a name identifies a process, the worst first. */
enum rank { NOTHING, GROUP, SLICE, UNIT };

/* A part of a path: not terminated. */
struct part {
	const char *text;
	size_t len;
};

static bool
begins_with(struct part part, const char *prefix)
{
	size_t len = strlen(prefix);

	return part.len >= len && memcmp(part.text, prefix, len) == 0;
}

static bool
ends_with(struct part part, const char *suffix)
{
	size_t len = strlen(suffix);

	return part.len >= len &&
	    memcmp(part.text + part.len - len, suffix, len) == 0;
}

static bool
equals(struct part part, const char *text)
{
	return part.len == strlen(text) && begins_with(part, text);
}

/* Writes "kind-name".  Returns false if it is too long. */
static bool
join(struct part kind, struct part name, char unit[UNIT_NAME])
{
	int len = snprintf(unit, UNIT_NAME, "%.*s-%.*s", (int)kind.len,
	    kind.text, (int)name.len, name.text);

	return len < UNIT_NAME;
}

/*
 * Names a container whose part ends with its id: after its runtime, as in
 * docker-ID.scope, or after the part before it, as in docker/ID.  The parts of
 * pods have ids of their own (podUUID/ID).
 */
static bool
name_container(struct part part, struct part before, char unit[UNIT_NAME])
{
	enum { ID = 64, SHORT_ID = 12 };
	struct part id, kind = before;
	const char *colon;

	if (ends_with(part, ".scope"))
		part.len -= strlen(".scope");
	if (part.len < ID)
		return false;
	id = (struct part){part.text + part.len - ID, SHORT_ID};
	for (size_t i = 0; i < ID; i++)
		if (!isxdigit((unsigned char)id.text[i]))
			return false;
	if (part.len > ID) {
		if (!strchr("-:", id.text[-1]))
			return false;
		kind = (struct part){part.text, part.len - ID - 1};
		colon = memrchr(kind.text, ':', kind.len);
		if (colon) {
			kind.len -= (size_t)(colon + 1 - kind.text);
			kind.text = colon + 1;
		}
	} else if (begins_with(kind, "pod"))
		kind.len = strlen("pod");
	if (begins_with(kind, "cri-"))
		kind = (struct part){kind.text + 4, kind.len - 4};
	return kind.len > 0 && join(kind, id, unit);
}

static bool
name_lxc(struct part part, struct part before, char unit[UNIT_NAME])
{
	static const char payload[] = "lxc.payload.";
	const struct part lxc = {"lxc", 3};

	if (begins_with(part, payload)) {
		part.text += strlen(payload);
		part.len -= strlen(payload);
	} else if (!equals(before, "lxc"))
		return false;
	return part.len > 0 && join(lxc, part, unit);
}

/*
 * Whether a part is a unit that may have processes.  Service managers of users
 * and containers run in an init.scope of their own, which names nothing.
 */
static bool
is_unit(struct part part)
{
	static const char *const suffixes[] = {
	    ".service", ".scope", ".mount", ".socket", ".swap"};

	if (equals(part, "init.scope"))
		return false;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (ends_with(part, suffixes[i]))
			return true;
	return false;
}

/* Names a part, and returns the rank of the name. */
static enum rank
name_part(struct part part, struct part before, char unit[UNIT_NAME])
{
	/* Groups above the root of a cgroup namespace are "..". */
	if (part.len == 0 || part.len >= UNIT_NAME || equals(part, ".."))
		return NOTHING;
	if (name_container(part, before, unit) || name_lxc(part, before, unit))
		return UNIT;
	memcpy(unit, part.text, part.len);
	unit[part.len] = '\0';
	return is_unit(part)		? UNIT
	    : ends_with(part, ".slice") ? SLICE
					: GROUP;
}

/* Names the best part of a path, the last of equals.  Returns its rank. */
static enum rank
name_path(struct part path, char unit[UNIT_NAME])
{
	const char *end = path.text + path.len;
	struct part part = {path.text, 0}, before = part;
	enum rank best = NOTHING;

	for (; part.text < end; part.text += part.len + 1) {
		const char *slash =
		    memchr(part.text, '/', (size_t)(end - part.text));
		char name[UNIT_NAME];
		enum rank rank;

		part.len = (size_t)((slash ? slash : end) - part.text);
		rank = name_part(part, before, name);
		if (rank != NOTHING && rank >= best) {
			best = rank;
			strcpy(unit, name);
		}
		before = part;
	}
	return best;
}

/*
 * Names the path of a line, "ID:CONTROLLERS:PATH".  The result is higher if
 * the rank is or, of equals, if the line is of version 2 or of systemd; 0: no
 * name.
 */
static unsigned
name_line(struct part line, char unit[UNIT_NAME])
{
	const char *colon = memchr(line.text, ':', line.len);
	const char *end = line.text + line.len, *path;
	struct part controllers;
	unsigned rank;

	path =
	    colon ? memchr(colon + 1, ':', (size_t)(end - colon - 1)) : NULL;
	if (!path)
		return 0;
	controllers = (struct part){colon + 1, (size_t)(path - colon - 1)};
	path++;
	rank = name_path((struct part){path, (size_t)(end - path)}, unit);
	if (rank == NOTHING)
		return 0;
	return 3 * rank +
	    (controllers.len == 0			  ? 2
		    : equals(controllers, "name=systemd") ? 1
							  : 0);
}

void
unit_find(const char *text, char unit[UNIT_NAME])
{
	unsigned best = 0;

	memset(unit, 0, UNIT_NAME);
	while (*text != '\0') {
		const char *end = strchrnul(text, '\n');
		struct part line = {text, (size_t)(end - text)};
		char name[UNIT_NAME];
		unsigned rank = name_line(line, name);

		if (rank > best) {
			best = rank;
			/* It zeroes the rest. */
			strncpy(unit, name, UNIT_NAME);
		}
		text = *end != '\0' ? end + 1 : end;
	}
}

enum trouble
unit_read(int process, char unit[UNIT_NAME])
{
	/* Room for a path of PATH_MAX in 13 hierarchies, and in version 2. */
	char text[65536];
	ssize_t len = regular_read(process, "cgroup", text, sizeof(text) - 1);

	memset(unit, 0, UNIT_NAME);
	if (len < 0)
		return procfs_gone(errno) ? TROUBLE_NONE : procfs_trouble();
	text[len] = '\0';
	unit_find(text, unit);
	return TROUBLE_NONE;
}
