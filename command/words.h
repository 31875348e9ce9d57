/*
 * Words of a command line: finds them in lists, and reports those that are
 * wrong, with the one that was probably meant.
 */
#ifndef COMMAND_WORDS_H
#define COMMAND_WORDS_H

#include <stddef.h>

/* Returns the i-th word of a list; NULL after the last. */
typedef const char *word_at(size_t i);

/*
 * Returns the i-th other spelling that is right, and the word to suggest for
 * it; NULL after the last.
 */
typedef const char *word_alias_at(size_t i, const char **means);

/* Returns the index of a word of len bytes in a list, in any case; or -1. */
int word_find(const char *word, size_t len, word_at *at);

/* A word that is wrong. */
struct wrong_word {
	const char *what; /* it should be, such as "key" */
	const char *word;
	size_t len;
	const char *list;     /* the words among which it was given */
	word_alias_at *alias; /* NULL: there are no other spellings */
};

/*
 * Reports wrong usage, as misuse(): an unknown word, with the nearest one and
 * all others that would be right; or an invalid word, and what was expected.
 */
__attribute__((noreturn)) void word_unknown(
    const struct wrong_word *wrong, word_at *at);
__attribute__((noreturn)) void word_invalid(
    const struct wrong_word *wrong, const char *expected);

#endif
