/*
 * What the fuzz targets share: an invariant that ends the program, and a
 * reader of the input's bytes.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What libFuzzer calls: with each input, and once before the first. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Options of the sanitizer. */
const char *__asan_default_options(void);

/* Ends the program, with a message, if an invariant does not hold. */
#define require(invariant) \
	((invariant) ? (void)0 : broken(__FILE__, __LINE__, #invariant))

__attribute__((noreturn)) static inline void
broken(const char *file, int line, const char *invariant)
{
	fprintf(stderr, "%s:%d: broken: %s\n", file, line, invariant);
	abort();
}

/* The rest of an input. */
struct input {
	const uint8_t *p;
	size_t left;
};

/* Takes a byte; 0 at the end. */
static inline uint8_t
take(struct input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->p++;
}

/* Takes up to len bytes; sets the others to 0. */
static inline void
take_bytes(struct input *in, void *to, size_t len)
{
	size_t n = len < in->left ? len : in->left;

	memset(to, 0, len);
	memcpy(to, in->p, n);
	in->p += n;
	in->left -= n;
}

#endif
