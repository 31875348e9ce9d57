/*
 * Tests the names of units in texts of /proc/PID/cgroup.
 */
#include "lib/interrupt.c"
#include "lib/regular.c"
#include "read/procfs.c"
#include "read/unit.c"

#include "tap.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define POD "1234abcd-56ef-7890-abcd-ef1234567890"

static void
test_paths(void)
{
	static const struct {
		const char *path, *unit;
	} cases[] = {
	    {"/", ""},
	    {"", ""},
	    {"//", ""},
	    {"/..", ""},
	    {"/../..", ""},
	    {"/../nginx.service", "nginx.service"},
	    {"/system.slice/nginx.service", "nginx.service"},
	    {"/system.slice/nginx.service/worker", "nginx.service"},
	    {"/system.slice/system-getty.slice/getty@tty1.service",
		"getty@tty1.service"},
	    {"/system.slice/a\\x2db.service", "a\\x2db.service"},
	    {"/system.slice/mnt-data.mount", "mnt-data.mount"},
	    {"/system.slice", "system.slice"},
	    {"/system.slice/other", "system.slice"},
	    {"/init.scope", "init.scope"},
	    {"/user.slice/user-1000.slice/session-3.scope", "session-3.scope"},
	    {"/user.slice/user-1000.slice", "user-1000.slice"},
	    {"/user.slice/user-1000.slice/user@1000.service/init.scope",
		"user@1000.service"},
	    {"/user.slice/user-1000.slice/user@1000.service/app.slice",
		"user@1000.service"},
	    {"/user.slice/user-1000.slice/user@1000.service/app.slice/"
	     "web.service",
		"web.service"},
	    {"/docker/" ID, "docker-0123456789ab"},
	    {"/docker/" ID "/init.scope", "docker-0123456789ab"},
	    {"/docker/" ID "/system.slice/nginx.service", "nginx.service"},
	    {"/system.slice/docker-" ID ".scope", "docker-0123456789ab"},
	    {"/kubepods.slice/kubepods-burstable.slice/"
	     "kubepods-burstable-pod" POD ".slice/cri-containerd-" ID ".scope",
		"containerd-0123456789ab"},
	    {"/kubepods.slice/crio-" ID ".scope", "crio-0123456789ab"},
	    {"/kubepods/besteffort/pod" POD "/" ID, "pod-0123456789ab"},
	    {"/system.slice/containerd.service/kubepods-pod" POD
	     ".slice:cri-containerd:" ID,
		"containerd-0123456789ab"},
	    {"/machine.slice/libpod-" ID ".scope/container",
		"libpod-0123456789ab"},
	    {"/libpod_parent/libpod-" ID, "libpod-0123456789ab"},
	    {"/machine.slice/libpod-conmon-" ID ".scope",
		"libpod-conmon-0123456789ab"},
	    {"/lxc/web", "lxc-web"},
	    {"/lxc.payload.web", "lxc-web"},
	    {"/lxc.payload.web/init.scope", "lxc-web"},
	    {"/lxc.payload.", "lxc.payload."},
	    {"/lxc", "lxc"},
	    {"/" ID, ID},
	    {"/docker-" ID "0.scope", "docker-" ID "0.scope"},
	    {"/docker/0" ID, "0" ID},
	    {"/x" ID, "x" ID},
	    {"/-" ID, "-" ID},
	    {"/openrc.nginx", "openrc.nginx"},
	    {"/a/b", "b"},
	    {"/a:b/c:d.service", "c:d.service"},
	    {"/a b/c\td", "c\td"},
	};
	char text[512], unit[UNIT_NAME];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text), "0::%s\n", cases[i].path);
		unit_find(text, unit);
		if (!ok(strcmp(unit, cases[i].unit) == 0, "%s", cases[i].path))
			printf("# got: %s\n", unit);
	}
}

static void
test_lines(void)
{
	static const struct {
		const char *what, *text, *unit;
	} cases[] = {
	    {"an empty file", "", ""},
	    {"no line of it", "x\n0\n0:\n:\n\n", ""},
	    {"a line without its end", "0::/a.service", "a.service"},
	    {"version 2 before systemd, and that before others",
		"4:memory:/c.service\n1:name=systemd:/b.service\n"
		"0::/a.service\n",
		"a.service"},
	    {"systemd before others",
		"4:memory:/c.service\n1:name=systemd:/b.service\n0::/\n",
		"b.service"},
	    {"the first of others",
		"4:memory:/c.service\n3:cpu:/d.service\n"
		"1:name=systemd:/\n0::/\n",
		"c.service"},
	    {"a better part before all that",
		"4:memory:/docker/" ID "\n1:name=systemd:/a.slice\n0::/a\n",
		"docker-0123456789ab"},
	    {"a slice before a group", "1:name=systemd:/a.slice\n0::/a\n",
		"a.slice"},
	};
	char unit[UNIT_NAME];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unit_find(cases[i].text, unit);
		if (!ok(strcmp(unit, cases[i].unit) == 0, "%s", cases[i].what))
			printf("# got: %s\n", unit);
	}
}

/* Makes "0::/" and a name of that length. */
static void
find_long(size_t len, char unit[UNIT_NAME])
{
	char text[1024] = "0::/lxc.payload.";

	memset(text + strlen(text), 'a', len - strlen("lxc.payload."));
	unit_find(text, unit);
}

static void
test_lengths(void)
{
	char unit[UNIT_NAME], other[UNIT_NAME] = {0};

	find_long(255, unit);
	ok(strlen(unit) == 247 && strncmp(unit, "lxc-aa", 6) == 0,
	    "a name as long as any can be");
	ok(memcmp(unit + 247, other, UNIT_NAME - 247) == 0,
	    "the rest is zeros");
	find_long(256, unit);
	ok(unit[0] == '\0', "a longer one is none, and not cut");
	snprintf(other, sizeof(other), "0::/lxc/%0240d", 0);
	unit_find(other, unit);
	ok(strlen(unit) == 244, "one with more before it");
}

int
main(void)
{
	test_paths();
	test_lines();
	test_lengths();
	return tap_done();
}
