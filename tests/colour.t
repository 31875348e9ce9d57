#!/usr/bin/env sh
# Colours: when there are any, which ones, and what they mean.
. tests/lib.sh
need_netns

{
	header
	row 0A 80 0
	row 01 80 40000 20
	row 08 80 40001 3
	row 06 40000 3306 60
} >"$tmp/table"
escape=$(printf '\033')

# coloured OPTION...: the output, with ESC as ^.
coloured() {
	$tcpstate --color=always -f "$tmp/table" "$@" 2>"$tmp/err" |
		tr '\033' '^'
}
# codes OPTION...: whether the output has colours, as a number of lines.
codes() {
	$tcpstate -f "$tmp/table" "$@" 2>/dev/null | grep -c "$escape"
}

# When.
is 'a pipe has none' "$(codes)$(codes --color=auto)$(codes --color=never)" 000
is '... even if a row is over a threshold' "$(codes --crit=TIME_WAIT=1)" 0
is '--color=always: it has' "$(codes --color=always)" 13
is '--color is --color=always' "$(codes --color)" 13
is 'the last one wins' \
	"$(codes --color=always --color=never)$(codes --color=never --color)" 013
is '... over NO_COLOR too' "$(export NO_COLOR=1; codes --color=always)" 13
if can script -qec true /dev/null; then
	# on_terminal VARIABLE OPTION...: the lines with colours on a terminal.
	on_terminal() {
		variable=$1
		shift
		script -qec "env TERM=xterm $variable $tcpstate -f $tmp/table $*" \
			/dev/null </dev/null | grep -c "$escape"
	}
	is 'a terminal has' "$(on_terminal A=1)" 13
	is '--color=auto is the default' "$(on_terminal A=1 --color=auto)" 13
	is '--color=never: it has none' "$(on_terminal A=1 --color=never)" 0
	is 'NO_COLOR: none' "$(on_terminal NO_COLOR=1)" 0
	is '... with --color=auto too' \
		"$(on_terminal NO_COLOR=1 --color=auto)" 0
	is '... but with --color=always' \
		"$(on_terminal NO_COLOR=1 --color=always)" 13
	is 'an empty NO_COLOR does not count' "$(on_terminal NO_COLOR=)" 13
	is 'TERM=dumb: none' "$(on_terminal TERM=dumb)" 0
fi
for format in count netstat ss json csv prometheus nagios; do
	is "format $format never has any" \
		"$(codes --color=always -o $format --crit=TIME_WAIT=1)" 0
done
is 'nor has a log' "$(codes --color=always 0.01 2)" 0
is 'nor has a message' "$($tcpstate --color=always -f "$tmp/table" \
	--crit=TIME_WAIT=1 -c all 2>&1 | grep -c "$escape")" 0

# Which.
coloured --warn=ESTABLISHED=10 --crit=TIME_WAIT=10 >"$tmp/out"
# line STATE: its line.
line() {
	grep "$1" "$tmp/out" | grep -v '!'
}
is 'titles are bold' "$(head -n 1 "$tmp/out")" \
	'^[1mSTATE        TCP  TCP6  TOTAL^[0m'
is 'a zero is dim' "$(line CLOSING)" '^[2mCLOSING        0     0      0^[0m'
is '... in a line that is not zero' "$(line CLOSE_WAIT)" \
	'CLOSE_WAIT     3     ^[2m0^[0m      3'
is 'a warning is yellow' "$(line ESTABLISHED)" \
	'^[1;33mESTABLISHED   20     0     20^[0m'
is 'what is critical is red' "$(line TIME_WAIT)" \
	'^[1;31mTIME_WAIT     60     0     60^[0m'
is 'of both red is shown' "$(coloured --warn=TOTAL=1 --crit=TOTAL=2 |
	grep '31m.*TOTAL' | grep -v '!')" \
	'^[1;31mTOTAL         84     0     84^[0m'
is 'so is the line of alerts' "$(grep 'CRITICAL' "$tmp/out")" \
	'^[1;31m! CRITICAL - TIME_WAIT 60 (> 10), ESTABLISHED 20 (> 10)^[0m'
is '... yellow, if none is critical' \
	"$(coloured --warn=TOTAL=10 | grep 'WARNING')" \
	'^[1;33m! WARNING - TOTAL 84 (> 10)^[0m'
is 'a state without sockets may be critical' \
	"$(coloured --crit=CLOSE=1: | grep '31m' | grep -v '!')" \
	'^[1;31mCLOSE          0     0      0^[0m'

# Every table.
# rows OPTION...: how many rows are red, and how many yellow.
rows() {
	coloured --warn=CLOSE_WAIT=1 --crit=TIME_WAIT=10 "$@" >"$tmp/out"
	echo "$(grep -c '^^\[1;31m[^!]*^\[0m$' "$tmp/out")" \
		"$(grep -c '^^\[1;33m[^!]*^\[0m$' "$tmp/out")"
}
for options in -s -P '-b raddr,lport' '-b user,lport' -H -z \
    '--state=time-wait,close-wait' "--baseline=$tmp/table"; do
	# shellcheck disable=SC2086
	is "a row over a threshold has its colour: $options" \
		"$(rows $options)" '1 1'
done
is '... or a line: -o line' "$(coloured --crit=TIME_WAIT=10 -o line |
	sed 's/[0-9T-]*:.*60 /60 /; s/ .*TOTAL/ TOTAL/')" \
	'^[1mTIME TOTAL^[0m
^[1;31m60          3        0       0      84^[0m'
is '... of a listener: -l' "$(rows -l)" '0 1'
is 'a sum of rows has no threshold' "$(coloured -P --top=1 --crit=TOTAL=1 |
	grep 'other' | grep -c '31m')" 0
is 'without the colours a table is the same' "$(for options in -s -P -l; do
	$tcpstate --color=always -f "$tmp/table" $options \
		--warn=CLOSE_WAIT=1 2>&1 | sed "s/$escape\[[0-9;]*m//g"
done)" "$(for options in -s -P -l; do
	$tcpstate -f "$tmp/table" $options --warn=CLOSE_WAIT=1 2>&1
done)"

# A full queue, and a diagnosis.
if can hold tests/hold; then
	full=$($tcpstate --color=always -l --lport=7002 | tr '\033' '^')
	matches 'a full queue is red' "$full" '*^\[1;31m127.0.0.1 * yes^\[0m'
	is '... and only that' "$($tcpstate --color=always -l | tr '\033' '^' |
		grep -c '31m')" "$($tcpstate -l | awk '$NF == "yes"' | wc -l)"
	release
fi
for moment in 1 2; do
	mkdir -p "$tmp/$moment/net"
	cp "$tmp/table" "$tmp/$moment/net/tcp"
	printf 'TcpExt: ListenOverflows\nTcpExt: %d\n' "${moment}00" \
		>"$tmp/$moment/net/netstat"
	echo "${moment}00.50 20.00" >"$tmp/$moment/uptime"
done
matches 'the severity of a finding has its colour' \
	"$($tcpstate -d --color=always --baseline="$tmp/1" --proc="$tmp/2" |
	tr '\033' '^')" '^\[1;33mWARNING^\[0m *'
done_testing
