/*
 * Tests what is true of every diagnosis: of random snapshots, and when memory
 * runs out.
 */
#include "snapshots.h"

enum { ROUNDS = 4000 };

/* The same numbers in each run (xorshift64). */
static uint64_t seed = 88172645463325252;

static uint64_t
below(uint64_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % n;
}

/* A number that is small, near a threshold, or as large as it can be. */
static uint64_t
number_up_to(uint64_t max)
{
	static const uint64_t numbers[] = {0, 1, 2, 3, 5, 10, 20, 50, 90, 100,
	    128, 1000, 4096, 60000, 131072};
	uint64_t n = numbers[below(sizeof(numbers) / sizeof(numbers[0]))];

	if (below(20) == 0)
		n = max;
	return n < max ? n : max;
}

static void
add_random_row(void)
{
	static const char *const ends[] = {"10.0.0.5:80", "10.0.0.5:40000+",
	    "127.0.0.1:40000+", "[::1]:40000+", "10.0.0.9+:3306",
	    "[2001:db8:ffff:ffff:ffff:ffff:ffff:ffff]:65000+",
	    "[2001:db8:ffff:ffff:ffff:ffff:ffff:0]:80", "0.0.0.0:0"};
	const size_t n = sizeof(ends) / sizeof(ends[0]);
	enum when to = (enum when)(1 + below(3));

	ADD(to, ends[below(n)], ends[below(n)],
	    (uint8_t)(below(10) ? below(NSTATES) : below(256)),
	    (unsigned)number_up_to(400), below(3) ? 1 + below(900) : 0,
	    .timer = (uint8_t)below(6), .retrans = (uint8_t)number_up_to(255),
	    .expires = (uint32_t)number_up_to(UINT32_MAX),
	    .idle = (uint32_t)number_up_to(UINT32_MAX),
	    .recv_q = (uint32_t)number_up_to(UINT32_MAX),
	    .send_q = (uint32_t)number_up_to(UINT32_MAX),
	    .pid = (uint32_t)below(4), .family = (enum family)below(2));
}

static void
add_random_listener(void)
{
	static const char *const ends[] = {"0.0.0.0:80", "[::]:80",
	    "10.0.0.5:80", "127.0.0.1:3306", "10.0.0.5:40000",
	    "[2001:db8:ffff:ffff:ffff:ffff:ffff:0]:80"};

	add_listener((enum when)(1 + below(3)),
	    ends[below(sizeof(ends) / sizeof(ends[0]))],
	    (uint32_t)number_up_to(UINT32_MAX),
	    (uint32_t)number_up_to(UINT32_MAX),
	    (uint32_t)number_up_to(UINT32_MAX), (uint32_t)below(4));
}

static void
set_random_limits(void)
{
	for (enum limit i = 0; i < NLIMITS; i++) {
		if (below(4) > 0)
			continue;
		set(i, number_up_to(UINT64_MAX));
		if (below(2) > 0)
			now.limits.value[i] = number_up_to(UINT64_MAX);
		before.limits.known[i] = below(8) > 0;
		now.limits.known[i] = below(8) > 0;
		if (!now.limits.known[i])
			now.limits.value[i] = 0;
	}
	if (below(8) == 0)
		now.limits.reserved = calloc(PORT_WORDS, sizeof(uint64_t));
	for (size_t i = 0; now.limits.reserved && i < PORT_WORDS; i++)
		now.limits.reserved[i] = ~below(2);
}

static void
make_random_snapshots(void)
{
	start();
	set_random_limits();
	if (below(2) > 0)
		before.source = now.source = "proc";
	now.moment = (int64_t)number_up_to(INT64_MAX);
	now.has_details = below(2) > 0;
	now.foreign = below(8) == 0;
	now.no_processes = below(8) == 0;
	now.processes.hidden = below(8) == 0;
	if (below(8) == 0)
		filter.states = (unsigned)below(1u << NSTATES);
	for (uint64_t i = below(12); i > 0; i--)
		add_random_listener();
	for (uint64_t i = below(12); i > 0; i--)
		add_random_row();
	for (uint32_t pid = 1; pid <= below(12); pid++)
		add_process(pid, number_up_to(UINT64_MAX),
		    number_up_to(UINT64_MAX), number_up_to(UINT64_MAX));
	for (size_t i = 0; i < now.processes.n; i++)
		memset(now.processes.process[i].process.name, '%',
		    OWNER_NAME - 1);
}

/* Whether findings are in order: severity, check, size. */
static bool
is_sorted(void)
{
	for (size_t i = 1; i < diagnosis.n; i++) {
		const struct finding *a = diagnosis.finding[i - 1];
		const struct finding *b = diagnosis.finding[i];

		if (a->severity < b->severity)
			return false;
		if (a->severity == b->severity &&
		    (a->check > b->check ||
			(a->check == b->check && a->size < b->size)))
			return false;
	}
	return true;
}

/* Whether numbers of findings and results of checks agree with findings. */
static bool
adds_up(void)
{
	size_t found_by[NCHECKS] = {0}, omitted = 0, number = 0;

	for (size_t i = 0; i < diagnosis.n; i++)
		found_by[diagnosis.finding[i]->check]++;
	for (size_t i = 0; i < NCHECKS; i++) {
		const struct check_result *r = &diagnosis.result[i];

		omitted += r->omitted;
		if ((r->status == CHECK_FOUND) != (found_by[i] > 0) ||
		    found_by[i] > FINDINGS_MAX ||
		    (r->omitted > 0 && found_by[i] < FINDINGS_MAX) ||
		    (r->status == CHECK_SKIPPED && r->reason[0] == '\0') ||
		    strlen(r->reason) + 1 == sizeof(r->reason))
			return false;
	}
	for (size_t i = NOTE; i < NSEVERITIES; i++)
		number += diagnosis.number[i];
	return number == diagnosis.n + omitted &&
	    diagnosis.number[SEVERITY_NONE] == 0;
}

/* Whether the severity of a diagnosis is that of its worst finding. */
static bool
is_as_bad_as_counted(void)
{
	enum severity worst = SEVERITY_NONE;

	for (enum severity s = NOTE; s < NSEVERITIES; s++)
		if (diagnosis.number[s] > 0)
			worst = s;
	return diagnosis_severity(&diagnosis) == worst;
}

static void
test_random_snapshots(void)
{
	unsigned sorted = 0, added_up = 0, as_bad = 0, critical = 0;
	bool seen[NCHECKS] = {0};
	size_t nseen = 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		make_random_snapshots();
		diagnose_pair(below(5) > 0 ? &before : NULL);
		sorted += is_sorted();
		added_up += adds_up();
		as_bad += is_as_bad_as_counted();
		critical += diagnosis.number[CRITICAL] > 0;
		for (size_t f = 0; f < diagnosis.n; f++)
			seen[diagnosis.finding[f]->check] = true;
	}
	ok(sorted == ROUNDS, "findings are in order");
	ok(added_up == ROUNDS, "findings, numbers and results agree");
	ok(as_bad == ROUNDS, "a diagnosis is as bad as the worst finding");
	for (size_t i = 0; i < NCHECKS; i++) {
		nseen += seen[i];
		if (!seen[i])
			printf("# nothing found: %s\n", check_id(i));
	}
	ok(nseen == NCHECKS && critical > ROUNDS / 10 && critical < ROUNDS,
	    "random snapshots have findings of all checks");
}

/* A snapshot with findings of most checks. */
static void
make_bad_snapshots(void)
{
	start();
	add_listener(BOTH, "0.0.0.0:80", 9, 8, 0, 7);
	ADD(BOTH, "10.0.0.5:80", "10.1.0.1:20000+", TCP_CLOSE_WAIT, 20,
	    .inode = 100, .pid = 7);
	ADD(BOTH, "10.0.0.5:80", "10.1.0.2:20000+", TCP_ESTABLISHED, 20,
	    .inode = 200, .timer = TIMER_ON, .retrans = 3, .recv_q = 5);
	ADD(BOTH, "10.0.0.5:80", "10.1.0.3:20000+", TCP_SYN_RECV, 200,
	    .retrans = 1);
	ADD(BOTH, "10.0.0.5:80", "10.1.0.4:20000+", TCP_LAST_ACK, 20,
	    .timer = TIMER_ON, .retrans = 3);
	ADD(BOTH, "10.0.0.5:80", "10.1.0.5:20000+", TCP_FIN_WAIT1, 20,
	    .timer = TIMER_ON, .retrans = 3);
	ADD(BOTH, "10.0.0.5:80", "10.1.0.6:20000+", TCP_FIN_WAIT2, 100);
	ADD(BOTH, "10.0.0.5:80", "10.1.0.7:20000+", TCP_FIN_WAIT2, 20,
	    .inode = 300, .pid = 8);
	ADD(BOTH, "10.0.0.5:40000+", "10.1.0.8:80", TCP_ESTABLISHED, 380,
	    .inode = 400, .pid = 8);
	ADD(BOTH, "10.0.0.5:80", "10.1.0.9:20000+", TCP_ESTABLISHED, 20);
	ADD(BOTH, "10.0.0.5:50000+", "10.1.0.9:81", TCP_SYN_SENT, 20,
	    .inode = 500, .pid = 8, .retrans = 1);
	set(SOCKSTAT_MEM, 1000000);
	set(DEFER_ACCEPT_DROP, 1);
	grow(LISTEN_OVERFLOWS, 1);
}

static void
test_no_memory(void)
{
	unsigned failures = 0, told = 0;
	size_t n;

	make_bad_snapshots();
	found();
	n = diagnosis.n;
	ok(n > 10 && !diagnosis.no_memory, "a diagnosis with enough memory");
	for (unsigned i = 1; i < 10000; i++) {
		diagnosis_free(&diagnosis);
		fail_at = i;
		diagnose(&diagnosis, &before, &now);
		if (fail_at > 0)
			break;
		failures++;
		told += diagnosis.no_memory;
	}
	fail_at = 0;
	ok(failures > 50 && told == failures,
	    "a diagnosis says whenever memory runs out");
	found();
	ok(diagnosis.n == n && !diagnosis.no_memory, "the next one is whole");
}

int
main(void)
{
	test_random_snapshots();
	test_no_memory();
	return snapshots_done();
}
