/*
 * The table of words about the states.
 */
#include "explain/states.h"

const char *const part_names[NPARTS] = {
    [PART_MEANING] = "Meaning",
    [PART_BEGINS] = "Begins",
    [PART_ENDS] = "Ends",
    [PART_LIMITS] = "Limits",
    [PART_MANY] = "Many",
    [PART_BETTER] = "Better",
    [PART_WORSE] = "Worse",
    [PART_NEXT] = "Next",
};

/* Of states in which a socket may wait for an ACK without a process. */
#define ORPHAN_LIMITS \
	"those without a process are orphans: {tcp_max_orphans=}, a limit " \
	"of the whole machine"
#define ORPHAN_BETTER \
	"if memory runs short: tcp_orphan_retries=3, or a higher " \
	"tcp_max_orphans (64 KiB each at most)"
#define ORPHAN_WORSE \
	"tcp_fin_timeout (for FIN_WAIT2 only), a lower tcp_max_orphans " \
	"(resets connections)"

/* The manual repeats these; tests/explain.t compares them. */
const char *const state_words[NSTATES][NPARTS] = {
    [TCP_LISTEN] =
	{
	    [PART_SUMMARY] = "waits for connections",
	    [PART_MEANING] = "a server's socket; each connection that arrives "
			     "gets a socket of its own",
	    [PART_BEGINS] = "listen()",
	    [PART_ENDS] = "by close(); never by time",
	    [PART_LIMITS] =
		"the backlog of listen(), at most {somaxconn=}; it limits the "
		"accept queue and, separately, half-open connections",
	    [PART_MANY] =
		"many services, or SO_REUSEPORT: harmless; what matters is "
		"how many connections wait to be accepted",
	    [PART_BETTER] =
		"have the program accept faster; for bursts, raise backlog "
		"and somaxconn, and restart the program",
	    [PART_WORSE] = "tcp_abort_on_overflow (SYNs to a full queue are "
			   "dropped all the same), tcp_max_syn_backlog (not "
			   "the limit of the accept queue)",
	    [PART_NEXT] = "tcpstate -lp; tcpstate -d",
	},
    [TCP_SYN_SENT] =
	{
	    [PART_SUMMARY] = "has requested a connection; no answer yet",
	    [PART_MEANING] = "this end opens the connection; the peer has not "
			     "answered its SYN",
	    [PART_BEGINS] = "connect(): SYN sent",
	    [PART_ENDS] =
		"by the answer (ESTABLISHED), by RST (refused), or after "
		"about {syn_sent_time} without an answer ({tcp_syn_retries=}, "
		"{tcp_syn_linear_timeouts=}); sooner if the program gives up",
	    [PART_MANY] =
		"the peer is down, a firewall drops packets, or the peer's "
		"accept queue is full; harmless if they come and go; a closed "
		"port refuses at once, so it never shows",
	    [PART_BETTER] = "check the destination from this machine; give "
			    "the program a timeout for connect()",
	    [PART_WORSE] = "a low tcp_syn_retries (affects all programs, and "
			   "fails on lossy paths)",
	    [PART_NEXT] =
		"tcpstate -d; tcpstate --state=syn-sent -b dst --top=10",
	},
    [TCP_SYN_RECV] =
	{
	    [PART_SUMMARY] =
		"half-open: has answered a request for a connection",
	    [PART_MEANING] = "the peer opens the connection; its ACK, the "
			     "last step, has not come",
	    [PART_BEGINS] = "SYN received by a listener, SYN+ACK sent; no "
			    "process has it yet",
	    [PART_ENDS] = "by the ACK (ESTABLISHED), by RST, or after about "
			  "{syn_recv_time} ({tcp_synack_retries=}); sooner if "
			  "the queue is more than half full",
	    [PART_LIMITS] = "the backlog of listen(), at most {somaxconn=}; "
			    "at the limit, {tcp_syncookies=}",
	    [PART_MANY] =
		"a SYN flood, or clients that the SYN+ACKs do not reach; "
		"harmless with TCP_DEFER_ACCEPT, which waits for data",
	    [PART_BETTER] = "tcp_syncookies=1; raise backlog and somaxconn, "
			    "and restart the program; filter upstream",
	    [PART_WORSE] =
		"tcp_max_syn_backlog alone (no effect with cookies), "
		"tcp_syncookies=2 (sends cookies even without a flood)",
	    [PART_NEXT] = "tcpstate -d; tcpstate --state=syn-recv -b "
			  "lport,rnet --top=10",
	},
    [TCP_ESTABLISHED] =
	{
	    [PART_SUMMARY] = "open: both ends may send",
	    [PART_MEANING] =
		"open, by either end; without a process: not accepted yet",
	    [PART_BEGINS] = "the handshake is done: SYN, SYN+ACK, ACK",
	    [PART_ENDS] =
		"by close() here (FIN_WAIT1), by FIN of the peer "
		"(CLOSE_WAIT), or by RST; idle: never; if the peer is gone: "
		"with data to send after at least {retransmit_time} "
		"({tcp_retries2=}), with SO_KEEPALIVE after {keepalive_time} "
		"({tcp_keepalive_time=}, {tcp_keepalive_intvl=}, "
		"{tcp_keepalive_probes=}); TCP_USER_TIMEOUT, if set, replaces "
		"both",
	    [PART_LIMITS] = "descriptors of the program (ulimit -n); to one "
			    "destination, local ports: {ip_local_port_range=}",
	    [PART_MANY] = "load, pools, or connections that nobody closes; "
			  "harmless if they are in use; an idle one without a "
			  "timer never notices that its peer is gone",
	    [PART_BETTER] = "TCP_USER_TIMEOUT, or SO_KEEPALIVE with "
			    "TCP_KEEPIDLE, for each socket",
	    [PART_WORSE] =
		"tcp_keepalive_time (no effect without "
		"SO_KEEPALIVE, or on a timer already running), "
		"tcp_retries2 below 8 (breaks connections that would recover)",
	    [PART_NEXT] = "tcpstate --state=established -b timer; tcpstate "
			  "--state=established -b dst --top=10",
	},
    [TCP_FIN_WAIT1] =
	{
	    [PART_SUMMARY] = "closed here; the peer has not acknowledged",
	    [PART_MEANING] = "this end closed first; its FIN, or data before "
			     "it, is not acknowledged",
	    [PART_BEGINS] = "close() or shutdown() in ESTABLISHED: FIN sent, "
			    "after the data",
	    [PART_ENDS] =
		"by the ACK (FIN_WAIT2), by FIN of the peer (CLOSING), or by "
		"RST; without a process, if the peer is gone, after at least "
		"{orphan_time} ({tcp_orphan_retries=}); if the peer is alive "
		"but does not read, after about 335 s by default",
	    [PART_LIMITS] = ORPHAN_LIMITS,
	    [PART_MANY] = "peers that went away, or that do not read what was "
			  "sent; a few are harmless",
	    [PART_BETTER] = ORPHAN_BETTER,
	    [PART_WORSE] = ORPHAN_WORSE,
	    [PART_NEXT] = "tcpstate -d; tcpstate --state=fin-wait-1 -b "
			  "timer,dst --top=10",
	},
    [TCP_FIN_WAIT2] =
	{
	    [PART_SUMMARY] =
		"closed here and acknowledged; the peer has not closed",
	    [PART_MEANING] = "this end closed first; the peer acknowledged "
			     "that, and has not closed",
	    [PART_BEGINS] = "ACK received in FIN_WAIT1",
	    [PART_ENDS] = "by FIN of the peer (TIME_WAIT), or by RST; without "
			  "a process after {tcp_fin_timeout} seconds; with "
			  "one, after shutdown() without close(), never",
	    [PART_LIMITS] = "those without a process count as TIME_WAIT: "
			    "{tcp_max_tw_buckets=}",
	    [PART_MANY] =
		"peers that do not close; without a process: harmless; with "
		"one: the program forgets close(), unless it still wants to "
		"read",
	    [PART_BETTER] = "fix the program; for those without a process, a "
			    "lower tcp_fin_timeout (affects only this state)",
	    [PART_WORSE] = "tcp_fin_timeout to shorten TIME_WAIT (no effect)",
	    [PART_NEXT] = "tcpstate -d; tcpstate --state=fin-wait-2 -b "
			  "process,dst --top=10",
	},
    [TCP_CLOSING] =
	{
	    [PART_SUMMARY] =
		"closed by both ends at once; the last ACK has not come",
	    [PART_MEANING] = "both ends closed at once; the peer has not "
			     "acknowledged this end's FIN",
	    [PART_BEGINS] = "FIN received in FIN_WAIT1, ACK sent",
	    [PART_ENDS] = "by the ACK (TIME_WAIT), or by RST; without a "
			  "process, if the peer is gone, after at least "
			  "{orphan_time} ({tcp_orphan_retries=})",
	    [PART_LIMITS] = ORPHAN_LIMITS,
	    [PART_MANY] = "rare; peers that went away, or that do not read "
			  "what was sent; a few are harmless",
	    [PART_BETTER] = ORPHAN_BETTER,
	    [PART_WORSE] = ORPHAN_WORSE,
	    [PART_NEXT] =
		"tcpstate -d; tcpstate --state=closing -b timer,dst --top=10",
	},
    [TCP_TIME_WAIT] =
	{
	    [PART_SUMMARY] =
		"closed by both ends; waits 60 s for stray packets",
	    [PART_MEANING] = "this end closed first, or both closed at once; "
			     "waits for stray packets",
	    [PART_BEGINS] =
		"FIN received in FIN_WAIT2, or ACK received in CLOSING",
	    [PART_ENDS] = "after 60 s, compiled into Linux; {tcp_fin_timeout} "
			  "does not change it",
	    [PART_LIMITS] = "{tcp_max_tw_buckets=}; {tcp_tw_reuse=}",
	    [PART_MANY] = "of a service (in): harmless, 256 bytes each; to "
			  "one destination (out): ports may run out",
	    [PART_BETTER] = "keep connections open; let the peer close first",
	    [PART_WORSE] = "SO_LINGER 0 (loses data), a lower "
			   "tcp_max_tw_buckets (removes the protection)",
	    [PART_NEXT] =
		"tcpstate -d; tcpstate --state=time-wait -b dst --top=10",
	},
    [TCP_CLOSE_WAIT] =
	{
	    [PART_SUMMARY] =
		"closed by the peer; the local program has not closed",
	    [PART_MEANING] = "the peer closed first; the local program has "
			     "not closed yet",
	    [PART_BEGINS] =
		"FIN received in ESTABLISHED, ACK sent by the kernel",
	    [PART_ENDS] = "by close() (LAST_ACK), by the end of the program, "
			  "or by RST; no timer of its own, and no sysctl",
	    [PART_LIMITS] = "descriptors of the program (ulimit -n)",
	    [PART_MANY] =
		"a bug: the program forgets to close, or hangs; harmless if "
		"they come and go; without a process: not accepted yet",
	    [PART_BETTER] = "fix the program: close() after read() returned "
			    "0, on error paths too; until then, restart it",
	    [PART_WORSE] = "any sysctl; SO_KEEPALIVE (if it ends the state at "
			   "all, the descriptor stays open)",
	    [PART_NEXT] =
		"tcpstate -d; tcpstate --state=close-wait -b process,raddr",
	},
    [TCP_LAST_ACK] =
	{
	    [PART_SUMMARY] =
		"closed by the peer, then here; waits for the last ACK",
	    [PART_MEANING] = "the peer closed first, then this end; its FIN "
			     "is not acknowledged",
	    [PART_BEGINS] = "close() in CLOSE_WAIT: FIN sent, after the data",
	    [PART_ENDS] = "by the ACK, or by RST; if the peer is gone, after "
			  "at least {orphan_time} ({tcp_orphan_retries=})",
	    [PART_LIMITS] = ORPHAN_LIMITS,
	    [PART_MANY] =
		"peers that closed and went away; a few are harmless",
	    [PART_BETTER] = ORPHAN_BETTER,
	    [PART_WORSE] = ORPHAN_WORSE,
	    [PART_NEXT] =
		"tcpstate -d; tcpstate --state=last-ack -b dst --top=10",
	},
    [TCP_CLOSE] =
	{
	    [PART_SUMMARY] = "not connected",
	    [PART_MEANING] = "a socket without a connection",
	    [PART_BEGINS] = "socket(), or the end of a connection",
	    [PART_ENDS] =
		"by connect() (SYN_SENT), by listen() (LISTEN), or by close()",
	    [PART_MANY] = "harmless: /proc has none, and sock_diag may show "
			  "one in passing",
	    [PART_NEXT] = "tcpstate --explain",
	},
    [STATE_UNKNOWN] = {[PART_SUMMARY] =
			   "states that this program does not know"},
};
