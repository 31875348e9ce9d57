#!/usr/bin/env sh
# What bash, zsh and fish offer at TAB: what the program takes, and no more.
. tests/lib.sh
. tests/terminal.sh

# The program's words.  plain: without what the program overlooks, too.
plain() {
	lower | tr _ - | tr -cs 'a-z0-9-' '\n' | sed 's/^-//;/^$/d' | sort -u
}
lower() {
	tr '[:upper:]' '[:lower:]'
}
# listed OPTION=: the words that its error message lists.
listed() {
	$tcpstate "$1?" -P 2>&1 | sed -n 's/.*([^(:]*: \([^()]*\)).*/\1/p'
}
states() {
	listed --explain= | sed 's/, all$//'
}
# wanted TYPED: what must be offered after it.
wanted() {
	case $1 in
	'--by ' | '-b ') listed --by= ;;
	'' | '-P :echo ' | '--state ' | '--count ' | '-c ') listed --state= ;;
	--explain= | '--explain ') listed --explain= ;;
	'--warn ' | '--crit ')
		states
		echo total
		;;
	'--sort ')
		states
		listed --by=
		echo total acceptq backlog
		;;
	'--format ' | '-o ') listed --format= ;;
	'--source ') listed --source= ;;
	'--byte-order ') listed --byte-order= ;;
	--color=) listed --color= ;;
	*) ;; # --top, or behind a state to explain: nothing
	esac | plain
}
options() {
	awk '/^ +-/ {
		for (i = 1; i <= NF && $i ~ /^-/; i++) {
			sub(/[^-A-Za-z0-9].*/, "", $i)
			print $i
		}
	}' | sort -u
}
options=$($tcpstate --help | options)

# offers_all SHELL: calls offered(), which prints what that shell offers after
# "tcpstate $1".
offers_all() {
	is "$1 offers the options of the usage text" \
		"$(offered - | sed 's/=$//' | sort -u)" "$options"
	for typed in '--by ' '-b ' '--state ' '--count ' '-c ' '--explain=' \
	    '--sort ' '--format ' '-o ' '--source ' '--byte-order ' \
	    '--color=' '--warn ' '--crit ' '--top ' '--watch=' '--explain ' \
	    '--explain tw ' '--explain=tw ' '-P :echo ' ''; do
		is "$1 offers the words after 'tcpstate $typed'" \
			"$(offered "$typed" | plain)" "$(wanted "$typed")"
	done
}

# Interactive shells, where files are, and a namespace if there may be one.
home=$tmp/home
mkdir -p "$home/saved"
: >"$home/saved.tcp"
cat >"$tmp/private" <<'PRIVATE'
mount -t tmpfs none /run && mkdir /run/netns && : >/run/netns/blue && exec "$@"
PRIVATE
private="unshare -m sh $tmp/private"
# shellcheck disable=SC2086
can $private true || private=
completions=$PWD/completions
HOME=$home
XDG_CONFIG_HOME=$home
XDG_DATA_HOME=$home
INPUTRC=/dev/null
PATH=$PWD:$PATH
export HOME XDG_CONFIG_HOME XDG_DATA_HOME INPUTRC PATH

# open_shell NAME COMMAND SETUP: in a new terminal; SETUP has it prompt NAME>.
open_shell() {
	shell=$1
	start 120 60
	enter "cd '$home' && unset PS1 && clear && exec $private $2"
	wait_for lacks 'prompt>'
	enter "$3"
	wait_for has_line "$shell>"
}
prompted() {
	has_line "line $lines" && has_line "$shell>"
}
# typed TEXT: types it, and TAB.
lines=0
typed() {
	lines=$((lines + 1))
	keys C-u
	enter "clear; echo line $lines"
	wait_for prompted
	keys -l "tcpstate $1"
	keys Tab
}
# becomes TYPED WANTED: with an X typed after it.
becomes() {
	typed "$1"
	keys -l X
	wait_for has_line "$shell> tcpstate $2"
	is "in $shell, '$1' becomes '${2%X}'" \
		"$(screen | sed -n "s/^$shell> tcpstate //p")" "$2"
}
# menu TYPED: what is shown below it.
menu() {
	typed "$1"
	wait_for menu_shown
	sed "1,/^$shell>/d;/^$shell>/d" "$tmp/menu"
}
# menu_shown: whether there is one, as it was a moment ago.
menu_shown() {
	screen >"$tmp/menu"
	[ "$(sed -n "/^$shell>/,\$p" "$tmp/menu" | grep -c .)" -gt 1 ] &&
		sleep 0.1 && [ "$(screen)" = "$(cat "$tmp/menu")" ]
}
# process_shown: whether a process of a terminal, with its pid, is on it.
process_shown() {
	screen | grep -q '^ *[1-9][0-9]* [^ ]*/[0-9]'
}
# becomes_in_all AFTER: the same in each shell, except what it puts after an
# option that needs an argument.
becomes_in_all() {
	becomes --sta "--state$1X"
	becomes --sou "--source$1X"
	becomes '--source so' '--source sock_diag X'
	becomes --source=so '--source=sock_diag X'
	becomes '-o cs' '-o csv X'
	becomes --color=al '--color=always X'
	becomes --explain=tim '--explain=time-wait X'
	becomes '--explain tim' '--explain time-wait X'
	becomes '--explain bu' '--explain buX'
	becomes '--explain tw tim' '--explain tw timX'
	becomes '--explain=tw tim' '--explain=tw timX'
	becomes '-f saved.t' '-f saved.tcp X'
	becomes --file=saved.t '--file=saved.tcp X'
	becomes --baseline=saved.t '--baseline=saved.tcp X'
	becomes --proc=s --proc=saved/X
	becomes '--proc s' '--proc saved/X'
	becomes '--top s' '--top sX'
	becomes '--state=saved' '--state=savedX'
	[ -z "$private" ] || becomes '--netns=b' '--netns=blue X'
	[ -z "$private" ] || becomes '-N b' '-N blue X'
}

if can command -v bash; then
	cat >"$tmp/ask.bash" <<'BASH'
# As readline does: = and : are words.
. completions/tcpstate.bash
line="tcpstate $1"
read -ra COMP_WORDS < <(sed 's/[=:]/ & /g' <<<"$line")
[[ $line == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
word=${COMP_WORDS[COMP_CWORD]#[=:]}
set -- $(complete -p tcpstate)
"$3" tcpstate "$word" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}"
BASH
	offered() {
		bash --norc "$tmp/ask.bash" "$1"
	}
	offers_all bash
	matches 'bash offers the pids of processes after a digit' \
		"$(offered '-N 1' | xargs)" '1*'
	is 'bash does not offer again what is in the list' \
		"$(offered '-b lport,rport,' | plain)" \
		"$(wanted '-b ' | sed 's/^/lport,rport,/' |
			grep -vx 'lport,rport,[lr]port' | plain)"

	open_shell bash 'bash --norc --noprofile' \
		"PS1='bash> '; . '$completions/tcpstate.bash'"
	becomes_in_all '='
	becomes '-b port,ra' '-b port,raddrX'
	becomes --by=port,ra --by=port,raddrX
	becomes -bport,ra -bport,raddrX
	becomes '-Pb ra' '-Pb raddrX'
	becomes --state=time-wait,close- --state=time-wait,close-waitX
	becomes --state=TIME_ --state=time-waitX
	becomes '--state \!li' '--state \!listenX'
	becomes "--state='all,!li" "--state='all,!listen'X"
	becomes --sort=-to --sort=-TOTALX
	becomes '--sort -to' '--sort -TOTALX'
	becomes '--sort -cou' '--sort -couX'
	becomes '-c tim' '-c time-waitX'
	becomes '--warn tim' '--warn time-wait=X'
	becomes --warn=tim --warn=time-wait=X
	becomes --warn=time-wait= --warn=time-wait=X
	becomes '-P tim' '-P time-wait X'
	becomes '--port :443 tim' '--port :443 time-wait X'
	keys C-u
	# shellcheck disable=SC2016
	enter 'COMP_WORDBREAKS=${COMP_WORDBREAKS//[=:]}'
	becomes --by=port,ra --by=port,raddrX
	becomes --sort=-to --sort=-TOTALX
	becomes --source=so '--source=sock_diag X'
fi

if can command -v zsh; then
	open_shell zsh 'zsh -f' "PS1='zsh> ' LISTMAX=0;
	    fpath=('$completions' \$fpath); unsetopt list_ambiguous
	    autoload -U compinit; compinit -Du"
	offered() {
		case $1 in
		-) menu - | sed 's/ -- .*//' | tr -s ' ' '\n' | grep . ;;
		--top* | --watch* | '--explain'*tw*) ;; # no menu to wait for
		*) menu "$1" ;;
		esac
	}
	offers_all zsh
	menu - | sed -n 's/^\(--[^ ]*\).* -- /\1 /p' >"$tmp/zsh"
	becomes_in_all '='
	becomes '-b port,ra' '-b port,raddr,X'
	becomes --by=port,ra --by=port,raddr,X
	becomes -bport,ra -bport,raddr,X
	becomes '-Pb ra' '-Pb raddr,X'
	becomes --state=time-wait,close- --state=time-wait,close-wait,X
	becomes --state=TIME_ --state=time-wait,X
	becomes '--state \!li' '--state \!listen,X'
	becomes '--state=all,!li' '--state=all,\!listen,X'
	becomes "'!li" "'!listen,X"
	becomes --sort=-to --sort=-TOTAL,X
	becomes '--sort -to' '--sort -TOTAL,X'
	becomes '--sort total,-ac' '--sort total,-ACCEPTQ,X'
	becomes '-c tim' '-c time-wait,X'
	becomes '--warn tim' '--warn time-wait=X'
	becomes --warn=tim --warn=time-wait=X
	becomes '-P tim' '-P time-wait,X'
	typed '-N '
	wait_for process_shown
	check 'zsh offers processes as namespaces'
fi

if can command -v fish; then
	# described TYPED: what fish offers, and a tab and a description.
	described() {
		# shellcheck disable=SC2016
		fish --no-config -c 'set fish_complete_path $argv[1]
		    complete -C "tcpstate $argv[2]"' "$completions" "$1"
	}
	offered() {
		described "$1" | sed 's/	.*//;s/^--[a-z]*=\(.\)/\1/'
	}
	offers_all fish
	[ ! -s "$tmp/zsh" ] || is 'fish describes the options as zsh does' \
		"$(described "--" | sed 's/=*	/ /' | lower | sort -u)" \
		"$(lower <"$tmp/zsh")"
	matches 'fish offers the pids of processes' "$(offered '-N 1' | xargs)" '1*'

	open_shell fish 'fish --no-config' "function fish_prompt; echo 'fish> '; end
	    set fish_complete_path '$completions'"
	becomes_in_all ' '
	becomes '-b port,ra' '-b port,raddr X'
	becomes --by=port,ra '--by=port,raddr X'
	becomes -bport,ra '-bport,raddr X'
	becomes '-Pb ra' '-Pb raddr X'
	becomes --state=listen,close- '--state=listen,close-wait X'
	becomes --state=TIME_ '--state=TIME_WAIT X'
	becomes '--state !li' '--state !listen X'
	becomes '--state=all,!li' '--state=all,!listen X'
	becomes '!li' '!listen X'
	becomes "'!li" "'!listen' X"
	becomes "--by='port,ra" "--by='port,raddr' X"
	becomes --format=CS '--format=CSV X'
	becomes --sort=-to '--sort=-total X'
	becomes '--sort total,-ac' '--sort total,-acceptq X'
	becomes '-c tim' '-c time-wait X'
	becomes '--warn tim' '--warn time-wait=X'
	becomes --warn=tim --warn=time-wait=X
	becomes '-P tim' '-P time-wait X'
fi
done_testing
