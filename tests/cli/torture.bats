#!/usr/bin/env bats
# A few of the calls of scripts/torture, which lets each fail in its turn.
# folders: ground
# shellcheck disable=SC2016

load ../lib

setup() {
	case $BUILD in */san) skip "the sanitizer brings its own malloc" ;; esac
	cd "$BATS_TEST_TMPDIR" || return
}

@test "whichever call fails: 4 or 5 and nothing made, or all is well" {
	"$ROOT/scripts/torture" -b "$BIN" -m 2 jwt-claims 'blob-decrypt age' \
	    maa-token >table
	cat table
	[ "$(grep -c 'malloc [1-9].* read [1-9].* write [1-9]' table)" -eq 3 ]
	grep -q 'fsync [1-9].* rename [1-9]' table
	grep -q 'socket [1-9].* connect [1-9].* recv [1-9]' table
	grep -q ' points, 0 not well$' table
}

@test "a tool that blames its input, or leaves half a file, is seen" {
	mkdir bin
	ln -s "$BIN"/* bin
	rm bin/policy-hash bin/snp-report
	printf '#!/bin/sh\n%s "$@"; s=$?; [ $s -eq 0 ] || exit 3\n' \
	    "$BIN/policy-hash" >bin/policy-hash
	printf '#!/bin/sh\n%s "$@"; s=$?; [ $s -eq 0 ] || { echo x >out/.x; exit $s; }\n' \
	    "$BIN/snp-report" >bin/snp-report
	chmod +x bin/policy-hash bin/snp-report
	refute "$ROOT/scripts/torture" -b bin -m 2 -k write policy-hash \
	    snp-report >table
	cat table
	grep -q '^policy-hash, write [0-9]*: status 3: ' table
	grep -q '^snp-report, write [0-9]*: leaves .*\.x' table
}
