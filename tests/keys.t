#!/usr/bin/env sh
# Breakdowns by other keys than the service port, of saved files.
. tests/lib.sh

# by KEYS: the breakdown of the file made below.
by() {
	$tcpstate -b "$1" -f "$tmp/table" | occurring
}

cat >"$tmp/table" <<'END'
   0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1
   1: 0100000A:0050 0200000A:9C40 01 00000000:00000000 00:00000000 00000000     0        0 12 1
   2: 0100000A:0050 0300000A:9C41 01 00000000:00000000 00:00000000 00000000     0        0 13 1
   3: 0100000A:0050 0301000A:9C42 06 00000000:00000000 03:000015EE 00000000     0        0 0 3
   4: 0100000A:9C43 0200000A:0CEA 01 00000000:00000000 00:00000000 00000000 54321        0 14 1
   5: 0000000000000000FFFF00000100000A:0050 0000000000000000FFFF00000200000A:9C44 01 00000000:00000000 00:00000000 00000000     0        0 15 1
   6: B80D0120000000000000000001000000:0050 B80D0120010000000000000002000000:9C45 01 00000000:00000000 00:00000000 00000000     0        0 16 1
   7: B80D0120000000000000000001000000:0050 B80D0120020000000000000002000000:9C45 08 00000000:00000000 00:00000000 00000000     0        0 17 1
END

is 'port' "$(by port)" "$($tcpstate -P -f "$tmp/table" | occurring)"
is 'lport' "$(by lport)" 'LPORT LISTEN ESTABLISHED TIME_WAIT CLOSE_WAIT TOTAL
80 1 4 1 1 7
40003 0 1 0 0 1'
is 'rport, ties in its order' "$(by rport)" \
	'RPORT LISTEN ESTABLISHED TIME_WAIT CLOSE_WAIT TOTAL
40005 0 1 0 1 2
- 1 0 0 0 1
3306 0 1 0 0 1
40000 0 1 0 0 1
40001 0 1 0 0 1
40002 0 0 1 0 1
40004 0 1 0 0 1'
is 'laddr: v4-mapped is IPv4' "$(by laddr)" \
	'LADDR LISTEN ESTABLISHED TIME_WAIT CLOSE_WAIT TOTAL
10.0.0.1 0 4 1 0 5
2001:db8::1 0 1 0 1 2
0.0.0.0 1 0 0 0 1'
is 'raddr: one peer is one peer' "$(by raddr)" \
	'RADDR LISTEN ESTABLISHED TIME_WAIT CLOSE_WAIT TOTAL
10.0.0.2 0 3 0 0 3
- 1 0 0 0 1
10.0.0.3 0 1 0 0 1
10.0.1.3 0 0 1 0 1
2001:db8:0:1::2 0 1 0 0 1
2001:db8:0:2::2 0 0 0 1 1'
is 'dst: the remote end as one; a listener has none' "$(by dst)" \
	'DST LISTEN ESTABLISHED TIME_WAIT CLOSE_WAIT TOTAL
- 1 0 0 0 1
10.0.0.2:3306 0 1 0 0 1
10.0.0.2:40000 0 1 0 0 1
10.0.0.2:40004 0 1 0 0 1
10.0.0.3:40001 0 1 0 0 1
10.0.1.3:40002 0 0 1 0 1
[2001:db8:0:1::2]:40005 0 1 0 0 1
[2001:db8:0:2::2]:40005 0 0 0 1 1'
is 'src: the local end as one' "$(by src)" \
	'SRC LISTEN ESTABLISHED TIME_WAIT CLOSE_WAIT TOTAL
10.0.0.1:80 0 3 1 0 4
[2001:db8::1]:80 0 1 0 1 2
0.0.0.0:80 1 0 0 0 1
10.0.0.1:40003 0 1 0 0 1'
# A file may say that a listener has a peer, and that others have no port.
{
	row 0A 80 0
	row6 0A 80 1
	row 01 80 0
} >"$tmp/listeners"
for key in rport raddr dst; do
	is "$key: listeners of both families have one row" \
		"$($tcpstate -b $key -o prometheus -f "$tmp/listeners" |
		    grep 'LISTEN".* [^0]')" \
		"tcpstate_sockets{$key=\"-\",state=\"LISTEN\"} 2"
done
is 'rport: port 0 of a connection is a port' "$($tcpstate -H -b rport \
	-f "$tmp/listeners" | awk '{ print $1, $NF }')" '- 2
0 1'
is 'json has null for what is missing' \
	"$($tcpstate -b rport,raddr,rnet,dst -o json --byte-order=little \
	-f "$tmp/listeners" | jq -c '.groups[].key')" \
	'{"rport":null,"raddr":null,"rnet":null,"dst":null}
{"rport":0,"raddr":"127.0.0.2","rnet":"127.0.0.0/24","dst":"127.0.0.2:0"}'
is 'a filter of ports takes a listener as before' \
	"$($tcpstate --rport=0 -f "$tmp/listeners" | count TOTAL)" 2
is 'rnet' "$(by rnet)" \
	'RNET LISTEN ESTABLISHED TIME_WAIT CLOSE_WAIT TOTAL
10.0.0.0/24 0 4 0 0 4
2001:db8::/48 0 1 0 1 2
- 1 0 0 0 1
10.0.1.0/24 0 0 1 0 1'
is 'family' "$(by family)" \
	'FAMILY LISTEN ESTABLISHED TIME_WAIT CLOSE_WAIT TOTAL
tcp 1 3 1 0 5
tcp6 0 2 0 1 3'
is 'user: by name, by number, or nobody' "$(by user)" \
	'USER LISTEN ESTABLISHED TIME_WAIT CLOSE_WAIT TOTAL
root 1 4 0 1 6
- 0 0 1 0 1
54321 0 1 0 0 1'
is 'more than one' "$(by family,port)" \
	'FAMILY DIR PORT LISTEN ESTABLISHED TIME_WAIT CLOSE_WAIT TOTAL
tcp in 80 1 2 1 0 4
tcp6 in 80 0 2 0 1 3
tcp out 3306 0 1 0 0 1'
is 'in the order in which they are named' "$(by rport,laddr | head -n 2)" \
	'RPORT LADDR LISTEN ESTABLISHED TIME_WAIT CLOSE_WAIT TOTAL
40005 2001:db8::1 0 1 0 1 2'
is '--top' "$($tcpstate -b laddr,lport --top=1 -f "$tmp/table" | occurring)" \
	'LADDR LPORT LISTEN ESTABLISHED TIME_WAIT CLOSE_WAIT TOTAL
10.0.0.1 80 0 3 1 0 4
other - 1 2 0 1 4'
is '-b and -P add up' \
	"$($tcpstate -P -b family -f "$tmp/table")" \
	"$($tcpstate -b port,family -f "$tmp/table")"
is 'a log has the keys before the state' \
	"$($tcpstate -b raddr,rport 1 1 -f "$tmp/table" | cut -d' ' -f2- |
	    head -n 2)" \
	'- - LISTEN 1
10.0.0.2 3306 ESTABLISHED 1'
sed '2s/ 00:0/ 02:0/; 3s/ 00:0/ 01:0/; 4s/ 03:/ 04:/; 5s/ 00:0/ 09:0/' \
	"$tmp/table" >"$tmp/timers"
is 'timer: by the names of ss, or a number' \
	"$($tcpstate -b timer -f "$tmp/timers" | awk '{ print $1, $NF }')" \
	'TIMER TOTAL
none 4
on 1
keepalive 1
persist 1
9 1'
while read -r alias key; do
	is "$alias is $key" "$(by "$alias")" "$(by "$key")"
done <<'END'
sport lport
dport rport
peer raddr
SPORT lport
Peer raddr
Dst dst
RNet rnet
END
is 'all keys that a file has, together' \
	"$(by port,lport,rport,laddr,raddr,src,dst,rnet,family,timer,user |
	    sed -n '$p')" \
	'out 3306 40003 3306 10.0.0.1 10.0.0.2 10.0.0.1:40003 10.0.0.2:3306 10.0.0.0/24 tcp none 54321 0 1 0 0 1'
for key in lport rport laddr raddr src dst rnet family timer user; do
	is "$key: the rows add up" "$(by $key |
		awk 'NR > 1 { n += $NF } END { print n }')" 8
done
done_testing
