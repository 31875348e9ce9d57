/*
 * Fuzzes the counting: any sockets through the filter, grouped by any keys,
 * compared with an earlier sample, and printed in every format.
 *
 * An input is a byte or more for each choice, then the sockets.
 */
#include "count/compare.h"
#include "lib/text.h"
#include "show/alert.h"
#include "show/format.h"
#include "tests/fuzz/files.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/output.h"
#include "tests/fuzz/sandbox_calls.h"

enum { CONNS_MAX = 256 };

/* Flags of a report, which has more. */
enum { COMPARED = 1, BASELINE = 2 };

/* The processes that own the sockets with inodes 1 to 6, and their units. */
static const char processes[] =
    "@1/comm\nsystemd\n@1/cgroup\n0::/init.scope\n@1/fd/3>socket:[1]\n"
    "@2/comm\na\"b\\,c\n@2/cgroup\n0::/a.slice/b \\x2d.service\n"
    "@2/fd/4>socket:[2]\n@2/fd/5>socket:[3]\n"
    "@3/comm\nother\n@3/cgroup\n0::/a.slice/other\n@3/fd/1>socket:[4]\n"
    "@4/comm\n\033[2J\377\n@4/cgroup\n0::/u-\033\302\233.scope\n"
    "@4/fd/1>socket:[5]\n@5/comm\n-\n@5/fd/1>socket:[6]\n";

static const char *const addrs[] = {"0.0.0.0", "127.0.0.1", "10.0.0.9",
    "10.1.2.3", "255.255.255.255", "::", "::1", "2001:db8::1"};
enum { NADDRS = sizeof(addrs) / sizeof(addrs[0]), NIPV4 = 5 };

static const uint16_t ports[] = {0, 1, 22, 80, 443, 8080, 32768, 60999, 65535};
enum { NPORTS = sizeof(ports) / sizeof(ports[0]) };

static struct owners *owners;

/* A list of one item for a filter, and what it says. */
struct choice {
	bool given;
	enum filter_end end;
	uint16_t low, high; /* ports */
	struct in6_addr addr;
	unsigned bits; /* of addr */
};

/* What an input chooses. */
struct test {
	struct filter filter;
	struct choice port, addr;
	struct key_set by;
	struct order order;
	size_t top;
	bool merge;
	struct conn conn[2][CONNS_MAX]; /* of the earlier sample, of this */
	size_t n[2];
};

static void
choose_filter(struct test *t, struct input *in)
{
	unsigned flags = take(in), bits, addr;
	char list[128];
	size_t len;

	filter_init(&t->filter);
	if (flags & 1)
		t->filter.states = take(in) * 16u + take(in) % 16u;
	if (flags & 2)
		t->filter.family[flags >> 2 & 1] = false;
	t->port = (struct choice){.given = flags & 8, .end = take(in) % NENDS};
	t->port.low = ports[take(in) % NPORTS];
	t->port.high = ports[take(in) % NPORTS];
	if (t->port.high < t->port.low)
		t->port.high = t->port.low;
	snprintf(list, sizeof(list), "%u-%u", t->port.low, t->port.high);
	require(!t->port.given ||
	    !filter_ports(&t->filter, t->port.end, list, &len));
	t->addr =
	    (struct choice){.given = flags & 16, .end = take(in) % NENDS};
	addr = take(in) % NADDRS;
	bits = take(in) % (addr < NIPV4 ? 33 : 129);
	require(conn_parse_addr(addrs[addr], &t->addr.addr));
	t->addr.bits = addr < NIPV4 ? bits + 96 : bits;
	snprintf(list, sizeof(list), "%s/%u", addrs[addr], bits);
	require(!t->addr.given ||
	    !filter_addrs(&t->filter, t->addr.end, list, &len));
}

/* Chooses up to four keys, or a breakdown by listener. */
static void
choose_keys(struct test *t, struct input *in)
{
	unsigned n = take(in) % 6;
	bool listeners = take(in) & 1;
	size_t nkeys = 0, len;

	while (key_name(nkeys))
		nkeys++;
	for (; n > 0; n--)
		key_parse(&t->by, key_name(take(in) % nkeys), &len);
	if (listeners && key_goes_with_listeners(&t->by))
		key_put_listener(&t->by);
}

/* Chooses columns to sort by, the rows to show, and whether to merge them. */
static void
choose_order(struct test *t, struct input *in)
{
	unsigned n = take(in) % 4;
	char list[256] = "";
	size_t names = 0, len;

	while (order_name(&t->by, names))
		names++;
	for (; n > 0; n--) {
		unsigned number = take(in);

		snprintf(list + strlen(list), sizeof(list) - strlen(list),
		    "%s%s%s", list[0] != '\0' ? "," : "",
		    number & 128 ? "-" : "",
		    order_name(&t->by, number % 128 % names));
	}
	require(
	    list[0] == '\0' || !order_parse(&t->order, &t->by, list, &len));
	t->top = take(in) % 8;
	t->merge = take(in) & 1;
}

/* Makes a socket as the sources make it. */
static struct conn
take_conn(struct input *in)
{
	struct conn c = {.state = take(in)};
	unsigned family = take(in), addr = take(in), port = take(in);

	/* Most states are known ones. */
	if (c.state < 240)
		c.state = (uint8_t)(c.state % 11 + 1);
	c.family = family & 1;
	require(conn_parse_addr(
	    addrs[addr % 16 % (c.family ? NADDRS : NIPV4)], &c.laddr));
	require(conn_parse_addr(
	    addrs[addr / 16 % (c.family ? NADDRS : NIPV4)], &c.raddr));
	c.lport = ports[port % 16 % NPORTS];
	c.rport = ports[port / 16 % NPORTS];
	c.inode = take(in) % 8;
	c.uid = family & 2 ? take(in) : 0;
	c.timer = family >> 2 & 7;
	c.retrans = (uint8_t)(family >> 5);
	c.recv_q = take(in);
	c.send_q = take(in);
	if (c.send_q == 255)
		c.send_q = CONN_UNKNOWN;
	c.drops = c.idle = CONN_UNKNOWN;
	return c;
}

static void
take_conns(struct test *t, struct input *in)
{
	for (size_t n = 0; in->left > 0 && n < 2 * CONNS_MAX; n++) {
		unsigned sample = n % 8 > 2;
		size_t *count = &t->n[sample];

		if (*count < CONNS_MAX)
			t->conn[sample][(*count)++] = take_conn(in);
	}
}

static bool
choice_has_port(const struct choice *c, uint16_t port)
{
	return port >= c->low && port <= c->high;
}

/* Whether an address has the first bits of another, one by one. */
static bool
choice_has_addr(const struct choice *c, const struct in6_addr *addr)
{
	for (unsigned i = 0; i < c->bits; i++)
		if ((addr->s6_addr[i / 8] ^ c->addr.s6_addr[i / 8]) &
		    128 >> i % 8)
			return false;
	return c->bits >= 96 || !conn_is_ipv4(addr);
}

/* Whether one end matches, or both have to. */
static bool
match(const struct choice *c, bool local, bool remote)
{
	return !c->given ||
	    (c->end == END_LOCAL	   ? local
		    : c->end == END_REMOTE ? remote
					   : local || remote);
}

static bool
is_wanted(const struct test *t, const struct conn *c)
{
	return t->filter.states & 1u << (c->state < 12 ? c->state : 0) &&
	    t->filter.family[c->family] &&
	    match(&t->port, choice_has_port(&t->port, c->lport),
		choice_has_port(&t->port, c->rport)) &&
	    match(&t->addr, choice_has_addr(&t->addr, &c->laddr),
		choice_has_addr(&t->addr, &c->raddr));
}

/* Counts a sample, and checks its totals. */
static struct tally *
count(struct test *t, unsigned sample)
{
	const struct port_range range = PORT_RANGE_DEFAULT;
	struct tally *tally =
	    tally_new(t->by.n > 0 ? &t->by : NULL, &t->filter);
	uint64_t wanted[NFAMILIES][NSTATES] = {{0}}, total = 0;

	require(tally);
	tally->source = "file";
	tally->context.range = range;
	tally->context.merge_listeners = t->merge;
	tally->context.owners = owners;
	strcpy(tally->context.netns_name, "4026531840/\033\\,\"");
	for (size_t i = 0; i < t->n[sample]; i++) {
		const struct conn *c = &t->conn[sample][i];

		tally_visit(c, tally);
		total += is_wanted(t, c);
		wanted[c->family][c->state < 12 ? c->state : 0] +=
		    is_wanted(t, c);
	}
	require(tally_finish(tally) == 0);
	for (unsigned f = 0; f < NFAMILIES; f++)
		require(memcmp(tally->family[f].count, wanted[f],
			    sizeof(wanted[f])) == 0);
	require(tally->all.total == total);
	return tally;
}

/* Checks that the rows that are shown add up to the totals. */
static void
check_rows(const struct report *r)
{
	const struct tally *t = r->now;
	uint64_t sum[NSTATES] = {0};
	struct report_rows rows;
	const struct row *row;
	int64_t delta = 0;
	size_t i = 0;

	report_rows_init(&rows, r);
	while ((row = report_next_row(&rows, &i))) {
		uint64_t total = 0;

		for (unsigned s = 0; s < NSTATES; s++) {
			sum[s] += row->count[s];
			total += row->count[s];
		}
		require(row->total == total);
		delta += report_value(r, row, FIELD_TOTAL).delta;
	}
	require(r->top == 0 || rows.n <= t->nrows + 1);
	if (t->by->listeners) {
		require(sum[TCP_LISTEN] <= t->all.count[TCP_LISTEN]);
		return;
	}
	require(memcmp(sum, t->all.count, sizeof(sum)) == 0);
	require(!r->baseline ||
	    delta == report_value(r, &t->all, FIELD_TOTAL).delta);
}

/* Checks the text of a format; sums that are not of listeners are known. */
static void
check_format(const struct format *format, const struct report *r,
    enum report_mode mode, const char *text)
{
	bool sums = !r->now->by || !r->now->by->listeners;
	uint64_t total = r->now->all.total;

	if (strcmp(format->name, "json") == 0) {
		output_check_json(text);
	} else if (strcmp(format->name, "csv") == 0 && !r->no_header) {
		uint64_t sum = output_check_csv(text);

		if (r->baseline)
			total = (uint64_t)report_value(
			    r, &r->now->all, FIELD_TOTAL)
				    .delta;
		require(!sums || sum == total);
	} else if (strcmp(format->name, "prometheus") == 0) {
		require(mode == REPORT_ONCE);
		total -= output_check_prometheus(text, "tcpstate_sockets");
		require(!sums || total == 0);
	} else if (strcmp(format->name, "count") == 0) {
		require(strtoull(text, NULL, 10) == total);
	}
}

static void
print(
    const struct format *format, const struct report *r, enum report_mode mode)
{
	report_printer *printer = mode == REPORT_APPEND && format->append
	    ? format->append
	    : format->print;
	struct text text;
	char *bytes;

	require(text_open(&text));
	printer(text.out, mode, r);
	bytes = text_close(&text);
	require(bytes);
	output_check(bytes, text.len, r->colour);
	check_format(format, r, mode, bytes);
	free(bytes);
}

/* Prints a report in all formats that can show it. */
static void
print_all(struct report *r, unsigned flags)
{
	struct report_stream stream = {.screenful = flags & 1 ? 10 : 0};

	for (size_t i = 0; format_name(i); i++) {
		const struct format *format = format_find(format_name(i));

		if ((r->now->by && !format->groups) ||
		    (r->baseline && !format->changes))
			continue;
		/* Else rows of one address and port would be two series. */
		if (format->merge_listeners && r->now->by &&
		    !r->now->context.merge_listeners)
			continue;
		print(format, r, REPORT_ONCE);
		r->stream = &stream;
		if (!format->no_watch && !r->baseline)
			print(format, r, REPORT_APPEND);
		r->stream = NULL;
		if (format->screen) {
			r->height = flags % 32;
			print(format, r, REPORT_SCREEN);
			r->height = 0;
		}
	}
}

/* The owners outlive all inputs. */
int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	char failed[PROCFS_PATH];
	bool hidden = false;

	(void)argc;
	(void)argv;
	sandbox_init();
	files_make("processes", processes, processes + strlen(processes));
	owners = owners_read("processes", true, &hidden, failed);
	require(owners);
	return 0;
}

/* Makes a report of a tally, as the flags say. */
static struct report
make_report(const struct tally *tally, unsigned flags, struct input *in)
{
	return (struct report){
	    .now = tally,
	    .time = {1763740000, 123000000},
	    .interval = flags & COMPARED ? 1500000000 : 0,
	    .first = true,
	    .baseline = flags & COMPARED && flags & BASELINE,
	    .no_header = flags & 4,
	    .per_second = flags & 8,
	    .all_states = flags & 16,
	    .width = flags & 32 ? take(in) : 0,
	    .colour = flags & 64,
	    .utf8 = flags & 128,
	};
}

/* Shows a tally in all ways. */
static void
show(const struct test *t, const struct tally *tally, unsigned flags,
    unsigned more, struct input *in)
{
	static const char *const ranges[] = {
	    "total=5", "established=1:", "time-wait=@2:3", "close-wait=~:0"};
	struct report report = make_report(tally, flags, in);
	struct thresholds thresholds = {0};
	char *alert;

	require(thresholds_set(&thresholds,
	    more & 1 ? LEVEL_CRITICAL : LEVEL_WARNING, ranges[more / 2 % 4]));
	report.thresholds = &thresholds;
	report.top = t->top;
	require(tally_name_users(tally, t->top) == 0);
	if (tally->by)
		check_rows(&report);
	print_all(&report, more);
	alert = alert_text(&report);
	output_check(alert, strlen(alert), false);
	free(alert);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	unsigned flags = take(&in), more = take(&in);
	struct test *t = calloc(1, sizeof(*t));
	struct tally *before, *now;

	choose_filter(t, &in);
	choose_keys(t, &in);
	choose_order(t, &in);
	take_conns(t, &in);
	before = count(t, 0);
	now = count(t, 1);
	require(tally_compare(before, NULL, &t->order, t->top) == 0);
	require(tally_compare(now, flags & COMPARED ? before : NULL, &t->order,
		    t->top) == 0);
	show(t, now, flags, more, &in);
	tally_free(now);
	tally_free(before);
	filter_free(&t->filter);
	free(t);
	return 0;
}
