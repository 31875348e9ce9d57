#!/usr/bin/env sh
# What who builds, packages and tests the program asks of make and setup.sh.
. tests/lib.sh

# A copy, in a directory with a blank in its name, so that neither this tree is
# changed nor what is asked of the make that runs this gets there.
copy="$tmp/a copy"
mkdir "$copy" "$copy/tests"
cp Makefile ./*.c ./*.h tcpstate.1 "$copy"
cp -r completions "$copy"
for floor in lib read count explain show watch command; do
	mkdir "$copy/$floor"
	cp $floor/*.c $floor/*.h "$copy/$floor"
done
cp tests/lib.sh tests/setup.sh "$copy/tests"
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES GNUMAKEFLAGS CFLAGS CPPFLAGS \
	LDFLAGS PREFIX BINDIR DATADIR MANDIR DESTDIR WARNINGS \
	OBJS UNIT_TESTS TOOLS
cd "$copy" || exit 1

# Flags.
make -n tcpstate >"$tmp/commands"
is 'without flags of the environment there are -O2 and -g' \
	"$(grep -c -- ' -O2 -g ' "$tmp/commands")" \
	"$(wc -l <"$tmp/commands")"
CFLAGS='-O1 -DONE' CPPFLAGS=-DTWO LDFLAGS=-Lthree make -n tcpstate \
	>"$tmp/commands"
is 'all is compiled with its CFLAGS and CPPFLAGS' \
	"$(grep -c -- ' -DTWO -O1 -DONE .*-c ' "$tmp/commands")" \
	"$(grep -c -- ' -c ' "$tmp/commands")"
is 'and the program linked with its CFLAGS and LDFLAGS' \
	"$(grep -v -- ' -c ' "$tmp/commands" |
	grep -c -- ' -O1 -DONE -Lthree -o tcpstate ')" 1
run env CFLAGS=-O0 make
is 'such a build succeeds' "$status$err" 0

# The version and its date.
sed -i 's/^VERSION = .*/VERSION = 12.34/; s/^DATE = .*/DATE = 2031-02-03/' \
	Makefile
run make -s
is '-V and the manual follow the version and date of the Makefile' \
	"$status$err$(./tcpstate -V; sed -n 's/^\.Dd //p' tcpstate.1)" \
	'0tcpstate 12.34
February 3, 2031'

# Installation.
# tree DIRECTORY: what is in it, with permissions.
tree() {
	(cd "$1" && find . ! -name . -exec stat -c '%A %n' {} + |
		sort -k 2)
}
run sh -c "umask 077; DESTDIR='$tmp/a destination' PREFIX='/opt/of mine' \
	make -s install"
is 'directories may have a blank in their name' "$status$out$err" 0
is 'all may use what was installed, whatever the umask' \
	"$(tree "$tmp/a destination/opt/of mine")" \
	'drwxr-xr-x ./bin
-rwxr-xr-x ./bin/tcpstate
drwxr-xr-x ./share
drwxr-xr-x ./share/bash-completion
drwxr-xr-x ./share/bash-completion/completions
-rw-r--r-- ./share/bash-completion/completions/tcpstate
drwxr-xr-x ./share/fish
drwxr-xr-x ./share/fish/vendor_completions.d
-rw-r--r-- ./share/fish/vendor_completions.d/tcpstate.fish
drwxr-xr-x ./share/man
drwxr-xr-x ./share/man/man1
-rw-r--r-- ./share/man/man1/tcpstate.1
drwxr-xr-x ./share/zsh
drwxr-xr-x ./share/zsh/site-functions
-rw-r--r-- ./share/zsh/site-functions/_tcpstate'
is 'and runs' "$("$tmp/a destination/opt/of mine/bin/tcpstate" -V)" \
	"$(./tcpstate -V)"
run env DESTDIR="$tmp/a destination" PREFIX='/opt/of mine' make -s uninstall
is 'uninstall leaves no file of it' \
	"$status$out$err$(find "$tmp/a destination" -type f)" 0
run make -s install DESTDIR="$tmp/default"
is 'the place is /usr/local by default, but for fish' \
	"$(cd "$tmp/default" && find . -type f | sort)" \
	'./etc/fish/completions/tcpstate.fish
./usr/local/bin/tcpstate
./usr/local/share/bash-completion/completions/tcpstate
./usr/local/share/man/man1/tcpstate.1
./usr/local/share/zsh/site-functions/_tcpstate'
is 'nor is another DATADIR left for it' \
	"$(make -n install DATADIR=/opt/data | grep -c /etc/fish)" 0
# by_itself SHELL COMMAND: what it prints in an environment that is empty.
by_itself() {
	env -i PATH="$PATH" HOME="$tmp" "$1" -c "$2" | xargs
}
if can command -v fish; then
	# shellcheck disable=SC2016
	matches 'where fish looks' " $(by_itself fish \
		'string join \n $fish_complete_path') " \
		'* /etc/fish/completions *'
fi
if can command -v zsh; then
	# shellcheck disable=SC2016
	matches 'and zsh' " $(by_itself zsh 'print -l $fpath') " \
		'* /usr/local/share/zsh/site-functions *'
fi

# What make check tells of tests that are skipped.
# stub NAME: a test, of what comes on stdin.
stub() {
	{ printf '#!/usr/bin/env sh\n. tests/lib.sh\n'; cat; } >"tests/$1.t"
	chmod 755 "tests/$1.t"
}
# make_check NAME=VALUE...: with the environment's own word on skipping.
make_check() {
	run env -u TCPSTATE_SKIPPED -u TCPSTATE_NO_SKIP "$@" \
		make -s check UNIT_TESTS= TOOLS=
}
stub one <<'STUB'
true
check 'a test'
done_testing
STUB
make_check
matches 'the last line of make check is prove'\''s' "$status $out" \
	'0 *
Result: PASS'
stub one <<'STUB'
can sh -c 'echo "out of coffee" >&2; false'
done_testing
STUB
stub two <<'STUB'
skip_all 'nobody is here'
STUB
make_check
matches 'behind it is what was skipped, and why' "$status $out" \
	'0 *
Skipped:
tests/one.t: cannot sh -c echo "out of coffee" >&2; false: out of coffee
tests/two.t: nobody is here'
make_check TCPSTATE_NO_SKIP=1
matches 'with TCPSTATE_NO_SKIP that is the end' "$status $out $err" \
	'[!0]*must not be skipped: nobody is here*'
rm tests/two.t
make_check TCPSTATE_NO_SKIP=1
matches 'or a failure' "$status $out" '[!0]*Failed 1/1 subtests*Result: FAIL'
stub two <<'STUB'
false
check 'a test'
done_testing
STUB
make_check
matches 'a failure remains one' "$status $out" '[!0]*Result: FAIL
Skipped:
tests/one.t: *'

# setup.sh, where nothing is installed but what the tools here pretend.
mkdir "$tmp/tools"
ln -s "$(command -v sh)" "$tmp/tools/sh"
# tool NAME: one that does what comes on stdin.
tool() {
	{ printf '#!/usr/bin/env sh\n'; cat; } >"$tmp/tools/$1"
	chmod 755 "$tmp/tools/$1"
}
# setup LIST
setup() {
	run env PATH="$tmp/tools" "$tmp/tools/sh" tests/setup.sh "$1"
}
echo 'echo 1000' | tool id
setup build
matches 'setup.sh: without apt-get, packages are named' "$status $out$err" \
	'1 setup.sh: there is no apt-get to install what is missing: make gcc*'
tool apt-get <<'TOOL'
echo "apt-get $*"
TOOL
setup build
matches 'without sudo as well' "$status $out$err" \
	'1 setup.sh: it takes root, or sudo, to install what is missing: make gcc*'
is 'in one line' "$(echo "$err" | wc -l)" 1
tool sudo <<'TOOL'
echo "sudo $*"
id() {
	echo 0
}
shift 2
. tests/setup.sh
TOOL
setup build
matches 'sudo is used' "$status$err $out" '0 sudo sh tests/setup.sh build
apt-get update -q
apt-get install *make gcc*'
for name in make gcc; do : | tool $name; done
[ -e /usr/include/stdio.h ] && [ -e /usr/include/linux/inet_diag.h ] && {
	setup build
	is 'nothing is asked of whoever has all' "$status$out$err" 0
}
done_testing
