/*
 * The word that a misspelt one is most likely meant to be.
 */
#ifndef LIB_SUGGEST_H
#define LIB_SUGGEST_H

#include <stddef.h>

/* A search: set word and len, zero the rest, and call suggest_try(). */
struct suggestion {
	const char *word;
	size_t len;
	const char *nearest; /* the best name so far; NULL: none is near */
	size_t distance;     /* its distance from the word */
	size_t missing;	     /* letters after the word that it begins with */
};

/*
 * Tries a name, which must stay valid.  It becomes the nearest if it is nearer
 * than all before it, and at most a third of the word's letters are wrong,
 * missing, superfluous or swapped with their neighbour; or if it begins with
 * the word: that is one mistake, the likeliest, and the shortest such name is
 * the nearest.  Upper and lower case are the same, and so are - and _.
 */
void suggest_try(struct suggestion *suggestion, const char *name);

/* Does the same with an alias of a name, and suggests the name. */
void suggest_try_alias(
    struct suggestion *suggestion, const char *alias, const char *name);

#endif
