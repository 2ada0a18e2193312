#!/usr/bin/env bats
# scripts/demo, in a folder whose name has a blank, and the script that it
# leaves behind.

load ../lib

sanitized() {
	[[ $BIN == */san* ]]
}

setup_file() {
	export DEMO="$BATS_FILE_TMPDIR/a folder"
	! sanitized || return 0
	"$ROOT/scripts/demo" --keep -b "$BIN" "$DEMO" >"$BATS_FILE_TMPDIR/said" 2>&1 || {
		cat "$BATS_FILE_TMPDIR/said"
		return 1
	}
}

teardown_file() {
	rm -rf "${DEMO:?}/run"
}

setup() {
	! sanitized || skip "too slow with the sanitizers"
	said=$BATS_FILE_TMPDIR/said
}

names() {
	jq -r '.[] | .name // empty' "$1"
}

@test "demo: each company's container opens its own rows, nobody else any" {
	local line
	[ "$(names "$DEMO/contoso/tee/mine.json" | wc -l)" = 3 ]
	[ "$(names "$DEMO/fabrikam/tee/mine.json" | wc -l)" = 2 ]
	[ "$(names "$DEMO/storage/records.json" | wc -l)" = 0 ]
	refute grep -q Lindqvist "$DEMO/storage/records.json" \
	    "$DEMO/fabrikam/tee/mine.json"
	[ ! -e "$DEMO/network/key.jwk" ] && [ ! -e "$DEMO/snooper/key.jwk" ]
	[ ! -e "$DEMO/contoso/home/vault-key.pem" ]
	for line in 'blob storage .* ciphertext  *ciphertext' \
	    'network .* ciphertext  *ciphertext' \
	    'standard container .* ciphertext  *ciphertext' \
	    'TEE of contoso .* 3 rows  *ciphertext' \
	    'TEE of fabrikam .* ciphertext  *2 rows'; do
		grep -q "^$line$" "$said"
	done
}

@test "demo: the zones have titles, lines are short, inputs are shown made" {
	local zone file
	for zone in 'At home' 'Blob storage' 'TEE memory' Network 'Standard container'; do
		grep -q "^== $zone: " "$said"
	done
	# but for the names of folders, which are as long as they are
	[ "$(awk -v dir="$BATS_FILE_TMPDIR" 'length($0) > 99 && !index($0, dir)' \
	    "$said")" = "" ]
	for file in rows.csv template.json release-policy.json app.sh; do
		grep -q "^\$ cat > $file <<" "$said"
	done
	for file in policy.rego deploy.json runtime.json report.bin token.jwt \
	    jwks.json public.json encrypted.csv records.json; do
		grep -Eq "(> |-o )$file" "$said"
	done
}

@test "demo: it ends with what to do next, and --keep left the stand-ins" {
	tail -n 8 "$said" | grep -q '^#     bash .*replay\.sh'
	tail -n 8 "$said" | grep -q '^#     \. .*/run/env'
	(. "$DEMO/run/env" && curl -sSf --cacert "$CACERT" -o "$BATS_TEST_TMPDIR/keys" \
	    "https://$MAA/certs")
	rm -rf "$DEMO/run"
	[ -x "$DEMO/replay.sh" ]
	refute grep -Ewq 'bats|strace|xxd|jose|age|ssh-keygen|zstd' "$DEMO/replay.sh"
}

@test "replay.sh does it again in a new folder, and in no other" {
	local new="$BATS_TEST_TMPDIR/a new one"
	bash "$DEMO/replay.sh" "$new" >"$BATS_TEST_TMPDIR/said" 2>&1 || {
		cat "$BATS_TEST_TMPDIR/said"
		return 1
	}
	[ "$(names "$new/contoso/tee/mine.json")" = \
	    "$(names "$DEMO/contoso/tee/mine.json")" ]
	[ "$(names "$new/fabrikam/tee/mine.json")" = \
	    "$(names "$DEMO/fabrikam/tee/mine.json")" ]
	[ ! -e "$new/run" ]
	run bash "$DEMO/replay.sh" "$new"
	[ "$status" -ne 0 ] && [[ $output == *'is not empty'* ]]
}

@test "replay.sh fails where what it runs does" {
	# another policy than the one that is deployed
	sed 's,^export FAKE_SEV_PKI=.*,export FAKE_SEV_PKI=$PKI FAKE_SEV_POLICY=$WORK/run/env \\,' \
	    "$DEMO/replay.sh" >"$BATS_TEST_TMPDIR/replay.sh"
	refute cmp -s "$DEMO/replay.sh" "$BATS_TEST_TMPDIR/replay.sh"
	run bash "$BATS_TEST_TMPDIR/replay.sh" "$BATS_TEST_TMPDIR/new"
	[ "$status" -ne 0 ]
	[[ $output == *'FAIL  host-data'* ]]
	[ ! -e "$BATS_TEST_TMPDIR/new/contoso/tee/key.jwk" ]
}

@test "demo: a wrong command line is status 2" {
	local wrong
	for wrong in --nosuch '-b' 'a b'; do
		run "$ROOT/scripts/demo" $wrong
		[ "$status" -eq 2 ]
		[[ $output == usage:* ]]
	done
}
