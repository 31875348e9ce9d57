/*
 * Decodes UTF-8, and replaces in it what a terminal could take for a command.
 */
#include "lib/escape.h"

#include <string.h>

size_t
escape_decode(const char *text, uint32_t *code)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t len = p[0] < 0x80 ? 1
	    : p[0] < 0xc2	 ? 0
	    : p[0] < 0xe0	 ? 2
	    : p[0] < 0xf0	 ? 3
	    : p[0] < 0xf5	 ? 4
				 : 0;
	uint32_t c = len == 1 ? p[0] : p[0] & (0x7fu >> len);

	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if ((len == 3 && (c < 0x800 || (c >= 0xd800 && c < 0xe000))) ||
	    (len == 4 && (c < 0x10000 || c > 0x10ffff)))
		return 0;
	*code = c;
	return len;
}

bool
escape_is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c ||
	    c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
	    (c >= 0x2066 && c <= 0x2069);
}

static char *
put_octal(char *to, unsigned char c)
{
	*to++ = '\\';
	for (int shift = 6; shift >= 0; shift -= 3)
		*to++ = (char)('0' + (c >> shift & 7));
	return to;
}

bool
escape_is_look_alike(const char *text)
{
	return text[0] == '\\' && text[1] >= '0' && text[1] <= '7';
}

/*
 * Whether text begins with one of a few characters of ASCII; with a backslash
 * only if it looks like an escape's.
 */
static bool
begins_with(const char *text, const char *few)
{
	while (*few != '\0' && *few != *text)
		few++;
	return *few != '\0' && (*few != '\\' || escape_is_look_alike(text));
}

void
escape_text(char *to, const char *text, const char *special)
{
	while (*text != '\0') {
		uint32_t code;
		size_t len = escape_decode(text, &code);
		bool raw = len > 0 && !escape_is_control(code) &&
		    !(len == 1 && begins_with(text, special));

		for (len = len > 0 ? len : 1; len > 0; len--, text++)
			if (raw)
				*to++ = *text;
			else
				to = put_octal(to, (unsigned char)*text);
	}
	*to = '\0';
}
