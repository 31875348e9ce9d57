#!/usr/bin/env sh
# Watch mode and its terminal: keys, ways out, sizes, and how much is written.
. tests/lib.sh
. tests/terminal.sh

{ header; row 0A 443 0; row 01 443 40000 20; row 06 40000 3306 60; } >"$tmp/1"
{ header; row 0A 443 0; row 01 443 40000 25; row 06 40000 3306 59; } >"$tmp/2"

# has_drawn TEXT: whether the terminal has got it since forget.
has_drawn() {
	grep -qF -- "$1" "$tmp/drawn"
}
# forget: once nothing more arrives.
forget() {
	wait_for has_settled
	: >"$tmp/drawn"
}
has_settled() {
	size=$(wc -c <"$tmp/drawn")
	sleep 0.3
	[ "$(wc -c <"$tmp/drawn")" = "$size" ]
}

# heading_is PATTERN: whether the first line of the screen is that, as of grep.
heading_is() {
	screen | head -n 1 | grep -qx -- "$1"
}

# quits DESCRIPTION: by q.
quits() {
	keys q
	wait_text "$1" 'status 0'
	enter clear
	wait_for lacks 'status 0'
}

# The heading.
host=$(uname -n)
clock='[0-9][0-9]:[0-9][0-9]:[0-9][0-9]'
put "$tmp/1"
start 80 24
record
watch 60
wait_for has_totals
heading_is "$host  tcpstate  $clock  every 60 s  *watching for 0s   ? help"
check 'the heading has host, time, delay, duration and a hint'
is 'and is as wide as the screen' "$(screen | head -n 1 | wc -m)" 81
failed=
for parts in "58 every 60 s  *  . help" "$((${#host} + 39)) every 60 s" \
	"$((${#host} + 30)) "; do
	tmux resize-window -t test -x "${parts%% *}" -y 24
	wait_for heading_is "$host  tcpstate  $clock *${parts#* }" ||
		failed="$failed ${parts%% *}"
done
tmux resize-window -t test -x "$((${#host} + 12))" -y 24
wait_for heading_is "$host  $clock" || failed="$failed $((${#host} + 12))"
tmux resize-window -t test -x 8 -y 24
wait_for heading_is "$clock" || failed="$failed 8"
is 'what has no room in it is left out whole, the time last' "$failed" ''
tmux resize-window -t test -x 80 -y 24
wait_for heading_is '.* help'
check 'and comes back'

# Keys.
keys '?'
wait_text '? shows the keys' 'longer or shorter delay'
heading_is "$host .* back"
check 'under the heading, which says how to leave'
lacks 'TOTAL  '
check 'in place of the totals'
keys '?'
wait_for has_totals
check 'and again, the totals'
keys h
wait_text 'so does h' 'longer or shorter delay'
tmux resize-window -t test -x 20 -y 5
wait_for heading_is ".*$clock"
wait_for has_line 'q      quit'
is 'and leaves out lines that do not fit' \
	"$(screen | grep -c '[^ ]')" "$(($(screen | grep -c ' help') + 2))"
tmux resize-window -t test -x 80 -y 24
wait_text 'which come back' 'longer or shorter delay'
keys h
wait_for has_totals
forget
keys x X Up Down Left Right F1 F5 PageUp Delete M-q Escape
tmux set-buffer 'q?+ '
tmux paste-buffer -p -t test
sleep 0.5
is 'unknown keys, arrows and what is pasted write nothing' \
	"$(wc -c <"$tmp/drawn")" 0
keys +
wait_for heading_is '.* every 120 s .*'
check '+ has effect at once, long before the next sample'
keys - - -
wait_for heading_is '.* every 10 s .*'
check 'so has -, for each time it is pressed'
quits 'q quits'
watch 0.05
wait_for heading_is '.* every 0.05 s .*'
keys + + +
wait_for heading_is '.* every 0.5 s .*'
check '+ goes through larger and larger delays'
keys - - - - - -
wait_for heading_is '.* every 0.05 s .*'
check '- back to the smallest'
keys Space
wait_for heading_is '.* every 0.05 s  PAUSED .*'
check 'space: the heading says PAUSED'
wait_for has_drawn PAUSED
forget
put "$tmp/2"
sleep 0.5
is 'and nothing is written' "$(wc -c <"$tmp/drawn")" 0
keys Space
wait_text 'until space is pressed again' 'ESTABLISHED     25'
lacks PAUSED
check 'and PAUSED is gone'
keys '?'
wait_for shows 'longer or shorter delay'
quits 'q quits even if help is shown'
put "$tmp/1"
watch '0.05 </dev/null'
wait_text 'without keys, the heading says what ends it' '^C quits'
keys C-c
wait_for shows 'status 0'
mkfifo "$tmp/fifo"
mv "$tmp/table" "$tmp/kept"
mv "$tmp/fifo" "$tmp/table"
start 80 24
watch 60
wait_for program >/dev/null
keys '?'
cat "$tmp/kept" >"$tmp/table"
wait_text 'a key that is pressed in the first sample has effect after it' \
	'longer or shorter delay'
keys q
wait_for shows 'status 0'
mv "$tmp/kept" "$tmp/table"

# Samples that fail for a key.
start 80 40
watch 60 -b raddr,rport,lport --sort=lport
wait_for shows 'sorted by lport'
for by in port raddr listener; do
	keys b
	[ $by != port ] || keys b
	wait_for shows "by $by"
done
rm "$tmp/table"
keys b
wait_text 'after that, rows of an earlier breakdown stay' 'No such file'
keys s q
wait_for has_line 'status 1'
check 'and are not sorted by columns that they lack'
put "$tmp/1"

# Ways out.  summary: the line under the last picture.
summary() {
	screen | sed '1,/^TOTAL  *81 /d' |
		grep -qx '[1-9][0-9]* samples* in [0-9.]* s ([0-9]* missed)'
}
for end in q.0 C-c.0 TERM.143 HUP.129 QUIT.131; do
	start 80 40
	mark
	watch 0.05
	wait_for shows '? help'
	case $end in
	[qC]*) keys "${end%.*}" ;;
	*) signal "${end%.*}" ;;
	esac
	restored "${end%.*}" "${end#*.}"
	summary
	check "${end%.*}: the last picture stays, and a line about the samples"
done
start 80 40
mark
watch 60 1
restored 'one sample' 0
wait_text 'one sample: the line is in the singular' \
	'1 sample in 0.0 s (0 missed)'
mark
watch 0.05 3
restored 'the last sample' 0
wait_text 'the last sample: the line has their number' '3 samples in 0.'
is 'the line is for screens only' \
	"$($tcpstate -f "$tmp/1" -w 0.01 2 | grep -c 'samples in')" 0
watch 0.05
wait_for shows '? help'
rm "$tmp/table"
wait_for shows 'No such file'
keys q
wait_for shows 'status 1'
screen | grep -q 'samples* in .* ([1-9][0-9]* missed)'
check 'a sample that failed is missed'
put "$tmp/1"

# gone PID: whether it has ended.
gone() {
	! kill -0 "$1"
}
for how in '' "trap '' HUP;"; do
	for pressed in '' Space; do
		start 80 24
		enter "$how $tcpstate -f table 0.05"
		wait_for shows '? help'
		# shellcheck disable=SC2086
		[ -z "$pressed" ] || keys $pressed
		pid=$(program)
		tmux kill-session -t test
		wait_for gone "$pid"
		check "it ends with its terminal${how:+, HUP ignored}${pressed:+, paused}"
	done
done

# A terminal that nobody reads: more is to be written than it takes.
start 200 50
enter "$tcpstate -f table 0.05"
wait_for shows '? help'
pid=$(program)
tmux=$(tmux display -p '#{pid}')
kill -STOP "$tmux"
perl -e 'for (1 .. 1000) { kill WINCH => $ARGV[0]; select undef, undef, undef,
    .001 }' "$pid"
kill -TERM "$pid"
wait_for gone "$pid"
check 'a signal ends it even if nobody reads the terminal'
kill -CONT "$tmux"

# Sizes.
start 80 24
mark
for view in '' -P -l '-w --diagnose'; do
	watch 0.05 "$view"
	wait_for shows '? help'
	failed=
	for size in '1 1' '3 10' '20 5' '500 200' '2 200' '500 1'; do
		# shellcheck disable=SC2086
		set -- $size
		tmux resize-window -t test -x "$1" -y "$2"
		wait_for is_sized "$1" "$2"
		for key in '?' '?' C-l; do
			keys "$key"
		done
		program >/dev/null || failed="$failed $size"
	done
	tmux resize-window -t test -x 80 -y 24
	wait_for shows '? help' || failed="$failed 80 24"
	is "no size breaks${view:+ $view}" "$failed" ''
	quits "nor the end${view:+ of $view}"
done

watch 0.05
wait_for shows '? help'
pid=$(program)
perl -e 'open my $tty, "<", $ARGV[0] or die; srand 1;
    sub resize { my $size = pack "S4", @_, 0, 0; ioctl $tty, 0x5414, $size }
    for (1 .. 300) {
	resize(int rand 60, int rand 150);
	select undef, undef, undef, rand .005;
    }
    resize(24, 80);' "$(tmux display -p -t test '#{pane_tty}')"
# The terminal has cut what was written for other sizes.
keys C-l
wait_for heading_is "$host  tcpstate  $clock  every .* help"
check 'a storm of resizes ends in a whole picture'
is 'with all lines' "$(screen | grep -c '^[A-Z][A-Z_0-9]*  *[0-9]')" 12
is 'by the same process' "$(program)" "$pid"
is_sized 80 24
check 'in the last size'
quits 'which still ends'

# How much is written.  bytes COUNT: by so many samples, and the end.
bytes() {
	script -qec "stty cols 80 rows 24; TERM=xterm LC_ALL=C.UTF-8 \
		exec $tcpstate -f '$tmp/1' 0.1 $1" /dev/null </dev/null | wc -c
}
one=$(bytes 1)
many=$(bytes 21)
[ "$one" -gt 500 ] && [ $(((many - one) / 20)) -lt 300 ]
check 'a sample of an idle screen takes under 300 bytes'
echo "# $(((many - one) / 20)) bytes"
has_more_writes() {
	[ "$(wc -l <"$tmp/trace")" -gt "$writes" ]
}
start 80 24
if can strace -o /dev/null true; then
	watch 60
	wait_for shows '? help'
	pid=$(program)
	strace -qq -e trace=write -o "$tmp/trace" -p "$pid" 2>"$tmp/err" &
	tracer=$!
	wait_for grep -q 'TracerPid:.[1-9]' "/proc/$pid/status"
	for key in '?' '?' C-l; do
		writes=$(wc -l <"$tmp/trace")
		keys "$key"
		wait_for has_more_writes
	done
	is 'a picture is one write' "$(wc -l <"$tmp/trace")" 3
	keys q
	wait "$tracer"
fi
done_testing
