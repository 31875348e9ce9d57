#!/bin/sh
# A table that changes while it is read: 20,000 connections that stay, and
# 5,000 new ones a second.
. tests/lib.sh
enter_netns "$0"

mkfifo "$tmp/go"
tests/load 20000 7000 5000 7500 50 <"$tmp/go" >"$tmp/load" &
load=$!
exec 9>"$tmp/go"
wait_for grep -q ready "$tmp/load"
check '20,000 connections'

$tcpstate -P 0.2 60 -o table >"$tmp/log" 2>"$tmp/err"
check 'sixty readings'
: >"$tmp/readings"
for _ in $(seq 60); do
	$tcpstate -P
done >"$tmp/readings" 2>"$tmp/err"
is 'sixty times, no more, the steady port is there' \
	"$(grep -c '^in  *7000 ' "$tmp/readings")" 60

# The sum of what is missing or too much, on both ends of the connections.
missed=$(awk '
$1 == "DIR" { for (i = 1; i <= NF; i++) if ($i == "ESTABLISHED") col = i }
$2 == 7000 { d = $col - 20000; n += d < 0 ? -d : d }
END { print n + 0 }' "$tmp/readings")
[ "$missed" -le 20 ]
check "its 20,000 connections are counted exactly ($missed missed or twice)"

# The kernel itself may leave out a row where others go from its hash bucket.
changes=$(awk '$3 == 7000 && NF == 6 { n += $6 < 0 ? -$6 : $6 }
END { print n + 0 }' "$tmp/log")
[ "$changes" -le 20 ]
check "in watch mode the steady port does not change ($changes)"
is 'and stands there from the first sample on' \
	"$(grep -c ' 7000 ESTABLISHED [0-9]*$' "$tmp/log")" 2
[ "$(grep -c ' 7500 ESTABLISHED ' "$tmp/log")" -gt 60 ]
check 'while on the other port it does all the time'
exec 9>&-
wait $load
check 'the load was there to the end'
done_testing
