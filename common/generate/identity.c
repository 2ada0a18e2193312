/* identity.c -- what a container runs as and with: user, capabilities,
 * environment, signals.  See container.h. */
#include "generate/container.h"

#include <stdlib.h>
#include <strings.h>

#include "generate/quote.h"
#include "generate/read.h"

/* --- user -------------------------------------------------------------- */

static bool
is_number(struct slice s)
{
	size_t i;

	for (i = 0; s.p != NULL && i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

static void
add_idname(struct slice s, struct buf *out)
{
	buf_adds(out, "{\"pattern\":");
	quote_text(s, out);
	buf_addf(out, ",\"strategy\":\"%s\"}", is_number(s) ? "id" : "name");
}

static void
add_idname_or_any(bool said, struct slice s, struct buf *out)
{
	if (said)
		add_idname(s, out);
	else
		buf_adds(out, "{\"pattern\":\"\",\"strategy\":\"any\"}");
}

/* What the source says of user or group makes the image's word count for
 * neither. */
int
container_user(const struct want *w, struct json_val config, struct buf *out,
    struct err *e)
{
	struct slice user = slice_buf(&w->user), group = slice_buf(&w->group);
	struct json_val v = json_get(config, "User");
	bool users = user.n > 0, groups = group.n > 0;
	struct buf text = {0};

	if (!users && !groups && json_has(v) && !json_is(v, JSON_NULL)) {
		if (json_text(v, "User", &text, e) < 0)
			return -1;
		user = slice_buf(&text);
		groups = slice_find(user, ':') < user.n;
		group = slice_from(user, slice_find(user, ':') + 1);
		user = slice_head(user, slice_find(user, ':'));
		users = text.n > 0;
	}
	buf_adds(out, "\"user\":{\"group_idnames\":[");
	add_idname_or_any(groups, group, out);
	buf_adds(out, "],\"umask\":\"0022\",\"user_idname\":");
	add_idname_or_any(users, user, out);
	buf_addc(out, '}');
	buf_free(&text);
	return 0;
}

/* --- capabilities ------------------------------------------------------ */

static const char *const usual[] = {"CHOWN", "DAC_OVERRIDE", "FSETID",
    "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP", "SETPCAP",
    "NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE"};
static const char *const all[] = {"CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH",
    "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP",
    "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN",
    "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO",
    "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT",
    "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD",
    "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE",
    "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ",
    "PERFMON", "BPF", "CHECKPOINT_RESTORE"};

static int
order(const void *a, const void *b)
{
	const struct buf *x = a, *y = b;
	size_t n = x->n < y->n ? x->n : y->n;
	int c = n > 0 ? memcmp(x->p, y->p, n) : 0;

	return c != 0 ? c : (x->n > y->n) - (x->n < y->n);
}

static bool
has(const struct words *w, struct slice s)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (slice_eq(slice_buf(&w->v[i]), s))
			return true;
	return false;
}

/* The list, sorted, without what is there twice or dropped. */
static void
add_set(struct words *set, const struct words *drop, struct buf *out)
{
	size_t i;

	if (set->n > 0)
		qsort(set->v, set->n, sizeof *set->v, order);
	buf_addc(out, '[');
	for (i = 0; i < set->n; i++) {
		if ((i > 0 && order(&set->v[i - 1], &set->v[i]) == 0) ||
		    has(drop, slice_buf(&set->v[i])))
			continue;
		if (out->p[out->n - 1] != '[')
			buf_addc(out, ',');
		quote_text(slice_buf(&set->v[i]), out);
	}
	buf_addc(out, ']');
}

void
container_capabilities(const struct want *w, struct buf *out)
{
	const char *const *from = w->privileged ? all : usual;
	size_t n = w->privileged ? sizeof all / sizeof *all :
	    sizeof usual / sizeof *usual, i;
	struct words set = {0};
	struct buf list = {0};
	struct slice s;

	for (i = 0; i < n; i++)
		buf_addf(words_add(&set), "CAP_%s", from[i]);
	for (i = 0; i < w->add.n; i++)
		buf_add(words_add(&set), slice_buf(&w->add.v[i]));
	add_set(&set, &w->drop, &list);
	s = slice_buf(&list);
	buf_adds(out, "{\"ambient\":[],\"bounding\":");
	buf_add(out, s);
	buf_adds(out, ",\"effective\":");
	buf_add(out, s);
	buf_adds(out, ",\"inheritable\":");
	buf_add(out, w->privileged ? s : slice_str("[]"));
	buf_adds(out, ",\"permitted\":");
	buf_add(out, s);
	buf_addc(out, '}');
	words_free(&set);
	buf_free(&list);
}

/* --- environment ------------------------------------------------------- */

struct rules {
	struct words names;	/* so far */
	struct buf *out;
};

static void
add_rule(struct rules *r, struct slice name, struct slice value, bool re2)
{
	struct buf text = {0};

	buf_add(words_add(&r->names), name);
	buf_add(&text, name);
	buf_addc(&text, '=');
	buf_add(&text, value);
	if (r->out->p[r->out->n - 1] != '[')
		buf_addc(r->out, ',');
	buf_adds(r->out, "{\"pattern\":");
	quote_text(slice_buf(&text), r->out);
	buf_addf(r->out, ",\"required\":false,\"strategy\":\"%s\"}", re2 ?
	    "re2" : "string");
	buf_free(&text);
}

/* The image's own variables, but for those the source sets. */
static int
add_image(struct rules *r, struct json_val config, struct err *e)
{
	struct json_val list = json_get(config, "Env"), v;
	size_t set = r->names.n, n, i;
	struct buf text = {0};
	struct slice s;
	bool known;
	int ret = 0;

	if (json_has(list) && !json_is(list, JSON_ARRAY) &&
	    !json_is(list, JSON_NULL))
		return err_set(e, E_INPUT, "Env: %s where an array belongs",
		    json_kind_name(list));
	if (json_count(list) > WANT_WORDS_MAX / 10)
		return err_set(e, E_INPUT, "Env: too many variables");
	for (v = json_first(list); ret == 0 && json_has(v); v = json_next(v)) {
		buf_cut(&text, 0);
		if ((ret = json_text(v, "Env", &text, e)) < 0)
			break;
		s = slice_buf(&text);
		n = slice_find(s, '=');
		if (n == s.n)
			ret = err_set(e, E_INPUT, "Env: a variable without a "
			    "value");
		for (known = false, i = 0; i < set && !known; i++)
			known = slice_eq(slice_buf(&r->names.v[i]),
			    slice_head(s, n));
		if (ret == 0 && !known)
			add_rule(r, slice_head(s, n), slice_from(s, n + 1),
			    false);
	}
	buf_free(&text);
	return ret;
}

/* What the platform itself sets, by patterns whose name is what stands before
 * the first "=". */
static void
add_usual(struct rules *r, bool pod)
{
	static const char *const rows[] = {
		"TERM", "(?i)(FABRIC)_.+", "HOSTNAME", "T(E)?MP",
		"FabricPackageFileName", "HostedServiceName",
		"IDENTITY_API_VERSION", "IDENTITY_HEADER",
		"IDENTITY_SERVER_THUMBPRINT",
		"azurecontainerinstance_restarted_by",
		/* of a virtual node */
		"[A-Z0-9_]+_SERVICE_HOST", "[A-Z0-9_]+_SERVICE_PORT",
		"[A-Z0-9_]+_SERVICE_PORT_[A-Z0-9_]+", "[A-Z0-9_]+_PORT",
		"[A-Z0-9_]+_PORT_[0-9]+_TCP",
		"[A-Z0-9_]+_PORT_[0-9]+_TCP_PROTO",
		"[A-Z0-9_]+_PORT_[0-9]+_TCP_PORT",
		"[A-Z0-9_]+_PORT_[0-9]+_TCP_ADDR",
	};
	size_t i, n = pod ? sizeof rows / sizeof *rows : 10;

	for (i = 0; i < n; i++)
		if (!has(&r->names, slice_str(rows[i])))
			add_rule(r, slice_str(rows[i]),
			    slice_str(i == 0 ? "xterm" : ".+"), i > 0);
}

int
container_environment(const struct want *w, struct json_val config,
    struct buf *out, struct err *e)
{
	struct rules r = {.out = out};
	size_t i;
	int ret;

	buf_addc(out, '[');
	for (i = 0; i < w->envs; i++)
		add_rule(&r, slice_buf(&w->env[i].name),
		    slice_buf(&w->env[i].value), w->env[i].re2);
	ret = add_image(&r, config, e);
	add_usual(&r, w->pod);
	buf_addc(out, ']');
	words_free(&r.names);
	return ret;
}

/* --- signals ----------------------------------------------------------- */

/* The number of SIGNAME, or of NAME alone; 0 for others. */
static unsigned
signal_by_name(struct slice s)
{
	static const char *const names[] = {"HUP", "INT", "QUIT", "ILL",
	    "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
	    "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP",
	    "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH",
	    "IO", "PWR", "SYS"};
	size_t i;

	if (s.n > 3 && strncasecmp((const char *)s.p, "SIG", 3) == 0)
		s = slice_from(s, 3);
	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (s.n == strlen(names[i]) &&
		    strncasecmp((const char *)s.p, names[i], s.n) == 0)
			return (unsigned)i + 1;
	return 0;
}

/* A number from 1 to 64 of plain digits, else 0. */
static unsigned
signal_by_digits(struct slice s)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < s.n && i < 3 && s.p[i] >= '0' && s.p[i] <= '9'; i++)
		n = n * 10 + (unsigned)(s.p[i] - '0');
	return i == s.n && n <= 64 ? n : 0;
}

/* SIGRTMIN+3 and SIGRTMAX-3, which container runtimes count from 34 and 64. */
static unsigned
signal_real_time(struct slice s)
{
	unsigned n;
	bool min;

	if (s.n > 3 && strncasecmp((const char *)s.p, "SIG", 3) == 0)
		s = slice_from(s, 3);
	min = s.n >= 5 && strncasecmp((const char *)s.p, "RTMIN", 5) == 0;
	if (!min && (s.n < 5 || strncasecmp((const char *)s.p, "RTMAX", 5) !=
	    0))
		return 0;
	s = slice_from(s, 5);
	if (s.n == 0)
		return min ? 34 : 64;
	n = signal_by_digits(slice_from(s, 1));
	if (s.p[0] != (min ? '+' : '-') || n > 30 || n == 0)
		return 0;
	return min ? 34 + n : 64 - n;
}

int
container_signals(const struct want *w, struct json_val config,
    struct buf *out, struct err *e)
{
	struct json_val v = json_get(config, "StopSignal");
	struct buf text = {0};
	unsigned n;

	if (json_has(v) && !json_is(v, JSON_NULL) &&
	    json_text(v, "StopSignal", &text, e) < 0)
		return -1;
	if (text.n == 0) {
		buf_adds(out, w->bare ? "[]" : "[9,15]");
		return 0;
	}
	n = signal_by_name(slice_buf(&text));
	if (n == 0)
		n = signal_by_digits(slice_buf(&text));
	if (n == 0)
		n = signal_real_time(slice_buf(&text));
	if (n == 0)
		(void)err_set(e, E_INPUT, "StopSignal '%.*s' is no signal",
		    (int)(text.n < 40 ? text.n : 40), (const char *)text.p);
	else
		buf_addf(out, "[%u]", n);
	buf_free(&text);
	return n == 0 ? -1 : 0;
}
