#!/usr/bin/env bats
# skr-serve: every route on the stand-ins, each of the original's answers byte
# for byte, and what it refuses.
# folders: serve net azure device

load ../lib
load ../serve

setup_file() {
	start_group
}

teardown_file() {
	stop_group
}

setup() {
	begin_group
}

@test "/status" {
	get /status
	[ "$code" -eq 200 ]
	is '{"message":"Status OK"}'
	grep -qix $'content-type: application/json; charset=utf-8\r' head
	get /
	is '{"message":"Status OK"}'
}

@test "/attest/raw: the report as hex, made for the hash" {
	post /attest/raw "{\"runtime_data\":\"$R\"}"
	[ "$code" -eq 200 ]
	jq -r .report body | xxd -r -p >got.bin
	[ "$(stat -c %s got.bin)" -eq 1184 ]
	is "{\"report\":\"$(xxd -p -c 2000 got.bin)\"}"
	snp-verify -q --certs "$FAKE/pki/thim.json" --root "$FAKE/pki/ark.pem" \
	    -r runtime.json got.bin
}

@test "/attest/combined: four members, of the host's own spelling" {
	post /attest/combined "{\"runtime_data\":\"$R\"}"
	[ "$code" -eq 200 ]
	jq -r .evidence body | base64 -d >got.bin
	jq -j '.vcekCert + .certificateChain' "$FAKE/pki/thim.json" >chain.pem
	is "{\"endorsed_tcb\":\"$(jq -r .tcbm "$FAKE/pki/thim.json")\",\"endorsements\":\"$(base64 -w0 chain.pem)\",\"evidence\":\"$(base64 -w0 got.bin)\",\"uvm_endorsements\":\"$(cat ctx/reference-info-base64)\"}"
	snp-verify -q -C ctx --root "$FAKE/pki/ark.pem" -r runtime.json \
	    --uvm-issuer "$(cat "$FAKE/pki/uvm-did")" \
	    --uvm-feed ContainerPlat-AMD-UVM got.bin
}

@test "/attest/maa: a token of the provider's for the runtime data" {
	maa
	[ "$code" -eq 200 ]
	jq -r .token body >token.jwt
	is "{\"token\":\"$(cat token.jwt)\"}"
	maa-token --cacert "$CACERT" -e "$MAA" --keys >jwks.json
	jwt-claims -k jwks.json -i "https://$MAA" -r runtime.json \
	    -c x-ms-compliance-status=azure-compliant-uvm token.jwt
}

@test "a nonce of the request's is in the token" {
	post /attest/maa "{\"maa_endpoint\":\"$MAA\",\"runtime_data\":\"$R\",\"nonce\":\"mine\"}"
	[ "$code" -eq 200 ]
	jq -r .token body | jwt-claims -q -U -c nonce=mine -
	post /attest/maa "{\"maa_endpoint\":\"$MAA\",\"runtime_data\":\"$R\",\"nonce\":\"\\u00e9\"}"
	wrong 400 request 'nonce: '
}

@test "/key/release: the key as the original writes it, RSA, EC and symmetric" {
	release oct
	[ "$code" -eq 200 ]
	is '{"key":"{\"k\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\",\"key_ops\":[\"wrapKey\",\"unwrapKey\"],\"kty\":\"oct\"}"}'
	release rsa
	[ "$code" -eq 200 ]
	jq -c '.key | {d,dp,dq,e:"AQAB",key_ops:["encrypt","decrypt"],kty:"RSA",n,p,q,qi}' \
	    rsa.body | tr -d '\n' >jwk
	jq -j .key body | cmp - jwk
	is "{\"key\":$(jq -Rj '. | tojson' jwk)}"
	openssl ecparam -name prime256v1 -genkey -noout -out ec.pem
	"$ROOT/tests/fake/import-key" ec.pem release.json >ec.body
	put ec ec.body
	release ec
	[ "$code" -eq 200 ]
	jq -cj '.key | {crv,d,key_ops,kty:"EC",x,y}' ec.body >jwk
	is "{\"key\":$(jq -Rj '. | tojson' jwk)}"
}

@test "an access token of the request's goes to its vault" {
	control reset '{}'
	post /key/release "{\"maa_endpoint\":\"$MAA\",\"akv_endpoint\":\"${VAULT#https://}\",\"kid\":\"oct\",\"access_token\":\"not-mine\"}"
	wrong 401 vault '401'
	post /key/release "{\"maa_endpoint\":\"$MAA\",\"akv_endpoint\":\"${VAULT#https://}\",\"kid\":\"oct\",\"access_token\":\"$(cat "$BEARER_FILE")\"}"
	[ "$code" -eq 200 ]
	refute grep -q not-mine main.log
}

@test "endpoints with a scheme, slashes and a port, a key with its version" {
	local version
	version=$(jq -r '.key.kid | split("/") | last' oct.bundle)
	post /key/release "{\"maa_endpoint\":\"https://$MAA/\",\"akv_endpoint\":\"$VAULT//\",\"kid\":\"oct/$version\"}"
	[ "$code" -eq 200 ]
	post /attest/maa "{\"maa_endpoint\":\"http://$MAA\",\"runtime_data\":\"$R\"}"
	wrong 400 request 'maa_endpoint: .*plain http'
}

@test "any Content-Type, chunks, a wish for HTTP/2, escapes, line ends in base64" {
	local body="{\"runtime_data\":\"$R\"}"
	post /attest/raw "$body" -H 'Content-Type:'
	[ "$code" -eq 200 ]
	post /attest/raw "$body" -H 'Content-Type: text/xml'
	[ "$code" -eq 200 ]
	post /attest/raw "$body" -H 'Transfer-Encoding: chunked'
	[ "$code" -eq 200 ]
	post /attest/raw "$body" -H 'Connection: Upgrade, HTTP2-Settings' \
	    -H 'Upgrade: h2c' -H 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA'
	[ "$code" -eq 200 ]
	[ "$(head -c 12 head)" = 'HTTP/1.1 200' ]
	post /attest/raw '{"Runtime_Data":"eyJh\r\nIjoxfQ\u003d\u003D","more":[1,{}]}'
	[ "$code" -eq 200 ]
	jq -r .report body | xxd -r -p >got.bin
	snp-verify -q --certs "$FAKE/pki/thim.json" --root "$FAKE/pki/ark.pem" \
	    -r runtime.json got.bin
}

@test "what cannot be read is 400 and says why" {
	local route body
	for route in /attest/raw /attest/combined /attest/maa /key/release; do
		for body in '' '{' 'null' '[]' '{}' '{"runtime_data":1}' \
		    '{"runtime_data":""}' '{"runtime_data":null}' '"' '1e999' \
		    $'\xef\xbb\xbf{}' '{"a":1,"a":2}' '{"runtime_data":"e30="}{}'; do
			[ "$route" != /key/release ] || body=${body/runtime_data/kid}
			expect 400 request '^request: ' $route "$body"
		done
	done
	# whole but for one thing that is no JSON, or not to be told from another
	for body in '"a":"\ud800"' '"a":01' $'"a":"\xc3"' '' $'"a":"\n"' \
	    "'a':1" '"a":NaN' '"a":"\x"' '"a":tru' '"a":1 /**/' \
	    '"a":1,"\u0061":2' '"runtime_\u0064ata":"e30="' \
	    "\"a\":$(printf '[%.0s' {1..100})$(printf ']%.0s' {1..100})"; do
		expect 400 request '^request: ' /attest/raw \
		    "{\"runtime_data\":\"e30=\",$body}"
	done
	for body in 'e30' 'e-0=' 'e30=e30=' '!' 'AA'; do
		expect 400 request 'runtime_data: ' /attest/raw \
		    "{\"runtime_data\":\"$body\"}"
	done
	expect 400 request 'runtime_data: there twice' /attest/raw \
	    "{\"runtime_data\":\"$R\",\"RUNTIME_DATA\":\"$R\"}"
	expect 400 request 'no JSON object' /attest/maa \
	    "{\"maa_endpoint\":\"$MAA\",\"runtime_data\":\"AAAA\"}"
	for body in 'a/b/c' '../secrets/x?' 'a b' '' 'a?b' 'a#b' '%2e'; do
		expect 400 request 'kid: ' /key/release \
		    "{\"maa_endpoint\":\"$MAA\",\"akv_endpoint\":\"${VAULT#https://}\",\"kid\":\"$body\"}"
	done
	all_wrong
}

@test "other paths and methods are 404 in the original's words" {
	local path
	for path in /nothing /attest /attest/raw /metrics //status; do
		get "$path"
		[ "$code" -eq 404 ]
		is '404 page not found'
		grep -qix $'content-type: text/plain\r' head
	done
	post /status '{}'
	[ "$code" -eq 404 ]
	get /status -X OPTIONS
	[ "$code" -eq 404 ]
	get /status -I
	[ "$code" -eq 404 ]
	get /status/
	[ "$code" -eq 301 ]
	grep -qix $'location: /status\r' head
	post /attest/raw/ '{}'
	[ "$code" -eq 307 ]
}

@test "a host that is not allowed is asked nothing, and sees no bearer" {
	local host
	for host in evil.example "evil.example#$MAA" 169.254.169.254 \
	    "localhost.evil.example:1"; do
		post /attest/maa "{\"maa_endpoint\":\"$host\",\"runtime_data\":\"$R\"}"
		[ "$code" -eq 403 ] || [ "$code" -eq 400 ]
		[ "$(jq -r .service body)" = request ]
		post /key/release "{\"maa_endpoint\":\"$MAA\",\"akv_endpoint\":\"$host\",\"kid\":\"oct\"}"
		[ "$code" -eq 403 ] || [ "$code" -eq 400 ]
		[ "$(jq -r .service body)" = request ]
	done
	[ "$(curl -sS "$CONTROL/log" | jq length)" -eq 0 ]
}

@test "the clients of this suite work against it" {
	prints 'Status OK' maa-token --skr "$S" --status
	maa-token --skr "$S" -e "$MAA" -r runtime.json >token.jwt
	jwt-claims -q -U -c iss="https://$MAA" token.jwt
	key-release --skr "$S" -e "$MAA" -o key.jwk "$VAULT/keys/rsa"
	[ "$(jq -r .d key.jwk)" = "$(jq -r .key.d rsa.body)" ]
	snp-report -s "$S" -r runtime.json --certs-out certs.pem \
	    --endorsement-out uvm.cose -o got.bin
	snp-verify -q --certs certs.pem --root "$FAKE/pki/ark.pem" -u uvm.cose \
	    --uvm-issuer "$(cat "$FAKE/pki/uvm-did")" \
	    --uvm-feed ContainerPlat-AMD-UVM -r runtime.json got.bin
}

@test "/aa/evidence and /aa/token" {
	get '/aa/evidence?runtime_data=%00abc'
	[ "$code" -eq 200 ]
	jq -r .evidence body | base64 -d >got.bin
	snp-verify -q --certs "$FAKE/pki/thim.json" --root "$FAKE/pki/ark.pem" \
	    -d "00616263$(printf '0%.0s' {1..120})" got.bin
	get "/aa/evidence?runtime_data=$(printf 'a%.0s' {1..65})"
	wrong 400 request '65 bytes'
	get /aa/evidence
	wrong 400 request 'runtime_data'
	get '/aa/token?token_type=kbs'
	wrong 400 request 'token_type'
	get '/aa/token?token_type=maa'
	wrong 404 request 'provider'
	serve aa -e "$MAA"
	get '/aa/token?token_type=maa'
	[ "$code" -eq 200 ]
	jq -r .tee_keypair body >pair.pem
	jq -r .token body | jwt-claims -q -U -j '.["x-ms-runtime"].keys[0].n' \
	    --raw - | tr -- '-_' '+/' >n
	[ "$(base64 -d n 2>/dev/null | xxd -p -c 1000)" = \
	    "$(openssl rsa -in pair.pem -noout -modulus | cut -d= -f2 | tr A-F a-f)" ]
	stop aa
}
