#!/usr/bin/env sh
# tcpstate -d raises no alarm where all is well, whatever the counts look like.
. tests/lib.sh
. tests/stage.sh
need_netns
can_stage || {
	done_testing
	exit
}

# The busy server needs the limits that machines have with 4 GB of memory.
buckets=$(cat /proc/sys/net/ipv4/tcp_max_tw_buckets)
busy=
can sh -c "[ $buckets -ge 30000 ] && ulimit -n 16384" && busy=1

[ ! "$busy" ] || diagnose busy -x busy
diagnose ports-two-services -x ports-time-wait 190 2
diagnose ports-many-services -x ports-established 190 4
diagnose ports-reused -x ports-reused
diagnose ports-loopback -x ports-local 380 1
diagnose close-wait-few -x close-wait 9
diagnose close-wait-passing -x close-wait-passing
diagnose accept-bursts accept-burst 30 128
diagnose accept-few accept-given-up 4
diagnose half-open-few half-open 50
diagnose cookies-always cookies
diagnose dead-peers-few dead-peers 4
diagnose last-ack-few last-ack 19
diagnose fin-wait1-few fin-wait1-dead 19
diagnose fin-wait2-few fin-wait2 19
diagnose syn-sent-few syn-sent 4
diagnose fd-below fd-limit 89 100
wait

[ ! "$busy" ] || found busy
for name in ports-two-services ports-many-services ports-reused \
    ports-loopback close-wait-few close-wait-passing accept-bursts accept-few \
    half-open-few cookies-always dead-peers-few last-ack-few fin-wait1-few \
    fin-wait2-few syn-sent-few fd-below; do
	found $name
done

# Both ends here: of each connection another address, of TIME_WAIT thousands
# to one port of each of a few.
if [ "$busy" ]; then
	hold tests/load -d -w 20000 5000 443
	check 'a busy server and its clients on one machine'
	run $tcpstate -d 2
	is 'is no alarm' "$status$err $(echo "$out" | judgement)" '0 '
	release
fi
done_testing
