#!/usr/bin/env bats
# policy-hash --lint -- beside a stand-in for the platform's enforcer, which
# is asked what a host gets from the same policies.
# folders: lint
# shellcheck disable=SC2154

bats_require_minimum_version 1.5.0
load ../lib

judge() {
	python3 "$ROOT/scripts/judge-policies" "$@" "$BIN"
}

@test "nothing that lets the host in or never starts is said to be right" {
	run judge -n 60 --seed 5000
	[ "$status" -eq 0 ]
	grep -Eq '^open +0 ' <<<"$output"
	grep -Eq '^dead +0 ' <<<"$output"
	# there are some of each, or nothing was asked
	grep -Eq '^open +0 +[1-9]' <<<"$output"
	grep -Eq '^dead +0 +[1-9]' <<<"$output"
	grep -Eq '^safe +[1-9]' <<<"$output"
}

@test "no random pattern that a probe gets through is called harmless" {
	run judge -n 1 --seed 7 --patterns 600
	[ "$status" -eq 0 ]
	grep -Eq '^600 patterns, of which [1-9][0-9]* let .*: 0 called' \
	    <<<"$output"
}

@test "a tool that says yes to all is found out" {
	printf '#!/bin/sh\necho "{\\"lint\\":{\\"findings\\":[]}}"\n' \
	    >"$BATS_TEST_TMPDIR/policy-hash"
	chmod +x "$BATS_TEST_TMPDIR/policy-hash"
	run python3 "$ROOT/scripts/judge-policies" -n 20 --patterns 50 \
	    "$BATS_TEST_TMPDIR"
	[ "$status" -eq 1 ]
	grep -q 'but status 0' <<<"$output"
	grep -q 'is called harmless' <<<"$output"
}
