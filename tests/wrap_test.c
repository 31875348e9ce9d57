/*
 * Tests where lines are broken.
 */
#include "lib/wrap.c"

#include "tap.h"

/* Whether the lines of text, of width columns, are those, with | after each.
 */
static bool
makes(size_t (*wrap)(const char *, size_t), const char *text, size_t width,
    const char *wanted)
{
	char got[256] = "", *to = got;

	do {
		size_t len = wrap(text, width);

		memcpy(to, text, len);
		to = stpcpy(to + len, "|");
		text = wrap_next(text + len);
	} while (*text != '\0');
	if (strcmp(got, wanted) != 0)
		printf("# %s\n", got);
	return strcmp(got, wanted) == 0;
}

int
main(void)
{
	const char *commands = "ss -tn; cat /proc/net/tcp; ls";

	ok(makes(wrap_words, "", 5, "|"), "no text is a line");
	ok(makes(wrap_words, "one two", 7, "one two|"), "what fits is one");
	ok(makes(wrap_words, "one two", 6, "one|two|"), "else it is broken");
	ok(makes(wrap_words, "one two", 3, "one|two|"), "at a blank");
	ok(makes(wrap_words, "one  two", 4, "one |two|"), "or several");
	ok(makes(wrap_words, "abcdefg hi", 3, "abc|def|g|hi|"),
	    "a longer word is broken");
	ok(makes(wrap_words, "abc", 1, "a|b|c|"), "even in one column");
	ok(makes(wrap_words, "\u00e9\u00e9\u00e9", 2, "\u00e9\u00e9|\u00e9|"),
	    "between characters");
	ok(makes(
	       wrap_commands, commands, 40, "ss -tn; cat /proc/net/tcp; ls|"),
	    "commands that fit");
	ok(makes(
	       wrap_commands, commands, 12, "ss -tn;|cat /proc/net/tcp;|ls|"),
	    "are broken between them only");
	ok(wrap_lines("one two three", 7) == 2 && wrap_lines("", 7) == 1,
	    "lines are counted");
	return tap_done();
}
