#!/usr/bin/env sh
# Files that are odd, broken, or no copies of /proc/net/tcp at all.
. tests/lib.sh

# total FILE: the total of what could be counted.
total() {
	$tcpstate -f "$1" 2>/dev/null | count TOTAL
}

cp tests/data/tcp "$tmp/plain"
for change in 's/$/\r/' 's/ *$//' 's/^ *//' 's/\([0-9A-F]\) /\1\t/g' \
    's/  */ /g' 'y/ABCDEF/abcdef/' 's/$/     /' 'G'; do
	sed "$change" "$tmp/plain" >"$tmp/changed"
	run $tcpstate -f "$tmp/changed"
	is "accepted: sed '$change'" \
		"$(echo "$out" | count TOTAL) $status $err" '21 0 '
done
cat "$tmp/plain" tests/data/tcp6 "$tmp/plain" >"$tmp/twice"
run $tcpstate -f "$tmp/twice"
is 'accepted: captures one after the other, each with its header' \
	"$(echo "$out" | count TOTAL) $status" '84 0'
{ printf '\357\273\277'; cat "$tmp/plain"; } >"$tmp/bom"
run $tcpstate -f "$tmp/bom"
is 'accepted: a BOM' "$(echo "$out" | count TOTAL) $status" '21 0'
printf %s "$(cat "$tmp/plain")" >"$tmp/cut"
run $tcpstate -f "$tmp/cut"
is 'accepted: no newline at the end' "$(echo "$out" | count TOTAL) $status" \
	'21 0'
tail -n +2 "$tmp/plain" >"$tmp/headless"
run $tcpstate -f "$tmp/headless"
is 'accepted: no header' "$(echo "$out" | count TOTAL) $status" '21 0'
run sh -c "$tcpstate -f - <tests/data/tcp"
is 'accepted: stdin' "$(echo "$out" | count TOTAL) $status" '21 0'
run sh -c "cat tests/data/tcp6 tests/data/tcp | $tcpstate -f -"
is 'accepted: a pipe' "$(echo "$out" | count TOTAL) $status" '63 0'

sed '17s/.*/junk/; 19s/:/;/2; 20s/ .. / 0G /' "$tmp/plain" >"$tmp/bad"
run $tcpstate -f "$tmp/bad"
is 'what is no row is told once, with its line' "$err" \
	"tcpstate: $tmp/bad: line 17: not a /proc/net/tcp row (3 such lines skipped)"
is 'the good rows are counted, and the exit status is 1' \
	"$(echo "$out" | count TOTAL) $status" '18 1'
sed '17s/.*/junk/' "$tmp/plain" >"$tmp/bad"
run $tcpstate -f "$tmp/bad"
is 'a single one' "$err" \
	"tcpstate: $tmp/bad: line 17: not a /proc/net/tcp row (1 such line skipped)"
run $tcpstate -f "$tmp/bad" -f tests/data/tcp6 -f "$tmp/bad"
is 'once per file' "$(echo "$err" | wc -l)" 2

# A row that was cut, at each place.
row 0A 80 0 | tr -d '\n' >"$tmp/row"
whole=$(($(grep -ob ' 0A ' "$tmp/row" | cut -d: -f1) + 4))
failed=
for length in $(seq 5 $((whole + 60))); do
	{ header; head -c "$length" "$tmp/row"; } >"$tmp/cut"
	run $tcpstate -f "$tmp/cut"
	if [ "$length" -lt $whole ]; then
		[ $status -eq 1 ] && [ "$(echo "$out" | count TOTAL)" = '' ]
	else
		[ $status -eq 0 ] && [ "$(echo "$out" | count LISTEN)" = 1 ]
	fi || failed="$failed $length"
done
is 'a row is one from the blank after its state on, and not before' \
	"$failed" ''

{ header; row 01 80 1; printf '   1: 0100007F:00\000\000 0A \n'; } >"$tmp/nul"
run $tcpstate -f "$tmp/nul"
is 'NUL bytes' "$(echo "$out" | count TOTAL) $status" '1 1'
{ row 01 80 1; head -c 1000000 /dev/zero | tr '\0' ' '; echo; row 01 80 1; } \
	>"$tmp/long"
run $tcpstate -f "$tmp/long"
matches 'a line of a megabyte' "$(echo "$out" | count TOTAL) $status $err" \
	'2 1 *: line 2: not a*'

# What somebody may take for a copy of /proc/net/tcp.
no_table() {
	run $tcpstate -f "$2"
	is "$1 is not counted" "$out" ''
	is "$1 is an error" "$status" 1
	matches "$1 is named" "$err" "tcpstate: $2: $3"
}
: >"$tmp/empty"
no_table 'an empty file' "$tmp/empty" '*empty*'
printf '\n\n' >"$tmp/blank"
no_table 'a blank file' "$tmp/blank" '*empty*'
gzip -c tests/data/tcp >"$tmp/tcp.gz"
no_table 'gzip' "$tmp/tcp.gz" '*looks compressed (gzip)*'
printf 'State  Recv-Q Send-Q Local Address:Port Peer Address:Port\n%s\n' \
	'LISTEN 0      128    127.0.0.1:2024     0.0.0.0:*' >"$tmp/ss"
no_table 'output of ss' "$tmp/ss" 'line 1: not a*(2 such lines skipped)'
printf 'Active Internet connections (w/o servers)\n%s\n' \
	'tcp        0      0 127.0.0.1:80 127.0.0.1:4000 ESTABLISHED' \
	>"$tmp/netstat"
no_table 'output of netstat' "$tmp/netstat" 'line 1: not a*(2 such*'
head -c 100000 /dev/urandom >"$tmp/random"
no_table 'noise' "$tmp/random" '*'
no_table 'a directory' "$tmp" 'Is a directory'
no_table 'a missing file' "$tmp/missing" 'No such file or directory'
{ printf '   sl  local_address rem_address   st tx_queue rx_queue tr '
	echo 'tm->when retrnsmt   uid  timeout inode ref pointer drops'
	row 07 53 0; } >"$tmp/udp"
no_table '/proc/net/udp' "$tmp/udp" 'line 1: not a*(2 such lines skipped)'
if [ "$(id -u)" -eq 0 ]; then
	cp tests/data/tcp "$tmp/secret"
	chmod 0 "$tmp/secret"
	cp $tcpstate "$tmp/tcpstate"
	chmod 755 "$tmp" "$tmp/tcpstate"
	run setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$tmp/tcpstate" -f "$tmp/secret"
else
	cp tests/data/tcp "$tmp/secret"
	chmod 0 "$tmp/secret"
	run $tcpstate -f "$tmp/secret"
fi
is 'a file that may not be read' "$status $err" \
	"1 tcpstate: $tmp/secret: Permission denied"

run $tcpstate -f "$tmp/missing" -f tests/data/tcp
is 'what can be read is counted beside what cannot' \
	"$(echo "$out" | count TOTAL) $status" '21 1'
run $tcpstate -f "$tmp/missing$(printf '\033[31m\n')"
is 'no control character of a name reaches the terminal' "$err" \
	"tcpstate: $tmp/missing\\033[31m: No such file or directory"

# Where the output goes.
run sh -c "$tcpstate -f tests/data/tcp >/dev/full"
is 'a full disk' "$status $err" \
	'1 tcpstate: standard output: No space left on device'
run sh -c "$tcpstate --help >/dev/full"
is 'for the help too' "$status $err" \
	'1 tcpstate: standard output: No space left on device'
run sh -c "$tcpstate -w 0.01 -f tests/data/tcp >/dev/full"
is 'and in watch mode' "$status $err" \
	'1 tcpstate: standard output: No space left on device'
run sh -c "$tcpstate -f tests/data/tcp >&-"
is 'a closed stdout' "$status $err" \
	'1 tcpstate: standard output: Bad file descriptor'
run sh -c "$tcpstate -f - <&-"
is 'a closed stdin' "$status $err" \
	'1 tcpstate: standard input: Bad file descriptor'
run sh -c "$tcpstate -f - -f tests/data/tcp <&-"
is 'is not what the first file opened becomes' \
	"$(echo "$out" | count TOTAL) $status" '21 1'
run sh -c "$tcpstate -f missing -f tests/data/tcp 2>&-"
is 'a closed stderr' "$(echo "$out" | count TOTAL) $status" '21 1'
run sh -c "$tcpstate -P -f tests/data/tcp | true; echo end"
is 'a closed pipe is quiet' "$out$err" end
run sh -c "trap '' PIPE; $tcpstate -P -f tests/data/tcp | true"
is 'also where SIGPIPE is ignored' "$out$err" ''
for _ in $(seq 50); do
	{ $tcpstate -Pz -f tests/data/tcp; echo $? >>"$tmp/statuses"; } | true
done
is 'and is no failure, however fast the reader goes' \
	"$(sort -u "$tmp/statuses")" 0
done_testing
