/*
 * tcpstate: counts TCP sockets by state.  This file is the command line: the
 * table of options, the checks of their combinations, and main.
 */
#include "lib/decimal.h"
#include "lib/output.h"
#include "lib/say.h"
#include "watch/run.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VERSION "0.1.0"

/* Nanoseconds: from a hundredth of a second to a year. */
#define DELAY_MIN INT64_C(10000000)
#define DELAY_MAX INT64_C(31536000000000000)
#define DIAGNOSIS_DELAY INT64_C(3000000000)
#define NUMBER_MAX UINT64_C(1000000000)

/* A command line while it is parsed. */
struct command {
	struct options options;
	bool summary, listeners, ipv4, ipv6, help, version;
	bool thresholds;
	bool ignored; /* set by options that have no effect */
};

/* An option.  Its entry is all that defines it, except for the synopsis. */
struct option_entry {
	const char *name;
	char letter;	      /* 0: none */
	const char *argument; /* its name in the help; NULL: no argument */
	const char *help;     /* lines; NULL: as the next entry */

	/* Applies the argument; NULL: the option sets a bool instead. */
	void (*set)(struct command *command, const char *argument, int value);
	int value;     /* an argument of set() */
	size_t flag;   /* offset of that bool in struct command */
	bool optional; /* the argument may be missing: set() gets NULL */
};

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

__attribute__((noreturn)) static void
fail_at_once(int error)
{
	failure(NULL, "%s", strerror(error));
	exit(say_status());
}

/* Parses a whole number from 1 to max.  Returns false if text is invalid. */
static bool
parse_number(const char *text, uint64_t max, uint64_t *number)
{
	const char *end = text + strlen(text);

	return decimal(text, end, max, number) == end && *number >= 1;
}

/* Parses seconds, with a fraction, as nanoseconds; false if out of bounds. */
static bool
parse_delay(const char *text, int64_t *delay)
{
	int64_t ns = 0, unit = 1000000000;
	bool digit = false;

	for (; *text >= '0' && *text <= '9' && ns <= DELAY_MAX; text++) {
		ns = ns * 10 + (*text - '0') * unit;
		digit = true;
	}
	if (*text == '.')
		for (text++; *text >= '0' && *text <= '9'; text++) {
			unit /= 10;
			ns += (*text - '0') * unit;
			digit = true;
		}
	*delay = ns;
	return digit && *text == '\0' && ns >= DELAY_MIN && ns <= DELAY_MAX;
}

static void
set_families(struct command *c)
{
	struct filter *filter = &c->options.request.filter;
	bool both = c->ipv4 == c->ipv6;

	filter->family[FAMILY_TCP] = both || c->ipv4;
	filter->family[FAMILY_TCP6] = both || c->ipv6;
	c->options.request.source.needs_ipv6 = c->ipv6;
}

/* Adds keys to those of earlier options. */
static void
set_keys(struct command *c, const char *list, int value)
{
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
set_port_key(struct command *c, const char *argument, int value)
{
	(void)argument;
	set_keys(c, "port", value);
}

static void
set_process_key(struct command *c, const char *argument, int value)
{
	(void)argument;
	set_keys(c, "process", value);
}

static void
set_top(struct command *c, const char *argument, int value)
{
	uint64_t number;

	(void)value;
	if (!parse_number(argument, NUMBER_MAX, &number))
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
set_states(struct command *c, const char *list, int value)
{
	size_t len;
	const char *wrong =
	    filter_states(&c->options.request.filter, list, &len);

	(void)value;
	check_filter(wrong, len, list, "state");
}

static void
set_ports(struct command *c, const char *list, int end)
{
	size_t len;
	const char *wrong = filter_ports(
	    &c->options.request.filter, (enum filter_end)end, list, &len);

	check_filter(wrong, len, list, "port");
}

static void
set_addrs(struct command *c, const char *list, int end)
{
	size_t len;
	const char *wrong = filter_addrs(
	    &c->options.request.filter, (enum filter_end)end, list, &len);

	check_filter(wrong, len, list, "address");
}

static void
set_format(struct command *c, const char *name, int value)
{
	(void)value;
	c->options.format = format_find(name);
	if (!c->options.format)
		misuse("unknown format '%s'", name);
}

static void
set_threshold(struct command *c, const char *text, int level)
{
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
set_explain(struct command *c, const char *name, int value)
{
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
add_file(struct command *c, const char *path, int value)
{
	struct source_request *request = &c->options.request.source;

	(void)value;
	request->files[request->nfiles++] = path;
}

static void
set_netns(struct command *c, const char *netns, int value)
{
	(void)value;
	c->options.request.netns = netns;
}

static void
set_proc(struct command *c, const char *dir, int value)
{
	(void)value;
	c->options.request.source.proc = dir;
}

static void
set_byte_order(struct command *c, const char *name, int value)
{
	(void)value;
	if (!byte_order_find(name, &c->options.request.source.order))
		misuse("unknown byte order '%s'", name);
}

static void
set_source(struct command *c, const char *name, int value)
{
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
    {"ports", 'P', NULL, "Short for --by=port.", .set = set_port_key},
    {"processes", 'p', NULL, "Short for --by=process.",
	.set = set_process_key},
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

enum { NENTRIES = sizeof(entries) / sizeof(entries[0]) };

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

static void
write_help(FILE *out)
{
	fputs(synopsis, out);
	fputs("\nCount TCP sockets by state.\n\n", out);
	for (size_t i = 0; i < NENTRIES; i++)
		write_entry(out, &entries[i]);
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

/* The entries in the form that getopt_long(3) takes. */
struct getopt_tables {
	char letters[2 * NENTRIES + 2];
	struct option names[NENTRIES + 1];
};

/* getopt_long() returns this plus i for entry i if it has no letter. */
enum { NO_LETTER = 256 };

static void
make_tables(struct getopt_tables *tables)
{
	char *p = tables->letters;

	*tables = (struct getopt_tables){0};
	*p++ = ':';
	for (int i = 0; i < NENTRIES; i++) {
		const struct option_entry *e = &entries[i];

		tables->names[i] = (struct option){
		    .name = e->name,
		    .has_arg = e->optional ? optional_argument
			: e->argument	   ? required_argument
					   : no_argument,
		    .val = e->letter ? e->letter : NO_LETTER + i,
		};
		if (e->letter)
			*p++ = e->letter;
		if (e->letter && e->argument)
			*p++ = ':';
	}
}

/* Finds the entry for an answer of getopt_long(); NULL if there is none. */
static const struct option_entry *
find_entry(int answer)
{
	for (int i = 0; i < NENTRIES; i++)
		if (answer ==
		    (entries[i].letter ? entries[i].letter : NO_LETTER + i))
			return &entries[i];
	return NULL;
}

/*
 * Reports an option that getopt_long() refused.  optopt is the letter or value
 * of the option, or 0; the word as it was written is in argv.
 */
__attribute__((noreturn)) static void
bad_option(char **argv, int answer)
{
	const char *word = argv[optind - 1];
	char letter[] = {'-', (char)optopt, '\0'};

	if (answer == ':')
		misuse("option '%s' needs an argument",
		    strncmp(word, "--", 2) == 0 ? word : letter);
	if (find_entry(optopt))
		misuse("option '%s' takes no argument", word);
	misuse("unknown option '%s'", optopt != 0 ? letter : word);
}

/*
 * Finds out if the exit status is a monitoring plugin's.  Wrong usage of any
 * option then exits as a plugin too, so this pass looks for thresholds and for
 * the format before read_options().
 */
static void
look_for_plugin(struct options *o, const struct getopt_tables *tables,
    int argc, char **argv)
{
	const struct format *format = NULL;
	int answer;

	opterr = 0;
	while ((answer = getopt_long(
		    argc, argv, tables->letters, tables->names, NULL)) != -1) {
		/* ':' means that an argument is missing. */
		const struct option_entry *e =
		    find_entry(answer == ':' ? optopt : answer);
		const struct format *found =
		    e && e->set == set_format && optarg ? format_find(optarg)
							: NULL;

		o->plugin |= e &&
		    (e->set == set_threshold ||
			strcmp(e->name, "diagnose") == 0);
		if (found)
			format = found;
	}
	optind = 0; /* have read_options() start again */
	o->plugin |= format && format->plugin;
	if (o->plugin)
		say_as_plugin(
		    format && format->plugin ? "TCPSTATE UNKNOWN" : NULL);
}

static void
read_options(struct command *c, const struct getopt_tables *tables, int argc,
    char **argv)
{
	int answer;

	while ((answer = getopt_long(
		    argc, argv, tables->letters, tables->names, NULL)) != -1) {
		const struct option_entry *e = find_entry(answer);

		if (!e)
			bad_option(argv, answer);
		if (e->set)
			e->set(c, optarg, e->value);
		else
			*(bool *)((char *)c + e->flag) = true;
		if (c->help || c->version)
			print_and_exit(c->help ? write_help : write_version);
	}
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
read_operands(struct options *o, int argc, char **argv)
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
	if (argc > 1 && !parse_number(argv[1], NUMBER_MAX, &o->count))
		misuse("invalid count of samples '%s': expected 1 to "
		       "1000000000",
		    argv[1]);
	if (argc > 2)
		misuse("unexpected word '%s'", argv[2]);
}

/* Groups by listener; the other keys must be those of a listener. */
static void
set_listeners(struct options *o)
{
	if (!key_goes_with_listeners(&o->keys))
		misuse("'--listeners' excludes all keys except process and "
		       "netns");
	key_put_listener(&o->keys);
	o->request.by = &o->keys;
}

/*
 * Checks the options that choose files, a namespace or a proc, and sets those
 * that follow from them.
 */
static void
set_place(struct options *o)
{
	struct source_request *source = &o->request.source;
	const char *proc_root = secure_getenv("PROC_ROOT");
	const char *netns = o->request.netns;

	if (netns && *netns == '\0')
		misuse("invalid network namespace ''");
	if (source->nfiles > 0 &&
	    (source->proc || netns || o->request.all_netns))
		misuse("'--file' excludes '--netns', '--all-netns' and "
		       "'--proc'");
	if (netns && o->request.all_netns)
		misuse("'--netns' and '--all-netns' exclude each other");
	if (!source->proc && proc_root && *proc_root != '\0' &&
	    source->nfiles == 0 && source->choice != SOURCE_SOCK_DIAG)
		source->proc = proc_root;
	if (o->request.all_netns && !o->keys.needs_netns) {
		key_put_netns(&o->keys);
		o->request.by = &o->keys;
	}
	if (source->order != ORDER_UNKNOWN && !source->proc &&
	    source->nfiles == 0)
		misuse("'--byte-order' needs '--file' or '--proc'");
	if (!source->proc)
		return;
	if (source->choice == SOURCE_SOCK_DIAG)
		misuse("sock_diag cannot read '%s'", source->proc);
	if (netns && netns[strspn(netns, "0123456789")] != '\0')
		misuse("invalid network namespace '%s' in '%s': expected a "
		       "pid",
		    netns, source->proc);
	source->choice = SOURCE_PROC;
}

/* Checks combinations with --explain. */
static void
check_explanation(const struct command *c)
{
	const struct options *o = &c->options;

	if (o->diagnose)
		misuse("'--explain' and '--diagnose' exclude each other");
	if (o->request.all_netns)
		misuse("'--explain' and '--all-netns' exclude each other");
	if (o->request.by)
		misuse("'--explain' excludes grouping, as by '--by'");
	if (c->summary)
		misuse("'--explain' and '-s' exclude each other");
	if (c->thresholds)
		misuse("'--explain' excludes '--warn' and '--crit'");
	if (o->format != format_find("table"))
		misuse(
		    "format '%s' cannot show an explanation", o->format->name);
	if (o->watch)
		misuse("'--explain' and '--watch' exclude each other");
}

/* Checks combinations of the other options. */
static void
check_options(const struct options *o, bool summary)
{
	if (summary && o->request.by)
		misuse("'-s' excludes grouping, as by '--by'");
	if (o->top > 0 && !o->request.by)
		misuse("'--top' needs grouping, such as '--by'");
	if (o->request.by && o->request.source.nfiles > 0 &&
	    (o->request.by->needs_processes || o->request.by->needs_netns))
		misuse("cannot group by '%s': files do not have it",
		    o->request.by->needs_netns ? "netns" : "process");
	if (o->request.by && !o->format->groups)
		misuse("format '%s' cannot show groups", o->format->name);
	if (o->watch && o->format->no_watch)
		misuse("format '%s' cannot be watched", o->format->name);
	for (size_t i = 0; o->watch && i < o->request.source.nfiles; i++)
		if (strcmp(o->request.source.files[i], "-") == 0)
			misuse("'-f -' can be read only once, not watched");
}

/* Checks combinations with --diagnose. */
static void
check_diagnosis(const struct command *c)
{
	const struct options *o = &c->options;

	if (o->request.all_netns)
		misuse("'--diagnose' and '--all-netns' exclude each other");
	if (o->request.by)
		misuse("'--diagnose' excludes grouping, as by '--by'");
	if (c->summary)
		misuse("'--diagnose' and '-s' exclude each other");
	if (c->thresholds)
		misuse("'--diagnose' has thresholds of its own: it excludes "
		       "'--warn' and '--crit'");
	if (!o->format->findings)
		misuse("format '%s' cannot show a diagnosis", o->format->name);
}

static void
parse_command(struct command *c, int argc, char **argv)
{
	struct options *o = &c->options;
	struct getopt_tables tables;

	*c = (struct command){.options = {
				  .format = format_find("table"),
				  .delay = 1000000000,
				  .explain_state = -1,
			      }};
	make_tables(&tables);
	look_for_plugin(o, &tables, argc, argv);
	filter_init(&o->request.filter);
	o->request.source.files =
	    calloc((size_t)argc + 1, sizeof(*o->request.source.files));
	if (!o->request.source.files)
		fail_at_once(ENOMEM);
	read_options(c, &tables, argc, argv);
	if (o->explain)
		read_state(c, argc - optind, argv + optind);
	else
		read_operands(o, argc - optind, argv + optind);
	set_families(c);
	if (c->listeners)
		set_listeners(o);
	set_place(o);
	if (o->explain)
		check_explanation(c);
	if (o->diagnose)
		check_diagnosis(c);
	check_options(o, c->summary);
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
	int status;

	/* warnx() prints this name; argv[0] may be anything. */
	program_invocation_short_name = (char[]){"tcpstate"};
	/* If the reader closes its pipe, write() fails instead. */
	signal(SIGPIPE, SIG_IGN);
	keep_standard_descriptors();
	parse_command(&command, argc, argv);
	status = run(&command.options);
	free(command.options.request.source.files);
	filter_free(&command.options.request.filter);
	return say_status() == STATUS_OK ? status : say_status();
}
