#!/usr/bin/env sh
# tcpstate -d: its formats, what it could not check, filters, other places, and
# how it repeats itself.  What it finds is tested by diagnose.t.
. tests/lib.sh
need_netns

# later NAME COMMAND...: runs it in the background, for got.
later() {
	later=$tmp/$1
	shift
	{
		"$@" >"$later.out" 2>"$later.err" </dev/null
		echo $? >"$later.status"
	} 9>&- &
}

# got NAME: sets $status, $out and $err to its.
got() {
	wait_for test -s "$tmp/$1.status"
	status=$(cat "$tmp/$1.status")
	out=$(cat "$tmp/$1.out")
	err=$(cat "$tmp/$1.err")
}

# Nothing found.
run $tcpstate -d 0.1
is 'nothing found: one line' "$(echo "$out" | grep -v '^skipped ')" \
	"$(echo "$out" | tail -n 1)"
matches 'it says how many checks, and of how many sockets' "$status$err $out" \
	'0 *[1-9]* checks of 0 sockets: nothing found*'
run $tcpstate -d 0.1 -v
is '-v: a line for each check' "$(echo "$out" | sed '$d' |
	grep -Ec '^(ok|skipped|NOTE) +[a-z0-9-]+')" 20
matches '... with its figure and limit' "$out" \
	'*ok *time-wait-limit  0 of [1-9]*'
run env LC_ALL=C.UTF-8 $tcpstate -d 0.1 -v -o json
is 'json: one object' "$(echo "$out" | jq -r '[.source, (.findings | length),
	(.checks | length), (.interval >= 0.1)] | @text')" \
	'["sock_diag",0,20,true]'

# Wrong usage has the status of a plugin.
for options in '-P' '-l' '-s' '--all-netns' '--warn=LISTEN=5' '-o ss' \
    '-o netstat' '--top=3' '--explain' 'x' '1 2 3'; do
	# shellcheck disable=SC2086
	run $tcpstate -d $options
	matches "wrong usage: -d $options" "$status$out $err" '3 tcpstate: *'
done

# A leak, in all formats.
if can sh -c 'unshare -n ip link add near type veth peer name far'; then
	hold tests/stage close-wait 12
	leak=$(sed -n 's/^pid=\([0-9]*\) .*/\1/p' "$tmp/held")
	cp $tcpstate "$tmp/tcpstate"
	chmod 755 "$tmp" "$tmp/tcpstate"
	later table $tcpstate -d 2
	later short $tcpstate -d 0.2
	for format in json csv nagios prometheus; do
		later $format $tcpstate -d 2 -o $format
	done
	later its $tcpstate -d 2 --lport=8080
	later nobody nobody "$tmp/tcpstate" -d 2
	later denied tests/deny netlink EPERM $tcpstate -d 2
	wait_for test -s "$tmp/denied.status"
	got table
	is 'a finding has its reason, advice and a command' \
		"$(echo "$out" | awk '/^WARNING/, /^ +Next/ { print $1 }' |
		xargs)" 'WARNING Why Do Not Next'
	is 'the status is 1' "$status$err" 1
	got short
	matches 'less than two seconds do not show that it lasts' \
		"$status$err $out" '0 NOTE *close-wait-leak *too short*'
	got json
	is 'json: the finding' "$(echo "$out" | jq -c '.findings[] | [.id,
		.severity, .evidence.sockets, .processes[0].pid,
		.processes[0].name, (.summary, .why, .do, .not, .next |
		length > 0)]')" \
		"[\"close-wait-leak\",\"warning\",12,$leak,\"stage\",true,true,true,true,true]"
	is 'json: the check' "$(echo "$out" | jq -c '.checks[] |
		select(.status == "found") | [.id, .reason, .value, .limit]')" \
		'["close-wait-leak",null,12,null]'
	got csv
	is 'csv: a row a finding' "$status $(echo "$out" | wc -l) $(echo "$out" |
		sed -n 2p | cut -d, -f1,2)" '1 2 warning,close-wait-leak'
	got nagios
	matches 'nagios: the status, and the performance of each check' \
		"$status $out" "1 TCPSTATE WARNING - $leak/stage: 12 *|*'close-wait-leak'=12;*'fd-limit'=*"
	run $tcpstate -d -N /nonexistent -o nagios
	matches 'nagios: no diagnosis is unknown' "$status $out" \
		'3 TCPSTATE UNKNOWN - *'
	got prometheus
	matches 'prometheus: the finding' "$out" \
		'*tcpstate_finding{id="close-wait-leak",severity="warning"} 1*'
	matches '... and the values' "$out" \
		'*tcpstate_check_value{id="close-wait-leak"} 12*'
	if can promtool --version; then
		echo "$out" | promtool check metrics >"$tmp/out" 2>&1
		check 'promtool is content'
	fi

	# Filters.
	got its
	matches 'a filter that its sockets pass' "$status $out" \
		'1 *close-wait-leak*'
	run $tcpstate -d 0.2 --lport=8081
	matches 'and one that they do not' "$status $out" \
		'0 *checks of 0 sockets: nothing found*'
	run $tcpstate -d 0.2 --state=time-wait
	matches 'a check of other states is skipped' "$status $out" \
		'0 *skipped *close-wait-leak  CLOSE_WAIT *'

	# Who may not see the process.
	if can nobody true; then
		got nobody
		matches 'sockets of unknown processes may be those of many' \
			"$status$err $out" \
			'0 NOTE *close-wait-leak *12 *skipped *close-wait-leak *'
		is '... and have no pid' "$(echo "$out" | grep -c "$leak/")" 0
	fi

	# Without sock_diag.
	if can tests/deny netlink EPERM true; then
		got denied
		matches 'from /proc, if sock_diag is denied' "$status$err $out" \
			"1 *WARNING *close-wait-leak *$leak/stage: 12 *"
		matches '... which does not show as much' "$out" \
			'*skipped *accept-queue *need sock_diag*'
		run tests/deny netlink EPERM $tcpstate -d 0.2 --source=sock_diag
		matches 'nothing without any source' "$status$out $err" \
			'3 tcpstate: sock_diag: *'
	fi

	# In a pipe, again and again.
	background $tcpstate -d 2 5 9>&-
	watcher=$pid
	wait_for grep -q ' WARNING close-wait-leak ' "$tmp/log"
	check 'what appears has a line'
	release
	wait_for grep -q ' OK close-wait-leak ' "$tmp/log"
	check 'what goes has one'
	wait $watcher
	is '... and the status is that of the worst' $? 1
	is 'nothing else has, and each line its time' \
		"$(grep -v ' SKIPPED ' "$tmp/log" | cut -d' ' -f2,3 | xargs)" \
		'WARNING close-wait-leak OK close-wait-leak'
	is '... each line its time' "$(grep -Evc \
		'^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[-+][0-9]{2}:[0-9]{2} ' \
		"$tmp/log")" 0
fi
run $tcpstate -d 0.05 3
is 'a count ends it; a sound machine has one line' \
	"$status$err $(echo "$out" | grep -c 'nothing found')" '0 1'
run $tcpstate -d 0.05 3 -o json
is 'json: an object each time' "$(echo "$out" | jq -c '.findings')" '[]
[]
[]'
run sh -c "$tcpstate -d 0.05 1000 | head -n 1"
is 'a reader that closes the pipe ends it' "$status$err" 0
run sh -c "$tcpstate -d 0.05 >/dev/full"
matches 'a full disk is no diagnosis' "$status $err" \
	'3 tcpstate: standard output: *'

# Other places.
ready unshare -n sh -c 'ip link set lo up
	echo 777 >/proc/sys/net/ipv4/tcp_max_tw_buckets
	echo ready
	exec sleep 300'
other=$pid
run $tcpstate -d 0.1 -v -N $other
matches '-N: the limits are those of that namespace' "$out" \
	'* time-wait-limit  0 of 777 *'
run $tcpstate -d 0.1 -v
is '... and here those of this one' \
	"$(echo "$out" | grep -c 'time-wait-limit  0 of 777 ')" 0
if can nobody true; then
	run nobody "$tmp/tcpstate" -d 0.1 -N $other
	matches 'a namespace that may not be entered has unknown limits' \
		"$status $out" '0 *skipped *time-wait-limit  the limits of*'
fi
mkdir "$tmp/host"
if can unshare -m mount --bind /proc "$tmp/host"; then
	run unshare -m sh -c "mount --bind /proc '$tmp/host' &&
		exec $tcpstate -d 0.1 -v --proc='$tmp/host'"
	matches 'another mount of /proc' "$status$err $out" \
		'0 *checks of 0 sockets: nothing found*'
fi
run $tcpstate -d 0.1 -N 4194305
matches 'no such process' "$status$out $err" '3 tcpstate: *'

# A copy: one sample, with its own limits.
copy=$tmp/copy
mkdir -p "$copy/net" "$copy/sys/net/ipv4"
echo 40000 40999 >"$copy/sys/net/ipv4/ip_local_port_range"
{
	header
	awk 'BEGIN { for (i = 0; i < 950; i++)
		printf "%4d: 0100000A:%04X 0200000A:0CEA 06 " \
		    "00000000:00000000 03:00000E10 00000000     0        0 " \
		    "0 3\n", i, 40000 + i }'
} >"$copy/net/tcp"
run $tcpstate -d --proc="$copy"
matches 'a copy: what one sample tells' "$status$err $out" \
	'2 CRITICAL *ephemeral-ports *10.0.0.1 -> 10.0.0.2:3306*950 of 1,000*'
matches '... and what it does not' "$out" \
	'*skipped *syn-flood  needs two samples*'
run $tcpstate -d -f "$copy/net/tcp"
matches 'of a file, the range is unknown' "$status$err $out" \
	'0 *skipped *ephemeral-ports *ip_local_port_range*'
mkfifo "$copy/net/snmp"
run timeout 60 $tcpstate -d --proc="$copy"
matches 'a pipe in a copy is not waited for, and is an error' "$status $err" \
	'3 tcpstate: *net/snmp: not a regular file'

# As containers hide files of /proc.
mask='mount --bind /dev/null /proc/sys/net/ipv4/tcp_max_tw_buckets'
if can unshare -m sh -c "$mask"; then
	run unshare -m sh -c "$mask && $tcpstate -dv 0.01"
	matches 'a file behind /dev/null is missing, which is no error' \
		"$status$err $out" '0 *skipped *time-wait-limit *tcp_max_tw_buckets*'
fi
done_testing
