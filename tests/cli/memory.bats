#!/usr/bin/env bats
# Memory that runs out is the machine's fault, wherever it does: never an
# answer, never the input's.
# folders: crypto

bats_require_minimum_version 1.5.0
load ../lib

pki=$FAKE/pki

setup() {
	case $BUILD in */san) skip "the sanitizer brings its own malloc" ;; esac
	cd "$BATS_TEST_TMPDIR" || return
	rsa_key key.pem
	openssl pkey -in key.pem -pubout -out key.pub
}

# without N CMD...: run CMD, its Nth allocation failing; what it makes, on
# standard output or as the file out, is then in got, its status in status.
without() {
	local n=$1
	shift
	rm -f out
	status=0
	FAKE_FAIL=malloc FAKE_FAIL_AT=$n LD_PRELOAD=$FAKE/failing.so "$@" >got 2>err || status=$?
	[ ! -e out ] || mv out got
}

# starving CMD...: whichever of its allocations fails, of 40 up to its last,
# all is well and what it makes as it should be, or it is 4 and there is
# nothing.
starving() {
	local n last=1 status
	without 0 "$@"
	[ "$status" -eq 0 ]
	mv got want
	# the last that there is, or some time behind it
	until without "$last" "$@" && [ "$status" -eq 0 ]; do
		last=$((last * 2))
		[ "$last" -lt 1000000 ]
	done
	[ "$last" -gt 64 ]
	for ((n = 1; n < last; n += last / 40 + 1)); do
		without "$n" "$@"
		if [ "$status" -eq 0 ]; then
			cmp got want
			continue
		fi
		echo "allocation $n of $last, status $status: $*"
		cat err
		[ "$status" -eq 4 ]
		[ ! -s got ]
		[ "$(wc -l <err)" -eq 1 ]
		grep -Eq 'memory|libcrypto: no ' err
		[ -z "$(find . -name '.teeutils*')" ]
	done
}

@test "a record is not left as it is because memory ran out" {
	echo '[{"a":"x","b":"y"}]' >rec.json
	blob-encrypt -k key.pub -f fields --fields a -o enc.json rec.json
	starving blob-decrypt -k key.pem --skip-undecryptable -o out enc.json
}

@test "a good tag is not called wrong" {
	echo plain | blob-encrypt -k key.pub -o small.age
	starving blob-decrypt -k key.pem -o out small.age
}

@test "a good signature is not called bad" {
	fake mint jwks k1=key.pem >jwks.json
	jq -cn --argjson now "$(date +%s)" '{iss: "https://maa.example",
	    iat: $now, nbf: $now, exp: ($now + 3600)}' |
		fake mint token key.pem >token.jwt
	starving jwt-claims -q -k jwks.json token.jwt
}

@test "good evidence is not called forged" {
	with_device env FAKE_SEV_PKI="$pki/milan" "$BIN/snp-report" \
		-o report.bin
	starving snp-verify --root "$pki/milan/ark.pem" \
		--certs "$pki/milan/full.pem" report.bin
}
