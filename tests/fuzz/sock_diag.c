/*
 * Fuzzes sock_diag_read(): any answers of the kernel, and what else arrives.
 *
 * An input is a list of datagrams, each of them flags, and messages up to one
 * with the flag LAST.  A message is flags, a type, a length and so many bytes.
 */
#include "read/sock_diag.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/sandbox_calls.h"

#include <errno.h>
#include <limits.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sys/uio.h>

/* Flags of a datagram. */
enum { STRANGER = 1, TRUNCATED = 2, FAILED = 4, CUT = 8, FULL = 128 };
/* Flags of a message. */
enum { LAST = 1, OTHER_SEQ = 2, WRONG_LEN = 4, INTR = 8, PLAIN = 16 };

enum { DATAGRAM_MAX = 64 * 1024 };

static struct input input;

/* What a dump should come to, by a second reading of its datagrams. */
static struct expected {
	uint64_t rows;
	bool over, complete;
} expected;

static const uint16_t types[] = {NLMSG_NOOP, NLMSG_ERROR, NLMSG_DONE,
    NLMSG_OVERRUN, TCPDIAG_GETSOCK, SOCK_DIAG_BY_FAMILY};

/* Appends a message to a datagram; returns its flags. */
static unsigned
add_message(char *datagram, size_t *len)
{
	unsigned flags = take(&input), type = take(&input);
	size_t body = take(&input);
	struct nlmsghdr header = {
	    .nlmsg_len = (uint32_t)(sizeof(header) + body),
	    .nlmsg_type = types[type % (sizeof(types) / sizeof(types[0]))],
	    .nlmsg_seq = sandbox.seq + !!(flags & OTHER_SEQ),
	    .nlmsg_flags = flags & INTR ? NLM_F_DUMP_INTR : NLM_F_MULTI,
	};

	if (flags & PLAIN)
		header.nlmsg_type = (uint16_t)type;
	if (flags & WRONG_LEN)
		take_bytes(
		    &input, &header.nlmsg_len, sizeof(header.nlmsg_len));
	memcpy(datagram + *len, &header, sizeof(header));
	take_bytes(&input, datagram + *len + sizeof(header), body);
	*len += NLMSG_ALIGN(sizeof(header) + body);
	return flags;
}

/* Expects what a message of the dump comes to; INTR is a failure. */
static void
expect_message(const struct nlmsghdr *header, const char *body, size_t len)
{
	bool intr = header->nlmsg_flags & NLM_F_DUMP_INTR;
	int status = -1;

	switch (intr ? NLMSG_ERROR : header->nlmsg_type) {
	case NLMSG_NOOP:
		break;
	case TCPDIAG_GETSOCK:
	case SOCK_DIAG_BY_FAMILY:
		expected.over = len < sizeof(struct inet_diag_msg) ||
		    (body[0] != AF_INET && body[0] != AF_INET6);
		expected.rows += !expected.over;
		break;
	case NLMSG_DONE:
		if (len >= sizeof(status))
			memcpy(&status, body, sizeof(status));
		expected.complete = status >= 0;
		expected.over = true;
		break;
	default:
		expected.over = true;
	}
}

static void
expect_datagram(const char *p, size_t len)
{
	struct nlmsghdr header;

	while (len > 0 && !expected.over) {
		expected.over = len < sizeof(header);
		if (expected.over)
			return;
		memcpy(&header, p, sizeof(header));
		expected.over = header.nlmsg_len < sizeof(header) ||
		    header.nlmsg_len > len;
		if (expected.over)
			return;
		if (header.nlmsg_seq == sandbox.seq)
			expect_message(&header, p + sizeof(header),
			    header.nlmsg_len - sizeof(header));
		if (NLMSG_ALIGN(header.nlmsg_len) >= len)
			return;
		p += NLMSG_ALIGN(header.nlmsg_len);
		len -= NLMSG_ALIGN(header.nlmsg_len);
	}
}

/* Fails as the kernel does; after the input no answer arrives. */
static ssize_t
fail(int error)
{
	expected.over = error != EINTR;
	return sandbox_fail(error);
}

/* Receives the next datagram of the input. */
static ssize_t
receive(struct msghdr *msg)
{
	static char datagram[DATAGRAM_MAX];
	unsigned flags = take(&input);
	size_t len = 0;

	require(!expected.over);
	if (input.left == 0)
		return fail(EAGAIN);
	if (flags & FAILED)
		return fail(flags & FULL ? ENOBUFS : EINTR);
	while (input.left > 0 && len < DATAGRAM_MAX - 1024 &&
	    !(add_message(datagram, &len) & LAST))
		continue;
	if (flags & CUT)
		len -= take(&input) % len;
	require(len <= msg->msg_iov->iov_len);
	memcpy(msg->msg_iov->iov_base, datagram, len);
	msg->msg_flags = flags & TRUNCATED ? MSG_TRUNC : 0;
	((struct sockaddr_nl *)msg->msg_name)->nl_pid = flags & STRANGER;
	if (flags & STRANGER)
		return (ssize_t)len;
	if (flags & TRUNCATED)
		expected.over = true;
	else
		expect_datagram(datagram, len);
	return (ssize_t)len;
}

static void
visit(const struct conn *conn, void *ctx)
{
	uint64_t *visited = ctx;

	require(conn->family < NFAMILIES);
	require(conn->family == FAMILY_TCP6 ||
	    (conn_is_ipv4(&conn->laddr) && conn_is_ipv4(&conn->raddr)));
	++*visited;
}

/* Decodes the whole input as one datagram, at the end of its memory. */
static void
decode(const uint8_t *data, size_t size)
{
	struct sock_diag_result result = {0};
	char *bytes = malloc(size + 1);
	struct sock_diag_datagram datagram = {
	    .data = bytes + 1, .len = size, .attributes = size % 2};
	uint64_t visited = 0;
	uint32_t seq = 0;
	enum sock_diag_step step;

	memcpy(bytes + 1, data, size);
	if (size >= sizeof(struct nlmsghdr))
		memcpy(&seq, data + offsetof(struct nlmsghdr, nlmsg_seq),
		    sizeof(seq));
	step = sock_diag_decode(&datagram, seq, visit, &visited, &result);
	require(result.rows == visited);
	require((step == SOCK_DIAG_FAILED) == (result.reason != NULL));
	free(bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sock_diag_request request = {.states = SOCK_DIAG_ALL};
	struct sock_diag_result result;
	uint64_t visited = 0;
	bool complete;

	decode(data, size);
	sandbox_reset();
	sandbox.receive = receive;
	input = (struct input){data, size};
	expected = (struct expected){0};
	request.family = take(&input) % (NFAMILIES + 1);
	request.needs_drops = take(&input) & 1;
	request.needs_idle = request.needs_drops;
	complete = sock_diag_read(&request, visit, &visited, &result);
	require(expected.over);
	require(result.rows == visited && visited == expected.rows);
	require(complete == expected.complete);
	require(complete == (result.reason == NULL));
	return 0;
}
