/*
 * Fuzzes the command line: any words, on the files that files.txt describes.
 *
 * An input is the words, each with a NUL after it.  A first one such as
 * "@80x24 jq" makes stdout a terminal of that size, and types the keys jq.  If
 * the input has an odd length, there is sock_diag.
 */
#include "tests/fuzz/files.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/sandbox_calls.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sys/uio.h>

enum { WORDS_MAX = 64 };

/* The states, and local ports, of the sockets that sock_diag has. */
static const struct {
	uint8_t family, state;
	uint16_t port;
} sockets[] = {
    {AF_INET, TCP_LISTEN, 80},
    {AF_INET6, TCP_LISTEN, 443},
    {AF_INET, TCP_ESTABLISHED, 80},
    {AF_INET, TCP_SYN_RECV, 80},
    {AF_INET6, TCP_CLOSE_WAIT, 443},
    {AF_INET, TCP_TIME_WAIT, 40000},
};

/* A message of a dump. */
struct message {
	struct nlmsghdr header;
	struct inet_diag_msg body;
};

/* Answers with one datagram: the sockets, and the end. */
static ssize_t
dump(struct msghdr *datagram)
{
	enum { N = sizeof(sockets) / sizeof(sockets[0]) };
	static struct message messages[N + 1];

	for (unsigned i = 0; i <= N; i++)
		messages[i].header = (struct nlmsghdr){
		    .nlmsg_len = sizeof(messages[i]),
		    .nlmsg_type = i < N ? SOCK_DIAG_BY_FAMILY : NLMSG_DONE,
		    .nlmsg_seq = sandbox.seq,
		};
	for (unsigned i = 0; i < N; i++)
		messages[i].body = (struct inet_diag_msg){
		    .idiag_family = sockets[i].family,
		    .idiag_state = sockets[i].state,
		    .id = {.idiag_sport = htons(sockets[i].port)},
		    .idiag_rqueue = 9,
		    .idiag_wqueue = 8,
		    .idiag_inode = 339605,
		};
	memcpy(datagram->msg_iov->iov_base, messages, sizeof(messages));
	return sizeof(messages);
}

static int
take_number(const char **p)
{
	int n = 0;

	for (; **p >= '0' && **p <= '9' && n < 1000; ++*p)
		n = n * 10 + **p - '0';
	return n;
}

/* Sets the terminal that a word describes. */
static void
set_terminal(const char *p)
{
	p++;
	sandbox.columns = (unsigned short)take_number(&p);
	p += *p == 'x';
	sandbox.rows = (unsigned short)take_number(&p);
	p += *p == ' ';
	sandbox.keys = p;
	sandbox.nkeys = strlen(p);
}

/* A run that ends early frees nothing. */
const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	sandbox_init();
	files_make_all();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *argv[WORDS_MAX + 2];
	bool colour = false;
	struct run run;
	int argc = 0;

	memcpy(text, data, size);
	text[size] = '\0';
	argv[argc++] = text + size;
	sandbox_reset();
	if (size % 2 == 1)
		sandbox.receive = dump;
	for (char *p = text; p < text + size && argc <= WORDS_MAX;
	     p += strlen(p) + 1) {
		if (p == text && *p == '@')
			set_terminal(p);
		else
			argv[argc++] = p;
		colour |= strncmp(p, "--col", 5) == 0;
	}
	argv[argc] = NULL;
	run = sandbox_run(argc, argv);
	sandbox_check(&run, colour);
	free(text);
	return 0;
}
