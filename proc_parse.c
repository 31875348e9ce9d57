/*
 * Parses /proc/net/tcp and /proc/net/tcp6: first a line, then a stream of
 * lines from a file or from procfs, which may repeat rows.
 */
#include "proc_parse.h"

#include "lib/decimal.h"
#include "lib/hash.h"
#include "lib/interrupt.h"
#include "lib/regular.h"

#include <sys/vfs.h>

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static const char *
skip_blanks(const char *p, const char *end)
{
	while (p < end && is_blank(*p))
		p++;
	return p;
}

static const char *
skip_word(const char *p, const char *end)
{
	while (p < end && !is_blank(*p))
		p++;
	return p;
}

/*
 * Reads n hex digits, 8 at most; p has at least n bytes.  Returns false if one
 * is no hex digit.  Parses all digits at once, each in a byte of a 64-bit
 * word, since a row has dozens of them.
 */
static inline bool
hex(const char *p, size_t n, uint32_t *value)
{
	const uint64_t ones = 0x0101010101010101;
	char text[8] = {'0', '0', '0', '0', '0', '0', '0', '0'};
	uint64_t x, v, letters, above_9;

	memcpy(text + sizeof(text) - n, p, n);
	memcpy(&x, text, sizeof(x));
	x = be64toh(x);
	letters = x >> 6 & ones;
	v = (x & 15 * ones) + 9 * letters;
	/* Valid if printing v gives the same digits again, in upper case. */
	above_9 = (v + 6 * ones) >> 4 & ones;
	x &= ~(letters << 5);
	if (v & 0xf0 * ones || x != v + '0' * ones + 7 * above_9)
		return false;
	v = (v | v >> 4) & 0x00ff00ff00ff00ff;
	v = (v | v >> 8) & 0x0000ffff0000ffff;
	*value = (uint32_t)(v | v >> 16);
	return true;
}

/*
 * Reads "address:port"; the address has the given number of 32-bit words.  The
 * kernel prints each word as a number in its own byte order, and the port as a
 * number (tcp_ipv4.c get_tcp4_sock, tcp_ipv6.c get_tcp6_sock).
 */
static inline bool
endpoint(const char *p, unsigned words, struct in6_addr *addr, uint16_t *port)
{
	uint32_t word[4] = {0, 0, htonl(0xffff), 0};
	uint32_t *w = words == 1 ? &word[3] : word;
	uint32_t n = 0;
	bool good = true;

	for (unsigned i = 0; i < words; i++, p += 8)
		good &= hex(p, 8, &w[i]);
	good &= *p == ':' && hex(p + 1, 4, &n);
	memcpy(addr, word, sizeof(*addr));
	*port = (uint16_t)n;
	return good;
}

/*
 * Reads a decimal number, up to max, and the blank or newline after it.
 * Returns a pointer to that blank; NULL if there is no such number.
 */
static const char *
parse_number(const char *p, const char *end, uint64_t max, uint64_t *number)
{
	p = decimal(skip_blanks(p, end), end, max, number);
	return p && p < end && (is_blank(*p) || *p == '\n') ? p : NULL;
}

/* As many repetitions as a conn can hold; the kernel counts in a byte too. */
static uint8_t
clip(uint64_t n)
{
	return n < UINT8_MAX ? (uint8_t)n : UINT8_MAX;
}

/*
 * Reads the fields after the state: tx_queue:rx_queue, timer and jiffies until
 * it expires, retransmits, uid, timeout (in fact unanswered probes), inode.
 * The tx_queue of a listener is not its backlog, but 0.  Fields from a cut one
 * on stay 0; uid does if the inode is cut.
 */
static void
parse_details(const char *p, const char *end, struct conn *conn)
{
	/* Of queues, timer and retransmits; a blank follows each. */
	static const uint8_t width[] = {17, 11, 8};
	uint32_t timer = 0, jiffies = 0, retransmits = 0;
	uint64_t uid, probes, inode;

	for (unsigned i = 0; i < 3; i++) {
		if (end - p <= width[i] || !is_blank(p[width[i]]))
			return;
		if (i == 0 &&
		    (!hex(p, 8, &conn->send_q) ||
			!hex(p + 9, 8, &conn->recv_q)))
			return;
		if (i == 1 && hex(p, 2, &timer))
			hex(p + 3, 8, &jiffies);
		if (i == 2)
			hex(p, 8, &retransmits);
		p = skip_blanks(p + width[i] + 1, end);
	}
	if (conn->state == TCP_LISTEN)
		conn->send_q = CONN_UNKNOWN;
	if ((p = parse_number(p, end, UINT32_MAX, &uid)) &&
	    (p = parse_number(p, end, UINT64_MAX, &probes)) &&
	    (p = parse_number(p, end, UINT64_MAX, &inode))) {
		conn->uid = (uint32_t)uid;
		conn->inode = inode;
		conn->timer = (uint8_t)timer;
		conn->retrans =
		    clip(timer == TIMER_KEEPALIVE || timer == TIMER_PERSIST
			    ? probes
			    : retransmits);
		/* USER_HZ is 100 (include/asm-generic/param.h). */
		conn->expires =
		    jiffies < UINT32_MAX / 10 ? jiffies * 10 : UINT32_MAX;
	}
}

/* Parses a row from the first digit of the local address on. */
static inline bool
parse_row(const char *p, const char *end, unsigned words, bool details,
    struct conn *conn)
{
	ptrdiff_t one_end = (ptrdiff_t)words * 8 + 1 + 4;
	const char *remote, *st;
	uint32_t state;

	if (end - p < one_end + 1 || !is_blank(p[one_end]))
		return false;
	remote = skip_blanks(p + one_end + 1, end);
	if (end - remote < one_end + 1 || !is_blank(remote[one_end]))
		return false;
	st = skip_blanks(remote + one_end + 1, end);
	if (end - st < 3 || !is_blank(st[2]))
		return false;
	if (!endpoint(p, words, &conn->laddr, &conn->lport) ||
	    !endpoint(remote, words, &conn->raddr, &conn->rport) ||
	    !hex(st, 2, &state))
		return false;
	conn->state = (uint8_t)state;
	conn->family = words == 1 ? FAMILY_TCP : FAMILY_TCP6;
	conn->timer = TIMER_NONE;
	conn->retrans = 0;
	conn->uid = 0;
	conn->inode = 0;
	conn->expires = 0;
	conn->recv_q = 0;
	conn->send_q = state == TCP_LISTEN ? CONN_UNKNOWN : 0;
	conn->drops = CONN_UNKNOWN;
	conn->idle = CONN_UNKNOWN;
	if (details || state == TCP_LISTEN)
		parse_details(skip_blanks(st + 3, end), end, conn);
	return true;
}

static bool
word_is(const char *p, const char *end, const char *word)
{
	size_t len = (size_t)(skip_word(p, end) - p);

	return len == strlen(word) && memcmp(p, word, len) == 0;
}

/*
 * Parses column titles.  The kernel's other socket tables begin with the same
 * titles, and rows of UDP and raw sockets read like TCP's.  Only TCP's titles
 * end with "inode".
 */
static enum proc_line
parse_titles(const char *p, const char *end)
{
	const char *last;

	p = skip_blanks(skip_word(p, end), end);
	if (!word_is(p, end, "local_address"))
		return PROC_BAD;
	while (end > p && is_blank(end[-1]))
		end--;
	for (last = end; last > p && !is_blank(last[-1]);)
		last--;
	if (word_is(last, end, "inode"))
		return PROC_HEADER;
	return word_is(last, end, "drops") ? PROC_OTHER : PROC_BAD;
}

enum proc_line
proc_parse_line(const char *line, size_t len, bool details, struct conn *conn)
{
	const char *end = line + len;
	const char *p, *number;

	if (end > line && end[-1] == '\r')
		end--;
	number = p = skip_blanks(line, end);
	if (p == end)
		return PROC_BLANK;
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	if (p == number)
		return word_is(p, end, "sl") ? parse_titles(p, end) : PROC_BAD;
	if (p == end || *p != ':')
		return PROC_BAD;
	p = skip_blanks(p + 1, end);
	if (end - p > 8 && p[8] == ':')
		return parse_row(p, end, 1, details, conn) ? PROC_ROW
							   : PROC_BAD;
	return parse_row(p, end, 4, details, conn) ? PROC_ROW : PROC_BAD;
}

/*
 * Bytes of the buffer: room for a page of procfs, of 64 KiB at most, after a
 * cut row.  Rows parsed before they are visited: more than a page holds.
 */
enum { BUFFER = 128 * 1024, BATCH = 1024 };

/*
 * The length of the longest row, with its newline: that of a tcp6 socket on a
 * 64-bit kernel.  Its format is "%4d: %08X%08X%08X%08X:%04X
 * %08X%08X%08X%08X:%04X %02X %08X:%08X %02X:%08lX %08X %5u %8d %lu %d %p %lu
 * %lu %u %u %d\n" (net/ipv6/tcp_ipv6.c, get_tcp6_sock; tcp has three words
 * less at each end).  A %d has up to 11 characters, a %u 10, a %lu 20, a
 * %08lX 16. The kernel ends a page before a row that does not fit: if a page
 * has less room than this left, a row may follow.
 */
enum {
	ROW_ENDS = 10 + 2 + 2 * (32 + 1 + 4 + 1),
	ROW_TIMERS = 2 + 1 + 17 + 1 + 2 + 1 + 16 + 1 + 8 + 1,
	ROW_OWNER = 10 + 1 + 11 + 1 + 20 + 1 + 11 + 1 + 16 + 1,
	ROW_CONTROL = 20 + 1 + 20 + 1 + 10 + 1 + 10 + 1 + 11 + 1,
	ROW_MAX = ROW_ENDS + ROW_TIMERS + ROW_OWNER + ROW_CONTROL,
};
_Static_assert(ROW_MAX == 287, "the sum of the above");

/*
 * The reader of a procfs file remembers a 64-bit hash of each recent row, in
 * one of NSETS sets, each of which keeps its last SET_SIZE hashes: about the
 * last 65,000 rows in total.  A new row is lost if its hash equals one that is
 * kept: the same set (14 bits) and one of 4 entries (the other 50 bits).  Of a
 * million rows 4 / 2^50 * 10^6 are expected to be lost, or 4 * 10^-9.
 */
enum { NSETS = 1 << 14, SET_SIZE = 4 };

struct reader {
	struct proc_result *result;
	conn_visitor *visit;
	void *ctx;
	bool details;
	struct hash_key hash_key;
	uint64_t (*recent)[SET_SIZE]; /* NULL: rows are not repeated */
	uint64_t line;		      /* number of the current line, from 1 */
	size_t have;		      /* bytes in buf */
	size_t nconns;		      /* rows parsed and not yet visited */
	bool other;    /* after the titles of a table that is not TCP's */
	bool nul;      /* buf contains a NUL */
	bool overlong; /* inside a line that is longer than buf */
	bool done;     /* ignore the rest, which is compressed */
	struct conn conns[BATCH];
	uint64_t hashes[BATCH]; /* of conns */
	bool again[BATCH];	/* whether each conn was visited before */
	char buf[BUFFER];
};

/*
 * Returns a hash of the properties that identify a socket in any state.
 * Listeners may share address and port (SO_REUSEPORT), but not the inode.  The
 * hash has a secret key, so that peers cannot hide sockets by choosing
 * addresses and ports that collide.
 */
static uint64_t
row_hash(const struct hash_key *key, const struct conn *conn)
{
	const struct {
		struct in6_addr laddr, raddr;
		uint16_t lport, rport, padding[2];
		uint64_t inode;
	} row = {
	    .laddr = conn->laddr,
	    .raddr = conn->raddr,
	    .lport = conn->lport,
	    .rport = conn->rport,
	    .inode = conn->state == TCP_LISTEN ? conn->inode : 0,
	};

	return hash_bytes(key, &row, sizeof(row));
}

static void
visit_conn(struct reader *r, const struct conn *conn)
{
	r->visit(conn, r->ctx);
	r->result->rows++;
}

/* The hash to remember: a free entry of a set is 0, so no hash may be. */
static uint64_t
recent_tag(uint64_t hash)
{
	return hash > 0 ? hash : 1;
}

static bool
is_recent(const struct reader *r, uint64_t hash)
{
	const uint64_t *set = r->recent[hash % NSETS];

	for (unsigned i = 0; i < SET_SIZE; i++)
		if (set[i] == recent_tag(hash))
			return true;
	return false;
}

static void
remember(struct reader *r, uint64_t hash)
{
	uint64_t *set = r->recent[hash % NSETS];

	memmove(set + 1, set, (SET_SIZE - 1) * sizeof(*set));
	set[0] = recent_tag(hash);
}

/*
 * Visits the rows of a chunk of the kernel's table, except those that an
 * earlier chunk had.  The kernel repeats rows if sockets were added to the
 * hash bucket in which the earlier chunk ended, and at the end of the table if
 * it grew while it was read.
 */
static void
visit_chunk(struct reader *r)
{
	for (size_t i = 0; i < r->nconns; i++) {
		r->hashes[i] = row_hash(&r->hash_key, &r->conns[i]);
		r->again[i] = is_recent(r, r->hashes[i]);
	}
	for (size_t i = 0; i < r->nconns; i++)
		if (!r->again[i]) {
			remember(r, r->hashes[i]);
			visit_conn(r, &r->conns[i]);
		}
	r->nconns = 0;
}

static void
visit_rows(struct reader *r)
{
	for (size_t i = 0; i < r->nconns; i++)
		visit_conn(r, &r->conns[i]);
	r->nconns = 0;
}

static void
bad_line(struct reader *r)
{
	if (r->result->bad++ == 0)
		r->result->first_bad = r->line;
}

/* Returns the name of the compressed format that begins so; NULL if none. */
static const char *
compression(const char *p, size_t len)
{
	static const struct {
		char magic[7];
		const char *name;
	} formats[] = {
	    {"\x1f\x8b", "gzip"},
	    {"\x1f\x9d", "compress"},
	    {"\xfd"
	     "7zXZ",
		"xz"},
	    {"\x28\xb5\x2f\xfd", "zstd"},
	    {"BZh", "bzip2"},
	    {"\x04\x22\x4d\x18", "lz4"},
	    {"PK\x03\x04", "zip"},
	};

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		size_t n = strlen(formats[i].magic);

		if (len >= n && memcmp(p, formats[i].magic, n) == 0)
			return formats[i].name;
	}
	return NULL;
}

/* Skips a byte order mark.  Returns false if the stream is compressed. */
static bool
starts_well(struct reader *r, const char **p, size_t *len)
{
	r->result->compressed = compression(*p, *len);
	if (*len >= 3 && memcmp(*p, "\xef\xbb\xbf", 3) == 0) {
		*p += 3;
		*len -= 3;
	}
	return !r->result->compressed;
}

static void
parse_line(struct reader *r, const char *p, size_t len)
{
	bool overlong = len == BUFFER;

	if (++r->line == 1 && !starts_well(r, &p, &len)) {
		r->done = true;
		return;
	}
	if (overlong || (r->nul && memchr(p, '\0', len))) {
		bad_line(r);
		return;
	}
	switch (proc_parse_line(p, len, r->details, &r->conns[r->nconns])) {
	case PROC_ROW:
		if (r->other)
			bad_line(r);
		else if (++r->nconns == BATCH)
			visit_rows(r);
		break;
	case PROC_HEADER:
		r->result->headers++;
		r->other = false;
		break;
	case PROC_BLANK:
		break;
	case PROC_OTHER:
		r->other = true;
		bad_line(r);
		break;
	case PROC_BAD:
		bad_line(r);
		break;
	}
}

/*
 * Parses the complete lines in buf and, at the end, the incomplete one.  A
 * line that fills buf is invalid; the rest of it is skipped.
 */
static void
parse_lines(struct reader *r, bool at_end)
{
	const char *p = r->buf, *end = r->buf + r->have, *newline;

	/* Rows contain no NUL, so that one search of buf is enough. */
	r->nul = memchr(r->buf, '\0', r->have);
	while (!r->done && (newline = memchr(p, '\n', (size_t)(end - p)))) {
		if (!r->overlong)
			parse_line(r, p, (size_t)(newline - p));
		r->overlong = false;
		p = newline + 1;
	}
	r->have = (size_t)(end - p);
	if (r->have == BUFFER || (at_end && r->have > 0)) {
		if (!r->overlong && !r->done)
			parse_line(r, p, r->have);
		r->overlong = true;
		r->have = 0;
	}
	memmove(r->buf, p, r->have);
}

/* Reads all of fd; returns 0 or an errno value. */
static int
read_all(struct reader *r, int fd)
{
	struct statfs fs;
	bool procfs = fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
	long page = sysconf(_SC_PAGESIZE);
	bool last = false;

	while (!last && !r->done) {
		ssize_t n = read(fd, r->buf + r->have, BUFFER - r->have);

		if (interrupted)
			return EINTR;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		/*
		 * A further read at the end of the table would make the kernel
		 * count all rows to find its position.  That costs another
		 * walk, and repeats the last rows if the table grew
		 * (tcp_ipv4.c, tcp_seq_start).  So stop at a chunk that had
		 * room for another row.
		 */
		last = n == 0 || (procfs && n + ROW_MAX <= page);
		r->have += (size_t)n;
		if (procfs && !last && !r->recent) {
			r->recent = calloc(NSETS, sizeof(*r->recent));
			if (!r->recent)
				return ENOMEM;
		}
		parse_lines(r, last);
		if (r->recent)
			visit_chunk(r);
		else
			visit_rows(r);
	}
	return 0;
}

int
proc_read(int fd, bool details, conn_visitor *visit, void *ctx,
    struct proc_result *result)
{
	struct reader *r = calloc(1, sizeof(*r));
	int error;

	*result = (struct proc_result){0};
	if (!r)
		return ENOMEM;
	r->result = result;
	r->visit = visit;
	r->ctx = ctx;
	r->details = details;
	r->hash_key = hash_random_key();
	error = read_all(r, fd);
	free(r->recent);
	free(r);
	return error;
}

int
proc_read_port_range(const char *path, uint16_t *low, uint16_t *high)
{
	char text[64];
	const char *p = text;
	uint64_t first, last;
	ssize_t n = regular_read(AT_FDCWD, path, text, sizeof(text));

	if (n < 0)
		return errno;
	if (!(p = parse_number(p, text + n, UINT16_MAX, &first)) ||
	    !parse_number(p, text + n, UINT16_MAX, &last))
		return EINVAL;
	*low = (uint16_t)first;
	*high = (uint16_t)last;
	return 0;
}
