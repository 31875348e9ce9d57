#!/usr/bin/env sh
# Watch mode in a pipe.
. tests/lib.sh

TZ=UTC
export TZ

# put FILE...: the table that is watched from now on, at once.
put() {
	cat "$@" >"$tmp/next"
	mv "$tmp/next" "$tmp/table"
}

# watch OPTION...: in the background, to $tmp/log.
watch() {
	background $tcpstate -f "$tmp/table" "$@"
}

# The time of each line is its first word; the tests look at the others.
log() {
	sed 's/^....-..-..T..:..:..[-+]..:.. //' "$tmp/log"
}

# has_lines N: whether the log has so many.
has_lines() {
	[ "$(wc -l <"$tmp/log")" -ge "$1" ]
}

{ header; row 0A 443 0; row 01 443 40000 20; row 06 443 50000 3; } >"$tmp/1"
{ header; row 0A 443 0; row 01 443 40000 18; row 08 443 50000 3; } >"$tmp/2"
states='LISTEN 1
SYN_SENT 0
SYN_RECV 0
ESTABLISHED 20
FIN_WAIT1 0
FIN_WAIT2 0
CLOSING 0
TIME_WAIT 3
CLOSE_WAIT 0
LAST_ACK 0
CLOSE 0'

put "$tmp/1"
watch 0.05
wait_for has_lines 11
is 'the first sample has every state, and is flushed' "$(log)" "$states"
put "$tmp/2"
wait_for has_lines 14
kill $pid
is 'then those that changed, with their deltas' "$(log)" "$states
ESTABLISHED 18 -2
TIME_WAIT 0 -3
CLOSE_WAIT 3 +3"
is '--state: only the states that match' \
	"$($tcpstate 1 1 time-wait listen -f "$tmp/1" | cut -d ' ' -f 2-)" \
	'LISTEN 1
TIME_WAIT 3'
is 'each line with the time' "$(grep -cEv \
	'^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\+00:00 ' \
	"$tmp/log")" 0
matches 'which is the local time' \
	"$(TZ=XXX-5 $tcpstate 1 1 -f "$tmp/table" | cut -c1-13 | head -n 1)" \
	"$(TZ=XXX-5 date +%Y-%m-%dT%H)"
failed=
for zone in UTC=+00:00 XXX-8=+08:00 XXX+3:30=-03:30 XXX-5:45=+05:45 \
    XXX+0:30=-00:30 XXX-14=+14:00; do
	time=$(TZ=${zone%=*} $tcpstate -f "$tmp/table" 1 1 | sed 's/ .*//;q')
	case $time in
	????-??-??T??:??:??"${zone#*=}") ;;
	*) failed="$failed $zone:$time" ;;
	esac
done
is '... with its offset from UTC' "$failed" ''

put "$tmp/1"
watch -P 0.05
wait_for has_lines 3
is 'the first sample of a breakdown' "$(log)" \
	'in 443 LISTEN 1
in 443 ESTABLISHED 20
in 443 TIME_WAIT 3'
{ header; row 06 30000 443 2; } >"$tmp/3"
put "$tmp/3"
wait_for has_lines 7
kill $pid
is 'its changes, a row that is gone among them' "$(log | tail -n +4)" \
	'out 443 TIME_WAIT 2 +2
in 443 LISTEN 0 -1
in 443 ESTABLISHED 0 -20
in 443 TIME_WAIT 0 -3'

# With --top: whoever keeps the last line of each row has all sockets.
{ header; row 01 1 40000 9; row 01 2 40000 5; row 01 3 40000 1; } >"$tmp/1"
{ header; row 01 1 40000 9; row 01 2 40000 4; row 01 3 40000 1; } >"$tmp/2"
{ header; row 01 1 40000 9; row 01 2 40000 4; row 01 3 40000 20; } >"$tmp/3"
put "$tmp/1"
watch -P --top=1 0.05
wait_for has_lines 2
put "$tmp/2"
wait_for has_lines 3
put "$tmp/3"
wait_for has_lines 5
put "$tmp/2"
wait_for has_lines 6
kill $pid
is 'with --top, a row that was among the largest stays' "$(log)" \
	'in 1 ESTABLISHED 9
other - ESTABLISHED 6
other - ESTABLISHED 5 -1
in 3 ESTABLISHED 20 +19
other - ESTABLISHED 4 +0
in 3 ESTABLISHED 1 -19'

# One that comes to the top though it is what it was.
{ header; row 01 1 40000 5; row 01 2 40000 9; row 01 3 40000; } >"$tmp/1"
{ header; row 01 1 40000 5; row 01 2 40000 2; row 01 3 40000; } >"$tmp/2"
put "$tmp/1"
watch -P --top=1 0.05
wait_for has_lines 2
put "$tmp/2"
wait_for has_lines 5
kill $pid
is 'a row that comes to the top is told, also unchanged' "$(log)" \
	'in 2 ESTABLISHED 9
other - ESTABLISHED 6
in 1 ESTABLISHED 5 +0
in 2 ESTABLISHED 2 -7
other - ESTABLISHED 1 +0'

# The last of the others.
{ header; row 01 1 40000 10; row 01 2 40000 5; } >"$tmp/1"
{ header; row 01 1 40000 10; row 01 2 40000 20; } >"$tmp/2"
put "$tmp/1"
watch -P --top=1 0.05
wait_for has_lines 2
put "$tmp/2"
wait_for has_lines 4
kill $pid
is 'when the last of the others comes to the top, none is left' "$(log)" \
	'in 1 ESTABLISHED 10
other - ESTABLISHED 5
in 2 ESTABLISHED 20 +15
other - ESTABLISHED 0 +0'
{ header; row 01 1 40000 10; } >"$tmp/2"
put "$tmp/1"
watch -P --top=1 -o json 0.05
wait_for has_lines 1
put "$tmp/2"
wait_for grep -q '"total":10,"int' "$tmp/log"
kill $pid
is 'nor when it goes' \
	"$(tail -n 1 "$tmp/log" | jq -c '.groups | map(.key.dir)')" '["in"]'

{ header; row 01 1 40000 9; row 01 2 40000 5; row 01 3 40000; } >"$tmp/1"
{ header; row 01 2 40000 5; row 01 3 40000; } >"$tmp/2"
put "$tmp/1"
watch -P --top=1 --sort=port -o json 0.05
wait_for has_lines 1
put "$tmp/2"
wait_for grep -q '"total":6,"int' "$tmp/log"
kill $pid
is 'a row that is gone takes no place among the first' \
	"$(grep '"total":6,"int' "$tmp/log" | head -n 1 |
		jq -c '.groups | map(.key.port)')" '[2,null]'

# Little memory: all of a sample, or none, and a message.
# In halves, as not every awk writes more than 31 bits as hex digits.
awk 'BEGIN {
	for (i = 0; i < 40000; i++) {
		address = i * 2654435 % 4294967296
		printf "%d: 0100007F:0050 %04X%04X:9C40 01 \n", i,
		    int(address / 65536), address % 65536
	}
}' >"$tmp/many"
# AddressSanitizer alone takes far more, and aborts.
if ! grep -q __asan_init $tcpstate; then
	failed=
	for limit in $(seq 6000 1500 40000); do
		run sh -c "ulimit -v $limit
			exec timeout -k 5 60 $tcpstate -b raddr -o csv -f '$tmp/many' 0.01 1"
		if [ $status -eq 0 ]; then
			[ "$(echo "$out" | wc -l)" = 40001 ] || failed="$failed $limit"
		else
			[ -n "$err" ] || failed="$failed $limit:$status"
		fi
	done
	is 'what there is no memory for is told' "$failed" ''
fi

put tests/data/tcp
run $tcpstate -f "$tmp/table" -o netstat -w 0.01 2
block=$($tcpstate -f "$tmp/table" -o netstat)
is '-o netstat repeats its block, an empty line between' "$out" "$block

$block"
run $tcpstate -f "$tmp/table" -o ss 0.01 3
is '-o ss too' "$(echo "$out" | grep -c '^$')" 2

is 'count samples, then the end' \
	"$($tcpstate -f "$tmp/table" 0.01 1 | wc -l)" 11
run $tcpstate -w -f "$tmp/missing"
matches 'a first sample that fails is the end' "$status $err" \
	"1 tcpstate: $tmp/missing: *"
put tests/data/tcp
watch 0.05
wait_for has_lines 11
rm "$tmp/table"
wait_for test -s "$tmp/err"
put "$tmp/1"
wait_for has_lines 13
kill $pid
is 'one that fails later is not' "$(log | tail -n +12 | head -n 2)" \
	'LISTEN 0 -3
SYN_SENT 0 -1'

# The shell has its background jobs ignore ^C; timeout does not.
put tests/data/tcp
run timeout --preserve-status -s INT -k 5 2 $tcpstate -f "$tmp/table" -w
is '^C ends it in order' "$status" 0
is 'after whole samples' "$(wc -l <"$tmp/out")" 11
run timeout --preserve-status -s TERM -k 5 2 $tcpstate -f "$tmp/table" -w
is 'TERM ends it as ever' "$status" 143
mkfifo "$tmp/fifo"
run timeout --preserve-status -s INT -k 5 2 $tcpstate -f "$tmp/fifo" -w
is '^C ends it also while it waits for a file' "$status$err" 0

# A pipe that is full, and nobody reads.
{ header; row 01 1 40000 3000; } |
	awk '{ sub(/:0001/, sprintf(":%04X", NR)); print }' >"$tmp/big"
mkfifo "$tmp/full"
exec 8<>"$tmp/full"
run timeout --preserve-status -s INT -k 5 2 \
	sh -c "exec $tcpstate -P -f '$tmp/big' 0.01 >'$tmp/full'"
is '^C ends it also while nobody reads' "$status$err" 0
exec 8>&-
run timeout -k 5 60 sh -c "$tcpstate -f '$tmp/table' -w 0.05 | head -n 1"
matches 'it ends when the reader of its pipe does' "$status $out" '0 *LISTEN 3'
done_testing
