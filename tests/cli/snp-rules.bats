#!/usr/bin/env bats
# snp-verify --rules: every rule refused once and passed once, and every field
# wrong once.
# folders: evidence host

load ../lib

pki=$FAKE/pki

setup_file() {
	local key
	cd "$BATS_FILE_TMPDIR" || return
	key=$(printf '2b%.0s' {1..48})
	of milan milan &&
	    of turin turin &&
	    of v5 milan FAKE_SEV_VERSION=5 \
		FAKE_SEV_PATCH=0x1f8:0700000000000080,0x200:1f &&
	    of debug milan FAKE_SEV_GUEST_POLICY=0xb001f &&
	    of migration milan FAKE_SEV_GUEST_POLICY=0x7001f &&
	    of single milan FAKE_SEV_GUEST_POLICY=0x13001f &&
	    of author milan FAKE_SEV_PATCH="0x48:01000000,0x110:$key" &&
	    of disabled milan FAKE_SEV_PATCH="0x110:$key" &&
	    of bare milan FAKE_SEV_PATCH="0xe0:${key//2b/00}" &&
	    of provisional milan FAKE_SEV_PATCH=0x38:05 &&
	    of newer milan FAKE_SEV_PATCH=0x1e8:ff &&
	    of open milan FAKE_SEV_HOST_DATA=b3452a0ed30f1010bd32740dd1610bc63296ceb0f882f2cac3a3152d651fe7e4 ||
	    return
	snp-verify --show --json milan.report | jq .report >fields
	printf 'package policy\n' >policy.rego
	fake context --pki "$pki" --policy policy.rego made
	base64 -d made/reference-info-base64 >uvm
}

# of NAME SET [NAME=VALUE...]: a report with that chain.
of() {
	with_device env FAKE_SEV_PKI="$pki/$2" "${@:3}" "$BIN/snp-report" \
		-d "$(printf '5a%.0s' {1..32})" -o "$1.report"
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	of=milan
	with=()
}

# field NAME: of the report, as the output has it.
field() {
	jq -r ".$1" fields
}

# judge RULES [OPTION...]: the report $of, of Milan, by those rules.
judge() {
	printf '%s\n' "$1" >rules
	snp-verify --root "$pki/ark.pem" --certs "$pki/full.pem" --rules rules \
		"${with[@]}" "${@:2}" $of.report
}

# passed CHECK RULES: and the check says what the rules made of it.
passed() {
	_capture judge "$2"
	[ "$_status" -eq 0 ] || _complain "not verified" "$_at" judge "$2"
	grep -q "^pass  $1 " "$_at/out"
	noted passed "$2"
}

# refused CHECK RULES
refused() {
	refuses 1 "^snp-verify: not verified: $1\$" judge "$2"
	noted refused "$2"
}

# noted WHAT RULES: came of them.
noted() {
	if [[ $2 == '{'* ]]; then
		jq -r 'keys[]' <<<"$2"
	else
		sed 's/:.*//' <<<"$2"
	fi | sed "s/^/$1 /" >>"$BATS_TEST_TMPDIR/cases"
}

@test "each rule of the table passes once and is refused once" {
	local value v rule
	passed product 'product: [Genoa, Milan]'
	refused product 'product: Turin'
	passed min-tcb 'min-tcb: {Milan: "snp=24,ucode=219", Turin: snp=9}'
	refused min-tcb 'min-tcb: {Milan: snp=25}'
	refused min-tcb 'min-tcb: {Turin: snp=1}'
	passed launch-tcb 'launch-tcb: {Milan: bl=0}'
	refused launch-tcb 'launch-tcb: {Milan: ucode=255}'
	for v in measurement:measurement host-data:host_data chip-id:chip_id \
	    family-id:family_id image-id:image_id report-id:report_id \
	    report-id-ma:report_id_ma id-key-digest:id_key_digest \
	    author-key-digest:author_key_digest; do
		value=$(field "${v#*:}")
		passed "${v%:*}" "${v%:*}: [${value//[0-9a-f]/1}, $value]"
		passed "${v%:*}" "{\"${v%:*}\": \"$value\"}"
		refused "${v%:*}" "${v%:*}: [${value//[0-9a-f]/1}]"
	done
	passed vmpl 'vmpl: [0, 2]'
	passed vmpl 'vmpl: any'
	refused vmpl 'vmpl: 1'
	passed guest-svn "guest-svn: $(field guest_svn)"
	refused guest-svn 'guest-svn: 4000000000'
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
	of=single passed policy 'policy: {single_socket: true}'
	passed platform-info "platform-info: \"$(field platform_info)\""
	refused platform-info 'platform-info: "0x0"'
	passed committed 'committed: true'
	of=provisional refused committed 'committed: true'
	of=newer refused committed 'committed: true'
	of=newer passed product $'committed: false\nproduct: Milan'

	of=v5
	passed launch-mitigations 'launch-mitigations: "0x8000000000000003"'
	passed current-mitigations 'current-mitigations: "0x1F"'
	passed current-mitigations 'current-mitigations: "0x0"'
	refused launch-mitigations 'launch-mitigations: "0x8"'
	grep -q '0x8000000000000007 lacks 0x8, which' "$_at/out"
	refused current-mitigations 'current-mitigations: "0x20"'
	of=milan
	refused current-mitigations 'current-mitigations: "0x0"'
	refused launch-mitigations 'launch-mitigations: "0x1"'
	grep -q 'a report of version 3 does not say' "$_at/out"

	for of in debug migration open; do
		rule=${of/open/open-policy}
		refused "$rule" 'product: Milan'
		refused "$rule" "$rule: false"
		passed "$rule" "$rule: true"
	done

	of=milan with=(-u uvm)
	value=$(jq -nc --rawfile i "$pki/uvm-did" \
	    '{issuer: $i, feed: "ContainerPlat-AMD-UVM"}')
	passed endorsement "{\"endorser\": $value}"
	passed uvm-svn "{\"endorser\": $value, \"uvm-svn\": 101}"
	refused uvm-svn "{\"endorser\": $value, \"uvm-svn\": 4000000000}"
	refused endorsement 'endorser: {issuer: "did:x509:x", feed: y}'
	refused endorsement "$(jq -n --argjson e "$value" \
	    '{endorser: ($e | .feed = "ConfAKS-AMD-UVM")}')"
	with=()
	refused endorsement "{\"endorser\": $value}"
	refused uvm-svn 'uvm-svn: 1'

	# all the rest, and no rule without both
	keys
	sed -n '/^} table\[\] = {$/,/^};$/s/^\t{"\([a-z-]*\)",.*/\1/p' \
	    "$ROOT/common/evidence/rules.c" >rules.names
	[ "$(wc -l <rules.names)" -gt 20 ]
	while read -r rule; do
		grep -qx "passed $rule" "$BATS_TEST_TMPDIR/cases"
		grep -qx "refused $rule" "$BATS_TEST_TMPDIR/cases"
	done <rules.names
	# and the manual knows no others
	sed -n '/^\.It Fl -rules/,/^\.El/s/^\.It Cm //p' \
	    "$ROOT/man/snp-verify.1" | sed 's/ , /\n/g' | sort |
		diff - <(sort rules.names)
}

# Who signed the ID block.
keys() {
	local key no author
	key=$(field id_key_digest)
	no=${key//[0-9a-f]/1}
	author=$(printf '2b%.0s' {1..48})
	refused author-key-digest 'author-key: true'
	passed id-block "id-block: {id-key-digest: [$no, $key]}"
	refused id-block "id-block: {id-key-digest: $no}"
	# a trusted author key is none that signed this block itself
	refused id-block "id-block: {author-key-digest: $key}"
	of=author
	passed author-key-digest 'author-key: true'
	passed format 'author-key: false'
	passed id-block "id-block: {author-key-digest: [$no, $author]}"
	passed id-block \
	    "id-block: {author-key-digest: $author, id-key-digest: $no}"
	passed id-block \
	    "id-block: {author-key-digest: $no, id-key-digest: $key}"
	refused id-block \
	    "id-block: {author-key-digest: $no, id-key-digest: $no}"
	refused id-block "id-block: {id-key-digest: $author}"
	# the digest counts for nothing while the flag says that there is none
	of=disabled
	refused author-key-digest 'author-key: true'
	refused id-block "id-block: {author-key-digest: $author}"
	# zeros are no key
	of=bare
	refused id-block "id-block: {id-key-digest: ${key//[0-9a-f]/0}}"
	grep -q 'there is none' "$_at/out"
}

@test "rules take no check away" {
	echo 'product: Milan' >rules
	refuses 1 'not verified: chain, product$' snp-verify --rules rules \
		--certs "$pki/full.pem" milan.report
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
	    'committed: no' 'author-key: 2' 'report-id-ma: 1' 'id-block: 00' \
	    'id-block: {}' 'id-block: {id-key-digest: []}' \
	    'id-block: {id-key-digest: 00}' 'id-block: {id-key: 00}' \
	    'endorser: x' \
	    'endorser: {issuer: x}' 'endorser: {issuer: x, feed: ""}'; do
		fails 3 "rules: ${bad%%:*}: " judge "$bad"
	done
	fails 3 'rules: no-such: no rule that is known' judge 'no-such: 1'
	fails 3 'rules: Product: no rule' judge 'Product: Milan'
	grep -q 'hint: did you mean product?' "$_at/err"
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
