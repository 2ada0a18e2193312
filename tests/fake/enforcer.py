#!/usr/bin/env python3
"""Stands in for the platform's enforcer: what a host gets from a policy.

A restatement of hcsshim's framework.rego and api.rego (API 0.12.0, framework
0.5.0) for policies that are given as Python values, and a host that asks for
what it should not get.  It is written apart from common/, so that a rule that
was misread is found and not repeated.

A policy is a dict: "rules" by name, each a value, FRAMEWORK (the framework's
rule of the same name) or another Framework(NAME); "compiles" is False if what
else stands in it does not compile.  judge() answers "open" with what the host
gets, "dead" with what never starts, or "safe".
"""
import re
import warnings

warnings.simplefilter("ignore", FutureWarning)


class Framework(str):
    """A reference to a rule of the framework."""


FRAMEWORK = Framework("")


class Undefined(Exception):
    """What Rego leaves undefined."""


class Denied(Exception):
    """The enforcer denies a request, with its reason."""


API, NEWEST = (0, 12, 0), (0, 5, 0)
ALLOWED, REFUSED, BY_FRAMEWORK = "allowed", "refused", "framework"
# where a point is unbound and the policy's api_version before its own
POINTS = {
    "mount_device": ((0, 1, 0), REFUSED),
    "rw_mount_device": ((0, 11, 0), BY_FRAMEWORK),
    "mount_overlay": ((0, 1, 0), REFUSED),
    "create_container": ((0, 1, 0), REFUSED),
    "unmount_device": ((0, 2, 0), ALLOWED),
    "rw_unmount_device": ((0, 11, 0), BY_FRAMEWORK),
    "unmount_overlay": ((0, 6, 0), ALLOWED),
    "exec_in_container": ((0, 2, 0), ALLOWED),
    "exec_external": ((0, 3, 0), ALLOWED),
    "shutdown_container": ((0, 4, 0), ALLOWED),
    "signal_container_process": ((0, 5, 0), ALLOWED),
    "plan9_mount": ((0, 6, 0), ALLOWED),
    "plan9_unmount": ((0, 6, 0), ALLOWED),
    "get_properties": ((0, 7, 0), ALLOWED),
    "dump_stacks": ((0, 7, 0), ALLOWED),
    "runtime_logging": ((0, 8, 0), ALLOWED),
    "load_fragment": ((0, 9, 0), REFUSED),
    "scratch_mount": ((0, 10, 0), ALLOWED),
    "scratch_unmount": ((0, 10, 0), ALLOWED),
    "load_transparency_trust_list": ((0, 12, 0), REFUSED),
    "host_network": ((0, 12, 0), REFUSED),
}


def semver(text):
    """Three numbers, and whether it is before their release."""
    if not isinstance(text, str):
        raise Undefined("a version that is no text")
    found = re.fullmatch(r"v?(\d+)\.(\d+)\.(\d+)(-[\w.-]+)?(\+[\w.-]+)?",
                         text, re.ASCII)
    if not found:
        raise Undefined("no version: %s" % text)
    return (tuple(int(n) for n in found.groups()[:3]),
            0 if found.group(4) else 1)


def truthy(value):
    """An expression of Rego fails if it is false or undefined."""
    return value is not Undefined and value is not False


def balanced(pattern):
    """Its brackets match."""
    depth = 0
    for token in re.findall(r"\\.|\[\^?\]?(?:\\.|[^]\\])*\]|[()]|.", pattern,
                            re.DOTALL):
        depth += (token == "(") - (token == ")")
        if depth < 0:
            return False
    return depth == 0


def regex(pattern, text):
    """regex.match(anchor_pattern(pattern), text); what Go's regexp refuses is
    undefined.  Patterns are those that Python's engine reads alike, but for
    a repetition behind ^ and what $ and \\z mean."""
    if not (pattern.startswith("^") and pattern.endswith("$")):
        pattern = (("" if pattern.startswith("^") else "^") + pattern +
                   ("" if pattern.endswith("$") else "$"))
    if re.search(r"\\[CZ1-9]|\{1\d{3}|\(\?[=!<]|\\x\[|[*+?}][*+]", pattern):
        raise Undefined("no pattern: %s" % pattern)
    if re.search(r"\[[^]]*\\b", pattern) or not balanced(pattern):
        raise Undefined("no pattern: %s" % pattern)
    # flags hold for what follows: all of it, if they come first
    pattern = re.sub(r"(?s)^\^\(\?([ims]+)\)(.*)$", r"(?\1:^\2)", pattern)
    pattern = re.sub(r"\^(?=[*+?{])", "(?:^)", pattern)
    pattern = re.sub(r"\\z|(?<!\\)\$", r"\\Z", pattern)
    try:
        return re.search(pattern, text, re.ASCII) is not None
    except re.error:
        raise Undefined("no pattern: %s" % pattern) from None


def member(obj, name):
    """obj.name."""
    if not isinstance(obj, dict) or name not in obj:
        raise Undefined(name)
    return obj[name]


def items(value):
    """What value[_] goes through."""
    return value if isinstance(value, list) else []


def rule_ok(rule, env):
    """env_rule_ok, in either form."""
    def fits(pattern, strategy, text):
        if strategy == "string":
            return pattern == text
        try:
            return strategy == "re2" and regex(pattern, text)
        except Undefined:
            return False
    if rule.get("pattern") is not None and rule.get("strategy") is not None \
            and fits(rule["pattern"], rule["strategy"], env):
        return True
    parts = ("name", "name_strategy", "value", "value_strategy")
    if any(rule.get(part) is None for part in parts) or "=" not in env:
        return False
    name, value = env.split("=", 1)
    return (fits(rule["name"], rule["name_strategy"], name) and
            fits(rule["value"], rule["value_strategy"], value))


class Enforcer:
    """The points of a policy, as the platform asks them."""

    def __init__(self, policy):
        if not policy.get("compiles", True):
            raise Denied("the policy does not compile")
        self.rules = policy["rules"]
        self.api = self.version("api")
        self.framework = self.version("framework")

    def version(self, name):
        """policy_api_version and policy_framework_version."""
        both = [self.rules[n] for n in (name + "_version", name + "_svn")
                if n in self.rules]
        if len(both) == 2 and both[0] != both[1]:
            return Undefined
        try:
            return semver(both[0]) if both else None
        except Undefined:
            return Undefined

    def flag(self, name):
        """A flag of the policy."""
        return truthy(self.rules.get(name, Undefined))

    def ask(self, point, **request):
        """The answer to a request, or Denied."""
        since, unbound = POINTS[point]
        bound = self.rules.get(point, Undefined)
        if self.api is None or self.api is Undefined:
            raise Denied("api_version")
        if bound is Undefined:
            if self.api >= (since, 1):
                raise Denied("rule for %s is missing" % point)
            if unbound == REFUSED:
                raise Denied(point)
            if unbound == ALLOWED:
                return {}
            bound = FRAMEWORK
        if not isinstance(bound, Framework):
            if bound.get("allowed") is not True:
                raise Denied(point)
            return bound
        if self.framework in (None, Undefined) or \
                self.framework > (NEWEST, 1):
            raise Denied("framework_version")
        # another point's rule asks about another request, and answers by its
        # own: taken for open, as nobody means it
        if bound and bound != point:
            return {}
        try:
            return getattr(self, point)(**request) or {}
        except Undefined as error:
            raise Denied("%s: %s is undefined" % (point, error)) from None

    def old(self, version):
        """policy_framework_version is before that one."""
        return self.framework < (version, 1)

    def checked(self, raw):
        """check_container."""
        if not self.old(NEWEST):
            return raw
        out = {name: member(raw, name) for name in (
            "command", "env_rules", "layers", "mounts", "allow_elevated",
            "working_dir", "exec_processes", "allow_stdio_access")}
        signals = member(raw, "signals")
        if not isinstance(signals, list):
            raise Undefined("signals")
        out["signals"] = signals + ([9, 15] if self.old((0, 4, 1)) else [])
        anyone = {"pattern": "", "strategy": "any"}
        for name, since, otherwise in (
                ("no_new_privileges", (0, 2, 0), False),
                ("user", (0, 2, 1), {"umask": "0022", "user_idname": anyone,
                                     "group_idnames": [anyone]}),
                ("capabilities", (0, 2, 2), None),
                ("seccomp_profile_sha256", (0, 2, 3), "")):
            out[name] = otherwise if self.old(since) else member(raw, name)
        return out

    def containers(self):
        """candidate_containers, with the platform's rules applied."""
        found = []
        for raw in items(self.rules.get("containers")):
            try:
                found.append(self.checked(raw))
            except Undefined:
                continue
        more = items(self.rules.get("platform_rules"))
        if self.old(NEWEST) or not more:
            return found
        return [dict(c, env_rules=items(c.get("env_rules", [])) +
                     p.get("env_rules", []),
                     mounts=items(c.get("mounts", [])) + p.get("mounts", []))
                for c in found for p in more]

    def mount_device(self, digest):
        if not any(digest in items(c.get("layers"))
                   for c in items(self.rules.get("containers"))):
            raise Denied("deviceHash not found")

    def rw_mount_device(self, encrypted):
        if not encrypted and not self.flag("allow_unencrypted_scratch"):
            raise Denied("unencrypted scratch")

    scratch_mount = rw_mount_device

    def mount_overlay(self, layers):
        matches = [c for c in self.containers() if c.get("layers") == layers]
        if not matches:
            raise Denied("no matching containers for overlay")
        return {"matches": matches}

    def initial(self, c, request, command_ok):
        """The first narrowing of create_container and exec_in_container."""
        if truthy(member(c, "no_new_privileges")) and \
                not request["no_new_privileges"]:
            return False
        return (self.user_ok(member(c, "user"), request) and
                member(c, "working_dir") == request["working_dir"] and
                command_ok)

    @staticmethod
    def user_ok(user, request):
        """user_ok of Linux."""
        def fits(pattern, strategy, who):
            if strategy == "re2":
                return regex(pattern, who["name"])
            return strategy == "any" or (strategy in ("id", "name") and
                                         pattern == who[strategy])
        if member(user, "umask") != request["umask"]:
            return False
        one = member(user, "user_idname")
        if not fits(member(one, "pattern"), member(one, "strategy"),
                    request["user"]):
            return False
        return all(any(fits(g.get("pattern"), g.get("strategy"), who)
                       for g in items(user.get("group_idnames")))
                   for who in request["groups"])

    def envs(self, matches, request):
        """valid_envs_for_all and envList_ok: what is kept, by whom."""
        envs = request["envs"]
        if self.flag("allow_environment_variable_dropping"):
            kept = [[e for e in envs if any(
                rule_ok(r, e) for r in items(member(c, "env_rules")))]
                    for c in matches]
            most = max(len(k) for k in kept)
            kept = [k for k in kept if len(k) == most]
            if any(set(k) != set(kept[0]) for k in kept):
                raise Denied("undecidable variables")
            envs = kept[0]
        out = []
        for c in matches:
            rules = member(c, "env_rules")
            if all(any(rule_ok(r, e) for r in items(rules)) for e in envs) \
                    and all(not truthy(r.get("required", False)) or
                            any(rule_ok(r, e) for e in envs)
                            for r in items(rules)):
                out.append(c)
        if not out:
            raise Denied("variables")
        return out, envs

    @staticmethod
    def mount_ok(mounts, asked):
        """mount_ok, less the platform's own."""
        for m in items(mounts):
            source = m.get("source", "")
            fits = source == asked["source"] or (
                source.startswith("sandbox://") and regex(
                    source.replace("sandbox://", "/run/sandbox"),
                    asked["source"]))
            if fits and m.get("type") == asked["type"] and asked[
                    "destination"] and m.get("destination") == asked[
                        "destination"] and sorted(items(m.get(
                            "options"))) == sorted(asked["options"]):
                return True
        return False

    def capabilities_ok(self, c, request):
        """caps_ok, the five sets each alike; null is the runtime's."""
        sets = member(c, "capabilities")
        if sets is None:
            member(c, "allow_elevated")
            return True
        return all(set(items(member(sets, name))) ==
                   set(request["capabilities"].get(name, ()))
                   and isinstance(sets[name], list)
                   for name in ("bounding", "effective", "inheritable",
                                "permitted", "ambient"))

    def create_container(self, layers, **request):
        """create_container of Linux, after its overlay was mounted."""
        def first(c):
            try:
                elevated = member(c, "allow_elevated")
                if request["privileged"] and elevated is not True:
                    return False
                command = member(c, "command")
                if not isinstance(command, list):
                    return False
                member(c, "mounts")
                return self.initial(c, request, command ==
                                    request["command"]) and all(
                    self.mount_ok(c["mounts"], m)
                    for m in request["mounts"]) and member(
                        c, "seccomp_profile_sha256") == request["seccomp"]
            except Undefined:
                return False
        matches = [c for c in self.containers()
                   if c.get("layers") == layers and first(c)]
        if not matches:
            raise Denied("no container matches")
        matches, envs = self.envs(matches, request)

        def capable(c):
            try:
                return self.capabilities_ok(c, request)
            except Undefined:
                return False
        matches = [c for c in matches if capable(c)]
        if not matches:
            raise Denied("capabilities")
        stdio = member(matches[0], "allow_stdio_access")
        if any(member(c, "allow_stdio_access") != stdio for c in matches):
            raise Denied("only distinguishable by allow_stdio_access")
        # the enforcer in Go wants a boolean
        if not isinstance(stdio, bool):
            raise Undefined("allow_stdio_access")
        return {"envs": envs, "stdio": stdio}

    def exec_in_container(self, layers, **request):
        """exec_in_container of Linux, in a container that has started."""
        def first(c):
            try:
                return self.initial(c, request, any(
                    isinstance(p.get("command"), list) and
                    p["command"] == request["command"]
                    for p in items(c.get("exec_processes"))))
            except Undefined:
                return False
        matches = [c for c in self.containers()
                   if c.get("layers") == layers and first(c)]
        if not matches:
            raise Denied("invalid command")
        self.envs(matches, request)

    def exec_external(self, command):
        if not any(p.get("command") == command
                   for p in items(self.rules.get("external_processes"))):
            raise Denied("invalid command")

    def plan9_mount(self, target):
        raise Denied("target %s is in no container" % target)

    def get_properties(self):
        self.need("allow_properties_access")

    def dump_stacks(self):
        self.need("allow_dump_stacks")

    def runtime_logging(self):
        self.need("allow_runtime_logging")

    def host_network(self):
        self.need("allow_host_network")

    def need(self, flag):
        if not self.flag(flag):
            raise Denied(flag)

    def load_fragment(self, issuer):
        if not any(f.get("issuer") == issuer
                   for f in items(self.rules.get("fragments"))):
            raise Denied("issuer")

    def load_transparency_trust_list(self):
        raise Denied("no list")

    def signal_container_process(self):
        raise Denied("signal")

    # what is not mounted cannot be unmounted, what has not started not stopped
    unmount_device = rw_unmount_device = unmount_overlay = plan9_unmount = \
        scratch_unmount = shutdown_container = load_transparency_trust_list


# What a host would set, mount and start if it could.
BAD_ENVS = ["LD_PRELOAD=x", "LD_PRELOAD=/tmp/B=2", "LD_LIBRARY_PATH=/tmp",
            "LD_AUDIT=x", "PATH=x", "PATH=/tmp:/bin", "IFS=x", "ENV=/tmp/x",
            "BASH_ENV=x", "BASH_FUNC_x%%=() { :; }", "PS4=x", "PYTHONPATH=x",
            "PYTHONSTARTUP=/x", "PERL5OPT=-x", "RUBYOPT=-x",
            "NODE_OPTIONS=x", "JAVA_TOOL_OPTIONS=x", "_JAVA_OPTIONS=x",
            "JDK_JAVA_OPTIONS=x", "DOTNET_STARTUP_HOOKS=x",
            "CORECLR_PROFILER_PATH=x", "GIT_SSH_COMMAND=x", "GCONV_PATH=x",
            "NLSPATH=x", "MALLOC_CHECK_=1", "GLIBC_TUNABLES=x",
            "SSL_CERT_FILE=/x", "OPENSSL_CONF=/x", "http_proxy=http://x/",
            "https_proxy=x", "ZQXJ=1", "zq_xj=/tmp", "Z9_QX_J=a b"]
SHELLS = {"sh", "bash", "zsh", "python3", "perl", "node", "gdb", "strace",
          "ld-linux-x86-64.so.2", "ld-musl-x86_64.so.1", "su", "xargs",
          "nsenter", "awk"}
CODE = re.compile(r"/?$|/(bin|sbin|lib[^/]*|opt|root|etc)/?$|/usr(/[^/]+)?/?$|"
                  r"/(usr|opt)/.*/?(bin|sbin|lib(64)?)(/|$)|/etc/ld\.so|"
                  r"/(bin|sbin|lib[^/]*)/")


def words(command):
    """Names in a command's words, less their paths; an address is none."""
    for word in command:
        if "://" in word:
            continue
        for part in re.split(r"[\s\"'`;|&()=:,]+", word):
            yield part.rsplit("/", 1)[-1]


def start(enforcer, c, samples):
    """The request that a host makes to start a container as the framework of
    the policy's version takes it; samples fit its patterns."""
    extra = fitting(c, samples)
    try:
        c = enforcer.checked(c)
    except (Undefined, TypeError):
        pass
    user = c.get("user") if isinstance(c.get("user"), dict) else {}

    def who(idname):
        pattern = idname.get("pattern", "") if isinstance(idname, dict) else ""
        return {"id": pattern or "0", "name": pattern or "root"}
    sets = c.get("capabilities")
    return {
        "layers": c.get("layers"), "command": c.get("command"),
        "working_dir": c.get("working_dir"), "no_new_privileges": True,
        "umask": user.get("umask", "0022"),
        "user": who(user.get("user_idname")),
        "groups": [who(g) for g in items(user.get("group_idnames"))][:1] or
                  [who({})],
        "envs": list(extra), "privileged": False,
        "seccomp": c.get("seccomp_profile_sha256", ""),
        "capabilities": {k: v or () for k, v in sets.items()}
                        if isinstance(sets, dict) else {},
        "mounts": [dict(m, source=m["source"].replace(
            "sandbox://", "/run/sandbox").replace(".+", "x"))
                   for m in items(c.get("mounts"))],
    }


def fitting(c, samples):
    """Variables for every rule, of those that fit any."""
    envs = []
    for rule in items(c.get("env_rules")):
        if rule.get("strategy") == "string":
            envs.append(rule["pattern"])
        elif rule.get("name_strategy") == "string" and \
                rule.get("value_strategy") == "string":
            envs.append("%s=%s" % (rule["name"], rule["value"]))
        else:
            envs += [s for s in samples if rule_ok(rule, s)][:1]
    return envs


def over(to, c):
    """Over programs of a container, or above them."""
    path = "/" + "/".join(p for p in to.split("/") if p not in ("", "."))
    if CODE.match(path):
        return True
    places = [c.get("working_dir", "/")]
    command = items(c.get("command"))
    if command and command[0].startswith("/"):
        places.append(command[0])
    return any(p != "/" and (p + "/").startswith(path.rstrip("/") + "/")
               for p in places)


def attacks(enforcer, samples):
    """What the host gets that it should not, one after the other."""
    def gets(what, point, **request):
        try:
            enforcer.ask(point, **request)
        except Denied:
            return
        found.append(what)
    found = []
    gets("any layer", "mount_device", digest="0" * 64)
    gets("any overlay", "mount_overlay", layers=["0" * 64])
    gets("plain scratch", "scratch_mount", encrypted=False)
    gets("a plain disk", "rw_mount_device", encrypted=False)
    gets("any process in the machine", "exec_external", command=["/evil"])
    for p in items(enforcer.rules.get("external_processes")):
        gets("a process in the machine", "exec_external",
             command=p.get("command"))
    gets("a mount of its files", "plan9_mount", target="/evil")
    gets("stacks", "dump_stacks")
    gets("logs", "runtime_logging")
    gets("the machine's network", "host_network")
    gets("any fragment", "load_fragment", issuer="did:x509:0:sha256:evil")
    gets("any trust list", "load_transparency_trust_list")
    gets("any signal", "signal_container_process")
    for point in ("unmount_device", "unmount_overlay", "plan9_unmount",
                  "scratch_unmount", "shutdown_container",
                  "rw_unmount_device"):
        gets(point, point)
    for fragment in items(enforcer.rules.get("fragments")):
        if "namespace" in items(fragment.get("includes")):
            found.append("rules of a fragment's")
    for c in items(enforcer.rules.get("containers")):
        request = start(enforcer, c, samples)
        of_container(enforcer, c, request, gets, found)
    return found


def of_container(enforcer, c, request, gets, found):
    """The attacks on one container."""
    gets("any container", "create_container", **dict(
        request, command=["/evil"]))
    gets("a privileged container", "create_container", **dict(
        request, privileged=True))
    gets("any process in a container", "exec_in_container", **dict(
        request, command=["/evil"]))
    for env in BAD_ENVS:
        # it is the policy's own if it stands in it as a text
        if any(r.get("pattern") == env and r.get("strategy") == "string"
               for r in items(c.get("env_rules"))):
            continue
        try:
            answer = enforcer.ask("create_container", **dict(
                request, envs=request["envs"] + [env]))
            if env in answer.get("envs", [env]):
                found.append("the variable " + env)
        except Denied:
            pass
    try:
        if enforcer.ask("create_container", **request).get("stdio"):
            found.append("input and output")
    except Denied:
        pass
    for process in items(c.get("exec_processes")):
        command = items(process.get("command"))
        if SHELLS & set(words(command)):
            gets("a shell: %s" % command, "exec_in_container", **dict(
                request, command=command))
    mounts = items(c.get("mounts"))
    if not enforcer.framework or enforcer.framework is Undefined or \
            not enforcer.old(NEWEST):
        for rule in items(enforcer.rules.get("platform_rules")):
            mounts = mounts + items(rule.get("mounts"))
    for m in mounts:
        if over(m["destination"], c):
            gets("a mount over %s" % m["destination"], "create_container",
                 **dict(request, mounts=[dict(m, source=m["source"].replace(
                     "sandbox://", "/run/sandbox").replace(".+", "evil"))]))
    shell = False
    for word in items(c.get("command")):
        if shell and any(
                sum(any(rule_ok(r, "%s=%s" % (name, value))
                        for r in items(c.get("env_rules")))
                    for value in ("evil", "x", "1")) > 1
                for name in re.findall(r"\$\{?(\w+)", word)):
            found.append("a command: %s" % word)
        shell = shell or bool(SHELLS & set(words([word])))


def judge(policy, samples=()):
    """("open", [what]), ("dead", [what]) or ("safe", [])."""
    try:
        enforcer = Enforcer(policy)
    except Denied as error:
        return "dead", [str(error)]
    found = attacks(enforcer, samples)
    if found:
        return "open", found
    containers = items(enforcer.rules.get("containers"))
    dead = [] if containers or enforcer.rules.get("fragments") else [
        "no container"]
    for c in containers:
        request = start(enforcer, c, samples)
        try:
            for digest in items(c.get("layers")):
                enforcer.ask("mount_device", digest=digest)
            enforcer.ask("rw_mount_device", encrypted=True)
            enforcer.ask("scratch_mount", encrypted=True)
            if not c.get("layers"):
                raise Denied("no layers")
            enforcer.ask("mount_overlay", layers=c["layers"])
            enforcer.ask("create_container", **request)
        except Denied as error:
            dead.append("%s: %s" % (c.get("name"), error))
    return ("dead", dead) if dead else ("safe", [])
