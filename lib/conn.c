/*
 * The one table of the states' names, and the one of their order; names of
 * families and timers; addresses as text.
 */
#include "lib/conn.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

const char *const timer_names[NTIMERS] = {
    "none", "on", "keepalive", "timewait", "persist"};

const char *const family_names[NFAMILIES] = {
    [FAMILY_TCP] = "tcp",
    [FAMILY_TCP6] = "tcp6",
};

const struct state_names state_names[NSTATES] = {
    [TCP_LISTEN] = {"LISTEN", "LISTEN", "LISTEN", "LISTEN"},
    [TCP_SYN_SENT] = {"SYN_SENT", "SYN-SENT", "SYN-SENT", "SYN-S"},
    [TCP_SYN_RECV] = {"SYN_RECV", "SYN-RECV", "SYN-RECEIVED", "SYN-R"},
    [TCP_ESTABLISHED] = {"ESTABLISHED", "ESTAB", "ESTABLISHED", "ESTAB"},
    [TCP_FIN_WAIT1] = {"FIN_WAIT1", "FIN-WAIT-1", "FIN-WAIT-1", "FIN-W1"},
    [TCP_FIN_WAIT2] = {"FIN_WAIT2", "FIN-WAIT-2", "FIN-WAIT-2", "FIN-W2"},
    [TCP_CLOSING] = {"CLOSING", "CLOSING", "CLOSING", "CLOSING"},
    [TCP_TIME_WAIT] = {"TIME_WAIT", "TIME-WAIT", "TIME-WAIT", "TIME-W"},
    [TCP_CLOSE_WAIT] = {"CLOSE_WAIT", "CLOSE-WAIT", "CLOSE-WAIT", "CLOSE-W"},
    [TCP_LAST_ACK] = {"LAST_ACK", "LAST-ACK", "LAST-ACK", "LAST-A"},
    [TCP_CLOSE] = {"CLOSE", "UNCONN", "CLOSED", "CLOSE"},
    [STATE_UNKNOWN] = {"UNKNOWN", "UNKNOWN", "UNKNOWN", "UNKNOWN"},
};

const uint8_t state_order[NSTATES] = {
    TCP_LISTEN,
    TCP_SYN_SENT,
    TCP_SYN_RECV,
    TCP_ESTABLISHED,
    TCP_FIN_WAIT1,
    TCP_FIN_WAIT2,
    TCP_CLOSING,
    TCP_TIME_WAIT,
    TCP_CLOSE_WAIT,
    TCP_LAST_ACK,
    TCP_CLOSE,
    STATE_UNKNOWN,
};

/* What else people and other programs call the states. */
static const struct {
	const char *name;
	uint8_t slot;
} aliases[] = {
    {"SYN_RCVD", TCP_SYN_RECV},
    {"SYN_SEND", TCP_SYN_SENT},
    {"CLOSED_WAIT", TCP_CLOSE_WAIT},
    {"TIMED_WAIT", TCP_TIME_WAIT},
    {"LISTENING", TCP_LISTEN},
    {"tw", TCP_TIME_WAIT},
};

bool
conn_same_name(const char *a, const char *b)
{
	for (;; a++, b++) {
		a += strspn(a, "-_");
		b += strspn(b, "-_");
		if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
			return false;
		if (*a == '\0')
			return true;
	}
}

const char *
state_spelling(size_t i, int *slot)
{
	const size_t nnames = NSTATES - 1;
	const struct state_names *names;

	if (i >= 4 * nnames) {
		i -= 4 * nnames;
		if (i >= sizeof(aliases) / sizeof(aliases[0]))
			return NULL;
		*slot = aliases[i].slot;
		return aliases[i].name;
	}
	*slot = state_order[i % nnames];
	names = &state_names[*slot];
	return (const char *const[]){
	    names->netstat, names->ss, names->rfc, names->brief}[i / nnames];
}

int
state_find(const char *name)
{
	const char *spelling;
	int slot;

	for (size_t i = 0; (spelling = state_spelling(i, &slot)); i++)
		if (conn_same_name(name, spelling))
			return slot;
	return -1;
}

bool
conn_is_ipv4(const void *addr)
{
	struct in6_addr in6;

	memcpy(&in6, addr, sizeof(in6));
	return IN6_IS_ADDR_V4MAPPED(&in6);
}

void
conn_ipv4_text(const unsigned char *bytes, char *text)
{
	for (unsigned i = 0; i < 4; i++) {
		if (i > 0)
			*text++ = '.';
		if (bytes[i] >= 100)
			*text++ = (char)('0' + bytes[i] / 100);
		if (bytes[i] >= 10)
			*text++ = (char)('0' + bytes[i] / 10 % 10);
		*text++ = (char)('0' + bytes[i] % 10);
	}
	*text = '\0';
}

bool
conn_parse_addr(const char *text, struct in6_addr *addr)
{
	struct in_addr in;

	if (inet_pton(AF_INET6, text, addr) == 1)
		return true;
	if (inet_pton(AF_INET, text, &in) != 1)
		return false;
	*addr = conn_map_ipv4(in.s_addr);
	return true;
}

void
conn_addr_text(const struct in6_addr *addr, char text[INET6_ADDRSTRLEN])
{
	if (conn_is_ipv4(addr))
		conn_ipv4_text(addr->s6_addr + 12, text);
	else
		inet_ntop(AF_INET6, addr, text, INET6_ADDRSTRLEN);
}

void
conn_end_text(
    const struct in6_addr *addr, uint16_t port, char text[CONN_END_TEXT])
{
	char host[INET6_ADDRSTRLEN];

	conn_addr_text(addr, host);
	snprintf(text, CONN_END_TEXT, strchr(host, ':') ? "[%s]:%u" : "%s:%u",
	    host, port);
}

bool
conn_widen(struct in6_addr *addr)
{
	struct in6_addr any = conn_map_ipv4(INADDR_ANY);

	if (IN6_IS_ADDR_UNSPECIFIED(addr))
		return false;
	*addr = conn_is_ipv4(addr) && !IN6_ARE_ADDR_EQUAL(addr, &any)
	    ? any
	    : in6addr_any;
	return true;
}
