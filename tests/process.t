#!/usr/bin/env sh
# Whose sockets they are.
. tests/lib.sh
need_netns

# Two processes that share a listener, one of them with a connection of its
# own to it, the other end of which nobody has accepted; names that mean no
# good.
cat >"$tmp/own.pl" <<'END'
use IO::Socket::IP; use POSIX; $| = 1;
sub name { open my $f, ">", "/proc/self/comm"; print $f $_[0]; close $f }
my $l = IO::Socket::IP->new(LocalHost => "127.0.0.1", Listen => 5,
    LocalPort => 7001) or die;
if (my $pid = fork) {
	name("a \"},\n\e[31m");
	print "$$ $pid\n";
	sleep 300;
} else {
	my $c = IO::Socket::IP->new(PeerHost => "127.0.0.1",
	    PeerPort => 7001) or die;
	name("child");
	print "ready\n";
	sleep 300;
}
END
perl "$tmp/own.pl" >"$tmp/pids" &
wait_for grep -q ready "$tmp/pids"
parent=$(sed -n 's/ .*//;/^[0-9]/p' "$tmp/pids")
child=$(sed -n 's/^[0-9]* //p' "$tmp/pids" | grep -v ready)

is '-p: a shared socket is the lowest pid'\''s, one that waits nobody'\''s' \
	"$($tcpstate -p -H | occurring | sort)" \
	"$(printf '%s\n' '- 0 1 1' "$child/child 0 1 1" \
		"$parent/a\\040\"},\\012\\033[31m 1 0 1" | sort)"
is 'the same of both sources' "$($tcpstate -p --source=proc)" \
	"$($tcpstate -p --source=sock_diag)"
is '--processes, -b process' "$($tcpstate --processes)$($tcpstate -b process)" \
	"$($tcpstate -p)$($tcpstate -p)"
is 'with another key' "$($tcpstate -b process,port -H | occurring |
	grep child)" "$child/child out 7001 0 1 1"
is 'json has the name as it is' "$($tcpstate -p -o json |
	jq -r '.groups[] | select(.states.LISTEN == 1).key.process')" \
	"$(printf '%s/a "},\n\033[31m' "$parent")"
is 'csv has its controls by number' "$($tcpstate -p -o csv | perl -MText::CSV -e '
	my $csv = Text::CSV->new({ binary => 1, strict => 1 });
	while (my $row = $csv->getline(STDIN)) {
		print $row->[0] if $row->[1] eq 1;
	}')" "$parent/a \"},\\012\\033[31m"
$tcpstate -p -o prometheus >"$tmp/prom"
is 'and prometheus, on one line' \
	"$(grep -c "^tcpstate_sockets{process=\"$parent/a" "$tmp/prom")" 11
if can promtool --version; then
	promtool check metrics <"$tmp/prom" >"$tmp/out" 2>&1
	check 'promtool is content'
fi
is 'a plugin has one line, and no control character in it' \
	"$($tcpstate -p -o nagios --warn=LISTEN=0 | tr -d '\n' |
	LC_ALL=C tr -cd '\001-\037' | wc -c) $($tcpstate -p -o nagios |
	wc -l)" '0 1'
is 'the rows add up' "$($tcpstate -p -H | awk '{ n += $NF } END { print n }')" \
	"$($tcpstate | count TOTAL)"
is 'as ss has it' "$(ss -H -ltnp | grep -c "pid=$parent")" 1

drop='setpriv --bounding-set=-sys_ptrace --inh-caps=-sys_ptrace'
# shellcheck disable=SC2086
if can $drop true; then
	# Where there is no other user, there is no process to be hidden.
	setpriv --reuid=65534 --regid=65534 --clear-groups sleep 300 \
		2>/dev/null &
	run $drop $tcpstate -p
	is 'root without CAP_SYS_PTRACE is no failure' "$status" 0
	kill $! 2>/dev/null
fi

if can nobody true; then
	cp $tcpstate "$tmp/tcpstate"
	chmod 755 "$tmp" "$tmp/tcpstate"
	run nobody "$tmp/tcpstate" -p -H
	is 'what this user may not see is nobody'\''s' \
		"$(echo "$out" | occurring)" '- 1 2 3'
	matches 'which is told, with how to see it' "$status $err" \
		'0 tcpstate: some sockets are of unknown processes *root*'
	run nobody "$tmp/tcpstate" -p 0.01 3
	is 'once' "$(echo "$err" | wc -l)" 1
	run nobody "$tmp/tcpstate" -P
	is 'but only if it is asked for' "$status$err" 0
fi
run $tcpstate -p -f tests/data/tcp
matches 'a file has no processes' "$status $err" "2 tcpstate: cannot group by 'process': *"
kill "$parent" "$child"
wait
done_testing
