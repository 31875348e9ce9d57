/*
 * The table of counts, with keys and counts that no test of the program has.
 */
#include "lib/array.c"
#include "lib/map.c"

#include "tap.h"

/* A key of two words. */
static const uint32_t *
make_key(uint32_t n)
{
	static uint32_t key[2];

	key[0] = n / 1000;
	key[1] = n % 1000;
	return key;
}

static void
test_counts(void)
{
	struct map map;
	bool good = true;
	uint64_t sum = 0;
	size_t n;

	map_init(&map, 2);
	ok(map_get(&map, make_key(1)) == 0, "an empty map");
	for (uint32_t i = 0; i < 300000; i++)
		good &= map_add(&map, make_key(i % 100000), i % 7 + 1);
	ok(good && map.n == 100000, "many keys, more than once");
	for (uint32_t i = 0; i < 100000; i++) {
		uint32_t wanted = 0;

		for (uint32_t j = i; j < 300000; j += 100000)
			wanted += j % 7 + 1;
		good &= map_get(&map, make_key(i)) == wanted;
	}
	ok(good, "each with its count");
	ok(map_get(&map, make_key(100000)) == 0, "and no other");
	for (n = 0; n < map.n; n++) {
		good &= map_key(&map, n)[0] == n / 1000;
		sum += *map_value(&map, n);
	}
	ok(good && n == 100000 && sum == 1199997,
	    "in the order in which they came (%zu, %llu)", n,
	    (unsigned long long)sum);
	for (uint32_t i = 0; i < 1000; i++)
		good &= map_queue(&map, make_key(i % 3), 2);
	ok(good && map_flush(&map), "counted one by one");
	ok(map_get(&map, make_key(0)) ==
		(0 % 7 + 1) + (100000 % 7 + 1) + (200000 % 7 + 1) + 668,
	    "and added");
	map_free(&map);
	ok(map_get(&map, make_key(1)) == 0, "an empty one again");
}

static void
test_full_count(void)
{
	struct map map;

	map_init(&map, 2);
	ok(map_add(&map, make_key(1), UINT32_MAX - 1) &&
		map_add(&map, make_key(1), 1),
	    "a count of 32 bits");
	ok(!map_add(&map, make_key(1), 1), "that will not be passed");
	ok(map_get(&map, make_key(1)) == UINT32_MAX, "nor begin anew");
	map_free(&map);
}

/*
 * Addresses and ports differ in few bits, at either end of a word.  A hash
 * that leaves these where they are makes every search a walk.
 */
static void
test_hash(void)
{
	static unsigned char used[1 << 16];
	uint32_t key[4] = {0, 0, 0xffff0000, 0};

	for (unsigned shift = 0; shift <= 16; shift += 8) {
		unsigned places = 0;

		memset(used, 0, sizeof(used));
		for (uint32_t i = 0; i < 1 << 16; i++) {
			uint64_t place;

			key[3] = i << shift;
			place =
			    hash_words(&(struct hash_key){{1, 2}}, key, 4) %
			    sizeof(used);
			places += !used[place];
			used[place] = 1;
		}
		/* By chance it would be 41,427 of 65,536. */
		ok(places > 41000,
		    "addresses that differ in 16 bits from bit "
		    "%u on have %u places",
		    shift, places);
	}
}

int
main(void)
{
	test_hash();
	test_counts();
	test_full_count();
	return tap_done();
}
