# fish completion of tcpstate(1): its options, their values, and states.

# Prints what each word would make of the list that is being typed, spelled as
# that is: with words that it finds otherwise, fish overwrites a --option=.
function __tcpstate_words
    set -l list (commandline -ct | string replace -ra -- '[\'"\\\\]' '' |
        string replace -r -- '^(--[^=]*=|-\w)' '')
    set -l before (string match -r -- '^.*,' $list)
    set -l last (string replace -r -- '^.*,' '' $list)
    string match -qr -- '[a-z]' $last; and set argv (string lower -- $argv)
    string match -qr -- '[A-Z]' $last; and set argv (string upper -- $argv)
    string match -q -- '*_*' $last
    and set argv (string replace -a - _ -- $argv)
    for word in $argv
        string match -q -- "$last*" $word
        and not contains -- $word (string split , -- $before)
        and printf '%s\n' "$before$word"
    end
end

# Prints words for states, with the ! that is before what is typed.
function __tcpstate_states
    string match -qr -- '![^,]*$' (commandline -ct); and set argv !$argv
    __tcpstate_words $argv
end

function __tcpstate_netns
    for path in /run/netns/*
        printf '%s\tnetwork namespace\n' (string replace /run/netns/ '' $path)
    end
    __fish_complete_pids
end

# Whether states are explained; with "one", and none is chosen yet.
function __tcpstate_explains
    set -l words (commandline -opc)
    set -l option (string match -r -- '^--explain(?:=.*)?$' $words)
    or return
    set -l next (math (contains -i -- $option[1] $words) + 1)
    test -z "$argv" && return
    test $option[1] = --explain
    and string match -qr -- '^(-.*)?$' "$words[$next]"
end

set -l states listen syn-sent syn-recv established fin-wait1 fin-wait2 \
    closing time-wait close-wait last-ack close
set -l groups all connected synchronized bucket big half-open
set -l keys port lport rport laddr raddr src dst rnet family timer user \
    process command unit netns
set -l columns $states TOTAL ACCEPTQ BACKLOG $keys
set -l reversed -$columns
set -l thresholds $states= TOTAL=
set -l formats table line count netstat ss json csv prometheus nagios

set -l state "(__tcpstate_states $states $groups)"
set -l key "(__tcpstate_words $keys)"
set -l column "(__tcpstate_words $columns $reversed)"
set -l threshold "(__tcpstate_words $thresholds)"
set -l format "(__tcpstate_words $formats)"

complete -c tcpstate -f
complete -c tcpstate -n 'not __tcpstate_explains' -a "$state"
complete -c tcpstate -n '__tcpstate_explains one' \
    -a "(__tcpstate_words $states all)"
complete -c tcpstate -s s -l summary -d 'Print the totals of all states'
complete -c tcpstate -s b -l by -x -a "$key" -d 'Group by these keys'
complete -c tcpstate -s l -l listeners \
    -d 'Print each listener with its accept queue'
complete -c tcpstate -s P -l ports -d 'Short for --by=port'
complete -c tcpstate -s p -l processes -d 'Short for --by=process'
complete -c tcpstate -l top -x -d 'Print that many rows, and one for the rest'
complete -c tcpstate -s d -l diagnose \
    -d 'Print what is wrong, why, and what to do'
complete -c tcpstate -l explain -f -a "(__tcpstate_words $states all)" \
    -d 'Explain a state, or all'
complete -c tcpstate -s c -l count -x -a "$state" \
    -d 'Print the number of sockets in these states'
complete -c tcpstate -s w -l watch -f -d 'Take a sample every second, or delay'
complete -c tcpstate -l sort -x -a "$column" \
    -d 'Sort by these columns; - reverses one'
complete -c tcpstate -s f -l file -r -F \
    -d 'Count a saved /proc/net/tcp or tcp6'
complete -c tcpstate -l state -x -a "$state" -d 'Count only these states'
complete -c tcpstate -l port -x -d 'Count only these ports'
complete -c tcpstate -l lport -x -d 'Count only these local ports'
complete -c tcpstate -l rport -x -d 'Count only these remote ports'
complete -c tcpstate -l addr -x -d 'Count only these addresses'
complete -c tcpstate -l laddr -x -d 'Count only these local addresses'
complete -c tcpstate -l raddr -x -d 'Count only these remote addresses'
complete -c tcpstate -s 4 -l ipv4 -d 'Count only sockets of family tcp'
complete -c tcpstate -s 6 -l ipv6 -d 'Count only sockets of family tcp6'
complete -c tcpstate -s a -l all -d 'Count listeners too, as always'
complete -c tcpstate -s t -l tcp -d 'Count TCP sockets, as always'
complete -c tcpstate -s o -l format -x -a "$format" -d 'Print in this format'
complete -c tcpstate -s j -l json -d 'Short for --format=json'
complete -c tcpstate -l warn -x -a "$threshold" \
    -d 'Warn if a count is outside a range'
complete -c tcpstate -l crit -x -a "$threshold" \
    -d 'Be critical if a count is outside a range'
complete -c tcpstate -s H -l no-header -d 'Omit the header'
complete -c tcpstate -s z -l all-states \
    -d 'Print all states, not only those that occur'
complete -c tcpstate -s n -l numeric \
    -d 'Print ports and addresses as numbers, as always'
complete -c tcpstate -l color -f -a '(__tcpstate_words auto always never)' \
    -d 'Use colours'
complete -c tcpstate -s N -l netns -x -a '(__tcpstate_netns)' \
    -d 'Look in a network namespace'
complete -c tcpstate -l all-netns -d 'Look in each network namespace'
complete -c tcpstate -l proc -x -a '(__fish_complete_directories)' \
    -d 'Read another /proc'
complete -c tcpstate -l baseline -r -F -d 'Print the change since a capture'
complete -c tcpstate -l byte-order -x -a '(__tcpstate_words little big)' \
    -d 'Read saved tables in this order'
complete -c tcpstate -l source -x -a '(__tcpstate_words auto sock_diag proc)' \
    -d 'Read sock_diag, proc or auto'
complete -c tcpstate -s v -l verbose -d 'Report the source, its rows and time'
complete -c tcpstate -s h -l help -d 'Print this help'
complete -c tcpstate -s V -l version -d 'Print the version'
