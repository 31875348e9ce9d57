#!/usr/bin/env sh
# Filters, on saved files.
. tests/lib.sh

# states OPTION...: the states of the sockets that pass, and how many.
states() {
	$tcpstate -f tests/data/tcp -f tests/data/tcp6 -o netstat "$@" | xargs
	$tcpstate -f tests/data/tcp -f tests/data/tcp6 "$@" |
		awk '$1 == "LISTEN" && $NF > 0 { print "LISTEN", $NF }'
}

for name in TIME_WAIT TIME-WAIT time_wait Time-Wait timewait TIME-W; do
	is "--state=$name" "$(states --state=$name)" 'TIME_WAIT 3'
done
for name in FIN_WAIT1 FIN-WAIT-1 fin-wait-1 FIN-W1; do
	is "--state=$name" "$(states --state=$name)" 'FIN_WAIT1 3'
done
for name in SYN_RECV SYN-RECV SYN-RECEIVED syn_received syn-r; do
	is "--state=$name" "$(states --state=$name)" 'SYN_RECV 3'
done
for name in SYN_RCVD syn-rcvd SYNRCVD; do
	is "--state=$name" "$(states --state=$name)" 'SYN_RECV 3'
done
for name in SYN_SEND SynSend SYN-S; do
	is "--state=$name" "$(states --state=$name)" 'SYN_SENT 3'
done
for name in tw TW TIMED_WAIT; do
	is "--state=$name" "$(states --state=$name)" 'TIME_WAIT 3'
done
for name in closed_wait CLOSE-W; do
	is "--state=$name" "$(states --state=$name)" 'CLOSE_WAIT 6'
done
is '--state=LAST-A' "$(states --state=LAST-A)" 'LAST_ACK 3'
is '--state=LISTENING' "$(states --state=LISTENING)" '
LISTEN 9'
for name in ESTABLISHED ESTAB estab; do
	is "--state=$name" "$(states --state=$name)" 'ESTABLISHED 18'
done
{ header; row 07 1 2; } >"$tmp/close"
for name in CLOSE CLOSED UNCONN; do
	is "--state=$name" \
		"$($tcpstate --state=$name -f "$tmp/close" | count TOTAL)" 1
done
is 'more than one state' "$(states --state=estab,time-wait)" \
	'ESTABLISHED 18 TIME_WAIT 3'
all='SYN_SENT 3 SYN_RECV 3 ESTABLISHED 18 FIN_WAIT1 3 FIN_WAIT2 12 CLOSING 3'
all="$all TIME_WAIT 3 CLOSE_WAIT 6 LAST_ACK 3"
is '--state=all' "$(states --state=all)" "$all
LISTEN 9"
is '--state=connected' "$(states --state=connected)" "$all"
is '--state=synchronized' "$(states --state=synchronized)" \
	"${all#SYN_SENT 3 }"
is '--state=bucket' "$(states --state=bucket)" 'SYN_RECV 3 TIME_WAIT 3'
is '--state=big' "$(states --state=big | head -n 1)" \
	'SYN_SENT 3 ESTABLISHED 18 FIN_WAIT1 3 FIN_WAIT2 12 CLOSING 3 CLOSE_WAIT 6 LAST_ACK 3'
for name in half-open HALF_OPEN; do
	is "--state=$name" "$(states --state=$name)" 'SYN_SENT 3 SYN_RECV 3'
done
is 'one state left out' "$(states '--state=!listen')" "$all"
is 'or more, of a group' \
	"$(states '--state=bucket,!time-wait')" 'SYN_RECV 3'
is 'a group left out' "$(states '--state=!connected')" '
LISTEN 9'
{ header; row 0C 1 2; row 01 1 2; } >"$tmp/unknown"
is 'a state without a name is one of all' \
	"$($tcpstate -f "$tmp/unknown" -o ss '--state=!estab')" 'UNKNOWN(12) 1'

# total OPTION...: how many pass.
total() {
	$tcpstate -f "$tmp/table" "$@" | count TOTAL
}

cat >"$tmp/table" <<'END'
   0: 00000000:0050 00000000:0000 0A
   1: 0100000A:0050 0200000A:9C40 01
   2: 0100000A:0050 0300000A:9C41 01
   3: 0100000A:0050 0301000A:9C42 06
   4: 0100000A:9C43 0200000A:0CEA 01
   5: 0000000000000000FFFF00000100000A:0050 0000000000000000FFFF00000200000A:9C44 01
   6: B80D0120000000000000000001000000:0050 B80D0120010000000000000002000000:9C45 01
   7: B80D0120000000000000000001000000:1F90 B80D0120020000000000000002000000:0050 08
END
sed -i 's/$/ /' "$tmp/table"
while read -r wanted options; do
	# shellcheck disable=SC2086
	is "$options" "$(total $options)" "$wanted"
done <<'END'
7 --port=80
6 --lport=80
1 --rport=80
1 --rport=3306
4 --rport=40000-40002,40005
6 --lport=http
7 --port=http
8 --port=http,mysql
2 --lport=8000-8099,40003
6 --lport=:80
7 --port=:http
2 --lport=:8000-8099,:40003
8 --port=0-65535
1 --rport=0
4 --addr=10.0.0.2,10.0.0.3
3 --raddr=10.0.0.2
5 --laddr=10.0.0.1
5 --laddr=::ffff:10.0.0.1
4 --raddr=10.0.0.0/24
5 --raddr=10.0.0.0/8
5 --raddr=::ffff:10.0.0.0/104
5 --raddr=10/8
4 --raddr=10.0.0/24
1 --raddr=10.0.1/24
5 --raddr=10.0/16
0 --raddr=10.1/16
5 --raddr=10.9.9/8
1 --raddr=10.0.1.2/31,192.168/16
2 --laddr=[2001:db8::1]
1 --raddr=[2001:db8:0:1::]/64
6 --addr=0.0.0.0/0
2 --addr=::/0
1 --laddr=0.0.0.0
2 --raddr=2001:db8::/32
1 --raddr=2001:db8:0:1::/64
2 --laddr=2001:db8::1
1 --raddr=10.0.1.2/31
1 -6 --raddr=10.0.0.2
2 -4 --raddr=10.0.0.2
1 --lport=80 --raddr=10.0.0.2 -4
3 --state=estab --lport=80 --laddr=10.0.0.0/8
0 --lport=80 --rport=80
END

# A filter does not change what a row is called.
{ header; row6 0A 40000 0; row 01 40000 50000 3; row 01 50000 40000; } >"$tmp/in"
is 'listeners that are left out still tell in from out' \
	"$($tcpstate -P -f "$tmp/in" --state=estab | occurring)" \
	'DIR PORT ESTABLISHED TOTAL
in 40000 3 3
out 40000 1 1'
is 'the last list of an option counts' "$(total --lport=80 --lport=8080)" 1

wrong() {
	run $tcpstate "$2" -f "$tmp/table"
	is "wrong usage: $2" "$status $out" '2 '
	matches '... names the item' "$err" "tcpstate: [iu]n* '$1'*"
}
wrong foo --state=foo
wrong foo '--state=estab,!foo'
wrong '' --state=
wrong '' --state=estab,
wrong unknown --state=unknown
wrong '' '--state=!'
wrong 65536 --port=65536
wrong -1 --port=-1
wrong 80-70 --lport=80-70
wrong 80- --lport=80-
wrong nonsense --rport=80,nonsense
wrong 1e3 --rport=1e3
wrong 99999999999999999999 --rport=99999999999999999999
wrong 10.0.0.0/33 --addr=10.0.0.0/33
wrong ::/129 --addr=::/129
wrong 10.0.0 --laddr=10.0.0
wrong 10.0.0.1/ --raddr=10.0.0.1/
wrong 10 --raddr=10
wrong 10. --raddr=10.
wrong 10./8 --raddr=10./8
wrong 10.0.0.0.0/8 --raddr=10.0.0.0.0/8
wrong /8 --raddr=/8
wrong '[::1' '--raddr=[::1'
wrong '?10.0.0.1?' '--raddr=[10.0.0.1]'
wrong ::1] '--raddr=::1]'
wrong '[]' '--raddr=[]'
wrong : --port=:
wrong ::80 --port=::80
wrong localhost/8 --raddr=localhost/8
wrong nowhere.invalid --raddr=nowhere.invalid

# Names in /etc/hosts.
cat >"$tmp/hosts" <<'END'
# 10.0.0.3 db
127.0.0.1	localhost
10.0.0.2  db.example db	# not other
::1 localhost ip6-localhost
not.an.address other
2001:db8:0:1::2 Db
10.0.0.3
END
printf '10.0.1.3 last' >>"$tmp/hosts"
# named NAME: how many have an address of that name at the remote end.
named() {
	with_etc hosts $tcpstate --raddr="$1" -f "$tmp/table" | count TOTAL
}
if can with_etc hosts true; then
	is 'a name has all its addresses, of both families' "$(named db)" 4
	is 'one of several names' "$(named db.example)" 3
	is 'in any case' "$(named LAST)" 1
	is 'among others' "$(named last,10.0.0.3)" 2
	is 'localhost' "$({ row 01 80 1; row6 01 80 1; row6 01 80 1; } |
		with_etc hosts $tcpstate --byte-order=little --laddr=localhost -f - |
		count TOTAL)" 3
	for name in other not d; do
		run with_etc hosts $tcpstate --raddr=$name -f "$tmp/table"
		matches "which $name is not" "$status $err" \
			"2 tcpstate: invalid address '$name'*"
	done
	if can strace -o /dev/null true; then
		run with_etc hosts strace -o "$tmp/trace" -P /etc/hosts \
			-e inject=read:error=EIO:when=2 \
			$tcpstate --raddr=db -f "$tmp/table"
		is 'nor is a name of which there may be more' "$status" 2
	fi
	: >"$tmp/hosts"
	run with_etc hosts $tcpstate --raddr=localhost -f "$tmp/table"
	is 'localhost is no address by itself' "$status" 2
	if can strace -o /dev/null true; then
		strace -f -o "$tmp/trace" -e trace=socket,connect \
			$tcpstate --raddr=nowhere.invalid -f "$tmp/table" \
			2>/dev/null
		is 'no name server is asked' \
			"$(grep -c AF_INET "$tmp/trace")" 0
	fi
fi
done_testing
