/*
 * Parses thresholds, and judges counts by them.  Ranges include both of their
 * bounds.
 */
#include "show/threshold.h"

#include "lib/decimal.h"

#include <string.h>
#include <strings.h>

/*
 * Parses "[@][start:][end]".  A missing start, or ~, is 0; a missing end is no
 * bound.
 */
static bool
parse_range(const char *text, struct range *range)
{
	const char *p = text, *end = text + strlen(text);
	const char *colon;

	*range = (struct range){.text = text, .end = UINT64_MAX};
	if (*p == '@') {
		range->inside = true;
		p++;
	}
	colon = strchr(p, ':');
	if (colon) {
		if (p[0] == '~' && p + 1 == colon)
			p = colon;
		else if (p < colon)
			p = decimal(p, end, UINT64_MAX, &range->start);
		if (p != colon)
			return false;
		p++;
		if (*p == '\0')
			return colon > text && colon[-1] != '@';
	}
	return decimal(p, end, UINT64_MAX, &range->end) == end &&
	    range->start <= range->end;
}

int
threshold_find(const char *name, size_t len)
{
	char word[32];

	if (len >= sizeof(word))
		return -1;
	memcpy(word, name, len);
	word[len] = '\0';
	return strcasecmp(word, "TOTAL") == 0 ? THRESHOLD_TOTAL
					      : state_find(word);
}

bool
thresholds_set(
    struct thresholds *thresholds, enum level level, const char *text)
{
	size_t len = strcspn(text, "=");
	int what = threshold_find(text, len);

	return what >= 0 && text[len] == '=' &&
	    parse_range(text + len + 1, &thresholds->range[level][what]);
}

static bool
alerts(const struct range *range, uint64_t count)
{
	bool inside = count >= range->start && count <= range->end;

	return range->text && inside == range->inside;
}

enum meaning
level_meaning(enum level level)
{
	return level == LEVEL_CRITICAL ? MEANING_CRITICAL
	    : level == LEVEL_WARNING   ? MEANING_WARNING
				       : MEANING_NONE;
}

enum level
thresholds_judge(
    const struct thresholds *thresholds, unsigned what, uint64_t count)
{
	for (enum level level = LEVEL_CRITICAL; level > LEVEL_OK; level--)
		if (alerts(&thresholds->range[level][what], count))
			return level;
	return LEVEL_OK;
}
