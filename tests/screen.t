#!/usr/bin/env sh
# What a terminal shows, watch mode above all.
. tests/lib.sh

command -v tmux >/dev/null || skip_all 'no tmux'

server=0
tmux() {
	command tmux -L "tcpstate-$$-$server" -f /dev/null "$@"
}
trap 'tmux kill-server 2>/dev/null; rm -rf "$tmp"' EXIT

screen() {
	tmux capture-pane -p -t test
}

# shows TEXT: whether it is on the screen.
shows() {
	screen | grep -qF -- "$1"
}

lacks() {
	! shows "$1"
}

keys() {
	tmux send-keys -t test "$@"
}

# enter TEXT: types it, and Enter.
enter() {
	keys -l "$1"
	keys Enter
}

# wait_text DESCRIPTION TEXT: passes when the screen shows it.
wait_text() {
	wait_for shows "$2"
	check "$1"
	shows "$2" || screen | sed 's/^/# /'
}

put() {
	cat "$@" >"$tmp/next"
	mv "$tmp/next" "$tmp/table"
}

start() {
	tmux kill-server 2>/dev/null
	server=$((server + 1))
	tmux new-session -d -s test -x "$1" -y "$2" \
		"env -u NO_COLOR PS1='prompt> ' ENV= LC_ALL=$locale sh"
	wait_for shows 'prompt>'
}

# watch DELAY OPTION...: between two looks at the terminal's settings.
watch() {
	enter "stty -a >$tmp/before; $tcpstate -f $tmp/table $*; echo status \$?; stty -a >$tmp/after"
}

# restored DESCRIPTION STATUS: the terminal is as it was.
restored() {
	wait_text "$1: exit status $2" "status $2"
	wait_for test -s "$tmp/after"
	cmp -s "$tmp/before" "$tmp/after"
	check "$1: the terminal's settings are back"
	is "$1: so is the cursor" \
		"$(tmux display -p -t test '#{cursor_flag}')" 1
	is "$1: so is the screen" \
		"$(tmux display -p -t test '#{alternate_on}')" 0
	is "$1: and it wraps" "$(tmux display -p -t test '#{wrap_flag}')" 1
	wait_text "$1: with what stood there" 'before the watch'
	: >"$tmp/after"
}

locale=C.UTF-8
{ header; row 0A 443 0; row 01 443 40000 20; row 06 40000 3306 60; } >"$tmp/1"
{ header; row 0A 443 0; row 01 443 40000 25; row 06 40000 3306 59; } >"$tmp/2"

# Once.
put "$tmp/1"
start 80 24
enter "$tcpstate -f $tmp/table"
wait_text 'a share' ' 24.6%'
wait_text 'and a bar' '███'
wait_for shows 'TOTAL  '
is 'in the width there is' "$(screen | LC_ALL=C.UTF-8 grep -c '^.\{81\}')" 0
start 60 24
enter "clear; $tcpstate -f $tmp/table"
wait_for shows 'TOTAL  '
is 'also where it is less' "$(screen | grep -c '^█')" 0
start 30 24
enter "clear; $tcpstate -f $tmp/table"
wait_for shows 'TOTAL  '
is 'or none' "$(screen | grep -c %)" 0

# coloured COMMAND: whether it writes escape sequences to a terminal.
coloured() {
	script -qec "$*" /dev/null </dev/null | grep -c "$(printf '\033')"
}
is 'a terminal gets escape sequences' \
	"$(coloured "TERM=xterm $tcpstate -f $tmp/1" | sed 's/[1-9][0-9]*/some/')" some
is 'but not with NO_COLOR' \
	"$(coloured "NO_COLOR=1 TERM=xterm $tcpstate -f $tmp/1")" 0
is 'nor with TERM=dumb' "$(coloured "TERM=dumb $tcpstate -f $tmp/1")" 0
is 'nor without TERM' "$(coloured "env -u TERM $tcpstate -f $tmp/1")" 0
is 'nor with TERM=dumb in watch mode' \
	"$(coloured "TERM=dumb $tcpstate -f $tmp/1 0.05 2")" 0
is 'plain ASCII where the locale is' "$(script -qec \
	"LC_ALL=C TERM=dumb $tcpstate -f $tmp/1" /dev/null </dev/null |
	LC_ALL=C grep -c '[^ -~[:space:]]')" 0
matches 'a bar of it' "$(script -qec \
	"stty cols 80; LC_ALL=C TERM=dumb $tcpstate -f $tmp/1" /dev/null \
	</dev/null | grep TIME_WAIT)" '*%  ###*'

# Watch mode.
put "$tmp/1"
start 80 24
enter 'echo before the watch'
watch 1
wait_text 'watch mode shows the totals' 'ESTABLISHED   20'
put "$tmp/2"
wait_text 'redraws them, a delta beside each count' 'ESTABLISHED   25 +5'
put "$tmp/1"
wait_text 'down as well' 'ESTABLISHED   20 -5'
is 'in place' "$(screen | grep -c ESTABLISHED)" 1
tmux resize-window -t test -x 40 -y 10
sleep 0.3
wait_text 'a smaller window has the totals, without zeros' 'ESTABLISHED'
wait_for lacks LAST_ACK
check 'which there is no room for'
wait_text 'down to the last line' 'TOTAL  '
tmux resize-window -t test -x 20 -y 10
wait_text 'what has no room at all is named' 'no room for'
tmux resize-window -t test -x 80 -y 24
wait_text 'and all is back with the room' 'LAST_ACK'
keys q
wait_text 'q leaves the last sample on the screen' 'TIME_WAIT'
restored q 0

enter 'clear; echo before the watch'
watch 0.05
wait_for shows 'q to quit'
keys C-c
restored '^C' 0
for signal in TERM.143 HUP.129; do
	start 80 24
	enter 'clear; echo before the watch'
	watch 0.05
	wait_for shows 'q to quit'
	pkill "-${signal%.*}" -f "^$tcpstate -f $tmp/table"
	restored "${signal%.*}" "${signal#*.}"
done

# While it waits for a file.
mkfifo "$tmp/fifo"
start 80 24
enter 'clear; echo before the watch'
mv "$tmp/table" "$tmp/kept"
mv "$tmp/fifo" "$tmp/table"
watch 0.05
wait_for lacks 'before the watch'
pkill -TERM -f "^$tcpstate -f $tmp/table"
restored 'TERM while it waits' 143
mv "$tmp/kept" "$tmp/table"

start 80 24
enter 'set -m; clear; echo before the watch'
watch 0.05
wait_for shows 'q to quit'
keys C-z
wait_text '^Z gives the terminal back' 'before the watch'
is '^Z: with its cursor' "$(tmux display -p -t test '#{cursor_flag}')" 1
enter fg
wait_text 'and fg takes it again' 'q to quit'
keys q
wait_for lacks 'q to quit'
is '^Z: all is well in the end' \
	"$(tmux display -p -t test '#{cursor_flag} #{alternate_on}')" '1 0'

# A breakdown.
put "$tmp/1"
start 100 24
watch 1 -P
wait_text 'a breakdown' 'out  3306'
put "$tmp/2"
wait_text 'with its deltas' '59 -1'
keys q
wait_for shows 'status 0'
{ header; for port in $(seq 100 140); do row 01 "$port" 40000; done; } \
	>"$tmp/ports"
put "$tmp/ports"
start 80 24
watch 0.05 -P
wait_text 'rows for which there are no lines are one' 'other     -'
is 'so that nothing is lost' \
	"$(screen | awk '$2 ~ /^[0-9-]+$/ && NF == 4 { n += $NF } END { print n }')" 41
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
wait_text 'listeners: the queue has its column whatever room there is' QUEUE
keys q
wait_for shows 'status 0'

# Thresholds.
put "$tmp/1"
start 80 12
watch 0.05 --crit=ESTABLISHED=1
wait_text 'what thresholds say is the last line' '! CRITICAL - ESTABLISHED'
is 'and takes none from TOTAL' "$(screen | grep -c '^TOTAL ')" 1
put "$tmp/2"
keys q
wait_text 'the worst is the exit status' 'status 2'

# What goes wrong is shown, and told in the end.
put "$tmp/1"
start 100 24
watch 0.05
wait_for shows 'q to quit'
rm "$tmp/table"
wait_text 'a failure stands under the last sample' 'No such file'
put "$tmp/1"
wait_for lacks 'No such file'
check 'until there is another sample'
keys q
wait_text 'and is the exit status' 'status 1'
wait_text 'and a message' "tcpstate: $tmp/table: No such file"

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
wait_text 'and is told again in the end' "tcpstate: $tmp/table: No such file"
done_testing
