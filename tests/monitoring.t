#!/usr/bin/env sh
# The way of a count through node_exporter to Prometheus, with the script, the
# rules and the alerts of contrib/prometheus.
. tests/lib.sh
. tests/stage.sh

for program in prometheus prometheus-node-exporter; do
	command -v $program >/dev/null || skip_all "no $program"
done
need_netns
can_stage || {
	done_testing
	exit
}
unset http_proxy all_proxy ALL_PROXY
prom=$tmp/textfile/tcpstate.prom

# Alerts are due at once: "for: 5m" is "for: 0s".
mkdir "$tmp/textfile"
cp contrib/prometheus/tcpstate.rules.yml "$tmp"
sed 's/^\( *for:\) .*/\1 0s/' contrib/prometheus/tcpstate.alerts.yml \
	>"$tmp/tcpstate.alerts.yml"
cat >"$tmp/prometheus.yml" <<'CONF'
global:
  scrape_interval: 1s
  evaluation_interval: 1s
rule_files: [tcpstate.rules.yml, tcpstate.alerts.yml]
scrape_configs:
  - job_name: node
    static_configs:
      - targets: ['127.0.0.1:9100']
CONF
prometheus-node-exporter --web.listen-address=127.0.0.1:9100 \
	--collector.disable-defaults --collector.textfile \
	--collector.textfile.directory="$tmp/textfile" 2>"$tmp/exporter.log" &
exporter=$!
prometheus --web.listen-address=127.0.0.1:9090 \
	--config.file="$tmp/prometheus.yml" --storage.tsdb.path="$tmp/tsdb" \
	2>"$tmp/prometheus.log" &
prometheus=$!

# collect: has the script write the file.
collect() {
	run sh contrib/prometheus/tcpstate-textfile "$tmp/textfile"
}
TCPSTATE=$tcpstate
export TCPSTATE

# api PATH FILTER [EXPRESSION]: what jq makes of Prometheus' answer.
api() {
	perl -MHTTP::Tiny -e '
		my ($path, $query) = @ARGV;
		my $http = HTTP::Tiny->new(timeout => 10);
		my $form = $http->www_form_urlencode({query => $query // ""});
		print $http->get(
		    "http://127.0.0.1:9090/api/v1/$path?$form")->{content}' \
		"$1" ${3+"$3"} | jq -r "$2" 2>&1
}

# query EXPRESSION: the labels and the value of each series, in order.
query() {
	api query '.data.result[] | [(.metric | to_entries[] | .value),
		.value[1]] | join(" ")' "$1" | sort
}

# answers EXPRESSION VALUES
answers() {
	[ "$(query "$1")" = "$2" ]
}

# eventually DESCRIPTION EXPRESSION VALUES: what a query answers in the end.
eventually() {
	wait_for answers "$2" "$3"
	is "$1" "$(query "$2")" "$3"
}

# The alerts that fire, and what or whose they are.
alerts='max by (alertname, id, port) (ALERTS{alertstate="firing"})'

# Counts.
hold tests/load 7 5432
collect
is 'the script writes the file' "$status$out$err" 0
release
eventually 'node_exporter reads it' 'max(node_textfile_scrape_error)' 0
eventually 'Prometheus has the sockets of a service, by state' \
	'sum by (dir, state) (tcpstate_sockets{port="5432"}) > 0' \
	'in ESTABLISHED 7
in LISTEN 1
out ESTABLISHED 7'
eventually 'a rule adds them up by service' \
	'sum by (dir) (instance_dir_port:tcpstate_sockets:sum{port="5432"})' \
	'in 8
out 7'
eventually 'a rule adds up all, by state' \
	'max by (state) (instance_state:tcpstate_sockets:sum)' \
	"$(sed -n 's/^tcpstate_sockets{.*state="\([A-Z_0-9]*\)"} /\1 /p' "$prom" |
	awk '{ n[$1] += $2 } END { for (state in n) print state, n[state] }' |
	sort)"
eventually 'no alert fires' "$alerts" ''

# Alerts.
hold tests/stage accept-full 8
collect
is 'a finding is a sample too' "$status$out$err" 0
eventually 'a rule has the share of a full accept queue' \
	'max by (port) (instance_address_port:tcpstate_listen_queue_used:ratio > 0)' \
	'8080 1'
firing='TcpstateAcceptQueueFull 8080 1
TcpstateFindingCritical accept-queue 1
TcpstateFindingWarning accept-queue 1'
eventually 'alerts fire: the finding and the queue' "$alerts" "$firing"
is 'one says what is wrong, and where' "$(api alerts '.data.alerts[] |
	select(.labels.alertname == "TcpstateAcceptQueueFull") |
	.annotations.summary')" \
	'127.0.0.1:9100: the accept queue of 0.0.0.0 port 8080 is full; what arrives now is dropped.'

# A program that fails leaves the old sample; let an hour pass.
cp "$prom" "$tmp/old"
TCPSTATE=false
collect
[ "$status" -eq 1 ] && [ -n "$err" ] && cmp -s "$prom" "$tmp/old"
check 'the program fails: the file is as it was'
awk '/^tcpstate_sample_timestamp_seconds / { $2 = sprintf("%.3f", $2 - 3600) }
	{ print }' "$tmp/old" >"$tmp/new"
mv "$tmp/new" "$prom"
eventually 'one more alert: the sample is stale' "$alerts" "$firing
TcpstateStale 1"

release
TCPSTATE=$tcpstate
collect
eventually 'all clear when the causes are gone' "$alerts" ''
eventually 'the series of the listener end' 'tcpstate_sockets{port="8080"} > 0' ''

kill $prometheus $exporter
wait $prometheus
is 'Prometheus ends in order' $? 0
wait $exporter
done_testing
