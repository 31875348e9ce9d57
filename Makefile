# tcpstate: make, make check, make bench, make install

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man

CFLAGS ?= -O2 -g
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion
COMPILE = $(CC) -std=c17 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 \
    -D_TIME_BITS=64 $(WARNINGS) $(CPPFLAGS) $(CFLAGS)

# key.o and sock_diag.o are the last ones: behind their buffers no small
# variables should lie, which would cost a page of their own.
OBJS = tcpstate.o options.o watch.o format.o alert.o export.o lines.o table.o \
    report.o sample.o tally.o group.o threshold.o filter.o owner.o netns.o \
    listener.o byte_order.o map.o array.o procfs.o proc_parse.o interrupt.o \
    conn.o say.o output.o escape.o text.o key.o sock_diag.o
UNIT_TESTS = tests/proc_parse_test tests/sock_diag_test tests/map_test \
    tests/filter_test tests/watch_test
TOOLS = tests/hold tests/load tests/deny tests/drain

all: tcpstate

tcpstate: $(OBJS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(OBJS)

.SUFFIXES: .c .o
.c.o:
	$(COMPILE) -c -o $@ $<

# Headers with those that they include.
KEY_H = key.h netns.h owner.h conn.h
TALLY_H = tally.h $(KEY_H) filter.h group.h listener.h map.h
SAMPLE_H = sample.h byte_order.h $(TALLY_H)
REPORT_H = report.h escape.h threshold.h $(TALLY_H)

$(OBJS): Makefile
alert.o: alert.h text.h $(REPORT_H)
array.o: array.h
byte_order.o: byte_order.h array.h conn.h
conn.o: conn.h
export.o: export.h $(REPORT_H)
filter.o: filter.h decimal.h conn.h
format.o: format.h alert.h export.h lines.h table.h $(REPORT_H)
group.o: group.h array.h map.h conn.h
key.o: array.h map.h hash.h $(KEY_H)
lines.o: lines.h $(REPORT_H)
listener.o: listener.h array.h map.h conn.h
map.o: map.h hash.h array.h
netns.o: netns.h array.h procfs.h
options.o: options.h output.h decimal.h format.h say.h $(SAMPLE_H) $(REPORT_H)
owner.o: owner.h array.h decimal.h map.h procfs.h
procfs.o: procfs.h interrupt.h
interrupt.o: interrupt.h
proc_parse.o: proc_parse.h interrupt.h decimal.h hash.h conn.h
report.o: $(REPORT_H)
sample.o: $(SAMPLE_H) interrupt.h procfs.h proc_parse.h sock_diag.h say.h
escape.o: escape.h
output.o: output.h
say.o: say.h escape.h
sock_diag.o: sock_diag.h interrupt.h conn.h
table.o: table.h $(REPORT_H)
tally.o: $(TALLY_H)
tcpstate.o: options.h output.h alert.h format.h say.h watch.h $(SAMPLE_H) $(REPORT_H)
threshold.o: threshold.h decimal.h conn.h
text.o: text.h
watch.o: watch.h interrupt.h text.h

$(UNIT_TESTS) $(TOOLS): Makefile
	$(COMPILE) $(LDFLAGS) -o $@ $@.c
tests/proc_parse_test: tests/proc_parse_test.c tests/address.h tests/tap.h \
    proc_parse.c proc_parse.h interrupt.c interrupt.h array.c array.h \
    byte_order.c byte_order.h decimal.h hash.h conn.h
tests/sock_diag_test: tests/sock_diag_test.c tests/address.h tests/tap.h \
    sock_diag.c sock_diag.h interrupt.c interrupt.h conn.h
tests/map_test: tests/map_test.c tests/tap.h map.c map.h hash.h array.c array.h
tests/watch_test: tests/watch_test.c tests/tap.h watch.c watch.h interrupt.c interrupt.h text.c text.h
tests/filter_test: tests/filter_test.c tests/tap.h filter.c filter.h conn.c \
    conn.h decimal.h
tests/hold: tests/hold.c
tests/load: tests/load.c
tests/deny: tests/deny.c
tests/drain: tests/drain.c

# The tests are run by prove, of the Debian package perl.  As it does not show
# what was skipped, they list that in a file, with why.
check: tcpstate $(UNIT_TESTS) $(TOOLS)
	@skipped=$$(mktemp) || exit 1; \
	trap 'rm -f "$$skipped"' EXIT; trap 'exit 1' HUP INT TERM; \
	TCPSTATE_SKIPPED=$$skipped prove -e '' $(UNIT_TESTS) tests/*.t; \
	status=$$?; \
	[ ! -s "$$skipped" ] || { echo Skipped:; cat "$$skipped"; }; \
	exit $$status

bench: tcpstate $(TOOLS)
	sh tests/bench.sh

install: tcpstate
	install -d "$(DESTDIR)$(BINDIR)" "$(DESTDIR)$(MANDIR)/man1"
	install -m 755 tcpstate "$(DESTDIR)$(BINDIR)/tcpstate"
	install -m 644 tcpstate.1 "$(DESTDIR)$(MANDIR)/man1/tcpstate.1"

uninstall:
	rm -f "$(DESTDIR)$(BINDIR)/tcpstate"
	rm -f "$(DESTDIR)$(MANDIR)/man1/tcpstate.1"

format:
	clang-format -i *.c *.h tests/*.c tests/*.h

clean:
	rm -f tcpstate $(OBJS) $(UNIT_TESTS) $(TOOLS)

.PHONY: all check bench install uninstall format clean
