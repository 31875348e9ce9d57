#!/usr/bin/env sh
# Names from outside: no format and no message has a character that a terminal
# or a reader of lines could take for more than itself.
. tests/lib.sh
need_netns

# look FORMAT NAME COMMAND...: keeps what the command prints, for found.
looks=0
mkdir "$tmp/looks"
look() {
	looks=$((looks + 1))
	{
		printf '%s %s\0' "$1" "$2"
		shift 2
		"$@"
	} >"$tmp/looks/$looks"
}

# both COMMAND...: with its messages.
both() {
	"$@" 2>&1
}

# found: what is wrong with what was kept since the last time: it is empty, is
# no UTF-8, or has a control character in it.
found() {
	perl -e '
		use Encode;
		local $/;
		for my $path (@ARGV) {
			open my $file, "<", $path or die "$path: $!";
			my ($what, $bytes) = split /\0/, <$file>, 2;
			$bytes =~ s/\r\n/\n/g if $what =~ /^csv /;
			my $text = eval { decode("UTF-8", $bytes,
			    Encode::FB_CROAK | Encode::LEAVE_SRC) };
			print "$what: empty\n" if $bytes eq "";
			print "$what: no UTF-8\n" unless defined $text;
			printf "%s: U+%04X\n", $what, ord $1
			    while ($text // "") =~ /([\x00-\x09\x0b-\x1f]|
				[\x7f-\x9f]|[\x{61c}\x{200e}\x{200f}]|
				[\x{2028}-\x{202e}]|[\x{2066}-\x{2069}])/gx;
		}' "$tmp"/looks/* 2>&1
	rm -f "$tmp"/looks/*
}

formats='table json csv prometheus nagios'
# C0, DEL, C1, a bidirectional override, a line separator, no UTF-8: each name
# is a good one with some of these in it.
name() {
	# shellcheck disable=SC2059
	printf "$1"
}
set -- 'esc\033[31m' 'del\177' 'nel\302\205' 'csi\302\2333m' \
	'rlo\342\200\256x' 'ls\342\200\250x' 'lri\342\201\246x' \
	'alm\330\234x' 'bad\377\300\257' 'sur\355\240\200' 'tab\tx' 'cr\rx'

row 01 80 40000 | sed 's/     0        0 1 1/ 54321        0 1 1/' >"$tmp/table"
: >"$tmp/passwd"
if can with_etc passwd true; then
	for name; do
		printf '%s:x:54321:1::/:/bin/sh\n' "$(name "$name")" >"$tmp/passwd"
		for format in $formats; do
			look "$format" "$name" with_etc passwd $tcpstate \
				-b user -o "$format" -f "$tmp/table"
		done
		look log "$name" with_etc passwd $tcpstate -b user \
			-f "$tmp/table" 0.01 1
	done
	is 'users' "$(found)" ''

	printf '%s:x:54321:1::/:/bin/sh\n' "$(name 'ok\303\274')" >"$tmp/passwd"
	is 'what is UTF-8 stays so in csv, json and prometheus' \
		"$(for format in csv json prometheus; do
			with_etc passwd $tcpstate -b user -o $format \
				-f "$tmp/table" | grep -c "$(name 'ok\303\274')"
		done | xargs | cut -d' ' -f1,2)" '1 1'
	is 'json has a control by its code point' \
		"$(printf '%s:x:54321:1::/:/bin/sh\n' "$(name 'a\302\2333m')" \
			>"$tmp/passwd"
		with_etc passwd $tcpstate -b user -o json -f "$tmp/table" |
			grep -ac '"a\\u009b3m"')" 1

	# Names that are different stay so.
	printf 'a\377:x:1:1::/:/bin/sh\na\376:x:2:1::/:/bin/sh\n' >"$tmp/passwd"
	printf 'a\\377:x:3:1::/:/bin/sh\n' >>"$tmp/passwd"
	for uid in 1 2 3; do
		row 01 80 40000 |
			sed "s/     0        0 1 1/     $uid        0 1 1/"
	done >"$tmp/three"
	for format in csv prometheus; do
		is "$format: names that are no UTF-8 stay different" \
			"$(with_etc passwd $tcpstate -b user -o $format -H \
			    -f "$tmp/three" | cut -d, -f1-2 |
			    grep -v '^#' | sort | uniq -d)" ''
	done

	# One that reads like all others.
	printf 'other:x:1:1::/:/bin/sh\n' >"$tmp/passwd"
	is 'without --top one called other is no other' \
		"$(with_etc passwd $tcpstate -b user -H -f "$tmp/three" |
		cut -d' ' -f1 | xargs)" 'other 2 3'
	is 'with --top it is not all others' \
		"$(with_etc passwd $tcpstate -b user -H --top=2 -f "$tmp/three" |
		cut -d' ' -f1 | xargs -d'\n')" '\157ther 2 other'
	with_etc passwd $tcpstate -b user --top=2 -o prometheus -f "$tmp/three" \
		>"$tmp/prom"
	is 'nor in prometheus' \
		"$(grep -v '^#' "$tmp/prom" | cut -d' ' -f1 | sort | uniq -d)" ''
	if can promtool --version; then
		promtool check metrics <"$tmp/prom" >"$tmp/out" 2>&1
		check 'promtool is content'
	fi
fi

# Processes name themselves; their names may have any byte.
cat >"$tmp/own.pl" <<'END'
use IO::Socket::IP; $| = 1;
my $l = IO::Socket::IP->new(LocalHost => "127.0.0.1", Listen => 5,
    LocalPort => 7001) or die;
open my $f, ">", "/proc/self/comm"; print $f eval qq("$ARGV[0]"); close $f;
print "ready\n"; sleep 300;
END
for name in "$@" 'nl\n[x'; do
	ready perl "$tmp/own.pl" "$name"
	perl=$pid
	for format in $formats; do
		for options in -p -lp; do
			look "$format" "$name" both $tcpstate $options \
				-o "$format" --warn=LISTEN=0
		done
	done
	look log "$name" both $tcpstate -p 0.01 1
	kill $perl
	wait $perl 2>/dev/null
done
is 'processes' "$(found)" ''

# Messages: names of files, of namespaces, wrong words, the program's own name.
for name in "$@" 'nl\n[x'; do
	word=$(name "$name")
	for option in "-f$word" "-N$word" "-N/$word" "-b$word" "--state=$word" \
	    "--port=$word" "--addr=$word" "-o$word" "--$word" "--source=$word" \
	    "--top=$word" "--warn=$word" "$word" "--proc=/$word"; do
		look table "$option" both $tcpstate "$option"
		look nagios "$option" both $tcpstate -o nagios "$option"
	done
	# shellcheck disable=SC2016
	look 'argv[0]' "$name" both perl -e \
		'exec { $ARGV[0] } $ARGV[1], "--nonsense"' $tcpstate "$word"
done
is 'messages' "$(found)" ''

# named_netns NAME COMMAND...: in a namespace that is called that.
named_netns() {
	# shellcheck disable=SC2016
	unshare -mn sh -c 'mount -t tmpfs none /run
		mkdir /run/netns && touch "/run/netns/$0" &&
		mount --bind /proc/self/ns/net "/run/netns/$0"
		exec "$@"' "$@"
}

# Namespaces, as ip-netns(8) names them.
if can unshare -mn sh -c 'mount -t tmpfs none /run && mkdir /run/netns'; then
		for name; do
		for format in $formats; do
			look "$format" "$name" both named_netns \
				"$(name "$name")" $tcpstate -b netns -o "$format"
		done
	done
	is 'network namespaces' "$(found)" ''
	is 'one called - is not null' \
		"$(named_netns - $tcpstate -b netns -o json |
		jq -c '.groups[].key.netns')" '"-"'
	is 'nor unknown' "$(named_netns - $tcpstate -b netns -H |
		cut -d' ' -f1)" '\055'
fi
done_testing
