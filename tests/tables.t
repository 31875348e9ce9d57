#!/usr/bin/env sh
# Tables on a terminal, once: titles, columns and colours.
. tests/lib.sh
need_netns
script -qec true /dev/null </dev/null >/dev/null 2>"$tmp/err" ||
	skip_all "script has no terminal: $(head -n 1 "$tmp/err")"

# on_terminal COLUMNS COMMAND: what it prints on a terminal without colours.
on_terminal() {
	script -qec "stty cols $1; NO_COLOR=1 TERM=xterm LC_ALL=C $2" \
		/dev/null </dev/null | tr -d '\r'
}

# coloured COMMAND: the table that it prints in colours, with ESC as ^.
coloured() {
	script -qec "stty cols 120; TERM=xterm LC_ALL=C $1" /dev/null \
		</dev/null | tr -d '\r' | tr '\033' '^' | grep -v '! '
}

{
	header
	row 0A 443 0
	row 01 443 40000 20
	row 08 443 40001 3
	row 06 40000 3306 60
	row 03 40000 3306
} >"$tmp/table"
is 'the states that occur' "$(on_terminal 80 "$tcpstate -P -f $tmp/table")" \
	'DIR  PORT  LISTEN  SYN_RECV  ESTABLISHED  TIME_WAIT  CLOSE_WAIT  TOTAL
out  3306       0         1            0         60           0     61
in    443       1         0           20          0           3     24'
is '-z: all' "$(on_terminal 200 "$tcpstate -zP -f $tmp/table")" \
	"$($tcpstate -P -f "$tmp/table")"
is 'short titles if there is no room for long ones' \
	"$(on_terminal 60 "$tcpstate -P -f $tmp/table")" \
	'DIR  PORT  LISTEN  SYN-R  ESTAB  TIME-W  CLOSE-W  TOTAL
out  3306       0      1      0      60        0     61
in    443       1      0     20       0        3     24'
is 'of all columns, if they help' \
	"$(on_terminal 68 "$tcpstate -P -f $tmp/table" | head -n 1)" \
	"$(on_terminal 60 "$tcpstate -P -f $tmp/table" | head -n 1)"
is 'where even these have no room, states are left out, the rarest first' \
	"$(on_terminal 40 "$tcpstate -P -f $tmp/table")" \
	'DIR  PORT  ESTAB  TIME-W  CLOSE-W  TOTAL
out  3306      0      60        0     61
in    443     20       0        3     24
no room for: LISTEN, SYN-R'
is '... all of them, if need be' \
	"$(on_terminal 20 "$tcpstate -P -f $tmp/table")" \
	'DIR  PORT  TOTAL
out  3306     61
in    443     24
no room for: LISTEN,
SYN-R, ESTAB,
TIME-W, CLOSE-W'
is 'if not even the keys have room, the table is as it is' \
	"$(on_terminal 15 "$tcpstate -P -f $tmp/table")" \
	"$(on_terminal 60 "$tcpstate -P -f $tmp/table")"
is 'totals: the families are left out' \
	"$(on_terminal 28 "$tcpstate tw listen -f $tmp/table")" \
	'STATE        TOTAL
LISTEN           1
TIME_WAIT       60
TOTAL           61
no room for: TCP, TCP6'
is '... where a line with all is wider' \
	"$(on_terminal 29 "$tcpstate tw listen -f $tmp/table" | head -n 1)" \
	'STATE        TCP  TCP6  TOTAL'
{
	header
	for st in 01 02 03 04 05 06 07 08 09 0A 0B; do row $st 80 40000; done
} >"$tmp/all"
is 'each state has one' \
	"$(on_terminal 110 "$tcpstate -P -f $tmp/all" | head -n 1 | tr -s ' ')" \
	'DIR PORT LISTEN SYN-S SYN-R ESTAB FIN-W1 FIN-W2 CLOSING TIME-W CLOSE-W LAST-A CLOSE TOTAL'

{
	header
	row 0A 80 0
	row 01 80 40000 2
	row 06 80 40000
} >"$tmp/listener"
is 'listeners: neither LISTEN nor TOTAL' \
	"$(on_terminal 100 "$tcpstate -l -f $tmp/listener")" \
	'ADDRESS    PORT  ACCEPTQ  BACKLOG  ESTABLISHED  TIME_WAIT  FULL
127.0.0.1    80        0        -            2          1  -'
is 'only states of what arrived at them' "$(
	row 08 40000 3306 >"$tmp/peer"
	on_terminal 100 "$tcpstate -l -f $tmp/listener -f $tmp/peer"
)" "$(on_terminal 100 "$tcpstate -l -f $tmp/listener")"
is '-z: all, as in a pipe' "$(on_terminal 200 "$tcpstate -lz -f $tmp/listener")" \
	"$($tcpstate -l -f "$tmp/listener")"

# Colours.
coloured "$tcpstate -f $tmp/table --warn=ESTABLISHED=10 --crit=TIME_WAIT=10" \
	>"$tmp/out"
matches 'a zero is dim' "$(grep CLOSING "$tmp/out")" '^\[2mCLOSING *^\[0m'
matches 'a state with a warning is yellow' "$(grep ESTABLISHED "$tmp/out")" \
	'^\[1;33mESTABLISHED *^\[0m'
matches 'a critical one is red' "$(grep TIME_WAIT "$tmp/out")" \
	'^\[1;31mTIME_WAIT *^\[0m'
is 'and no other has a colour, except its zeros' \
	"$(grep -c '\[1;3' "$tmp/out") $(grep SYN_RECV "$tmp/out")" \
	"2 $(grep SYN_RECV "$tmp/out" | grep -v '^^')"
coloured "$tcpstate -f $tmp/table --crit=TOTAL=10" >"$tmp/out"
matches 'TOTAL has a threshold of its own' "$(grep TOTAL "$tmp/out")" \
	'*^\[1;31mTOTAL *^\[0m'
coloured "$tcpstate -P -f $tmp/table --warn=CLOSE_WAIT=2 --crit=TOTAL=50" \
	>"$tmp/out"
matches 'so it is in a breakdown: yellow' "$(grep 443 "$tmp/out")" \
	'^\[1;33min *24^\[0m'
matches 'and red' "$(grep 3306 "$tmp/out")" '^\[1;31mout *61^\[0m'
matches 'without thresholds only zeros are dim' \
	"$(coloured "$tcpstate -P -f $tmp/table" | grep 443)" \
	'in    443       1         ^\[2m0^\[0m           20 *'
is 'nothing of that in a pipe' \
	"$($tcpstate -f "$tmp/table" --crit=TOTAL=10 2>&1 | grep -c "$(printf '\033')")" 0

hold tests/hold
check 'sockets in ten states'
matches 'a listener with a full queue is red' \
	"$(coloured "$tcpstate -l --lport=7002" | tail -n 1)" \
	'^\[1;31m127.0.0.1  7002 * yes^\[0m'
release
done_testing
