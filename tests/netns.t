#!/usr/bin/env sh
# Other network namespaces, and another /proc.
. tests/lib.sh
need_netns
own_processes 2>"$tmp/err" || skip_all "$(cat "$tmp/err")"

can unshare -n true || {
	done_testing
	exit
}
hold unshare -n sh -c "ip link set lo up
	echo 20000 40000 >/proc/sys/net/ipv4/ip_local_port_range
	exec tests/hold"
check 'sockets in another namespace'
unshare -n sleep 300 &
empty=$!
is_elsewhere() {
	[ "$(readlink "/proc/$empty/ns/net")" != \
		"$(readlink /proc/self/ns/net)" ]
}
wait_for is_elsewhere
cp $tcpstate "$tmp/tcpstate"
chmod 755 "$tmp" "$tmp/tcpstate"

# Its sockets, as it sees them itself.
inside() {
	nsenter -t "$holder" -n $tcpstate "$@"
}
for options in -s -P '-b raddr' '-b netns' '-P --state=estab' '-o ss'; do
	for source in auto sock_diag proc; do
		# shellcheck disable=SC2086
		is "-N pid, --source=$source: $options" \
			"$($tcpstate -N "$holder" --source=$source $options 2>&1)" \
			"$(inside $options)"
	done
done
is 'this one has none of them' "$($tcpstate | count TOTAL)" 0
is 'a path' "$($tcpstate --netns="/proc/$holder/ns/net")" "$(inside)"
is 'whose processes they are is known here too' \
	"$($tcpstate -p -N "$holder" -H | grep -c "$holder/hold")" 1
is 'every sample is of that namespace' \
	"$($tcpstate -N "$holder" -o ss 0.01 3 | grep -c 'TIME-WAIT 3')" 3
if can nobody true; then
	run nobody "$tmp/tcpstate" -N "$holder"
	is 'a pid takes no privilege' "$status$err$out" "0$(inside)"
	run nobody "$tmp/tcpstate" -N "$holder" --source=sock_diag
	is 'but for sock_diag' "$status $out$err" \
		'1 tcpstate: sock_diag: Permission denied'
	run nobody "$tmp/tcpstate" -N "$holder" -P --state='!time-wait' 0.01 2
	matches 'the ephemeral range is told to be a guess, once' \
		"$status $err" \
		'0 tcpstate: the ephemeral ports*32768 to 60999'
	run nobody "$tmp/tcpstate" -N "/proc/$holder/ns/net"
	is 'a path takes one' "$status $out$err" \
		"1 tcpstate: /proc/$holder/ns/net: Permission denied"
fi

# Each once, whatever lives in it.
# name PID [COMMAND]: what the namespace of a process is called.
name() {
	number=$(stat -L -c %i "/proc/$1/ns/net")
	if [ "$number" = "$(stat -L -c %i /proc/1/ns/net 2>/dev/null)" ]; then
		echo host
	else
		printf '%s\n' "$number${2:+/$2}"
	fi
}
own=$(name self)
its=$(name "$holder" hold)
other=$(name "$empty" sleep)
$tcpstate --all-netns >"$tmp/all"
is '--all-netns: the sockets of each' "$(awk -v ns="$its" '$1 == ns {
	print $NF }' "$tmp/all")" "$(inside | count TOTAL)"
is 'a row also for those without a socket' "$(awk '$NF == 0 { print $1 }' \
	"$tmp/all" | grep -xc -e "$own.*" -e "$other")" 2
is 'each once' "$(sed 1d "$tmp/all" | awk '{ print $1 }' | sort | uniq -d)" ''
is 'all there are' "$(sed 1d "$tmp/all" | wc -l)" "$(for ns in /proc/[0-9]*; do
	[ -e "$ns/net/tcp" ] && stat -c %i "$ns/net/tcp"; done 2>/dev/null |
	sort -u | wc -l)"
is 'with another key' "$($tcpstate --all-netns -P 2>/dev/null |
	awk -v ns="$its" '$1 == ns { $1 = ""; print }' | sort)" \
	"$(inside -P -H | awk '{ $1 = " " $1; print }' | sort)"
is 'the same bytes from both sources' \
	"$($tcpstate --all-netns -P --source=proc 2>/dev/null | grep "^$its")" \
	"$($tcpstate --all-netns -P 2>/dev/null | grep "^$its")"
is 'in json too' "$($tcpstate --all-netns -o json |
	jq -c --arg ns "$its" '.groups[] | select(.key.netns == $ns).total')" \
	"$(inside | count TOTAL)"
is '-c: the sum of all' "$($tcpstate --all-netns -c listen)" \
	"$($tcpstate --all-netns -H listen |
	    awk '{ n += $NF } END { print n }')"
is 'rows without a socket stay in watch mode' \
	"$($tcpstate --all-netns -o json 0.01 2 |
	jq '.groups | length' | uniq | wc -l)" 1
if can nobody true; then
	run nobody "$tmp/tcpstate" --all-netns -z
	is 'without privilege: the same counts, by pid' \
		"$status $(echo "$out" | awk '{ $1 = ""; print }' | sort)" \
		"0 $($tcpstate --all-netns -z | awk '{ $1 = ""; print }' | sort)"
	matches '... and command' "$out" "*pid:$holder/hold *"
fi
# Which namespace process 1 is in, not every user may see; its tables, yes.
cat >"$tmp/unprivileged" <<'UNPRIVILEGED'
unshare -n sleep 300 &
while [ /proc/self/ns/net -ef /proc/$!/ns/net ]; do sleep 0.1; done
setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
kill $!
UNPRIVILEGED
if can nobody true && can unshare -npf --mount-proc true; then
	run unshare -npf --kill-child --mount-proc sh "$tmp/unprivileged" \
		"$tmp/tcpstate" --all-netns -Hz
	matches 'host is found without privilege, and no other is it' \
		"$status $err$(echo "$out" | awk '{ print $1 }' |
		tr -s 0-9 9 | xargs)" '0 host pid:9/?*'
	run unshare -npf --kill-child --mount-proc sh "$tmp/unprivileged" \
		"$tmp/tcpstate" -b netns -Hz
	matches '... without --all-netns too' "$status $err$out" '0 host *'
fi

# Process 1 is in one, and some process is the first in each other.
if [ "$own" = host ]; then
	is 'that of process 1 is host' "$(awk '{ print $1 }' "$tmp/all" |
		grep -xc host)" 1
	matches 'here too' "$($tcpstate -b netns -H)" 'host *'
	run $tcpstate --all-netns -H --proc=/proc
	matches 'and in another proc' "$out" '*host *'
fi
# shellcheck disable=SC2016
ready unshare -n perl -e '$0 = "a b"; $| = 1; print "ready\n"; sleep 300'
first=$pid
nsenter -t $first -n sleep 300 &
second=$!
wait_for test "/proc/$first/ns/net" -ef "/proc/$second/ns/net"
its_name=$(name $first 'a\040b')
is 'another has a command, escaped' \
	"$($tcpstate --all-netns -H | awk '{ print $1 }' |
	    grep "^${its_name%/*}/")" "$its_name"
background $tcpstate --all-netns -o json 0.05
# names: how often each name of that namespace is in the log.
names() {
	jq -r '.groups[].key.netns' "$tmp/log" 2>/dev/null |
		grep "^${its_name%/*}/" | sort | uniq -c
}
# has_lines NUMBER: whether the log has more lines than that.
has_lines() {
	[ "$(wc -l <"$tmp/log")" -gt "$1" ]
}
wait_for has_lines 1
kill $first
wait $first 2>/dev/null
wait_for has_lines $(($(wc -l <"$tmp/log") + 3))
kill $pid
wait $pid 2>/dev/null
is 'which it keeps while it is watched' \
	"$(names | awk '{ print NF, $3 }')" '3 b'
is 'and then is called by another' "$($tcpstate --all-netns -H |
	awk '{ print $1 }' | grep "^${its_name%/*}/")" "${its_name%/*}/sleep"
kill $second
wait $second 2>/dev/null

# A process that goes does not take its namespace along.
if can nobody true; then
	unshare -n sh -c '
		{ sleep 2; exec sleep 300; } &
		echo $$ $! >'"'$tmp/pids'"'
		exec sleep 1.2' &
	first=$!
	wait_for test -s "$tmp/pids"
	run nobody "$tmp/tcpstate" --all-netns -o json 0.5 5
	is 'a namespace keeps its name as long as it is watched' "$(echo "$out" | jq -c '[.groups[].key.netns] | sort' |
		sort -u | wc -l)" 1
	wait $first
	kill "$(cut -d' ' -f2 "$tmp/pids")"
fi

# What may not be looked into is told: there may be more namespaces.
hidden="mount -t proc -o hidepid=1 proc /proc"
if can nobody true && can unshare -m sh -c "$hidden"; then
	run unshare -m sh -c "$hidden; exec setpriv --reuid=65534 \
		--regid=65534 --clear-groups '$tmp/tcpstate' --all-netns"
	matches 'processes that are hidden' "$status $err" \
		'1 tcpstate: some network namespaces may be missing: *'
	run unshare -m sh -c "$hidden; exec setpriv --reuid=65534 \
		--regid=65534 --clear-groups '$tmp/tcpstate' --all-netns \
		--proc=/proc -o nagios --crit=TOTAL=1000"
	matches 'are an unknown state' "$status $out" '3 TCPSTATE UNKNOWN - *'
fi

if can nobody true && can unshare -m sh -c "$hidden"; then
	for hidepid in 1 2; do
		run unshare -m sh -c "
			mount -t proc -o hidepid=$hidepid proc /proc
			exec setpriv --reuid=65534 --regid=65534 --clear-groups \
			'$tmp/tcpstate' --all-netns -o nagios 0.05 3"
		is "at each sample, if they are not even to be seen: $hidepid" \
			"$status $(echo "$out" | grep -c UNKNOWN)" '3 3'
	done
	# shellcheck disable=SC2016
	ready perl -MIO::Socket::IP -e '$| = 1; my $l = IO::Socket::IP->new(
	    LocalHost => "127.0.0.1", Listen => 5, LocalPort => 7001) or die;
	    print "ready\n"; sleep 300;'
	perl=$pid
	run unshare -m sh -c "mount -t proc -o hidepid=2 proc /proc
		exec setpriv --reuid=65534 --regid=65534 --clear-groups \
		'$tmp/tcpstate' -p -H"
	matches 'nor whose sockets they are' "$status $out $err" \
		'0 - *tcpstate: some sockets are of unknown processes*'
	kill $perl
	wait $perl 2>/dev/null
fi

# shellcheck disable=SC2016
own_init='mount -o remount,hidepid=2 /proc; unshare -n sleep 300 &
    while [ /proc/self/ns/net -ef /proc/$!/ns/net ]; do sleep 0.1; done'
if can nobody true && can unshare -mpf --mount-proc sh -c "$own_init; kill \$!"
then
	run timeout -k 5 60 unshare -mpf --mount-proc sh -c "$own_init
		exec setpriv --reuid=65534 --regid=65534 --clear-groups \
		sh -c '\"$tmp/tcpstate\" --all-netns; exit \$?'"
	matches 'also where process 1 is to be seen' "$status $err" \
		'1 tcpstate: some network namespaces may be missing: *'
fi

# Where one may go but not come back, one need not go.
if can nobody unshare -Ur true; then
	cat >"$tmp/rootless" <<END
unshare -n sleep 300 &
pid=\$!
while [ /proc/self/ns/net -ef /proc/\$pid/ns/net ]; do sleep 0.1; done
'$tmp/tcpstate' -N \$pid | tail -n 1
'$tmp/tcpstate' -N /proc/\$pid/ns/net 0.01 3 | tail -n 1 | cut -d' ' -f2
'$tmp/tcpstate' --all-netns -o json 0.01 2 | jq -c '[.groups[].key.netns]' |
	uniq | wc -l
kill \$pid
END
	is 'in a user namespace' "$(nobody unshare -Ur sh "$tmp/rootless" 2>&1)" \
		'TOTAL          0     0      0
CLOSE
1'
fi

# Names, as ip-netns(8) has them.
if can unshare -m sh -c 'mount -t tmpfs none /run && ip netns add x'; then
	named='mount -t tmpfs none /run; ip netns attach'
	run unshare -m sh -c "$named web $holder; $tcpstate -N web"
	is 'a name' "$status$err$out" "0$(inside)"
	run unshare -m sh -c "$named web $holder; $tcpstate -N web -b netns -H"
	matches 'is what it is called' "$out" 'web *'
	run unshare -m sh -c "$named web $holder; ip netns attach app $holder
		$tcpstate --all-netns"
	matches 'the first one, if there are more' "$out" '*app *'
	long=$(printf '%060d' 0)
	run unshare -m sh -c "$named $long $holder; $tcpstate -N $long -b netns -H"
	matches 'but none that would be cut' "$out" "${its%/*} *"
	run unshare -m sh -c "$named host $holder; $tcpstate -N host -b netns -H"
	matches 'nor one that is that of process 1' "$out" "${its%/*} *"
	run unshare -m sh -c "$named web $holder; $tcpstate --all-netns -o json"
	is 'a name goes before a command' "$(echo "$out" | jq -r '.groups[] |
		select(.total > 0).key.netns')" web
	run unshare -m sh -c "$named $empty $holder; $tcpstate -N $empty"
	is 'a name goes before a pid' "$status$err$out" "0$(inside)"
fi

# failing MESSAGE OPTION...: no zeros, a message and status 1.
failing() {
	message=$1
	shift
	run $tcpstate "$@"
	is "no such place: $*" "$status $out$err" "1 tcpstate: $message"
}
gone=$(sh -c 'echo $$') # which has ended
failing "sock_diag: No such file or directory; /proc/$gone/net/tcp: No such file or directory" -N "$gone"
failing '/var/run/netns/nonesuch: No such file or directory' -N nonesuch
failing '/nonesuch/ns: No such file or directory' -N /nonesuch/ns
failing '/etc/passwd: not a network namespace' -N /etc/passwd
failing '/nonesuch: No such file or directory' --proc=/nonesuch
failing "$tmp/net/tcp: No such file or directory" --proc="$tmp"
failing "$tmp: a copy: cannot distinguish network namespaces" \
	--proc="$tmp" --all-netns
failing "$tmp/1/net/tcp: No such file or directory" --proc="$tmp" -N 1
mkfifo "$tmp/fifo"
failing "$tmp/fifo: not a network namespace" -N "$tmp/fifo"
run $tcpstate -N "$(printf '%04096d' 1)/"
matches 'no such place: a long path' "$status $out$err" \
	'1 tcpstate: 0*/: File*name too long'

# A copy of some /proc.
mkdir -p "$tmp/copy/net"
cp tests/data/tcp tests/data/tcp6 "$tmp/copy/net"
is '--proc: a copy' "$($tcpstate --proc="$tmp/copy" -P)" \
	"$($tcpstate -P -f tests/data/tcp -f tests/data/tcp6)"
is 'PROC_ROOT' "$(PROC_ROOT=$tmp/copy $tcpstate)" \
	"$($tcpstate --proc="$tmp/copy")"
is 'which the option goes before' \
	"$(PROC_ROOT=/nonesuch $tcpstate --proc="$tmp/copy" -o json |
	jq -r '"\(.source) \(.total)"')" 'proc 63'
is 'and a file' "$(PROC_ROOT=/nonesuch $tcpstate -f tests/data/tcp |
	count TOTAL)" 21
is 'a source goes before it' "$(PROC_ROOT=/nonesuch $tcpstate \
	--source=sock_diag -o json | jq -r .source)" sock_diag
is 'an empty one is none' "$(PROC_ROOT='' $tcpstate)" "$($tcpstate)"
mkdir -p "$tmp/copy/sys/net/ipv4"
echo '10000	20000' >"$tmp/copy/sys/net/ipv4/ip_local_port_range"
{ header; row 06 80 15000; } >"$tmp/copy/net/tcp"
is 'the ephemeral range of the copy' \
	"$($tcpstate -P -H --proc="$tmp/copy" -4 | occurring)" 'in 80 1 1'
run $tcpstate -p --proc="$tmp/copy"
is 'which has no processes' "$status $out$err" \
	"1 tcpstate: $tmp/copy: No such process"
: >"$tmp/copy/net/tcp6"
run $tcpstate --proc="$tmp/copy"
is 'a table that is masked is no zero' "$status $out$err" \
	"1 tcpstate: $tmp/copy/net/tcp6: empty, without even a header"

# A container, with the /proc of its host beside its own.
is '--proc=/proc is as without' "$($tcpstate --proc=/proc)" "$($tcpstate)"
host="mkdir '$tmp/host' && mount --rbind /proc '$tmp/host'"
container="unshare -pnf --mount-proc sh -c"
if can nsenter -t "$holder" -n unshare -pmf sh -c \
	"mount -t proc proc /proc && $host"; then
	rmdir "$tmp/host"
	# Process 1 must stay where the host's sockets are: a shell that ends
	# with the container's command may become that command.
	run nsenter -t "$holder" -n unshare -pmf sh -c \
		"mount -t proc proc /proc && $host
		$container \"$tcpstate --proc='$tmp/host' -P\"
		exit \$?"
	is '--proc=/host/proc: what the host has' \
		"$status$out" "0$(inside -P)"
	rmdir "$tmp/host"
fi

# Usage.
wrong() {
	run $tcpstate "$@"
	matches "wrong usage: $*" "$status $out$err" '2 tcpstate: *'
}
wrong -N 1 --all-netns
wrong -N ''
wrong -N 1 -f tests/data/tcp
wrong --all-netns -f tests/data/tcp
wrong --proc=/proc -f tests/data/tcp
wrong -b netns -f tests/data/tcp
wrong --proc=/proc --source=sock_diag
wrong --proc=/proc -N web
wrong --all-netns -s
wrong --all-netns -o ss
kill "$empty"
release
wait
done_testing
