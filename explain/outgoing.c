/*
 * Counts outgoing sockets by their paths.
 */
#include "explain/outgoing.h"

#include "lib/dict.h"

#include <string.h>

/* Finds the path with the most ports; of equal ones the first by address. */
static void
find_path(struct outgoing *out, const struct dict *paths)
{
	for (size_t i = 0; i < paths->n; i++) {
		const uint64_t *n = dict_record(paths, i);
		const void *path = dict_key(paths, n);

		if (*n < out->most ||
		    (*n == out->most &&
			memcmp(path, &out->path, sizeof(out->path)) > 0))
			continue;
		out->most = *n;
		memcpy(&out->path, path, sizeof(out->path));
	}
}

bool
count_outgoing(struct outgoing *out, const struct snapshot *s, unsigned slot)
{
	struct port_range range = snapshot_port_range(&s->limits);
	struct dict paths;
	uint64_t *n;
	bool good = true;

	*out = (struct outgoing){0};
	dict_init(&paths, sizeof(struct path), sizeof(*n));
	for (size_t i = 0; i < s->sockets.n && good; i++) {
		const struct conn *conn = &s->sockets.socket[i].conn;
		const struct path path = {
		    conn->laddr, conn->raddr, conn->rport, 0};

		if (state_slot(conn->state) != slot ||
		    !snapshot_is_outgoing(s, conn))
			continue;
		out->n++;
		if (!port_in_range(&range, conn->lport))
			continue;
		n = dict_reach(&paths, &path);
		good = n != NULL;
		if (good)
			++*n;
	}
	find_path(out, &paths);
	dict_free(&paths);
	return good;
}
