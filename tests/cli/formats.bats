#!/usr/bin/env bats
# The strict readers beside other implementations of the same formats; more
# of it by hand: scripts/judge-formats -n 100000 --seed 2
# folders: codec value jose

load ../lib

@test "JSON, base 64 and tokens are read as Python, jq and jwcrypto do, or refused" {
	"$ROOT/scripts/judge-formats" -n 400 "$BIN" >"$BATS_TEST_TMPDIR/table"
	grep -q 'json, jq: both take' "$BATS_TEST_TMPDIR/table"
	grep -q 'b64-policy: both take' "$BATS_TEST_TMPDIR/table"
}

# With readers that take what they should not, it says so.
@test "and a reader that takes everything is found" {
	local dir=$BATS_TEST_TMPDIR/build
	mkdir -p "$dir/unit"
	printf '%s\n' '#!/bin/sh' 'sed s/^/+/' >"$dir/unit/readers"
	chmod +x "$dir/unit/readers"
	ln -s "$BIN/jwt-claims" "$dir/"
	run "$ROOT/scripts/judge-formats" -n 100 "$dir"
	[ "$status" -eq 1 ]
	[[ $output == *"json, python: taken here alone"* ]]
	[[ $output == *"b64-std: a difference"* ]]
}
