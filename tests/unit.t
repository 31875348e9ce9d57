#!/usr/bin/env sh
# Commands and units: whose sockets they are, all processes of one together.
. tests/lib.sh
need_netns

# A copy of a proc.
proc=$tmp/proc
mkdir -p "$proc/net"
header >"$proc/net/tcp"
# process PID COMMAND INODE...: a process with these sockets, each in a table
# of the copy.  Its cgroup is what stdin has.
process() {
	pid=$1
	mkdir -p "$proc/$pid/fd"
	printf '%s\n' "$2" >"$proc/$pid/comm"
	cat >"$proc/$pid/cgroup"
	shift 2
	for inode in "$@"; do
		ln -s "socket:[$inode]" "$proc/$pid/fd/$inode"
		row 01 "$inode" 80 | sed "s/ 0 1 1 0 20/ 0 $inode 1 0 20/" \
			>>"$proc/net/tcp"
	done
}
id=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
process 100 nginx 11 12 <<END
0::/system.slice/nginx.service
END
process 101 nginx 13 <<END
0::/system.slice/nginx.service/worker
END
process 102 nginx 14 15 16 17 <<END
12:pids:/docker/$id
1:name=systemd:/docker/$id
0::/
END
process 103 bash 18 <<END
0::/user.slice/user-1000.slice/session-3.scope
END
process 104 'a b' 19 <<END
0::/system.slice/x\\x2d y.service
END
process 105 - 20 <<END
0::/
END
process 106 '' 21 </dev/null
rm "$proc/106/cgroup"
row 06 30 80 | sed 's/ 0 1 1 0 20/ 0 0 1 0 20/' >>"$proc/net/tcp"

# by KEYS [OPTION...]: keys and total of each row.
by() {
	keys=$1
	shift
	$tcpstate -b "$keys" -H --proc="$proc" "$@" | awk '{
		for (i = 1; i <= n; i++) printf "%s ", $i; print $NF }' \
		n="$(echo "$keys" | awk -F, '{ print NF }')"
}
is 'command: all processes of a name together' "$(by command)" 'nginx 7
- 2
\055 1
a\040b 1
bash 1'
is 'prog is command' "$(by prog)" "$(by command)"
is 'unit: of services, containers and sessions' "$(by unit)" \
	'docker-0123456789ab 4
- 3
nginx.service 3
session-3.scope 1
x\x2d\040y.service 1'
is 'both, and the process' "$(by process,command,unit | sort)" \
	'- - - 1
100/nginx nginx nginx.service 2
101/nginx nginx nginx.service 1
102/nginx nginx docker-0123456789ab 4
103/bash bash session-3.scope 1
104/a\040b a\040b x\x2d\040y.service 1
105/- \055 - 1
106/ - - 1'
is 'pid and proc are process' "$(by pid)$(by proc)" "$(by process)$(by process)"
is 'json has names as they are, and null for none' \
	"$($tcpstate -b command,unit -o json --proc="$proc" |
	jq -r '.groups[] | select(.total < 3).key | "\(.command) \(.unit)"')" \
	'null null
- null
a b x\x2d y.service
bash session-3.scope'
is 'with another key' "$(by family,unit --state=time-wait)" 'tcp - 1'

# Two units whose long names end in another way.
long=$(printf '%0246d' 0)
for end in 1 2; do
	echo "0::/system.slice/$long$end.service" |
		process 20$end long 4$end
done
is 'no long name is taken for another' \
	"$(by unit | sed -n "s/^$long//p")" '1.service 1
2.service 1'
rm -r "$proc/201" "$proc/202"

rm "$proc/100/cgroup"
mkfifo "$proc/100/cgroup"
run timeout 60 $tcpstate -b command --proc="$proc"
is 'groups are not read for other keys' "$status" 0
run timeout 60 $tcpstate -b unit --proc="$proc"
is 'what is no file is an error' "$status $out$err" \
	"1 tcpstate: $proc/100: not a regular file"

# Live sockets.
hold tests/hold
check 'sockets in ten states'
is 'the command of a process here' "$($tcpstate -b command -H \
	--state=listen | awk '{ print $1, $NF }')" 'hold 9'
is 'of listeners' "$($tcpstate -l -b command,unit -H --lport=7001 |
	grep -c ' hold ')" 1
is 'the same from both sources' \
	"$($tcpstate -b command,unit --source=proc)" \
	"$($tcpstate -b command,unit --source=sock_diag)"
is 'what waits to be accepted, or is closed, has none' \
	"$($tcpstate -b command,unit -H --state=syn-recv,time-wait |
	occurring)" '- - 3 3 6'
copy=$tmp/copy
mkdir -p "$copy/net" "$copy/$holder/fd"
for file in net/tcp net/tcp6 "$holder/comm" "$holder/cgroup"; do
	cat "/proc/$file" >"$copy/$file"
done
for fd in "/proc/$holder/fd"/*; do
	ln -s "$(readlink "$fd")" "$copy/$holder/fd/${fd##*/}"
done 2>/dev/null
is 'the same from a copy' "$($tcpstate -b command,unit --proc="$copy")" \
	"$($tcpstate -b command,unit)"
cgroups=$(awk '$3 ~ /^cgroup2?$/ && $2 ~ /pids|unified|cgroup$/ { print $2 }' \
	/proc/mounts | head -n 1)
group=$cgroups/tcpstate-test-$$.service
if [ -n "$cgroups" ] && mkdir "$group" && echo "$holder" >"$group/cgroup.procs"; then
	is 'a group that is called like a unit is one' "$($tcpstate -b unit \
		--lport=7001 --state=listen -H | awk '{ print $1 }')" \
		"${group##*/}"
	release
	rmdir "$group"
else
	echo '# no control group can be made: its test is left out'
	release
fi 2>/dev/null

for key in command unit; do
	run $tcpstate -b $key -f tests/data/tcp
	matches "a file has no ${key}s" "$status $out$err" \
		"2 tcpstate: cannot group by '$key': *"
done
done_testing
