/*
 * The table of counts, with keys and counts that no test of the program has.
 */
#include "../map.c"

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
	size_t at = 0, n = 0;
	uint32_t count;

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
	while (map_next(&map, &at, &count)) {
		sum += count;
		n++;
	}
	ok(n == 100000 && sum == 1199997, "all come by, once (%zu, %llu)", n,
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

int
main(void)
{
	test_counts();
	test_full_count();
	return tap_done();
}
