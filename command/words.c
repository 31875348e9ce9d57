/*
 * Finds words in lists, and makes the messages about those that are wrong.
 */
#include "command/words.h"

#include "lib/say.h"
#include "lib/suggest.h"
#include "lib/text.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

int
word_find(const char *word, size_t len, word_at *at)
{
	for (size_t i = 0; at(i); i++)
		if (strlen(at(i)) == len && strncasecmp(at(i), word, len) == 0)
			return (int)i;
	return -1;
}

/* Prints the word and, if it is one of a list, the list. */
static void
print_wrong(FILE *out, const struct wrong_word *w)
{
	fprintf(out, "%s '%.*s'", w->what, (int)w->len, w->word);
	if (strchr(w->list, ',') && !memchr(w->word, ',', w->len))
		fprintf(out, " in '%s'", w->list);
}

/* Prints the nearest word, and all of them. */
static void
print_right(FILE *out, const struct wrong_word *w, word_at *at)
{
	struct suggestion near = {.word = w->word, .len = w->len};
	const char *alias, *means;

	for (size_t i = 0; at(i); i++)
		suggest_try(&near, at(i));
	for (size_t i = 0; w->alias && (alias = w->alias(i, &means)); i++)
		suggest_try_alias(&near, alias, means);
	if (near.nearest)
		fprintf(out, "; did you mean '%s'?", near.nearest);
	fprintf(out, " (%ss: ", w->what);
	for (size_t i = 0; at(i); i++)
		fprintf(out, "%s%s", i > 0 ? ", " : "", at(i));
	fputc(')', out);
}

/* Reports a word, with the words of at(), or else what was expected. */
__attribute__((noreturn)) static void
report(const char *problem, const struct wrong_word *w, word_at *at,
    const char *expected)
{
	struct text text;
	char *message;

	if (!text_open(&text))
		fail_at_once(errno);
	fprintf(text.out, "%s ", problem);
	print_wrong(text.out, w);
	if (at)
		print_right(text.out, w, at);
	else
		fprintf(text.out, ": expected %s", expected);
	message = text_close(&text);
	if (!message)
		fail_at_once(ENOMEM);
	misuse("%s", message);
}

void
word_unknown(const struct wrong_word *wrong, word_at *at)
{
	report("unknown", wrong, at, NULL);
}

void
word_invalid(const struct wrong_word *wrong, const char *expected)
{
	report("invalid", wrong, NULL, expected);
}
