#!/bin/sh
# Builds the tarball, and the Debian package twice from it.  Fails unless both
# are the same, lintian has nothing to say of it, it contains what it should,
# and the program in it passes the tests.  Installs nothing.
set -eu
cd "$(dirname "$0")/.."
tmp=$(mktemp -d)
chmod 755 "$tmp"
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

rm -f tcpstate-*.tar.gz
make -s dist
for place in one another; do
	mkdir "$tmp/$place"
	tar -C "$tmp/$place" -xzf tcpstate-*.tar.gz
	mv "$tmp/$place"/tcpstate-* "$tmp/$place/tree"
done

echo 'the tarball builds and passes its tests without git'
# shellcheck disable=SC2016
make -sC "$tmp/one/tree" check TESTS='$(UNIT_TESTS)'

for place in one another; do
	echo "package $place"
	cd "$tmp/$place/tree"
	dpkg-buildpackage -us -uc -b >../log 2>&1 || {
		tail -n 30 ../log
		exit 1
	}
done
for package in "$tmp"/one/*.deb; do
	cmp "$package" "$tmp/another/${package##*/}"
done

echo lintian
lintian --allow-root -I --pedantic \
	--fail-on=error,warning,info,pedantic "$tmp"/another/*.changes

echo contents
{
	cat <<-FILES
	/lib/systemd/system/tcpstate-textfile.service
	/lib/systemd/system/tcpstate-textfile.timer
	/usr/bin/tcpstate
	/usr/libexec/tcpstate/tcpstate-textfile
	/usr/share/bash-completion/completions/tcpstate
	/usr/share/doc/tcpstate/BENCH.md
	/usr/share/doc/tcpstate/CHANGELOG.md
	/usr/share/doc/tcpstate/README.md
	/usr/share/doc/tcpstate/changelog
	/usr/share/doc/tcpstate/copyright
	/usr/share/fish/vendor_completions.d/tcpstate.fish
	/usr/share/lintian/overrides/tcpstate
	/usr/share/man/man1/tcpstate.1
	/usr/share/zsh/vendor-completions/_tcpstate
	FILES
	find contrib -type f ! -name 'tcpstate-textfile*' |
		sed 's,^contrib,/usr/share/doc/tcpstate/examples,'
} | sort >"$tmp/wanted"
dpkg-deb -x "$tmp"/another/tcpstate_*.deb "$tmp/root"
# From Debian 13 on, units are in /usr/lib.
(cd "$tmp/root" && find . ! -type d) |
	sed 's,^\.,,; s,\.gz$,,; s,^/usr/lib/systemd,/lib/systemd,' |
	sort | diff "$tmp/wanted" -

echo 'the tests with the program of the package'
mkdir "$tmp/test"
AUTOPKGTEST_TMP=$tmp/test PATH=$tmp/root/usr/bin:$PATH debian/tests/installed
