#!/usr/bin/env sh
# What a terminal shows, watch mode above all.
. tests/lib.sh
. tests/terminal.sh

{ header; row 0A 443 0; row 01 443 40000 20; row 06 40000 3306 60; } >"$tmp/1"
{ header; row 0A 443 0; row 01 443 40000 25; row 06 40000 3306 59; } >"$tmp/2"

# Once.
put "$tmp/1"
start 80 24
enter "$tcpstate -f table"
wait_text 'a share' ' 24.6%'
wait_text 'and a bar' '███'
wait_for has_totals
is 'in the width there is' "$(screen | LC_ALL=C.UTF-8 grep -c '^.\{81\}')" 0
start 60 24
enter "clear; $tcpstate -f table"
wait_for has_totals
is 'also where it is less' "$(screen | grep -c '^█')" 0
start 30 24
enter "clear; $tcpstate -f table"
wait_for has_totals
is 'or none' "$(screen | grep -c %)" 0

# coloured COMMAND: whether it writes escape sequences to a terminal.
coloured() {
	script -qec "$*" /dev/null </dev/null | grep -c "$(printf '\033')"
}
is 'a terminal gets escape sequences' \
	"$(coloured "TERM=xterm $tcpstate -f '$tmp/1'" | sed 's/[1-9][0-9]*/some/')" some
is 'but not with NO_COLOR' \
	"$(coloured "NO_COLOR=1 TERM=xterm $tcpstate -f '$tmp/1'")" 0
is 'nor with TERM=dumb' "$(coloured "TERM=dumb $tcpstate -f '$tmp/1'")" 0
is 'nor without TERM' "$(coloured "env -u TERM $tcpstate -f '$tmp/1'")" 0
is 'nor with TERM=dumb in watch mode' \
	"$(coloured "TERM=dumb $tcpstate -f '$tmp/1' 0.05 2")" 0
is 'plain ASCII where the locale is' "$(script -qec \
	"LC_ALL=C TERM=dumb $tcpstate -f '$tmp/1'" /dev/null </dev/null |
	LC_ALL=C grep -c '[^ -~[:space:]]')" 0
matches 'a bar of it' "$(script -qec \
	"stty cols 80; LC_ALL=C TERM=dumb $tcpstate -f '$tmp/1'" /dev/null \
	</dev/null | grep TIME_WAIT)" '*%  ###*'

# Watch mode.
put "$tmp/1"
start 80 24
mark
watch 1
wait_text 'watch mode shows the totals' 'ESTABLISHED     20'
put "$tmp/2"
wait_text 'redraws them, with the change of each' 'ESTABLISHED     25      0     25     +5'
put "$tmp/1"
wait_text 'down as well' 'ESTABLISHED     20      0     20     -5'
is 'in place' "$(screen | grep -c '^ESTABLISHED')" 1
# What is redrawn has the last line where a screen that was cut has none.
redrawn() {
	has_totals && lacks LAST_ACK
}
tmux resize-window -t test -x 40 -y 10
wait_for redrawn
wait_text 'a smaller window has the totals, without zeros' 'ESTABLISHED'
lacks LAST_ACK
check 'which there is no room for'
has_totals
check 'down to the last line'
tmux resize-window -t test -x 20 -y 10
wait_for has_line 'ESTABLISHED     20'
check 'a narrow one only the sum of both families'
tmux resize-window -t test -x 80 -y 24
wait_text 'and all is back with the room' 'LAST_ACK'
keys q
wait_for shows 'status 0'
wait_text 'q leaves the last sample on the screen' 'TIME_WAIT'
restored q 0

mark
watch 0.05
wait_for shows '? help'
keys C-c
restored '^C' 0
for end in TERM.143 HUP.129; do
	start 80 24
	mark
	watch 0.05
	wait_for shows '? help'
	signal "${end%.*}"
	restored "${end%.*}" "${end#*.}"
done

# While it waits for a file.
mkfifo "$tmp/fifo"
start 80 24
mark
mv "$tmp/table" "$tmp/kept"
mv "$tmp/fifo" "$tmp/table"
watch 0.05
wait_for lacks "before watch $marks"
signal TERM
restored 'TERM while it waits' 143
mv "$tmp/kept" "$tmp/table"

start 80 24
enter 'set -m'
mark
watch 0.05
wait_for shows '? help'
keys C-z
wait_for has_line "before watch $marks"
check '^Z gives the terminal back'
is '^Z: with its cursor' "$(tmux display -p -t test '#{cursor_flag}')" 1
enter fg
wait_text 'and fg takes it again' '? help'
keys q
wait_for lacks '? help'
mark
is '^Z: all is well in the end' \
	"$(tmux display -p -t test '#{cursor_flag} #{alternate_on}')" '1 0'

# A breakdown.
put "$tmp/1"
start 100 24
watch 1 -P
wait_text 'a breakdown' 'out  3306'
put "$tmp/2"
wait_text 'with the change of each row' '59     -1'
keys q
wait_for shows 'status 0'
{ header; for port in $(seq 100 140); do row 01 "$port" 40000; done; } \
	>"$tmp/ports"
put "$tmp/ports"
start 80 24
watch 0.05 -P
wait_text 'rows for which there are no lines are one' 'other     -'
is 'so that nothing is lost' \
	"$(screen | awk '$2 ~ /^[0-9-]+$/ && NF == 5 { n += $4 } END { print n }')" 41
keys q
wait_for shows 'status 0'
{ header; for st in 01 02 03 04 05 06 08 09 0B; do row $st 80 40000 $((0x$st)); done; row 0A 80 0; } \
	>"$tmp/wide"
put "$tmp/wide"
start 80 24
watch 0.05 -P
wait_text 'columns for which there is no room are named' 'no room for: '
is 'and TOTAL is always there' "$(screen | grep -c 'DIR .*TOTAL')" 1
keys q
wait_for shows 'status 0'

# Listeners.
put "$tmp/1"
start 60 24
watch 0.05 -l
wait_text 'listeners: the queue has its column whatever room there is' ACCEPTQ
keys q
wait_for shows 'status 0'

# Thresholds.
put "$tmp/1"
start 80 12
watch 0.05 --crit=ESTABLISHED=1
wait_text 'what thresholds say is on the screen' '! CRITICAL - ESTABLISHED'
is 'and takes none from TOTAL' "$(screen | grep -c '^TOTAL ')" 1
put "$tmp/2"
keys q
wait_text 'the worst is the exit status' 'status 2'

# What goes wrong is shown, and told in the end.
put "$tmp/1"
start 100 24
watch 0.05
wait_for shows '? help'
rm "$tmp/table"
wait_text 'a failure is shown with the last sample' 'No such file'
put "$tmp/1"
wait_for lacks 'No such file'
check 'until there is another sample'
keys q
wait_text 'and is the exit status' 'status 1'
wait_text 'and a message' 'tcpstate: table: No such file'

# -v, which must not hide it.
put "$tmp/1"
start 100 24
watch 0.05 -v
wait_text '-v tells of each sample' 'file: 81 sockets in'
rm "$tmp/table"
wait_text 'but a failure comes first' 'No such file'
put "$tmp/1"
wait_for lacks 'No such file'
keys q
wait_text 'and is told again in the end' 'tcpstate: table: No such file'
done_testing
