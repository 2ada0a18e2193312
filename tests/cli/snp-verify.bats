#!/usr/bin/env bats
# snp-verify on the stand-in's reports and chains: what is accepted, and for
# each thing accepted the forgeries that are not.
# folders: evidence host

load ../lib
load ../evidence

pki=$FAKE/pki

# Reports of every kind of chain, and a security context, once.
setup_file() {
	local set
	cd "$BATS_FILE_TMPDIR" || return
	printf 'package policy\n\nallow := true\n' >policy.rego
	printf '{"keys":[]}\n' >runtime
	for set in milan genoa turin vlek vlek-genoa vlek-turin evil; do
		make_report "$set" "$set.report" -r runtime
	done
	fake context --pki "$pki" --policy policy.rego context
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	did=$(cat "$pki/uvm-did")
	feed=ContainerPlat-AMD-UVM
	zeros=$(printf '0%.0s' {1..128})
}

# verify SET [OPTION...]: with that set's chain, its ARK trusted.
verify() {
	local set=$1
	shift
	snp-verify --root "$pki/$set/ark.pem" --certs "$pki/$set/full.pem" "$@"
}

# in_context [OPTION...]: the Milan report in its security context.
in_context() {
	snp-verify --root "$pki/ark.pem" --uvm-issuer "$did" \
		--uvm-feed "$feed" "$@"
}

# failed NAMES CMD...: status 1, the report printed, exactly these checks
# failed.
failed() {
	local names=$1
	shift
	refuses 1 "^snp-verify: not verified: $names\$" "$@" || return
	[ "$(awk '$1 == "FAIL" { printf "%s%s", n++ ? ", " : "", $2 }' \
		"${_at:?}/out")" = "$names" ]
}

# said TEXT: the command just run printed a line with it.
said() {
	grep -q -e "$1" "${_at:?}/out"
}

# passed CMD...: status 0 and no check failed.
passed() {
	_capture "$@"
	# shellcheck disable=SC2154
	if [ "$_status" -ne 0 ] || grep -q '^FAIL' "$_at/out"; then
		_complain "not verified" "$_at" "$@"
	fi
}

@test "every product, VCEK and VLEK" {
	local set
	for set in milan genoa turin vlek vlek-genoa vlek-turin; do
		passed verify $set $set.report
		said '^pass  product '
		[ "$(grep -c '^pass' "$_at/out")" -eq 12 ]
		[ "$(grep -c '^skip' "$_at/out")" -eq 7 ]
	done
	said '^pass  tcb .*fmc 1 bl 1 tee 1 snp 4 ucode 81'
	passed verify vlek vlek.report
	said '^pass  chip-id .*VLEK is tied to no chip'
	said '^pass  signer .*VLEK.*of the provider CN=cc.cloud.example$'
}

@test "versions 2, 3, 4 and 5, and no other" {
	local v
	for v in 2 3 4 5; do
		make_report milan r FAKE_SEV_VERSION=$v
		passed verify milan r
		said "^pass  format        version $v"
	done
	make_report turin r FAKE_SEV_VERSION=5
	passed verify turin r
	make_report milan r FAKE_SEV_VERSION=6
	fails 3 'version 6, of which nothing is known' verify milan r
	warns 'version 6 is not known' snp-verify --show r
}

@test "each version has its fields, and all else in it is reserved" {
	make_report milan r FAKE_SEV_VERSION=5
	_capture snp-verify --show r
	said '^launch_mit_vector: 0x3f (bit 0, bit 1, bit 2, bit 3, bit 4, bit 5)$'
	said '^current_mit_vector: 0x3f '
	said '^cpuid: family 25'
	[ "$(grep -c reserved "$_at/out")" -eq 0 ]
	_capture snp-verify --show --json r
	[ "$(jq -r .report.launch_mit_vector "$_at/out")" = 3f00000000000000 ]
	_capture snp-verify --show milan.report
	[ "$(grep -c mit_vector "$_at/out")" -eq 0 ]
	make_report milan r FAKE_SEV_VERSION=2
	_capture snp-verify --show r
	[ "$(grep -c '^cpuid\|mit_vector' "$_at/out")" -eq 0 ]
	for row in '2 0x188:19 188' '2 0x1f8:01 1f8' '3 0x200:80 200' \
	    '4 0x1ff:01 1ff' '4 0x18b:01 18b' '5 0x29f:01 29f'; do
		read -r v patch at <<<"$row"
		make_report milan r FAKE_SEV_VERSION="$v" FAKE_SEV_PATCH="$patch"
		passed verify milan r
		said "^pass  format .*reserved bytes are not zero, the first at 0x$at\$"
	done
	make_report milan r FAKE_SEV_VERSION=2 FAKE_SEV_PATCH=0x200:80
	_capture snp-verify --show r
	said '^reserved_0x200: 8000000000000000$'
}

@test "a processor whose root is not public has no name" {
	make_report turin r FAKE_SEV_VERSION=5 FAKE_SEV_PATCH=0x188:1a50
	_capture snp-verify --show r
	said '^cpuid: family 26 model 80 stepping 1 (unknown)$'
	said '^reported_tcb: 0101010400000051$'
	[ "$(grep -c kds_url "$_at/out")" -eq 0 ]
	failed product verify turin r
	make_report turin r FAKE_SEV_VERSION=6 FAKE_SEV_PATCH=0x188:1a50
	base64 -w 0 r >lines
	echo >>lines
	_capture verify turin --lines lines
	[ "$(jq -c '[.line,.status]' "$_at/out")" = '[1,3]' ]
}

@test "another ARK is trusted only when asked for, and it is said" {
	failed 'chain, product' snp-verify --certs "$pki/full.pem" milan.report
	said "none of AMD's"
	passed verify milan milan.report
	[ "$(head -n 1 "$_at/out")" = \
	    "trust root          $pki/milan/ark.pem, instead of AMD's pinned ARKs" ]
	passed verify milan --root "$pki/milan/ark.pem" --json milan.report
	[ "$(jq -r .trust.root "$_at/out")" = "$pki/milan/ark.pem" ]
}

@test "an attacker's chain of the same names" {
	local set
	for set in evil evil-genoa evil-turin evil-vlek; do
		make_report $set r
		refuses 1 'chain, product' snp-verify --certs \
			"$pki/$set/full.pem" r
		refuses 1 'chain' snp-verify --root "$pki/ark.pem" --certs \
			"$pki/$set/full.pem" r
	done
	# the genuine ARK behind an attacker's ASK
	cat "$pki/evil/vcek.pem" "$pki/evil/ask.pem" "$pki/milan/ark.pem" >chain
	failed chain snp-verify --root "$pki/ark.pem" --certs chain evil.report
	said 'ASK: signature does not verify'
}

@test "a chain of another processor" {
	failed 'signature, product, tcb, chip-id' \
		verify genoa milan.report
	failed 'signature, signer, chip-id' verify milan vlek.report
	failed 'signature, signer' verify vlek milan.report
}

@test "a leaf of another chip or TCB: where this report's is" {
	# the right key, so that fetching it again would not help
	failed tcb snp-verify --root "$pki/ark.pem" \
		--certs "$pki/bad/spl-bl/full.pem" milan.report
	[ "$(grep -c hint: "$_at/err")" -eq 0 ]
	failed 'signature, product, tcb, chip-id' verify genoa milan.report
	grep -q "hint: the leaf is not this report's, which snp-certs gets" \
		"$_at/err"
	failed chip-id verify milan --chip-id "$zeros" milan.report
	[ "$(grep -c hint: "$_at/err")" -eq 0 ]
}

@test "one certificate wrong in one way" {
	local row set names
	for row in 'salt32 chain' 'pss256 chain' 'pkcs1 chain' \
	    'expired chain' 'future chain' 'spl tcb' 'spl-bl tcb' \
	    'nospl tcb' 'hwid chip-id' 'nohwid chip-id' 'product product' \
	    'csp chip-id' 'critical chain' 'ask-noca chain' \
	    'ask-pkcs1 chain' 'ask-salt32 chain' 'ask-past chain' \
	    'ask-short chain' 'ark-noca chain' 'ark-pkcs1 chain' \
	    'leaf-ca chain' 'ask-path chain' 'nocsp signer'; do
		set=bad/${row%% *} names=${row#* }
		make_report "$set" r
		failed "$names" snp-verify --root "$pki/ark.pem" \
			--certs "$pki/$set/full.pem" r
	done
	make_report bad/hwid-der r
	passed snp-verify --root "$pki/ark.pem" \
		--certs "$pki/bad/hwid-der/full.pem" r
}

@test "a leaf whose extensions are malformed" {
	local row
	for row in 'spl-wide 3.8: no number from 0 to 255' \
	    'spl-long 3.1: no number from 0 to 255' \
	    'spl5 3.5: 1 where only 0 is known' \
	    "csp-utf8 provider's name: malformed"; do
		fails 3 "certificates: leaf: .*${row#* }" snp-verify --root \
			"$pki/ark.pem" --certs "$pki/bad/${row%% *}/full.pem" \
			milan.report
	done
}

@test "each kind of leaf has a signer of its own" {
	# here the two have one key, and only their names differ
	cat "$pki/milan/vcek.pem" "$pki/vlek/ask.pem" "$pki/milan/ark.pem" >chain
	failed chain snp-verify --root "$pki/ark.pem" --certs chain milan.report
	said 'ASK: not the signer of Milan VCEKs'
	cat "$pki/vlek/vcek.pem" "$pki/milan/ask.pem" "$pki/milan/ark.pem" >chain
	failed chain snp-verify --root "$pki/ark.pem" --certs chain vlek.report
	said 'ASK: not the signer of Milan VLEKs'
	cat "$pki/milan/vcek.pem" "$pki/genoa/ask.pem" "$pki/milan/ark.pem" >chain
	failed chain snp-verify --root "$pki/ark.pem" --certs chain milan.report
}

@test "a leaf that is no P-384 key" {
	local set
	for set in bad/p256 bad/rsa; do
		refuses 1 'signature, chain' snp-verify --root "$pki/ark.pem" \
			--certs "$pki/$set/full.pem" milan.report
	done
}

@test "dates: now, and --at" {
	make_report bad/expired r
	failed chain verify bad/expired r
	said 'leaf: expired at 2021-01-01T00:00:00Z'
	failed chain verify bad/expired --at 2019-01-01T00:00:00Z r
	passed verify bad/expired --at 2020-12-31T00:00:00Z r
	failed chain verify milan --at 2050-01-01T00:00:00Z milan.report
	fails 2 'at: neither epoch seconds' verify milan --at soon milan.report
}

@test "the policy's flags" {
	make_report milan r FAKE_SEV_GUEST_POLICY=0xb001f
	failed debug verify milan r
	passed verify milan --allow-debug r
	make_report milan r FAKE_SEV_GUEST_POLICY=0x7001f
	failed migration verify milan r
	passed verify milan --allow-migration r
	make_report milan r FAKE_SEV_GUEST_POLICY=0xf001f
	failed 'debug, migration' verify milan r
	make_report milan r FAKE_SEV_GUEST_POLICY=0x1001f
	fails 3 'bit 17' verify milan r
}

@test "the privilege level" {
	local l
	for l in 1 2 3; do
		make_report milan r -l $l
		failed vmpl verify milan r
		passed verify milan -l $l r
		passed verify milan --vmpl any r
	done
	make_report milan r FAKE_SEV_PATCH=0x30:ffffffff
	failed vmpl verify milan --vmpl any r
	said 'asked for by the host'
	make_report milan r FAKE_SEV_PATCH=0x30:04
	failed vmpl verify milan --vmpl any r
	fails 2 'vmpl: not one of' verify milan --vmpl 4 r
}

@test "who signed, and with what" {
	make_report milan r FAKE_SEV_PATCH=0x34:00
	fails 3 'algorithm 0' verify milan r
	make_report milan r FAKE_SEV_PATCH=0x48:1c
	failed signer verify milan r
	said 'says it is not signed'
	make_report milan r FAKE_SEV_PATCH=0x48:08
	failed signer verify milan r
	make_report milan r FAKE_SEV_PATCH=0x48:04
	failed signer verify milan r
	make_report vlek r FAKE_SEV_PATCH=0x48:00
	failed signer verify vlek r
}

@test "a chip id that is masked, or only zero" {
	make_report milan r "FAKE_SEV_PATCH=0x1a0:$zeros,0x48:02"
	passed verify milan r
	said '^pass  chip-id .*masked by the host'
	make_report milan r "FAKE_SEV_PATCH=0x1a0:$zeros"
	failed chip-id verify milan r
	make_report turin r FAKE_SEV_PATCH=0x1a8:01
	failed chip-id verify turin r
}

@test "a TCB with something between its components" {
	make_report milan r FAKE_SEV_PATCH=0x182:01
	failed tcb verify milan r
	make_report turin r FAKE_SEV_PATCH=0x184:01
	failed tcb verify turin r
	# the other TCBs are the platform's business
	make_report milan r FAKE_SEV_PATCH=0x38:ff,0x1e0:00,0x1f0:00
	passed verify milan r
}

@test "bytes behind the signature, which nobody signed" {
	make_report milan r FAKE_SEV_PATCH=0x330:01
	failed trailer verify milan r
	make_report milan r FAKE_SEV_PATCH=0x49f:80
	failed trailer verify milan r
	make_report milan r FAKE_SEV_PATCH=0x208:01
	passed verify milan r
	said 'reserved bytes are not zero'
}

@test "any byte changed is noticed" {
	local at
	cp milan.report r
	for at in 0 4 8 48 52 56 72 80 144 192 384 416 480 671 672 719 744 791 \
	    816 1183; do
		printf '%02x' $((0x$(xxd -p -s $at -l 1 r) ^ 1)) | xxd -r -p |
			dd of=r bs=1 seek=$at conv=notrunc status=none
		_capture verify milan r
		[ "$_status" -eq 1 ] || [ "$_status" -eq 3 ]
		cp milan.report r
	done
}

@test "the product of report, leaf and ARK" {
	make_report milan r FAKE_SEV_PATCH=0x188:1911
	failed product verify milan r
	make_report milan r FAKE_SEV_PATCH=0x188:1aff
	failed product verify milan r
	said 'family 0x1a model 0xff (unknown)'
}

@test "report data" {
	local sum
	sum=$(sha256sum runtime | cut -c1-64)
	passed verify milan -r runtime milan.report
	said '^pass  report-data'
	passed verify milan -d "$sum" milan.report
	passed verify milan -d "$sum${zeros:64}" milan.report
	failed report-data verify milan -d "${zeros:64}" milan.report
	printf '{"keys":[]}' >other
	failed report-data verify milan -r other milan.report
	fails 2 '31 bytes' verify milan -d "${zeros:0:62}" milan.report
	fails 2 'exclude' verify milan -d "$sum" -r runtime milan.report
	fails 4 'missing: no such file' verify milan -r missing milan.report
}

@test "host data" {
	local sum
	sum=$(sha256sum policy.rego | cut -c1-64)
	passed verify milan -p policy.rego milan.report
	said '^pass  host-data'
	base64 policy.rego >policy.b64
	passed verify milan -p policy.b64 milan.report
	passed verify milan --host-data "${sum^^}" milan.report
	passed verify milan --host-data "$sum" -p policy.rego milan.report
	failed host-data verify milan --host-data "${zeros:64}" milan.report
	failed host-data verify milan --host-data "${zeros:64}" \
		-p policy.rego milan.report
	printf 'package policy\n\nallow := true' >other.rego
	failed host-data verify milan -p other.rego milan.report
	printf '{}' >other.rego
	fails 3 'neither Rego nor base64' verify milan -p other.rego milan.report
	: >other.rego
	fails 3 'empty' verify milan -p other.rego milan.report
	fails 2 'host-data: 31 bytes where 32' \
		verify milan --host-data "${sum:2}" milan.report
}

@test "a host data that is a published policy that allows everything" {
	local sum=b3452a0ed30f1010bd32740dd1610bc63296ceb0f882f2cac3a3152d651fe7e4
	make_report milan r FAKE_SEV_HOST_DATA=$sum
	failed open-policy verify milan r
	said '^FAIL  open-policy .*published policy that allows everything (ACI'
	grep -q 'hint: .*--allow-open-policy' "$_at/err"
	# nor if it is the one asked for
	failed open-policy verify milan --host-data $sum r
	said '^pass  host-data'
	failed 'host-data, open-policy' verify milan \
		--host-data "${sum//3/4}" r
	# unless it is said; then it is a warning, which -q silences
	warns 'published policy that allows everything' \
		verify milan --allow-open-policy r
	said '^pass  open-policy .*asked to be accepted'
	said '^skip  host-data'
	_capture verify milan -q --allow-open-policy r
	[ ! -s "$_at/err" ]
	passed verify milan milan.report
	said '^pass  open-policy .*no published policy'
	verify milan --json milan.report >json
	jq -e '.checks[] | select(.name == "open-policy").result == "pass"' json
	verify milan --json r >json || true
	jq -e '.checks[] | select(.name == "open-policy").result == "FAIL"' json
}

@test "a policy that is another one: policy-hash may know why" {
	printf 'package policy\n\nallow := true' >near.rego
	failed host-data verify milan -p near.rego milan.report
	grep -q 'hint: policy-hash -c @milan.report near.rego' "$_at/err"
	fails 1 'the hash is' policy-hash -c @milan.report near.rego
	grep -q 'hint: .*line feed' "$_at/err"
	failed host-data verify milan -p - milan.report <near.rego
	grep -q 'hint: policy-hash -c @milan.report FILE ' "$_at/err"
	cp -r context other-context
	base64 -w0 near.rego >other-context/security-policy-base64
	failed host-data in_context -C other-context milan.report
	grep -q 'hint: policy-hash -c @milan.report other-context/security-policy-base64' "$_at/err"
	# a value given in hex is no file to look at
	failed host-data verify milan --host-data "${zeros:64}" milan.report
	refute grep -q hint "$_at/err"
}

@test "no runtime data are no runtime data" {
	: >nothing
	fails 3 'nothing: runtime data of 0 bytes' \
		verify milan -r nothing milan.report
	fails 3 'standard input: runtime data of 0 bytes' \
		verify milan -r - milan.report </dev/null
	grep -q 'hint: .*has failed' "$_at/err"
}

@test "what else a report can be asked for" {
	local m
	m=$(cat "$pki/measurement")
	passed verify milan --measurement "$m" --chip-id "$(cat "$pki/chip-id")" \
		--family-id 01"${zeros:0:30}" --image-id 02"${zeros:0:30}" \
		--id-key-digest "$(printf '1d%.0s' {1..48})" \
		--author-key-digest "${zeros:0:96}" --min-svn 2 milan.report
	[ "$(grep -c '^pass' "$_at/out")" -eq 18 ]
	failed measurement verify milan --measurement "${zeros:0:96}" \
		milan.report
	failed chip-id verify milan --chip-id "$zeros" milan.report
	failed family-id verify milan --family-id "${zeros:0:32}" milan.report
	failed image-id verify milan --image-id "${zeros:0:32}" milan.report
	failed id-key-digest verify milan --id-key-digest "${zeros:0:96}" \
		milan.report
	failed author-key-digest verify milan \
		--author-key-digest "$m" milan.report
	failed guest-svn verify milan --min-svn 3 milan.report
	passed verify turin --chip-id "$(cut -c1-16 "$pki/turin/chip-id")" \
		turin.report
	failed chip-id verify turin --chip-id "${zeros:0:16}" turin.report
	fails 2 'chip-id: 9 bytes' verify milan --chip-id "${zeros:0:18}" \
		milan.report
	fails 2 'not a digit' verify milan --measurement "${m:0:95}x" milan.report
}

@test "the lowest TCB, component by component" {
	passed verify milan --min-tcb bl=4,tee=0,snp=24,ucode=219 milan.report
	said '^pass  min-tcb'
	passed verify milan --min-tcb snp=3 milan.report
	failed min-tcb verify milan --min-tcb snp=25 milan.report
	said 'snp 24 is below 25'
	failed min-tcb verify milan --min-tcb ucode=220,bl=1 milan.report
	failed min-tcb verify milan --min-tcb fmc=0 milan.report
	passed verify turin --min-tcb fmc=1,snp=4 turin.report
	failed min-tcb verify turin --min-tcb fmc=2 turin.report
	local bad
	for bad in '' snp snp= snp=256 'snp=1,' ',snp=1' snp=1,snp=1 boot=1 \
	    snp=0x1 snp=-1 'snp=1 '; do
		fails 2 'min-tcb: ' verify milan --min-tcb "$bad" milan.report
	done
}

@test "a revocation list" {
	passed verify milan --crl "$pki/crl-empty.pem" milan.report
	said '^pass  crl'
	passed verify milan --crl "$pki/crl-empty.der" milan.report
	failed crl verify milan --crl "$pki/crl-ask.der" milan.report
	said 'SEV-Milan: revoked'
	failed crl verify milan --crl "$pki/crl-vcek.pem" milan.report
	failed crl verify milan --crl "$pki/crl-expired.der" milan.report
	failed crl verify milan --crl "$pki/crl-evil.der" milan.report
	failed crl verify milan --crl "$pki/crl-genoa.pem" milan.report
	head -c 100 "$pki/crl-empty.der" >crl
	fails 3 'CRL' verify milan --crl crl milan.report
	: >crl
	fails 3 'no CRL: empty' verify milan --crl crl milan.report
}

@test "a security context needs no other file" {
	passed in_context -C context -r runtime milan.report
	[ "$(grep -c '^skip' "$_at/out")" -eq 4 ]
	said '^trust endorser'
	passed env UVM_SECURITY_CONTEXT_DIR=context snp-verify \
		--root "$pki/ark.pem" --uvm-issuer "$did" --uvm-feed "$feed" \
		milan.report
	# what is named goes before the folder's
	failed 'signature, signer' in_context -C context \
		--certs "$pki/vlek/full.pem" milan.report
	failed host-data in_context -C context -p /dev/fd/3 milan.report \
		3< <(echo 'package other')
}

@test "no file but those named is read, and no network touched" {
	command -v strace >/dev/null || skip "no strace"
	# leaks are not looked for under ptrace
	strace -f -o trace -e trace=%network,openat \
		-E ASAN_OPTIONS=detect_leaks=0 "$BIN/snp-verify" \
		--root "$pki/ark.pem" --uvm-issuer "$did" --uvm-feed "$feed" \
		-C context -r runtime milan.report >out
	[ -s trace ] || skip "strace cannot trace here"
	[ "$(grep -c 'context/\|"runtime"\|"milan.report"\|/ark.pem"' \
		trace)" -eq 6 ]
	[ "$(grep -vc ' openat(\| +++ exited' trace)" -eq 0 ]
}

@test "what the context has not is missed" {
	rm -rf c
	cp -r context c
	rm c/reference-info-base64
	failed endorsement snp-verify -C c --root "$pki/ark.pem" milan.report
	said 'c has no reference-info-base64'
	passed snp-verify -C c --root "$pki/ark.pem" \
		--allow-missing endorsement milan.report
	said '^skip  endorsement .*asked to do without'
	rm c/security-policy-base64
	failed 'host-data, endorsement' \
		snp-verify -C c --root "$pki/ark.pem" milan.report
	failed endorsement snp-verify -C c --root "$pki/ark.pem" \
		--allow-missing policy milan.report
	passed snp-verify -C c --root "$pki/ark.pem" --allow-missing policy \
		--allow-missing endorsement milan.report
	failed 'endorsement, uvm-svn' snp-verify -C c --root "$pki/ark.pem" \
		--allow-missing policy --min-uvm-svn 1 milan.report
	rm c/host-amd-cert-base64
	fails 3 'c: no certificates' snp-verify -C c milan.report
	fails 4 'nowhere/host-amd-cert-base64: no such file' \
		snp-verify -C nowhere milan.report
	fails 2 'not one of endorsement' \
		snp-verify --allow-missing certs milan.report
	: >c/host-amd-cert-base64
	fails 3 'empty' snp-verify -C c milan.report
}

@test "no certificates: 3, and where to get them" {
	fails 3 'no certificates' snp-verify milan.report
	grep -q 'hint: snp-certs gets them from AMD, --certs ' "$_at/err"
	fails 3 'no certificates' snp-verify vlek.report
	[ "$(grep -c snp-certs "$_at/err")" -eq 0 ]
}

# endorsed [OPTION...]: an endorsement made so, in the file uvm.
endorsed() {
	rm -rf made
	fake context --pki "$pki" --policy policy.rego "$@" made
	base64 -d made/reference-info-base64 >uvm
}

# uvm [OPTION...]: verify the Milan report with it.
uvm() {
	in_context --certs "$pki/full.pem" -u uvm "$@" milan.report
}

@test "endorsements: PS384 and ES384, raw and base64" {
	endorsed
	passed uvm
	said '^pass  endorsement .*of the report.s measurement'
	base64 uvm >text
	passed in_context --certs "$pki/full.pem" -u text milan.report
	endorsed --signer uvm-es384
	passed uvm
	endorsed --signer uvm-aks
	passed uvm --uvm-issuer "$(cat "$pki/uvm-aks-did")" \
		--uvm-feed ConfAKS-AMD-UVM
}

@test "endorsements: whose they are" {
	endorsed
	failed endorsement snp-verify --root "$pki/ark.pem" \
		--certs "$pki/full.pem" -u uvm milan.report
	said 'is none that endorses'
	failed endorsement uvm --uvm-feed other
	failed endorsement uvm --uvm-issuer "${did%2}3"
	endorsed --signer uvm-evil --did "$did"
	failed endorsement uvm
	said 'no authority of the chain has its fingerprint'
	endorsed --signer uvm-noeku --did "$did"
	failed endorsement uvm
	said 'did:x509: eku:1.3.6.1.4.1.311.76.59.1.2 does not hold of the leaf'
	endorsed --feed OtherFeed
	failed endorsement uvm
	local wrong
	for wrong in "${did%::*}" "$did::" "$did::subject:CN:x" \
	    "${did/sha256/sha512}" "${did/x509:0/x509:1}" "${did}x" \
	    "${did%::*}::eku:9.9.9" "${did%::*}::eku:"; do
		endorsed --did "$wrong"
		failed endorsement uvm --uvm-issuer "$wrong"
	done
	# other policies, of which each must hold
	wrong=${did%::*}::subject:C:US:O:Stand-in%20Corporation
	endorsed --did "$wrong"
	passed uvm --uvm-issuer "$wrong"
	endorsed --did "$wrong::san:dns:localhost"
	failed endorsement uvm --uvm-issuer "$wrong::san:dns:localhost"
	# a second usage that holds is no harm
	endorsed --did "$did::eku:1.3.6.1.4.1.311.76.59.1.1"
	passed uvm --uvm-issuer "$did::eku:1.3.6.1.4.1.311.76.59.1.1"
	fails 2 'go together' snp-verify --uvm-issuer "$did" milan.report
}

@test "endorsements: certificates are judged at the time of signing" {
	endorsed --signed-at 2025-08-19
	passed uvm
	endorsed --signed-at 2025-08-21
	failed endorsement uvm
	said 'expired at 2025-08-20'
	endorsed --signed-at 2024-08-20
	failed endorsement uvm
}

@test "endorsements: of another measurement" {
	endorsed --measurement "$(printf '5a%.0s' {1..48})"
	failed endorsement uvm
	said 'of another measurement'
	endorsed --measurement "$(tr a-f A-F <"$pki/measurement")"
	passed uvm
	endorsed --measurement "$(cut -c3- "$pki/measurement")"
	fails 3 'measurement: .*47 bytes' uvm
}

@test "endorsements: the SVN, a string, a number, or both" {
	endorsed --svn 101
	passed uvm --min-uvm-svn 101
	said '^pass  uvm-svn       101, at least 101'
	failed uvm-svn uvm --min-uvm-svn 102
	passed uvm
	said '^skip  uvm-svn       101'
	endorsed --svn-number 104
	passed uvm --min-uvm-svn 104
	endorsed --svn 104 --svn-int 104
	passed uvm --min-uvm-svn 104
	endorsed --svn 104 --svn-int 105
	fails 3 'two SVNs' uvm
	endorsed --svn 9
	failed uvm-svn uvm --min-uvm-svn 10
	warns "endorsement's SVN is below 100" uvm
	local bad
	for bad in '' ' 101' 101x 0x65 -1 1e2 9999999999999999999; do
		endorsed --svn="$bad"
		fails 3 'SVN is no number' uvm
	done
	failed uvm-svn verify milan --min-uvm-svn 1 milan.report
	failed endorsement in_context --certs "$pki/full.pem" milan.report
}

# cwt [NAME=JSON...]: an endorsement whose claims are CWT's and whose payload is
# the measurement itself, in the file uvm; the names change its parts.
cwt() {
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$ROOT/tests/fake \
	    python3 - "$pki" "$@" <<-'END'
	import json, sys
	import cbor2
	from cryptography.hazmat.primitives import hashes, serialization
	from standin import cose, snp
	pki, change = sys.argv[1], dict(a.split("=", 1) for a in sys.argv[2:])
	part = {"iat": 1731561659, "svn": 101, "hash": -43, "size": 48,
	        **{name: json.loads(value) for name, value in change.items()}}
	der = [c.public_bytes(serialization.Encoding.DER) for c in
	       snp.split_pem(snp.read(pki, "uvm-chain.pem"))]
	claims = {1: snp.read(pki, "uvm-did"), 2: cose.FEED, 6: part["iat"],
	          "svn": part["svn"]}
	# where the claims are, and what else is where nobody signs
	signed = {} if part.get("hide") else {15: claims}
	free = {15: claims} if part.get("hide") == "cwt" else {
	    "iss": claims[1], "feed": claims[2]} if part.get("hide") else {}
	if "receipts" in part:
	    free[394] = [bytes.fromhex(r) if isinstance(r, str) else r
	                 for r in part["receipts"]] if isinstance(
	                     part["receipts"], list) else part["receipts"]
	head = cbor2.dumps({1: cose.PS384, 33: der, **signed,
	                    **part.get("also", {}),
	                    258: part["hash"], 259: "application/octet-stream"})
	payload = bytes.fromhex(snp.read(pki, "measurement"))[:part["size"]]
	signature = snp.signing_key(pki + "/uvm.key").sign(
	    cose.to_be_signed(head, payload), cose.pss384(), hashes.SHA384())
	with open("uvm", "wb") as f:
	    f.write(cbor2.dumps(cbor2.CBORTag(18, [head, free, payload, signature])))
	END
}

@test "endorsements: as CWT claims about a digest" {
	cwt
	passed uvm --min-uvm-svn 101
	said '^pass  endorsement'
	cwt svn='"101"'
	passed uvm --min-uvm-svn 101
	failed uvm-svn uvm --min-uvm-svn 102
	cwt svn=-1
	fails 3 'SVN is no number' uvm
	cwt iat=1900000000
	failed endorsement uvm
	said 'expired at'
	cwt iat='"now"'
	fails 3 'no time of signing' uvm
	cwt hash=-16
	fails 3 'no launch measurement' uvm
	cwt size=47
	fails 3 'no launch measurement' uvm
}

@test "endorsements: issuer and feed are the signed ones, or none" {
	cwt hide='"cwt"'
	fails 3 'no issuer, or no feed' uvm
	cwt hide='"text"'
	fails 3 'no issuer, or no feed' uvm
	cwt also="{\"iss\":\"$did\",\"feed\":\"ContainerPlat-AMD-UVM\"}"
	passed uvm
	cwt also='{"iss":"did:x509:0:sha256:other"}'
	fails 3 'iss is there twice, and differs' uvm
	cwt also='{"feed":"ConfAKS-AMD-UVM"}'
	fails 3 'feed is there twice, and differs' uvm
	cwt also='{"feed":1}'
	fails 3 'feed is there twice, and differs' uvm
}

@test "endorsements: receipts are counted, not checked, and prove nothing" {
	local odd
	cwt receipts='["d28443a10126a0f640"]'
	passed uvm
	said '^pass  endorsement .*measurement; 1 receipt of a transparency service, not checked$'
	cwt receipts='["d28443a10126a0f640","ff"]'
	passed uvm
	said '; 2 receipts of a transparency service, not checked$'
	for odd in '[]' '[""]' '[1]' '["00",{}]' '"text"' '{}' '7'; do
		cwt receipts="$odd"
		passed uvm
		said '; what is in the place of receipts is none$'
	done
	# they make nothing good
	cwt receipts='["d28443a10126a0f640"]' svn=9
	failed uvm-svn uvm --min-uvm-svn 10
	cwt receipts='["d28443a10126a0f640"]'
	printf '%s' "$(xxd -p uvm | tr -d '\n' | sed 's/00$/01/;t;s/..$/00/')" |
		xxd -r -p >uvm.forged
	mv uvm.forged uvm
	failed endorsement uvm
	said 'signature does not verify; 1 receipt'
	cwt receipts='["d28443a10126a0f640"]'
	failed endorsement snp-verify --root "$pki/ark.pem" \
		--certs "$pki/full.pem" -u uvm milan.report
	said 'is none that endorses; 1 receipt'
}

@test "endorsements: malformed" {
	local way
	for way in trailing untagged other-tag short huge many deep \
	    nil-payload duplicate; do
		endorsed --break $way
		fails 3 'endorsement|COSE_Sign1' uvm
	done
	for way in signature payload; do
		endorsed --break $way
		failed endorsement uvm
		said 'signature does not verify'
	done
	: >uvm
	fails 3 'COSE_Sign1' uvm
	fails 4 'missing: no such file' uvm -u missing
}

@test "raw, hex, base64, from a file or standard input" {
	xxd -p milan.report >hex
	xxd -p -u milan.report | tr -d '\n' | sed 's/$/\r\n/' >line
	base64 milan.report >b64
	local i
	for i in hex line b64 milan.report; do
		passed verify milan $i
		passed verify milan - <$i
		passed verify milan <$i
	done
	head -c 1183 milan.report >short
	fails 3 'short: report: 1183 bytes instead of 1184' verify milan short
	{ cat milan.report; echo; } >long
	fails 3 '1185 bytes' verify milan long
	{ cat hex; echo 0; } >odd
	fails 3 'odd number' verify milan odd
	head -c 1184 /dev/zero >nil
	fails 3 'nothing but zeros' verify milan nil
	head -c 16385 /dev/zero >big
	fails 3 'big: larger than 16384 bytes' verify milan big
	fails 3 'empty' verify milan /dev/null
	fails 2 'standard input cannot be 2 files' verify milan -r - </dev/null
}

@test "the report in a confidential VM's blob" {
	local n json='{"keys":[],"user-data":"00"}' sum
	n=${#json}
	sum=$(printf %s "$json" | sha256sum | cut -c1-64)
	make_report milan r -d "$sum"
	word() {
		printf '%02x%02x0000' $(($1 & 255)) $(($1 >> 8)) | xxd -r -p
	}
	blob() {
		printf HCLA
		word 1; word $((1236 + n + 4)); word 2; word "${1:-0}"
		head -c 12 /dev/zero
		cat r
		word $((20 + n)); word 1; word "${2:-2}"; word "${3:-1}"
		word "$n"
		printf %s "$json"
		head -c "${4:-0}" /dev/zero
	}
	blob >hcl
	passed verify milan hcl
	said "^pass  report-data .*the hash of the blob's runtime data"
	blob 0 2 1 1000 >hcl
	passed verify milan -d "$sum" hcl
	base64 hcl >hcl.b64
	passed verify milan hcl.b64
	failed report-data verify milan -d "${zeros:64}" hcl
	blob 0 2 2 >hcl
	failed report-data verify milan hcl
	blob 0 4 >hcl
	fails 3 'not a report of SEV-SNP but of type 4' verify milan hcl
	blob 1 >hcl
	fails 3 'made with status 1' verify milan hcl
	{ blob; printf x; } >hcl
	fails 3 'bytes after the runtime data' verify milan hcl
	blob | head -c -1 >hcl
	fails 3 'runtime data of a wrong size' verify milan hcl
	blob | sed 's/"00"/"01"/' >hcl
	failed report-data verify milan hcl
}

@test "certificates: THIM JSON, its base64, PEM, and what is none" {
	passed snp-verify --root "$pki/ark.pem" --certs "$pki/thim.json" \
		milan.report
	base64 "$pki/thim.json" >thim.b64
	passed snp-verify --root "$pki/ark.pem" --certs thim.b64 milan.report
	sed 's/$/\r/' "$pki/full.pem" >crlf.pem
	passed snp-verify --root "$pki/ark.pem" --certs crlf.pem milan.report
	fails 3 'no leaf: none of 2 is a VCEK or VLEK' snp-verify \
		--certs "$pki/chain.pem" milan.report
	fails 3 'no ASK: none of 1 is the SEV-Milan that the leaf names' \
		snp-verify --root "$pki/ark.pem" --certs "$pki/vcek.pem" \
		milan.report
	printf '\xef\xbb\xbf' | cat - "$pki/full.pem" >bom
	fails 3 'byte order mark' snp-verify --certs bom milan.report
	openssl x509 -in "$pki/ark.pem" -outform DER -out ark.der
	passed snp-verify --root ark.der --certs "$pki/full.pem" milan.report
	fails 3 '' snp-verify --root "$pki/full.pem" --certs "$pki/full.pem" \
		milan.report
}

# rooted [OPTION...]: verify the Milan report, of the stand-in's ARK.
rooted() {
	snp-verify --root "$pki/ark.pem" "$@" milan.report
}

# der NAME...: PEM of the PKI as DER, on standard output.
der() {
	local name
	for name; do
		openssl x509 -in "$pki/$name.pem" -outform DER
	done
}

@test "certificates: in any order, with text and others around" {
	cat "$pki/ark.pem" "$pki/ask.pem" "$pki/vcek.pem" >shuffled
	passed rooted --certs shuffled
	said '; leaf, ASK and ARK from shuffled$'
	for set in ark vcek ask; do
		openssl x509 -in "$pki/$set.pem" -text
		echo '-- and more --'
	done >text
	passed rooted --certs text
	# of other products, other chips, and the same twice
	cat "$pki"/{genoa,vlek,turin}/full.pem shuffled "$pki/bad/hwid/vcek.pem" \
		"$pki/bad/spl/vcek.pem" shuffled >all
	cp "$pki/uvm-chain.pem" others
	local set
	for set in milan genoa turin vlek; do
		passed snp-verify --root "$pki/$set/ark.pem" --certs all \
			--certs others $set.report
	done
	der vcek >leaf.der
	passed rooted --certs leaf.der --certs "$pki/chain.pem"
	said '; leaf from leaf.der; ASK and ARK from '
	_capture rooted --json --certs leaf.der --certs "$pki/chain.pem"
	jq -e '.certificates == {"leaf": "leaf.der", "ask": $chain,
	    "ark": $chain}' --arg chain "$pki/chain.pem" "$_at/out"
	der vcek ask ark | cat - "$pki/genoa/full.pem" >behind
	passed rooted --certs behind
	der vcek | base64 | cat - >b64
	passed rooted --certs b64 --certs - <"$pki/ask.pem"
	said '; leaf from b64; ASK from standard input; ARK from .*ark.pem$'
	fails 2 'cannot be 2 files' rooted --certs - --certs - </dev/null
}

@test "certificates: the host's table" {
	fake cert-table "$pki/milan" >table
	passed rooted --certs table
	base64 table >table.b64
	passed rooted --certs table.b64
	head -c 40 table >cut
	fails 3 'cut: ' rooted --certs cut
	head -c 4096 /dev/zero >nil
	fails 3 "nil: no certificates" rooted --certs nil
}

@test "certificates: a folder, whatever the files are called" {
	rm -rf folder
	mkdir -p folder/inner
	cp "$pki/ask.pem" folder/ask.pem
	cp "$pki/ark.pem" folder/$'two\nlines'
	der vcek >folder/cert.bin
	cp milan.report policy.rego folder
	cp "$pki/evil/vcek.pem" folder/inner/vcek.pem
	ln -s loop folder/loop
	ln -s . folder/self
	mkfifo folder/pipe
	: >folder/empty
	head -c 2000000 /dev/zero >folder/large
	head -c 700 "$pki/vcek.pem" >folder/half.pem
	passed rooted --certs folder
	said '; leaf from folder/cert.bin; ASK from folder/ask.pem; ARK from folder/two\\x0alines$'
	passed rooted --certs folder/
	seq 10000 | split -l 1 -a 4 - folder/n
	passed rooted --certs folder
	rm -rf bare
	mkdir bare
	fails 3 'bare: no certificate in its files' rooted --certs bare
	cp milan.report bare
	fails 3 'bare: no certificate in its files' rooted --certs bare
	fails 4 'missing: no such file' rooted --certs missing
}

@test "certificates: what is none is named" {
	fails 3 'milan.report: a report, not certificates' \
		rooted --certs milan.report
	base64 milan.report >text
	fails 3 'text: a report, not certificates' rooted --certs text
	fails 3 'policy.rego: no certificates: neither PEM, DER' \
		rooted --certs policy.rego
	for set in vcek.pem thim.json; do
		fails 3 "$set: certificates, not a report" snp-verify \
			--certs "$pki/full.pem" "$pki/$set"
	done
	der vcek >leaf.der
	fails 3 'leaf.der: certificates, not a report' snp-verify \
		--certs "$pki/full.pem" leaf.der
	truncate -s 33554433 big
	fails 3 'big: larger than 33554432 bytes' rooted --certs big
	head -c 900 leaf.der >cut.der
	fails 3 'cut.der: certificate: truncated' rooted --certs cut.der
	sed 5d "$pki/full.pem" >cut.pem
	fails 3 'cut.pem: PEM certificate 1: ' rooted --certs cut.pem
	fails 3 'no certificate in it' rooted --certs <(openssl genpkey \
		-algorithm ed25519)
	jq '.vcekCert = "x"' "$pki/thim.json" >no-leaf
	fails 3 'no leaf' rooted --certs no-leaf
	echo '{"error":"none"}' >answer
	fails 3 'answer: vcekCert: ' rooted --certs answer
}

@test "certificates: a forged one is refused, built in or given" {
	# the tool's own ASK and ARK never vouch for a leaf of the same names
	failed 'chain' snp-verify --certs "$pki/vcek.pem" milan.report
	said 'leaf: signature does not verify; leaf from .*; ASK and ARK built in'
	# what is given contradicts them
	failed 'chain, product' snp-verify --certs "$pki/vcek.pem" \
		--certs "$pki/ark.pem" milan.report
	said "none of AMD's.*; ASK built in; ARK from "
	failed chain rooted --certs "$pki/vcek.pem" \
		--certs "$pki/evil/ask.pem" --certs "$pki/ark.pem"
	said 'ASK: signature does not verify'
	# the good one beside it is found
	passed rooted --certs "$pki/vcek.pem" --certs "$pki/evil/ask.pem" \
		--certs "$pki/evil/ark.pem" --certs "$pki/chain.pem"
	# a leaf that says the same of chip and TCB, with another's key
	passed rooted --certs "$pki/evil/vcek.pem" --certs "$pki/full.pem"
	failed 'signature, chain' rooted --certs "$pki/evil/vcek.pem" \
		--certs "$pki/chain.pem"
}

@test "certificates: those built in are of every product, and named" {
	local set src
	for set in genoa turin vlek vlek-genoa vlek-turin; do
		failed chain snp-verify --certs "$pki/$set/vcek.pem" $set.report
		said 'leaf: signature does not verify; .*; ASK and ARK built in'
		# AMD's own beside it change nothing; another ARK is refused
		failed 'chain, product' snp-verify \
			--certs "$pki/$set/full.pem" $set.report
		said "none of AMD's"
	done
	# each with the hash beside it in the source
	src=$BATS_TEST_DIRNAME/../..
	tr -d '\n\t",' <"$src/common/evidence/amdcerts.c" |
		grep -o '[ASRKEV]*-[A-Za-z-]*[0-9a-f]\{128\}-----' |
		sed 's/[0-9a-f]\{64\}\([0-9a-f]\{64\}\)-----/ \1/' >own
	# the manual leaves SEV- out where the line would be too long
	grep -E '^(ARK|SEV|VLEK)-[A-Za-z-]* +[0-9a-f]{64}$' \
		"$src/man/snp-verify.1" | tr -s ' ' |
		sed 's/^VLEK-/SEV-VLEK-/' | diff - own
	[ "$(wc -l <own)" -eq 9 ]
}

@test "--json says the same" {
	_capture in_context -C context --json milan.report
	[ "$_status" -eq 0 ]
	jq -e '.verified == true and .trust.endorser == $did and
	    (.checks | length) == 19 and
	    ([.checks[] | .result] | unique) == ["pass", "skip"] and
	    ([.checks[] | keys] | unique) == [["detail", "name", "result"]] and
	    .report.version == 3' --arg did "$did" "$_at/out"
	[ "$(jq -r '[.checks[].name] | join(" ")' "$_at/out")" = "format \
signature chain signer product tcb chip-id trailer debug migration vmpl \
report-data host-data open-policy measurement endorsement uvm-svn min-tcb crl" ]
	refuses 1 'not verified: vmpl' verify milan --json -l 1 milan.report
	jq -e '.verified == false and
	    ([.checks[] | select(.result == "FAIL") | .name] == ["vmpl"])' \
	    "$_at/out"
}

@test "--show decodes, proves nothing, and goes with nothing" {
	prints 'version: 3' sh -c 'snp-verify --show milan.report | head -n 1'
	_capture snp-verify --show turin.report
	said '^reported_tcb: 0101010400000051 (Turin: fmc 1 bl 1 tee 1 snp 4'
	said '^kds_url: https://kdsintf.amd.com/vcek/v1/Turin/'
	_capture snp-verify --show --json vlek.report
	jq -e '.kds_url == null and .report.key_info == "0x4" and
	    (.report | has("signature") | not)' "$_at/out"
	make_report milan r FAKE_SEV_GUEST_POLICY=0x800000000b001f
	_capture snp-verify --show r
	said '^policy: 0x800000000b001f (abi 0.31, smt, debug, bit 55)'
	fails 2 'proves nothing: --certs' snp-verify --show --certs x milan.report
	fails 2 'proves nothing: --host-data' \
		snp-verify --show --host-data 00 milan.report
	fails 2 'proves nothing: --allow-debug' \
		snp-verify --show --allow-debug milan.report
	_capture env UVM_SECURITY_CONTEXT_DIR=/nowhere \
		snp-verify --show milan.report
	[ "$_status" -eq 0 ]
}

@test "-o, and the answer no is written too" {
	failed vmpl verify milan -l 2 milan.report
	_capture verify milan -l 2 -o out milan.report
	[ "$_status" -eq 1 ]
	[ ! -s "$_at/out" ]
	grep -q '^FAIL  vmpl' out
	fails 4 'no space left' verify milan -o /dev/full milan.report
}

@test "colours on a terminal only, and not with NO_COLOR" {
	command -v script >/dev/null || skip "no script"
	local line="snp-verify --root $pki/ark.pem --certs $pki/full.pem \
-l 1 milan.report" set
	_capture verify milan milan.report
	[ "$(grep -c $'\033' "$_at/out")" -eq 0 ]
	for set in TERM=xterm NO_COLOR=; do
		env -u NO_COLOR TERM=xterm $set script -qec "$line" /dev/null \
			</dev/null >out || [ $? -eq 1 ]
		grep -q $'^\033\[32mpass\033\[0m  format ' out
		grep -q $'^\033\[1;31mFAIL\033\[0m  vmpl ' out
		grep -q $'^\033\[33mskip\033\[0m  crl ' out
	done
	for set in NO_COLOR=1 NO_COLOR=no TERM=dumb; do
		env -u NO_COLOR TERM=xterm $set script -qec "$line" /dev/null \
			</dev/null >out || [ $? -eq 1 ]
		grep -q '^FAIL  vmpl' out
		[ "$(grep -c $'\033' out)" -eq 0 ]
	done
}

# columns FILE: where the names and the texts begin, each once.
columns() {
	sed -E 's/^(pass  |FAIL  |skip  |trust )([a-z-]+ +).*/\2/' "$1" |
		awk '{ print length }' | sort -u
}

@test "the lines are aligned, whatever is asked for" {
	_capture verify milan milan.report
	[ "$(columns "$_at/out")" -eq 14 ]
	_capture verify milan --id-key-digest "$(printf '1d%.0s' {1..48})" \
		--author-key-digest "${zeros:0:96}" milan.report
	[ "$(columns "$_at/out")" -eq 19 ]
}
