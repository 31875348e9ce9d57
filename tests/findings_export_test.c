/*
 * Tests how a diagnosis is printed for other programs, and that each format
 * escapes names of processes.
 */
#include "diagnosis.h"

static void
test_escape(void)
{
	static const char name[] = "a\033[2J\n\"b\",c\\|\xff";

	reset();
	add(&now, LEAK, CRITICAL, name);
	has(table(), "leak  a\\033[2J\\012\"b\",c\\|\\377 is bad\n",
	    "a name is escaped in a table");
	has(print(findings_table, REPORT_APPEND),
	    "leak a\\033[2J\\012\"b\",c\\|\\377 is bad\n", "in a log");
	has(print(findings_csv, REPORT_ONCE),
	    "\r\ncritical,close-wait-leak,"
	    "\"a\\033[2J\\012\"\"b\"\",c\\|\\377\",",
	    "in csv");
	has(print(findings_json, REPORT_ONCE),
	    "\"summary\":\"a\\u001b[2J\\u000a\\\"b\\\",c\\\\|\\ufffd is bad\"",
	    "in json");
	is(print(findings_nagios, REPORT_ONCE),
	    "TCPSTATE CRITICAL - a\\033[2J\\012\"b\",c\\\\174\\377 is "
	    "bad\n",
	    "and in a plugin's line");
	skip_check(&now, FILES, "/proc/\n");
	has(table(), "fd-limit  /proc/\\012\n", "so is a reason");
}

/* Sets what the other tests print: a critical finding, a note, a value. */
static void
set_example(void)
{
	struct finding *f;

	reset();
	f = add(&now, LEAK, CRITICAL, "java");
	strcpy(f->why, "why");
	strcpy(f->remedy, "close()");
	strcpy(f->next, "ls, or strace");
	f->evidence[0].name = "close_wait";
	f->evidence[0].value = 1200;
	f->evidence[1].name = "fd_limit";
	f->evidence[1].value = UINT64_MAX;
	f->nevidence = 2;
	f->process[0] = (struct owner){1204, "java"};
	f->process[1] = (struct owner){1205, "a\"\n\xff"};
	f->nprocesses = 2;
	add(&now, MINOR, NOTE, "port 80");
	set_value(TIME_WAITS, 18122, 131072);
	set_value(LEAK, 1200, 0);
	skip_check(&now, FILES, "no right");
}

static void
test_json(void)
{
	const char *text;
	size_t len;

	set_example();
	text = print(findings_json, REPORT_ONCE);
	len = strlen(text);
	ok(strchr(text, '\n') == text + len - 1, "json is a line");
	has(text,
	    "{\"time\":\"2026-11-21T10:32:31Z\",\"source\":\"sock_diag\","
	    "\"interval\":3.000000001,\"findings\":[{\"id\":\"close-wait-leak"
	    "\",\"severity\":\"critical\",\"summary\":\"java is bad\","
	    "\"why\":\"why\",\"do\":\"close()\",\"not\":null,"
	    "\"next\":\"ls, or strace\",\"evidence\":{\"close_wait\":1200,"
	    "\"fd_limit\":18446744073709551615},\"processes\":[{\"pid\":1204,"
	    "\"name\":\"java\"},{\"pid\":1205,\"name\":\"a\\\"\\u000a\\ufffd\""
	    "}]},{\"id\":\"refused\",\"severity\":\"note\","
	    "\"summary\":\"port 80 is bad\",\"why\":null,\"do\":null,"
	    "\"not\":null,\"next\":null,\"evidence\":{},\"processes\":[]}],"
	    "\"checks\":[{\"id\":\"ephemeral-ports\",\"status\":\"ok\","
	    "\"reason\":null,\"value\":null,\"limit\":null},",
	    "with findings, and checks");
	has(text,
	    "{\"id\":\"time-wait-limit\",\"status\":\"ok\",\"reason\":null,"
	    "\"value\":18122,\"limit\":131072},"
	    "{\"id\":\"close-wait-leak\",\"status\":\"found\",\"reason\":null,"
	    "\"value\":1200,\"limit\":null},"
	    "{\"id\":\"fd-limit\",\"status\":\"skipped\","
	    "\"reason\":\"no right\",\"value\":null,\"limit\":null},",
	    "and what these saw");
	has(print(findings_json, REPORT_APPEND), "T10:32:31.250Z\"",
	    "in a stream, with milliseconds");
	reset();
	now.interval = 0;
	has(print(findings_json, REPORT_ONCE),
	    "\"interval\":null,\"findings\":[],\"checks\":[",
	    "of one sample there is no interval");
	report.now = NULL;
	is(print(findings_json, REPORT_ONCE), "", "without one, nothing");
}

#define HEADER "severity,id,subject,summary,why,do,not,next\r\n"
#define ROWS(time) \
	time "critical,close-wait-leak,java,java is bad,why,close(),," \
	     "\"ls, or strace\"\r\n" time \
	     "note,refused,port 80,port 80 is bad,,,,\r\n"

static void
test_csv(void)
{
	set_example();
	is(print(findings_csv, REPORT_ONCE), HEADER ROWS(""),
	    "csv: a row for each finding");
	is(print(findings_csv, REPORT_APPEND),
	    "time," HEADER ROWS("2026-11-21T10:32:31.250Z,"),
	    "in a stream, with its time");
	report.before = &before;
	is(print(findings_csv, REPORT_APPEND),
	    ROWS("2026-11-21T10:32:31.250Z,"), "and one header");
	report.before = NULL;
	report.no_header = true;
	is(print(findings_csv, REPORT_ONCE), ROWS(""), "or none");
	reset();
	is(print(findings_csv, REPORT_ONCE), HEADER, "nothing found");
}

static const char *
plugin(void)
{
	return print(findings_nagios, REPORT_ONCE);
}

static void
test_nagios(void)
{
	char name[] = "a";

	set_example();
	is(plugin(),
	    "TCPSTATE CRITICAL - java is bad; 1 check skipped | "
	    "'time-wait-limit'=18122;;;0;131072 'close-wait-leak'=1200;;;0\n",
	    "nagios: what is critical, and values with their limits");
	reset();
	is(plugin(),
	    "TCPSTATE OK - 13 checks of 5,312 sockets: nothing found\n",
	    "nothing found");
	skip_check(&now, FILES, "no right");
	is(plugin(),
	    "TCPSTATE OK - 12 of 13 checks of 5,312 sockets: nothing found, "
	    "1 skipped\n",
	    "as far as it was checked");
	reset();
	add(&now, MINOR, NOTE, "port 80");
	is(plugin(), "TCPSTATE OK - 13 checks: 1 note\n", "notes are OK");
	reset();
	add(&now, PORTS, CRITICAL, "b");
	add(&now, LEAK, WARNING, "c");
	add(&now, MINOR, NOTE, "d");
	omit(&now, LEAK, WARNING, 3);
	is(plugin(), "TCPSTATE CRITICAL - b is bad; c is bad; and 3 more\n",
	    "criticals and warnings, but no notes");
	reset();
	for (; name[0] <= 'l'; name[0]++)
		add(&now, LEAK, WARNING, name);
	has(plugin(), "; j is bad; and 2 more\n", "not more than ten");
	report.error = "sock_diag: no | right";
	has(plugin(),
	    "TCPSTATE UNKNOWN - sock_diag: no \\174 right; a is bad; b is",
	    "an error, and what was found");
	report.now = NULL;
	is(plugin(), "TCPSTATE UNKNOWN - sock_diag: no \\174 right\n",
	    "or only the error");
	report.error = NULL;
	is(plugin(), "TCPSTATE UNKNOWN - nothing was diagnosed\n",
	    "which may not be known");
}

static void
test_prometheus(void)
{
	const char *text;

	set_example();
	add(&now, LEAK, CRITICAL, "perl");
	add(&now, LEAK, WARNING, "sh");
	omit(&now, LEAK, WARNING, 7);
	text = print(findings_prometheus, REPORT_ONCE);
	has(text, "counts\nqueues\n# HELP tcpstate_finding ",
	    "prometheus: first what was counted");
	has(text,
	    "# TYPE tcpstate_finding gauge\n"
	    "tcpstate_finding{id=\"close-wait-leak\",severity=\"critical\"} "
	    "1\n"
	    "tcpstate_finding{id=\"close-wait-leak\",severity=\"warning\"} "
	    "1\n"
	    "tcpstate_finding{id=\"refused\",severity=\"note\"} 1\n#",
	    "1 for each id and severity that has findings");
	has(text,
	    "# TYPE tcpstate_check_value gauge\n"
	    "tcpstate_check_value{id=\"time-wait-limit\"} 18122\n"
	    "tcpstate_check_value{id=\"close-wait-leak\"} 1200\n#",
	    "values that are known");
	has(text,
	    "# TYPE tcpstate_check_limit gauge\n"
	    "tcpstate_check_limit{id=\"time-wait-limit\"} 131072\n#",
	    "limits that are known");
	has(text,
	    "tcpstate_check_skipped{id=\"close-wait-leak\"} 0\n"
	    "tcpstate_check_skipped{id=\"fd-limit\"} 1\n",
	    "and what was skipped");
	report.now = NULL;
	is(print(findings_prometheus, REPORT_ONCE), "",
	    "without a diagnosis, nothing");
}

int
main(void)
{
	test_escape();
	test_json();
	test_csv();
	test_nagios();
	test_prometheus();
	return tap_done();
}
