# tcpstate: make, make check, make install, make bench; make static, make dist;
# make faults, make fuzz, make cross

# What -V prints and the manual's date follow; debian/changelog and CHANGELOG.md
# begin with them.
VERSION = 1.0.0
DATE = 2026-11-21

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
# Where each shell looks for completions; fish, by itself, not in /usr/local.
BASHDIR = $(DATADIR)/bash-completion/completions
ZSHDIR = $(DATADIR)/zsh/site-functions
ifeq ($(DATADIR),/usr/local/share)
FISHDIR = /etc/fish/completions
else
FISHDIR = $(DATADIR)/fish/vendor_completions.d
endif

CFLAGS ?= -O2 -g
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion
# What is built does not depend on the directory in which it is built.
COMPILE = $(CC) -std=c17 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 \
    -D_TIME_BITS=64 -I. "-ffile-prefix-map=$$PWD=." -MMD -MP \
    $(WARNINGS) $(KERNEL_$(notdir $(CC))) $(CPPFLAGS) $(CFLAGS)
# The kernel's headers are for all compilers, but musl-gcc looks elsewhere.
KERNEL_musl-gcc = -idirafter /usr/include \
    -idirafter /usr/include/$(shell $(CC) -print-multiarch)

# The floors, from the top: what is on one includes only what is below it.
FLOORS = command watch show explain count read lib
SRCS = tcpstate.c proc_parse.c $(sort $(wildcard $(FLOORS:=/*.c)))
OBJS = $(SRCS:.c=.o)
STATIC_OBJS = $(SRCS:.c=.static.o)
RULE_TESTS = $(patsubst %.c,%,$(wildcard tests/diagnose_*_test.c))
UNIT_TESTS = $(patsubst %.c,%,$(sort $(wildcard tests/*_test.c)))
TOOLS = tests/hold tests/load tests/stage tests/deny tests/drain \
    tests/crashes

all: tcpstate tcpstate.1

tcpstate: $(OBJS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(OBJS)

.SUFFIXES: .c .o
.c.o:
	$(COMPILE) -c -o $@ $<
lib/version.% %/lib/version.o: COMPILE += -DVERSION='"$(VERSION)"'

tcpstate.1: Makefile
	date=$$(LC_ALL=C date -u -d $(DATE) '+%B %-d, %Y') && \
	    sed -i "s/^\.Dd .*/.Dd $$date/" $@

# One file, for a machine where nothing can be installed.
STATIC_CC ?= musl-gcc
STATIC_CFLAGS ?= -Os -fno-asynchronous-unwind-tables
static: tcpstate-static

tcpstate-static $(STATIC_OBJS): override CC = $(STATIC_CC)
tcpstate-static $(STATIC_OBJS): override CFLAGS = $(STATIC_CFLAGS)
tcpstate-static: $(STATIC_OBJS)
	$(CC) $(CFLAGS) $(LDFLAGS) -static -s -o $@ $(STATIC_OBJS)

$(STATIC_OBJS): %.static.o: %.c
	$(COMPILE) -c -o $@ $<

# These test the checks of a diagnosis, and have them run out of memory.
RULES = $(filter-out explain/observe.o,$(filter explain/%.o,$(OBJS))) \
    $(filter lib/%.o,$(OBJS)) read/descriptors.o read/filter.o \
    read/hosts.o read/limits.o read/owner.o read/procfs.o read/unit.o
$(RULE_TESTS): %: %.c $(RULES)
	$(COMPILE) $(LDFLAGS) -Wl,--wrap=calloc -o $@ $< $(RULES)

$(filter-out $(RULE_TESTS),$(UNIT_TESTS)) $(TOOLS): %: %.c
	$(COMPILE) $(LDFLAGS) -o $@ $<

$(OBJS) $(STATIC_OBJS) $(UNIT_TESTS) $(TOOLS): Makefile

# What each file includes, as the compiler found it.
-include $(SRCS:.c=.d) $(SRCS:.c=.static.d) $(UNIT_TESTS:=.d) $(TOOLS:=.d)

# The tests are run by prove, of the Debian package perl.  Most of their time
# they wait, so that more of them than there are processors run at once, and
# those that take longest begin.
JOBS = 4
FIRST = $(wildcard $(patsubst %,tests/%.t,monitoring healthy diagnose churn \
    fit screen pressed picture flows watch netns alert))
TESTS = $(FIRST) $(filter-out $(FIRST),$(UNIT_TESTS) $(wildcard tests/*.t))

tests: $(UNIT_TESTS) $(TOOLS) tests/nomem.so

check: all $(UNIT_TESTS) $(TOOLS)
	@skipped=$$(mktemp) || exit 1; \
	trap 'rm -f "$$skipped"' EXIT; trap 'exit 1' HUP INT TERM; \
	TCPSTATE_SKIPPED=$$skipped prove -j$(JOBS) -e '' $(TESTS); \
	status=$$?; \
	[ ! -s "$$skipped" ] || { echo Skipped:; sort -u "$$skipped"; }; \
	exit $$status

# The unit tests, and those of files, on other machines.
cross:
	sh tests/cross.sh

bench: tcpstate $(TOOLS)
	sh tests/bench.sh

# Fuzzing takes clang.  The program is compiled again for it, to run in a
# sandbox (see tests/fuzz/README); all that is made is in one directory.
SECONDS = 60
FUZZ = tests/fuzz/build
FUZZ_TARGETS = proc sock_diag argv tree tables
FUZZED_OBJS = $(OBJS:%=$(FUZZ)/%)
FUZZ_OBJS = $(FUZZED_OBJS) $(patsubst %,$(FUZZ)/tests/fuzz/%.o,sandbox files \
    output)
SANITIZE = address,undefined -fno-sanitize-recover=all

fuzz: tcpstate
	$(MAKE) CC=clang CFLAGS='-O1 -g -fsanitize=fuzzer-no-link,$(SANITIZE)' \
	    $(FUZZ_TARGETS:%=$(FUZZ)/%)
	sh tests/fuzz/fuzz.sh $(SECONDS) $(JOBS) $(FUZZ_TARGETS)

$(FUZZED_OBJS): COMPILE += -include tests/fuzz/sandbox.h
$(FUZZ)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<

$(FUZZ_TARGETS:%=$(FUZZ)/%): $(FUZZ)/%: $(FUZZ)/tests/fuzz/%.o $(FUZZ_OBJS)
	$(CC) $(CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^

-include $(FUZZ_OBJS:.o=.d) $(FUZZ_TARGETS:%=$(FUZZ)/tests/fuzz/%.d)

# Faults at each allocation, and at system calls of each kind: takes minutes.
faults: tcpstate tests/crashes tests/nomem.so
	prove -o tests/faults.sh

tests/nomem.so: tests/nomem.c Makefile
	$(COMPILE) $(LDFLAGS) -shared -fPIC -o $@ tests/nomem.c

install: all
	install -d "$(DESTDIR)$(BINDIR)" "$(DESTDIR)$(MANDIR)/man1" \
	    "$(DESTDIR)$(BASHDIR)" "$(DESTDIR)$(ZSHDIR)" "$(DESTDIR)$(FISHDIR)"
	install -m 755 tcpstate "$(DESTDIR)$(BINDIR)/tcpstate"
	install -m 644 tcpstate.1 "$(DESTDIR)$(MANDIR)/man1/tcpstate.1"
	install -m 644 completions/tcpstate.bash "$(DESTDIR)$(BASHDIR)/tcpstate"
	install -m 644 completions/_tcpstate "$(DESTDIR)$(ZSHDIR)/_tcpstate"
	install -m 644 completions/tcpstate.fish \
	    "$(DESTDIR)$(FISHDIR)/tcpstate.fish"

uninstall:
	rm -f "$(DESTDIR)$(BINDIR)/tcpstate"
	rm -f "$(DESTDIR)$(MANDIR)/man1/tcpstate.1"
	rm -f "$(DESTDIR)$(BASHDIR)/tcpstate" "$(DESTDIR)$(ZSHDIR)/_tcpstate"
	rm -f "$(DESTDIR)$(FISHDIR)/tcpstate.fish"

# The tarball has the files that git has; without git, all but what make clean
# removes.  The same files make the same bytes.
DIST = tcpstate-$(VERSION)
dist: tcpstate.1
	list=$$(mktemp) && trap 'rm -f "$$list"' EXIT && \
	if [ -e .git ]; then git -c safe.directory="$$PWD" ls-files -z; \
	    else $(MAKE) -s clean >&2 && find . ! -type d -printf '%P\0'; \
	    fi >"$$list" && \
	LC_ALL=C sort -z -o "$$list" "$$list" && \
	tar -cf $(DIST).tar --format=ustar --owner=root:0 --group=root:0 \
	    --mtime='$(DATE) UTC' --mode=u=rwX,go=rX --hard-dereference \
	    --transform='s,^,$(DIST)/,S' --null --verbatim-files-from -T "$$list"
	gzip -9nf $(DIST).tar

format:
	clang-format -i *.[ch] $(FLOORS:=/*.[ch]) tests/*.[ch] tests/fuzz/*.[ch]

clean:
	rm -f tcpstate $(OBJS) $(SRCS:.c=.d)
	rm -f tcpstate-static $(STATIC_OBJS) $(SRCS:.c=.static.d)
	rm -f tests/nomem.so tests/nomem.d
	rm -f $(UNIT_TESTS) $(TOOLS) $(UNIT_TESTS:=.d) $(TOOLS:=.d)
	rm -f tcpstate-*.tar tcpstate-*.tar.gz
	rm -rf $(FUZZ)

.PHONY: all static tests check faults fuzz cross bench install uninstall dist \
    format clean
