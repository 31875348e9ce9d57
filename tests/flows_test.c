/*
 * Tests the lines of rates and trouble, from counters of made-up samples.
 */
#include "lib/print.c"
#include "lib/text.c"
#include "show/colour.c"
#include "show/flows.c"

#include "tap.h"

enum { SECOND = 1000000000 };

static struct flows flows;
static struct limits before, now;

/* Begins with counters since long ago, so that only their growth counts. */
static void
begin(void)
{
	memset(&flows, 0, sizeof(flows));
	memset(&before, 0, sizeof(before));
	for (unsigned i = 0; i < NCOUNTERS; i++) {
		before.known[i] = true;
		before.value[i] = 1000 + 17 * i;
	}
	now = before;
}

/* Adds an interval; the next one begins where it ends. */
static void
add(int64_t interval)
{
	flows_add(&flows, &before, &now, interval);
	before = now;
}

/* Whether the lines are these, and as many as was said before. */
static bool
are(unsigned width, bool colour, const char *wanted)
{
	struct text text;
	FILE *out = text_open(&text);
	unsigned lines = 0;
	char *got;
	bool same;

	flows_print(out, &flows, width, colour);
	got = text_close(&text);
	for (const char *p = got; *p != '\0'; p++)
		lines += *p == '\n';
	same = strcmp(got, wanted) == 0 && flows_lines(&flows, width) == lines;
	if (!same)
		printf("# got %u lines, \"%s\"\n", flows_lines(&flows, width),
		    got);
	free(got);
	return same;
}

#define CALM \
	"per second   opened in 0  out 0   failed 0   reset 0   " \
	"retransmits -\n"

static void
test_rates(void)
{
	begin();
	ok(are(80, false, ""), "nothing before the first interval");
	add(SECOND);
	ok(are(80, false, CALM), "all 0; no share of no segments");
	now.value[PASSIVE_OPENS] += 812;
	now.value[ACTIVE_OPENS] += 431;
	now.value[ESTAB_RESETS] += 12;
	now.value[OUT_SEGS] += 50000;
	now.value[RETRANS_SEGS] += 200;
	add(SECOND);
	ok(are(80, false,
	       "per second   opened in 812  out 431   failed 0   reset 12   "
	       "retransmits 0.4 %\n"),
	    "all of them");
	now.value[PASSIVE_OPENS] += 30;
	now.value[ACTIVE_OPENS] += 5;
	now.value[ATTEMPT_FAILS] += 3;
	now.value[ESTAB_RESETS] += 1;
	now.value[OUT_SEGS] += 9000;
	now.value[RETRANS_SEGS] += 1;
	add(30 * (int64_t)SECOND);
	ok(are(80, false,
	       "per second   opened in 1  out 0.2   failed 0.1   reset <0.1   "
	       "retransmits <0.1 %\n"),
	    "what is little is not 0");
	now.value[PASSIVE_OPENS] += 5;
	now.value[OUT_SEGS] += 7;
	add(2 * (int64_t)SECOND);
	ok(are(80, false,
	       "per second   opened in 3  out 0   failed 0   reset 0   "
	       "retransmits 0.0 %\n"),
	    "2.5 is 3");
	now.value[PASSIVE_OPENS] += 40;
	add(SECOND / 10);
	ok(are(80, false,
	       "per second   opened in 400  out 0   failed 0   reset 0   "
	       "retransmits -\n"),
	    "short intervals too");
	add(0);
	ok(are(80, false, ""), "an interval of no time has no rates");
}

static void
test_gaps(void)
{
	begin();
	now.value[PASSIVE_OPENS] = 3;
	now.value[OUT_SEGS] += 10;
	now.value[RETRANS_SEGS] = 0;
	add(SECOND);
	ok(are(80, false, "per second   out 0   failed 0   reset 0\n"),
	    "a counter that wrapped is left out");
	now.value[PASSIVE_OPENS] += 4;
	add(SECOND);
	ok(are(80, false,
	       "per second   opened in 4  out 0   failed 0   reset 0   "
	       "retransmits -\n"),
	    "of that sample only");
	now.known[ESTAB_RESETS] = false;
	now.value[ESTAB_RESETS] = 0;
	now.known[ACTIVE_OPENS] = false;
	add(SECOND);
	ok(are(80, false,
	       "per second   opened in 0   failed 0   "
	       "retransmits -\n"),
	    "so is one that is missing");
	now.known[ESTAB_RESETS] = true;
	now.value[ESTAB_RESETS] = 100000;
	add(SECOND);
	ok(are(80, false,
	       "per second   opened in 0   failed 0   "
	       "retransmits -\n"),
	    "and one that was missing before");
	now = (struct limits){.reserved = NULL};
	add(SECOND);
	ok(are(80, false, ""), "without counters there is no line");
	begin();
	now.value[ACTIVE_OPENS] = UINT64_MAX;
	add(1);
	ok(flows_lines(&flows, 80) == 1, "no counter is too large");
}

static void
test_trouble(void)
{
	begin();
	now.value[LISTEN_OVERFLOWS] += 143;
	now.value[LISTEN_DROPS] += 143;
	add(SECOND);
	ok(are(80, false, CALM "trouble      accept queue overflows 143\n"),
	    "what an overflow drops is not counted twice");
	now.value[LISTEN_OVERFLOWS] += 20;
	now.value[LISTEN_DROPS] += 27;
	now.value[REQQ_FULL_DROP] += 2;
	now.value[SYNCOOKIES_SENT] += 3;
	now.value[TIMEWAIT_OVERFLOW] += 4;
	add(SECOND);
	ok(are(0, false,
	       CALM "trouble      accept queue overflows 20 (163 since start)"
		    "   listen drops 5   SYN cookies sent 3   "
		    "TIME_WAIT overflows 4   SYN queue drops 2\n"),
	    "all kinds, and the counts since the start");
	add(SECOND);
	ok(are(80, false,
	       CALM "trouble      accept queue overflows 0 (163 since start)"
		    "\n"),
	    "those of the past stay");
	ok(are(0, true,
	       CALM "trouble      "
		    "\033[1;33maccept queue overflows 0 (163 since start)"
		    "\033[0m   "
		    "\033[1;33mlisten drops 0 (5 since start)\033[0m   "
		    "\033[1;33mSYN cookies sent 0 (3 since start)\033[0m   "
		    "\033[1;33mTIME_WAIT overflows 0 (4 since start)\033[0m"
		    "   \033[1;33mSYN queue drops 0 (2 since start)"
		    "\033[0m\n"),
	    "in yellow");
	begin();
	now.value[TIMEWAIT_OVERFLOW] += 4;
	add(SECOND);
	ok(are(80, true,
	       CALM "trouble      \033[1;31mTIME_WAIT overflows 4\033[0m\n"),
	    "those of this interval are red");
	now.value[TIMEWAIT_OVERFLOW] = 2;
	add(SECOND);
	ok(are(80, true, CALM), "a counter that wrapped is left out");
	now.value[TIMEWAIT_OVERFLOW] += 5;
	add(SECOND);
	ok(are(80, false,
	       CALM "trouble      TIME_WAIT overflows 5 (9 since start)\n"),
	    "and its sum goes on from there");
}

static void
test_drops(void)
{
	begin();
	now.value[LISTEN_OVERFLOWS] += 9;
	now.value[LISTEN_DROPS] += 8;
	add(SECOND);
	now.value[LISTEN_OVERFLOWS] += 1;
	now.value[LISTEN_DROPS] += 2;
	add(SECOND);
	ok(are(80, false,
	       CALM "trouble      accept queue overflows 1 (10 since start)"
		    "\n"),
	    "a drop that is counted in the next sample is no other drop");
	now.value[LISTEN_OVERFLOWS] = 0;
	now.value[LISTEN_DROPS] += 50;
	add(SECOND);
	ok(are(80, false, CALM),
	    "other drops are not known without the overflows");
	now.value[LISTEN_DROPS] += 5;
	add(SECOND);
	ok(are(80, false,
	       CALM "trouble      accept queue overflows 0 (10 since start)"
		    "   listen drops 5\n"),
	    "of that interval");
}

static void
test_width(void)
{
	begin();
	now.value[PASSIVE_OPENS] += 812;
	now.value[LISTEN_OVERFLOWS] += 20;
	now.value[LISTEN_DROPS] += 20;
	now.value[SYNCOOKIES_SENT] += 3;
	add(SECOND);
	ok(are(59, false,
	       "per second   opened in 812  out 0   failed 0   reset 0\n"
	       "trouble      accept queue overflows 20   SYN cookies sent "
	       "3\n"),
	    "what fits");
	ok(are(58, false,
	       "per second   opened in 812  out 0   failed 0   reset 0\n"
	       "trouble      accept queue overflows 20\n") &&
		are(54, false,
		    "per second   opened in 812  out 0   failed 0   reset 0\n"
		    "trouble      accept queue overflows 20\n"),
	    "an item that does not fit is left out whole");
	ok(are(53, false,
	       "per second   opened in 812  out 0   failed 0\n"
	       "trouble      accept queue overflows 20\n"),
	    "if by one column");
	ok(are(30, false, "per second   opened in 812\n"),
	    "and a line without an item");
	ok(are(20, false, "") && are(1, false, ""), "or both");
}

static void
test_width_of_trouble(void)
{
	begin();
	now.value[LISTEN_OVERFLOWS] += 20;
	now.value[LISTEN_DROPS] += 20;
	add(SECOND);
	now.value[SYNCOOKIES_SENT] += 500;
	now.value[REQQ_FULL_DROP] += 1000;
	now.value[LISTEN_DROPS] += 1000;
	add(SECOND);
	ok(are(80, false,
	       CALM "trouble      SYN cookies sent 500   "
		    "SYN queue drops 1000\n"),
	    "what is over makes room for what goes on");
	ok(are(40, false,
	       "per second   opened in 0  out 0\n"
	       "trouble      SYN cookies sent 500\n"),
	    "of which the last go first");
	now.value[LISTEN_OVERFLOWS] += 1;
	now.value[LISTEN_DROPS] += 1001;
	now.value[REQQ_FULL_DROP] += 1000;
	now.value[SYNCOOKIES_SENT] += 5;
	add(SECOND);
	ok(are(98, false,
	       CALM "trouble      "
		    "accept queue overflows 1 (21 since start)   "
		    "SYN cookies sent 5   SYN queue drops 1000\n"),
	    "counts since the start go before it, from the end");
	ok(are(81, false,
	       CALM "trouble      accept queue overflows 1   "
		    "SYN cookies sent 5   SYN queue drops 1000\n"),
	    "all if they must");
}

int
main(void)
{
	test_rates();
	test_gaps();
	test_trouble();
	test_drops();
	test_width();
	test_width_of_trouble();
	return tap_done();
}
