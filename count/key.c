/*
 * The functions of each key, to pack it, to settle it and to print it, and the
 * table of all keys.
 */
#include "count/key.h"

#include "lib/dict.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

struct key {
	const char *name;
	const char
	    *part[2];	/* titles of its columns; the second may be NULL */
	bool number[2]; /* whether a column is a number */
	size_t size;	/* of the packed key, in bytes */
	bool needs_ports, needs_details; /* see struct key_set */

	/* As key_pack(), key_settle() and key_text(); settle may be NULL. */
	bool (*pack)(const struct key_context *context,
	    const struct conn *conn, unsigned char *bytes);
	void (*settle)(struct key_context *context, unsigned char *bytes);
	bool (*text)(unsigned part, const unsigned char *bytes, char *text);
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
pack_rport(const struct key_context *context, const struct conn *conn,
    unsigned char *bytes)
{
	(void)context;
	put_port(bytes, conn->rport);
	return true;
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

static void
settle_service(struct key_context *context, unsigned char *bytes)
{
	uint16_t lport = get_port(bytes), rport = get_port(bytes + 3);

	if (bytes[2] != UNSETTLED)
		return;
	if (is_service(context, lport, rport))
		put_service(bytes, lport, IN);
	else
		put_service(bytes, rport, OUT);
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
 * most addresses differ in their first 8 bytes, by which tally.c sorts.
 */
enum { ADDR_SIZE = 1 + sizeof(struct in6_addr) };

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
	pack_addr(&conn->raddr, bytes);
	return true;
}

static bool
addr_text(unsigned part, const unsigned char *bytes, char *text)
{
	(void)part;
	if (bytes[0] == 4)
		conn_ipv4_text(bytes + 1, text);
	else
		inet_ntop(AF_INET6, bytes + 1, text, KEY_TEXT);
	return true;
}

/* The remote address and port as one column.  A listener has none. */
static bool
pack_dst(const struct key_context *context, const struct conn *conn,
    unsigned char *bytes)
{
	if (conn->rport == 0)
		memset(bytes, 0, ADDR_SIZE);
	else
		pack_raddr(context, conn, bytes);
	put_port(bytes + ADDR_SIZE, conn->rport);
	return true;
}

static bool
dst_text(unsigned part, const unsigned char *bytes, char *text)
{
	bool ipv6 = bytes[0] != 4;
	char *end = text;

	if (get_port(bytes + ADDR_SIZE) == 0) {
		strcpy(text, "-");
		return false;
	}
	if (ipv6)
		*end++ = '[';
	addr_text(part, bytes, end);
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

	addr_text(part, bytes, text);
	len = strlen(text);
	snprintf(text + len, KEY_TEXT - len, "/%d", bytes[0] == 4 ? 24 : 48);
	return true;
}

static bool
pack_family(const struct key_context *context, const struct conn *conn,
    unsigned char *bytes)
{
	(void)context;
	*bytes = conn->family;
	return true;
}

static bool
family_text(unsigned part, const unsigned char *bytes, char *text)
{
	(void)part;
	strcpy(text, family_names[*bytes]);
	return true;
}

static bool
pack_timer(const struct key_context *context, const struct conn *conn,
    unsigned char *bytes)
{
	(void)context;
	*bytes = conn->timer;
	return true;
}

static bool
timer_text(unsigned part, const unsigned char *bytes, char *text)
{
	(void)part;
	if (*bytes < NTIMERS)
		strcpy(text, timer_names[*bytes]);
	else
		snprintf(text, KEY_TEXT, "%u", *bytes);
	return true;
}

/*
 * A user is packed as a flag and the uid.  A socket without an inode has no
 * process; it has a user only if its uid is not 0.  In SYN_RECV the uid is
 * ignored: /proc reports the listener's, sock_diag reports 0.
 */
static bool
pack_user(const struct key_context *context, const struct conn *conn,
    unsigned char *bytes)
{
	bool owned = conn->inode != 0 ||
	    (conn->uid != 0 && conn->state != TCP_SYN_RECV);
	uint32_t uid = owned ? htonl(conn->uid) : 0;

	(void)context;
	bytes[0] = owned;
	memcpy(bytes + 1, &uid, sizeof(uid));
	return true;
}

/* Names of users, by uid in network byte order; never freed. */
static struct dict user_names;

/*
 * Looks up the name of a user.  Writes the uid instead if there is no name, if
 * getpwnam() does not find the uid by that name, or if the name is a number.
 * Returns 0, or an errno value if the lookup failed; other values of errno
 * mean that there is no such user (getpwnam(3)).
 */
static int
make_user_name(uint32_t uid, char name[KEY_TEXT])
{
	const struct passwd *passwd;

	errno = 0;
	passwd = getpwuid(uid);
	snprintf(name, KEY_TEXT, "%s", passwd ? passwd->pw_name : "");
	if (passwd)
		passwd = getpwnam(name);
	if (passwd && passwd->pw_uid == uid &&
	    name[strspn(name, "0123456789")] != '\0')
		return 0;
	snprintf(name, KEY_TEXT, "%u", uid);
	return passwd ||
		(errno != ENOMEM && errno != EMFILE && errno != ENFILE &&
		    errno != EIO && errno != EINTR && errno != ERANGE)
	    ? 0
	    : errno;
}

/* Looks up and keeps the name of a user.  Returns 0 or an errno value. */
static int
name_user(const unsigned char *bytes)
{
	char name[KEY_TEXT], *kept;
	uint32_t uid;
	int error;

	if (user_names.record_size == 0)
		dict_init(&user_names, sizeof(uid), sizeof(name));
	if (!bytes[0] || dict_find(&user_names, bytes + 1))
		return 0;
	memcpy(&uid, bytes + 1, sizeof(uid));
	error = make_user_name(ntohl(uid), name);
	if (error)
		return error;
	kept = dict_reach(&user_names, bytes + 1);
	if (!kept)
		return ENOMEM;
	strcpy(kept, name);
	return 0;
}

static bool
user_text(unsigned part, const unsigned char *bytes, char *text)
{
	const char *name = dict_find(&user_names, bytes + 1);
	uint32_t uid;

	(void)part;
	memcpy(&uid, bytes + 1, sizeof(uid));
	if (!bytes[0])
		strcpy(text, "-");
	else if (name)
		strcpy(text, name);
	else
		snprintf(text, KEY_TEXT, "%u", ntohl(uid));
	return bytes[0] != 0;
}

/* The inode; after it is settled, pid and command, or zeros. */
enum { PROCESS_SIZE = sizeof(uint32_t) + OWNER_NAME };

static bool
pack_process(const struct key_context *context, const struct conn *conn,
    unsigned char *bytes)
{
	(void)context;
	memset(bytes, 0, PROCESS_SIZE);
	memcpy(bytes, &conn->inode, sizeof(conn->inode));
	return conn->inode == 0;
}

static void
settle_process(struct key_context *context, unsigned char *bytes)
{
	const struct owner *owner;
	uint64_t inode;
	uint32_t pid;

	memcpy(&inode, bytes, sizeof(inode));
	memset(bytes, 0, PROCESS_SIZE);
	if (inode == 0)
		return;
	owner = owners_find(context->owners, inode);
	if (!owner) {
		context->unowned++;
		return;
	}
	pid = htonl(owner->pid);
	memcpy(bytes, &pid, sizeof(pid));
	memcpy(bytes + sizeof(pid), owner->name, strlen(owner->name));
}

static bool
process_text(unsigned part, const unsigned char *bytes, char *text)
{
	uint32_t pid;

	(void)part;
	memcpy(&pid, bytes, sizeof(pid));
	if (pid == 0)
		strcpy(text, "-");
	else
		snprintf(text, KEY_TEXT, "%u/%.*s", ntohl(pid), OWNER_NAME,
		    (const char *)bytes + sizeof(pid));
	return pid != 0;
}

/* The name, by which rows sort, and the id, since names may be the same. */
enum { NETNS_SIZE = NETNS_NAME + sizeof(uint64_t) };

static bool
pack_netns(const struct key_context *context, const struct conn *conn,
    unsigned char *bytes)
{
	(void)conn;
	memcpy(bytes, context->netns_name, NETNS_NAME);
	memcpy(bytes + NETNS_NAME, &context->netns, sizeof(context->netns));
	return true;
}

static bool
netns_text(unsigned part, const unsigned char *bytes, char *text)
{
	(void)part;
	if (bytes[0] == '\0')
		strcpy(text, "-");
	else
		memcpy(text, bytes, NETNS_NAME);
	return bytes[0] != '\0';
}

/* The local end of a listener; then, unless merged, its family and inode. */
enum { LISTENER_SIZE = ADDR_SIZE + 2 + 1 + sizeof(uint64_t) };

static bool
pack_listener(const struct key_context *context, const struct conn *conn,
    unsigned char *bytes)
{
	pack_addr(&conn->laddr, bytes);
	put_port(bytes + ADDR_SIZE, conn->lport);
	memset(bytes + ADDR_SIZE + 2, 0, LISTENER_SIZE - ADDR_SIZE - 2);
	if (context->merge_listeners)
		return true;
	bytes[ADDR_SIZE + 2] = conn->family;
	memcpy(bytes + ADDR_SIZE + 3, &conn->inode, sizeof(conn->inode));
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

/* Not in the table below: only --listeners adds this key. */
static const struct key listener = {"listener", {"address", "port"},
    {false, true}, LISTENER_SIZE, false, false, pack_listener, NULL,
    listener_text};

static const struct key keys[] = {
    {"port", {"dir", "port"}, {false, true}, 5, true, false, pack_service,
	settle_service, service_text},
    {"lport", {"lport"}, {true}, 2, false, false, pack_lport, NULL, port_text},
    {"rport", {"rport"}, {true}, 2, false, false, pack_rport, NULL, port_text},
    {"laddr", {"laddr"}, {false}, ADDR_SIZE, false, false, pack_laddr, NULL,
	addr_text},
    {"raddr", {"raddr"}, {false}, ADDR_SIZE, false, false, pack_raddr, NULL,
	addr_text},
    {"dst", {"dst"}, {false}, ADDR_SIZE + 2, false, false, pack_dst, NULL,
	dst_text},
    {"rnet", {"rnet"}, {false}, ADDR_SIZE, false, false, pack_rnet, NULL,
	net_text},
    {"family", {"family"}, {false}, 1, false, false, pack_family, NULL,
	family_text},
    {"timer", {"timer"}, {false}, 1, false, true, pack_timer, NULL,
	timer_text},
    {"user", {"user"}, {false}, 5, false, true, pack_user, NULL, user_text},
    {"process", {"process"}, {false}, PROCESS_SIZE, false, true, pack_process,
	settle_process, process_text},
    {"netns", {"netns"}, {false}, NETNS_SIZE, false, false, pack_netns, NULL,
	netns_text},
};

enum { NKEYS = sizeof(keys) / sizeof(keys[0]) };

/* All of them together, with the second column of port, or of a listener. */
_Static_assert(NKEYS + 2 <= KEY_COLUMNS_MAX, "a set has room for all keys");

static const struct key *
find_key(const char *word, size_t len)
{
	for (size_t i = 0; i < NKEYS; i++)
		if (strlen(keys[i].name) == len &&
		    memcmp(keys[i].name, word, len) == 0)
			return &keys[i];
	return NULL;
}

static bool
has_key(const struct key_set *set, const struct key *key)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->key[i] == key)
			return true;
	return false;
}

static void
add_key(struct key_set *set, const struct key *key)
{
	for (unsigned part = 0; part < 2; part++)
		if (key->part[part])
			set->column[set->ncolumns++] = (struct key_column){
			    .title = key->part[part],
			    .number = key->number[part],
			    .last = set->listeners &&
				key->settle == settle_process,
			    .key = set->n,
			    .part = part,
			    .at = set->size,
			};
	set->key[set->n++] = key;
	set->size += key->size;
	set->needs_ports |= key->needs_ports;
	set->needs_details |= key->needs_details;
	set->needs_processes |= key->settle == settle_process;
	set->needs_netns |= key->pack == pack_netns;
	set->needs_users |= key->pack == pack_user;
	set->needs_addresses |= key->text == addr_text ||
	    key->text == net_text || key->text == dst_text || key == &listener;
	set->listeners |= key == &listener;
}

const char *
key_parse(struct key_set *set, const char *list, size_t *len)
{
	for (;; list += *len + 1) {
		const struct key *key;

		*len = strcspn(list, ",");
		key = find_key(list, *len);
		if (!key || has_key(set, key))
			return list;
		add_key(set, key);
		if (list[*len] == '\0')
			return NULL;
	}
}

static void
put_first(struct key_set *set, const struct key *key)
{
	const struct key_set others = *set;

	*set = (struct key_set){0};
	add_key(set, key);
	for (size_t i = 0; i < others.n; i++)
		add_key(set, others.key[i]);
}

void
key_put_netns(struct key_set *set)
{
	put_first(set, find_key("netns", strlen("netns")));
}

bool
key_goes_with_listeners(const struct key_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->key[i]->pack != pack_process &&
		    set->key[i]->pack != pack_netns)
			return false;
	return true;
}

void
key_put_listener(struct key_set *set)
{
	put_first(set, &listener);
}

bool
key_pack(const struct key_set *set, const struct key_context *context,
    const struct conn *conn, unsigned char *bytes)
{
	bool settled = true;

	for (size_t i = 0; i < set->n; bytes += set->key[i++]->size)
		settled &= set->key[i]->pack(context, conn, bytes);
	return settled;
}

void
key_settle(const struct key_set *set, struct key_context *context,
    unsigned char *bytes)
{
	for (size_t i = 0; i < set->n; bytes += set->key[i++]->size)
		if (set->key[i]->settle)
			set->key[i]->settle(context, bytes);
}

int
key_name_users(const struct key_set *set, const unsigned char *bytes)
{
	int error = 0;

	for (size_t i = 0; i < set->n; bytes += set->key[i++]->size)
		if (set->key[i]->pack == pack_user)
			error = name_user(bytes);
	return error;
}

bool
key_text(const struct key_set *set, const struct key_column *column,
    const unsigned char *bytes, char text[KEY_TEXT])
{
	return set->key[column->key]->text(
	    column->part, bytes + column->at, text);
}
