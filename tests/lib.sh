# TAP for the shell tests, and what they share.  To be sourced from the top
# directory, where prove runs the tests.
# shellcheck shell=sh disable=SC2034

# Root runs each test again with a network, processes and mounts of its own, so
# that it neither sees nor disturbs what runs at the same time.
if [ -z "$TCPSTATE_TEST_NETNS" ] &&
	unshare -npf --mount-proc true 2>/dev/null; then
	TCPSTATE_TEST_NETNS=1 exec unshare -npf --kill-child --mount-proc "$0"
fi
in_netns=$TCPSTATE_TEST_NETNS
# A test that is run by another one has its own again.
unset TCPSTATE_TEST_NETNS

# Some tests run files of theirs as another user.
umask 022
PATH=$PATH:/usr/sbin:/sbin
LC_ALL=C
unset NO_COLOR TZ PROC_ROOT POSIXLY_CORRECT
export LC_ALL
tcpstate=./tcpstate
tests_run=0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# Sanitizers end a program with a signal too.
ASAN_OPTIONS=abort_on_error=1${ASAN_OPTIONS:+:$ASAN_OPTIONS}
UBSAN_OPTIONS=abort_on_error=1${UBSAN_OPTIONS:+:$UBSAN_OPTIONS}
export ASAN_OPTIONS UBSAN_OPTIONS
crashes=$PWD/tests/crashes

# check DESCRIPTION: passes if the last command succeeded.
check() {
	check_status=$?
	tests_run=$((tests_run + 1))
	if [ $check_status -eq 0 ]; then
		echo "ok $tests_run - $1"
		return
	fi
	echo "not ok $tests_run - $1"
	[ -s "$tmp/err" ] && sed 's/^/# stderr: /' "$tmp/err"
	return 0
}

# is DESCRIPTION GOT WANTED
is() {
	[ "$2" = "$3" ]
	check "$1"
	[ "$2" = "$3" ] || {
		printf '%s\n' "$2" | sed 's/^/# got:    /'
		printf '%s\n' "$3" | sed 's/^/# wanted: /'
	}
}

# matches DESCRIPTION TEXT PATTERN: PATTERN as of case.
matches() {
	# shellcheck disable=SC2254
	case $2 in
	$3) true ;;
	*) false ;;
	esac
	check "$1"
}

# run COMMAND...: leaves $status, $out and $err.
run() {
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	status=$?
	out=$(cat "$tmp/out")
	err=$(cat "$tmp/err")
}

# own_processes: whether this test sees no others, nor their namespaces.
own_processes() {
	[ $$ -eq 1 ] || {
		echo 'not in a PID namespace of its own' >&2
		return 1
	}
}

# note_crashes: from now on.  The kernel does it, for the processes of this test.
note_crashes() {
	own_processes && "$crashes" start "$tmp/deaths"
}

# done_testing: ends each test.  A crash is a failure, even in a pipe.
done_testing() {
	killed_by=$("$crashes" list "$tmp/deaths" tcpstate 2>/dev/null)
	if [ -n "$killed_by" ]; then
		false
		check 'tcpstate does not crash'
		echo "$killed_by" | sort -u | sed 's/^/# killed by /'
	fi
	echo "1..$tests_run"
}

# may_skip REASON: fails where TCPSTATE_NO_SKIP is set; elsewhere the reason is
# one of those that make check lists in the end.
may_skip() {
	[ -z "$TCPSTATE_NO_SKIP" ] || return
	[ -z "$TCPSTATE_SKIPPED" ] || echo "$0: $1" >>"$TCPSTATE_SKIPPED"
}

# skip_all REASON: leaves out all of a test, before its first check.
skip_all() {
	if may_skip "$1"; then
		echo "1..0 # SKIP $1"
		exit 0
	fi
	echo "Bail out! must not be skipped: $1"
	exit 1
}

# can COMMAND...: whether the tests that need it can be run; else tells why not.
can() {
	"$@" >/dev/null 2>"$tmp/why" && return
	why=$(head -n 1 "$tmp/why")
	why=$(printf %s "cannot $*${why:+: $why}" | tr -s '[:space:]' ' ')
	tests_run=$((tests_run + 1))
	if may_skip "$why"; then
		echo "ok $tests_run # SKIP $why"
	else
		echo "not ok $tests_run - $why"
	fi
	return 1
}

# The column titles of tcp.
header() {
	echo '  sl  local_address rem_address   st tx_queue rx_queue tr' \
	    'tm->when retrnsmt   uid  timeout inode'
}

# row STATE LPORT RPORT [COUNT]: rows of tcp; STATE as two hex digits.
row() {
	awk -v st="$1" -v lport="$2" -v rport="$3" -v n="${4:-1}" 'BEGIN {
		while (n-- > 0)
			printf "%4d: 0100007F:%04X 0200007F:%04X %s " \
			    "00000000:00000000 00:00000000 00000000     0" \
			    "        0 1 1 0 20 4 30 10 -1\n", n, lport, rport, st
	}'
}

# row6 STATE LPORT RPORT [COUNT]: the same of tcp6.
row6() {
	row "$@" | sed 's/0100007F:/00000000000000000000000001000000:/
	    s/0200007F:/00000000000000000000000002000000:/'
}

# count STATE: the last field of that row of a table on stdin.
count() {
	awk -v state="$1" '$1 == state { print $NF }'
}

# occurring: a breakdown on stdin, fields by one blank, without the states in
# which there is no socket.
occurring() {
	awk '{
		for (i = 1; i <= NF; i++) {
			field[NR, i] = $i
			if ($i "" != "0" && $i !~ /^(LISTEN|SYN_SENT|SYN_RECV|ESTABLISHED|FIN_WAIT[12]|CLOSING|TIME_WAIT|CLOSE_WAIT|LAST_ACK|CLOSE)$/)
				shown[i] = 1
		}
		n = NF
	}
	END {
		for (row = 1; row <= NR; row++) {
			line = ""
			for (i = 1; i <= n; i++)
				if (i in shown)
					line = line " " field[row, i]
			print substr(line, 2)
		}
	}'
}

# wait_for COMMAND...: until it succeeds, for a minute at most.
wait_for() {
	for _ in $(seq 600); do
		"$@" 2>/dev/null && return
		sleep 0.1
	done
	return 1
}

# background COMMAND...: starts it; what it prints is in $tmp/log, its messages
# are in $tmp/err, its pid is $pid.
background() {
	# What the one before wrote would be taken for its own.
	rm -f "$tmp/log" "$tmp/err"
	"$@" >"$tmp/log" 2>"$tmp/err" &
	pid=$!
}

# ready COMMAND...: starts what says when it is ready, and waits for it; its pid
# is $pid.  Fails if it is not ready in time.
ready() {
	rm -f "$tmp/ready"
	"$@" >"$tmp/ready" &
	pid=$!
	wait_for grep -q ready "$tmp/ready"
}

# timeless: the exposition on stdin, without the time of the sample.
timeless() {
	sed '/^tcpstate_sample_timestamp_seconds /d'
}

# nobody COMMAND...: as a user without any right.
nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

# with_etc FILE COMMAND...: where $tmp/FILE is /etc/FILE.
with_etc() {
	# shellcheck disable=SC2016
	unshare -rm sh -c 'mount --bind "$0/$1" "/etc/$1" && shift && exec "$@"' \
		"$tmp" "$@"
}

# hold COMMAND...: starts what holds sockets until release; what it prints is
# in $tmp/held, its pid $holder.  Fails if it is not ready in time.
hold() {
	rm -f "$tmp/go" "$tmp/held"
	mkfifo "$tmp/go"
	"$@" <"$tmp/go" >"$tmp/held" &
	holder=$!
	exec 9>"$tmp/go"
	wait_for grep -q ready "$tmp/held"
}

# release: its status is the holder's.
release() {
	exec 9>&-
	wait "$holder"
}

# need_netns: for a test that opens sockets.  Whoever is not root may be so in a
# user namespace, and runs the test again there.
need_netns() {
	[ -r /proc/self/net/tcp ] || skip_all 'no /proc/net/tcp'
	if [ -z "$in_netns" ]; then
		for unshare in 'unshare -n' \
		    'unshare -rnpf --kill-child --mount-proc' 'unshare -rn'; do
			# No trap survives exec to remove $tmp.
			$unshare true 2>/dev/null && rm -rf "$tmp" &&
				TCPSTATE_TEST_NETNS=1 exec $unshare "$0"
		done
		skip_all 'no network namespace available'
	fi
	ip link set lo up || skip_all 'no loopback interface'
}

note_crashes 2>/dev/null
true
