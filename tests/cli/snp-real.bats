#!/usr/bin/env bats
# snp-verify on reports of real processors; skipped where there are none.
# folders: evidence

load ../lib

setup() {
	need_vectors snp azure/csc-production azure/csc-security-context
	cd "$BATS_TEST_TMPDIR" || return
	real=$VECTORS/snp
	made=$VECTORS/azure/csc-production
	# while all but one of the leaves were valid
	at=2026-09-21T00:00:00Z
}

# verify SET [OPTION...]: with all that lies beside the report.
verify() {
	local set=$1 more=()
	shift
	if [ -e "$real/$set/reference-info.cose" ]; then
		more=(-u "$real/$set/reference-info.cose"
		    -p "$real/$set/security-policy.rego")
	fi
	snp-verify --at "$at" --certs "$real/$set/chain.pem" "${more[@]}" "$@" \
		"$real/$set/report.bin"
}

# sample SET [OPTION...]: the same for a guest with a sample's policy.
sample() {
	verify "$@" --allow-open-policy
}

# passed CMD...: status 0.
passed() {
	_capture "$@"
	[ "${_status:?}" -eq 0 ] || _complain "not verified" "${_at:?}" "$@"
}

# results RESULT: the names of the checks with it, in their order.
results() {
	awk -v want="$1" '$1 == want { printf "%s%s", n++ ? " " : "", $2 }' \
		"${_at:?}/out"
}

proof='format signature chain signer product tcb chip-id trailer debug '
proof+='migration vmpl'

@test "container groups: report, chain, policy, endorsement" {
	local set
	for set in aci-v2-milan-svn22 aci-v3-milan-svn101; do
		passed sample $set
		[ "$(results pass)" = "$proof host-data open-policy endorsement" ]
		grep -q '^pass  endorsement .*Azure container groups' "$_at/out"
	done
	grep -q '^skip  uvm-svn       101,' "$_at/out"
	passed sample "$set" --min-uvm-svn 101
	refuses 1 'not verified: uvm-svn$' sample "$set" --min-uvm-svn 102
	warns 'SVN is below 100' sample aci-v2-milan-svn22
}

@test "the policies of samples allow everything, and that is no" {
	local set
	for set in aci-v2-milan-svn22 aci-v3-milan-svn101; do
		refuses 1 'not verified: open-policy$' verify $set
		grep -q '^FAIL  open-policy .*(ACI samples' "$_at/out"
		warns 'allows everything' sample $set
	done
}

@test "a guest that may be debugged" {
	refuses 1 'not verified: debug$' verify kvm-v2-milan-debug
	passed verify kvm-v2-milan-debug --allow-debug
}

@test "a VLEK that has expired, at VMPL 1" {
	refuses 1 'not verified: chain, vmpl$' verify aws-v3-milan-vlek
	grep -q '^FAIL  chain .*leaf: expired at 2025-12-10T' "$_at/out"
	grep -q '^FAIL  vmpl          1 instead of 0' "$_at/out"
	passed verify aws-v3-milan-vlek --at 2025-11-01T00:00:00Z --vmpl any
	grep -q '^pass  signer        VLEK.*CN=cc-us-east-2.amazonaws.com$' \
		"$_at/out"
}

@test "a confidential VM, with and without its blob" {
	local set=azcvm-milan-hcl
	passed verify $set -r "$real/$set/runtime-data.json"
	passed snp-verify --at "$at" --certs "$real/$set/chain.pem" \
		"$real/$set/hcl.bin"
	[ "$(results pass)" = "$proof report-data open-policy" ]
}

# forms SET: its certificates in the folder f as people have them.
forms() {
	local dir=$real/$1 n
	rm -rf f
	mkdir -p f/snpguest f/any
	cp "$dir/leaf.pem" f/leaf
	for n in leaf ask ark; do
		openssl x509 -in "$dir/$n.pem" -outform DER -out f/$n.der
		openssl x509 -in "$dir/$n.pem" -text >f/$n.text
	done
	cat "$dir"/{ark,leaf,ask}.pem >f/shuffled
	cat f/{ask,ark,leaf}.text >f/text
	cat f/{ark,ask,leaf}.der >f/ders
	base64 f/ders >f/b64
	cp f/leaf.der f/snpguest/vcek.der
	cp "$dir/ask.pem" "$dir/ark.pem" f/snpguest
	cp f/leaf.text f/any/$'a\nb'
	cp f/ask.der f/any/1
	mv f/{leaf,ask,ark}.text f/any
}

@test "the same of the same certificates in any form" {
	local set form
	for set in aci-v2-milan-svn22 aci-v3-milan-svn101 kvm-v2-milan-debug \
	    aws-v3-milan-vlek azcvm-milan-hcl NEG-aci-v3-mismatched-vcek; do
		forms $set
		snp-verify --at "$at" --certs "$real/$set/chain.pem" --json \
			"$real/$set/report.bin" >want || :
		[ -s want ]
		for form in leaf leaf.der shuffled text ders b64 snpguest any; do
			snp-verify --at "$at" --certs f/$form --json \
				"$real/$set/report.bin" >is || :
			jq -e --slurpfile want want '
			    def verdict: [.verified, .report,
			    (.checks[] | [.name, .result])];
			    verdict == ($want[0] | verdict)' is >/dev/null ||
				_complain "$set: $form" . true
		done
	done
}

@test "a leaf of another chip fails in these two only" {
	refuses 1 'not verified: signature, chip-id$' \
		sample NEG-aci-v3-mismatched-vcek
	grep -q '^pass  endorsement' "$_at/out"
	grep -q '^pass  host-data' "$_at/out"
}

@test "every field of every report" {
	local set
	for set in $(jq -r 'keys[]' "$real/golden-fields.json"); do
		snp-verify --show --json "$real/$set/report.bin" >out
		jq -e --arg set "$set" --slurpfile golden \
			"$real/golden-fields.json" \
			'.report == $golden[0][$set]' out
		jq -e '.kds_url == null or (.kds_url |
		    startswith("https://kdsintf.amd.com/vcek/v1/Milan/"))' out
	done
	snp-verify --show --json "$real/azcvm-milan-hcl/hcl.bin" |
		jq -e --slurpfile golden "$real/golden-fields.json" \
		'.report == $golden[0]["azcvm-milan-hcl"]'
}

@test "a security context needs no other option" {
	local report=$made/snp_report.bin
	mkdir c
	base64 -w 0 "$made/uvm_host_amd_certificate.json" \
		>c/host-amd-cert-base64
	base64 -w 0 "$made/body.uvm_reference_info.bin" \
		>c/reference-info-base64
	cp "$made/uvm_security_policy.base64" c/security-policy-base64
	passed snp-verify --at "$at" -C c -r "$made/runtime.json" \
		--allow-open-policy "$report"
	[ "$(results pass)" = \
		"$proof report-data host-data open-policy endorsement" ]
	rm c/reference-info-base64
	refuses 1 'not verified: open-policy, endorsement$' \
		snp-verify --at "$at" -C c -r "$made/runtime.json" "$report"
	refuses 1 'signature, chip-id, host-data, open-policy, endorsement$' \
		snp-verify --at "$at" -C \
		"$VECTORS/azure/csc-security-context" "$report"
	refuses 1 'not verified: report-data$' snp-verify --at "$at" \
		--allow-open-policy \
		--certs "$made/uvm_host_amd_certificate.pem" \
		-r "$real/azcvm-milan-hcl/runtime-data.json" "$report"
}

@test "AMD's and Microsoft's keys are not taken for each other's" {
	local set=aci-v3-milan-svn101
	refuses 1 'not verified: chain, product$' \
		sample $set --root "$FAKE/pki/ark.pem"
	refuses 1 'not verified: endorsement$' sample $set \
		--uvm-issuer "$(cat "$FAKE/pki/uvm-did")" \
		--uvm-feed ContainerPlat-AMD-UVM
}
