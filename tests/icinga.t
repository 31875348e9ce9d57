#!/usr/bin/env sh
# Icinga 2 with the CheckCommand and the services of contrib/icinga.
. tests/lib.sh
. tests/stage.sh

PATH=$PWD:$PATH:/usr/sbin
export PATH
command -v icinga2 >/dev/null || skip_all 'no icinga2'
need_netns

# A configuration that includes the real ones.  Checks are due at once.
mkdir "$tmp/data" "$tmp/run" "$tmp/cache"
cat >"$tmp/icinga2.conf" <<CONF
const NodeName = "web1"
const ZoneName = NodeName
include <itl>
object Endpoint NodeName {}
object Zone ZoneName { endpoints = [ NodeName ] }
object CheckerComponent "checker" {}
object Host "web1" {
  check_command = "dummy"
  enable_active_checks = false
  vars.os = "Linux"
  vars.tcp_ports["http"] = 8080
  vars.tcp_ports["https"] = 8443
}
object Service "all-options" {
  host_name = "web1"
  check_command = "tcpstate"
  check_interval = 0.2
  vars.tcpstate_warn = [ "CLOSE_WAIT=5", "TOTAL=100" ]
  vars.tcpstate_crit = "TOTAL=200"
  vars.tcpstate_by = [ "lport", "raddr" ]
  vars.tcpstate_states = [ "close-wait", "!listen" ]
  vars.tcpstate_port = "8080"
  vars.tcpstate_lport = 8080
  vars.tcpstate_rport = "1024-65535"
  vars.tcpstate_addr = "10.0.0.0/8"
  vars.tcpstate_laddr = "10.98.0.1"
  vars.tcpstate_raddr = "10.97.0.1"
  vars.tcpstate_ipv4 = true
  vars.tcpstate_ipv6 = true
  vars.tcpstate_listeners = false
  vars.tcpstate_all_netns = false
  vars.tcpstate_netns = "/proc/self/ns/net"
  vars.tcpstate_source = "sock_diag"
  vars.tcpstate_delay = 7
}
object Service "proc" {
  host_name = "web1"
  check_command = "tcpstate"
  check_interval = 0.2
  vars.tcpstate_listeners = true
  vars.tcpstate_proc = "/proc"
}
include "$PWD/contrib/icinga/tcpstate.conf"
include "services.conf"
CONF
sed 's/check_interval = .*/check_interval = 0.2; retry_interval = 0.2/
	s/\(.*\)tcpstate_diagnose = true/&\n\1tcpstate_delay = 2/' \
	contrib/icinga/service.conf >"$tmp/services.conf"

# icinga OPTION...
icinga() {
	ICINGA2_USER=root ICINGA2_GROUP=root exec icinga2 daemon \
		-c "$tmp/icinga2.conf" -D DataDir="$tmp/data" \
		-D LogDir="$tmp/run" -D InitRunDir="$tmp/run" \
		-D SpoolDir="$tmp/run" -D CacheDir="$tmp/cache" "$@"
}

# last_result SERVICE FILTER: of the last check, from Icinga's state file, in
# which each object is JSON after its length and a colon, and before a comma.
last_result() {
	perl -0777 -ne 'while (/\G(\d+):/g) {
		print substr($_, pos, $1), "\n";
		pos() += $1 + 1;
	}' "$tmp/data/icinga2.state" | jq -r "select(.name == \"web1!$1\") |
		.update.last_check_result | $2"
}

# ended STATUS ARGUMENTS: whether such a check ended so.
ended() {
	grep -q "Process: PID .* ('tcpstate' $2) .* exit code $1\$" "$tmp/log"
}

# again ARGUMENTS: whether such a check was begun twice.  So Icinga has the
# result of the first.
again() {
	[ "$(grep -c "Process: Running command 'tcpstate' $1:" "$tmp/log")" -ge 2 ]
}

(icinga -C) >"$tmp/out" 2>"$tmp/err"
is 'Icinga accepts the configuration' \
	"$? $(grep -Ec ' (warning|critical)/' "$tmp/out" "$tmp/err")" "0 $(
	printf '%s:0\n' "$tmp/out" "$tmp/err")"

can_stage || {
	done_testing
	exit
}
hold tests/stage close-wait 12
icinga -x debug >"$tmp/log" 2>&1 &
icinga=$!
states="'--format=nagios' '--crit' 'TIME_WAIT=28000' '--warn' 'TIME_WAIT=20000' '--warn' 'CLOSE_WAIT=100'"
port="'--format=nagios' '--crit' 'LISTEN=1:' '--lport' '%s' '--warn' 'CLOSE_WAIT=10' '--warn' 'SYN_RECV=100'"
# shellcheck disable=SC2059
{
	wait_for ended 0 "$states"
	check 'thresholds of states, as the example has them'
	wait_for ended 1 "$(printf "$port" 8080)"
	check 'those of a service'
	wait_for ended 2 "$(printf "$port" 8443)"
	check 'those of a service that is down'
}
diagnosis="'--format=nagios' '--diagnose' '2'"
wait_for ended 1 "$diagnosis"
check 'a diagnosis'
wait_for ended 1 "'--format=nagios' '--addr' '10.0.0.0/8' '--by' 'lport' '--by' 'raddr' '--crit' 'TOTAL=200' '--ipv4' '--ipv6' '--laddr' '10.98.0.1' '--lport' '8080' '--netns' '/proc/self/ns/net' '--port' '8080' '--raddr' '10.97.0.1' '--rport' '1024-65535' '--source' 'sock_diag' '--warn' 'CLOSE_WAIT=5' '--warn' 'TOTAL=100' 'close-wait' '!listen'"
check 'the options of a check'
wait_for ended 0 "'--format=nagios' '--listeners' '--proc' '/proc'"
check 'those of listeners, and of another proc'

wait_for again "$diagnosis"
kill "$icinga"
wait "$icinga"
is 'the state that Icinga saw: a warning' "$(last_result tcp-http .state)" 1
is 'its text' "$(last_result tcp-http .output)" \
	'TCPSTATE WARNING - CLOSE_WAIT 12 (> 10) '
is 'its performance data' \
	"$(last_result tcp-http '.performance_data | map(select(test("LISTEN|CLOSE_")))
		| join(" ")')" 'LISTEN=1;;1:;0 CLOSE_WAIT=12;10;;0'
is 'a critical one' "$(last_result tcp-https '"\(.state) \(.output)"')" \
	'2 TCPSTATE CRITICAL - LISTEN 0 (< 1) '
matches 'a diagnosis names the program' \
	"$(last_result tcp-diagnosis '"\(.state) \(.output)"')" \
	"1 TCPSTATE WARNING - */stage: 12 sockets stay in CLOSE_WAIT*"
release
done_testing
