/*
 * Reads pictures, compares them, and prints what changed.
 */
#include "watch/frame.h"

#include "lib/escape.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/*
 * Whether a character is known to take one column.  wcwidth(3) cannot be
 * asked: it depends on the locale, which need not be the terminal's.  These
 * neither combine with others nor are wide in any terminal's table, except
 * where East Asian fonts are preferred.
 */
static bool
is_narrow(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} narrow[] = {
	    {0x20, 0x7e},		   /* ASCII */
	    {0xa0, 0xac},		   /* Latin, but not the soft hyphen */
	    {0xae, 0x2ff}, {0x370, 0x377}, /* Greek */
	    {0x37a, 0x37f}, {0x384, 0x38a}, {0x38e, 0x3a1},
	    {0x3a3, 0x482}, /* and Cyrillic, but not what combines */
	    {0x48a, 0x52f},
	    {0x2010, 0x2027}, /* dashes, quotes, the ellipsis */
	    {0x2190, 0x2193}, /* arrows */
	    {0x2500, 0x259f}, /* lines and blocks */
	};

	for (size_t i = 0; i < sizeof(narrow) / sizeof(narrow[0]); i++)
		if (code >= narrow[i].first && code <= narrow[i].last)
			return true;
	return false;
}

/* A blank's style cannot be seen, unless it is reverse: it has none. */
static const struct cell blank = {.bytes = " "};

static bool
is_blank(const struct cell *cell)
{
	return cell->bytes[0] == ' ' && cell->bytes[1] == '\0' &&
	    !(cell->style.set & STYLE_REVERSE);
}

/* Changes the style as one parameter of an SGR sequence says. */
static void
set_style(struct style *style, unsigned code)
{
	if (code == 0)
		*style = (struct style){0};
	else if (code == 1)
		style->set |= STYLE_BOLD;
	else if (code == 2)
		style->set |= STYLE_DIM;
	else if (code == 7)
		style->set |= STYLE_REVERSE;
	else if (code == 22)
		style->set &= STYLE_REVERSE;
	else if (code == 27)
		style->set &= STYLE_BOLD | STYLE_DIM;
	else if (code == 39)
		style->colour = 0;
	else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97))
		style->colour = (uint8_t)code;
}

/*
 * Reads an SGR sequence.  Returns its end; NULL if there is none at p, or it
 * is invalid.
 */
static const char *
parse_style(const char *p, struct style *style)
{
	struct style parsed = *style;
	unsigned code = 0;

	if (p[0] != '\033' || p[1] != '[')
		return NULL;
	for (p += 2;; p++) {
		if (*p >= '0' && *p <= '9' && code < 100) {
			code = 10 * code + (unsigned)(*p - '0');
		} else if (*p == ';' || *p == 'm') {
			set_style(&parsed, code);
			code = 0;
			if (*p == 'm')
				break;
		} else {
			return NULL;
		}
	}
	*style = parsed;
	return p + 1;
}

/* Reads the character at p.  Returns its length in bytes. */
static size_t
parse_character(struct cell *cell, const char *p, bool utf8)
{
	uint32_t code = 0;
	size_t len = escape_decode(p, &code);

	if (len == 0 || !is_narrow(code) || (len > 1 && !utf8)) {
		cell->bytes[0] = '?';
		return len > 0 ? len : 1;
	}
	memcpy(cell->bytes, p, len);
	return len;
}

/* Fills a frame with blanks.  Returns false if out of memory. */
static bool
make_blank(struct frame *frame)
{
	size_t n = (size_t)frame->width * frame->height;

	frame->cells = malloc(n * sizeof(*frame->cells));
	for (size_t i = 0; frame->cells && i < n; i++)
		frame->cells[i] = blank;
	return frame->cells;
}

int
frame_parse(struct frame *frame, const char *picture, unsigned width,
    unsigned height, bool utf8)
{
	struct style style = {0};
	unsigned line = 0, column = 0;

	*frame = (struct frame){.width = width, .height = height};
	if (!make_blank(frame))
		return ENOMEM;
	while (*picture != '\0' && line < height) {
		const char *end = parse_style(picture, &style);
		struct cell cell = {.style = style};

		if (end) {
			picture = end;
		} else if (*picture == '\n') {
			picture++;
			line++;
			column = 0;
		} else {
			picture += parse_character(&cell, picture, utf8);
			if (column < width && !is_blank(&cell))
				frame->cells[line * width + column] = cell;
			column++;
		}
	}
	return 0;
}

void
frame_free(struct frame *frame)
{
	free(frame->cells);
	*frame = (struct frame){0};
}

/* Where the terminal writes next, and how. */
struct pen {
	FILE *out;
	const struct frame *frame; /* to be shown */
	unsigned line, column;	   /* or UNKNOWN */
	struct style style;
};

#define UNKNOWN UINT_MAX

/* Room for any sequence that moves the pen. */
enum { MOVE = 48 };

static bool
same_style(struct style a, struct style b)
{
	return a.set == b.set && a.colour == b.colour;
}

static bool
same_cell(const struct cell *a, const struct cell *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0 &&
	    same_style(a->style, b->style);
}

static const struct cell *
cell_at(const struct frame *frame, unsigned line, unsigned column)
{
	return &frame->cells[(size_t)line * frame->width + column];
}

/* Appends a sequence that moves the pen n times; nothing if n is 0. */
static char *
append_motion(char *to, unsigned n, char direction)
{
	if (n > 1)
		return to + sprintf(to, "\033[%u%c", n, direction);
	return to + (n > 0 ? sprintf(to, "\033[%c", direction) : 0);
}

/* From where the pen is: down, and to the right or left. */
static void
make_relative_move(
    const struct pen *pen, unsigned line, unsigned column, char to[MOVE])
{
	to = append_motion(to, line - pen->line, 'B');
	if (column > pen->column)
		append_motion(to, column - pen->column, 'C');
	else if (pen->column - column > 3)
		append_motion(to, pen->column - column, 'D');
	else
		strcpy(to, &"\b\b\b"[3 - (pen->column - column)]);
}

/* From the start of the line, or of one of the next lines. */
static void
make_move_from_begin(
    const struct pen *pen, unsigned line, unsigned column, char to[MOVE])
{
	*to++ = '\r';
	for (unsigned n = line - pen->line; n > 0; n--)
		*to++ = '\n';
	*to = '\0';
	append_motion(to, column, 'C');
}

/* Whether a cell can be written in the style of the pen. */
static bool
fits_style(const struct pen *pen, const struct cell *cell)
{
	return same_style(pen->style, cell->style) ||
	    (is_blank(cell) && !(pen->style.set & STYLE_REVERSE));
}

/*
 * By writing the characters up to column.  Returns whether that is possible,
 * and fits in len bytes.
 */
static bool
make_rewrite(const struct pen *pen, unsigned column, char to[MOVE], size_t len)
{
	*to = '\0';
	for (unsigned i = pen->column; i < column; i++) {
		const struct cell *cell = cell_at(pen->frame, pen->line, i);
		size_t n = strnlen(cell->bytes, sizeof(cell->bytes));

		if (n > len || !fits_style(pen, cell))
			return false;
		strncat(to, cell->bytes, n);
		len -= n;
	}
	return true;
}

static void
choose_shorter(char move[MOVE], const char *other)
{
	if (strlen(other) < strlen(move))
		strcpy(move, other);
}

/* Moves the pen by the shortest sequence; never up. */
static void
move_pen(struct pen *pen, unsigned line, unsigned column)
{
	char move[MOVE], other[MOVE];

	if (pen->line == line && pen->column == column)
		return;
	if (column > 0)
		snprintf(move, MOVE, "\033[%u;%uH", line + 1, column + 1);
	else
		snprintf(move, MOVE, "\033[%uH", line + 1);
	if (pen->line != UNKNOWN && line - pen->line < 4) {
		make_move_from_begin(pen, line, column, other);
		choose_shorter(move, other);
	}
	if (pen->line != UNKNOWN && pen->column != UNKNOWN) {
		make_relative_move(pen, line, column, other);
		choose_shorter(move, other);
		if (pen->line == line && pen->column < column &&
		    make_rewrite(pen, column, other, strlen(move)))
			choose_shorter(move, other);
	}
	fputs(move, pen->out);
	pen->line = line;
	pen->column = column;
}

/* Changes the style of what is written next. */
static void
set_pen_style(struct pen *pen, struct style style)
{
	struct style have = pen->style;
	const char *separator = "";

	if (same_style(have, style))
		return;
	fputs("\033[", pen->out);
	if ((have.set & ~style.set) || (have.colour && !style.colour)) {
		have = (struct style){0};
		separator = ";"; /* after an empty parameter, which is 0 */
	}
	for (unsigned i = 0; i < 3; i++) {
		if (!((style.set & ~have.set) >> i & 1))
			continue;
		fprintf(pen->out, "%s%c", separator, "127"[i]);
		separator = ";";
	}
	if (style.colour != have.colour)
		fprintf(pen->out, "%s%u", separator, style.colour);
	fputc('m', pen->out);
	pen->style = style;
}

/*
 * Writes a cell.  At the end of a line, terminals differ in where that leaves
 * the pen.
 */
static void
print_cell(struct pen *pen, const struct cell *cell)
{
	if (!fits_style(pen, cell))
		set_pen_style(pen, cell->style);
	fwrite(cell->bytes, 1, strnlen(cell->bytes, sizeof(cell->bytes)),
	    pen->out);
	if (++pen->column == pen->frame->width)
		pen->column = UNKNOWN;
}

/* Erases the blanks from the column to the end of the line. */
static void
erase(struct pen *pen)
{
	if (pen->style.set & STYLE_REVERSE)
		set_pen_style(pen, (struct style){0});
	fputs("\033[K", pen->out);
}

/* Prints what changed in a line; all of it if old is NULL. */
static void
print_line(struct pen *pen, const struct frame *old, unsigned line)
{
	const struct frame *new = pen->frame;
	unsigned blanks = new->width, changed = new->width;

	while (blanks > 0 && is_blank(cell_at(new, line, blanks - 1)))
		blanks--;
	while (old && changed > 0 &&
	    same_cell(cell_at(old, line, changed - 1),
		cell_at(new, line, changed - 1)))
		changed--;
	for (unsigned i = 0; i < changed; i++) {
		const struct cell *cell = cell_at(new, line, i);

		if (old && same_cell(cell_at(old, line, i), cell))
			continue;
		move_pen(pen, line, i);
		if (i >= blanks && (!old || changed - i > 3)) {
			erase(pen);
			break;
		}
		print_cell(pen, cell);
	}
}

void
frame_print(FILE *out, const struct frame *old, const struct frame *new)
{
	struct pen pen = {
	    .out = out, .frame = new, .line = UNKNOWN, .column = UNKNOWN};

	if (!old->cells || old->width != new->width ||
	    old->height != new->height) {
		old = NULL;
		pen.line = pen.column = 0;
		fputs("\033[m\033[H", out);
	}
	for (unsigned line = 0; line < new->height; line++)
		print_line(&pen, old, line);
	set_pen_style(&pen, (struct style){0});
}
