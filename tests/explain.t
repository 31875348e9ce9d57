#!/usr/bin/env sh
# --explain: its words are the manual's, its values are this namespace's.
. tests/lib.sh
need_netns

states='LISTEN SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT1 FIN_WAIT2'
states="$states CLOSING TIME_WAIT CLOSE_WAIT LAST_ACK CLOSE"

# set_to NAME VALUE: a setting of this namespace; true if the kernel lacks it.
set_to() {
	[ ! -e "/proc/sys/net/ipv4/$1" ] || echo "$2" >"/proc/sys/net/ipv4/$1"
}
# joined: the output for a state, a line for each part.
joined() {
	awk '/^           / { sub(/^ +/, " "); line = line $0; next }
	    NR > 1 { print line }
	    { line = $0; gsub(/ +/, " ", line) }
	    END { print line }'
}
# part NAME STATE: that part of it.
part() {
	$tcpstate --explain="$2" | joined | sed -n "s/^$1 //p"
}
# counts STATE [OPTION...]: the first line.
counts() {
	$tcpstate --explain "$@" | joined | head -n 1
}
# says DESCRIPTION NAME STATE TEXT: that part contains it.
says() {
	matches "$1" "$(part "$2" "$3")" "*$4*"
}

can sh -c 'echo 60 >/proc/sys/net/ipv4/tcp_fin_timeout' || {
	done_testing
	exit
}

# The kernel's defaults, of which the manual has the times.
set_defaults() {
	while read -r name value; do
		set_to "$name" "$value"
	done <<-'END'
		tcp_fin_timeout 60
		tcp_syn_retries 6
		tcp_syn_linear_timeouts 4
		tcp_synack_retries 5
		tcp_retries2 15
		tcp_rto_min_us 200000
		tcp_rto_max_ms 120000
		tcp_orphan_retries 0
		tcp_keepalive_time 7200
		tcp_keepalive_intvl 75
		tcp_keepalive_probes 9
	END
}
set_defaults

run $tcpstate --explain
is 'without a state' "$status$err" 0
is 'it lists the eleven in the order of their life' \
	"$(sed '/^$/,$d' "$tmp/out" | awk '{ print $1 }' | xargs)" \
	"$states"
is 'each with its count' "$(sed '/^$/,$d' "$tmp/out" | awk '$2 == 0' | wc -l)" \
	11
failed=
for state in $states; do
	sed '1,/^$/d' "$tmp/out" | grep -q "| *$state *|" ||
		failed="$failed $state"
done
is 'and all of them in the diagram' "$failed" ''

# What a value is, by one rule: it follows the name of a setting, as a number
# or "unknown", in parentheses or not; then what it means may follow, in
# parentheses or after a colon.
without_values() {
	sed -E 's/(((tcp|ip)_[a-z0-9_]+|somaxconn)) \((unknown|[0-9,]+)\)/\1/g
	    s/(((tcp|ip)_[a-z0-9_]+|somaxconn)) (unknown|[0-9,-]*[0-9])( \([^)]*\))?(: [^;)]*)?/\1/g'
}
# The manual's words, each as "STATE Part text".
manual_words() {
	mandoc -Tascii -O width=1000 tcpstate.1 2>/dev/null | col -b |
		tr -s '\t ' ' ' | awk -v states="$states" '
	BEGIN {
		n = split(states, name)
		for (i = 1; i <= n; i++)
			is_state[name[i]] = 1
	}
	/^[A-Z]/ { section = $0; next }
	section != "STATES" || NF == 0 { next }
	{ sub(/^ /, "") }
	is_state[$1] {
		state = $1
		if (NF == 1)
			getline
		sub(/^ /, "")
		sub("^" state " ", "")
		print state, "Summary", $0
	}
	$1 ~ /^(Meaning|Begins|Ends|Limits|Many|Better|Worse|Next)$/ {
		print state, $0
	}'
}
for state in $states; do
	$tcpstate --explain | awk -v state="$state" '$1 == state {
		sub(/^[^ ]+ +[0-9]+ +/, "")
		print state, "Summary", $0
	}'
	$tcpstate --explain="$state" | joined | sed "1d;s/^/$state /"
done >"$tmp/explained"
[ "$(wc -l <"$tmp/explained")" -gt 90 ]
check 'all states are explained'
if can sh -c 'command -v mandoc && command -v col'; then
	manual_words >"$tmp/manual"
	[ "$(wc -l <"$tmp/manual")" -gt 90 ]
	check 'in the manual too'
	without_values <"$tmp/explained" | diff - "$tmp/manual" >"$tmp/err"
	check 'the manual says the same, without the values'
fi

# Some names are the same.
failed=
for names in 'LISTEN Listen' 'SYN_SENT SYN-SENT syn_sent synsent' \
    'SYN_RECV SYN-RECV SYN-RECEIVED syn-received' \
    'ESTABLISHED ESTAB established Estab' \
    'FIN_WAIT1 FIN-WAIT-1 fin-wait-1 fin_wait1' \
    'FIN_WAIT2 FIN-WAIT-2 Fin-Wait-2 fin_wait2' 'CLOSING closing' \
    'TIME_WAIT TIME-WAIT time-wait time_wait' \
    'CLOSE_WAIT CLOSE-WAIT close-wait close_wait' \
    'LAST_ACK LAST-ACK last-ack last_ack' 'CLOSE UNCONN CLOSED closed'; do
	state=${names%% *}
	wanted=$($tcpstate --explain="$state")
	for name in $names; do
		[ "${wanted%%[! A-Z_0-9]*}" != "${wanted#"$state"}" ] &&
			[ "$($tcpstate --explain="$name")" = "$wanted" ] &&
			[ "$($tcpstate --explain "$name")" = "$wanted" ] &&
			[ "$($tcpstate "$name" --explain)" = "$wanted" ] ||
			failed="$failed $name"
	done
done
is 'a state by any of its names, as argument and as operand' "$failed" ''
is 'all: all states' "$($tcpstate --explain=all)" "$($tcpstate --explain)"

# wrong TEXT ARGUMENT...: wrong usage, and that is said of it.
wrong() {
	text=$1
	shift
	run $tcpstate "$@"
	is "wrong usage: $*" "$status$out" 2
	matches '... and why' "$err" "tcpstate: $text Try 'tcpstate --help'."
}
all='LISTEN, SYN_SENT, SYN_RECV, ESTABLISHED, FIN_WAIT1, FIN_WAIT2, CLOSING,'
all="$all TIME_WAIT, CLOSE_WAIT, LAST_ACK, CLOSE, all"
for state in foo '' UNKNOWN TOTAL 5; do
	wrong "unknown state '$state' (states: $all)." \
		"--explain=$state"
	wrong "unknown state '$state' (states: $all)." \
		--explain "$state"
done
wrong "unexpected word 'listen': expected one*" --explain=close listen
wrong "unexpected word '2': expected one*" --explain close 2
wrong "'--explain' excludes grouping*" --explain -b raddr
wrong "'--explain' excludes grouping*" --explain -l
wrong "'--explain' and '--all-netns'*" --explain --all-netns
wrong "'--explain' and '-s'*" --explain -s
wrong "'--explain' and '--watch'*" --explain -w
wrong "format 'json' cannot show*" --explain -o json
run $tcpstate --explain --warn=LISTEN=1
is 'thresholds are wrong usage too, as of a plugin' "$status$out" 3
run $tcpstate --explain -d
matches 'so is a diagnosis' "$status $err" \
	"3 tcpstate: '--explain' and '--diagnose'*"

# The settings of this namespace, and the times that follow from them.
says 'a setting' Ends time-wait 'tcp_fin_timeout (60) does not change it'
says 'retries of connect()' Ends syn-sent ' 1[23][17] s '
says 'of SYN+ACK' Ends syn-recv ' 63 s (tcp_synack_retries 5)'
says 'of data' Ends established ' 924.6 s (tcp_retries2 15)'
says 'keepalive' Ends established ' 7,875 s (tcp_keepalive_time 7,200, *'
says 'orphans' Ends last-ack ' 102.2 s (tcp_orphan_retries 0: 8 retries)'
for setting in 'tcp_fin_timeout 7' 'tcp_syn_retries 3' \
    'tcp_syn_linear_timeouts 0' 'tcp_synack_retries 2' 'tcp_retries2 8' \
    'tcp_orphan_retries 3' 'tcp_keepalive_time 60' 'tcp_keepalive_intvl 10' \
    'tcp_keepalive_probes 6' 'tcp_max_tw_buckets 4000' 'tcp_tw_reuse 1' \
    'tcp_syncookies 0' 'ip_local_port_range 40000 40999' \
    'ip_local_reserved_ports 39990-40009,40500'; do
	set_to "${setting%% *}" "${setting#* }"
done
says 'another setting' Ends time-wait 'tcp_fin_timeout (7) does not change it'
says 'fewer retries of connect()' Ends syn-sent ' 15 s *tcp_syn_retries 3, *'
says 'of SYN+ACK' Ends syn-recv ' 7 s (tcp_synack_retries 2)'
says 'of data' Ends established ' 102.2 s (tcp_retries2 8)'
says 'keepalive' Ends established ' 120 s (tcp_keepalive_time 60, *'
says 'orphans' Ends last-ack ' 3 s (tcp_orphan_retries 3)'
says 'cookies are off' Limits syn-recv 'tcp_syncookies 0: SYNs are dropped*'
is 'the limits of TIME_WAIT' "$(part Limits time-wait)" \
	'tcp_max_tw_buckets 4,000 (0.0% used); tcp_tw_reuse 1: for new outgoing connections'
says 'the ephemeral ports' Limits established 'ip_local_port_range 40000-40999'
if can test -e /proc/sys/net/ipv4/tcp_rto_max_ms; then
	set_to tcp_rto_max_ms 1000
	set_to tcp_retries2 15
	says 'shorter timeouts of data' Ends established \
		' 14.4 s (tcp_retries2 15)'
	says 'of SYN' Ends syn-sent ' 4 s *tcp_syn_retries 3, *'
	set_to tcp_rto_max_ms 120000
fi

hold ./tests/hold
check 'sockets in all states'
awk 'NF == 3 { n[$2] += $3 } END { for (s in n) print s, n[s] }' "$tmp/held" |
	sort >"$tmp/wanted"
$tcpstate --explain | sed '/^$/,$d' | awk '{ print $1, $2 }' | sort |
	diff - "$tmp/wanted" >"$tmp/err"
check 'are counted'
is 'LISTEN has no direction' "$(counts listen)" 'LISTEN 9 now'
is 'nor has CLOSE' "$(counts close)" 'CLOSE 0 now'
is 'in' "$(counts close-wait --lport=7001)" 'CLOSE_WAIT 2 now: 2 in, 0 out'
is 'out, with the ports that they may have' "$(counts time-wait)" \
	'TIME_WAIT 3 now: 0 in, 3 out (most to [::1]:7101, 1 of 989 ports)'
is 'in and out, and the destination with the most' \
	"$(counts established -4)" \
	"ESTABLISHED 6 now: 3 in, 3 out (most to 127.0.0.1:7001, 1 of 989 ports)"
is 'filters apply' "$(counts time-wait --rport=7001)" \
	'TIME_WAIT 1 now: 0 in, 1 out (most to 127.0.0.1:7001, 1 of 989 ports)'
# shellcheck disable=SC2016
ready perl -e 'use Socket; $| = 1;
	sub bound {
		socket(my $s, PF_INET, SOCK_STREAM, 0) or die;
		# A connection may have any of these ports.
		for my $port ($_[0] .. $_[0] + 50) {
			return $s if bind($s,
				sockaddr_in($port, INADDR_LOOPBACK));
		}
		die;
	}
	my ($listener, $bound) = (bound(40700), bound(40800));
	listen($listener, 1); print "ready\n"; sleep 300'
ports=$pid
# Kernels before 6.8 do not show which ports are bound.
matches 'ports of listeners, and bound ones, cannot be chosen' \
	"$(counts time-wait)" '* of 98[78] ports)'
kill "$ports"
wait "$ports" 2>/dev/null
is '/proc has the same' "$($tcpstate --explain time-wait --source=proc)" \
	"$($tcpstate --explain time-wait --source=sock_diag)"
says 'the share of a limit' Limits time-wait ' 4,000 (0.1% used)*'
if can nobody true; then
	is 'without privileges too' "$(nobody $tcpstate --explain time-wait)" \
		"$($tcpstate --explain time-wait)"
fi

# Saved tables: they have no settings.
cat /proc/net/tcp >"$tmp/tcp"
is 'of a file' "$(counts time-wait -f "$tmp/tcp")" \
	'TIME_WAIT 1 now: 0 in, 1 out (most to 127.0.0.1:7001, 1 port)'
run $tcpstate --explain=time-wait -f "$tmp/tcp"
matches 'its settings are unknown' "$out" '*tcp_fin_timeout (unknown) does*'
matches 'those with a meaning as well' "$out" '*tcp_tw_reuse unknown*'
matches 'its times are the defaults' \
	"$($tcpstate --explain=syn-sent -f "$tmp/tcp" | joined)" \
	'*about 131 s by default*'
release

# Another namespace.
if can unshare -n true; then
	ready unshare -n sh -c 'echo 9 >/proc/sys/net/ipv4/tcp_fin_timeout
	    echo ready; exec sleep 300'
	other=$pid
	run $tcpstate --explain=time-wait -N "$other"
	matches 'the settings of another namespace' "$out" \
		'*tcp_fin_timeout (9) does*'
	if can nobody true; then
		run nobody $tcpstate --explain=time-wait -N "$other"
		matches 'are unknown to a user who may not enter it' "$out" \
			'*tcp_fin_timeout (unknown) does*'
	fi
	kill "$other"
fi

# Nothing can be read.
run $tcpstate --explain=time-wait -N "$tmp/none"
is 'no such namespace' "$status $err" \
	"1 tcpstate: $tmp/none: No such file or directory"
matches 'is explained without counts' "$out" 'TIME_WAIT  unknown now
Meaning *'
run $tcpstate --explain --proc="$tmp"
is 'nothing to count' "$status$(grep -c '^[A-Z_12]*  *-  [a-z]' "$tmp/out")" 111
run sh -c "$tcpstate --explain >/dev/full"
matches 'a full disk is an error' "$status $err" \
	'1 tcpstate: standard output: *'

# The widest: long numbers, addresses, names of settings.
for setting in 'tcp_max_tw_buckets 2147483647' 'tcp_fin_timeout 2147483' \
    'tcp_keepalive_time 32767' 'tcp_keepalive_intvl 32767'; do
	set_to "${setting%% *}" "${setting#* }"
done
row6 06 40001 443 1000 | sed 's/0000000000000000000000000[12]000000:/B80D01201111222233334444FFFFEEEE:/g' \
	>"$tmp/tcp6"
{
	for state in $states; do
		$tcpstate --explain="$state"
		$tcpstate --explain="$state" -f "$tmp/tcp6"
	done
	$tcpstate --explain
	$tcpstate --explain -f "$tmp/tcp6"
} >"$tmp/all"
is 'all lines have at most 80 columns' \
	"$(awk 'length($0) > 80' "$tmp/all")" ''
is 'and no blanks at their end' "$(grep -c ' $' "$tmp/all")" 0
grep -q 'now: 0 in, 1,000 out (most to' "$tmp/all"
check 'large counts have commas'

# Each next command runs; -d has tests of its own.
sed -n 's/^[A-Z_12]* Next //p' "$tmp/explained" | tr ';' '\n' |
	sed 's/^ //' | grep -vx 'tcpstate -d' | sort -u >"$tmp/commands"
PATH=$PWD:$PATH
while IFS= read -r command; do
	run sh -c "$command"
	[ "$status$err" = 0 ]
	check "runs: $command"
done <"$tmp/commands"
done_testing
