/* explainwant.c -- see explain.h: a report that does not say what is wanted. */
#include "evidence/explain_in.h"

#include <inttypes.h>

#include "policy/hostdata.h"

enum {
	AUTHOR_KEY_EN = 1 << 0,
	ALIAS_CHECK = 1 << 5,
};

static int
length(struct slice s)
{
	return (int)s.n;
}

/* What the line of the check says. */
static struct slice
detail(const struct explain *x, enum check i)
{
	return slice_buf(&x->o->checks.v[i].detail);
}

/* A sentence of the line. */
static void
say_detail(const struct explain *x, const char *lead, enum check i)
{
	explain_say(x, "%s: %.*s.", lead, length(detail(x, i)),
	    (const char *)detail(x, i).p);
}

void
explain_debug(const struct explain *x)
{
	explain_say(x, "The guest was started with a policy (0x%" PRIx64
	    ") that lets the host read and change its memory: nothing in it "
	    "is confidential. That is a debug build, or a launch as samples "
	    "of QEMU have it; who starts the guest sets the policy, and only a "
	    "new start changes it. --allow-debug accepts it, for trying "
	    "things out.", snp_number(x->r, SNP_POLICY));
	explain_run_show(x, "^policy");
}

void
explain_migration(const struct explain *x)
{
	struct slice ma = snp_get(x->r, SNP_REPORT_ID_MA);
	size_t i;

	for (i = 0; i < ma.n && ma.p[i] == 0xff; i++)
		;
	explain_say(x, "The guest's policy (0x%" PRIx64 ") allows a migration "
	    "agent, which may copy its memory to wherever it likes. At the "
	    "time of the report it had %s. Who starts the guest sets the "
	    "policy; --allow-migration accepts it, and report_id_ma then says "
	    "whose word is relied on.", snp_number(x->r, SNP_POLICY),
	    i == ma.n ? "none (report_id_ma is all ones)" :
	    "one (see report_id_ma)");
	explain_run_show(x, "report_id_ma");
}

void
explain_vmpl(const struct explain *x)
{
	uint32_t is = (uint32_t)snp_number(x->r, SNP_VMPL);

	if (is == UINT32_MAX) {
		explain_say(x, "The host asked for this report, not the guest: "
		    "its report data is the host's word. Have the guest make "
		    "one.");
		explain_run_report(x);
	} else if (is > 3) {
		explain_say(x, "There is no privilege level %u: the report is "
		    "made up.", is);
	} else {
		explain_say(x, "The report is for privilege level %u, and "
		    "another was asked for (0 unless -l says which). A guest "
		    "under a paravisor or an SVSM runs above 0 and cannot ask "
		    "for less, and some programs ask for level 1 unless told; "
		    "what runs at lower levels than %u can read and change the "
		    "guest. If that is how the guest is run, -l %u accepts "
		    "it.", is, is, is);
	}
	explain_run_show(x, "vmpl");
}

void
explain_report_data(const struct explain *x)
{
	struct slice is = snp_report_data(x->r);
	struct err e;

	explain_say(x, "The report does not carry the data that it has to "
	    "carry, so that it does not answer this question or bind this "
	    "key.");
	if (x->in->want.hcl != NULL &&
	    hcl_binds(x->in->want.hcl, is, &e) < 0)
		explain_say(x, "The blob's runtime data is not that of the "
		    "report in it: the blob was put together from two.");
	else if (x->in->want.hcl != NULL)
		explain_say(x, "In a confidential VM's blob the paravisor made "
		    "the report, of the hash of the blob's own runtime data, "
		    "and what the guest chooses is the member user-data of "
		    "that: it is not the one given either, so that the blob "
		    "was made before, or by another guest.");
	else if (slice_zero(is))
		explain_say(x, "Its data is all zeros: it was made without "
		    "any, with neither -r nor -d.");
	else if (slice_zero(slice_from(is, 32)))
		explain_say(x, "It carries 32 bytes, as of another SHA-256: "
		    "the file was changed by a byte, such as a line end, or "
		    "the report is an older one, used again.");
	else
		explain_say(x, "All 64 bytes of it are in use, as of a SHA-512 "
		    "or a nonce, and SHA-256 of a file leaves zeros: another "
		    "program chose them, or it is another's report.");
	if (x->in->want.hcl != NULL)
		explain_run(x, "snp-report -s vtpm -r RUNTIME -o new.hcl && "
		    "snp-verify -r RUNTIME new.hcl");
	explain_run(x, "sha256sum RUNTIME; snp-verify --show %s | grep "
	    "report_data", explain_report(x));
}

void
explain_host_data(const struct explain *x)
{
	struct slice is = snp_host_data(x->r);

	if (x->in->context != NULL && x->in->want.policy_digest.n == 0) {
		explain_say(x, "The security context has no policy to compare "
		    "host_data with. -p names one; --allow-missing policy "
		    "does without, and what the guest may run is then not "
		    "known.");
		explain_run(x, "ls -l %s", explain_file(x->in->context,
		    "DIR"));
		return;
	}
	explain_say(x, "The host data is what the host gave at launch, of a "
	    "container group the SHA-256 of its policy; here it is of another "
	    "policy.");
	if (slice_zero(is))
		explain_say(x, "It is all zeros: the guest was started without "
		    "a policy, as confidential VMs are, or on a host that "
		    "gives none.");
	else if (hostdata_open(is) != NULL)
		explain_say(x, "It is the published policy %s, which allows "
		    "everything.", hostdata_open(is));
	else
		explain_say(x, "Most often the file is not byte for byte what "
		    "was deployed: its line ends, an encoding, a policy that "
		    "was generated again.");
	if (x->in->want.policy_digest.n > 0)
		explain_run(x, "policy-hash -c @%s %s", explain_report(x),
		    explain_policy(x));
	explain_run_show(x, "host_data");
}

void
explain_open_policy(const struct explain *x)
{
	explain_say(x, "The host data is the hash of a policy that was "
	    "published as a sample (%s) and lets the host run any container, "
	    "read its output and enter it. The hardware is genuine, but what "
	    "runs on it is whatever the host likes. Generate a policy for the "
	    "images that are meant; --allow-open-policy accepts this one, for "
	    "trying things out.", hostdata_open(snp_host_data(x->r)));
	explain_run(x, "policy-hash --lint %s", explain_policy(x));
}

void
explain_measurement(const struct explain *x)
{
	explain_say(x, "The guest was started from other contents than the "
	    "ones that are accepted: another firmware, kernel, initrd or "
	    "command line, another number or kind of virtual processors, or an "
	    "attacker's.");
	if (x->o->endorsed)
		explain_say(x, "Its endorsement holds and is of this "
		    "measurement, so it is one that its endorser released: the "
		    "utility VM was updated since the value was noted.");
	else if (x->in->endorsement.n == 0)
		explain_say(x, "Where the platform endorses what it starts, "
		    "check the endorsement with -u or -C instead of a value "
		    "that each update changes.");
	explain_run_show(x, "measurement");
}

void
explain_endorsement(const struct explain *x)
{
	if (x->in->endorsement.n == 0 && x->in->context != NULL) {
		explain_say(x, "The security context has no endorsement "
		    "(reference-info-base64), so that nobody says whose the "
		    "measured contents are. -u names one; --allow-missing "
		    "endorsement does without.");
		explain_run(x, "ls -l %s", explain_file(x->in->context,
		    "DIR"));
	} else if (x->in->endorsement.n == 0) {
		explain_say(x, "An endorser is asked for, and there is no "
		    "endorsement: -u or -C names it.");
	} else if (x->o->endorsement_sound) {
		explain_say(x, "The endorsement is genuine, but of another "
		    "measurement than the report's: it is from another release "
		    "of the utility VM, as when the two files were taken at "
		    "different times or on different machines, or the guest is "
		    "not what it should be. Take the two anew, in the "
		    "container group itself.");
	} else {
		say_detail(x, "The endorsement is not one to be trusted",
		    CHECK_ENDORSEMENT);
		explain_say(x, "It was signed by somebody else, for another "
		    "product, with certificates that were not valid then, or "
		    "it was changed. Trust another endorser than Microsoft "
		    "with --uvm-issuer and --uvm-feed only if you know "
		    "whose they are.");
	}
	explain_run(x, "snp-report -o new.bin && snp-verify -C "
	    "\"$UVM_SECURITY_CONTEXT_DIR\" new.bin");
}

void
explain_uvm_svn(const struct explain *x)
{
	say_detail(x, "The utility VM is older than what is accepted",
	    CHECK_UVM_SVN);
	if (x->o->early_svn)
		explain_say(x, "Below %d it is a build that was never for "
		    "production.", UVM_SVN_PRODUCTION);
	explain_say(x, "A container group gets the utility VM of the host it "
	    "is started on: start it again, elsewhere if need be.");
	explain_run_show(x, "guest_svn");
}

/* The floor is met by what runs, and not by what is reported. */
static bool
current_meets(const struct explain *x)
{
	struct slice tcb = snp_get(x->r, SNP_CURRENT_TCB);
	const struct tcb_floor *f = x->in->want.min_tcb;
	struct err e;

	if (f == NULL && x->in->rules != NULL &&
	    x->in->rules->said_tcb[x->product])
		f = &x->in->rules->tcb[x->product];
	return f != NULL && tcb_floor_check(f, x->product, tcb, &e) == 0;
}

void
explain_min_tcb(const struct explain *x)
{
	say_detail(x, "The processor's firmware or microcode is older than "
	    "what is accepted", CHECK_MIN_TCB);
	if (x->in->rules != NULL && !x->in->rules->said_tcb[x->product] &&
	    x->in->want.min_tcb == NULL)
		explain_say(x, "The rules have floors for other products "
		    "only.");
	else if (current_meets(x))
		explain_say(x, "What runs (current_tcb) is recent enough: the "
		    "host lets an older TCB be reported, as providers do while "
		    "a fleet is updated. Only the reported one is proved.");
	else
		explain_say(x, "What runs (current_tcb) does not meet it "
		    "either: the host has to be updated, or the guest moved.");
	explain_run_show(x, "_tcb");
}

void
explain_launch_tcb(const struct explain *x)
{
	say_detail(x, "The guest was started on older firmware than what is "
	    "accepted", CHECK_LAUNCH_TCB);
	if (!slice_eq(snp_get(x->r, SNP_LAUNCH_TCB),
	    snp_get(x->r, SNP_CURRENT_TCB)))
		explain_say(x, "The firmware was updated since, under the "
		    "guest: start the guest again.");
	else
		explain_say(x, "The same firmware still runs: the host has to "
		    "be updated first.");
	explain_run_show(x, "_tcb");
}

void
explain_committed(const struct explain *x)
{
	explain_say(x, "The firmware that runs is not the one that is "
	    "committed, so that the host can go back to the older one without "
	    "the guest seeing it. That is so during an update, and for good "
	    "on many machines of Azure and AWS, which commit late.");
	explain_run_show(x, "'current\\|committed'");
}

static void
say_mitigations(const struct explain *x, enum check i)
{
	say_detail(x, "The firmware does not vouch for all mitigations that "
	    "the rules want", i);
	if (!snp_has(x->r, SNP_CURRENT_MIT_VECTOR))
		explain_say(x, "Only firmware that makes reports of version 5 "
		    "has the vectors: the host has to be updated, or the rule "
		    "is for other machines.");
	explain_run_show(x, "mit_vector");
}

void
explain_launch_mit(const struct explain *x)
{
	uint64_t want = x->in->rules->launch_mit;

	say_mitigations(x, CHECK_LAUNCH_MIT);
	if (snp_has(x->r, SNP_LAUNCH_MIT_VECTOR) && (want &
	    ~snp_number(x->r, SNP_CURRENT_MIT_VECTOR)) == 0)
		explain_say(x, "Now it vouches for them: the host was updated "
		    "under the guest, which has to be started again.");
}

void
explain_current_mit(const struct explain *x)
{
	say_mitigations(x, CHECK_CURRENT_MIT);
	if (snp_has(x->r, SNP_CURRENT_MIT_VECTOR))
		explain_say(x, "The host has to be updated.");
}

void
explain_firmware(const struct explain *x)
{
	say_detail(x, "The version of the firmware is too low",
	    CHECK_FIRMWARE);
	explain_say(x, "It is the host's to update.");
	explain_run_show(x, "_version");
}

void
explain_abi(const struct explain *x)
{
	say_detail(x, "The guest's policy lets it run on firmware with an "
	    "older interface than what is accepted", CHECK_ABI);
	explain_say(x, "Who starts the guest sets that, in the lowest 16 bits "
	    "of the policy; it is not the version that runs.");
	explain_run_show(x, "^policy");
}

void
explain_policy_bits(const struct explain *x)
{
	say_detail(x, "The guest's policy is not as the rules want it",
	    CHECK_POLICY);
	explain_say(x, "Who starts the guest sets it, and only a new start "
	    "changes it. Container groups of Azure have 0x3001f, which allows "
	    "SMT.");
	explain_run_show(x, "^policy");
}

void
explain_platform(const struct explain *x)
{
	say_detail(x, "The platform does something that the rules do not "
	    "name", CHECK_PLATFORM);
	if ((snp_number(x->r, SNP_PLATFORM_INFO) & ALIAS_CHECK) != 0 &&
	    x->in->rules != NULL &&
	    (x->in->rules->platform & ALIAS_CHECK) == 0)
		explain_say(x, "Among it is alias_check_complete, which newer "
		    "firmware sets and which speaks for the platform: the "
		    "rules may be older than that.");
	explain_run_show(x, "platform_info");
}

/* Guest SVN, family and image id. */
void
explain_id_block(const struct explain *x)
{
	bool block = !slice_zero(snp_get(x->r, SNP_ID_KEY_DIGEST));

	explain_say(x, "Family id, image id and guest SVN are what the guest's "
	    "owner wrote into the ID block at launch, and they are others than "
	    "asked for. This report has %s ID block%s.", block ? "an" : "no",
	    block ? ", signed by the key in id_key_digest: another image, or "
	    "an older release of it" : ", so that all three are zero");
	explain_run_show(x, "'family_id\\|image_id\\|guest_svn'");
}

/* ID and author key. */
void
explain_id_keys(const struct explain *x)
{
	bool block = !slice_zero(snp_get(x->r, SNP_ID_KEY_DIGEST));
	bool author = (snp_number(x->r, SNP_KEY_INFO) & AUTHOR_KEY_EN) != 0;

	explain_say(x, "The key that signed the guest's ID block is none that "
	    "is trusted. This report has %s ID block and %s author key.%s",
	    block ? "an" : "no", author ? "an" : "no", block ? " Owners "
	    "change keys from one release to the next, as Azure's utility VM "
	    "does: trust the author key where there is one." : "");
	explain_run_show(x, "key_digest");
}

void
explain_report_id(const struct explain *x)
{
	explain_say(x, "The report is of another guest: the firmware makes a "
	    "new report id at each start, so that one that was noted is good "
	    "until the guest is started again.");
	explain_run_show(x, "report_id");
}

void
explain_report_id_ma(const struct explain *x)
{
	explain_say(x, "The guest's migration agent is none that is accepted. "
	    "The agent's own report has its report id, which is new at each "
	    "start of the agent; all ones stand for a guest that has none.");
	explain_run_show(x, "report_id");
}
