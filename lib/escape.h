/*
 * Text from outside, on its way to where characters may be commands.
 */
#ifndef LIB_ESCAPE_H
#define LIB_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The bytes of the UTF-8 sequence at text (RFC 3629), and its code point; 0,
 * and no code point, if it is none.
 */
size_t escape_decode(const char *text, uint32_t *code);

/*
 * Whether a terminal, or a reader of lines, could take a character for more
 * than itself: C0, DEL, C1, bidirectional controls, and the separators of
 * lines and paragraphs.
 */
bool escape_is_control(uint32_t code);

/* Room for len bytes of text, escaped, with a NUL. */
#define ESCAPED(len) (4 * (len) + 1)

/*
 * Copies text, but controls, what is no UTF-8, and the characters (of ASCII)
 * in special by number: each byte in octal, as in /proc/mounts.  There must be
 * ESCAPED(strlen(text)) bytes at to.
 */
void escape_text(char *to, const char *text, const char *special);

#endif
