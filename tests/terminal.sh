# A terminal for tests, through tmux: to be sourced after lib.sh.  The
# program is in the directory of the terminal's shell, $tmp, as "tcpstate", and
# what it watches there as "table".
# shellcheck shell=sh disable=SC2034,SC2154

command -v tmux >/dev/null || skip_all 'no tmux'

# Servers of this test's own, the sockets of which go with $tmp, and shells of
# the kind that runs this.
TMUX_TMPDIR=$tmp
SHELL=$(command -v sh)
export TMUX_TMPDIR SHELL
unset TMUX
server=0
tmux() {
	command tmux -L "$server" -f /dev/null "$@"
}
trap 'tmux kill-server 2>/dev/null; rm -rf "$tmp"' EXIT

screen() {
	tmux capture-pane -p -t test
}

# shows TEXT: whether it is on the screen.
shows() {
	screen | grep -qF -- "$1"
}

# lacks TEXT: to be waited for only where the text has been seen.
lacks() {
	! shows "$1"
}

# has_line LINE: whether it is there as a whole, and not in what was typed.
has_line() {
	screen | grep -qxF -- "$1"
}

# had_line LINE: the same, of what has scrolled off too.
had_line() {
	tmux capture-pane -p -S - -t test | grep -qxF -- "$1"
}

# has_totals: whether their last line is there, and not only their header.
has_totals() {
	screen | grep -q '^TOTAL '
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

# open_terminal COLUMNS LINES: a new one, with a shell in $tmp, where the
# program is as well.
open_terminal() {
	tmux kill-server 2>/dev/null
	server=$((server + 1))
	tmux new-session -d -s test -x "$1" -y "$2" -c "$tmp" \
		env -u NO_COLOR PS1='prompt> ' ENV= LC_ALL=$locale sh \
		2>"$tmp/err" && wait_for shows 'prompt>'
}

# start COLUMNS LINES: a new terminal, without which no test makes sense.
start() {
	open_terminal "$@" && return
	false
	check "a terminal of $1 columns and $2 lines"
	done_testing
	exit 1
}

# record: what the terminal gets from now on, to $tmp/drawn.
record() {
	tmux pipe-pane -t test "exec cat >>'$tmp/drawn'"
}

# is_sized COLUMNS LINES: whether the terminal has that size.
is_sized() {
	[ "$(stty size <"$(tmux display -p -t test '#{pane_tty}')")" = "$2 $1" ]
}

# drawn N: whether so many whole pictures have begun, as recorded.
home=$(printf '\033\[H')
drawn() {
	[ "$(grep -ao "$home" "$tmp/drawn" | wc -l)" -ge "$1" ]
}

# resize COLUMNS LINES: until the program has drawn a picture of that size.  It
# draws one at once, and again for each ^L; when the second begins, the first is
# whole.  Needs record.
resize() {
	tmux resize-window -t test -x "$1" -y "$2"
	wait_for is_sized "$1" "$2" && : >"$tmp/drawn" && keys C-l &&
		wait_for drawn 1 && keys C-l && wait_for drawn 2 && return
	false
	check "a picture of $1 columns and $2 lines"
}

# mark: clears the screen and leaves a line there that is not what was typed.
marks=0
mark() {
	marks=$((marks + 1))
	enter "clear; echo before watch $marks"
	wait_for has_line "before watch $marks"
}

# watch DELAY OPTION...: between two looks at the terminal's settings.
watch() {
	enter "stty -a >before; $tcpstate -f table $*; echo status \$?; stty -a >after"
}

# program: the process that the terminal's shell runs.
program() {
	pgrep -x -P "$(tmux display -p -t test '#{pane_pid}')" tcpstate
}

# signal NAME: to it.
signal() {
	kill "-$1" "$(program)"
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
	wait_for had_line "before watch $marks"
	check "$1: with what was there"
	: >"$tmp/after"
}

locale=C.UTF-8
ln -s "$PWD/tcpstate" "$tmp/tcpstate"
open_terminal 80 24 ||
	skip_all "tmux has no terminal: $(head -n 1 "$tmp/err")"
script -qec true /dev/null </dev/null >/dev/null 2>"$tmp/err" ||
	skip_all "script has no terminal: $(head -n 1 "$tmp/err")"
