#!/usr/bin/env bats
# snp-verify --explain: a paragraph and a command for each check that failed,
# by what the report and the certificates show.
# folders: evidence

load ../lib
load ../evidence

pki=$FAKE/pki

setup_file() {
	local set
	cd "$BATS_FILE_TMPDIR" || return
	printf 'package policy\n\nallow := true\n' >policy.rego
	for set in milan genoa turin vlek; do
		make_report "$set" "$set.report" || return
	done
	fake context --pki "$pki" --policy policy.rego context
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	zeros=$(printf '0%.0s' {1..128})
	did=$(cat "$pki/uvm-did")
}

# explains NAME TEXT COMMAND [OPTION...]: with the Milan chain unless --certs is
# among the options.  The paragraph of that check has the text, as extended
# regular expression, and the command.
explains() {
	local name=$1 text=$2 command=$3 certs=(--certs "$pki/milan/full.pem")
	shift 3
	[[ " $* " != *" --certs "* ]] || certs=()
	_capture snp-verify --root "$pki/ark.pem" --explain "${certs[@]}" "$@"
	[ "$_status" -eq 1 ] ||
		_complain "status $_status" "$_at" "$@" || return
	awk -v name="$name:" '$0 == name { on = 1; next } /^$/ { on = 0 }
	    on && !/^    \$ / { $1 = $1; t = t " " $0 }
	    on && /^    \$ / { c = substr($0, 7) }
	    END { print t; print c }' "$_at/out" >said
	head -n 1 said | grep -Eq -e "$text" ||
		_complain "$name: no text $text: $(cat said)" "$_at" "$@" || return
	tail -n 1 said | grep -Fq -e "$command" ||
		_complain "$name: no command $command: $(cat said)" "$_at" "$@"
}

@test "signature: the leaf of another chip or TCB, and a byte that changed" {
	explains signature 'another key: what is said of product' \
		'snp-certs -o certs.pem milan.report && snp-verify' \
		--root "$pki/genoa/ark.pem" --certs "$pki/genoa/full.pem" \
		milan.report
	explains signature 'what is said of signer' 'snp-certs -o' \
		--certs "$pki/vlek/full.pem" milan.report
	cp milan.report r
	printf '\x77' | dd of=r bs=1 seek=100 conv=notrunc status=none
	explains signature 'not as it was signed: a program' \
		'snp-report -o new.bin' r
	printf '\x01' | dd of=r bs=1 seek=730 conv=notrunc status=none
	explains signature 'bytes where no P-384 signature' 'snp-report' r
	dd if=/dev/zero of=r bs=1 seek=672 count=144 conv=notrunc status=none
	explains signature 'nothing but zeros: an emulator' 'snp-report' r
	make_report milan r "FAKE_SEV_PATCH=0x1a0:$zeros,0x48:02"
	printf '\x77' | dd of=r bs=1 seek=100 conv=notrunc status=none
	explains signature 'The host masks its chip id' 'snp-report' r
}

@test "chain: not AMD's root, out of time, and a link" {
	explains chain 'not the one that --root names' 'snp-certs' \
		--certs "$pki/genoa/full.pem" genoa.report
	_capture snp-verify --explain --certs "$pki/full.pem" milan.report
	tr -s ' \n' ' ' <"$_at/out" | grep -q 'none that AMD publishes'
	explains chain 'out of its time\. An old report' 'date -u' \
		--at 2050-01-01T00:00:00Z milan.report
	explains chain 'a VLEK lives for a year' 'date -u' \
		--certs "$pki/vlek/full.pem" --at 2050-01-01T00:00:00Z \
		vlek.report
	cat "$pki/evil/vcek.pem" "$pki/evil/ask.pem" "$pki/ark.pem" >chain
	explains chain 'the link below it is not' 'snp-certs' --certs chain \
		milan.report
}

@test "signer: VCEK and VLEK" {
	explains signer 'the provider.s key.*AWS.*from the host' \
		'snp-report --certs-out certs.pem' vlek.report
	explains signer 'its VCEK is AMD.s to give' 'snp-certs' \
		--certs "$pki/vlek/full.pem" milan.report
	make_report milan r FAKE_SEV_PATCH=0x48:1c
	explains signer 'sign no reports' 'snp-report' r
	make_report milan r FAKE_SEV_PATCH=0x48:08
	explains signer 'no known kind.*made up' 'snp-report' r
	make_report bad/nocsp r
	explains signer 'names its provider' 'snp-report' \
		--certs "$pki/bad/nocsp/full.pem" r
}

@test "product: another machine's, not known yet, against the rules" {
	explains product 'of another machine' 'snp-certs' \
		--root "$pki/genoa/ark.pem" --certs "$pki/genoa/full.pem" \
		milan.report
	make_report milan r FAKE_SEV_PATCH=0x188:1a50
	explains product 'model 0x50 is a processor for which' 'grep cpuid' r
	echo 'product: Turin' >rules
	explains product 'the rules accept others' 'snp-certs' --rules rules \
		milan.report
}

@test "tcb: updated since, fetched for another, older report, another machine" {
	# the leaf has bl 4 tee 0 snp 24 ucode 219
	local newer=05000000000018db older=04000000000017db
	make_report milan r FAKE_SEV_PATCH=0x180:$newer,0x1e0:$newer,0x38:$newer,0x1f0:$newer
	explains tcb 'committed as well.* updated after the certificate was' \
		'snp-certs -o certs.pem r && snp-verify --certs certs.pem r' r
	make_report milan r FAKE_SEV_PATCH=0x180:$newer,0x1e0:$older,0x38:$newer,0x1f0:$newer
	explains tcb 'provisional, for the committed TCB is bl 4 tee 0 snp 23' \
		'snp-certs' r
	make_report milan r FAKE_SEV_PATCH=0x180:$older
	explains tcb 'is the report.s current TCB: it was fetched' snp-certs r
	make_report milan r FAKE_SEV_PATCH=0x180:$newer,0x38:$newer
	explains tcb 'is the report.s committed TCB' snp-certs r
	make_report milan r FAKE_SEV_PATCH=0x180:$newer,0x38:$newer,0x1e0:$newer
	explains tcb 'is the report.s launch TCB' snp-certs r
	make_report milan r FAKE_SEV_PATCH=0x180:$older,0x1e0:$older,0x38:$older,0x1f0:$older
	explains tcb 'from before an update, or the host lowered' snp-certs r
	make_report milan r FAKE_SEV_PATCH=0x180:05000000000017db,0x1e0:00,0x38:00,0x1f0:00
	explains tcb 'some are higher, which no update does' snp-certs r
	make_report milan r FAKE_SEV_PATCH=0x182:01
	explains tcb 'something between the components' snp-certs r
	explains tcb 'whose components lie elsewhere' snp-certs \
		--certs "$pki/turin/full.pem" milan.report
}

@test "chip-id: another machine's, made up, masked, not one asked for" {
	explains chip-id "of chip $(head -c 16 "$pki/milan/chip-id")\.\.\., the \
certificate of chip $(head -c 16 "$pki/genoa/chip-id")\.\.\.: one of the two" \
		snp-certs --certs "$pki/genoa/full.pem" milan.report
	make_report milan r "FAKE_SEV_PATCH=0x1a0:$zeros"
	explains chip-id 'made up, or of an emulator' 'grep chip_id' r
	make_report bad/nohwid r
	explains chip-id 'named as a chip.s and names none' snp-certs \
		--certs "$pki/bad/nohwid/full.pem" r
	explains chip-id 'none of the chips that were asked for' 'grep chip_id' \
		--chip-id "$zeros" milan.report
	make_report milan r "FAKE_SEV_PATCH=0x1a0:$zeros,0x48:02"
	explains chip-id 'asked for, as the chip id is masked' 'grep chip_id' \
		--chip-id "${zeros//0/1}" r
}

@test "trailer and a revocation list" {
	make_report milan r FAKE_SEV_PATCH=0x49f:80
	explains trailer 'not zero is 0x49f' snp-report r
	explains crl 'its next update is fetched anew' \
		'snp-certs --crl -o certs.pem milan.report && snp-verify' \
		--crl "$pki/crl-expired.pem" milan.report
	explains crl 'must not be trusted' 'openssl crl' \
		--certs "$pki/vlek/full.pem" --crl "$pki/crl-expired.pem" \
		vlek.report
}

@test "the policy's flags and the privilege level" {
	make_report milan r FAKE_SEV_GUEST_POLICY=0xf001f
	explains debug '\(0xf001f\).*a debug build' 'grep ^policy' r
	explains migration 'had none \(report_id_ma is all ones\)' \
		'grep report_id_ma' r
	make_report milan r FAKE_SEV_GUEST_POLICY=0x7001f FAKE_SEV_PATCH=0x160:00
	explains migration 'had one' 'grep report_id_ma' r
	make_report milan r -l 2
	explains vmpl 'level 2, .*SVSM.* -l 2 accepts' 'grep vmpl' r
	make_report milan r FAKE_SEV_PATCH=0x30:ffffffff
	explains vmpl 'The host asked for this report' 'snp-report' r
	make_report milan r FAKE_SEV_PATCH=0x30:04
	explains vmpl 'no privilege level 4' 'grep vmpl' r
}

@test "report data" {
	local sum
	sum=$(sha256sum policy.rego | cut -c1-64)
	explains report-data 'all zeros: it was made without' \
		'sha256sum RUNTIME; snp-verify --show milan.report' -d "$sum" \
		milan.report
	make_report milan r -d "${sum//[a-f]/1}"
	explains report-data 'as of another SHA-256' sha256sum -d "$sum" r
	make_report milan r -d "$sum$sum"
	explains report-data 'All 64 bytes of it are in use' sha256sum \
		-d "$sum" r
}

@test "host data, and a policy that allows everything" {
	echo 'package policy' >other.rego
	explains host-data 'not byte for byte' \
		'policy-hash -c @milan.report other.rego' -p other.rego milan.report
	cp other.rego 'an other.rego'
	explains host-data 'not byte for byte' \
		'policy-hash -c @milan.report FILE' -p 'an other.rego' milan.report
	make_report milan r FAKE_SEV_HOST_DATA="${zeros:64}"
	explains host-data 'started without a policy' 'grep host_data' \
		--host-data "${zeros:65}1" r
	cp -R context no-policy
	rm no-policy/security-policy-base64
	explains host-data 'no policy to compare' 'ls -l no-policy' \
		-C no-policy --allow-missing endorsement milan.report
	make_report milan r FAKE_SEV_HOST_DATA=4f4448c67f3c8dfc8de8a5e37125d807dadcc41f06cf23f615dbd52eec777d10
	explains open-policy 'published as a sample' 'policy-hash --lint FILE' r
	explains host-data 'is the published policy' 'grep host_data' \
		--host-data "${zeros:64}" r
}

@test "measurement and endorsement" {
	local ms=(--uvm-issuer "$did" --uvm-feed ContainerPlat-AMD-UVM)
	explains measurement 'with -u or -C instead' 'grep measurement' \
		--measurement "${zeros:32}" milan.report
	explains measurement 'one that its endorser released' \
		'grep measurement' --measurement "${zeros:32}" -C context \
		"${ms[@]}" milan.report
	explains endorsement 'not one to be trusted: issuer' 'snp-verify -C' \
		-C context milan.report
	explains endorsement 'there is no endorsement: -u' 'snp-verify -C' \
		"${ms[@]}" milan.report
	make_report milan r FAKE_SEV_MEASUREMENT="${zeros:32}"
	explains endorsement 'from another release' 'snp-verify -C' \
		-C context "${ms[@]}" r
	cp -R context no-endorsement
	rm no-endorsement/reference-info-base64
	explains endorsement 'has no endorsement' 'ls -l no-endorsement' \
		-C no-endorsement milan.report
	explains uvm-svn 'is older.* start it again' 'grep guest_svn' \
		-C context "${ms[@]}" --min-uvm-svn 99999 milan.report
}

@test "floors and rules" {
	local tcb=05000000000018db
	explains min-tcb 'does not meet it either' 'grep _tcb' \
		--min-tcb snp=99 milan.report
	make_report milan r FAKE_SEV_PATCH=0x38:$tcb
	explains min-tcb 'current_tcb\) is recent enough' 'grep _tcb' \
		--min-tcb bl=5 r
	# rule, check, text, command
	while IFS='|' read -r rule check text command; do
		echo "$rule" >rules
		explains "$check" "$text" "$command" --rules rules r
	done <<-'END'
	min-tcb: {Turin: bl=1}|min-tcb|floors for other products|grep _tcb
	min-tcb: {Milan: bl=5}|min-tcb|is recent enough|grep _tcb
	launch-tcb: {Milan: bl=5}|launch-tcb|updated since, under the guest|grep _tcb
	launch-mitigations: "0x1"|launch-mitigations|of version 5 has the vectors|grep mit_vector
	current-mitigations: "0x1"|current-mitigations|of version 5 has the vectors|grep mit_vector
	committed: true|committed|the host can go back|grep 'current
	firmware: 9.0.0|firmware|version of the firmware is too low|grep _version
	abi: "1.55"|abi|lowest 16 bits of the policy|grep ^policy
	policy: {smt: false}|policy|it allows smt|grep ^policy
	platform-info: "0x0"|platform-info|alias_check_complete|grep platform_info
	guest-svn: 9|guest-svn|an ID block, signed by the key|grep 'family_id
	author-key: true|author-key-digest|an ID block and no author key|grep key_digest
	END
	make_report milan r5 FAKE_SEV_VERSION=5 FAKE_SEV_PATCH=0x1f8:01
	echo 'launch-mitigations: "0x2"' >rules
	explains launch-mitigations 'has to be started again' 'grep mit_v' \
		--rules rules r5
	echo 'current-mitigations: "0x40"' >rules
	explains current-mitigations 'has to be updated' 'grep mit_v' \
		--rules rules r5
	explains family-id 'ID block at launch' "grep 'family_id" \
		--family-id "${zeros:96}" milan.report
	explains image-id 'ID block at launch' "grep 'family_id" \
		--image-id "${zeros:96}" milan.report
	explains id-key-digest 'is none that is trusted' 'grep key_digest' \
		--id-key-digest "${zeros:32}" milan.report
	echo "report-id: \"${zeros:64}\"" >rules
	explains report-id 'at each start' 'grep report_id' --rules rules r
	make_report milan r FAKE_SEV_PATCH=0xe0:"${zeros:32}"
	explains image-id 'has no ID block' "grep 'family_id" \
		--image-id "${zeros:96}" r
	explains launch-tcb 'same firmware still runs' 'grep _tcb' \
		--rules <(echo 'launch-tcb: {Milan: bl=9}') milan.report
}

@test "as JSON, alone and by the line, and nothing where nothing failed" {
	_capture snp-verify --root "$pki/ark.pem" --certs "$pki/full.pem" \
		--explain --json -l 1 --min-tcb snp=99 milan.report
	[ "$(jq -c '[.explanations[] | .name]' "$_at/out")" = \
		'["vmpl","min-tcb"]' ]
	jq -e '.explanations | all((.text | length > 100) and
		(.command | length > 10) and (.text | contains("  ") | not))' \
		"$_at/out"
	base64 -w 0 milan.report >lines
	printf '\n' >>lines
	_capture snp-verify --root "$pki/ark.pem" --certs "$pki/full.pem" \
		--explain --lines -l 1 lines
	[ "$(jq -r '.explanations[0].command' "$_at/out")" = \
		'snp-verify --show REPORT | grep vmpl' ]
	_capture snp-verify --root "$pki/ark.pem" --certs "$pki/full.pem" \
		--explain --json milan.report
	[ "$_status" -eq 0 ]
	[ "$(jq -c .explanations "$_at/out")" = '[]' ]
	snp-verify --root "$pki/ark.pem" --certs "$pki/full.pem" milan.report \
		>plain
	snp-verify --root "$pki/ark.pem" --certs "$pki/full.pem" --explain \
		milan.report | cmp - plain
	# without it the output is what it was
	_capture snp-verify --root "$pki/ark.pem" --certs "$pki/full.pem" \
		--json -l 1 milan.report
	[ "$(jq 'has("explanations")' "$_at/out")" = false ]
	fails 2 'show proves nothing' snp-verify --show --explain milan.report
}

@test "lines of 79 columns, and no name that a shell would take apart" {
	cp milan.report 'a; b.report'
	_capture snp-verify --root "$pki/ark.pem" --certs "$pki/genoa/full.pem" \
		--explain 'a; b.report'
	awk '/^$/ { on = 1 } on && !/^    \$ / && length($0) > 79 { exit 1 }' \
		"$_at/out"
	[ "$(grep -c '^    \$ .*;' "$_at/out")" -eq 0 ]
	grep -q 'certs.pem REPORT' "$_at/out"
}
