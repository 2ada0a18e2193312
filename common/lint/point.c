/* point.c -- the enforcement points of a policy, and what an old
 * api_version leaves open: hcsshim, pkg/securitypolicy/api.rego, API 0.12.0.
 */
#include "lint/lint_in.h"

#include <stdio.h>

/* What the platform does at a point that is not bound because the policy's
 * api_version is older than the point; at a newer one it refuses. */
enum unbound { ALLOWED, ALLOWED_WINDOWS, REFUSED, BY_FRAMEWORK, UNKNOWN };

static const struct point {
	const char *name;
	uint64_t since;
	enum unbound unbound;
	const char *allows;	/* the host ... */
	enum { ANYWHERE, WINDOWS, TO_START } where;	/* see is_needed() */
} points[] = {
	{"mount_device", VERSION(0, 1, 0), REFUSED,
	    "may mount any layer", TO_START},
	{"mount_overlay", VERSION(0, 1, 0), REFUSED,
	    "may put any layers together", TO_START},
	{"create_container", VERSION(0, 1, 0), REFUSED,
	    "may start any container", TO_START},
	{"unmount_device", VERSION(0, 2, 0), ALLOWED,
	    "may unmount layers at any time", ANYWHERE},
	{"exec_in_container", VERSION(0, 2, 0), ALLOWED,
	    "may start any process in a container", ANYWHERE},
	{"exec_external", VERSION(0, 3, 0), ALLOWED,
	    "may start any process in the virtual machine", ANYWHERE},
	{"shutdown_container", VERSION(0, 4, 0), ALLOWED,
	    "may stop any container", ANYWHERE},
	{"signal_container_process", VERSION(0, 5, 0), ALLOWED,
	    "may send any signal to any process", ANYWHERE},
	{"unmount_overlay", VERSION(0, 6, 0), ALLOWED,
	    "may unmount overlays at any time", ANYWHERE},
	{"plan9_mount", VERSION(0, 6, 0), ALLOWED,
	    "may mount its own files anywhere", ANYWHERE},
	{"plan9_unmount", VERSION(0, 6, 0), ALLOWED,
	    "may unmount its files at any time", ANYWHERE},
	{"get_properties", VERSION(0, 7, 0), ALLOWED,
	    "reads statistics and process lists", ANYWHERE},
	{"dump_stacks", VERSION(0, 7, 0), ALLOWED,
	    "reads the stacks of the virtual machine's processes", ANYWHERE},
	{"runtime_logging", VERSION(0, 8, 0), ALLOWED,
	    "reads the virtual machine's logs", ANYWHERE},
	{"load_fragment", VERSION(0, 9, 0), REFUSED,
	    "may load any signed fragment", ANYWHERE},
	{"scratch_mount", VERSION(0, 10, 0), ALLOWED,
	    "may give a scratch disk that is not encrypted", TO_START},
	{"scratch_unmount", VERSION(0, 10, 0), ALLOWED,
	    "may unmount scratch disks at any time", ANYWHERE},
	{"registry_changes", VERSION(0, 10, 0), REFUSED,
	    "may change the registry", WINDOWS},
	{"log_provider", VERSION(0, 11, 0), ALLOWED_WINDOWS,
	    "may turn on any log provider", WINDOWS},
	{"mount_cims", VERSION(0, 11, 0), REFUSED,
	    "may mount any layer", WINDOWS},
	{"rw_mount_device", VERSION(0, 11, 0), BY_FRAMEWORK,
	    "may mount any device for writing", TO_START},
	{"rw_unmount_device", VERSION(0, 11, 0), BY_FRAMEWORK,
	    "may unmount devices at any time", ANYWHERE},
	{"mount_blockdev", VERSION(0, 11, 1), REFUSED,
	    "may mount any block device", ANYWHERE},
	{"unmount_blockdev", VERSION(0, 11, 1), REFUSED,
	    "may unmount block devices at any time", ANYWHERE},
	{"load_transparency_trust_list", VERSION(0, 12, 0), REFUSED,
	    "may load any trust list", ANYWHERE},
	{"host_network", VERSION(0, 12, 0), REFUSED,
	    "may put a container into the virtual machine's network", ANYWHERE},
	/* bound by the newest tools, in no platform yet */
	{"unmount_cims", 0, UNKNOWN, NULL, WINDOWS},
	{"mapped_directory_mount", 0, UNKNOWN, NULL, WINDOWS},
	{"mapped_directory_unmount", 0, UNKNOWN, NULL, WINDOWS},
};

enum { POINTS = sizeof points / sizeof *points };

/* How a point is bound. */
enum binding { NOT_BOUND, FRAMEWORK, OTHER, OPEN, CLOSED, UNSURE };

static enum binding
binding_of(const struct rego *r, const struct point *p)
{
	struct json_val v = rego_value(r, p->name), allowed;
	char ref[80];
	bool yes;

	if (!rego_sure(r, p->name))
		return UNSURE;
	if (!json_has(v))
		return NOT_BOUND;
	(void)snprintf(ref, sizeof ref, "data.framework.%s", p->name);
	if (rego_is_ref(v, ref))
		return FRAMEWORK;
	if (rego_is_ref(v, NULL))
		return slice_starts(json_span(json_first(v)),
		    "\"data.framework.") ? OTHER : UNSURE;
	allowed = json_get(v, "allowed");
	if (!json_bool(allowed, &yes))
		return UNSURE;
	return yes ? OPEN : CLOSED;
}

static const char starts_nothing[] = ", and no container starts without it";

/* Nothing starts that it refuses; on Windows layers are mounted otherwise. */
static bool
is_needed(const struct judge *j, const struct point *p)
{
	return p->where == TO_START && (!j->on_windows ||
	    strcmp(p->name, "create_container") == 0);
}

static void
not_bound(struct judge *j, const struct point *p)
{
	unsigned major = (unsigned)(p->since >> 40),
	    minor = (unsigned)(p->since >> 20 & 0xfffff),
	    patch = (unsigned)(p->since & 0xfffff);
	bool needed = is_needed(j, p);

	if (j->api.state != VERSION_GIVEN || p->unbound == UNKNOWN ||
	    (p->where == WINDOWS && j->on_linux))
		return;
	if (j->api.n >= p->since)
		lint_say(j, needed ? LINT_BROKEN : LINT_NOTE, p->name,
		    needed ? "the framework's" : NULL, "not bound: the "
		    "platform refuses it%s", needed ? starts_nothing : "");
	else if (p->unbound == ALLOWED)
		lint_say(j, LINT_UNSAFE, p->name, "the framework's",
		    "not bound, and api_version is before %u.%u.%u: the host "
		    "%s", major, minor, patch, p->allows);
	else if (p->unbound == ALLOWED_WINDOWS)
		lint_say(j, LINT_WEAK, p->name, "the framework's",
		    "not bound, and api_version is before %u.%u.%u: on "
		    "Windows the host %s", major, minor, patch, p->allows);
	else if (p->unbound == REFUSED && needed)
		lint_say(j, LINT_BROKEN, p->name, "the framework's",
		    "not bound: the platform refuses it%s", starts_nothing);
}

static void
say_binding(struct judge *j, const struct point *p, enum binding b)
{
	static const char safe[] = "the framework's";

	switch (b) {
	case NOT_BOUND:
		not_bound(j, p);
		break;
	case OPEN:
		if (p->unbound == UNKNOWN)
			lint_say(j, LINT_UNSURE, p->name, safe,
			    "a point that no known platform has");
		else
			lint_say(j, LINT_UNSAFE, p->name, safe,
			    "literally allowed: the host %s", p->allows);
		break;
	case OTHER:
		lint_say(j, LINT_UNSAFE, p->name, safe,
		    "bound to the framework's rule for something else");
		break;
	case UNSURE:
		lint_say(j, LINT_UNSURE, p->name, safe,
		    "neither the framework's nor a literal answer");
		break;
	case CLOSED:
		lint_say(j, is_needed(j, p) ? LINT_BROKEN : LINT_NOTE,
		    p->name, NULL, "always refused%s", is_needed(j, p) ?
		    starts_nothing : "");
		break;
	case FRAMEWORK:
		if (p->unbound == UNKNOWN)
			lint_say(j, LINT_NOTE, p->name, NULL,
			    "a point that no known platform has");
		break;
	}
}

/* A default is the answer where the rule has none. */
static void
say_default(struct judge *j, const struct point *p, enum binding b)
{
	struct json_val v = json_get(rego_default(j->rego, p->name),
	    "allowed");
	bool yes;

	if (b != OPEN && json_bool(v, &yes) && yes)
		lint_say(j, LINT_UNSAFE, p->name, "no default",
		    "allowed by default, where its rule has no answer: the "
		    "host %s", p->allows != NULL ? p->allows : "may do it");
}

static bool
is_open(const enum binding b[POINTS], const char *name)
{
	size_t i;

	for (i = 0; i < POINTS; i++)
		if (strcmp(points[i].name, name) == 0)
			return b[i] == OPEN;
	return false;
}

static enum lint_class
class_of(const struct judge *j, const enum binding b[POINTS])
{
	size_t i, ours = 0, others = 0, unsure = 0;

	if (is_open(b, "create_container") || (is_open(b, "mount_device") &&
	    (is_open(b, "mount_overlay") || is_open(b, "mount_cims"))))
		return json_count(rego_value(j->rego, "containers")) > 0 ?
		    LINT_DECOY : LINT_OPEN;
	for (i = 0; i < POINTS; i++) {
		ours += b[i] == FRAMEWORK;
		others += b[i] == OTHER || b[i] == OPEN || b[i] == CLOSED;
		unsure += b[i] == UNSURE;
	}
	if (unsure > 0 || json_count(rego_unread(j->rego)) > 0 ||
	    !slice_is(slice_buf(&j->out->package), "policy"))
		return LINT_CUSTOM;
	return ours > 0 && others == 0 ? LINT_FRAMEWORK : LINT_MIXED;
}

bool
lint_is_point(struct slice name)
{
	size_t i;

	for (i = 0; i < POINTS; i++)
		if (slice_is(name, points[i].name))
			return true;
	return false;
}

void
lint_points(struct judge *j)
{
	enum binding b[POINTS];
	size_t i;

	for (i = 0; i < POINTS; i++)
		b[i] = binding_of(j->rego, &points[i]);
	j->out->class = class_of(j, b);
	for (i = 0; i < POINTS; i++) {
		say_binding(j, &points[i], b[i]);
		say_default(j, &points[i], b[i]);
	}
}
