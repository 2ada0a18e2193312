#!/usr/bin/env bats
# jwt-claims -- what must be no, and the reason of every failure: what was
# given instead, and what to do.
# folders: token jose

load ../lib

iss=https://maa.example

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	rsa_key rsa.pem
	rsa_key other.pem
	openssl ecparam -name prime256v1 -genkey -noout -out ec.pem
	openssl pkey -in rsa.pem -pubout -out public.pem
	openssl req -x509 -new -key rsa.pem -subj /CN=x -days 30 -out cert.pem
	mint jwks k1=rsa.pem e1=ec.pem >jwks.json
	printf 'package policy\n' >policy.rego
	claims | mint token rsa.pem >token.jwt
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

mint() {
	fake mint "$@"
}

# A container's claims, changed by a jq program.
claims() {
	jq -cn "{iss: \"$iss\", exp: (now + 600 | floor), nonce: \"n-1\",
	    \"x-ms-attestation-type\": \"sevsnpvm\",
	    \"x-ms-compliance-status\": \"azure-compliant-uvm\",
	    \"x-ms-sevsnpvm-vmpl\": 0,
	    \"x-ms-sevsnpvm-is-debuggable\": false,
	    \"x-ms-sevsnpvm-hostdata\": (\"ab\" * 32)} | ${1:-.}"
}

# The same one level down, as confidential VMs have them.
nested() {
	claims "{iss, exp, \"x-ms-attestation-type\": \"azurevm\",
	    \"x-ms-isolation-tee\": del(.iss, .exp, .nonce)} | ${1:-.}"
}

check() {
	jwt-claims -q -k jwks.json "$@"
}

# judged CMD...: a token of the claims on the standard input.
judged() {
	mint token rsa.pem >t.jwt
	"$@" t.jwt
}

hints() {
	grep -Eq "^jwt-claims: hint: .*$1" "$_at/err" ||
		_complain "no hint: $1" "$_at" "hints"
}

no_hint() {
	refute grep -q 'hint' "$_at/err"
}

# --- yes where it must be no ---------------------------------------------------

@test "a VMPL is an integer from 0 to 3: the host's and what is none is no" {
	local vmpl
	for vmpl in 0 1 2 3; do
		claims ".[\"x-ms-sevsnpvm-vmpl\"] = $vmpl" >c
		judged succeeds check -f features --require-features <c
		judged succeeds check --vmpl any -l $vmpl <c
		judged succeeds check -l any <c
		judged fails 1 "vmpl is $vmpl instead of $(((vmpl + 1) % 4))" \
			check -l $(((vmpl + 1) % 4)) <c
	done
	for vmpl in 4294967295 4294967296 -1 4 7 0.5 0.0 1e0 1e400 '"0"' \
		null true '[0]' 18446744073709551616; do
		claims | sed "s/\"x-ms-sevsnpvm-vmpl\":0/\"x-ms-sevsnpvm-vmpl\":$vmpl/" >c
		judged refuses 1 'not all features' \
			check -f features --require-features <c
		grep -q '^no   memory encryption  *x-ms-sevsnpvm-vmpl is ' \
			"$_at/out"
		[ "$(grep -c '^no ' "$_at/out")" -eq 1 ]
		judged fails 1 'x-ms-sevsnpvm-vmpl is ' check --vmpl any <c
		judged fails 1 'x-ms-sevsnpvm-vmpl is ' check --vmpl 0 <c
	done
	claims 'del(.["x-ms-sevsnpvm-vmpl"])' | judged fails 1 \
		'x-ms-sevsnpvm-vmpl is missing' check --vmpl any
	nested | judged succeeds check -l 0
	nested '.["x-ms-isolation-tee"]["x-ms-sevsnpvm-vmpl"] = 1' |
		judged fails 1 'vmpl is 1 instead of 0' check -l 0
	fails 2 'not one of' check --vmpl 4 token.jwt
}

@test "a report that the host asked for is warned of in every format" {
	local format
	claims '.["x-ms-sevsnpvm-vmpl"] = 4294967295' | mint token rsa.pem >h.jwt
	nested '.["x-ms-isolation-tee"]["x-ms-sevsnpvm-vmpl"] = 4294967295' |
		mint token rsa.pem >n.jwt
	for format in json header features table; do
		warns 'host asked for the report' \
			jwt-claims -k jwks.json -f $format h.jwt
		warns 'host asked for the report' \
			jwt-claims -k jwks.json -f $format n.jwt
	done
	warns 'host asked for the report' jwt-claims -U -j .iss h.jwt
	fails 1 'asked for by the host' check -l any h.jwt
	succeeds jwt-claims -k jwks.json -i $iss token.jwt >/dev/null
	[ ! -s "$_at/err" ]
}

@test "a guest that the host may debug is warned of in every format" {
	local format
	claims '.["x-ms-sevsnpvm-is-debuggable"] = true' | mint token rsa.pem >h.jwt
	nested '.["x-ms-isolation-tee"]["x-ms-sevsnpvm-is-debuggable"] = true' |
		mint token rsa.pem >n.jwt
	for format in json features; do
		warns 'is-debuggable is true' \
			jwt-claims -k jwks.json -f $format h.jwt
		warns 'is-debuggable is true' \
			jwt-claims -k jwks.json -f $format n.jwt
	done
	fails 1 'debuggable' jwt-claims -k jwks.json -i $iss \
		-c x-ms-sevsnpvm-is-debuggable:=false h.jwt
}

@test "a claim that stands twice with different values decides nothing" {
	local name good bad feature option
	while IFS=$'\t' read -r name good bad feature option; do
		nested ".[\"$name\"] = $good |
		    .[\"x-ms-isolation-tee\"][\"$name\"] = $bad" >c
		judged refuses 1 'not all features' \
			check -f features --require-features <c
		grep -q "^no   $feature .*$name is .* at the top, but .* under x-ms-isolation-tee" "$_at/out"
		judged fails 1 "$name is .* at the top, but" \
			check -c "$name:=$good" <c
		hints "which of the two"
		judged fails 1 "$name is .* at the top, but" \
			check -c "$name:=$bad" <c
		judged succeeds check -c "x-ms-isolation-tee.$name:=$bad" <c
		judged warns "\"$name\" stands at the top and under" \
			jwt-claims -k jwks.json <c
		# shellcheck disable=SC2086
		[ -z "$option" ] || judged fails 1 'at the top, but' \
			check $option <c
		# the same value twice is no contradiction
		nested ".[\"$name\"] = $good |
		    .[\"x-ms-isolation-tee\"][\"$name\"] = $good" |
			judged succeeds check -c "$name:=$good"
	done <<-'END'
	x-ms-sevsnpvm-is-debuggable	false	true	runtime protection	
	x-ms-sevsnpvm-is-debuggable	true	false	runtime protection	
	x-ms-sevsnpvm-vmpl	0	1	memory encryption	-l 0
	x-ms-compliance-status	"azure-compliant-uvm"	"none"	data confidentiality	
	x-ms-sevsnpvm-hostdata	"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"	"00"	security policy	-p policy.rego
	END
}

@test "floors and hashes of claims that stand twice: no" {
	local e=x-ms-sevsnpvm-uvm-endorsement
	nested ".[\"x-ms-sevsnpvm-tee-svn\"] = 9 |
	    .[\"x-ms-isolation-tee\"][\"x-ms-sevsnpvm-tee-svn\"] = 1" |
		judged fails 1 'at the top, but' check --min-tcb tee=1
	nested ".[\"$e\"] = {\"x-ms-sevsnpvm-guestsvn\": \"200\"} |
	    .[\"x-ms-isolation-tee\"][\"$e\"] =
		{\"x-ms-sevsnpvm-guestsvn\": \"1\"}" >c
	judged fails 1 'at the top, but' check --min-uvm-svn 100 <c
	judged fails 1 'at the top, but' \
		check -c $e.x-ms-sevsnpvm-guestsvn=200 <c
	nested ".[\"x-ms-sevsnpvm-hostdata\"] =
	    \"$(policy-hash policy.rego)\"" |
		judged fails 1 'at the top, but' check -p policy.rego
	nested ".[\"x-ms-sevsnpvm-reportdata\"] =
	    \"$(sha256sum policy.rego | cut -c1-64)$(printf '0%.0s' {1..64})\" |
	    .[\"x-ms-isolation-tee\"][\"x-ms-sevsnpvm-reportdata\"] = \"00\"" |
		judged fails 1 'at the top, but' check -r policy.rego
}

@test "what both levels have in their own right is no contradiction" {
	nested >c
	judged succeeds check -c x-ms-attestation-type=azurevm <c
	judged fails 1 'is "azurevm", not "sevsnpvm"' \
		check -c x-ms-attestation-type=sevsnpvm <c
	hints 'x-ms-isolation-tee.x-ms-attestation-type is "sevsnpvm"'
	judged succeeds jwt-claims -k jwks.json -i $iss <c
	[ ! -s "$_at/err" ]
	nested '.["x-ms-attestation-type"] = "tdxvm"' >c
	judged refuses 1 'not all' check -f features --require-features <c
	grep -q '^no   AMD SEV-SNP TEE .*"tdxvm" around x-ms-iso' "$_at/out"
}

@test "the provider's policy: the default, somebody's own, the one asked for" {
	local h=x-ms-policy-hash default=9NY0VnTQ-IiBriBplVUpFbczcDaEBUwsiFYAzHu_gco own
	printf 'version= 1.0;\nauthorizationrules{ => permit(); };\n' >p.txt
	# computed apart: base64url of the SHA-256 of base64url of the text
	own=$(base64 -w0 p.txt | tr '/+' '_-' | tr -d = | openssl dgst -sha256 \
		-binary | base64 -w0 | tr '/+' '_-' | tr -d =)
	claims ".[\"$h\"] = \"$default\"" | judged check -f features >out
	grep -q "^-    provider's policy .*, the provider's default policy for SEV" out
	[ "$(grep -c '^yes' out)" -eq 6 ]
	nested ".[\"$h\"] = \"wm9mHlvTU82e8UqoOy1Yj1FBRSNkfe99-69IYDq9eWs\"" |
		judged check -f table >out
	grep -A1 -x "  $h" out | grep -q '("\|(the provider' ||
		grep -q "provider's default policy for virtual" out
	claims ".[\"$h\"] = \"$own\"" >c
	judged check -f features <c >out
	grep -q "^-    provider's policy .*, a policy of the provider's owner" out
	judged check -f table <c >out
	grep -q "(a policy of the provider's$\|(a policy of the provider's owner)" out
	# asked for: by the hash in any form, by its text, by a JWS of it
	judged succeeds check --provider-policy "$own" <c
	judged succeeds check --provider-policy "$own=" <c
	judged succeeds check --provider-policy "$(printf '%s=' "$own" |
		tr '_-' '/+' | base64 -d | xxd -p -c 64)" <c
	judged succeeds check --provider-policy @p.txt <c
	printf '{"AttestationPolicy":"%s"}' "$(base64 -w0 p.txt |
		tr '/+' '_-' | tr -d =)" >payload
	mint token rsa.pem <payload >signed.jws
	judged succeeds check --provider-policy @signed.jws <c
	printf '%s.%s.\n' "$(printf '{"alg":"none"}' | base64 -w0 | tr -d =)" \
		"$(base64 -w0 payload | tr '/+' '_-' | tr -d =)" >unsigned.jws
	judged succeeds check --provider-policy @unsigned.jws <c
	prints "$(cat payload)" jwt-claims -q -U unsigned.jws
	# and not
	judged fails 1 "$h is .*, not \"$default\"" \
		check --provider-policy $default <c
	hints "a policy of the provider's owner"
	printf 'version= 1.0;\r\nauthorizationrules{ => permit(); };\r\n' >crlf.txt
	judged fails 1 "$h is " check --provider-policy @crlf.txt <c
	hints 'other line ends'
	printf 'version= 1.0;\nauthorizationrules{ => permit(); };' >short.txt
	judged fails 1 "$h is " check --provider-policy @short.txt <c
	hints 'other line ends'
	printf 'version= 1.1;' >other.txt
	judged fails 1 "$h is " check --provider-policy @other.txt <c
	hints "a policy of the provider's owner"
	claims | judged fails 1 "$h is missing" check --provider-policy "$own"
	fails 2 'provider-policy: neither base64url' \
		check --provider-policy nonsense token.jwt
	fails 4 'absent: no such' check --provider-policy @absent token.jwt
	: >nothing
	fails 3 'no text' check --provider-policy @nothing token.jwt
	fails 3 'AttestationPolicy' check --provider-policy @token.jwt token.jwt
}

@test "a policy that allows everything: refused if asked, -p warns" {
	local open=cadd74f71ebb8fbf9782baab649612520f3c416bc5ce9ac768808ddc8d9b031c
	claims ".[\"x-ms-sevsnpvm-hostdata\"] = \"$open\"" >c
	judged fails 1 'published policy that allows everything: ACI' \
		check --refuse-open-policy <c
	nested ".[\"x-ms-isolation-tee\"][\"x-ms-sevsnpvm-hostdata\"] =
	    \"$open\"" | judged fails 1 'allows everything' \
		check --refuse-open-policy
	succeeds check --refuse-open-policy token.jwt >/dev/null
	need_vectors policy/confirmed
	local policy=$VECTORS/policy/confirmed/cadd74f7/uvm_security_policy.base64
	judged warns "is a published policy that allows everything" \
		jwt-claims -k jwks.json -p "$policy" <c
	[ "$(grep -c 'allows everything' "$_at/err")" -eq 1 ]
	fails 1 'but the policy' jwt-claims -k jwks.json -p "$policy" token.jwt
	grep -q 'warning: .*allows everything' "$_at/err"
}

@test "runtime data of 0 bytes are none" {
	: >nothing
	fails 3 'nothing: runtime data of 0 bytes' check -r nothing token.jwt
	fails 3 'standard input: runtime data of 0 bytes' \
		check -r - token.jwt < <(false)
}

@test "a key without a kid verifies a token that has one only if said" {
	jq -c '.keys[0] | del(.kid)' jwks.json >bare.json
	jq -c '{keys: [.keys[0] | del(.kid)]}' jwks.json >bareset.json
	for f in bare.json bareset.json; do
		fails 1 "the key has no kid, the token's is k1" \
			jwt-claims -q -k $f token.jwt
		hints '--any-kid'
		succeeds jwt-claims -q -k $f --any-kid token.jwt >/dev/null
		claims | mint token other.pem >forged.jwt
		fails 1 'does not verify' jwt-claims -q -k $f --any-kid forged.jwt
	done
	# a key with another kid is another key all the same
	jq -c '.keys[0].kid = "k9"' jwks.json >k9.json
	fails 1 'kid' jwt-claims -q -k k9.json --any-kid token.jwt
	jq -c '.keys[0] | .kid = "k9"' jwks.json >k9.json
	fails 1 'kid' jwt-claims -q -k k9.json --any-kid token.jwt
	jq -c 'del(.keys[].kid)' jwks.json >two.json
	fails 1 'no key has the kid' jwt-claims -q -k two.json --any-kid token.jwt
	# without one in the token either, there is nothing to say
	claims | mint token rsa.pem RS256 '{"alg":"RS256"}' >nokid.jwt
	succeeds jwt-claims -q -k bare.json nokid.jwt >/dev/null
}

# --- key files -------------------------------------------------------------------

@test "a public key or certificate in PEM is a key set of one" {
	local f
	openssl rsa -in rsa.pem -RSAPublicKey_out -out pkcs1.pem 2>/dev/null
	for f in public.pem cert.pem pkcs1.pem; do
		succeeds jwt-claims -q -k $f token.jwt >/dev/null
		sed 's/$/\r/' $f >crlf.pem
		succeeds jwt-claims -q -k crlf.pem token.jwt >/dev/null
	done
	claims | mint token other.pem >forged.jwt
	fails 1 'does not verify' jwt-claims -q -k public.pem forged.jwt
	openssl pkey -in ec.pem -pubout -out ecpub.pem
	claims | mint token ec.pem ES256 '{"alg":"ES256","kid":"e1"}' >ec.jwt
	succeeds jwt-claims -q -k ecpub.pem -a ES256 ec.jwt >/dev/null
	fails 1 'alg is ES256, not RS256' jwt-claims -q -k ecpub.pem ec.jwt
	fails 1 'not one for RS256' jwt-claims -q -k ecpub.pem token.jwt
	fails 3 'private key' jwt-claims -q -k rsa.pem token.jwt
	hints 'openssl pkey -pubout'
	cat public.pem cert.pem >two.pem
	fails 3 'two.pem: several blocks of PEM' \
		jwt-claims -q -k two.pem token.jwt
	hints 'of a chain the first'
	# what openssl says for people before the block is passed over
	openssl x509 -in cert.pem -text >text.pem
	succeeds jwt-claims -q -k text.pem token.jwt >/dev/null
	fails 1 'does not verify' jwt-claims -q -k text.pem forged.jwt
	{ echo 'Bag Attributes'; cat rsa.pem; } >bag.pem
	fails 3 'private key' jwt-claims -q -k bag.pem token.jwt
	head -c 200 public.pem >cut.pem
	fails 3 'cut.pem' jwt-claims -q -k cut.pem token.jwt
	openssl genrsa 1024 2>/dev/null | openssl rsa -pubout -out small.pem \
		2>/dev/null
	fails 3 'bits' jwt-claims -q -k small.pem token.jwt
}

@test "what is no key set is called by its name" {
	local file pattern hint
	while IFS=$'\t' read -r file pattern hint; do
		printf '%b' "$file" >k
		fails 3 "^jwt-claims: k: $pattern" jwt-claims -q -k k token.jwt
		if [ -n "$hint" ]; then hints "$hint"; else no_hint; fi
	done <<-END
	{"issuer":"$iss","jwks_uri":"$iss/certs"}	an OpenID configuration, not a key set	maa-token --keys
	{"key":{"kty":"RSA"},"attributes":{}}	a key bundle	jq .key
	{"token":"e30.e30.AA"}	a token, not a key set	
	$(cat token.jwt)	a token, not a key set	
	{"error":{"code":"x"}}	an error answer	
	{"a":1}	neither a JWK Set nor a JWK	
	[]	neither a JWK Set nor a JWK	
	plain text	no key set: neither JSON nor PEM	maa-token --keys
	\xef\xbb\xbf{"keys":[]}	key set: begins with a UTF-8 byte	UTF-8
	END
	: >k
	fails 3 '^jwt-claims: k: key set: empty' jwt-claims -q -k k token.jwt
	iconv -t UTF-16 jwks.json >utf16.json
	fails 3 'UTF-16' jwt-claims -q -k utf16.json token.jwt
}

@test "an unknown kid, another algorithm: what to do" {
	claims | mint token rsa.pem RS256 '{"alg":"RS256","kid":"k7"}' >k7.jwt
	fails 1 'no key has the kid k7' check k7.jwt
	hints 'maa-token --keys'
	claims | mint token rsa.pem PS256 '{"alg":"PS256","kid":"k1"}' >ps.jwt
	fails 1 'alg is PS256, not RS256' check ps.jwt
	hints '-a PS256$'
	for a in HS256 none; do
		claims | mint token rsa.pem $a "{\"alg\":\"$a\",\"kid\":\"k1\"}" \
			>bad.jwt
		fails 1 "alg is $a" check bad.jwt
		no_hint
	done
}

# --- tokens ----------------------------------------------------------------------

@test "what is no token is called by its name, with what to do" {
	local text pattern hint token
	token=$(cat token.jwt)
	while IFS=$'\t' read -r text pattern hint; do
		printf '%b' "$text" >t
		fails 3 "^jwt-claims: t: $pattern" check t
		if [ -n "$hint" ]; then hints "$hint"; else no_hint; fi
		fails 3 "$pattern" jwt-claims -q -U t
		fails 3 "$pattern" check <t
	done <<-END
	"$token"\n	token: in quotes	take the quotes off
	'$token'	token: in quotes	take the quotes off
	Authorization: Bearer $token\r\n	token: a header of HTTP	leave off
	authorization: bearer $token	token: a header of HTTP	leave off
	bearer $token	token: a word before it	leave off
	{"access_token":"$token","expires_in":"1"}	token: an answer with an access token	jq -r .access_token
	{"error":{"code":"x","message":"y"}}	token: an error answer	maa-token -R
	[["JWT","$token"],{"GPU-0":"$token"}]	token: a detached EAT bundle	\.\[0\]\[1\]
	["$token"]	token: a JSON array	
	{"keys":[]}	token: a key set	-k
	{"issuer":"x","jwks_uri":"y"}	token: an OpenID configuration	
	-----BEGIN PUBLIC KEY-----\nAA==\n	token: a key or certificate in PEM	-k
	eyJhbGciOiJSU0EtT0FFUCJ9.AA.AA.AA.AA	token: an encrypted one	its recipient
	${token:0:40}\n${token:40}	jws: 	tr -d
	${token:0:40}\r\n ${token:40}\n	jws: 	tr -d
	{"token":7}	token: 	
	nonsense	jws: 0 dots	
	END
}

@test "an SNP report is no token, in any of its forms" {
	with_device snp-report -o report.bin
	xxd -p -c 2000 report.bin >report.hex
	base64 report.bin >report.b64
	for f in report.bin report.hex report.b64; do
		fails 3 "$f: token: an SNP report, not a token" check $f
		hints 'snp-verify .*maa-token'
	done
}

@test "an unsigned token is shown with -U alone" {
	local h p
	p=$(claims | base64 -w0 | tr '/+' '_-' | tr -d =)
	h=$(printf '{"alg":"none"}' | base64 -w0 | tr -d =)
	printf '%s.%s.\n' "$h" "$p" >bare.jwt
	prints "$iss" jwt-claims -q -U --raw -j .iss bare.jwt
	warns 'nothing vouches' jwt-claims -U bare.jwt
	fails 3 'part 3 is empty' check bare.jwt
	hints '-U'
	fails 3 'part 3 is empty' jwt-claims -q -k public.pem --any-kid bare.jwt
	# a signature is left out of no other
	h=$(printf '{"alg":"RS256"}' | base64 -w0 | tr -d =)
	printf '%s.%s.\n' "$h" "$p" >bare.jwt
	fails 3 'part 3 is empty' jwt-claims -q -U bare.jwt
	printf '%s..\n' "$h" >bare.jwt
	fails 3 'part 2 is empty' jwt-claims -q -U bare.jwt
}

@test "typ: JWT or nothing, and -U shows the rest" {
	local typ
	for typ in JWT jwt application/jwt; do
		claims | mint token rsa.pem RS256 \
			"{\"alg\":\"RS256\",\"kid\":\"k1\",\"typ\":\"$typ\"}" >typ.jwt
		succeeds check typ.jwt >/dev/null
	done
	for typ in eat+jwt at+jwt application/eat+jwt JOSE dpop+jwt ''; do
		claims | mint token rsa.pem RS256 \
			"{\"alg\":\"RS256\",\"kid\":\"k1\",\"typ\":\"$typ\"}" >typ.jwt
		fails 3 'typ is not JWT' check typ.jwt
		hints '-U shows'
		succeeds jwt-claims -q -U typ.jwt >/dev/null
	done
}

# --- claims ----------------------------------------------------------------------

@test "-i: https:// forgotten, a slash too much" {
	fails 1 "iss is \"$iss\"" check -i maa.example token.jwt
	hints "-i $iss\$"
	fails 1 "iss is \"$iss\"" check -i maa.example/ token.jwt
	hints "-i $iss\$"
	fails 1 "iss is \"$iss\"" check -i $iss/ token.jwt
	hints 'slash'
	fails 1 "iss is \"$iss\"" check -i https://other.example token.jwt
	no_hint
}

@test "-c: upper-case hex, names of the other level, near spellings" {
	fails 1 'hostdata is' check token.jwt \
		-c "x-ms-sevsnpvm-hostdata=$(printf 'AB%.0s' {1..32})"
	hints 'only the case of letters.* abab'
	fails 1 'hostdata is' check token.jwt \
		-c "x-ms-sevsnpvm-hostdata=$(printf 'cd%.0s' {1..32})"
	no_hint
	nested >c
	judged fails 1 'x-ms-sevsnpvm-vmpl is missing' \
		check -c x-ms-sevsnpvm-vmpl=0 <c
	hints 'the token has x-ms-isolation-tee.x-ms-sevsnpvm-vmpl$'
	local name near
	while read -r name near; do
		fails 1 "$name is missing" check -c "$name=0" token.jwt
		hints "the token has $near\$"
	done <<-'END'
	vmpl x-ms-sevsnpvm-vmpl
	hostdata x-ms-sevsnpvm-hostdata
	x_ms_sevsnpvm_vmpl x-ms-sevsnpvm-vmpl
	X-MS-SEVSNPVM-VMPL x-ms-sevsnpvm-vmpl
	x-ms-sevsnpvm-host-data x-ms-sevsnpvm-hostdata
	x-ms-sevsnpvm-is-debugable x-ms-sevsnpvm-is-debuggable
	x-ms-atestation-typ x-ms-attestation-type
	END
	for name in nothing-like-it xyz ab 'x.y.z' "$(printf 'v%.0s' {1..200})"; do
		fails 1 "$name is missing" check -c "$name=0" token.jwt
		no_hint
	done
}

@test "--nonce: also where confidential VMs have it" {
	local n='n 1-\u00e4'
	succeeds check --nonce n-1 token.jwt >/dev/null
	claims "del(.nonce) | .[\"x-ms-runtime\"] =
	    {\"client-payload\": {nonce: (\"$n\" | @base64)}}" >c
	judged succeeds check --nonce "$(printf '%b' "$n")" <c
	judged succeeds check --nonce "$(printf '%b' "$n" | base64)" <c
	judged fails 1 'client-payload.nonce is ".*", not "n-1"' \
		check --nonce n-1 <c
	# the token's own nonce is the one that counts
	claims '.["x-ms-runtime"] = {"client-payload": {nonce: "n-2"}}' >c
	judged succeeds check --nonce n-1 <c
	judged fails 1 'nonce is "n-1"' check --nonce n-2 <c
	# which is no base64 to be undone
	claims '.nonce = ("n-1" | @base64)' |
		judged fails 1 'nonce is' check --nonce n-1
	claims 'del(.nonce)' | judged fails 1 'nonce is missing' \
		check --nonce n-1
}

@test "-f table: the claims that newer reports bring" {
	local name
	claims '. + {"x-ms-sevsnpvm-chipid": ("cd" * 64),
	    "x-ms-sevsnpvm-chip-family": "Milan"} + ([
	    "ciphertext-hiding-dram-enabled", "cxl-allowed",
	    "mem-aes256-xts-required", "page-swap-disabled", "rapl-disabled",
	    "singlesocket" | {("x-ms-sevsnpvm-" + .): false}] | add)' |
		judged check -f table >out
	refute grep -qx other out
	for name in chipid chip-family singlesocket cxl-allowed rapl-disabled \
		ciphertext-hiding-dram-enabled mem-aes256-xts-required \
		page-swap-disabled; do
		sed -n "/^platform\$/,/^\$/p" out |
			grep -A4 -x "  x-ms-sevsnpvm-$name" | grep -q '\.$'
	done
}

@test "--release-policy: as a vault, az and the SDKs show it" {
	local policy data form
	policy="{\"version\":\"1.0.0\",\"anyOf\":[{\"authority\":\"$iss\",\"allOf\":[{\"claim\":\"x-ms-sevsnpvm-vmpl\",\"equals\":\"0\"}]}]}"
	data=$(printf %s "$policy" | base64 -w0 | tr '/+' '_-' | tr -d =)
	while read -r form; do
		printf '%s\n' "$form" >r
		succeeds check --release-policy r token.jwt >/dev/null
	done <<-END
	$policy
	{"contentType":"application/json; charset=utf-8","data":"$data","immutable":false}
	{"data":"$data"}
	{"contentType":"application/json; charset=utf-8","data":"$(printf %s "$policy" | base64 -w0)"}
	{"contentType":"application/json; charset=utf-8","encodedPolicy":$(jq -cn --arg p "$policy" '$p')}
	{"key":{"kty":"RSA-HSM"},"attributes":{},"release_policy":{"contentType":"application/json; charset=utf-8","data":"$data","immutable":true}}
	{"key":{"kty":"RSA-HSM"},"releasePolicy":{"data":"$data"}}
	{"key":{},"release_policy":$policy}
	END
	local no=${policy/\"equals\":\"0\"/\"equals\":\"1\"}
	printf '{"data":"%s"}' "$(printf %s "$no" | base64 -w0)" >r
	fails 1 'vmpl is 0 in the token, but' check --release-policy r token.jwt
	local status pattern
	while IFS=$'\t' read -r pattern form; do
		printf '%s\n' "$form" >r
		fails 3 "r: release policy: $pattern" \
			check --release-policy r token.jwt
	done <<-END
	contentType is not	{"contentType":"application/octet-stream","data":"$data"}
	data: 	{"data":"!"}
	data	{"data":7}
	the key has none	{"key":{"kty":"RSA"},"attributes":{}}
	not \\{"version"	{"release_policy":{"immutable":true}}
	not \\{"version"	{"data":"$(printf '{"data":"%s"}' "$data" | base64 -w0)"}
	END
}
