#!/usr/bin/env sh
# The command line, right and wrong.
. tests/lib.sh

run $tcpstate --help
is '--help goes to stdout' "$status$err" 0
help=$out
is 'with the usage first' "$(echo "$help" | head -n 1)" \
	'usage: tcpstate [option ...] [state ...] [delay [count]]'
run $tcpstate -h
is '-h is the same' "$out" "$help"
run $tcpstate -V
matches '-V tells the version' "$out" 'tcpstate [0-9]*.[0-9]*'
is '--version does too' "$($tcpstate --version)" "$out"

# wrong WORD ARGUMENT...: wrong usage, named by that word.
wrong_status=2
wrong() {
	word=$1
	shift
	run $tcpstate "$@" -f tests/data/tcp
	is "wrong usage: $*" "$status" "$wrong_status"
	matches '... names the word' "$err" \
		"tcpstate: *'$word'*Try 'tcpstate --help'*"
	is '... in one line, and nothing else' "$out$(echo "$err" | wc -l)" 1
}
wrong 0 -w 0
wrong 0 0
wrong 0.0 0.0
wrong 0.001 0.001
wrong 5x 5x
wrong 1e99 1e99
wrong 0x1 0x1
wrong 1,5 1,5
wrong . .
wrong inf inf
wrong nan nan
wrong '' ''
wrong ' 1' ' 1'
wrong 99999999999999999999999999 99999999999999999999999999
wrong 31536001 31536001
wrong 0 1 0
wrong -1 1 -- -1
wrong 1.5 1 1.5
wrong 5x 1 5x
wrong 1e99 1 1e99
wrong 99999999999999999999999999 1 99999999999999999999999999
wrong 3 1 2 3
wrong -1 -P --top=-1
wrong 0 -P --top=0
wrong 5x -P --top=5x
wrong 1e99 -P --top=1e99
wrong '' -P --top=
wrong 99999999999999999999 -P --top 99999999999999999999
wrong --top --top=5
wrong --by -P -s
wrong --by -b raddr -s
wrong nope -b nope
wrong port -P -b port
wrong prometheus -o prometheus -w
wrong nope --by=raddr,nope
wrong raddr -b raddr,lport,raddr
wrong '' -b ''
wrong '' -b raddr,
wrong '' -b ,raddr
wrong 'port raddr' -b 'port raddr'
wrong xml -o xml
wrong '' -o ''
wrong -x -x
wrong -x -nax
wrong -q --summary -qs
wrong --summary=1 --summary=1
wrong --sum=1 --sum=1
wrong count -P -o count
wrong netstat -P -o netstat
wrong ss -P -o ss
wrong lsof --source=lsof
wrong -1 -1
wrong --nonsense --nonsense
wrong --nonsense --nonsense=5
wrong 5x --watch=5x
wrong '' --watch=
wrong 0 -w0
wrong -1 -w-1
wrong 5x -w5x
wrong 6 -w2 5 6
wrong 0.5ms 0.5ms
wrong 5h 5h
wrong 5S 5S
wrong 1s2 1s2
wrong ms ms
wrong 525601m 525601m
wrong .ms .ms
wrong --sort --sort=port
wrong --sort --sort=port -w
wrong --sort --sort=port 1 2
wrong --baseline --baseline=x -w
wrong --baseline --baseline=x 1
wrong --baseline --baseline=x --explain
wrong ss --baseline=x -o ss
wrong --count --baseline=x -c listen
wrong prometheus --baseline=x -o prometheus
wrong process --baseline=x -p
wrong netns --baseline=x -b netns
wrong --all-netns --baseline=x --all-netns
wrong '-f -' -w -f -
# As a monitoring plugin does.
wrong_status=3
wrong --sort -d --sort=port -w
wrong --proc --baseline=x -d
wrong_status=2

# says MESSAGE ARGUMENT...: wrong usage, and all that is said of it.
says() {
	message=$1
	shift
	run $tcpstate "$@"
	is "$*: $message" "$status $err" \
		"$wrong_status tcpstate: $message Try 'tcpstate --help'."
}
is 'a diagnosis may compare two copies of a proc, once' "$(for options in \
	'--baseline=x --baseline=y' '--baseline=x -w' '--baseline=x 3'; do
	# shellcheck disable=SC2086
	$tcpstate -d --proc=. $options 2>&1
done)" "tcpstate: '--diagnose' compares one '--baseline' with '--proc'. Try \
'tcpstate --help'.
tcpstate: '--baseline' excludes '--watch' and a delay. Try 'tcpstate --help'.
tcpstate: '--baseline' excludes '--watch' and a delay. Try 'tcpstate --help'."
keys=$($tcpstate -b '' 2>&1 | sed 's/.*(keys: \(.*\)).*/\1/')
matches 'an error lists all keys' "$keys" 'port, lport, *netns'
says "unknown key 'proces'; did you mean 'process'? (keys: $keys)." -b proces
says "unknown key 'peers'; did you mean 'peer'? (keys: $keys)." -b peers
says "unknown key 'nope' in 'raddr,nope' (keys: $keys)." -b raddr,nope
says "unknown key '' in 'raddr,' (keys: $keys)." -b raddr,
says "key 'port' given twice." -P -b port
says "key 'raddr' given twice." -b raddr,lport,raddr
says "key 'process' given twice." -p -b port,PID
states=$($tcpstate --state= 2>&1 | sed 's/.*(states: \(.*\)).*/\1/')
matches 'an error lists all states' "$states" 'LISTEN, *, CLOSE, all, *big*'
says "unknown state 'tim-wiat'; did you mean 'TIME_WAIT'? (states: $states)." \
	--state=tim-wiat
says "unknown state 'estblished' in 'listen,!estblished'; did you mean \
'ESTABLISHED'? (states: $states)." --state='listen,!estblished'
says "unknown state 'bukcet'; did you mean 'bucket'? (states: $states)." \
	-c bukcet
says "unknown state 'inf' (states: $states)." inf
says "unknown state 'estb'; did you mean 'ESTABLISHED'? (states: $states)." \
	estb
says "unknown state 'clos'; did you mean 'CLOSE'? (states: $states)." clos
says "unknown state 'listning'; did you mean 'LISTEN'? (states: $states)." \
	listning
says "unknown state 'inf' (states: $states)." '!inf'
says "unknown state 'inf' in '!inf,listen' (states: $states)." '!inf,listen'
says "unknown state 'tiem-wait'; did you mean 'TIME_WAIT'? (states: $states)." \
	-P listen tiem-wait 2
says "unknown state 'tiem-wait'; did you mean 'TIME_WAIT'? (states: \
${states%%, all,*}, all)." --explain tiem-wait
wrong_status=3
says "unknown state 'tiem-wait'; did you mean 'TIME_WAIT'? (states: \
${states%%, all,*}, TOTAL)." --warn=tiem-wait=5
says "invalid threshold 'tw=x': expected STATE=RANGE, such as TIME_WAIT=1000, \
TOTAL=5: or ESTAB=5:100." --crit=tw=x
wrong_status=2
formats=$($tcpstate -o '' 2>&1 | sed 's/.*(formats: \(.*\)).*/\1/')
matches 'an error lists all formats' "$formats" 'table, *json*'
says "unknown format 'jsno'; did you mean 'json'? (formats: $formats)." -o jsno
says "unknown format 'prom'; did you mean 'prometheus'? (formats: $formats)." \
	-o prom
says "unknown format 'xml' (formats: $formats)." -o xml
says "unknown format 'csv,json' (formats: $formats)." -o csv,json
wrong_status=3
says "unknown state 'tw,estab' (states: ${states%%, all,*}, TOTAL)." \
	--warn=tw,estab=5
wrong_status=2
columns=$($tcpstate -P --sort= 2>&1 | sed 's/.*(columns: \(.*\)).*/\1/')
is 'an error lists the columns of these rows' "$columns" \
	"${states%%, all,*}, TOTAL, dir, port"
says "unknown column 'tiem-wait'; did you mean 'TIME_WAIT'? \
(columns: $columns)." -P --sort=tiem-wait
says "unknown column 'prot' in 'total,-prot'; did you mean 'port'? \
(columns: $columns)." -P --sort=total,-prot
says "unknown column 'netsn' (columns: $columns)." -P --sort=netsn
says "unknown column 'estb'; did you mean 'ESTABLISHED'? \
(columns: $columns)." -P --sort=estb
listeners="${columns%, dir*}, ACCEPTQ, BACKLOG, address, port"
says "unknown column 'adress'; did you mean 'address'? (columns: $listeners)." \
	-l --sort=adress
says "unknown column 'queu'; did you mean 'ACCEPTQ'? (columns: $listeners)." \
	-l --sort=queu
says "unknown column 'nope' (columns: $columns)." -P --sort=-nope
says "cannot sort by 'raddr': rows are not grouped by it." -P --sort=raddr
says "cannot sort by 'ACCEPTQ': only '--listeners' shows it." -P \
	--sort=-ACCEPTQ
says "unknown source 'sockdiag'; did you mean 'sock_diag'? \
(sources: auto, sock_diag, proc)." --source=sockdiag
says "unknown byte order 'litle'; did you mean 'little'? \
(byte orders: little, big)." --byte-order=litle
says "unknown colour mode 'alway'; did you mean 'always'? \
(colour modes: auto, always, never)." --color=alway
says "unknown option '--listners'; did you mean '--listeners'?" --listners
says "unknown option '--sport'; did you mean '--lport'?" --sport=443
says "unknown option '--formt'; did you mean '--format'?" --formt=json
says "unknown option '--all_netns'; did you mean '--all-netns'?" --all_netns
says "unknown option '--nonsense'." --nonsense
says "unknown option '--nonsense'." --nonsense=5
says "ambiguous option '--al' (options: --all, --all-states, --all-netns)." \
	--al
says "unknown option '-q'." -q
port='expected 0 to 65535, a range such as 8000-8099, or a name of /etc/services'
says "invalid port 'htpp': $port." --port=htpp
says "invalid port 'htpp' in '443,htpp': $port." --port=443,htpp
address='expected one of IPv4 or IPv6, a network such as 10.1/16, or a name of '
address=${address}/etc/hosts
says "invalid address '10.0.0.300': $address." --addr=10.0.0.300
says "'--count' prints a number only: it cannot show groups." -P -c listen
says "'--count' prints a number only: it cannot show an explanation." \
	-o line -c tw --explain=tw
for format in line ss netstat; do
	says "format '$format' cannot show network namespaces." \
		--all-netns -o $format
done
says "format 'ss' cannot show groups." --all-netns -P -o ss
says "format 'line' cannot show an explanation." -c tw -o line --explain=tw
says "unexpected word '4': expected a delay and a count at most." 2 3 4
says "unexpected word '6': expected a delay and a count at most." -w2 5 6
wrong_status=3
says "'--warn' is for ESTABLISHED, which is not counted." \
	tw --warn=estab=5:
says "'--crit' is for LISTEN, which is not counted." \
	--crit=listen=1: --warn=total=5 '!listen'
wrong_status=2
says "unexpected word ':443': type all ports as one list, with commas." \
	--port=80 :443
says "unexpected word '::1': type all addresses as one list, with commas." \
	127.0.0.1 ::1
says "invalid port ':htpp': $port." :htpp
says "unexpected word 'state': type the state alone." state time-wait
says "unexpected word 'sport': type '--lport=' before a port." sport = :443
for word in 'dport = :443' 'dport=:443' '( dport = :443 or sport = :443 )'; do
	says "unexpected word '$word': type '--rport=' before a port." "$word"
done
says "unexpected word 'dst 10.0.0.1': type '--raddr=' before an address." \
	'dst 10.0.0.1'
for word in auto always never; do
	says "unexpected word '$word': type '--color=$word'." --color $word
done
for word in 10.0.0.1:443 localhost:443 '[::1]:443'; do
	says "unexpected word '$word': type a blank between address and port." \
		"$word"
done
for word in /proc/net/tcp ./saved.tcp ../saved/tcp; do
	says "unexpected word '$word': type '--file=' before a file." "$word"
done
for word in 10.0.0.256 ::g 10/80 no.such.host no.such; do
	says "invalid address '$word': $address." "$word"
	says "invalid address '$word' in '::1,$word': $address." "::1,$word"
done
says "invalid delay '5x': expected seconds from 0.01 to 31536000, such as 2, \
0.5, 500ms or 1m." 5x

# What is for other sockets.
tcp_only="sockets, and tcpstate counts TCP only: type"
says "'-u' is for UDP $tcp_only 'tcpstate -tlpn', or 'ss -u'." -tulpn
says "'-u' is for UDP $tcp_only 'tcpstate', or 'ss -u'." -u
says "'-u' is for UDP $tcp_only 'tcpstate', or 'ss -u'." --udp
says "'-x' is for UNIX domain $tcp_only 'tcpstate -na --by=port', or 'ss -x'." \
	-nax -b port
says "'-x' is for UNIX domain $tcp_only 'tcpstate --watch=2', or 'ss -x'." \
	--unix -uw2
says "'-u' is for UDP $tcp_only 'tcpstate -tlpn time-wait 5', or 'ss -u'." \
	time-wait -tulpn 5
quoted="'tcpstate --file='it'\\''s \$1' --proc=/x_y.z '' '!listen''"
says "'-u' is for UDP $tcp_only $quoted, or 'ss -u'." \
	-f "it's \$1" -u --proc /x_y.z '' '!listen'
is '-u may be a name' "$($tcpstate -N -u 2>&1 | grep -c UDP)" 0

# The file that wrong() adds would be their argument.
run $tcpstate -f
is '-f without its argument' "$status $err" \
	"2 tcpstate: option '-f' needs an argument: expected '--file=file'. Try 'tcpstate --help'."
run $tcpstate -nf
is 'named though others stand before it' "$status $err" \
	"2 tcpstate: option '-f' needs an argument: expected '--file=file'. Try 'tcpstate --help'."
run $tcpstate -P --top
is '--top without its argument' "$status $err" \
	"2 tcpstate: option '--top' needs an argument: expected '--top=number'. Try 'tcpstate --help'."
run $tcpstate "$(printf -- '--\033[31m')"
matches 'control characters are not repeated' "$err" "*'--\\\\033\[31m'*"

run $tcpstate -f tests/data/tcp -- 0.01 2
is 'operands may follow --' "$status$err" 0
run $tcpstate 0.01 2 -f tests/data/tcp
is 'options may follow operands' "$status$err" 0
done_testing
