/*
 * A hash of bytes that peers, who choose their addresses and ports, cannot
 * make collide: SipHash-1-3 under a key that this process alone knows
 * (https://www.aumasson.jp/siphash/siphash.pdf).
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

/* The 16 bytes that the kernel gave this process at random (getauxval(3)). */
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

/* The hash of len bytes: all of its 64 bits are good. */
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
