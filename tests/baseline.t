#!/usr/bin/env sh
# --baseline: what changed between two moments.
. tests/lib.sh
need_netns

# What was, as tables of each family in a directory, and what is.
before=$tmp/before
mkdir -p "$before/net"
{
	header
	row 0A 80 0
	row 01 80 40000 5
	row 06 80 40000 12
	row 01 40001 5432 2
	row 01 40002 3306 4
} >"$before/net/tcp"
row6 08 80 40000 3 >"$before/net/tcp6"
{
	header
	row 0A 80 0
	row 01 80 40000 9
	row 06 80 40000 2
	row 01 40001 5432 2
	row 01 40002 6379
} >"$tmp/now"
since=--baseline=$before

# pick NAME...: those columns of csv on stdin.
pick() {
	tr -d '\r' | awk -F, -v names="$*" '
	NR == 1 {
		n = split(names, name, " ")
		for (i = 1; i <= NF; i++)
			at[$i] = i
		next
	}
	{
		for (i = 1; i <= n; i++)
			printf "%s%s", $at[name[i]], (i < n ? " " : "\n")
	}'
}

# changes OPTION...: each row of csv: its keys, its TOTAL, and the change.
changes() {
	run $tcpstate -o csv -f "$tmp/now" "$@"
	echo "$out" | pick "$columns" TOTAL delta_TOTAL
}

# Formats.
run $tcpstate -f "$tmp/now" "$since"
is 'a table ends with the change of the total' \
	"$status$err $(echo "$out" | awk '$1 == "TOTAL" { print $4, $NF }')" \
	'0 15 -12'
is '... and of each state' "$(echo "$out" |
	awk '$NF ~ /[1-9]/ && $1 ~ /_/ { print $1, $4, $NF }')" 'TIME_WAIT 2 -10
CLOSE_WAIT 0 -3'
run $tcpstate -P -f "$tmp/now" "$since"
is 'a table has the rows that are gone' "$(echo "$out" |
	awk '$2 == 3306 { print $1, $2 }')" 'out 3306'
run $tcpstate -o csv -f "$tmp/now" "$since"
is 'csv has a change for each count' "$status$err
$(echo "$out" | tr -d '\r')" '0
LISTEN,SYN_SENT,SYN_RECV,ESTABLISHED,FIN_WAIT1,FIN_WAIT2,CLOSING,TIME_WAIT,CLOSE_WAIT,LAST_ACK,CLOSE,TOTAL,delta_LISTEN,delta_SYN_SENT,delta_SYN_RECV,delta_ESTABLISHED,delta_FIN_WAIT1,delta_FIN_WAIT2,delta_CLOSING,delta_TIME_WAIT,delta_CLOSE_WAIT,delta_LAST_ACK,delta_CLOSE,delta_TOTAL
1,0,0,12,0,0,0,2,0,0,0,15,0,0,0,1,0,0,0,-10,-3,0,0,-12'
is '... and nothing new without a baseline' \
	"$($tcpstate -o csv -f "$tmp/now" | tr -d '\r' | sed 's/,T.*//;q')" \
	LISTEN,SYN_SENT,SYN_RECV,ESTABLISHED,FIN_WAIT1,FIN_WAIT2,CLOSING
columns='address port queue delta_queue'
sed 's/:00000000 00:00000000/:00000007 00:00000000/' "$before/net/tcp" \
	>"$tmp/full"
is 'csv has the change of queues' \
	"$(changes -l --state=listen --baseline="$tmp/full")" \
	'127.0.0.1 80 0 -7 1 0'
if can jq --version; then
	run $tcpstate -o json -P -f "$tmp/now" "$since"
	is 'json: the change of each state' "$status$err $(echo "$out" |
		jq -c '[.total, .interval, .delta.TIME_WAIT,
			.delta.ESTABLISHED, (.delta | length)]')" \
		'0 [15,null,-10,1,11]'
	is '... in each group, even if it is gone' "$(echo "$out" |
		jq -c '.groups[] | [.key.port, .total, .delta.ESTABLISHED]')" \
		'[80,12,4]
[5432,2,0]
[6379,1,1]
[3306,0,-4]'
	is '... and none without a baseline' "$($tcpstate -o json -P \
		-f "$tmp/now" | jq -c '[.delta, .groups[0].delta]')" \
		'[null,null]'
fi

# What the paths may be.
columns=TOTAL
for path in "$before" "$before/" "$before/net"; do
	is "a directory: ${path#"$tmp/"}" "$(changes --baseline="$path")" \
		'15 15 -12'
done
is 'files' "$(changes --baseline="$before/net/tcp" \
	--baseline="$before/net/tcp6")" '15 15 -12'
is 'one of them' "$(changes --baseline="$before/net/tcp")" '15 15 -9'
mkdir "$tmp/four"
cp "$before/net/tcp" "$tmp/four"
is 'a directory of a machine without IPv6' \
	"$(changes --baseline="$tmp/four")" '15 15 -9'
is 'the same moment has no changes' "$(changes --baseline="$tmp/now")" \
	'15 15 0'
mkdir -p "$tmp/after/net"
cp "$tmp/now" "$tmp/after/net/tcp"
is 'two copies of a proc' "$($tcpstate -o csv --proc="$tmp/after" "$since" |
	pick TOTAL delta_TOTAL)" '15 -12'

# Breakdowns and filters.
columns='dir port'
is 'a breakdown, with a row that is gone' "$(changes -P "$since")" \
	'in 80 12 -9
out 5432 2 0
out 6379 1 1
out 3306 0 -4'
is '... the rest in one row' "$(changes -P --top=1 "$since")" 'in 80 12 -9
other - 3 -3'
is 'filters are applied to both' \
	"$(changes -P --state=established --port=80,3306 "$since")" 'in 80 9 4
out 3306 0 -4'
columns=raddr
is '... of one family' "$(changes -b raddr -6 "$since")" '::2 0 -3'
columns='raddr family'
is 'several keys' "$(changes -b raddr,family "$since")" \
	'127.0.0.2 tcp 14 -9
- tcp 1 0
::2 tcp6 0 -3'
columns='dir port'
sed 's/ 06 / 01 /' "$tmp/now" >"$tmp/quiet"
row 0A 40001 0 >>"$tmp/quiet"
is 'directions are those of the listeners of each moment' \
	"$(changes -P --lport=40001 --baseline="$tmp/quiet")" 'out 5432 2 2
in 40001 0 -3'
mkdir -p "$tmp/after/sys/net/ipv4"
echo 10000 20000 >"$tmp/after/sys/net/ipv4/ip_local_port_range"
{ header; row 06 80 15000; } >"$tmp/after/net/tcp"
is '... and of the range of now' "$($tcpstate -P -o csv --proc="$tmp/after" \
	--baseline="$tmp/after/net/tcp" | pick dir port delta_TOTAL)" 'in 80 0'
columns='address port'
sed '2s/ 1 1 0 / 2 1 0 /' "$tmp/now" >"$tmp/restarted"
is 'a listener that was started again is the same' \
	"$(changes -l --baseline="$tmp/restarted")" '127.0.0.1 80 12 0'

# On a terminal, a listener that is gone has no other count left.
{ header; row 0A 80 0; row 0A 81 0; row 01 81 40000 2; } >"$tmp/two"
{ header; row 0A 80 0; } >"$tmp/one"
if can script -qec true /dev/null; then
	is 'listeners: the change of the queue, and of the total' \
		"$(script -qec "stty cols 100; NO_COLOR=1 TERM=xterm \
			$tcpstate -l -f $tmp/one --baseline=$tmp/two" \
			/dev/null </dev/null | tr -d '\r' | tr -s ' ')" \
		'ADDRESS PORT ACCEPTQ +/- BACKLOG ESTABLISHED TOTAL +/- FULL
127.0.0.1 80 0 . - 0 1 . -
127.0.0.1 81 0 . - 0 0 -3 -'
fi

# Live, against a capture.
mkdir "$tmp/live"
cat /proc/net/tcp >"$tmp/live/tcp"
cat /proc/net/tcp6 >"$tmp/live/tcp6" 2>/dev/null
can hold tests/hold && {
	columns=TOTAL
	for source in sock_diag proc; do
		run $tcpstate -4 -o csv --state=listen,close-wait \
			--source=$source --baseline="$tmp/live"
		is "live, from $source" "$status$err
$(echo "$out" | pick LISTEN delta_LISTEN CLOSE_WAIT delta_CLOSE_WAIT)" "0
$(awk '$1 == "tcp" { n[$2] = $3 }
	END { print n["LISTEN"], n["LISTEN"], n["CLOSE_WAIT"],
	    n["CLOSE_WAIT"] }' "$tmp/held")"
	done
	cat /proc/net/tcp >"$tmp/live/tcp"
	cat /proc/net/tcp6 >"$tmp/live/tcp6" 2>/dev/null
	is 'and without a change' "$($tcpstate -o csv --state=listen,close-wait \
		--baseline="$tmp/live" | pick delta_TOTAL)" 0
	release
}

# A change since nothing would be wrong: then there is none.
failing() {
	wanted=$1
	shift
	run $tcpstate -f "$tmp/now" "$@"
	is "fails: $wanted" "$status $out$err" "1 tcpstate: $wanted"
}
failing '/nonesuch: No such file or directory' --baseline=/nonesuch
failing '/nonesuch: No such file or directory' "$since" --baseline=/nonesuch
failing '/nonesuch: No such file or directory' --baseline=/nonesuch "$since"
failing "$tmp/after/sys: has neither tcp nor tcp6" \
	--baseline="$tmp/after/sys"
mkdir "$tmp/pipe"
mkfifo "$tmp/pipe/tcp"
run timeout -k 5 60 $tcpstate -f "$tmp/now" --baseline="$tmp/pipe"
is 'a pipe in a directory is not opened' "$status $out$err" \
	"1 tcpstate: $tmp/pipe/tcp: not a regular file"
{ cat "$before/net/tcp"; echo garbage; } >"$tmp/bad"
failing "$tmp/bad: line 26: not a /proc/net/tcp row (1 such line skipped)" \
	--baseline="$tmp/bad"
: >"$tmp/empty"
failing "$tmp/empty: empty, without even a header" "$since" \
	--baseline="$tmp/empty"
failing '/nonesuch: No such file or directory' -f /nonesuch "$since"
run $tcpstate -f /nonesuch "$since"
is 'fails if there is nothing now' "$status $out$err" \
	'1 tcpstate: /nonesuch: No such file or directory'

# --diagnose: what two copies of a proc show, and one does not.
copies() {
	for moment in 1 2; do
		dir=$tmp/copy$moment
		mkdir -p "$dir/net"
		{
			header
			row 0A 80 0
			row 08 80 40000 12
		} >"$dir/net/tcp"
		printf 'TcpExt: ListenOverflows\nTcpExt: %d\n' "${moment}00" \
			>"$dir/net/netstat"
		printf 'Tcp: OutRsts\nTcp: %d\n' "${moment}0000" \
			>"$dir/net/snmp"
		echo "${moment}00.50 20.00" >"$dir/uptime"
	done
}
copies
diagnosis="$tcpstate -d --baseline=$tmp/copy1 --proc=$tmp/copy2"
run $tcpstate -d --proc="$tmp/copy2"
matches 'one copy: a counter shows only the past' "$status$err $out" \
	'0 NOTE *accept queues overflowed 200 times since the start*'
matches '... and rates need another one' "$out" \
	'*skipped *refused  needs two samples*'
run $diagnosis
matches 'two: what happened between them' "$status$err $out" \
	'1 WARNING *accept queues overflowed 100 times in 100 s*'
matches '... and how often' "$out" '*100 segments a second match no socket*'
matches '... and which sockets stayed' "$out" \
	'*12 sockets stay in CLOSE_WAIT
*'
if can jq --version; then
	is 'the interval is that of the uptimes' \
		"$($diagnosis -o json | jq .interval | sed 's/\..*//')" 100
fi
run $tcpstate -d --baseline="$tmp/copy2" --proc="$tmp/copy1"
is 'the wrong way round' "$status $out$err" "3 tcpstate: $tmp/copy1: not later than '$tmp/copy2', or the machine was started again"
rm "$tmp/copy1/uptime"
touch -d '2026-01-01 00:00:00' "$tmp/copy1/net/tcp"
touch -d '2026-01-01 00:00:50' "$tmp/copy2/net/tcp"
run $diagnosis
matches 'or that of the tables' "$status$err $out" '1 *times in 50 s*'
touch -d '2026-01-01 00:00:50' "$tmp/copy1/net/tcp"
run $diagnosis -v
matches 'or it is not known' "$status$err $out" \
	'1 *overflowed 100 times in an unknown time*'
matches '... and then no rate is' "$out" \
	'*skipped *refused  the time between the samples is not known*'
run $tcpstate -d --baseline=/nonesuch --proc="$tmp/copy2"
is 'no such copy' "$status $out$err" \
	'3 tcpstate: /nonesuch: No such file or directory'
run $tcpstate -d --baseline="$tmp/four" --proc="$tmp/copy2"
is 'no copy of a proc' "$status $out$err" \
	"3 tcpstate: $tmp/four/net/tcp: No such file or directory"
done_testing
