#!/usr/bin/env bats
# blob-encrypt and blob-decrypt -- key files as people have them: from a vault,
# openssl, ssh-keygen and keytool; several keys, and what the data says of the
# one it takes.  What a JWK says that it is for decides or refuses.
# folders: crypto jose host
# shellcheck disable=SC2154

bats_require_minimum_version 1.5.0
load ../lib
load ../blob

setup_file() {
	begin_blob
	openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem \
	    -subj /CN=x -days 9 2>/dev/null
	openssl req -x509 -newkey rsa:2048 -nodes -keyout other.pem \
	    -out other.crt -subj /CN=y -days 9 2>/dev/null
	openssl rsa -in key.pem -traditional -out pkcs1.pem 2>/dev/null
	openssl pkey -in key.pem -pubout -out key.pub
	printf secret >phrase
	jwk_of key.pem >key.jwk
	jwk_of other.pem >other.jwk
	printf 'attack at dawn' >plain
	blob-encrypt -k key.pub -f oaep plain >blob
}

opens() {
	same plain blob-decrypt -k "$1" "${@:2}" blob
}

# What was sealed with the file is opened with the key.
seals() {
	same plain blob-decrypt -k key.pem \
	    < <(blob-encrypt -f oaep -k "$@" plain)
}

# --- a vault's ------------------------------------------------------------------

# az keyvault key show -o json: standard base64 with padding, null for what
# there is not, keyOps.
az_show() {
	jq -c '{attributes: {enabled: true, expires: null}, key: (
	    {crv: null, d: null, dp: null, dq: null, k: null, keyHsm: null,
	    p: null, q: null, qi: null, x: null, y: null, kty: "RSA",
	    kid: "https://v.vault.azure.net/keys/k/1",
	    keyOps: ["encrypt", "wrapKey"]} + ({n, e} | map_values(
	    gsub("-"; "+") | gsub("_"; "/") |
	    . + "=" * ((4 - length % 4) % 4)))), managed: null} | '"$1" key.jwk
}

@test "az keyvault key show" {
	az_show . >az.json
	grep -q '=="' az.json
	seals az.json
	az_show '.key.keyOps = ["sign"]' >sign.json
	fails 1 'sign.json: jwk: key_ops does not allow encrypt' \
	    blob-encrypt -k sign.json plain
	fails 1 'az.json: jwk: key_ops does not allow decrypt' \
	    blob-decrypt -k az.json blob
	az_show '.key.keyOps += ["decrypt"]' >public.json
	fails 3 'public.json: a public key; decrypting needs the private one' \
	    blob-decrypt -k public.json blob
	# outside of a bundle a JWK is what RFC 7517 says
	az_show .key >bare.json
	fails 3 'bare.json: jwk: ' blob-encrypt -k bare.json plain
	az_show '.key.n |= .[:40]' >bad.json
	fails 3 'bad.json: jwk: ' blob-encrypt -k bad.json plain
	az_show '.key.e = null' >bad.json
	fails 3 'bad.json: jwk: e' blob-encrypt -k bad.json plain
}

# --- openssl's ------------------------------------------------------------------

@test "PEM with text around and certificates beside" {
	{ printf 'Bag Attributes\n    localKeyID: 01\n'; cat key.pem; } >bag.pem
	cat key.pem cert.pem other.crt >both.pem
	cat other.crt cert.pem key.pem >behind.pem
	for f in bag.pem both.pem behind.pem; do
		opens $f
		seals $f
	done
	sed 's/$/\r/' both.pem >crlf.pem
	opens crlf.pem
	# of a chain the first is the one
	cat cert.pem other.crt >chain.pem
	seals chain.pem
	fails 3 'chain.pem: a public key' blob-decrypt -k chain.pem blob
}

@test "PEM: several private keys, in one file or in more" {
	cat other.pem key.pem >two.pem
	opens two.pem
	same plain blob-decrypt -k other.pem -k key.pem blob
	fails 2 'oaep is for one recipient, and there are 2 keys' \
	    blob-encrypt -k two.pem -f oaep plain
	fails 4 'gone: no such file' blob-decrypt -k key.pem -k gone blob
}

@test "PEM: what is cut short or no key" {
	head -c 900 key.pem >bad.pem
	fails 3 'bad.pem: key: ' blob-decrypt -k bad.pem blob
	cat key.pem bad.pem >half.pem
	fails 3 'half.pem: key: ' blob-decrypt -k half.pem blob
	openssl req -new -key key.pem -subj /CN=x -out csr.pem
	fails 3 'csr.pem: key: PEM, but no key in it' \
	    blob-encrypt -k csr.pem plain
	printf -- '-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nAAAA\n%s\n' \
	    '-----END PGP PRIVATE KEY BLOCK-----' >pgp.asc
	fails 3 'pgp.asc: key: PGP PRIVATE KEY BLOCK' \
	    blob-decrypt -k pgp.asc blob
	grep -q 'hint: .*gpg --export-ssh-key' "$_at/err"
}

@test "DER: PKCS#8, plain and encrypted, PKCS#1, SPKI, a certificate" {
	openssl pkcs8 -topk8 -nocrypt -in key.pem -outform DER -out p8.der
	openssl pkcs8 -topk8 -in key.pem -passout file:phrase -outform DER \
	    -out locked.der
	openssl rsa -in key.pem -traditional -outform DER -out p1.der \
	    2>/dev/null
	openssl pkey -in key.pem -pubout -outform DER -out spki.der
	openssl x509 -in cert.pem -outform DER -out cert.der
	opens p8.der
	opens p1.der
	base64 p8.der >p8.b64
	opens p8.b64
	opens locked.der --passphrase-file phrase
	fails 1 'locked.der: passphrase needed' blob-decrypt -k locked.der blob
	seals spki.der
	seals cert.der
	seals p8.der
	head -c 500 p8.der >bad.der
	fails 3 'bad.der: key: ' blob-decrypt -k bad.der blob
	{ cat p8.der; echo; } >bad.der
	fails 3 'bad.der: key: ' blob-decrypt -k bad.der blob
}

@test "PKCS#12, with a passphrase, with an empty one, and changed" {
	openssl pkcs12 -export -inkey key.pem -in cert.pem -passout file:phrase \
	    -out k.p12
	opens k.p12 --passphrase-file phrase
	seals k.p12 --passphrase-file phrase
	fails 1 'k.p12: passphrase needed' blob-decrypt -k k.p12 blob
	printf wrong >wrong
	fails 1 'k.p12: wrong passphrase' \
	    blob-decrypt -k k.p12 --passphrase-file wrong blob
	openssl pkcs12 -export -inkey key.pem -in cert.pem -passout pass: \
	    -out empty.p12
	opens empty.p12
	openssl pkcs12 -export -nokeys -in cert.pem -passout pass: -out no.p12
	fails 3 'no.p12: PKCS#12: no private key in it' \
	    blob-decrypt -k no.p12 blob
	head -c 700 k.p12 >bad.p12
	fails 3 'bad.p12: key: PKCS#12: truncated' \
	    blob-decrypt -k bad.p12 --passphrase-file phrase blob
	python3 - <<'END'
data = bytearray(open("k.p12", "rb").read())
data[200] ^= 1
open("bad.p12", "wb").write(data)
END
	fails 1 'bad.p12: wrong passphrase' \
	    blob-decrypt -k bad.p12 --passphrase-file phrase blob
}

# --- ssh-keygen's ---------------------------------------------------------------

@test "OPENSSH PRIVATE KEY, and what ssh-keygen -p says to an encrypted one" {
	command -v ssh-keygen >/dev/null || skip "no ssh-keygen"
	ssh-keygen -q -t rsa -b 2048 -N '' -f id
	blob-encrypt -k id.pub -o ssh.age plain
	same plain blob-decrypt -k id ssh.age
	ssh-keygen -q -p -P '' -N secret -f id
	fails 3 'id: ssh: an encrypted OpenSSH key' blob-decrypt -k id ssh.age
	grep -q 'hint: ssh-keygen -p' "$_at/err"
	ssh-keygen -q -p -P secret -N '' -f id
	head -c 900 id >bad
	fails 3 'bad: ' blob-decrypt -k bad ssh.age
	fails 3 'id.pub: a public key; decrypting needs the private one' \
	    blob-decrypt -k id.pub ssh.age
	ssh-keygen -q -t ecdsa -N '' -f ec
	fails 3 'ec.pub: ssh: a key of the kind ecdsa-sha2-nistp256' \
	    blob-encrypt -k ec.pub plain
	fails 3 'ec: ssh: a key of the kind ecdsa-sha2-nistp256' \
	    blob-decrypt -k ec ssh.age
}

@test "OPENSSH PRIVATE KEY: any byte that matters changed is refused" {
	command -v ssh-keygen >/dev/null || skip "no ssh-keygen"
	ssh-keygen -q -t rsa -b 2048 -N '' -C '' -f flip
	blob-encrypt -k flip.pub -o flip.age plain
	python3 - <<'END'
import base64
lines = open("flip").read().split("\n")
data = bytearray(base64.b64decode("".join(lines[1:-2])))
for i in (0, 16, 30, 40, 60, 200, 340, 350, 400, 700, len(data) - 1):
    bad = bytearray(data)
    bad[i] ^= 0x20
    text = base64.b64encode(bad).decode()
    open("flip.%d" % i, "w").write(lines[0] + "\n" + text + "\n" + lines[-2])
END
	local f n=0
	for f in flip.[0-9]*; do
		fails 3 "^blob-decrypt: $f: " blob-decrypt -k "$f" flip.age
		n=$((n + 1))
	done
	[ $n -eq 11 ]
}

@test "SSH lines: several to a file, comments between them" {
	command -v ssh-keygen >/dev/null || skip "no ssh-keygen"
	{
		echo '# who may read it'
		ssh-keygen -i -m PKCS8 -f key.pub
		echo
		openssl pkey -in other.pem -pubout -out other.pub
		ssh-keygen -i -m PKCS8 -f other.pub
	} >team
	blob-encrypt -k team -o team.age plain
	[ "$(grep -ac '^-> ssh-rsa' team.age)" -eq 2 ]
	same plain blob-decrypt -k key.pem team.age
	same plain blob-decrypt -k other.pem team.age
	echo 'ssh-rsa AAAA' >>team
	fails 3 'team: line 5: ssh: malformed key' blob-encrypt -k team plain
	{ sed -n 2p team; echo nonsense; } >bad
	fails 3 'bad: line 2: neither an SSH key nor' blob-encrypt -k bad plain
}

@test "age's own keys: identities and recipients, with comments; strict bech32" {
	command -v age-keygen >/dev/null || skip "no age"
	age-keygen -o age.one 2>/dev/null
	age-keygen -o age.two 2>/dev/null
	{
		echo '# the team'
		age-keygen -y age.one
		echo
		age-keygen -y age.two
	} >team
	blob-encrypt -k team -o team.age plain
	[ "$(grep -ac '^-> X25519' team.age)" -eq 2 ]
	cat age.one age.two >both
	for k in age.one age.two both; do
		same plain blob-decrypt -k "$k" team.age
	done
	# an identity is as good as its recipient
	same plain age -d -i age.one <(blob-encrypt -k age.one plain)
	fails 3 'team: a public key' blob-decrypt -k team team.age
	local at c line
	line=$(age-keygen -y age.one)
	for at in 4 10 40 61; do
		c=${line:at:1}
		printf '%s\n' "${line:0:at}$([ "$c" = q ] && echo p ||
		    echo q)${line:at+1}" >bad
		fails 3 'bad: age: bech32: .*checksum' blob-encrypt -k bad plain
	done
	printf '%s\n' "${line:0:40}" >bad
	fails 3 'bad: age: bech32: ' blob-encrypt -k bad plain
	printf '%s\n' "${line}q" >bad
	fails 3 'bad: age: bech32: ' blob-encrypt -k bad plain
	tr a-z A-Z <<<"$line" >bad
	fails 3 'bad: ' blob-encrypt -k bad plain
	# one letter in capitals (a digit has none)
	sed 's/[a-z][^a-z]*$/\U&/' <<<"$line" >bad
	fails 3 'bad: age: bech32: ' blob-encrypt -k bad plain
	grep AGE-SECRET age.one | tr A-Z a-z >bad
	fails 3 'bad: ' blob-decrypt -k bad team.age
	echo 'age1yubikey1qqqq' >bad
	fails 3 'bad: age: a recipient of another kind' blob-encrypt -k bad plain
	grep -q 'hint: age -r' "$_at/err"
	fails 3 'team.age: an encrypted file of age' blob-decrypt -k team.age plain
}

# --- what is not read -----------------------------------------------------------

@test "what is a key but not read is named, with what converts it" {
	printf 'PuTTY-User-Key-File-3: ssh-rsa\n' >k.ppk
	fails 3 'k.ppk: PuTTY' blob-decrypt -k k.ppk blob
	grep -q 'hint: puttygen FILE -O private-openssh' "$_at/err"
	printf -- '---- BEGIN SSH2 PUBLIC KEY ----\n' >k.ssh2
	fails 3 'k.ssh2: SSH2' blob-encrypt -k k.ssh2 plain
	grep -q 'hint: ssh-keygen -i' "$_at/err"
	printf '\xfe\xed\xfe\xed\0\0\0\2' >k.jks
	fails 3 'k.jks: a Java key store' blob-decrypt -k k.jks blob
	grep -q 'hint: keytool -importkeystore' "$_at/err"
	blob-encrypt -k key.pub -f jwe key.jwk >locked.jwk
	fails 3 'locked.jwk: an encrypted JWK' blob-decrypt -k locked.jwk blob
	grep -q 'hint: step crypto jwe decrypt' "$_at/err"
	printf '\x95\x01\x02\x03' >k.gpg
	fails 3 "k.gpg: GnuPG's form" blob-decrypt -k k.gpg blob
	{ printf '\xef\xbb\xbf'; cat key.pem; } >bom.pem
	fails 3 'bom.pem: key: .*byte order mark' blob-decrypt -k bom.pem blob
	iconv -t utf-16 key.pem >wide.pem
	fails 3 'wide.pem: key: ' blob-decrypt -k wide.pem blob
}

# --- what a JWK says ------------------------------------------------------------

header() {
	cut -d. -f1 | tr '_-' '/+' | base64 -d 2>/dev/null
}

@test "a JWK's alg decides how it is sealed" {
	jq -c '. + {alg: "RSA-OAEP"}' key.jwk >sha1.jwk
	blob-encrypt -k sha1.jwk -f jwe plain >sha1.jwe
	header <sha1.jwe | grep -q '"alg":"RSA-OAEP",'
	same plain blob-decrypt -k key.pem sha1.jwe
	same plain blob-decrypt -k sha1.jwk sha1.jwe
	blob-encrypt -k sha1.jwk -f oaep plain >sha1.blob
	same plain blob-decrypt -k sha1.jwk sha1.blob
	same plain blob-decrypt -k key.pem --oaep-hash sha1 sha1.blob
	blob-encrypt -k sha1.jwk -f cse --kid k --encryptiondata-out m \
	    -o sha1.cse plain
	grep -q '"Algorithm":"RSA-OAEP"' m
	same plain blob-decrypt -q -k sha1.jwk --encryptiondata m sha1.cse
	echo '{"name":"a"}' >one
	blob-encrypt -k sha1.jwk -f fields --fields name one >one.sha1
	same one blob-decrypt -k key.pem --oaep-hash sha1 one.sha1
	local alg
	for alg in RSA-OAEP-384 RSA-OAEP-512; do
		jq -c ". + {alg: \"$alg\"}" key.jwk >oaep.jwk
		blob-encrypt -k oaep.jwk -f jwe plain >oaep.jwe
		header <oaep.jwe | grep -q "\"alg\":\"$alg\","
		same plain blob-decrypt -k key.pem oaep.jwe
		fails 1 'the key says that it is for alg RSA-OAEP, not' \
		    blob-decrypt -k sha1.jwk oaep.jwe
	done
	jq -nc '{kty: "oct", alg: "A128GCMKW", k: "AAECAwQFBgcICQoLDA0ODw"}' \
	    >gcm.jwk
	blob-encrypt -k gcm.jwk -f jwe plain >gcm.jwe
	header <gcm.jwe | grep -q '"alg":"A128GCMKW","iv":"[^"]*","tag":"'
	same plain blob-decrypt -k gcm.jwk gcm.jwe
	blob-encrypt -k gcm.jwk -k key.pub -f jwe plain >two.jwe
	same plain blob-decrypt -k gcm.jwk two.jwe
	same plain blob-decrypt -k key.pem two.jwe
	jq -c '.recipients[0].header.tag = "AAAAAAAAAAAAAAAAAAAAAA"' two.jwe \
	    >bad.jwe
	fails 1 'bad.jwe: decryption failed' blob-decrypt -k gcm.jwk bad.jwe
	jq -c '.recipients[0].header.tag = "AAAA"' two.jwe >bad.jwe
	fails 3 'header: tag: 3 bytes where 16 belong' \
	    blob-decrypt -k gcm.jwk bad.jwe
	jq -c 'del(.recipients[0].header.iv)' two.jwe >bad.jwe
	fails 3 'header: iv' blob-decrypt -k gcm.jwk bad.jwe
	echo '{"kty":"oct","alg":"dir","k":"AAECAwQFBgcICQoLDA0ODw"}' >dir.jwk
	blob-encrypt -k dir.jwk -f jwe plain >dir.jwe
	header <dir.jwe | grep -q '"alg":"dir"'
	same plain blob-decrypt -k dir.jwk dir.jwe
}

@test "a JWK's alg refuses what it is not for, in both directions" {
	jq -c '. + {alg: "RSA-OAEP"}' key.jwk >sha1.jwk
	jq -c '. + {alg: "RSA-OAEP-256"}' key.jwk >sha256.jwk
	jq -c '. + {alg: "RSA1_5"}' key.jwk >old.jwk
	fails 1 'key says that it is for alg RSA-OAEP, which is not the OAEP' \
	    blob-encrypt -k sha1.jwk -f oaep --oaep-hash sha256 plain
	fails 1 'key says that it is for alg RSA-OAEP, not RSA-OAEP-256' \
	    blob-encrypt -k sha1.jwk plain
	blob-encrypt -k key.pub -o plain.age plain
	fails 1 'key says that it is for alg RSA-OAEP, not RSA-OAEP-256' \
	    blob-decrypt -k sha1.jwk plain.age
	same plain blob-decrypt -k sha256.jwk plain.age
	blob-encrypt -k key.pub -f jwe plain >plain.jwe
	fails 1 'jwe: the key says that it is for alg RSA-OAEP, not RSA-OAEP-256' \
	    blob-decrypt -k sha1.jwk plain.jwe
	fails 1 'blob: decryption failed' blob-decrypt -k sha1.jwk blob
	for f in age oaep jwe; do
		fails 1 'key says that it is for alg RSA1_5' \
		    blob-encrypt -k old.jwk -f $f plain
	done
	fails 1 'key says that it is for alg RSA1_5' \
	    blob-decrypt -k old.jwk blob
	echo '{"kty":"oct","alg":"A128KW","k":"AAECAwQFBgcICQoLDA0ODw"}' >kw.jwk
	sed s/A128KW/A128GCMKW/ kw.jwk >gcmkw.jwk
	blob-encrypt -k kw.jwk -f jwe plain >kw.jwe
	same plain blob-decrypt -k kw.jwk kw.jwe
	fails 1 'the key says that it is for alg A128GCMKW, not A128KW' \
	    blob-decrypt -k gcmkw.jwk kw.jwe
	jq -c '. + {alg: 5}' key.jwk >bad.jwk
	fails 3 'bad.jwk: jwk: alg is a number' blob-decrypt -k bad.jwk blob
}

@test "the data's own kid picks of a set, and nothing but that key is tried" {
	jq -sc '{keys: [.[0] + {kid: "a"}, .[1] + {kid: "b"}]}' \
	    key.jwk other.jwk >set.jwks
	local k
	for k in a b; do
		blob-encrypt -k set.jwks --kid $k -f jwe plain >$k.jwe
		blob-encrypt -k set.jwks --kid $k -f cse \
		    --encryptiondata-out $k.meta -o $k.cse plain
		same plain blob-decrypt -k set.jwks $k.jwe
		same plain blob-decrypt -q -k set.jwks \
		    --encryptiondata $k.meta $k.cse
	done
	# named after the one, made for the other
	blob-encrypt -k key.pem --kid b -f jwe plain >lie.jwe
	fails 1 'lie.jwe: decryption failed' blob-decrypt -k set.jwks lie.jwe
	same plain blob-decrypt -k key.pem lie.jwe
	blob-encrypt -k key.pem --kid b -f cse --encryptiondata-out lie.meta \
	    -o lie.cse plain
	fails 1 'lie.cse: decryption failed' blob-decrypt -q -k set.jwks \
	    --encryptiondata lie.meta lie.cse
	# named after none: any that fits
	blob-encrypt -k other.pem --kid c -f jwe plain >none.jwe
	same plain blob-decrypt -k set.jwks none.jwe
}

@test "a set leaves out what is not meant for it" {
	jq -sc '{keys: [.[1] + {use: "sig"}, {kty: "new"}, .[0]]}' \
	    key.jwk other.jwk >mixed.jwks
	seals mixed.jwks
	opens mixed.jwks
	jq -c '{keys: [. + {use: "sig"}, . + {kid: "x", alg: "RS256"}]}' \
	    key.jwk >sig.jwks
	fails 1 'sig.jwks: jwk set: of its 2 keys none is meant for this' \
	    blob-encrypt -k sig.jwks -f oaep plain
	jq -sc '{keys: [.[] + {kid: "a"}]}' key.jwk other.jwk >twice.jwks
	fails 3 'twice.jwks: jwk set: two different keys under one kid' \
	    blob-decrypt -k twice.jwks blob
}

@test "go-jose's general form has the first encrypted_key once more" {
	echo '{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODw"}' >a.jwk
	echo '{"kty":"oct","k":"EBESExQVFhcYGRobHB0eHw"}' >b.jwk
	blob-encrypt -k a.jwk -k b.jwk -f jwe plain >both.json
	jq -c '.encrypted_key = .recipients[0].encrypted_key' both.json >go.json
	same plain blob-decrypt -k a.jwk go.json
	same plain blob-decrypt -k b.jwk go.json
	jq -c '.encrypted_key = .recipients[1].encrypted_key' both.json >bad
	fails 3 'header or encrypted_key beside' blob-decrypt -k b.jwk bad
	jq -c '.header = {}' both.json >bad
	fails 3 'header or encrypted_key beside' blob-decrypt -k b.jwk bad
}
