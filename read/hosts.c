/*
 * Reads /etc/hosts (hosts(5)): an address, then its names; # begins a comment.
 */
#include "read/hosts.h"

#include "lib/conn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char blanks[] = " \t\r\n";

/* Whether a line gives a name an address.  Changes the line. */
static bool
read_line(char *line, const char *name, struct in6_addr *addr)
{
	char *rest, *word;

	line[strcspn(line, "#")] = '\0';
	word = strtok_r(line, blanks, &rest);
	if (!word || !conn_parse_addr(word, addr))
		return false;
	while ((word = strtok_r(NULL, blanks, &rest)))
		if (strcasecmp(word, name) == 0)
			return true;
	return false;
}

bool
hosts_find(const char *name, host_visitor *add, void *ctx)
{
	FILE *in = fopen("/etc/hosts", "re");
	char *line = NULL;
	size_t size = 0;
	bool found = false, added = true;

	while (in && added && getline(&line, &size, in) > 0) {
		struct in6_addr addr;

		if (read_line(line, name, &addr)) {
			found = true;
			added = add(ctx, &addr);
		}
	}
	free(line);
	/* What cannot be read may have more addresses. */
	if (in && ferror(in))
		found = false;
	if (in)
		fclose(in);
	return found && added;
}
