/*
 * Fuzzes what reads a copy of a proc, of which every file may be hostile.
 *
 * The first byte of an input chooses the options, the rest describes files
 * (see files.h): of a whole proc or, with BASE, in place of those of
 * files.txt.
 */
#include "tests/fuzz/files.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/sandbox_calls.h"

/* Words have a blank between them. */
static const char *const options[] = {
    "-s",
    "-s -o json -v",
    "-p",
    "-p -o csv",
    "-b unit,command",
    "-b unit,user -o json",
    "-b process,raddr,rport -o prometheus",
    "-lp",
    "-l -b unit -o prometheus",
    "-l -o nagios --warn total=1",
    "-P",
    "-P -o json",
    "-b timer,retransmits,user,family",
    "-d",
    "-d -v",
    "-d -o json",
    "-d -o csv",
    "-d -o prometheus",
    "-d -o nagios",
    "-d --baseline proc/1",
    "-d --baseline old",
    "--explain",
    "--explain=time-wait",
    "--explain=listen",
    "-o netstat",
    "-o ss",
    "--baseline old -b raddr",
    "-N 1",
    "--all-netns",
    "-b netns,port",
    "--byte-order=big -b laddr",
    "--raddr=10.0.0.0/8 -p 1 3",
};

enum { NOPTIONS = sizeof(options) / sizeof(options[0]), WORDS_MAX = 16 };
enum { BASE = 128 };

/* A run that ends early frees nothing. */
const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	sandbox_init();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	char name[] = "tcpstate", proc[] = "--proc=proc", words[128];
	char *argv[WORDS_MAX + 3] = {name, proc};
	struct run run;
	int argc = 2;

	if (size == 0)
		return 0;
	if (*data & BASE)
		files_make_all();
	files_make("proc", text + 1, text + size);
	strcpy(words, options[*data % BASE % NOPTIONS]);
	for (char *p = strtok(words, " "); p; p = strtok(NULL, " "))
		argv[argc++] = p;
	argv[argc] = NULL;
	sandbox_reset();
	run = sandbox_run(argc, argv);
	sandbox_check(&run, false);
	files_remove("proc");
	return 0;
}
