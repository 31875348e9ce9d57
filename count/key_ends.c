/*
 * Keys about the ends of a connection: ports, addresses and networks.
 */
#include "count/key_kind.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* Sizes of packed keys, in bytes. */
enum {
	PORT_SIZE = sizeof(uint16_t),
	SERVICE_SIZE = PORT_SIZE + 1 + PORT_SIZE,
	ADDR_SIZE = 1 + sizeof(struct in6_addr),
	END_SIZE = ADDR_SIZE + PORT_SIZE,
	RPORT_SIZE = 1 + PORT_SIZE,
	LISTENER_SIZE = END_SIZE + 1 + sizeof(uint64_t),
};

static void
put_port(unsigned char *bytes, uint16_t port)
{
	bytes[0] = (unsigned char)(port >> 8);
	bytes[1] = (unsigned char)port;
}

static uint16_t
get_port(const unsigned char *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

/* Without snprintf(), which dominates the time of a report of many rows. */
static bool
port_text(unsigned part, const unsigned char *bytes, char *text)
{
	unsigned port = get_port(bytes), unit = 10000;

	(void)part;
	while (unit > 1 && unit > port)
		unit /= 10;
	for (; unit > 0; unit /= 10)
		*text++ = (char)('0' + port / unit % 10);
	*text = '\0';
	return true;
}

static bool
pack_lport(const struct key_context *context, const struct conn *conn,
    unsigned char *bytes)
{
	(void)context;
	put_port(bytes, conn->lport);
	return true;
}

static bool
has_peer(const struct conn *conn)
{
	return conn->state != TCP_LISTEN;
}

/* A remote port is packed as a flag and the port; zeros without a peer. */
static bool
pack_rport(const struct key_context *context, const struct conn *conn,
    unsigned char *bytes)
{
	(void)context;
	bytes[0] = has_peer(conn);
	put_port(bytes + 1, bytes[0] ? conn->rport : 0);
	return true;
}

static bool
rport_text(unsigned part, const unsigned char *bytes, char *text)
{
	if (bytes[0])
		return port_text(part, bytes + 1, text);
	strcpy(text, "-");
	return false;
}

/*
 * A service port is packed as port and direction.  Until all listeners are
 * known, a port on which none was seen is UNSETTLED, and the remote port
 * follows.
 */
enum direction { IN, OUT, UNSETTLED };

/*
 * Whether the local port is a service's: a socket listens on it, or only the
 * remote port is ephemeral.
 */
static bool
is_service(const struct key_context *context, uint16_t lport, uint16_t rport)
{
	if (port_is_set(context->listening, lport))
		return true;
	return !port_in_range(&context->range, lport) &&
	    port_in_range(&context->range, rport);
}

static void
put_service(unsigned char *bytes, uint16_t port, enum direction direction)
{
	put_port(bytes, port);
	bytes[2] = (unsigned char)direction;
	put_port(bytes + 3, 0);
}

static bool
pack_service(const struct key_context *context, const struct conn *conn,
    unsigned char *bytes)
{
	if (is_service(context, conn->lport, conn->rport)) {
		put_service(bytes, conn->lport, IN);
		return true;
	}
	put_service(bytes, conn->lport, UNSETTLED);
	put_port(bytes + 3, conn->rport);
	return false;
}

static bool
settle_service(const struct key_context *context, unsigned char *bytes)
{
	uint16_t lport = get_port(bytes), rport = get_port(bytes + 3);

	if (bytes[2] != UNSETTLED)
		return true;
	if (is_service(context, lport, rport))
		put_service(bytes, lport, IN);
	else
		put_service(bytes, rport, OUT);
	return true;
}

static bool
service_text(unsigned part, const unsigned char *bytes, char *text)
{
	if (part == 0)
		strcpy(text, bytes[2] == IN ? "in" : "out");
	else
		port_text(part, bytes, text);
	return true;
}

/*
 * An address is packed as its version and its bytes, of IPv4 four, so that
 * most addresses differ in their first 8 bytes, by which sort.c sorts.  If
 * there is none, as the remote address of a listener, it is zeros.
 */
static void
pack_addr(const struct in6_addr *addr, unsigned char *bytes)
{
	memset(bytes, 0, ADDR_SIZE);
	bytes[0] = IN6_IS_ADDR_V4MAPPED(addr) ? 4 : 6;
	if (bytes[0] == 4)
		memcpy(bytes + 1, addr->s6_addr + 12, 4);
	else
		memcpy(bytes + 1, addr, sizeof(*addr));
}

static bool
pack_laddr(const struct key_context *context, const struct conn *conn,
    unsigned char *bytes)
{
	(void)context;
	pack_addr(&conn->laddr, bytes);
	return true;
}

static bool
pack_raddr(const struct key_context *context, const struct conn *conn,
    unsigned char *bytes)
{
	(void)context;
	if (has_peer(conn))
		pack_addr(&conn->raddr, bytes);
	else
		memset(bytes, 0, ADDR_SIZE);
	return true;
}

static bool
addr_text(unsigned part, const unsigned char *bytes, char *text)
{
	(void)part;
	if (bytes[0] == 0)
		strcpy(text, "-");
	else if (bytes[0] == 4)
		conn_ipv4_text(bytes + 1, text);
	else
		inet_ntop(AF_INET6, bytes + 1, text, KEY_TEXT);
	return bytes[0] != 0;
}

/* The local address and port as one column. */
static bool
pack_src(const struct key_context *context, const struct conn *conn,
    unsigned char *bytes)
{
	pack_laddr(context, conn, bytes);
	put_port(bytes + ADDR_SIZE, conn->lport);
	return true;
}

/* The remote address and port as one column. */
static bool
pack_dst(const struct key_context *context, const struct conn *conn,
    unsigned char *bytes)
{
	pack_raddr(context, conn, bytes);
	put_port(bytes + ADDR_SIZE, has_peer(conn) ? conn->rport : 0);
	return true;
}

static bool
end_text(unsigned part, const unsigned char *bytes, char *text)
{
	bool ipv6 = bytes[0] == 6;
	char *end = text;

	if (ipv6)
		*end++ = '[';
	if (!addr_text(part, bytes, end))
		return false;
	end = strchr(end, '\0');
	end = stpcpy(end, ipv6 ? "]:" : ":");
	return port_text(part, bytes + ADDR_SIZE, end);
}

/* Packs the remote address's /24 of IPv4 or /48 of IPv6. */
static bool
pack_rnet(const struct key_context *context, const struct conn *conn,
    unsigned char *bytes)
{
	size_t kept;

	pack_raddr(context, conn, bytes);
	kept = bytes[0] == 4 ? 1 + 24 / 8 : 1 + 48 / 8;
	memset(bytes + kept, 0, ADDR_SIZE - kept);
	return true;
}

static bool
net_text(unsigned part, const unsigned char *bytes, char *text)
{
	size_t len;

	if (!addr_text(part, bytes, text))
		return false;
	len = strlen(text);
	snprintf(text + len, KEY_TEXT - len, "/%d", bytes[0] == 4 ? 24 : 48);
	return true;
}

/* The local end of a listener; then, unless merged, its family and inode. */
static bool
pack_listener(const struct key_context *context, const struct conn *conn,
    unsigned char *bytes)
{
	pack_addr(&conn->laddr, bytes);
	put_port(bytes + ADDR_SIZE, conn->lport);
	memset(bytes + END_SIZE, 0, LISTENER_SIZE - END_SIZE);
	if (context->merge_listeners)
		return true;
	bytes[END_SIZE] = conn->family;
	memcpy(bytes + END_SIZE + 1, &conn->inode, sizeof(conn->inode));
	return true;
}

static bool
listener_text(unsigned part, const unsigned char *bytes, char *text)
{
	if (part == 0)
		addr_text(part, bytes, text);
	else
		port_text(part, bytes + ADDR_SIZE, text);
	return true;
}

const struct key key_port = {"port",
    {{"dir", false, PORT_SIZE, 1}, {"port", true, 0, PORT_SIZE}}, SERVICE_SIZE,
    NEEDS_PORTS, pack_service, settle_service, service_text};

const struct key key_lport = {"lport", {{"lport", true, 0, PORT_SIZE}},
    PORT_SIZE, 0, pack_lport, NULL, port_text};

const struct key key_rport = {"rport", {{"rport", true, 0, RPORT_SIZE}},
    RPORT_SIZE, 0, pack_rport, NULL, rport_text};

const struct key key_laddr = {"laddr", {{"laddr", false, 0, ADDR_SIZE}},
    ADDR_SIZE, NEEDS_ADDRESSES, pack_laddr, NULL, addr_text};

const struct key key_raddr = {"raddr", {{"raddr", false, 0, ADDR_SIZE}},
    ADDR_SIZE, NEEDS_ADDRESSES, pack_raddr, NULL, addr_text};

const struct key key_src = {"src", {{"src", false, 0, END_SIZE}}, END_SIZE,
    NEEDS_ADDRESSES, pack_src, NULL, end_text};

const struct key key_dst = {"dst", {{"dst", false, 0, END_SIZE}}, END_SIZE,
    NEEDS_ADDRESSES, pack_dst, NULL, end_text};

const struct key key_rnet = {"rnet", {{"rnet", false, 0, ADDR_SIZE}},
    ADDR_SIZE, NEEDS_ADDRESSES, pack_rnet, NULL, net_text};

const struct key key_listener = {"listener",
    {{"address", false, 0, ADDR_SIZE}, {"port", true, ADDR_SIZE, PORT_SIZE}},
    LISTENER_SIZE, NEEDS_ADDRESSES, pack_listener, NULL, listener_text};
