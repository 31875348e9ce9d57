/*
 * What the words of a command line mean that are no options.
 */
#include "command/operands.h"

#include "command/values.h"
#include "lib/say.h"

#include <ctype.h>
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

/* Returns what to type instead of a word that is no operand; NULL if it is. */
static const char *
find_instead(const char *word)
{
	const char *dot = strchr(word, '.');
	/* A filter of ss is often one word, in quotes. */
	const char *first = word + strspn(word, "( ");
	size_t len = strcspn(first, " =");

	for (size_t i = 0; i < sizeof(habits) / sizeof(habits[0]); i++)
		if (strlen(habits[i].word) == len &&
		    strncmp(habits[i].word, first, len) == 0)
			return habits[i].instead;
	if (*word == ':' && !strchr(word + 1, ':'))
		return "'--port=' before a port";
	if (strpbrk(word, ":/") || (dot && strchr(dot + 1, '.')))
		return "'--addr=' before an address, '--file=' before a file";
	return NULL;
}

void
operands_read(struct command *c, int argc, char **argv)
{
	struct options *o = &c->options;
	/* The delay of --watch takes the place of the first one. */
	int numbers = c->delay;

	for (int i = 0; i < argc; i++) {
		const char *word = argv[i], *instead = find_instead(word);

		if (o->explain && o->explain_state < 0)
			set_explain(c, word, 0);
		else if (o->explain)
			misuse("unexpected word '%s': expected one state at "
			       "most",
			    word);
		else if (instead)
			misuse("unexpected word '%s': type %s", word, instead);
		else if (isalpha((unsigned char)*word) || *word == '!')
			add_states(c, word);
		else
			read_number(c, word, numbers++);
	}
}
