#!/usr/bin/env sh
# What never ends, what is no file, and calls that fail in the middle: no
# waiting for ever, and no wrong count without a word.
. tests/lib.sh
need_netns

# Sources without an end, which never block.
run timeout --preserve-status -s INT -k 5 2 $tcpstate -f /dev/zero 1
is '^C ends what reads an endless file' "$status $out$err" '0 '
mkfifo "$tmp/full"
yes '0: 0100007F:0050 0200007F:9C40 01 ' >"$tmp/full" 2>/dev/null &
run timeout --preserve-status -s INT -k 5 2 $tcpstate -f "$tmp/full" 1
is '^C ends what reads a pipe that is always full' "$status $out$err" '0 '
wait
run timeout --preserve-status -s INT -k 5 2 $tcpstate -f /dev/zero -f "$tmp/full" 1
is 'and does not go on to the next file, which would have to be waited for' \
	"$status $out$err" '0 '

# What may stand in a copy of a proc in the place of a file.
others='pipe device terminal directory loop'
put_other() {
	rm -rf "$2"
	case $1 in
	pipe) mkfifo "$2" ;;
	device) ln -s /dev/zero "$2" ;;
	terminal) ln -s /dev/ptmx "$2" ;;
	directory) mkdir "$2" ;;
	loop) ln -s "${2##*/}" "$2" ;;
	esac
	why='not a regular file'
	# "Too many levels of symbolic links", or "Symbolic link loop" of musl.
	[ "$1" != loop ] || why='*ymbolic link*'
}

# in_place FILE STATUS NAME OPTION...: each of them is reported by that name,
# once, and not waited for.
in_place() {
	file=$1 wanted=$2 named=$3
	shift 3
	[ ! -e "$file" ] || mv "$file" "$tmp/good"
	wrong=
	for other in $others; do
		put_other "$other" "$file"
		run timeout -k 5 60 $tcpstate "$@"
		case "$status $err" in
		"$wanted tcpstate: $named: "$why*) ;;
		*) wrong="$wrong $other: $status $err" ;;
		esac
		[ "$(echo "$err" | wc -l)" -eq 1 ] || wrong="$wrong $other: $err"
	done
	rm -rf "$file"
	[ ! -e "$tmp/good" ] || mv "$tmp/good" "$file"
	is "what is no file in the place of ${file#"$tmp"/}: $*" "$wrong" ''
}
copy=$tmp/copy
mkdir -p "$copy/net" "$copy/sys/net/ipv4" "$copy/1/fd"
row 01 80 40000 >"$copy/net/tcp"
row 0A 80 0 >>"$copy/net/tcp"
header >"$copy/net/tcp6"
for n in $(seq 20); do ln -s "socket:[$n]" "$copy/1/fd/$n"; done
: >"$copy/1/comm"
grep '^Max open files' /proc/self/limits >"$copy/1/limits"
echo '1.00 1.00' >"$copy/uptime"
for options in "--proc=$copy" "--baseline=$copy"; do
	in_place "$copy/net/tcp" 1 "$copy/net/tcp" "$options"
	in_place "$copy/net/tcp6" 1 "$copy/net/tcp6" "$options"
done
range=$copy/sys/net/ipv4/ip_local_port_range
in_place "$range" 1 "$range" --proc="$copy" -P
in_place "$copy/1/comm" 1 "$copy/1" --proc="$copy" -p
in_place "$copy/1/cgroup" 1 "$copy/1" --proc="$copy" -b unit
for file in net/tcp net/netstat net/snmp uptime sys/net/ipv4/tcp_mem \
    sys/net/ipv4/ip_local_reserved_ports; do
	in_place "$copy/$file" 3 "$copy/$file" --proc="$copy" -d
done
in_place "$copy/1/limits" 3 "$copy/1" --proc="$copy" -d
in_place "$copy/sys/net/ipv4/tcp_fin_timeout" 1 \
	"$copy/sys/net/ipv4/tcp_fin_timeout" --proc="$copy" --explain fin-wait2

# But a file that is given by name may be a pipe, and is waited for.
mkfifo "$tmp/late"
for option in -f --baseline; do
	# shellcheck disable=SC2016
	timeout 60 sh -c 'sleep 0.3; cat tests/data/tcp >"$0"' "$tmp/late" &
	run timeout -k 5 60 $tcpstate $option "$tmp/late"
	is "$option waits for the writer of a pipe" "$status$err" 0
	wait $!
done

mkdir -p "$tmp/proc/net" "$tmp/proc/1/fd"
row 01 80 40000 >"$tmp/proc/net/tcp"
ln -s 'socket:[1]' "$tmp/proc/1/fd/3"
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
run timeout -k 5 60 $tcpstate --proc="$tmp/proc" -p
matches 'a pipe in the place of the descriptors' "$status $out$err" \
	"1 tcpstate: $tmp/proc/2: *"

# A process that has a file open whose path is longer than the kernel tells.
# shellcheck disable=SC2016
ready perl -MIO::Socket::IP -e '$| = 1;
	chdir $ARGV[0]; for (1 .. 25) { mkdir "d" x 240; chdir "d" x 240 }
	open my $f, ">", "x" or die;
	my $l = IO::Socket::IP->new(LocalHost => "127.0.0.1", Listen => 5,
	    LocalPort => 7001) or die;
	print "ready\n"; sleep 300;' "$tmp"
perl=$pid
run $tcpstate -p -H
is 'a file with a very long path is no socket, and no trouble' \
	"$status $(echo "$out" | occurring)$err" "0 $perl/perl 1 1"
kill $perl
wait $perl 2>/dev/null

can strace -o /dev/null true || {
	done_testing
	exit
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

# A process with a socket.
# shellcheck disable=SC2016
ready perl -MIO::Socket::IP -e '$| = 1; my $l = IO::Socket::IP->new(
    LocalHost => "127.0.0.1", Listen => 5, LocalPort => 7001) or die;
    print "ready\n"; sleep 300;'
perl=$pid

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
			-e trace='?open,openat' \
			-e inject="?open,openat:error=$error" \
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
matches 'a command that cannot be read is an error' "$status $out$err" \
	"1 tcpstate: /proc/$perl: I*/* error"
comm ESRCH
is 'the sockets of a process that has ended are of none' \
	"$status $(echo "$out" | occurring)" '0 - 1 1'
kill $perl
wait $perl 2>/dev/null
done_testing
