#!/usr/bin/env bats
# maa-token: the exchange with the stand-in of Microsoft Azure Attestation,
# and everything that may be wrong with either side of it.
# folders: net azure

load ../lib

setup_file() {
	start_services || return
	cd "$BATS_FILE_TMPDIR" || return
	printf '{"keys":[],"label":"caf\303\251"}\n' >runtime.json
	printf 'package policy\n' >policy.rego
	with_device "$BIN/snp-report" -r runtime.json -o report.bin
	fake context --pki "$FAKE/pki" --policy policy.rego ctx
}

teardown_file() {
	stop_services
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	control reset '{}'
}

# fault KIND [MEMBERS]: what MAA does wrong, once.
fault() {
	control fault "{\"service\":\"maa\",\"kind\":\"$1\"${2:+,$2}}"
}

# token [OPTION...]: maa-token as it should be called.
token() {
	maa-token -e "$MAA" --cacert "$CACERT" -C ctx -r runtime.json "$@" \
		report.bin
}

# asked: how many requests MAA had.
asked() {
	curl -sS "$CONTROL/log?service=maa" | jq length
}

# refute CMD...: it fails; a "!" in the middle of a test would not count.
refute() {
	! "$@"
}

# claim NAME < TOKEN
claim() {
	cut -d. -f2 | tr -d '\n' | tr _- /+ | sed 's/$/==/' |
		base64 -d 2>/dev/null | jq -r ".\"$1\""
}

@test "a report becomes a token that says what was sent" {
	token --nonce 'of mine' -o token.jwt
	[ "$(wc -l <token.jwt)" -eq 1 ]
	[ "$(claim iss <token.jwt)" = "https://$MAA" ]
	[ "$(claim nonce <token.jwt)" = "of mine" ]
	[ "$(claim x-ms-runtime.label <token.jwt)" = null ]
	[ "$(claim x-ms-compliance-status <token.jwt)" = azure-compliant-uvm ]
	[ "$(claim x-ms-sevsnpvm-reportdata <token.jwt)" = \
		"$(sha256sum runtime.json | cut -c1-64)$(printf '0%.0s' {1..64})" ]
	"$BIN/maa-token" -e "$MAA" --cacert "$CACERT" --keys -o jwks.json
	jwt-claims -k jwks.json -i "https://$MAA" -r runtime.json token.jwt
}

@test "the nonce is fresh each time" {
	[ "$(token | claim nonce)" != "$(token | claim nonce)" ]
}

@test "the endpoint is taken as people write it" {
	local form
	for form in "https://$MAA" "https://$MAA/" "HTTPS://LOCALHOST:${MAA#*:}"; do
		succeeds maa-token -e "$form" --cacert "$CACERT" -C ctx report.bin
	done
	for form in "https://$MAA/attest" "http://$MAA" "a@$MAA" "$MAA?x" \
	    "$MAA#x" "local host" "localhost:0" "localhost:65536" "ftp://x" "" \
	    "localhost:" "-x" "a..b"; do
		fails 2 . maa-token -e "$form" --cacert "$CACERT" -C ctx report.bin
	done
	fails 2 '-e, must be given' maa-token report.bin
	fails 2 'has no path' maa-token -e "$MAA/attest" report.bin
	hinted /attest
	fails 2 'plain http' maa-token -e "http://$MAA" report.bin
}

@test "the report comes raw, as hex, as base64, from a file or a pipe" {
	xxd -p report.bin >report.hex 2>/dev/null ||
		od -An -v -tx1 report.bin | tr -d ' \n' >report.hex
	tr -d '\n' <report.hex >one.hex
	base64 -w0 report.bin >report.b64
	local file
	for file in one.hex report.b64; do
		succeeds maa-token -e "$MAA" --cacert "$CACERT" -C ctx $file
	done
	maa-token -e "$MAA" --cacert "$CACERT" -C ctx <report.bin >out
	maa-token -e "$MAA" --cacert "$CACERT" -C ctx - <report.bin >out
}

@test "certificates come from --certs, -C or the environment, or it is 3" {
	local set=$FAKE/pki/milan file
	for file in "$set/thim.json" ctx/host-amd-cert-base64; do
		succeeds maa-token -e "$MAA" --cacert "$CACERT" --certs "$file" \
			report.bin
	done
	cat "$set/vcek.pem" "$set/ask.pem" "$set/ark.pem" >chain.pem
	succeeds maa-token -e "$MAA" --cacert "$CACERT" --certs chain.pem report.bin
	# in any order, as DER, a folder of many, and the same is sent
	cat "$set/ark.pem" "$FAKE/pki/genoa/full.pem" "$set/vcek.pem" "$set/ask.pem" \
		>shuffled.pem
	mkdir -p folder
	openssl x509 -in "$set/vcek.pem" -outform DER -out folder/leaf.bin
	cp "$set/ask.pem" "$set/ark.pem" "$FAKE/pki/turin/full.pem" folder
	maa-token -n -e "$MAA" --nonce n --certs chain.pem report.bin >sent
	for file in shuffled.pem folder "$set/thim.json"; do
		maa-token -n -e "$MAA" --nonce n --certs "$file" report.bin |
			cmp - sent
	done
	maa-token -n -e "$MAA" --nonce n --certs folder/leaf.bin \
		--certs shuffled.pem report.bin | cmp - sent
	succeeds maa-token -e "$MAA" --cacert "$CACERT" --certs folder report.bin
	# a leaf alone is enough, if it is the report's
	fails 1 "of chip [0-9a-f.]*, but the report's is" maa-token -e "$MAA" \
		--certs "$FAKE/pki/genoa/vcek.pem" report.bin
	fails 3 'no leaf: none of 1 is a VCEK or VLEK' maa-token -e "$MAA" \
		--certs "$set/ask.pem" report.bin
	fails 2 'standard input cannot be both' maa-token -e "$MAA" --certs - \
		</dev/null
	UVM_SECURITY_CONTEXT_DIR=$PWD/ctx \
		succeeds maa-token -e "$MAA" --cacert "$CACERT" report.bin
	fails 3 'no certificates' maa-token -e "$MAA" --cacert "$CACERT" report.bin
	hinted 'snp-certs gets them from AMD; --certs'
	fails 4 'nowhere/host-amd-cert-base64' \
		maa-token -e "$MAA" --cacert "$CACERT" -C nowhere report.bin
	mkdir -p hollow
	fails 4 'hollow/host-amd-cert-base64: no such file' \
		maa-token -e "$MAA" --cacert "$CACERT" -C hollow report.bin
	hinted 'snp-certs -o FILE'
	fails 3 'a report, not certificates' maa-token -e "$MAA" --cacert "$CACERT" --certs report.bin report.bin
}

@test "the endorsement comes from -u or the context, and missing is said" {
	local out
	out=$(succeeds maa-token -e "$MAA" --cacert "$CACERT" \
		--certs "$FAKE/pki/milan/thim.json" report.bin)
	[ "$(claim x-ms-compliance-status <<<"$out")" = null ]
	base64 -d ctx/reference-info-base64 >uvm.cose
	local file
	for file in uvm.cose ctx/reference-info-base64; do
		out=$(succeeds maa-token -e "$MAA" --cacert "$CACERT" \
			--certs "$FAKE/pki/milan/thim.json" -u $file report.bin)
		[ "$(claim x-ms-compliance-status <<<"$out")" = azure-compliant-uvm ]
	done
	mkdir -p bare
	cp ctx/host-amd-cert-base64 bare
	warns 'bare has no endorsement' \
		maa-token -e "$MAA" --cacert "$CACERT" -C bare report.bin
	fails 3 'neither a COSE_Sign1' maa-token -e "$MAA" --cacert "$CACERT" -C ctx \
		-u policy.rego report.bin
}

@test "what the report does not vouch for is 1, and nothing is sent" {
	cp runtime.json other.json
	printf ' ' >>other.json
	fails 1 'report data' maa-token -e "$MAA" --cacert "$CACERT" -C ctx \
		-r other.json report.bin
	[ "$(asked)" -eq 0 ]
}

@test "a report that is none is 3, and nothing is sent" {
	head -c 1183 report.bin >short
	head -c 1184 /dev/zero >zero
	local file
	for file in short zero policy.rego; do
		fails 3 $file maa-token -e "$MAA" --cacert "$CACERT" -C ctx $file
	done
	[ "$(asked)" -eq 0 ]
}

@test "runtime data that is no JSON goes as Binary, with a warning" {
	printf '\000\377' >binary
	with_device "$BIN/snp-report" -r binary -o binary.bin
	warns 'goes as Binary' maa-token -e "$MAA" --cacert "$CACERT" -C ctx \
		-r binary binary.bin
	maa-token -q -n -e "$MAA" -C ctx -r binary binary.bin >body
	[ "$(jq -r .runtimeData.dataType body)" = Binary ]
}

@test "runtime data of 0 bytes are refused before anything is sent" {
	: >nothing
	with_device "$BIN/snp-report" -o nothing.bin
	fails 3 '^maa-token: nothing: runtime data of 0 bytes' maa-token \
		-e "$MAA" --cacert "$CACERT" -C ctx -r nothing nothing.bin
	fails 3 'standard input: runtime data of 0 bytes' maa-token \
		--skr "$SKR" -e "$MAA" -r - < <(false)
	[ "$(asked)" -eq 0 ]
}

@test "-n prints the body and sends nothing" {
	token -n --nonce 7 >body
	[ "$(jq -r .nonce body)" = 7 ]
	[ "$(wc -l <body)" -eq 1 ]
	refute grep -q '[+/=]"' body
	[ "$(jq -r .runtimeData.data body)" = \
		"$(base64 -w0 runtime.json | tr +/ -_ | tr -d =)" ]
	[ "$(asked)" -eq 0 ]
}

@test "-R judges an answer from a file" {
	token -n --nonce 7 >body
	curl -sS --cacert "$CACERT" -H 'Content-Type: application/json' \
		-d @body -o answer "https://$MAA/attest/SevSnpVm?api-version=2022-08-01"
	maa-token -e "$MAA" -R answer --nonce 7 -r runtime.json report.bin >token
	maa-token -e "$MAA" -R answer -r runtime.json report.bin | cmp token -
	fails 1 'nonce' maa-token -e "$MAA" -R answer --nonce 8 report.bin
	fails 1 'iss' maa-token -e elsewhere.example -R answer report.bin
	with_device "$BIN/snp-report" -o other.bin
	fails 1 'reportdata' maa-token -e "$MAA" -R answer other.bin
	head -c 1000 answer >piece
	fails 3 piece maa-token -e "$MAA" -R piece report.bin
	echo '{"token":"a.b"}' >bad
	fails 3 bad maa-token -e "$MAA" -R bad report.bin
	echo '{"token":""}' >bad
	fails 3 bad maa-token -e "$MAA" -R bad report.bin
}

@test "a token that answers another question is 1" {
	local kind
	for kind in wrong-nonce no-nonce wrong-issuer wrong-reportdata; do
		fault $kind
		fails 1 "^maa-token: $MAA: token: " token
	done
	fault claims '"remove":["x-ms-sevsnpvm-reportdata"]'
	fails 1 'reportdata: missing' token
	fault claims '"set":{"x-ms-runtime":{"keys":[],"label":"tea"}}'
	fails 1 'x-ms-runtime' token
	fault claims '"set":{"nonce":7}'
	fails 1 'nonce' token --nonce 7
}

@test "an answer that is none is 3" {
	local kind
	for kind in redirect garbage empty big bad-chunk big-headers; do
		fault $kind
		fails 3 "$MAA" token
	done
	fault html '"status":200'
	fails 3 HTML token
	local body
	for body in '{}' '[]' '{\"token\":1}' '{\"token\":\"x\"}' 'x' \
	    '{\"token\":\"a.b.c\",\"token\":\"a.b.c\"}'; do
		fault status "\"status\":200,\"body\":\"$body\""
		fails 3 "$MAA" token
	done
	fault status '"status":204'
	fails 3 204 token
}

@test "a refusal is 6 and carries code, sentence and request id" {
	fake context --pki "$FAKE/pki" --policy policy.rego \
		--break signature forged
	fails 6 ': 400 InvalidParameter: UVM endorsement: .*[^.] \(x-ms-request-id 00-[0-9a-f]{32}-0{16}-00, x-ms-client-request-id [0-9a-f-]{36}\)$' \
		maa-token -e "$MAA" --cacert "$CACERT" -C forged report.bin
	hinted snp-verify
	fails 6 'UnsupportedApiVersion' token --api-version 1999-01-01
	fault status '"status":401,"body":{"error":{"code":"Unauthorized","message":"Authorization failed."}}'
	fails 6 '401 Unauthorized: Authorization failed \(' token
	hinted 'Attestation Reader'
}

@test "errors of MAA as recorded and documented are one line each" {
	local noise='Native operation failed with 65518: G:\\\\Az\\\\x.cpp(168) Policy Evaluation Error has occurred Msg:[Policy Engine Exception: A Deny claim was issued, authorization failed.]\n'
	fault status "\"status\":400,\"body\":\"{\\\"error\\\":{\\\"code\\\":\\\"PolicyEvaluationError\\\",\\\"message\\\":\\\"$(
		printf '%s%s' 'first Msg:[outer] ' "${noise//\\/\\\\}")\\\"}}\""
	fails 6 ': 400 PolicyEvaluationError: Policy Engine Exception: A Deny claim was issued, authorization failed \(x-ms' token
	hinted "provider's policy"
	fault status '"status":503,"times":1,"body":{"Error":{"Code":"ServiceUnavailable","Message":"Busy."}}'
	fails 5 '503 ServiceUnavailable: Busy \(' token --retry 0
	fault html '"status":502'
	fails 5 '502: the body is HTML' token --retry 0
	fault status '"status":403,"body":""'
	fails 6 '403: the body is empty' token
	if [ -n "$VECTORS" ]; then
		curl -sS -o /dev/null "$CONTROL/fault" -d "$(jq -n --rawfile b \
			"$VECTORS/azure/maa-recordings/error-400-tpm.json" \
			'{service:"maa",kind:"status",status:400,body:$b}')"
		fails 6 '400 Bad request: A VBS attestation policy has not been set' token
	fi
}

@test "control characters in a message are shown, not sent to the terminal" {
	fault status '"status":400,"body":"{\"error\":{\"code\":\"X\",\"message\":\"a\\u001b[31mb\\u202e\"}}"'
	fails 6 'a\\x1b\[31mb' token
}

@test "a host that is not there is 5" {
	fails 5 'no such host' maa-token -e no-such.invalid -C ctx report.bin
	fails 5 'cannot connect: connection refused|cannot connect' \
		maa-token -e 127.0.0.1:1 --retry 0 -C ctx report.bin
}

@test "a peer that cannot prove its name is 1" {
	local peer hint
	while read -r peer hint; do
		fails 1 "$peer: certificate: " maa-token -e "$peer" \
			--cacert "$CACERT" -C ctx report.bin
		hinted "$hint"
	done <<-END
	$MAA_SELFSIGNED its issuer is CN = localhost; .* those of $CACERT,
	$MAA_EXPIRED the clock here right? It expired Jan  1 00:00:00 2021 GMT
	$MAA_WRONGHOST it is for DNS:elsewhere.example
	END
	fails 1 'certificate: ' maa-token -e "$MAA" -C ctx report.bin
	hinted 'its issuer is CN = Stand-in TLS CA; the roots trusted are those of '
	[ "$(asked)" -eq 0 ]
	SSL_CERT_FILE=$CACERT succeeds maa-token -e "$MAA" -C ctx report.bin
	fails 4 'nowhere' maa-token -e "$MAA" --cacert nowhere -C ctx report.bin
	fails 3 'roots' maa-token -e "$MAA" --cacert policy.rego -C ctx report.bin
}

@test "429 and 5xx and broken connections are asked again, other 4xx are not" {
	fault 429 '"retry_after":0'
	token >/dev/null
	[ "$(asked)" -eq 2 ]
	control reset '{}'
	fault 500 '"times":2,"retry_after":0'
	token >/dev/null
	[ "$(asked)" -eq 3 ]
	control reset '{}'
	fault close
	token >/dev/null
	control reset '{}'
	fault status '"status":400,"times":9'
	fails 6 400 token
	[ "$(asked)" -eq 1 ]
	control reset '{}'
	fault 500 '"times":9'
	fails 5 '500 InternalServerError: An internal error' token --retry 1
	[ "$(asked)" -eq 2 ]
}

@test "nothing lasts longer than the timeout" {
	local start=$SECONDS kind
	for kind in hang stall drip; do
		fault $kind
		fails 5 'in time' token --timeout 1
	done
	fault 429 '"times":9,"retry_after":3600'
	fails 5 429 token --timeout 2
	hinted '3600 s'
	[ $((SECONDS - start)) -lt 10 ]
}

@test "--keys prints the key set and takes nothing else" {
	succeeds maa-token -e "$MAA" --cacert "$CACERT" --keys >jwks
	jq -e '.keys | length > 1' jwks
	fails 2 'keys' maa-token -e "$MAA" --keys report.bin
	fails 2 'keys' maa-token -e "$MAA" --keys -n
	fault status '"status":200,"body":{"keys":[]},"path":"/certs"'
	fails 3 'no keys' maa-token -e "$MAA" --cacert "$CACERT" --keys
}

@test "--keys agrees with the provider's own description" {
	fault wrong-issuer '"path":"/.well-known"'
	fails 1 'openid-configuration: issuer' maa-token -e "$MAA" \
		--cacert "$CACERT" --keys
	fault status '"path":"/.well-known","status":200,"body":{}'
	fails 3 'jwks_uri' maa-token -e "$MAA" --cacert "$CACERT" --keys
	fault status '"path":"/.well-known","status":200,"body":{"jwks_uri":"https://evil.example/certs"}'
	fails 1 'jwks_uri' maa-token -e "$MAA" --cacert "$CACERT" --keys
	fault status '"path":"/.well-known","status":404'
	fails 6 404 maa-token -e "$MAA" --cacert "$CACERT" --keys
}

@test "certificates of another TCB or chip are 1, and nothing is sent" {
	local dir=$FAKE/pki
	fails 1 'certificates: of chip [0-9a-f]{16}\.\.\., but the report' maa-token \
		-e "$MAA" --cacert "$CACERT" --certs "$dir/bad/hwid/thim.json" \
		report.bin
	hinted 'snp-certs -o FILE REPORT gets those that fit'
	fails 1 "certificates: of TCB bl [0-9]+ .*, but the report's is bl [0-9]+ " \
		maa-token -e "$MAA" --cacert "$CACERT" \
		--certs "$dir/bad/spl-bl/thim.json" report.bin
	hinted 'snp-certs -o FILE'
	fails 1 "by the certificates' key: signature does not verify" \
		maa-token -e "$MAA" --cacert "$CACERT" \
		--certs "$dir/evil/thim.json" report.bin
	[ "$(asked)" -eq 0 ]
}

@test "a report and a certificate that do not belong together, from the field" {
	need_vectors snp/NEG-aci-v3-mismatched-vcek
	local dir=$VECTORS/snp/NEG-aci-v3-mismatched-vcek
	fails 1 'certificates: of chip [0-9a-f]{16}\.\.\., but the report' maa-token \
		-e "$MAA" --cacert "$CACERT" --certs "$dir/chain.pem" "$dir"/report.bin
	hinted 'snp-certs -o FILE'
	[ "$(asked)" -eq 0 ]
}

@test "--skr: the sidecar makes the report and asks the provider" {
	maa-token --skr "$SKR" -e "https://$MAA/" -r runtime.json -o token.jwt
	[ "$(claim iss <token.jwt)" = "https://$MAA" ]
	[ "$(claim x-ms-sevsnpvm-reportdata <token.jwt | cut -c1-64)" = \
		"$(sha256sum runtime.json | cut -c1-64)" ]
	prints 'Status OK' maa-token --skr "$SKR" --status
	if ours; then	# it judges the token itself
		fails 5 '502: .*: token: reportdata: ' faulty wrong-reportdata
		fails 5 '502: .*: token: iss: ' faulty wrong-issuer
		return
	fi
	fails 1 'x-ms-sevsnpvm-reportdata' faulty wrong-reportdata
	fails 1 'iss' faulty wrong-issuer
	fails 6 '403: .*does not match' faulty_sidecar
	fails 5 'cannot connect' maa-token --skr http://localhost:1 --retry 0 \
		--status
	hinted 'sidecar running'
}

# faulty KIND: a token by way of the sidecar from a provider that errs.
faulty() {
	fault "$1"
	maa-token --skr "$SKR" -e "$MAA" -r runtime.json --retry 0
}

# saved TEXT: maa-token -R of that answer.
saved() {
	printf '%s' "$1" >saved.json
	maa-token -e "$MAA" -R saved.json report.bin
}

@test "-R with an error that was saved is what asking had said" {
	fails 6 '^maa-token: saved.json: InvalidParameter: it is not valid$' \
		saved '{"error":{"code":"InvalidParameter","message":"it is not valid."}}'
	hinted 'snp-verify with the same report'
	fails 6 'saved.json: PolicyEvaluationError: A Deny claim' \
		saved '{"Error":{"Code":"PolicyEvaluationError","Message":"x Msg:[A Deny claim was issued]"}}'
	hinted 'does not permit'
	fails 6 'saved.json: Unauthorized: x' \
		saved '{"error":{"code":"Unauthorized","message":"x"}}'
	hinted 'Attestation Reader'
	fails 5 'saved.json: InternalServerError: x' \
		saved '{"error":{"code":"InternalServerError","message":"x"}}'
	fails 6 'saved.json: attestation failed: Refreshing .* not set$' \
		saved '{"error":"attestation failed\nERROR: Please see\nHelp: https://b: Refreshing CertChain failed: certificate endpoint not set"}{"token":""}'
	hinted certcache
	fails 3 'saved.json' saved '{"token":7}'
	fails 3 'saved.json' saved '[]'
}

@test "a provider that is not reached: what to look at" {
	fails 5 'cannot connect: connection refused' maa-token -e localhost:1 \
		--cacert "$CACERT" --keys --retry 0
	hinted '443, unless .* firewall .* https_proxy'
	fails 5 'no such host' maa-token -e no-such.invalid --cacert "$CACERT" \
		--keys --retry 0
	hinted 'sharedREGION'
}

@test "a token that names a chip names the report's" {
	local id
	id=$(dd if=report.bin bs=1 skip=416 count=64 status=none | xxd -p -c 64)
	fault claims "\"set\":{\"x-ms-sevsnpvm-chipid\":\"$id\"}"
	token -o chip.jwt
	[ "$(claim x-ms-sevsnpvm-chipid <chip.jwt)" = "$id" ]
	fault claims "\"set\":{\"x-ms-sevsnpvm-chipid\":\"${id/[0-9]/f}f\"}"
	fails 1 'x-ms-sevsnpvm-chipid: .* is not the [0-9a-f]* asked for' token
}

# policy [OPTION...]: the provider's policy, for who may read it.
policy() {
	maa-token -e "$MAA" --cacert "$CACERT" --provider-policy \
		--access-token-file "$MAA_BEARER_FILE" "$@"
}

b64u() {
	basenc --base64url -w0 | tr -d =
}

# put_policy FILE [KEY CERTIFICATE]: make it the provider's, signed by KEY.
put_policy() {
	local alg='{"alg":"none"}' jws sig=
	if [ $# -gt 1 ]; then
		alg="{\"alg\":\"RS256\",\"x5c\":[\"$(openssl x509 -in "$3" \
			-outform DER | base64 -w0)\"]}"
	fi
	jws=$(printf '%s' "$alg" | b64u).$(jq -jn --arg p "$(b64u <"$1")" \
		'{AttestationPolicy: $p}' | b64u)
	if [ $# -gt 1 ]; then
		sig=$(printf '%s' "$jws" | openssl dgst -sha256 -sign "$2" | b64u)
	fi
	curl -sSf --cacert "$CACERT" -X PUT -H 'Content-Type: text/plain' \
		-H "Authorization: Bearer $(cat "$MAA_BEARER_FILE")" \
		-d "$jws.$sig" -o put \
		"https://$MAA/policies/SevSnpVm?api-version=2022-08-01"
}

@test "--provider-policy prints the policy's bytes, proved" {
	policy >text
	grep -q '^version= 1.0;$' text
	printf 'version= 1.0;\nauthorizationrules { => permit(); };' >own.policy
	put_policy own.policy
	policy -v -o text 2>err
	cmp own.policy text
	token -o own.jwt
	grep -q "policy: x-ms-policy-hash $(claim x-ms-policy-hash <own.jwt), unsigned$" err
	put_policy own.policy "$FAKE/pki/maa2.key" "$FAKE/pki/maa2.pem"
	policy -v 2>err >text
	cmp own.policy text
	grep -q ', signed$' err
	curl -sSf --cacert "$CACERT" -X POST -o reset \
		-H "Authorization: Bearer $(cat "$MAA_BEARER_FILE")" -d '' \
		"https://$MAA/policies/SevSnpVm:reset?api-version=2022-08-01"
	policy >text
	refute cmp -s own.policy text
}

@test "--provider-policy refuses what nobody vouches for" {
	local kind
	for kind in wrong-issuer expired tamper-signature wrong-kid; do
		control fault "{\"service\":\"maa\",\"kind\":\"$kind\",\"path\":\"/policies\"}"
		fails 1 'policy token: ' policy
	done
	control fault '{"service":"maa","kind":"claims","path":"/policies","remove":["x-ms-policy"]}'
	fails 3 'x-ms-policy' policy
	local jws
	for jws in '' a a.b .. a.b.c.d e30.e30. 'e30.eyJBdHRlc3RhdGlvblBvbGljeSI6Nn0.'; do
		control fault "{\"service\":\"maa\",\"kind\":\"claims\",\"path\":\"/policies\",\"set\":{\"x-ms-policy\":\"$jws\"}}"
		fails 3 'policy token: x-ms-policy' policy
	done
	fails 6 '401 Unauthorized: ' maa-token -e "$MAA" --cacert "$CACERT" \
		--provider-policy
	hinted 'access-token-file'
	fails 2 'exclude' policy --keys
	fails 2 'network options' policy -r runtime.json
	fails 2 'network options' policy report.bin
}

# sidecar_says NAME CMD...: one of its documented errors.
sidecar_says() {
	control fault "{\"service\":\"skr\",\"kind\":\"error\",\"name\":\"$1\"}"
	shift
	"$@"
}

faulty_sidecar() {
	control fault '{"service":"skr","kind":"status","status":403,"body":"{\"error\":\"runtime data does not match\\nERROR: Please refer to the documentation\"}{\"token\":\"\"}"}'
	maa-token --skr "$SKR" -e "$MAA" -r runtime.json
}

@test "--skr: what a sidecar says when it fails" {
	if ours; then
		fails 5 '503: SEV-SNP report: not an SEV-SNP guest' maa-token \
			--skr "$SKR_NODEVICE" -e "$MAA" -r runtime.json --retry 0
		hinted 'Confidential SKU'
		fails 6 '403: .*no-such.invalid is not among the hosts' \
			maa-token --skr "$SKR" -e no-such.invalid -r runtime.json
		printf 'no json' >text
		fails 3 'no JSON object' maa-token --skr "$SKR" -e "$MAA" -r text
		fails 5 '503.*no SEV-SNP device' maa-token \
			--skr "$SKR_NODEVICE" --status --retry 0
		return
	fi
	fails 6 '^maa-token: http://localhost:[0-9]*: 403: attestation failed: .*: certificate endpoint not set$' \
		maa-token --skr "$SKR_NODEVICE" -e "$MAA" -r runtime.json
	hinted 'Confidential SKU'
	hinted 'needs a certcache'
	fails 6 '403: .* lookup no-such.invalid: no such host' maa-token \
		--skr "$SKR" -e no-such.invalid -r runtime.json
	hinted 'cannot resolve'
	fails 6 '403: failure to .*: ioctl failed:input/output error \(' \
		sidecar_says device snp-report -s "$SKR" -r runtime.json
	hinted VMPCK
	fails 6 'lue: 0xdb18000000000004 doesn.t .*lue: 0x0018000000000004' \
		sidecar_says tcb-misread \
		maa-token --skr "$SKR" -e "$MAA" -r runtime.json
	hinted 'LocalTHIM helps, a restart does not'
	fails 5 '500: the body is empty' sidecar_says panic \
		maa-token --skr "$SKR" -e "$MAA" -r runtime.json --retry 0
	hinted crashed
	printf 'no json' >text
	fails 3 'no JSON object' maa-token --skr "$SKR" -e "$MAA" -r text
	control fault '{"service":"skr","kind":"status","status":200,"body":{"message":"Status NOT OK"}}'
	fails 1 'not ready: Status NOT OK' maa-token --skr "$SKR" --status
	control fault '{"service":"skr","kind":"status","status":200,"body":"{\"error\":{}}{\"token\":\"\"}"}'
	fails 6 'does not say why' maa-token --skr "$SKR" -e "$MAA" -r runtime.json
	control fault '{"service":"skr","kind":"html","status":200}'
	fails 3 HTML maa-token --skr "$SKR" -e "$MAA" -r runtime.json
	control fault '{"service":"skr","kind":"redirect"}'
	fails 3 redirect maa-token --skr "$SKR" -e "$MAA" -r runtime.json
	control fault '{"service":"skr","kind":"big"}'
	fails 3 'larger than' maa-token --skr "$SKR" -e "$MAA" -r runtime.json
	fails 2 . maa-token --skr "$MAA" --status
	fails 2 . maa-token --skr https://localhost:8080 --status
	fails 2 '-e, must be given' maa-token --skr "$SKR" -r runtime.json
	fails 2 '-r' maa-token --skr "$SKR" -e "$MAA"
	fails 2 'by itself' maa-token --skr "$SKR" -e "$MAA" -r runtime.json x
	fails 2 'alone' maa-token --status
	fails 2 'alone' maa-token --status --skr "$SKR" -e "$MAA"
}

@test "a token of something else than SEV-SNP is 1, with what to do" {
	fault claims '"set":{"x-ms-attestation-type":"azurevm"}'
	fails 1 'x-ms-attestation-type: "azurevm" is not the sevsnpvm' token
	hinted 'Confidential SKU'
}

@test "an access token is sent, and never shown" {
	fails 3 'access token' token --access-token-file policy.rego
	printf 'very-secret.token' >bearer
	token -v --access-token-file bearer >out 2>err
	grep -q "POST $MAA/attest/SevSnpVm 200" err
	refute grep -q very-secret out err
	curl -sS "$CONTROL/log?service=maa" | jq -e \
		'.[-1].headers.Authorization | startswith("Bearer")'
}

@test "the command line" {
	fails 2 'nonce' token --nonce ''
	fails 2 'nonce' token --nonce "$(printf 'x%.0s' {1..257})"
	fails 2 'api-version' token --api-version 'a&b'
	fails 2 'exclude' token -n -R x
	fails 2 'both' maa-token -e "$MAA" -r - -C ctx -
	fails 2 . token --timeout 0
	fails 2 . token --retry 21
}
