#!/usr/bin/env sh
# contrib/prometheus: the textfile for node_exporter is whole or left as it
# was; rules, alerts and dashboard use only series that exist.
. tests/lib.sh
need_netns

contrib=contrib/prometheus
dir=$tmp/dir
prom=$dir/tcpstate.prom
mkdir "$dir" "$tmp/bin"

# textfile ARGUMENT...: the script, with the program in $TCPSTATE.
textfile() {
	run sh $contrib/tcpstate-textfile "$@"
}

# fake LINE...: a program of these lines is the one that the script runs.
fake() {
	printf '%s\n' '#!/bin/sh' "$@" >"$tmp/fake"
	chmod +x "$tmp/fake"
	TCPSTATE=$tmp/fake
	export TCPSTATE
}

# only_old DESCRIPTION: the script has failed, and left the old file only.
only_old() {
	[ "$status" -ne 0 ] && [ -n "$err" ]
	check "$1: it fails, and says why"
	is '... the file is as it was, and the only one' \
		"$(ls -A "$dir") $(cat "$prom")" 'tcpstate.prom old'
}

# A sample.
TCPSTATE=$tcpstate
export TCPSTATE
umask 077
textfile "$dir"
umask 022
is 'the script writes one file, for everybody to read' "$status$out$err $(
	ls -A "$dir") $(stat -c %a "$prom")" '0 tcpstate.prom 644'
is 'which has what the rules need' "$(sed -n \
	's/^# TYPE tcpstate_\([a-z_]*\) gauge$/\1/p' "$prom" | xargs)" \
	'build_info sample_timestamp_seconds sockets listen_queue listen_queue_limit finding check_value check_limit check_skipped'
if can promtool --version; then
	promtool check metrics <"$prom" >"$tmp/err" 2>&1
	check 'promtool is content'
fi
cp "$prom" "$tmp/sample"

# It replaces the file as a whole.
fake "sed 's/^tcpstate_build_info.*/&00/' '$tmp/sample'"
exec 7<"$prom"
textfile "$dir"
is 'who reads the old file sees the end of it' "$status $(cat <&7)" \
	"0 $(cat "$tmp/sample")"
exec 7<&-
is 'who opens it later, the new one' \
	"$(sed -n 's/^tcpstate_build_info.* //p' "$prom")" 100
(
	: >"$tmp/half"
	until [ -e "$tmp/stop" ]; do
		[ "$(wc -l <"$prom")" -eq "$(wc -l <"$tmp/sample")" ] ||
			echo half >>"$tmp/half"
	done
) &
reader=$!
for _ in $(seq 30); do
	textfile "$dir"
done
: >"$tmp/stop"
wait $reader
is 'nobody sees half of one' "$(cat "$tmp/half")" ''
for level in 1 2; do
	fake "cat '$tmp/sample'; exit $level"
	echo old >"$prom"
	textfile "$dir"
	is "a finding, status $level, is a sample too" \
		"$status $(cat "$prom")" "0 $(cat "$tmp/sample")"
done

# What is no sample.
echo old >"$prom"
fake "cat '$tmp/sample'; exit 3"
textfile "$dir"
only_old 'something could not be read'
fake 'echo "tcpstate: wrong usage" >&2; exit 2'
textfile "$dir"
only_old 'wrong usage, with the status of a critical finding'
fake 'exit 0'
textfile "$dir"
only_old 'nothing'
for lines in 1 20 "$(($(wc -l <"$tmp/sample") / 2))"; do
	fake "head -n $lines '$tmp/sample'"
	textfile "$dir"
	only_old "a sample of $lines lines"
done
fake "cat '$tmp/sample' | head -c -3"
textfile "$dir"
only_old 'one that lacks its last bytes'
# shellcheck disable=SC2016
fake "cat '$tmp/sample'" 'kill -KILL $$'
textfile "$dir"
only_old 'the program is killed'
TCPSTATE=$tmp/nothing
textfile "$dir"
only_old 'there is no program'

# What fails after that, or ends the script.
fake "cat '$tmp/sample'"
for command in mktemp chmod mv; do
	printf '%s\n' '#!/bin/sh' 'echo failed >&2' 'exit 1' \
		>"$tmp/bin/$command"
	chmod +x "$tmp/bin/$command"
	run env PATH="$tmp/bin:$PATH" sh $contrib/tcpstate-textfile "$dir"
	only_old "$command fails"
	rm "$tmp/bin/$command"
done
for signal in HUP INT TERM; do
	# shellcheck disable=SC2016
	printf '%s\n' '#!/bin/sh' "echo $signal >&2" "kill -$signal \$PPID" \
		'exit 1' >"$tmp/bin/mv"
	chmod +x "$tmp/bin/mv"
	run env PATH="$tmp/bin:$PATH" sh $contrib/tcpstate-textfile "$dir"
	only_old "SIG$signal"
done
textfile "$tmp/nowhere"
only_old 'there is no such directory'
textfile ''
only_old 'it has no name'
mkdir "$tmp/nowhere" "$tmp/nowhere/tcpstate.prom"
textfile "$tmp/nowhere"
is 'a directory is in the place of the file' \
	"$status $err$(ls -A "$tmp/nowhere/tcpstate.prom")" \
	"1 tcpstate-textfile: $tmp/nowhere/tcpstate.prom is a directory"
textfile "$dir" more
is 'two directories are wrong usage' "$status $err" \
	'2 usage: tcpstate-textfile [directory]'
if can nobody true; then
	chmod 755 "$tmp" "$dir"
	cp $contrib/tcpstate-textfile "$tmp"
	# shellcheck disable=SC2031
	run nobody env TCPSTATE="$TCPSTATE" sh "$tmp/tcpstate-textfile" "$dir"
	only_old 'a directory that may not be written'
fi
if can mount -t tmpfs -o size=8k none "$dir"; then
	echo old >"$prom"
	for size in 1 2 5; do
		fake "head -c ${size}0000 /dev/zero | tr '\\0' '\\n'" \
			"cat '$tmp/sample'"
		textfile "$dir"
		only_old "a full disk, $size"
	done
	umount "$dir"
fi

# Units.
if command -v systemd-analyze >/dev/null; then
	# The script is not installed.
	sed 's|^ExecStart=[^ ]*|ExecStart=/bin/true|' \
		$contrib/tcpstate-textfile.service \
		>"$tmp/tcpstate-textfile.service"
	cp $contrib/tcpstate-textfile.timer "$tmp"
	run systemd-analyze verify --man=no "$tmp/tcpstate-textfile.service" \
		"$tmp/tcpstate-textfile.timer"
	is 'systemd-analyze verify is content' "$status$out$err" 0
	run systemd-analyze security --offline=true --threshold=25 \
		"$tmp/tcpstate-textfile.service"
	is 'and the exposure is low' "$status" 0
fi

# The rules, the alerts and the dashboard.
if can promtool --version; then
	run promtool check rules $contrib/tcpstate.rules.yml \
		$contrib/tcpstate.alerts.yml
	is 'promtool check rules is content' "$status$err" 0
	run promtool test rules $contrib/tcpstate.test.yml
	is 'promtool test rules is content' "$status$err" 0
fi
dashboard=$contrib/tcpstate.dashboard.json
jq -r '.. | .expr? // empty' $dashboard >"$tmp/exprs"
[ "$(wc -l <"$tmp/exprs")" -ge 8 ]
check 'the dashboard has expressions'
{
	sed -n 's/^# TYPE \([a-z_]*\) gauge$/\1/p' "$tmp/sample"
	sed -n 's/^ *- record: //p' $contrib/tcpstate.rules.yml
} | sort >"$tmp/known"
# missing FILE: names of series in it that do not exist.
missing() {
	grep -o '[a-z_:]*tcpstate_[a-z_:]*' "$1" | sort -u |
		comm -23 - "$tmp/known"
}
sed -n '/expr:/,/record:\|for:\|labels:/p' $contrib/tcpstate.rules.yml \
	$contrib/tcpstate.alerts.yml | grep -v record: >"$tmp/used"
for file in exprs used; do
	is "all series in $file are known" "$(missing "$tmp/$file")" ''
	grep -q 'tcpstate_' "$tmp/$file"
	check 'there are some'
done
is 'so are the checks' "$(grep -o 'id="[^"]*"' "$tmp/used" | sort -u |
	while read -r id; do
		grep -q "^tcpstate_check_skipped{$id}" "$tmp/sample" || echo "$id"
	done)" ''
jq -r '.. | .query?.query? // empty' $dashboard |
	sed 's/^label_values(\(.*\), [a-z]*)$/\1/' >>"$tmp/exprs"
{
	echo 'groups: [{name: dashboard, rules: ['
	# shellcheck disable=SC2016
	sed "s/'/''/g; s/\$[a-z]*/.*/g
		s/.*/{record: x, labels: {n: 'N'}, expr: '&'},/" "$tmp/exprs" |
		awk '{ sub(/N/, NR); print }'
	echo ']}]'
} >"$tmp/dashboard.yml"
if can promtool --version; then
	run promtool check rules "$tmp/dashboard.yml"
	is 'Prometheus parses the expressions of the dashboard' "$status$err" 0
fi
# shellcheck disable=SC2016
is 'its panels have ids of their own, titles and no other data source' \
	"$(jq -c '[.schemaVersion, ([.panels[].id] | length == (unique | length)),
		([.panels[].title | length > 0] | all),
		([.. | .datasource? // empty | .uid] | unique)]' $dashboard)" \
	'[38,true,true,["${datasource}"]]'
is 'no panel lies over another' "$(jq '[.panels[].gridPos |
	range(.y; .y + .h) as $y | range(.x; .x + .w) | "\(.) \($y)"] |
	length == (unique | length)' $dashboard)" true

# Each alert says what to type next.
sed -n 's/^ *description: ".*: \(.*\)"$/\1/p' $contrib/tcpstate.alerts.yml |
	sort -u >"$tmp/commands"
[ "$(wc -l <"$tmp/commands")" -ge 6 ]
check 'alerts have commands'
while read -r command; do
	case $command in
	'tcpstate -d'*)
		# shellcheck disable=SC2086
		$tcpstate ${command#tcpstate} 0.1 >"$tmp/out" 2>"$tmp/err"
		[ $? -le 2 ]
		;;
	tcpstate\ *)
		# shellcheck disable=SC2086
		$tcpstate ${command#tcpstate} >"$tmp/out" 2>"$tmp/err"
		;;
	'systemctl status '*)
		unit=${command##* }
		[ -e "$contrib/$unit" ] || [ -e "$contrib/$unit.service" ]
		;;
	*) false ;;
	esac
	check "which exist: $command"
done <"$tmp/commands"
is 'each has one' "$(grep -c '^ *- alert: ' $contrib/tcpstate.alerts.yml)" \
	"$(grep -c '^ *description: ".*: .*"$' $contrib/tcpstate.alerts.yml)"
done_testing
