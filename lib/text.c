/*
 * A stream that writes to a growing buffer in memory, through fopencookie(3).
 */
#include "lib/text.h"

#include <stdbool.h>

#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

/* Appends bytes to the buffer, and leaves room for a NUL. */
static ssize_t
append(void *cookie, const char *bytes, size_t len)
{
	struct text *text = cookie;

	if (len >= text->size - text->len) {
		size_t size = text->size * 2 + len;
		char *grown = realloc(text->bytes, size);

		if (!grown)
			return 0; /* an error, see fopencookie(3) */
		text->bytes = grown;
		text->size = size;
	}
	memcpy(text->bytes + text->len, bytes, len);
	text->len += len;
	return (ssize_t)len;
}

FILE *
text_open(struct text *text)
{
	static const cookie_io_functions_t functions = {.write = append};

	*text = (struct text){.size = 1024};
	text->bytes = malloc(text->size);
	if (!text->bytes)
		return NULL;
	text->out = fopencookie(text, "w", functions);
	if (!text->out)
		free(text->bytes);
	return text->out;
}

char *
text_close(struct text *text)
{
	bool failed = ferror(text->out) != 0;

	failed |= fclose(text->out) != 0;
	if (failed) {
		free(text->bytes);
		return NULL;
	}
	text->bytes[text->len] = '\0';
	return text->bytes;
}
