/*
 * Fuzzes proc_read(): any bytes, in chunks of any size.
 *
 * The first three bytes of an input are flags and the size of chunks; the rest
 * is the stream.
 */
#include "lib/hash.h"
#include "proc_parse.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/sandbox_calls.h"

#include <sys/mman.h>

#include <unistd.h>

enum { DETAILS = 1, PROCFS = 2, INTERRUPTED = 4, REPEATED = 8 };

/* The rows that were visited, and a hash of all of them. */
struct visited {
	uint64_t n, hash;
	bool details;
};

static void
visit(const struct conn *conn, void *ctx)
{
	static const struct hash_key key;
	struct visited *v = ctx;
	bool listens = conn->state == TCP_LISTEN;

	require(conn->family < NFAMILIES);
	require(conn->drops == CONN_UNKNOWN && conn->idle == CONN_UNKNOWN);
	require(conn->family == FAMILY_TCP6 || conn_is_ipv4(&conn->laddr));
	require(v->details || listens ||
	    (conn->inode == 0 && conn->uid == 0 && conn->recv_q == 0));
	v->n++;
	v->hash ^= hash_bytes(&key, &conn->laddr,
		       sizeof(conn->laddr) + sizeof(conn->raddr)) +
	    v->n * (conn->lport + conn->inode + conn->expires + conn->state);
}

/* Whether a line is neither a row nor invalid. */
static bool
is_blank(const char *p, size_t len)
{
	if (len > 0 && p[len - 1] == '\r')
		len--;
	for (; len > 0 && (*p == ' ' || *p == '\t'); p++)
		len--;
	return len == 0;
}

/* Counts the lines that are rows, titles or invalid. */
static uint64_t
count_lines(const char *p, size_t len)
{
	const char *end = p + len, *newline;
	uint64_t lines = 0;

	if (len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	for (; p < end; p = newline + 1) {
		newline = memchr(p, '\n', (size_t)(end - p));
		if (!newline)
			newline = end;
		lines += !is_blank(p, (size_t)(newline - p));
	}
	return lines;
}

/* Makes a file of the stream; returns its descriptor. */
static int
make_file(const char *data, size_t len)
{
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("stream", MFD_CLOEXEC);
	require(fd >= 0 && ftruncate(fd, 0) == 0);
	require(pwrite(fd, data, len, 0) == (ssize_t)len);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static struct proc_result
read_stream(const char *data, size_t len, struct visited *v)
{
	struct proc_result result;
	int error =
	    proc_read(make_file(data, len), v->details, visit, v, &result);

	require(error == 0);
	require(result.rows == v->n);
	require((result.bad == 0) == (result.first_bad == 0));
	require(!result.compressed || result.rows + result.bad == 0);
	return result;
}

/* Returns the stream, as often as the flags say; the caller frees it. */
static char *
make_stream(struct input *in, unsigned flags, size_t *len)
{
	unsigned times = flags & REPEATED ? flags >> 4 : 1;
	char *stream = malloc(in->left * times + 1);

	for (unsigned i = 0; i < times; i++)
		memcpy(stream + i * in->left, in->p, in->left);
	*len = in->left * times;
	return stream;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	unsigned flags = take(&in);
	size_t chunk = take(&in) * 256u + take(&in), len;
	struct visited whole = {.details = flags & DETAILS}, parts = whole;
	struct proc_result at_once, in_chunks;
	char *stream = make_stream(&in, flags, &len);

	sandbox_reset();
	at_once = read_stream(stream, len, &whole);
	if (!at_once.compressed)
		require(at_once.rows + at_once.bad + at_once.headers ==
		    count_lines(stream, len));
	sandbox.chunk = chunk;
	sandbox.eintr = flags & INTERRUPTED;
	sandbox.procfs = flags & PROCFS && chunk > 0 && chunk <= 4096;
	in_chunks = read_stream(stream, len, &parts);
	if (sandbox.procfs) {
		/*
		 * The table ends early, perhaps in a line that is bad after
		 * that, and rows are repeated.
		 */
		require(in_chunks.rows <= at_once.rows + 1);
	} else {
		require(memcmp(&at_once, &in_chunks, sizeof(at_once)) == 0);
		require(whole.hash == parts.hash);
	}
	free(stream);
	return 0;
}
