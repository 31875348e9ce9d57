#!/bin/sh
# make bench: tcpstate beside its peers, in the same run, as ratios.
#
# Needs hyperfine, jq, script and GNU time.  Loads only a network namespace of
# its own, and ends what it starts.
set -eu

tcpstate=./tcpstate
unset TCPSTATE_TEST_NETNS
for tool in hyperfine jq mawk netstat script ss unshare /usr/bin/time; do
	command -v $tool >/dev/null || {
		echo "bench: $tool is not installed" >&2
		exit 1
	}
done

if [ "${1-}" != inside ]; then
	for unshare in 'unshare -n' 'unshare -rn'; do
		$unshare true 2>/dev/null && exec $unshare sh "$0" inside
	done
	echo 'bench: no network namespace to be had' >&2
	exit 1
fi
ip link set lo up
tmp=$(mktemp -d)
trap 'exec 9>&-; rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# time_them RUNS COMMAND...: the times of each command, for ratio and share.
time_them() {
	runs=$1
	shift
	hyperfine -N --warmup 2 --runs "$runs" --export-json "$tmp/times" "$@" \
		>/dev/null 2>&1
}

# ratio BAR TEXT: how long the first command took, the second being 1.
ratio() {
	jq -r --arg bar "$1" --arg text "$2" '.results |
		"\(.[0].median / .[1].median * 1000 | round / 1000)" +
		"  (\($bar))  \($text)"' "$tmp/times"
}

# cpu_ratio BAR TEXT: the same of user and system time.
cpu_ratio() {
	jq -r --arg bar "$1" --arg text "$2" '.results |
		map(.user + .system) | "\(.[0] / .[1] * 1000 | round / 1000)" +
		"  (\($bar))  \($text)"' "$tmp/times"
}

# screen_ratio BAR TEXT: user and system time of a sample of the screen, that of
# a run without options being 1.
screen_ratio() {
	script -qec "stty cols 80 rows 24; TERM=xterm /usr/bin/time \
		-f '%U %S' -o '$tmp/screen' $tcpstate 0.2 20" /dev/null \
		</dev/null >/dev/null
	time_them 20 $tcpstate
	jq -r --arg bar "$1" --arg text "$2" \
		--arg screen "$(cat "$tmp/screen")" '.results[0] |
		($screen | split(" ") | map(tonumber) | add / 20) /
			(.user + .system) * 1000 | round / 1000 |
		"\(.)  (\($bar))  \($text)"' "$tmp/times"
}

# load ARGUMENT...: tests/load until unload.
load() {
	mkfifo "$tmp/go"
	tests/load "$@" <"$tmp/go" >"$tmp/ready" &
	load=$!
	exec 9>"$tmp/go"
	until grep -q ready "$tmp/ready"; do
		kill -0 $load
		sleep 0.1
	done
}

unload() {
	# It must have been there to the end.
	kill -0 $load
	exec 9>&-
	wait $load
	rm "$tmp/go"
}

# rss COMMAND...: its resident memory in KiB.
rss() {
	/usr/bin/time -f %M -o "$tmp/rss" "$@" >/dev/null
	cat "$tmp/rss"
}

echo "ratios (and bars), $(uname -sr), $(nproc) CPUs"

echo
echo 'a saved file of 1,000,000 rows'
awk 'BEGIN {
	srand(1)
	print "  sl  local_address rem_address   st tx_queue rx_queue tr " \
	    "tm->when retrnsmt   uid  timeout inode"
	# Listeners come first, as the kernel has them.
	for (i = 1; i <= 3; i++)
		printf "%4d: 00000000:%04X 00000000:0000 0A " \
		    "00000000:00000000 00:00000000 00000000     0        0 " \
		    "%d 1 0000000000000000 100 0 0 10 0\n", i,
		    i == 1 ? 443 : i == 2 ? 80 : 8080, i
	split("1 1 1 1 6 6 6 4 5 8", state)
	split("443 443 443 80 8080 0 0 0 0 0", service)
	split("5432 3306 6379 443 9092", remote)
	for (i = 0; i < 1000000; i++) {
		lport = service[int(rand() * 10) + 1]
		rport = 1024 + int(rand() * 64000)
		if (lport == 0) {
			lport = 32768 + int(rand() * 28000)
			rport = remote[int(rand() * 5) + 1]
		}
		row = sprintf("%4d: 0100000A:%04X %08X:%04X %02X " \
		    "00000000:00000000 00:00000000 00000000  1000        0 " \
		    "%d 1 0000000000000000 20 4 30 10 -1", i, lport,
		    int(rand() * 2147483647), rport,
		    state[int(rand() * 10) + 1], 10000 + i)
		printf "%-149s\n", row
	}
}' >"$tmp/million"
# shellcheck disable=SC2016
mawk="mawk 'NR>1{d[\$4]++}' $tmp/million"
time_them 20 "$tcpstate -f $tmp/million" "$mawk"
ratio 'at most 0.2' "totals, to mawk 'NR>1{d[\$4]++}'"
time_them 20 "$tcpstate -P -f $tmp/million" "$mawk"
ratio 'at most 0.5' '-P, to the same'
sed 2,4d "$tmp/million" >"$tmp/deaf"
time_them 20 "$tcpstate -P -f $tmp/deaf" "$mawk"
ratio 'at most 0.5' '-P where nobody listens, so that all wait for who might'
echo "$(rss $tcpstate -f "$tmp/million") KiB  (under 4096)  resident, totals"
echo "$(rss $tcpstate -P -f "$tmp/million") KiB  resident, -P"

echo
echo 'a saved file of 100,000 distinct peers, a row each'
awk 'BEGIN {
	for (i = 0; i < 100000; i++)
		printf "%4d: 0100000A:01BB %08X:%04X 01 " \
		    "00000000:00000000 00:00000000 00000000  1000        0 " \
		    "%d 1 0000000000000000 20 4 30 10 -1\n", i,
		    65536 + i * 16001, 1024 + i % 60000, 10000 + i
}' >"$tmp/peers"
for format in json csv prometheus; do
	time_them 20 "$tcpstate -f $tmp/peers -b raddr -o $format" \
		"$tcpstate -f $tmp/peers -b raddr"
	ratio 'at most 1.5' "-b raddr -o $format, to the table"
done

cat='cat /proc/net/tcp /proc/net/tcp6'
ss="sh -c \"ss -nat | awk 'NR>1 { d[\\\$1]++ }
	END { for (i in d) print i, d[i] }'\""
netstat="sh -c \"netstat -nat | awk '/^tcp/ {++S[\\\$NF]}
	END {for(a in S) print a, S[a]}'\""

# to_peers RUNS SS NETSTAT CPU: the live table, and the bars.
to_peers() {
	time_them "$1" $tcpstate "$ss"
	ratio "at most $2" 'to ss -nat | awk'
	cpu_ratio "at most $4" 'of its cpu time'
	time_them "$1" $tcpstate "$netstat"
	ratio "at most $3" 'to netstat -nat | awk'
	time_them $(($1 * 2)) $tcpstate tests/drain
	ratio 'at most 1.1' 'to recv() of the same dump alone'
	time_them "$1" "$tcpstate -P" $tcpstate
	ratio 'at most 1.15' '-P, to -s'
	echo "$(rss $tcpstate) KiB  (under 4096)  resident, totals"
}

echo
echo 'an idle machine'
to_peers 200 0.5 0.15 0.4

echo
echo 'the same, --source=proc'
time_them 200 "$tcpstate --source=proc" "$cat"
ratio 'at most 0.6' "to $cat"

echo
echo '100,000 ESTABLISHED and 30,000 TIME_WAIT'
load -w 30000 50000 7000
to_peers 10 0.4 0.25 0.36
time_them 10 "$tcpstate -d 0.5" $tcpstate
cpu_ratio 'at most 3' '-d, to -s: of its cpu time'
screen_ratio 'at most 1.15' 'a sample of the screen, to -s: of its cpu time'
echo "$(rss $tcpstate -d 0.5) KiB  (under 65536)  resident, -d"
unload

echo
echo '100,000 sockets, --source=proc'
load 50000 7000
time_them 20 "$tcpstate --source=proc" "$cat"
ratio 'at most 1' "to $cat"
jq -r '.results[0] | "\(.user / .mean * 1000 | round / 1000)" +
	"  (under 0.1)  of it in user space"' "$tmp/times"
time_them 10 "$tcpstate --source=proc" "$netstat"
ratio 'at most 0.6' 'to netstat -nat | awk'
echo "$(rss $tcpstate --source=proc) KiB  (under 4096)  resident, totals"
unload

echo
echo '100,000 connections, each from an address of its own'
load -d 100000 7000
time_them 10 "$tcpstate --by=raddr" $tcpstate
ratio 'at most 1.45' '--by=raddr, to -s'
echo "$(rss $tcpstate --by=raddr) KiB  (under 65536)  resident"
unload

echo
echo '20,000 descriptors'
load 10000 7000
time_them 10 "$tcpstate -p" "sh -c 'ls -l /proc/*/fd; true'"
ratio 'at most 1.2' '-p, to ls -l /proc/*/fd'
unload

echo
echo '20,000 steady connections'
for source in sock_diag proc; do
	load 20000 7000
	time_them 60 "$tcpstate -P --source=$source"
	quiet=$(jq '.results[0].median' "$tmp/times")
	unload
	load 20000 7000 5000 7500
	time_them 60 "$tcpstate -P --source=$source"
	unload
	jq -r --argjson quiet "$quiet" --arg source $source '.results[0] |
		"\(.max / $quiet * 100 | round / 100)  (at most 2)  " +
		"\($source): the slowest of 60 readings while 5,000 new " +
		"ones come a second, to a quiet one"' "$tmp/times"
done
