/* claimtable.c -- see claimtable.h. */
#include "token/claimtable.h"

#include "ground/lay.h"
#include "ground/text.h"
#include "token/provider.h"

#define SNP "x-ms-sevsnpvm-"
#define VM "x-ms-azurevm-"

/* In the order of printing; a row without a claim begins a group. */
static const struct row {
	const char *claim, *means;
} rows[] = {
	{NULL, "token"},
	{"iss", "Who made and signed this token."},
	{"iat", "When it was made."},
	{"nbf", "It may be used from then on."},
	{"exp", "It may be used until then."},
	{"jti", "A number that no other token of this issuer has."},
	{"nonce", "What the requester sent along, by which a new token is told "
	    "from an old one."},
	{"x-ms-ver", "The version of this set of claims."},
	{"x-ms-policy-hash", "The attestation provider's own policy, which can "
	    "refuse guests and add claims; this is its hash."},
	{"x-ms-policy-signer", "The key that signed the provider's policy."},
	{"x-ms-policy", "Claims that the provider's policy added."},
	{NULL, "platform"},
	{"x-ms-attestation-type", "What was attested: sevsnpvm is a guest of "
	    "AMD SEV-SNP, azurevm a virtual machine around one."},
	{"x-ms-compliance-status", "The guest was measured as software that "
	    "Azure stands for."},
	{SNP "is-debuggable", "If true, the host may read and change the "
	    "guest's memory."},
	{SNP "migration-allowed", "If true, a migration agent may move the "
	    "guest to another machine."},
	{SNP "smt-allowed", "If true, the guest may share a core with another "
	    "thread."},
	{SNP "vmpl", "The privilege level that asked for the report; 0 is the "
	    "highest."},
	{SNP "chipid", "The processor, by the number that is its own."},
	{SNP "chip-family", "The processor's family, such as Milan or Genoa."},
	{SNP "singlesocket", "If true, the guest may run only on a machine of "
	    "one socket."},
	{SNP "cxl-allowed", "If true, the guest may run where devices or "
	    "memory are attached by CXL."},
	{SNP "mem-aes256-xts-required", "If true, the guest runs only where "
	    "memory is encrypted with AES-256 in XTS mode."},
	{SNP "rapl-disabled", "If true, the guest runs only where the meters "
	    "of power that leak what is computed (RAPL) are off."},
	{SNP "ciphertext-hiding-dram-enabled", "If true, the host cannot read "
	    "even the ciphertext of the guest's memory."},
	{SNP "page-swap-disabled", "If true, the guest runs only where the "
	    "host cannot move or swap its pages."},
	{SNP "reportid", "The running guest, until it is started again."},
	{NULL, "firmware TCB"},
	{SNP "bootloader-svn", "The security version of the security "
	    "processor's boot loader."},
	{SNP "tee-svn", "The security version of the security processor's "
	    "operating system."},
	{SNP "snpfw-svn", "The security version of the SNP firmware."},
	{SNP "microcode-svn", "The security version of the cores' microcode."},
	{NULL, "guest"},
	{SNP "launchmeasurement", "The digest of what was in the guest's "
	    "memory at launch."},
	{SNP "guestsvn", "The guest's security version, as its identity block "
	    "has it."},
	{SNP "familyId", "The guest's family, as its identity block has it."},
	{SNP "imageId", "The guest's image, as its identity block has it."},
	{SNP "idkeydigest", "The digest of the key that signed the identity "
	    "block."},
	{SNP "authorkeydigest", "The digest of the key that signed that key; "
	    "zeros if none did."},
	{VM "vmid", "The virtual machine."},
	{VM "ostype", "The kind of operating system."},
	{VM "osdistro", "Its distribution."},
	{VM "osversion-major", "Its version, the first number."},
	{VM "osversion-minor", "Its version, the second number."},
	{VM "osbuild", "Its build."},
	{VM "is-windows", "Whether it is Windows."},
	{"secureboot", "If true, only signed boot loaders and kernels were "
	    "started."},
	{VM "default-securebootkeysvalidated", "If true, the keys of secure "
	    "boot are the usual ones."},
	{VM "dbvalidated", "If true, the list of those who may sign is the "
	    "usual one."},
	{VM "dbxvalidated", "If true, the list of what was revoked is the "
	    "usual one."},
	{VM "signingdisabled", "If true, what is not signed was not "
	    "started."},
	{VM "testsigning-enabled", "If true, test signatures were taken for "
	    "good."},
	{VM "flightsigning-enabled", "If true, signatures of preview builds "
	    "were taken for good."},
	{VM "debuggersdisabled", "If true, no debugger was allowed at boot."},
	{VM "bootdebug-enabled", "If true, the boot loader could be debugged."},
	{VM "kerneldebug-enabled", "If true, the kernel could be debugged."},
	{VM "hypervisordebug-enabled", "If true, the guest's own hypervisor "
	    "could be debugged."},
	{VM "elam-enabled", "If true, an anti-malware driver was started "
	    "first."},
	{VM "hvci-policy", "How the kernel's code is kept from change; 0 is "
	    "not at all."},
	{VM "attested-pcrs", "The registers of the virtual TPM that were "
	    "looked at."},
	{VM "attestation-protocol-ver", "The version of the protocol between "
	    "virtual machine and provider."},
	{NULL, "policy"},
	{SNP "hostdata", "The SHA-256 of the policy that says which "
	    "containers may run; policy-hash computes it."},
	{NULL, "endorsement"},
	{SNP "uvm-endorsement", "The launch measurement and the security "
	    "version that Microsoft signed for."},
	{SNP "uvm-endorsement-headers", "Who signed that, and for which feed."},
	{NULL, "runtime"},
	{SNP "reportdata", "The SHA-256 of the runtime data, followed by "
	    "zeros."},
	{"x-ms-runtime", "The runtime data, which the guest made: keys, for "
	    "the most part."},
	{"x-ms-inittime", "The data that was fixed when the guest was "
	    "started."},
};
enum { ROWS = sizeof rows / sizeof *rows };

struct page {
	struct buf *out;
	unsigned width;
};

/* A paragraph, each line indented by four. */
static void
wrap(struct page *p, struct slice text)
{
	buf_adds(p->out, "    ");
	lay_wrap(text, 4, 4, p->width, p->out);
	buf_addc(p->out, '\n');
}

static bool
is_time(struct slice name)
{
	return slice_is(name, "iat") || slice_is(name, "nbf") ||
	    slice_is(name, "exp");
}

/* What a value means to a person: the date of a time, whose a policy is;
 * nothing else. */
static void
explain(struct json_val claims, struct slice name, struct json_val v,
    struct buf *note)
{
	const char *whose;
	double at;

	if (is_time(name) && json_number(v, &at) && at >= 0 &&
	    at < (double)TEXT_TIME_END)
		text_time((int64_t)at, note);
	if (slice_is(name, "x-ms-policy-hash") &&
	    (whose = provider_whose(claims)) != NULL)
		buf_adds(note, whose);
}

/* Where the walk is. */
struct walk {
	struct json_val claims;
	const char *group;
	bool first;		/* of the group */
	claimtable_row *row;
	void *arg;
};

static void
visit(struct walk *w, const char *path, struct slice name, struct json_val v,
    const char *means)
{
	struct buf note = {0};
	struct claimrow r = {w->group, w->first, path, name, v, {0}, means};

	explain(w->claims, name, v, &note);
	r.note = slice_buf(&note);
	w->row(&r, w->arg);
	w->first = false;
	buf_free(&note);
}

static bool
known(struct json_val name)
{
	size_t i;

	for (i = 0; i < ROWS; i++)
		if (rows[i].claim != NULL && json_text_is(name, rows[i].claim))
			return true;
	return json_text_is(name, "x-ms-isolation-tee");
}

static void
known_rows(struct walk *w, struct json_val vm)
{
	struct json_val v;
	size_t i;

	for (i = 0; i < ROWS; i++) {
		if (rows[i].claim == NULL) {
			w->group = rows[i].means;
			w->first = true;
			continue;
		}
		v = json_get(w->claims, rows[i].claim);
		if (json_has(v))
			visit(w, "", slice_str(rows[i].claim), v,
			    rows[i].means);
		v = json_get(vm, rows[i].claim);
		if (json_has(v))
			visit(w, "x-ms-isolation-tee.",
			    slice_str(rows[i].claim), v, rows[i].means);
	}
}

static void
other_rows(struct walk *w, const char *path, struct json_val object)
{
	struct buf name = {0};
	struct json_val v;
	struct err e;

	for (v = json_first(object); json_has(v); v = json_next(v)) {
		if (known(json_name(v)))
			continue;
		buf_cut(&name, 0);
		if (json_text(json_name(v), "name", &name, &e) < 0)
			continue;
		visit(w, path, slice_buf(&name), v, NULL);
	}
	buf_free(&name);
}

void
claimtable_each(struct json_val claims, claimtable_row *row, void *arg)
{
	struct json_val vm = json_get(claims, "x-ms-isolation-tee");
	struct walk w = {.claims = claims, .row = row, .arg = arg};

	known_rows(&w, vm);
	w.group = "other";
	w.first = true;
	other_rows(&w, "", claims);
	/* a scalar where the VM's claims belong is still a claim */
	if (json_is(vm, JSON_OBJECT))
		other_rows(&w, "x-ms-isolation-tee.", vm);
	else if (json_has(vm))
		visit(&w, "", slice_str("x-ms-isolation-tee"), vm, NULL);
}

void
claimtable_names(struct buf *out)
{
	const char *lead = "";
	size_t i;

	for (i = 0; i < ROWS; i++)
		if (rows[i].claim != NULL) {
			buf_addf(out, "%s%s", lead, rows[i].claim);
			lead = " ";
		}
}

static void
print(const struct claimrow *r, void *arg)
{
	struct page *p = arg;
	struct buf text = {0}, own = {0};

	if (r->first)
		buf_addf(p->out, "%s%s\n", p->out->n > 0 ? "\n" : "",
		    r->group);
	buf_addf(p->out, "  %s", r->path);
	text_escape(r->name, p->out);
	buf_addc(p->out, '\n');
	json_compact(r->value, &own);
	text_escape(slice_buf(&own), &text);
	if (r->note.n > 0)
		buf_addf(&text, " (%.*s)", (int)r->note.n,
		    (const char *)r->note.p);
	wrap(p, slice_buf(&text));
	if (r->means != NULL)
		wrap(p, slice_str(r->means));
	buf_free(&own);
	buf_free(&text);
}

void
claimtable_print(struct json_val claims, unsigned width, struct buf *out)
{
	struct page p = {out, width};

	if (p.width < CLAIMTABLE_WIDTH_MIN)
		p.width = CLAIMTABLE_WIDTH_MIN;
	claimtable_each(claims, print, &p);
}
