/*
 * Makes untrusted text, such as names of processes, safe to print: control
 * characters and invalid UTF-8 become octal escapes.
 */
#ifndef LIB_ESCAPE_H
#define LIB_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decodes the UTF-8 sequence (RFC 3629) at the start of text, which ends with
 * a NUL.  Sets its code point, and returns its length in bytes.  Returns 0,
 * and leaves code alone, if the sequence is invalid.
 */
size_t escape_decode(const char *text, uint32_t *code);

/*
 * Whether a character controls a terminal or the layout of a line: C0, DEL,
 * C1, bidirectional controls, and the separators of lines and paragraphs.
 */
bool escape_is_control(uint32_t code);

/* The size of len bytes of text if all are escaped, with the NUL. */
#define ESCAPED(len) (4 * (len) + 1)

/*
 * Whether text begins with a backslash that reads like an escape's, as an
 * octal digit follows.  That of systemd's \x2d does not.
 */
bool escape_is_look_alike(const char *text);

/*
 * Copies text to to, which has room for ESCAPED(strlen(text)) bytes.  Replaces
 * each byte of control characters, of invalid UTF-8 and of the ASCII
 * characters in special by \NNN in octal, as in /proc/mounts; backslashes in
 * special only where they look like an escape.
 */
void escape_text(char *to, const char *text, const char *special);

#endif
