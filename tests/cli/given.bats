#!/usr/bin/env bats
# What is given where something else belongs is named, and so is where it does.
# folders: evidence host jose blob token azure

load ../lib

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	cp "$ROOT"/tests/data/{token.jwt,token.jwks.json,chain.pem,report.bin} .
	key-release -G -k wrap.pem -o runtime.json
	printf 'package policy\n' >p.rego
	printf '\xd2\x84\x43\xa1\x01\x26' >uvm.cose
	printf 'name,phone\nAda,1\n' >r.csv
	url=https://v.vault.azure.net/keys/k
	export url
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

@test "no report" {
	local -A is=(
		[token.jwt]='a token, not a report'
		[runtime.json]='a key set, not a report'
		[wrap.pem]='a key or the like in PEM, not a report'
		[chain.pem]='certificates, not a report'
		[p.rego]='a policy, not a report'
		[uvm.cose]='a COSE document, not a report'
	)
	local file
	for file in "${!is[@]}"; do
		fails 3 "$file: ${is[$file]}\$" snp-verify "$file"
		fails 3 "$file: ${is[$file]}\$" snp-verify --show "$file"
		fails 3 "$file: ${is[$file]}\$" \
			maa-token -e maa.example -r runtime.json "$file"
		fails 3 "$file: ${is[$file]}\$" policy-hash -c @"$file" p.rego
	done
	fails 3 'token.jwt: a token' snp-verify token.jwt
	hinted 'jwt-claims -k JWKS TOKEN'
	fails 3 'token.jwt: a token' policy-hash -c @token.jwt p.rego
	hinted 'jwt-claims -k JWKS -p POLICY TOKEN compares its host data'
	# one that is cut stays what it is
	head -c 1000 report.bin >cut
	fails 3 'cut: report: 1000 bytes instead of 1184' snp-verify cut
}

@test "no key" {
	fails 3 'token.jwt: a token, not a key$' blob-decrypt -k token.jwt p.rego
	hinted 'key-release -t'
	fails 3 'token.jwt: a token, not a key$' \
		key-release -k token.jwt -t token.jwt -o k "$url"
	fails 1 'runtime.json: jwk: key_ops does not allow decrypt' \
		key-release -k runtime.json -t token.jwt -o k "$url"
	hinted '-k is the private key that key-release -G wrote'
	fails 3 'p.rego: key: no form that is known' blob-encrypt -k p.rego p.rego
	hinted 'keys are read as JWK'
	fails 3 'token.jwt: a token, not a key set' jwt-claims -k token.jwt token.jwt
	for file in p.rego report.bin; do
		fails 3 "$file: no key set: neither JSON nor PEM" \
			jwt-claims -k "$file" token.jwt
		hinted 'maa-token --keys'
	done
}

@test "another policy: what compares two" {
	fails 1 'the hash is' policy-hash -c "$(printf x | sha256sum | cut -c -64)" p.rego
	hinted 'policy-hash --diff OTHER FILE'
	# but not where the reason is known
	fails 1 'the hash is' policy-hash -c "$(printf 'package policy' |
		sha256sum | cut -c -64)" p.rego
	hinted 'the value given is the hash of'
}

@test "no format, and a field with its tail" {
	local tool
	for tool in blob-encrypt blob-decrypt; do
		fails 2 '--format: not one of' "$tool" -k wrap.pem -f csv r.csv
		hinted '-f fields --records csv'
		fails 2 '--format: not one of' "$tool" -k wrap.pem -f json r.csv
		hinted '-f fields'
		fails 2 '--format: not one of' "$tool" -k wrap.pem -f rsa r.csv
		hinted '-f oaep'
		fails 2 '--format: not one of' "$tool" -k wrap.pem -f xyzzy r.csv
		hinted 'age is for files'
		fails 2 '--format: not one of' "$tool" -k wrap.pem -f agee r.csv
		hinted 'did you mean age?'
		fails 3 'no column is named name_encrypted' "$tool" -k wrap.pem \
			-f fields --records csv --fields name_encrypted r.csv
		hinted 'without _encrypted'
		fails 3 'no column is named nosuch' "$tool" -k wrap.pem \
			-f fields --records csv --fields nosuch r.csv
		[ "$(grep -c . "$_at/err")" -eq 1 ]
	done
}
