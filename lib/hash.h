/*
 * SipHash-1-3 (https://www.aumasson.jp/siphash/siphash.pdf), with a key that
 * only this process knows.  Peers choose their addresses and ports; without
 * the key they cannot choose any that collide.
 */
#ifndef LIB_HASH_H
#define LIB_HASH_H

#include <sys/auxv.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct hash_key {
	uint64_t half[2];
};

/*
 * Returns the 16 random bytes that the kernel gives each process (AT_RANDOM,
 * see getauxval(3)); zeros if it gave none.
 */
static inline struct hash_key
hash_random_key(void)
{
	const void *random = (const void *)getauxval(AT_RANDOM);
	struct hash_key key = {{0}};

	if (random)
		memcpy(&key, random, sizeof(key));
	return key;
}

static inline uint64_t
hash_rotate(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void
hash_round(uint64_t v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = hash_rotate(v[1], 13) ^ v[0];
	v[3] = hash_rotate(v[3], 16) ^ v[2];
	v[0] = hash_rotate(v[0], 32) + v[3];
	v[2] += v[1];
	v[3] = hash_rotate(v[3], 21) ^ v[0];
	v[1] = hash_rotate(v[1], 17) ^ v[2];
	v[2] = hash_rotate(v[2], 32);
}

/* Returns the hash of len bytes; any of its 64 bits may be used alone. */
static inline uint64_t
hash_bytes(const struct hash_key *key, const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	uint64_t v[4] = {
	    key->half[0] ^ 0x736f6d6570736575,
	    key->half[1] ^ 0x646f72616e646f6d,
	    key->half[0] ^ 0x6c7967656e657261,
	    key->half[1] ^ 0x7465646279746573,
	};
	uint64_t block = 0, last = (uint64_t)len << 56;

	for (; len >= sizeof(block);
	     p += sizeof(block), len -= sizeof(block)) {
		memcpy(&block, p, sizeof(block));
		v[3] ^= block;
		hash_round(v);
		v[0] ^= block;
	}
	for (size_t i = 0; i < len; i++)
		last |= (uint64_t)p[i] << 8 * i;
	v[3] ^= last;
	hash_round(v);
	v[0] ^= last;
	v[2] ^= 0xff;
	for (unsigned i = 0; i < 3; i++)
		hash_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

#endif
