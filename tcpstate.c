/*
 * tcpstate: counts TCP sockets by state.  This file is the table of options,
 * what each of them sets, the operands, and main.
 */
#include "command/check.h"
#include "command/options.h"
#include "command/values.h"
#include "lib/output.h"
#include "lib/say.h"
#include "watch/run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VERSION "0.1.0"
#define DIAGNOSIS_DELAY INT64_C(3000000000)

static const char synopsis[] =
    "usage: tcpstate [-46adHlnpPstvwz] [-b key[,key...]] [-f file] [-N "
    "netns]\n"
    "                [-o format] [--all-netns] [--byte-order=order] "
    "[--proc=dir]\n"
    "                [--source=source]\n"
    "                [--state=list] [--port=list] [--lport=list] "
    "[--rport=list]\n"
    "                [--addr=list] [--laddr=list] [--raddr=list]\n"
    "                [--warn=state=range] [--crit=state=range] "
    "[--top=number]\n"
    "                [delay [count]]\n"
    "       tcpstate [option ...] --explain [state]\n"
    "       tcpstate -h | -V\n";

/* Adds keys to those of earlier options. */
static void
set_keys(void *ctx, const char *list, int value)
{
	struct command *c = ctx;
	struct options *o = &c->options;
	size_t len;
	const char *wrong = key_parse(&o->keys, list, &len);

	(void)value;
	if (wrong)
		misuse("invalid or repeated key '%.*s' in '%s'", (int)len,
		    wrong, list);
	o->request.by = &o->keys;
}

static void
set_top(void *ctx, const char *argument, int value)
{
	struct command *c = ctx;
	uint64_t number;

	(void)value;
	if (!parse_number(argument, &number))
		misuse("invalid number of rows '%s': expected 1 to 1000000000",
		    argument);
	c->options.top = (size_t)number;
}

static void
check_filter(const char *wrong, size_t len, const char *list, const char *what)
{
	if (wrong && errno == ENOMEM)
		fail_at_once(ENOMEM);
	if (wrong)
		misuse(
		    "invalid %s '%.*s' in '%s'", what, (int)len, wrong, list);
}

static void
set_states(void *ctx, const char *list, int value)
{
	struct command *c = ctx;
	size_t len;
	const char *wrong =
	    filter_states(&c->options.request.filter, list, &len);

	(void)value;
	check_filter(wrong, len, list, "state");
}

static void
set_ports(void *ctx, const char *list, int end)
{
	struct command *c = ctx;
	size_t len;
	const char *wrong = filter_ports(
	    &c->options.request.filter, (enum filter_end)end, list, &len);

	check_filter(wrong, len, list, "port");
}

static void
set_addrs(void *ctx, const char *list, int end)
{
	struct command *c = ctx;
	size_t len;
	const char *wrong = filter_addrs(
	    &c->options.request.filter, (enum filter_end)end, list, &len);

	check_filter(wrong, len, list, "address");
}

static void
set_format(void *ctx, const char *name, int value)
{
	struct command *c = ctx;
	(void)value;
	c->options.format = format_find(name);
	if (!c->options.format)
		misuse("unknown format '%s'", name);
}

static void
set_threshold(void *ctx, const char *text, int level)
{
	struct command *c = ctx;
	if (!thresholds_set(&c->options.thresholds, (enum level)level, text))
		misuse("invalid threshold '%s': expected STATE=RANGE, such as "
		       "TIME_WAIT=1000, TOTAL=5: or ESTAB=5:100",
		    text);
	c->thresholds = true;
}

/* Reports a word that is no state. */
__attribute__((noreturn)) static void
unknown_state(const char *word)
{
	char names[NSTATES * 16], *end = names;

	for (unsigned i = 0; i < NSTATES - 1; i++) {
		end = stpcpy(end, i > 0 ? ", " : "");
		end = stpcpy(end, state_names[state_order[i]].netstat);
	}
	misuse("unknown state '%s': expected one of %s", word, names);
}

static void
set_explain(void *ctx, const char *name, int value)
{
	struct command *c = ctx;
	struct options *o = &c->options;

	(void)value;
	o->explain = true;
	if (!name)
		return;
	o->explain_state = state_find(name);
	if (o->explain_state < 0)
		unknown_state(name);
}

static void
add_baseline(void *ctx, const char *path, int value)
{
	struct command *c = ctx;

	(void)value;
	c->options.baseline[c->options.nbaseline++] = path;
}

static void
add_file(void *ctx, const char *path, int value)
{
	struct command *c = ctx;
	struct source_request *request = &c->options.request.source;

	(void)value;
	request->files[request->nfiles++] = path;
}

static void
set_netns(void *ctx, const char *netns, int value)
{
	struct command *c = ctx;
	(void)value;
	c->options.request.netns = netns;
}

static void
set_proc(void *ctx, const char *dir, int value)
{
	struct command *c = ctx;
	(void)value;
	c->options.request.source.proc = dir;
}

static void
set_byte_order(void *ctx, const char *name, int value)
{
	struct command *c = ctx;
	(void)value;
	if (!byte_order_find(name, &c->options.request.source.order))
		misuse("unknown byte order '%s'", name);
}

static void
set_source(void *ctx, const char *name, int value)
{
	struct command *c = ctx;
	(void)value;
	if (!source_find(name, &c->options.request.source.choice))
		misuse("unknown source '%s'", name);
}

#define FLAG(member) .flag = offsetof(struct command, member)

static const struct option_entry entries[] = {
    {"summary", 's', NULL, "Print the totals of all states. The default.",
	FLAG(summary)},
    {"by", 'b', "key[,...]",
	"Group by port (of the service), lport, rport, laddr,\n"
	"raddr, dst (raddr:rport), rnet (/24, /48), family,\n"
	"timer, user, process or netns.",
	.set = set_keys},
    {"listeners", 'l', NULL,
	"Print each listening socket with its accept queue and\n"
	"the sockets that arrived through it.",
	FLAG(listeners)},
    {"ports", 'P', NULL, "Short for --by=port.", .set = set_keys,
	.preset = "port"},
    {"processes", 'p', NULL, "Short for --by=process.", .set = set_keys,
	.preset = "process"},
    {"top", 0, "number", "Print only that many rows, and one for the rest.",
	.set = set_top},
    {"diagnose", 'd', NULL,
	"Say what the counts mean: compare two samples, taken\n"
	"3 seconds or the delay apart, and print what is wrong,\n"
	"why, and what to do.  With -v, print every check.",
	FLAG(options.diagnose)},
    {"explain", 0, "state",
	"Explain a state, or all: what it means, with the\n"
	"counts and settings of this machine.",
	.optional = true, .set = set_explain},
    {"watch", 'w', NULL, "Take a sample every second, and show what changes.",
	FLAG(options.watch)},
    {"file", 'f', "file",
	"Count a saved /proc/net/tcp or tcp6; - is stdin.\n"
	"May be repeated.",
	.set = add_file},
    {"baseline", 0, "path", "Print the change since a capture.",
	.set = add_baseline},
    {"state", 0, "list",
	"Count only these states, by any of their names; also\n"
	"all, connected, synchronized, bucket, big; not !STATE.",
	.set = set_states},
    {"port", 0, "list",
	"Count only these ports, at either end: 443, http,\n"
	"8000-8099.",
	.set = set_ports, .value = END_EITHER},
    {"lport", 0, "list", "Match the local port.", .set = set_ports,
	.value = END_LOCAL},
    {"rport", 0, "list", "Match the remote port.", .set = set_ports,
	.value = END_REMOTE},
    {"addr", 0, "list",
	"Count only these addresses, at either end: ::1,\n"
	"10.0.0.0/8.",
	.set = set_addrs, .value = END_EITHER},
    {"laddr", 0, "list", "Match the local address.", .set = set_addrs,
	.value = END_LOCAL},
    {"raddr", 0, "list", "Match the remote address.", .set = set_addrs,
	.value = END_REMOTE},
    {"ipv4", '4', NULL, "Count only sockets of family tcp.", FLAG(ipv4)},
    {"ipv6", '6', NULL, "Count only sockets of family tcp6.", FLAG(ipv6)},
    {"format", 'o', "format",
	"Print a table, json, csv, prometheus, nagios, or what\n"
	"awk one-liners print after netstat -n (netstat) or\n"
	"ss -nat (ss).",
	.set = set_format},
    {"warn", 0, "state=range",
	"Warn if a count of that state, or TOTAL, is outside a\n"
	"range: 1000 (above), 5: (below), 5:100 (outside),\n"
	"@5:100 (inside).",
	.set = set_threshold, .value = LEVEL_WARNING},
    {"crit", 0, "state=range", "The same, for critical counts.",
	.set = set_threshold, .value = LEVEL_CRITICAL},
    {"no-header", 'H', NULL, "Omit the header.", FLAG(options.no_header)},
    {"all-states", 'z', NULL, "Show all eleven states when grouping.",
	FLAG(options.all_states)},
    {"netns", 'N', "netns",
	"Count in that network namespace: a name of ip-netns(8),\n"
	"the pid of a process, or a path.",
	.set = set_netns},
    {"all-netns", 0, NULL,
	"Count in each network namespace that has a process.",
	FLAG(options.request.all_netns)},
    {"proc", 0, "dir", "Read another /proc: a container host's, or a copy.",
	.set = set_proc},
    {"byte-order", 0, "order",
	"Read saved tables as those of a little- or big-endian\n"
	"machine: little, big.",
	.set = set_byte_order},
    {"source", 0, "source",
	"Read sock_diag, proc, or auto: proc if sock_diag fails.\n"
	"The default is auto.",
	.set = set_source},
    {"verbose", 'v', NULL, "Report the source, its rows and time.",
	FLAG(options.request.verbose)},
    {"all", 'a', NULL, NULL, FLAG(ignored)},
    {"numeric", 'n', NULL, NULL, FLAG(ignored)},
    {"tcp", 't', NULL, "Accepted as by ss and netstat, and ignored.",
	FLAG(ignored)},
    {"help", 'h', NULL, "Print this help.", FLAG(help)},
    {"version", 'V', NULL, "Print the version.", FLAG(version)},
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
	fputs(synopsis, out);
	fputs("\nCount TCP sockets by state.\n\n", out);
	options_help(out, &table);
	fputs(
	    "\nWith a delay, in seconds, take a sample again and again, or "
	    "count of them;\nwith -d, it is the time between the two samples "
	    "of a diagnosis.\n\n"
	    "Exit status: 0 ok, 1 could not read or write, 2 wrong usage; "
	    "with -d, --warn,\n--crit or -o nagios: 0 ok, 1 warning, "
	    "2 critical, 3 unknown.\n",
	    out);
}

static void
write_version(FILE *out)
{
	fputs("tcpstate " VERSION "\n", out);
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
		const struct option_entry *e = choice->entry;
		const struct format *found =
		    e->set == set_format && choice->argument
		    ? format_find(choice->argument)
		    : NULL;

		o->plugin |= e->set == set_threshold ||
		    strcmp(e->name, "diagnose") == 0;
		if (found)
			format = found;
	}
	o->plugin |= format && format->plugin;
	if (o->plugin)
		say_as_plugin(
		    format && format->plugin ? "TCPSTATE UNKNOWN" : NULL);
}

static void
apply_options(struct command *c, const struct option_choices *choices)
{
	for (size_t i = 0; i < choices->valid; i++) {
		option_apply(&choices->choice[i], c);
		if (c->help || c->version)
			print_and_exit(c->help ? write_help : write_version);
	}
	if (choices->error)
		misuse("%s", choices->error);
}

/* Reads the operand of --explain, a state unless the option has one. */
static void
read_state(struct command *c, int argc, char **argv)
{
	int n = 0;

	if (argc > 0 && c->options.explain_state < 0)
		set_explain(c, argv[n++], 0);
	if (argc > n)
		misuse("unexpected word '%s'", argv[n]);
}

static void
read_times(struct options *o, int argc, char **argv)
{
	if (o->diagnose)
		o->delay = DIAGNOSIS_DELAY;
	if (argc > 0) {
		/* One diagnosis takes two samples, that long apart. */
		o->watch |= !o->diagnose || argc > 1;
		if (!parse_delay(argv[0], &o->delay))
			misuse("invalid delay '%s': expected 0.01 to 31536000 "
			       "seconds",
			    argv[0]);
	}
	if (argc > 1 && !parse_number(argv[1], &o->count))
		misuse("invalid count of samples '%s': expected 1 to "
		       "1000000000",
		    argv[1]);
	if (argc > 2)
		misuse("unexpected word '%s'", argv[2]);
}

static void
read_operands(struct command *c, int argc, char **argv)
{
	if (c->options.explain)
		read_state(c, argc, argv);
	else
		read_times(&c->options, argc, argv);
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

static void
init_command(struct command *c, int argc)
{
	struct source_request *source = &c->options.request.source;

	*c = (struct command){.options = {
				  .format = format_find("table"),
				  .delay = 1000000000,
				  .explain_state = -1,
			      }};
	filter_init(&c->options.request.filter);
	source->files = calloc((size_t)argc + 1, sizeof(*source->files));
	c->options.baseline =
	    calloc((size_t)argc + 1, sizeof(*c->options.baseline));
	if (!source->files || !c->options.baseline)
		fail_at_once(ENOMEM);
}

static void
free_command(struct command *c)
{
	free(c->options.request.source.files);
	free(c->options.baseline);
	filter_free(&c->options.request.filter);
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
	init_command(&command, argc);
	first = options_parse(&choices, &table, argc, argv);
	look_for_plugin(&command.options, &choices);
	apply_options(&command, &choices);
	read_operands(&command, argc - first, argv + first);
	command_check(&command);
	status = run(&command.options);
	options_free(&choices);
	free_command(&command);
	return say_status() == STATUS_OK ? status : say_status();
}
