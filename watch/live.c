/*
 * What the keys change on a screen that counts, its samples, and the picture
 * of each.
 */
#include "watch/live.h"

#include "count/sort.h"
#include "lib/say.h"
#include "show/breakdown.h"
#include "watch/breakdowns.h"
#include "watch/counting.h"
#include "watch/scene.h"
#include "watch/screen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Room for the names of all keys and columns. */
enum { SUBHEADING = 1024 };

/* The picture that stays during a pause. */
struct held {
	struct scene scene;
	struct report report;
	struct tally *now; /* of the report; NULL: there is no pause */
	struct tally *before;
	char *message; /* an error or a notice, or NULL */
	bool has_alert;
};

/* A run on a screen. */
struct live {
	struct counting counting;
	struct breakdowns breakdowns;
	size_t sorted; /* the column that s chose, from 1; 0: none */
	struct view view;
	bool more;	    /* > has columns to show */
	unsigned keep;	    /* states that had a column: a mask */
	unsigned height;    /* of the last picture; 24 at first */
	struct scene scene; /* of the last sample in turn */
	struct scene later; /* of one out of turn since then */
	bool has_later;
	struct held held;
};

static const struct rounds_key key_help[] = {
    {"b", "next breakdown: port, raddr, process, listeners, none"},
    {"s", "sort the breakdown by the next column"},
    {"z", "show states without sockets, or not"},
    {"6", "show TCP and TCP6 apart, or not"},
    {"c", "changes since the last sample, or per second"},
    {"r", "reset MIN, AVG, MAX and the counts since the start"},
    {"< >", "scroll through columns that do not fit"},
    {NULL, NULL},
};

/*
 * Has the next samples grouped by the current breakdown.  Thresholds are for
 * the rows that the command line asks for, or else for the totals.
 */
static void
choose_breakdown(struct live *live)
{
	static const struct thresholds none;
	struct counting *c = &live->counting;
	const struct breakdown *breakdown =
	    breakdowns_current(&live->breakdowns);

	c->request.by = breakdown->keys.n > 0 ? &breakdown->keys : NULL;
	c->order = breakdown->order;
	c->judge_totals = !live->breakdowns.asked;
	c->thresholds = live->breakdowns.asked && live->breakdowns.current > 0
	    ? &none
	    : &c->rounds.options->thresholds;
	live->sorted = 0;
	live->keep = 0;
}

/* Keeps a sample in turn. */
static void
keep_in_turn(struct live *live)
{
	const struct counting *c = &live->counting;

	scene_add_totals(&live->scene, c->now, c->moment);
	scene_add_counters(&live->scene, c->now, c->moment);
	live->has_later = false;
}

/*
 * Keeps a sample out of turn until there is one in turn: so the totals'
 * changes and rates are then of a whole delay.
 */
static void
keep_out_of_turn(struct live *live)
{
	live->later = live->scene;
	live->has_later = true;
	scene_add_totals(
	    &live->later, live->counting.now, live->counting.moment);
}

/* Returns the scene of the last sample. */
static const struct scene *
last_scene(const struct live *live)
{
	return live->has_later ? &live->later : &live->scene;
}

/* Has the message of the last sample, if any, stay on the screen. */
static void
hold_message(struct live *live)
{
	struct held *held = &live->held;
	const char *message = message_pending();

	free(held->message);
	/* The next sample frees the original. */
	held->message = message ? strdup(message) : NULL;
	held->report.error = sample_error() ? held->message : NULL;
	held->has_alert = counting_has_alert(&live->counting);
}

/* Has the last sample stay as it is, with the error of that moment. */
static void
hold(struct live *live)
{
	struct counting *c = &live->counting;
	struct held *held = &live->held;

	held->scene = *last_scene(live);
	held->report = counting_report(c);
	hold_message(live);
	held->now = c->now;
	held->before = c->before;
	c->before = NULL;
	c->kept = c->now;
}

/* Gives the sample back: frees it unless a later one is compared with it. */
static void
release(struct live *live)
{
	struct counting *c = &live->counting;
	struct held *held = &live->held;

	if (!held->now)
		return;
	if (c->now == held->now) {
		c->before = held->before;
	} else {
		tally_free(held->before);
		if (c->before != held->now)
			tally_free(held->now);
	}
	c->kept = NULL;
	held->now = held->before = NULL;
	free(held->message);
	held->message = NULL;
}

/* Takes a sample in turn (see struct watch). */
static bool
sample(void *ctx)
{
	struct live *live = ctx;
	struct counting *c = &live->counting;
	bool shown;

	if (c->rounds.paused && !live->held.now && c->now)
		hold(live);
	shown = counting_sample(c);
	if (!c->rounds.failed)
		keep_in_turn(live);
	return shown;
}

/* Takes a sample out of turn, for a new breakdown; a pause then holds it. */
static void
resample(void *ctx)
{
	struct live *live = ctx;

	counting_sample(&live->counting);
	if (live->counting.rounds.failed) {
		if (live->held.now)
			hold_message(live);
		return;
	}
	keep_out_of_turn(live);
	if (live->held.now) {
		release(live);
		hold(live);
	}
}

/* Returns the tally that is shown, or NULL. */
static struct tally *
shown_tally(const struct live *live)
{
	return live->held.now ? live->held.now : live->counting.now;
}

/* Lists the columns by which s sorts: those that the breakdown shows. */
static size_t
list_columns(const struct live *live, struct order column[])
{
	const struct key_set *by = shown_tally(live)->by;
	size_t n = 0;

	for (unsigned i = 0; i < NFIELDS; i++) {
		unsigned f = field_at(i);

		/* The total is the default. */
		if (f != FIELD_TOTAL && live->keep >> f & 1)
			column[n++] =
			    (struct order){.by[0] = {.field = f}, .n = 1};
	}
	for (unsigned i = 0; i < by->ncolumns; i++)
		column[n++] = (struct order){
		    .by[0] = {.column = i, .is_key = true}, .n = 1};
	return n;
}

/* Sorts a tally, which may be NULL, by the current order. */
static void
sort_rows(struct counting *c, struct tally *tally)
{
	if (tally && tally_sort(tally, &c->order, c->rounds.options->top) != 0)
		failure(NULL, "%s", strerror(ENOMEM));
	else if (tally)
		counting_name_users(c, tally);
}

/* Sorts the breakdown by the next column; after the last, as at first. */
static enum watch_action
sort_next(struct live *live)
{
	struct counting *c = &live->counting;
	const struct tally *tally = shown_tally(live);
	struct order column[NFIELDS + KEY_COLUMNS_MAX];
	size_t n;

	/* The order is of the columns of the current breakdown. */
	if (!tally || !tally->by || tally->by != c->request.by)
		return WATCH_IGNORE;
	n = list_columns(live, column);
	live->sorted = live->sorted < n ? live->sorted + 1 : 0;
	c->order = live->sorted > 0
	    ? column[live->sorted - 1]
	    : breakdowns_current(&live->breakdowns)->order;
	sort_rows(c, c->now);
	/* In a pause, the rows that are shown may be others. */
	if (live->held.now != c->now)
		sort_rows(c, live->held.now);
	return WATCH_REDRAW;
}

static enum watch_action
next_breakdown(struct live *live)
{
	breakdowns_next(&live->breakdowns);
	choose_breakdown(live);
	return WATCH_SAMPLE;
}

/* Resets MIN, AVG, MAX and the counts since the start, as of what is shown. */
static void
reset(struct live *live)
{
	if (live->has_later)
		live->scene = live->later;
	live->has_later = false;
	scene_reset(&live->scene);
	scene_reset(&live->held.scene);
	live->keep = 0;
}

/* Handles a key (see struct rounds). */
static enum watch_action
press(void *ctx, char key)
{
	struct live *live = ctx;
	struct view *view = &live->view;

	switch (key) {
	case 'b':
		return next_breakdown(live);
	case 's':
		return sort_next(live);
	case 'z':
		view->zeros = !view->zeros;
		return WATCH_REDRAW;
	case '6':
		view->families = !view->families;
		return WATCH_REDRAW;
	case 'c':
		view->per_second = !view->per_second;
		return WATCH_REDRAW;
	case 'r':
		reset(live);
		return WATCH_REDRAW;
	case '<':
	case ',':
		view->skip -= view->skip > 0;
		return WATCH_REDRAW;
	case '>':
	case '.':
		view->skip += live->more;
		return WATCH_REDRAW;
	default:
		return WATCH_IGNORE;
	}
}

/* Writes what the rows are by, and the order if it is not the usual one. */
static void
make_subheading(
    const struct key_set *by, const struct counting *c, char text[SUBHEADING])
{
	const struct order *order = &c->order;
	char *to = stpcpy(text, "by ");

	for (size_t i = 0; i < by->n; i++)
		to =
		    stpcpy(stpcpy(to, i > 0 ? ", " : ""), key_set_name(by, i));
	/* After a failure, the rows may be those of an earlier breakdown. */
	for (size_t i = 0; by == c->request.by && i < order->n; i++) {
		to = stpcpy(to, i > 0 ? ", " : "; sorted by ");
		to = stpcpy(to, order->by[i].reverse ? "-" : "");
		to = stpcpy(to,
		    order->by[i].is_key ? by->column[order->by[i].column].title
					: field_title(order->by[i].field));
	}
}

/* Fills in a picture of the last sample, or of the one that is held. */
static void
make_picture(struct picture *picture, struct live *live)
{
	struct counting *c = &live->counting;
	const struct held *held = live->held.now ? &live->held : NULL;
	const struct scene *scene = held ? &held->scene : last_scene(live);

	*picture = (struct picture){
	    .rounds = &c->rounds,
	    .report = held ? held->report : counting_report(c),
	    .asked = live->breakdowns.asked,
	    .totals = scene->totals,
	    .history = &scene->history,
	    .flows = scene_flows(scene),
	    .view = live->view,
	};
	picture->report.per_second = live->view.per_second;
	picture->report.skip = live->view.skip;
	picture->report.more = &live->more;
}

static void
show(void *ctx, FILE *out, unsigned width, unsigned height)
{
	struct live *live = ctx;
	struct counting *c = &live->counting;
	struct picture picture;
	char subheading[SUBHEADING], *alert = NULL;

	if (!c->rounds.paused)
		release(live);
	/* At the end, if no sample could be taken. */
	if (!shown_tally(live))
		return;
	make_picture(&picture, live);
	if (picture.report.now->by) {
		make_subheading(picture.report.now->by, c, subheading);
		picture.subheading = subheading;
		picture.report.width = width;
		live->keep |= breakdown_fields(&picture.report);
		picture.report.keep = live->keep;
	}
	if (live->held.now ? live->held.has_alert : counting_has_alert(c)) {
		alert = counting_alert(&picture.report);
		picture.alert = alert ? alert : strerror(ENOMEM);
	}
	/*
	 * The last picture has no message: these are on stderr; and it leaves
	 * lines for the summary and the prompt.
	 */
	if (height == 0) {
		height = live->height > 4 ? live->height - 2 : live->height;
	} else {
		live->height = height;
		picture.error =
		    live->held.now ? live->held.message : message_pending();
	}
	live->more = false;
	screen_print(out, &picture, width, height);
	free(alert);
}

int
live_run(const struct options *options)
{
	struct live *live = calloc(1, sizeof(*live));
	int worst;

	if (!live) {
		failure(NULL, "%s", strerror(ENOMEM));
		return LEVEL_UNKNOWN;
	}
	counting_init(&live->counting, options);
	live->counting.request.needs_counters = true;
	live->counting.rounds.sample = sample;
	live->counting.rounds.resample = resample;
	live->counting.rounds.show = show;
	live->counting.rounds.key = press;
	live->counting.rounds.more = key_help;
	breakdowns_init(&live->breakdowns, options);
	choose_breakdown(live);
	live->height = 24;
	live->view = (struct view){
	    .zeros = options->all_states || !live->breakdowns.asked,
	    .families = true};
	rounds_run(&live->counting.rounds);
	worst = (int)live->counting.rounds.worst;
	release(live);
	counting_free(&live->counting);
	free(live);
	return worst;
}
