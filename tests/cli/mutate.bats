#!/usr/bin/env bats
# scripts/mutate over a checkout of one file, whose test notices one thing of two.
# folders: ground
# shellcheck disable=SC2016

load ../lib

@test "a change that no test notices survives, one that a test notices does not" {
	local dir=$BATS_TEST_TMPDIR/tree
	mkdir -p "$dir"/{scripts,tests/unit/jose,tests/fuzz,tests/fake,common/jose} \
	    "$dir/tests/cli" "$dir/tests/data" "$dir/cmd"
	cd "$dir"
	cp "$ROOT/scripts/mutate" scripts
	cp "$ROOT/tests/run" tests
	cat >Makefile <<'END'
all unit fuzz-bin fake: $(B)/libteeutils.a $(B)/unit/jose/two
$(B)/obj/common/jose/two.o: common/jose/two.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -Icommon -c -o $@ common/jose/two.c
$(B)/libteeutils.a: $(B)/obj/common/jose/two.o
	$(AR) rcs $@ $^
$(B)/unit/jose/two: tests/unit/jose/two.c $(B)/libteeutils.a
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(LDFLAGS)
END
	printf '#!/bin/sh\n: >"$1"\ncat >/dev/null\n' >tests/fake/warm
	chmod +x tests/fake/warm
	cat >common/jose/two.c <<'END'
int two(int a, int b);
int
two(int a, int b)
{
	if (a < 0)
		return -1;
	/* if (c) return -1; */
	if (b == 7)
		return -1;
	if (b > 8)
		return -1;
	return a + b;
}
END
	cat >tests/unit/jose/two.c <<'END'
#include <stdio.h>
int two(int, int);
int
main(void)
{
	int bad = two(-5, 1) != -1 || two(2, 9) != -1 || two(2, 3) != 5;

	(void)printf("%sok 1 - two\n1..1\n", bad ? "not " : "");
	return bad;
}
END
	printf 'common/jose/two.c\tnever\t%s => %s\tas far as is known\n' \
	    'if (b > 8)' 'if ((b > 8) && 0)' >tests/data/equivalent.tsv
	cp common/jose/two.c before
	_capture env -u MAKEFLAGS CC=cc scripts/mutate -v -k never -n 9 -s 1 \
	    common/jose
	cat "$_at/out" "$_at/err"
	[ "$_status" -eq 1 ]
	cmp before common/jose/two.c
	grep -qF 'two.c:5: never: tests/unit/jose/two.c: if (a < 0) => ' "$_at/out"
	grep -qF 'two.c:8: never: survived: if (b == 7) => if ((b == 7) && 0)' \
	    "$_at/out"
	grep -Eq '^all +1 +1 +1$' "$_at/out"
	[ "$(grep -c '^common/jose/two.c:' "$_at/out")" -eq 2 ]
}

@test "what is drawn: each kind, the same for a seed, none in a comment" {
	"$ROOT/scripts/mutate" -l -n 60 -s 7 >one
	"$ROOT/scripts/mutate" -l -n 60 -s 7 >two
	cmp one two
	[ "$(wc -l <one)" -eq 60 ]
	grep -q ': never: .* => if ((.*) && 0)' one
	grep -q ': clause: ' one
	grep -q ': bound: ' one
	grep -q ': class: .*E_' one
	"$ROOT/scripts/mutate" -l -n 99 -s 7 -k call \
	    "$ROOT/common/crypto" >calls
	grep -q OPENSSL_cleanse calls
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}
