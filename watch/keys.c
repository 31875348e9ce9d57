/*
 * Finds the ends of escape sequences (ECMA-48, 5.4) among keys.
 */
#include "watch/keys.h"

#include <string.h>

static const char ESC = '\033';

void
keys_begin(struct keys *keys, char first)
{
	if (keys->state == KEYS_ESCAPE && first != '[' && first != 'O')
		keys->state = KEYS_PLAIN;
}

/* Takes a byte after ESC [. */
static void
take_csi(struct keys *keys, char byte)
{
	if (byte == '[' && keys->nparameters == 0) {
		keys->state = KEYS_LINUX; /* its F1 to F5 */
	} else if (byte >= ' ' && byte < '@') {
		if (keys->nparameters < sizeof(keys->parameters))
			keys->parameters[keys->nparameters] = byte;
		keys->nparameters++;
	} else {
		if (byte == '~' && keys->nparameters == 3 &&
		    memcmp(keys->parameters, "20", 2) == 0)
			keys->pasting = keys->parameters[2] == '0';
		keys->state = KEYS_PLAIN;
	}
}

bool
keys_take(struct keys *keys, char byte)
{
	if (byte == ESC) {
		keys->state = KEYS_ESCAPE;
		return false;
	}
	switch (keys->state) {
	case KEYS_PLAIN:
		return !keys->pasting;
	case KEYS_ESCAPE:
		/* Any other byte is a key pressed with Alt. */
		keys->state = byte == '[' ? KEYS_CSI
		    : byte == 'O'	  ? KEYS_SS3
					  : KEYS_PLAIN;
		keys->nparameters = 0;
		return false;
	case KEYS_CSI:
		take_csi(keys, byte);
		return false;
	case KEYS_SS3:
		/* Some terminals put modifiers, as digits, first. */
		if (byte < '0' || byte > '9')
			keys->state = KEYS_PLAIN;
		return false;
	case KEYS_LINUX:
		keys->state = KEYS_PLAIN;
		return false;
	}
	return false;
}
