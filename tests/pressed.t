#!/usr/bin/env sh
# The keys of the screen: each has effect at once, long before the next sample.
. tests/lib.sh
need_netns
. tests/terminal.sh

{
	header
	row 0A 443 0
	row 01 443 40000 20
	row 06 40000 3306 60
	row 08 80 40000 9
	row6 01 443 40000 7
} >"$tmp/1"
{
	header
	row 0A 443 0
	row 01 443 40000 25
	row 06 40000 3306 59
	row6 01 443 40000 7
} >"$tmp/2"

# fields NAME: those of the line that begins so, by one blank.
fields() {
	screen | awk -v name="$1" '$1 == name { $1 = $1; print; exit }'
}

# first_row: the first of the breakdown.
first_row() {
	screen | awk '/^by / { n = NR + 2 } NR == n { $1 = $1; print }'
}

# Breakdowns.
put "$tmp/1"
start 100 40
record
watch 60
wait_text 'the breakdown is by port' 'by port'
is 'the busiest first' "$(first_row)" 'out 3306 0 0 60 0 60 -'
put "$tmp/2"
keys b
wait_text 'b: the next one is by raddr' 'by raddr'
wait_for has_line '127.0.0.2       0           25         59     84      -'
check 'with what there is now'
is 'under totals of the same moment' "$(fields TIME_WAIT)" \
	'TIME_WAIT 59 0 59 -1 59 60 60 █▁'
keys b
wait_text 'b: of files, the next one is of listeners' ACCEPTQ
keys b
has_no_breakdown() {
	lacks ACCEPTQ && lacks 'by '
}
wait_for has_no_breakdown
check 'b: none'
has_totals
check 'only the totals'
keys b
wait_text 'b: and by port again' 'by port'
keys '?' b
wait_text 'b ends the help' 'by raddr'
keys b b b
wait_text 'b b b: three further' 'by port'
keys q
wait_text 'such samples do not count' '1 sample in 0.0 s (0 missed)'

# Samples of breakdowns, and r.
put "$tmp/1"
wait_for shows 'status 0'
start 100 40
watch 60
wait_for has_totals
put "$tmp/2"
keys b
wait_text 'b: later counts' 'by raddr'
keys r
begins_later() {
	[ "$(fields TIME_WAIT | cut -d ' ' -f 6-8)" = '59 59 59' ]
}
wait_for begins_later
check 'r: MIN and MAX are since then'
keys - - - - -
has_two_later() {
	[ "$(fields TIME_WAIT | cut -d ' ' -f 5)" = . ]
}
wait_for has_two_later
begins_later
check 'even if the last sample in turn was before'
keys q

# Sorting.
put "$tmp/1"
wait_for shows 'status 0'
start 100 40
watch 60
wait_for has_totals
for wanted in 'LISTEN in 443 1 27' 'ESTABLISHED in 443 1 27' \
	'TIME_WAIT out 3306 0 0 60' 'CLOSE_WAIT in 80 0 0 0 9' \
	'dir in 80' 'port in 80'; do
	column=${wanted%% *}
	keys s
	wait_text "s: sorted by $column" "by port; sorted by $column"
	matches 'with the first row so' "$(first_row)" "${wanted#* }*"
done
keys s
wait_for has_line 'by port'
check 's: and as usual again'
is 'with the busiest first' "$(first_row)" 'out 3306 0 0 60 0 60 -'
keys s b b b b
wait_for has_line 'by port'
check 'a breakdown begins with its usual order'

# What is shown of each state.
keys z
wait_for lacks SYN_SENT
check 'z: states without sockets are gone'
is 'not those with some' "$(fields CLOSE_WAIT)" 'CLOSE_WAIT 9 0 9 . 9 9 9 ▁▁'
keys z
wait_text 'z: and back' SYN_SENT
keys 6
wait_for lacks TCP6
check '6: both families together'
is 'with their sum' "$(fields ESTABLISHED)" \
	"ESTABLISHED 27 . 27 27 27 ▁▁"
keys 6
wait_text '6: and apart' TCP6
keys c
wait_text 'c: changes per second' 'TOTAL  +/-/s'
is 'in both tables' "$(screen | grep -c '+/-/s')" 2
keys c
wait_for lacks '+/-/s'
check 'c: and since the last sample'
tmux resize-window -t test -x 40 -y 40
wait_text 'of columns that do not fit' 'no room for: '
keys '>'
wait_text 'with > the left ones are left out' 'no room for: LISTEN'
keys '>' '>' '<' '<' '<'
wait_for has_line 'no room for: LISTEN, CLOSE-W'
check 'and with < the least important again'
tmux resize-window -t test -x 100 -y 40
wait_for lacks 'no room'
keys '>'
sleep 0.3
lacks 'no room'
check '> changes nothing if all fit'
keys q
wait_for shows 'status 0'

# What was.
watch 0.1
wait_for shows '? help'
put "$tmp/2"
has_both() {
	[ "$(fields ESTABLISHED | cut -d ' ' -f 6,8)" = '27 32' ]
}
wait_for has_both
check 'MIN and MAX are since the start'
has_begun_anew() {
	[ "$(fields ESTABLISHED | cut -d ' ' -f 6-8)" = '32 32 32' ]
}
keys r
wait_for has_begun_anew
check 'r: since then'
screen | grep '^TIME_WAIT' | grep -q '█\|▁▁'
check 'but the history stays'

# A pause.
put "$tmp/1"
stands() {
	[ "$(first_row)" = 'out 3306 0 0 60 0 60 .' ]
}
wait_for stands
keys Space
wait_text 'space: PAUSED' PAUSED
put "$tmp/2"
sleep 0.5
before=$(fields TIME_WAIT)
keys z
wait_for lacks SYN_SENT
is 'z in a pause: the picture is that of before' "$(fields ESTABLISHED |
	cut -d ' ' -f 1-4)" 'ESTABLISHED 20 7 27'
is 'with its history' "$(fields TIME_WAIT)" "$before"
is 'and its rows' "$(first_row)" 'out 3306 0 0 60 0 60 .'
keys s s
wait_text 's in a pause: sorted' 'sorted by ESTABLISHED'
is 'rows of before' "$(first_row)" 'in 443 1 27 0 0 28 .'
keys b
wait_text 'b in a pause: rows of now' 'by raddr'
is 'under the totals of the last sample' "$(fields ESTABLISHED |
	cut -d ' ' -f 1-4)" 'ESTABLISHED 25 7 32'
rm "$tmp/table"
sleep 0.5
keys c
wait_for shows '+/-/s'
is 'even if nothing can be read' "$(fields ESTABLISHED |
	cut -d ' ' -f 1-4)" 'ESTABLISHED 25 7 32'
keys b
wait_text 'b then: why it has no effect' 'table: No such file'
put "$tmp/2"
keys b b b
wait_for lacks 'table: No such file'
check 'until it has'
keys Space
wait_for lacks PAUSED
check 'space: goes on'
wait_text 'with what there is now' 'ESTABLISHED     25      7     32'
keys q
wait_for shows 'status '

# What has been seen keeps its place.
put "$tmp/1"
watch 0.1 -P
wait_for shows '? help'
grep -v ' 08 ' "$tmp/1" | put
has_gone() {
	[ "$(fields CLOSE_WAIT | cut -d ' ' -f 4,5)" = '0 .' ]
}
wait_for has_gone
check 'a state that is gone keeps its line'
screen | grep -q '^DIR .*CLOSE_WAIT'
check 'and its column'
keys r
wait_for lacks CLOSE_WAIT
check 'r: until then'
keys Space
wait_text 'a pause' PAUSED
sleep 0.3
keys s s Space
wait_for lacks PAUSED
wait_text 's in a pause: sorted' 'sorted by ESTABLISHED'
is 'after it too' "$(first_row | cut -d ' ' -f 1-4)" 'in 443 1 27'
keys q
wait_for shows 'status '

# Breakdowns of what is live: those by process too.
start 100 40
cat >"$tmp/listen.pl" <<'END'
use IO::Socket::IP; $| = 1;
my $l = IO::Socket::IP->new(LocalHost => "127.0.0.1", Listen => 2048,
    LocalPort => 7001) or die;
print "ready\n"; <STDIN>;
END
hold perl "$tmp/listen.pl"
enter "$tcpstate 60"
wait_text 'live' '7001'
keys b
wait_text 'b: by raddr' 'by raddr'
keys b
wait_text 'b: by process' '/perl '
keys b
wait_text 'b: listeners' '2048'
keys s
wait_text 's: sorted by a column that they have' 'sorted by ACCEPTQ'
keys b
wait_for lacks 2048
check 'b: none'
keys q
wait_for lacks '? help'
enter "clear; $tcpstate -b timer 60"
wait_text 'a breakdown of the command line is the first' 'by timer'
keys b
wait_for lacks 'by timer'
check 'b: then the others, from none on'
keys b b b b b
wait_text 'b: and it again' 'by timer'
keys q
wait_for lacks '? help'
if can nobody true; then
	cp $tcpstate "$tmp/copy"
	chmod 755 "$tmp" "$tmp/copy"
	enter "clear; setpriv --reuid=65534 --regid=65534 --clear-groups \
		$tmp/copy -p 60"
	wait_text 'without rights: a notice' 'unknown processes'
	keys b
	wait_for lacks 'unknown processes'
	check 'b: none, as all is known'
	keys b b b b
	wait_text 'b b b b: processes, and it again' 'unknown processes'
	keys q
	wait_for lacks '? help'
fi
release

# The diagnosis has the common keys.
start 100 40
enter "$tcpstate -d -w0.2"
wait_text 'a diagnosis' '? help'
keys '?'
wait_text '?: the keys' 'longer or shorter delay'
lacks 'next breakdown'
check 'only those that it has'
keys '?'
wait_for lacks 'longer or shorter delay'
check '?: and back'
keys Space
wait_text 'space: PAUSED' PAUSED
time=$(screen | head -n 1)
sleep 0.5
is 'the picture stands' "$(screen | head -n 1)" "$time"
keys + b z
wait_text '+ has effect even so' 'every 0.5 s'
keys Space
wait_for lacks PAUSED
check 'space: goes on'
keys q
wait_text 'q quits' 'samples in'
done_testing
