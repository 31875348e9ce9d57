/*
 * Tests the dictionary with more keys than other tests have, and its hash with
 * keys that differ in few bits.
 */
#include "lib/dict.c"

#include "tap.h"

struct key {
	uint32_t high, low;
};

static struct key
make_key(uint32_t n)
{
	return (struct key){n / 1000, n % 1000};
}

static void
test_counts(void)
{
	enum { N = 100000 };
	struct dict dict;
	struct key key = make_key(1);
	uint64_t sum = 0;
	bool good = true;
	size_t n;

	dict_init(&dict, sizeof(struct key), sizeof(uint64_t));
	ok(!dict_find(&dict, &key), "an empty dictionary");
	for (uint32_t i = 0; i < 3 * N; i++) {
		uint64_t *count;

		key = make_key(i % N);
		count = dict_reach(&dict, &key);
		good &= count != NULL;
		*count += i % 7 + 1;
	}
	ok(good && dict.n == N, "many keys, more than once");
	for (uint32_t i = 0; i < N; i++) {
		uint64_t wanted = 0;
		const uint64_t *count;

		for (uint32_t j = i; j < 3 * N; j += N)
			wanted += j % 7 + 1;
		key = make_key(i);
		count = dict_find(&dict, &key);
		good &= count && *count == wanted;
	}
	ok(good, "each with its record");
	key = make_key(N);
	ok(!dict_find(&dict, &key), "and no other");
	for (n = 0; n < dict.n; n++) {
		const uint64_t *count = dict_record(&dict, n);

		key = make_key((uint32_t)n);
		good &= memcmp(dict_key(&dict, count), &key, sizeof(key)) == 0;
		sum += *count;
	}
	ok(good && n == N && sum == 1199997,
	    "in the order in which they came (%zu, %llu)", n,
	    (unsigned long long)sum);
	dict_free(&dict);
	key = make_key(1);
	ok(!dict_find(&dict, &key), "an empty one again");
	ok(dict_reach(&dict, &key) && dict.n == 1, "that can be used");
	dict_free(&dict);
}

/* Records of no bytes make a set. */
static void
test_set(void)
{
	struct dict dict;
	unsigned char bytes[3] = {1, 2, 3};

	dict_init(&dict, sizeof(bytes), 0);
	ok(dict_reach(&dict, bytes) && dict_reach(&dict, bytes) && dict.n == 1,
	    "a key of three bytes, without a record");
	bytes[2] = 4;
	ok(!dict_find(&dict, bytes), "is not another");
	dict_free(&dict);
}

/*
 * Addresses and ports often differ in few bits, at either end of a word.  A
 * hash that does not mix these bits makes every search long.
 */
static void
test_hash(void)
{
	static unsigned char used[1 << 16];
	const struct hash_key hash_key = {{1, 2}};
	uint32_t key[4] = {0, 0, 0xffff0000, 0};

	for (unsigned shift = 0; shift <= 16; shift += 8) {
		unsigned places = 0;

		memset(used, 0, sizeof(used));
		for (uint32_t i = 0; i < 1 << 16; i++) {
			uint64_t place;

			key[3] = i << shift;
			place = hash_bytes(&hash_key, key, sizeof(key)) %
			    sizeof(used);
			places += !used[place];
			used[place] = 1;
		}
		/* A random function fills 41,427 of 65,536 places. */
		ok(places > 41000,
		    "addresses that differ in 16 bits from bit %u on have %u "
		    "places",
		    shift, places);
	}
}

static void
test_key(void)
{
	const struct hash_key a = {{1, 2}}, b = {{1, 3}};

	ok(hash_bytes(&a, "abc", 3) != hash_bytes(&b, "abc", 3),
	    "another key is another hash");
	ok(hash_bytes(&a, "abc", 3) != hash_bytes(&a, "abc\0", 4),
	    "so is a byte more");
}

int
main(void)
{
	test_counts();
	test_set();
	test_hash();
	test_key();
	return tap_done();
}
