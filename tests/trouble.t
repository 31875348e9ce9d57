#!/usr/bin/env sh
# What never ends, what is no file, and calls that fail in the middle: no
# waiting for ever, and no wrong count without a word.
. tests/lib.sh
need_netns

# Sources without an end, which never block.
run timeout --preserve-status -s INT -k 5 0.5 $tcpstate -f /dev/zero 1
is '^C ends what reads an endless file' "$status $out$err" '0 '
mkfifo "$tmp/full"
yes '0: 0100007F:0050 0200007F:9C40 01 ' >"$tmp/full" 2>/dev/null &
run timeout --preserve-status -s INT -k 5 0.5 $tcpstate -f "$tmp/full" 1
is '^C ends what reads a pipe that is always full' "$status $out$err" '0 '
wait
run timeout --preserve-status -s INT -k 5 0.5 $tcpstate -f /dev/zero -f "$tmp/full" 1
is 'and does not go on to the next file, which would have to be waited for' \
	"$status $out$err" '0 '

# What stands in a copy of a proc in the place of a table.
mkdir -p "$tmp/proc/net" "$tmp/proc/sys/net/ipv4" "$tmp/proc/1/fd"
in_place() {
	run timeout -k 5 5 $tcpstate --proc="$tmp/proc"
	is "$1 in the place of a table is an error, and not waited for" \
		"$status $out$err" \
		"1 tcpstate: $tmp/proc/net/tcp: not a regular file"
	rm "$tmp/proc/net/tcp"
}
mkfifo "$tmp/proc/net/tcp"
in_place 'a pipe'
ln -s /dev/zero "$tmp/proc/net/tcp"
in_place 'a device'
row 01 80 40000 >"$tmp/proc/net/tcp"
mkfifo "$tmp/proc/sys/net/ipv4/ip_local_port_range"
run timeout -k 5 5 $tcpstate --proc="$tmp/proc" -P
matches 'so is one in the place of the port range' "$status $err" \
	"1 tcpstate: $tmp/proc/sys/net/ipv4/ip_local_port_range: *"
rm "$tmp/proc/sys/net/ipv4/ip_local_port_range"
ln -s 'socket:[1]' "$tmp/proc/1/fd/3"
mkfifo "$tmp/proc/1/comm"
run timeout -k 5 5 $tcpstate --proc="$tmp/proc" -p
matches 'and in the place of a command' "$status $out$err" \
	"1 tcpstate: $tmp/proc/1: *"
rm "$tmp/proc/1/comm"
run $tcpstate --proc="$tmp/proc" -p -H
is 'a copy without a command has the pid' "$status $(echo "$out" | occurring)$err" \
	'0 1/ 1 1'
: >"$tmp/proc/1/comm"
run $tcpstate --proc="$tmp/proc" -p -H
is 'so has one with an empty command' \
	"$status $(echo "$out" | occurring)$err" '0 1/ 1 1'
: >"$tmp/proc/7"
run $tcpstate --proc="$tmp/proc" -p -H
is 'a file with a number for its name is no process' \
	"$status $(echo "$out" | occurring)$err" '0 1/ 1 1'
mkdir "$tmp/proc/2"
mkfifo "$tmp/proc/2/fd"
run timeout -k 5 5 $tcpstate --proc="$tmp/proc" -p
matches 'a pipe in the place of the descriptors' "$status $out$err" \
	"1 tcpstate: $tmp/proc/2: *"

# A process that has a file open whose path is longer than the kernel tells.
perl -MIO::Socket::IP -e '$| = 1;
	chdir $ARGV[0]; for (1 .. 25) { mkdir "d" x 240; chdir "d" x 240 }
	open my $f, ">", "x" or die;
	my $l = IO::Socket::IP->new(LocalHost => "127.0.0.1", Listen => 5,
	    LocalPort => 7001) or die;
	print "ready\n"; sleep 60;' "$tmp" >"$tmp/perl" &
perl=$!
wait_for grep -q ready "$tmp/perl"
run $tcpstate -p -H
is 'a file with a very long path is no socket, and no trouble' \
	"$status $(echo "$out" | occurring)$err" "0 $perl/perl 1 1"
kill $perl
wait $perl 2>/dev/null

can strace -o /dev/null true || {
	done_testing
	exit
}

# inject CALL FAULT OPTION...: one call of tcpstate's fails.
inject() {
	call=$1 fault=$2
	shift 2
	run strace -o /dev/null -e trace="$call" -e inject="$call:$fault" \
		$tcpstate "$@"
}

# Each read of the files, one after the other; those of the loader are not ours.
failed=
for n in 1 2 3 4 5 6; do
	run strace -o "$tmp/trace" -P "$PWD/tests/data/tcp" \
		-P "$PWD/tests/data/tcp6" \
		-e trace=read -e inject="read:error=EINTR:when=$n" \
		$tcpstate -f tests/data/tcp -f tests/data/tcp6
	[ "$status$err $(echo "$out" | count TOTAL)" = '0 63' ] ||
		failed="$failed $n"
	[ "$n" -gt 4 ] || grep -q EINTR "$tmp/trace" || failed="$failed $n"
done
is 'EINTR while a file is read means to try again' "$failed" ''

# A process with a socket, and a namespace of its own.
perl -MIO::Socket::IP -e '$| = 1; my $l = IO::Socket::IP->new(
    LocalHost => "127.0.0.1", Listen => 5, LocalPort => 7001) or die;
    print "ready\n"; sleep 60;' >"$tmp/perl" &
perl=$!
wait_for grep -q ready "$tmp/perl"
unshare -n sleep 60 &
other=$!
is_elsewhere() {
	[ "$(readlink "/proc/$other/ns/net")" != \
		"$(readlink /proc/self/ns/net)" ]
}
wait_for is_elsewhere

# told DESCRIPTION CALL ERROR OPTION...: wherever the call fails, the rows are
# what they are without that, or there is a message and status 1.
told() {
	description=$1 call=$2 error=$3
	shift 3
	good=$($tcpstate "$@" 2>/dev/null)
	failed='' met=''
	for n in 1 2 3 4 5 6 8 12 20 40; do
		inject "$call" "error=$error:when=$n" "$@"
		case "$status ${err:+message}" in
		0*) [ "$out" = "$good" ] ;;
		'1 message') met=1 ;;
		*) [ $status -ge 126 ] ;; # it did not come to run
		esac || failed="$failed $n"
	done
	is "$description" "$failed$met" 1
}
told 'a listing of /proc that fails: whose sockets they are' getdents64 EIO \
	-p -b lport
told '... which namespaces there are' getdents64 EIO --all-netns

# The names of users: out of /etc/passwd alone, as other services may know
# none of these errors.
row 01 80 40000 | sed 's/     0        0 1 1/ 54321        0 1 1/' >"$tmp/table"
echo 'passwd: files' >"$tmp/nsswitch.conf"
files_only() {
	# shellcheck disable=SC2016
	unshare -m sh -c '[ ! -e /etc/nsswitch.conf ] ||
		mount --bind "$0" /etc/nsswitch.conf && exec "$@"' \
		"$tmp/nsswitch.conf" "$@"
}
if can files_only true; then
	for error in EMFILE ENOMEM; do
		run files_only strace -o /dev/null -P /etc/passwd \
			-e trace=openat -e inject=openat:error=$error \
			$tcpstate -b user -f "$tmp/table" -H
		matches "users whose names cannot be read: $error" \
			"$status $(echo "$out" | occurring) $err" \
			'1 54321 1 1 tcpstate: names of users: *'
	done
fi

# The name of a process: one that cannot be read, and one that has ended.
comm() {
	run strace -o /dev/null -P "/proc/$perl/comm" -e trace=read \
		-e inject=read:error="$1" $tcpstate -p -H
}
comm EIO
is 'a command that cannot be read is an error' "$status $out$err" \
	"1 tcpstate: /proc/$perl: Input/output error"
comm ESRCH
is 'the sockets of a process that has ended are of none' \
	"$status $(echo "$out" | occurring)" '0 - 1 1'
kill $perl $other
wait $perl $other 2>/dev/null
done_testing
