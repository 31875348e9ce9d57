/*
 * Texts with the values of this machine in them.
 */
#ifndef EXPLAIN_EXPAND_H
#define EXPLAIN_EXPAND_H

#include "read/limits.h"

/*
 * Writes a text, with its placeholders replaced:
 *
 *	{tcp_fin_timeout}	"tcp_fin_timeout (60)"
 *	{tcp_tw_reuse=}		"tcp_tw_reuse 0: never", or without
 *				a meaning "tcp_retries2 15"
 *	{orphan_time}		"102.2 s"; see the table of times
 *
 * A setting that is not known is called unknown; then a time that follows from
 * it is the kernel's default: "102.2 s by default".  Longer text is cut.
 */
enum { EXPANDED_TEXT = 1024 };
void expand(
    const char *words, const struct limits *limits, char text[EXPANDED_TEXT]);

#endif
