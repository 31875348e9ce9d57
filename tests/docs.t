#!/usr/bin/env sh
# The manual, the usage text and the README say the same.
. tests/lib.sh

command -v mandoc >/dev/null || skip_all 'no mandoc'

# Whether the manuals it refers to are installed here is another matter.
mandoc -Tlint tcpstate.1 2>/dev/null |
	grep -v 'referenced manual not found' >"$tmp/err"
[ ! -s "$tmp/err" ]
check 'the manual is clean under mandoc -Tlint'

mandoc -Tascii -O width=1000 tcpstate.1 2>/dev/null | col -b |
	tr -s '\t ' ' ' >"$tmp/manual"
$tcpstate --help >"$tmp/help"

is 'its synopsis is the usage text' \
	"$(sed -n '/^SYNOPSIS/,/^$/s/^ //p' "$tmp/manual")" \
	"$(sed -n '1,/^$/{s/^usage: //;s/^ *//;/./p;}' "$tmp/help" |
	awk '/^tcpstate/ && NR > 1 { print ""; } { printf "%s%s",
	    /^tcpstate/ ? "" : " ", $0 } END { print "" }')"

# Options: what getopt_long() takes, the help, and the manual.
sed -n 's/^.*{"\([a-z0-9-]*\)", \(no\|required\)_argument.*/--\1/p' watch/options.c |
	sort >"$tmp/options"
while IFS= read -r option; do
	grep -qe "^ .*$option" "$tmp/manual"
	check "$option is in the manual"
	grep -qe "^ .*$option" "$tmp/help" || case $option in
	--all | --numeric | --tcp) grep -q ' -a, -n, -t ' "$tmp/help" ;;
	*) false ;;
	esac
	check "$option is in the usage text"
done <"$tmp/options"
[ "$(wc -l <"$tmp/options")" -gt 10 ]
check 'these are all of them'

sed -n 's/^    {\.name = "\([a-z]*\)".*/\1/p' show/format.c >"$tmp/formats"
while IFS= read -r format; do
	grep -q "^ $format " "$tmp/manual"
	check "format $format is in the manual"
	grep -q "\b$format\b" "$tmp/help"
	check "format $format is in the usage text"
done <"$tmp/formats"
is 'these are all of them' "$(wc -l <"$tmp/formats")" 7

sed -n 's/^    {"\([a-z]*\)", {"[a-z]*".*/\1/p' count/key.c >"$tmp/keys"
while IFS= read -r key; do
	sed -n '/--by=/,/--file/p' "$tmp/manual" | grep -q "^ .*\b$key\b"
	check "key $key is in the manual"
	sed -n '/--by=/,/--ports/p' "$tmp/help" | grep -q "\b$key\b"
	check "key $key is in the usage text"
done <"$tmp/keys"
is 'these are all of them' "$(wc -l <"$tmp/keys")" 10

for state in LISTEN SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT1 FIN_WAIT2 \
    CLOSING TIME_WAIT CLOSE_WAIT LAST_ACK CLOSE; do
	sed -n '/^STATES/,/^OUTPUT/p' "$tmp/manual" | grep -q "^ $state [A-Z]"
	check "$state is explained in the manual"
done

# The README's test command is what CI runs.
grep -q 'sh tests/setup.sh check && make check' README.md &&
	grep -q 'README.md' .ci/run
check "CI runs the README's test command"

# Every command of the README's table runs as it stands there.
cp tests/data/tcp "$tmp/saved.tcp"
# shellcheck disable=SC2016
sed -n 's/^|.*| `\(tcpstate[^`]*\)` |$/\1/p' README.md | sed 's/\\|/|/g' \
	>"$tmp/commands"
is 'the README has a table of commands' "$(wc -l <"$tmp/commands")" 15
PATH=$PWD:$PATH
pid=$$
export PATH pid
while IFS= read -r command; do
	run timeout -s INT -k 5 --preserve-status 1 \
		sh -c "cd '$tmp' && $command"
	case $status in
	0 | 130) [ -z "$err" ] ;; # the shell's own way to end at ^C
	*) false ;;
	esac
	check "runs: $command"
done <"$tmp/commands"
done_testing
