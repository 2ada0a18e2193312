/* envname.c -- see envname.h. */
#include "lint/envname.h"

static const char preload[] = "loads code of its choice into every process";
static const char path[] = "chooses which programs are found";
static const char shell[] = "runs commands as a shell starts";
static const char runtime[] = "loads code into an interpreter as it starts";
static const char tool[] = "chooses what a program runs or reads";
static const char trust[] = "chooses whom a connection trusts";
static const char proxy[] = "is put between a program and its server";

/* ld.so(8), sh(1), bash(1), python(1), perlrun(1), ruby(1), node(1), java(1),
 * git(1), libc's manual, openssl-env(7) */
static const struct envname names[] = {
	{"LD_PRELOAD", preload, false}, {"LD_LIBRARY_PATH", preload, false},
	{"LD_AUDIT", preload, false}, {"LD_", preload, true},
	{"PATH", path, false}, {"IFS", shell, false}, {"ENV", shell, false},
	{"BASH_ENV", shell, false}, {"BASH_FUNC_x%%", shell, false},
	{"BASH_FUNC_", shell, true}, {"SHELLOPTS", shell, false},
	{"BASHOPTS", shell, false}, {"PS4", shell, false},
	{"PS1", shell, false}, {"PROMPT_COMMAND", shell, false},
	{"CDPATH", path, false}, {"ZDOTDIR", shell, false},
	{"FPATH", shell, false},
	{"PYTHONPATH", runtime, false}, {"PYTHONHOME", runtime, false},
	{"PYTHONSTARTUP", runtime, false}, {"PYTHON", runtime, true},
	{"PERL5LIB", runtime, false}, {"PERL5OPT", runtime, false},
	{"PERL5", runtime, true}, {"PERLLIB", runtime, false},
	{"RUBYLIB", runtime, false}, {"RUBYOPT", runtime, false},
	{"RUBY", runtime, true}, {"GEM_PATH", runtime, false},
	{"GEM_HOME", runtime, false}, {"BUNDLE_GEMFILE", runtime, false},
	{"NODE_OPTIONS", runtime, false}, {"NODE_PATH", runtime, false},
	{"NODE_EXTRA_CA_CERTS", trust, false},
	{"NODE_TLS_REJECT_UNAUTHORIZED", trust, false},
	{"JAVA_TOOL_OPTIONS", runtime, false},
	{"_JAVA_OPTIONS", runtime, false}, {"JDK_JAVA_OPTIONS", runtime, false},
	{"JAVA_OPTS", runtime, false}, {"JAVA_OPTIONS", runtime, false},
	{"CATALINA_OPTS", runtime, false}, {"MAVEN_OPTS", runtime, false},
	{"GRADLE_OPTS", runtime, false}, {"CLASSPATH", runtime, false},
	{"JAVA_HOME", path, false}, {"OPENJ9_JAVA_OPTIONS", runtime, false},
	{"DOTNET_STARTUP_HOOKS", runtime, false},
	{"DOTNET_ADDITIONAL_DEPS", runtime, false},
	{"DOTNET_SHARED_STORE", runtime, false},
	{"ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", runtime, false},
	{"CORECLR_PROFILER_PATH", runtime, false}, {"CORECLR_", runtime, true},
	{"COR_PROFILER", runtime, false}, {"COR_PROFILER_PATH", runtime, false},
	{"COR_ENABLE_PROFILING", runtime, false}, {"LUA_PATH", runtime, false},
	{"LUA_CPATH", runtime, false}, {"LUA_INIT", runtime, false},
	{"PHPRC", runtime, false}, {"PHP_INI_SCAN_DIR", runtime, false},
	{"R_PROFILE", runtime, false}, {"JULIA_LOAD_PATH", runtime, false},
	{"ERL_FLAGS", runtime, false}, {"GODEBUG", tool, false},
	{"GIT_SSH_COMMAND", tool, false}, {"GIT_", tool, true},
	{"GCONV_PATH", preload, false}, {"NLSPATH", tool, false},
	{"LOCPATH", tool, false}, {"HOSTALIASES", tool, false},
	{"RES_OPTIONS", tool, false}, {"LOCALDOMAIN", tool, false},
	{"MALLOC_CONF", tool, false}, {"MALLOC_", tool, true},
	{"GLIBC_TUNABLES", tool, false}, {"GETCONF_DIR", tool, false},
	{"TERMINFO", tool, false}, {"TERMCAP", tool, false},
	{"SSL_CERT_FILE", trust, false}, {"SSL_CERT_DIR", trust, false},
	{"SSLKEYLOGFILE", trust, false}, {"OPENSSL_CONF", preload, false},
	{"OPENSSL_MODULES", preload, false},
	{"OPENSSL_ENGINES", preload, false}, {"CURL_CA_BUNDLE", trust, false},
	{"REQUESTS_CA_BUNDLE", trust, false}, {"CURL_HOME", tool, false},
	{"AWS_CA_BUNDLE", trust, false}, {"KRB5_CONFIG", trust, false},
	{"EDITOR", tool, false}, {"VISUAL", tool, false},
	{"PAGER", tool, false}, {"LESSOPEN", tool, false},
	{"LESSCLOSE", tool, false}, {"TAR_OPTIONS", tool, false},
	{"MAKEFLAGS", tool, false},
	{"http_proxy", proxy, false}, {"https_proxy", proxy, false},
	{"HTTP_PROXY", proxy, false}, {"HTTPS_PROXY", proxy, false},
	{"all_proxy", proxy, false}, {"ALL_PROXY", proxy, false},
	{"ftp_proxy", proxy, false},
};

const struct envname *
envname_row(size_t i)
{
	return i < sizeof names / sizeof *names ? &names[i] : NULL;
}

bool
envname_has_code(struct slice name)
{
	const struct envname *row = names;
	bool is = false;

	for (; !is && row < names + sizeof names / sizeof *names; row++)
		is = (row->gives == preload || row->gives == path ||
		    row->gives == shell || row->gives == runtime) &&
		    (row->family ? slice_starts(name, row->name) :
		    slice_is(name, row->name));
	return is;
}

const char *
envname_made_up(size_t i)
{
	static const char *const made_up[] = {"QXZJ", "qxzj", "QxzjVw",
	    "QX_ZJ", "qx_zj", "QXZJ7", "Q7", "QXZJVWKQXZJ", "qxzjvwkqxzj",
	    "_QXZJ", "QXZJ_7K_VW", "q.x-z"};

	return i < sizeof made_up / sizeof *made_up ? made_up[i] : NULL;
}

/* As ACI's own tool writes them, for groups and for virtual nodes. */
static const char *const usual[] = {
	"(?i)(FABRIC)_.+=.+", "((?i)FABRIC)_.+=.+", "HOSTNAME=.+",
	"T(E)?MP=.+", "FabricPackageFileName=.+", "HostedServiceName=.+",
	"IDENTITY_API_VERSION=.+", "IDENTITY_HEADER=.+",
	"IDENTITY_SERVER_THUMBPRINT=.+",
	"azurecontainerinstance_restarted_by=.+",
	"[A-Z0-9_]+_SERVICE_HOST=.+", "[A-Z0-9_]+_SERVICE_PORT=.+",
	"[A-Z0-9_]+_SERVICE_PORT_[A-Z0-9_]+=.+", "[A-Z0-9_]+_PORT=.+",
	"[A-Z0-9_]+_PORT_[0-9]+_TCP=.+", "[A-Z0-9_]+_PORT_[0-9]+_TCP_PROTO=.+",
	"[A-Z0-9_]+_PORT_[0-9]+_TCP_PORT=.+",
	"[A-Z0-9_]+_PORT_[0-9]+_TCP_ADDR=.+", "TERM=xterm",
};

bool
envname_is_usual(struct slice pattern)
{
	size_t i;

	for (i = 0; i < sizeof usual / sizeof *usual; i++)
		if (slice_is(pattern, usual[i]))
			return true;
	return false;
}

static const char *const set[] = {
	"APP_IDENTITY_ENDPOINT=http://127.0.0.1:80/x",
	"Fabric_CodePackageName=x", "FabricPackageFileName=x",
	"HOSTNAME=x", "HostedServiceName=x", "IDENTITY_API_VERSION=1",
	"IDENTITY_ENDPOINT=http://127.0.0.1:80/x", "IDENTITY_HEADER=x",
	"IDENTITY_SERVER_THUMBPRINT=x",
	"IMDS_ENDPOINT=http://127.0.0.1:80/x",
	"azurecontainerinstance_restarted_by=x",
};

const char *
envname_set(size_t i)
{
	return i < sizeof set / sizeof *set ? set[i] : NULL;
}

bool
envname_is_platform(struct slice name)
{
	static const char *const more[] = {"TERM", "TMP", "TEMP",
	    "THIM_ENDPOINT"};
	struct slice s;
	size_t i;

	for (i = 0; i < sizeof more / sizeof *more; i++)
		if (slice_is(name, more[i]))
			return true;
	for (i = 0; i < sizeof set / sizeof *set; i++) {
		s = slice_str(set[i]);
		if (slice_eq(name, slice_head(s, slice_find(s, '='))))
			return true;
	}
	return false;
}

bool
envname_is_place(struct slice name)
{
	static const char *const ends[] = {"CONNECTION_STRING",
	    "CONNECTIONSTRING", "URL", "URI", "ENDPOINT", "HOST", "HOSTS",
	    "SERVER", "SERVERS", "ADDR", "ADDRESS", "BROKERS", "DSN",
	    "WEBHOOK", "BUCKET", "PROXY"};
	struct buf upper = {0};
	struct slice s;
	bool is = false;
	size_t i, n;

	for (i = 0; i < name.n; i++)
		buf_addc(&upper, name.p[i] >= 'a' && name.p[i] <= 'z' ?
		    name.p[i] & 0xdf : name.p[i]);
	s = slice_buf(&upper);
	for (i = 0; i < sizeof ends / sizeof *ends; i++) {
		n = strlen(ends[i]);
		is |= s.n >= n && slice_is(slice_from(s, s.n - n), ends[i]);
	}
	buf_free(&upper);
	return is;
}
