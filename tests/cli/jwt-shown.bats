#!/usr/bin/env bats
# jwt-claims -- what it shows: to a person at a terminal, and to a pipe.
# folders: token flow

load ../lib

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	rsa_key rsa.pem
	mint jwks k1=rsa.pem >jwks.json
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

mint() {
	fake mint "$@"
}

# claims FILTER: a token of what jq makes of an exp that is to come.
claims() {
	jq -cn "{exp: (now + 600 | floor)} | $1" | mint token rsa.pem >t.jwt
}

# at_terminal COLUMNS ARGUMENT...: what a terminal of that width is shown.
at_terminal() {
	local columns=$1
	shift
	script -qec "stty cols $columns; $(printf '%q ' jwt-claims -q \
		-k jwks.json "$@")" /dev/null </dev/null | tr -d '\r'
}

vm='"x-ms-attestation-type": "azurevm", "x-ms-azurevm-vmid": "1",
    "secureboot": true, "x-ms-isolation-tee": {
    "x-ms-attestation-type": "sevsnpvm", "x-ms-sevsnpvm-vmpl": 0,
    "x-ms-compliance-status": "azure-compliant-cvm",
    "x-ms-sevsnpvm-is-debuggable": false,
    "x-ms-sevsnpvm-hostdata": ("0" * 64)}'

@test "features of a confidential VM: nested, five of six" {
	claims ". + {$vm}"
	_capture jwt-claims -q -k jwks.json -f features t.jwt
	[ "$(grep -c '^yes  ' "$_at/out")" -eq 5 ]
	grep -q '^no   security policy ' "$_at/out"
	grep -qF 'AMD SEV-SNP TEE       x-ms-isolation-tee.x-ms-attestation-type = "sevsnpvm"' \
		"$_at/out"
}

@test "features: what is nested is no AMD guest if it says so" {
	claims ". + {$vm} |
	    .[\"x-ms-isolation-tee\"][\"x-ms-attestation-type\"] = \"tdxvm\""
	_capture jwt-claims -q -k jwks.json -f features t.jwt
	grep -q '^no   AMD SEV-SNP TEE .*tdxvm' "$_at/out"
	claims ". + {$vm} | del(.[\"x-ms-isolation-tee\"][\"x-ms-attestation-type\"])"
	_capture jwt-claims -q -k jwks.json -f features t.jwt
	grep -q '^yes  AMD SEV-SNP TEE .*x-ms-isolation-tee is there' "$_at/out"
	claims '. + {"x-ms-isolation-tee": "sevsnpvm"}'
	_capture jwt-claims -q -k jwks.json -f features t.jwt
	grep -q '^no   AMD SEV-SNP TEE ' "$_at/out"
	[ "$(grep -c '^yes  ' "$_at/out")" -eq 1 ]
}

@test "a file is no terminal: -o at one has neither signs nor colours" {
	claims ". + {$vm}"
	at_terminal 80 -f features -o features.txt t.jwt
	[ "$(grep -c '^yes  ' features.txt)" -eq 5 ]
	refute grep -q $'\x1b' features.txt
}

@test "the table: groups, one sentence a claim, a VM's claims by path" {
	local name
	claims ". + {$vm, iat: 1700000000, unheard: 1}"
	_capture jwt-claims -q -k jwks.json -f table t.jwt
	[ "$_status" -eq 0 ]
	[ "$(grep '^[a-zA-Z]' "$_at/out" | tr '\n' ,)" = \
		'token,platform,guest,policy,other,' ]
	for name in iat secureboot x-ms-azurevm-vmid \
		x-ms-isolation-tee.x-ms-sevsnpvm-vmpl; do
		# name, value, sentence
		grep -A2 -Fx "  $name" "$_at/out" | tail -n 1 |
			grep -q '^    [A-Z].*[a-z0-9]\.$'
	done
	grep -qFx '    1700000000 (2023-11-14T22:13:20Z)' "$_at/out"
}

@test "the table has a sentence for every claim of the real token" {
	need_vectors azure/maa-aci-token
	mint token rsa.pem <"$VECTORS/azure/maa-aci-token/jwt_payload.json" \
		>t.jwt
	_capture jwt-claims -q -U -f table t.jwt
	[ "$_status" -eq 0 ]
	[ "$(grep -c '^  [^ ]' "$_at/out")" -eq "$(jq length \
		"$VECTORS/azure/maa-aci-token/jwt_payload.json")" ]
	[ "$(grep -c '\.$' "$_at/out")" -eq "$(grep -c '^  [^ ]' "$_at/out")" ]
	refute grep -qx other "$_at/out"
	refute grep -q ' $' "$_at/out"
}

@test "the table is wrapped to the terminal" {
	claims ". + {$vm, \"x-ms-policy-hash\": (\"é \" * 200)}"
	for columns in 50 100; do
		at_terminal $columns -f table t.jwt >shown
		refute grep -q ".\{$((columns + 1))\}" <(grep -v '^ *[^ ]*$' shown)
		grep -q ".\{$((columns - 12))\}" shown
	done
	at_terminal 20 -f table t.jwt >shown
	grep -q '.\{39\}' shown
	# what has no blank stays whole, to be copied
	at_terminal 50 -f table t.jwt >shown
	grep -qx "    \"0\{64\}\"" shown
}

@test "controls in claims reach a pipe as they are, a terminal as \\u" {
	printf '{"exp":99999999999,"a":"\xc2\x9b31m\xe2\x80\xae\x7f","b":{"\xc2\x9b":1}}' |
		mint token rsa.pem >t.jwt
	_capture jwt-claims -q -k jwks.json t.jwt
	printf '{"exp":99999999999,"a":"\xc2\x9b31m\xe2\x80\xae\x7f","b":{"\xc2\x9b":1}}\n' |
		cmp - "$_at/out"
	want='{"exp":99999999999,"a":"\u009b31m\u202e\u007f","b":{"\u009b":1}}'
	[ "$(at_terminal 80 t.jwt)" = "$want" ]
	[ "$(at_terminal 80 --lines t.jwt)" = "$want" ]
	[ "$(at_terminal 80 -j .a --raw t.jwt)" = '\u009b31m\u202e\u007f' ]
	# the same text for whoever reads JSON
	[ "$(at_terminal 80 t.jwt | jq -c .)" = \
		"$(jwt-claims -q -k jwks.json t.jwt | jq -c .)" ]
	for format in table features; do
		at_terminal 80 -f $format t.jwt >shown
		refute grep -qP '\x9b|\x{202e}' shown
		refute grep -q $'\xc2\x9b' shown
	done
	jwt-claims -q -k jwks.json -f table t.jwt >shown
	refute grep -q $'\xc2\x9b' shown
}

@test "a published policy that allows everything is warned of" {
	claims '. + {"x-ms-sevsnpvm-hostdata":
	    "cadd74f71ebb8fbf9782baab649612520f3c416bc5ce9ac768808ddc8d9b031c"}'
	run --separate-stderr jwt-claims -k jwks.json t.jwt
	[ "$status" -eq 0 ]
	[[ $stderr == *"warning: the host data is a published policy that allows everything"* ]]
	run --separate-stderr jwt-claims -q -k jwks.json t.jwt
	[ -z "$stderr" ]
	claims '. + {"x-ms-sevsnpvm-hostdata": ("ab" * 32)}'
	run --separate-stderr jwt-claims -k jwks.json t.jwt
	[[ $stderr != *"allows everything"* ]]
}

@test "without a jq program libjq is not started; with one, once a worker" {
	count() {
		FAKE_JQ_COUNT=$PWD/count LD_PRELOAD=$FAKE/jq-count.so \
			jwt-claims -q -k jwks.json "$@" >out
		[ "$(cat count)" = "$want" ]
	}
	claims '. + {"x-ms-ver": "1"}'
	yes "$(cat t.jwt)" | head -n 2000 >many
	want='0 0'
	count t.jwt
	count -f features t.jwt
	count -f table -c 'x-ms-ver:="1"' t.jwt
	count --lines --threads 2 many
	want='1 1'
	count -j .exp t.jwt
	count --require '.exp > 0' t.jwt
	count --lines --threads 1 -j .exp many
	want='2 2'
	count --lines --threads 2 -j .exp many
	count -j .exp --require true t.jwt
	[ "$(wc -l <out)" -eq 1 ]
}

@test "a check that is no check is said before any token is read" {
	claims .
	for check in nonsense '=1' 'exp:=x' ':=1'; do
		fails 2 '^jwt-claims: -c' \
			jwt-claims -k jwks.json --lines -c "$check" t.jwt
		fails 2 '^jwt-claims: -c' \
			jwt-claims -k jwks.json -c "$check" absent.jwt
	done
}
