/*
 * What each option sets, and what it says of an argument that is wrong.
 */
#include "command/set.h"

#include "command/values.h"
#include "command/words.h"
#include "lib/say.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void
command_init(struct command *c, int argc)
{
	struct options *o = &c->options;
	size_t n = (size_t)argc + 1;

	*c = (struct command){.options = {
				  .format = format_find("table"),
				  .explain_state = -1,
			      }};
	filter_init(&o->request.filter);
	o->request.source.files = calloc(n, sizeof(*o->request.source.files));
	o->baseline = calloc(n, sizeof(*o->baseline));
	if (!o->request.source.files || !o->baseline)
		fail_at_once(ENOMEM);
}

void
command_free(struct command *c)
{
	free(c->options.request.source.files);
	free(c->options.baseline);
	filter_free(&c->options.request.filter);
}

static const char *
key_alias_at(size_t i, const char **means)
{
	return *means = key_alias(i);
}

/* Adds keys to those of earlier options. */
void
set_keys(void *ctx, const char *list, int value)
{
	struct command *c = ctx;
	struct options *o = &c->options;
	struct wrong_word wrong = {
	    .what = "key", .list = list, .alias = key_alias_at};

	(void)value;
	wrong.word = key_parse(&o->keys, list, &wrong.len);
	if (wrong.word && key_find_name(wrong.word, wrong.len))
		misuse("key '%s' given twice",
		    key_find_name(wrong.word, wrong.len));
	if (wrong.word)
		word_unknown(&wrong, key_name);
	o->request.by = &o->keys;
}

void
set_sort(void *ctx, const char *list, int value)
{
	struct command *c = ctx;

	(void)value;
	c->sort = list;
}

void
set_top(void *ctx, const char *argument, int value)
{
	struct command *c = ctx;
	uint64_t number;

	(void)value;
	if (!parse_number(argument, &number))
		misuse("invalid number of rows '%s': expected 1 to 1000000000",
		    argument);
	c->options.top = (size_t)number;
}

/* Returns the i-th state, and then the i-th group of states. */
static const char *
state_at(size_t i)
{
	return i < NSTATES - 1 ? state_names[state_order[i]].netstat
			       : filter_group_name(i - (NSTATES - 1));
}

/* Returns the i-th spelling of states, and the state. */
static const char *
state_alias_at(size_t i, const char **means)
{
	int slot = 0;
	const char *spelling = state_spelling(i, &slot);

	*means = state_names[slot].netstat;
	return spelling;
}

/* Returns the i-th state. */
static const char *
plain_state_at(size_t i)
{
	return i < NSTATES - 1 ? state_at(i) : NULL;
}

void
set_states(void *ctx, const char *list, int value)
{
	struct command *c = ctx;
	struct filter *filter = &c->options.request.filter;
	struct wrong_word wrong = {
	    .what = "state", .list = list, .alias = state_alias_at};

	(void)value;
	wrong.word = filter_states(filter, list, &wrong.len);
	if (wrong.word && *wrong.word == '!') {
		wrong.word++;
		wrong.len--;
	}
	if (wrong.word)
		word_unknown(&wrong, state_at);
	c->states = true;
}

void
set_count(void *ctx, const char *list, int value)
{
	struct command *c = ctx;

	set_states(c, list, value);
	c->options.format = format_find("count");
	c->count = true;
}

/* Reports an item of a list that a filter refused, unless it is NULL. */
static void
check_filter(const struct wrong_word *wrong, const char *expected)
{
	if (wrong->word && errno == ENOMEM)
		fail_at_once(ENOMEM);
	if (wrong->word)
		word_invalid(wrong, expected);
}

void
set_ports(void *ctx, const char *list, int end)
{
	struct command *c = ctx;
	struct wrong_word wrong = {.what = "port", .list = list};

	wrong.word = filter_ports(&c->options.request.filter,
	    (enum filter_end)end, list, &wrong.len);
	check_filter(&wrong,
	    "0 to 65535, a range such as 8000-8099, or a name of "
	    "/etc/services");
}

void
set_addrs(void *ctx, const char *list, int end)
{
	struct command *c = ctx;
	struct wrong_word wrong = {.what = "address", .list = list};

	wrong.word = filter_addrs(&c->options.request.filter,
	    (enum filter_end)end, list, &wrong.len);
	check_filter(&wrong,
	    "one of IPv4 or IPv6, a network such as 10.1/16, or a name of "
	    "/etc/hosts");
}

/* Reports a word that is unknown as a whole. */
__attribute__((noreturn)) static void
unknown(const char *what, const char *word, word_at *at)
{
	word_unknown(
	    &(struct wrong_word){what, word, strlen(word), word, NULL}, at);
}

/* Returns the index of a word in a list; reports one that is not in it. */
static int
find_word(const char *what, const char *word, word_at *at)
{
	int i = word_find(word, strlen(word), at);

	if (i < 0)
		unknown(what, word, at);
	return i;
}

void
set_format(void *ctx, const char *name, int value)
{
	struct command *c = ctx;

	(void)value;
	c->options.format = format_find(name);
	c->count = false;
	if (!c->options.format)
		unknown("format", name, format_name);
}

static const char *
colour_name(size_t i)
{
	static const char *const names[] = {
	    [COLOUR_AUTO] = "auto",
	    [COLOUR_ALWAYS] = "always",
	    [COLOUR_NEVER] = "never",
	};

	return i < sizeof(names) / sizeof(names[0]) ? names[i] : NULL;
}

void
set_colour(void *ctx, const char *when, int value)
{
	struct command *c = ctx;

	(void)value;
	c->options.colour =
	    (enum colour)find_word("colour mode", when, colour_name);
}

/* Returns the i-th name of what has thresholds. */
static const char *
threshold_name(size_t i)
{
	return i == NSTATES - 1 ? "TOTAL" : plain_state_at(i);
}

void
set_threshold(void *ctx, const char *text, int level)
{
	struct command *c = ctx;
	size_t len = strcspn(text, "=");

	if (text[len] == '=' && threshold_find(text, len) < 0)
		word_unknown(&(struct wrong_word){"state", text, len, text,
				 state_alias_at},
		    threshold_name);
	if (!thresholds_set(&c->options.thresholds, (enum level)level, text))
		misuse("invalid threshold '%s': expected STATE=RANGE, such as "
		       "TIME_WAIT=1000, TOTAL=5: or ESTAB=5:100",
		    text);
	c->thresholds = true;
}

/* Returns the i-th word for what is explained. */
static const char *
explained_at(size_t i)
{
	return i == NSTATES - 1 ? "all" : plain_state_at(i);
}

void
set_explain(void *ctx, const char *name, int value)
{
	struct command *c = ctx;
	struct options *o = &c->options;

	(void)value;
	o->explain = true;
	if (!name || strcasecmp(name, "all") == 0)
		return;
	o->explain_state = state_find(name);
	if (o->explain_state < 0)
		word_unknown(&(struct wrong_word){"state", name, strlen(name),
				 name, state_alias_at},
		    explained_at);
}

void
add_file(void *ctx, const char *path, int value)
{
	struct command *c = ctx;
	struct source_request *request = &c->options.request.source;

	(void)value;
	request->files[request->nfiles++] = path;
}

void
add_baseline(void *ctx, const char *path, int value)
{
	struct command *c = ctx;

	(void)value;
	c->options.baseline[c->options.nbaseline++] = path;
}

void
set_delay(struct command *c, const char *text)
{
	if (!parse_delay(text, &c->options.delay))
		misuse("invalid delay '%s': expected seconds from 0.01 to "
		       "31536000, such as 2, 0.5, 500ms or 1m",
		    text);
	c->delay = true;
}

void
set_watch(void *ctx, const char *delay, int value)
{
	struct command *c = ctx;

	(void)value;
	c->options.watch = true;
	if (delay)
		set_delay(c, delay);
}

void
set_netns(void *ctx, const char *netns, int value)
{
	struct command *c = ctx;

	(void)value;
	c->options.request.netns = netns;
}

void
set_proc(void *ctx, const char *dir, int value)
{
	struct command *c = ctx;

	(void)value;
	c->options.request.source.proc = dir;
}

void
set_byte_order(void *ctx, const char *name, int value)
{
	struct command *c = ctx;

	(void)value;
	c->options.request.source.order = (enum byte_order)(
	    ORDER_LITTLE + find_word("byte order", name, byte_order_name));
}

void
set_source(void *ctx, const char *name, int value)
{
	struct command *c = ctx;

	(void)value;
	c->options.request.source.choice =
	    (enum source_choice)find_word("source", name, source_name);
}

/* Refuses an option of ss that is for other sockets than TCP. */
void
refuse(void *ctx, const char *name, int letter)
{
	struct command *c = ctx;

	misuse("'-%c' is for %s sockets, and tcpstate counts TCP only: type "
	       "'tcpstate%s', or 'ss -%c'",
	    letter, name, options_rewrite(c->choices), letter);
}
