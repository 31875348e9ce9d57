#!/usr/bin/env sh
# What is packed, and what packages repeat of the rest.
. tests/lib.sh

# The version and its date.
version=$(sed -n 's/^VERSION = //p' Makefile)
date=$(sed -n 's/^DATE = //p' Makefile)
is '-V prints the version' "$($tcpstate -V)" "tcpstate $version"
is 'the manual has the date' "$(sed -n 's/^\.Dd //p' tcpstate.1)" \
	"$(date -u -d "$date" '+%B %-d, %Y')"
is 'CHANGELOG.md begins with them' \
	"$(grep -m 1 '^## ' CHANGELOG.md)" "## $version ($date)"
is 'so does debian/changelog' \
	"$(sed -n '1s/.*(\(.*\)).*/\1/p; s/^ -- .*>  \(.*\) .* .*/\1/p' debian/changelog |
	head -n 2)" "$version
$(date -u -d "$date" '+%a, %d %b %Y')"

# What the tests need.
is 'a test of the package installs what setup.sh does' \
	"$(sed -n '/^Depends:/,/^[^ ]*: /{s/^Depends: @,//; /^[^ ]*: /d; p;}' \
	    debian/tests/control | tr -s ', ' '\n' | grep . | sort)" \
	"$(sed -n "/^build=/,/^ci=/{s/^[a-z]*='*//; /^\"\$check/d; p;}" \
	    tests/setup.sh | tr -s " '\"" '\n' | sed -n 's/:.*//p' | sort)"

# The tarball.
mkdir "$tmp/tree" "$tmp/tree/a" "$tmp/unpacked"
cp Makefile tcpstate.1 "$tmp/tree"
: >"$tmp/tree/a/new"
: >"$tmp/tree/a/run"
chmod 700 "$tmp/tree/a/run"
ln -s a/new "$tmp/tree/link"
cd "$tmp/tree" || exit 1
name=tcpstate-$version
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES GNUMAKEFLAGS VERSION DATE
run make -s dist
is 'make dist does without git' "$status$out$err" 0
tar -C "$tmp/unpacked" -xzf "$name.tar.gz"
is 'the tarball has all files, in a directory of its own' \
	"$(cd "$tmp/unpacked" && find . ! -type d | sort)" \
	"./$name/Makefile
./$name/a/new
./$name/a/run
./$name/link
./$name/tcpstate.1"
is 'links remain what they were' "$(readlink "$tmp/unpacked/$name/link")" a/new
is 'files have the date of the version, and belong to root' \
	"$(TZ=UTC tar -tvzf "$name.tar.gz" | awk '{ print $2, $4 }' | sort -u)" \
	"root/root $date"
cp "$name.tar.gz" "$tmp/first.tar.gz"
touch a/new tcpstate.o
chmod 600 a/new
run env TZ=Asia/Tokyo sh -c 'umask 077; make -s dist'
is 'a second one is made' "$status$out$err" 0
cmp "$tmp/first.tar.gz" "$name.tar.gz"
check 'which has the same bytes, whatever the time, zone and umask'
done_testing
