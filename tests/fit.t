#!/usr/bin/env sh
# Screens that are narrow or low: what is shown is whole.
. tests/lib.sh
need_netns
. tests/terminal.sh

# A limit as the last column of a line that is as wide as the screen.
# shellcheck disable=SC2016
ready perl -MIO::Socket::IP -e '$| = 1; my $l = IO::Socket::IP->new(
    LocalHost => "127.0.0.1", Listen => 2048, LocalPort => 7001) or die;
    print "ready\n"; sleep 300;'
perl=$pid
start 100 24
record
enter './tcpstate -l 0.05'
wait_text 'a limit' ' 2048 '
titles='ADDRESS    PORT  ACCEPTQ  BACKLOG'
wanted='127.0.0.1  7001        0     2048'
failed=
for width in 33 34 36 38; do
	resize $width 24
	if ! has_line "$titles" || ! has_line "$wanted"; then
		failed="$failed $width"
	fi
done
is 'is whole where it ends with the screen' "$failed" ''
resize 39 24
wait_for has_line "$titles  FULL"
check 'and has FULL after it, if there is room'
resize 46 24
wait_for has_line "ADDRESS    PORT  ACCEPTQ    +/-  BACKLOG  FULL"
check 'and the change of the queue before it'
keys q
kill $perl
wait $perl 2>/dev/null

# Keys that leave no room for numbers.
addresses='B80D0120010002000300040005000600:01BB'
addresses="$addresses B80D0120010002000300040005000700:9C40"
{
	header
	for n in $(seq 150); do
		echo "$n: $addresses 01 00000000:00000000 00:00000000 00000000 0 0 $n"
	done
} >"$tmp/table"
start 120 24
record
enter './tcpstate -f table -b laddr,raddr 0.05'
wait_text 'two addresses' ' 150'
failed=
for width in 84 69 68 63 62 56 55 49; do
	resize $width 24
	[ "$(screen | awk '/^2001/ { print $1, $2, $(NF - ('$width' >= 56)) }')" = \
		'2001:db8:2:1:4:3:6:5 2001:db8:2:1:4:3:7:5 150' ] ||
		failed="$failed $width"
done
is 'leave them and the total whole, whatever room there is' "$failed" ''
resize 48 24
wait_for has_line 'no room: 49 columns needed'
check 'or are not shown at all'
resize 12 24
wait_for has_line 'no room'
check 'in few words, if there is no room for more'
screen | grep -q '~'
[ $? -eq 1 ]
check 'and nothing is ever cut'
keys q

cat >"$tmp/own.pl" <<'END'
use IO::Socket::IP; $| = 1;
my @l = map { IO::Socket::IP->new(LocalHost => "127.0.0.1", Listen => 5,
    LocalPort => 7000 + $_) or die } 1 .. 150;
open my $f, ">", "/proc/self/comm"; print $f "\001" x 15; close $f;
print "ready\n"; sleep 300;
END
ready perl "$tmp/own.pl"
perl=$pid
start 80 24
enter './tcpstate -p 0.05'
wait_text 'a process of any name' '\001\001'
is 'leaves its total whole' "$(screen | awk '/001/ { print $(NF - 1) }')" 150
keys q
kill $perl
wait $perl 2>/dev/null

# Columns for which there is no room.
{
	header
	for state in 01 02 03 04 05 06 08 09 0A 0B; do
		for port in $(seq 30); do row $state "$port" 40000; done
	done
} >"$tmp/table"
start 40 24
record
enter './tcpstate -f table -b lport 0.05'
wait_text 'columns without room' 'no room for: '
wrong=
for width in 19 20 24 30 40 60 80 90; do
	resize $width 24
	screen >"$tmp/screen"
	awk '/LPORT/ { shown = NF - 3 }
	/no room for:/ { rest = 1 }
	rest && /[A-Z]/ { n += NF - (/no room for:/ ? 3 : 0) }
	END { if (shown + n != 10) exit 1 }' "$tmp/screen" || wrong="$wrong $width"
done
is 'are all named, in several lines' "$wrong" ''
keys q

# Low screens: all states but CLOSE, and what is wrong.
{
	header
	row 0A 80 0 9
	for state in 01 02 03 04 05 08 09 0B; do row $state 80 40000 2; done
	row 06 80 40000 30
} >"$tmp/table"
start 80 24
record
enter './tcpstate -f table --crit=TOTAL=1 0.05'
wait_text 'all states' 'CLOSE  '
no_total='' no_alert='' wrong=''
for height in 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do
	resize 80 $height
	screen >"$tmp/screen"
	grep -q '^TOTAL  *55  *0  *55  *[.-]  *55  *55  *55\( \|$\)' "$tmp/screen" ||
		no_total="$no_total $height"
	[ "$height" -lt 5 ] || grep -q '^! CRITICAL - TOTAL 55' "$tmp/screen" ||
		no_alert="$no_alert $height"
	[ "$height" -lt 5 ] || [ "$(awk '/^DIR/ { exit }
		$1 !~ /TOTAL|STATE/ && $4 ~ /^[0-9]+$/ { n += $4 }
		END { print n }' "$tmp/screen")" = 55 ] ||
		wrong="$wrong $height"
done
is 'TOTAL is seen at any height' "$no_total" ''
is 'so is what thresholds say' "$no_alert" ''
is 'and the lines add up' "$wrong" ''
resize 18 20
has_line '! CRITICAL - TOTAL' && has_line '55 (> 1)'
check 'a message that is wider than the screen is wrapped'
has_totals
check 'with TOTAL after it'
resize 18 3
lacks CRITICAL && has_totals
check 'or left out, as a whole'
resize 80 14
rm "$tmp/table"
wait_text 'what went wrong' 'No such file'
failed=
for height in 5 6 7 9 11 13; do
	resize 80 $height
	shows 'No such file' || failed="$failed $height"
	has_totals || failed="$failed $height"
done
is 'is seen too, with TOTAL' "$failed" ''
keys q

# Signals, while a source never blocks.
# catches: whether the program catches SIGINT, which is bit 1.
catches() {
	grep -q '^SigCgt:.*[2367abef]$' "/proc/$(program)/status"
}
for signal in TERM.143 HUP.129 INT.0; do
	start 80 24
	enter './tcpstate -f /dev/zero 0.05; echo status $?'
	wait_for catches
	signal "${signal%.*}"
	wait_text "${signal%.*} ends what reads an endless file" \
		"status ${signal#*.}"
done
done_testing
