#!/usr/bin/env sh
# The picture of watch mode: what is shown in which size, and how it is written.
. tests/lib.sh
need_netns
. tests/terminal.sh

{
	header
	row 0A 443 0
	row 01 443 40000 11020
	row 06 40000 3306 20060
	row 08 443 40000 1203
	row6 01 443 40000 1107
} >"$tmp/1"
{
	header
	row 0A 443 0
	row 01 443 40000 11030
	row 06 40000 3306 20040
	row6 01 443 40000 1107
} >"$tmp/2"

# titles: those of the totals, by one blank.
titles() {
	screen | awk '$1 == "STATE" { $1 = $1; print; exit }'
}

# fields NAME: those of its line in the totals, by one blank.
fields() {
	screen | awk -v name="$1" '$1 == name { $1 = $1; print; exit }'
}

# is_whole: whether no word is cut, and the counts add up: those of the states
# to TOTAL, and so do those of the breakdown.
is_whole() {
	screen >"$tmp/screen"
	LC_ALL=C tr -cs 'A-Za-z0-9_/:+.-' '\n' <"$tmp/screen" |
		grep '^[A-Z_a-z-]*$' | sort -u >"$tmp/words"
	[ -z "$(comm -13 "$tmp/known" "$tmp/words")" ] && awk '
		NF == 0 || /^no room/ { column = 0 }
		$1 == "STATE" || $1 == "DIR" {
			for (column = NF; $column != "TOTAL"; column--)
				continue
			breakdown = $1 == "DIR"
			sum = 0
			next
		}
		!column { next }
		$1 == "TOTAL" { wrong += (sum && $column != sum) || $column != 33391 }
		{ sum += $column }
		END { exit wrong || (breakdown && sum != 33391) }
	' "$tmp/screen"
}

# Columns.
put "$tmp/1"
start 80 24
record
watch 60
wait_for has_totals
failed=
for wanted in '100 STATE TCP TCP6 TOTAL +/- MIN AVG MAX LAST 38m00s' \
	'80 STATE TCP TCP6 TOTAL +/- MIN AVG MAX LAST 18m00s' \
	'73 STATE TCP TCP6 TOTAL +/- MIN AVG MAX LAST 11m00s' \
	'72 STATE TCP TCP6 TOTAL +/- MIN AVG MAX' \
	'60 STATE TCP TCP6 TOTAL +/- MIN AVG MAX' \
	'59 STATE TCP TCP6 TOTAL +/-' '39 STATE TCP TCP6 TOTAL +/-' \
	'38 STATE TOTAL +/-' '25 STATE TOTAL +/-' '24 STATE TOTAL' \
	'18 STATE TOTAL'; do
	resize "${wanted%% *}" 24
	got="${wanted%% *} $(titles)"
	[ "$got" = "$wanted" ] || {
		failed="$failed ${wanted%% *}"
		echo "# $got"
	}
done
is 'columns go in their order: history, MIN AVG MAX, families, change' \
	"$failed" ''
failed=
for width in 16 14; do
	resize $width 24
	[ "$(fields ESTAB)$(fields TOTAL)" = 'ESTAB 12127TOTAL 33391' ] ||
		failed="$failed $width"
done
is 'narrower lines have short names' "$failed" ''
resize 12 24
is 'then there is only TOTAL' "$(screen | grep '[A-Z]')" 'TOTAL  33391'
resize 11 24
is 'and at last nothing of them' "$(screen | grep -c '[A-Z]')" 0

# Sizes.  The words of a large picture are those of the others.
resize 500 200
is 'a large picture has all' "$(titles)" \
	'STATE TCP TCP6 TOTAL +/- MIN AVG MAX LAST 7h18m'
{
	screen | tr -s ' ' '\n'
	printf '%s\n' LISTEN SYN-S SYN-R ESTAB FIN-W1 FIN-W2 CLOSING TIME-W \
		CLOSE-W LAST-A CLOSE other - no room for: for columns needed \
		No such file or directory CRITICAL
} | sort -u >"$tmp/known"
is_whole
check 'and counts that add up'
failed=
for size in '80 24' '100 40' '60 20' '40 10' '20 5' '3 10' '1 1'; do
	resize "${size% *}" "${size#* }"
	is_whole || {
		failed="$failed $size"
		sed "s/^/# $size: /" "$tmp/screen"
	}
done
is 'so it has in other sizes, as far as there is room' "$failed" ''
failed=
for height in 24 23 22 21 20 19 18 17; do
	resize 80 $height
	[ "$(screen | grep -A 1 '^DIR' | grep -c '^other')" = 0 ] ||
		failed="$failed $height"
done
is 'a breakdown has more than the sum of its rows' "$failed" ''
resize 20 5
is 'TOTAL is there at 20x5' "$(fields TOTAL)" 'TOTAL 33391'
resize 80 24
stty rows 0 cols 0 <"$(tmux display -p -t test '#{pane_tty}')"
: >"$tmp/drawn"
keys C-l
wait_for drawn 1
keys b
wait_text 'a size of 0x0 is unknown: it is drawn as 80x24' 'by raddr'
matches 'with all columns' "$(titles)" \
	'STATE TCP TCP6 TOTAL +/- MIN AVG MAX LAST 17m*'
keys q
wait_for shows 'status 0'

# The same with an error and an alert.
start 80 24
record
watch 0.1 --crit=TOTAL=5
wait_for has_totals
rm "$tmp/table"
wait_text 'an error' 'No such file'
# in_sizes TEXT: $failed has the sizes in which the picture is not whole, or
# lacks TOTAL, or lacks the text; the smallest have no room for these.
in_sizes() {
	failed=
	for size in '100 40' '60 20' '40 10' '20 5' '3 10' '1 1' '500 200' \
	    '80 24'; do
		resize "${size% *}" "${size#* }"
		is_whole || failed="$failed $size"
		case $size in
		3*|1\ *) ;;
		*) has_totals || failed="$failed $size" ;;
		esac
		case $size in
		20*|3*|1\ *) ;;
		*) shows "$1" || failed="$failed $size" ;;
		esac
	done
}
in_sizes 'No such file or directory'
is 'leaves the picture whole, with TOTAL' "$failed" ''
put "$tmp/1"
wait_text 'an alert' '! CRITICAL - TOTAL 33391 (> 5)'
in_sizes '! CRITICAL - TOTAL 33391 (> 5)'
is 'does so too' "$failed" ''
keys q
wait_for shows 'status 3'

# A second sample: what changed.  changed OPTION...: its picture stays.
changed() {
	put "$tmp/1"
	watch 3 2 "$@"
	wait_for shows '? help'
	put "$tmp/2"
	wait_for shows 'samples in'
}
start 80 40
changed
is 'a state has its change, MIN, AVG and MAX, and its history' \
	"$(fields ESTABLISHED)" \
	'ESTABLISHED 11030 1107 12137 +10 12127 12132 12137 ▁█'
is 'down as well' "$(fields TIME_WAIT)" \
	'TIME_WAIT 20040 0 20040 -20 20040 20050 20060 █▁'
is 'AVG is rounded, and none in the history is a blank' \
	"$(fields CLOSE_WAIT)" 'CLOSE_WAIT 0 0 0 -1203 0 602 1203 █'
is 'what did not change is low' "$(fields LISTEN)" \
	'LISTEN 1 0 1 . 1 1 1 ▁▁'
is 'and so does the sum' "$(fields TOTAL)" \
	'TOTAL 31071 1107 32178 -1213 32178 32785 33391 █▁'
is 'the newest cell is at the right' \
	"$(screen | LC_ALL=C.UTF-8 grep -c '^TOTAL.\{73\}█▁$')" 1
is 'the title says how long the cells last' "$(titles)" \
	'STATE TCP TCP6 TOTAL +/- MIN AVG MAX LAST 54 s'
breakdown() {
	screen | sed -n '/^by /,/^$/p' | sed '/samples in/,$d' | tr -s ' '
}
is 'the breakdown is by port, the busiest first, with the change of each' \
	"$(breakdown)" 'by port
DIR PORT LISTEN ESTABLISHED TIME_WAIT CLOSE_WAIT TOTAL +/-
out 3306 0 0 20040 0 20040 -20
in 443 1 12137 0 0 12138 -1193'
locale=C
start 80 40
changed -b raddr
is 'in ASCII, if the locale is' "$(fields TIME_WAIT)" \
	'TIME_WAIT 20040 0 20040 -20 20040 20050 20060 @.'
matches 'the breakdown is that of the command line' "$(breakdown)" 'by raddr
RADDR * +/-
127.0.0.2 *'
locale=C.UTF-8

# A breakdown of many rows.
awk 'BEGIN {
	for (i = 0; i < 100000; i++)
		printf "%4d: 0100000A:01BB %08X:%04X 01 " \
		    "00000000:00000000 00:00000000 00000000  1000        0 " \
		    "%d 1 0000000000000000 20 4 30 10 -1\n", i,
		    65536 + i * 16001, 1024 + i % 60000, 10000 + i
}' >"$tmp/peers"
put "$tmp/peers"
start 80 24
watch 60 -b raddr
wait_text '100,000 rows' 'other'
is 'are all counted' "$(screen | awk '/^RADDR/ { rows = 1; next }
	rows && $3 ~ /^[0-9]+$/ { n += $3 } END { print n }')" 100000
keys s
wait_text 'can be sorted' 'sorted by'
keys q
wait_text 'and do not hold up q' 'status 0'

# How much is written: on a machine where nothing happens but a connection.
cat >"$tmp/idle.pl" <<'END'
use IO::Socket::IP; $| = 1;
my $l = IO::Socket::IP->new(LocalHost => "127.0.0.1", Listen => 5,
    LocalPort => 7001) or die;
my @c = map { (IO::Socket::IP->new(PeerHost => "127.0.0.1", PeerPort => 7001),
    $l->accept) } 1 .. 5;
print "ready\n"; <STDIN>;
END
hold perl "$tmp/idle.pl"
# bytes COUNT: by so many samples, and the end.
bytes() {
	script -qec "stty cols 80 rows 24; TERM=xterm LC_ALL=C.UTF-8 \
		exec $tcpstate 1 $1" "$tmp/typescript" </dev/null >/dev/null
	wc -c <"$tmp/typescript"
}
one=$(bytes 1)
many=$(bytes 9)
grep -aq 'per second' "$tmp/typescript" && grep -aq 'by port' "$tmp/typescript"
check 'the picture has flows and a breakdown'
[ "$one" -gt 500 ] && [ $(((many - one) / 8)) -lt 300 ]
check 'a sample takes under 300 bytes if nothing happens'
echo "# $(((many - one) / 8)) bytes"
if can strace -o /dev/null true; then
	script -qec "stty cols 80 rows 24; TERM=xterm exec strace -qq \
		-e trace=write -o '$tmp/trace' $tcpstate 0.2 12" /dev/null \
		</dev/null >/dev/null
	# Before the first picture, and at the end the screen and the last.
	writes=$(($(grep -c '^write(1, ' "$tmp/trace") - 3))
	[ $writes -gt 2 ] && [ $writes -le 12 ]
	check 'a picture is one write'
	echo "# $writes writes for 12 samples"
fi
release
done_testing
