#!/usr/bin/env sh
# Faults, each alone, while known sockets are counted: out of memory at every
# allocation, errors of system calls of every kind, limits, full disks, closed
# pipes and signals.  Either the output is right, or a message and the status say
# that it is not; never a crash, and never a hang.  "make faults" runs it; with
# FAULTS='totals json' only those runs.
. tests/lib.sh
need_netns

# Sockets that stay as they are: two listeners, one connection that waits to be
# accepted, and 12 whose one end is in CLOSE_WAIT.  That their process has no
# descriptor left is critical for -d.
cat >"$tmp/own.pl" <<'END'
use IO::Socket::IP; $| = 1;
my @l = map { IO::Socket::IP->new(LocalHost => $_, Listen => 50,
    LocalPort => 7001, V6Only => 1) or die } qw(127.0.0.1 ::1);
my @s;
for my $n (0 .. 12) {
	my $c = IO::Socket::IP->new(PeerHost => ("127.0.0.1", "::1")[$n % 2],
	    PeerPort => 7001) or die;
	push @s, $c, $n < 12 ? $l[$n % 2]->accept : ();
	shutdown $c, 1 if $n < 12;
}
while (open my $f, "<", "/dev/null") { push @s, $f }
print "ready\n";
sleep 900;
END
ready prlimit --nofile=50 perl "$tmp/own.pl"
check 'sockets'
here=$pid
trap 'kill $here; rm -rf "$tmp"' EXIT
# shellcheck disable=SC2016
ready unshare -n sh -c 'ip link set lo up && exec prlimit --nofile=50 perl "$0"' \
	"$tmp/own.pl"
check 'in two network namespaces'
there=$pid
trap 'kill $here $there; rm -rf "$tmp"' EXIT
# More than one read of /proc returns, and of a file.
cat >"$tmp/many.pl" <<'END'
use IO::Socket::IP; $| = 1;
my $l = IO::Socket::IP->new(LocalHost => "127.0.0.1", Listen => 50,
    LocalPort => 7002) or die;
my @s;
for (1 .. 20) {
	push @s, IO::Socket::IP->new(PeerHost => "127.0.0.1", PeerPort => 7002),
	    $l->accept;
}
print "ready\n";
sleep 900;
END
ready perl "$tmp/many.pl"
check 'and many more'
many=$pid
trap 'kill $here $there $many; rm -rf "$tmp"' EXIT
for _ in $(seq 20); do cat /proc/net/tcp; done >"$tmp/tcp"
for _ in $(seq 6); do cat "$tmp/tcp" "$tmp/tcp" >"$tmp/more" &&
	mv "$tmp/more" "$tmp/tcp"; done
cp /proc/net/tcp6 "$tmp/tcp6"

# The runs: a name, and the options.
runs="totals|-s
ports|-P --top=1
proc|-P --source=proc
listeners|-l
processes|-p
users|-b raddr,user
units|-b unit
explanation|--explain time-wait
json|-P -o json
csv|-P -o csv
prometheus|-P -o prometheus
plugin|-P -o nagios --warn=TOTAL=0
file|-f $tmp/tcp -P 127.0.0.1 :7001-7002
change|--baseline=$tmp
namespaces|--all-netns
watch|-P 0.01 3
screen|-P -w 0.01 3
diagnosis|-d 0.01"
names=${FAULTS:-$(echo "$runs" | cut -d'|' -f1)}

# attempt COMMAND...: runs it, and after it tcpstate with the options of $name.
attempt() {
	met=$((met + 1))
	if [ "$name" = screen ]; then
		# Not by exec: script stops itself when its child is stopped.
		echo "$* $tcpstate $options 2>$tmp/err; exit \$?" >"$tmp/command"
		set -- script -qefc "sh $tmp/command" /dev/null
		TERM=xterm timeout -k 1 60 "$@" </dev/null >"$tmp/out" 2>&1
	else
		# shellcheck disable=SC2086
		timeout -k 1 60 "$@" $tcpstate $options </dev/null \
			>"${to:-$tmp/out}" 2>"$tmp/err"
	fi
	status=$?
}

# begin NAME: the run without a fault; also by the source that is read if the
# first one fails, which does not know the limits of accept queues.
begin() {
	name=$1 failed=''
	options="--source=proc $(echo "$runs" | sed -n "s/^$name|//p")"
	attempt
	mv "$tmp/out" "$tmp/proc.out"
	options=${options#* }
	attempt
	mv "$tmp/out" "$tmp/right.out"
	good=$status
	met=0
}

# timeless_all: the output of any format on stdin, without its time.
timeless_all() {
	timeless | sed 's/"time":[^,]*,//; s/^[-0-9]*T[0-9:]*+00:00 //'
}

# shown: the last rows of ports that a terminal got on stdin.
shown() {
	perl -pe 's/\e\[[0-9;?]*[A-Za-z]//g; s/\r//' |
		awk '/^(in|out) +7001( +[0-9]+)+ +[-.]?$/ {
			row[$1] = $3 " " $4 " " $5 " " $6 " " $7
		}
		END { for (dir in row) print dir, row[dir] }' | sort
}

# same FILE: whether the output of the last run is the same.
same() {
	cmp -s "$tmp/out" "$1" && return
	stable=timeless_all
	[ "$name" != screen ] || stable=shown
	$stable <"$tmp/out" >"$tmp/got"
	$stable <"$1" | cmp -s - "$tmp/got"
}

# unknown FILE: what it says that it does not know.
unknown() {
	grep -E '^skipped |unknown' "$1"
}

# says_so: whether the output, or a message that the manual explains, says what
# this user may not see.
says_so() {
	case $name in
	diagnosis | explanation)
		[ "$(unknown "$tmp/out")" != "$(unknown "$tmp/right.out")" ] ;;
	*) grep -q 'unknown processes (-)' "$tmp/err" ;;
	esac
}

# is_failure: whether the last run says that it failed.  One message is for the
# sockets, one for what is read next to them.
is_failure() {
	[ "$status" -ne 0 ] && [ "$status" -ne "$good" ] &&
		[ "$status" -le 127 ] && [ "$status" -ne 124 ] &&
		[ -s "$tmp/err" ] && [ "$(wc -l <"$tmp/err")" -le 2 ]
}

# is_right: whether the last run did what it should.
is_right() {
	case $fault in
	*EACCES) [ "$status" -le 2 ] && says_so && return ;;
	*EINTR) [ "$status" -eq "$good" ] || return ;;
	esac
	if [ "$status" -eq "$good" ]; then
		same "$tmp/right.out" || same "$tmp/proc.out"
	else
		is_failure
	fi
}

# verdict FAULT: the status before it is that of the attempt.
verdict() {
	[ $? -ne 0 ] || return
	failed="$failed $1"
	[ "$(echo "$failed" | wc -w)" -le 3 ] || return
	echo "# $name, $1: status $status, not $good"
	sed 's/^/# stderr: /' "$tmp/err" | head -n 5
	diff "$tmp/right.out" "$tmp/out" | head -n 10 | sed 's/^/# /'
}

# with FAULT COMMAND...: an attempt, and what is made of it.
with() {
	fault=$1
	shift
	attempt "$@"
	is_right
	verdict "$fault"
}

# all_right DESCRIPTION: nothing since begin was wrong.
all_right() {
	is "$name: $1, $met times" "$((met > 0))$failed" 1
}

# Each allocation, alone and with all after it.
memory() {
	preload=LD_PRELOAD=$PWD/tests/nomem.so
	with preloaded env NOMEM_COUNT="$tmp/n" "$preload"
	for n in $(seq "$(cat "$tmp/n")"); do
		with "$n" env NOMEM="$n" "$preload"
		with "$n+" env NOMEM="$n+" "$preload"
	done
}

# errors_of CALL: what may well go wrong with it; nothing if it cannot fail, or
# has no error to return, as brk.
errors_of() {
	case $name,$1 in
	# The names of processes are for all to read.
	namespaces,open*) echo EMFILE ;;
	# What is no terminal has no screen.
	screen,ioctl) ;;
	*,open* | *,socket) echo EMFILE EACCES ;;
	# libc, which reads /etc/passwd, does not try again.
	users,read) echo EIO ;;
	*,read) echo EIO EINTR ;;
	*,readlink*) echo EIO EACCES ;;
	*,write) echo ENOSPC EIO EINTR ;;
	*,send* | *,recv*) echo ENOBUFS EINTR ;;
	*,mmap | *,mremap | *,getrandom) echo ENOMEM ;;
	*,ppoll | *,*nanosleep) echo EINTR EINVAL ;;
	*,setns) echo EPERM ENOMEM ;;
	*,brk | *,exit_group | *,rt_sigreturn | *,get[ug]id | *,gete[ug]id) ;;
	*) echo EIO ;;
	esac
}

# calls_of_main: their names in the trace on stdin, how many calls of that name
# come before main, and how many then.  First of all, main ignores SIGPIPE.
calls_of_main() {
	awk -F'(' '/^rt_sigaction\(SIGPIPE/ { in_main = 1 }
		/^[a-z0-9_]+\(/ { if (in_main) own[$1]++; else before[$1]++ }
		END { for (name in own) print name, before[name] + 0, own[name] }
	    ' | sort
}

# Each system call of main; if there are many of a name, some of them, evenly.
calls() {
	most=16
	with traced strace -o "$tmp/trace"
	calls_of_main <"$tmp/trace" >"$tmp/calls"
	while read -r call before own; do
		step=$(((own + most - 1) / most))
		for error in $(errors_of "$call"); do
			for n in $(seq 1 $step "$own"); do
				when=$((before + n))
				with "$call:$n:$error" strace -o /dev/null \
					-e trace="$call" \
					-e inject="$call:error=$error:when=$when"
			done
		done
	done <"$tmp/calls"
}

# Descriptors; and address space, from where the loader has enough.
limits() {
	for n in 3 4 5 6 7 8; do
		with "$n descriptors" prlimit --nofile=$n
	done
	[ -n "$least" ] || {
		least=2048
		until prlimit --as=$((least * 1024)) $tcpstate --version; do
			least=$((least + 32))
		done
	} >/dev/null 2>&1
	for n in $(seq "$least" 64 $((least + 1024))); do
		with "$n KiB" prlimit --as=$((n * 1024))
	done
}

# is_beginning FILE: whether it is the beginning of the right output, or has
# the time in it.
is_beginning() {
	case $name in
	json | prometheus | watch) ;;
	*) head -c "$(wc -c <"$1")" "$tmp/right.out" | cmp -s - "$1" ;;
	esac
}

# Disks that are full; then after each byte.
disks() {
	size=$(wc -c <"$tmp/right.out")
	to=/dev/full
	attempt
	is_failure
	verdict full
	to=
	for n in $(seq 0 $((size / 40 + 1)) $((size - 1))); do
		met=$((met + 1))
		# A message must fit in, so it goes through a pipe.
		# shellcheck disable=SC2086
		{
			prlimit --fsize="$n" timeout -k 1 60 $tcpstate \
				$options >"$tmp/out" 2>&3
			echo $? >"$tmp/status"
		} 3>&1 | cat >"$tmp/err"
		status=$(cat "$tmp/status")
		is_failure && is_beginning "$tmp/out"
		verdict "$n bytes"
	done
}

# Readers that go away after each byte.
pipes() {
	size=$(wc -c <"$tmp/right.out")
	for n in $(seq 0 $((size / 40 + 1)) "$size"); do
		met=$((met + 1))
		# shellcheck disable=SC2086
		{
			timeout -k 1 60 $tcpstate $options 2>"$tmp/err"
			echo $? >"$tmp/status"
		} | head -c "$n" >"$tmp/out"
		status=$(cat "$tmp/status")
		[ "$status" -eq "$good" ] && [ ! -s "$tmp/err" ] &&
			is_beginning "$tmp/out"
		verdict "$n bytes"
	done
}

# storm SIGNAL...: sends them some thousand times a second to the process in
# $tmp/pid, which needs time to go on.
storm() {
	perl -e 'my $pid;
		until ($pid) {
			open my $f, "<", "$ARGV[0]/pid" or next;
			$pid = <$f>;
		}
		while (1) {
			for (@ARGV[1 .. $#ARGV]) { kill $_, $pid or exit }
			select undef, undef, undef, 0.0002;
		}' "$tmp" "$@" &
	storm=$!
	# shellcheck disable=SC2016
	printf 'echo $$ >%s/pid\nexec "$@"\n' "$tmp" >"$tmp/with_pid"
	with "$*" sh "$tmp/with_pid"
	kill $storm 2>/dev/null
	wait $storm 2>/dev/null
	rm "$tmp/pid"
}

signals() {
	for _ in 1 2 3; do
		storm STOP CONT
		[ "$name" != screen ] || storm WINCH CONT
	done
}

# A full disk is an error of write(2), and no signal.
trap '' XFSZ

# Findings change once sockets have been idle for a minute.
is_old() {
	$tcpstate -d 0.01 | grep -q '^WARNING  *close-wait-leak'
}

can strace -o /dev/null true && traceable=1
for run in $names; do
	[ "$run" != diagnosis ] || until is_old; do sleep 1; done
	begin "$run"
	memory
	all_right 'out of memory'
	[ -z "$traceable" ] || {
		begin "$run"
		calls
		all_right 'failing system calls'
	}
	begin "$run"
	limits
	all_right 'limits'
	begin "$run"
	signals
	all_right 'signals'
	[ "$run" != screen ] || continue
	begin "$run"
	disks
	all_right 'full disks'
	begin "$run"
	pipes
	all_right 'closed pipes'
done
done_testing
