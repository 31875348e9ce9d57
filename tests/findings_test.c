/*
 * Tests how a diagnosis is printed as a table, on a screen and in a log.
 */
#include "diagnosis.h"

static void
test_grouped(void)
{
	static const struct {
		uint64_t n;
		const char *text;
	} cases[] = {
	    {0, "0"},
	    {999, "999"},
	    {1000, "1,000"},
	    {131072, "131,072"},
	    {1000000, "1,000,000"},
	    {UINT64_MAX, "18,446,744,073,709,551,615"},
	};
	char text[27];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		append_grouped(text, cases[i].n);
		is(text, cases[i].text, cases[i].text);
	}
}

/* Adds the example of the manual. */
static void
add_example(void)
{
	struct finding *f = add(&now, PORTS, CRITICAL, "10.0.0.5");

	strcpy(f->summary, "10.0.0.5 -> 10.0.0.9:3306 has used 28,110 ports");
	strcpy(f->why, "connect() fails when none is left");
	strcpy(f->remedy, "keep connections open");
	strcpy(f->no_remedy, "tcp_fin_timeout");
	strcpy(f->next, "tcpstate -b dst");
	strcpy(add(&now, LEAK, WARNING, "java")->next, "tcpstate -p");
}

static void
test_table(void)
{
	reset();
	is(table(), "13 checks of 5,312 sockets: nothing found\n",
	    "nothing found");
	add_example();
	is(table(),
	    "CRITICAL  ephemeral-ports  10.0.0.5 -> 10.0.0.9:3306 has used "
	    "28,110 ports\n"
	    "          Why   connect() fails when none is left\n"
	    "          Do    keep connections open\n"
	    "          Not   tcp_fin_timeout\n"
	    "          Next  tcpstate -b dst\n"
	    "WARNING   close-wait-leak  java is bad\n"
	    "          Next  tcpstate -p\n"
	    "13 checks: 1 critical, 1 warning\n",
	    "findings, without the texts that are empty");
	report.colour = true;
	has(table(), "\033[1;31mCRITICAL\033[0m  ephemeral",
	    "critical is red");
	has(table(), "\033[1;33mWARNING\033[0m   close",
	    "a warning is yellow");
	reset();
	report.colour = true;
	add(&now, MINOR, NOTE, "port 80");
	has(table(), "NOTE      refused  port 80", "a note has no colour");
	report.now = NULL;
	is(table(), "", "without a diagnosis there is no table");
}

static void
test_conclusions(void)
{
	static const struct {
		size_t number[NSEVERITIES], skipped, minor, sockets;
		const char *text;
	} cases[] = {
	    {{0}, 0, 0, 1, "13 checks of 1 socket: nothing found"},
	    {{0}, 2, 0, 5312,
		"11 of 13 checks of 5,312 sockets: nothing found, 2 skipped"},
	    {{0}, 0, 1, 5312,
		"13 checks of 5,312 sockets: nothing found, 1 minor check "
		"skipped"},
	    {{0}, 1, 7, 5312,
		"12 of 13 checks of 5,312 sockets: nothing found, 1 skipped, "
		"7 minor checks skipped"},
	    {{0, 1, 0, 0}, 0, 0, 0, "13 checks: 1 note"},
	    {{0, 2, 0, 0}, 0, 0, 0, "13 checks: 2 notes"},
	    {{0, 0, 1, 0}, 2, 0, 0, "11 of 13 checks: 1 warning, 2 skipped"},
	    {{0, 0, 2, 0}, 0, 0, 0, "13 checks: 2 warnings"},
	    {{0, 0, 0, 1}, 0, 0, 0, "13 checks: 1 critical"},
	    {{0, 0, 0, 1200}, 0, 0, 0, "13 checks: 1,200 critical"},
	    {{0, 1, 1, 0}, 0, 0, 0, "13 checks: 1 warning, 1 note"},
	    {{0, 3, 0, 1}, 0, 0, 0, "13 checks: 1 critical, 3 notes"},
	    {{0, 0, 2, 2}, 0, 0, 0, "13 checks: 2 critical, 2 warnings"},
	    {{0, 1, 2, 3}, 0, 2, 0,
		"13 checks: 3 critical, 2 warnings, 1 note, "
		"2 minor checks skipped"},
	};
	findings_line line;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		reset();
		memcpy(now.number, cases[i].number, sizeof(now.number));
		now.sockets = cases[i].sockets;
		for (size_t n = 0; n < cases[i].skipped; n++)
			skip_check(&now, n, "no right");
		for (size_t n = 0; n < cases[i].minor; n++)
			skip_check(&now, CHECKS + n, "no right");
		findings_conclude(&now, line);
		is(line, cases[i].text, cases[i].text);
	}
}

static void
test_more_lines(void)
{
	reset();
	add(&now, LEAK, WARNING, "java");
	add(&now, TIME_WAITS, WARNING, "this host");
	add(&now, LEAK, WARNING, "perl");
	omit(&now, LEAK, WARNING, 1012);
	skip_check(&now, FILES, "needs root for other users' processes");
	is(table(),
	    "WARNING   close-wait-leak  java is bad\n"
	    "WARNING   time-wait-limit  this host is bad\n"
	    "WARNING   close-wait-leak  perl is bad\n"
	    "          and 1,012 more like these\n"
	    "skipped   fd-limit  needs root for other users' processes\n"
	    "12 of 13 checks: 1,015 warnings, 1 skipped\n",
	    "omitted findings are counted after the last of their check");
	add(&now, FILES, WARNING, "nginx");
	has(table(),
	    "WARNING   fd-limit  nginx is bad\n"
	    "skipped   fd-limit  needs",
	    "a check that was skipped in part has findings too");

	reset();
	set_value(TIME_WAITS, 18122, 131072);
	set_value(LEAK, 1200, 0);
	skip_check(&now, FILES, "no right");
	report.verbose = true;
	has(table(),
	    "skipped   fd-limit  no right\n"
	    "ok        ephemeral-ports\n"
	    "ok        time-wait-limit  18,122 of 131,072 sockets\n"
	    "ok        close-wait-leak  1,200 ports\n"
	    "ok        other\n",
	    "verbose: checks that found nothing, with value and limit");
	add(&now, PORTS, NOTE, "a");
	ok(!strstr(table(), "ok        ephemeral"), "but no others");
}

/* Returns the length of the longest line, and how many lines there are. */
static size_t
longest(const char *text, size_t *lines)
{
	size_t max = 0;

	for (*lines = 0; *text != '\0'; ++*lines) {
		size_t len = strcspn(text, "\n");

		max = len > max ? len : max;
		text += len + (text[len] == '\n');
	}
	return max;
}

#define EIGHT "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
#define NINE EIGHT "\u00e9"

static void
test_wrap(void)
{
	struct finding *f;
	size_t lines;
	bool good = true;

	reset();
	f = add(&now, PORTS, CRITICAL, "a");
	strcpy(f->summary, "one two three four five six");
	strcpy(f->why, "seven eight nine ten abcdefghijklmnopqrstuvwxyz");
	report.width = 44;
	is(table(),
	    "CRITICAL  ephemeral-ports  one two three\n"
	    "                           four five six\n"
	    "          Why   seven eight nine ten\n"
	    "                abcdefghijklmnopqrstuvwxyz\n"
	    "13 checks: 1 critical\n",
	    "long texts continue in their column");
	report.width = 32;
	is(table(),
	    "CRITICAL  ephemeral-ports\n"
	    "          one two three four\n"
	    "          five six\n"
	    "          Why   seven eight nine\n"
	    "                ten\n"
	    "                abcdefghijklmnop\n"
	    "                qrstuvwxyz\n"
	    "13 checks: 1 critical\n",
	    "or in the next line, and long words are cut");
	strcpy(f->why, NINE NINE);
	report.width = INDENT + LABEL_WIDTH + 17;
	has(table(), "Why   " NINE EIGHT "\n                \u00e9\n",
	    "between characters, whatever bytes they have");
	memset(f->why, 'x', sizeof(f->why) - 1);
	memset(f->summary, '\001', sizeof(f->summary) - 1);
	for (unsigned width = 26; width <= 200; width++) {
		report.width = width;
		good &= longest(table(), &lines) <= width;
	}
	ok(good, "no line is longer than the terminal is wide");
	report.width = 20;
	is(print(findings_table, REPORT_SCREEN), "no room\n",
	    "a terminal may be too narrow");
}

static const char *
screen(unsigned height)
{
	report.height = height;
	return print(findings_table, REPORT_SCREEN);
}

static void
begin_screen(void)
{
	reset();
	report.width = 80;
	add_example();
	strcpy(add(&now, LEAK, WARNING, "perl")->why, "because");
	skip_check(&now, FILES, "no right");
}

static void
test_heights(void)
{
	size_t lines;
	bool good = true;

	begin_screen();
	for (unsigned height = 1; height <= 30; height++) {
		const char *text = screen(height);

		bool finding = strncmp(text, "CRITICAL", 8) == 0;
		bool last = strstr(text,
		    "12 of 13 checks: 1 critical, 2 warnings, 1 skipped\n");

		good &= longest(text, &lines) <= 80 && lines <= height &&
		    (finding || last) && (last || height < 6);
	}
	ok(good,
	    "a screen has no more lines, and a finding, the last, or "
	    "both");
	report.verbose = true;
	for (unsigned height = 1; height <= 40; height++) {
		longest(screen(height), &lines);
		good &= lines <= height;
	}
	ok(good && lines == 28, "nor have checks that found nothing");
}

static void
test_screen(void)
{
	begin_screen();
	is(screen(1), "12 of 13 checks: 1 critical, 2 warnings, 1 skipped\n",
	    "it may be the only one");
	is(screen(3),
	    "CRITICAL  ephemeral-ports  10.0.0.5 -> 10.0.0.9:3306 has used "
	    "28,110 ports\n"
	    "          and 3 more\n"
	    "12 of 13 checks: 1 critical, 2 warnings, 1 skipped\n",
	    "a low one has the first findings");
	is(screen(5),
	    "CRITICAL  ephemeral-ports  10.0.0.5 -> 10.0.0.9:3306 has used "
	    "28,110 ports\n"
	    "WARNING   close-wait-leak  java is bad\n"
	    "WARNING   close-wait-leak  perl is bad\n"
	    "skipped   fd-limit  no right\n"
	    "12 of 13 checks: 1 critical, 2 warnings, 1 skipped\n",
	    "then all, by their summary");
	is(screen(10),
	    "CRITICAL  ephemeral-ports  10.0.0.5 -> 10.0.0.9:3306 has used "
	    "28,110 ports\n"
	    "          Why   connect() fails when none is left\n"
	    "          Do    keep connections open\n"
	    "          Not   tcp_fin_timeout\n"
	    "          Next  tcpstate -b dst\n"
	    "WARNING   close-wait-leak  java is bad\n"
	    "          Next  tcpstate -p\n"
	    "WARNING   close-wait-leak  perl is bad\n"
	    "skipped   fd-limit  no right\n"
	    "12 of 13 checks: 1 critical, 2 warnings, 1 skipped\n",
	    "then the first in full");
	has(screen(11), "Why   because\n", "and then all");
	report.width = 40;
	has(screen(30),
	    "\n12 of 13 checks: 1 critical, 2 warnings,\n1 skipped\n",
	    "a last line that is too long is wrapped");
}

static const char *
next_log(void)
{
	report.before = &before;
	return print(findings_table, REPORT_APPEND);
}

#define TIME "2026-11-21T10:32:31+00:00 "

static void
test_log(void)
{
	reset();
	is(print(findings_table, REPORT_APPEND),
	    TIME "OK 13 checks of 5,312 sockets: nothing found\n",
	    "a log begins with a line, even if nothing was found");
	is(next_log(), "", "and has none if nothing changed");
	reset();
	add(&now, PORTS, CRITICAL, "a");
	skip_check(&now, FILES, "no right");
	is(print(findings_table, REPORT_APPEND),
	    TIME "CRITICAL ephemeral-ports a is bad\n" TIME
		 "SKIPPED fd-limit no right\n",
	    "or with the findings and skipped checks");
	is(next_log(),
	    TIME "CRITICAL ephemeral-ports a is bad\n" TIME
		 "SKIPPED fd-limit no right\n",
	    "those that appear later have a line");
	before = now;
	strcpy(now.finding[0]->summary, "a is as bad");
	is(next_log(), "", "but not again");
}

static void
test_log_gone(void)
{
	reset();
	add(&before, PORTS, WARNING, "a");
	add(&before, PORTS, WARNING, "b");
	add(&before, LEAK, NOTE, "");
	add(&now, PORTS, CRITICAL, "a");
	is(next_log(),
	    TIME "OK ephemeral-ports b\n" TIME "OK close-wait-leak\n" TIME
		 "CRITICAL ephemeral-ports a is bad\n",
	    "findings that go, and those that change their severity");

	reset();
	add(&before, FILES, WARNING, "a");
	skip_check(&now, FILES, "no right");
	is(next_log(), TIME "SKIPPED fd-limit no right\n",
	    "a finding has not gone if its check is skipped");
	skip_check(&before, FILES, "no right");
	is(next_log(), TIME "OK fd-limit a\n",
	    "unless it was found by such a check");
	reset();
	skip_check(&before, FILES, "no right");
	is(next_log(), TIME "CHECKED fd-limit no longer skipped\n",
	    "a check that is no longer skipped");
}

static void
test_log_omitted(void)
{
	reset();
	add(&before, LEAK, WARNING, "a");
	add(&now, LEAK, WARNING, "b");
	omit(&now, LEAK, WARNING, 12);
	is(next_log(),
	    TIME "WARNING close-wait-leak b is bad\n" TIME
		 "WARNING close-wait-leak and 12 more like these\n",
	    "omitted findings have a line; others may be among them");
	omit(&before, LEAK, WARNING, 7);
	is(next_log(), "", "but not each time that there are more");
	omit(&now, LEAK, CRITICAL, 3);
	is(next_log(), TIME "CRITICAL close-wait-leak and 3 more like these\n",
	    "unless they are worse now");
	reset();
	add(&before, LEAK, WARNING, "a");
	omit(&before, LEAK, WARNING, 7);
	is(next_log(),
	    TIME "OK close-wait-leak a\n" TIME
		 "OK close-wait-leak and 7 more\n",
	    "when they go, they have one too");
}

int
main(void)
{
	test_grouped();
	test_table();
	test_conclusions();
	test_more_lines();
	test_wrap();
	test_heights();
	test_screen();
	test_log();
	test_log_gone();
	test_log_omitted();
	return tap_done();
}
