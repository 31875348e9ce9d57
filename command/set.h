/*
 * A command line while it is read, and what each option sets in it.
 */
#ifndef COMMAND_SET_H
#define COMMAND_SET_H

#include "command/options.h"
#include "watch/options.h"

/* A command line: the options, and what is needed only to check them. */
struct command {
	struct options options;
	const struct option_choices *choices;
	bool summary, listeners, ipv4, ipv6, help, version;
	bool thresholds;
	bool states;	  /* some are chosen */
	bool count;	  /* the format is that of --count */
	bool delay;	  /* options.delay was given */
	const char *sort; /* the columns to sort by, or NULL */
	bool ignored;	  /* set by options that have no effect */
};

/* Begins a command line of argc words.  Exits if out of memory. */
void command_init(struct command *command, int argc);
void command_free(struct command *command);

/*
 * Each of these is for the option of its name, and exits after a message if
 * its argument is wrong; ctx is the struct command.
 */
option_setter set_keys, set_sort, set_top, set_states, set_count, set_ports,
    set_addrs, set_format, set_colour, set_threshold, set_explain, add_file,
    add_baseline, set_watch, set_netns, set_proc, set_byte_order, set_source,
    refuse;

/* Sets the delay, and exits if text is none. */
void set_delay(struct command *command, const char *text);

#endif
