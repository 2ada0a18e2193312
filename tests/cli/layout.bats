#!/usr/bin/env bats
# Reports at a terminal: as wide as it is, hanging, whole words, in colour; and
# for a pipe one line a thing, as ever.
# folders: ground host

load ../lib

pki=$FAKE/pki

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	cat >policy.rego <<-'END'
		package policy
		api_version := "0.10.0"
		framework_version := "0.2.3"
		containers := [{"name": "web", "command": ["a", "b c d e f g h i j"],
		    "layers": ["0123456789012345678901234567890123456789012345678901234567890123"],
		    "env_rules": [{"pattern": ".*", "strategy": "re2", "required": false}],
		    "exec_processes": [{"command": ["sh"], "signals": []}],
		    "mounts": [], "signals": [], "user": {}, "allow_elevated": true,
		    "working_dir": "/", "allow_stdio_access": true}]
		fragments := []
		create_container := {"allowed": true}
	END
	sed 's/"web"/"other"/' policy.rego >old.rego
	with_device env FAKE_SEV_PKI="$pki/milan" "$BIN/snp-report" -o report.bin
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	command -v script >/dev/null || skip "no script"
}

# at_terminal COLUMNS COMMAND...: what a terminal of that width is shown of the
# standard output, or of the standard error with $ERRORS.
at_terminal() {
	local columns=$1
	shift
	env -u NO_COLOR TERM="${TERM_IS-xterm}" script -qec \
		"stty cols $columns; $(printf '%q ' "$@") $([ "${ERRORS-}" ] && echo ">/dev/null" || echo "2>/dev/null")" \
		/dev/null </dev/null | tr -d '\r' >shown || :
	sed 's/\x1b\[[0-9;]*m//g' shown >plain
}

# same_words COMMAND...: the terminal was shown what a pipe is, but for where
# lines break; only lines of one word after their blanks are too wide.
same_words() {
	local columns=$1
	shift
	at_terminal "$columns" "$@"
	"$@" >piped 2>/dev/null || :
	refute grep -q $'\033' piped
	diff <(tr -s ' \n' '\n' <piped) <(tr -s ' \n' '\n' <plain)
	refute grep -E ".{$((columns + 1))}" <(grep -vE '^ *[^ ]+$' plain)
}

@test "every report, narrow and wide, says the same words" {
	local columns
	for columns in 50 120; do
		same_words "$columns" snp-verify --root "$pki/milan/ark.pem" \
			--certs "$pki/milan/full.pem" -l 1 report.bin
		same_words "$columns" policy-hash --lint policy.rego
		same_words "$columns" policy-hash --list policy.rego
		same_words "$columns" policy-hash --diff old.rego policy.rego
	done
}

@test "what goes on hangs below, and a hash stays whole" {
	at_terminal 50 snp-verify --root "$pki/milan/ark.pem" \
		--certs "$pki/milan/full.pem" -p policy.rego report.bin
	grep -q '^pass  signature     ECDSA' plain
	grep -A1 '^pass  signature ' plain | tail -n 1 | grep -q '^ \{20\}[^ ]'
	grep -qE '(^| )[0-9a-f]{64}' plain
	# no line of a pipe is broken
	snp-verify --root "$pki/milan/ark.pem" --certs "$pki/milan/full.pem" \
		report.bin >piped || :
	refute grep -q '^ ' piped
}

@test "colours: of levels and results, not for TERM=dumb" {
	at_terminal 80 policy-hash --lint policy.rego
	grep -q $'^\033\[1;31munsafe\033\[0m  ' shown
	TERM_IS=dumb at_terminal 80 policy-hash --lint policy.rego
	grep -q '^unsafe  ' shown
	refute grep -q $'\033' shown
	at_terminal 80 policy-hash policy.rego
	refute grep -q $'\033' shown
}

@test "errors, warnings and hints break at blanks there, and nowhere else" {
	local columns line zeros
	zeros=$(printf '0%.0s' {1..64})
	for columns in 40 80; do
		ERRORS=1 at_terminal "$columns" policy-hash -c "$zeros" policy.rego
		refute grep -E ".{$((columns + 1))}" <(grep -vE '^ *[^ ]+$' plain)
		grep -q '^policy-hash: hint: ' plain
		grep -q '^    [^ ]' plain
		grep -qw "$zeros" plain
		policy-hash -c "$zeros" policy.rego 2>piped || [ "$?" -eq 1 ]
		diff <(tr -s ' \n' '\n' <piped) <(tr -s ' \n' '\n' <plain)
		while read -r line; do
			[[ $line == "policy-hash: "* ]]
		done <piped
	done
}

@test "--lint ends with a count by level" {
	policy-hash --lint policy.rego 2>/dev/null | tail -n 1 |
		grep -qE '^verdict  [0-9]+ unsafe'
}
