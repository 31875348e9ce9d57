/*
 * Finds the places at which lines are broken.
 */
#include "lib/wrap.h"

#include <string.h>

/* Returns the start of the number-th character, from 0, of UTF-8 text. */
static const char *
find_character(const char *text, size_t number)
{
	for (; *text != '\0'; text++)
		if ((*text & 0xc0) != 0x80 && number-- == 0)
			break;
	return text;
}

size_t
wrap_words(const char *text, size_t width)
{
	const char *end = find_character(text, width);

	if (*end == '\0')
		return (size_t)(end - text);
	for (const char *p = end; p > text; p--)
		if (*p == ' ')
			return (size_t)(p - text);
	return (size_t)(end - text);
}

size_t
wrap_commands(const char *text, size_t width)
{
	const char *limit = find_character(text, width), *end = text;

	for (;;) {
		const char *next = strstr(end, "; ");

		next = next ? next + 1 : end + strlen(end);
		if (end > text && next > limit)
			break;
		end = next;
		if (*end == '\0')
			break;
	}
	return (size_t)(end - text);
}

const char *
wrap_next(const char *text)
{
	return text + strspn(text, " ");
}

size_t
wrap_lines(const char *text, size_t width)
{
	size_t lines = 0;

	do {
		text = wrap_next(text + wrap_words(text, width));
		lines++;
	} while (*text != '\0');
	return lines;
}
