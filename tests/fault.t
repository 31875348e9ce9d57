#!/usr/bin/env sh
# A dump that breaks off: nothing is lost, and nothing counted twice.
. tests/lib.sh
need_netns
can strace -o /dev/null true || {
	done_testing
	exit
}

hold tests/load 5000 8000
check '5,000 connections'

# rows: of the port that they are on, in the output of the last run.
rows() {
	echo "$out" | awk '$2 == 8000 { print $NF }' | xargs
}

for fault in error=ENOBUFS:when=3 retval=0:when=5 error=EINVAL:when=2; do
	run strace -o /dev/null -e trace=recvmsg \
		-e inject=recvmsg:$fault $tcpstate -v -P
	is "recvmsg $fault: /proc is read from the start" "$status $(rows)" \
		'0 5001 5000'
	matches '... and -v tells of it' "$err" \
		'tcpstate: sock_diag: *; proc: 10001 sockets in *'
done
run strace -o /dev/null -e trace=recvmsg -e inject=recvmsg:error=ENOBUFS:when=3 \
	$tcpstate --source=sock_diag
is 'unless sock_diag was asked for' "$status $out$err" \
	'1 tcpstate: sock_diag: No buffer space available'
run strace -o /dev/null -e trace=recvmsg \
	-e inject=recvmsg:error=EINTR:when=2+3 $tcpstate --source=sock_diag -P
is 'EINTR is no fault' "$status $(rows)" '0 5001 5000'
run strace -o /dev/null -e trace=sendto \
	-e inject=sendto:error=EINTR:when=1 $tcpstate --source=sock_diag -P
is 'nor while the request is sent' "$status $(rows)" '0 5001 5000'
run strace -o /dev/null -e trace=socket \
	-e inject=socket:error=EMFILE:when=2+2 $tcpstate -P 0.05 5
is 'a source that changes between samples is no change' \
	"$status $(echo "$out" | grep -c ' 8000 ')" '0 3'
release
done_testing
