#!/usr/bin/env sh
# -l: a row for each listening socket.
. tests/lib.sh
need_netns

# fields OPTION...: the rows of -l, whose columns are always the same:
# those before the states, and some of these.
fields() {
	$tcpstate -l "$@" | awk '{ print $1, $2, $3, $4, $7, $8, $13, $12 }'
}

# On saved files.
cat >"$tmp/table" <<'END'
   0: 00000000:0050 00000000:0000 0A 00000000:00000003 00:00000000 00000000     0        0 11 1
   1: 0100000A:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12 1
   2: 0100000A:0050 0300000A:9C41 01 00000000:00000000 00:00000000 00000000     0        0 13 1
   3: 0200000A:0050 0301000A:9C42 06 00000000:00000000 03:000015EE 00000000     0        0 0 3
   4: 0300000A:0050 0200000A:0CEA 01 00000000:00000000 00:00000000 00000000 54321        0 14 1
   5: 00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 15 1
   6: 0000000000000000FFFF00000100000A:01BB 0000000000000000FFFF00000200000A:9C44 08 00000000:00000000 00:00000000 00000000     0        0 16 1
   7: B80D0120000000000000000001000000:01BB B80D0120010000000000000002000000:9C45 03 00000000:00000000 00:00000000 00000000     0        0 0 1
   8: 0100000A:9C43 0200000A:0CEA 01 00000000:00000000 00:00000000 00000000     0        0 17 1
   9: 00000000:01BC 00000000:0000 0A 00000000:00000001 00:00000000 00000000     0        0 18 1
  10: 00000000:01BC 00000000:0000 0A 00000000:00000002 00:00000000 00000000     0        0 19 1
  11: 0100000A:01BC 0200000A:9C44 01 00000000:00000000 00:00000000 00000000     0        0 20 1
END
header='ADDRESS PORT ACCEPTQ BACKLOG SYN_RECV ESTABLISHED CLOSE_WAIT TIME_WAIT'
is 'what came in by each: by its own address, or any' \
	"$(fields -f "$tmp/table")" "$header
0.0.0.0 80 3 - 0 1 0 1
0.0.0.0 444 2 - 0 1 0 0
0.0.0.0 444 1 - 0 1 0 0
:: 443 0 - 1 0 1 0
10.0.0.1 80 0 - 0 1 0 0"
is 'all states, and whether the queue is full' \
	"$($tcpstate -l --lport=443 -f "$tmp/table" | tr -s ' ')" \
	'ADDRESS PORT ACCEPTQ BACKLOG LISTEN SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT1 FIN_WAIT2 CLOSING TIME_WAIT CLOSE_WAIT LAST_ACK CLOSE TOTAL FULL
:: 443 0 - 1 0 1 0 0 0 0 0 1 0 0 3 -'
is 'the same with -z' "$($tcpstate -lz -f "$tmp/table")" \
	"$($tcpstate -l -f "$tmp/table")"
is '--top' "$(fields --top=2 -f "$tmp/table")" "$header
0.0.0.0 80 3 - 0 1 0 1
0.0.0.0 444 2 - 0 1 0 0
other - 1 - 1 2 1 0"
is 'a filter of local ends chooses listeners' \
	"$(fields -H --lport=80 --laddr=10.0.0.0/8 -f "$tmp/table")" \
	'10.0.0.1 80 0 - 0 1 0 0'
is 'one of the family too' "$(fields -H -6 -f "$tmp/table")" \
	':: 443 0 - 1 0 1 0'
is 'one of states and peers chooses what is counted' \
	"$(fields -H --port=80 --state=time-wait -f "$tmp/table")" \
	'0.0.0.0 80 3 - 0 0 0 1
10.0.0.1 80 0 - 0 0 0 0'
is '...' "$(fields -H --lport=80 --raddr=10.0.1.0/24 -f "$tmp/table")" \
	'0.0.0.0 80 3 - 0 0 0 1
10.0.0.1 80 0 - 0 0 0 0'
is 'the address of a listener, not those at which sockets came in' \
	"$(fields -H --laddr=0.0.0.0 -f "$tmp/table")" '0.0.0.0 80 3 - 0 1 0 1
0.0.0.0 444 2 - 0 1 0 0
0.0.0.0 444 1 - 0 1 0 0'
is 'what came in by another one is not counted for that' \
	"$(fields -H --laddr=0.0.0.0 --lport=80 -f "$tmp/table")" \
	'0.0.0.0 80 3 - 0 1 0 1'
is 'nor is a peer'\''s end its own' \
	"$(fields -H --addr=0.0.0.0 --port=80 -f "$tmp/table" | cut -d' ' -f1)" \
	0.0.0.0
{ cat "$tmp/table"; row 0C 80 40000; } >"$tmp/unknown"
is 'a state without a name is there beside a listener alone' \
	"$($tcpstate -l --laddr=0.0.0.0 --lport=80 -o json -f "$tmp/unknown" |
	jq -c '.groups[] | [.states.UNKNOWN, (.states | add) == .total]')" \
	'[1,true]'
is 'json' "$($tcpstate -l -o json -f "$tmp/table" | jq -c '.groups[] |
	select(.key.address == "::") | [.key, .queue, .limit, .states.SYN_RECV, .states.LISTEN, .total]')" \
	'[{"address":"::","port":443},0,null,1,1,3]'
is 'csv' "$($tcpstate -l -o csv -f "$tmp/table" | tr -d '\r' | head -n 2)" \
	'address,port,queue,limit,LISTEN,SYN_SENT,SYN_RECV,ESTABLISHED,FIN_WAIT1,FIN_WAIT2,CLOSING,TIME_WAIT,CLOSE_WAIT,LAST_ACK,CLOSE,TOTAL
0.0.0.0,80,3,,1,0,0,1,0,0,0,1,0,0,0,3'
is 'prometheus has those of one address and port as one' \
	"$($tcpstate -l -o prometheus -f "$tmp/table" | grep 'port="444".*[^0]$' |
	grep -v 'state=.* 0$')" \
	'tcpstate_sockets{address="0.0.0.0",port="444",state="LISTEN"} 2
tcpstate_sockets{address="0.0.0.0",port="444",state="ESTABLISHED"} 1
tcpstate_listen_queue{address="0.0.0.0",port="444"} 3'
if can promtool --version; then
	$tcpstate -l -o prometheus -f "$tmp/table" |
		promtool check metrics >"$tmp/out" 2>&1
	check 'promtool is content'
fi
cut -c1-40 "$tmp/table" >"$tmp/cut"
run sh -c "$tcpstate -l -H -f - <'$tmp/cut'"
is 'a row that was cut has no queue' \
	"$(echo "$out" | awk 'NR == 1 { print $2, $3, $4, $16 }')" '80 0 - 3'
matches 'one that was cut before its state is told' "$status $err" \
	'1 tcpstate: standard input: line 6: not a*(3 such lines skipped)'

# The live tables.
hold tests/hold
check 'sockets in ten states, of IPv4, IPv6 and v4-mapped'
ss -Hltn | awk '{ sub(/\[::ffff:127.0.0.1\]/, "127.0.0.1", $4)
	port = $4; sub(/.*:/, "", port); sub(/:[0-9]*$/, "", $4)
	gsub(/[][]/, "", $4); print $4, port, $2, $3 }' | sort >"$tmp/ss"
$tcpstate -lH | awk '{ print $1, $2, $3, $4 }' | sort | cmp -s "$tmp/ss"
check 'addresses, ports, queues and limits are those of ss'
for port in 7001 7002 7003 7101 7102 7103; do
	for state in syn-recv established close-wait time-wait; do
		ss -Hatn state $state "sport = :$port" | wc -l
	done | xargs >"$tmp/ss"
	is "so are the counts of port $port" "$($tcpstate -l --lport=$port -H |
		awk '{ print $7, $8, $13, $12 }')" "$(cat "$tmp/ss")"
done
is 'a full queue is marked' "$($tcpstate -l --lport=7002 -H | awk '{
	print $1, $2, $3, $4, $17 }')" '127.0.0.1 7002 1 0 yes'
is 'and no other' \
	"$($tcpstate -l | awk '$17 == "yes" { print $2 }' | sort | xargs)" \
	'7002 7102 7202'
is 'by a column with a title' "$($tcpstate -l | awk '{ print $17 }' |
	sort -u | xargs)" '- FULL yes'
is '-p: its process, last' "$($tcpstate -lp --lport=7001 -H |
	awk '{ print $NF }')" "$holder/hold"
is 'its title' "$($tcpstate -lp | head -n 1 | awk '{ print $NF }')" PROCESS
for options in -l '-l --state=estab' '-l --lport=7001' '-l --raddr=::1' '-l4' \
    '-l6p' '-l --rport=80' '-l -o json'; do
	# shellcheck disable=SC2086
	is "the same from both sources, but for the limit: $options" \
		"$($tcpstate --source=proc $options | tr -s ' ' |
		sed 's/"time[^,]*,"source[^,]*,//')" \
		"$($tcpstate $options | awk 'NR > 1 && NF > 5 { $4 = "-"; $17 = "-" }
		{ print }' | sed 's/"limit":[0-9]*/"limit":null/g
		s/"time[^,]*,"source[^,]*,//' | tr -s ' ')"
done
is 'a log has the queue too' "$($tcpstate -l --lport=7002 1 1 |
	cut -d' ' -f2-)" '127.0.0.1 7002 QUEUE 1 FULL
127.0.0.1 7002 LISTEN 1
127.0.0.1 7002 ESTABLISHED 1'
own=$(stat -L -c %i /proc/self/ns/net)
[ "$(stat -L -c %i /proc/1/ns/net 2>/dev/null)" != "$own" ] || own=host
is 'with --all-netns, a row has its namespace' \
	"$($tcpstate -l --all-netns 2>/dev/null | sed "s,^$own/[^ ]*,$own," |
	grep "^$own .* 7001 " | awk '{ print $1, $2, $3, $4, $5, $9, $17 }')" \
	"$own 127.0.0.1 7001 0 128 2 7"
release

# Sockets at one address and port, each with a queue of its own: two of a
# process, one of which is v4-mapped, and one of another process.
cat >"$tmp/share.pl" <<'END'
use Socket; $| = 1;
sub hear {
	my ($family, $address, $limit) = @_;
	socket(my $l, $family, SOCK_STREAM, 0) or die;
	setsockopt($l, SOL_SOCKET, SO_REUSEPORT, 1) or die;
	bind($l, $address) or die;
	listen($l, $limit) or die;
	return $l;
}
my $ip = sockaddr_in(7777, inet_aton("127.0.0.1"));
my $a = hear(PF_INET, $ip, 1);
my $b = hear(PF_INET6, pack_sockaddr_in6(7777,
    Socket::inet_pton(AF_INET6, "::ffff:127.0.0.1")), 2);
my $pid = fork;
my $c = hear(PF_INET, $ip, 4) if !$pid;
print "ready\n" if !$pid;
sleep 300;
END
ready perl "$tmp/share.pl"
perl=$pid
is 'SO_REUSEPORT: a row each' "$($tcpstate -lH | awk '{ print $2, $3, $4 }' |
	sort)" '7777 0 1
7777 0 2
7777 0 4'
# series OPTION...: those of a gauge, by their labels, and the values.
series() {
	$tcpstate -o prometheus "$@" 2>/dev/null | sed -n \
		's/^tcpstate_listen_queue_limit{address="127.0.0.1",port="7777"//p'
}
is 'which for prometheus are one' "$(series -l)" '} 7'
is 'but for those of two processes' "$(series -lp | sed 's/.*} //' | sort)" \
	'3
4'
is 'no series is there twice' "$($tcpstate -lp -o prometheus 2>/dev/null |
	sed 's/} .*//' | grep -v '^#' | sort | uniq -d)" ''
is 'nor is a label of a plugin' "$($tcpstate -l -o nagios |
	grep -o "'[^']*'" | sort | uniq -d)" ''
is 'nor a line of a log' "$($tcpstate -l 1 1 | cut -d' ' -f2-)" \
	'127.0.0.1 7777 LISTEN 3'
pkill -P $perl
kill $perl
wait $perl 2>/dev/null

# A queue that is full no more, though it is as long.
# shellcheck disable=SC2016
hold perl -e '
	use Socket; $| = 1;
	socket(my $l, PF_INET, SOCK_STREAM, 0) or die;
	bind($l, sockaddr_in(7778, INADDR_LOOPBACK)) or die;
	listen($l, 0) or die;
	socket(my $c, PF_INET, SOCK_STREAM, 0) or die;
	connect($c, sockaddr_in(7778, INADDR_LOOPBACK)) or die;
	print "ready\n";
	<STDIN>;
	listen($l, 5) or die;
	print "done\n";
	<STDIN>;'
background $tcpstate -l --lport=7778 0.05
wait_for grep -q LISTEN "$tmp/log"
echo >&9
wait_for grep -q ' +0$' "$tmp/log"
kill $pid
is 'a log tells when a queue is full no more' \
	"$(grep QUEUE "$tmp/log" | cut -d' ' -f2-)" \
	'127.0.0.1 7778 QUEUE 1 FULL
127.0.0.1 7778 QUEUE 1 +0'
release

# A state without a name that comes beside a listener.
{ header; row 0A 80 0; } | sed 's/0100007F:/00000000:/' >"$tmp/first"
{ cat "$tmp/first"; row 0D 80 40000; } >"$tmp/second"
cp "$tmp/first" "$tmp/table"
background $tcpstate -l --laddr=0.0.0.0 -f "$tmp/table" 0.05
wait_for grep -q LISTEN "$tmp/log"
mv "$tmp/second" "$tmp/table"
wait_for grep -q UNKNOWN "$tmp/log"
mv "$tmp/first" "$tmp/table"
wait_for grep -q ' -1$' "$tmp/log"
kill $pid
is 'it has its number' "$(grep UNKNOWN "$tmp/log" | cut -d' ' -f4-)" \
	'UNKNOWN(13) 1 +1
UNKNOWN(13) 0 -1'

# Very many at one end.
row 0A 80 0 20000 | awk '{ $10 = NR; print }' >"$tmp/table"
is '20,000 at one address and port' \
	"$(timeout -k 5 60 $tcpstate -l -o json -f "$tmp/table" |
	jq '.groups | length')" 20000

wrong() {
	run $tcpstate "$@" -f "$tmp/table"
	matches "wrong usage: $*" "$status $out$err" '2 tcpstate: *'
}
wrong -l -P
wrong -l -s
wrong -l -b raddr
wrong -l -o netstat
done_testing
