#!/usr/bin/env bats
# policy-hash --list, --lint and --diff -- what a policy really allows.
# folders: lint policy
# shellcheck disable=SC2016,SC2154

bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	strict >strict.rego
	sed 's/^\([a-z0-9_]*\) := data\.framework\..*/\1 := {"allowed": true}/' \
	    strict.rego >decoy.rego
	sed 's/^containers := .*/containers := []/' decoy.rego >open.rego
	cat strict.rego - >custom.rego <<'END'
helper(x) if {
	x == 1
}
END
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

# A policy without a finding.
strict() {
	local layer=0123456789abcdef point
	layer=$layer$layer$layer$layer
	cat <<END
package policy

api_version := "0.11.0"
framework_version := "0.5.0"

fragments := []
containers := [{"allow_elevated":false,"allow_stdio_access":false,"capabilities":{"ambient":[],"bounding":[],"effective":[],"inheritable":[],"permitted":[]},"command":["/bin/web","--port=80"],"env_rules":[{"pattern":"MODE=strict","required":true,"strategy":"string"}],"exec_processes":[],"id":"web@sha256:$layer","layers":["$layer"],"mounts":[],"name":"web","no_new_privileges":true,"seccomp_profile_sha256":"$layer","signals":[],"user":{"group_idnames":[{"pattern":"1000","strategy":"id"}],"umask":"0022","user_idname":{"pattern":"1000","strategy":"id"}},"working_dir":"/"}]

allow_properties_access := false
allow_dump_stacks := false
allow_runtime_logging := false
allow_unencrypted_scratch := false

END
	for point in mount_device rw_mount_device rw_unmount_device \
	    mount_overlay create_container unmount_device exec_in_container \
	    exec_external shutdown_container signal_container_process \
	    unmount_overlay plan9_mount plan9_unmount get_properties \
	    dump_stacks runtime_logging load_fragment scratch_mount \
	    scratch_unmount registry_changes log_provider mount_cims; do
		echo "$point := data.framework.$point"
	done
}

# finds LEVEL WHERE SED: the strict policy changed by SED has this finding.
finds() {
	sed "$3" strict.rego >changed.rego
	run ! cmp -s strict.rego changed.rego
	policy-hash -q --lint changed.rego >report 2>/dev/null || true
	grep -q "^$1  .*$2" report || {
		cat report
		return 1
	}
}

@test "nothing is said of a safe policy" {
	prints 'framework  policy  each enforcement point that it binds is the framework'\''s
verdict  nothing found  nothing unsafe' \
	    policy-hash --lint strict.rego
	policy-hash --lint --json strict.rego | jq -e '.lint.class == "framework"
	    and .lint.findings == [] and .lint.verdict == "nothing unsafe"
	    and .lint.counts.unsafe == 0' >/dev/null
}

@test "one line says how much of each, and what it comes to" {
	sed 's/"strategy":"id"/"strategy":"any"/; s/MODE=strict/PATH=x/' \
	    strict.rego >sum.rego
	policy-hash --lint sum.rego | tail -n 1 |
	    grep -qx 'verdict  1 weak  nothing unsafe, but weaker than need be'
	policy-hash -q --lint decoy.rego 2>/dev/null | tail -n 1 |
	    grep -qx 'verdict  22 unsafe  unsafe: it lets the host in'
	policy-hash -q --lint custom.rego 2>/dev/null | tail -n 1 |
	    grep -qx 'verdict  1 not assessed  not assessed: some of it may mean anything'
	policy-hash -q --lint --json decoy.rego 2>/dev/null |
	    jq -e '.lint.counts == {unsafe: 22, weak: 0, broken: 0,
		"not assessed": 0, note: 0}' >/dev/null
}

@test "a policy with which nothing starts is 1, as an unsafe one is" {
	sed '/^framework_version/d' strict.rego >dead.rego
	refuses 1 '1 broken setting: what carries the policy does not start$' \
	    policy-hash --lint dead.rego
	tail -n 1 "$_at/out" |
	    grep -qx 'verdict  1 broken  broken: what it says cannot work'
	sed 's/^api_version .*/api_version := "0.11"/' strict.rego >dead.rego
	refuses 1 'does not start' policy-hash --lint dead.rego
	{ cat strict.rego; printf "# caf\351\n"; } >dead.rego
	fails 3 'line 36: a byte that is no UTF-8' policy-hash --lint dead.rego
	# it is hashed all the same
	succeeds policy-hash dead.rego >/dev/null
}

@test "what the host may set is named with what gets through" {
	finds unsafe 'LD_PRELOAD=B=2 gets through' 's/{"pattern":"MODE=strict","required":true,"strategy":"string"}/{"pattern":"A=1|B=2","required":true,"strategy":"re2"}/'
	finds unsafe 'host sets any variable' 's/{"pattern":"MODE=strict","required":true,"strategy":"string"}/{"pattern":"*","required":true,"strategy":"re2"}/'
	finds unsafe 'PATH=x gets through' 's/{"pattern":"MODE=strict","required":true,"strategy":"string"}/{"pattern":"P.TH=.+","required":true,"strategy":"re2"}/'
	# but nothing of a secret
	finds unsafe 'host sets' 's/{"pattern":"MODE=strict","required":true,"strategy":"string"}/{"pattern":"A=1|PASSWORD=hunter2","required":true,"strategy":"re2"}/'
	run ! grep -q hunter2 report
}

# mounts DESTINATION [TYPE [OPTION]]: sed that gives the container a mount of
# the host's.
mounts() {
	printf '%s' "s#\"mounts\":\\[\\]#\"mounts\":[{\"destination\":\"$1\"," \
	    "\"source\":\"sandbox:///tmp/atlas/emptydir/.+\",\"type\":\"" \
	    "${2:-bind}\",\"options\":[\"${3:-rbind}\",\"ro\"]}]#"
}

# command_of WORD...: sed that gives it another command, a blank for each _.
command_of() {
	local words
	words=$(printf '"%s",' "${@//_/ }")
	words=${words//&/\\&}
	printf 's\001"command":\\[[^]]*\\]\001"command":[%s]\001' "${words%,}"
}

@test "what is bound is the host's, whatever its type; a kernel's is not" {
	local type
	for type in tmpfs proc sysfs cgroup; do
		finds unsafe '/usr/lib is the host' "$(mounts /usr/lib $type)"
		finds unsafe '/usr/lib is the host' \
		    "$(mounts /usr/lib $type bind)"
		sed "$(mounts /usr/lib $type nosuid)" strict.rego >changed.rego
		succeeds policy-hash -q --lint changed.rego >/dev/null
	done
	for to in /nix/store /snap/bin /home/u/bin /srv/venv/site-packages \
	    /app/lib /home/u/app/node_modules; do
		finds unsafe "$to is the host" "$(mounts $to)"
	done
	for to in /var/lib/x /etc/x/bin /app/lib/data /opt/app; do
		sed "$(mounts $to)" strict.rego >changed.rego
		succeeds policy-hash -q --lint changed.rego >/dev/null
	done
}

@test "a program is also where a shell, an option or a variable has it" {
	local words
	while read -r -a words; do
		finds unsafe 'mounts: /srv is the host' \
		    "$(mounts /srv);$(command_of "${words[@]}")"
	done <<-'END'
	sh -c exec_/srv/run
	sh -c cd_/srv_&&_./run
	sh -c A=1_/srv/run_-x
	sh -c PATH=/bin:/srv/bin_run
	tini -- bash -lc true;_python3_/srv/x.py
	find / -exec /srv/run ;
	perl -I/srv/lib /x.pl
	java -javaagent:/srv/a.jar Main
	java -cp /lib/a.jar:/srv/b.jar Main
	env PATH=/bin:/srv/bin web
	END
	# what is read or written is none, nor what a program is told of
	while read -r -a words; do
		sed "$(mounts /srv);$(command_of "${words[@]}")" \
		    strict.rego >changed.rego
		succeeds policy-hash -q --lint changed.rego >/dev/null
	done <<-'END'
	sh -c web_--conf_/srv/x_>_/srv/log
	web -c /srv/web.conf
	sh -c X=/srv/x_web
	END
	finds unsafe 'mounts: /srv is the host' \
	    "$(mounts /srv);s#MODE=strict#PATH=/bin:/srv#"
	finds unsafe 'mounts: /srv is the host' \
	    "$(mounts /srv);s#MODE=strict#PYTHONPATH=/srv/lib#"
}

@test "what the host chooses is given to a shell in many ways" {
	local words env='s#MODE=strict#RUN=.*#;s#"string"#"re2"#'
	while read -r -a words; do
		finds unsafe 'is given \$RUN, whose value the host' \
		    "$env;$(command_of "${words[@]}")"
	done <<-'END'
	sh -c exec_$RUN
	ash -c ${!RUN}
	bash -c echo_$((RUN))
	sh -c printenv_RUN_|_sh
	cmd /c %RUN%
	pwsh -c $env:RUN
	flock /x -c $RUN
	ncat --sh-exec $RUN
	socat - SYSTEM:$RUN
	python3 -c os.system(os.environ['RUN'])
	perl -e exec_$ENV{RUN}
	END
	# a length, a name alone, a program that is none, a value that is read
	while read -r -a words; do
		sed "$env;$(command_of "${words[@]}")" strict.rego >changed.rego
		succeeds policy-hash -q --lint changed.rego >/dev/null
	done <<-'END'
	sh -c echo_${#RUN}
	sh -c echo_RUN
	web $RUN
	python3 -c print(os.environ['RUN'])
	END
	# by a rule of the platform's own names
	finds unsafe 'is given \$HOSTNAME, whose' "s#MODE=strict#HOSTNAME=.+#
	    s#\"string\"#\"re2\"#;$(command_of sh -c '$HOSTNAME')"
}

@test "who has no user, group, umask or profile that fits never starts" {
	finds broken 'no group fits' 's#"group_idnames":\[[^]]*\]#"group_idnames":[]#'
	finds broken 'no group fits' 's#"1000","strategy":"id"}\],#"(","strategy":"re2"}],#'
	finds broken 'no user fits' 's#"1000","strategy":"id"}},#"[a","strategy":"re2"}},#'
	finds broken 'no user fits' 's#"1000","strategy":"id"}},#"a","strategy":"glob"}},#'
	finds weak 'root included' 's#"1000","strategy":"id"}},#"r.*","strategy":"re2"}},#'
	finds weak 'a pattern fits' 's#"1000","strategy":"id"}},#"web[0-9]","strategy":"re2"}},#'
	finds broken 'umask' 's#"0022"#"022"#'
	finds broken 'umask' 's#"0022"#"0o22"#'
	finds broken 'seccomp_profile_sha256' \
	    's#"seccomp_profile_sha256":"0#"seccomp_profile_sha256":"G#'
}

@test "many variables, rules, mounts and commands take no square of the time" {
	python3 - <<-'END'
	import json, re
	text = open("strict.rego").read()
	line = re.search(r"^containers := (.*)$", text, re.M).group(1)
	def write(name, container, more=None, extra=""):
	    c = dict(json.loads(line)[0], **container)
	    open(name, "w").write(text.replace(line, json.dumps(
	        [c] + (more(c) if more else []))) + extra)
	n = 4000
	def mounts(i):
	    return {"destination": "/d%d" % i, "source": "sandbox:///x", "type":
	            "bind", "options": ["ro"]}
	write("vars.rego", {"command": ["sh", "-c", " ".join(
	    "$A%d" % i for i in range(n))], "env_rules": [
	    {"pattern": "B%d=.*" % i, "strategy": "re2", "required": True}
	    for i in range(n)]})
	write("mounts.rego", {"mounts": [mounts(i) for i in range(n)],
	    "exec_processes": [{"command": ["/p%d/x" % i], "signals": []}
	                       for i in range(n)]})
	write("rules.rego", {}, lambda c: [dict(c, command=["/p%d/x" % i])
	    for i in range(n)], "platform_rules := " + json.dumps(
	    [{"mounts": [mounts(i)]} for i in range(n)]) + "\n")
	def lines(name, *rows):
	    open(name, "w").write(text + "".join(
	        r.format(i, i + 1) + "\n" for i in range(n) for r in rows))
	lines("chain.rego", "x{0} := data.policy.x{1}")
	lines("names.rego", "x{0} := {0}")
	# each leads to two that lead to the same two
	lines("paths.rego", "x{0} := f(data.policy.x{1}, data.policy.y{1})",
	      "y{0} := f(data.policy.x{1}, data.policy.y{1})")
	lines("imports.rego", "import data.a{0}")
	END
	for file in chain names paths imports; do
		run timeout 20 policy-hash -q --lint $file.rego
		[ "$status" -eq 3 ]
	done
	for file in vars mounts rules; do
		timeout 20 policy-hash -q --lint $file.rego >/dev/null
	done
}

@test "the class comes first: open, decoy, mixed, custom" {
	refuses 1 'unsafe setting' policy-hash -q --lint open.rego
	[ "$(head -n 1 "$_at/out" | cut -d ' ' -f 1)" = open ]
	refuses 1 'unsafe setting' policy-hash -q --lint decoy.rego
	[ "$(head -n 1 "$_at/out" | cut -d ' ' -f 1)" = decoy ]
	sed 's/^plan9_mount .*/plan9_mount := {"allowed": true}/' strict.rego \
	    >mixed.rego
	refuses 1 '1 unsafe setting$' policy-hash -q --lint mixed.rego
	[ "$(head -n 1 "$_at/out" | cut -d ' ' -f 1)" = mixed ]
	refuses 3 'not all of it can be assessed' policy-hash --lint custom.rego
	[ "$(head -n 1 "$_at/out" | cut -d ' ' -f 1)" = custom ]
	grep -q '^not assessed  line .*helper(x)' "$_at/out"
}

@test "the hardening table, row by row" {
	finds unsafe allow_stdio_access 's/"allow_stdio_access":false/"allow_stdio_access":true/'
	finds unsafe allow_elevated 's/"allow_elevated":false/"allow_elevated":true/'
	finds unsafe allow_dump_stacks 's/^allow_dump_stacks := false/allow_dump_stacks := true/'
	finds unsafe allow_runtime_logging 's/^allow_runtime_logging := false/allow_runtime_logging := true/'
	finds unsafe allow_unencrypted_scratch 's/^allow_unencrypted_scratch := false/allow_unencrypted_scratch := true/'
	finds unsafe 'exec_processes' 's,"exec_processes":\[\],"exec_processes":[{"command":["/bin/sh"]}],'
	finds weak user 's/"strategy":"id"/"strategy":"any"/'
	finds weak no_new_privileges 's/"no_new_privileges":true/"no_new_privileges":false/'
	finds weak capabilities 's/"capabilities":{[^}]*}/"capabilities":null/'
	finds weak seccomp 's/"seccomp_profile_sha256":"[^"]*"/"seccomp_profile_sha256":""/'
	finds unsafe 'exec_external.*api_version is before 0.3.0' \
	    's/^api_version.*/api_version := "0.1.0"/; /^exec_external/d'
	finds broken 'template' 's/--port=80/[parameters('\''port'\'')]/'
	finds unsafe 'a password' 's/MODE=strict/DB_PASSWORD=hunter2/'
	run ! grep -q hunter2 report
}

@test "a policy whose containers are tidy and whose points are open is unsafe" {
	refuses 1 'unsafe' policy-hash -q --lint --json decoy.rego
	jq -e '.lint.class == "decoy" and
	    ([.lint.findings[] | select(.level == "unsafe") | .where] |
	    index("create_container") != null)' "$_at/out" >/dev/null
}

@test "--lint of several: the highest status, each under its name" {
	run --separate-stderr policy-hash -q --lint strict.rego custom.rego
	[ "$status" -eq 3 ]
	[ "$(grep -c '^[a-z]*\.rego:$' <<<"$output")" -eq 2 ]
	[ "$stderr" = "policy-hash: custom.rego: not all of it can be assessed" ]
	# the report is written all the same, also to a file
	run policy-hash -q --lint -o report.txt decoy.rego
	[ "$status" -eq 1 ]
	grep -q '^decoy' report.txt
}

@test "what cannot be read has no report" {
	printf 'package policy\na := {"b":1,"b":2}\n' >twice.rego
	fails 3 'twice.rego: rego: name given twice: "b"' \
	    policy-hash --lint twice.rego
	printf 'package policy\na := 1\na := 2\n' >twice.rego
	fails 3 'name given twice: "a"' policy-hash --list twice.rego
	printf 'package policy\na := "x\n' >open-text.rego
	fails 3 'line 2: a text that does not end' \
	    policy-hash --lint open-text.rego
	{ printf 'package policy\n'; head -c 4194304 /dev/zero | tr '\0' '#'
	} >huge.rego
	fails 3 'larger than 4194304 bytes' policy-hash --lint huge.rego
	policy-hash huge.rego >/dev/null
	rm huge.rego
	fails 2 'exclude each other' policy-hash --lint --list strict.rego
	fails 2 'text takes one file' policy-hash --text --json strict.rego
}

@test "--list: containers, fragments and settings" {
	succeeds policy-hash --list strict.rego >list
	grep -q '^container 0: web$' list
	grep -q '^  command: \["/bin/web","--port=80"\]$' list
	grep -q '^  env_rules: 1, of which 0 by pattern, 1 required$' list
	grep -q '^setting: api_version "0.11.0"$' list
	run ! grep -q 'MODE' list
	sed 's/^fragments.*/fragments := [{"feed":"f","issuer":"i","minimum_svn":"1","includes":["containers"]}]/' \
	    strict.rego >fragment.rego
	policy-hash --list fragment.rego | grep -A 5 '^fragment 0: f' |
	    grep -q 'hash does not change'
	policy-hash --list --json fragment.rego | jq -e '
	    .policy.rules.fragments[0].minimum_svn == "1" and
	    .policy.rules.create_container ==
		{ref: "data.framework.create_container"}' >/dev/null
	sed 's/"name":"web"/"name":"w\\u001b[2Jeb"/' strict.rego >escape.rego
	policy-hash --list escape.rego | grep -q '^container 0: w\\x1b\[2Jeb$'
}

@test "--diff: bytes, meaning, and what changed" {
	prints 'same bytes' policy-hash --diff strict.rego strict.rego
	base64 -w0 strict.rego >strict.b64
	prints 'same bytes' policy-hash --diff strict.b64 - <strict.rego
	policy-hash --diff strict.rego --json strict.b64 |
	    jq -e '.diff.bytes and .diff.same' >/dev/null
	# the same bytes are the same, whatever they mean
	prints 'same bytes' policy-hash --diff custom.rego custom.rego
	policy-hash --diff custom.rego --json custom.rego |
	    jq -e '.diff == {bytes: true, same: true, assessed: true,
		changes: []}' >/dev/null
	sed 's/^api_version/# moved\n&/; s/"signals":\[\],//' strict.rego |
	    sed 's/"working_dir":"\/"/"signals":[], &/' >moved.rego
	prints 'same meaning, other bytes' \
	    policy-hash --diff strict.rego moved.rego
	refuses 1 'it differs in 22 places' \
	    policy-hash -q --diff strict.rego decoy.rego
	grep -q '^create_container: "data.framework.create_container" -> {"allowed": *true}$' "$_at/out"
	sed 's/MODE=strict/MODE=lax/; s/--port=80/--port=81/' strict.rego >env.rego
	refuses 1 'it differs in 2 places' policy-hash --diff strict.rego env.rego
	diff - "$_at/out" <<'END'
containers web command: ["/bin/web","--port=80"] -> ["/bin/web","--port=81"]
containers web env_rules: removed ["MODE"] added ["MODE"]
END
	refuses 3 'not all of it can be compared' \
	    policy-hash --diff strict.rego custom.rego
	printf 'package policy\na := 1\na := 2\n' >twice.rego
	fails 3 'name given twice' policy-hash --diff twice.rego strict.rego
	fails 3 'name given twice' policy-hash --diff strict.rego twice.rego
	fails 4 'gone: no such file' policy-hash --diff gone strict.rego
	fails 2 'with one file' policy-hash --diff a b c
	fails 2 'read only once' policy-hash --diff - <strict.rego
}

@test "real policies: open, framework with its findings, a leaked expression" {
	need_vectors policy/rego
	cd "$VECTORS/policy" || return
	refuses 1 'unsafe' policy-hash -q --lint rego/hcsshim-open_door-0.12.0.rego
	grep -q '^open  ' "$_at/out"
	refuses 1 'unsafe' policy-hash -q --lint rego/confcom-minimal.trailing-3nl.rego
	grep -q '^framework  ' "$_at/out"
	grep -q '^unsafe  containers\[0\] container1  allow_stdio_access' "$_at/out"
	grep -q '^weak  containers\[0\] container1  user' "$_at/out"
	grep -q '^weak  containers\[0\] container1  no_new_privileges' "$_at/out"
	refuses 1 'unsafe' policy-hash -q --lint rego/strict.arm-expr-leak.rego
	grep -q '^broken  containers\[0\].command\[2\]  a template.s expression leaked' "$_at/out"
	refuses 1 'unsafe' policy-hash -q --lint rego/simple_server-elevated.rego
	grep -q 'allow_elevated' "$_at/out"
	refuses 1 'unsafe' policy-hash -q --lint kata/kafka-consumer.yaml
	grep -q '^custom  agent_policy' "$_at/out"
	prints 'same meaning, other bytes' policy-hash --diff \
	    arm/confcom-existing_policy.json rego/confcom-minimal.trailing-3nl.rego
}
