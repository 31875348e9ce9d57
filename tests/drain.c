/*
 * Requests the same sock_diag dump as tcpstate, and receives it without
 * decoding it: the least that a reader must do.  The benchmark compares
 * tcpstate with this.
 */
#include <sys/socket.h>

#include <err.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stdint.h>
#include <string.h>

int
main(void)
{
	static char buf[64 * 1024];
	struct {
		struct nlmsghdr header;
		struct inet_diag_req body;
	} request = {
	    .header = {sizeof(request), TCPDIAG_GETSOCK,
		NLM_F_REQUEST | NLM_F_DUMP, 1, 0},
	    .body = {.idiag_states = 0xffe},
	};
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG);
	uint16_t type = 0;

	if (fd < 0 || send(fd, &request, sizeof(request), 0) < 0)
		err(1, "sock_diag");
	/* NLMSG_DONE has 20 bytes, alone or after the last sockets. */
	while (type != NLMSG_DONE) {
		ssize_t n = recv(fd, buf, sizeof(buf), 0);

		if (n < 20)
			err(1, "sock_diag");
		memcpy(&type, buf + n - 20 + 4, sizeof(type));
	}
	return 0;
}
