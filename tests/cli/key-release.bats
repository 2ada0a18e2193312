#!/usr/bin/env bats
# key-release: the wrapping key, and the exchange with the stand-in of Key
# Vault and Managed HSM; for each thing it accepts a forgery that it does not.
# folders: net azure jose

load ../lib

setup_file() {
	start_services || return
	cd "$BATS_FILE_TMPDIR" || return
	"$BIN/key-release" -G -k wrap.pem >runtime.json
	"$BIN/key-release" -G -k other.pem >other.json
	printf 'package policy\n' >policy.rego
	fake context --pki "$FAKE/pki" --policy policy.rego ctx
	attest runtime.json token.jwt
	printf '{"version":"1.0.0","anyOf":[{"authority":"https://%s","allOf":[%s]}]}' \
		"$MAA" '{"claim":"x-ms-attestation-type","equals":"sevsnpvm"}' \
		>release.json
	rsa_key rsa.pem
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out ec.pem
	fake import-key rsa.pem release.json >rsa.body
	put "$VAULT" rsa rsa.body
	jq '.key = {kty:"oct-HSM", key_ops:["wrapKey","unwrapKey"],
		k:"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}' rsa.body >oct.body
	put "$VAULT" oct oct.body
	put "$HSM" hsm rsa.body
}

# attest RUNTIME TOKEN: the way to a token.
attest() {
	with_device "$BIN/snp-report" -r "$1" -o "$2.report"
	"$BIN/maa-token" -e "$MAA" --cacert "$CACERT" -C ctx -r "$1" -o "$2" \
		"$2.report"
}

# put VAULT NAME BODY: import a key.
put() {
	local bearer=$BEARER_FILE
	[ "$1" = "$VAULT" ] || bearer=$HSM_BEARER_FILE
	curl -sSf --cacert "$CACERT" -X PUT -o "$2.bundle" -d @"$3" \
		-H 'Content-Type: application/json' \
		-H "Authorization: Bearer $(cat "$bearer")" \
		"$1/keys/$2?api-version=7.4"
}

teardown_file() {
	stop_services
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	control reset '{}'
}

# fault KIND [MEMBERS]: what the vault does wrong, once.
fault() {
	control fault "{\"service\":\"vault\",\"kind\":\"$1\"${2:+,$2}}"
}

# release [OPTION...] [-- KEYURL]: key-release as it should be called.
release() {
	local url=$VAULT/keys/rsa
	local -a options=()
	while [ $# -gt 0 ]; do
		if [ "$1" = -- ]; then
			url=$2
			break
		fi
		options+=("$1")
		shift
	done
	key-release -k wrap.pem -t token.jwt --access-token-file "$BEARER_FILE" \
		--cacert "$CACERT" --release-roots "$RELEASE_ROOTS" \
		"${options[@]}" "$url"
}

# asked: how many requests the vault had.
asked() {
	curl -sS "$CONTROL/log?service=vault" | jq length
}

# refute CMD...: it fails; a "!" in the middle of a test would not count.
refute() {
	! "$@"
}

@test "-G makes a key that nobody else can read, and its runtime data" {
	rm -f new.pem
	succeeds key-release -G -k new.pem >new.json
	[ "$(stat -c %a new.pem)" = 600 ]
	[ "$(wc -c <new.json)" -eq 459 ]
	[ "$(jq -c '.keys[0] | keys' new.json)" = \
		'["e","key_ops","kid","kty","n"]' ]
	openssl pkey -in new.pem -pubout -out pub.pem
	[ "$(openssl rsa -pubin -in pub.pem -noout -modulus | cut -d= -f2 |
		tr A-F a-f)" = "$(jq -r '.keys[0].n' new.json | tr _- /+ |
		sed 's/$/==/' | base64 -d 2>/dev/null | od -An -v -tx1 | tr -d ' \n')" ]
	[ "$(jq -r '.keys[0].kid' new.json)" = "$(jq -r '.keys[0] |
		"{\"e\":\"\(.e)\",\"kty\":\"RSA\",\"n\":\"\(.n)\"}"' new.json |
		tr -d '\n' | openssl dgst -sha256 -binary | base64 | tr +/ -_ |
		tr -d =)" ]
}

@test "-G replaces a key only with --force" {
	cp wrap.pem kept.pem
	fails 4 'kept.pem: exists' key-release -G -k kept.pem
	hinted 'public prints its runtime data again, --force'
	cmp wrap.pem kept.pem
	succeeds key-release -G --force -k kept.pem
	refute cmp -s wrap.pem kept.pem
	[ "$(stat -c %a kept.pem)" = 600 ]
}

@test "-G leaves no key behind when its runtime data cannot be written" {
	full() { key-release -G -k lost.pem >/dev/full; }
	fails 4 'standard output' full
	[ ! -e lost.pem ]
	fails 4 'nowhere' key-release -G -k lost.pem -o nowhere/runtime.json
	[ ! -e lost.pem ]
}

@test "--public prints the runtime data of -G again, to the byte" {
	succeeds key-release --public -k wrap.pem >again.json
	cmp runtime.json again.json
	key-release --public -k - <wrap.pem | cmp - runtime.json
	succeeds key-release --public -k wrap.pem -o again.json
	cmp runtime.json again.json
	jwk_of wrap.pem >wrap.jwk
	key-release --public -k wrap.jwk | cmp - runtime.json
	key-release -G --force -k wide.pem --bits 3072 -o wide.json
	key-release --public -k wide.pem | cmp - wide.json
}

@test "--public takes a private RSA key and nothing else" {
	openssl pkey -in wrap.pem -pubout -out wrap.pub
	fails 3 'wrap.pub: ' key-release --public -k wrap.pub
	fails 1 'key_ops does not allow' key-release --public -k runtime.json
	fails 3 'not one private RSA key' key-release --public -k ec.pem
	cat wrap.pem other.pem >two.pem
	fails 3 'not one private RSA key' key-release --public -k two.pem
	fails 4 'nowhere.pem' key-release --public -k nowhere.pem
	fails 2 '-k, must be given' key-release --public
	fails 2 'exclude' key-release --public -G -k wrap.pem
	fails 2 'takes no key address' key-release --public -k wrap.pem "$VAULT/keys/rsa"
	fails 2 'takes no' key-release --public -k wrap.pem -t token.jwt
	fails 2 'go with -G' key-release --public -k wrap.pem --force
	fails 2 . key-release --public --skr http://localhost:1 -e "$MAA" \
		"$VAULT/keys/rsa"
}

@test "runtime data never take the place of their private key" {
	cp wrap.pem same.pem
	ln -sf same.pem link.pem
	fails 2 'same file' key-release --public -k same.pem -o same.pem
	fails 2 'same file' key-release --public -k same.pem -o link.pem
	fails 2 'same file' key-release -G --force -k same.pem -o ./same.pem
	cmp wrap.pem same.pem
	fails 2 'same file' key-release -G -k fresh.pem -o fresh.pem
	[ ! -e fresh.pem ]
}

@test "-G --bits" {
	succeeds key-release -G --bits 3072 --force -k big.pem
	openssl pkey -in big.pem -noout -text | grep -q '3072 bit'
	fails 2 . key-release -G --bits 1024 -k x.pem
	fails 2 . key-release -G --bits 2049 -k x.pem
	[ ! -e x.pem ]
}

@test "a key comes out of every wrap, as the vault has it" {
	local enc
	for enc in CKM_RSA_AES_KEY_WRAP RSA_AES_KEY_WRAP_256 \
	    RSA_AES_KEY_WRAP_384; do
		release --enc $enc -o $enc.jwk
		[ "$(stat -c %a $enc.jwk)" = 600 ]
		[ "$(wc -l <$enc.jwk)" -eq 1 ]
		[ "$(jq -r .kid $enc.jwk)" = "$(jq -r .key.kid rsa.bundle)" ]
		[ "$(jq -c .key_ops $enc.jwk)" = '["encrypt","decrypt"]' ]
		[ "$(jq -r .d $enc.jwk)" = "$(jq -r .key.d rsa.body)" ]
	done
	release | cmp - $enc.jwk
	release -- "$(jq -r .key.kid rsa.bundle)" | cmp - $enc.jwk
	release -o oct.jwk -- "$VAULT/keys/oct"
	[ "$(jq -r .k oct.jwk)" = AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8 ]
	[ "$(jq -r .kty oct.jwk)" = oct ]
	release --access-token-file "$HSM_BEARER_FILE" -- "$HSM/keys/hsm" |
		jq -e '.kty == "RSA" and .d != null'
}

@test "the released key opens what was encrypted for it" {
	jq '{keys: [.key]}' rsa.bundle >public.jwks
	release -o key.jwk
	echo 'a secret' | blob-encrypt -f oaep -k public.jwks -o blob
	[ "$(blob-decrypt -k key.jwk blob)" = 'a secret' ]
}

@test "a real ciphertext of CKM_RSA_AES_KEY_WRAP is opened" {
	need_vectors azure/skr-unwrap/ciphertext.bin
	local dir=$VECTORS/azure/skr-unwrap
	jq -n --slurpfile jwks "$dir/jwks.json" \
		'{claims: {"x-ms-attestation-type": "sevsnpvm",
		"x-ms-runtime": $jwks[0]}}' >claims
	curl -sS -d @claims "$CONTROL/mint" >vector.jwt
	fault ciphertext "\"file\":\"$dir/ciphertext.bin\""
	key-release --enc CKM_RSA_AES_KEY_WRAP -k "$dir/wrapping-key.pem" \
		-t vector.jwt --access-token-file "$BEARER_FILE" --cacert "$CACERT" \
		--release-roots "$RELEASE_ROOTS" "$VAULT/keys/oct" |
		jq -r .k | tr _- /+ | sed 's/$/=/' | base64 -d |
		cmp - "$dir/plaintext.bin"
}

@test "a release that is forged is 1, and no file appears" {
	local kind
	rm -f forged
	for kind in tamper-signature evil-chain wrong-host expired-chain \
	    wrong-enc wrong-nonce no-nonce wrong-kid; do
		fault $kind
		fails 1 "^key-release: ${VAULT#https://}: release: " \
			release -o forged
		[ ! -e forged ]
	done
	fails 1 'release: certificate' release --release-roots "$CACERT" -o forged
	fault payload '"set":{"response.key.key.kid":"https://localhost/keys/rsa/1"}'
	fails 1 'response.key.key.kid' release -o forged
	fault payload '"set":{"request.enc":1}'
	fails 1 'request.enc: 1 is not' release -o forged
	fault payload '"set":{"response.key.key.n":"'"$(jq -r '.keys[0].n' \
		other.json)"'"}'
	fails 1 'not the one the vault describes' release -o forged
	fault ciphertext "\"hex\":\"$(printf '5a%.0s' {1..296})\""
	fails 1 'release: decryption failed' release -o forged
	[ ! -e forged ]
}

@test "a release of another version than asked for is 1" {
	put "$VAULT" twice rsa.body
	local first
	first=$(jq -r .key.kid twice.bundle)
	put "$VAULT" twice rsa.body
	release -o key.jwk -- "$first"
	[ "$(jq -r .kid key.jwk)" = "$first" ]
	fault payload "\"set\":{\"request.kid\":\"$(jq -r .key.kid twice.bundle)\"}"
	fails 1 'request.kid' release -- "$first"
}

@test "a release that is malformed is 3" {
	local set
	fault no-x5c
	fails 3 'x5c: no certificates' release
	fault alg-none
	fails 3 'jws: part 3 is empty' release
	for set in '"request":null' '"response":{}' '"response.key.key":[]' \
	    '"request.kid":7' '"response.key.key.key_hsm":"e30"' \
	    '"response.key.key.key_hsm":"!"' '"response.key.key.kty":"okp"' \
	    '"response.key.key.key_hsm":"eyJjaXBoZXJ0ZXh0IjoiQUFBQSJ9"'; do
		fault payload "\"set\":{$set}"
		fails 3 "release: " release
	done
}

@test "an answer that is none is 3" {
	local kind body
	for kind in redirect garbage empty big bad-chunk big-headers; do
		fault $kind
		fails 3 "${VAULT#https://}" release
	done
	fault html '"status":200'
	fails 3 HTML release
	for body in '{}' '[]' '{\"value\":1}' '{\"value\":\"\"}' 'x' \
	    '{\"value\":\"a.b.c\"}' '{\"value\":\"a\",\"value\":\"a\"}'; do
		fault status "\"status\":200,\"body\":\"$body\""
		fails 3 "${VAULT#https://}" release
	done
}

@test "a refusal is 6 and carries code, sentence and request id" {
	fails 6 '404 KeyNotFound: A key .* \(x-ms-request-id 00-[0-9a-f]{32}-0{16}-00, x-ms-client-request-id [0-9a-f-]{36}\)$' \
		release -- "$VAULT/keys/none"
	hinted 'check the vault'
	fails 6 '401 Unauthorized: ' release \
		--access-token-file "$HSM_BEARER_FILE"
	hinted "access token for https://vault.azure.net, and this one is for https://managedhsm.azure.net"
	fault ok401
	fails 6 ': 401: ' release
	hinted 'https://managedhsm.azure.net'
	control mint '{"claims":{"x-ms-attestation-type":"none","x-ms-runtime":'"$(
		cat runtime.json)"'}}'
	fails 6 '403 Forbidden, AccessDenied: Target environment attestation statement cannot be verified \(x-ms' \
		release -t "$BATS_TEST_TMPDIR/control"
	hinted 'x-ms-attestation-type is "none" in the token, but the policy wants "sevsnpvm"'
	curl -sS -d '{"permissions":[]}' "$CONTROL/bearer" >weak
	fails 6 '403 Forbidden, ForbiddenByRbac: Caller is not authorized' \
		release --access-token-file weak
	hinted 'Release User'
}

@test "a 401 says what the access token is and what it should be" {
	curl -sS -d '{"tid":"11111111-2222-4333-8444-555555555555"}' \
		"$CONTROL/bearer" >bad
	fails 6 'AKV10032' release --access-token-file bad
	hinted 'from https://login.*, and this one is of tenant 11111111-2222-'
	curl -sS -d '{"exp":1700000000}' "$CONTROL/bearer" >bad
	fails 6 'Lifetime validation' release --access-token-file bad
	hinted 'expired at 2023-11-14T22:13:20Z'
	echo opaque >bad
	fails 6 '401' release --access-token-file bad
	hinted 'it wants an access token for https://vault.azure.net from .*; this one is no JWT'
	fault ok401
	fails 6 ': 401: ' release --access-token-file "$HSM_BEARER_FILE"
	hinted 'access token for https://managedhsm.azure.net from https'
}

# policy JSON: a key "strict" with these conditions.
policy() {
	printf '{"version":"1.0.0","anyOf":[{"authority":"https://%s/","allOf":%s}]}' \
		"$MAA" "$1" >strict.json
	fake import-key rsa.pem strict.json >strict.body
	put "$VAULT" strict strict.body
}

@test "a 403 names the claim, the policy's value and the token's" {
	policy '[{"claim":"x-ms-attestation-type","equals":"sevsnpvm"},
		{"claim":"x-ms-sevsnpvm-hostdata","equals":"'"$(
		printf 'f%.0s' {1..64})"'"}]'
	fails 6 '403 Forbidden, AccessDenied: Target environment' \
		release -- "$VAULT/keys/strict"
	hinted 'x-ms-sevsnpvm-hostdata is "[0-9a-f]\{64\}" in the token, but the policy wants "f\{64\}"$'
	policy '[{"claim":"x-ms-sevsnpvm-is-debuggable","equals":"true"},
		{"claim":"x-ms-none","equals":"1"},
		{"claim":"x-ms-sevsnpvm-vmpl","equals":"3"}]'
	fails 6 403 release -- "$VAULT/keys/strict"
	hinted 'is-debuggable is false in the token, but the policy wants "true"; x-ms-none is missing in the token; the policy wants "1"; x-ms-sevsnpvm-vmpl is 0 in the token, but the policy wants "3"$'
	release -v -o none -- "$VAULT/keys/strict" 2>err || true
	[ "$(grep -c '^key-release: release policy: ' err)" -eq 3 ]
	grep -q '^key-release: release policy: x-ms-none is missing' err
	sed -i "s/$MAA/elsewhere.example/" strict.json
	fake import-key rsa.pem strict.json >strict.body
	put "$VAULT" strict strict.body
	fails 6 403 release -- "$VAULT/keys/strict"
	hinted "no authority is the token's issuer"
}

@test "a 403 whose policy may not be read, or which holds, is said" {
	policy '[{"claim":"x-ms-none","equals":"1"}]'
	curl -sS -d '{"permissions":["release"]}' "$CONTROL/bearer" >weak
	fails 6 403 release --access-token-file weak -- "$VAULT/keys/strict"
	hinted 'may not read (keys/get)'
	fault status '"method":"POST","status":403,"body":{"error":{"code":"Forbidden","message":"x","innererror":{"code":"AccessDenied"}}}'
	fails 6 403 release
	hinted "meets the key's release policy"
	curl -sS -d '{"claims":{"exp":1700000000,"x-ms-runtime":'"$(
		cat runtime.json)"'}}' "$CONTROL/mint" >old.jwt
	fails 6 403 release -t old.jwt
	hinted 'attestation token expired [0-9]* s ago'
}

# as NAME=VALUE... -- [OPTION...]: release a key with an identity found in
# this environment.
as() {
	local -a env=()
	while [ "$1" != -- ]; do
		env+=("$1")
		shift
	done
	shift
	env "${env[@]}" key-release -k wrap.pem -t token.jwt --cacert "$CACERT" \
		--release-roots "$RELEASE_ROOTS" --resource https://vault.azure.net \
		"$@" "$VAULT/keys/rsa"
}

@test "workload identity" {
	local -a us=(AZURE_FEDERATED_TOKEN_FILE="$FEDERATED_TOKEN_FILE"
	    AZURE_CLIENT_ID="$CLIENT_ID" AZURE_TENANT_ID="$TENANT_ID"
	    AZURE_AUTHORITY_HOST="$ENTRA/" IDENTITY_ENDPOINT=http://localhost:1)
	as "${us[@]}" -- -v >key.jwk 2>err
	grep -q 'identity: workload identity (AZURE_FEDERATED_TOKEN_FILE)$' err
	jq -e .d key.jwk >/dev/null
	fails 2 'AZURE_CLIENT_ID is empty' as "${us[@]}" AZURE_CLIENT_ID= --
	hinted AZURE_FEDERATED_TOKEN_FILE
	fails 2 'AZURE_TENANT_ID is empty' as "${us[@]}" AZURE_TENANT_ID= --
	fails 4 nowhere as "${us[@]}" AZURE_FEDERATED_TOKEN_FILE=nowhere --
	fails 2 'plain http' as "${us[@]}" AZURE_AUTHORITY_HOST=http://localhost --
	fails 6 'AADSTS700016: Application was not found' \
		as "${us[@]}" AZURE_CLIENT_ID=other --
	echo other >assertion
	fails 6 '401 invalid_client: AADSTS700211' \
		as "${us[@]}" AZURE_FEDERATED_TOKEN_FILE=assertion --
}

# A secret in the environment of bats' own would show in no message.
@test "a service principal with a secret" {
	local secret
	secret=$(cat "$CLIENT_SECRET_FILE")
	local -a who=(AZURE_CLIENT_ID="$CLIENT_ID" AZURE_TENANT_ID="$TENANT_ID"
	    AZURE_AUTHORITY_HOST="$ENTRA/")
	local -a us=("${who[@]}" AZURE_CLIENT_SECRET="$secret"
	    AZURE_FEDERATED_TOKEN_FILE=nowhere
	    AZURE_CLIENT_CERTIFICATE_PATH=nowhere
	    IDENTITY_ENDPOINT=http://localhost:1)
	control reset '{}'
	as "${us[@]}" -- -v >key.jwk 2>err
	grep -q 'identity: service principal with a secret (AZURE_CLIENT_SECRET)$' err
	refute grep -qF "$secret" err
	jq -e .d key.jwk >/dev/null
	[ "$(curl -sS "$CONTROL/log?service=imds" | jq length)" -eq 0 ]
	as "${who[@]}" AZURE_CLIENT_SECRET=other -- \
		--client-secret-file "$CLIENT_SECRET_FILE" -v >key.jwk 2>err
	grep -q 'with a secret (--client-secret-file)$' err
	fails 2 'AZURE_CLIENT_ID is empty' as "${us[@]}" AZURE_CLIENT_ID= --
	hinted 'AZURE_CLIENT_SECRET is set'
	fails 2 'AZURE_TENANT_ID is empty' as "${us[@]}" AZURE_TENANT_ID= --
	fails 2 'AZURE_TENANT_ID is empty' as "${us[@]}" AZURE_TENANT_ID= -- \
		--client-secret-file "$CLIENT_SECRET_FILE"
	hinted 'client-secret-file is set'
	fails 6 '401 invalid_client: AADSTS7000215' \
		as "${us[@]}" AZURE_CLIENT_SECRET=never-shown --
	hinted 'its value is wanted'
	refute grep -q 'never-shown' "$_at/err"
	fails 4 nowhere as "${who[@]}" -- --client-secret-file nowhere
	printf '\n' >blank
	fails 3 'no client secret' as "${who[@]}" -- --client-secret-file blank
	printf 'a\nb\n' >two
	fails 3 'one line' as "${who[@]}" -- --client-secret-file two
	fails 2 exclude as -- --client-secret-file two --identity client:x
	fails 2 exclude as -- --client-secret-file two --access-token-file two
	fails 2 'identity of its own' key-release --skr "$SKR" -e "$MAA" \
		--client-secret-file two "$VAULT/keys/rsa"
	hinted SkrSideCarArgs
}

@test "a service principal with a certificate" {
	local -a who=(AZURE_CLIENT_ID="$CLIENT_ID" AZURE_TENANT_ID="$TENANT_ID"
	    AZURE_AUTHORITY_HOST="$ENTRA" AZURE_FEDERATED_TOKEN_FILE=nowhere)
	local -a us=("${who[@]}" AZURE_CLIENT_CERTIFICATE_PATH="$CLIENT_CERTIFICATE")
	as "${us[@]}" -- -v >key.jwk 2>err
	grep -q 'with a certificate (AZURE_CLIENT_CERTIFICATE_PATH)$' err
	jq -e .d key.jwk >/dev/null
	as "${us[@]}" AZURE_CLIENT_SEND_CERTIFICATE_CHAIN=true -- >key.jwk
	# the other order, text between, a key behind a password
	openssl x509 -in "$CLIENT_CERTIFICATE" -text >mixed.pem
	openssl pkey -in "$CLIENT_CERTIFICATE" -aes256 -passout pass:p >locked
	cat locked >>mixed.pem
	as "${us[@]}" AZURE_CLIENT_CERTIFICATE_PATH=mixed.pem \
		AZURE_CLIENT_CERTIFICATE_PASSWORD=p -- >key.jwk
	fails 1 'mixed.pem' as "${us[@]}" \
		AZURE_CLIENT_CERTIFICATE_PATH=mixed.pem --
	hinted AZURE_CLIENT_CERTIFICATE_PASSWORD
	fails 1 'mixed.pem' as "${us[@]}" \
		AZURE_CLIENT_CERTIFICATE_PATH=mixed.pem \
		AZURE_CLIENT_CERTIFICATE_PASSWORD=q --
	fails 2 'AZURE_TENANT_ID is empty' as "${us[@]}" AZURE_TENANT_ID= --
	# a certificate of another key, none, no key, and one nobody knows
	cat locked "$CACERT" >both.pem
	fails 3 'of another key' as "${us[@]}" \
		AZURE_CLIENT_CERTIFICATE_PATH=both.pem \
		AZURE_CLIENT_CERTIFICATE_PASSWORD=p --
	fails 3 'no certificate' as "${us[@]}" \
		AZURE_CLIENT_CERTIFICATE_PATH=locked \
		AZURE_CLIENT_CERTIFICATE_PASSWORD=p --
	hinted 'openssl pkcs12'
	fails 3 'no private key' as "${us[@]}" \
		AZURE_CLIENT_CERTIFICATE_PATH="$CACERT" --
	cat "$FAKE/pki/tls.key" "$FAKE/pki/tls.pem" >curve.pem
	fails 3 'no private one for PS256' as "${us[@]}" \
		AZURE_CLIENT_CERTIFICATE_PATH=curve.pem --
	cat "$FAKE/pki/maa.key" "$FAKE/pki/maa.pem" >stranger.pem
	fails 6 '401 invalid_client: AADSTS700027' as "${us[@]}" \
		AZURE_CLIENT_CERTIFICATE_PATH=stranger.pem --
	hinted 'no such certificate'
}

@test "--identity chooses one of several managed identities" {
	local -a imds=(AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS"
	    AZURE_CLIENT_SECRET=x AZURE_FEDERATED_TOKEN_FILE=nowhere
	    AZURE_CLIENT_ID=of-the-application)
	local -a ep=(IDENTITY_ENDPOINT="$IDENTITY"
	    IDENTITY_HEADER="$IDENTITY_SECRET" AZURE_CLIENT_ID=ignored)
	local which
	for which in "client:$CLIENT_ID" "object:$OBJECT_ID" \
	    "resource:$RESOURCE_ID"; do
		control reset '{}'
		as "${imds[@]}" -- --identity "$which" -v >key.jwk 2>err
		grep -q 'the metadata service (--identity)$' err
		as "${ep[@]}" -- --identity "$which" >key.jwk
		fails 6 'Identity not found' as "${imds[@]}" -- \
			--identity "${which}x"
		hinted '--identity or AZURE_CLIENT_ID'
		fails 6 'no such identity' as "${ep[@]}" -- \
			--identity "${which}x"
	done
	curl -sS "$CONTROL/log?service=imds" | jq -e '.[0].path |
		contains("&msi_res_id=%2Fsubscriptions%2F")'
	curl -sS "$CONTROL/log?service=identity" | jq -e '.[0].path |
		contains("&mi_res_id=%2Fsubscriptions%2F")'
	for which in '' client client: tenant:x "$CLIENT_ID"; do
		fails 2 'client:ID, object:ID or resource:ID' \
			as "${imds[@]}" -- --identity "$which"
	done
	fails 2 'identity of its own' key-release --skr "$SKR" -e "$MAA" \
		--identity client:x "$VAULT/keys/rsa"
}

@test "an identity endpoint" {
	local -a us=(IDENTITY_ENDPOINT="$IDENTITY"
	    IDENTITY_HEADER="$IDENTITY_SECRET")
	as "${us[@]}" -- -v >key.jwk 2>err
	grep -q 'identity: managed identity of an endpoint (IDENTITY_ENDPOINT)$' err
	jq -e .d key.jwk >/dev/null
	fails 2 'IDENTITY_HEADER is empty' as "${us[@]}" IDENTITY_HEADER= --
	fails 2 'line end' as "${us[@]}" IDENTITY_HEADER=$'a\r\nX: b' --
	fails 6 '401 Unauthorized: secret is wrong' \
		as "${us[@]}" IDENTITY_HEADER=other --
	fails 2 'plain http' as "${us[@]}" IDENTITY_ENDPOINT=http://10.0.0.1/ --
}

@test "an identity endpoint by its thumbprint" {
	local -a us=(IDENTITY_ENDPOINT="$IDENTITY_TLS/msi/token"
	    IDENTITY_HEADER="$IDENTITY_SECRET")
	as "${us[@]}" IDENTITY_SERVER_THUMBPRINT="$IDENTITY_THUMBPRINT" -- -v \
		>key.jwk 2>err
	grep -q 'managed identity of Service Fabric (IDENTITY_ENDPOINT)$' err
	control reset '{}'
	fails 1 'thumbprint is not' as "${us[@]}" \
		IDENTITY_SERVER_THUMBPRINT="$(printf '0%.0s' {1..40})" --
	[ "$(curl -sS "$CONTROL/log?service=identity" | jq length)" -eq 0 ]
	# Service Fabric knows of no other identity than the application's
	as "${us[@]}" IDENTITY_SERVER_THUMBPRINT="$IDENTITY_THUMBPRINT" \
		AZURE_CLIENT_ID=other -- >key.jwk
	fails 2 'leave --identity out' as "${us[@]}" \
		IDENTITY_SERVER_THUMBPRINT="$IDENTITY_THUMBPRINT" -- \
		--identity client:x
	fails 3 thumbprint as "${us[@]}" IDENTITY_SERVER_THUMBPRINT=zz --
	fails 2 'not https' as "${us[@]}" IDENTITY_ENDPOINT="$IDENTITY" \
		IDENTITY_SERVER_THUMBPRINT="$IDENTITY_THUMBPRINT" --
}

@test "the metadata service, when it is ready" {
	local -a us=(AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS/")
	as "${us[@]}" -- -v >key.jwk 2>err
	grep -q 'identity: managed identity of the metadata service (no other is set)$' err
	refute grep -q waiting err
	control identity '{"ready_in":1.2}'
	as "${us[@]}" -- >key.jwk 2>err
	[ "$(grep -c 'warning: waiting for the identity endpoint$' err)" -eq 1 ]
	jq -e .d key.jwk >/dev/null
	control identity '{"ready_in":60}'
	local start=$SECONDS
	fails 6 404 as "${us[@]}" -- --timeout 2
	[ $((SECONDS - start)) -le 3 ]
	fails 6 404 as "${us[@]}" -- --retry 0
	control reset '{}'
	fails 6 'invalid_request: Identity not found' \
		as "${us[@]}" AZURE_CLIENT_ID=other --
	hinted AZURE_CLIENT_ID
	as "${us[@]}" AZURE_CLIENT_ID="$CLIENT_ID" -- >key.jwk
	local host
	for host in http://10.0.0.1 https://localhost http://localhost.example; do
		fails 2 'loopback' as AZURE_POD_IDENTITY_AUTHORITY_HOST=$host --
	done
	fails 5 'cannot connect' \
		as AZURE_POD_IDENTITY_AUTHORITY_HOST=http://127.0.0.1:1 -- --retry 0
	hinted 'access-token-file'
}

# waited CMD...: fails with 6; how long it slept in between is in seconds.
waited() {
	_capture "$@"
	[ "$_status" -eq 6 ]
	seconds=$(sed -n 's/.*waiting \([0-9.]*\) s before.*/\1/p' "$_at/err" |
		awk '{ s += $1 } END { print int(s) }')
}

@test "a metadata service that is being updated is waited for past 70 s" {
	local -a us=(AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS"
	    LD_PRELOAD="$FAKE/hurry.so")
	control fault '{"service":"imds","kind":"empty","status":410,"times":99}'
	fails 6 ' 410: ' as "${us[@]}" --
	waited as "${us[@]}" -- -v
	[ "$seconds" -ge 70 ]
	[ "$seconds" -le 100 ]
	# but not past what was asked for
	waited as "${us[@]}" -- -v --timeout 20
	[ "$seconds" -le 20 ]
	# and it may be there then
	control reset '{}'
	control fault '{"service":"imds","kind":"empty","status":410,"times":7}'
	as "${us[@]}" -- >key.jwk
	jq -e .d key.jwk >/dev/null
}

@test "a gateway at the metadata service's address is no identity endpoint" {
	control fault '{"service":"imds","kind":"html","status":403}'
	fails 5 'no identity endpoint here: 403' \
		as AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS" --
	hinted 'access-token-file'
}

@test "AKV10046 passes, other 401 do not" {
	local body='{"error":{"code":"Unauthorized","message":"AKV10046: Unable to resolve the key used for signature validation."}}'
	control reset '{}'
	fault status "\"status\":401,\"times\":2,\"body\":$body"
	release -o key.jwk
	[ "$(asked)" -eq 3 ]
	control reset '{}'
	fault status "\"status\":401,\"times\":9,\"body\":$body"
	fails 6 '401 Unauthorized: AKV10046' release --retry 1
	hinted 'trying again'
	[ "$(asked)" -eq 2 ]
	control reset '{}'
	fault status "\"status\":401,\"times\":9,\"body\":${body/46/32}"
	fails 6 '401 Unauthorized: AKV10032' release --retry 1
	[ "$(asked)" -eq 1 ]
}

@test "the token is for what the vault's host says, or --resource" {
	local host want
	while read -r host want; do
		control reset '{}'
		fails 5 'no such host' env AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS" \
			key-release -k wrap.pem -t token.jwt --cacert "$CACERT" \
			--release-roots "$RELEASE_ROOTS" "https://$host/keys/rsa"
		curl -sS "$CONTROL/log?service=imds" | jq -e --arg w "$want" \
			'.[0].path | contains("resource=https%3A%2F%2F" + $w + "&") or
			endswith("resource=https%3A%2F%2F" + $w)'
	done <<-'END'
	no-such.vault.azure.invalid vault.azure.invalid
	no-such.managedhsm.azure.invalid:8443 managedhsm.azure.invalid
	no-such.privatelink.vaultcore.azure.invalid vault.azure.invalid
	no-such.uksouth.h.managedhsm.azure.invalid managedhsm.azure.invalid
	END
}

@test "an identity that answers nonsense is 3" {
	local body
	for body in '{}' 'x' '{\"access_token\":\"\"}' \
	    '{\"access_token\":\"a b\"}' '{\"access_token\":\"a\\nb\"}'; do
		control fault "{\"service\":\"imds\",\"kind\":\"status\",\"status\":200,\"body\":\"$body\"}"
		fails 3 "${IMDS#http://}" \
			as AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS" --
	done
}

@test "--skr lets the sidecar do it all" {
	key-release --skr "$SKR" -e "https://$MAA" -o skr.jwk "$VAULT/keys/rsa"
	[ "$(stat -c %a skr.jwk)" = 600 ]
	[ "$(jq -r .d skr.jwk)" = "$(jq -r .key.d rsa.body)" ]
	[ "$(jq -r .kid skr.jwk)" = "$VAULT/keys/rsa" ]
	[ "$(jq -c .key_ops skr.jwk)" = '["encrypt","decrypt"]' ]
	key-release --skr "$SKR" -e "$MAA" --access-token-file "$BEARER_FILE" \
		"$(jq -r .key.kid rsa.bundle)" | jq -e .d >/dev/null
	fails 6 'KeyNotFound' key-release --skr "$SKR" -e "$MAA" "$VAULT/keys/none"
	hinted 'check the vault'
	policy '[{"claim":"x-ms-none","equals":"1"}]'
	fails 6 '403: the vault said 403 Forbidden, AccessDenied: Target' key-release --skr "$SKR" \
		-e "$MAA" "$VAULT/keys/strict"
	hinted 'release policy'
	fails 6 '403: ' key-release --skr "$SKR" -e no-such.invalid \
		"$VAULT/keys/rsa"
	fails 6 'AKV10022' key-release --skr "$SKR" -e "$MAA" \
		--access-token-file "$HSM_BEARER_FILE" "$VAULT/keys/rsa"
	fails 5 'cannot connect' key-release --skr http://localhost:1 --retry 0 \
		-e "$MAA" "$VAULT/keys/rsa"
	hinted 'sidecar running'
	fails 2 'no address of a sidecar' key-release --skr http://10.0.0.1:8080 \
		-e "$MAA" "$VAULT/keys/rsa"
}

# by_sidecar [OPTION...]: the key of the policy set last.
by_sidecar() {
	env AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS" key-release --skr "$SKR" \
		-e "$MAA" --cacert "$CACERT" --resource https://vault.azure.net \
		"$@" "$VAULT/keys/strict"
}

@test "--skr: after a 403 the release policy is compared, claim by claim" {
	policy '[{"claim":"x-ms-none","equals":"1"},{"claim":"x-ms-sevsnpvm-vmpl","equals":"3"},{"claim":"x-ms-attestation-type","equals":"sevsnpvm"}]'
	fails 6 '403: the vault said 403 Forbidden, AccessDenied: ' by_sidecar
	hinted 'x-ms-none is missing in the token; the policy wants "1"; x-ms-sevsnpvm-vmpl is 0 in the token, but the policy wants "3"'
	fails 6 'AccessDenied' env -u AZURE_POD_IDENTITY_AUTHORITY_HOST \
		key-release --skr "$SKR" -e "$MAA" --cacert "$CACERT" \
		--access-token-file "$BEARER_FILE" "$VAULT/keys/strict"
	hinted 'x-ms-none is missing'
	_capture by_sidecar -v
	grep -q 'release policy: x-ms-sevsnpvm-vmpl is 0 in the token' "$_at/err"
	# skr-serve reads the policy, too, and meets what is put in the way
	! ours || return 0
	# nobody may read it, or there is nobody
	control fault '{"service":"vault","kind":"error","name":"rbac","method":"GET"}'
	fails 6 'AccessDenied' by_sidecar
	hinted 'may not read (keys/get)'
	fails 6 'AccessDenied' env AZURE_POD_IDENTITY_AUTHORITY_HOST=http://127.0.0.1:1 \
		key-release --skr "$SKR" -e "$MAA" --cacert "$CACERT" \
		--resource https://vault.azure.net "$VAULT/keys/strict"
	hinted 'jwt-claims --release-policy'
	# another refusal is not looked into
	control reset '{}'
	control fault '{"service":"vault","kind":"error","name":"rbac"}'
	fails 6 'ForbiddenByRbac' by_sidecar
	[ "$(curl -sS "$CONTROL/log?service=imds" | jq length)" -eq 0 ]
	# what would hold is said, too
	control reset '{}'
	policy '[{"claim":"x-ms-attestation-type","equals":"sevsnpvm"}]'
	control fault '{"service":"vault","kind":"error","name":"attestation","method":"POST"}'
	fails 6 'AccessDenied' by_sidecar
	hinted 'meets the key.s release policy'
}

# saved NAME: key-release -R of that error, as the control port lists it.
saved() {
	printf '%s' "$1" >saved.json
	key-release -k wrap.pem -R saved.json --release-roots "$RELEASE_ROOTS" \
		"$VAULT/keys/rsa"
}

@test "-R with an error that was saved is what asking had said" {
	fails 6 '^key-release: saved.json: Forbidden, ForbiddenByRbac: No role$' \
		saved '{"error":{"code":"Forbidden","message":"No role.","innererror":{"code":"ForbiddenByRbac"}}}'
	hinted 'Release User'
	fails 6 'saved.json: KeyNotFound: gone' \
		saved '{"error":{"code":"KeyNotFound","message":"gone"}}'
	hinted 'check the vault'
	fails 6 'saved.json: BadParameter: AKV.SKR.1001' \
		saved '{"error":{"code":"BadParameter","message":"AKV.SKR.1001: x"}}'
	hinted premium
	fails 6 'saved.json: Unauthorized: x' \
		saved '{"error":{"code":"Unauthorized","message":"x"}}'
	hinted 'another resource'
	fails 5 'saved.json: Throttled: x' \
		saved '{"error":{"code":"Throttled","message":"x"}}'
	# a sidecar's, with its advice in the middle
	fails 6 'saved.json: the vault said 403 Forbidden, ForbiddenByFirewall: x$' \
		saved '{"error":"secure key release failed\nERROR: Please see\nACI: https://a\nHelp: https://b: releasing the key k failed: pulling AKV response body failed: {\"error\":{\"code\":\"Forbidden\",\"message\":\"x\",\"innererror\":{\"code\":\"ForbiddenByFirewall\"}}}: http response status equal to 403 Forbidden"}{"key":""}'
	hinted firewall
	fails 3 'saved.json' saved '{"errors":[]}'
	fails 3 'saved.json' saved '{"error":'
}

@test "--skr: a crash is not asked again, and a key may be an object" {
	! ours || skip "the stand-in's"
	control reset '{}'
	control fault '{"service":"skr","kind":"error","name":"panic","times":9}'
	fails 5 '500: the body is empty' key-release --skr "$SKR" -e "$MAA" \
		--retry 3 "$VAULT/keys/rsa"
	hinted 'the sidecar crashed'
	[ "$(curl -sS "$CONTROL/log?service=skr" | jq length)" -eq 1 ]
	control reset '{}'
	control fault '{"service":"skr","kind":"status","status":200,"body":{"key":{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODw"}}}'
	key-release --skr "$SKR" -e "$MAA" -o object.jwk \
		"$VAULT/keys/rsa"
	[ "$(jq -r .k object.jwk)" = AAECAwQFBgcICQoLDA0ODw ]
	control fault '{"service":"skr","kind":"status","status":200,"body":{"key":["no"]}}'
	fails 3 'key: an array' key-release --skr "$SKR" -e "$MAA" \
		"$VAULT/keys/rsa"
}

@test "errors of vaults as documented are one line each" {
	local status code inner message
	while IFS='|' read -r status code inner message; do
		fault status "\"status\":$status,\"body\":{\"error\":{\"code\":\"$code\",\"message\":\"$message.\",\"innererror\":{\"code\":\"$inner\"}}}"
		fails 6 ": $status $code, $inner: $message \\(x-ms-request-id " release
	done <<-'END'
	401|Unauthorized|AKV10032|Invalid issuer
	401|Unauthorized|AKV10022|Invalid audience
	403|Forbidden|ForbiddenByPolicy|No release permission
	403|Forbidden|ForbiddenByFirewall|Client address is not authorized
	403|Forbidden|ForbiddenByConnection|Public access is disabled
	404|SecretNotFound|None|Not found
	400|BadParameter|None|AKV.SKR.1001: not supported
	400|BadParameter|None|AKV.SKR.1006: not HSM-backed
	409|Conflict|ObjectIsBeingDeleted|In progress
	END
	fault 429
	fails 5 '429 TooManyRequests: Request rate is too high' release --retry 0
	fault 500 '"status":503'
	fails 5 '503 InternalServerError' release --retry 0
	if [ -n "$VECTORS" ]; then
		curl -sS -o /dev/null "$CONTROL/fault" -d "$(jq -n --rawfile b \
			"$VECTORS/azure/maa-recordings/akv-error-401.json" \
			'{service:"vault",kind:"status",status:401,body:$b}')"
		fails 6 '401 Unauthorized: Request is missing a Bearer or PoP token \(' \
			release
	fi
}

@test "a token for another wrapping key is 1, and nothing is sent" {
	fails 1 'another wrapping key' release -k other.pem
	curl -sS -d '{"claims":{}}' "$CONTROL/mint" >bare.jwt
	fails 1 'no wrapping key' release -t bare.jwt
	printf 'not.a.token' >bad.jwt
	fails 3 bad.jwt release -t bad.jwt
	hinted 'what maa-token prints'
	[ "$(asked)" -eq 0 ]
}

@test "keys that do not unwrap are 3 before anything is sent" {
	fails 3 'ec.pem' release -k ec.pem
	openssl pkey -in wrap.pem -pubout -out wrap.pub
	fails 3 'wrap.pub' release -k wrap.pub
	fails 4 'nowhere' release -k nowhere
	[ "$(asked)" -eq 0 ]
}

@test "the key is put neither on a terminal nor where others can read it" {
	umask 022
	: >open
	release >open 2>err || [ $? -eq 2 ]
	[ ! -s open ]
	grep -q 'hint: .*-o' err
	[ "$(asked)" -eq 0 ]
	script -qec "$(printf '%q ' "$BIN/key-release" -k wrap.pem -t token.jwt \
		"$VAULT/keys/rsa"); echo status \$?" /dev/null </dev/null >typed
	grep -q 'terminal' typed
	grep -q 'status 2' typed
	: >closed
	chmod 600 closed
	release >closed
	jq -e .d closed >/dev/null
}

@test "-n prints the body without the token and sends nothing" {
	release -n --nonce 7 >body
	[ "$(cat body)" = '{"enc":"RSA_AES_KEY_WRAP_256","nonce":"7"}' ]
	prints '{"enc":"CKM_RSA_AES_KEY_WRAP","nonce":"7"}' key-release -n \
		--nonce 7 --enc CKM_RSA_AES_KEY_WRAP https://v.example/keys/k
	[ "$(asked)" -eq 0 ]
}

@test "-R judges an answer from a file, without token or bearer" {
	release -n --nonce 7 | jq --rawfile t token.jwt \
		'.target = ($t | rtrimstr("\n"))' >body
	curl -sS --cacert "$CACERT" -H 'Content-Type: application/json' \
		-H "Authorization: Bearer $(cat "$BEARER_FILE")" -d @body -o answer \
		"$VAULT/keys/rsa/release?api-version=7.4"
	local -a open=(key-release -k wrap.pem --release-roots "$RELEASE_ROOTS"
	    -R answer)
	"${open[@]}" --nonce 7 "$VAULT/keys/rsa" -o one
	"${open[@]}" "$VAULT/keys/rsa" | cmp one -
	fails 1 'request.nonce' "${open[@]}" --nonce 8 "$VAULT/keys/rsa"
	fails 1 'request.kid' "${open[@]}" "$VAULT/keys/oct"
	fails 1 'answer: release: certificate' "${open[@]}" \
		https://elsewhere.example/keys/rsa
	fails 1 'request.enc' "${open[@]}" --enc RSA_AES_KEY_WRAP_384 \
		"$VAULT/keys/rsa"
	fails 1 'decryption failed' key-release -k other.pem \
		--release-roots "$RELEASE_ROOTS" -R answer "$VAULT/keys/rsa"
	fails 1 'release: certificate' key-release -k wrap.pem -R answer \
		"$VAULT/keys/rsa"
}

@test "a peer that cannot prove its name is 1" {
	local peer
	for peer in "$VAULT_SELFSIGNED" "$VAULT_EXPIRED" "$VAULT_WRONGHOST"; do
		fails 1 "${peer#https://}: certificate: " release -- "$peer/keys/rsa"
	done
}

@test "connections that break are 5 in time, and leave nothing" {
	local kind start=$SECONDS
	rm -f broken
	for kind in hang stall drip; do
		fault $kind
		fails 5 'in time' release --timeout 1 -o broken
	done
	for kind in close early-close; do
		fault $kind '"times":2'
		fails 5 'closed' release --retry 1 -o broken
	done
	fails 5 'cannot connect' release --retry 0 -o broken -- \
		https://localhost:1/keys/rsa
	fails 5 'no such host' release -o broken -- https://no-such.invalid/keys/rsa
	[ ! -e broken ]
	[ $((SECONDS - start)) -lt 15 ]
}

@test "TLS secrets are not logged for whoever sets SSLKEYLOGFILE" {
	SSLKEYLOGFILE=$PWD/keylog release -o key.jwk
	[ ! -e keylog ]
}

@test "a proxy is not asked for what is here" {
	https_proxy=http://127.0.0.1:1 HTTPS_PROXY=http://127.0.0.1:1 \
		all_proxy=http://127.0.0.1:1 http_proxy=http://127.0.0.1:1 \
		release -o key.jwk
	https_proxy=http://127.0.0.1:1 fails 5 'cannot connect' release \
		--retry 0 -- https://no-such.invalid/keys/rsa
}

@test "nothing of token, bearer or key is said" {
	release -v -o key.jwk 2>err
	grep -q "POST ${VAULT#https://}/keys/rsa/release 200, [0-9]* ms" err
	fault ok401
	release -v >>err 2>&1 || true
	local secret
	for secret in "$(cut -c1-40 token.jwt)" "$(cut -c1-40 "$BEARER_FILE")" \
	    "$(jq -r '.d' key.jwk | cut -c1-20)"; do
		refute grep -qF "$secret" err
	done
}

@test "the command line" {
	fails 2 '-k, must be given' key-release -t token.jwt "$VAULT/keys/rsa"
	fails 2 '-t, must be given' key-release -k wrap.pem "$VAULT/keys/rsa"
	fails 2 'KEYURL, must be given' key-release -k wrap.pem -t token.jwt
	fails 2 'to take the resource from' key-release -k wrap.pem \
		-t token.jwt --release-roots "$RELEASE_ROOTS" "$VAULT/keys/rsa"
	hinted resource
	fails 2 'exclude' release -n -R x
	fails 2 'with -G' release --bits 2048
	fails 2 'with --skr' release -e localhost
	fails 2 'by itself' release --skr "$SKR"
	fails 2 '-e, must be given' key-release --skr "$SKR" "$VAULT/keys/rsa"
	fails 2 'once' release -k - -t -
	fails 2 . release --enc RSA-OAEP
	fails 2 . release --nonce ''
	fails 2 . key-release -G -k x.pem "$VAULT/keys/rsa"
	fails 2 . key-release -G -k -
	local url
	for url in "$VAULT" "$VAULT/keys/" "$VAULT/keys/a/b/c" "$VAULT/keys/a?b" \
	    "${VAULT/https/http}/keys/a" localhost/keys/a "$VAULT/secrets/a" \
	    "$VAULT/keys/a_b" "${VAULT/localhost/me@localhost}/keys/a"; do
		fails 2 . release -- "$url"
	done
}

# show [OPTION...] KEYURL
show() {
	key-release --show --access-token-file "$BEARER_FILE" \
		--cacert "$CACERT" "$@"
}

@test "--show prints the public half and the release policy, for other tools" {
	succeeds show -o shown.json "$VAULT/keys/rsa"
	[ "$(stat -c %a shown.json)" != 600 ]
	[ "$(wc -l <shown.json)" -eq 1 ]
	diff <(jq -S . shown.json) <(jq -S . rsa.bundle)
	refute jq -e '.key.d // .key.p // .key.k' shown.json
	maa-token -e "$MAA" --cacert "$CACERT" --keys -o jwks.json
	succeeds jwt-claims -q -k jwks.json -i "https://$MAA" \
		--release-policy shown.json token.jwt >/dev/null
	echo secret | blob-encrypt -k shown.json -o secret.age
	release -o released.jwk
	[ "$(blob-decrypt -k released.jwk secret.age)" = secret ]
	prints "$(cat shown.json)" show "$(jq -r .key.kid rsa.bundle)"
}

@test "--show refuses what is about another key, or none" {
	fails 6 '404 KeyNotFound' show "$VAULT/keys/nosuch"
	fault other-key
	fails 1 'key.kid: .*/keys/other-rsa/.* is not the key asked for' \
		show "$VAULT/keys/rsa"
	fault html '"status":200'
	fails 3 'HTML' show "$VAULT/keys/rsa"
}

@test "--show says which permission is missing" {
	curl -sS "$CONTROL/bearer" -d '{"permissions":["release"]}' >weak
	fails 6 'ForbiddenByRbac' show --access-token-file weak "$VAULT/keys/rsa"
	hinted 'another permission than to release it: keys/get'
	echo '{"access_token":"x"}' >none
	fails 6 '401 Unauthorized' show --access-token-file none "$VAULT/keys/rsa"
	hinted 'no JWT of Entra ID'
}

@test "--show goes with no token or key" {
	local -a with
	for with in "-k wrap.pem" "-t token.jwt" -G --public -n "--nonce 1" \
	    "-R rsa.bundle" "--bits 2048" --force; do
		# shellcheck disable=SC2086
		fails 2 '' show $with "$VAULT/keys/rsa"
	done
	fails 2 'KEYURL, must be given' show
	fails 2 'no version' show --api-version x/y "$VAULT/keys/rsa"
	fails 2 'a sidecar' key-release --show --skr "$SKR" -e "$MAA" \
		"$VAULT/keys/rsa"
	[ "$(asked)" = 0 ]
}
