/*
 * Sends a dump request on a netlink socket, and decodes the answers.  Checks
 * every length, type and sender.
 */
#include "read/sock_diag.h"

#include "lib/interrupt.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <errno.h>
#include <limits.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stdalign.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

/* Bytes; the kernel's datagrams have at most 32 KiB (netlink_recvmsg). */
enum { BUFFER = 64 * 1024 };

/* Seconds to wait for a datagram, so that a dump cannot hang. */
enum { TIMEOUT = 10 };

struct decoder {
	uint32_t seq;
	bool attributes;
	conn_visitor *visit;
	void *ctx;
	struct sock_diag_result *result;
};

static enum sock_diag_step
fail(struct sock_diag_result *result, const char *reason)
{
	result->reason = reason;
	return SOCK_DIAG_FAILED;
}

/* Words are in network byte order; IPv4 has the first one only. */
static struct in6_addr
make_address(enum family family, const uint32_t words[4])
{
	struct in6_addr addr;

	if (family == FAMILY_TCP)
		return conn_map_ipv4(words[0]);
	memcpy(&addr, words, sizeof(addr));
	return addr;
}

/* Copies the 32-bit word at an offset of a value, unless it ends before. */
static void
copy_word(uint32_t *to, const char *value, size_t len, size_t offset)
{
	if (len >= offset + sizeof(*to))
		memcpy(to, value + offset, sizeof(*to));
}

/*
 * Decodes the attributes that follow a socket, if they were requested.
 * SKMEMINFO has a word for each of SK_MEMINFO_* (net/core/sock.c,
 * sk_get_meminfo), INFO a struct tcp_info, of which old kernels have less.
 * What is not there remains unknown.
 */
static void
decode_attributes(struct conn *conn, const char *p, size_t left)
{
	struct nlattr attribute;

	while (left >= sizeof(attribute)) {
		size_t len, whole;

		memcpy(&attribute, p, sizeof(attribute));
		if (attribute.nla_len < sizeof(attribute) ||
		    attribute.nla_len > left)
			return;
		len = attribute.nla_len - sizeof(attribute);
		if (attribute.nla_type == INET_DIAG_SKMEMINFO)
			copy_word(&conn->drops, p + sizeof(attribute), len,
			    SK_MEMINFO_DROPS * sizeof(uint32_t));
		if (attribute.nla_type == INET_DIAG_INFO)
			copy_word(&conn->idle, p + sizeof(attribute), len,
			    offsetof(struct tcp_info, tcpi_last_ack_recv));
		whole = NLA_ALIGN(attribute.nla_len);
		if (whole > left)
			whole = left;
		p += whole;
		left -= whole;
	}
}

static enum sock_diag_step
decode_socket(const struct decoder *d, const void *data, size_t len)
{
	struct inet_diag_msg msg;
	struct conn conn;

	if (len < sizeof(msg))
		return fail(d->result, "a socket is cut short");
	memcpy(&msg, data, sizeof(msg));
	if (msg.idiag_family != AF_INET && msg.idiag_family != AF_INET6)
		return fail(d->result, "a socket is of an unknown family");
	conn.family = msg.idiag_family == AF_INET ? FAMILY_TCP : FAMILY_TCP6;
	conn.laddr = make_address(conn.family, msg.id.idiag_src);
	conn.raddr = make_address(conn.family, msg.id.idiag_dst);
	conn.lport = ntohs(msg.id.idiag_sport);
	conn.rport = ntohs(msg.id.idiag_dport);
	conn.state = msg.idiag_state;
	conn.uid = msg.idiag_uid;
	conn.inode = msg.idiag_inode;
	conn.timer = msg.idiag_timer;
	conn.retrans = msg.idiag_retrans;
	conn.expires = msg.idiag_expires;
	/* Of listeners: net/ipv4/tcp_diag.c, tcp_diag_get_info. */
	conn.recv_q = msg.idiag_rqueue;
	conn.send_q = msg.idiag_wqueue;
	conn.drops = CONN_UNKNOWN;
	conn.idle = CONN_UNKNOWN;
	if (d->attributes)
		decode_attributes(&conn, (const char *)data + sizeof(msg),
		    len - sizeof(msg));
	d->visit(&conn, d->ctx);
	d->result->rows++;
	return SOCK_DIAG_MORE;
}

/*
 * Decodes NLMSG_DONE or NLMSG_ERROR, which both carry 0 or a negative errno
 * value.  A dump that failed also ends with NLMSG_DONE (-ENOENT if the kernel
 * has no handler): without this check it would read as no sockets.
 */
static enum sock_diag_step
decode_status(const struct decoder *d, const struct nlmsghdr *header,
    const void *data, size_t len)
{
	int status;

	if (len < sizeof(status))
		return fail(d->result, "the end is cut short");
	memcpy(&status, data, sizeof(status));
	if (status < 0)
		return fail(
		    d->result, strerror(status > INT_MIN ? -status : EPROTO));
	if (header->nlmsg_type == NLMSG_ERROR)
		return fail(d->result, "the answer is no dump");
	return SOCK_DIAG_DONE;
}

static enum sock_diag_step
decode_message(const struct decoder *d, const struct nlmsghdr *header,
    const void *data, size_t len)
{
	if (header->nlmsg_seq != d->seq)
		return SOCK_DIAG_MORE;
	if (header->nlmsg_flags & NLM_F_DUMP_INTR)
		return fail(d->result, "the table changed while it was read");
	switch (header->nlmsg_type) {
	case NLMSG_NOOP:
		return SOCK_DIAG_MORE;
	case NLMSG_DONE:
	case NLMSG_ERROR:
		return decode_status(d, header, data, len);
	case TCPDIAG_GETSOCK:
	case SOCK_DIAG_BY_FAMILY:
		return decode_socket(d, data, len);
	default:
		return fail(d->result, "a message is of an unknown type");
	}
}

enum sock_diag_step
sock_diag_decode(const struct sock_diag_datagram *datagram, uint32_t seq,
    conn_visitor *visit, void *ctx, struct sock_diag_result *result)
{
	struct decoder d = {seq, datagram->attributes, visit, ctx, result};
	const char *p = datagram->data;
	size_t left = datagram->len;
	enum sock_diag_step step = SOCK_DIAG_MORE;

	if (datagram->sender != 0)
		return SOCK_DIAG_MORE;
	if (datagram->truncated)
		return fail(result, "a datagram is cut short");
	while (step == SOCK_DIAG_MORE && left > 0) {
		struct nlmsghdr header;
		size_t whole;

		if (left < sizeof(header))
			return fail(result, "a header is cut short");
		memcpy(&header, p, sizeof(header));
		if (header.nlmsg_len < sizeof(header) ||
		    header.nlmsg_len > left)
			return fail(result, "a message has a wrong length");
		step = decode_message(&d, &header, p + sizeof(header),
		    header.nlmsg_len - sizeof(header));
		whole = NLMSG_ALIGN(header.nlmsg_len);
		if (whole > left)
			whole = left;
		p += whole;
		left -= whole;
	}
	return step;
}

/* The attributes that are wanted with each socket, as a mask. */
static uint8_t
extensions(const struct sock_diag_request *wanted)
{
	return (uint8_t)(wanted->needs_drops << (INET_DIAG_SKMEMINFO - 1) |
	    wanted->needs_idle << (INET_DIAG_INFO - 1));
}

/* Requests a dump.  Returns 0 or an errno value. */
static int
send_request(int fd, const struct sock_diag_request *wanted, uint32_t seq)
{
	struct inet_diag_sockid id = {
	    .idiag_sport = htons(wanted->lport),
	    .idiag_dport = htons(wanted->rport),
	};
	struct {
		struct nlmsghdr header;
		union {
			struct inet_diag_req both;
			struct inet_diag_req_v2 one;
		} body;
	} request = {
	    .header =
		{
		    .nlmsg_len = sizeof(request.header),
		    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		    .nlmsg_seq = seq,
		},
	};

	/*
	 * The old request ignores the family: one walk dumps both
	 * (net/ipv4/inet_diag.c, inet_diag_dump_compat).
	 */
	if (wanted->family == NFAMILIES) {
		request.header.nlmsg_type = TCPDIAG_GETSOCK;
		request.header.nlmsg_len += sizeof(request.body.both);
		request.body.both.id = id;
		request.body.both.idiag_ext = extensions(wanted);
		request.body.both.idiag_states = wanted->states;
	} else {
		request.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
		request.header.nlmsg_len += sizeof(request.body.one);
		request.body.one.sdiag_family =
		    wanted->family == FAMILY_TCP ? AF_INET : AF_INET6;
		request.body.one.sdiag_protocol = IPPROTO_TCP;
		request.body.one.id = id;
		request.body.one.idiag_ext = extensions(wanted);
		request.body.one.idiag_states = wanted->states;
	}
	while (send(fd, &request, request.header.nlmsg_len, 0) < 0)
		if (errno != EINTR)
			return errno;
	return 0;
}

static enum sock_diag_step
receive(int fd, uint32_t seq, bool attributes, conn_visitor *visit, void *ctx,
    struct sock_diag_result *result)
{
	static alignas(struct nlmsghdr) char buf[BUFFER];
	struct sockaddr_nl sender = {0};
	struct iovec iov = {buf, sizeof(buf)};
	struct msghdr msg = {
	    .msg_name = &sender,
	    .msg_namelen = sizeof(sender),
	    .msg_iov = &iov,
	    .msg_iovlen = 1,
	};
	struct sock_diag_datagram datagram = {
	    .data = buf, .attributes = attributes};
	ssize_t n = recvmsg(fd, &msg, 0);

	if (interrupted)
		return fail(result, strerror(EINTR));
	if (n < 0 && errno == EINTR)
		return SOCK_DIAG_MORE;
	if (n < 0)
		return fail(
		    result, errno == EAGAIN ? "no answer" : strerror(errno));
	if (n == 0)
		return fail(result, "an empty answer");
	datagram.len = (size_t)n;
	datagram.sender = sender.nl_pid;
	datagram.truncated = msg.msg_flags & MSG_TRUNC;
	return sock_diag_decode(&datagram, seq, visit, ctx, result);
}

bool
sock_diag_read(const struct sock_diag_request *request, conn_visitor *visit,
    void *ctx, struct sock_diag_result *result)
{
	static uint32_t seq = 1;
	struct timeval timeout = {.tv_sec = TIMEOUT};
	enum sock_diag_step step = SOCK_DIAG_MORE;
	int fd =
	    socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	int error;

	*result = (struct sock_diag_result){0};
	if (fd < 0) {
		fail(result, strerror(errno));
		return false;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	error = send_request(fd, request, seq);
	if (error)
		step = fail(result, strerror(error));
	while (step == SOCK_DIAG_MORE)
		step = receive(
		    fd, seq, extensions(request) != 0, visit, ctx, result);
	close(fd);
	seq++;
	return step == SOCK_DIAG_DONE;
}
