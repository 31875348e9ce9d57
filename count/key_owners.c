/*
 * Keys about the owners of a socket: its user, its process, the command and
 * the unit of that.
 */
#include "count/key_kind.h"

#include "lib/dict.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

/* Sizes of packed keys, in bytes. */
enum {
	USER_SIZE = 1 + sizeof(uint32_t),
	PROCESS_SIZE = sizeof(uint32_t) + OWNER_NAME,
	COMMAND_SIZE = OWNER_NAME,
	UNIT_SIZE = UNIT_NAME,
};

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
int
key_name_user(const unsigned char *bytes)
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

/*
 * A key of the owner is packed as the inode, and settled as a property of the
 * owner, or as zeros.
 */
static bool
pack_inode(const struct conn *conn, unsigned char *bytes, size_t size)
{
	memset(bytes, 0, size);
	memcpy(bytes, &conn->inode, sizeof(conn->inode));
	return conn->inode == 0;
}

/*
 * Replaces an inode by zeros.  Sets *owner to its owner, or NULL.  Returns
 * false if the owner is unknown; a socket without an inode has none.
 */
static bool
take_inode(const struct key_context *context, unsigned char *bytes,
    const struct owner **owner)
{
	uint64_t inode;

	memcpy(&inode, bytes, sizeof(inode));
	memset(bytes, 0, sizeof(inode));
	*owner = inode != 0 ? owners_find(context->owners, inode) : NULL;
	return inode == 0 || *owner;
}

/* A process is settled as its pid and name. */
static bool
pack_process(const struct key_context *context, const struct conn *conn,
    unsigned char *bytes)
{
	(void)context;
	return pack_inode(conn, bytes, PROCESS_SIZE);
}

static bool
settle_process(const struct key_context *context, unsigned char *bytes)
{
	const struct owner *owner;
	bool known = take_inode(context, bytes, &owner);
	uint32_t pid = owner ? htonl(owner->pid) : 0;

	memcpy(bytes, &pid, sizeof(pid));
	if (owner)
		memcpy(bytes + sizeof(pid), owner->name, strlen(owner->name));
	return known;
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

/* A command and a unit are settled as text. */
static bool
pack_command(const struct key_context *context, const struct conn *conn,
    unsigned char *bytes)
{
	(void)context;
	return pack_inode(conn, bytes, COMMAND_SIZE);
}

static bool
settle_command(const struct key_context *context, unsigned char *bytes)
{
	const struct owner *owner;
	bool known = take_inode(context, bytes, &owner);

	if (owner)
		memcpy(bytes, owner->name, strlen(owner->name));
	return known;
}

static bool
pack_unit(const struct key_context *context, const struct conn *conn,
    unsigned char *bytes)
{
	(void)context;
	return pack_inode(conn, bytes, UNIT_SIZE);
}

static bool
settle_unit(const struct key_context *context, unsigned char *bytes)
{
	const struct owner *owner;
	bool known = take_inode(context, bytes, &owner);

	if (owner)
		memcpy(bytes, owners_unit(context->owners, owner), UNIT_SIZE);
	return known;
}

static bool
name_text(unsigned part, const unsigned char *bytes, char *text)
{
	(void)part;
	strcpy(text, bytes[0] != '\0' ? (const char *)bytes : "-");
	return bytes[0] != '\0';
}

const struct key key_user = {"user", {{"user", false, 0, 0}}, USER_SIZE,
    NEEDS_DETAILS | NEEDS_USERS, pack_user, NULL, user_text};

const struct key key_process = {"process",
    {{"process", false, 0, PROCESS_SIZE}}, PROCESS_SIZE,
    NEEDS_DETAILS | NEEDS_PROCESSES, pack_process, settle_process,
    process_text};

const struct key key_command = {"command",
    {{"command", false, 0, COMMAND_SIZE}}, COMMAND_SIZE,
    NEEDS_DETAILS | NEEDS_PROCESSES, pack_command, settle_command, name_text};

const struct key key_unit = {"unit", {{"unit", false, 0, UNIT_SIZE}},
    UNIT_SIZE, NEEDS_DETAILS | NEEDS_PROCESSES | NEEDS_UNITS, pack_unit,
    settle_unit, name_text};
