/*
 * Compares words by their edit distance: how many letters must be replaced,
 * removed, added, or swapped with their neighbour to make one the other.
 */
#include "lib/suggest.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* Longer words are not compared. */
enum { WORD_MAX = 32 };

/* Words of fewer letters are similar to too many. */
enum { WORD_MIN = 2 };

static int
fold(char c)
{
	return c == '_' ? '-' : tolower((unsigned char)c);
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Returns the distance of two words of at most WORD_MAX letters. */
static size_t
distance(const char *a, size_t alen, const char *b, size_t blen)
{
	/* Of the first i letters of a and the first j of b. */
	size_t d[WORD_MAX + 1][WORD_MAX + 1];

	for (size_t i = 0; i <= alen; i++)
		for (size_t j = 0; j <= blen; j++) {
			size_t other;

			if (i == 0 || j == 0) {
				d[i][j] = i + j;
				continue;
			}
			other = fold(a[i - 1]) != fold(b[j - 1]);
			d[i][j] = least(d[i - 1][j - 1] + other,
			    least(d[i - 1][j], d[i][j - 1]) + 1);
			if (i > 1 && j > 1 &&
			    fold(a[i - 1]) == fold(b[j - 2]) &&
			    fold(a[i - 2]) == fold(b[j - 1]))
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	return d[alen][blen];
}

/* The distance up to which a name is near to a word of len letters. */
static size_t
limit(size_t len)
{
	return len <= WORD_MIN ? 0 : len / 3;
}

/* Whether a name of len letters, no fewer than the word has, begins with it.
 */
static bool
begins(const struct suggestion *s, const char *name, size_t len)
{
	return len >= s->len && distance(s->word, s->len, name, s->len) == 0;
}

void
suggest_try_alias(struct suggestion *s, const char *alias, const char *name)
{
	size_t len = strlen(alias), found, missing = WORD_MAX;

	if (s->len < WORD_MIN || s->len > WORD_MAX || len > WORD_MAX)
		return;
	found = distance(s->word, s->len, alias, len);
	if (found > 0 && begins(s, alias, len)) {
		found = 1;
		missing = len - s->len;
	}
	if (missing == WORD_MAX && found > limit(s->len))
		return;
	if (s->nearest &&
	    (found > s->distance ||
		(found == s->distance && missing >= s->missing)))
		return;
	s->nearest = name;
	s->distance = found;
	s->missing = missing;
}

void
suggest_try(struct suggestion *s, const char *name)
{
	suggest_try_alias(s, name, name);
}
