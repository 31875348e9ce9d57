#!/usr/bin/env sh
# A test fails if the program crashes, even if it does not look at its status.
. tests/lib.sh

can note_crashes || {
	done_testing
	exit
}
# A program of that name that sends itself a signal: "$crash" SIGNAL.
cp "$(command -v perl)" "$tmp/tcpstate"
chmod 755 "$tmp" "$tmp/tcpstate"
cat >"$tmp/crash" <<'END'
exec "${0%/*}/tcpstate" -e '
	$SIG{$ARGV[0]} = "DEFAULT" if $ARGV[0] eq "FPE";
	kill $ARGV[0] => $$; sleep 5' "$1"
END

# test_with COMMAND: the output of a test that runs it and passes otherwise.
test_with() {
	cat >"$tmp/inner.t" <<END
#!/usr/bin/env sh
. tests/lib.sh
crash='sh $tmp/crash'
{
	$1
} >/dev/null 2>&1
true
check 'another thing'
done_testing
END
	chmod 755 "$tmp/inner.t"
	env -u TCPSTATE_SKIPPED "$tmp/inner.t"
}

while read -r signal command; do
	is "fails, of SIG$signal: $command" "$(test_with "$command")" \
		"ok 1 - another thing
not ok 2 - tcpstate does not crash
# killed by SIG$signal
1..2"
done <<'END'
SEGV $crash SEGV
ABRT $crash ABRT | cat
BUS echo "$($crash BUS)"
ILL echo "$(: | timeout 60 $crash ILL | sort)"
FPE sh -c "$crash FPE; exit 0"
TRAP $crash TRAP & wait
SYS nobody $crash SYS
END
for signal in TERM INT HUP PIPE KILL; do
	is "passes: SIG$signal" "$(test_with "\$crash $signal")" \
		'ok 1 - another thing
1..1'
done

# This test saw those crashes too, and wants them.
note_crashes
done_testing
