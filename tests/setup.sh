#!/bin/sh
# Installs what a fresh Debian lacks, as root or by way of sudo.
#
#	sh tests/setup.sh build		to build and run tcpstate
#	sh tests/setup.sh check		and to run its tests
#	sh tests/setup.sh ci		and what CI adds
#
# Asks for nothing that is there already, and leaves the services that it
# installs disabled.
set -eu
# Where a user's PATH does not lead, there are programs too.
PATH=$PATH:/usr/sbin:/sbin

build='make:make gcc:gcc libc6-dev:/usr/include/stdio.h
    linux-libc-dev:/usr/include/linux/inet_diag.h'
check="$build perl:prove iproute2:ss net-tools:netstat mandoc:mandoc
    mawk:awk procps:pkill tmux:tmux util-linux:unshare bsdutils:script
    gzip:gzip bsdextrautils:col strace:strace netbase:/etc/services
    jq:jq prometheus:prometheus libtext-csv-perl:/usr/share/perl5/Text/CSV.pm
    bash:bash zsh:zsh fish:fish
    prometheus-node-exporter:prometheus-node-exporter icinga2-bin:icinga2"
ci="$check clang:clang libclang-rt-dev:/usr/share/doc/libclang-rt-dev
    shellcheck:shellcheck valgrind:valgrind
    musl-tools:musl-gcc gawk:gawk original-awk:original-awk busybox:busybox
    build-essential:/usr/share/build-essential debhelper:dh lintian:lintian
    systemd:systemd-analyze locales:/usr/share/i18n/locales/tr_TR
    qemu-user:qemu-arm gcc-arm-linux-gnueabihf:arm-linux-gnueabihf-gcc
    libc6-dev-armhf-cross:/usr/arm-linux-gnueabihf/include/stdio.h
    linux-libc-dev-armhf-cross:/usr/arm-linux-gnueabihf/include/linux/tcp.h
    gcc-s390x-linux-gnu:s390x-linux-gnu-gcc
    libc6-dev-s390x-cross:/usr/s390x-linux-gnu/include/stdio.h
    linux-libc-dev-s390x-cross:/usr/s390x-linux-gnu/include/linux/tcp.h"

case ${1-} in
build) wanted=$build ;;
check) wanted=$check ;;
ci) wanted=$ci ;;
*)
	echo "usage: setup.sh build|check|ci" >&2
	exit 2
	;;
esac

# Each is a package, and a command or file of it.
missing=
for pair in $wanted; do
	thing=${pair#*:}
	[ -e "$thing" ] || command -v "$thing" >/dev/null ||
		missing="$missing ${pair%%:*}"
done
[ -n "$missing" ] || exit 0

# give_up REASON
give_up() {
	echo "setup.sh: $1 to install what is missing:$missing" >&2
	exit 1
}

command -v apt-get >/dev/null || give_up 'there is no apt-get'
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || give_up 'it takes root, or sudo,'
	exec sudo sh "$0" "$@"
fi

# The package of a service starts it, now and at each boot, on all addresses.
# The tests start their own.
services=
for package in $missing; do
	case $package in
	prometheus | prometheus-node-exporter) services="$services $package" ;;
	icinga2-bin) services="$services icinga2" ;;
	esac
done
policy=/usr/sbin/policy-rc.d
ours=
# leave: also if apt-get fails, or is interrupted.
leave() {
	[ -z "$ours" ] || rm -f $policy
	for service in $services; do
		[ ! -e "/etc/init.d/$service" ] ||
			update-rc.d "$service" disable
	done
}
trap leave EXIT
trap 'exit 1' HUP INT TERM
if [ -n "$services" ] && [ ! -e $policy ]; then
	ours=1
	cat >$policy <<-'EOF'
		#!/bin/sh
		# By tests/setup.sh, which removes it in the end.
		case " $* " in
		*" prometheus"* | *" icinga2"*) exit 101 ;;
		esac
	EOF
	chmod 755 $policy
fi
apt-get update -q
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive apt-get install -qy \
	--no-install-recommends $missing
