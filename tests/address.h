/*
 * Compares an address in a test with its text.
 */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>

static bool
address_is(const struct in6_addr *addr, const char *text)
{
	struct in6_addr want;

	return inet_pton(AF_INET6, text, &want) == 1 &&
	    memcmp(addr, &want, sizeof(want)) == 0;
}

#endif
