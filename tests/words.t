#!/usr/bin/env sh
# What people type: states as operands, delays, clusters of letters, any case.
. tests/lib.sh

files='-f tests/data/tcp -f tests/data/tcp6'
# printed OPTIONS: what is printed, except the time.
printed() {
	# shellcheck disable=SC2086
	run $tcpstate $1 $files
	echo "$status$out$err" | sed 's/[0-9-]*T[0-9:]*Z/TIME/g'
}
# same DESCRIPTION WANTED GIVEN: two command lines print the same.
same() {
	is "$1: tcpstate $3" "$(printed "$3")" "$(printed "$2")"
}

same 'a state' --state=time-wait time-wait
same 'states add up' --state=time-wait,close-wait 'time-wait CLOSE_WAIT'
same '... in lists too' --state=time-wait,close-wait,listen \
	'time-wait,close-wait listen'
same '... with those of the option' --state=time-wait,close-wait \
	'--state=time-wait close-wait'
same 'a group' --state=bucket bucket
same 'all but a state' --state='!listen' '!listen'
same '... and another' --state='!listen,!close-wait' '!listen !close-wait'
same '... of a group' --state='bucket,!time-wait' 'bucket !time-wait'
same 'options may follow' '-o json --state=listen -P' 'listen -P -o json'

# saved ARGUMENT...: of these files.
saved() {
	# shellcheck disable=SC2086
	$tcpstate $files "$@"
}
# total ARGUMENT...: the number of sockets.
total() {
	saved "$@" | count TOTAL
}
is '-c prints a number' "$(saved -c time-wait)" "$(total time-wait)"
is '... the sum of several states' "$(saved -c time-wait,listen)" \
	"$(total time-wait listen)"
is '... and those of operands' "$(saved -c time-wait listen)" \
	"$(total time-wait listen)"
is '... from either family' "$($tcpstate -c all -f tests/data/tcp6)" \
	"$($tcpstate -f tests/data/tcp6 | count TOTAL)"
is '... with a filter' \
	"$(saved --count=all -4)" "$(total -4)"
is '... and in watch mode one a line' \
	"$(saved -c listen 0.01 2 | xargs)" \
	"$(total listen) $(total listen)"

for options in '--port=7001' '--lport=7001' '--rport=7001' \
    '--addr=localhost' '--addr=127/8' '--laddr=::1' '--raddr=::1' -6; do
	# shellcheck disable=SC2086
	is "... with $options" "$(saved -c connected $options)" \
		"$(total --state=connected $options)"
done
is '... and nothing else' "$(saved -c time-wait,close-wait -z | wc -lw |
	xargs)" '1 1'
is ':7001 is a port' "$(saved -c all --port=:7001)" \
	"$(saved -c all --port=7001)"
# narrows OPTION WORD...: the words alone do what the option does.
narrows() {
	option=$1
	shift
	for word; do
		is "$word is $option" "$(saved -c all "$word")" \
			"$(saved -c all "$option")"
		[ "$(saved -c all "$word")" -lt "$(saved -c all)" ]
		check '... which is not all'
	done
}
narrows --port=7001 :7001
narrows --port=7001,7002 :7001,:7002 :7001,7002
narrows --port=7001-7002 :7001-7002
narrows --addr=::1 ::1 '[::1]' ::1/128
narrows --addr=127.0.0.1 127.0.0.1
narrows --addr=127.0.0.0/8 127/8 127.0/8
{ row 01 80 40000; row 06 80 40001 | sed 's/0200007F:/0300007F:/'; } >"$tmp/two"
set -- -f "$tmp/two" --byte-order=little
is 'a port at either end' "$($tcpstate -c all "$@" :40001)" 1
is 'so may an address be' "$($tcpstate -c all "$@" 127.0.0.2)" 1
matches 'what is explained is counted so as well' \
	"$($tcpstate --explain "$@" :40000 time-wait)" 'TIME_WAIT  0 *'
echo '127.0.0.2 far time-wait port' >"$tmp/hosts"
if can with_etc hosts true; then
	is 'a host is an address' \
		"$(with_etc hosts $tcpstate -c all "$@" far)" 1
	is '... but not if it is a state' \
		"$(with_etc hosts $tcpstate -o ss "$@" time-wait)" \
		'TIME-WAIT 1'
	run with_etc hosts $tcpstate port 80
	matches '... or what is typed out of habit' "$status $err" '2 *--port=*'
fi
is 'beside states, a delay and a count' \
	"$(saved close-wait :7001 127.0.0.1 -c listen 10ms 2)" \
	"$(saved -c close-wait,listen --port=7001 --addr=127.0.0.1 10ms 2)"

# samples COUNT DESCRIPTION ARGUMENT...: each has a line.
samples() {
	wanted=$1
	shift
	run timeout 60 $tcpstate -f tests/data/tcp -o csv -H "$@"
	is "a delay: $*" "$status $(grep -c . "$tmp/out")$err" "0 $wanted"
}
samples 2 0.01 2
samples 2 .01 2
samples 2 0.01s 2
samples 2 10ms 2
samples 2 .001m 2
samples 2 listen 10ms 2
samples 2 10ms 2 listen
samples 2 -w 10ms 2
samples 2 -wP 10ms 2 -o json
samples 2 -wz 10ms 2
samples 2 -w10ms 2
samples 2 --watch=0.01 2
# first_two ARGUMENT...: waits for two samples, and ends it.
first_two() {
	background $tcpstate -f tests/data/tcp -c listen "$@"
	wait_for sh -c "[ \$(grep -c . '$tmp/log') -ge 2 ]"
	check "a delay: $*"
	kill $pid
	wait $pid 2>/dev/null
}
first_two -w0.01
first_two -w.01
first_two -w10ms
first_two -w10ms listen
first_two --watch=0.01
first_two --watch=10ms
first_two -nw10ms
first_two -w -w10ms

same '-j is' '-o csv -P' '-j -o csv -P'
matches '-j is -o json' "$($tcpstate -jf tests/data/tcp)" '{*"total":21}'
for word in JSON Json; do
	matches "-o $word" "$($tcpstate -o $word -f tests/data/tcp)" '{*}'
done
same '--source' --source=proc --source=PROC
same '--byte-order' --byte-order=little --byte-order=Little
for when in auto never NEVER; do
	same '--color' -s --color=$when
done
same '--color' --color=always --color
same '--color' --color=always --color=Always
same '-a, -n and -t' -l -tlan
done_testing
