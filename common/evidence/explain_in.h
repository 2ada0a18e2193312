/* explain_in.h -- what the files of explain.h share. */
#ifndef EVIDENCE_EXPLAIN_IN_H
#define EVIDENCE_EXPLAIN_IN_H

#include "evidence/explain.h"

struct explain {
	const struct snp_case *in;
	const struct snp_outcome *o;
	struct slice r;			/* the report */
	enum product product;		/* whose TCB layout it has */
	struct explained *to;
};

/* Append a sentence. */
void explain_say(const struct explain *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Say what to run, once; %s of the report is explain_report(). */
void explain_run(const struct explain *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* A file to name in a command: path, or where it would have to be quoted the
 * other; the report, and the policy. */
const char *explain_file(const char *path, const char *other);
const char *explain_report(const struct explain *);
const char *explain_policy(const struct explain *);
/* Run what gets certificates that fit, or the report anew. */
void explain_run_certs(const struct explain *);
void explain_run_report(const struct explain *);
/* Run what shows that field of the report. */
void explain_run_show(const struct explain *, const char *field);
bool explain_failed(const struct explain *, enum check);

/* Is it genuine: one function a check. */
void explain_signature(const struct explain *);
void explain_chain(const struct explain *);
void explain_signer(const struct explain *);
void explain_product(const struct explain *);
void explain_tcb(const struct explain *);
void explain_chip_id(const struct explain *);
void explain_trailer(const struct explain *);
void explain_crl(const struct explain *);

/* As wanted. */
void explain_debug(const struct explain *);
void explain_migration(const struct explain *);
void explain_vmpl(const struct explain *);
void explain_report_data(const struct explain *);
void explain_host_data(const struct explain *);
void explain_open_policy(const struct explain *);
void explain_measurement(const struct explain *);
void explain_endorsement(const struct explain *);
void explain_uvm_svn(const struct explain *);
void explain_min_tcb(const struct explain *);
void explain_launch_tcb(const struct explain *);
void explain_committed(const struct explain *);
void explain_firmware(const struct explain *);
void explain_abi(const struct explain *);
void explain_policy_bits(const struct explain *);
void explain_platform(const struct explain *);
void explain_id_block(const struct explain *);
void explain_id_keys(const struct explain *);
void explain_launch_mit(const struct explain *);
void explain_current_mit(const struct explain *);
void explain_report_id(const struct explain *);
void explain_report_id_ma(const struct explain *);

#endif
