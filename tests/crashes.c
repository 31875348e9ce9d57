/*
 * Finds programs that died of a signal, wherever a shell lost their status:
 *the kernel's process accounting notes how each process of a PID namespace
 *ends.
 *
 *	crashes start file		note in file, for this PID namespace
 *	crashes list file name		print the signals that killed name
 *
 * Process accounting requires CAP_SYS_PACCT.  To be run in a PID namespace of
 * its own: elsewhere "start" changes the accounting of the whole machine.
 */
#include <sys/types.h>
#include <sys/wait.h>

#include <err.h>
#include <linux/acct.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Signals that a program sends itself by a fault, or by abort(). */
static const struct {
	int number;
	const char *name;
} faults[] = {
    {SIGILL, "SIGILL"},
    {SIGTRAP, "SIGTRAP"},
    {SIGABRT, "SIGABRT"},
    {SIGBUS, "SIGBUS"},
    {SIGFPE, "SIGFPE"},
    {SIGSEGV, "SIGSEGV"},
    {SIGSYS, "SIGSYS"},
};

/* Reads the next record; returns false at the end of the file. */
static bool
next_death(FILE *file, const char *path, struct acct_v3 *death)
{
	if (fread(death, sizeof(*death), 1, file) != 1)
		return false;
	/* The upper half of the version is the byte order. */
	if ((death->ac_version & 0xf) != 3)
		errx(1, "%s: accounting of version %d, expected 3", path,
		    death->ac_version & 0xf);
	return true;
}

static FILE *
open_file(const char *path, const char *mode)
{
	FILE *file = fopen(path, mode);

	if (file == NULL)
		err(1, "%s", path);
	return file;
}

/* Starts the accounting, and checks that it notes a child's death. */
static void
start(const char *path)
{
	struct acct_v3 death;
	bool noted = false;
	FILE *file;
	pid_t pid;

	fclose(open_file(path, "w"));
	if (acct(path) < 0)
		err(1, "acct");
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		kill(getpid(), SIGKILL);
		_exit(0);
	}
	waitpid(pid, NULL, 0);

	file = open_file(path, "r");
	while (next_death(file, path, &death))
		noted |= WIFSIGNALED(death.ac_exitcode);
	fclose(file);
	/* The kernel stops writing if the disk is almost full. */
	if (!noted)
		errx(1, "%s: the kernel notes no process", path);
}

static void
list(const char *path, const char *name)
{
	struct acct_v3 death;
	FILE *file = open_file(path, "r");

	while (next_death(file, path, &death)) {
		int status = (int)death.ac_exitcode;

		if (!WIFSIGNALED(status) ||
		    strncmp(death.ac_comm, name, sizeof(death.ac_comm)) != 0)
			continue;
		for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
			if (WTERMSIG(status) == faults[i].number)
				puts(faults[i].name);
	}
	fclose(file);
}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "start") == 0)
		start(argv[2]);
	else if (argc == 4 && strcmp(argv[1], "list") == 0)
		list(argv[2], argv[3]);
	else
		errx(2, "usage: crashes start file | crashes list file name");
	return 0;
}
