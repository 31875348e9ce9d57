/*
 * The options of a command line, from a table of entries: parses them with
 * getopt_long(3), and prints their help.  The table says what they mean.
 */
#ifndef COMMAND_OPTIONS_H
#define COMMAND_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Applies the argument of an option to ctx; value is its entry's. */
typedef void option_setter(void *ctx, const char *argument, int value);

/* An option, or an operand.  Its entry is all that defines it. */
struct option_entry {
	const char *group;    /* title of a group that it begins, or NULL */
	const char *name;     /* NULL: an operand, which only the help shows */
	char letter;	      /* 0: none */
	const char *argument; /* its name in the help; NULL: no argument */
	const char *help;     /* one line; NULL: not in the help */
	const char *habit;    /* what people type for its name; or NULL */

	option_setter *set; /* NULL: the option sets a bool instead */
	int value;	    /* an argument of set() */
	size_t flag;	    /* offset of that bool in ctx */

	/*
	 * The argument may be missing.  After a letter it is one only if it
	 * does not begin with a letter: -w2 has one, -wl is -w -l.
	 */
	bool optional;
	const char *preset; /* what set() gets if there is no argument */
};

struct option_table {
	const struct option_entry *entries;
	size_t n;
};

/* An option as it was given. */
struct option_choice {
	const struct option_entry *entry;
	const char *argument; /* NULL: none */
	char *rest; /* what follows it in its word, as a word; or NULL */
};

/* The options of a command line, in order. */
struct option_choices {
	struct option_choice *choice;
	size_t n, size;
	size_t valid;	 /* the number of those before the first error */
	char *error;	 /* the message of the first error; NULL: none */
	char **operands; /* part of argv; ends with NULL */
};

/*
 * Parses all options, even after an error.  Moves the operands to the end of
 * argv, and returns the index of the first.  Exits if out of memory.
 */
int options_parse(struct option_choices *choices,
    const struct option_table *table, int argc, char **argv);

/* Applies an option to ctx. */
void option_apply(const struct option_choice *choice, void *ctx);

/*
 * Returns the options that the help shows, and the operands, as words to type
 * in a shell, each after a blank: letters without an argument in one word. The
 * caller frees it; exits if out of memory.
 */
char *options_rewrite(const struct option_choices *choices);

/*
 * Frees what options_parse() allocated.  Arguments are part of argv, which
 * must not be used any more.
 */
void options_free(struct option_choices *choices);

/* Prints a line for each option, group by group. */
void options_help(FILE *out, const struct option_table *table);

#endif
