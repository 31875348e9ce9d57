/*
 * What snapshots of a network namespace mean: a table of checks, each of which
 * looks for one kind of trouble.  Reads nothing and prints nothing.
 */
#ifndef EXPLAIN_DIAGNOSE_H
#define EXPLAIN_DIAGNOSE_H

#include "explain/snapshot.h"

/*
 * A note is a fact, or in the past; a warning piles up or will fail; of what
 * is critical, something fails now.
 */
enum severity { SEVERITY_NONE, NOTE, WARNING, CRITICAL, NSEVERITIES };

/* "note", "warning" and "critical", by severity. */
extern const char *const severity_names[NSEVERITIES];

enum {
	EVIDENCE_MAX = 10,
	FINDING_PROCESSES = 4,
	FINDINGS_MAX = 5, /* of one check */
};

/*
 * The texts contain names of processes, which are untrusted: the caller
 * escapes them.  A text that a check leaves empty is "".
 */
struct finding {
	size_t check; /* its index in the table of checks */
	enum severity severity;
	uint64_t size;	     /* findings of a check are in this order */
	char subject[128];   /* the culprit: the same in the next diagnosis */
	char summary[320];   /* what is wrong: culprit, figure, limit */
	char why[320];	     /* why that matters */
	char remedy[400];    /* what helps */
	char no_remedy[320]; /* what does not, though it is often advised */
	char next[200];	     /* the next command to type */
	struct {
		const char *name; /* such as "time_wait" */
		uint64_t value;
	} evidence[EVIDENCE_MAX];
	size_t nevidence;
	struct owner process[FINDING_PROCESSES];
	size_t nprocesses;
};

enum check_status { CHECK_OK, CHECK_FOUND, CHECK_SKIPPED };

/* The result of a check.  If a value is not known, has_value is false. */
struct check_result {
	enum check_status status;
	char reason[128]; /* why it was skipped, at least in part; or "" */
	bool has_value, has_limit;
	uint64_t value; /* the worst that was seen, in the check's own unit */
	uint64_t limit;
	size_t omitted;		    /* findings after the first FINDINGS_MAX */
	size_t number[NSEVERITIES]; /* of findings, with those omitted */
};

/* All checks: the thirteen, and those that mostly make notes. */
enum { CHECKS = 13, CHECKS_MORE = 7, NCHECKS = CHECKS + CHECKS_MORE };

/* The id of a check, as "close-wait-leak". */
const char *check_id(size_t check);

/* What the value and limit of a check count, as "sockets of one process". */
const char *check_unit(size_t check);

struct diagnosis {
	struct check_result result[NCHECKS];
	struct finding *finding[NCHECKS * FINDINGS_MAX]; /* worst first */
	size_t n;
	size_t number[NSEVERITIES]; /* of findings, with those omitted */
	uint64_t sockets;	    /* in the last snapshot */
	const char *source;
	/* Nanoseconds between the snapshots; 0: only one, or not known. */
	int64_t interval;

	/*
	 * Some finding needs details, such as processes, which the snapshot
	 * does not have: read those of now, and diagnose again.
	 */
	bool needs_details;
	bool no_memory; /* the diagnosis is of no use */
};

/*
 * Diagnoses the latest snapshot.  before is an earlier one, or NULL: then
 * checks that need two are skipped, or make notes.  The caller frees the
 * diagnosis with diagnosis_free().
 */
void diagnose(struct diagnosis *diagnosis, const struct snapshot *before,
    const struct snapshot *now);
void diagnosis_free(struct diagnosis *diagnosis);

/* The worst severity of its findings. */
enum severity diagnosis_severity(const struct diagnosis *diagnosis);

#endif
