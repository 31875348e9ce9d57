#!/usr/bin/env sh
# Sockets of a user who is not root, in every state.
. tests/lib.sh
need_netns

other() {
	setpriv --reuid=1234 --regid=1234 --clear-groups "$@"
}
can other true || {
	done_testing
	exit
}
cp tests/hold "$tmp/hold"
chmod 755 "$tmp" "$tmp/hold"
hold other "$tmp/hold"
check 'sockets in ten states'

for options in '-b user' '-b user,family' '-b user --state=syn-recv' \
    '-b user --state=bucket' '-b user,port'; do
	# shellcheck disable=SC2086
	is "the same from both sources: $options" \
		"$($tcpstate $options --source=proc)" \
		"$($tcpstate $options --source=sock_diag)"
done
is 'what nobody owns any more, or yet, is nobody'\''s' \
	"$($tcpstate -b user --state=time-wait,syn-recv -H | occurring)" \
	'- 3 3 6'
is 'the rest is the owner'\''s, by number' \
	"$($tcpstate -b user --state=listen,close-wait -H | occurring)" \
	'1234 9 6 15'
release

# Two users of one name.
printf 'twin:x:1:1::/:/bin/sh\ntwin:x:2:2::/:/bin/sh\n' >"$tmp/passwd"
for uid in 1 2; do
	row 01 80 40000 | sed "s/     0        0 1 1/     $uid        0 1 1/"
done >"$tmp/table"
if can with_etc passwd true; then
	is 'of namesakes the second one is shown by number' \
		"$(with_etc passwd $tcpstate -b user -H -f "$tmp/table" |
			occurring)" \
		'twin 1 1
2 1 1'
	printf '2:x:1:1::/:/bin/sh\n' >"$tmp/passwd"
	is 'and so is one that is called like the number of another' \
		"$(with_etc passwd $tcpstate -b user -H -f "$tmp/table" |
			cut -d' ' -f1 | xargs)" '1 2'
	for uid in $(seq 100); do
		row 01 80 40000 |
			sed "s/     0        0 1 1/     $uid        0 1 1/"
	done >"$tmp/table"
	if can strace -o /dev/null true; then
		with_etc passwd strace -o "$tmp/trace" -e trace=openat \
			$tcpstate -b user --top=3 -f "$tmp/table" >"$tmp/out"
		[ "$(grep -c /etc/passwd "$tmp/trace")" -le 6 ]
		check 'only those that are shown are looked up'
		printf 'u9:x:9:1::/:/bin/sh\n' >"$tmp/passwd"
		matches 'and those that an alert is about' \
			"$(with_etc passwd $tcpstate -b user --top=3 -o nagios \
			    --warn=TOTAL=0 -f "$tmp/table")" '*u9: TOTAL 1 *'
	fi
fi
done_testing
