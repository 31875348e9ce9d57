# bash completion of tcpstate(1): its options, their values, and states.
# It works without the package bash-completion, too.
# shellcheck shell=bash

_tcpstate() {
	local states=(listen syn-sent syn-recv established fin-wait1 fin-wait2
		closing time-wait close-wait last-ack close)
	local groups=(all connected synchronized bucket big half-open)
	local keys=(port lport rport laddr raddr src dst rnet family timer user
		process command unit netns)
	local options=(-s --summary -b --by= -l --listeners -P --ports
		-p --processes --top= -d --diagnose --explain --explain= -c
		--count= -w --watch --watch= --sort= -f --file= --state= --port=
		--lport= --rport= --addr= --laddr= --raddr= -4 --ipv4 -6 --ipv6
		-a --all -t --tcp -n --numeric
		-o --format= -j --json --warn= --crit= -H --no-header
		-z --all-states --color --color= -N --netns= --all-netns --proc=
		--baseline= --byte-order= --source= -v --verbose -h --help
		-V --version)
	local before='' word='' last='' piece option value list='' words=()
	local operands=("${states[@]}" "${groups[@]}")

	# Of words that the cursor is in, only what is before it counts.  Words
	# are broken at the = and : of COMP_WORDBREAKS: join them, but not a port
	# to the option before it.
	[[ ${COMP_WORDS[COMP_CWORD]} == [=:]* ]] || COMP_WORDS[COMP_CWORD]=$2
	for piece in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
		if [[ $last == [=:]* || $piece == =* ||
			$piece == :* && ($word != -* || $word == *=*) ]]; then
			word+=$piece
		else
			# What is explained is one state, or all.
			[[ $before == --explain && $word != -* ||
				$word == --explain=* ]] && operands=()
			[[ $word == --explain ]] && operands=("${states[@]}" all)
			before=$word word=$piece
		fi
		last=$piece
	done

	# The option, and its value so far.
	if [[ $word == --*=* ]]; then
		option=${word%%=*} value=${word#*=}
	elif [[ $word == -[bcNo]?* && $before != --sort ]]; then
		option=${word:0:2} value=${word:2}
	else
		option=$before value=$word
		[[ $option == -[!-]* ]] && option=-${option: -1}
		# An argument that may be missing is no word of its own.
		[[ $option == --@(color|explain|watch) ]] && option=
	fi

	COMPREPLY=()
	case $option in
	-b | --by) list=yes words=("${keys[@]}") ;;
	-c | --count | --state)
		list=yes words=("${states[@]}" "${groups[@]}")
		;;
	--sort)
		list=yes
		words=("${states[@]}" TOTAL ACCEPTQ BACKLOG "${keys[@]}")
		;;
	-o | --format)
		words=(table line count netstat ss json csv prometheus nagios)
		;;
	--source) words=(auto sock_diag proc) ;;
	--color) words=(auto always never) ;;
	--byte-order) words=(little big) ;;
	--explain) words=("${states[@]}" all) ;;
	--warn | --crit)
		[[ $value == *=* ]] && return
		words=("${states[@]/%/=}" TOTAL=)
		;;
	-N | --netns)
		mapfile -t words < <(compgen -G '/run/netns/*'
			[[ $value == [0-9]* ]] && compgen -G '/proc/[0-9]*')
		words=("${words[@]##*/}")
		[[ $value == */* ]] && compopt -o default 2>/dev/null
		;;
	-f | --file | --baseline) compopt -o default 2>/dev/null ;;
	--proc) compopt -o dirnames 2>/dev/null ;;
	--top | --port | --[lr]port | --addr | --[lr]addr | --watch) ;;
	*)
		if [[ $word == -* ]]; then
			mapfile -t COMPREPLY < <(
				compgen -W "${options[*]}" -- "$word")
		else
			words=("${operands[@]}")
		fi
		;;
	esac

	# The last word of a list, without the - before a column of --sort, and
	# the ! before a state.
	local given=,$value each typed
	value=${value##*[,!]}
	[[ $option == --sort ]] && value=${value#-}
	typed=${value,,} typed=${typed//_/-}
	for each in "${words[@]}"; do
		last=${each,,} last=${last//_/-}
		[[ $last == "$typed"* && $given != *,"$each",* ]] &&
			COMPREPLY+=("${2%"$value"}$each")
	done
	if [[ $list || ${COMPREPLY[0]-} == *= ]]; then
		compopt -o nospace 2>/dev/null
	fi
}

complete -F _tcpstate tcpstate
