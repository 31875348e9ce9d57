/*
 * Tests the decoder of sock_diag's answers, and the loop that receives them.
 * socket(), send() and recvmsg() are replaced to play any answer.
 */
#include <sys/socket.h>
#include <sys/types.h>

static int played_socket(int domain, int type, int protocol);
static ssize_t played_send(int fd, const void *data, size_t len, int flags);
static ssize_t played_recvmsg(int fd, struct msghdr *msg, int flags);

#define socket played_socket
#define send played_send
#define recvmsg played_recvmsg
#include "lib/interrupt.c"
#include "read/sock_diag.c"
#undef socket
#undef send
#undef recvmsg

#include "address.h"
#include "tap.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdlib.h>

enum { MAX = 16, SEQ = 7 };

/* A datagram to play. */
struct played {
	char data[4096];
	size_t len;
	uint32_t sender;
	int flags;
	int error; /* if not 0, recvmsg() fails with it */
};

static struct {
	struct played datagram[MAX];
	size_t n, next;
	int socket_error, send_error;
	char request[256];
	size_t request_len;
	size_t room; /* bytes of the receiver's buffer */
} played;

static int
played_socket(int domain, int type, int protocol)
{
	if (played.socket_error) {
		errno = played.socket_error;
		return -1;
	}
	return domain == AF_NETLINK && type & SOCK_RAW &&
		protocol == NETLINK_SOCK_DIAG
	    ? open("/dev/null", O_RDONLY)
	    : -1;
}

static ssize_t
played_send(int fd, const void *data, size_t len, int flags)
{
	(void)fd, (void)flags;
	if (played.send_error) {
		errno = played.send_error;
		if (errno == EINTR)
			played.send_error = 0;
		return -1;
	}
	played.request_len = len;
	memcpy(played.request, data, len);
	return (ssize_t)len;
}

/* Replaces SEQ in an answer by the number of the request that was sent. */
static void
renumber(struct played *datagram)
{
	uint32_t seq = ((struct nlmsghdr *)played.request)->nlmsg_seq;

	for (size_t at = 0; at + NLMSG_HDRLEN <= datagram->len;) {
		struct nlmsghdr header;

		memcpy(&header, datagram->data + at, sizeof(header));
		if (header.nlmsg_seq == SEQ)
			header.nlmsg_seq = seq;
		memcpy(datagram->data + at, &header, sizeof(header));
		if (header.nlmsg_len < sizeof(header))
			break;
		at += NLMSG_ALIGN(header.nlmsg_len);
	}
}

static ssize_t
played_recvmsg(int fd, struct msghdr *msg, int flags)
{
	struct played *datagram = &played.datagram[played.next++];
	struct sockaddr_nl *sender = msg->msg_name;

	(void)fd, (void)flags;
	if (played.next > played.n || datagram->error) {
		errno = played.next > played.n ? EAGAIN : datagram->error;
		return -1;
	}
	played.room = msg->msg_iov[0].iov_len;
	renumber(datagram);
	memcpy(msg->msg_iov[0].iov_base, datagram->data, datagram->len);
	sender->nl_pid = datagram->sender;
	msg->msg_flags = datagram->flags;
	return (ssize_t)datagram->len;
}

static struct played *
new_datagram(void)
{
	return &played.datagram[played.n++];
}

static void
play_nothing(void)
{
	memset(&played, 0, sizeof(played));
}

/* Appends a message to a datagram.  Returns its header. */
static struct nlmsghdr *
put(struct played *d, uint16_t type, const void *body, size_t len)
{
	struct nlmsghdr *header = (struct nlmsghdr *)(d->data + d->len);

	*header = (struct nlmsghdr){
	    .nlmsg_len = (uint32_t)(sizeof(*header) + len),
	    .nlmsg_type = type,
	    .nlmsg_flags = NLM_F_MULTI,
	    .nlmsg_seq = SEQ,
	    .nlmsg_pid = 4711,
	};
	memcpy(d->data + d->len + sizeof(*header), body, len);
	d->len += NLMSG_ALIGN(sizeof(*header) + len);
	return header;
}

static struct inet_diag_msg
make_socket(uint8_t family, const char *src, const char *dst, uint8_t state)
{
	struct inet_diag_msg msg = {
	    .idiag_family = family,
	    .idiag_state = state,
	    .idiag_inode = 99,
	};

	inet_pton(family, src, msg.id.idiag_src);
	inet_pton(family, dst, msg.id.idiag_dst);
	msg.id.idiag_sport = htons(443);
	msg.id.idiag_dport = htons(40000);
	return msg;
}

static struct nlmsghdr *
put_socket(struct played *d, uint8_t state)
{
	struct inet_diag_msg msg =
	    make_socket(AF_INET, "127.0.0.1", "127.0.0.2", state);

	return put(d, TCPDIAG_GETSOCK, &msg, sizeof(msg));
}

static struct nlmsghdr *
put_done(struct played *d, int status)
{
	return put(d, NLMSG_DONE, &status, sizeof(status));
}

static struct {
	size_t n;
	struct conn conn[MAX];
} seen;

static void
see(const struct conn *conn, void *ctx)
{
	(void)ctx;
	if (seen.n < MAX)
		seen.conn[seen.n] = *conn;
	seen.n++;
}

static struct sock_diag_result result;

/* Reads the played dump.  Returns whether it is complete. */
static bool
reads(void)
{
	struct sock_diag_request all = {
	    .family = NFAMILIES, .states = SOCK_DIAG_ALL};

	memset(&seen, 0, sizeof(seen));
	return sock_diag_read(&all, see, NULL, &result);
}

/* Reads the played dump.  Returns whether it fails for that reason. */
static bool
fails(const char *reason)
{
	bool whole = reads();

	if (whole || strcmp(result.reason, reason) != 0)
		printf("# %s\n", whole ? "no failure" : result.reason);
	return !whole && strcmp(result.reason, reason) == 0;
}

static void
test_sockets(void)
{
	char longer[sizeof(struct inet_diag_msg) + 13] = {0};
	struct inet_diag_msg msg;
	struct played *d;

	play_nothing();
	d = new_datagram();
	put_socket(d, TCP_LISTEN);
	msg = make_socket(
	    AF_INET6, "2001:db8::1", "::ffff:10.0.0.1", TCP_TIME_WAIT);
	put(d, SOCK_DIAG_BY_FAMILY, &msg, sizeof(msg));
	d = new_datagram();
	put_socket(d, 12);
	put_done(d, 0);
	ok(reads() && seen.n == 3 && result.rows == 3 && !result.reason,
	    "a dump in two datagrams, with its end in the second");
	ok(seen.conn[0].family == FAMILY_TCP &&
		seen.conn[0].state == TCP_LISTEN && seen.conn[0].inode == 99 &&
		seen.conn[0].lport == 443 && seen.conn[0].rport == 40000 &&
		address_is(&seen.conn[0].laddr, "::ffff:127.0.0.1") &&
		address_is(&seen.conn[0].raddr, "::ffff:127.0.0.2"),
	    "an IPv4 socket");
	ok(seen.conn[1].family == FAMILY_TCP6 &&
		seen.conn[1].state == TCP_TIME_WAIT &&
		address_is(&seen.conn[1].laddr, "2001:db8::1") &&
		address_is(&seen.conn[1].raddr, "::ffff:10.0.0.1"),
	    "an IPv6 socket");
	ok(seen.conn[2].state == 12, "an unknown state");

	play_nothing();
	put_done(new_datagram(), 0);
	ok(reads() && seen.n == 0, "no sockets at all");

	play_nothing();
	d = new_datagram();
	put(d, NLMSG_NOOP, "", 0);
	put_socket(d, TCP_ESTABLISHED);
	/* Attributes of any length may follow a socket. */
	memcpy(longer, &msg, sizeof(msg));
	put(d, TCPDIAG_GETSOCK, longer, sizeof(longer));
	put_done(d, 0);
	ok(reads() && seen.n == 2, "NOOP, and attributes after a socket");
}

/* A socket with the attributes SKMEMINFO and INFO, both cut after a length. */
static bool
has_attributes(size_t skmeminfo, size_t info, uint32_t drops, uint32_t idle)
{
	struct __attribute__((packed)) {
		struct inet_diag_msg msg;
		struct nlattr memory;
		uint32_t words[9];
		struct nlattr tcp;
		struct tcp_info info;
	} body = {
	    .msg = {.idiag_family = AF_INET, .idiag_state = TCP_LISTEN},
	    .memory = {(uint16_t)(sizeof(struct nlattr) + skmeminfo),
		INET_DIAG_SKMEMINFO},
	    .tcp = {(uint16_t)(sizeof(struct nlattr) + info), INET_DIAG_INFO},
	};
	struct sock_diag_datagram datagram;
	struct sock_diag_result outcome = {0};
	struct played d = {.len = 0};
	struct nlmsghdr *header;

	body.words[8] = 7;
	body.info.tcpi_last_ack_recv = 60000;
	memset(&seen, 0, sizeof(seen));
	header = put(&d, TCPDIAG_GETSOCK, &body, sizeof(body));
	datagram = (struct sock_diag_datagram){
	    .data = header, .len = d.len, .attributes = true};
	return sock_diag_decode(&datagram, SEQ, see, NULL, &outcome) ==
	    SOCK_DIAG_MORE &&
	    seen.n == 1 && seen.conn[0].drops == drops &&
	    seen.conn[0].idle == idle;
}

static void
test_attributes(void)
{
	size_t words = 9 * sizeof(uint32_t);

	ok(has_attributes(words, sizeof(struct tcp_info), 7, 60000),
	    "drops and idle time");
	ok(has_attributes(words, 8, 7, CONN_UNKNOWN),
	    "an old kernel has less of INFO");
	ok(has_attributes(words, 60000, 7, CONN_UNKNOWN),
	    "an attribute that is longer than its message is not read");
}

static void
test_requests(void)
{
	const struct nlmsghdr *header = (struct nlmsghdr *)played.request;
	struct sock_diag_request some = {
	    .family = FAMILY_TCP6,
	    .states = 1 << TCP_LISTEN,
	    .lport = 443,
	    .rport = 8080,
	};
	struct inet_diag_req both;
	struct inet_diag_req_v2 one;
	uint32_t seq;

	play_nothing();
	put_done(new_datagram(), 0);
	reads();
	memcpy(&both, played.request + sizeof(*header), sizeof(both));
	ok(header->nlmsg_type == TCPDIAG_GETSOCK &&
		header->nlmsg_flags == (NLM_F_REQUEST | NLM_F_DUMP) &&
		header->nlmsg_len == played.request_len &&
		both.idiag_states == 0xffe && both.idiag_ext == 0 &&
		both.id.idiag_sport == 0 && both.id.idiag_dport == 0,
	    "both families in one request, states 1 to 11, no extensions");
	ok(played.room >= 32768, "room for what the kernel sends at most");
	seq = header->nlmsg_seq;

	play_nothing();
	put_done(new_datagram(), 0);
	sock_diag_read(&some, see, NULL, &result);
	memcpy(&one, played.request + sizeof(*header), sizeof(one));
	ok(header->nlmsg_type == SOCK_DIAG_BY_FAMILY &&
		one.sdiag_family == AF_INET6 &&
		one.sdiag_protocol == IPPROTO_TCP &&
		one.idiag_states == 0x400 &&
		one.id.idiag_sport == htons(443) &&
		one.id.idiag_dport == htons(8080),
	    "one family, one state, one port at each end");
	ok(header->nlmsg_seq != seq, "each request has a number of its own");
}

static void
test_failures(void)
{
	static const int errors[] = {
	    EPERM, EACCES, EAFNOSUPPORT, EPROTONOSUPPORT, ENOSYS, EMFILE};
	struct played *d;
	int status = -EOPNOTSUPP;

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		play_nothing();
		played.socket_error = errors[i];
		ok(fails(strerror(errors[i])), "socket(): %s",
		    strerror(errors[i]));
	}
	play_nothing();
	played.send_error = EINTR;
	put_done(new_datagram(), 0);
	ok(reads(), "send(): EINTR is none");
	play_nothing();
	played.send_error = ECONNREFUSED;
	ok(fails("Connection refused"), "send(): Connection refused");

	play_nothing();
	put_done(new_datagram(), -ENOENT);
	ok(fails("No such file or directory"), "DONE with -ENOENT");
	play_nothing();
	d = new_datagram();
	put_socket(d, TCP_ESTABLISHED);
	put_done(d, -EINVAL);
	ok(fails("Invalid argument"), "DONE with an error after sockets");
	play_nothing();
	put(new_datagram(), NLMSG_DONE, "", 0);
	ok(fails("the end is cut short"), "DONE without a status");
	play_nothing();
	put(new_datagram(), NLMSG_ERROR, &status, sizeof(status));
	ok(fails("Operation not supported"), "ERROR");
	play_nothing();
	status = 0;
	put(new_datagram(), NLMSG_ERROR, &status, sizeof(status));
	ok(fails("the answer is no dump"), "ERROR that acknowledges");

	play_nothing();
	d = new_datagram();
	put_socket(d, TCP_ESTABLISHED);
	new_datagram()->error = ENOBUFS;
	ok(fails("No buffer space available") && seen.n == 1,
	    "ENOBUFS after the first datagram");
	play_nothing();
	put_socket(new_datagram(), TCP_ESTABLISHED);
	ok(fails("no answer"), "a dump that does not end");
	play_nothing();
	new_datagram();
	ok(fails("an empty answer"), "an empty datagram");
	play_nothing();
	put_socket(new_datagram(), TCP_ESTABLISHED);
	new_datagram()->error = EINTR;
	put_done(new_datagram(), 0);
	ok(reads() && seen.n == 1, "EINTR is none");

	play_nothing();
	d = new_datagram();
	put_socket(d, TCP_ESTABLISHED);
	put_done(d, 0);
	d->flags = MSG_TRUNC;
	ok(fails("a datagram is cut short") && seen.n == 0, "MSG_TRUNC");
	play_nothing();
	d = new_datagram();
	put_socket(d, TCP_ESTABLISHED)->nlmsg_flags |= NLM_F_DUMP_INTR;
	put_done(d, 0);
	ok(fails("the table changed while it was read"), "DUMP_INTR");
	play_nothing();
	put_done(new_datagram(), 0)->nlmsg_flags |= NLM_F_DUMP_INTR;
	ok(fails("the table changed while it was read"), "even at the end");
	play_nothing();
	put(new_datagram(), NLMSG_OVERRUN, "", 0);
	ok(fails("a message is of an unknown type"), "OVERRUN");
}

static void
test_foreign(void)
{
	struct played *d;

	play_nothing();
	d = new_datagram();
	put_socket(d, TCP_ESTABLISHED);
	put_done(d, -EPERM);
	d->sender = 4711;
	put_done(new_datagram(), 0);
	ok(reads() && seen.n == 0, "what another process sent is passed over");

	play_nothing();
	d = new_datagram();
	put_socket(d, TCP_ESTABLISHED)->nlmsg_seq = SEQ + 1000;
	put_done(d, -EPERM)->nlmsg_seq = SEQ + 1000;
	put_socket(d, TCP_ESTABLISHED);
	put_done(d, 0);
	ok(reads() && seen.n == 1, "so is the answer to another request");
}

static void
test_cut_short(void)
{
	struct inet_diag_msg msg =
	    make_socket(AF_INET, "127.0.0.1", "127.0.0.2", TCP_LISTEN);
	struct sock_diag_datagram datagram;
	char longer[sizeof(msg) + 13] = {0};
	bool good = true;
	struct played d = {.len = 0};

	memcpy(longer, &msg, sizeof(msg));

	play_nothing();
	put(new_datagram(), TCPDIAG_GETSOCK, &msg, sizeof(msg) - 1);
	ok(fails("a socket is cut short") && seen.n == 0, "a short socket");
	play_nothing();
	msg.idiag_family = AF_UNIX;
	put(new_datagram(), TCPDIAG_GETSOCK, &msg, sizeof(msg));
	ok(fails("a socket is of an unknown family"), "a strange family");
	play_nothing();
	put_socket(new_datagram(), TCP_LISTEN)->nlmsg_len = 15;
	ok(fails("a message has a wrong length"), "a length below a header's");
	play_nothing();
	put_socket(new_datagram(), TCP_LISTEN)->nlmsg_len = 0;
	ok(fails("a message has a wrong length"), "a length of nothing");
	play_nothing();
	put_socket(new_datagram(), TCP_LISTEN)->nlmsg_len = 4000;
	ok(fails("a message has a wrong length"), "a length beyond the end");

	/* The last message of a datagram may lack its padding. */
	put(&d, TCPDIAG_GETSOCK, longer, sizeof(msg) + 13);
	d.len = sizeof(struct nlmsghdr) + sizeof(msg) + 13;
	{
		char *copy = malloc(d.len);

		memcpy(copy, d.data, d.len);
		datagram = (struct sock_diag_datagram){
		    .data = copy, .len = d.len, .attributes = true};
		memset(&seen, 0, sizeof(seen));
		ok(sock_diag_decode(&datagram, SEQ, see, NULL, &result) ==
			    SOCK_DIAG_MORE &&
			seen.n == 1,
		    "no padding");
		free(copy);
	}
	d.len = 0;

	/* No answer that is cut, after any byte, reads as the end. */
	put_socket(&d, TCP_ESTABLISHED);
	put_socket(&d, TCP_TIME_WAIT);
	put_done(&d, 0);
	for (size_t len = 1; len < d.len; len++) {
		char *copy = malloc(len);

		memcpy(copy, d.data, len);
		datagram = (struct sock_diag_datagram){
		    .data = copy, .len = len, .attributes = true};
		good &= sock_diag_decode(&datagram, SEQ, see, NULL, &result) !=
		    SOCK_DIAG_DONE;
		free(copy);
	}
	ok(good, "an answer that is cut anywhere is not whole");

	/* An answer with a wrong byte, at any place, must not crash. */
	for (size_t at = 0; at < d.len; at++)
		for (int value = 0; value < 256; value++) {
			char *copy = malloc(d.len);

			memcpy(copy, d.data, d.len);
			copy[at] = (char)value;
			datagram = (struct sock_diag_datagram){
			    .data = copy, .len = d.len, .attributes = true};
			sock_diag_decode(&datagram, SEQ, see, NULL, &result);
			free(copy);
		}
	ok(true, "any byte may be wrong");
}

int
main(void)
{
	test_sockets();
	test_attributes();
	test_requests();
	test_failures();
	test_foreign();
	test_cut_short();
	return tap_done();
}
