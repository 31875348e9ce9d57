#!/usr/bin/env sh
# -o prometheus: what one run prints of the sockets and, with -d, of the accept
# queues and findings too.
. tests/lib.sh
need_netns

# series NAME: of $out, without the name.
series() {
	echo "$out" | sed -n "s/^$1\([{ ]\)/\1/p"
}

# names: those of $out, in order.
names() {
	echo "$out" | sed -n 's/^# TYPE \([a-z_]*\) gauge$/\1/p' | xargs
}

# sum: of the values of the series on stdin.
sum() {
	awk '{ n += $NF } END { print n + 0 }'
}

# content: whether promtool is, and no series is there twice.
content() {
	if can promtool --version; then
		echo "$out" | promtool check metrics >"$tmp/err" 2>&1 &&
			[ ! -s "$tmp/err" ]
		check "promtool is content: $*"
	fi
	is 'no line is there twice' "$(echo "$out" | sed 's/ [^ ]*$//' |
		grep -v '^# HELP' | sort | uniq -d)" ''
}

counts='tcpstate_build_info tcpstate_sample_timestamp_seconds tcpstate_sockets'
queues='tcpstate_listen_queue tcpstate_listen_queue_limit'
checks='tcpstate_finding tcpstate_check_value tcpstate_check_limit tcpstate_check_skipped'

hold tests/hold
total=$($tcpstate -o json | jq .total)
listeners=$($tcpstate -l -o json | jq -r '.groups[].key |
	"{address=\"\(.address)\",port=\"\(.port)\"}"' | sort -u)
[ "$total" -gt 30 ] && [ "$(echo "$listeners" | wc -l)" -gt 2 ]
check 'there are sockets, and listeners'

for options in '' -P '-b family,port --top=2' '-b raddr' -l '-d 0.1' \
    '-d 0.1 -b family,port --top=50' '-d 0.1 -P --top=1' \
    '-d 0.1 -b process,user --sort=user'; do
	earliest=$(date +%s)
	# shellcheck disable=SC2086
	run $tcpstate -o prometheus $options
	latest=$(date +%s)
	# The sockets that are held may look like trouble.
	case $options in
	-d*) [ "$status" -le 2 ] ;;
	*) [ "$status" -eq 0 ] ;;
	esac && [ -z "$err" ]
	check "the status; no message: $options"
	content "$options"
	wanted=$counts
	case $options in
	-l) wanted="$counts $queues" ;;
	-d*) wanted="$counts $queues $checks" ;;
	esac
	is 'the gauges' "$(names)" "$wanted"
	is 'the version is that of -V' "$(series tcpstate_build_info)" \
		"$($tcpstate -V | sed 's/^tcpstate \(.*\)/{version="\1"} 1/')"
	time=$(series tcpstate_sample_timestamp_seconds)
	matches 'the time has milliseconds' "$time" \
		' [0-9]*[0-9].[0-9][0-9][0-9]'
	time=${time%.*}
	[ "$earliest" -le "${time# }" ] && [ "${time# }" -le "$latest" ]
	check 'it is that of the run'
	# A listener's row has what arrived there, so that these do not add up.
	[ "$options" = -l ] ||
		is 'the sockets add up' "$(series tcpstate_sockets | sum)" "$total"
	for gauge in ${wanted#"$counts"}; do
		case $gauge in
		tcpstate_listen_*)
			is "$gauge: of each listener, whatever --top" \
				"$(series "$gauge" | sed 's/ [0-9]*$//' | sort)" \
				"$listeners"
			;;
		esac
	done
done
is 'a check is skipped, or is not' "$(series tcpstate_check_skipped |
	grep -cE '^{id="[a-z0-9-]+"} [01]$')" 20
run $tcpstate -d 0.1 -o prometheus --state=time-wait
is 'selected states leave out no queue' "$(series tcpstate_listen_queue |
	sed 's/ [0-9]*$//' | sort)" "$listeners"
is 'but sockets' "$(series tcpstate_sockets | sum)" \
	"$($tcpstate -c time-wait)"
content --state
port=$(echo "$listeners" | sed -n '1s/.*port="\([0-9]*\)".*/\1/p')
run $tcpstate -d 0.1 -o prometheus --lport="$port"
is 'a selected port does' "$(series tcpstate_listen_queue |
	sed 's/ [0-9]*$//' | sort)" "$(echo "$listeners" | grep "\"$port\"")"

# Another namespace is entered for the diagnosis, and again for the counts.
if can unshare -n true; then
	mkfifo "$tmp/stop"
	unshare -n sh -c 'ip link set lo up; exec tests/hold 7' \
		<"$tmp/stop" >"$tmp/other" &
	other=$!
	exec 8>"$tmp/stop"
	wait_for grep -q ready "$tmp/other"
	run $tcpstate -d 0.1 -N $other -o prometheus
	is 'another namespace: its sockets and queues' \
		"$status$err $(series tcpstate_sockets | sum) $(
			series tcpstate_listen_queue | wc -l)" '0 7 7'
	content -N
	if can tests/deny setns EPERM true; then
		run tests/deny setns EPERM \
			$tcpstate -d 0.1 -N $other -o prometheus
		is 'also if it cannot be entered' \
			"$status $(series tcpstate_sockets | sum)" '0 7'
	fi
	exec 8>&-
	wait $other
fi
release

# Files are those of another moment.
run $tcpstate -d -P -o prometheus -f tests/data/tcp -f tests/data/tcp6
saved=$out
is 'of files: no time' "$status$err $(names)" \
	"0 tcpstate_build_info tcpstate_sockets $queues $checks"
is 'their sockets' "$(series tcpstate_sockets | sum)" 63
content files
run $tcpstate -d -P -o prometheus -f tests/data/tcp -f tests/data/tcp6
is 'the same files, the same output' "$out" "$saved"
run sh -c "$tcpstate -o prometheus -f - <tests/data/tcp"
is 'of files without -d too' "$(names)" \
	'tcpstate_build_info tcpstate_sockets'
mkdir -p "$tmp/copy/net"
cp tests/data/tcp tests/data/tcp6 "$tmp/copy/net"
run $tcpstate --proc="$tmp/copy" -o prometheus
is 'and of a copy of a proc' "$status$err $(names)" \
	'0 tcpstate_build_info tcpstate_sockets'
cp -R "$tmp/copy" "$tmp/later"
row 06 9000 80 >>"$tmp/later/net/tcp"
echo 100.00 1.00 >"$tmp/copy/uptime"
echo 103.00 1.00 >"$tmp/later/uptime"
run $tcpstate -d --proc="$tmp/later" --baseline="$tmp/copy" -P -o prometheus
is 'a diagnosis that compares two counts the later one' \
	"$status $(series tcpstate_sockets | sum)" '0 64'
content --baseline

# What could not be counted is not printed, and the status says so.
# The table is read for the diagnosis, for the sockets, and for the queues.
for time in 1 2 3; do
	if can strace -o /dev/null true; then
		run strace -qq -o /dev/null -P "$PWD/tests/data/tcp" \
			-e inject="?open,openat:error=EACCES:when=$time" \
			$tcpstate -d -o prometheus -f "$PWD/tests/data/tcp"
		is "reading fails the ${time}. time: nothing on stdout" \
			"$status$out $err" \
			"3 tcpstate: $PWD/tests/data/tcp: Permission denied"
	fi
done
run $tcpstate -d -o prometheus -N /nonexistent
matches 'no namespace' "$status$out $err" '3 tcpstate: /nonexistent: *'
run sh -c "$tcpstate -d 0.1 -o prometheus >/dev/full"
is 'a full disk' "$status $err" \
	'3 tcpstate: standard output: No space left on device'

# wrong MESSAGE OPTION...
wrong() {
	message=$1
	shift
	run $tcpstate "$@"
	is "wrong usage: $*" "$status$out $err" \
		"3 tcpstate: $message Try 'tcpstate --help'."
}
for options in '-P' '-b family,port -j' '-p -o csv'; do
	# shellcheck disable=SC2086
	wrong "'--diagnose' excludes grouping, as by '--by', except with format 'prometheus'." \
		-d $options
done
wrong "'--diagnose' and '--listeners' exclude each other." -d -l -o prometheus
wrong "'-f -' can be read only once, not by '--diagnose' with format 'prometheus'." \
	-d -f - -o prometheus
done_testing
