/*
 * A library to preload: allocations fail.
 *
 *	NOMEM=n		the n-th fails, once
 *	NOMEM=n+	the n-th fails, and all after it
 *	NOMEM_COUNT=file	write their number to the file at exit
 *
 * glibc's own functions, such as strdup(3) and opendir(3), allocate through
 * these too.  But what looks up users does not fail: glibc itself crashes
 * there, in nss_database_reload_1() and nss_module_load().
 */
#include <dlfcn.h>
#include <errno.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* glibc's allocator, under the names that nobody replaces. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static unsigned long calls, first;
static bool all, suspended;

__attribute__((constructor)) static void
begin(void)
{
	const char *wanted = getenv("NOMEM");
	char *end;

	calls = 0; /* those of the loader do not count */
	first = wanted ? strtoul(wanted, &end, 10) : 0;
	all = wanted && *end == '+';
}

__attribute__((destructor)) static void
report(void)
{
	const char *path = getenv("NOMEM_COUNT");
	unsigned long n = calls;
	FILE *out = path ? fopen(path, "w") : NULL;

	if (out) {
		fprintf(out, "%lu\n", n);
		fclose(out);
	}
}

/* Counts a call; true if it fails. */
static bool
fails(void)
{
	calls += !suspended;
	if (suspended || first == 0 || calls < first ||
	    (calls > first && !all))
		return false;
	errno = ENOMEM;
	return true;
}

void *
malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *
calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}

void *
aligned_alloc(size_t alignment, size_t size)
{
	return fails() ? NULL : __libc_memalign(alignment, size);
}

int
posix_memalign(void **result, size_t alignment, size_t size)
{
	*result = fails() ? NULL : __libc_memalign(alignment, size);
	return *result ? 0 : ENOMEM;
}

/* Calls the function of that name that this library replaces. */
static struct passwd *
look_up(const char *name, uid_t uid, const char *user)
{
	void *symbol = dlsym(RTLD_NEXT, name);
	struct passwd *(*by_uid)(uid_t), *(*by_name)(const char *), *found;

	memcpy(&by_uid, &symbol, sizeof(symbol));
	memcpy(&by_name, &symbol, sizeof(symbol));
	suspended = true;
	found = user ? by_name(user) : by_uid(uid);
	suspended = false;
	return found;
}

struct passwd *
getpwuid(uid_t uid)
{
	return look_up("getpwuid", uid, NULL);
}

struct passwd *
getpwnam(const char *user)
{
	return look_up("getpwnam", 0, user);
}
