#!/usr/bin/env sh
# Where the counts come from: sock_diag, and /proc where that fails.
. tests/lib.sh
need_netns

hold tests/hold
check 'sockets in ten states, of IPv4, IPv6 and v4-mapped'

# Everything, then filters, of which the kernel knows some.
for options in -s -P '-P --top=3' -4 -6 -4P -6P '-o netstat' '-o ss' \
    '-b laddr,raddr,family' '-b lport' '-b user' '-b rnet,port' \
    --state=listen '--state=!listen' '-P --state=estab' \
    '-P --state=time-wait,close-wait' '--state=fin-wait-2 -b rport' \
    --state=syn-recv --state=connected '-P --state=bucket' --state=big \
    --lport=7001 '-P --lport=7001' '-P --rport=7001' --rport=7001-7003 \
    '-P --port=7001' '-P --port=7102,7203' '-6 -P --lport=7101' \
    '-4 -P --rport=7001 --state=established' --lport=7001,7002 \
    --addr=::1 '-P --laddr=127.0.0.0/8' '-b family --raddr=127.0.0.1' \
    '-b raddr --addr=::/0' '-P --state=listen --rport=7001' \
    -p '-b process,user,family' '-o csv -b raddr' '-o prometheus -P' \
    '-o nagios -b netns --warn=TOTAL=100' '--state=estab -b netns,port'; do
	for source in sock_diag proc auto; do
		# shellcheck disable=SC2086
		$tcpstate --source=$source $options | timeless \
			>"$tmp/$source"
	done
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

run $tcpstate -4Pv
matches 'of the other family only listeners are asked for' "$err" \
	'tcpstate: sock_diag: 30 sockets*'

# A service whose IPv4 listener is gone, in the ephemeral range, where only an
# IPv6 listener tells that it is one.
# shellcheck disable=SC2016
ready perl -e '
	use IO::Socket::IP; $| = 1;
	my $l = IO::Socket::IP->new(LocalHost => "127.0.0.1", Listen => 5,
	    LocalPort => 45000, ReuseAddr => 1) or die;
	my $c = IO::Socket::IP->new(PeerHost => "127.0.0.1",
	    PeerPort => 45000) or die;
	my $a = $l->accept or die;
	close $l;
	my $l6 = IO::Socket::IP->new(LocalHost => "::1", Listen => 5,
	    LocalPort => 45000, ReuseAddr => 1) or die;
	print "ready\n"; sleep 300;'
perl=$pid
for source in sock_diag proc; do
	is "$source: -4 -P knows of listeners of tcp6" \
		"$($tcpstate -4P --source=$source |
		    awk '$2 == 45000 { print $1, $NF }' | xargs)" 'in 1 out 1'
done
kill $perl
wait $perl 2>/dev/null

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
		'tcpstate: sock_diag: Operation not permitted; proc: [0-9]* sockets in*'
	mkdir "$tmp/net"
	if can unshare -m mount --bind "$tmp/net" "/proc/$$/net"; then
		run unshare -m sh -c "mount --bind '$tmp/net' /proc/\$\$/net
			exec tests/deny netlink EPERM $tcpstate"
		is 'if both fail: one message with both reasons, no zeros' \
			"$status $out$err" \
			'1 tcpstate: sock_diag: Operation not permitted; /proc/self/net/tcp: No such file or directory'
		for junk in garbage "$(printf '\037\213\010')"; do
			echo "$junk" >"$tmp/net/tcp"
			run unshare -m sh -c "mount --bind '$tmp/net' \
				/proc/\$\$/net
				exec tests/deny netlink EPERM $tcpstate"
			matches 'also where /proc has something else' \
				"$status $out$err" \
				'1 tcpstate: sock_diag: Operation not*; /proc/self/net/tcp: *'
		done
	fi
	run tests/deny inet6 EAFNOSUPPORT $tcpstate
	is 'without IPv6 all is well' "$status$err" 0
	run tests/deny inet6 EAFNOSUPPORT $tcpstate -6 --source=sock_diag
	is 'but with -6' "$status $err$out" \
		'1 tcpstate: sock_diag: there is no IPv6'
fi
release

run sh -c "ulimit -n 20; $tcpstate --source=sock_diag -o ss 0.01 60"
is 'watch mode leaves no descriptor open' "$status$err" 0
done_testing
