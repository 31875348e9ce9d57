/*
 * tcpstate: counts TCP sockets by state.  This file is the table of options,
 * and main.
 */
#include "command/check.h"
#include "command/operands.h"
#include "command/options.h"
#include "lib/output.h"
#include "lib/say.h"
#include "lib/version.h"
#include "watch/run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: tcpstate [option ...] [state ...] [delay [count]]\n";

#define FLAG(member) .flag = offsetof(struct command, member)

static const struct option_entry entries[] = {
    {"What to show", "summary", 's', NULL,
	"Print the totals of all states.  The default.", FLAG(summary)},
    {NULL, "count", 'c', "states",
	"Print the number of sockets in these states only.", .set = set_count},
    {NULL, "listeners", 'l', NULL,
	"Print each listener, its accept queue and sockets.", FLAG(listeners)},
    {NULL, "diagnose", 'd', NULL, "Print what is wrong, why, and what to do.",
	FLAG(options.diagnose)},
    {NULL, "explain", 0, "state",
	"Explain a state, or all, with this machine's numbers.",
	.optional = true, .set = set_explain},
    {NULL, "baseline", 0, "path",
	"Print the change since a capture.  May be repeated.",
	.set = add_baseline},
    {NULL, "warn", 0, "state=range",
	"Warn if a count is outside a range: 1000, 5:, 5:100.",
	.set = set_threshold, .value = LEVEL_WARNING},
    {NULL, "crit", 0, "state=range",
	"Be critical if a count is outside a range.", .set = set_threshold,
	.value = LEVEL_CRITICAL},

    {"Group by", "by", 'b', "keys",
	"Group by keys: port, raddr, process, unit, netns ...",
	.set = set_keys},
    {NULL, "ports", 'P', NULL, "Short for --by=port.", .set = set_keys,
	.preset = "port"},
    {NULL, "processes", 'p', NULL, "Short for --by=process.", .set = set_keys,
	.preset = "process"},
    {NULL, "sort", 0, "columns",
	"Sort by states, TOTAL, ACCEPTQ, keys; - reverses.", .set = set_sort},
    {NULL, "top", 0, "number", "Print that many rows, and one for the rest.",
	.set = set_top},

    {"Filter", .argument = "state ...",
	.help = "Short for --state=; :443 is --port=, 10/8 is --addr=."},
    {NULL, "state", 0, "states",
	"Count only these states or groups; ! leaves one out.",
	.set = set_states},
    {NULL, "port", 0, "ports", "Count only these ports: 443, http, 8000-8099.",
	.set = set_ports, .value = END_EITHER},
    {NULL, "lport", 0, "ports", "Count only these local ports.",
	.habit = "sport", .set = set_ports, .value = END_LOCAL},
    {NULL, "rport", 0, "ports", "Count only these remote ports.",
	.habit = "dport", .set = set_ports, .value = END_REMOTE},
    {NULL, "addr", 0, "addresses",
	"Count only these addresses: ::1, 10.0.0.0/8.", .set = set_addrs,
	.value = END_EITHER},
    {NULL, "laddr", 0, "addresses", "Count only these local addresses.",
	.habit = "src", .set = set_addrs, .value = END_LOCAL},
    {NULL, "raddr", 0, "addresses", "Count only these remote addresses.",
	.habit = "dst", .set = set_addrs, .value = END_REMOTE},
    {NULL, "ipv4", '4', NULL, "Count only sockets of family tcp.", FLAG(ipv4)},
    {NULL, "ipv6", '6', NULL, "Count only sockets of family tcp6.",
	FLAG(ipv6)},
    {NULL, "all", 'a', NULL, "Count listeners too, as always.", FLAG(ignored)},
    {NULL, "tcp", 't', NULL, "Count TCP sockets, as always.", FLAG(ignored)},
    {NULL, "udp", 'u', .set = refuse, .preset = "UDP", .value = 'u'},
    {NULL, "unix", 'x', .set = refuse, .preset = "UNIX domain", .value = 'x'},

    {"Watch", "watch", 'w', "delay",
	"Take a sample every second, or every 5, 0.5, 500ms.",
	.habit = "interval", .optional = true, .set = set_watch},
    {.argument = "delay [count]",
	.help = "Take a sample every delay, and stop after count."},

    {"Output", "format", 'o', "format",
	"Print a table, json, csv, prometheus, nagios, ...",
	.habit = "output",
	.set = set_format},
    {NULL, "json", 'j', NULL, "Short for --format=json.", .set = set_format,
	.preset = "json"},
    {NULL, "no-header", 'H', NULL, "Omit the header.",
	FLAG(options.no_header)},
    {NULL, "all-states", 'z', NULL,
	"Print all states, not only those that occur.",
	FLAG(options.all_states)},
    {NULL, "numeric", 'n', NULL,
	"Print ports and addresses as numbers, as always.", FLAG(ignored)},
    {NULL, "color", 0, "when", "Use colours: auto, always or never.",
	.optional = true, .set = set_colour, .preset = "always"},
    {NULL, "verbose", 'v', NULL, "Report the source, its rows and time.",
	FLAG(options.request.verbose)},
    {NULL, "help", 'h', NULL, "Print this help.", FLAG(help)},
    {NULL, "version", 'V', NULL, "Print the version.", FLAG(version)},

    {"Where to look", "file", 'f', "file",
	"Count a saved /proc/net/tcp or tcp6; - is stdin.", .set = add_file},
    {NULL, "netns", 'N', "netns",
	"Look in a network namespace: a name, a pid or a path.",
	.set = set_netns},
    {NULL, "all-netns", 0, NULL,
	"Look in each network namespace that has a process.",
	FLAG(options.request.all_netns)},
    {NULL, "proc", 0, "dir",
	"Read another /proc: a container host's, or a copy.", .set = set_proc},
    {NULL, "byte-order", 0, "order",
	"Read tables that a little- or big-endian host saved.",
	.set = set_byte_order},
    {NULL, "source", 0, "source",
	"Read sock_diag, proc or auto.  The default is auto.",
	.set = set_source},
};

static const struct option_table table = {
    entries, sizeof(entries) / sizeof(entries[0])};

/* Writes text to stdout, and ends the program. */
__attribute__((noreturn)) static void
print_and_exit(void (*print)(FILE *out))
{
	FILE *out = output_open();
	int error = out ? 0 : errno;

	if (out) {
		print(out);
		error = output_close(out);
	}
	if (error)
		failure(NULL, "standard output: %s", strerror(error));
	exit(say_status());
}

static void
write_help(FILE *out)
{
	fputs(usage, out);
	options_help(out, &table);
	fputs(
	    "\n"
	    "Examples\n"
	    "  tcpstate -c time-wait            the number of sockets in "
	    "TIME_WAIT\n"
	    "  tcpstate -P --top=10 2           the busiest ports, every two "
	    "seconds\n"
	    "  tcpstate -lp                     accept queues, and whose they "
	    "are\n"
	    "  tcpstate -b raddr close-wait     whose connections are not "
	    "closed here\n"
	    "  tcpstate -d                      what is wrong, and what to "
	    "do\n",
	    out);
}

static void
write_version(FILE *out)
{
	fprintf(out, "tcpstate %s\n", version);
}

/* Returns the format that an option chooses; NULL if it chooses none. */
static const struct format *
format_of(const struct option_choice *choice)
{
	if (choice->entry->set == set_count)
		return format_find("count");
	return choice->entry->set == set_format && choice->argument
	    ? format_find(choice->argument)
	    : NULL;
}

/*
 * Finds out if the exit status is a monitoring plugin's.  Wrong usage of any
 * option then exits as a plugin too, so this comes before apply_options().
 */
static void
look_for_plugin(struct options *o, const struct option_choices *choices)
{
	const struct format *format = NULL;

	for (size_t i = 0; i < choices->n; i++) {
		const struct option_choice *choice = &choices->choice[i];
		const struct format *found = format_of(choice);

		o->plugin |= choice->entry->set == set_threshold ||
		    strcmp(choice->entry->name, "diagnose") == 0;
		if (found)
			format = found;
	}
	o->plugin |= format && format->plugin;
	say_as_plugin(
	    o->plugin, format && format->plugin ? "TCPSTATE UNKNOWN" : NULL);
}

static void
apply_options(struct command *c, const struct option_choices *choices)
{
	c->choices = choices;
	for (size_t i = 0; i < choices->valid; i++) {
		option_apply(&choices->choice[i], c);
		if (c->help || c->version)
			print_and_exit(c->help ? write_help : write_version);
	}
	if (choices->error)
		misuse("%s", choices->error);
}

/*
 * Opens a placeholder for each standard descriptor that is closed, so that no
 * other file gets its number.  Reading or writing the placeholder fails.
 */
static void
keep_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/", O_PATH | O_CLOEXEC);
}

int
main(int argc, char **argv)
{
	struct command command;
	struct option_choices choices;
	int status, first;

	/* warnx() prints this name; argv[0] may be anything. */
	program_invocation_short_name = (char[]){"tcpstate"};
	/* If the reader closes its pipe, write() fails instead. */
	signal(SIGPIPE, SIG_IGN);
	keep_standard_descriptors();
	/* A failure before the options are known must not be a warning. */
	say_as_plugin(true, NULL);
	command_init(&command, argc);
	first = options_parse(&choices, &table, argc, argv);
	look_for_plugin(&command.options, &choices);
	apply_options(&command, &choices);
	operands_read(&command, argc - first, argv + first);
	command_check(&command);
	status = run(&command.options);
	options_free(&choices);
	command_free(&command);
	return say_status() == STATUS_OK ? status : say_status();
}
