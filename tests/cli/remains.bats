#!/usr/bin/env bats
# What is left of keys, passphrases and tokens in a tool's memory when it ends,
# well or badly: nothing.
# folders: ground crypto blob jose net serve
# shellcheck disable=SC2016,SC2154

load ../lib
load ../serve

setup_file() {
	start_group || return
	umask 077
	"$BIN/key-release" -G -k wrap.pem >wrap.json
	jwk_of wrap.pem >wrap.jwk
	with_device "$BIN/snp-report" -r wrap.json -o report.bin
	"$BIN/maa-token" -e "$MAA" --cacert "$CACERT" -C ctx -r wrap.json \
	    -o maa.jwt report.bin
	rsa_key key.pem
	jwk_of key.pem >key.jwk
	openssl pkey -in key.pem -pubout -out key.pub
	head -c 24 /dev/urandom | base64 -w0 >phrase
	printf '{"kty":"oct","kid":"o","k":"%s"}' \
	    "$(openssl rand -base64 32 | tr '/+' '_-' | tr -d '=\n')" >oct.jwk
	seq 9000 >plain
}

teardown_file() {
	stop_group
}

setup() {
	case $BUILD in */san) skip "the sanitizer keeps what is freed" ;; esac
	cd "$BATS_FILE_TMPDIR" || return
	umask 077
}

# remains STATUS CMD...: as it is, with its memory in memory.
remains() {
	local status=$1
	shift
	rm -f memory
	_capture env "LD_PRELOAD=$FAKE/noguard.so $FAKE/remains.so" \
	    FAKE_REMAINS="$PWD/memory" "$@"
	[ "$_status" -eq "$status" ] ||
		_complain "status $_status instead of $status" "$_at" "$@" || return
	# it was the tool, to its end: its arguments stand on its stack
	grep -qaF "${!#}" memory
}

# clean KIND:FILE...: memory holds none of these.
clean() {
	fake remains memory "$@"
}

@test "what looks for secrets sees them: in each form, and in a tool that waits" {
	local text
	cp oct.jwk memory
	refute clean jwk:oct.jwk
	jq -r .k oct.jwk | tr '_-' '/+' | sed 's/$/=/' | base64 -d >k
	for text in 'cat k' 'xxd -p -c99 k' 'xxd -u -p -c99 k' 'base64 k' \
	    'xxd -p -c1 k'; do
		case $text in *-c1*) xxd -p -c1 k | tac | xxd -r -p >memory ;;
		*) { printf 'x' && $text; } >memory ;;
		esac
		refute clean raw:k
		refute clean jwk:oct.jwk
	done
	# the environment is not wiped, so this is where the dump has it
	remains 0 env X="$(cat phrase)" true
	refute clean text:phrase
}

@test "blob-encrypt and blob-decrypt: the private key, of each format" {
	local format
	for format in age jwe cse oaep; do
		set --
		[ $format != cse ] || set -- --encryptiondata meta
		rm -f in
		head -c 100 plain >in
		remains 0 blob-encrypt -f $format ${1:+--encryptiondata-out meta} \
		    ${1:+--kid k} -k key.pub -o "in.$format" in
		remains 0 blob-decrypt "$@" -k key.pem -o out "in.$format"
		clean jwk:key.jwk
		cmp in out
		remains 0 blob-decrypt "$@" -k key.jwk -o out "in.$format"
		clean jwk:key.jwk
	done
}

@test "blob-encrypt and blob-decrypt: a symmetric key, the passphrase, the key of the data" {
	remains 0 blob-encrypt -f jwe -k oct.jwk -o plain.jwe plain
	clean jwk:oct.jwk
	remains 0 blob-decrypt -k oct.jwk -o out plain.jwe
	clean jwk:oct.jwk
	cmp plain out
	remains 0 blob-encrypt -f age --passphrase-file phrase -o plain.age plain
	clean text:phrase
	remains 0 blob-decrypt --passphrase-file phrase -o out plain.age
	clean text:phrase
	cmp plain out

	blob-encrypt -f jwe -k key.pub -o plain.jwe plain
	cut -d. -f2 plain.jwe | tr '_-' '/+' | sed 's/$/==/' |
	    base64 -d -i >wrapped 2>/dev/null
	openssl pkeyutl -decrypt -inkey key.pem -in wrapped -out cek \
	    -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256
	[ "$(wc -c <cek)" -ge 16 ]
	remains 0 blob-decrypt -k key.pem -o out plain.jwe
	clean jwk:key.jwk raw:cek
}

@test "blob-decrypt that refuses keeps no more than one that does not" {
	blob-encrypt -k key.pub -o plain.age plain
	head -c 300 plain.age >cut.age
	remains 3 blob-decrypt -k key.pem -o out cut.age
	clean jwk:key.jwk
	remains 1 blob-decrypt -k wrap.pem -o out plain.age
	clean jwk:wrap.jwk
	head -c 900 key.pem >cut.pem
	remains 3 blob-decrypt -k cut.pem -o out plain.age
	sed -n 3p key.pem >line
	clean text:line
}

@test "jwt-claims: the key of an HMAC" {
	local text
	text=$(printf '{"alg":"HS256","kid":"o"}' | basenc --base64url -w0 | tr -d =)
	text=$text.$(printf '{"a":1}' | basenc --base64url -w0 | tr -d =)
	printf '%s.c2ln' "$text" >hmac.jwt
	remains 3 jwt-claims -q -k oct.jwk hmac.jwt || remains 1 jwt-claims -q \
	    -k oct.jwk hmac.jwt
	clean jwk:oct.jwk
}

@test "maa-token: what it shows to the service" {
	cut -d. -f3 "$BEARER_FILE" >signature
	remains 0 maa-token -e "$MAA" --cacert "$CACERT" -C ctx -r wrap.json \
	    --access-token-file "$BEARER_FILE" -o out.jwt report.bin
	clean text:signature text:"$BEARER_FILE"
}

@test "key-release: the wrapping key, what it shows, the key it has got" {
	cut -d. -f3 "$BEARER_FILE" >signature
	jwk_of rsa.pem >rsa.jwk
	remains 0 key-release -G --bits 2048 -k made.pem -o made.json
	jwk_of made.pem >made.jwk
	clean jwk:made.jwk
	remains 0 key-release -k wrap.pem -t maa.jwt --cacert "$CACERT" \
	    --release-roots "$RELEASE_ROOTS" --access-token-file "$BEARER_FILE" \
	    -o got.jwk "$VAULT/keys/rsa"
	[ "$(jq -r .d got.jwk)" = "$(jq -r .d rsa.jwk)" ]
	clean jwk:wrap.jwk text:signature jwk:rsa.jwk
}

@test "key-release: an identity's secret or key, what it is given for it" {
	local -a who=(AZURE_CLIENT_ID="$CLIENT_ID" AZURE_TENANT_ID="$TENANT_ID"
	    AZURE_AUTHORITY_HOST="$ENTRA")
	local -a get=(key-release -k wrap.pem -t maa.jwt --cacert "$CACERT"
	    --release-roots "$RELEASE_ROOTS" -o got.jwk
	    --resource https://vault.azure.net)
	# of all that it gives, the head is the same
	cut -d. -f1 "$BEARER_FILE" >bearer-head
	openssl pkey -in "$CLIENT_CERTIFICATE" -out client.pem
	jwk_of client.pem >client.jwk
	remains 0 env "${who[@]}" "${get[@]}" \
	    --client-secret-file "$CLIENT_SECRET_FILE" "$VAULT/keys/rsa"
	clean text:"$CLIENT_SECRET_FILE" text:bearer-head
	remains 0 env "${who[@]}" AZURE_CLIENT_CERTIFICATE_PATH="$CLIENT_CERTIFICATE" \
	    "${get[@]}" "$VAULT/keys/rsa"
	clean jwk:client.jwk text:bearer-head
	remains 0 env "${who[@]}" AZURE_FEDERATED_TOKEN_FILE="$FEDERATED_TOKEN_FILE" \
	    "${get[@]}" "$VAULT/keys/rsa"
	clean text:"$FEDERATED_TOKEN_FILE" text:bearer-head
}

@test "skr-serve: what it shows, the key it gave away" {
	local pid
	cut -d. -f3 "$BEARER_FILE" >signature
	jwk_of rsa.pem >rsa.jwk
	rm -f memory
	serve kept LD_PRELOAD="$FAKE/noguard.so $FAKE/remains.so $FAKE/sev.so" \
	    FAKE_REMAINS="$PWD/memory"
	curl -sSf -d "{\"maa_endpoint\":\"$MAA\",\"akv_endpoint\":\"$VAULT\",\"kid\":\"rsa\"}" \
	    -H 'Content-Type: application/json' "$S/key/release" >answer
	grep -q '"key"' answer
	pid=$(cat kept.pid)
	kill "$pid"
	while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
	grep -qaF skr-serve memory
	clean jwk:rsa.jwk text:signature
}
