#!/bin/sh
# Where the counts come from: sock_diag, and /proc where that fails.
. tests/lib.sh
enter_netns "$0"

mkfifo "$tmp/go"
{ tests/hold <"$tmp/go" & } >"$tmp/held"
exec 9>"$tmp/go"
wait_for grep -q ready "$tmp/held"
check 'sockets in ten states, of IPv4, IPv6 and v4-mapped'

for options in -s -P '-P --top=3' -4 -6 -4P -6P '-o netstat' '-o ss'; do
	# shellcheck disable=SC2086
	{
		$tcpstate --source=sock_diag $options >"$tmp/sock_diag"
		$tcpstate --source=proc $options >"$tmp/proc"
		$tcpstate $options >"$tmp/auto"
	}
	[ -s "$tmp/proc" ] && cmp -s "$tmp/sock_diag" "$tmp/proc" &&
		cmp -s "$tmp/auto" "$tmp/proc"
	check "the same bytes from both sources: $options"
done

# -v
run $tcpstate -v
matches '-v tells of the source, its rows and time' "$err" \
	'tcpstate: sock_diag: 63 sockets in *.* ms'
is 'which is no failure' "$status" 0
run $tcpstate --verbose --source=proc
matches 'of /proc too' "$err" 'tcpstate: proc: 63 sockets in *.* ms'
run $tcpstate -v -f tests/data/tcp --source=sock_diag
matches 'and of a file, which is the source where there is one' "$err" \
	'tcpstate: file: 21 sockets in *.* ms'

# What the kernel is asked.
if can strace -o /dev/null true; then
	strace -o "$tmp/trace" -e trace=sendto,openat $tcpstate -P >"$tmp/out"
	is 'both families are one request' \
		"$(grep -c sendto "$tmp/trace")" 1
	is 'and /proc/net is not opened' \
		"$(grep -c '/net/tcp' "$tmp/trace")" 0
fi

# Without it.
wanted=$($tcpstate --source=proc -P)
if can tests/deny netlink EPERM true; then
	for error in EPERM EACCES EAFNOSUPPORT EPROTONOSUPPORT ENOSYS EMFILE
	do
		run tests/deny netlink $error $tcpstate -P
		is "$error: /proc is read instead, quietly" \
			"$status$err$out" "0$wanted"
		run tests/deny netlink $error $tcpstate --source=sock_diag
		matches "$error: unless sock_diag was asked for" \
			"$status $err $out" '1 tcpstate: sock_diag: [A-Z]* '
	done
	run tests/deny netlink EPERM $tcpstate -v
	matches '-v tells why' "$err" \
		'tcpstate: sock_diag: Operation not permitted;*tcpstate: proc: 63*'
	mkdir "$tmp/net"
	if can unshare -m mount --bind "$tmp/net" "/proc/$$/net"; then
		run unshare -m sh -c "mount --bind '$tmp/net' /proc/\$\$/net
			exec tests/deny netlink EPERM $tcpstate"
		is 'if both fail: one message with both reasons, no zeros' \
			"$status $out$err" \
			'1 tcpstate: sock_diag: Operation not permitted; /proc/self/net/tcp: No such file or directory'
	fi
	run tests/deny inet6 EAFNOSUPPORT $tcpstate
	is 'without IPv6 all is well' "$status$err" 0
	run tests/deny inet6 EAFNOSUPPORT $tcpstate -6 --source=sock_diag
	is 'but with -6' "$status $err$out" \
		'1 tcpstate: sock_diag: there is no IPv6'
fi
exec 9>&-
wait

# A dump that breaks off.
rm "$tmp/go"
mkfifo "$tmp/go"
{ tests/load 5000 8000 <"$tmp/go" & } >"$tmp/ready"
exec 9>"$tmp/go"
wait_for grep -q ready "$tmp/ready"
if can strace -o /dev/null true; then
	for fault in error=ENOBUFS:when=3 retval=0:when=5 error=EINVAL:when=2
	do
		run strace -o /dev/null -e trace=recvmsg \
			-e inject=recvmsg:$fault $tcpstate -v -P
		is "recvmsg $fault: nothing is counted twice" \
			"$status $(echo "$out" | awk '$2 == 8000 { print $NF }' |
			xargs)" '0 5001 5000'
		matches '... and -v tells of it' "$err" \
			'*sock_diag: *; /proc*proc: 1*'
	done
	run strace -o /dev/null -e trace=recvmsg \
		-e inject=recvmsg:error=EINTR:when=2+3 \
		$tcpstate --source=sock_diag -P
	is 'EINTR is no fault' "$status $(echo "$out" |
		awk '$2 == 8000 { print $NF }' | xargs)" '0 5001 5000'
fi
exec 9>&-
wait
done_testing
