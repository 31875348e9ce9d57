/*
 * Tests the parser of /proc/net/tcp{,6}.  Its read() and fstatfs() are
 * replaced by functions that return a table chunk by chunk.
 */
#include <sys/types.h>
#include <sys/vfs.h>
#include <unistd.h>

static ssize_t played_read(int fd, void *buf, size_t size);
static int played_fstatfs(int fd, struct statfs *fs);

#define read played_read
#define fstatfs played_fstatfs
#include "lib/array.c"
#include "read/byte_order.c"
#include "lib/interrupt.c"
#include "lib/regular.c"
#include "proc_parse.c"
#undef read
#undef fstatfs

#include "address.h"
#include "tap.h"

#include <arpa/inet.h>

/* The chunks or errno values that the next calls of read() return. */
static struct {
	struct {
		const char *data;
		size_t len;
		int error;
	} chunk[64];
	size_t n, next;
	long fs_type;
	size_t reads;
} played;

static ssize_t
played_read(int fd, void *buf, size_t size)
{
	size_t len;

	(void)fd;
	played.reads++;
	if (played.next == played.n)
		return 0;
	if (played.chunk[played.next].error) {
		errno = played.chunk[played.next++].error;
		return -1;
	}
	len = played.chunk[played.next].len;
	if (len > size)
		len = size;
	memcpy(buf, played.chunk[played.next].data, len);
	played.chunk[played.next].data += len;
	played.chunk[played.next].len -= len;
	if (played.chunk[played.next].len == 0)
		played.next++;
	return (ssize_t)len;
}

static int
played_fstatfs(int fd, struct statfs *fs)
{
	(void)fd;
	memset(fs, 0, sizeof(*fs));
	/* The type of f_type depends on the libc. */
	fs->f_type = (__typeof__(fs->f_type))played.fs_type;
	return 0;
}

static void
play_nothing(long fs_type)
{
	memset(&played, 0, sizeof(played));
	played.fs_type = fs_type;
}

static void
play(const char *data, size_t len)
{
	played.chunk[played.n].data = data;
	played.chunk[played.n++].len = len;
}

static void
play_error(int error)
{
	played.chunk[played.n++].error = error;
}

/* The conns that were visited. */
static struct {
	size_t n;
	size_t state[256];
	struct conn last;
} seen;

static void
see(const struct conn *conn, void *ctx)
{
	(void)ctx;
	seen.n++;
	seen.state[conn->state]++;
	seen.last = *conn;
}

static struct proc_result result;

static int
read_played(void)
{
	memset(&seen, 0, sizeof(seen));
	return proc_read(-1, false, see, NULL, &result);
}

/* Plays a file in one chunk, and reads it. */
static int
read_text(const char *text, size_t len)
{
	play_nothing(0);
	play(text, len);
	return read_played();
}

#define HEADER \
	"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when " \
	"retrnsmt   uid  timeout inode"
#define HEADER6 \
	"  sl  local_address                         remote_address         " \
	"               st tx_queue rx_queue tr tm->when retrnsmt   uid  " \
	"timeout inode"
#define ROW \
	"   0: 0100007F:1B59 00000000:0000 0A 00000000:00000000 " \
	"00:00000000 00000000     0        0 7873 1 00000000144dbfd7 100 " \
	"0 0 10 0                      "
#define ROW6 \
	"   9: 0000000000000000FFFF00000100007F:1C21 " \
	"0000000000000000FFFF00000200007F:D770 01 00000000:00001000 " \
	"00:00000000 00000000     0        0 7925 1 00000000dc6fa87b 20 8 " \
	"0 10 -1"
#define TIME_WAIT_ROW \
	"12345: 0100007F:8B4C 0100007F:1B59 06 00000000:00000000 " \
	"03:000015EE 00000000     0        0 0 3 000000005ef17d9f       "

static void
copy_conn(const struct conn *conn, void *ctx)
{
	memcpy(ctx, conn, sizeof(*conn));
}

/* Parses a line of a little-endian machine, as the rows above are. */
static enum proc_line
line(const char *text, struct conn *conn)
{
	struct byte_orders orders = {ORDER_LITTLE, copy_conn, .ctx = conn};
	struct conn parsed = {0};
	enum proc_line what =
	    proc_parse_line(text, strlen(text), true, &parsed);

	byte_order_visit(&parsed, &orders);
	return what;
}

static void
test_rows(void)
{
	struct conn c;

	ok(line(ROW, &c) == PROC_ROW, "a row of tcp");
	ok(c.family == FAMILY_TCP && c.state == TCP_LISTEN &&
		c.lport == 7001 && c.rport == 0,
	    "its family, state and ports");
	ok(address_is(&c.laddr, "::ffff:127.0.0.1") &&
		address_is(&c.raddr, "::ffff:0.0.0.0"),
	    "its addresses");
	ok(c.inode == 7873, "a listener's inode");
	ok(line(ROW6, &c) == PROC_ROW, "a row of tcp6");
	ok(c.family == FAMILY_TCP6 && c.state == TCP_ESTABLISHED &&
		c.lport == 7201 && c.rport == 55152,
	    "its family, state, ports");
	ok(address_is(&c.laddr, "::ffff:127.0.0.1") &&
		address_is(&c.raddr, "::ffff:127.0.0.2"),
	    "its addresses");
	ok(line(TIME_WAIT_ROW, &c) == PROC_ROW && c.state == TCP_TIME_WAIT,
	    "a TIME_WAIT row, which is shorter, with a long sl");
	ok(line("0:0100007f:1b59 0100007f:abCD 0b ", &c) == PROC_ROW &&
		c.state == TCP_CLOSING && c.lport == 7001 && c.rport == 0xabcd,
	    "lower case, no padding, nothing after the state");
	ok(line("\t0:\t0100007F:1B59\t0100007F:0050\t03\t", &c) == PROC_ROW,
	    "tabs");
	ok(line(ROW "\r", &c) == PROC_ROW, "a carriage return at its end");
	for (int state = 0; state < 256; state++) {
		char text[64];

		snprintf(text, sizeof(text),
		    "0: 00000000:0000 00000000:0000 %02X ", (unsigned)state);
		if (line(text, &c) != PROC_ROW || c.state != state) {
			ok(false, "state %02X", (unsigned)state);
			return;
		}
	}
	ok(true, "each of 256 states is visited unchanged");
}

static void
test_cut_rows(void)
{
	static const char *const rows[] = {ROW, ROW6, TIME_WAIT_ROW};
	struct conn c;

	for (size_t i = 0; i < 3; i++) {
		const char *row = rows[i];
		/* The blank after the state, the fourth blank from sl. */
		size_t whole = strspn(row, " ");
		bool good = true;

		for (int blanks = 0; blanks < 4; whole++)
			blanks += row[whole] == ' ';
		for (size_t len = strspn(row, " ") + 1; len < whole; len++)
			good &=
			    proc_parse_line(row, len, true, &c) == PROC_BAD;
		ok(good, "row %zu cut before the blank after its state", i);
		good = true;
		for (size_t len = whole; len <= strlen(row); len++) {
			good &=
			    proc_parse_line(row, len, true, &c) == PROC_ROW;
			good &=
			    c.inode == 0 || c.inode == 7873 || c.inode == 7925;
		}
		ok(good, "row %zu cut anywhere after it", i);
	}
}

static void
test_other_lines(void)
{
	struct conn c;
	static const char *const bad[] = {
	    "tcp        0      0 127.0.0.1:8080   0.0.0.0:*   LISTEN",
	    "LISTEN 0      128    127.0.0.1:8080   0.0.0.0:*",
	    "Proto Recv-Q Send-Q Local Address Foreign Address State",
	    "0: 0100007F:1B59 0100007F:1B5 01 ",
	    "0: 0100007F:1B59 0100007F:1B5X 01 ",
	    "0: 0100007F:1B59 0100007F 01 ",
	    "0: 0100007F1B59 0100007F:1B59 01 ",
	    "0: 0100007F:1B59 0100007F:1B59 0G ",
	    "0: 0100007F:1B59 0100007F:1B59 001 ",
	    "0: 0100007F:1B59 0100007F:1B59 1 ",
	    "0: 0100007F:1B59 0100007F:1B590 01 ",
	    "0 0100007F:1B59 0100007F:1B59 01 ",
	    ": 0100007F:1B59 0100007F:1B59 01 ",
	    "x: 0100007F:1B59 0100007F:1B59 01 ",
	    "-1: 0100007F:1B59 0100007F:1B59 01 ",
	    "0: 0000000000000000FFFF00000100007F:1C21 0100007F:1B59 01 ",
	    "0: 0100007F:1B59 0000000000000000FFFF00000100007F:1C21 01 ",
	    ("0: 0000000000000000FFFF0000:1C21 "
	     "0000000000000000FFFF0000:1C21 01 "),
	    "0: 0100007F:1B59 0100007F:1B59",
	    "  sl  local_addr",
	    "  sl  local_address rem_address   st tx_queue",
	    "sl",
	};

	ok(line(HEADER, &c) == PROC_HEADER, "the header of tcp");
	ok(line(HEADER "          \r", &c) == PROC_HEADER, "with padding");
	ok(line(HEADER6, &c) == PROC_HEADER, "the header of tcp6");
	ok(line(HEADER " ref pointer drops", &c) == PROC_OTHER,
	    "the header of udp and raw");
	ok(line("", &c) == PROC_BLANK && line(" \t \r", &c) == PROC_BLANK,
	    "blank lines");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(line(bad[i], &c) == PROC_BAD, "no row: %s", bad[i]);
}

static void
test_streams(void)
{
	static char text[sizeof(HEADER) + 3 * sizeof(ROW6) + 16];
	int len = snprintf(
	    text, sizeof(text), HEADER "\n" ROW "\n" ROW6 "\n" TIME_WAIT_ROW);
	bool good = true;

	for (int cut = 1; cut < len; cut++) {
		play_nothing(0);
		play(text, (size_t)cut);
		play(text + cut, (size_t)(len - cut));
		good &= read_played() == 0 && seen.n == 3 &&
		    result.rows == 3 && result.headers == 1 &&
		    result.bad == 0 && seen.state[TCP_LISTEN] == 1 &&
		    seen.state[TCP_ESTABLISHED] == 1 &&
		    seen.state[TCP_TIME_WAIT] == 1;
	}
	ok(good,
	    "rows may straddle reads anywhere; the last needs no newline");

	read_text("", 0);
	ok(result.rows == 0 && result.headers == 0 && result.bad == 0,
	    "nothing at all");
	read_text(HEADER "\n" ROW "\njunk\n" ROW "\n\njunk\n",
	    sizeof(HEADER) + 2 * sizeof(ROW) + 11);
	ok(result.rows == 2 && result.bad == 2 && result.first_bad == 3,
	    "an invalid line is skipped and counted, the first by number");
	read_text(HEADER "\0\n" ROW "\0\n" ROW "\n0: 0100007F:1B59\0 0100007F"
			 ":1B59 01 \n",
	    sizeof(HEADER) + 2 * sizeof(ROW) + 38);
	ok(result.rows == 1 && result.headers == 0 && result.bad == 3,
	    "a line with a NUL is neither row nor header");
	read_text("\xef\xbb\xbf" HEADER "\r\n" ROW "\r\n",
	    sizeof(HEADER) + sizeof(ROW) + 5);
	ok(result.rows == 1 && result.headers == 1 && result.bad == 0,
	    "a BOM and CRLF");
	read_text(HEADER " ref pointer drops\n" ROW "\n" HEADER "\n" ROW "\n",
	    2 * sizeof(HEADER) + 2 * sizeof(ROW) + 18);
	ok(result.rows == 1 && result.bad == 2,
	    "rows below another table's header are not TCP's");
	read_text("\x1f\x8b\x08\n" ROW "\n", sizeof(ROW) + 4);
	ok(result.rows == 0 && result.compressed &&
		strcmp(result.compressed, "gzip") == 0,
	    "gzip");
	read_text("\xfd"
		  "7zXZ\0\n",
	    7);
	ok(result.compressed && strcmp(result.compressed, "xz") == 0, "xz");
}

static void
test_long_lines(void)
{
	size_t len = 1 << 20;
	char *text = malloc(len + 2 * sizeof(ROW));
	size_t end = len - 1;

	if (!ok(text, "memory"))
		return;
	memset(text, ' ', len);
	memcpy(text, ROW, sizeof(ROW) - 1);
	memcpy(text + end, "\n" ROW "\n", sizeof(ROW) + 1);
	read_text(text, end + sizeof(ROW) + 1);
	ok(result.rows == 1 && result.bad == 1 && result.first_bad == 1,
	    "a line of a megabyte is no row, the next one is");
	read_text(text, end);
	ok(result.rows == 0 && result.bad == 1, "even as the last one");
	memmove(text + 3, text, end - 3);
	memcpy(text, "\xef\xbb\xbf", 3);
	read_text(text, end + sizeof(ROW) + 1);
	ok(result.rows == 1 && result.bad == 1, "even after a BOM");
	free(text);
}

static void
test_errors(void)
{
	play_nothing(0);
	play(ROW "\n", sizeof(ROW));
	play_error(EIO);
	ok(read_played() == EIO && result.rows == 1, "an error while reading");
	play_nothing(PROC_SUPER_MAGIC);
	play_error(EACCES);
	ok(read_played() == EACCES && result.rows == 0, "at once");
}

/* The last steps of splitmix64; unmix() is their inverse. */
static uint64_t
mix(uint64_t h)
{
	h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9;
	h = (h ^ h >> 27) * 0x94d049bb133111eb;
	return h ^ h >> 31;
}

static uint64_t
unmix(uint64_t h)
{
	h = (h ^ h >> 31 ^ h >> 62) * 0x319642b2d24d8ec3;
	h = (h ^ h >> 27 ^ h >> 54) * 0x96de1b173f119089;
	return h ^ h >> 30 ^ h >> 60;
}

/*
 * Plays a page of rows with addresses of one /64.  For each port the peer
 * chose the address for which a hash of both ends without a secret key
 * collides.
 */
static void
play_colliding_page(unsigned first, unsigned rows)
{
	static char pages[64][4096];
	static unsigned page;
	char *start = pages[page++ % 64], *to = start;
	/* Of ::1 and 2001:db8::/64, in pairs of words, the low one first. */
	const uint64_t so_far =
	    mix(mix(mix(0) ^ 0x0100000000000000) ^ 0xb80d0120);

	for (unsigned port = first; port < first + rows; port++) {
		uint64_t ports = 443u << 16 | port;
		uint64_t id = unmix(0x0123456789abcdef ^ ports) ^ so_far;

		to += snprintf(to, 200,
		    "%4u: 00000000000000000000000001000000:01BB "
		    "B80D012000000000%08X%08X:%04X 01 00000000:00000000 "
		    "00:00000000 00000000     0        0 0 1 0000000000000000 "
		    "20 4 0 10 -1\n",
		    port, (uint32_t)id, (uint32_t)(id >> 32), port);
	}
	play(start, (size_t)(to - start));
}

/* Writes a row of tcp as procfs prints it, with number as its remote port. */
static void
put_row(char *to, unsigned number, unsigned state)
{
	int len = snprintf(to, 149,
	    "%4u: 0100007F:1B59 0200007F:%04X %02X "
	    "00000000:00000000 00:00000000 00000000     0        0 %u 1 "
	    "0000000000000000 20 0 0 10 -1",
	    number % 10000, number & 0xffff, state,
	    state == TCP_LISTEN ? number : 0);

	memset(to + len, ' ', (size_t)(149 - len));
	to[149] = '\n';
}

/* Plays a page of rows, numbered from first on. */
static void
play_page(unsigned first, unsigned rows, unsigned state)
{
	static char pages[64][32 * 150];
	static unsigned page;
	char *to = pages[page++ % 64];

	for (unsigned i = 0; i < rows; i++)
		put_row(to + 150 * i, first + i, state);
	play(to, (size_t)150 * rows);
}

static void
test_procfs(void)
{
	enum { FULL = 27 };

	if (sysconf(_SC_PAGESIZE) != 4096) {
		skip("procfs: pages are not 4 KiB here");
		return;
	}
	play_nothing(PROC_SUPER_MAGIC);
	play_page(0, FULL, TCP_ESTABLISHED);
	play_page(FULL, FULL - 2, TCP_ESTABLISHED);
	play_page(0, FULL, TCP_ESTABLISHED);
	read_played();
	ok(result.rows == 2 * FULL - 2 && played.reads == 2,
	    "a chunk with room for a row is the last");

	play_nothing(0);
	play_page(0, FULL - 1, TCP_ESTABLISHED);
	play_page(0, FULL - 1, TCP_ESTABLISHED);
	read_played();
	ok(result.rows == 2 * (FULL - 1), "but not in a saved file");

	play_nothing(PROC_SUPER_MAGIC);
	play_page(0, FULL, TCP_ESTABLISHED);
	play_page(FULL, FULL, TCP_ESTABLISHED);
	read_played();
	ok(result.rows == 2 * FULL && played.reads == 3,
	    "a full last chunk that nothing follows");

	play_nothing(PROC_SUPER_MAGIC);
	play_page(0, FULL, TCP_ESTABLISHED);
	play_page(FULL, FULL, TCP_ESTABLISHED);
	play_page(2 * FULL - 1, 1, TCP_ESTABLISHED);
	read_played();
	ok(result.rows == 2 * FULL, "one row that the kernel repeats");

	play_nothing(PROC_SUPER_MAGIC);
	play_page(0, FULL, TCP_ESTABLISHED);
	play_page(FULL - 1, FULL, TCP_ESTABLISHED);
	play_page(2 * FULL - 3, FULL, TCP_ESTABLISHED);
	play_page(3 * FULL - 3, 2, TCP_ESTABLISHED);
	read_played();
	ok(result.rows == 3 * FULL - 1,
	    "rows that were pushed into the next "
	    "chunk, and the table goes on");

	play_nothing(PROC_SUPER_MAGIC);
	play_page(0, FULL, TCP_ESTABLISHED);
	play_page(FULL, FULL, TCP_ESTABLISHED);
	play_page(2 * FULL, 1, TCP_ESTABLISHED);
	read_played();
	ok(result.rows == 2 * FULL + 1, "one row that is new");

	play_nothing(PROC_SUPER_MAGIC);
	play_page(0, FULL, TCP_ESTABLISHED);
	play_page(FULL, FULL, TCP_ESTABLISHED);
	play_page(2 * FULL - 20, 22, TCP_TIME_WAIT);
	read_played();
	ok(result.rows == 2 * FULL + 2 && seen.state[TCP_TIME_WAIT] == 2,
	    "the end again, in another state, with two new rows");

	play_nothing(PROC_SUPER_MAGIC);
	for (unsigned i = 0; i < 40; i++)
		play_page(FULL * i, FULL, TCP_ESTABLISHED);
	for (unsigned i = 10; i < 30; i++)
		play_page(FULL * i + 5, FULL, TCP_ESTABLISHED);
	read_played();
	ok(result.rows == 40 * FULL, "a long repetition");

	play_nothing(PROC_SUPER_MAGIC);
	play_page(0, FULL, TCP_ESTABLISHED);
	play_page(FULL, FULL, TCP_ESTABLISHED);
	play_page(FULL + 2, FULL, TCP_ESTABLISHED);
	play_page(2 * FULL + 2, FULL, TCP_ESTABLISHED);
	play_page(3 * FULL + 2, 1, TCP_ESTABLISHED);
	read_played();
	ok(result.rows == 3 * FULL + 3,
	    "a repetition amid the table is not its end");

	play_nothing(PROC_SUPER_MAGIC);
	for (unsigned i = 0; i < 3; i++)
		play_page(FULL * i, FULL, TCP_LISTEN);
	read_played();
	ok(result.rows == 3 * FULL, "listeners");

	/* Listeners with the same address and port, as of SO_REUSEPORT. */
	play_nothing(PROC_SUPER_MAGIC);
	for (unsigned i = 0; i < 3; i++) {
		static char same[3][FULL * 150];

		for (unsigned row = 0; row < FULL; row++)
			put_row(same[i] + row * 150,
			    65536 * (i * FULL + row + 1), TCP_LISTEN);
		play(same[i], sizeof(same[i]));
	}
	read_played();
	ok(result.rows == 3 * FULL, "listeners that share address and port");
}

/* Rows of each length up to the longest of tcp6, page by page. */
static void
test_long_rows(void)
{
	static char row[512];
	bool good = true;

	if (sysconf(_SC_PAGESIZE) != 4096) {
		ok(true, "long rows # SKIP pages are not 4 KiB here");
		return;
	}
	for (unsigned len = 195; len <= 287; len++) {
		static char pages[40][4096];
		unsigned fit = 4096 / len, port = 0;

		play_nothing(PROC_SUPER_MAGIC);
		for (unsigned page = 0; page < 40; page++) {
			for (unsigned i = 0; i < fit; i++) {
				int n = snprintf(row, sizeof(row),
				    "%4u: "
				    "0000000000000000FFFF00000100007F:01BB "
				    "0000000000000000FFFF00000200007F:%04X 01 "
				    "FFFFFFFF:7FFFFFFF 01:00000000FFFFFFFF "
				    "00000000 ",
				    port, port);

				port++;
				memset(row + n, '1', len - (unsigned)n);
				row[len - 1] = '\n';
				memcpy(pages[page] + i * len, row, len);
			}
			play(pages[page], (size_t)fit * len);
		}
		read_played();
		good &= result.rows == port && result.bad == 0;
	}
	ok(good, "rows of 195 to 287 bytes are read to the end");
}

static void
test_collisions(void)
{
	unsigned port = 1;

	play_nothing(PROC_SUPER_MAGIC);
	for (unsigned page = 0; page < 40; page++, port += 23)
		play_colliding_page(port, 23);
	read_played();
	ok(result.rows == port - 1, "a peer cannot hide its connections");
}

int
main(void)
{
	test_rows();
	test_cut_rows();
	test_other_lines();
	test_streams();
	test_long_lines();
	test_errors();
	test_procfs();
	test_long_rows();
	test_collisions();
	return tap_done();
}
