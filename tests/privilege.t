#!/usr/bin/env sh
# What root and single capabilities add, and that all else works without them.
. tests/lib.sh
need_netns

cp $tcpstate "$tmp/tcpstate"
chmod 755 "$tmp" "$tmp/tcpstate"

# with CAPABILITIES COMMAND...: runs it as nobody, with these alone: "+a,+b".
with() {
	caps=-all${1:+,$1}
	shift
	nobody --bounding-set="$caps" --inh-caps="$caps" \
		--ambient-caps="$caps" "$@"
}
can with +sys_admin true || {
	done_testing
	exit
}

# A process of another user, and one in another namespace.
cat >"$tmp/own.pl" <<'END'
use IO::Socket::IP; $| = 1;
my $l = IO::Socket::IP->new(LocalHost => "127.0.0.1", Listen => 5,
    LocalPort => $ARGV[0]) or die;
my $c = IO::Socket::IP->new(PeerHost => "127.0.0.1", PeerPort => $ARGV[0])
    or die;
my $s = $l->accept;
print "ready\n";
sleep 300;
END
ready setpriv --reuid=1234 --regid=1234 --clear-groups perl "$tmp/own.pl" 7001
check 'a process of another user'
here=$pid
# shellcheck disable=SC2016
ready unshare -n sh -c 'ip link set lo up && exec perl "$0" 7002' "$tmp/own.pl"
check 'and one in another namespace'
there=$pid

# Everything but what is below.
cp /proc/net/tcp "$tmp/tcp"
chmod 644 "$tmp/tcp"
failed=
for options in -s '-c estab' -l -P '-P --source=proc' '-b raddr,state' \
    '-b user,port' '-b timer' '-b netns' '--port=7001' '--addr=127.0.0.1 -4' \
    '--explain' '--explain time-wait' '-P -o csv' '-P -o prometheus' \
    '-o nagios --warn=TOTAL=0' '-o netstat' '-o ss' "-f $tmp/tcp -P" \
    "--baseline=$tmp/tcp" '-P --proc=/proc' "-N $there -s"; do
	# shellcheck disable=SC2086
	right=$("$tmp/tcpstate" $options 2>&1 | timeless)
	# shellcheck disable=SC2086
	[ "$(with '' "$tmp/tcpstate" $options 2>&1 | timeless)" = "$right" ] ||
		failed="$failed [$options]"
done
is 'nobody gets what root gets' "$failed" ''

# owner CAPABILITIES: the process of the listener at 7001, for nobody.
owner() {
	with "$1" "$tmp/tcpstate" -p -H --port=7001 listen 2>"$tmp/err" |
		cut -d' ' -f1
}
is 'without capabilities, processes of others are unknown' "$(owner '')" -
matches '... and a notice names those that are missing' "$(cat "$tmp/err")" \
	'tcpstate: some sockets * CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH*'
is 'CAP_SYS_PTRACE alone does not show them' "$(owner +sys_ptrace)" -
is 'nor does CAP_DAC_READ_SEARCH' "$(owner +dac_read_search)" -
both=+sys_ptrace,+dac_read_search
is 'both do, without a notice' "$(owner $both)$(cat "$tmp/err")" "$here/perl"
matches 'what -d needs of them is skipped without' \
	"$(with '' "$tmp/tcpstate" -d 0.01)" '* skipped*'

# source_of CAPABILITIES NETNS: the source of the sockets of that namespace.
source_of() {
	with "$1" "$tmp/tcpstate" -v -N "$2" -c all 2>&1 >/dev/null |
		sed 's/.*\(proc\|sock_diag\): [0-9].*/\1/; s/.*: //'
}
is 'without capabilities, -N reads the /proc of a process' \
	"$(source_of '' $there)" proc
is 'CAP_SYS_ADMIN alone does not enter it' "$(source_of +sys_admin $there)" \
	proc
is 'with CAP_SYS_PTRACE it does' \
	"$(source_of +sys_admin,+sys_ptrace $there)" sock_diag
: >"$tmp/ns"
if can mount --bind "/proc/$there/ns/net" "$tmp/ns"; then
	is 'without capabilities, a namespace by its path is out of reach' \
		"$(source_of '' "$tmp/ns")" 'Operation not permitted'
	is 'CAP_SYS_ADMIN is enough for it' \
		"$(source_of +sys_admin "$tmp/ns")" sock_diag
	umount "$tmp/ns"
fi

# all CAPABILITIES: the totals of all namespaces.
all() {
	with "$1" "$tmp/tcpstate" --all-netns -H 2>"$tmp/err" |
		awk '{ print $1, $NF }' | xargs
}
is 'without capabilities, --all-netns counts all namespaces' \
	"$(all '')$(cat "$tmp/err")" "host 3 pid:$there/perl 3"
number=$(stat -Lc %i "/proc/$there/ns/net")
is 'CAP_SYS_PTRACE shows their numbers' "$(all +sys_ptrace)" \
	"$number/perl 3 host 3"
is 'with CAP_SYS_ADMIN it is what root sees' \
	"$(all +sys_admin,+sys_ptrace)" \
	"$("$tmp/tcpstate" --all-netns -H | awk '{ print $1, $NF }' | xargs)"
kill $here $there
wait 2>/dev/null
done_testing
