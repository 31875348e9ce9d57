#!/usr/bin/env sh
# Saved tables of a machine of the other byte order.
. tests/lib.sh

# The fixtures are those of a little-endian machine; so they are on a
# big-endian one what the others are here.
mkdir -p "$tmp/other/net" "$tmp/bare/net"
for table in tcp tcp6; do
	perl -pe 's/\b((?:[0-9A-F]{8})+)(?=:[0-9A-F]{4} )/
	    join "", map { join "", reverse \/..\/g } $1 =~ m{.{8}}g/ge' \
		tests/data/$table >"$tmp/other/net/$table"
done
cp "$tmp/other/net/tcp" "$tmp/bare/net"
! cmp -s tests/data/tcp6 "$tmp/other/net/tcp6"
check 'tables of both byte orders'

both="-f tests/data/tcp -f tests/data/tcp6"
for options in '-b laddr,raddr' '-b rnet,port' '-l' '-s --addr=127.0.0.0/8' \
    '-P --raddr=::1' '-4 -b laddr' '-6 -b laddr'; do
	# shellcheck disable=SC2086
	{
		$tcpstate $options $both >"$tmp/wanted"
		$tcpstate $options -f "$tmp/other/net/tcp" \
			-f "$tmp/other/net/tcp6" >"$tmp/files" 2>&1
		cat "$tmp/other/net/tcp" "$tmp/other/net/tcp6" |
			$tcpstate $options -f - >"$tmp/pipe" 2>&1
		$tcpstate $options --proc="$tmp/other" >"$tmp/copy" 2>&1
	}
	for way in files pipe copy; do
		cmp -s "$tmp/$way" "$tmp/wanted"
		check "the order that tcp6 shows holds for tcp too: $way $options"
	done
done
mkdir -p "$tmp/six/net"
cp "$tmp/other/net/tcp6" "$tmp/six/net"
# shellcheck disable=SC2086
is 'a copy of tcp6 alone will do for -6' \
	"$($tcpstate -6 -b laddr --proc="$tmp/six" 2>&1)" \
	"$($tcpstate -6 -b laddr $both)"
mkdir -p "$tmp/four/net"
cp tests/data/tcp "$tmp/four/net"
mkfifo "$tmp/four/net/tcp6"
# shellcheck disable=SC2086
is 'and for -4 what stands in the place of tcp6 does not matter' \
	"$(timeout -k 5 60 $tcpstate -4 -b family --addr=::/0,0.0.0.0/0 \
	    --proc="$tmp/four" 2>&1)" "$($tcpstate -4 -b family $both)"

# What does not show it.
# shellcheck disable=SC2086
wanted=$($tcpstate -4 -b laddr $both)
is 'tcp alone: the order that is given' \
	"$($tcpstate -b laddr --byte-order=big -f "$tmp/other/net/tcp")" "$wanted"
is '... little' \
	"$($tcpstate -b laddr --byte-order=little -f tests/data/tcp)" "$wanted"
is '... of a copy of a proc' \
	"$($tcpstate -b laddr --byte-order=BIG --proc="$tmp/bare")" "$wanted"
# The order of the program's machine is byte 5 of an ELF file built for it.
case $(od -An -td1 -j5 -N1 lib/dict.o) in
*1) own=tests/data/tcp foreign=$tmp/other/net/tcp ;;
*2) own=$tmp/other/net/tcp foreign=tests/data/tcp ;;
esac
is '... and without one this machine'\''s' "$($tcpstate -b laddr -f "$own")" \
	"$wanted"
matches 'which the tables of another are not' \
	"$($tcpstate -b laddr -f "$foreign")" '*1.0.0.127*'
cat tests/data/tcp6 "$tmp/other/net/tcp6" >"$tmp/mixed"
run $tcpstate -b laddr -f "$tmp/mixed"
matches 'a table that shows both orders is an error' "$status $err" \
	"1 tcpstate: $tmp/mixed: addresses in both byte orders*"
cp "$tmp/mixed" "$tmp/four/net/mixed"
rm "$tmp/four/net/tcp6"
mv "$tmp/four/net/mixed" "$tmp/four/net/tcp6"
run $tcpstate -4 -b laddr --proc="$tmp/four"
matches 'even if it is only looked at' "$status $err" \
	"1 tcpstate: $tmp/four/net/tcp6: addresses in both byte orders*"
for tables in "$tmp/other/net/tcp6 tests/data/tcp tests/data/tcp6" \
    "tests/data/tcp $tmp/other/net/tcp6 tests/data/tcp6"; do
	set -- "${tables%% *}" "$(echo "$tables" | cut -d' ' -f2)" "${tables##* }"
	run $tcpstate -b laddr -f "$1" -f "$2" -f "$3"
	matches 'so is one without order beside two of different ones' \
		"$status $err" '1 tcpstate: tables of both byte orders*'
done
run $tcpstate -f "$tmp/mixed"
is 'but where addresses do not matter' \
	"$status$err $(echo "$out" | count TOTAL)" '0 84'

# Usage.
wrong() {
	run $tcpstate "$@"
	matches "wrong usage: $*" "$status $out$err" '2 tcpstate: *'
}
wrong --byte-order=middle -f tests/data/tcp
wrong --byte-order=little
wrong --byte-order=big --all-netns
done_testing
