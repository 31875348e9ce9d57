#!/usr/bin/env sh
# The command line, right and wrong.
. tests/lib.sh

run $tcpstate --help
is '--help goes to stdout' "$status$err" 0
help=$out
matches 'with the synopsis first' "$help" 'usage: tcpstate *'
run $tcpstate -h
is '-h is the same' "$out" "$help"
run $tcpstate -V
matches '-V tells the version' "$out" 'tcpstate [0-9]*.[0-9]*'
is '--version does too' "$($tcpstate --version)" "$out"

# wrong WORD ARGUMENT...: wrong usage, named by that word.
wrong() {
	word=$1
	shift
	run $tcpstate "$@" -f tests/data/tcp
	is "wrong usage: $*" "$status" 2
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
wrong netstat -P -o netstat
wrong ss -P -o ss
wrong lsof --source=lsof
wrong -1 -1
wrong --nonsense --nonsense
wrong --nonsense=5 --nonsense=5
wrong --watch=5 --watch=5
wrong '-f -' -w -f -
# The file that wrong() adds would be their argument.
run $tcpstate -f
is '-f without its argument' "$status $err" \
	"2 tcpstate: option '-f' needs an argument. Try 'tcpstate --help'."
run $tcpstate -nf
is 'named though others stand before it' "$status $err" \
	"2 tcpstate: option '-f' needs an argument. Try 'tcpstate --help'."
run $tcpstate -P --top
is '--top without its argument' "$status $err" \
	"2 tcpstate: option '--top' needs an argument. Try 'tcpstate --help'."
run $tcpstate "$(printf -- '--\033[31m')"
matches 'control characters are not repeated' "$err" "*'--\\\\033\[31m'*"

run $tcpstate -f tests/data/tcp -- 0.01 2
is 'operands may follow --' "$status$err" 0
run $tcpstate 0.01 2 -f tests/data/tcp
is 'options may follow operands' "$status$err" 0
done_testing
