/*
 * Turns a table of options into what getopt_long(3) takes, its answers into
 * entries of the table, and its errors into messages.
 */
#include "command/options.h"

#include "lib/array.h"
#include "lib/say.h"
#include "lib/suggest.h"
#include "lib/text.h"

#include <ctype.h>
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
	    .letters = calloc(3 * table->n + 2, 1),
	    .names = calloc(table->n + 1, sizeof(*tables.names)),
	};
	struct option *name = tables.names;
	char *letter = tables.letters;

	if (!tables.letters || !tables.names)
		fail_at_once(ENOMEM);
	*letter++ = ':';
	for (size_t i = 0; i < table->n; i++) {
		const struct option_entry *e = &table->entries[i];

		if (!e->name)
			continue;
		*name++ = (struct option){
		    .name = e->name,
		    .has_arg = e->optional ? optional_argument
			: e->argument	   ? required_argument
					   : no_argument,
		    .val = answer_of(table, i),
		};
		if (!e->letter)
			continue;
		*letter++ = e->letter;
		if (e->argument)
			*letter++ = ':';
		if (e->optional)
			*letter++ = ':';
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

/* Whether the help shows an entry that is an option. */
static bool
is_shown(const struct option_entry *e)
{
	return e->help && e->name;
}

/*
 * Prints that the beginning of a name is ambiguous, and those that begin so.
 * Returns false, and prints nothing, if there are none.
 */
static bool
print_ambiguous(
    FILE *out, const struct option_table *table, const char *name, size_t len)
{
	unsigned n = 0;

	for (size_t i = 0; i < table->n && len > 0; i++) {
		const struct option_entry *e = &table->entries[i];

		if (!is_shown(e) || strncmp(e->name, name, len) != 0)
			continue;
		if (n++ == 0)
			fprintf(out,
			    "ambiguous option '--%.*s' (options: ", (int)len,
			    name);
		fprintf(out, "%s--%s", n > 1 ? ", " : "", e->name);
	}
	if (n > 0)
		fputc(')', out);
	return n > 0;
}

/* Tries whether an unknown name is meant to be that of an entry. */
static void
try_entry(struct suggestion *near, const struct option_entry *e)
{
	if (!is_shown(e))
		return;
	suggest_try(near, e->name);
	if (e->habit)
		suggest_try_alias(near, e->habit, e->name);
}

/* Prints that a long option is none, and the one that it is near to. */
static void
print_unknown(FILE *out, const struct option_table *table, const char *word)
{
	struct suggestion near = {.word = word + strlen("--")};

	near.len = strcspn(near.word, "=");
	if (print_ambiguous(out, table, near.word, near.len))
		return;
	for (size_t i = 0; i < table->n; i++)
		try_entry(&near, &table->entries[i]);
	fprintf(out, "unknown option '--%.*s'", (int)near.len, near.word);
	if (near.nearest)
		fprintf(out, "; did you mean '--%s'?", near.nearest);
}

/* Closes a text.  Returns it; the caller frees it. */
static char *
close_text(struct text *text)
{
	char *bytes = text_close(text);

	if (!bytes)
		fail_at_once(ENOMEM);
	return bytes;
}

/*
 * Returns a message about an option that getopt_long() refused.  optopt is the
 * letter or value of the option, or 0; word is the one before optind.
 */
static char *
error_text(const struct option_table *table, int answer, const char *word)
{
	const struct option_entry *e = find_entry(table, optopt);
	char letter[] = {'-', (char)optopt, '\0'};
	struct text text;

	if (!text_open(&text))
		fail_at_once(errno);
	if (answer == ':')
		fprintf(text.out,
		    "option '%s' needs an argument: expected '--%s=%s'",
		    strncmp(word, "--", 2) == 0 ? word : letter, e->name,
		    e->argument);
	else if (e)
		fprintf(text.out, "option '%s' takes no argument", word);
	else if (optopt != 0)
		fprintf(text.out, "unknown option '%s'", letter);
	else
		print_unknown(text.out, table, word);
	return close_text(&text);
}

static struct option_choice *
add_choice(struct option_choices *choices, const struct option_entry *entry,
    const char *argument)
{
	struct option_choice *grown = array_reserve(
	    choices->choice, &choices->size, choices->n + 1, sizeof(*grown));

	if (!grown)
		fail_at_once(ENOMEM);
	choices->choice = grown;
	grown[choices->n] = (struct option_choice){
	    .entry = entry,
	    .argument = argument ? argument : entry->preset,
	};
	return &grown[choices->n++];
}

/*
 * If getopt_long() took the letters after an option for its argument, has it
 * read them as options next.
 */
static void
give_back_letters(struct option_choice *choice, char **argv)
{
	const struct option_entry *e = choice->entry;

	if (!e->optional || !optarg || !isalpha((unsigned char)*optarg) ||
	    strncmp(argv[optind - 1], "--", 2) == 0)
		return;
	if (asprintf(&choice->rest, "-%s", optarg) < 0)
		fail_at_once(ENOMEM);
	choice->argument = e->preset;
	argv[--optind] = choice->rest;
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

		/* For a missing argument, musl steps past the end. */
		if (optind > argc)
			optind = argc;
		if (wrong && !choices->error) {
			choices->valid = choices->n;
			choices->error =
			    error_text(table, answer, argv[optind - 1]);
		}
		if (e)
			give_back_letters(
			    add_choice(choices, e, optarg), argv);
	}
	if (!choices->error)
		choices->valid = choices->n;
	free(tables.letters);
	free(tables.names);
	choices->operands = argv + optind;
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

/* Whether it was given as a letter, or could have been, without argument. */
static bool
is_letter(const struct option_choice *choice)
{
	return choice->entry->letter &&
	    choice->argument == choice->entry->preset;
}

/* Prints a word as one that is typed in a shell: in quotes if necessary. */
static void
print_word(FILE *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_./:,=@%+-";

	if (*word != '\0' && word[strspn(word, plain)] == '\0') {
		fputs(word, out);
		return;
	}
	fputc('\'', out);
	for (; *word != '\0'; word++)
		if (*word == '\'')
			fputs("'\\''", out);
		else
			fputc(*word, out);
	fputc('\'', out);
}

char *
options_rewrite(const struct option_choices *choices)
{
	const char *before = " -";
	struct text text;

	if (!text_open(&text))
		fail_at_once(errno);
	for (size_t i = 0; i < choices->n; i++) {
		const struct option_choice *c = &choices->choice[i];

		if (!c->entry->help || !is_letter(c))
			continue;
		fprintf(text.out, "%s%c", before, c->entry->letter);
		before = "";
	}
	for (size_t i = 0; i < choices->n; i++) {
		const struct option_choice *c = &choices->choice[i];

		if (!c->entry->help || is_letter(c))
			continue;
		fprintf(text.out, " --%s", c->entry->name);
		if (!c->argument || c->argument == c->entry->preset)
			continue;
		fputc('=', text.out);
		print_word(text.out, c->argument);
	}
	for (char **word = choices->operands; *word; word++) {
		fputc(' ', text.out);
		print_word(text.out, *word);
	}
	return close_text(&text);
}

void
options_free(struct option_choices *choices)
{
	for (size_t i = 0; i < choices->n; i++)
		free(choices->choice[i].rest);
	free(choices->choice);
	free(choices->error);
}

enum { HELP_COLUMN = 26 };

void
options_help(FILE *out, const struct option_table *table)
{
	for (size_t i = 0; i < table->n; i++) {
		const struct option_entry *e = &table->entries[i];
		const char letter[] = {'-', e->letter, ',', '\0'};
		int used;

		if (!e->help)
			continue;
		if (e->group)
			fprintf(out, "\n%s\n", e->group);
		used = fprintf(out, "  %3s ", e->letter ? letter : "");
		if (e->name)
			used += fprintf(out, "--%s%s", e->name,
			    e->optional	      ? "[="
				: e->argument ? "="
					      : "");
		used += fprintf(out, "%s%s", e->argument ? e->argument : "",
		    e->optional ? "]" : "");
		fprintf(out, "%*s%s\n", HELP_COLUMN - used, "", e->help);
	}
}
