#!/usr/bin/env sh
# What other programs are handed, read by other programs.
. tests/lib.sh

files='-f tests/data/tcp -f tests/data/tcp6'

# json FILTER OPTION...: what jq makes of it.
json() {
	filter=$1
	shift
	# shellcheck disable=SC2086
	$tcpstate -o json $files "$@" | jq -r "$filter" 2>&1
}

# csv EXPRESSION OPTION...: of its rows, each a hash of columns, in @r.
csv() {
	expression=$1
	shift
	# shellcheck disable=SC2086
	$tcpstate -o csv $files "$@" | perl -e '
		use Text::CSV;
		my $csv = Text::CSV->new({ binary => 1, strict => 1 });
		my $names = $csv->getline(STDIN);
		my @r;
		while (my $row = $csv->getline(STDIN)) {
			my %h;
			@h{@$names} = @$row;
			push @r, \%h;
		}
		die $csv->error_diag unless $csv->eof;
		print eval shift, "\n"; die $@ if $@' "$expression" 2>&1
}

is 'json: one object on one line' "$(json type) $(
	# shellcheck disable=SC2086
	$tcpstate -o json $files | wc -l)" 'object 1'
is 'its members' "$(json 'keys_unsorted | join(" ")')" \
	'time source states tcp tcp6 total'
is 'all eleven states, in the order of a life' \
	"$(json '.states | to_entries | map("\(.key)=\(.value)") | join(" ")')" \
	'LISTEN=9 SYN_SENT=3 SYN_RECV=3 ESTABLISHED=18 FIN_WAIT1=3 FIN_WAIT2=12 CLOSING=3 TIME_WAIT=3 CLOSE_WAIT=6 LAST_ACK=3 CLOSE=0'
is 'per family' "$(json '"\(.tcp.ESTABLISHED) \(.tcp6.ESTABLISHED)"')" '6 12'
is 'the states add up' \
	"$(json '[.states[]] | add') $(json '[.tcp[], .tcp6[]] | add')" '63 63'
is 'to the total' "$(json .total)" 63
is 'the source' "$(json .source)" file
matches 'the time, as RFC 3339 has it' "$(json .time)" \
	'20[0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'
is 'which is UTC wherever it is' "$(TZ=XXX-5 $tcpstate -o json \
	-f tests/data/tcp | jq '.time | fromdate - now | fabs < 60')" true
is 'to the millisecond in watch mode, so that no two are the same' \
	"$(json .time 0.05 5 | sort -u |
	grep -c '^....-..-..T..:..:..\.[0-9][0-9][0-9]Z$')" 5
is 'groups of a breakdown' "$(json '.groups[0] |
	"\(.key) \(.states.ESTABLISHED) \(.total)"' -P)" \
	'{"dir":"in","port":7001} 2 7'
is 'as many as there are rows' "$(json '.groups | length' -P)" 18
is 'which add up' "$(json '[.groups[].total] | add' -b raddr)" 63
is 'more than one key' "$(json '.groups[0].key | tojson' -b family,raddr,lport)" \
	'{"family":"tcp","raddr":"127.0.0.1","lport":7001}'
is 'the row of all others' "$(json '.groups[-1] | "\(.key) \(.total)"' \
	-P --top=1)" '{"dir":"other","port":null} 56'
{ header; row 0C 80 40000 2; } >"$tmp/unknown"
is 'UNKNOWN, where there is one' \
	"$($tcpstate -o json -f "$tmp/unknown" | jq .states.UNKNOWN)" 2
is 'a filter' "$(json .total --state=listen)" 9
is 'watch mode: an object a sample, with interval and delta' \
	"$(json 'keys_unsorted | join(" ")' 0.02 2)" \
	'time source states tcp tcp6 total
time source states tcp tcp6 total interval delta'
is 'the interval is measured' "$(json 'select(.interval) |
	.interval >= 0.02 and .interval < 10' 0.02 2)" true
is 'all of its states' "$(json 'select(.delta) | .delta | length' 0.02 2)" 11
is 'a port is a number' "$(json '.groups | map(.key.lport | type) |
	unique | join(" ")' -b lport)" number

is 'csv: a header and a row' \
	"$($tcpstate -o csv -f tests/data/tcp | tr -d '\r')" \
	'LISTEN,SYN_SENT,SYN_RECV,ESTABLISHED,FIN_WAIT1,FIN_WAIT2,CLOSING,TIME_WAIT,CLOSE_WAIT,LAST_ACK,CLOSE,TOTAL
3,1,1,6,1,4,1,1,2,1,0,21'
is 'lines end as RFC 4180 has it' "$($tcpstate -o csv -f tests/data/tcp |
	grep -c "$(printf '\r$')")" 2
# shellcheck disable=SC2016
{
	is 'what a reader makes of it' \
		"$(csv '"$r[0]{TIME_WAIT} $r[0]{TOTAL} " . @r')" '3 63 1'
	is 'rows of a breakdown' "$(csv 'my $n; $n += $_->{TOTAL} for @r;
		join " ", scalar(@r), $n, $r[0]{dir}, $r[0]{port}' -P)" \
		'18 63 in 7001'
	is 'the row of all others' "$(csv \
		'join " ", @{$r[-1]}{"dir", "port", "TOTAL"}' -P --top=1)" \
		'other - 56'
	is 'watch mode: a row a sample, each with a time of its own' "$(csv \
		'join " ", scalar @r, scalar keys %{{map { $_->{time} => 1 } @r}}' \
		0.05 5)" '5 5'
	is 'watch mode: the time first, one header' \
		"$(csv 'join " ", scalar(@r), $r[1]{time} =~ /^20.*Z$/,
		$r[1]{TOTAL}, exists $r[1]{UNKNOWN}' 0.02 3)" '3 1 63 1'
}
is '-H: no header' "$($tcpstate -H -o csv -f tests/data/tcp | tr -d '\r')" \
	3,1,1,6,1,4,1,1,2,1,0,21
is 'none in a table either' \
	"$($tcpstate -H -f tests/data/tcp | head -n 1)" \
	'LISTEN         3     0      3'
is 'nor in a breakdown' "$($tcpstate -H -P -f tests/data/tcp | wc -l)" 6
is '-z: all eleven states in a breakdown' \
	"$($tcpstate -Pz --state=listen -f tests/data/tcp | head -n 1 | xargs)" \
	'DIR PORT LISTEN SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT1 FIN_WAIT2 CLOSING TIME_WAIT CLOSE_WAIT LAST_ACK CLOSE TOTAL'

# shellcheck disable=SC2086
if can promtool --version; then
	for options in '' -P '-b family,raddr' '-b user --top=1'; do
		$tcpstate -o prometheus $files $options |
			promtool check metrics >"$tmp/out" 2>&1
		check "prometheus: promtool is content: $options"
	done
fi
# shellcheck disable=SC2086
is 'prometheus: a gauge for each family and state' \
	"$($tcpstate -o prometheus $files | grep -c '^tcpstate_sockets{')" 22
is 'its value' "$($tcpstate -o prometheus -f tests/data/tcp |
	grep 'family="tcp",state="ESTABLISHED"')" \
	'tcpstate_sockets{family="tcp",state="ESTABLISHED"} 6'
is 'keys are labels' "$($tcpstate -o prometheus -P -f tests/data/tcp |
	grep 'port="7002",state="SYN_SENT"} 1')" \
	'tcpstate_sockets{dir="out",port="7002",state="SYN_SENT"} 1'

# A name out of /etc/passwd that means no good, in each format.
cat >"$tmp/table" <<'END'
   0: 0100007F:0050 0200007F:9C40 01 00000000:00000000 00:00000000 00000000 54321        0 14 1
END
evil=$(printf 'a"},\\ b\033[31m,\303\274\377')
printf '%s:x:54321:1::/:/bin/sh\n' "$evil" >"$tmp/passwd"
if can with_etc passwd true; then
	# as_evil OPTION...: the table, with that name.
	as_evil() {
		with_etc passwd $tcpstate -f "$tmp/table" -b user "$@"
	}
	is 'a table shows a hostile name by its bytes' \
		"$(as_evil -H | occurring)" \
		'a"},\\040b\033[31m,\303\274\377 1 1'
	is 'so does a log' "$(as_evil 1 1 | cut -d' ' -f2-)" \
		'a"},\\040b\033[31m,\303\274\377 ESTABLISHED 1'
	is 'json has it whole, but for what is no UTF-8' \
		"$(as_evil -o json | jq -r '.groups[0].key.user')" \
		"$(printf 'a"},\\ b\033[31m,\303\274\357\277\275')"
	as_evil -o json | LC_ALL=C grep -q "$(printf '[\001-\037\377]')"
	[ $? -eq 1 ]
	check 'and not a control character'
	is 'csv has its text, the rest by number' "$(as_evil -o csv -H)" \
		"\"$(printf 'a""},\\ b%s[31m,\303\274%s' '\033' '\377')\",0,0,0,1,0,0,0,0,0,0,0,1$(printf '\r')"
	{
		printf 'other:x:54321:1::/:/bin/sh\n'
		printf 'one:x:0:1::/:/bin/sh\n'
	} >"$tmp/passwd"
	sed 's/54321/    0/' "$tmp/table" >"$tmp/more"
	cat "$tmp/table" "$tmp/table" "$tmp/more" >"$tmp/three"
	is 'json tells a user "other" from the row of all others' \
		"$(with_etc passwd $tcpstate -f "$tmp/three" -b user --top=1 \
		    -o json | jq -c '.groups[] | [.key.user, .other, .total]')" \
		'["other",null,2]
["other",true,1]'
	printf '%s:x:54321:1::/:/bin/sh\n%s:x:0:1::/:/bin/sh\n' \
		'a\040\x2d' 'a \x2d' >"$tmp/passwd"
	is 'a name that has such a number is not taken for another' \
		"$(with_etc passwd $tcpstate -f "$tmp/three" -b user -H |
			awk '{ print $1 }')" 'a\134040\x2d
a\040\x2d'
	printf '%s:x:54321:1::/:/bin/sh\n' "$evil" >"$tmp/passwd"
	if can promtool --version; then
		as_evil -o prometheus | promtool check metrics >"$tmp/out" 2>&1
		check 'promtool is content'
	fi
fi
done_testing
