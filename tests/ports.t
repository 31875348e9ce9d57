#!/usr/bin/env sh
# The breakdown by service port, of saved files.
. tests/lib.sh

{
	header
	row 0A 443 0 2
	row 01 443 40000 70
	row 03 443 50000 348
	row 06 443 1024 120
	row 08 443 60000 3
	row 01 40001 3306 31
	row 06 40002 3306 9000
	row 06 40003 3306 9000
} >"$tmp/web"
run $tcpstate -P -f "$tmp/web"
states='LISTEN  SYN_SENT  SYN_RECV  ESTABLISHED  FIN_WAIT1  FIN_WAIT2  CLOSING'
states="$states  TIME_WAIT  CLOSE_WAIT  LAST_ACK  CLOSE"
zeros='         0          0        0'
is 'service ports, most sockets first, with all states' "$out" \
	"DIR  PORT  $states  TOTAL
out  3306       0         0         0           31 $zeros      18000           0         0      0  18031
in    443       2         0       348           70 $zeros        120           3         0      0    543"
is 'exit status 0' "$status$err" 0
is '--ports is the same' "$($tcpstate --ports -f "$tmp/web")" "$out"

# What nobody listens on (any more).
{
	header
	row 06 8080 40000
	row 06 8080 60999
	row 06 8081 61000
	row 06 32767 32768
	row 06 32768 32767
	row 06 40000 50000
	row 06 5000 6000
} >"$tmp/left"
is 'a port outside the ephemeral range is a service of a peer inside it' \
	"$($tcpstate -P -f "$tmp/left" -o table | occurring)" \
	'DIR PORT TIME_WAIT TOTAL
in 8080 2 2
out 6000 1 1
in 32767 1 1
out 32767 1 1
out 50000 1 1
out 61000 1 1'

# A listener makes a service of any port, also one that comes last.
{
	header
	row 01 40000 50000 3
	row 01 50000 40000 4
	row6 0A 50000 0
} >"$tmp/late"
is 'a listener that only tcp6 shows, behind its sockets' \
	"$($tcpstate -P -f "$tmp/late" | occurring)" \
	'DIR PORT LISTEN ESTABLISHED TOTAL
in 50000 1 4 5
out 50000 0 3 3'
is 'is known also where tcp6 is not counted' \
	"$($tcpstate -4P -f "$tmp/late" | occurring)" \
	'DIR PORT ESTABLISHED TOTAL
in 50000 4 4
out 50000 3 3'
is 'and in another file' "$(
	head -n 4 "$tmp/late" >"$tmp/late.1"
	tail -n +5 "$tmp/late" >"$tmp/late.2"
	$tcpstate -P -f "$tmp/late.1" -f "$tmp/late.2"
)" "$($tcpstate -P -f "$tmp/late")"

# --top.
{
	header
	for port in 1 2 3 4 5; do
		row 01 $port 40000 $port
		row 06 $port 40000 10
	done
} >"$tmp/five"
is '--top folds the rest into one row' \
	"$($tcpstate -P --top=2 -f "$tmp/five" | occurring)" \
	'DIR PORT ESTABLISHED TIME_WAIT TOTAL
in 5 5 10 15
in 4 4 10 14
other - 6 30 36'
is '--top=5 of five leaves nothing to fold' \
	"$($tcpstate -P --top 5 -f "$tmp/five")" "$($tcpstate -P -f "$tmp/five")"
is '--top=1000000 neither' \
	"$($tcpstate -P --top=1000000 -f "$tmp/five")" \
	"$($tcpstate -P -f "$tmp/five")"
{
	header
	for port in 7 5 6; do
		row 01 $port 40000
		row 01 40000 $port
	done
} >"$tmp/ties"
is 'ties go by port, incoming first' \
	"$($tcpstate -P -f "$tmp/ties" | occurring)" \
	'DIR PORT ESTABLISHED TOTAL
in 5 1 1
out 5 1 1
in 6 1 1
out 6 1 1
in 7 1 1
out 7 1 1'

header >"$tmp/none"
run $tcpstate -P -f "$tmp/none"
is 'no sockets, no rows, but all titles' "$out$status" "DIR  PORT  ${states}  TOTAL0"
# shellcheck disable=SC2016
is 'a column is the same at every hour' \
	"$(for table in web left none; do
		$tcpstate -P -f "$tmp/$table" | awk 'NR == 1 { print $6, NF }'
	done | sort -u)" 'ESTABLISHED 14'

# All sockets, whatever their ports, are in one row or another.
awk 'BEGIN {
	srand(1)
	for (i = 0; i < 20000; i++)
		printf "%d: 0100007F:%04X 0200007F:%04X %02X \n", i,
		    int(rand() * 65536), int(rand() * 65536),
		    int(rand() * 11) + 1
}' >"$tmp/random"
is 'the rows add up to the total' \
	"$($tcpstate -P -f "$tmp/random" | awk '{ n += $NF } END { print n }')" \
	"$($tcpstate -f "$tmp/random" | count TOTAL)"
is 'with --top too' "$($tcpstate -P --top=7 -f "$tmp/random" |
	awk '{ n += $NF } END { print n }')" 20000
# Each socket by the rules, one at a time.
awk '
function hex(s,  i, n) {
	for (i = 1; i <= length(s); i++)
		n = n * 16 + index("0123456789ABCDEF", substr(s, i, 1)) - 1
	return n
}
function ephemeral(port) { return port >= 32768 && port <= 60999 }
{
	lport = hex(substr($2, 10)); rport = hex(substr($3, 10))
	if ($4 == "0A") listening[lport] = 1
	l[NR] = lport; r[NR] = rport
}
END {
	for (i = 1; i <= NR; i++)
		n[(l[i] in listening) || (!ephemeral(l[i]) && ephemeral(r[i])) \
		    ? "in " l[i] : "out " r[i]]++
	for (key in n) print key, n[key]
}' "$tmp/random" | sort >"$tmp/wanted"
$tcpstate -P -f "$tmp/random" | awk 'NR > 1 { print $1, $2, $NF }' |
	sort >"$tmp/got"
cmp -s "$tmp/wanted" "$tmp/got"
check 'rows of 20000 random sockets, as awk finds them'
done_testing
