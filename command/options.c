/*
 * Turns a table of options into what getopt_long(3) takes, its answers into
 * entries of the table, and its errors into messages.
 */
#include "command/options.h"

#include "lib/array.h"
#include "lib/say.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* getopt_long() returns this plus i for entry i if it has no letter. */
enum { NO_LETTER = 256 };

/* The entries in the form that getopt_long() takes. */
struct getopt_tables {
	char *letters;
	struct option *names;
};

static int
answer_of(const struct option_table *table, size_t i)
{
	const struct option_entry *e = &table->entries[i];

	return e->letter ? e->letter : NO_LETTER + (int)i;
}

static struct getopt_tables
make_tables(const struct option_table *table)
{
	struct getopt_tables tables = {
	    .letters = calloc(2 * table->n + 2, 1),
	    .names = calloc(table->n + 1, sizeof(*tables.names)),
	};
	char *p = tables.letters;

	if (!tables.letters || !tables.names)
		fail_at_once(ENOMEM);
	*p++ = ':';
	for (size_t i = 0; i < table->n; i++) {
		const struct option_entry *e = &table->entries[i];

		tables.names[i] = (struct option){
		    .name = e->name,
		    .has_arg = e->optional ? optional_argument
			: e->argument	   ? required_argument
					   : no_argument,
		    .val = answer_of(table, i),
		};
		if (e->letter)
			*p++ = e->letter;
		if (e->letter && e->argument)
			*p++ = ':';
	}
	return tables;
}

/* Finds the entry for an answer of getopt_long(); NULL if there is none. */
static const struct option_entry *
find_entry(const struct option_table *table, int answer)
{
	for (size_t i = 0; i < table->n; i++)
		if (answer == answer_of(table, i))
			return &table->entries[i];
	return NULL;
}

/*
 * Returns a message about an option that getopt_long() refused.  optopt is the
 * letter or value of the option, or 0; word is the one before optind.
 */
static char *
error_text(const struct option_table *table, int answer, const char *word)
{
	char letter[] = {'-', (char)optopt, '\0'};
	char *text;
	int len;

	if (answer == ':')
		len = asprintf(&text, "option '%s' needs an argument",
		    strncmp(word, "--", 2) == 0 ? word : letter);
	else if (find_entry(table, optopt))
		len = asprintf(&text, "option '%s' takes no argument", word);
	else
		len = asprintf(
		    &text, "unknown option '%s'", optopt != 0 ? letter : word);
	if (len < 0)
		fail_at_once(ENOMEM);
	return text;
}

static void
add_choice(struct option_choices *choices, const struct option_entry *entry,
    const char *argument)
{
	struct option_choice *grown = array_reserve(
	    choices->choice, &choices->size, choices->n + 1, sizeof(*grown));

	if (!grown)
		fail_at_once(ENOMEM);
	choices->choice = grown;
	grown[choices->n++] = (struct option_choice){
	    .entry = entry,
	    .argument = argument ? argument : entry->preset,
	};
}

int
options_parse(struct option_choices *choices, const struct option_table *table,
    int argc, char **argv)
{
	struct getopt_tables tables = make_tables(table);
	int answer;

	*choices = (struct option_choices){0};
	opterr = 0;
	while ((answer = getopt_long(
		    argc, argv, tables.letters, tables.names, NULL)) != -1) {
		bool wrong = answer == ':' || answer == '?';
		/* ':' means that an argument is missing. */
		const struct option_entry *e =
		    find_entry(table, answer == ':' ? optopt : answer);

		if (wrong && !choices->error) {
			choices->valid = choices->n;
			choices->error =
			    error_text(table, answer, argv[optind - 1]);
		}
		if (e)
			add_choice(choices, e, optarg);
	}
	if (!choices->error)
		choices->valid = choices->n;
	free(tables.letters);
	free(tables.names);
	return optind;
}

void
option_apply(const struct option_choice *choice, void *ctx)
{
	const struct option_entry *e = choice->entry;

	if (e->set)
		e->set(ctx, choice->argument, e->value);
	else
		*(bool *)((char *)ctx + e->flag) = true;
}

void
options_free(struct option_choices *choices)
{
	free(choices->choice);
	free(choices->error);
}

enum { HELP_COLUMN = 24 };

/* Prints the names of an option, and its help lines next to them. */
static void
write_entry(FILE *out, const struct option_entry *e)
{
	const char *line = e->help;
	char letter[] = {'-', e->letter, ',', '\0'};
	const char *before = e->optional ? "[=" : e->argument ? "=" : "";
	int used = fprintf(out, "  %3s --%s%s%s%s", e->letter ? letter : "",
	    e->name, before, e->argument ? e->argument : "",
	    e->optional ? "]" : "");

	if (!line || used > HELP_COLUMN - 2) {
		fputc('\n', out);
		used = 0;
	}
	while (line) {
		const char *end = strchrnul(line, '\n');

		fprintf(out, "%*s%.*s\n", HELP_COLUMN - used, "",
		    (int)(end - line), line);
		line = *end != '\0' ? end + 1 : NULL;
		used = 0;
	}
}

void
options_help(FILE *out, const struct option_table *table)
{
	for (size_t i = 0; i < table->n; i++)
		write_entry(out, &table->entries[i]);
}
