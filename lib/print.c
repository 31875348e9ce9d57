/*
 * Prints text and decimal numbers, padded with blanks, through stdio's
 * unlocked functions.
 */
#include "lib/print.h"

#include <string.h>

/* A number of 64 bits with its sign and a NUL. */
typedef char digits[22];

/* Writes a number at the end of text; returns its first digit. */
static char *
make_digits(digits text, uint64_t n)
{
	char *p = text + sizeof(digits) - 1;

	*p = '\0';
	do
		*--p = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	return p;
}

void
print_char(FILE *out, char c)
{
	putc_unlocked(c, out);
}

void
print_text(FILE *out, const char *text)
{
	fwrite_unlocked(text, 1, strlen(text), out);
}

void
print_plugin_text(FILE *out, const char *text)
{
	for (; *text != '\0'; text++)
		if (*text == '|')
			print_text(out, "\\174");
		else
			print_char(out, *text);
}

void
print_number(FILE *out, uint64_t n)
{
	digits text;

	print_text(out, make_digits(text, n));
}

char *
append_number(char *to, uint64_t n)
{
	digits text;

	return stpcpy(to, make_digits(text, n));
}

char *
append_grouped(char *to, uint64_t n)
{
	digits text;
	const char *p = make_digits(text, n);

	for (size_t left = strlen(p); left > 0; left--) {
		*to++ = *p++;
		if (left % 3 == 1 && left > 1)
			*to++ = ',';
	}
	*to = '\0';
	return to;
}

void
print_blanks(FILE *out, size_t n)
{
	for (; n > 0; n--)
		putc_unlocked(' ', out);
}

void
print_left(FILE *out, size_t width, const char *text)
{
	size_t len = strlen(text);

	print_text(out, text);
	print_blanks(out, len < width ? width - len : 0);
}

void
print_right(FILE *out, size_t width, const char *text)
{
	size_t len = strlen(text);

	print_blanks(out, len < width ? width - len : 0);
	print_text(out, text);
}

void
print_change(FILE *out, size_t width, int64_t change)
{
	digits text;
	char *p = make_digits(
	    text, change < 0 ? -(uint64_t)change : (uint64_t)change);

	*--p = change < 0 ? '-' : '+';
	print_left(out, width, p);
}
