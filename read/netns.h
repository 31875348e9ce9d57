/*
 * Network namespaces: which there are, what they are called, and the ways to
 * their sockets.
 */
#ifndef READ_NETNS_H
#define READ_NETNS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NETNS_NAME = 56 };

/*
 * There are two ways: to enter it by a file of nsfs, which needs a right, or
 * to read the tables of a process that lives there, which needs none.
 */
struct netns {
	char file[PATH_MAX]; /* to enter by; may not exist */
	char net[PATH_MAX];  /* the directory of its tables, without entering;
				empty: there is none */
	char process[21];    /* through which it was found, or empty */
	uint64_t id;	     /* tells it from others of its proc, if listed */
};

/*
 * The namespace that proc shows: /proc that of this process, as ever; one at
 * any other path, such as that of a container's host, that of its process 1; a
 * mere copy what is in its directory net.  Returns 0 or an errno value.
 */
int netns_of_proc(struct netns *ns, const char *proc);

/*
 * The namespace of a name (as ip-netns(8) has it), of a path, which has a
 * slash in it, or of a process by its pid; a name goes before a pid.  In
 * another proc than /proc, if that is not NULL, only a pid can be found.
 * Returns 0 or an errno value; whether there is one shows when it is used.
 */
int netns_find(struct netns *ns, const char *proc, const char *word);

/*
 * Calls visit(ns, ctx) for each namespace that some process of proc lives in,
 * by way of the process with the lowest pid; where the answer is NETNS_GONE,
 * of the next one, if there is any.  Fills in whether there may be more, of
 * processes that are hidden from this user.  Returns 0 or an errno value:
 * ESRCH where there is no process at all, EOPNOTSUPP where proc is a copy, in
 * which nothing tells namespaces apart, ECANCELED after NETNS_STOP.
 */
enum netns_step { NETNS_NEXT, NETNS_GONE, NETNS_STOP };
typedef enum netns_step netns_visitor(const struct netns *ns, void *ctx);
int netns_each(
    const char *proc, netns_visitor *visit, void *ctx, bool *hidden);

/*
 * Has this process live in another namespace, unless it is its own, and come
 * back from there.  If it is to come back, it does not go where it could not.
 * Return 0 or an errno value.
 */
int netns_enter(const struct netns *ns, bool come_back);
int netns_leave(void);

/*
 * What people call it: the name it has for ip-netns(8), else its number, as
 * in lsns(8); where that may not be seen "pid:" and the pid of a process that
 * lives there, and empty where nothing is known.
 */
void netns_name(const struct netns *ns, char name[NETNS_NAME]);

#endif
