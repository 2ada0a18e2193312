# make install into a directory of its own: what is installed works, and
# make uninstall takes all of it away.

load ../lib

# The build under test is installed as it is: nothing is compiled here.
build() {
	env -u MAKEFLAGS -u MAKELEVEL make -s -C "$ROOT" B="$BUILD" \
	    DESTDIR="$BATS_TEST_TMPDIR/root" "$@"
}

@test "installed tools answer and have page and completions; uninstall leaves nothing" {
	local root=$BATS_TEST_TMPDIR/root tool
	build install PREFIX=/usr
	for tool in "$ROOT"/cmd/*.c; do
		tool=$(basename "$tool" .c)
		prints "$tool (teeutils) 0.1.0" "$root/usr/bin/$tool" --version
		(cd "$root/usr/share" && ls "man/man1/$tool.1" \
		    "bash-completion/completions/$tool.bash" \
		    "zsh/site-functions/_$tool" \
		    "fish/vendor_completions.d/$tool.fish" >/dev/null)
	done
	[ "$(find "$root" -type f -perm /022)" = "" ]
	build uninstall PREFIX=/usr
	[ "$(find "$root" ! -type d)" = "" ]
}

@test "every directory can be chosen" {
	local root=$BATS_TEST_TMPDIR/root
	build install BINDIR=/a MANDIR=/b BASHCOMPDIR=/c ZSHCOMPDIR=/d \
	    FISHCOMPDIR=/e
	[ "$(cd "$root" && echo *)" = "a b c d e" ]
	build uninstall BINDIR=/a MANDIR=/b BASHCOMPDIR=/c ZSHCOMPDIR=/d \
	    FISHCOMPDIR=/e
	[ "$(find "$root" ! -type d)" = "" ]
}

@test "with SKR=1 the sidecar has the original's name too" {
	local root=$BATS_TEST_TMPDIR/root
	build install PREFIX=/usr SKR=1
	[ "$("$root/usr/bin/skr" --version)" = 'skr-serve (teeutils) 0.1.0' ]
	build uninstall PREFIX=/usr SKR=1
	[ "$(find "$root" ! -type d)" = "" ]
}
