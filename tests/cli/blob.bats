#!/usr/bin/env bats
# blob-encrypt and blob-decrypt -- single RSA-OAEP blocks and JSON records:
# what one makes the other opens, openssl agrees, and forgeries are refused.
# folders: blob flow jose
# shellcheck disable=SC2094,SC2119,SC2120,SC2154

bats_require_minimum_version 1.5.0
load ../lib
load ../blob

setup_file() {
	begin_blob key other
	rsa_key long.pem 3072
	openssl pkey -in long.pem -pubout -out long.pub
	openssl ecparam -name prime256v1 -genkey -noout -out ec.pem
	jwk_of key.pem >key.jwk
	jwk_of other.pem >other.jwk
	printf 'attack at dawn' >plain
	blob-encrypt -k key.pub -f oaep plain >blob
	base64 -d blob >block
	records >clear.json
	blob-encrypt -k key.pub -f fields --fields name,age,old clear.json \
	    >sealed.json
}

records() {
	cat <<'END'
[
  {"id":1, "name" : "Ad\u00e4 \"L\"\n", "age":1.10, "nested":{"name":"in"}},
	{"id":2,"name":null,"big":12345678901234567890, "age":true}  ,
  {"id":3, "old":"", "name":"\ud83d\ude00"}
]
END
}

# The same OAEP by openssl.
openssl_open() {
	openssl pkeyutl -decrypt -inkey key.pem -pkeyopt rsa_padding_mode:oaep \
	    -pkeyopt "rsa_oaep_md:${1:-sha256}" ${2:+-pkeyopt "$2"}
}

openssl_seal() {
	openssl pkeyutl -encrypt -pubin -inkey key.pub \
	    -pkeyopt rsa_padding_mode:oaep \
	    -pkeyopt "rsa_oaep_md:${1:-sha256}" ${2:+-pkeyopt "$2"}
}

# --- one block ---------------------------------------------------------------

@test "what blob-encrypt makes openssl opens, and the other way round" {
	same plain openssl_open <block
	blob-encrypt -k key.pub -f oaep --raw plain | same plain openssl_open
	openssl_seal <plain >theirs
	same plain blob-decrypt -k key.pem theirs
	base64 theirs >theirs.b64
	same plain blob-decrypt -k key.pem theirs.b64
	same plain blob-decrypt -k key.pem - <theirs
	same plain blob-decrypt -k key.pem -f oaep <theirs
}

@test "the same for every hash, MGF1 hash and label" {
	local hash
	for hash in sha1 sha256 sha384 sha512; do
		blob-encrypt -k key.pub -f oaep --raw --oaep-hash $hash plain |
		    same plain openssl_open $hash
		openssl_seal $hash <plain |
		    same plain blob-decrypt -k key.pem --oaep-hash $hash
	done
	blob-encrypt -k key.pub -f oaep --raw --mgf1-hash sha1 plain |
	    same plain openssl_open sha256 rsa_mgf1_md:sha1
	openssl_seal sha256 rsa_mgf1_md:sha1 <plain |
	    same plain blob-decrypt -k key.pem --mgf1-hash sha1
	blob-encrypt -k key.pub -f oaep --raw --label 00ff41 plain |
	    same plain openssl_open sha256 rsa_oaep_label:00ff41
	openssl_seal sha256 rsa_oaep_label:00ff41 <plain |
	    same plain blob-decrypt -k key.pem --label 00FF41
}

@test "another hash, MGF1 hash, label or key is one message, status 1" {
	local how
	for how in '--oaep-hash sha1' '--oaep-hash sha512' '--mgf1-hash sha1' \
	    '--label 00' '--oaep-hash sha1 --mgf1-hash sha256'; do
		# shellcheck disable=SC2086
		fails 1 '^blob-decrypt: blob: decryption failed$' \
		    blob-decrypt -k key.pem $how blob
	done
	fails 1 '^blob-decrypt: blob: decryption failed$' \
	    blob-decrypt -k other.pem blob
	grep -q 'hint: .*--oaep-hash.*--mgf1-hash.*--label' "$_at/err"
	fails 2 'label' blob-decrypt -k key.pem --label 0 blob
	fails 2 'label' blob-encrypt -k key.pub -f oaep --label 0g plain
}

@test "any byte of a block changed is status 1, the same line" {
	local at
	for at in 0 1 2 100 127 128 254 255; do
		python3 - "$at" <<'END' >changed
import sys
block = bytearray(open("block", "rb").read())
block[int(sys.argv[1])] ^= 1
sys.stdout.buffer.write(block)
END
		fails 1 '^blob-decrypt: changed: decryption failed$' \
		    blob-decrypt -k key.pem changed
	done
	# a number above the modulus, and none at all
	head -c 256 /dev/zero | tr '\0' '\377' >changed
	fails 1 'changed: decryption failed$' blob-decrypt -k key.pem changed
	head -c 256 /dev/zero >changed
	fails 1 'changed: decryption failed$' blob-decrypt -k key.pem changed
}

@test "a block of another size is status 3 and says what was looked for" {
	head -c 255 block >cut.bin
	fails 3 'cut.bin: of no format.*looked for: .*OAEP' \
	    blob-decrypt -k key.pem cut.bin
	fails 3 'cut.bin: neither a block of this key, which has 256 bytes' \
	    blob-decrypt -k key.pem -f oaep cut.bin
	cat block <(echo) >long
	fails 3 'long: of no format' blob-decrypt -k key.pem long
	base64 cut.bin >cut.b64
	fails 3 'base64 of 255 bytes, but a block of this key has 256' \
	    blob-decrypt -k key.pem -f oaep cut.b64
	fails 3 'base64 of 384 bytes' blob-decrypt -k key.pem -f oaep \
	    < <(blob-encrypt -k long.pub -f oaep plain)
	: >empty
	fails 3 'empty: empty' blob-decrypt -k key.pem empty
	fails 3 'empty: ' blob-decrypt -k key.pem -f oaep empty
}

@test "base64 as people write it, and as nobody should" {
	local bad
	tr '+/' '-_' <blob | same plain blob-decrypt -k key.pem
	tr -d '=' <blob | same plain blob-decrypt -k key.pem
	fold -w 7 blob | sed 's/$/\r/' | same plain blob-decrypt -k key.pem
	printf ' %s\t\n\n' "$(cat blob)" | same plain blob-decrypt -k key.pem
	for bad in "$(cat blob)=" "=$(cat blob)" "$(tr -d '=' <blob)*" \
	    "$(sed 's/./&=/5' blob)" "$(sed 's/^../+_/' blob)"; do
		printf %s "$bad" >bad
		fails 3 'bad: of no format' blob-decrypt -k key.pem bad
	done
}

@test "190 bytes fit an RSA-2048 block, 191 do not; nothing is something" {
	head -c 190 /dev/urandom >full
	same full blob-decrypt -k key.pem < <(blob-encrypt -k key.pub -f oaep full)
	head -c 191 /dev/zero >over
	fails 3 'over: .*191 bytes.*190' blob-encrypt -k key.pub -f oaep over
	head -c 62 /dev/zero >wide
	blob-encrypt -k key.pub -f oaep --oaep-hash sha512 wide >/dev/null
	head -c 127 /dev/zero >wide
	fails 3 '127 bytes.*126' \
	    blob-encrypt -k key.pub -f oaep --oaep-hash sha512 wide
	head -c 318 /dev/zero >wide
	same wide blob-decrypt -k long.pem < <(blob-encrypt -k long.pub -f oaep wide)
	: >empty
	same empty blob-decrypt -k key.pem < <(blob-encrypt -k key.pub -f oaep empty)
}

@test "plaintext is bytes: zeros and newlines at its end stay" {
	printf 'a\0b\n\n\0\0' >bytes
	same bytes blob-decrypt -k key.pem < <(blob-encrypt -k key.pub -f oaep bytes)
}

@test "a raw block that begins like JSON is a block" {
	local i
	for ((i = 0; i < 3000; i++)); do
		blob-encrypt -k key.pub -f oaep --raw -o brace plain
		case $(head -c 1 brace | tr -d '\0') in
		'{' | '[') break ;;
		esac
	done
	same plain blob-decrypt -k key.pem brace
}

@test "Wycheproof's RSA-OAEP vectors, all as marked" {
	need_vectors wycheproof
	python3 - "$VECTORS" <<'END'
import json, os, sys
name = "rsa_oaep_2048_sha256_mgf1sha256_test.json"
doc = json.load(open(os.path.join(sys.argv[1], "wycheproof", name)))
with open("cases", "w") as cases:
    for group in doc["testGroups"]:
        open("wycheproof.pem", "w").write(group["privateKeyPem"])
        for test in group["tests"]:
            stem = "w%d" % test["tcId"]
            open(stem + ".ct", "wb").write(bytes.fromhex(test["ct"]))
            open(stem + ".msg", "wb").write(bytes.fromhex(test["msg"]))
            print(stem, test["result"], test["label"] or "-", file=cases)
END
	local stem result label count=0
	while read -r stem result label; do
		set -- -k wycheproof.pem -f oaep
		[ "$label" = - ] || set -- "$@" --label "$label"
		if [ "$result" = valid ]; then
			same "$stem.msg" blob-decrypt "$@" "$stem.ct"
		else
			_capture blob-decrypt "$@" "$stem.ct"
			[ "$_status" -eq 1 ] || [ "$_status" -eq 3 ]
			[ ! -s "$_at/out" ]
		fi
		count=$((count + 1))
	done <cases
	[ "$count" -eq 37 ]
}

# --- keys ----------------------------------------------------------------------

@test "keys: JWK, sidecar's answer in both forms, key bundle, set with --kid" {
	local k
	jq -c '{key: tojson}' key.jwk >string.skr
	jq -c '{key: .}' key.jwk >object.skr
	for k in key.jwk string.skr object.skr; do
		same plain blob-decrypt -k "$k" blob
		same plain blob-decrypt -k - blob <"$k"
	done
	jq -c '{key: {kid: "https://v/keys/k/1", kty: "RSA-HSM", n, e,
	    key_ops: ["encrypt", "wrapKey"]}}' key.jwk >bundle
	same plain blob-decrypt -k key.pem < <(blob-encrypt -k bundle -f oaep plain)
	jq -sc '{keys: [.[0] + {kid: "a"}, .[1] + {kid: "b"}]}' \
	    key.jwk other.jwk >set.jwks
	same plain blob-decrypt -k set.jwks --kid a blob
	fails 1 'blob: decryption failed' blob-decrypt -k set.jwks --kid b blob
	fails 1 '^blob-decrypt: set.jwks: ' blob-decrypt -k set.jwks --kid c blob
	same plain blob-decrypt -k set.jwks blob
	fails 1 'set.jwks: jwk set: 2 keys and no kid' \
	    blob-encrypt -k set.jwks -f oaep plain
	same plain blob-decrypt -k key.pem \
	    < <(blob-encrypt -k set.jwks --kid a -f oaep plain)
}

@test "keys: an ssh-rsa line encrypts" {
	command -v ssh-keygen >/dev/null || skip "no ssh-keygen"
	ssh-keygen -i -m PKCS8 -f key.pub >key.ssh
	same plain blob-decrypt -k key.pem \
	    < <(blob-encrypt -k key.ssh -f oaep plain)
}

@test "keys: a passphrase comes from a file" {
	printf 'open sesame\n' >phrase
	openssl pkey -in key.pem -aes256 -passout file:phrase -out locked.pem
	same plain blob-decrypt -k locked.pem --passphrase-file phrase blob
	same plain blob-decrypt -k locked.pem --passphrase-file - blob <phrase
	fails 1 'locked.pem: .*passphrase' blob-decrypt -k locked.pem blob
	echo wrong >wrong
	fails 1 'locked.pem: ' \
	    blob-decrypt -k locked.pem --passphrase-file wrong blob
	: >none
	fails 3 'none: an empty passphrase' \
	    blob-decrypt -k locked.pem --passphrase-file none blob
}

@test "keys: what does not do is refused" {
	fails 3 'key.pub: .*public|public.*private' blob-decrypt -k key.pub blob
	fails 3 'key: not an RSA key' \
	    blob-encrypt -k ec.pem -f oaep plain
	fails 3 '' blob-decrypt -k ec.pem blob
	jq -c '. + {key_ops: ["sign"]}' key.jwk >sign.jwk
	fails 1 'sign.jwk: ' blob-decrypt -k sign.jwk blob
	fails 1 'sign.jwk: ' blob-encrypt -k sign.jwk -f oaep plain
	jq -c '. + {use: "sig"}' key.jwk >sign.jwk
	fails 1 'sign.jwk: ' blob-decrypt -k sign.jwk blob
	for alg in RS256 PS512 ES256 HS256; do
		jq -c --arg alg $alg '. + {alg: $alg}' key.jwk >sign.jwk
		fails 1 'sign.jwk: .*alg is for signatures' \
		    blob-decrypt -k sign.jwk blob
	done
	jq -c '. + {alg: "RSA-OAEP-256", use: "enc"}' key.jwk >enc.jwk
	same plain blob-decrypt -k enc.jwk blob
	jq -c '. + {oth: []}' key.jwk >multi.jwk
	fails 3 'multi.jwk: ' blob-decrypt -k multi.jwk blob
	openssl genrsa -primes 3 -out multi.pem 2048 2>/dev/null
	fails 3 'multi.pem: .*more than two primes' \
	    blob-decrypt -k multi.pem blob
	for change in '.p = .q' '.qi = .dp' '.d = .n' 'del(.dp)' '.e = "AQ"' \
	    '.e = "Ag"' '.n |= .[:-4]' '.n = "AQAB"' '.d = ""'; do
		jq -c "$change" key.jwk >bad.jwk
		fails 3 '^blob-decrypt: bad.jwk: jwk: ' \
		    blob-decrypt -k bad.jwk blob
	done
	jq -c 'del(.p, .q, .dp, .dq, .qi) | .e = "AAEAAQ"' key.jwk >bare.jwk
	same plain blob-decrypt -k bare.jwk blob
	printf '{"error":"forbidden"}' >error.skr
	fails 3 'error.skr: .*forbidden' blob-decrypt -k error.skr blob
	openssl genrsa -out short.pem 1024 2>/dev/null
	fails 3 'short.pem: ' blob-decrypt -k short.pem blob
	fails 4 'gone: no such file' blob-decrypt -k gone blob
	: >empty
	fails 3 'empty: ' blob-decrypt -k empty blob
}

@test "standard input is read once" {
	fails 2 'read only once' blob-decrypt -k - <key.pem
	fails 2 'read only once' blob-decrypt -k - - <key.pem
	fails 2 'read only once' blob-decrypt -k - --passphrase-file - blob
	fails 2 'read only once' blob-decrypt -k key.pem --passphrase-file -
	fails 2 'read only once' blob-encrypt -f oaep -k - <key.pem
}

@test "the command line: what is missing and what does not go together" {
	fails 2 'the key, -k, must be given' blob-decrypt blob
	fails 2 'the key, -k, must be given' blob-encrypt -f oaep plain
	fails 2 'fields to encrypt, --fields, must be given' \
	    blob-encrypt -k key.pub -f fields clear.json
	fails 2 '--fields is for' \
	    blob-encrypt -k key.pub -f oaep --fields a plain
	fails 2 '--raw is for' blob-encrypt -k key.pub -f fields --raw \
	    --fields name clear.json
	fails 2 'an empty name' blob-encrypt -k key.pub -f fields --fields a, \
	    clear.json
	fails 2 'an empty name' blob-encrypt -k key.pub -f fields --fields '' \
	    clear.json
}

# --- records -------------------------------------------------------------------

@test "records: every byte outside name and value stays" {
	local want
	# the plaintext comes back as strings, minimally escaped
	want=$(records | sed 's/1\.10/"1.10"/; s/true/"true"/; s/\\u00e4/ä/
	    s/\\ud83d\\ude00/😀/')
	prints "$want" blob-decrypt -k key.pem sealed.json
	prints "$want" blob-decrypt -k key.pem -f fields sealed.json
	# and sealed differs in these members only
	diff <(jq -c 'del(.. | .name?, .age?, .old?)' clear.json) \
	    <(jq -c 'del(.. | .name_encrypted?, .age_encrypted?,
		.old_encrypted?)' sealed.json)
	grep -q 12345678901234567890 sealed.json
	grep -q '"name_encrypted":null' sealed.json
	[ "$(jq -r '.[0].name_encrypted' sealed.json | base64 -d | wc -c)" -eq 256 ]
}

@test "records: openssl opens what was sealed, and seals what is opened" {
	jq -r '.[0].nested.name_encrypted' sealed.json | base64 -d |
	    openssl_open | same <(printf in) cat
	jq -nc --arg v "$(openssl_seal <plain | base64 -w0)" \
	    '{company: "Contoso", name_encrypted: $v}' >theirs.json
	prints '{"company":"Contoso","name":"attack at dawn"}' \
	    blob-decrypt -k key.pem theirs.json
	# without padding, in the other alphabet, escaped: still base64
	sed -i 's,+,-,g; s,/,_,g; s,=,,g' theirs.json
	prints '{"company":"Contoso","name":"attack at dawn"}' \
	    blob-decrypt -k key.pem theirs.json
	sed -i 's,name_enc,name\\u005fenc,; s,_,\\u005f,g' theirs.json
	prints '{"company":"Contoso","name":"attack at dawn"}' \
	    blob-decrypt -k key.pem theirs.json
}

@test "records: whatever was sealed as a text comes back to the byte" {
	local text
	for text in '' ' ' '\u0000' '\t\b\f\/\\\"' '\u2028' '{"a":1}' 'null'; do
		printf '{"x":"%s"}' "${text//\"/\\\"}" >one.json
		jq -e . one.json >/dev/null || printf '{"x":"%s"}' "$text" >one.json
		blob-encrypt -k key.pub -f fields --fields x one.json |
		    blob-decrypt -k key.pem >back.json
		cmp <(jq -c . one.json) <(jq -c . back.json)
	done
}

@test "records: one that does not decrypt ends it, and names its place" {
	fails 1 '^blob-decrypt: sealed.json: \.\[0\]\.name_encrypted: decryption failed$' \
	    blob-decrypt -k other.pem sealed.json
	jq -c '.[1].x_encrypted = .[0].name_encrypted |
	    .[2]["a b_encrypted"] = ("A" * 342 + "==")' sealed.json >bad.json
	fails 1 '^blob-decrypt: bad.json: \.\[2\]\["a b_encrypted"\]: decryption failed$' \
	    blob-decrypt -k key.pem bad.json
}

@test "records: --skip-undecryptable leaves whole records, and counts" {
	jq -c '.[0]' clear.json |
	    blob-encrypt -k other.pub -f fields --fields name,age >o.json
	jq -c '.[0]' clear.json |
	    blob-encrypt -k long.pub -f fields --fields name >l.json
	jq -sc '[.[0], (.[1] + {also_encrypted: .[3][0].name_encrypted}),
	    .[2], .[3][2], {plain: 1}]' l.json o.json l.json sealed.json >mixed.json
	fails 3 '\.\[0\]\.name_encrypted: RSA block: 384 bytes' \
	    blob-decrypt -k key.pem mixed.json
	_capture blob-decrypt -k key.pem --skip-undecryptable mixed.json
	[ "$_status" -eq 0 ]
	[ "$(cat "$_at/err")" = "blob-decrypt: warning: 3 of 5 records do not decrypt with this key and were left as they are (age 1, name 6)" ]
	diff <(jq -c '.[0, 1, 2, 4]' mixed.json) <(jq -c '.[0, 1, 2, 4]' "$_at/out")
	[ "$(jq -c '.[3]' "$_at/out")" = '{"id":3,"old":"","name":"😀"}' ]
	# quietly, and all of one document
	_capture blob-decrypt -q -k other.pem --skip-undecryptable sealed.json
	[ "$_status" -eq 0 ]
	[ ! -s "$_at/err" ]
	jq -c . "$_at/out" | grep -q _encrypted
	jq -c '.[0]' sealed.json >one.json
	_capture blob-decrypt -k other.pem --skip-undecryptable one.json
	cmp one.json "$_at/out"
	# nothing to say when nothing was left
	_capture blob-decrypt -k key.pem --skip-undecryptable sealed.json
	[ ! -s "$_at/err" ]
}

@test "records: --skip-undecryptable excuses no malformed document" {
	for change in '.[0].name = "decoy"' '.[0].name_encrypted = 7' \
	    '.[0].name_encrypted = {}' '.[0].name_encrypted = ""' \
	    '.[0].name_encrypted = "*"' 'del(.. | .name_encrypted?,
	    .age_encrypted?, .old_encrypted?)'; do
		jq -c "$change" sealed.json >bad.json
		fails 3 '^blob-decrypt: bad.json: ' \
		    blob-decrypt -k key.pem --skip-undecryptable bad.json
		fails 3 '^blob-decrypt: bad.json: ' \
		    blob-decrypt -k key.pem bad.json
	done
}

@test "records: a clear member beside the encrypted one is refused" {
	jq -c '.[0].name = "decoy"' sealed.json >bad.json
	fails 3 'bad.json: \.\[0\]\.name_encrypted: name stands beside it' \
	    blob-decrypt -k key.pem bad.json
	sed 's/"name":"decoy"/"n\\u0061me":"decoy"/' bad.json >worse.json
	fails 3 'worse.json: .*name stands beside it' \
	    blob-decrypt -k key.pem worse.json
	jq -c '.[1].name = null' sealed.json >bad.json
	fails 3 'bad.json: ' blob-decrypt -k key.pem bad.json
	printf '{"a":"1","a_encrypted":null}' >bad.json
	fails 3 'a_encrypted stands beside it already' \
	    blob-encrypt -k key.pub -f fields --fields a bad.json
}

@test "records: plaintext that is no UTF-8 cannot stand in JSON" {
	jq -nc --arg v "$(printf '\377' | openssl_seal | base64 -w0)" \
	    '{x_encrypted: $v}' >bad.json
	fails 3 'bad.json: \.x_encrypted: decrypts to bytes that are no UTF-8' \
	    blob-decrypt -k key.pem bad.json
}

@test "records: what cannot be sealed is refused" {
	fails 3 'no member is named nobody' blob-encrypt -k key.pub -f fields \
	    --fields name,nobody clear.json
	fails 3 '\.\[0\]\.nested: .*only strings, numbers' blob-encrypt \
	    -k key.pub -f fields --fields nested clear.json
	printf '{"a":"%191s"}' x >wide.json
	fails 3 'wide.json: \.a: .*191 bytes.*190' blob-encrypt -k key.pub \
	    -f fields --fields a wide.json
	printf '{"a":"%190s"}' x >wide.json
	blob-encrypt -k key.pub -f fields --fields a wide.json |
	    blob-decrypt -k key.pem | cmp - wide.json
}

@test "records: what is not strict JSON is status 3" {
	local bad
	for bad in '{"a":1,"a":2}' '{"a":1} x' '{"a":01}' '{"a":1' '[' '' ' ' \
	    '{"a":"\ud800"}' $'\357\273\277{"a":1}' $'{"a":"\377"}'; do
		printf '%s' "$bad" >bad.json
		fails 3 '^blob-encrypt: bad.json: ' \
		    blob-encrypt -k key.pub -f fields --fields a bad.json
		fails 3 '^blob-decrypt: bad.json: ' \
		    blob-decrypt -k key.pem -f fields bad.json
	done
}

# --- streams -------------------------------------------------------------------

@test "-o makes a file for its owner alone, whole or not at all" {
	(umask 022; blob-decrypt -k key.pem -o out blob)
	[ "$(stat -c %a out)" = 600 ]
	cmp plain out
	# the input may be the output
	cp sealed.json inout.json
	blob-decrypt -k key.pem -o inout.json inout.json
	jq -e '.[0].name' inout.json >/dev/null
	rm -rf dir
	mkdir dir
	fails 1 'decryption failed' blob-decrypt -k other.pem -o dir/out blob
	fails 1 'decryption failed' \
	    blob-decrypt -k other.pem -o dir/out sealed.json
	fails 3 '' blob-encrypt -k key.pub -f fields --fields zz -o dir/out \
	    clear.json
	[ -z "$(ls -A dir)" ]
	echo old >dir/out
	fails 1 'decryption failed' blob-decrypt -k other.pem -o dir/out blob
	[ "$(cat dir/out)" = old ]
}

# on_terminal CMD...: with standard output on a terminal of its own.
on_terminal() {
	script -qefc "$(printf '%q ' "$@")" /dev/null </dev/null
}

@test "a terminal gets text, not bytes, unless -o - insists" {
	command -v script >/dev/null || skip "no script(1)"
	printf '\033[2J' | blob-encrypt -k key.pub -f oaep >esc
	run on_terminal blob-decrypt -k key.pem blob
	[ "$status" -eq 0 ]
	[ "$output" = 'attack at dawn' ]
	run on_terminal blob-decrypt -k key.pem esc
	[ "$status" -eq 2 ]
	[[ $output == *"refusing to write"* ]]
	run on_terminal blob-decrypt -k key.pem -o - esc
	[ "$status" -eq 0 ]
	run on_terminal blob-encrypt -k key.pub -f oaep --raw plain
	[ "$status" -eq 2 ]
}

@test "the key cannot be read out of the process" {
	mkfifo later
	blob-decrypt -k key.pem later >/dev/null 2>&1 3>&- &
	local pid=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ "$(cat /proc/$pid/comm)" = blob-decrypt ] && break
		sleep 0.1
	done
	sleep 0.3
	[ "$(stat -c %U "/proc/$pid/mem")" = root ]
	grep -q 'Max core file size *0 *0' "/proc/$pid/limits"
	cat blob >later
	wait $pid
}
