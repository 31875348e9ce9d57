/*
 * What the words of a command line mean that are no options.
 */
#include "command/operands.h"

#include "command/values.h"
#include "lib/say.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

/* Adds the states of an operand to those of options and other operands. */
static void
add_states(struct command *c, const char *list)
{
	struct filter *filter = &c->options.request.filter;
	unsigned before = filter->states;
	bool first = !c->states;

	set_states(c, list, 0);
	if (!first && list[0] == '!')
		filter->states &= before;
	else if (!first)
		filter->states |= before;
}

static void
read_number(struct command *c, const char *word, int position)
{
	struct options *o = &c->options;

	if (position > 1)
		misuse("unexpected word '%s': expected a delay and a count "
		       "at most",
		    word);
	if (position == 1 && !parse_number(word, &o->count))
		misuse("invalid count of samples '%s': expected 1 to "
		       "1000000000",
		    word);
	if (position == 0)
		set_delay(c, word);
	/* One diagnosis takes two samples, that long apart. */
	o->watch |= !o->diagnose || position == 1;
}

/* Words of ss, and arguments that need a = before them. */
static const struct {
	const char *word;
	const char *instead;
} habits[] = {
    {"state", "the state alone"},
    {"sport", "'--lport=' before a port"},
    {"dport", "'--rport=' before a port"},
    {"port", "'--port=' before a port"},
    {"src", "'--laddr=' before an address"},
    {"dst", "'--raddr=' before an address"},
    {"auto", "'--color=auto'"},
    {"always", "'--color=always'"},
    {"never", "'--color=never'"},
};

/* Returns what to type instead of a word; NULL if it is no habit. */
static const char *
find_instead(const char *word)
{
	/* A filter is often one word, in quotes. */
	const char *first = word + strspn(word, "( ");
	size_t len = strcspn(first, " =");

	for (size_t i = 0; i < sizeof(habits) / sizeof(habits[0]); i++)
		if (strlen(habits[i].word) == len &&
		    strncmp(habits[i].word, first, len) == 0)
			return habits[i].instead;
	return NULL;
}

static bool
is_path(const char *word)
{
	return *word == '/' || (*word == '.' && strchr(word, '/'));
}

static bool
is_ports(const char *word)
{
	return word[0] == ':' && word[1] != ':';
}

/* Whether a word is an address, if it is any operand. */
static bool
has_address_form(const char *word)
{
	const char *dot = strchr(word, '.');

	return strpbrk(word, ":/") ||
	    (dot && (isalpha((unsigned char)*word) || strchr(dot + 1, '.')));
}

/* Whether it is an address and a port, as ss prints them. */
static bool
has_port(const char *word)
{
	const char *colon = strrchr(word, ':');

	return colon && colon > word &&
	    (colon[-1] == ']' || colon == strchr(word, ':'));
}

/* Whether the first word of a list is no state, but is in /etc/hosts. */
static bool
is_host(const char *list)
{
	struct filter filter;
	size_t len;
	bool found;

	filter_init(&filter);
	found = filter_states(&filter, list, &len) &&
	    (filter_addrs(&filter, END_EITHER, list, &len) != list ||
		errno == ENOMEM);
	filter_free(&filter);
	return found;
}

/* Filters by ports or addresses, of which there may be one list. */
static void
add_filter(struct command *c, const char *list)
{
	const struct filter *filter = &c->options.request.filter;
	bool ports = is_ports(list);

	if (ports ? filter->port[END_EITHER].bits != NULL
		  : filter->addr[END_EITHER].n > 0)
		misuse("unexpected word '%s': type all %s as one list, with "
		       "commas",
		    list, ports ? "ports" : "addresses");
	if (ports)
		set_ports(c, list, END_EITHER);
	else
		set_addrs(c, list, END_EITHER);
}

static void
read_operand(struct command *c, const char *word, int *numbers)
{
	const char *instead = find_instead(word);
	bool is_name = isalpha((unsigned char)*word) || *word == '!';

	if (instead)
		misuse("unexpected word '%s': type %s", word, instead);
	else if (is_path(word))
		misuse("unexpected word '%s': type '--file=' before a file",
		    word);
	else if (has_port(word))
		misuse(
		    "unexpected word '%s': type a blank between address and "
		    "port",
		    word);
	else if (has_address_form(word) || (is_name && is_host(word)))
		add_filter(c, word);
	else if (c->options.explain && c->options.explain_state < 0)
		set_explain(c, word, 0);
	else if (c->options.explain)
		misuse(
		    "unexpected word '%s': expected one state at most", word);
	else if (is_name)
		add_states(c, word);
	else
		read_number(c, word, (*numbers)++);
}

void
operands_read(struct command *c, int argc, char **argv)
{
	/* The delay of --watch takes the place of the first one. */
	int numbers = c->delay;

	for (int i = 0; i < argc; i++)
		read_operand(c, argv[i], &numbers);
}
