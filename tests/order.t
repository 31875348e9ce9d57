#!/usr/bin/env sh
# --sort, and the order of listeners.
. tests/lib.sh
need_netns

# sorted LIST OPTION...: the rows in that order, fields by one blank.
sorted() {
	list=$1
	shift
	$tcpstate --sort="$list" -f "$tmp/table" -H "$@" | occurring
}
# keys LIST OPTION...: only their first fields, on one line.
keys() {
	sorted "$@" | awk '{ print $1 }' | xargs
}

{
	row 0A 9 0
	row 01 9 40000 2
	row 06 9 40000 5
	row 01 80 40000 3
	row 06 80 40000
	row 01 10 40000 2
	row 08 10 40000 2
	row 06 2000 40000 5
	row 08 2000 40000 2
} >"$tmp/table"
is 'a state, the largest first' "$(sorted time-wait -b lport)" \
	'9 1 2 5 0 8
2000 0 0 5 2 7
80 0 3 1 0 4
10 0 2 0 2 4'
for list in TIME_WAIT Time-Wait tw timewait; do
	is "by $list" "$(sorted $list -b lport)" "$(sorted time-wait -b lport)"
done
is 'a key, the smallest first, as a number' "$(keys lport -b lport)" \
	'9 10 80 2000'
is 'the other way round' "$(keys -lport -b lport)" '2000 80 10 9'
is 'a state too' "$(keys -time-wait -b lport)" '10 80 9 2000'
is 'equal rows by key, however many sockets they have' \
	"$(keys syn-sent -b lport)" '9 10 80 2000'
is 'unless TOTAL is named too' "$(keys syn-sent,total -b lport)" \
	"$(keys total -b lport)"
is 'TOTAL is the default' "$(sorted total -b lport)" \
	"$($tcpstate -b lport -H -f "$tmp/table" | occurring)"
is 'its reverse: equal rows by key' "$(keys -total -b lport)" '10 80 2000 9'
is 'more than one' "$(keys close-wait,estab -b lport)" '10 2000 80 9'
is 'the second one reversed' "$(keys close-wait,-lport -b lport)" \
	'2000 10 80 9'
is 'a column twice counts once' "$(keys lport,-lport,total -b lport)" \
	"$(keys lport -b lport)"
is 'a key by its alias' "$(keys SPORT -b lport)" "$(keys lport -b lport)"
is 'a column by its title' "$(keys -dir,port -P)" "$(keys -DIR,-total -P)"
is 'a key of two columns is that of its name' \
	"$(sorted port -P | awk '{ print $2 }' | xargs)" '9 10 80 2000'
is 'all names of states' "$(sorted \
	listen,syn-sent,syn-recv,estab,fin-wait-1,fin-wait-2,closing,tw,close-wait,last-ack,close,total,dir,port -P |
	wc -l)" 4
is 'with --top, the first in that order' \
	"$(keys lport -b lport --top=2)" '9 10 other'
is 'in json' "$($tcpstate -o json --sort=-lport -b lport -f "$tmp/table" |
	jq -c '[.groups[].key.lport]')" '[2000,80,10,9]'
is 'in csv' "$($tcpstate -o csv --sort=-lport -b lport -f "$tmp/table" |
	sed 1d | cut -d, -f1 | xargs)" '2000 80 10 9'
is 'in a log' "$($tcpstate --sort=-lport -b lport -f "$tmp/table" 1 1 |
	cut -d' ' -f2 | uniq | xargs)" '2000 80 10 9'

# Addresses, and what is missing.
cat >"$tmp/table" <<'END'
   0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1
   1: 0100000A:0050 0200000A:9C40 01 00000000:00000000 00:00000000 00000000     0        0 12 1
   2: 0100000A:0050 0A00000A:9C41 01 00000000:00000000 01:00000000 00000000     0        0 13 1
   3: 0100000A:0050 0301000A:9C42 06 00000000:00000000 03:000015EE 00000000     0        0 0 3
   4: 0100000A:9C43 FF00000A:0CEA 01 00000000:00000000 00:00000000 00000000 54321        0 14 1
   5: 0100000A:9C43 0009000A:0CEA 01 00000000:00000000 02:00000000 00000000  9876        0 14 1
   6: B80D0120000000000000000001000000:0050 B80D0120010000000000000002000000:9C45 01 00000000:00000000 00:00000000 00000000     2        0 16 1
END
is 'addresses by number: none, IPv4, IPv6' "$(keys raddr -b raddr)" \
	'- 10.0.0.2 10.0.0.10 10.0.0.255 10.0.1.3 10.0.9.0 2001:db8:0:1::2'
is 'and ports after them' "$(keys dst -b dst)" \
	'- 10.0.0.2:40000 10.0.0.10:40001 10.0.0.255:3306 10.0.1.3:40002 10.0.9.0:3306 [2001:db8:0:1::2]:40005'
is 'none is the smallest port' "$(keys rport -b rport | cut -c1-7)" '- 3306 '
is 'the last one in reverse' "$(keys -rport -b rport | tail -c 3)" ' -'
is 'timers by name' "$(keys timer -b timer)" 'keepalive none on timewait'
is 'peer' "$(keys peer -b raddr)" "$(keys raddr -b raddr)"
printf 'root:x:0:0::/:/bin/sh\nalice:x:2:2::/:/bin/sh\n' >"$tmp/passwd"
if can with_etc passwd true; then
	# names ORDER OPTION...: of users.
	names() {
		order=$1
		shift
		with_etc passwd $tcpstate -b user --sort="$order" -H \
			-f "$tmp/table" "$@" | awk '{ print $1 }' | xargs
	}
	is 'users by number, then by name' "$(names user)" \
		'- 9876 54321 alice root'
	is 'in reverse' "$(names -user)" 'root alice 54321 9876 -'
	is 'also those that are not shown' "$(names -user --top=2)" \
		'root alice other'
fi

# Equal rows keep their order.
{
	row 01 1 40000
	row 01 2 40000
	row 01 3 40000
} >"$tmp/one"
{
	row 01 3 40000
	row 01 2 40000
	row 01 1 40000
	row 06 3 40000 2
	row 06 4 40000
} >"$tmp/two"
cp "$tmp/one" "$tmp/table"
background $tcpstate -b lport --sort=estab -o csv -f "$tmp/table" 0.05
wait_for test -s "$tmp/log"
mv "$tmp/two" "$tmp/table"
wait_for grep -q ',4,' "$tmp/log"
kill $pid
wait $pid 2>/dev/null
is 'in each sample' "$(sed -n '2,4p' "$tmp/log" | cut -d, -f2 | xargs)" \
	"$(tail -n 4 "$tmp/log" | cut -d, -f2 | grep -v 4 | xargs)"

# Very many rows.
awk 'BEGIN {
	srand(1)
	for (i = 0; i < 20000; i++)
		printf "%d: 0100007F:%04X %02X%02X%02X0A:%04X 01 \n", i,
		    int(rand() * 65536), int(rand() * 256), int(rand() * 256),
		    int(rand() * 256), int(rand() * 65536)
}' >"$tmp/table"
$tcpstate -b rport,lport --sort=rport,-lport -H -f "$tmp/table" |
	awk '{ print $1, $2 }' >"$tmp/got"
sort -u "$tmp/got" | sort -k1,1n -k2,2nr >"$tmp/wanted"
cmp -s "$tmp/wanted" "$tmp/got"
check '20000 random sockets, as sort(1) has them'
$tcpstate -b raddr --sort=raddr -H -f "$tmp/table" |
	awk '{ print $1 }' >"$tmp/got"
sort -t. -k1,1n -k2,2n -k3,3n -k4,4n -u "$tmp/got" >"$tmp/wanted"
cmp -s "$tmp/wanted" "$tmp/got"
check 'and addresses'

# Listeners: backlog and queue of each port.
cat >"$tmp/queues.pl" <<'END'
use Socket; $| = 1;
my @kept;
while (@ARGV) {
	my ($port, $limit, $queue) = splice(@ARGV, 0, 3);
	socket(my $l, PF_INET, SOCK_STREAM, 0) or die;
	bind($l, sockaddr_in($port, INADDR_LOOPBACK)) or die;
	listen($l, $limit) or die;
	push @kept, $l;
	for (1 .. $queue) {
		socket(my $c, PF_INET, SOCK_STREAM, 0) or die;
		connect($c, sockaddr_in($port, INADDR_LOOPBACK)) or die;
		push @kept, $c;
	}
}
print "ready\n";
<STDIN>;
END
hold perl "$tmp/queues.pl" 8001 10 5 8002 100 20 8003 0 1 8004 4 3 \
	8005 128 0 8006 1 2 8007 64 0
check 'listeners with queues'
# ports OPTION...: of listeners, in order.
ports() {
	$tcpstate -l -H "$@" | awk '{ print ($1 == "other" ? $1 : $2) }' | xargs
}
is 'full ones first, then by queue and backlog' "$(ports)" \
	'8003 8006 8004 8001 8002 8005 8007'
is 'without a known backlog by queue' "$(ports --source=proc)" \
	'8002 8001 8004 8006 8003 8005 8007'
is 'by port' "$(ports --sort=port)" '8001 8002 8003 8004 8005 8006 8007'
is 'by queue' "$(ports --sort=acceptq)" "$(ports --source=proc)"
is 'by backlog' "$(ports --sort=BACKLOG)" '8005 8002 8007 8001 8004 8006 8003'
is 'by other names of these' "$(ports --sort=queue)$(ports --sort=limit)" \
	"$(ports --sort=acceptq)$(ports --sort=backlog)"
is 'an unknown backlog is the smallest' \
	"$(ports --source=proc --sort=backlog,port)" "$(ports --sort=port)"
is '--top never folds a full one' "$(ports --top=1)" '8003 8006 other'
is 'but one that is not' "$(ports --top=3)" '8003 8006 8004 other'
is 'whatever the order' "$(ports --top=3 --sort=port)" '8001 8003 8006 other'
is 'in json' "$($tcpstate -l --top=1 --sort=port -o json |
	jq -c '[.groups[].key.port]')" '[8003,8006,null]'
if can script -qec true /dev/null; then
	for lines in 14 16 17 18; do
		is "nor does a screen of $lines lines" "$(script -qec \
			"stty cols 80 rows $lines; NO_COLOR=1 TERM=xterm \
			$tcpstate -l --sort=port 1 1" /dev/null </dev/null |
			tr -d '\r' | sed '1,/^ADDRESS/d; /sample/d' |
			awk '$NF == "yes" { print $2 }' | xargs)" '8003 8006'
	done
fi
is 'in a log' "$($tcpstate -l --top=1 1 1 | cut -d' ' -f3 | uniq | xargs)" \
	'8003 8006 -'
release

wrong() {
	run $tcpstate --sort="$2" -f tests/data/tcp "$3"
	matches "wrong usage: --sort=$2 $3" "$status $out$err" \
		"2 tcpstate: *'$1'*"
}
wrong nope nope -P
wrong nope total,-nope -P
wrong '' '' -P
wrong '' total, -P
wrong '' - -P
wrong -total --total -P
wrong raddr raddr -P
wrong acceptq acceptq -P
wrong limit limit -P
wrong lport lport -l
wrong unknown unknown -P
done_testing
