#!/usr/bin/env bats
# jwt-claims -- every algorithm, by keys of our own and by published ones.
# folders: jose token

load ../lib

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	rsa_key rsa.pem
	openssl ecparam -name prime256v1 -genkey -noout -out p256.pem
	openssl ecparam -name secp384r1 -genkey -noout -out p384.pem
	openssl ecparam -name secp521r1 -genkey -noout -out p521.pem
	mint jwks r=rsa.pem 256=p256.pem 384=p384.pem 512=p521.pem >jwks.json
	jq -cn '{iss: "https://maa.example", exp: (now + 600 | floor)}' \
		>claims.json
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

mint() {
	fake mint "$@"
}

algorithms=(RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512)

# The key of our own for an algorithm, and its kid.
key_for() {
	case $1 in
	ES256) key=p256.pem kid=256 ;;
	ES384) key=p384.pem kid=384 ;;
	ES512) key=p521.pem kid=512 ;;
	*) key=rsa.pem kid=r ;;
	esac
}

# flip TOKEN: one bit of its signature changed.
flip() {
	local t=$1 c=A
	[ "${t: -9:1}" != A ] || c=B
	printf '%s' "${t:0:${#t}-9}$c${t: -8}"
}

@test "each algorithm by -a, and by no other" {
	local alg other key kid last=ES512
	for alg in "${algorithms[@]}"; do
		key_for "$alg"
		mint token "$key" "$alg" "{\"alg\":\"$alg\",\"kid\":\"$kid\"}" \
			<claims.json >t.jwt
		prints "$(cat claims.json)" \
			jwt-claims -q -k jwks.json -a "$alg" t.jwt
		fails 1 "alg is $alg, not $last" \
			jwt-claims -q -k jwks.json -a "$last" t.jwt
		last=$alg
		fails 1 'does not verify' jwt-claims -q -k jwks.json \
			-a "$alg" <<<"$(flip "$(cat t.jwt)")"
	done
}

@test "a signature made by another algorithm than the header says" {
	local said made key kid
	while read -r said made; do
		key_for "$said"
		mint token "$key" "$made" "{\"alg\":\"$said\",\"kid\":\"$kid\"}" \
			<claims.json >t.jwt
		fails 1 'does not verify' \
			jwt-claims -q -k jwks.json -a "$said" t.jwt
	done <<-'END'
	RS256 RS384
	RS256 PS256
	PS256 RS256
	PS256 PS512
	PS384 PS256
	RS512 PS512
	ES384 ES256
	ES512 ES384
	END
}

@test "a key of another type or curve than the algorithm's" {
	local alg key kid other
	for alg in PS384 ES256 ES384; do
		for other in r 256 384 512; do
			case $alg$other in
			PS384r | ES256256 | ES384384) continue ;;
			esac
			key_for "$alg"
			mint token "$key" "$alg" \
				"{\"alg\":\"$alg\",\"kid\":\"$other\"}" \
				<claims.json >t.jwt
			fails 1 "the key is not one for $alg" \
				jwt-claims -q -k jwks.json -a "$alg" t.jwt
		done
	done
}

# published NAME ALG: the private JWK NAME.jwk signs our claims; the tool
# takes them by the public half, NAME.jwks, and by nothing else.
published() {
	local name=$1 alg=$2 kid
	kid=$(jq -r .keys[0].kid "$name.jwks")
	mint token "$name.jwk" "$alg" "{\"alg\":\"$alg\",\"kid\":\"$kid\"}" \
		<claims.json >t.jwt
	prints "$(cat claims.json)" \
		jwt-claims -q -k "$name.jwks" -a "$alg" t.jwt
	fails 1 'does not verify' jwt-claims -q -k "$name.jwks" -a "$alg" \
		<<<"$(flip "$(cat t.jwt)")"
	fails 1 . jwt-claims -q -k jwks.json -a "$alg" t.jwt
}

@test "RFC 7520's keys sign claims that the tool takes" {
	need_vectors rfc7520/jwk
	local dir=$VECTORS/rfc7520/jwk
	cp "$dir/3_4.rsa_private_key.json" rsa.jwk
	cp "$dir/3_2.ec_private_key.json" ec.jwk
	jq -c '{keys: [.]}' "$dir/3_3.rsa_public_key.json" >rsa.jwks
	jq -c '{keys: [.]}' "$dir/3_1.ec_public_key.json" >ec.jwks
	published rsa RS256
	published rsa PS384
	published ec ES512
}

@test "Wycheproof's keys sign claims that the tool takes" {
	need_vectors wycheproof/json_web_signature_test.json
	local row n=0 alg
	while IFS= read -r row; do
		jq -c .private <<<"$row" >"w$n.jwk"
		jq -c '{keys: [.public]}' <<<"$row" >"w$n.jwks"
		alg=$(jq -r .public.alg <<<"$row")
		published "w$n" "$alg"
		n=$((n + 1))
	done < <(jq -c '[.testGroups[] | {public, private} | select(.public.alg
	    // "" | test("^(RS|PS|ES)(256|384|512)$"))] | unique[]' \
		"$VECTORS/wycheproof/json_web_signature_test.json")
	[ "$n" -ge 8 ]
}

@test "Wycheproof's unfit keys are refused whatever they sign" {
	need_vectors wycheproof/json_web_key_test.json
	local file=$VECTORS/wycheproof/json_web_key_test.json
	for id in 6 7 8 9 19 20 21 22 23 24; do
		jq -c --argjson id $id '.testGroups[] |
		    select(.tests[].tcId == $id) | .public // .private' \
			"$file" >bad.jwks
		jq -r --argjson id $id '.testGroups[].tests[] |
		    select(.tcId == $id) | .jws' "$file" >bad.jwt
		alg=RS256
		[ $id -lt 19 ] || alg=ES256
		_capture jwt-claims -q -k bad.jwks -a $alg bad.jwt
		[ "$_status" -eq 1 ] || [ "$_status" -eq 3 ]
		[ ! -s "$_at/out" ]
	done
}
