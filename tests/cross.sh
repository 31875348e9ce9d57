#!/bin/sh
# make cross: builds for a machine of 32 bits and for a big-endian one, with
# Debian's cross compilers, and runs the tests under qemu-user.  That does not
# translate netlink, and /proc remains that of this machine.  So the tests are
# denied namespaces: those that need them skip themselves.
set -eu
cd "$(dirname "$0")/.."
unset TCPSTATE_NO_SKIP MAKEFLAGS MFLAGS MAKELEVEL
tmp=$(mktemp -d)
# Some tests run the program as another user.
chmod 755 "$tmp"
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# cross TRIPLET QEMU ORDER: in a copy of the tree.
cross() (
	echo "$1"
	mkdir "$tmp/$1"
	tar -c --exclude=./.git . | tar -x -C "$tmp/$1"
	cd "$tmp/$1"
	make -s clean
	make -s -j"$(nproc)" CC="$1-gcc" CPPFLAGS=-Werror tcpstate tests
	# The kernel names a process after the file, here a link to the emulator.
	mkdir emulated
	ln -s "$(command -v "$2")" emulated/tcpstate
	# The files of a locale have the byte order of the machine.
	localedef --"$3"-endian -i C -f UTF-8 emulated/C.UTF-8
	for source in tcpstate.c tests/*.c; do
		program=${source%.c}
		case $program in
		tcpstate | tests/*_test) ;;
		*)
			# What assists the tests belongs to this machine.
			rm -f "$program" "$program.so"
			continue
			;;
		esac
		mv "$program" "$program.elf"
		cat >"$program" <<-END
			#!/bin/sh
			exec "$PWD/emulated/tcpstate" -0 tcpstate -L "/usr/$1" \\
			    -E "LOCPATH=$PWD/emulated" "$PWD/$program.elf" "\$@"
		END
		chmod 755 "$program"
	done
	make -s tests/deny
	tests/deny unshare EPERM make -s check
)
cross arm-linux-gnueabihf qemu-arm little
cross s390x-linux-gnu qemu-s390x big
