#!/usr/bin/env sh
# What the screen says of the kernel's counters: a copy of /proc is fed with
# known ones.
. tests/lib.sh
. tests/terminal.sh

mkdir -p "$tmp/proc/net"
{ header; row 0A 443 0; } >"$tmp/proc/net/tcp"
header >"$tmp/proc/net/tcp6"

# snmp OPENED_IN OUT FAILED RESET SENT RETRANSMITTED: net/snmp.
snmp() {
	cat >"$tmp/snmp" <<END
Ip: Forwarding DefaultTTL
Ip: 1 64
Tcp: RtoAlgorithm MaxConn PassiveOpens ActiveOpens AttemptFails EstabResets OutSegs RetransSegs
Tcp: 1 -1 $1 $2 $3 $4 $5 $6
END
	mv "$tmp/snmp" "$tmp/proc/net/snmp"
}

# netstat OVERFLOWS DROPS COOKIES TIME_WAIT SYN_QUEUE: net/netstat.
netstat() {
	cat >"$tmp/netstat" <<END
TcpExt: SyncookiesSent ListenOverflows ListenDrops TCPTimeWaitOverflow TCPReqQFullDrop
TcpExt: $3 $1 $2 $4 $5
IpExt: InOctets
IpExt: 1
END
	mv "$tmp/netstat" "$tmp/proc/net/netstat"
}

# line TITLE: the line of flows on the screen that begins so.
line() {
	screen | sed -n "s/^$1  *//p"
}

# rate NAME: that rate on the screen.
rate() {
	line 'per second' | sed -n "s/.*$1 \\([<0-9.]*\\).*/\\1/p"
}

# feed: counters that grow by known numbers a second, until it is killed.
cat >"$tmp/feed.pl" <<'END'
use Time::HiRes qw(clock_gettime sleep CLOCK_MONOTONIC);
my $dir = shift;
my $parent = getppid();
my $begin = clock_gettime(CLOCK_MONOTONIC);
while (getppid() == $parent) {
    my $s = clock_gettime(CLOCK_MONOTONIC) - $begin;
    open my $f, ">", "$dir/fed" or die;
    printf $f "Tcp: PassiveOpens ActiveOpens AttemptFails EstabResets " .
	"OutSegs RetransSegs\nTcp: %d %d %d %d %d %d\n",
	1e6 + 812 * $s, 2e6 + 431 * $s, 77, 3e6 + 120 * $s,
	4e6 + 50000 * $s, 5e6 + 200 * $s;
    close $f;
    rename "$dir/fed", "$dir/net/snmp";
    sleep .002;
}
END

# about RATE: whether a number is within a twentieth of it.
about() {
	awk -v got="$1" -v wanted="$2" 'BEGIN {
		exit !(got != "" && got >= wanted * .95 && got <= wanted * 1.05)
	}'
}

# has_rates: a sample that is taken late is not exact, but the next one may be.
has_rates() {
	about "$(rate 'opened in')" 812 && about "$(rate ' out')" 431 &&
		about "$(rate reset)" 120
}

# The rates.
perl "$tmp/feed.pl" "$tmp/proc" &
feeder=$!
wait_for test -s "$tmp/proc/net/snmp"
start 80 24
enter "$tcpstate --proc=proc 0.5"
wait_for has_rates
check 'what the counters grow by is shown per second'
has_rates || screen | sed 's/^/# /'
is 'what did not grow is 0' "$(rate failed)" 0
has_retransmits() {
	line 'per second' | grep -q 'retransmits 0\.4 %$'
}
wait_for has_retransmits
check 'retransmits are a share of what was sent'
is 'there is no trouble' "$(line trouble)" ''
tmux resize-window -t test -x 200 -y 60
keys + + + -
wait_text 'with another delay' 'every 2 s'
wait_for has_rates
check 'the rates are the same'
keys c
wait_for shows '+/-/s'
wait_for has_rates
check 'and c does not change them'
keys q
kill $feeder
wait $feeder 2>/dev/null

# twice: the picture of a second sample, before which counters change.
twice() {
	start 80 24
	enter "$tcpstate --proc=proc 4 2"
	wait_for shows '? help'
	"$@"
	wait_for shows '2 samples in'
}

# Trouble.
snmp 10 10 10 10 1000 10
netstat 5 7 3 2 1
trouble() {
	snmp 10 10 10 10 1000 10
	netstat 25 30 3 2 1
}
twice trouble
is 'trouble is only what is not zero' "$(line trouble)" \
	'accept queue overflows 20   listen drops 3'
is 'of no segments there is no share' "$(line 'per second')" \
	'opened in 0  out 0   failed 0   reset 0   retransmits -'
tmux capture-pane -p -e -t test | grep '^trouble' |
	grep -q "$(printf '\033\\[[0-9;]*31m')accept"
check 'in red'
start 120 24
netstat 5 7 3 2 1
enter "$tcpstate --proc=proc 0.1"
wait_for shows '? help'
netstat 5 1017 903 1002 1001
wait_text 'what is over stays, with its sum' \
	'SYN cookies sent 0 (900 since start)'
is 'of each counter' "$(line trouble | sed 's/   */;/g')" \
	'listen drops 0 (10 since start);SYN cookies sent 0 (900 since start)'
tmux resize-window -t test -x 200 -y 24
wait_text 'if there is room for it' \
	'TIME_WAIT overflows 0 (1000 since start)   SYN queue drops 0 (1000 since start)'
tmux capture-pane -p -e -t test | grep '^trouble' |
	grep -q "$(printf '\033\\[[0-9;]*33m')listen"
check 'in yellow'
keys r
wait_text 'until r' 'per second'
no_trouble() {
	[ -z "$(line trouble)" ]
}
wait_for no_trouble
check 'which begins anew'
keys q

# Counters that cannot be compared.
snmp 4294967290 4294967290 10 10 100000 4294967290
netstat 18446744073709551610 9 9 9 9
wrap() {
	snmp 4 1 10 10 200000 500
	netstat 3 9 9 9 9
}
twice wrap
is 'counters that wrap are left out' "$(line 'per second')" \
	'failed 0   reset 0'
is 'and are no trouble' "$(line trouble)" ''
snmp 10 10 10 10 1000 10
vanish() {
	printf 'Tcp: ActiveOpens OutSegs RetransSegs\nTcp: 10 3000 12\n' \
		>"$tmp/proc/net/snmp"
	rm "$tmp/proc/net/netstat"
}
twice vanish
is 'so are those that are missing' "$(line 'per second')" \
	'out 0   retransmits 0.1 %'
echo 'Tcp: PassiveOpens
Tcp: 10' >"$tmp/proc/net/snmp"
twice true
is 'whichever they are' "$(line 'per second')" 'opened in 0'
rm "$tmp/proc/net/snmp"
twice true
is 'without any there is no line' "$(line 'per second')$(line trouble)" ''
snmp x 99999999999999999999999 -5 '' 5 5
twice true
is 'nor with what is no number' "$(line 'per second' | grep '[0-9]\{6\}')" ''

# Where there are none.
put "$tmp/proc/net/tcp"
snmp 10 10 10 10 1000 10
start 80 24
watch 0.1 3
wait_for shows '3 samples in'
is 'files have no counters' "$(screen | grep -c 'per second')" 0
done_testing
