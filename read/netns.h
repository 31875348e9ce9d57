/*
 * Network namespaces: finding them, naming them, and entering them or reading
 * their tables.
 */
#ifndef READ_NETNS_H
#define READ_NETNS_H

#include "read/owner.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NETNS_NAME = 56 }; /* room for a name, and its NUL */

/*
 * A namespace and two ways to its sockets: entering it requires CAP_SYS_ADMIN;
 * reading the tables of a process in it requires no capability.
 */
struct netns {
	char file[PATH_MAX]; /* a file of nsfs to enter by; may not exist */
	char net[PATH_MAX]; /* the directory of a process's tables; or empty */
	char process[21];   /* the pid, or "self", that led to it; or empty */

	/*
	 * If netns_each() found it: an id that is unique in its proc, and the
	 * name of the process with the lowest pid in it; or 0 and empty.
	 */
	uint64_t id;
	char command[OWNER_NAME];
};

/*
 * Finds the namespace that a proc shows: of /proc, this process's own; of a
 * procfs at another path, such as a container host's, that of its process 1;
 * of a copy, the tables in its directory net.  Returns 0 or an errno value.
 */
int netns_of_proc(struct netns *ns, const char *proc);

/*
 * Finds a namespace by word: a path if it contains a slash, else a name of
 * ip-netns(8), else a pid.  proc is a proc other than /proc, in which word is
 * always a pid, or NULL.  Returns 0 or an errno value.  Does not check that
 * the namespace exists: entering or reading it fails if not.
 */
int netns_find(struct netns *ns, const char *proc, const char *word);

/*
 * Calls visit(ns, ctx) once for each namespace that has a process in proc,
 * through the process with the lowest pid.  If visit returns NETNS_GONE, calls
 * it again for the next process in that namespace.  Sets *hidden to whether
 * there are processes that this user may not read, and perhaps namespaces.
 *
 * Returns 0 or an errno value: ESRCH if no process is visible, EOPNOTSUPP if
 * proc is a copy, which does not show which processes share a namespace,
 * ECANCELED after NETNS_STOP.
 */
enum netns_step { NETNS_NEXT, NETNS_GONE, NETNS_STOP };
typedef enum netns_step netns_visitor(const struct netns *ns, void *ctx);
int netns_each(
    const char *proc, netns_visitor *visit, void *ctx, bool *hidden);

/*
 * Moves this process into a namespace, and back.  If come_back is set,
 * netns_enter() fails if the process could not return.  netns_leave() does
 * nothing if no other namespace was entered.  Both return 0 or an errno value.
 */
int netns_enter(const struct netns *ns, bool come_back);
int netns_leave(void);

/*
 * Writes the name of a namespace: "host" if process 1 of proc is in it, else
 * that of ip-netns(8), else its number, as lsns(8) prints it, or, if this user
 * may not read that, "pid:" and the pid of a process in it; then ns->command if
 * there is one (4026532281/java, pid:712/java).  Writes an empty name if not
 * even a pid is known.  The rest of the array is zeroed.
 */
void netns_name(
    const struct netns *ns, const char *proc, char name[NETNS_NAME]);

#endif
