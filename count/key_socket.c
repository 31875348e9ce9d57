/*
 * Keys about the socket itself: its family, its timer and its namespace.
 */
#include "count/key_kind.h"

#include <stdio.h>
#include <string.h>

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

const struct key key_family = {
    "family", {{"family", false, 0, 1}}, 1, 0, pack_family, NULL, family_text};

const struct key key_timer = {"timer", {{"timer", false, 0, 0}}, 1,
    NEEDS_DETAILS, pack_timer, NULL, timer_text};

const struct key key_netns = {"netns", {{"netns", false, 0, NETNS_SIZE}},
    NETNS_SIZE, NEEDS_NETNS, pack_netns, NULL, netns_text};
