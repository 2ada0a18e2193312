#!/usr/bin/env bats
# The completions, asked of the shells they are for: what a line becomes when tab
# is pressed behind it.  A shell that is not here is skipped.
# folders: ground

load ../lib

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	touch old.rego report.bin 'a b.rego'
	cat >lines <<-'END'
		policy-hash --diff ol	policy-hash --diff old.rego
		policy-hash --diff=ol	policy-hash --diff=old.rego
		policy-hash -c @rep	policy-hash -c @report.bin
		policy-hash --check @rep	policy-hash --check @report.bin
		policy-hash --check=@rep	policy-hash --check=@report.bin
		policy-hash --as bic	policy-hash --as bicepparam
		policy-hash rep	policy-hash report.bin
		jwt-claims --provider-policy @ol	jwt-claims --provider-policy @old.rego
		jwt-claims -f tab	jwt-claims -f table
		jwt-claims --format=htm	jwt-claims --format=html
		jwt-claims -a RS38	jwt-claims -a RS384
		jwt-claims -c x-ms-sevsnpvm-vm	jwt-claims -c x-ms-sevsnpvm-vmpl=
		jwt-claims -k rep	jwt-claims -k report.bin
		jwt-claims -U --leew	jwt-claims -U --leeway
		snp-report -s sev-	snp-report -s sev-guest
		snp-report --source vt	snp-report --source vtpm
		snp-certs --from th	snp-certs --from thim
		snp-certs --from rep	snp-certs --from report.bin
		snp-verify --vmpl an	snp-verify --vmpl any
		blob-encrypt -f j	blob-encrypt -f jwe
		blob-decrypt --records cs	blob-decrypt --records csv
		key-release --enc RSA_AES_KEY_WRAP_2	key-release --enc RSA_AES_KEY_WRAP_256
		skr-serve --log-level deb	skr-serve --log-level debug
	END
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

# completed SHELL: each line becomes what stands behind it.  Blanks at the end,
# and the sign that zsh puts behind a name whose value is to come, are the
# shell's own.
completed() {
	local typed lines=()
	type -P "$1" >/dev/null || skip "no $1"
	while IFS=$'\t' read -r typed _; do
		lines+=("$typed")
	done <lines
	"$ROOT/tests/fake/complete-in" "$1" "$ROOT/completions" "${lines[@]}" |
	    sed 's/ *$//; s/\(--[a-z]*\)=$/\1/' >got
	diff <(cut -f 2 lines) got
}

@test "bash completes them so" {
	completed bash
}

@test "zsh completes them so" {
	completed zsh
}

@test "fish completes them so" {
	completed fish
}
