#!/usr/bin/env sh
# Thresholds, and the line of a monitoring plugin.
. tests/lib.sh

{
	header
	row 0A 80 0
	row 01 80 40000 5
	row 06 80 40000 12
	row6 08 80 40000 3
	row 01 40001 5432 2
} >"$tmp/table"

# judge STATUS OPTION...: the exit status; whatever the format, and in any mode.
judge() {
	wanted=$1
	shift
	run $tcpstate -f "$tmp/table" "$@"
	is "exits with $wanted: $*" "$status" "$wanted"
}
judge 0 --warn=TIME_WAIT=12
judge 1 --warn=TIME_WAIT=11
judge 2 --crit=TIME_WAIT=11
judge 2 --warn=TIME_WAIT=5 --crit=TIME_WAIT=11
judge 1 --warn=TIME_WAIT=5 --crit=TIME_WAIT=12
judge 0 --warn=TIME_WAIT=12:
judge 1 --warn=TIME_WAIT=13:
judge 0 --warn=TIME_WAIT=5:12
judge 1 --warn=TIME_WAIT=5:11
judge 1 --warn=TIME_WAIT=13:20
judge 1 --warn=TIME_WAIT=@5:12
judge 0 --warn=TIME_WAIT=@5:11
judge 1 --warn=TIME_WAIT=@12
judge 0 --warn=TIME_WAIT=~:12
judge 1 --warn=TIME_WAIT=~:11
judge 0 --warn=TIME_WAIT=:12
judge 0 --warn=TIME_WAIT=~:
judge 1 --warn=CLOSING=1:
judge 2 --crit=TOTAL=22
judge 0 --crit=total=23
judge 1 --warn=time-wait=1
judge 1 --warn=estab=6
judge 1 --warn=TIME_WAIT=100 --warn=TIME_WAIT=11
judge 0 --warn=TIME_WAIT=11 --warn=TIME_WAIT=100
judge 2 --warn=TIME_WAIT=1 --crit=CLOSE_WAIT=2
judge 0 --warn=TIME_WAIT=18446744073709551615
for format in table json csv prometheus netstat ss nagios; do
	judge 2 --crit=TIME_WAIT=11 -o $format
done
judge 0 --warn=ESTABLISHED=5 -P
judge 1 --warn=ESTABLISHED=4 -P
judge 1 --warn=ESTABLISHED=3: -P
judge 1 --warn=ESTABLISHED=3: -P --top=1
judge 0 --crit=LISTEN=1: --state=listen
judge 2 --crit=TIME_WAIT=1 0.01 3

# What is said.
run $tcpstate -f "$tmp/table" --warn=TIME_WAIT=5 --crit=TOTAL=25: \
	--warn=CLOSE_WAIT=@3:4 --crit=ESTABLISHED=8:9
is 'a table ends with a marked line' "$(echo "$out" | tail -n 1)" \
	'! CRITICAL - ESTABLISHED 7 (< 8), TOTAL 23 (< 25), TIME_WAIT 12 (> 5), CLOSE_WAIT 3 (3 to 4)'
is 'before which it is the same' "$(echo "$out" | sed '$d')" \
	"$($tcpstate -f "$tmp/table")"
is 'and nothing else is said' "$err" ''
run $tcpstate -f "$tmp/table" --warn=TIME_WAIT=12
is 'if all is well there is none' "$out" "$($tcpstate -f "$tmp/table")"
run $tcpstate -f "$tmp/table" --crit=ESTABLISHED=4 -P
is 'a row is named' "$(echo "$out" | tail -n 1)" \
	'! CRITICAL - in 80: ESTABLISHED 5 (> 4)'
says() {
	wanted=$1
	shift
	run $tcpstate -o nagios -f "$tmp/table" "$@"
	is "says what was compared: $*" "${out%% |*}" "TCPSTATE $wanted"
}
says 'OK - TIME_WAIT 12 (<= 12)' --warn=TIME_WAIT=12
says 'OK - TIME_WAIT 12 (<= 20), TOTAL 23 (>= 5)' --crit=TOTAL=5: \
	--crit=TIME_WAIT=25 --warn=TIME_WAIT=20
says 'OK - ESTABLISHED 7 (5 to 100)' --warn=ESTAB=5:100
says 'OK - ESTABLISHED 7 (not 10 to 100)' --warn=ESTAB=@10:100
says 'OK - ESTABLISHED 7 (> 5)' --warn=ESTAB=@5
says 'OK - ESTABLISHED 7 (< 8)' --warn=ESTAB=@8:
says 'OK - ESTABLISHED 7 (>= 0)' --warn=ESTAB=~:
says 'WARNING - ESTABLISHED 7 (<= 8)' --warn=ESTAB=@8
says 'WARNING - ESTABLISHED 7 (5 to 8)' --warn=ESTAB=@5:8
says 'WARNING - ESTABLISHED 7 (> 6)' --warn=ESTAB=5:6
says 'WARNING - ESTABLISHED 7 (< 8)' --warn=ESTAB=8:9
says 'OK - 2 rows: ESTABLISHED at least 2 (>= 1), TOTAL at most 21 (<= 30)' \
	-P --warn=ESTAB=1: --warn=TOTAL=30
says 'OK - 2 rows: ESTABLISHED 2 to 5 (1 to 9)' -P --warn=ESTAB=1:9
says 'OK - 1 row: TIME_WAIT at most 12 (<= 20)' -P --lport=80 \
	--warn=TIME_WAIT=20
says 'OK - 0 sockets' -P --state=closing --warn=TOTAL=1
says 'WARNING - in 80: ESTABLISHED 5 (> 1), out 5432: ESTABLISHED 2 (> 1)' \
	-P --warn=ESTAB=1
says 'WARNING - in 80 tcp6: CLOSE_WAIT 3 (> 1)' -b port,family \
	--warn=CLOSE_WAIT=1
says 'WARNING - 127.0.0.1:80: TIME_WAIT 12 (> 1)' -l --byte-order=little \
	--warn=TIME_WAIT=1
row6 0A 80 0 | sed 's/0000000001000000:/0000000000000000:/' >"$tmp/any"
run $tcpstate -l -o nagios -f "$tmp/any" --warn=LISTEN=0
is 'an IPv6 address is in brackets' "${out%% |*}" \
	'TCPSTATE WARNING - [::]:80: LISTEN 1 (> 0)'
# A copy of a proc, with a process.
mkdir -p "$tmp/copy/net" "$tmp/copy/20690/fd"
{
	header
	row 0A 8080 0 | sed 's/0100007F/00000000/'
	row 08 8080 40000 482
} >"$tmp/copy/net/tcp"
echo java >"$tmp/copy/20690/comm"
ln -s 'socket:[1]' "$tmp/copy/20690/fd/3"
run $tcpstate -lp --proc="$tmp/copy" --crit=CLOSE_WAIT=10
is 'a row is named as a person would say it' "$(echo "$out" | tail -n 1)" \
	'! CRITICAL - 0.0.0.0:8080 java[20690]: CLOSE_WAIT 482 (> 10)'
run $tcpstate -p --proc="$tmp/copy" --crit=closed-wait=10 -o nagios
is '... a process too' "${out%% |*}" \
	'TCPSTATE CRITICAL - java[20690]: CLOSE_WAIT 482 (> 10)'
for name in CLOSED_WAIT close-w CLOSE-WAIT closewait; do
	run $tcpstate -c all --proc="$tmp/copy" --crit=$name=10
	is "a threshold of $name" "$status $err" \
		'2 tcpstate: CRITICAL - CLOSE_WAIT 482 (> 10)'
done
for format in json csv netstat ss prometheus; do
	run $tcpstate -f "$tmp/table" --crit=TIME_WAIT=5 -o $format
	is "-o $format is as it is, and stderr tells" \
		"$(echo "$out" | sed 's/"time[^,]*//')$err" \
		"$($tcpstate -f "$tmp/table" -o $format |
		sed 's/"time[^,]*//')tcpstate: CRITICAL - TIME_WAIT 12 (> 5)"
done
run $tcpstate -f "$tmp/table" --crit=TIME_WAIT=5 0.01 2
is 'watch mode: a marked line after each sample' \
	"$(echo "$out" | cut -d' ' -f2- | sed -n '12,$p')" \
	'! CRITICAL - TIME_WAIT 12 (> 5)
! CRITICAL - TIME_WAIT 12 (> 5)'
cp "$tmp/table" "$tmp/changing"
background $tcpstate -f "$tmp/changing" --warn=SYN_SENT=0 --crit=TIME_WAIT=5 \
	0.1 60
wait_for grep -q CRITICAL "$tmp/log"
cp tests/data/tcp "$tmp/next"
mv "$tmp/next" "$tmp/changing"
wait $pid
is 'and the worst status at the end' \
	"$? $(grep '!' "$tmp/log" | cut -d' ' -f3- | uniq)" \
	'2 CRITICAL - TIME_WAIT 12 (> 5)
WARNING - SYN_SENT 1 (> 0)'
for i in $(seq 1 12); do row 01 "$i" 40000; done >"$tmp/many"
run $tcpstate -f "$tmp/many" -P --warn=ESTABLISHED=0
is 'of very many only some are told' \
	"$(echo "$out" | tail -n 1 | sed 's/.*in 10: //')" \
	'ESTABLISHED 1 (> 0), and 2 more'

# 3 is for all that could not be measured.
run $tcpstate -f /nonesuch --warn=TOTAL=1
is 'what cannot be read is 3' "$status $out$err" \
	'3 tcpstate: /nonesuch: No such file or directory'
{ cat "$tmp/table"; echo garbage; } >"$tmp/bad"
run $tcpstate -f "$tmp/bad" --crit=TIME_WAIT=5
is 'also in part, which does not hide what is known' \
	"$status $(echo "$out" | tail -n 1)" \
	"3 ! UNKNOWN - $tmp/bad: line 25: not a /proc/net/tcp row (1 such line skipped), TIME_WAIT 12 (> 5)"
wrong() {
	run $tcpstate "$@"
	matches "wrong usage is 3: $*" "$status $out$err" '3 tcpstate: *'
}
for range in '' 5 TIME_WAIT TIME_WAIT= TIME_WAIT=x TIME_WAIT=5x TIME_WAIT=5:4 \
    TIME_WAIT=@ TIME_WAIT=: TIME_WAIT=@: TIME_WAIT=-5 TIME_WAIT=1.5 \
    TIME_WAIT=~ TIME_WAIT=5:~ TIME_WAIT=1:2:3 NOPE=5 =5 UNKNOWN=5 all=5 \
    TIME_WAIT=18446744073709551616 'TIME_WAIT= 5' 'TIME_WAIT =5'; do
	wrong --warn="$range"
done
wrong --nonsense --crit=TOTAL=1
wrong --crit=TOTAL=1 --nonsense
wrong -o json -P -s --warn=TOTAL=1
run $tcpstate --crit
is '--crit without its argument' "$status $err" \
	"3 tcpstate: option '--crit' needs an argument: expected '--crit=state=range'. Try 'tcpstate --help'."
run $tcpstate --warn=TOTAL=1 --version
is 'though not what is right' "$status$err" 0
run $tcpstate --nonsense
is 'without a threshold it is 2' "$status" 2
run sh -c "$tcpstate --warn=TOTAL=1000 -f '$tmp/table' >/dev/full"
is 'what cannot be written is 3' "$status" 3

# nagios: read as the guidelines for plugins have it.
run $tcpstate -o nagios -f "$tmp/table" --warn=TIME_WAIT=5 --crit=TIME_WAIT=20: \
	--warn=ESTABLISHED=@100:200
is 'a plugin' "$status$err $out" '2 TCPSTATE CRITICAL - TIME_WAIT 12 (< 20) | LISTEN=1;;;0 SYN_SENT=0;;;0 SYN_RECV=0;;;0 ESTABLISHED=7;@100:200;;0 FIN_WAIT1=0;;;0 FIN_WAIT2=0;;;0 CLOSING=0;;;0 TIME_WAIT=12;5;20:;0 CLOSE_WAIT=3;;;0 LAST_ACK=0;;;0 CLOSE=0;;;0 TOTAL=23;;;0'
run $tcpstate -o nagios -f "$tmp/table"
matches 'all is well' "$status$err $out" '0 TCPSTATE OK - 23 sockets | LISTEN=1*'
run $tcpstate -o nagios -P -f "$tmp/table" --warn=SYN_RECV=3
is 'with a breakdown, what occurs, or has a threshold' "$out" \
	"TCPSTATE OK - 2 rows: SYN_RECV at most 0 (<= 3) | 'in 80 LISTEN'=1;;;0 'in 80 SYN_RECV'=0;3;;0 'in 80 ESTABLISHED'=5;;;0 'in 80 TIME_WAIT'=12;;;0 'in 80 CLOSE_WAIT'=3;;;0 'in 80 TOTAL'=21;;;0 'out 5432 SYN_RECV'=0;3;;0 'out 5432 ESTABLISHED'=2;;;0 'out 5432 TOTAL'=2;;;0"
is 'of --top rows' "$($tcpstate -o nagios -P --top=1 -f "$tmp/table" |
	grep -o "'[^']*TOTAL'")" "'in 80 TOTAL'
'other - TOTAL'"
run $tcpstate -o nagios -f /nonesuch
is 'what could not be measured' "$status $out" \
	'3 TCPSTATE UNKNOWN - /nonesuch: No such file or directory'
run $tcpstate -o nagios -f "$tmp/bad"
matches '... in part' "$status $out" \
	"3 TCPSTATE UNKNOWN - $tmp/bad: line 25: * skipped) | LISTEN=1;*"
run $tcpstate -o nagios --state='a|b'
matches 'a wrong word cannot begin the performance data' "$status $out" \
	"3 TCPSTATE UNKNOWN - unknown state 'a\\\\174b' (states: *)"
run $tcpstate -o nagios -o nonsense
matches 'a wrong format does not hide a right one' "$status $out" \
	"3 TCPSTATE UNKNOWN - unknown format 'nonsense' (formats: *)"
run $tcpstate --nonsense -o nagios
matches 'what could not be understood' "$status $out" \
	"3 TCPSTATE UNKNOWN - unknown option '--nonsense'"
is 'watch mode: a line a sample' \
	"$($tcpstate -o nagios -f "$tmp/table" 0.01 3 | grep -c '^TCPSTATE OK')" 3
mkdir -p "$tmp/proc/net"
cp "$tmp/table" "$tmp/proc/net/tcp"
background $tcpstate -o nagios --proc="$tmp/proc" 0.1 60
wait_for grep -q OK "$tmp/log"
rm "$tmp/proc/net/tcp"
wait $pid
is 'also of one that failed' "$? $(cut -d' ' -f1-2 "$tmp/log" | uniq)" \
	'3 TCPSTATE OK
TCPSTATE UNKNOWN'
run $tcpstate -o nagios --proc="$tmp/proc" 0.1 12
matches 'which is the last, if it is the first' "$status $out" \
	'3 TCPSTATE UNKNOWN - */net/tcp: No such file or directory'
cp "$tmp/table" "$tmp/proc/net/tcp"
background $tcpstate --crit=TOTAL=100 --proc="$tmp/proc" 0.1 60
wait_for test -s "$tmp/log"
rm "$tmp/proc/net/tcp"
wait $pid
is 'a log is marked with it too' "$? $(sed 's/^[^ ]* //' "$tmp/log" |
	sort -u | grep '!')" \
	"3 ! UNKNOWN - $tmp/proc/net/tcp: No such file or directory"
cp "$tmp/table" "$tmp/a|b"
echo garbage >>"$tmp/a|b"
is 'a name cannot begin the performance data' \
	"$($tcpstate -o nagios -f "$tmp/a|b" 2>/dev/null | tr -cd '|')" '|'

cat >"$tmp/table" <<'END'
   0: 0100007F:0050 0200007F:9C40 01 00000000:00000000 00:00000000 00000000 54321        0 14 1
END
evil=$(printf "a'=|;\\\\ b\033[31m,\303\274\377")
printf '%s:x:54321:1::/:/bin/sh\n' "$evil" >"$tmp/passwd"
if can with_etc passwd true; then
	is 'nor a hostile one end a label' "$(with_etc passwd $tcpstate -o nagios \
		-b user -f "$tmp/table" --warn=TOTAL=0)" \
		"TCPSTATE WARNING - a'=\\174;\\\\040b\\033[31m,\\303\\274\\377: TOTAL 1 (> 0) | 'a\\047\\075\\174;\\\\040b\\033[31m,\\303\\274\\377 ESTABLISHED'=1;;;0 'a\\047\\075\\174;\\\\040b\\033[31m,\\303\\274\\377 TOTAL'=1;0;;0"
	is 'and its comma does not end an alert' "$(with_etc passwd $tcpstate \
		-b user -f "$tmp/table" --warn=TOTAL=0 --warn=ESTAB=0 |
		tail -n 1 | sed 's/[^ ]*: //g')" \
		'! WARNING - ESTABLISHED 1 (> 0); TOTAL 1 (> 0)'
fi
if [ -n "$in_netns" ] && ip link set lo up && can hold tests/hold; then
	run $tcpstate -lp -o nagios --lport=7001 --warn=LISTEN=0
	is 'a listener and its process' "${out%% |*}" \
		"TCPSTATE WARNING - 127.0.0.1:7001 hold[$holder]: LISTEN 1 (> 0)"
	release
fi
done_testing
