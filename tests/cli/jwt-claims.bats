#!/usr/bin/env bats
# jwt-claims -- what it accepts, and for each thing a forgery refused.
# folders: token

bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	rsa_key rsa.pem
	rsa_key other.pem
	openssl ecparam -name prime256v1 -genkey -noout -out ec.pem
	mint jwks k1=rsa.pem k2=other.pem e1=ec.pem >jwks.json
	claims >claims.json
	mint token rsa.pem <claims.json >token.jwt
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

mint() {
	fake mint "$@"
}

# The claims of a good token; arguments are jq changes to them.
claims() {
	local now
	now=$(date +%s)
	jq -cn "{iss: \"https://maa.example\", iat: $now, nbf: $now,
	    exp: ($now + 600), nonce: \"n-1\", \"x-ms-sevsnpvm-vmpl\": 0,
	    \"x-ms-sevsnpvm-is-debuggable\": false, list: [1, 2],
	    big: 12345678901234567890, \"a.b\": {c: {\"d.e\": \"deep\"}}}${1:+ | $1}" |
		sed 's/12345678901234567000/12345678901234567890/'
}

check() {
	jwt-claims -q -k jwks.json "$@"
}

# One forgery: the token made from claims changed by $1.
with_claims() {
	claims "$1" | mint token rsa.pem
}

@test "a good token's claims are printed, order and numbers kept" {
	prints "$(cat claims.json)" check token.jwt
	prints "$(cat claims.json)" check -i https://maa.example token.jwt
	prints "$(cat claims.json)" check - <token.jwt
	prints "$(cat claims.json)" check <token.jwt
}

@test "without -i one warning says that any issuer would do" {
	run --separate-stderr jwt-claims -k jwks.json token.jwt
	[ "$status" -eq 0 ]
	[[ $stderr == "jwt-claims: warning: any issuer"* ]]
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "tokens as people have them: CRLF, Bearer, an answer's JSON" {
	printf '%s\r\n' "$(cat token.jwt)" >crlf.jwt
	printf 'Bearer %s' "$(cat token.jwt)" >bearer.jwt
	jq -nc --arg t "$(cat token.jwt)" '{token: $t}' >answer.json
	for f in crlf.jwt bearer.jwt answer.json; do
		prints "$(cat claims.json)" check "$f"
	done
	printf '%s\n\n' "$(cat token.jwt)" >two-lines.jwt
	fails 3 'base64' check two-lines.jwt
	printf ' %s' "$(cat token.jwt)" >blank.jwt
	fails 3 'white space' check blank.jwt
	printf '\xef\xbb\xbf%s' "$(cat token.jwt)" >bom.jwt
	fails 3 'byte order mark' check bom.jwt
	iconv -t UTF-16 token.jwt >utf16.jwt
	fails 3 'UTF-16' check utf16.jwt
	fails 3 'empty' check /dev/null
}

@test "without a key it must be said" {
	fails 2 '-k, must be given' jwt-claims token.jwt
	fails 2 'exclude' check -U token.jwt
	fails 2 'standard input cannot be both keys and token' \
	    jwt-claims -k - -
	prints "$(cat claims.json)" jwt-claims -q -U token.jwt
	run --separate-stderr jwt-claims -U token.jwt
	[[ $stderr == *"signature was not checked"* ]]
}

@test "signatures: another key, no key of that kid, changed claims" {
	mint token other.pem <claims.json >forged.jwt
	fails 1 'does not verify' check forged.jwt
	mint token rsa.pem RS256 '{"alg":"RS256","kid":"nobody"}' \
		<claims.json >nokid.jwt
	fails 1 'no key has the kid nobody' check nokid.jwt
	mint token rsa.pem RS256 '{"alg":"RS256"}' <claims.json >without.jwt
	fails 1 'no kid to choose by' check without.jwt
	IFS=. read -r h _ s <token.jwt
	p=$(claims '.["x-ms-sevsnpvm-vmpl"]=1' | base64 -w0 | tr '/+' '_-' |
		tr -d =)
	fails 1 'does not verify' check <<<"$h.$p.$s"
}

@test "a dozen bytes of the token changed, one at a time" {
	local n i t
	t=$(cat token.jwt)
	n=${#t}
	for ((i = 0; i < 12; i++)); do
		local at=$((i * n / 12 + i)) c=A
		[ "${t:at:1}" != A ] || c=B
		_capture check <<<"${t:0:at}$c${t:at+1}"
		[ ! -s "$_at/out" ]
		[ "$_status" -eq 1 ] || [ "$_status" -eq 3 ]
	done
}

@test "algorithms: RS256 alone unless -a names another" {
	for a in RS384 PS256 ES256 HS256 none; do
		local key=rsa.pem kid=k1
		[ $a != ES256 ] || { key=ec.pem kid=e1; }
		mint token $key $a "{\"alg\":\"$a\",\"kid\":\"$kid\"}" \
			<claims.json >$a.jwt
		fails 1 "alg is $a, not RS256" check $a.jwt
	done
	for a in RS384 PS256 ES256; do
		prints "$(cat claims.json)" check -a $a $a.jwt
		fails 1 "alg is RS256, not $a" check -a $a token.jwt
	done
	fails 2 'not one of' check -a HS256 HS256.jwt
	fails 2 'not one of' check -a none none.jwt
	for a in None NONE rs256 RS257 ''; do
		mint token rsa.pem none "{\"alg\":\"$a\",\"kid\":\"k1\"}" \
			<claims.json >odd.jwt
		fails 3 'no known algorithm' check odd.jwt
	done
	# the key decides too: an EC key cannot have made an RS256 signature
	mint token rsa.pem RS256 '{"alg":"RS256","kid":"e1"}' <claims.json >x.jwt
	fails 1 'the key is not one for RS256' check x.jwt
}

@test "headers: crit, b64, duplicate names, wrong types, what is no JSON" {
	while IFS=$'\t' read -r status pattern header; do
		mint token rsa.pem RS256 "$header" <claims.json >h.jwt
		fails "$status" "$pattern" check h.jwt
	done <<-'END'
	3	crit	{"alg":"RS256","kid":"k1","crit":["exp"],"exp":1}
	3	crit	{"alg":"RS256","kid":"k1","crit":[]}
	3	b64	{"alg":"RS256","kid":"k1","b64":false}
	3	twice|duplicate	{"alg":"none","alg":"RS256","kid":"k1"}
	3	twice|duplicate	{"alg":"RS256","al\u0067":"none","kid":"k1"}
	3	alg	{"kid":"k1"}
	3	alg	{"alg":["RS256"],"kid":"k1"}
	3	kid	{"alg":"RS256","kid":1}
	3	typ	{"alg":"RS256","kid":"k1","typ":"JWE"}
	3	typ	{"alg":"RS256","kid":"k1","typ":7}
	3	object	["RS256"]
	3	json	{"alg":"RS256","kid":"k1"}{}
	3	json	{"alg":"RS256","kid":"k1",}
	END
	mint token rsa.pem RS256 '{"alg":"RS256","kid":"k1","typ":"application/jwt"}' \
		<claims.json >typ.jwt
	succeeds check typ.jwt
	# keys that come with the token count for nothing
	jwk=$(mint jwks k1=other.pem | jq -c '.keys[0]')
	mint token other.pem RS256 "{\"alg\":\"RS256\",\"kid\":\"k1\",\"jwk\":$jwk}" \
		<claims.json >embedded.jwt
	fails 1 'does not verify' check embedded.jwt
}

@test "claims: what is no strict JSON object is malformed" {
	for text in '[1]' '{"exp":1e3}{}' '{"exp":1,"exp":99999999999}' \
		'{"exp":1,"ex\u0070":99999999999}' '{"exp":nan}' '"x"' '' '{'; do
		printf '%s' "$text" | mint token rsa.pem >c.jwt
		fails 3 'claims|json|empty' check c.jwt
	done
	printf '{"exp":99999999999,"a":"\xff"}' | mint token rsa.pem >c.jwt
	fails 3 'UTF-8' check c.jwt
	{ printf '{"exp":99999999999,"a":'; head -c 20000 /dev/zero | tr '\0' '['
	} | mint token rsa.pem >deep.jwt
	fails 3 'deep|nest|levels' check deep.jwt
}

@test "shape: parts, padding, alphabet, unused bits, size" {
	IFS=. read -r h p s <token.jwt
	fails 3 '1 dots' check <<<"$h.$p"
	fails 3 '3 dots' check <<<"$h.$p.$s.$s"
	fails 3 'part 3 is empty' check <<<"$h.$p."
	fails 3 'padding' check <<<"$h.$p.$s="
	fails 3 'other alphabet' check <<<"$h.$p.+${s:1}"
	fails 3 'white space' check <<<"$h. $p.$s"
	# 256 bytes are 342 characters, whose last has four unused bits
	[ "${#s}" -eq 342 ]
	last=${s: -1}
	fails 3 'unused bits' check <<<"$h.$p.${s:0:341}$(tr AQgw BRhx <<<"$last")"
	head -c 1048577 /dev/zero | tr '\0' a >big.jwt
	fails 3 'larger than 1048576' check big.jwt
}

@test "times: exp must be there and ahead, nbf and iat behind" {
	with_claims 'del(.exp)' >t.jwt
	fails 1 'exp is missing' check t.jwt
	with_claims '.exp = now - 61' >t.jwt
	fails 1 'expired' check t.jwt
	succeeds check --leeway 600 t.jwt
	with_claims '.exp = now - 30' >t.jwt
	succeeds check t.jwt
	fails 1 'expired' check --leeway 0 t.jwt
	with_claims '.nbf = now + 3600' >t.jwt
	fails 1 'nbf is' check t.jwt
	with_claims '.iat = now + 3600' >t.jwt
	fails 1 'iat is' check t.jwt
	for bad in '"99999999999"' -1 1e400 '[1]' null; do
		claims | sed -E "s/\"exp\":[0-9]+/\"exp\":$bad/" |
			mint token rsa.pem >t.jwt
		fails 3 'exp is no time' check t.jwt
	done
	exp=$(jq .exp claims.json)
	succeeds check --at $((exp - 1)) token.jwt
	fails 1 'expired' check --at $((exp + 60)) token.jwt
	fails 1 'ahead' check --at 2001-01-01T00:00:00Z token.jwt
	fails 2 'neither epoch' check --at yesterday token.jwt
	fails 1 'expired' jwt-claims -q -U --at $((exp + 60)) token.jwt
}

@test "issuer: exactly, and jku must be its /certs" {
	fails 1 'iss is' check -i https://maa.example/ token.jwt
	grep -q '^jwt-claims: hint: .*slash' "$_at/err"
	fails 1 'iss is' check -i https://maa.example.evil token.jwt
	fails 1 'iss is' check -i maa.example token.jwt
	with_claims 'del(.iss)' >t.jwt
	fails 1 'iss is missing' check -i https://maa.example t.jwt
	with_claims '.iss = ["https://maa.example"]' >t.jwt
	fails 1 'iss is' check -i https://maa.example t.jwt
	for jku in https://maa.example/certs/ https://evil.example/certs; do
		mint token rsa.pem RS256 \
			"{\"alg\":\"RS256\",\"kid\":\"k1\",\"jku\":\"$jku\"}" \
			<claims.json >t.jwt
		fails 1 'jku is' check -i https://maa.example t.jwt
	done
	mint token rsa.pem RS256 '{"alg":"RS256","kid":"k1","jku":"https://maa.example/certs"}' \
		<claims.json >t.jwt
	succeeds check -i https://maa.example t.jwt
}

@test "-c compares by the claim's own type" {
	while IFS=$'\t' read -r status arg; do
		if [ "$status" -eq 0 ]; then
			succeeds check -c "$arg" token.jwt
		else
			fails "$status" 'claims|-c' check -c "$arg" token.jwt
		fi
	done <<-'END'
	0	x-ms-sevsnpvm-vmpl=0
	0	x-ms-sevsnpvm-vmpl=0.0
	1	x-ms-sevsnpvm-vmpl=1
	1	x-ms-sevsnpvm-vmpl="0"
	1	x-ms-sevsnpvm-vmpl=
	1	x-ms-sevsnpvm-vmpl=zero
	0	x-ms-sevsnpvm-is-debuggable=false
	1	x-ms-sevsnpvm-is-debuggable=true
	1	x-ms-sevsnpvm-is-debuggable=0
	0	nonce=n-1
	1	nonce=n-2
	1	nonce="n-1"
	0	nonce:="n-1"
	0	list:=[1, 2.0]
	1	list:=[2, 1]
	1	list=[1,2]
	0	big=12345678901234567890
	1	big=12345678901234567891
	0	a.b.c.d.e=deep
	1	a.b.c.d=deep
	1	missing=1
	1	missing:=null
	2	nonsense
	2	=1
	2	nonce:=n-1
	END
}

@test "-r, -p and --nonce compare with what was sent" {
	printf '{"keys":[]}\n' >runtime.json
	printf 'package policy\n' >policy.rego
	rd=$(sha256sum <runtime.json | cut -c1-64)$(printf '0%.0s' {1..64})
	hd=$(sha256sum <policy.rego | cut -c1-64)
	with_claims ".[\"x-ms-sevsnpvm-reportdata\"] = \"$rd\" |
	    .[\"x-ms-sevsnpvm-hostdata\"] = \"$hd\"" >b.jwt
	succeeds check -r runtime.json -p policy.rego --nonce n-1 b.jwt
	base64 -w0 policy.rego >policy.b64
	succeeds check -p policy.b64 b.jwt
	fails 1 'nonce is' check --nonce n-2 b.jwt
	# in base64, of the standard's alphabet
	with_claims 'del(.nonce) | .["x-ms-runtime"] =
	    {"client-payload": {nonce: "Pj4+Pz8/"}}' >cvm.jwt
	succeeds check --nonce '>>>???' cvm.jwt
	with_claims 'del(.nonce) | .["x-ms-runtime"] =
	    {"client-payload": {nonce: "Pj4-Pz8_"}}' >cvm.jwt
	fails 1 'nonce is' check --nonce '>>>???' cvm.jwt
	fails 1 'reportdata is' check -r policy.rego b.jwt
	printf 'package policy\n\n' >other.rego
	fails 1 'hostdata is' check -p other.rego b.jwt
	grep -q '^jwt-claims: hint: policy-hash -c' "$_at/err"
	fails 1 'reportdata is missing' check -r runtime.json token.jwt
	with_claims "{exp, \"x-ms-isolation-tee\":
	    {\"x-ms-sevsnpvm-reportdata\": \"$rd\"}}" >cvm.jwt
	succeeds check -r runtime.json cvm.jwt
	with_claims '.["x-ms-sevsnpvm-reportdata"] = "zz"' >b.jwt
	fails 3 'hex' check -r runtime.json b.jwt
}

@test "-j filters the claims; what reaches outside is refused" {
	prints '"n-1"' check -j .nonce token.jwt
	prints n-1 check -j .nonce --raw token.jwt
	prints $'1\n2' check -j '.list[]' token.jwt
	fails 2 '' check -j '.[' token.jwt
	fails 1 '' check -j 'error("no")' token.jwt
	for word in input inputs env '$ENV' debug stderr input_filename halt \
		'import "a" as a; .' 'include "a"; .' '"\(env)"'; do
		fails 2 '' check -j "$word" token.jwt
	done
	mkdir -p home
	echo 'def startswith(x): true;' >home/.jq
	HOME=$PWD/home prints false check -j '.nonce | startswith("x")' token.jwt
	fails 2 '.raw goes with' check --raw token.jwt
}

@test "key sets: MAA's form, a single JWK, unusable keys, contradictions" {
	openssl req -x509 -new -key rsa.pem -subj /CN=maa -days 1 -out cert.pem
	kid='aB+/=='
	mint jwks --x5c "$kid=cert.pem" >maa.json
	[ "$(jq '.keys[0] | has("n")' maa.json)" = false ]
	mint token rsa.pem RS256 "{\"alg\":\"RS256\",\"kid\":\"$kid\"}" \
		<claims.json >maa.jwt
	succeeds jwt-claims -q -k maa.json maa.jwt
	mint jwks k1=rsa.pem | jq '.keys[0]' >jwk.json
	succeeds jwt-claims -q -k jwk.json token.jwt
	jq '.kid = "k9"' jwk.json >k9.json
	fails 1 'kid' jwt-claims -q -k k9.json token.jwt
	jq '.keys += [{kty: "AKP", kid: "odd"}]' jwks.json >odd.json
	succeeds jwt-claims -q -k odd.json token.jwt
	jq '.keys[1].kid = "k1"' jwks.json >clash.json
	fails 3 'two different keys' jwt-claims -q -k clash.json token.jwt
	jq '.keys += [.keys[0]]' jwks.json >same.json
	succeeds jwt-claims -q -k same.json token.jwt
	for change in '.use = "enc"' '.key_ops = ["sign"]' '.alg = "PS256"'; do
		jq "$change" jwk.json >no.json
		fails 1 'jwk' jwt-claims -q -k no.json token.jwt
	done
	jq '.key_ops = ["verify", "sign", "verify"]' jwk.json >no.json
	fails 3 'key_ops has an operation twice' \
		jwt-claims -q -k no.json token.jwt
	jq '.keys[0].key_ops = ["verify", "verify"]' jwks.json >no.json
	fails 3 'key_ops has an operation twice' \
		jwt-claims -q -k no.json token.jwt
	openssl genrsa -out small.pem 1024 2>/dev/null
	mint jwks k1=small.pem >small.json
	mint token small.pem <claims.json >small.jwt
	fails 3 'bits' jwt-claims -q -k small.json small.jwt
	fails 3 'jwk|json|keys' jwt-claims -q -k claims.json token.jwt
	fails 4 'absent.json' jwt-claims -q -k absent.json token.jwt
}

@test "what is asked twice is a wrong command line" {
	: >nothing
	fails 2 '^jwt-claims: --key is given twice' check -k other.json token.jwt
	fails 2 '^jwt-claims: --issuer is given twice' check \
		-i https://other.example -i https://maa.example token.jwt
	fails 2 '^jwt-claims: --policy is given twice' \
		check -p nothing -p nothing token.jwt
	fails 2 '^jwt-claims: --min-uvm-svn is given twice' \
		check --min-uvm-svn 100 --min-uvm-svn 1 token.jwt
}

@test "the real MAA token and key" {
	need_vectors maa
	cd "$VECTORS/maa" || return
	k=certs-2022-10-07.first-key.jwks.json t=policy-token-2022-09-20.jwt
	succeeds jwt-claims -q -k $k --at 1663696000 $t
	fails 1 'expired' jwt-claims -q -k $k $t
}

@test "what is printed from outside is escaped" {
	claims '.iss = "a\u001b[31m\u202eb"' | sed 's/\\u001b/\x1b/' |
		mint token rsa.pem >t.jwt
	_capture check -i https://maa.example t.jwt
	refute grep -q $'\x1b' "$_at/err"
}

# Claims of an ordinary container, as MAA makes them.
container_claims() {
	claims "{iss, iat, nbf, exp,
	    \"x-ms-attestation-type\": \"sevsnpvm\",
	    \"x-ms-compliance-status\": \"azure-compliant-uvm\",
	    \"x-ms-sevsnpvm-bootloader-svn\": 3, \"x-ms-sevsnpvm-tee-svn\": 0,
	    \"x-ms-sevsnpvm-snpfw-svn\": 8, \"x-ms-sevsnpvm-microcode-svn\": 115,
	    \"x-ms-sevsnpvm-hostdata\": \"$(printf 'ab%.0s' {1..32})\",
	    \"x-ms-sevsnpvm-is-debuggable\": false, \"x-ms-sevsnpvm-vmpl\": 0,
	    \"x-ms-sevsnpvm-uvm-endorsement\":
	        {\"x-ms-sevsnpvm-guestsvn\": \"100\"}}${1:+ | $1}"
}

@test "-f features: six lines, each with the claim that decided it" {
	container_claims | mint token rsa.pem >c.jwt
	_capture check -f features --require-features c.jwt
	[ "$_status" -eq 0 ]
	[ "$(grep -c '^yes  ' "$_at/out")" -eq 6 ]
	while IFS=$'\t' read -r name change; do
		container_claims "$change" | mint token rsa.pem >c.jwt
		refuses 1 'not all features' check -f features \
			--require-features c.jwt
		[ "$(grep -c '^no   ' "$_at/out")" -eq 1 ]
		grep -q "^no   *$name " "$_at/out"
		succeeds check -f features c.jwt >/dev/null
	done <<-'END'
	AMD SEV-SNP TEE	.["x-ms-attestation-type"] = "sgx"
	memory encryption	del(.["x-ms-sevsnpvm-vmpl"])
	data confidentiality	.["x-ms-compliance-status"] = "azure-compliant"
	security policy	.["x-ms-sevsnpvm-hostdata"] |= gsub("."; "0")
	security policy	.["x-ms-sevsnpvm-hostdata"] = "cadd74f71ebb8fbf9782baab649612520f3c416bc5ce9ac768808ddc8d9b031c"
	security policy	del(.["x-ms-sevsnpvm-hostdata"])
	runtime protection	.["x-ms-sevsnpvm-is-debuggable"] = true
	runtime protection	.["x-ms-sevsnpvm-is-debuggable"] = "false"
	END
	container_claims | mint token rsa.pem >c.jwt
	_capture jwt-claims -q -U -f features c.jwt
	grep -q '^no   remote attestation' "$_at/out"
	# a confidential VM has them one level down
	container_claims '{iss, exp, "x-ms-attestation-type": "azurevm",
	    "x-ms-isolation-tee": .}' | mint token rsa.pem >c.jwt
	succeeds check -f features --require-features c.jwt >/dev/null
}

@test "-f features on a terminal: signs and colours, NO_COLOR" {
	container_claims | mint token rsa.pem >c.jwt
	local line="jwt-claims -q -k jwks.json -f features c.jwt"
	env -u NO_COLOR TERM=xterm LC_ALL=C.UTF-8 script -qec "$line" /dev/null >t
	grep -q $'\x1b\\[32m✔' t
	NO_COLOR=1 LC_ALL=C.UTF-8 script -qec "$line" /dev/null >t
	grep -q '^✔' t
	# in a locale that has no such mark
	for LC_ALL in C en_US.ISO-8859-1 POSIX; do
		NO_COLOR=1 LC_ALL=$LC_ALL script -qec "$line" /dev/null >t
		grep -q '^yes  ' t
		refute grep -q ✔ t
	done
}

@test "real ACI claims, signed again: six yes; debuggable: one no" {
	need_vectors azure/maa-aci-token
	jq -c '.exp = now + 600 | .iat = now | .nbf = now' \
		"$VECTORS/azure/maa-aci-token/jwt_payload.json" |
		mint token rsa.pem >aci.jwt
	_capture check -f features aci.jwt
	[ "$(grep -c '^yes  ' "$_at/out")" -eq 6 ]
	jq -c '.exp = now + 600 | .iat = now | .nbf = now |
	    .["x-ms-sevsnpvm-is-debuggable"] = true' \
		"$VECTORS/azure/maa-aci-token/jwt_payload.json" |
		mint token rsa.pem >aci.jwt
	_capture check -f features aci.jwt
	[ "$(grep -c '^yes  ' "$_at/out")" -eq 5 ]
	[ "$(grep -c '^no   runtime protection' "$_at/out")" -eq 1 ]
}

@test "-f table shows every claim; -f header the header" {
	container_claims '.unheard = 7' | sed 's/"unheard":7/"unheard":[1.10]/' |
		mint token rsa.pem >c.jwt
	_capture check -f table c.jwt
	[ "$_status" -eq 0 ]
	for c in $(container_claims '.unheard = 1' | jq -r 'keys[]'); do
		grep -qx "  $c" "$_at/out"
	done
	grep -q '1\.10' "$_at/out"
	refute grep -q '.\{81\}' "$_at/out"
	prints '{"alg":"RS256","kid":"k1","typ":"JWT"}' check -f header token.jwt
	fails 2 'exclude' check -f header -j . token.jwt
	fails 2 'goes with' check --require-features token.jwt
}

@test "--min-tcb and --min-uvm-svn compare versions by component" {
	container_claims | mint token rsa.pem >c.jwt
	succeeds check --min-tcb bl=3,tee=0,snp=8,ucode=115 --min-uvm-svn 100 \
		c.jwt >/dev/null
	fails 1 'microcode-svn is 115, below 116' check --min-tcb ucode=116 c.jwt
	fails 1 'bootloader-svn is 3, below 4' check --min-tcb bl=4,snp=1 c.jwt
	fails 1 'fmc' check --min-tcb fmc=1 c.jwt
	fails 1 'below 101' check --min-uvm-svn 101 c.jwt
	fails 1 'missing' check --min-uvm-svn 1 token.jwt
	fails 1 'missing' check --min-tcb bl=1 token.jwt
	fails 2 'min-tcb' check --min-tcb bl=x c.jwt
	container_claims '.["x-ms-sevsnpvm-uvm-endorsement"] =
	    {"x-ms-sevsnpvm-guestsvn": "1e3"}' | mint token rsa.pem >c.jwt
	fails 3 'no whole number' check --min-uvm-svn 1 c.jwt
}

@test "--require: a jq expression that must be true" {
	succeeds check --require '.list | length == 2' --require true \
		token.jwt >/dev/null
	fails 1 'require' check --require '.list | length == 3' token.jwt
	fails 1 'require' check --require 'empty' token.jwt
	fails 1 'require' check --require '1' token.jwt
	fails 1 'require' check --require 'true, false' token.jwt
	fails 1 'more than one' check --require 'true, true' token.jwt
	fails 1 'require' check --require 'error("x")' token.jwt
	fails 2 'require' check --require 'env' token.jwt
	fails 2 'require' check --require 'true, halt' token.jwt
	succeeds check --require 'true, empty' token.jwt >/dev/null
	succeeds check --require 'true, try error("x")' token.jwt >/dev/null
}

@test "a jq program that goes on to an error has not said yes" {
	for error in 'error(null)' error 'error("x")' '(1 | error(null))' \
		'reduce 1 as $x (0; error(null))' 'error(.nosuch)' \
		'((try 1) | error("x"))' '(.exp? | error(null))' \
		'(label $out | 1, break $out | error(null))'; do
		fails 1 '-{1,2}(require|j): filter: ' check \
			--require "true, $error" token.jwt
		fails 1 '^jwt-claims: filter: ' check -j "1, $error" token.jwt
		fails 1 '^jwt-claims: filter: ' check --raw -j "\"a\", $error" token.jwt
	done
}

release() {
	printf '{"version":"1.0.0","anyOf":[{"authority":"%s","allOf":[%s]}]}' \
		"$@" >release.json
}

@test "--release-policy: would the vault release for this token?" {
	local iss=https://maa.example
	container_claims | mint token rsa.pem >c.jwt
	while IFS=$'\t' read -r status pattern authority conditions; do
		release "$authority" "$conditions"
		if [ "$status" -eq 0 ]; then
			succeeds check --release-policy release.json c.jwt >/dev/null
		else
			fails "$status" "$pattern" check \
				--release-policy release.json c.jwt
		fi
	done <<-END
	0	-	$iss	{"claim":"x-ms-attestation-type","equals":"sevsnpvm"}
	0	-	$iss/	{"claim":"x-ms-attestation-type","equals":"sevsnpvm"}
	0	-	$iss	{"claim":"x-ms-sevsnpvm-is-debuggable","equals":"false"}
	0	-	$iss	{"claim":"x-ms-sevsnpvm-is-debuggable","equals":false}
	0	-	$iss	{"claim":"x-ms-sevsnpvm-vmpl","equals":"0"}
	0	-	$iss	{"claim":"x-ms-sevsnpvm-uvm-endorsement.x-ms-sevsnpvm-guestsvn","equals":"100"}
	0	-	$iss	{"anyOf":[{"claim":"no","equals":1},{"claim":"x-ms-sevsnpvm-vmpl","equals":0}]}
	0	-	$iss	{"claim":"x-ms-sevsnpvm-uvm-endorsement.x-ms-sevsnpvm-guestsvn","equals":"100"},{"allOf":[{"claim":"x-ms-sevsnpvm-tee-svn","equals":0.0},{"anyOf":[{"claim":"no","equals":true},{"claim":"x-ms-sevsnpvm-snpfw-svn","equals":"8"}]}]}
	1	guestsvn is "100" in the token, but the policy wants 100	$iss	{"claim":"x-ms-sevsnpvm-uvm-endorsement.x-ms-sevsnpvm-guestsvn","equals":100}
	1	vmpl is 0 in the token, but the policy wants "0.0"	$iss	{"claim":"x-ms-sevsnpvm-vmpl","equals":"0.0"}
	1	vmpl is 0 in the token, but the policy wants false	$iss	{"claim":"x-ms-sevsnpvm-vmpl","equals":false}
	1	is-debuggable is false in the token, but the policy wants "False"	$iss	{"claim":"x-ms-sevsnpvm-is-debuggable","equals":"False"}
	1	endorsement is \\{.* in the token	$iss	{"claim":"x-ms-sevsnpvm-uvm-endorsement","equals":"{\"x-ms-sevsnpvm-guestsvn\":\"100\"}"}
	1	snpfw-svn is 8 in the token, but the policy wants "9"	$iss	{"claim":"x-ms-sevsnpvm-tee-svn","equals":"0"},{"anyOf":[{"allOf":[{"claim":"x-ms-sevsnpvm-snpfw-svn","equals":"9"}]}]}
	1	is-debuggable is false in the token, but the policy wants "true"	$iss	{"claim":"x-ms-sevsnpvm-is-debuggable","equals":"true"}
	1	no is missing in the token	$iss	{"claim":"no","equals":"1"}
	1	guestsvn is "100" in the token	$iss	{"claim":"x-ms-sevsnpvm-uvm-endorsement.x-ms-sevsnpvm-guestsvn","equals":"101"}
	1	no authority is the token's issuer	https://other.example	{"claim":"x-ms-sevsnpvm-vmpl","equals":"0"}
	1	no authority	$iss//	{"claim":"x-ms-sevsnpvm-vmpl","equals":"0"}
	3	equals	$iss	{"claim":"x-ms-sevsnpvm-vmpl","less":1}
	3	equals	$iss	{"claim":"x-ms-sevsnpvm-vmpl","equals":[0]}
	3	anyOf	$iss	{}
	3	anyOf|allOf	$iss	{"anyOf":[]}
	3	anyOf|allOf	$iss	{"anyOf":[{}],"allOf":[{}]}
	3	claim	$iss	{"claim":1,"equals":1}
	3	equals	$iss	{"claim":"a","equals":"b","notEquals":"c"}
	3	twice|duplicate	$iss	{"claim":"a","equals":"b","equals":"c"}
	END
	printf '{"version":"2","anyOf":[]}' >release.json
	fails 3 'anyOf|version' check --release-policy release.json c.jwt
	release $iss '{"claim":"x-ms-sevsnpvm-vmpl","equals":"0"}'
	held='jwt-claims: note: release policy: anyOf'
	run --separate-stderr jwt-claims -i $iss -k jwks.json \
		--release-policy release.json c.jwt
	[ "$stderr" = "${held}[0], authority $iss holds" ]
	run --separate-stderr check --release-policy release.json c.jwt
	[ -z "$stderr" ]
	printf '{"version":"1.0.0","anyOf":[
	    {"authority":"https://other.example","allOf":[%s]},
	    {"authority":"%s/","anyOf":[%s,{"anyOf":[%s,{"allOf":[%s]}]}]}]}' \
		'{"claim":"iss","equals":"https://maa.example"}' $iss \
		'{"claim":"x-ms-sevsnpvm-vmpl","equals":1}' \
		'{"claim":"no","equals":""}' \
		'{"claim":"x-ms-sevsnpvm-vmpl","equals":0}' >release.json
	run --separate-stderr jwt-claims -i $iss -k jwks.json \
		--release-policy release.json c.jwt
	[ "$stderr" = "${held}[1], authority $iss/, anyOf[1], anyOf[1] holds" ]
}

@test "--lines: in order, bad lines said where they stand, highest status" {
	local i
	with_claims '.exp = 1' >old.jwt
	for i in 1 2 3; do
		with_claims ".nonce = \"$i\""
	done >many
	printf '"1"\n"2"\n"3"\n' >want
	check --lines -j .nonce many | cmp - want
	check --lines --threads 1 -j .nonce <many | cmp - want
	{ cat token.jwt; echo garbage; cat old.jwt; echo; cat token.jwt; } >mixed
	_capture check --lines -j .nonce mixed
	[ "$_status" -eq 3 ]
	[ ! -s "$_at/err" ]
	[ "$(sed -n 2,4p "$_at/out" | jq -c '[.line, .status]' |
		tr '\n' ' ')" = '[2,3] [3,1] [4,3] ' ]
	[ "$(sed -n '1p;5p' "$_at/out" | sort -u)" = '"n-1"' ]
	_capture check --lines -j '.list[]' token.jwt
	[ "$_status" -eq 1 ]
	grep -q '"line":1,"status":1' "$_at/out"
	fails 2 '' check --lines -j '.[' token.jwt
	fails 2 'exclude' check --lines -f table token.jwt
	{ head -c 1048577 /dev/zero | tr '\0' a; echo; cat token.jwt; } >long
	_capture check --lines -j .nonce long
	[ "$_status" -eq 3 ]
	grep -q '"line":1,"status":3,"error":"jws: larger than' "$_at/out"
	[ "$(tail -n 1 "$_at/out")" = '"n-1"' ]
}

@test "--lines answers what has come before it waits for more" {
	local answer from i to
	coproc J { jwt-claims -q -k jwks.json --lines -j .nonce 3>&-; }
	# bash takes its own away when the tool has ended
	to=${J[1]}
	exec {from}<&"${J[0]}"
	for i in 1 2; do
		cat token.jwt >&"$to"
		read -r -t 60 answer <&"$from"
		[ "$i: $answer" = "$i: \"n-1\"" ]
	done
	printf 'no token' >&"$to"
	exec {to}>&-
	read -r -t 60 answer <&"$from"
	exec {from}<&-
	[[ $answer == '{"line":3,"status":3,'* ]]
}
