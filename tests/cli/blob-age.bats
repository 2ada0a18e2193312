#!/usr/bin/env bats
# blob-encrypt and blob-decrypt -- age files: both ways with age itself, and
# forgeries refused with not one byte that is not authentic.
# folders: blob flow
# shellcheck disable=SC2094,SC2154

bats_require_minimum_version 1.5.0
load ../lib
load ../blob

setup_file() {
	begin_blob
	for k in key other; do
		openssl genrsa -traditional -out $k.pem 2048 2>/dev/null
		openssl pkey -in $k.pem -pubout -out $k.pub
		ssh-keygen -i -m PKCS8 -f $k.pub >$k.ssh
	done
	printf 'attack at dawn' >plain
	# three chunks of 65536 bytes and some
	openssl rand 200000 >large
	blob-encrypt -k key.pub -o small.age plain
	blob-encrypt -k key.ssh -o large.age large
}

# flip FILE AT >OUT
flip() {
	python3 - "$@" <<'END'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[int(sys.argv[2])] ^= 1
sys.stdout.buffer.write(data)
END
}

@test "age: the default, and read again, by name or not" {
	[ "$(head -1 small.age)" = age-encryption.org/v1 ]
	same plain blob-decrypt -k key.pem small.age
	same plain blob-decrypt -k key.pem -f age - <small.age
	same large blob-decrypt -k key.pem large.age
	same large blob-decrypt -k key.pem --threads 1 - <large.age
	blob-decrypt -k key.pem -o out.age large.age
	cmp large out.age
	[ "$(stat -c %a out.age)" = 600 ]
	fails 1 '^blob-decrypt: small.age: .*no .*stanza|for this key' \
	    blob-decrypt -k other.pem small.age
}

@test "age: every size around a chunk and a piece, there and back" {
	local n
	for n in 0 1 65535 65536 65537 131072 524287 524288 524289 \
	    1048576 1048577; do
		head -c "$n" <(cat large large large large large large) >sized
		blob-encrypt -k key.pub sized >sized.age
		same sized blob-decrypt -k key.pem sized.age
		same sized blob-decrypt -k key.pem < <(cat sized.age)
		same sized age -d -i key.pem sized.age
	done
}

@test "age: armor, written and read" {
	blob-encrypt -k key.pub --armor -o armored large
	[ "$(head -1 armored)" = '-----BEGIN AGE ENCRYPTED FILE-----' ]
	same large blob-decrypt -k key.pem armored
	same large age -d -i key.pem armored
	sed 's/$/\r/' armored | same large blob-decrypt -k key.pem
	age -a -R key.ssh -o theirs large
	same large blob-decrypt -k key.pem theirs
	sed '5s/./*/' armored >bad
	fails 3 'bad: armor: line 5' blob-decrypt -k key.pem bad
	sed '$d' armored >bad
	_capture blob-decrypt -k key.pem -o out.armor bad
	[ "$_status" -eq 3 ]
	[ ! -e out.armor ]
}

@test "age: age reads what we write, we read what it writes" {
	same plain age -d -i key.pem small.age
	same large age -d -i key.pem large.age
	age -R key.ssh -o theirs large
	same large blob-decrypt -k key.pem theirs
	age -R key.ssh plain | same plain blob-decrypt -k key.pem
	# several recipients, some of another kind
	age-keygen -o x25519 2>x25519.pub
	age -R other.ssh -R key.ssh -r "$(sed 's/.*: //' x25519.pub)" \
	    -o theirs plain
	same plain blob-decrypt -k key.pem theirs
	same plain blob-decrypt -k other.pem theirs
	same plain blob-decrypt -k x25519 theirs
	age -r "$(sed 's/.*: //' x25519.pub)" -o theirs plain
	same plain blob-decrypt -k x25519 theirs
	same plain blob-decrypt -k key.pem -k x25519 theirs
	fails 1 'theirs: .*X25519' blob-decrypt -k key.pem theirs
	blob-encrypt -k other.pub -k key.ssh -o ours plain
	for k in key other; do
		same plain age -d -i $k.pem ours
		same plain blob-decrypt -k $k.pem ours
	done
}

@test "age: recipients with ML-KEM, where libcrypto is able" {
	local at=$ROOT/tests/data/age
	sed -n 's/^# public key: //p' "$at/pq.txt" >pq.pub
	blob-decrypt -v --version >about
	grep -q '^libcrypto: OpenSSL ' about
	grep -q '^age: X25519 ' about
	[ "$(blob-encrypt --version | wc -l)" -eq 1 ]
	cut -c 1-1000 pq.pub >cut.pub
	fails 3 'cut.pub: age: bech32: ' blob-encrypt -k cut.pub plain
	if ! grep -q ' mlkem768x25519$' about; then
		fails 4 'pq.pub: .*libcrypto has no ML-KEM' \
		    blob-encrypt -k pq.pub plain
		grep -q 'hint: OpenSSL 3.5' "$_at/err"
		fails 4 'pq.txt: .*libcrypto has no ML-KEM' \
		    blob-decrypt -k "$at/pq.txt" "$at/pq.age"
		fails 1 'its recipients: mlkem768x25519' \
		    blob-decrypt -k key.pem "$at/pq.age"
		return
	fi
	prints 'sealed with ML-KEM by age' blob-decrypt -k "$at/pq.txt" \
	    "$at/pq.age"
	blob-encrypt -k pq.pub -o pq large
	same large blob-decrypt -k key.pem -k "$at/pq.txt" pq
	fails 1 'its recipients: mlkem768x25519' blob-decrypt -k key.pem pq
	fails 2 'a quantum computer opens' blob-encrypt -k pq.pub -k key.pub \
	    plain
	fails 3 'a public key' blob-decrypt -k pq.pub pq
	fails 3 'key: not an RSA key' blob-encrypt -k pq.pub -f oaep plain
	fails 3 'jwe: key: ' blob-encrypt -k pq.pub -f jwe plain
	# age 1.3 reads it too
	if age-keygen -pq -o own 2>/dev/null; then
		same large age -d -i "$at/pq.txt" pq
	fi
}

@test "age: X25519 and ssh-ed25519, both ways with age" {
	age-keygen -o id 2>/dev/null
	age-keygen -o other.id 2>/dev/null
	age-keygen -y id >id.pub
	ssh-keygen -q -t ed25519 -N '' -f ed
	ssh-keygen -q -t ed25519 -N '' -f ed2
	local k
	for k in id ed; do
		blob-encrypt -k $k.pub -o ours large
		same large age -d -i $k ours
		same large blob-decrypt -k $k ours
		age -R $k.pub -o theirs large
		same large blob-decrypt -k $k theirs
	done
	# with all the kinds together, and more than twenty of them
	{
		cat id.pub ed.pub ed2.pub key.ssh
		for ((k = 0; k < 30; k++)); do
			age-keygen 2>/dev/null | sed -n 's/.*public key: //p'
		done
	} >many
	blob-encrypt -k many -o ours plain
	[ "$(grep -ac '^-> ' ours)" -eq 34 ]
	for k in id ed ed2 key.pem; do
		same plain age -d -i $k ours
		same plain blob-decrypt -k $k ours
	done
	age -R many -o theirs plain
	for k in id ed ed2 key.pem; do
		same plain blob-decrypt -k $k theirs
	done
	# a header that age does not limit
	yes "$(cat key.ssh)" | head -n 250 >many
	age -R many -o theirs plain
	[ "$(stat -c %s theirs)" -gt 70000 ]
	same plain blob-decrypt -k key.pem theirs
	age -a -R many plain | same plain blob-decrypt -k key.pem
	# and who is not among them
	fails 1 'ours: not sealed for this key; kinds of its recipients: X25519, ssh-ed25519, ssh-rsa' \
	    blob-decrypt -k other.id ours
	blob-encrypt -k ed.pub -o ours plain
	fails 1 'kinds of its recipients: ssh-ed25519' blob-decrypt -k ed2 ours
	# the file key in another wrapping, the share of another: nothing opens
	blob-encrypt -k id.pub -o ours plain
	for k in 2 3; do
		sed "${k}s/.\\{4\\}\$/AAAA/" ours >bad
		fails 1 '^blob-decrypt: bad: ' blob-decrypt -k id bad
	done
	sed '2s/X25519 .*/X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/' ours >bad
	fails 3 'bad: age: X25519: a point of low order' blob-decrypt -k id bad
	sed '2s/$/=/' ours >bad
	fails 3 'bad: age: header line 2: ' blob-decrypt -k id bad
	# a public key that is no point, and one of low order
	printf 'ssh-ed25519 %s\n' "$({ printf '\0\0\0\013ssh-ed25519\0\0\0 '
	    printf '\2'; head -c 31 /dev/zero; } | base64 -w0)" >none.pub
	fails 3 'key: no point of Ed25519' blob-encrypt -k none.pub plain
	printf 'ssh-ed25519 %s\n' "$({ printf '\0\0\0\013ssh-ed25519\0\0\0 '
	    printf '\1'; head -c 31 /dev/zero; } | base64 -w0)" >low.pub
	fails 3 'key: no point of Ed25519' blob-encrypt -k low.pub plain
}

@test "age: a passphrase, alone in the header" {
	printf 'correct horse\n' >phrase
	printf 'wrong\n' >wrong
	blob-encrypt --passphrase-file phrase -o ours plain
	[ "$(sed -n 2p ours | cut -d' ' -f2,4)" = 'scrypt 18' ]
	same plain blob-decrypt --passphrase-file phrase ours
	fails 1 '^blob-decrypt: ours: decryption failed$' \
	    blob-decrypt --passphrase-file wrong ours
	fails 1 'kinds of its recipients: scrypt' blob-decrypt -k key.pem ours
	grep -q 'hint: a passphrase opens it: --passphrase-file' "$_at/err"
	fails 1 'kinds of its recipients: ssh-rsa' \
	    blob-decrypt --passphrase-file phrase small.age
	# who knows the phrase made it: others beside it are refused
	{ sed -n 1,3p ours; sed -n '2,/^---/p' small.age; } >bad
	fails 3 'a scrypt stanza beside another' \
	    blob-decrypt --passphrase-file phrase bad
	sed '2s/18$/23/' ours >bad
	fails 3 'a work factor of 23' blob-decrypt --passphrase-file phrase bad
	fails 2 'passphrase-file is for -f age only' \
	    blob-encrypt -f jwe --passphrase-file phrase plain
	fails 2 'passphrase goes with neither' \
	    blob-encrypt --passphrase -k key.pub plain
	fails 2 'passphrase goes with neither' \
	    blob-decrypt --passphrase --passphrase-file phrase ours
	: >empty
	fails 3 'empty: an empty passphrase' \
	    blob-encrypt --passphrase-file empty plain
}

@test "age: a passphrase typed, twice to encrypt" {
	local at
	typed() {
		python3 - "$@" <<'END2'
import os, pty, sys
words, cmd = sys.argv[1].split(","), sys.argv[2:]
pid, fd = pty.fork()
if pid == 0:
    os.execvp(cmd[0], cmd)
text = b""
for word in words:
    while not text.endswith(b": "):
        text += os.read(fd, 100)
    os.write(fd, word.encode() + b"\n")
    text = b""
try:
    while data := os.read(fd, 1000):
        text += data
except OSError:
    pass
sys.stdout.write(text.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END2
	}
	typed one,one blob-encrypt --passphrase -o ours plain
	typed one blob-decrypt --passphrase -o opened ours
	cmp plain opened
	run typed one,two blob-encrypt --passphrase -o none plain
	[ "$status" -eq 3 ]
	[[ $output == *"not the same"* ]]
	[ ! -e none ]
	# age at the other end of it
	printf 'one\n' >phrase
	typed one age -d -o theirs ours
	cmp plain theirs
	typed one,one age -p -o theirs plain
	same plain blob-decrypt --passphrase-file phrase theirs
}

@test "age: keys in every form" {
	jq -c . >bundle.jwk < <(python3 - <<'END'
import base64, json
from cryptography.hazmat.primitives import serialization
numbers = serialization.load_pem_public_key(
    open("key.pub", "rb").read()).public_numbers()
b64 = lambda n, size: base64.urlsafe_b64encode(
    n.to_bytes(size, "big")).rstrip(b"=").decode()
print(json.dumps({"key": {"kid": "https://v.vault.azure.net/keys/k/1",
    "kty": "RSA-HSM", "key_ops": ["encrypt", "wrapKey"],
    "n": b64(numbers.n, 256), "e": b64(numbers.e, 3)}}))
END
)
	blob-encrypt -k bundle.jwk plain | same plain blob-decrypt -k key.pem
	jq -c '{keys: [.key]}' bundle.jwk >set.jwks
	blob-encrypt -k set.jwks --kid https://v.vault.azure.net/keys/k/1 plain |
	    same plain age -d -i key.pem
	printf '{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAA"}' >oct.jwk
	fails 3 'RSA' blob-encrypt -k oct.jwk plain
	fails 3 'RSA' blob-decrypt -k oct.jwk small.age
}

@test "age: a changed byte, anywhere, lets nothing out that is not authentic" {
	local at size
	size=$(stat -c %s small.age)
	for ((at = 0; at < size; at += 17)); do
		flip small.age "$at" >bad
		_capture blob-decrypt -k key.pem -f age bad
		[ "$_status" -eq 1 ] || [ "$_status" -eq 3 ]
		[ ! -s "$_at/out" ]
		_capture blob-decrypt -k key.pem -f age -o out.bad bad
		[ "$_status" -eq 1 ] || [ "$_status" -eq 3 ]
		[ ! -e out.bad ]
	done
	# where the key decides, it is one line: the wrapped key, the HMAC and
	# the data
	for at in 60 150 380 400 $((size - 20)) $((size - 1)); do
		flip small.age "$at" >bad
		_capture blob-decrypt -k key.pem bad
		[ "$_status" -ne 1 ] ||
		    [ "$(cat "$_at/err")" = 'blob-decrypt: bad: decryption failed' ]
	done
}

@test "age: cut short, added to, chunks exchanged, dropped, repeated" {
	local size head chunk=65552 n
	size=$(stat -c %s large.age)
	head=$((size - 3 * chunk - 3392 - 16))
	for n in 0 1 22 $((head - 17)) $((head - 1)) "$head" $((head + 1)) \
	    $((head + 100)); do
		head -c "$n" large.age >bad
		_capture blob-decrypt -k key.pem -f age bad
		[ "$_status" -eq 1 ] || [ "$_status" -eq 3 ]
		[ ! -s "$_at/out" ]
	done
	# what was authentic before the place went out to a pipe, and no more
	for n in $((head + chunk)) $((head + 2 * chunk)) $((head + 3 * chunk)) \
	    $((size - 1)); do
		head -c "$n" large.age >bad
		_capture blob-decrypt -k key.pem bad
		[ "$_status" -eq 1 ] || [ "$_status" -eq 3 ]
		cmp -n "$(stat -c %s "$_at/out")" large "$_at/out"
		[ "$(stat -c %s "$_at/out")" -lt 200000 ]
		[ $(($(stat -c %s "$_at/out") % 65536)) -eq 0 ]
		fails "$_status" '' blob-decrypt -k key.pem -o out.cut bad
		[ ! -e out.cut ]
	done
	{ cat large.age; printf x; } >bad
	_capture blob-decrypt -k key.pem -o out.cut bad
	[ "$_status" -eq 1 ]
	part() {
		tail -c +$((head + $1 * chunk + 1)) large.age | head -c $chunk
	}
	for n in '1 0 2' '0 2 1' '0 1' '0 0 1 2' '2 1 0' '0 1 2 2'; do
		{
			head -c "$head" large.age
			for i in $n; do part "$i"; done
			tail -c +$((head + 3 * chunk + 1)) large.age
		} >bad
		fails 1 '^blob-decrypt: bad: decryption failed$' \
		    blob-decrypt -k key.pem -o out.cut bad
		[ ! -e out.cut ]
	done
}

@test "age: headers that are none" {
	sed '1s/v1/v2/' small.age >bad
	fails 3 'bad: age: ' blob-decrypt -k key.pem bad
	printf 'age-encryption.org/v1\n--- x\n' >bad
	fails 3 'bad: age: ' blob-decrypt -k key.pem bad
	{ head -c 21 small.age; printf '\r'; tail -c +22 small.age; } >bad
	fails 3 'bad: age: ' blob-decrypt -k key.pem bad
	{ printf 'age-encryption.org/v1\n'; yes -- '-> x'; } | head -c 100000 >bad
	fails 3 'bad: age: ' blob-decrypt -k key.pem bad
}

@test "age: more recipients than may be" {
	local i
	for i in {1000..2000}; do
		echo "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA${i}AA"
	done >many
	head -n 1000 many >thousand
	tail -n 1 many >one
	fails 2 'more than 1000 recipients' \
	    blob-encrypt -k thousand -k one plain
}

@test "age: options that belong to others" {
	fails 2 'armor is for -f age only' \
	    blob-encrypt -k key.pub -f oaep --armor plain
	fails 2 'oaep-hash is for -f oaep only' \
	    blob-encrypt -k key.pub --oaep-hash sha1 plain
	fails 2 'encryptiondata-out is for -f cse only' \
	    blob-encrypt -k key.pub --encryptiondata-out m plain
	fails 2 'encryptiondata is for -f cse only' \
	    blob-decrypt -k key.pem -f age --encryptiondata small.age small.age
	fails 2 'threads: not a number from 1 to 64' \
	    blob-decrypt -k key.pem --threads 0 small.age
	fails 3 'small.age: .* bytes where 7 are expected' \
	    blob-decrypt -k key.pem --expect-size 7 small.age
	fails 3 'standard input: .* bytes where 7 are expected' \
	    blob-decrypt -k key.pem --expect-size 7 -o out.size < <(cat small.age)
	[ ! -e out.size ]
	blob-decrypt -k key.pem --expect-size "$(stat -c %s small.age)" \
	    < <(cat small.age) | cmp - plain
}
