/*
 * Runs a command with a seccomp filter that denies it sockets of a family, as
 * containers do: socket(2) fails with the given error.
 *
 *	deny netlink|inet6 errno command...
 */
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <err.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
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

int
main(int argc, char **argv)
{
	if (argc < 4)
		errx(2, "usage: deny netlink|inet6 errno command...");

	unsigned family =
	    strcmp(argv[1], "netlink") == 0 ? AF_NETLINK : AF_INET6;
	struct sock_filter filter[] = {
	    BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
	    /* The low word of socket()'s first argument, the family. */
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		offsetof(struct seccomp_data, args[0]) + LOW_WORD),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, family, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | find_error(argv[2])),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {
	    sizeof(filter) / sizeof(filter[0]), filter};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		err(3, "seccomp");
	/* It does if libc calls socketcall(2), which the filter ignores. */
	if (socket((int)family, SOCK_DGRAM, 0) >= 0)
		errx(3, "the filter lets sockets pass");
	execvp(argv[3], argv + 3);
	err(3, "%s", argv[3]);
}
