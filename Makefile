# tcpstate: make, make check

CFLAGS = -O2 -g
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion
COMPILE = $(CC) -std=c17 -D_GNU_SOURCE $(WARNINGS) $(CPPFLAGS) $(CFLAGS)

OBJS = watch.o proc_parse.o conn.o
UNIT_TESTS = tests/proc_parse_test tests/watch_test

all: $(OBJS)

.SUFFIXES: .c .o
.c.o:
	$(COMPILE) -c -o $@ $<

$(OBJS): Makefile
conn.o: conn.h
proc_parse.o: proc_parse.h conn.h
watch.o: watch.h

$(UNIT_TESTS): Makefile
	$(COMPILE) $(LDFLAGS) -o $@ $@.c
tests/proc_parse_test: tests/proc_parse_test.c tests/tap.h \
    proc_parse.c proc_parse.h conn.h
tests/watch_test: tests/watch_test.c tests/tap.h watch.c watch.h

# The tests are run by prove, of the Debian package perl.
check: all $(UNIT_TESTS)
	prove -e '' $(UNIT_TESTS)

format:
	clang-format -i *.c *.h tests/*.c tests/*.h

clean:
	rm -f $(OBJS) $(UNIT_TESTS)

.PHONY: all check format clean
