# tcpstate: make, make check, make bench, make install

PREFIX = /usr/local
BINDIR = $(PREFIX)/bin
MANDIR = $(PREFIX)/share/man

CFLAGS = -O2 -g
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion
COMPILE = $(CC) -std=c17 -D_GNU_SOURCE $(WARNINGS) $(CPPFLAGS) $(CFLAGS)

# key.o and sock_diag.o are the last ones: behind their buffers no small
# variables should lie, which would cost a page of their own.
OBJS = tcpstate.o watch.o format.o alert.o export.o lines.o table.o report.o \
    sample.o tally.o group.o threshold.o filter.o owner.o netns.o listener.o \
    map.o array.o proc_parse.o conn.o say.o key.o sock_diag.o
UNIT_TESTS = tests/proc_parse_test tests/sock_diag_test tests/map_test \
    tests/watch_test
TOOLS = tests/hold tests/load tests/deny tests/drain

all: tcpstate

tcpstate: $(OBJS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(OBJS)

.SUFFIXES: .c .o
.c.o:
	$(COMPILE) -c -o $@ $<

$(OBJS): Makefile
conn.o: conn.h
array.o: array.h
map.o: map.h array.h
filter.o: filter.h decimal.h conn.h
key.o: key.h netns.h owner.h conn.h
owner.o: owner.h decimal.h map.h
netns.o: netns.h
group.o: group.h array.h map.h conn.h
listener.o: listener.h map.h conn.h
proc_parse.o: proc_parse.h decimal.h conn.h map.h
tally.o: tally.h group.h filter.h key.h netns.h owner.h listener.h map.h conn.h
format.o: format.h alert.h export.h lines.h table.h report.h threshold.h tally.h group.h filter.h key.h netns.h owner.h listener.h map.h conn.h
alert.o: alert.h report.h threshold.h tally.h group.h filter.h key.h netns.h owner.h listener.h map.h conn.h
export.o: export.h report.h threshold.h tally.h group.h filter.h key.h netns.h owner.h listener.h map.h conn.h
lines.o: lines.h report.h threshold.h tally.h group.h filter.h key.h netns.h owner.h listener.h map.h conn.h
table.o: table.h report.h threshold.h tally.h group.h filter.h key.h netns.h owner.h listener.h map.h conn.h
report.o: report.h threshold.h tally.h group.h filter.h key.h netns.h owner.h listener.h map.h conn.h
sock_diag.o: sock_diag.h conn.h
sample.o: sample.h tally.h group.h filter.h key.h netns.h owner.h listener.h map.h sock_diag.h proc_parse.h conn.h \
    say.h
say.o: say.h
watch.o: watch.h
threshold.o: threshold.h decimal.h conn.h
tcpstate.o: alert.h decimal.h format.h report.h sample.h tally.h group.h filter.h key.h netns.h owner.h listener.h map.h watch.h conn.h say.h

$(UNIT_TESTS) $(TOOLS): Makefile
	$(COMPILE) $(LDFLAGS) -o $@ $@.c
tests/proc_parse_test: tests/proc_parse_test.c tests/address.h tests/tap.h \
    proc_parse.c proc_parse.h decimal.h map.h conn.h
tests/sock_diag_test: tests/sock_diag_test.c tests/address.h tests/tap.h \
    sock_diag.c sock_diag.h conn.h
tests/map_test: tests/map_test.c tests/tap.h map.c map.h array.c array.h
tests/watch_test: tests/watch_test.c tests/tap.h watch.c watch.h
tests/hold: tests/hold.c
tests/load: tests/load.c
tests/deny: tests/deny.c
tests/drain: tests/drain.c

# The tests are run by prove, of the Debian package perl.
check: tcpstate $(UNIT_TESTS) $(TOOLS)
	prove -e '' $(UNIT_TESTS) tests/*.t

bench: tcpstate $(TOOLS)
	sh tests/bench.sh

install: tcpstate
	mkdir -p $(DESTDIR)$(BINDIR) $(DESTDIR)$(MANDIR)/man1
	install -m 755 tcpstate $(DESTDIR)$(BINDIR)/tcpstate
	install -m 644 tcpstate.1 $(DESTDIR)$(MANDIR)/man1/tcpstate.1

uninstall:
	rm -f $(DESTDIR)$(BINDIR)/tcpstate
	rm -f $(DESTDIR)$(MANDIR)/man1/tcpstate.1

format:
	clang-format -i *.c *.h tests/*.c tests/*.h

clean:
	rm -f tcpstate $(OBJS) $(UNIT_TESTS) $(TOOLS)

.PHONY: all check bench install uninstall format clean
