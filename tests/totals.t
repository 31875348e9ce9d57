#!/usr/bin/env sh
# Totals, and the two one-liners, of saved files.
. tests/lib.sh

run $tcpstate -f tests/data/tcp -f tests/data/tcp6
is 'totals of every state, in the order of a life' "$out" \
	'STATE        TCP  TCP6  TOTAL
LISTEN         3     6      9
SYN_SENT       1     2      3
SYN_RECV       1     2      3
ESTABLISHED    6    12     18
FIN_WAIT1      1     2      3
FIN_WAIT2      4     8     12
CLOSING        1     2      3
TIME_WAIT      1     2      3
CLOSE_WAIT     2     4      6
LAST_ACK       1     2      3
CLOSE          0     0      0
TOTAL         21    42     63'
is 'exit status 0' $status 0
totals=$out

run $tcpstate -s -f tests/data/tcp -f tests/data/tcp6
is '-s is the default' "$out" "$totals"
run $tcpstate --summary --file=tests/data/tcp --file tests/data/tcp6
is 'so is --summary' "$out" "$totals"
run $tcpstate -nat -f tests/data/tcp -f tests/data/tcp6
is '-nat changes nothing' "$out" "$totals"
run $tcpstate -46 -f tests/data/tcp -f tests/data/tcp6
is '-4 with -6 is both' "$out" "$totals"
run $tcpstate -o table -f tests/data/tcp -f tests/data/tcp6
is '-o table is the default' "$out" "$totals"

run $tcpstate -4 -f tests/data/tcp -f tests/data/tcp6
is '-4 keeps tcp' "$(echo "$out" | tail -n 1)" 'TOTAL         21     0     21'
run $tcpstate -6 -f tests/data/tcp -f tests/data/tcp6
is '-6 keeps tcp6, v4-mapped too' "$(echo "$out" | tail -n 1)" \
	'TOTAL          0    42     42'

is '--state: only these' \
	"$($tcpstate --state=time-wait,estab -f tests/data/tcp -f tests/data/tcp6)" \
	'STATE        TCP  TCP6  TOTAL
ESTABLISHED    6    12     18
TIME_WAIT      1     2      3
TOTAL          7    14     21'
is 'even if there are none' "$($tcpstate --state=close -f tests/data/tcp)" \
	'STATE        TCP  TCP6  TOTAL
CLOSE          0     0      0
TOTAL          0     0      0'
is '--state=all: all' "$($tcpstate --state=all -f tests/data/tcp \
	-f tests/data/tcp6)" "$totals"
is 'other formats keep all eleven' "$($tcpstate --state=close -o json \
	-f tests/data/tcp | jq '.states | length')" 11

# The layout that the manual shows.
{
	header
	row 0A 1 0 9
	row6 0A 1 0 4
	row 03 1 2 348
	row 01 1 2 70
	row6 01 1 2 12
	row 04 1 2 229
	row 05 1 2 30
	row 0B 1 2 33
	row 06 1 2 18122
	row 09 1 2 14
} >"$tmp/many"
run $tcpstate -f "$tmp/many"
is 'columns as wide as their numbers' "$out" \
	'STATE         TCP  TCP6  TOTAL
LISTEN          9     4     13
SYN_SENT        0     0      0
SYN_RECV      348     0    348
ESTABLISHED    70    12     82
FIN_WAIT1     229     0    229
FIN_WAIT2      30     0     30
CLOSING        33     0     33
TIME_WAIT   18122     0  18122
CLOSE_WAIT      0     0      0
LAST_ACK       14     0     14
CLOSE           0     0      0
TOTAL       18855    16  18871'
# shellcheck disable=SC2016
is 'the last field is the total of the state' \
	"$($tcpstate -f "$tmp/many" | awk '$1=="TIME_WAIT"{print $NF}')" 18122

run $tcpstate -f tests/data/tcp -f tests/data/tcp6 -o netstat
is '-o netstat: its names, no LISTEN, no zeros' "$out" \
	'SYN_SENT 3
SYN_RECV 3
ESTABLISHED 18
FIN_WAIT1 3
FIN_WAIT2 12
CLOSING 3
TIME_WAIT 3
CLOSE_WAIT 6
LAST_ACK 3'
run $tcpstate -f tests/data/tcp -f tests/data/tcp6 --format=ss
is '-o ss: its names, no zeros' "$out" \
	'LISTEN 9
SYN-SENT 3
SYN-RECV 3
ESTAB 18
FIN-WAIT-1 3
FIN-WAIT-2 12
CLOSING 3
TIME-WAIT 3
CLOSE-WAIT 6
LAST-ACK 3'
{
	header
	row 07 1 2
} >"$tmp/close"
is 'CLOSE is what netstat calls it' \
	"$($tcpstate -f "$tmp/close" -o netstat)" 'CLOSE 1'
is 'ss calls it UNCONN' "$($tcpstate -f "$tmp/close" -o ss)" 'UNCONN 1'

{
	header
	row 0C 80 40000 2
	row 00 80 40000
	row 01 80 40000
} >"$tmp/unknown"
run $tcpstate -f "$tmp/unknown"
is 'a state above 0B and 00 are UNKNOWN, with their numbers' \
	"$(echo "$out" | tail -n 2)" 'UNKNOWN(0,12)    3     0      3
TOTAL            4     0      4'
is 'which is no error' "$status$err" 0
is 'in the one-liners too' "$($tcpstate -f "$tmp/unknown" -o ss)" \
	'ESTAB 1
UNKNOWN(0,12) 3'
is 'and in a breakdown' "$($tcpstate -f "$tmp/unknown" -P | occurring)" \
	'DIR PORT ESTABLISHED UNKNOWN(0,12) TOTAL
in 80 1 3 4'
is 'before TOTAL' "$($tcpstate -f "$tmp/unknown" -P | awk '{
	print $13, $14, $15 }')" 'CLOSE UNKNOWN(0,12) TOTAL
0 3 4'
{
	header
	for state in 0C 0D 0E 0F 10 20 40 80 A0 C0 FF; do
		row $state 80 40000
	done
} >"$tmp/unknown"
is 'of many such numbers, the lowest' \
	"$($tcpstate -f "$tmp/unknown" -o netstat)" \
	'UNKNOWN(12,13,14,15,16,32,64,128,...) 11'

header >"$tmp/none"
run $tcpstate -f "$tmp/none"
is 'a header alone is a valid zero' "$(echo "$out" | count TOTAL) $status" '0 0'
run $tcpstate -f "$tmp/none" -o netstat
is 'for which a one-liner prints nothing' "$out$err$status" 0

# Neither a locale nor an environment for terminals changes what a pipe gets.
for locale in C C.UTF-8 de_DE.UTF-8 tr_TR.UTF-8; do
	is "the same bytes with LC_ALL=$locale" "$(LC_ALL=$locale \
	    TERM=xterm-256color COLUMNS=10 CLICOLOR_FORCE=1 \
	    $tcpstate -f tests/data/tcp -f tests/data/tcp6)" "$totals"
done
done_testing
