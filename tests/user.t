#!/usr/bin/env sh
# Sockets of a user who is not root, in every state.
. tests/lib.sh
enter_netns "$0"

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
	"$($tcpstate -b user --state=time-wait,syn-recv -H | tr -s ' ')" \
	'- 3 3 6'
is 'the rest is the owner'\''s, by number' \
	"$($tcpstate -b user --state=listen,close-wait -H | tr -s ' ')" \
	'1234 9 6 15'
release

# Two users of one name.
printf 'twin:x:1:1::/:/bin/sh\ntwin:x:2:2::/:/bin/sh\n' >"$tmp/passwd"
for uid in 1 2; do
	row 01 80 40000 | sed "s/     0        0 1 1/     $uid        0 1 1/"
done >"$tmp/table"
if can with_passwd true; then
	is 'of namesakes the second one is shown by number' \
		"$(with_passwd $tcpstate -b user -H -f "$tmp/table" |
			tr -s ' ')" \
		'twin 1 1
2 1 1'
fi
done_testing
