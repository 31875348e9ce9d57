/*
 * Separates single keys from the escape sequences of arrows, function keys and
 * pasted text.
 */
#ifndef WATCH_KEYS_H
#define WATCH_KEYS_H

#include <stdbool.h>
#include <stddef.h>

/* Where in a sequence the bytes so far end; {0} at first. */
struct keys {
	enum {
		KEYS_PLAIN,
		KEYS_ESCAPE, /* after ESC */
		KEYS_CSI,    /* after ESC [, in the parameters */
		KEYS_LINUX,  /* after ESC [ [, before the last byte */
		KEYS_SS3,    /* after ESC O */
	} state;
	char parameters[4]; /* the first bytes of those of CSI */
	size_t nparameters;
	bool pasting; /* between the marks of bracketed paste */
};

/*
 * Begins the bytes of one read().  An Escape that ended the previous one, and
 * that no sequence follows, was a key.
 */
void keys_begin(struct keys *keys, char first);

/* Takes a byte.  Returns whether it is a key, and not part of a sequence. */
bool keys_take(struct keys *keys, char byte);

#endif
