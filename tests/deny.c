/*
 * Runs a command with a seccomp filter that denies it what containers deny:
 * sockets of a family, or namespaces.  The system call fails with the given
 * error.
 *
 *	deny netlink|inet6|unshare|setns errno command...
 */
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <err.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Offset of the low 32 bits in a 64-bit argument. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define LOW_WORD 4
#else
#define LOW_WORD 0
#endif

/* Denied if its first argument, ANDed with mask, is value. */
struct call {
	const char *name;
	unsigned number;
	unsigned mask;
	unsigned value;
};

static const struct call calls[] = {
    {"netlink", SYS_socket, 0xffffffff, AF_NETLINK},
    {"inet6", SYS_socket, 0xffffffff, AF_INET6},
    {"unshare", SYS_unshare, 0, 0},
    {"setns", SYS_setns, 0, 0},
};

static const struct {
	const char *name;
	unsigned number;
} errors[] = {
    {"EPERM", EPERM},
    {"EACCES", EACCES},
    {"EAFNOSUPPORT", EAFNOSUPPORT},
    {"EPROTONOSUPPORT", EPROTONOSUPPORT},
    {"ENOSYS", ENOSYS},
    {"EMFILE", EMFILE},
};

static unsigned
find_error(const char *name)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (strcmp(errors[i].name, name) == 0)
			return errors[i].number;
	errx(2, "%s: unknown error", name);
}

static const struct call *
find_call(const char *name)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (strcmp(calls[i].name, name) == 0)
			return &calls[i];
	errx(2, "%s: unknown call", name);
}

/* Does what is denied; returns -1, with errno set, on failure. */
static int
attempt(const struct call *call)
{
	switch (call->number) {
	case SYS_unshare:
		return unshare(0);
	case SYS_setns:
		return setns(-1, 0);
	default:
		return socket((int)call->value, SOCK_DGRAM, 0);
	}
}

int
main(int argc, char **argv)
{
	if (argc < 4)
		errx(2, "usage: deny netlink|inet6|unshare|setns errno "
			"command...");

	const struct call *call = find_call(argv[1]);
	unsigned error = find_error(argv[2]);
	struct sock_filter filter[] = {
	    BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call->number, 0, 4),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		offsetof(struct seccomp_data, args[0]) + LOW_WORD),
	    BPF_STMT(BPF_ALU | BPF_AND | BPF_K, call->mask),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call->value, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {
	    sizeof(filter) / sizeof(filter[0]), filter};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		err(3, "seccomp");
	/* A socket passes if libc calls socketcall(2): it is not filtered. */
	if (attempt(call) >= 0 || errno != (int)error)
		errx(3, "the filter lets it pass");
	execvp(argv[3], argv + 3);
	err(3, "%s", argv[3]);
}
