/*
 * Reads the formats that the program prints, as others would.
 */
#include "tests/fuzz/output.h"

#include "tests/fuzz/fuzz.h"

/* Returns what follows an escape sequence: ESC [ and numbers and a letter. */
static const char *
skip_sequence(const char *p)
{
	require(p[1] == '[');
	p += 2;
	p += strspn(p, "0123456789;?");
	require((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z'));
	return p + 1;
}

/*
 * Returns the length of the UTF-8 character at p, which must be one, and its
 * code.  Not by lib/escape.h, which is what is tested.
 */
static size_t
decode(const char *p, uint32_t *code)
{
	static const uint32_t first[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *bytes = (const unsigned char *)p;
	size_t n = *bytes < 0x80 ? 1
	    : *bytes < 0xe0	 ? 2
	    : *bytes < 0xf0	 ? 3
				 : 4;

	require(n == 1 || (*bytes >= 0xc0 && *bytes < 0xf8));
	*code = n == 1 ? *bytes : *bytes & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		require((bytes[i] & 0xc0) == 0x80);
		*code = *code << 6 | (bytes[i] & 0x3f);
	}
	require(*code >= first[n] && *code <= 0x10ffff);
	return n;
}

/* Whether a character controls a terminal, or turns text around. */
static bool
is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) ||
	    (code >= 0x202a && code <= 0x202e) ||
	    (code >= 0x2066 && code <= 0x2069);
}

void
output_check(const char *p, size_t len, bool terminal)
{
	const char *end = p + len;

	while (p < end) {
		uint32_t code;
		size_t n = decode(p, &code);

		if (terminal && *p == '\033') {
			p = skip_sequence(p);
			continue;
		}
		require(*p == '\n' || *p == '\r' || (terminal && *p == '\b') ||
		    !is_control(code));
		p += n;
	}
}

/* Returns what follows a string. */
static const char *
skip_string(const char *p)
{
	require(*p == '"');
	for (p++; *p != '"'; p++) {
		require((unsigned char)*p >= ' ');
		if (*p == '\\')
			require(*++p != '\0' && strchr("\"\\bfnrtu", *p));
	}
	return p + 1;
}

/* Returns what follows a value, which may hold others. */
static const char *
skip_value(const char *p)
{
	static const char *const words[] = {"true", "false", "null"};
	char close = *p == '{' ? '}' : ']';
	bool object = *p == '{';

	if (*p == '"')
		return skip_string(p);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strncmp(p, words[i], strlen(words[i])) == 0)
			return p + strlen(words[i]);
	if (*p != '{' && *p != '[') {
		require(strspn(p, "-.0123456789") > 0);
		return p + strspn(p, "-.0123456789");
	}
	if (p[1] == close)
		return p + 2;
	do {
		p++;
		if (object) {
			p = skip_string(p);
			require(*p++ == ':');
		}
		p = skip_value(p);
	} while (*p == ',');
	require(*p == close);
	return p + 1;
}

/* Checks that the groups of a sample, in a line, add up to its total. */
static void
check_groups(const char *p, const char *end)
{
	static const char total[] = "\"total\":";
	const char *groups = strstr(p, "\"groups\":[");
	const char *queue = strstr(p, "\"queue\":");
	uint64_t left;

	/* With groups of listeners, if any, other sockets are in none. */
	if (!groups || groups > end || (queue && queue < end) ||
	    strncmp(groups, "\"groups\":[]", 11) == 0)
		return;
	p = strstr(p, total);
	require(p && p < groups);
	left = strtoull(p + strlen(total), NULL, 10);
	while ((p = strstr(p + 1, total)) && p < end)
		left -= strtoull(p + strlen(total), NULL, 10);
	require(left == 0);
}

void
output_check_json(const char *p)
{
	while (*p != '\0') {
		const char *end = skip_value(p);

		require(*end == '\n');
		check_groups(p, end);
		p = end + 1;
	}
}

/* Returns what follows the name and labels of a series. */
static const char *
skip_series(const char *p)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";

	require(strspn(p, letters) > 0);
	p += strspn(p, letters);
	if (*p != '{')
		return p;
	/* The last label may have a comma after it, too. */
	for (p++; *p != '}'; p += *p == ',') {
		require(strspn(p, letters) > 0);
		p += strspn(p, letters);
		require(*p++ == '=');
		p = skip_string(p);
		require(*p == ',' || *p == '}');
	}
	return p + 1;
}

/* Whether a line before p begins with a series of that length. */
static bool
is_repeated(const char *text, const char *p, size_t len)
{
	for (; text < p; text = strchr(text, '\n') + 1)
		if (strncmp(text, p, len) == 0 && text[len] == ' ')
			return true;
	return false;
}

uint64_t
output_check_prometheus(const char *text, const char *name)
{
	size_t len = strlen(name);
	uint64_t sum = 0;

	for (const char *p = text, *end; *p != '\0'; p = strchr(p, '\n') + 1) {
		char *after;
		double number;

		if (*p == '#')
			continue;
		end = skip_series(p);
		require(*end == ' ');
		require(!is_repeated(text, p, (size_t)(end - p)));
		number = strtod(end + 1, &after);
		require(after > end + 1 && *after == '\n');
		if (strncmp(p, name, len) == 0 && p[len] == '{')
			sum += (uint64_t)number;
	}
	return sum;
}

/* Returns the end of a field: a comma, or the end of its record. */
static const char *
csv_field_end(const char *p)
{
	if (*p != '"')
		return p + strcspn(p, ",\r\n\"");
	for (p++; p[0] != '"' || p[1] == '"'; p++) {
		require(*p != '\0');
		p += *p == '"';
	}
	return p + 1;
}

uint64_t
output_check_csv(const char *p)
{
	uint64_t sum = 0;
	unsigned wanted = 0;

	while (*p != '\0') {
		unsigned fields = 1;
		const char *end;

		for (; *(end = csv_field_end(p)) == ','; p = end + 1)
			fields++;
		require(end[0] == '\r' && end[1] == '\n');
		if (wanted == 0)
			wanted = fields;
		else
			sum += (uint64_t)strtoll(p, NULL, 10);
		require(fields == wanted);
		p = end + 2;
	}
	return sum;
}
