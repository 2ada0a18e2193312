#!/usr/bin/env bats
# jwt-claims -- what verifiers have fallen for, and must not.
# folders: jose token

load ../lib

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	rsa_key rsa.pem
	fake mint jwks k1=rsa.pem >jwks.json
	mkdir tokens
	fake hostile-tokens rsa.pem tokens
}

@test "every hostile token is refused, with its status and without output" {
	local token name bad=0 n=0
	cd "$BATS_FILE_TMPDIR" || return
	succeeds jwt-claims -k jwks.json -i https://maa.example tokens/good.jwt
	for token in tokens/[0-9]-*; do
		name=${token##*/}
		fails "${name%%-*}" . jwt-claims -k jwks.json \
			-i https://maa.example "$token" || {
			echo "accepted or misjudged: $name" >&2
			bad=$((bad + 1))
		}
		n=$((n + 1))
	done
	echo "$n tokens, $bad not as they should be" >&2
	[ "$n" -ge 200 ]
	[ "$bad" -eq 0 ]
}

@test "the same tokens, one a line: none passes and the lines say where" {
	local n
	cd "$BATS_FILE_TMPDIR" || return
	for token in tokens/[0-9]-*; do
		[ "$(wc -l <"$token")" -eq 1 ] && ! grep -qP '\x00' "$token" || continue
		cat "$token"
	done >lines
	cat tokens/good.jwt >>lines
	n=$(wc -l <lines)
	_capture jwt-claims -q -k jwks.json -i https://maa.example --lines lines
	[ "$_status" -eq 3 ]
	[ "$(wc -l <"$_at/out")" -eq "$n" ]
	[ "$(jq -c 'select(.error) | .line' "$_at/out" | tail -n 1)" -eq $((n - 1)) ]
	[ "$(jq -c 'select(.iss == "https://maa.example")' "$_at/out" | wc -l)" -eq 1 ]
}
