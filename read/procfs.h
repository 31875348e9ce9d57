/*
 * Walks through the processes of a proc and their descriptors, and reads its
 * files.  A proc is procfs, or a copy of one, in which anything may be missing
 * or of another type.
 */
#ifndef READ_PROCFS_H
#define READ_PROCFS_H

#include <sys/types.h>

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Whether a mount of procfs hides the processes of other users from this one
 * (hidepid, see proc(5)).  Considers all mounts, not only that at /proc.
 */
bool procfs_hides(void);

/*
 * Whether a path is on procfs, not in a copy of one; also true if a fault,
 * such as EIO, leaves that unknown.
 */
bool procfs_is_live(const char *path);

/*
 * Returns the next entry of a directory, which is valid as that of readdir(3).
 * Returns NULL at its end, with errno 0, and on failure, with errno set: EINTR
 * after a signal that ends watch mode.
 */
const struct dirent *procfs_next(DIR *dir);

/*
 * Whether an errno value means that a process or descriptor is gone or, in a
 * copy, was never there.
 */
bool procfs_gone(int error);

/* The result of reading a process, or a descriptor of it. */
enum trouble {
	TROUBLE_NONE,
	TROUBLE_GONE,	/* it ended or was closed: skip it */
	TROUBLE_DENIED, /* this user may not read the process: skip it */
	TROUBLE_FATAL,	/* end the walk; errno is the reason */
};

/* What errno means for the walk. */
enum trouble procfs_trouble(void);

/*
 * Calls visit(process, pid, ctx) for each process in proc ("/proc"); process
 * is its open directory.  Sets *hidden if there are processes that this user
 * may not read, and else leaves it.  Returns 0 or an errno value: ESRCH if
 * proc shows no process.  On failure, failed is the path of what could not be
 * read: proc or a process.
 */
enum { PROCFS_PATH = PATH_MAX + 16 };
typedef enum trouble process_visitor(int process, uint32_t pid, void *ctx);
int procfs_each_process(const char *proc, process_visitor *visit, void *ctx,
    bool *hidden, char failed[PROCFS_PATH]);

/*
 * Calls visit(dir, name, ctx) for each descriptor of a process, by its name in
 * the open directory fd.  Ends if visit returns TROUBLE_DENIED or
 * TROUBLE_FATAL, and returns that.
 */
typedef enum trouble descriptor_visitor(int dir, const char *name, void *ctx);
enum trouble procfs_each_descriptor(
    int process, descriptor_visitor *visit, void *ctx);

/* Reads the inode of a descriptor's socket; 0 if it is no socket. */
enum trouble procfs_socket(int dir, const char *name, uint64_t *inode);

/*
 * Returns the nanoseconds between the start of the machine and the moment at
 * which a copy of a proc was made, by its file uptime; 0 if it is not known,
 * with errno set if the file could not be read, else 0.
 */
int64_t procfs_uptime(const char *proc);

#endif
