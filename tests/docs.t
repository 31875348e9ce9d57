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

is 'its synopsis is the usage text' \
	"$(sed -n '/^SYNOPSIS/,/^$/s/^ //p' "$tmp/manual")" \
	"$(sed -n '1,/^$/{s/^usage: //;s/^ *//;/./p;}' "$tmp/help" |
	awk '/^tcpstate/ && NR > 1 { print ""; } { printf "%s%s",
	    /^tcpstate/ ? "" : " ", $0 } END { print "" }')"

# options: those that begin lines, as "-x, --long=argument" after blanks.  The
# long names of -a, -n and -t, which the usage text lacks, are left out.
options() {
	awk '/^ +-/ {
		for (i = 1; i <= NF && $i ~ /^-/; i++) {
			sub(/[^-A-Za-z0-9].*/, "", $i)
			print $i
		}
	}' | grep -vxe --all -e --numeric -e --tcp | sort -u
}
options <"$tmp/help" >"$tmp/options"
is 'the manual has the options of the usage text, and no others' \
	"$(options <"$tmp/manual")" "$(cat "$tmp/options")"
[ "$(grep -c '^--' "$tmp/options")" -gt 20 ]
check 'these are all of them'
for option in --all --numeric --tcp; do
	grep -qe "^ -.*$option" "$tmp/manual"
	check "$option is in the manual"
done

# takes OPTION: whether the program knows it.  Another, unknown one behind it is
# its argument, or ends the program.
unknown=$($tcpstate --nonsense 2>&1)
takes() {
	[ "$($tcpstate "$1" --nonsense 2>&1)" != \
		"$(echo "$unknown" | sed "s/--nonsense/$1/")" ]
}
! takes --gibberish && ! takes -x
check 'an unknown option is known to be one'
failed=
for option in --all --numeric --tcp $(cat "$tmp/options"); do
	takes "$option" || failed="$failed $option"
done
is 'the program takes each' "$failed" ''
failed=
for letter in 0 1 2 3 4 5 6 7 8 9 A B C D E F G H I J K L M N O P Q R S T U V \
    W X Y Z a b c d e f g h i j k l m n o p q r s t u v w x y z; do
	option=-$letter
	grep -qxe "$option" "$tmp/options" || ! takes "$option" ||
		failed="$failed $option"
done
is 'and no other letter' "$failed" ''

# entry OPTION: the text of that option.
entry() {
	awk -v option="$1" '/^ +-/ { found = index($0, option "=") } found'
}
# accepted OPTION: those words which the program takes as its argument.
accepted() {
	tr -cs 'a-z_\n' ' ' | tr ' ' '\n' | sort -u | while IFS= read -r word; do
		[ -n "$word" ] || continue
		$tcpstate "$1$word" >/dev/null 2>&1 </dev/null
		[ $? -eq 2 ] || echo "$word"
	done
}
# same_words DESCRIPTION OPTION COUNT: of the manual on stdin.
same_words() {
	accepted "$2" >"$tmp/words"
	is "the manual has the $1 of the usage text, and no others" \
		"$(xargs <"$tmp/words")" \
		"$(entry "${2%=}" <"$tmp/help" | accepted "$2" | xargs)"
	[ "$(wc -l <"$tmp/words")" -ge "$3" ]
	check 'these are all of them'
}
# The formats have paragraphs of their own.
sed -n 's/^ \([a-z]*\) .*/\1/p' "$tmp/manual" >"$tmp/first"
same_words formats --format= 7 <"$tmp/first"
entry --by <"$tmp/manual" >"$tmp/entry"
same_words keys --by= 10 <"$tmp/entry"
entry --source <"$tmp/manual" >"$tmp/entry"
same_words sources --source= 3 <"$tmp/entry"

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

# Every command of the README's table runs as it stands there.
cp tests/data/tcp "$tmp/saved.tcp"
# shellcheck disable=SC2016
sed -n 's/^|.*| `\(tcpstate[^`]*\)` |$/\1/p' README.md | sed 's/\\|/|/g' \
	>"$tmp/commands"
[ "$(wc -l <"$tmp/commands")" -ge 10 ]
check 'the README has a table of commands'
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
