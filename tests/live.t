#!/usr/bin/env sh
# The live tables, in a network namespace with sockets in every state.
. tests/lib.sh
need_netns

run $tcpstate
is 'nothing at all is eleven zeros' "$status$err $(echo "$out" |
	awk 'NR > 1 && $2 + $3 + $4 == 0' | wc -l)" '0 12'

# Tables whose end falls on the end of a page, and around it.
# Rows of tcp6 are longer, of more than one length, and fewer to a page.
failed=
for n in 1 25 26 27 28 52 53 54 55 79 80 81 107 108 500; do
	hold tests/hold $n
	got=$($tcpstate -4 --source=proc | count LISTEN)
	[ "$got" = $n ] || failed="$failed $n:$got"
	release
done
for n in 1 21 22 23 24 44 45 46 47 48 500 4000; do
	hold tests/hold $n 6
	got=$($tcpstate -6 --source=proc | count LISTEN)
	[ "$got" = $n ] || failed="$failed tcp6:$n:$got"
	release
done
is 'tables of as many rows as fill pages, and of some more or less' \
	"$failed" ''

hold tests/hold
check 'sockets in ten states, of IPv4, IPv6 and v4-mapped'
run $tcpstate
is 'exit status 0, and nothing on stderr' "$status$err" 0
is 'the counts of tcp are the known ones' \
	"$(echo "$out" | awk '$1 !~ /STATE|TOTAL/ { print $1, $2 }' | sort)" \
	"$(awk '$1 == "tcp" { print $2, $3 }' "$tmp/held" | sort)"
is 'so are those of tcp6' \
	"$(echo "$out" | awk '$1 !~ /STATE|TOTAL/ { print $1, $3 }' | sort)" \
	"$(awk '$1 == "tcp6" { print $2, $3 }' "$tmp/held" | sort)"

# The one-liners, as in the README.
# shellcheck disable=SC2016
{
	netstat -n | awk '/^tcp/ {++S[$NF]} END {for(a in S) print a, S[a]}' |
		sort >"$tmp/netstat"
	ss -nat | awk 'NR>1 { d[$1]++ } END { for (i in d) print i, d[i] }' |
		sort >"$tmp/ss"
}
$tcpstate -o netstat | sort | cmp -s - "$tmp/netstat"
check '-o netstat is what the netstat one-liner prints'
$tcpstate -o ss | sort | cmp -s - "$tmp/ss"
check '-o ss is what the ss one-liner prints'
is '-4 counts as ss -4 does' "$($tcpstate -4 | count TOTAL)" \
	"$(ss -H -nat -4 | wc -l)"
is '-6 counts as ss -6 does' "$($tcpstate -6 | count TOTAL)" \
	"$(ss -H -nat -6 | wc -l)"

# Ports, against what ss has of each listener's.
for port in 7001 7002 7003 7101 7102 7103 7201 7202 7203; do
	ss -H -nat "sport = :$port" | wc -l | sed "s/^/in $port /"
	ss -H -nat "dport = :$port" | wc -l | sed "s/^/out $port /"
done | sort >"$tmp/ss"
$tcpstate -P | awk 'NR > 1 { print $1, $2, $NF }' | sort >"$tmp/ports"
cmp -s "$tmp/ports" "$tmp/ss"
check '-P has of each port what ss has'
is '-P adds up' "$($tcpstate -P | awk '{ n += $NF } END { print n }')" \
	"$($tcpstate | count TOTAL)"

# Elsewhere.
run $tcpstate -f /proc/net/tcp -f /proc/net/tcp6
is '-f reads the live files too' "$out" "$($tcpstate)"
cat /proc/net/tcp6 /proc/net/tcp >"$tmp/saved"
is 'a saved copy is counted like the live table' \
	"$($tcpstate -P -f "$tmp/saved")" "$($tcpstate -P)"
if can nobody true; then
	cp $tcpstate "$tmp/tcpstate"
	chmod 755 "$tmp" "$tmp/tcpstate"
	is 'an unprivileged user sees the same' \
		"$(nobody "$tmp/tcpstate" -P)" "$($tcpstate -P)"
fi
pids_only='mount -t proc -o subset=pid proc /proc'
if can unshare -m sh -c "$pids_only"; then
	is 'so does who sees processes alone in /proc' \
		"$(unshare -m sh -c "$pids_only && $tcpstate --source=proc")" \
		"$($tcpstate)"
fi
release

# A /proc that lacks one thing or another.
mkdir "$tmp/net"
masked="mount --bind '$tmp/net' /proc/\$\$/net && exec $tcpstate --source=proc"
if can unshare -m sh -c "mount --bind '$tmp/net' /proc/\$\$/net"; then
	run unshare -m sh -c "$masked"
	is 'without a table there are no zeros' "$status $out$err" \
		'1 tcpstate: /proc/self/net/tcp: No such file or directory'
	cp tests/data/tcp "$tmp/net"
	run unshare -m sh -c "$masked"
	is 'IPv6 may be off' "$status$err $(echo "$out" | count TOTAL)" '0 21'
	run unshare -m sh -c "$masked -P"
	is 'also in a breakdown' "$status$err $(echo "$out" | wc -l)" '0 7'
	run unshare -m sh -c "$masked -6"
	is 'but not where it was asked for' "$status $out$err" \
		'1 tcpstate: /proc/self/net/tcp6: No such file or directory'
	: >"$tmp/net/tcp6"
	run unshare -m sh -c "$masked"
	is 'a table that is masked is no zero' "$status $out$err" \
	    '1 tcpstate: /proc/self/net/tcp6: empty, without even a header'
	mkdir "$tmp/sys"
	run unshare -m sh -c "mount --bind '$tmp/sys' /proc/sys
		exec $tcpstate -P"
	matches 'a port range that cannot be read is told' "$status $err" \
		'1 tcpstate: /proc/sys/net/ipv4/ip_local_port_range: No such*'
fi

# The ephemeral range is the namespace's own.  What the sockets above left
# behind is out to their ports; with these ports in the range it is in.
range=/proc/sys/net/ipv4/ip_local_port_range
if can test -w $range; then
	matches 'without their listeners, sockets are of the port outside' \
		"$($tcpstate -P)" '*out  7001*'
	echo '7000 7300' >$range
	is 'of the range that the namespace has' \
		"$($tcpstate -P | grep -c ' 7[0-9]01 ')" 0
fi
done_testing
