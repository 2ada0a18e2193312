#!/usr/bin/env bats
# blob-encrypt and blob-decrypt -- JWE, the annotation of a sealed secret and
# records of one value: both ways with jose, jwcrypto and openssl, RFC 7520's
# examples, and forgeries refused.
# folders: jose blob flow
# shellcheck disable=SC2094,SC2154

bats_require_minimum_version 1.5.0
load ../lib
load ../blob

setup_file() {
	begin_blob key other
	for n in 16 24 32; do
		oct "$n" >oct$n.jwk
	done
	printf 'attack at dawn\n' >plain
	blob-encrypt -k key.pub -f jwe -o compact plain
	blob-encrypt -k key.pub -k other.pub -k oct32.jwk -f jwe -o general plain
}

oct() {
	jq -nc --arg k "$(openssl rand "$1" | base64 -w0 | tr '+/' '-_' |
	    tr -d =)" '{kty: "oct", k: $k}'
}

# with_jwcrypto SCRIPT: by a python that has it.
with_jwcrypto() {
	local python
	for python in python3 /usr/bin/python3; do
		"$python" -c 'import jwcrypto' 2>/dev/null || continue
		"$python" -c "from jwcrypto import jwe, jwk
key = lambda name: jwk.JWK.from_pem(open(name, 'rb').read())
$1"
		return
	done
	skip "no jwcrypto"
}

json_of() {
	jq -Rc 'rtrimstr("\n") | split(".") | {protected: .[0],
	    encrypted_key: .[1], iv: .[2], ciphertext: .[3], tag: .[4]}' "$1"
}

@test "jwe: what is written is read: compact, and general for several" {
	same plain blob-decrypt -k key.pem compact
	same plain blob-decrypt -k key.pem -f jwe - <compact
	fails 1 '^blob-decrypt: compact: decryption failed$' \
	    blob-decrypt -k other.pem compact
	[ "$(jq '.recipients | length' general)" = 3 ]
	same plain blob-decrypt -k key.pem general
	same plain blob-decrypt -k other.pem general
	same plain blob-decrypt -k oct32.jwk general
	fails 1 'none of its 3 recipients is for this key' \
	    blob-decrypt -k oct16.jwk general
	json_of compact >flat
	same plain blob-decrypt -k key.pem flat
	jq -c '. + {recipients: [{encrypted_key}]} | del(.encrypted_key)' flat >one
	same plain blob-decrypt -k key.pem one
	for n in 16 24 32; do
		blob-encrypt -k oct$n.jwk -f jwe plain |
		    same plain blob-decrypt -k oct$n.jwk
	done
}

@test "jwe: nothing, and a mebibyte" {
	: >empty
	head -c 1048576 /dev/urandom >large
	for n in empty large; do
		blob-encrypt -k key.pub -f jwe $n | same $n blob-decrypt -k key.pem
	done
}

@test "jwe: a key's name goes with it, and chooses a recipient" {
	jq -c '. + {kid: "https://v/keys/k/1"}' oct32.jwk >named.jwk
	blob-encrypt -k named.jwk -f jwe plain >out
	[ "$(cut -d. -f1 out | tr '_-' '/+' | base64 -d 2>/dev/null |
	    jq -r .kid)" = https://v/keys/k/1 ]
	same plain blob-decrypt -k oct32.jwk --kid https://v/keys/k/1 out
	fails 1 'its kid is not another' \
	    blob-decrypt -k oct32.jwk --kid another out
	blob-encrypt -k key.pub --kid mine -f jwe plain >out
	same plain blob-decrypt -k key.pem --kid mine out
}

@test "jwe: jwcrypto reads what we write, we read what it writes" {
	with_jwcrypto "
t = jwe.JWE()
t.deserialize(open('compact').read().strip(), key('key.pem'))
assert t.payload == open('plain', 'rb').read()
for name in 'key.pem', 'other.pem':
    t = jwe.JWE()
    t.deserialize(open('general').read(), key(name))
    assert t.payload == open('plain', 'rb').read()
plain = open('plain', 'rb').read()
for alg in 'RSA-OAEP-256', 'RSA-OAEP':
    for enc in ('A128GCM', 'A192GCM', 'A256GCM', 'A128CBC-HS256',
                'A192CBC-HS384', 'A256CBC-HS512'):
        t = jwe.JWE(plain, '{\"alg\":\"%s\",\"enc\":\"%s\"}' % (alg, enc),
                    recipient=key('key.pub'))
        open('theirs.%s.%s' % (alg, enc), 'w').write(t.serialize(True))
t = jwe.JWE(plain, '{\"enc\":\"A256GCM\"}', unprotected='{\"cty\":\"x\"}',
            aad='beside')
t.add_recipient(key('other.pub'), '{\"alg\":\"RSA-OAEP\",\"kid\":\"o\"}')
t.add_recipient(key('key.pub'), '{\"alg\":\"RSA-OAEP-256\",\"kid\":\"k\"}')
open('theirs.two', 'w').write(t.serialize())
"
	for f in theirs.RSA*; do
		same plain blob-decrypt -k key.pem "$f"
	done
	[ "$(jq '.recipients | length' theirs.two)" = 2 ]
	same plain blob-decrypt -k key.pem theirs.two
	same plain blob-decrypt -k other.pem theirs.two
	same plain blob-decrypt -k other.pem --kid o theirs.two
	fails 1 'decryption failed$' blob-decrypt -k other.pem --kid k theirs.two
	jq -c '.aad = "YmVzaWRz"' theirs.two >bad
	fails 1 '^blob-decrypt: bad: decryption failed$' \
	    blob-decrypt -k key.pem bad
}

@test "jwe: jose reads what we write, we read what it writes" {
	command -v jose >/dev/null || skip "no jose"
	for n in 16 24 32; do
		blob-encrypt -k oct$n.jwk -f jwe plain >ours
		same plain jose jwe dec -i ours -k oct$n.jwk
	done
	local alg enc
	while read -r alg enc n; do
		# a key used directly is one for enc
		jq -c --arg alg "$alg" --arg enc "$enc" '. + {alg:
		    (if $alg == "dir" then $enc else $alg end)}' \
		    oct$n.jwk >jose.jwk
		jose jwe enc -I plain -k jose.jwk -c -i "{\"protected\":{\"alg\":
		    \"$alg\",\"enc\":\"$enc\"}}" -o theirs
		same plain blob-decrypt -k oct$n.jwk theirs
		jose jwe enc -I plain -k jose.jwk -i "{\"protected\":{\"alg\":
		    \"$alg\",\"enc\":\"$enc\"}}" -o theirs
		same plain blob-decrypt -k oct$n.jwk theirs
	done <<-'END'
		A128KW A128GCM 16
		A192KW A192GCM 24
		A256KW A256GCM 32
		A256KW A128CBC-HS256 32
		A256KW A192CBC-HS384 32
		A256KW A256CBC-HS512 32
		dir A256GCM 32
		dir A128CBC-HS256 32
	END
}

@test "jwe: ECDH-ES both ways with jwcrypto and jose, on each curve" {
	local curve alg
	with_jwcrypto "
for crv in 'P-256', 'P-384', 'P-521', 'X25519':
    k = jwk.JWK.generate(kty='OKP' if crv == 'X25519' else 'EC', crv=crv)
    open(crv + '.jwk', 'w').write(k.export())
    open(crv + '.pub', 'w').write(k.export_public())
    open(crv + '.pem', 'wb').write(k.export_to_pem(True, None))
    for alg in 'ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A192KW', 'ECDH-ES+A256KW':
        t = jwe.JWE(open('plain', 'rb').read(), '{\"alg\":\"%s\",\"enc\":'
                    '\"A128CBC-HS256\",\"apu\":\"QWxpY2U\",'
                    '\"apv\":\"Qm9i\"}' % alg, recipient=k)
        open('theirs.%s.%s' % (crv, alg), 'w').write(t.serialize(True))
"
	for curve in P-256 P-384 P-521 X25519; do
		for alg in ECDH-ES ECDH-ES+A128KW ECDH-ES+A192KW ECDH-ES+A256KW; do
			same plain blob-decrypt -k $curve.jwk "theirs.$curve.$alg"
			jq -c --arg a "$alg" '. + {alg: $a}' $curve.pub >to.jwk
			blob-encrypt -k to.jwk -f jwe -o "ours.$curve.$alg" plain
			grep -q . "ours.$curve.$alg"
		done
		# what no key says is the default
		blob-encrypt -k $curve.pem -f jwe plain >ours
		same plain blob-decrypt -k $curve.pem ours
		with_jwcrypto "
for alg in 'ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A192KW', 'ECDH-ES+A256KW':
    t = jwe.JWE()
    t.deserialize(open('ours.$curve.' + alg).read().strip(),
                  jwk.JWK.from_json(open('$curve.jwk').read()))
    assert t.payload == open('plain', 'rb').read()
    assert t.jose_header['alg'] == alg
"
	done
	fails 1 'takes a key on the curve of epk' \
	    blob-decrypt -k P-384.jwk theirs.P-256.ECDH-ES
	blob-encrypt -k P-384.pub -k X25519.pub -k key.pub -f jwe -o all plain
	for k in P-384.pem X25519.jwk key.pem; do
		same plain blob-decrypt -k "$k" all
	done
	jq -c '. + {key_ops: ["deriveBits"]}' P-521.jwk >derive.jwk
	same plain blob-decrypt -k derive.jwk theirs.P-521.ECDH-ES
	jq -c '. + {key_ops: ["sign"]}' P-521.jwk >sign.jwk
	fails 1 'key_ops does not allow' \
	    blob-decrypt -k sign.jwk theirs.P-521.ECDH-ES
	jq -c '. + {key_ops: []}' P-256.pub >browser.jwk
	blob-encrypt -k browser.jwk -f jwe plain >ours
	same plain blob-decrypt -k P-256.pem ours
	jq -c '. + {alg: "ECDH-ES"}' P-256.pub >to.jwk
	fails 2 'ECDH-ES has one recipient' \
	    blob-encrypt -k to.jwk -k key.pub -f jwe plain
	command -v jose >/dev/null || return 0
	for curve in P-256 P-384 P-521; do
		same plain jose jwe dec -i "ours.$curve.ECDH-ES+A192KW" \
		    -k $curve.jwk
		jose jwe enc -I plain -k $curve.pub -c \
		    -i '{"protected":{"alg":"ECDH-ES+A128KW"}}' -o theirs
		same plain blob-decrypt -k $curve.jwk theirs
	done
}

# An attacker's point is on no curve, or on another than the key's.
@test "jwe: ECDH-ES, forged: points off the curve, and what is agreed on" {
	local change
	openssl ecparam -name prime256v1 -genkey -noout -out p256.pem
	blob-encrypt -k p256.pem -f jwe plain >good
	json_of good >flat
	cut -d. -f1 good | tr '_-' '/+' | base64 -d 2>/dev/null >head || :
	while read -r status change; do
		jq -c "$change" head >head.bad
		jq -c --arg h "$(base64 -w0 <head.bad | tr '/+' '_-' | tr -d =)" \
		    '.protected = $h' flat >bad
		fails "$status" '^blob-decrypt: bad: ' \
		    blob-decrypt -k p256.pem bad
	done <<-'END'
		3 .epk.x = .epk.y
		3 .epk.x = "AAAA"
		3 .epk.crv = "P-384"
		3 .epk.crv = "secp256k1"
		3 .epk.d = .epk.x
		3 .epk = "x"
		3 del(.epk)
		3 .alg = "ECDH-ES"
		3 .apu = "A"
		1 .apu = "AAAA"
		1 .alg = "ECDH-ES+A128KW"
	END
	# a key of low order, to seal for
	printf '{"kty":"OKP","crv":"X25519","x":"%043d"}' 0 |
	    sed 's/0\{43\}/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/' >low.jwk
	fails 3 'low order' blob-encrypt -k low.jwk -f jwe plain
}

@test "jwe: RFC 7520, sections 5.2, 5.4 to 5.6, 5.8 and 5.10 to 5.12" {
	need_vectors rfc7520/jwe
	local file form
	for n in 5_2 5_4 5_5 5_6 5_8 5_10 5_11 5_12; do
		file=$(ls "$VECTORS/rfc7520/jwe/$n".*)
		jq -c .input.key "$file" >k.jwk
		jq -j .input.plaintext "$file" >want
		for form in json json_flat; do
			jq -ce ".output.$form | objects" "$file" >"$form" || continue
			same want blob-decrypt -k k.jwk "$form"
			jq -c '.tag |= (if test("^A") then "B" else "A" end) + .[1:]' \
			    "$form" >bad
			fails 1 '^blob-decrypt: bad: decryption failed$' \
			    blob-decrypt -k k.jwk bad
		done
		jq -re '.output.compact | strings' "$file" >compact.7520 || continue
		same want blob-decrypt -k k.jwk compact.7520
	done
	# and what is not read says so: RSA1_5, zip
	for n in 5_1 5_9; do
		file=$(ls "$VECTORS/rfc7520/jwe/$n".*)
		jq -re .output.compact "$file" >other.7520
		fails 3 'not supported|zip' blob-decrypt -k key.pem other.7520
	done
}

# long.py ALG ENC IN OUT: an independent writer that has no limit.
write_long() {
	cat >long.py <<'END'
import base64, json, os, sys
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
alg, enc, src, dst = sys.argv[1:5]
b64 = lambda b: base64.urlsafe_b64encode(b).rstrip(b"=")
h = hashes.SHA1() if alg == "RSA-OAEP" else hashes.SHA256()
cek, iv = os.urandom(int(enc[1:4]) // 8), os.urandom(12)
key = serialization.load_pem_public_key(open("key.pub", "rb").read())
ek = key.encrypt(cek, padding.OAEP(padding.MGF1(h), h, None))
prot = b64(json.dumps({"alg": alg, "enc": enc}).encode())
sealed = AESGCM(cek).encrypt(iv, open(src, "rb").read(), prot)
open(dst, "wb").write(b".".join([prot, b64(ek), b64(iv), b64(sealed[:-16]),
                                 b64(sealed[-16:])]))
END
}

# other_at FILE AT: another character of base64url there.
other_at() {
	head -c "$2" "$1"
	tail -c +$(($2 + 1)) "$1" | head -c 1 | tr 'A-Za-z0-9_-' 'B-ZA' |
	    head -c 1
	tail -c +$(($2 + 2)) "$1"
}

@test "jwe: over 64 MiB, read twice in little memory" {
	local n size
	write_long
	head -c 52000001 /dev/urandom >long.plain
	python3 long.py RSA-OAEP-256 A256GCM long.plain long.jwe
	size=$(stat -c %s long.jwe)
	[ "$size" -gt 67108864 ]
	same long.plain blob-decrypt -k key.pem long.jwe
	same long.plain blob-decrypt -k key.pem -f jwe < <(cat long.jwe; echo)
	fails 1 '^blob-decrypt: long.jwe: decryption failed$' \
	    blob-decrypt -k other.pem long.jwe
	# one of the first, and of the last
	for n in 500 $((size - 40)); do
		other_at long.jwe "$n" >bad.jwe
		refute cmp -s long.jwe bad.jwe
		fails 1 '^blob-decrypt: bad.jwe: decryption failed$' \
		    blob-decrypt -k key.pem bad.jwe
		fails 1 '^blob-decrypt: standard input: decryption failed$' \
		    blob-decrypt -k key.pem < <(cat bad.jwe)
	done
	head -c 67108870 long.jwe >bad.jwe
	fails 3 'bad.jwe: jwe: cut short' blob-decrypt -k key.pem bad.jwe
	head -c $((size - 1)) long.jwe >bad.jwe
	fails 3 'bad.jwe: jwe: tag' blob-decrypt -k key.pem bad.jwe
	{ head -c 67108870 long.jwe; printf '*'; tail -c 1000 long.jwe; } >bad.jwe
	fails 3 'bad.jwe: jwe: ciphertext: ' blob-decrypt -k key.pem bad.jwe
	for n in .AAAA AAAAAAAAAA $'\n\n' "$(printf '%0100d' 0)"; do
		{ cat long.jwe; printf %s "$n"; } >bad.jwe
		fails 3 'bad.jwe: jwe: tag' blob-decrypt -k key.pem bad.jwe
	done
	python3 long.py RSA-OAEP A128GCM long.plain bad.jwe
	same long.plain blob-decrypt -k key.pem bad.jwe
	if command -v /usr/bin/time >/dev/null && [[ $BUILD != */san ]]; then
		/usr/bin/time -f %M -o rss blob-decrypt -k key.pem bad.jwe \
		    >/dev/null
		[ "$(cat rss)" -le 32768 ]
	fi
	# other than AES-GCM is not read so
	sed "1s/^[^.]*/$(printf '{"alg":"RSA-OAEP","enc":"A128CBC-HS256"}' |
	    base64 -w0 | tr -d =)/" long.jwe >bad.jwe
	fails 3 'bad.jwe: jwe: ' blob-decrypt -k key.pem bad.jwe
	rm -f long.* bad.jwe
}

@test "jwe: what is changed is refused, with one line where the key decides" {
	local at text end=0 changed
	text=$(cat compact)
	for ((at = 0; at < ${#text}; at += 31)); do
		changed=${text:at:1}
		[ "$changed" != . ] || continue
		[ "$changed" = A ] && changed=Q || changed=A
		printf '%s%s%s\n' "${text:0:at}" "$changed" "${text:at+1}" >bad
		_capture blob-decrypt -k key.pem -o out.jwe bad
		[ ! -s "$_at/out" ]
		[ ! -e out.jwe ]
		case $_status in
		1) [ "$(cat "$_at/err")" = "blob-decrypt: bad: decryption failed" ] ;;
		3) ;;
		*) false ;;
		esac
		end=$((end + _status))
	done
	[ "$end" -gt 0 ]
	for ((at = 1; at < ${#text}; at += 29)); do
		printf '%s' "${text:0:at}" >bad
		_capture blob-decrypt -k key.pem -f jwe bad
		[ "$_status" -eq 1 ] || [ "$_status" -eq 3 ]
		[ ! -s "$_at/out" ]
	done
}

@test "jwe: crit, zip, dir with a key, names twice, other algorithms" {
	local change
	json_of compact >flat
	while read -r change; do
		jq -c "$change" flat >bad
		fails 3 '^blob-decrypt: bad: jwe: ' blob-decrypt -k key.pem -f jwe bad
	done <<-'END'
		.header = {alg: "RSA-OAEP-256"}
		.header = {zip: "DEF"}
		.header = {crit: ["x"], x: 1}
		.protected = "e30"
		.iv = "AAAA"
		.tag = "AAAA"
		.encrypted_key = "AAAA"
		.recipients = []
	END
	fails 3 'not supported|alg' blob-decrypt -k key.pem -f jwe \
	    <<<"$(printf '{"alg":"RSA1_5","enc":"A256GCM"}' | base64 -w0 |
	    tr -d =).$(cut -d. -f2- compact)"
}

@test "jwe: a key that does not do" {
	fails 1 'alg RSA-OAEP-256 takes an RSA key' \
	    blob-decrypt -k oct32.jwk compact
	openssl genpkey -algorithm ed25519 -out ed.pem
	fails 3 'key: neither RSA, nor on a curve' \
	    blob-encrypt -k ed.pem -f jwe plain
	oct 20 >oct20.jwk
	fails 3 'key: neither RSA, nor on a curve' \
	    blob-encrypt -k oct20.jwk -f jwe plain
	fails 2 'oaep is for one recipient' \
	    blob-encrypt -k key.pub -k other.pub -f oaep plain
	jq -nc '{keys: [range(101) | {kty: "oct", kid: "\(.)",
	    k: ("\(. + 1000)AAAAAAAAAAAAAAAAAA")}]}' >many.jwks
	local keys=() key
	while read -r key; do
		echo "$key" >"many.${#keys[@]}.jwk"
		keys+=(-k "many.${#keys[@]}.jwk")
	done < <(jq -c '.keys[]' many.jwks)
	[ "${#keys[@]}" -eq 202 ]
	fails 2 '101 recipients where 1 to 100' \
	    blob-encrypt "${keys[@]}" -f jwe plain
}

# --- the annotation -------------------------------------------------------------

annotation() {
	jq -nc --arg d "$(openssl pkeyutl -encrypt -pubin -inkey key.pub \
	    -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 \
	    -in plain | base64 -w0)" '{kid: "k0", wrapped_data: $d,
	    wrap_type: "rsa_3072", kms_endpoint: "v.vault.azure.net",
	    attester_endpoint: "a.attest.azure.net"}'
}

@test "wrapped: JSON and base64 of it, which says the key it takes" {
	annotation >annotation.json
	base64 -w0 annotation.json >annotation.b64
	same plain blob-decrypt -k key.pem annotation.json
	same plain blob-decrypt -k key.pem annotation.b64
	same plain blob-decrypt -k key.pem -f wrapped annotation.b64
	fails 1 '^blob-decrypt: annotation.b64: decryption failed$' \
	    blob-decrypt -k other.pem annotation.b64
	grep -q 'hint: it takes the key k0 of v.vault.azure.net' "$_at/err"
	jq -c '. + {more: 1}' annotation.json >bad
	fails 3 'wrapped: "more" is no member' blob-decrypt -k key.pem bad
	jq -c '.wrapped_data = "AAAA"' annotation.json >bad
	fails 3 'RSA block: 3 bytes' blob-decrypt -k key.pem bad
	need_vectors aks-kata-cc/wrapped
	fails 3 'RSA block: 384 bytes' \
	    blob-decrypt -k key.pem "$VECTORS/aks-kata-cc/wrapped"
}

# --- records of one value -------------------------------------------------------

record() {
	jq -nc --arg c "$(blob-encrypt -k key.pub -f oaep plain)" \
	    "{id: \"7\", createdAt: \"2025-01-01T00:00:00Z\", ciphertext: \$c,
	    algorithm: \"RSA-OAEP-SHA256\", keyId: \"https://v/keys/k/1\"} | $1"
}

@test "records: a blob's, a queue's, a table's, the demo's" {
	record . >rec
	same plain blob-decrypt -k key.pem rec
	same plain blob-decrypt -k key.pem -f oaep rec
	base64 -w0 rec | same plain blob-decrypt -k key.pem
	record '{PartitionKey: "p", Id: .id, Ciphertext: .ciphertext,
	    Algorithm: .algorithm, KeyId: .keyId}' |
	    same plain blob-decrypt -k key.pem
	record '{ciphertext, algorithm, key_id: "x", success: true}' |
	    same plain blob-decrypt -k key.pem
	fails 1 '^blob-decrypt: rec: decryption failed$' \
	    blob-decrypt -k other.pem rec
	grep -q 'hint: it names the key https://v/keys/k/1$' "$_at/err"
}

@test "records: another algorithm, no block, another OAEP asked for" {
	record '.algorithm = "RSA1_5"' >bad
	fails 3 'bad: algorithm "RSA1_5" is not supported' \
	    blob-decrypt -k key.pem bad
	record . >rec
	fails 3 'rec: algorithm .* is not the OAEP asked for' \
	    blob-decrypt -k key.pem --oaep-hash sha1 rec
	record '.ciphertext = "AAAA"' >bad
	fails 3 'bad: RSA block: 3 bytes' blob-decrypt -k key.pem bad
	record '.ciphertext = "*"' >bad
	fails 3 'bad: ciphertext: ' blob-decrypt -k key.pem bad
	record '.algorithm = 7' >bad
	fails 3 'bad: ' blob-decrypt -k key.pem bad
}

# What a vault's own encrypt answers (REST), and what az prints of it.
@test "records: a vault's answer to encrypt, and az's" {
	local kid=https://v.vault.azure.net/keys/k/1 c
	c=$(blob-encrypt -k key.pub -f oaep plain)
	jq -nc --arg c "$(tr '+/' '-_' <<<"${c%%=*}")" --arg kid $kid \
	    '{kid: $kid, value: $c}' >rest
	same plain blob-decrypt -k key.pem rest
	az() {
		jq -nc --arg c "$c" --arg kid $kid "{aad: null, algorithm:
		    \"RSA-OAEP-256\", iv: null, kid: \$kid, result: \$c,
		    tag: null} | $1"
	}
	az . >az.json
	same plain blob-decrypt -k key.pem az.json
	same plain blob-decrypt -k other.pem -k key.pem az.json
	fails 1 '^blob-decrypt: az.json: decryption failed$' \
	    blob-decrypt -k other.pem az.json
	grep -q "hint: it names the key $kid\$" "$_at/err"
	az '.algorithm = "A256GCM" | .tag = "AAAA"' >bad
	fails 3 'bad: ' blob-decrypt -k key.pem bad
	jq -c 'del(.kid)' rest >bad
	fails 3 'bad: ' blob-decrypt -k key.pem bad
	# which OAEP it is the answer says
	c=$(blob-encrypt -k key.pub -f oaep --oaep-hash sha1 plain)
	az '.algorithm = "RSA-OAEP"' >sha1.json
	same plain blob-decrypt -k key.pem sha1.json
	fails 1 'decryption failed' blob-decrypt -k key.pem <(az .)
}

# answers KEY COMMAND FILTER: one for each line of what is read.
answers() {
	local line c
	while IFS= read -r line; do
		c=$(printf %s "$line" | blob-encrypt -k "$1" -f oaep)
		jq -nc --arg c "$c" --arg kid "https://v/keys/$1" "$2"
	done
}

@test "records: a vault's answers as lines, one plaintext a line" {
	# shellcheck disable=SC2016
	local rest='{kid: $kid, value: ($c | gsub("[+]"; "-") | gsub("/"; "_") |
	    rtrimstr("=") | rtrimstr("="))}'
	# shellcheck disable=SC2016
	local az='{aad: null, algorithm: "RSA-OAEP-256", iv: null, kid: $kid,
	    result: $c, tag: null}' n
	printf '%s\n' Ada '' 'a "quoted", one' Zoë >names
	answers key.pub "$rest" <names >rest.lines
	answers key.pub "$az" <names >az.lines
	for n in rest az; do
		same names blob-decrypt -k key.pem $n.lines
		same names blob-decrypt -k key.pem -f oaep <$n.lines
		# what stands between them stays
		sed '2s/^/\n /; s/$/\r/' $n.lines >crlf
		blob-decrypt -k key.pem -o open crlf
		sed '2s/^/\n /; s/$/\r/' names | cmp - open
	done
	# both kinds, of two keys
	answers other.pem "$az" <names >theirs
	cat rest.lines theirs >both
	blob-decrypt -k key.pem -k other.pem both | cmp - <(cat names names)
	fails 1 'both: line 5: decryption failed$' \
	    blob-decrypt -k key.pem -o no both
	[ ! -e no ]
	grep -q 'hint: it names the key https://v/keys/other.pem$' "$_at/err"
	blob-decrypt -k key.pem --skip-undecryptable -o some both 2>err
	cat names theirs | cmp - some
	grep -q 'warning: 4 of 8 records .*(value 4)$' err
	# one is a list as well, if it is said to be one
	head -n 1 az.lines >one
	same <(printf Ada) blob-decrypt -k key.pem one
	same <(echo Ada) blob-decrypt -k key.pem -f oaep --records lines one
	fails 2 'for -f fields only' \
	    blob-decrypt -k key.pem -f oaep --records csv one
}

@test "records: a vault's answers as lines, forged and malformed" {
	# shellcheck disable=SC2016
	local az='{kid: $kid, value: $c}'
	printf '%s\n' Ada Bob Zoe | answers key.pub "$az" >good
	# each with its line; nothing of it, nor of what is read with it
	edit() {
		jq -c "if input_line_number == 2 then $1 else . end" good >bad
		fails "$2" "^blob-decrypt: bad: line 2: $3" \
		    blob-decrypt -k key.pem bad
	}
	edit '.value |= .[:5] + (if .[5:6] == "A" then "B" else "A" end) +
	    .[6:]' 1 'decryption failed$'
	edit '.value |= .[4:]' 3 'RSA block: 253 bytes'
	edit '.value |= "*"' 3 'ciphertext: '
	edit 'del(.kid)' 3 ''
	edit '.tag = "AAAA"' 3 ''
	edit '{name_encrypted: .value}' 3 ''
	edit '[.]' 3 ''
	sed '2s/{/{"val\\u0075e":"",/' good >bad
	fails 3 'bad: line 2: .*twice' blob-decrypt -k key.pem bad
	sed '2s/$/ {}/' good >bad
	fails 3 'bad: line 2: ' blob-decrypt -k key.pem bad
	sed '2s/}$//' good >bad
	fails 3 'bad: line 2: ' blob-decrypt -k key.pem bad
	# what would be two lines, or none
	for n in 'a\nb' 'a\r' 'a\0b' '\xff'; do
		# shellcheck disable=SC2059
		c=$(printf "$n" | blob-encrypt -k key.pub -f oaep)
		jq -c --arg c "$c" 'if input_line_number == 2 then .value = $c
		    else . end' good >bad
		fails 3 'bad: line 2: decrypts to what is no line' \
		    blob-decrypt -k key.pem bad
	done
}
