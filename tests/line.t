#!/usr/bin/env sh
# The formats line and count.
. tests/lib.sh
. tests/terminal.sh

TZ=XXX-8
export TZ

# numbers: the fields of lines after the time.
numbers() {
	cut -d' ' -f2- | tr -s ' ' | sed 's/^ //'
}

# widths: the lengths of the lines, each once.
widths() {
	awk '{ print length($0) }' | sort -un | xargs
}

# ends: where the fields of each line end, each once.
ends() {
	awk '{
		text = ""
		for (i = 1; i <= length($0); i++)
			if (substr($0, i, 1) != " " &&
			    substr($0 " ", i + 1, 1) == " ")
				text = text i " "
		sub(/^[0-9]* /, "", text)
		print text
	}' | sort -u | wc -l
}

{
	header
	row 0A 443 0
	row 01 443 40000 20
	row 06 443 50000 3
	row 0C 443 50000 2
} >"$tmp/1"
names='LISTEN SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT1 FIN_WAIT2 CLOSING'
names="$names TIME_WAIT CLOSE_WAIT LAST_ACK CLOSE TOTAL"
counts='1 0 0 20 0 0 0 3 0 0 0 26'

# In a pipe.
hours=$(date +%Y-%m-%dT%H)
run $tcpstate -f "$tmp/1" -o line
is 'a header and a line; TOTAL has the unknown states too' \
	"$status$err $(echo "$out" | numbers)" "0 $names
$counts"
is 'aligned' "$(echo "$out" | ends) $(echo "$out" | widths | wc -w)" '1 1'
# It may have struck meanwhile.
hours="$hours $(date +%Y-%m-%dT%H)"
matches 'the time is local' " $hours " \
	"* $(echo "$out" | sed -n '2s/:.*//p') *"
matches '... with its offset' "$(echo "$out" | tail -n 1)" \
	'????-??-??T??:??:??+08:00 *'
run $tcpstate -f "$tmp/1" -o line -H
is '-H omits the header' "$(echo "$out" | numbers)" "$counts"
run $tcpstate -f "$tmp/1" -o line 0.01 60
is 'again and again: one header, and a line a sample' \
	"$(echo "$out" | grep -c TIME) $(echo "$out" | grep -c '^2')" '1 60'
is '... aligned' "$(echo "$out" | ends)" 1
run $tcpstate -f "$tmp/1" -o line -H 0.01 3
is '-H omits it there too' "$(echo "$out" | numbers | sort -u)" "$counts"
run $tcpstate -f "$tmp/1" -o line --state=time-wait
is 'a filter leaves the columns' "$(echo "$out" | numbers)" "$names
0 0 0 0 0 0 0 3 0 0 0 3"
run $tcpstate -f "$tmp/1" -o line -P
is 'there are no groups' "$status" 2

# Lines that are complete as soon as they are taken.
put "$tmp/1"
background $tcpstate -f "$tmp/table" -o line 0.05
wait_for grep -q ' 26$' "$tmp/log"
{ header; row 01 443 40000 7; } | put
wait_for grep -q ' 7$' "$tmp/log"
check 'each line is flushed'
rm "$tmp/table"
wait_for test -s "$tmp/err"
put "$tmp/1"
sampled=$(wc -l <"$tmp/log")
more() {
	[ "$(wc -l <"$tmp/log")" -gt "$sampled" ]
}
wait_for more
kill $pid
is 'after a sample that failed there is no header' \
	"$(grep -c TIME "$tmp/log")" 1

# A terminal: short titles, and the header in each screenful.
{
	header
	row 0A 443 0 1234
	for state in 01 02 03 04 05 06 07 08 09 0B; do
		row $state 443 40000 1000
	done
} >"$tmp/many"
# on_terminal COLUMNS LINES OPTION...
on_terminal() {
	on_columns=$1
	on_lines=$2
	shift 2
	script -qec "stty cols $on_columns rows $on_lines
		NO_COLOR=1 $tcpstate -o line $*" /dev/null </dev/null | tr -d '\r'
}
wide=$(on_terminal 120 24 -f "$tmp/many")
is 'a wide terminal has the full names' \
	"$(echo "$wide" | head -n 1 | numbers)" "$names"
is '... in its width' "$(echo "$wide" | widths)" 120
brief=$(on_terminal 119 24 -f "$tmp/many")
is 'one that is narrower has short names' \
	"$(echo "$brief" | head -n 1 | numbers)" \
	'LISTEN SYN-S SYN-R ESTAB FIN-W1 FIN-W2 CLOSING TIME-W CLOSE-W LAST-A CLOSE TOTAL'
narrow=$(on_terminal 80 24 -f "$tmp/many")
is 'one of 80 columns has shorter ones' \
	"$(echo "$narrow" | head -n 1 | numbers)" \
	'LSTN SYN-S SYN-R ESTAB FIN-1 FIN-2 CLSNG TIM-W CLO-W L-ACK CLOSE TOTAL'
is '... with all the counts' "$(echo "$narrow" | tail -n 1 | numbers)" \
	'1234 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 11234'
is '... in its width, aligned' "$(echo "$narrow" | widths)" 79
is 'the time is that of day' "$(echo "$wide
$brief
$narrow" | grep -c '^[0-9][0-9]:[0-9][0-9]:[0-9][0-9] ')" 3
{
	header
	row 0A 443 0 23456
	row 01 443 40000 7
	row 06 443 40000 123456
} >"$tmp/wide"
narrow=$(on_terminal 80 24 -f "$tmp/wide")
is 'a count that is too wide is not cut' \
	"$(echo "$narrow" | tail -n 1 | numbers)" \
	'23456 0 0 7 0 0 0 123456 0 0 0 146919'
is '... and moves no other' "$(echo "$narrow" | tail -n 1 | cut -c9-)" \
	' 23456    0     0     7     0     0     0 123456    0     0     0 146919'

is 'ten lines: a header before each eight' \
	"$(on_terminal 80 10 -f "$tmp/1" 0.01 20 | awk '/TIME/ { print NR }' |
	xargs)" '1 10 19'
is '... of which alerts take some' \
	"$(on_terminal 80 10 -f "$tmp/1" --warn=TOTAL=1 0.01 10 |
	awk '/TIME/ { if (n > 0) print NR - n; n = NR }' | xargs)" '9 9'
is '... and one that both would push off comes before them' \
	"$(on_terminal 80 9 -f "$tmp/1" --warn=TOTAL=1 0.01 10 |
	awk '/TIME/ { if (n > 0) print NR - n; n = NR }' | xargs)" '7 7 7'
is '-H omits it' "$(on_terminal 80 10 -H -f "$tmp/1" 0.01 20 |
	grep -c TIME)" 0
is 'two lines: a header for each' "$(on_terminal 80 2 -f "$tmp/1" 0.01 3 |
	grep -c TIME)" 3

put "$tmp/1"
start 80 10
enter "clear; $tcpstate -f table -o line 0.05"
# scrolled: whether the screen has samples only, below one header at least.
scrolled() {
	screen >"$tmp/screen"
	[ "$(grep -c '^[0-9T].* [0-9T][0-9OTAL]*$' "$tmp/screen")" -ge 9 ] &&
		! grep -q prompt "$tmp/screen"
}
wait_for scrolled
check 'the lines scroll'
is '... with a header in sight' "$(grep -c '^TIME ' "$tmp/screen")" 1
is '... and none wraps' "$(grep -vc '^$' "$tmp/screen")" 9
keys C-c
wait_text '^C ends it' 'prompt>'
# The next header would be due in some minutes.
start 80 900
enter "clear; $tcpstate -f table -o line 0.2"
wait_text 'a header' 'TIM-W'
tmux resize-window -t test -x 130 -y 900
wait_text 'a change of the width brings one with other titles' 'ESTABLISHED'
keys C-c
wait_for shows 'prompt>'

# The format count.
is 'count: the total' "$($tcpstate -f "$tmp/1" -o count)" 26
is '... of what passes the filters' "$($tcpstate -f "$tmp/1" -o count \
	--state=established,time-wait --rport=40000)" 20
is '... or 0' "$($tcpstate -f "$tmp/1" -o count --lport=1)" 0
is '... of more than one file' \
	"$($tcpstate -f "$tmp/1" -f "$tmp/1" -o count)" 52
is 'in watch mode a number for each sample' \
	"$($tcpstate -f "$tmp/1" -o count 0.01 3 | xargs)" '26 26 26'
run $tcpstate -f "$tmp/missing" -o count
matches 'without a sample there is no number' "$status$out $err" \
	"1 tcpstate: $tmp/missing: *"
run $tcpstate -f "$tmp/missing" -o count 0.01 3
is 'nor in watch mode' "$status$out" 1
put "$tmp/1"
background $tcpstate -f "$tmp/table" -o count 0.05
wait_for grep -q 26 "$tmp/log"
rm "$tmp/table"
wait_for test -s "$tmp/err"
{ header; row 01 443 40000 7; } | put
wait_for grep -q '^7$' "$tmp/log"
kill $pid
is 'nor for one that fails later' "$(sort -u "$tmp/log" | xargs)" '26 7'
run $tcpstate -f "$tmp/1" -o count -P
is 'there are no groups' "$status$out" 2
done_testing
