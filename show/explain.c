/*
 * Prints explanations: the overview with the diagram, and the paragraphs about
 * one state.
 */
#include "show/explain.h"

#include "explain/expand.h"
#include "explain/outgoing.h"
#include "explain/states.h"
#include "lib/print.h"
#include "lib/wrap.h"

#include <string.h>

enum { LABEL = 11, WIDTH = 80 }; /* columns */

/* clang-format off */
static const char diagram[] =
    "                              +-------------+\n"
    "                              |    CLOSE    |\n"
    "                              +-------------+\n"
    "        passive open: listen()  |         |  active open: connect(),\n"
    "                    +-----------+         +-----------+  SYN sent\n"
    "                    v                                 v\n"
    "             +-------------+                   +-------------+\n"
    "             |   LISTEN    |                   |  SYN_SENT   |\n"
    "             +-------------+                   +-------------+\n"
    "     SYN received,  |                                 |  SYN+ACK received,\n"
    "     SYN+ACK sent   v                                 |  ACK sent\n"
    "             +-------------+                          |\n"
    "             |  SYN_RECV   |                          |\n"
    "             +-------------+                          |\n"
    "      ACK received  |         +-------------+         |\n"
    "                    +-------->| ESTABLISHED |<--------+\n"
    "                              +-------------+\n"
    "         active close: close(), |         |  passive close: FIN received,\n"
    "          FIN sent  +-----------+         +-----------+  ACK sent\n"
    "                    v                                 v\n"
    "             +-------------+                   +-------------+\n"
    "             |  FIN_WAIT1  |                   | CLOSE_WAIT  |\n"
    "             +-------------+                   +-------------+\n"
    "FIN received,  |         |  ACK received              |  close(),\n"
    "ACK sent       v         v                            v  FIN sent\n"
    "     +-----------+     +-----------+           +-------------+\n"
    "     |  CLOSING  |     | FIN_WAIT2 |           |  LAST_ACK   |\n"
    "     +-----------+     +-----------+           +-------------+\n"
    " ACK received  |         |  FIN received,             |  ACK received\n"
    "               v         v  ACK sent                  v\n"
    "             +-------------+       60 s        +-------------+\n"
    "             |  TIME_WAIT  |------------------>|    CLOSE    |\n"
    "             +-------------+                   +-------------+\n"
    "\n"
    "A listener stays in LISTEN; each connection has a socket of its own.  RST ends\n"
    "all states except LISTEN and CLOSE.  Simultaneous open (SYN_SENT to SYN_RECV)\n"
    "is not shown.  More about a state: tcpstate --explain STATE\n";
/* clang-format on */

void
explain_states(FILE *out, const struct snapshot *s)
{
	char text[NSTATES][32] = {0};
	size_t width = 1;

	for (unsigned slot = 0; slot < NSTATES; slot++) {
		const char *end = s
		    ? append_grouped(text[slot], s->count[slot])
		    : stpcpy(text[slot], "-");
		size_t len = (size_t)(end - text[slot]);

		width = len > width ? len : width;
	}
	for (unsigned i = 0; i < NSTATES; i++) {
		unsigned slot = state_order[i];

		if (slot == STATE_UNKNOWN && (!s || s->count[slot] == 0))
			continue;
		print_left(out, LABEL + 2, state_names[slot].netstat);
		print_right(out, width, text[slot]);
		print_text(out, "  ");
		print_text(out, state_words[slot][PART_SUMMARY]);
		print_char(out, '\n');
	}
	print_char(out, '\n');
	print_text(out, diagram);
}

/*
 * Prints a label and text, which is wrapped at blanks, commands only between
 * them.
 */
static void
print_paragraph(FILE *out, const char *label, const char *text, bool commands)
{
	size_t column = strlen(label);

	print_text(out, label);
	do {
		size_t begin = column < LABEL ? LABEL : column + 1, len;

		len = (commands ? wrap_commands : wrap_words)(
		    text, WIDTH - begin);
		print_blanks(out, begin - column);
		fwrite(text, 1, len, out);
		print_char(out, '\n');
		text = wrap_next(text + len);
		column = 0;
	} while (*text != '\0');
}

/* Prints the name of a state, and how many sockets are in it, in and out. */
static void
print_counts(FILE *out, const struct snapshot *s, unsigned slot,
    const struct outgoing *outgoing)
{
	uint64_t ports = snapshot_usable_ports(s);
	char line[256], *p = append_grouped(line, s->count[slot]);

	p = stpcpy(p, " now");
	/* Neither direction: it has no peer. */
	if (slot != TCP_LISTEN && slot != TCP_CLOSE && s->count[slot] > 0) {
		p = append_grouped(
		    stpcpy(p, ": "), s->count[slot] - outgoing->n);
		p = append_grouped(stpcpy(p, " in, "), outgoing->n);
		p = stpcpy(p, " out");
	}
	if (outgoing->most > 0) {
		p = stpcpy(p, " (most to ");
		conn_end_text(&outgoing->path.raddr, outgoing->path.rport, p);
		p = append_grouped(
		    stpcpy(p + strlen(p), ", "), outgoing->most);
		if (ports > 0)
			p = append_grouped(stpcpy(p, " of "), ports);
		else
			ports = outgoing->most;
		strcpy(p, ports == 1 ? " port)" : " ports)");
	}
	print_paragraph(out, state_names[slot].netstat, line, false);
}

bool
explain_state(FILE *out, const struct snapshot *s, unsigned slot)
{
	static const struct limits none;
	struct outgoing outgoing;
	char text[EXPANDED_TEXT];

	if (s && !count_outgoing(&outgoing, s, slot))
		return false;
	if (s)
		print_counts(out, s, slot, &outgoing);
	else
		print_paragraph(
		    out, state_names[slot].netstat, "unknown now", false);
	for (unsigned i = PART_MEANING; i < NPARTS; i++)
		if (state_words[slot][i]) {
			expand(state_words[slot][i], s ? &s->limits : &none,
			    text);
			print_paragraph(
			    out, part_names[i], text, i == PART_NEXT);
		}
	return true;
}
