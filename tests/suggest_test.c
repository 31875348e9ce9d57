/*
 * The nearest of a list of words.
 */
#include "lib/suggest.c"

#include "tap.h"

static const char *const names[] = {"port", "lport", "process", "netns",
    "TIME_WAIT", "CLOSE_WAIT", "ESTABLISHED", "prometheus", "CLOSING",
    "CLOSE"};

/* Returns the nearest name; "" if there is none. */
static const char *
nearest(const char *word)
{
	struct suggestion s = {.word = word, .len = strlen(word)};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		suggest_try(&s, names[i]);
	return s.nearest ? s.nearest : "";
}

static void
is_nearest(const char *word, const char *wanted)
{
	ok(strcmp(nearest(word), wanted) == 0, "'%s' is near to '%s'", word,
	    wanted);
}

int
main(void)
{
	is_nearest("proces", "process");
	is_nearest("processs", "process");
	is_nearest("prucess", "process");
	is_nearest("prot", "port");
	is_nearest("lprot", "lport");
	is_nearest("processes", "process");
	is_nearest("PROCES", "process");
	is_nearest("time-wiat", "TIME_WAIT");
	is_nearest("tmewait", "TIME_WAIT");
	is_nearest("estabilshed", "ESTABLISHED");
	is_nearest("prom", "prometheus");
	is_nearest("close", "CLOSE");
	is_nearest("po", "port");
	is_nearest("clos", "CLOSE");
	is_nearest("closi", "CLOSING");
	is_nearest("p", "");
	is_nearest("", "");
	is_nearest("xy", "");
	is_nearest("nope", "");
	is_nearest("portugal", "");
	is_nearest("a-word-of-more-letters-than-any-name-has", "");

	struct suggestion part = {.word = "netsn,port", .len = 5};

	suggest_try(&part, "netns");
	ok(part.nearest && part.distance == 1,
	    "only the letters of the word count, not what follows");

	struct suggestion two = {.word = "lort", .len = 4};

	suggest_try(&two, "lport");
	suggest_try(&two, "port");
	ok(two.nearest && strcmp(two.nearest, "lport") == 0,
	    "of two names as near as each other, the first");

	struct suggestion alias = {.word = "estb", .len = 4};

	suggest_try(&alias, "ESTABLISHED");
	suggest_try_alias(&alias, "ESTAB", "ESTABLISHED");
	ok(alias.nearest && strcmp(alias.nearest, "ESTABLISHED") == 0,
	    "what is near to an alias stands for the name");
	return tap_done();
}
