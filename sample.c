/*
 * The choice of the source, and what to say where it cannot be read.
 */
#include "sample.h"

#include "proc_parse.h"
#include "say.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* What Linux has by default; used for files, which do not tell. */
static const struct port_range default_range = {32768, 60999};

static void
cannot_read(const char *name, int error)
{
	if (error != EINTR) /* which only the end of watch mode causes */
		complain("%s: %s", name, strerror(error));
}

static void
explain_file(const char *name, const struct proc_result *result)
{
	if (result->compressed)
		complain(
		    "%s: looks compressed (%s)", name, result->compressed);
	else if (result->bad > 0)
		complain("%s: line %" PRIu64 ": not a /proc/net/tcp row "
			 "(%" PRIu64 " such line%s skipped)",
		    name, result->first_bad, result->bad,
		    result->bad == 1 ? "" : "s");
	else if (result->rows == 0 && result->headers == 0)
		complain("%s: empty, without even a header", name);
}

/* Counts what fd holds; false where that cannot stand for a table. */
static bool
count_fd(struct tally *tally, const char *name, int fd)
{
	struct proc_result result;
	int error = proc_read(fd, tally_visit, tally, &result);

	if (error) {
		cannot_read(name, error);
		return false;
	}
	explain_file(name, &result);
	return result.rows > 0 || (result.headers > 0 && result.bad == 0);
}

/* The same of a file; one that does not exist may be no error. */
static bool
count_file(struct tally *tally, const char *path, bool may_be_missing)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool counted;

	if (fd < 0 && errno == ENOENT && may_be_missing)
		return true;
	if (fd < 0) {
		cannot_read(path, errno);
		return false;
	}
	counted = count_fd(tally, path, fd);
	close(fd);
	return counted;
}

/* Counts all of the files given; false if none of them could be counted. */
static bool
count_files(struct tally *tally, const struct sample_request *request)
{
	bool counted = false;

	for (size_t i = 0; i < request->nfiles; i++)
		counted |= strcmp(request->files[i], "-") == 0
		    ? count_fd(tally, "standard input", STDIN_FILENO)
		    : count_file(tally, request->files[i], false);
	return counted;
}

/* Counts the live tables; false if any that there should be is missing. */
static bool
count_live(struct tally *tally, const struct sample_request *request)
{
	/* Not by way of /proc/net, which subset=pid hides. */
	static const char *const paths[NFAMILIES] = {
	    [FAMILY_TCP] = "/proc/self/net/tcp",
	    [FAMILY_TCP6] = "/proc/self/net/tcp6",
	};

	for (unsigned f = 0; f < NFAMILIES; f++) {
		/* Without IPv6 there is no tcp6. */
		bool optional = f == FAMILY_TCP6 && !request->only[f];

		/* A breakdown needs to know of all listeners. */
		if (tally->skip[f] && tally->by == BY_NOTHING)
			continue;
		if (!count_file(tally, paths[f], optional))
			return false;
	}
	return true;
}

/* The ports of outgoing connections, of this machine or of most others. */
static struct port_range
port_range(const struct sample_request *request)
{
	static const char path[] = "/proc/sys/net/ipv4/ip_local_port_range";
	struct port_range range;
	int error;

	if (request->by != BY_PORT || request->nfiles > 0)
		return default_range;
	error = proc_read_port_range(path, &range.low, &range.high);
	if (!error)
		return range;
	complain("%s: %s; taken to be %u to %u", path, strerror(error),
	    default_range.low, default_range.high);
	return default_range;
}

struct tally *
sample_take(const struct sample_request *request)
{
	struct tally *tally = tally_new();
	bool counted;

	if (!tally) {
		complain("%s", strerror(ENOMEM));
		return NULL;
	}
	tally->by = request->by;
	tally->range = port_range(request);
	for (unsigned f = 0; f < NFAMILIES; f++)
		tally->skip[f] = !request->only[f] &&
		    (request->only[FAMILY_TCP] || request->only[FAMILY_TCP6]);
	counted = request->nfiles > 0 ? count_files(tally, request)
				      : count_live(tally, request);
	if (counted && tally_finish(tally) != 0) {
		complain("%s", strerror(ENOMEM));
		counted = false;
	}
	if (!counted) {
		tally_free(tally);
		return NULL;
	}
	return tally;
}
