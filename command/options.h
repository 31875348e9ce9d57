/*
 * The options of a command line, from a table of entries: parses them with
 * getopt_long(3), and prints their help.  What they mean is the table's.
 */
#ifndef COMMAND_OPTIONS_H
#define COMMAND_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* An option.  Its entry is all that defines it. */
struct option_entry {
	const char *name;
	char letter;	      /* 0: none */
	const char *argument; /* its name in the help; NULL: no argument */
	const char *help;     /* lines; NULL: as the next entry */

	/* Applies the argument; NULL: the option sets a bool instead. */
	void (*set)(void *ctx, const char *argument, int value);
	int value;     /* an argument of set() */
	size_t flag;   /* offset of that bool in ctx */
	bool optional; /* the argument may be missing */

	/* What set() gets if there is no argument. */
	const char *preset;
};

struct option_table {
	const struct option_entry *entries;
	size_t n;
};

/* An option as it was given. */
struct option_choice {
	const struct option_entry *entry;
	const char *argument; /* NULL: none */
};

/* The options of a command line, in order. */
struct option_choices {
	struct option_choice *choice;
	size_t n, size;
	size_t valid; /* the number of those before the first error */
	char *error;  /* the message of the first error; NULL: none */
};

/*
 * Parses all options, even after an error.  Moves the operands to the end of
 * argv, and returns the index of the first.  Exits if out of memory.
 */
int options_parse(struct option_choices *choices,
    const struct option_table *table, int argc, char **argv);

/* Applies an option to ctx. */
void option_apply(const struct option_choice *choice, void *ctx);

/* Frees what options_parse() allocated; arguments are part of argv. */
void options_free(struct option_choices *choices);

/* Prints all options. */
void options_help(FILE *out, const struct option_table *table);

#endif
