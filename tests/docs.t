#!/usr/bin/env sh
# The manual, the usage text, the README and the program say the same.
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

is 'its synopsis is the usage line' \
	"usage: $(sed -n '/^SYNOPSIS/,/^$/s/^ //p' "$tmp/manual")" \
	"$(head -n 1 "$tmp/help")"
is 'no line of the usage text is longer than 79 columns' \
	"$(awk 'length > 79' "$tmp/help")" ''

# The titles of the groups, and what begins the entries of options and operands.
sed -n '2,/^Examples/{/^Examples/d;s/^ *//;s/   *.*//;/./p;}' "$tmp/help" \
	>"$tmp/outline"
is 'the manual has the groups and options of the usage text, in its order' \
	"$(mandoc -Tascii -O width=1000 tcpstate.1 2>/dev/null | col -bx |
	awk '/^[A-Z]/ { here = $0 == "OPTIONS" }
	here && /^   [A-Z]|^     (-|state|delay)/' | sed 's/^ *//; s/   *.*//')" \
	"$(cat "$tmp/outline")"
grep -o -e '-[-a-z0-9A-Z]*' "$tmp/outline" | grep -xe '-.' -e '--.*' |
	sort -u >"$tmp/options"
[ "$(grep -c '^--' "$tmp/options")" -ge 40 ]
check 'these are all of them'
is 'there are six groups' "$(grep -c '^[A-Z]' "$tmp/outline")" 6

sed '1,/^Examples/d; s/^ *//; s/   *.*//' "$tmp/help" >"$tmp/examples"
is 'five examples follow' "$(grep -c '^tcpstate ' "$tmp/examples")" 5

# takes OPTION: whether the program knows it, and does not refuse it.  Another,
# unknown one after it is its argument, or ends the program.
takes() {
	! $tcpstate "$1" --nonsense 2>&1 |
		grep -qe "unknown option '$1'" -e 'counts TCP only'
}
! takes --gibberish && ! takes -x
check 'an unknown option is known to be one'
failed=
while read -r option; do
	takes "$option" || failed="$failed $option"
done <"$tmp/options"
is 'the program takes each' "$failed" ''
failed=
for letter in 0 1 2 3 4 5 6 7 8 9 A B C D E F G H I J K L M N O P Q R S T U V \
    W X Y Z a b c d e f g h i j k l m n o p q r s t u v w x y z; do
	option=-$letter
	grep -qxe "$option" "$tmp/options" || ! takes "$option" ||
		failed="$failed $option"
done
is 'and no other letter' "$failed" ''

# has_words COUNT OPTION: the manual has what the option takes, which the error
# about another word lists.  In the manual, $tmp/marked has its words.
has_words() {
	$tcpstate "$2" 2>&1 | sed 's/.*: \(.*\)).*/\1/; s/, /\n/g' >"$tmp/words"
	is "the manual has what $2 takes" \
		"$(grep -vxFf "$tmp/marked" "$tmp/words")" ''
	[ "$(wc -l <"$tmp/words")" -ge "$1" ]
	check 'these are all of them'
}
# The formats have paragraphs of their own.
sed -n '/^\.Sh OUTPUT/,/^\.Sh/s/^\.It Cm //p' tcpstate.1 >"$tmp/marked"
has_words 7 --format=
is 'and no other format' "$(sort "$tmp/marked")" "$(sort "$tmp/words")"
for option in by:12 source:3 byte-order:2 color:3 state:16; do
	{
		# States have a section.
		[ $option != state:16 ] ||
			sed -n '/^\.Sh STATES/,/^\.Sh/s/^\.It //p' tcpstate.1
		sed -n "/^\.It Fl .*-${option%:*} /,/^\.It Fl/p" tcpstate.1 |
			sed -n 's/^\.It Cm //p; s/^\.Cm \([a-z_-]*\).*/\1/p' |
			sed 's/ , /\n/g'
	} >"$tmp/marked"
	has_words "${option#*:}" "--${option%:*}="
done

$tcpstate -d 0.01 -o json | jq -r '.checks[].id' | sort >"$tmp/ids"
is 'the manual has the ids of all checks, and no others' \
	"$(sed -n '/^DIAGNOSIS/,/^OUTPUT/s/^ \([a-z0-9]*-*[a-z0-9-]*\)$/\1/p' \
	    "$tmp/manual" | sort)" "$(cat "$tmp/ids")"
[ "$(wc -l <"$tmp/ids")" -ge 20 ]
check 'these are all of them'

# The README's test command is what CI runs.
grep -q 'sh tests/setup.sh check && make check' README.md &&
	grep -q 'README.md' .ci/run
check "CI runs the README's test command"

# Every command of the README's table, and of --help, runs as it is there.
cp tests/data/tcp "$tmp/saved.tcp"
# shellcheck disable=SC2016
sed -n 's/^|.*| `\(tcpstate[^`]*\)` |$/\1/p' README.md | sed 's/\\|/|/g' \
	>"$tmp/commands"
[ "$(wc -l <"$tmp/commands")" -ge 10 ]
check 'the README has a table of commands'
cat "$tmp/examples" >>"$tmp/commands"
PATH=$PWD:$PATH
pid=$$
export PATH pid
can test -r /proc/net/tcp || : >"$tmp/commands"
while IFS= read -r command; do
	run timeout -s INT -k 5 --preserve-status 1 \
		sh -c "cd '$tmp' && $command"
	# Where others' sockets are, their processes may be unknown.
	[ -n "$in_netns" ] ||
		err=$(echo "$err" | grep -v ': some sockets are of unknown')
	case $status in
	0 | 130) [ -z "$err" ] ;; # the shell's own way to end at ^C
	*) false ;;
	esac
	check "runs: $command"
done <"$tmp/commands"
done_testing
