/*
 * Replaces placeholders by settings, what these mean, and times that follow
 * from them.
 */
#include "explain/expand.h"

#include "explain/times.h"
#include "lib/print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A text in the making. */
struct writer {
	char *to, *end;
	const struct limits *limits;
};

/* Appends text; what does not fit is cut. */
static void
append(struct writer *w, const char *text, size_t len)
{
	size_t room = (size_t)(w->end - w->to);

	w->to = mempcpy(w->to, text, len < room ? len : room);
}

static void
append_text(struct writer *w, const char *text)
{
	append(w, text, strlen(text));
}

static void
append_value(struct writer *w, uint64_t n)
{
	char digits[32];

	append(w, digits, (size_t)(append_grouped(digits, n) - digits));
}

/* Appends milliseconds as seconds. */
static void
append_time(struct writer *w, uint64_t ms)
{
	append_value(w, ms / 1000);
	if (ms % 1000 > 0)
		append(w, (char[]){'.', (char)('0' + ms / 100 % 10)}, 2);
	append_text(w, " s");
}

/* Times, and the settings without which they are the kernel's default. */
static const struct {
	const char *name;
	uint64_t (*compute)(const struct limits *limits);
	enum limit first, last;
} times[] = {
    {"syn_sent_time", time_syn_sent, TCP_SYN_RETRIES, TCP_SYN_RETRIES},
    {"syn_recv_time", time_syn_recv, TCP_SYNACK_RETRIES, TCP_SYNACK_RETRIES},
    {"retransmit_time", time_retransmit, TCP_RETRIES2, TCP_RETRIES2},
    {"orphan_time", time_orphan, TCP_ORPHAN_RETRIES, TCP_ORPHAN_RETRIES},
    {"keepalive_time", time_keepalive, TCP_KEEPALIVE_TIME,
	TCP_KEEPALIVE_PROBES},
};

/* Appends times[i]. */
static void
append_computed(struct writer *w, size_t i)
{
	bool known = true;

	for (enum limit n = times[i].first; n <= times[i].last; n++)
		known &= w->limits->known[n];
	append_time(w, times[i].compute(w->limits));
	if (!known)
		append_text(w, " by default");
}

/* Appends what share of a limit, which is known, is used. */
static void
append_share(struct writer *w, enum limit limit, enum limit amount)
{
	const struct limits *limits = w->limits;
	char text[48];

	if (!limits->known[amount]) {
		append_text(w, " (used: unknown)");
		return;
	}
	if (limits->value[limit] == 0)
		return;
	snprintf(text, sizeof(text), " (%.1f%% used)",
	    100.0 * (double)limits->value[amount] /
		(double)limits->value[limit]);
	append_text(w, text);
}

/* Appends what the value of a setting, which is known, means. */
static void
append_meaning(struct writer *w, enum limit limit)
{
	static const char *const reuse[] = {": never",
	    ": for new outgoing connections",
	    ": new connections, loopback only"};
	static const char *const cookies[] = {
	    ": SYNs are dropped, sooner with a low tcp_max_syn_backlog",
	    ": cookies instead, nothing is dropped", ": cookies always"};
	uint64_t n = w->limits->value[limit];
	bool no_timestamps = w->limits->known[TCP_TIMESTAMPS] &&
	    w->limits->value[TCP_TIMESTAMPS] == 0;

	if (limit == TCP_MAX_TW_BUCKETS)
		append_share(w, limit, SOCKSTAT_TW);
	else if (limit == TCP_MAX_ORPHANS)
		append_share(w, limit, SOCKSTAT_ORPHAN);
	else if (limit == TCP_TW_REUSE && n > 0 && no_timestamps)
		append_text(w, ": no effect without tcp_timestamps");
	else if (limit == TCP_TW_REUSE && n < 3)
		append_text(w, reuse[n]);
	else if (limit == TCP_SYNCOOKIES && n < 3)
		append_text(w, cookies[n]);
	else if (limit == TCP_ORPHAN_RETRIES && n == 0)
		append_text(w, ": 8 retries");
}

static void
append_setting(struct writer *w, enum limit limit, bool in_parentheses)
{
	const struct limits *limits = w->limits;

	append_text(w, limit_name(limit));
	append_text(w, in_parentheses ? " (" : " ");
	if (!limits->known[limit])
		append_text(w, "unknown");
	else if (limit == IP_LOCAL_PORT_LOW) {
		char range[48];

		snprintf(range, sizeof(range), "%" PRIu64 "-%" PRIu64,
		    limits->value[limit], limits->value[IP_LOCAL_PORT_HIGH]);
		append_text(w, range);
	} else
		append_value(w, limits->value[limit]);
	if (in_parentheses)
		append_text(w, ")");
	else if (limits->known[limit])
		append_meaning(w, limit);
}

static bool
is_name(const char *name, const char *word, size_t len)
{
	return strlen(name) == len && memcmp(name, word, len) == 0;
}

/* Appends what a placeholder is for; one that means nothing as it is. */
static void
append_placeholder(struct writer *w, const char *word, size_t len)
{
	bool plain = len > 0 && word[len - 1] == '=';

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		if (is_name(times[i].name, word, len)) {
			append_computed(w, i);
			return;
		}
	for (int i = SYSCTL_FIRST; i < NLIMITS; i++)
		if (is_name(limit_name((enum limit)i), word, len - plain)) {
			append_setting(w, (enum limit)i, !plain);
			return;
		}
	append(w, word - 1, len + 2);
}

void
expand(
    const char *words, const struct limits *limits, char text[EXPANDED_TEXT])
{
	struct writer w = {text, text + EXPANDED_TEXT - 1, limits};

	while (*words != '\0') {
		const char *end = strchr(words, '}');
		size_t len = end ? strcspn(words, "{") : strlen(words);

		append(&w, words, len);
		words += len;
		if (end && words < end) {
			append_placeholder(
			    &w, words + 1, (size_t)(end - words) - 1);
			words = end + 1;
		}
	}
	*w.to = '\0';
}
