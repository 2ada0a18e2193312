#!/usr/bin/env bats
# The tools that ask a sidecar, with skr-serve for it: their own tests of that,
# once more.
# folders: serve net azure

load ../lib

# again FILE FILTER N: so many of its tests run, and pass.
again() {
	# bats puts a part of itself, of the same name, first into PATH
	local path=${PATH//"${BATS_LIBEXEC:-/nowhere}:"/}
	local -a bats=(env)
	local name
	for name in "${!BATS_@}"; do
		bats+=(-u "$name")
	done
	"${bats[@]}" PATH="$path" SIDECAR=skr-serve bats --tap -f "$2" \
	    "$ROOT/tests/cli/$1" >"$BATS_TEST_TMPDIR/tap" 3>&- ||
		{ cat "$BATS_TEST_TMPDIR/tap" && return 1; }
	cat "$BATS_TEST_TMPDIR/tap"
	[ "$(grep -c '^ok [^#]*$' "$BATS_TEST_TMPDIR/tap")" -eq "$3" ]
}

@test "maa-token --skr" {
	again maa-token.bats '--skr' 2
}

@test "key-release --skr" {
	again key-release.bats '--skr lets|--skr: after' 2
}

@test "snp-report -s" {
	again snp-report.bats 'sidecar' 4
}
