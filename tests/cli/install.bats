#!/usr/bin/env bats
# make install into a directory of its own: what is installed works, and
# make uninstall takes all of it away.

load ../lib

# The build under test is installed as it is: nothing is compiled here.  Its path
# is the one that make has: another would stand in the dependencies of what is.
build() {
	env -u MAKEFLAGS -u MAKELEVEL make -s -C "$ROOT" B="${BUILD#"$ROOT"/}" \
	    DESTDIR="$BATS_TEST_TMPDIR/root" "$@"
}

version() {
	sed -n 's/^VERSION := //p' "$ROOT/Makefile"
}

@test "installed tools answer and have page and completions; uninstall leaves nothing" {
	local root=$BATS_TEST_TMPDIR/root tool
	build install PREFIX=/usr
	for tool in "$ROOT"/cmd/*.c tee-doctor; do
		tool=$(basename "$tool" .c)
		prints "$tool (teeutils) $(version)" "$root/usr/bin/$tool" --version
		(cd "$root/usr/share" && ls "man/man1/$tool.1" \
		    "bash-completion/completions/$tool.bash" \
		    "zsh/site-functions/_$tool" \
		    "fish/vendor_completions.d/$tool.fish" >/dev/null)
	done
	[ "$(find "$root" -type f -perm /022)" = "" ]
	(cd "$root/usr/share/doc/teeutils" && ls LICENSE README.md CHANGELOG.md \
	    docs/flow.svg examples/skr-serve.service \
	    examples/ci-check-template examples/release-and-decrypt \
	    examples/aci/cleanup examples/aci/Containerfile >/dev/null)
	"$root/usr/share/doc/teeutils/examples/aci/deploy" -g tee -n app \
	    --vault myvault --image mcr.example/app:1 | grep 'nothing was done' \
	    >/dev/null
	build uninstall PREFIX=/usr
	[ "$(find "$root" ! -type d)" = "" ]
}

@test "every directory can be chosen" {
	local root=$BATS_TEST_TMPDIR/root
	build install BINDIR=/a MANDIR=/b BASHCOMPDIR=/c ZSHCOMPDIR=/d \
	    FISHCOMPDIR=/e DOCDIR=/f EXAMPLESDIR=/g
	[ "$(cd "$root" && echo *)" = "a b c d e f g" ]
	build uninstall BINDIR=/a MANDIR=/b BASHCOMPDIR=/c ZSHCOMPDIR=/d \
	    FISHCOMPDIR=/e DOCDIR=/f EXAMPLESDIR=/g
	[ "$(find "$root" ! -type d)" = "" ]
}

@test "with SKR=1 the sidecar has the original's name too" {
	local root=$BATS_TEST_TMPDIR/root
	build install PREFIX=/usr SKR=1
	[ "$("$root/usr/bin/skr" --version)" = "skr-serve (teeutils) $(version)" ]
	build uninstall PREFIX=/usr SKR=1
	[ "$(find "$root" ! -type d)" = "" ]
}

@test "install-strip takes the symbols off, and its programs may be others" {
	local root=$BATS_TEST_TMPDIR/root
	build install-strip PREFIX=/usr
	[ "$(readelf -S "$root/usr/bin/policy-hash" | grep -c '\.symtab')" = 0 ]
	"$root/usr/bin/policy-hash" --version >/dev/null
	build install PREFIX=/other INSTALL_PROGRAM='install -m 700' \
	    INSTALL_DATA='install -m 600'
	[ "$(stat -c %a "$root/other/bin/jwt-claims")" = 700 ]
	[ "$(stat -c %a "$root/other/share/man/man1/jwt-claims.1")" = 600 ]
}

@test "the pages and the changes are of this version" {
	local page
	for page in "$ROOT"/man/*; do
		grep -qx "\.Os teeutils $(version)" "$page"
	done
	[ "$(sed -n 's/^## //p;' "$ROOT/CHANGELOG.md" | head -n 1)" = "$(version)" ]
}

# objects DIR OPTION...: two of them, made in a copy of the sources there.
objects() {
	local dir=$1
	shift
	mkdir -p "$dir"
	cp -R "$ROOT/Makefile" "$ROOT/cmd" "$ROOT/common" "$dir"
	env -u MAKEFLAGS -u MAKELEVEL -u SAN -u B -u CFLAGS make -C "$dir" "$@" \
	    build/obj/common/codec/hex.o build/obj/common/ground/opthelp.o \
	    >"$BATS_TEST_TMPDIR/said" 2>&1
}

@test "two build paths give the same bytes" {
	local one=$BATS_TEST_TMPDIR/one two=$BATS_TEST_TMPDIR/a/longer/path
	objects "$one"
	objects "$two"
	cmp "$one/build/obj/common/codec/hex.o" "$two/build/obj/common/codec/hex.o"
	cmp "$one/build/obj/common/ground/opthelp.o" \
	    "$two/build/obj/common/ground/opthelp.o"
	refute grep -q "$BATS_TEST_TMPDIR" "$one/build/obj/common/codec/hex.o"
}

@test "the caller's level of _FORTIFY_SOURCE is the only one" {
	local dir=$BATS_TEST_TMPDIR/fortify
	objects "$dir" WERROR=1 V=1 CPPFLAGS='-D_FORTIFY_SOURCE=2'
	grep -q 'D_FORTIFY_SOURCE=2' "$BATS_TEST_TMPDIR/said"
	# the line that tries which level the compiler knows aside
	grep -e ' -c -o build/' -e redefined "$BATS_TEST_TMPDIR/said" >"$dir/lines"
	[ "$(wc -l <"$dir/lines")" -ge 2 ]
	refute grep -Eq 'U_FORTIFY|FORTIFY_SOURCE=3|redefined' "$dir/lines"
}

@test "a released archive is the same each time, and makes itself" {
	local dir=$BATS_TEST_TMPDIR/dist v
	v=$(version)
	SOURCE_DATE_EPOCH=1000000000 "$ROOT/scripts/dist" "$v" "$dir/one.tar.gz"
	SOURCE_DATE_EPOCH=1000000000 "$ROOT/scripts/dist" "$v" "$dir/two.tar.gz"
	cmp "$dir/one.tar.gz" "$dir/two.tar.gz"
	tar -xzf "$dir/one.tar.gz" -C "$dir"
	[ -x "$dir/teeutils-$v/scripts/demo" ]
	[ ! -e "$dir/teeutils-$v/build" ]
	SOURCE_DATE_EPOCH=1000000000 "$dir/teeutils-$v/scripts/dist" "$v" \
	    "$dir/three.tar.gz"
	cmp "$dir/one.tar.gz" "$dir/three.tar.gz"
}

@test "an image holds the tool and its libraries, and is the same each time" {
	local at=$BATS_TEST_TMPDIR names
	case $BIN in
	*/san*) skip "not with the sanitizers' libraries" ;;
	esac
	"$ROOT/scripts/image" -b "$BIN" -o "$at/one" policy-hash >"$at/said"
	"$ROOT/scripts/image" -b "$BIN" -o "$at/two" policy-hash >"$at/said"
	cmp "$at/one/rootfs.tar" "$at/two/rootfs.tar"
	grep -q 'KiB  usr/bin/policy-hash' "$at/said"
	names=$(tar -tf "$at/one/rootfs.tar")
	[[ $names == *libcrypto.so.3* && $names == *ld-linux* ]]
	refute grep -q 'libcurl\|bin/sh' <<<"$names"
	grep -qx 'FROM scratch' "$at/one/Containerfile"
	refute "$ROOT/scripts/image" -b "$BIN" -o "$at/no" nosuch
}

@test "where no Debian 13 can be made, that is one test skipped and no failure" {
	local bin=$BATS_TEST_TMPDIR/bin tool
	mkdir "$bin"
	for tool in bash dirname mktemp rm; do
		ln -s "$(type -P "$tool")" "$bin"
	done
	# says TOOL COMMAND: what TOOL does there
	says() {
		printf '#!/bin/sh\n%s\n' "$2" >"$bin/$1"
		chmod 755 "$bin/$1"
	}
	skipped() {
		PATH=$bin "$ROOT/scripts/trixie" false >"$BATS_TEST_TMPDIR/said"
		grep "^trixie: skipped after [0-9]* s: $1\$" "$BATS_TEST_TMPDIR/said"
		[ "$(tail -n 1 "$BATS_TEST_TMPDIR/said")" = \
		    "0 passed, 0 failed, 1 skipped" ]
	}
	says id 'echo 1000'
	skipped 'only root can make a root'
	says id 'echo 0'
	skipped 'no debootstrap here'
	says debootstrap 'exit 1'
	says unshare 'exit 1'
	skipped 'no mounts of its own'
}
