#!/bin/sh
# Runs fuzz targets for some seconds each, JOBS of them at once; with 0 seconds
# only replays what is known.  "make fuzz" runs it; see README.
#
#	sh tests/fuzz/fuzz.sh SECONDS JOBS TARGET...
set -eu
seconds=$1 jobs=$2
shift 2

# What targets write is in memory, and removed even if they crash.
if [ -z "${FUZZ_TMP-}" ]; then
	[ ! -w /dev/shm ] || TMPDIR=/dev/shm
	export TMPDIR
	FUZZ_TMP=$(mktemp -d)
	TMPDIR=$FUZZ_TMP
	export FUZZ_TMP
	trap 'rm -rf "$FUZZ_TMP"' EXIT
	trap 'exit 1' HUP INT TERM
fi
if [ $# -gt 1 ]; then
	printf '%s\n' "$@" |
		xargs -P "$jobs" -n 1 sh "$0" "$seconds" 1
	exit
fi
target=$1
found=tests/fuzz/found/$target
mkdir -p "$found"

# Words that inputs may contain.
words() {
	case $target in
	argv) ./tcpstate --help | tr -s ' ,.' '\n' ;;
	proc) tr -s ' ' '\n' <tests/data/tcp ;;
	tree) sed -n 's|^@proc/|@|p' tests/fuzz/files.txt ;;
	esac
}
{
	echo '# Words' # as libFuzzer refuses an empty file
	words | sort -u | sed -n 's/["\\]/\\&/g; s/..*/"&"/p'
} >"$found.dict"

# fuzz OPTION...
fuzz() {
	tests/fuzz/build/"$target" -timeout=20 -print_final_stats=1 \
		-artifact_prefix="$found-" -dict="$found.dict" "$@" \
		"$found" "tests/fuzz/corpus/$target" >>"$found.log" 2>&1
}

# What leaves by exit() never frees its memory: begin again at times.
rounds() {
	now=$(date +%s)
	end=$((now + seconds))
	[ "$seconds" -gt 0 ] || fuzz -runs=0 || return 1
	while [ "$now" -lt "$end" ]; do
		left=$((end - now))
		[ $left -lt 600 ] || left=600
		fuzz -max_total_time=$left || return 1
		now=$(date +%s)
	done
}

: >"$found.log"
if rounds; then
	awk -v target="$target" '/number_of_executed_units/ { n += $2 }
		END { print target ": " n " inputs, no fault" }' "$found.log"
	exit
fi
file=$(sed -n 's/.*Test unit written to //p' "$found.log")
grep -v -e ' in fuzzer::' -e 'NEW ' -e 'REDUCE ' -e 'pulse ' "$found.log" |
	tail -n 60
echo "$target: it failed; see $found.log"
# What it writes is where make clean removes it.
[ -z "$file" ] || echo "$target: reproduce it by:" \
	"TMPDIR=tests/fuzz/build tests/fuzz/build/$target $file"
exit 1
