/*
 * Tests the bytes by which a screen changes, with a small terminal that
 * executes them.
 */
#include "lib/escape.c"
#include "lib/text.c"
#include "watch/frame.c"

#include "tap.h"

/* A terminal without line wrapping. */
struct terminal {
	struct frame screen;
	unsigned line, column;
	struct style style;
	bool at_end;  /* where the cursor is now depends on the terminal */
	bool invalid; /* it got what it does not know, or would scroll */
};

/* Makes a terminal of a size, full of rubbish. */
static void
reset_terminal(struct terminal *t, unsigned width, unsigned height)
{
	frame_free(&t->screen);
	*t = (struct terminal){.screen = {.width = width, .height = height}};
	if (!make_blank(&t->screen))
		abort();
	for (size_t i = 0; i < (size_t)width * height; i++)
		t->screen.cells[i].bytes[0] = '#';
}

/* Reads a number, or returns fallback if there is none. */
static unsigned
number(const char **p, unsigned fallback)
{
	unsigned n = 0;

	if (**p < '0' || **p > '9')
		return fallback;
	for (; **p >= '0' && **p <= '9'; (*p)++)
		n = 10 * n + (unsigned)(**p - '0');
	return n;
}

static void
place_cursor(struct terminal *t, unsigned line, unsigned column)
{
	t->line = line;
	t->column = column;
	t->at_end = false;
	if (line >= t->screen.height || column >= t->screen.width)
		t->invalid = true;
}

static void
erase_line(struct terminal *t)
{
	struct cell *line = &t->screen.cells[t->line * t->screen.width];

	for (unsigned i = t->column; i < t->screen.width; i++)
		line[i] = blank;
	if (t->style.set & STYLE_REVERSE)
		t->invalid = true;
}

/* Executes a sequence from after its ESC [ on.  Returns its end. */
static const char *
execute(struct terminal *t, const char *p)
{
	unsigned n, m = 1;
	const char *begin = p;

	n = number(&p, 1);
	if (*p == ';' && p++)
		m = number(&p, 1);
	if (*p != 'H' && *p != 'm' && t->at_end)
		t->invalid = true;
	switch (*p) {
	case 'H':
		place_cursor(t, n - 1, m - 1);
		return p + 1;
	case 'B':
		place_cursor(t, t->line + n, t->column);
		return p + 1;
	case 'C':
		place_cursor(t, t->line, t->column + n);
		return p + 1;
	case 'D':
		place_cursor(t, t->line, t->column - n);
		return p + 1;
	case 'K':
		erase_line(t);
		return p + 1;
	default:
		p = begin + strcspn(begin, "m");
		if (*p == 'm')
			for (begin--; begin < p;) {
				begin++;
				set_style(&t->style, number(&begin, 0));
			}
		t->invalid |= *p != 'm';
		return p + 1;
	}
}

static void
put(struct terminal *t, const char *p, size_t len)
{
	struct cell cell = {.style = t->style};

	if (t->at_end || t->line >= t->screen.height) {
		t->invalid = true;
		return;
	}
	memcpy(cell.bytes, p, len);
	t->screen.cells[t->line * t->screen.width + t->column] =
	    is_blank(&cell) ? blank : cell;
	if (++t->column == t->screen.width)
		t->at_end = true;
}

/* Has the terminal execute what it is sent. */
static void
send(struct terminal *t, const char *p)
{
	while (*p != '\0' && !t->invalid) {
		uint32_t code = 0;
		size_t len = escape_decode(p, &code);

		if (strncmp(p, "\033[", 2) == 0) {
			p = execute(t, p + 2);
			continue;
		}
		if (*p == '\r')
			place_cursor(t, t->line, 0);
		else if (*p == '\n')
			place_cursor(t, t->line + 1, t->column);
		else if (*p == '\b' && !t->at_end)
			place_cursor(t, t->line, t->column - 1);
		else if (len > 0 && code >= ' ')
			put(t, p, len);
		else
			t->invalid = true;
		p += len > 0 ? len : 1;
	}
}

static bool
same_frame(const struct frame *a, const struct frame *b)
{
	size_t n = (size_t)a->width * a->height;

	if (a->width != b->width || a->height != b->height)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!same_cell(&a->cells[i], &b->cells[i]))
			return false;
	return true;
}

/* What the tests share: a terminal, and the frame that it shows. */
static struct terminal terminal;
static struct frame shown;

static void
resize(unsigned width, unsigned height)
{
	reset_terminal(&terminal, width, height);
}

/*
 * Shows a picture.  Returns how many bytes that took; SIZE_MAX if the screen
 * is not what it should be.
 */
static size_t
draw(const char *picture)
{
	struct frame frame;
	struct text text;
	char *bytes;
	size_t len = SIZE_MAX;

	if (frame_parse(&frame, picture, terminal.screen.width,
		terminal.screen.height, true) != 0 ||
	    !text_open(&text))
		abort();
	frame_print(text.out, &shown, &frame);
	bytes = text_close(&text);
	if (!bytes)
		abort();
	send(&terminal, bytes);
	if (!terminal.invalid && same_frame(&terminal.screen, &frame) &&
	    same_style(terminal.style, (struct style){0}))
		len = strlen(bytes);
	free(bytes);
	frame_free(&shown);
	shown = frame;
	return len;
}

/* Whether a picture, in a frame of one line, has these characters. */
static bool
reads(const char *picture, unsigned width, bool utf8, const char *wanted)
{
	struct frame frame;
	char line[256] = "";

	if (frame_parse(&frame, picture, width, 1, utf8) != 0)
		abort();
	for (unsigned i = 0; i < width; i++)
		strncat(line, frame.cells[i].bytes, 4);
	frame_free(&frame);
	return strcmp(line, wanted) == 0;
}

static unsigned
pick(unsigned n)
{
	static uint32_t seed = 1;

	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

/* Writes a random picture, a little larger than the screen at times. */
static void
make_picture(struct text *text, unsigned width, unsigned height)
{
	static const char *const pieces[] = {"a", "b", "0", " ", " ",
	    "        ", "\u2581", "\u2588", "\u00e4", "word", "\033[1m",
	    "\033[2m", "\033[7m", "\033[31m", "\033[1;33m", "\033[0m",
	    "\033[m", "\u4e16", "\t", "\xff", "\033]0;x\a", "\033[39m",
	    "\033[22;27m"};

	if (!text_open(text))
		abort();
	for (unsigned line = 0; line < height + pick(2); line++) {
		for (unsigned n = pick(width + 2); n > 0; n--)
			fputs(pieces[pick(sizeof(pieces) / sizeof(pieces[0]))],
			    text->out);
		fputc('\n', text->out);
	}
}

/* Changes some letters and digits of a picture. */
static void
change_some(char *picture)
{
	for (char *p = picture; *p != '\0'; p++)
		if ((*p == 'a' || *p == 'b') && pick(8) == 0)
			*p ^= 3;
}

static bool
random_pictures(unsigned width, unsigned height, unsigned n)
{
	resize(width, height);
	while (n-- > 0) {
		struct text text;
		char *picture;
		bool good = true;

		make_picture(&text, width, height);
		picture = text_close(&text);
		if (!picture)
			abort();
		for (unsigned i = 0; i < 3 && good; i++) {
			good = draw(picture) != SIZE_MAX;
			change_some(picture);
		}
		free(picture);
		if (!good)
			return false;
	}
	return true;
}

static void
test_characters(void)
{
	ok(reads("a\u00e4\u2588\u03c3", 5, true, "a\u00e4\u2588\u03c3 "),
	    "characters of one column are shown");
	ok(reads("a\u4e16b\u0301c\u200bd\u00ade", 9, true, "a?b?c?d?e"),
	    "one that is wide, combines or is invisible takes one column");
	ok(reads("a\xff\xc3z\tx\033[Ky", 10, true, "a??z?x?[Ky"),
	    "so does what is no character");
	ok(reads("\u00e4b", 3, false, "?b "), "ASCII only without UTF-8");
	ok(reads("abcdef\nx", 3, true, "abc"),
	    "what is too wide or high is left out");
	ok(reads("\033[31ma\033[0;1mb\033[mc", 4, true, "abc "),
	    "styles take no column");
}

static void
test_styles(void)
{
	struct frame frame;

	if (frame_parse(&frame, "a\033[1;31mb\033[2;22mc\033[7md\033[0me", 5,
		1, true) != 0)
		abort();
	ok(frame.cells[0].style.set == 0 && frame.cells[0].style.colour == 0 &&
		frame.cells[1].style.set == STYLE_BOLD &&
		frame.cells[1].style.colour == 31 &&
		frame.cells[2].style.set == 0 &&
		frame.cells[2].style.colour == 31 &&
		frame.cells[3].style.set == STYLE_REVERSE &&
		frame.cells[4].style.set == 0,
	    "styles last until they are changed");
	frame_free(&frame);
}

/* Draws 13 lines of a history, at a column, and the time. */
static size_t
draw_history(unsigned second, unsigned length)
{
	struct text text;
	char *picture;
	size_t len;

	if (!text_open(&text))
		abort();
	fprintf(text.out,
	    "web1  tcpstate  12:30:%02u  every 1 s%24swatching "
	    "for 4m%02us   ? help\n",
	    second, "", second);
	for (unsigned i = 0; i < 13; i++) {
		fprintf(text.out, "ESTABLISHED  18855   16  18871%*s", 60, "");
		for (unsigned n = 0; n < length; n++)
			fputs("\u2581", text.out);
		fputc('\n', text.out);
	}
	picture = text_close(&text);
	if (!picture)
		abort();
	len = draw(picture);
	free(picture);
	return len;
}

static void
test_bytes(void)
{
	resize(80, 24);
	draw("one two three\n\nfour\n");
	ok(draw("one two three\n\nfour\n") == 0,
	    "nothing is written if nothing changed");
	ok(draw("one twi three\n\nfour\n") == strlen("\033[1;7Hi"),
	    "what changed is written alone");
	ok(draw("onE twI three\n\nfour\n") == strlen("\033[1;3HE twI"),
	    "with what is between, if that is shorter than a move");
	ok(draw("onE twI three\n\nfive\n") == strlen("\033[3;2Hive"),
	    "blank lines between take no bytes");
	ok(draw("onE\n\nfive\n") == strlen("\033[1;5H\033[K"),
	    "the rest of a line is erased");
	ok(draw("onE\nx\nfive\n\n\nx") == strlen("\033[2Hx\033[6Hx"),
	    "a move is no longer than it must be");
	ok(draw("\033[31monE\033[0m\nx\n\033[31mfive\033[0m\n\n\nx") ==
		strlen("\033[1H\033[31monE\r\n\nfive\033[m"),
	    "nor is a style written twice");

	resize(100, 24);
	draw_history(7, 1);
	ok(draw_history(8, 2) < 150,
	    "a cell of history in each of 13 lines takes under 150 bytes");
}

int
main(void)
{
	static const struct {
		unsigned width, height, n;
	} sizes[] = {{1, 1, 300}, {3, 10, 300}, {20, 5, 300}, {80, 24, 100},
	    {80, 30, 20}, {2, 1, 100}, {1, 30, 100}, {500, 200, 2}};

	test_characters();
	test_styles();
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		ok(random_pictures(
		       sizes[i].width, sizes[i].height, sizes[i].n),
		    "random pictures of %u x %u", sizes[i].width,
		    sizes[i].height);
	test_bytes();
	frame_free(&shown);
	frame_free(&terminal.screen);
	return tap_done();
}
