#!/usr/bin/env bats
# blob-encrypt and blob-decrypt -- the client-side encryption of Azure Storage:
# what its libraries write, by an independent writer here, and what nobody
# should.
# folders: blob flow
# shellcheck disable=SC2094,SC2154

bats_require_minimum_version 1.5.0
load ../lib
load ../blob

setup_file() {
	begin_blob key other
	openssl rand 32 >kek.bin
	printf '{"kty":"oct","k":"%s"}\n' \
	    "$(base64 -w0 kek.bin | tr '+/' '-_' | tr -d =)" >kek.jwk
	openssl rand 1000 >plain
	write_tool
	for order in python java dotnet; do
		python3 write.py 2.1 $order RSA-OAEP-256 160 plain $order.cse \
		    $order.json
	done
	python3 write.py 1.0 - RSA-OAEP-256 - plain v1.cse v1.json
}

# An independent writer: write.py VERSION ORDER ALG REGION IN OUT META
write_tool() {
	cat >write.py <<'END'
import base64, json, os, struct, sys
from cryptography.hazmat.primitives import hashes, keywrap, padding
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding as rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
version, order, alg, region, src, dst, meta = sys.argv[1:8]
plain = open(src, "rb").read()
cek = os.urandom(32)
nonce = {
    "python": lambda i: i.to_bytes(12, "big"),
    "java": lambda i: i.to_bytes(8, "big") + bytes(4),
    "dotnet": lambda i: bytes(4) + (i + 1).to_bytes(8, "little"),
}
wrapped = cek if version == "1.0" else version.encode().ljust(8, b"\0") + cek
if alg.startswith("RSA"):
    h = hashes.SHA1() if alg == "RSA-OAEP" else hashes.SHA256()
    key = serialization.load_pem_public_key(open("key.pub", "rb").read())
    wrapped = key.encrypt(wrapped, rsa.OAEP(rsa.MGF1(h), h, None))
else:
    wrapped = keywrap.aes_key_wrap(open("kek.bin", "rb").read(), wrapped)
doc = {"WrappedContentKey": {"KeyId": "key1", "Algorithm": alg,
       "EncryptedKey": base64.b64encode(wrapped).decode()},
       "EncryptionAgent": {"Protocol": version},
       "KeyWrappingMetadata": {"EncryptionLibrary": "Python 12.14.0"},
       "EncryptionMode": "FullBlob"}
if version == "1.0":
    iv = os.urandom(16)
    doc["EncryptionAgent"]["EncryptionAlgorithm"] = "AES_CBC_256"
    doc["ContentEncryptionIV"] = base64.b64encode(iv).decode()
    if order != "page":
        pad = padding.PKCS7(128).padder()
        plain = pad.update(plain) + pad.finalize()
    c = Cipher(algorithms.AES(cek), modes.CBC(iv)).encryptor()
    body = c.update(plain) + c.finalize()
else:
    size = int(region)
    doc["EncryptionAgent"]["EncryptionAlgorithm"] = "AES_GCM_256"
    doc["EncryptedRegionInfo"] = {"DataLength": size, "NonceLength": 12}
    body = b""
    for i in range((len(plain) + size - 1) // size):
        n = nonce[order](i)
        body += n + AESGCM(cek).encrypt(n, plain[i*size:(i+1)*size], None)
open(dst, "wb").write(body)
json.dump(doc, open(meta, "w"))
END
}

# Quietly: that the size is not known is said in one test.
open_cse() {
	local meta=$1
	shift
	blob-decrypt -q -k key.pem --encryptiondata "$meta" "$@"
}

@test "cse: all three orders of the libraries, RSA-OAEP too, and AES key wrap" {
	for order in python java dotnet; do
		same plain open_cse $order.json $order.cse
		same plain open_cse $order.json --threads 1 - <$order.cse
	done
	python3 write.py 2.0 dotnet RSA-OAEP 4194304 plain o.cse o.json
	same plain open_cse o.json o.cse
	python3 write.py 2.0 java A256KW 4194304 plain o.cse o.json
	same plain blob-decrypt -q -k kek.jwk --encryptiondata o.json o.cse
	need_vectors azure-cse
	same "$VECTORS/azure-cse/v2.plain" blob-decrypt -q \
	    -k "$VECTORS/azure-cse/kek.jwk.json" --encryptiondata \
	    "$VECTORS/azure-cse/v2.encryptiondata.json" \
	    "$VECTORS/azure-cse/v2.blob"
}

@test "cse: what is written is read, by an independent reader too" {
	openssl rand 9000000 >big
	blob-encrypt -k key.pub -f cse --kid https://v/keys/k/1 \
	    --encryptiondata-out m.json -o big.cse big
	[ "$(stat -c %s big.cse)" -eq $((9000000 + 3 * 28)) ]
	[ "$(jq -r .WrappedContentKey.KeyId m.json)" = https://v/keys/k/1 ]
	same big open_cse m.json big.cse
	same big open_cse m.json < <(cat big.cse)
	python3 - <<'END'
import base64, json
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
m = json.load(open("m.json"))
assert m["EncryptionAgent"] == {"Protocol": "2.0",
                                "EncryptionAlgorithm": "AES_GCM_256"}
assert m["WrappedContentKey"]["Algorithm"] == "RSA-OAEP-256"
size = m["EncryptedRegionInfo"]["DataLength"]
key = serialization.load_pem_private_key(open("key.pem", "rb").read(), None)
h = hashes.SHA256()
cek = key.decrypt(base64.b64decode(m["WrappedContentKey"]["EncryptedKey"]),
                  padding.OAEP(padding.MGF1(h), h, None))
assert cek[:8] == b"2.0\0\0\0\0\0" and len(cek) == 40
body, plain, i = open("big.cse", "rb").read(), b"", 0
while body:
    region, body = body[:size + 28], body[size + 28:]
    assert region[:12] == i.to_bytes(12, "big")
    plain += AESGCM(cek[8:]).decrypt(region[:12], region[12:], None)
    i += 1
assert plain == open("big", "rb").read()
END
	: >empty
	for n in empty plain; do
		blob-encrypt -k kek.jwk -f cse --kid k --encryptiondata-out m.json \
		    -o out.cse $n
		blob-decrypt -q -k kek.jwk --encryptiondata m.json out.cse |
		    cmp - $n
	done
}

@test "cse: the metadata as az and curl give it, with the size" {
	jq -Rs '{metadata: {encryptiondata: .},
	    properties: {contentLength: 1196, blobType: "BlockBlob"}}' \
	    java.json >az.json
	same plain blob-decrypt -k key.pem --encryptiondata az.json java.cse
	printf 'HTTP/1.1 200 OK\r\nContent-Length: 1196\r\nx-ms-meta-EncryptionData: %s\r\n\r\n' \
	    "$(cat java.json)" >headers
	same plain blob-decrypt -k key.pem --encryptiondata headers java.cse
	# a region is missing at the end, which the size tells
	head -c 1128 java.cse >short
	fails 3 '^blob-decrypt: short: 1128 bytes where 1196 are expected$' \
	    blob-decrypt -k key.pem --encryptiondata headers short
	fails 3 'says 1196 bytes where 1128 are expected' blob-decrypt \
	    -k key.pem --encryptiondata az.json --expect-size 1128 short
}

@test "cse: a cut after a region shows by the size alone, as is said" {
	head -c 1128 python.cse >short
	warns 'the size of the blob is not known' blob-decrypt -k key.pem \
	    --encryptiondata python.json short
	cmp -n 960 plain "$_at/out"
	fails 3 '1128 bytes where 1196 are expected' blob-decrypt -k key.pem \
	    --encryptiondata python.json --expect-size 1196 short
	_capture blob-decrypt -k key.pem --encryptiondata python.json \
	    --expect-size 1196 -o out.short - < <(cat short)
	[ "$_status" -eq 3 ]
	[ ! -e out.short ]
}

@test "cse: any byte changed, cut anywhere else" {
	local at
	for ((at = 0; at < 1196; at += 41)); do
		python3 - "$at" <<'END' >bad
import sys
data = bytearray(open("python.cse", "rb").read())
data[int(sys.argv[1])] ^= 1
sys.stdout.buffer.write(data)
END
		fails 1 '' blob-decrypt -q -k key.pem \
		    --encryptiondata python.json -o out.bad bad
		[ ! -e out.bad ]
		# authentic regions before it go to a pipe, and no more
		_capture open_cse python.json bad
		[ "$_status" -eq 1 ]
		[ "$(stat -c %s "$_at/out")" -eq $((at / 188 * 160)) ]
		cmp -n $((at / 188 * 160)) plain "$_at/out"
	done
	for at in 1 12 27 28 187 189 215 1129 1150 1195; do
		head -c "$at" python.cse >bad
		_capture open_cse python.json -o out.bad bad
		[ "$_status" -eq 1 ] || [ "$_status" -eq 3 ]
		[ ! -e out.bad ]
	done
}

@test "cse: regions exchanged, dropped, repeated, of mixed orders" {
	local parts order
	region() {
		tail -c +$(($2 * 188 + 1)) "$1.cse" | head -c 188
	}
	for order in python java dotnet; do
		for parts in '1 0 2 3 4 5 6' '0 2 3 4 5 6' '0 1 1 2 3 4 5 6' \
		    '1 2 3 4 5 6' '0 1 2 3 5 4 6' '6 0 1 2 3 4 5'; do
			for i in $parts; do region $order "$i"; done >bad
			_capture open_cse $order.json -o out.bad bad
			[ "$_status" -eq 1 ] || [ "$_status" -eq 3 ]
			[ ! -e out.bad ]
		done
	done
	for i in 1 0 2 3 4 5 6; do region python "$i"; done >bad
	fails 1 'bad: region 0: its nonce is not the one of its place' \
	    open_cse python.json bad
}

@test "cse: metadata changed, versions exchanged" {
	edit() {
		jq -c "$1" python.json >bad.json
		fails "$2" "$3" open_cse bad.json python.cse
	}
	edit '.EncryptionAgent.Protocol = "2.0"' 3 'DataLength|region'
	edit '.EncryptionAgent.Protocol = "2.0" |
	    .EncryptedRegionInfo.DataLength = 4194304' 1 \
	    '^blob-decrypt: python.cse: decryption failed$'
	edit '.EncryptedRegionInfo.DataLength = 159' 1 'decryption failed|nonce'
	edit '.EncryptedRegionInfo.DataLength = 161' 1 'decryption failed|nonce'
	edit '.EncryptedRegionInfo.DataLength = 67108865' 1 'decryption failed'
	edit '.EncryptedRegionInfo.DataLength = 1073741825' 3 'DataLength|region'
	edit '.EncryptedRegionInfo.DataLength = 1099511627776' 3 'DataLength|region'
	edit '.EncryptedRegionInfo.DataLength = 15' 3 'DataLength|region'
	edit '.EncryptedRegionInfo.NonceLength = 16' 3 'nonce of 16'
	edit '.WrappedContentKey.Algorithm = "RSA-OAEP"' 1 \
	    '^blob-decrypt: python.cse: decryption failed$'
	edit '.WrappedContentKey.Algorithm = "RSA1_5"' 3 'RSA1_5'
	edit '.WrappedContentKey.Algorithm = "A256KW"' 1 'A256KW'
	edit '.WrappedContentKey.EncryptedKey |=
	    (if .[:1] == "B" then "C" else "B" end) + .[1:]' 1 \
	    '^blob-decrypt: python.cse: decryption failed$'
	edit '.EncryptionAgent.EncryptionAlgorithm = "AES_CBC_256"' 3 ''
	edit 'del(.WrappedContentKey)' 3 'WrappedContentKey'
	jq -c '.EncryptionAgent = {Protocol: "1.0",
	    EncryptionAlgorithm: "AES_CBC_256"} |
	    .ContentEncryptionIV = "AAAAAAAAAAAAAAAAAAAAAA=="' \
	    python.json >bad.json
	fails 1 '^blob-decrypt: v1.cse: decryption failed$' \
	    open_cse bad.json --insecure-v1 v1.cse
	fails 1 '^blob-decrypt: python.cse: decryption failed$' \
	    blob-decrypt -q -k other.pem --encryptiondata python.json python.cse
}

@test "cse: version 1.0 only if it is insisted on" {
	fails 1 'v1.json: Protocol 1.0 has no authentication' \
	    open_cse v1.json v1.cse
	same plain open_cse v1.json --insecure-v1 v1.cse
	blob-decrypt -k key.pem --encryptiondata v1.json --insecure-v1 v1.cse \
	    2>err | cmp - plain
	grep -q 'warning: v1.json: .*not authenticated$' err
	same plain open_cse v1.json --insecure-v1 - <v1.cse
	same plain open_cse v1.json --insecure-v1 < <(cat v1.cse)
	python3 write.py 1.0 - A256KW - plain kw.cse kw.json
	blob-decrypt -q -k kek.jwk --encryptiondata kw.json --insecure-v1 kw.cse |
	    cmp - plain
	# nothing before the padding was seen
	{ head -c 992 v1.cse; openssl rand 16; } >bad
	for _ in 1 2 3 4; do
		_capture open_cse v1.json --insecure-v1 bad
		[ "$_status" -eq 1 ] && break
		{ head -c 992 v1.cse; openssl rand 16; } >bad
	done
	[ "$(cat "$_at/err")" = 'blob-decrypt: bad: decryption failed' ]
	[ ! -s "$_at/out" ]
	head -c 1000 v1.cse >bad
	fails 3 '^blob-decrypt: bad: ' open_cse v1.json --insecure-v1 bad
	fails 3 '^blob-decrypt: standard input: ' \
	    open_cse v1.json --insecure-v1 < <(head -c 1000 v1.cse)
	: >bad
	fails 3 '^blob-decrypt: bad: ' open_cse v1.json --insecure-v1 bad
	openssl rand 512 >page
	python3 write.py 1.0 page RSA-OAEP-256 - page page.cse page.json
	same page open_cse page.json --insecure-v1 --page-blob page.cse
	fails 4 '/nowhere: ' env TMPDIR=/nowhere blob-decrypt -q -k key.pem \
	    --encryptiondata v1.json --insecure-v1 < <(cat v1.cse)
}

@test "cse: large regions take little memory" {
	openssl rand 70000000 >big
	python3 write.py 2.1 java RSA-OAEP-256 33554432 big big.cse big.json
	same big open_cse big.json --threads 8 big.cse
	command -v /usr/bin/time >/dev/null || return 0
	case $BUILD in */san) return 0 ;; esac
	/usr/bin/time -f %M -o rss blob-decrypt -q -k key.pem --threads 64 \
	    --encryptiondata big.json big.cse >/dev/null
	[ "$(cat rss)" -le 98304 ]
	rm -f big big.cse
}

@test "cse: regions over 64 MiB are read twice, in little memory" {
	# one region that could be of 1 GiB; what is wrong shows before a byte
	python3 write.py 2.1 python RSA-OAEP-256 1073741824 plain r.cse r.json
	same plain open_cse r.json r.cse
	same plain open_cse r.json < <(cat r.cse)
	same plain open_cse r.json -f cse --expect-size 1028 r.cse
	blob-decrypt -q -k kek.jwk -k key.pem --encryptiondata r.json r.cse |
	    cmp - plain
	{ head -c 1012 r.cse; openssl rand 16; } >bad
	fails 1 '^blob-decrypt: bad: decryption failed$' open_cse r.json bad
	fails 3 '^blob-decrypt: bad: 1028 bytes where 1017 are expected$' \
	    open_cse r.json --expect-size 1017 bad
	head -c 27 r.cse >bad
	fails 3 'bad: region 0: 27 bytes' open_cse r.json -o none bad
	[ ! -e none ]
	{ printf 1; tail -c +2 r.cse; } >bad
	fails 1 'input: region 0: its nonce is not' open_cse r.json - <bad
	jq -c '.EncryptedRegionInfo.DataLength = 1073741825' r.json >bad.json
	fails 3 '^blob-decrypt: bad.json: ' open_cse bad.json r.cse
	command -v /usr/bin/time >/dev/null || return 0
	case $BUILD in */san) return 0 ;; esac
	# two of them, of which the second is short
	openssl rand 70000000 >big
	python3 write.py 2.1 java RSA-OAEP-256 67108880 big big.cse big.json
	/usr/bin/time -f %M -o rss blob-decrypt -q -k key.pem \
	    --encryptiondata big.json big.cse | cmp - big
	[ "$(cat rss)" -le 24576 ]
	rm -f big big.cse
}

@test "cse: the command line" {
	fails 2 "the blob's --encryptiondata must be given" \
	    blob-decrypt -k key.pem -f cse python.cse
	fails 2 '--encryptiondata-out, must be given' \
	    blob-encrypt -k key.pub -f cse plain
	# from 1.0 to 2.0 in one pipe; a failing half is seen
	set -o pipefail
	open_cse v1.json --insecure-v1 v1.cse | blob-encrypt -k key.pub -f cse \
	    --kid k --encryptiondata-out moved.json -o moved.cse
	[ "$(jq -r .EncryptionAgent.Protocol moved.json)" = 2.0 ]
	same plain open_cse moved.json moved.cse
	head -c 1000 v1.cse >bad
	refute bash -c 'set -o pipefail; blob-decrypt -q -k key.pem \
	    --encryptiondata v1.json --insecure-v1 bad 2>err |
	    blob-encrypt -k key.pub -f cse --kid k --encryptiondata-out m -o m.cse'
	fails 2 'insecure-v1 is for --encryptiondata only' \
	    blob-decrypt -k key.pem --insecure-v1 v1.cse
	fails 2 'read only once' \
	    blob-decrypt -k key.pem --encryptiondata - <python.json
	fails 2 'the key has no id' blob-encrypt -k key.pub -f cse \
	    --encryptiondata-out m2.json -o out.cse plain
	[ ! -e m2.json ]
	fails 2 'blob or its metadata' blob-encrypt -k key.pub -f cse --kid k \
	    --encryptiondata-out - plain
	fails 3 'python.cse: ' blob-decrypt -q -k key.pem \
	    --encryptiondata python.cse python.json
}
