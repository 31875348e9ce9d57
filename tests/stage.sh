# Staged incidents, and what tcpstate -d makes of them.  To be sourced after
# lib.sh, by a test that needs a network namespace.
# shellcheck shell=sh disable=SC2034,SC2154

can_stage() {
	can unshare -n ip link add near type veth peer name far
}

# diagnose NAME [-x] INCIDENT [N...]: stages it in a network namespace of its
# own, and diagnoses it, in the background; with -x from /proc/net/tcp as well.
# After wait, result tells the outcome.
diagnose() {
	dir=$tmp/$1
	mkdir "$dir"
	shift
	: >"$dir/facts"
	if [ "$1" = -x ]; then
		shift
		: >"$dir/by_proc"
	fi
	# What is left of the pipe is what stage waits for the end of.
	# shellcheck disable=SC2016
	timeout 300 unshare -n sh -c '
		dir=$1 tcpstate=$2
		shift 2
		{
			until grep -q ready "$dir/facts"; do
				[ ! -e "$dir/failed" ] || exit
				sleep 0.1
			done
			if [ -e "$dir/by_proc" ]; then
				"$tcpstate" -d 2 --source=proc >"$dir/by_proc" &
			fi
			"$tcpstate" -d 2 >"$dir/out" 2>"$dir/err"
			echo $? >"$dir/status"
			wait
		} | {
			tests/stage "$@" >"$dir/facts" 2>"$dir/stage" ||
				: >"$dir/failed"
		}' sh "$dir" "$tcpstate" "$@" &
}

# result NAME: sets $status, $out and $err, and $pid to that of the culprit.
result() {
	dir=$tmp/$1
	status=$(cat "$dir/status" 2>/dev/null || cat "$dir/stage")
	out=$(cat "$dir/out" 2>/dev/null)
	err=$(cat "$dir/err" 2>/dev/null)
	pid=$(sed -n 's/^pid=\([0-9]*\) .*/\1/p' "$dir/facts")
	# For check, in case of a failure.
	cat "$dir/out" "$dir/err" >"$tmp/err" 2>/dev/null
}

# judgement: severities and ids of what was found, but for notes.
judgement() {
	awk '/^(CRITICAL|WARNING) / { print $1, $2 }' | xargs
}

# found NAME [STATUS FINDING]: nothing else is found in it but notes, on stderr
# is nothing, and the last line tells how many checks there were.
found() {
	result "$1"
	is "$1: ${3:-nothing}" "$status$err $(echo "$out" | judgement)" \
		"${2:-0} ${3-}"
	matches "$1: how many checks were made" "$(echo "$out" | tail -n 1)" \
		'[1-9]* checks*'
	[ ! -e "$dir/by_proc" ] || is "$1: ${3:-nothing}, from /proc too" \
		"$(judgement <"$dir/by_proc")" "${3-}"
}

# noted NAME ID: nothing is found but notes, one of which is this.
noted() {
	found "$1"
	echo "$out" | grep -Eq "^NOTE +$2 "
	check "$1: the note $2"
}

# names WORD...: the summary of each finding of the result has each of these
# words, or one of several (a|b).
names() {
	for word; do
		echo "$out" | sed -En 's/^(CRITICAL|WARNING) +[^ ]+ +//p' |
			grep -Eq "(^|[^0-9a-z])($word)([^0-9a-z]|\$)"
		check "... which names $word"
	done
}

# says WORD...: the lines of the result have each of these words.
says() {
	for word; do
		echo "$out" | grep -Eq "(^|[^0-9a-z])($word)([^0-9a-z]|\$)"
		check "... which says $word"
	done
}
