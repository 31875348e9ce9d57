#!/usr/bin/env sh
# A table that changes while it is read: 20,000 connections that stay, and
# 5,000 new ones a second.
. tests/lib.sh
need_netns

hold tests/load 20000 7000 5000 7500 100
check '20,000 connections'

# take_readings SOURCE: sixty of them; $missed is the sum of what is missing
# or too much, on both ends of the connections that stay.
take_readings() {
	for _ in $(seq 60); do
		$tcpstate -P --source="$1"
	done >"$tmp/readings" 2>"$tmp/err"
	is "$1: sixty times, no more, the steady port is there" \
		"$(grep -c '^in  *7000 ' "$tmp/readings")" 60
	missed=$(awk '
	$1 == "DIR" {
		for (i = 1; i <= NF; i++)
			if ($i == "ESTABLISHED") col = i
	}
	$2 == 7000 { d = $col - 20000; n += d < 0 ? -d : d }
	END { print n + 0 }' "$tmp/readings")
}

# Between two reads the kernel's own walk remembers a place in a hash bucket, by
# number: it may leave out a row, or give it twice, where others come into that
# bucket or go.  A datagram of sock_diag holds ten times as many rows as a read
# of /proc, which makes that rare.
take_readings sock_diag
[ "$missed" -le 2 ]
check "sock_diag: its 20,000 connections are counted ($missed missed or twice)"
take_readings proc
[ "$missed" -le 20 ]
check "proc: nearly so ($missed missed or twice)"

$tcpstate -P 0.1 60 >"$tmp/log" 2>"$tmp/err"
check 'sixty samples in watch mode'
is 'in the first of which the steady port is right' \
	"$(grep ' 7000 ' "$tmp/log" | head -n 3 | cut -d' ' -f2- | sort)" \
	'in 7000 ESTABLISHED 20000
in 7000 LISTEN 1
out 7000 ESTABLISHED 20000'
# A row that was missed once is a change to and fro.
[ "$(grep -c ' 7000 ' "$tmp/log")" -le 7 ]
check 'it does not change'
[ "$(grep -c ' 7500 ESTABLISHED ' "$tmp/log")" -gt 60 ]
check 'while the other one does all the time'
release
check 'the load was there to the end'
done_testing
