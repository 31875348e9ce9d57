/*
 * The addresses that /etc/hosts gives a host name.  Never asks a name server.
 */
#ifndef READ_HOSTS_H
#define READ_HOSTS_H

#include <netinet/in.h>
#include <stdbool.h>

/*
 * Calls add(ctx, addr) for each address of a name, in any case, in the order
 * of the file, until it returns false; IPv4 is IPv4-mapped.  Returns false if
 * add() did, or if the file has no such name or cannot be read.
 */
typedef bool host_visitor(void *ctx, const struct in6_addr *addr);
bool hosts_find(const char *name, host_visitor *add, void *ctx);

#endif
