#!/usr/bin/env bats
# snp-verify --rules: every rule refused once and passed once, and every field
# wrong once.
# folders: evidence host

load ../lib

pki=$FAKE/pki

setup_file() {
	local set
	cd "$BATS_FILE_TMPDIR" || return
	for set in milan turin; do
		with_device env FAKE_SEV_PKI="$pki/$set" "$BIN/snp-report" \
			-d "$(printf '5a%.0s' {1..32})" -o $set.report || return
	done
	snp-verify --show --json milan.report | jq .report >fields
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

# field NAME: of the report, as the output has it.
field() {
	jq -r ".$1" fields
}

# judge RULES [OPTION...]: the Milan report by those rules.
judge() {
	printf '%s\n' "$1" >rules
	snp-verify --root "$pki/ark.pem" --certs "$pki/full.pem" --rules rules \
		"${@:2}" milan.report
}

# passed CHECK RULES: and the check says what the rules made of it.
passed() {
	_capture judge "$2"
	[ "$_status" -eq 0 ] || _complain "not verified" "$_at" judge "$2"
	grep -q "^pass  $1 " "$_at/out"
}

# refused CHECK RULES
refused() {
	refuses 1 "^snp-verify: not verified: $1\$" judge "$2"
}

@test "each rule passes once and is refused once" {
	local tcb v
	passed product 'product: [Genoa, Milan]'
	refused product 'product: Turin'
	passed min-tcb 'min-tcb: {Milan: "snp=24,ucode=219", Turin: snp=9}'
	refused min-tcb 'min-tcb: {Milan: snp=25}'
	refused min-tcb 'min-tcb: {Turin: snp=1}'
	passed launch-tcb 'launch-tcb: {Milan: bl=0}'
	refused launch-tcb 'launch-tcb: {Milan: ucode=255}'
	for v in measurement:measurement host-data:host_data chip-id:chip_id \
	    family-id:family_id image-id:image_id report-id:report_id \
	    id-key-digest:id_key_digest \
	    author-key-digest:author_key_digest; do
		tcb=$(field "${v#*:}")
		passed "${v%:*}" "${v%:*}: [${tcb//[0-9a-f]/1}, $tcb]"
		passed "${v%:*}" "{\"${v%:*}\": \"$tcb\"}"
		refused "${v%:*}" "${v%:*}: [${tcb//[0-9a-f]/1}]"
	done
	passed vmpl 'vmpl: [0, 2]'
	passed vmpl 'vmpl: any'
	refused vmpl 'vmpl: 1'
	passed guest-svn "guest-svn: $(field guest_svn)"
	refused guest-svn 'guest-svn: 4000000000'
	refused uvm-svn 'uvm-svn: 1'
	passed firmware "firmware: $(field current_version)"
	passed firmware 'firmware: 0.255.255'
	refused firmware 'firmware: 255.0.0'
	passed abi 'abi: "0.31"'
	refused abi 'abi: "0.32"'
	refused abi 'abi: "1.0"'
	passed policy 'policy: {smt: true, cxl_allow: false}'
	refused policy 'policy: {smt: false}'
	passed policy 'policy: {single_socket: false}'
	refused policy 'policy: {single_socket: true}'
	passed platform-info "platform-info: \"$(field platform_info)\""
	refused platform-info 'platform-info: "0x0"'
	refused launch-mitigations 'launch-mitigations: "0x1"'
	refused current-mitigations 'current-mitigations: "0x0"'
	refused author-key-digest 'author-key: true'
	passed committed 'committed: true'
	refused endorsement 'endorser: {issuer: "did:x509:x", feed: y}'
	passed format 'author-key: false'
}

@test "mitigations: all bits that are wanted, of reports that have them" {
	cp milan.report kept
	with_device env FAKE_SEV_PKI="$pki/milan" FAKE_SEV_VERSION=5 \
		FAKE_SEV_PATCH=0x1f8:0700000000000080,0x200:1f \
		"$BIN/snp-report" -o milan.report
	passed launch-mitigations 'launch-mitigations: "0x8000000000000003"'
	passed current-mitigations 'current-mitigations: "0x1F"'
	passed current-mitigations 'current-mitigations: "0x0"'
	refused launch-mitigations 'launch-mitigations: "0x8"'
	grep -q '0x8000000000000007 lacks 0x8, which' "$_at/out"
	refused current-mitigations 'current-mitigations: "0x20"'
	mv kept milan.report
	refused current-mitigations 'current-mitigations: "0x0"'
	grep -q 'a report of version 3 does not say' "$_at/out"
}

@test "what is accepted by default no more than before" {
	local flag
	for flag in debug:0xb001f migration:0x7001f; do
		with_device env FAKE_SEV_PKI="$pki/milan" \
			FAKE_SEV_GUEST_POLICY="${flag#*:}" \
			"$BIN/snp-report" -o guest.report
		cp guest.report milan.saved
		mv milan.report kept
		mv guest.report milan.report
		refused "${flag%:*}" 'product: Milan'
		refused "${flag%:*}" "${flag%:*}: false"
		passed "${flag%:*}" "${flag%:*}: true"
		mv kept milan.report
	done
	# rules never take a check away
	echo 'product: Milan' >rules
	refuses 1 'not verified: chain, product$' snp-verify --rules rules \
		--certs "$pki/full.pem" milan.report
}

@test "an open policy, an author key" {
	local key open
	key=$(printf '2b%.0s' {1..48})
	open=b3452a0ed30f1010bd32740dd1610bc63296ceb0f882f2cac3a3152d651fe7e4
	cp milan.report kept
	with_device env FAKE_SEV_PKI="$pki/milan" FAKE_SEV_HOST_DATA=$open \
		FAKE_SEV_PATCH="0x48:01000000,0x110:$key" \
		"$BIN/snp-report" -o milan.report
	refused open-policy 'product: Milan'
	passed open-policy 'open-policy: true'
	passed author-key-digest $'open-policy: true\nauthor-key: true'
	mv kept milan.report
}

@test "a firmware that is provisional" {
	python3 - <<-'END'
	r = bytearray(open("milan.report", "rb").read())
	r[0x38] ^= 1
	open("other", "wb").write(r)
	END
	echo 'committed: true' >rules
	refuses 1 'not verified: signature, committed$' snp-verify \
		--root "$pki/ark.pem" --certs "$pki/full.pem" --rules rules \
		other
}

@test "every field wrong once, and names that are none: 3" {
	local bad
	for bad in 'product: Rome' 'product: []' 'product: 1' 'min-tcb: 1' \
	    'min-tcb: {}' 'min-tcb: {Rome: snp=1}' 'min-tcb: {Milan: snp=256}' \
	    'launch-tcb: {Milan: x}' 'measurement: 00' 'measurement: []' \
	    'measurement: {}' 'host-data: zz' 'chip-id: 0011' \
	    'family-id: [00, 11]' 'image-id: ""' 'report-id: 1' \
	    'id-key-digest: true' 'author-key-digest: x' 'vmpl: 4' 'vmpl: all' \
	    'vmpl: -1' 'guest-svn: -1' 'guest-svn: 4294967296' 'uvm-svn: x' \
	    'debug: yes' 'migration: 1' 'open-policy: []' 'firmware: 1.55' \
	    'firmware: 1.55.256' 'firmware: 1.5.5.1' 'abi: 1' 'abi: "1."' \
	    'policy: 3' 'policy: {smt: maybe}' 'policy: {smtt: true}' \
	    'platform-info: 37' 'platform-info: 0x' 'platform-info: 0xg' \
	    'platform-info: "0x-1"' 'platform-info: "0025"' 'launch-mitigations: 1' \
	    'current-mitigations: "0x11111111111111111"' \
	    'committed: no' 'author-key: 2' 'endorser: x' \
	    'endorser: {issuer: x}' 'endorser: {issuer: x, feed: ""}'; do
		fails 3 "rules: ${bad%%:*}: " judge "$bad"
	done
	fails 3 'rules: no-such: no rule that is known' judge 'no-such: 1'
	fails 3 'rules: Product: no rule' judge 'Product: Milan'
	fails 3 'not an object of rules' judge '- product'
	fails 3 'rules: ' judge '{"product":"Milan"'
	fails 3 'name given twice' judge $'vmpl: 0\nvmpl: any'
	fails 3 'name given twice' judge '{"vmpl":0,"vmpl":"any"}'
	fails 3 'rules: empty' judge ''
	fails 3 'not an object of rules' judge $'vmpl: 0\n---\nvmpl: any'
	fails 4 'missing: no such file' snp-verify --rules missing milan.report
	head -c 1048577 /dev/zero >big
	fails 3 'larger than 1048576' snp-verify --rules big milan.report
}

@test "what is said twice is refused, and --show-rules says it all" {
	fails 2 '--vmpl: the rules say it too' judge 'vmpl: 0' -l 1
	fails 2 '--min-svn: the rules say it too: guest-svn' \
		judge 'guest-svn: 0' --min-svn 1
	fails 2 '--measurement: the rules say it too' judge \
		"measurement: $(field measurement)" \
		--measurement "$(field measurement)"
	fails 2 '--allow-debug: the rules say it too' \
		judge 'debug: true' --allow-debug
	printf 'vmpl: [0, 1]\nproduct: Milan\n' >rules
	prints '{"vmpl":["0","1"],"product":"Milan"}' \
		snp-verify --show-rules --rules rules
	# what it prints are rules
	snp-verify --show-rules --rules rules >again
	prints '{"vmpl":["0","1"],"product":"Milan"}' \
		snp-verify --show-rules --rules again
	fails 2 '--rules, must be given' snp-verify --show-rules
}

@test "--lines goes by the rules too" {
	base64 -w 0 milan.report >in
	echo 'product: Turin' >rules
	_capture snp-verify --lines --root "$pki/ark.pem" \
		--certs "$pki/full.pem" --rules rules in
	[ "$_status" -eq 1 ]
	jq -e '[.checks[] | select(.result == "FAIL").name] == ["product"]' \
		"$_at/out"
}
