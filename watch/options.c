/*
 * The command line: what it may say, and what that means.
 */
#include "watch/options.h"

#include "lib/decimal.h"
#include "lib/output.h"
#include "lib/say.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define VERSION "0.1.0"

/* Intervals in nanoseconds: from a hundredth of a second to a year. */
#define DELAY_MIN INT64_C(10000000)
#define DELAY_MAX INT64_C(31536000000000000)
#define NUMBER_MAX UINT64_C(1000000000)

static const char synopsis[] =
    "usage: tcpstate [-46aHlnpPstvwz] [-b key[,key...]] [-f file] [-N netns]\n"
    "                [-o format] [--all-netns] [--byte-order=order] "
    "[--proc=dir]\n"
    "                [--source=source]\n"
    "                [--state=list] [--port=list] [--lport=list] "
    "[--rport=list]\n"
    "                [--addr=list] [--laddr=list] [--raddr=list]\n"
    "                [--warn=state=range] [--crit=state=range] "
    "[--top=number]\n"
    "                [delay [count]]\n"
    "       tcpstate -h | -V\n";

static const char help[] =
    "\n"
    "Counts TCP sockets by state.\n"
    "\n"
    "  -s, --summary       totals of all states; the default\n"
    "  -b, --by=key[,...]  a row for each of these: port (of a service), "
    "lport,\n"
    "                      rport, laddr, raddr, rnet (/24, /48), family, "
    "user,\n"
    "                      process (pid and command), netns\n"
    "  -l, --listeners     a row for each listening socket, with its queue "
    "and "
    "what\n"
    "                      came in by it\n"
    "  -P, --ports         short for --by=port\n"
    "  -p, --processes     short for --by=process\n"
    "      --top=number    only that many rows, and one for the rest\n"
    "  -w, --watch         a sample every second; what changed beside it\n"
    "  delay [count]       a sample every delay seconds (0.5 is fine),\n"
    "                      count of them\n"
    "  -f, --file=file     count a saved /proc/net/tcp or tcp6, - for stdin;\n"
    "                      may be repeated\n"
    "      --state=list    only these states, by any of their names; all,\n"
    "                      connected, synchronized, bucket or big; not "
    "!STATE\n"
    "      --port=list     only these ports, at either end; also 8000-8099, "
    "http\n"
    "      --lport, --rport=list  the same of the local port, the peer's\n"
    "      --addr=list     only these addresses, at either end; also "
    "10.0.0.0/8\n"
    "      --laddr, --raddr=list  the same of the local address, the peer's\n"
    "  -4, --ipv4          only sockets of family tcp\n"
    "  -6, --ipv6          only sockets of family tcp6\n"
    "  -o, --format=format table, json, csv, prometheus, what an awk "
    "one-liner\n"
    "                      prints behind netstat -n (netstat) or ss -nat "
    "(ss),\n"
    "                      or a monitoring plugin's status line (nagios)\n"
    "      --warn, --crit=state=range  a count that is too much, or too "
    "little:\n"
    "                      1000 (above), 5: (below), 5:100 (outside), @5:100\n"
    "                      (inside); of a state, or TOTAL\n"
    "  -H, --no-header     without a header\n"
    "  -z, --all-states    all eleven states in a breakdown\n"
    "  -N, --netns=netns   of that network namespace: a name, as for ip "
    "netns, "
    "a\n"
    "                      process's by its pid, or a path\n"
    "      --all-netns     of all that some process lives in, a row for each\n"
    "      --proc=dir      another /proc: of a container's host, or a copy\n"
    "      --byte-order=order  little or big: of the machine that a file or "
    "copy is\n"
    "                      from, where it does not show that\n"
    "      --source=source sock_diag, proc, or auto: sock_diag, and /proc if\n"
    "                      that fails; the default\n"
    "  -v, --verbose       tell of the source, its rows and time\n"
    "  -a, -n, -t          as for ss and netstat; change nothing\n"
    "  -h, --help          this text\n"
    "  -V, --version       the version\n"
    "\n"
    "Exit status: 0 all well, 1 could not read or write, 2 wrong usage; with\n"
    "--warn, --crit or -o nagios: 0 ok, 1 warning, 2 critical, 3 unknown.\n";

__attribute__((noreturn)) static void
fail_at_once(int error)
{
	failure(NULL, "%s", strerror(error));
	exit(say_status());
}

__attribute__((noreturn)) static void
print_and_exit(const char *text, const char *more)
{
	FILE *out = output_open();
	int error = out ? 0 : errno;

	if (out) {
		fputs(text, out);
		fputs(more, out);
		error = output_close(out);
	}
	if (error)
		failure(NULL, "standard output: %s", strerror(error));
	exit(say_status());
}

/* A whole number from 1 to max; false if text is none. */
static bool
parse_number(const char *text, uint64_t max, uint64_t *number)
{
	const char *end = text + strlen(text);

	return decimal(text, end, max, number) == end && *number >= 1;
}

/* Seconds, fractions allowed, as nanoseconds; false if out of bounds. */
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

/* Options without a letter; the lists of ports and addresses by their end. */
enum {
	OPT_FIRST_LONG = 256,
	OPT_ALL_NETNS = OPT_FIRST_LONG,
	OPT_BYTE_ORDER,
	OPT_CRIT,
	OPT_PROC,
	OPT_SOURCE,
	OPT_STATE,
	OPT_TOP,
	OPT_WARN,
	OPT_PORT,
	OPT_ADDR = OPT_PORT + NENDS,
};

static const char short_options[] = ":46ab:f:hHlnN:o:pPstvVwz";

static const struct option long_options[] = {
    {"addr", required_argument, NULL, OPT_ADDR + END_EITHER},
    {"all", no_argument, NULL, 'a'},
    {"all-netns", no_argument, NULL, OPT_ALL_NETNS},
    {"all-states", no_argument, NULL, 'z'},
    {"by", required_argument, NULL, 'b'},
    {"byte-order", required_argument, NULL, OPT_BYTE_ORDER},
    {"crit", required_argument, NULL, OPT_CRIT},
    {"file", required_argument, NULL, 'f'},
    {"format", required_argument, NULL, 'o'},
    {"help", no_argument, NULL, 'h'},
    {"ipv4", no_argument, NULL, '4'},
    {"ipv6", no_argument, NULL, '6'},
    {"laddr", required_argument, NULL, OPT_ADDR + END_LOCAL},
    {"listeners", no_argument, NULL, 'l'},
    {"lport", required_argument, NULL, OPT_PORT + END_LOCAL},
    {"netns", required_argument, NULL, 'N'},
    {"no-header", no_argument, NULL, 'H'},
    {"numeric", no_argument, NULL, 'n'},
    {"port", required_argument, NULL, OPT_PORT + END_EITHER},
    {"ports", no_argument, NULL, 'P'},
    {"proc", required_argument, NULL, OPT_PROC},
    {"processes", no_argument, NULL, 'p'},
    {"raddr", required_argument, NULL, OPT_ADDR + END_REMOTE},
    {"rport", required_argument, NULL, OPT_PORT + END_REMOTE},
    {"source", required_argument, NULL, OPT_SOURCE},
    {"state", required_argument, NULL, OPT_STATE},
    {"summary", no_argument, NULL, 's'},
    {"tcp", no_argument, NULL, 't'},
    {"top", required_argument, NULL, OPT_TOP},
    {"verbose", no_argument, NULL, 'v'},
    {"version", no_argument, NULL, 'V'},
    {"warn", required_argument, NULL, OPT_WARN},
    {"watch", no_argument, NULL, 'w'},
    {NULL, 0, NULL, 0},
};

/*
 * Names the word that getopt_long() did not take.  It tells which option that
 * is, if it knows it, but not how it was written.
 */
static void
bad_option(char **argv, int answer)
{
	const char *word = argv[optind - 1];
	char letter[] = {'-', (char)optopt, '\0'};
	bool known = optopt >= OPT_FIRST_LONG;

	for (size_t i = 0; long_options[i].name; i++)
		known |= long_options[i].val == optopt;
	if (answer == ':')
		misuse("option '%s' needs an argument",
		    strncmp(word, "--", 2) == 0 ? word : letter);
	if (known)
		misuse("option '%s' takes no argument", word);
	misuse("unknown option '%s'", optopt != 0 ? letter : word);
}

static void
parse_operands(struct options *o, int argc, char **argv)
{
	if (argc > 0) {
		o->watch = true;
		if (!parse_delay(argv[0], &o->delay))
			misuse("'%s' is no delay of 0.01 to 31536000 seconds",
			    argv[0]);
	}
	if (argc > 1 && !parse_number(argv[1], NUMBER_MAX, &o->count))
		misuse("'%s' is no count of samples", argv[1]);
	if (argc > 2)
		misuse("'%s' is one word too many", argv[2]);
}

/*
 * Whether the exit status is to be a monitoring plugin's, also if some option
 * is wrong: thresholds and the format are looked for before all others.
 */
static void
look_for_plugin(struct options *o, int argc, char **argv)
{
	const struct format *format = NULL, *found;
	int opt;

	opterr = 0;
	while ((opt = getopt_long(
		    argc, argv, short_options, long_options, NULL)) != -1) {
		if (opt == ':') /* its argument is missing */
			opt = optopt;
		o->plugin |= opt == OPT_WARN || opt == OPT_CRIT;
		found = opt == 'o' && optarg ? format_find(optarg) : NULL;
		if (found)
			format = found;
	}
	optind = 0; /* once more */
	o->plugin |= format && format->plugin;
	if (o->plugin)
		say_as_plugin(
		    format && format->plugin ? "TCPSTATE UNKNOWN" : NULL);
}

/* What options can only mean together. */
static void
check_options(const struct options *o, bool summary)
{
	if (summary && o->request.by)
		misuse("'-s' excludes a breakdown, as by '--by'");
	if (o->top > 0 && !o->request.by)
		misuse("'--top' needs a breakdown, such as '--by'");
	if (o->request.by && o->request.nfiles > 0 &&
	    (o->request.by->needs_processes || o->request.by->needs_netns))
		misuse("'%s' is not to be had from files",
		    o->request.by->needs_netns ? "netns" : "process");
	if (o->request.by && !o->format->groups)
		misuse("format '%s' cannot show a breakdown", o->format->name);
	if (o->watch && o->format->once)
		misuse("format '%s' cannot be watched", o->format->name);
	for (size_t i = 0; o->watch && i < o->request.nfiles; i++)
		if (strcmp(o->request.files[i], "-") == 0)
			misuse("'-f -' can be read only once, not watched");
}

static void
set_threshold(struct options *o, enum level level, const char *text)
{
	if (!thresholds_set(&o->thresholds, level, text))
		misuse("'%s' is no STATE=RANGE, such as TIME_WAIT=1000, "
		       "TOTAL=5: or ESTAB=5:100",
		    text);
}

/* Keys of a breakdown: -b, -P and -p add up. */
static void
set_keys(struct options *o, const char *list)
{
	size_t len;
	const char *wrong = key_parse(&o->keys, list, &len);

	if (wrong)
		misuse("'%.*s' in '%s' is no key, or there twice", (int)len,
		    wrong, list);
	o->request.by = &o->keys;
}

/* A row for each listener: what they can be combined with. */
static void
set_listeners(struct options *o)
{
	if (!key_goes_with_listeners(&o->keys))
		misuse("'--listeners' can have '--processes' and 'netns' "
		       "beside it, and no other key");
	key_put_listener(&o->keys);
	o->request.by = &o->keys;
}

/* Where to look: what excludes what, and what follows from it. */
static void
set_place(struct options *o)
{
	struct sample_request *request = &o->request;
	const char *proc_root = secure_getenv("PROC_ROOT");
	const char *netns = request->netns;

	if (request->nfiles > 0 &&
	    (request->proc || netns || request->all_netns))
		misuse("'--file' excludes '--netns', '--all-netns' and "
		       "'--proc'");
	if (netns && request->all_netns)
		misuse("'--netns' and '--all-netns' exclude each other");
	if (netns && *netns == '\0')
		misuse("'' is no network namespace");
	if (!request->proc && proc_root && *proc_root != '\0' &&
	    request->nfiles == 0 && request->source != SOURCE_SOCK_DIAG)
		request->proc = proc_root;
	if (request->all_netns && !o->keys.needs_netns) {
		key_put_netns(&o->keys);
		request->by = &o->keys;
	}
	if (request->order != ORDER_UNKNOWN && !request->proc &&
	    request->nfiles == 0)
		misuse("'--byte-order' needs '--file' or '--proc'");
	if (!request->proc)
		return;
	if (request->source == SOURCE_SOCK_DIAG)
		misuse("sock_diag cannot look into '%s'", request->proc);
	if (netns && netns[strspn(netns, "0123456789")] != '\0')
		misuse("in '%s' there are namespaces of processes only, not "
		       "'%s'",
		    request->proc, netns);
	request->source = SOURCE_PROC;
}

/* The families that are asked for; all, if none is. */
static void
set_families(struct options *o, const bool only[NFAMILIES])
{
	for (unsigned f = 0; f < NFAMILIES; f++)
		o->request.filter.family[f] =
		    only[f] || (!only[FAMILY_TCP] && !only[FAMILY_TCP6]);
	o->request.needs_ipv6 = only[FAMILY_TCP6];
}

/* A list of the filter's; the option it belongs to says which. */
static void
set_filter(struct options *o, int opt, const char *list)
{
	struct filter *filter = &o->request.filter;
	const char *wrong;
	size_t len;

	if (opt == OPT_STATE)
		wrong = filter_states(filter, list, &len);
	else if (opt >= OPT_ADDR)
		wrong = filter_addrs(
		    filter, (enum filter_end)(opt - OPT_ADDR), list, &len);
	else
		wrong = filter_ports(
		    filter, (enum filter_end)(opt - OPT_PORT), list, &len);
	if (wrong && errno == ENOMEM)
		fail_at_once(ENOMEM);
	if (wrong)
		misuse("'%.*s' in '%s' is no %s", (int)len, wrong, list,
		    opt == OPT_STATE	  ? "state"
			: opt >= OPT_ADDR ? "address"
					  : "port");
}

static void
read_options(struct options *o, int argc, char **argv)
{
	bool only[NFAMILIES] = {false};
	bool summary = false, listeners = false;
	uint64_t number;
	int opt;

	while ((opt = getopt_long(
		    argc, argv, short_options, long_options, NULL)) != -1) {
		switch (opt) {
		case '4':
		case '6':
			only[opt == '6'] = true;
			break;
		case 'a':
		case 'n':
		case 't':
			break;
		case 'f':
			o->request.files[o->request.nfiles++] = optarg;
			break;
		case 'h':
			print_and_exit(synopsis, help);
		case 'H':
			o->no_header = true;
			break;
		case 'o':
			o->format = format_find(optarg);
			if (!o->format)
				misuse("unknown format '%s'", optarg);
			break;
		case 'l':
			listeners = true;
			break;
		case 'b':
			set_keys(o, optarg);
			break;
		case 'p':
			set_keys(o, "process");
			break;
		case 'P':
			set_keys(o, "port");
			break;
		case 's':
			summary = true;
			break;
		case 'N':
			o->request.netns = optarg;
			break;
		case OPT_ALL_NETNS:
			o->request.all_netns = true;
			break;
		case OPT_BYTE_ORDER:
			if (!byte_order_find(optarg, &o->request.order))
				misuse("unknown byte order '%s'", optarg);
			break;
		case OPT_PROC:
			o->request.proc = optarg;
			break;
		case OPT_SOURCE:
			if (!sample_find_source(optarg, &o->request.source))
				misuse("unknown source '%s'", optarg);
			break;
		case OPT_TOP:
			if (!parse_number(optarg, NUMBER_MAX, &number))
				misuse("'%s' is no number of rows", optarg);
			o->top = (size_t)number;
			break;
		case 'v':
			o->request.verbose = true;
			break;
		case 'V':
			print_and_exit("tcpstate " VERSION "\n", "");
		case 'w':
			o->watch = true;
			break;
		case 'z':
			o->all_states = true;
			break;
		case OPT_WARN:
			set_threshold(o, LEVEL_WARNING, optarg);
			break;
		case OPT_CRIT:
			set_threshold(o, LEVEL_CRITICAL, optarg);
			break;
		case OPT_STATE:
		case OPT_PORT + END_EITHER:
		case OPT_PORT + END_LOCAL:
		case OPT_PORT + END_REMOTE:
		case OPT_ADDR + END_EITHER:
		case OPT_ADDR + END_LOCAL:
		case OPT_ADDR + END_REMOTE:
			set_filter(o, opt, optarg);
			break;
		default:
			bad_option(argv, opt);
		}
	}
	parse_operands(o, argc - optind, argv + optind);
	set_families(o, only);
	if (listeners)
		set_listeners(o);
	set_place(o);
	check_options(o, summary);
}

void
options_parse(struct options *o, int argc, char **argv)
{
	*o = (struct options){
	    .format = format_find("table"),
	    .delay = 1000000000,
	};
	look_for_plugin(o, argc, argv);
	filter_init(&o->request.filter);
	o->request.files = calloc((size_t)argc, sizeof(*o->request.files));
	if (!o->request.files)
		fail_at_once(ENOMEM);
	read_options(o, argc, argv);
}

void
options_free(struct options *o)
{
	free(o->request.files);
	filter_free(&o->request.filter);
}
