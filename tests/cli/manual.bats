# The examples of the manual pages do what the pages say.
#
# In a page an example is a block ".Bd -literal" to ".Ed" whose lines that
# begin with "$ " are commands and the other lines what they print.  A block
# with the comment
#
#	.\" run
#
# somewhere before it (and no other block between) is run here; ".\" run FILE
# FILE" first copies these from tests/data.  The blocks of one page run in
# order in one scratch directory and one shell, the build first in PATH.  A
# command goes on in the next line after a backslash (\e in the page), "|" or
# "&&" at its end or within single quotes, a line of output after a backslash.
# Standard output and standard error together must be what the page shows;
# "..." at the end of a line stands for its rest, alone for any lines up to the
# next one shown.

load ../lib

# plain TEXT: without the escapes of mdoc.
plain() {
	sed -e 's/\\&//g' -e 's/\\-/-/g' -e 's/\\(aq/'\''/g' -e 's/\\(dq/"/g' \
	    -e 's/\\(ha/^/g' -e 's/\\(ti/~/g' -e 's/\\(ga/`/g' -e 's/\\e/\\/g'
}

# blocks PAGE: the lines of the blocks to run, each after a line "= FILE...".
blocks() {
	awk '/^\.\\" run/ { sub(/^\.\\" run */, ""); files = $0; run = 1; next }
	    /^\.Bd / { inside = 1; if (run) print "= " files; next }
	    /^\.Ed/ { inside = run = 0; next }
	    inside && run { print "| " $0 }' "$1" | plain
}

# shows SHOWN PRINTED: are the lines of the page those that were printed?
shows() {
	local -a want got
	local i=0 j=0
	mapfile -t want <"$1"
	mapfile -t got <"$2"
	for ((i = 0; i < ${#want[@]}; i++)); do
		if [ "${want[i]}" = ... ]; then
			[ $((i + 1)) -lt ${#want[@]} ] || return 0
			while [ "$j" -lt "${#got[@]}" ] &&
			    ! alike "${want[i + 1]}" "${got[j]}"; do
				j=$((j + 1))
			done
			continue
		fi
		[ "$j" -lt "${#got[@]}" ] && alike "${want[i]}" "${got[j]}" ||
			return 1
		j=$((j + 1))
	done
	[ "$j" -eq "${#got[@]}" ]
}

alike() {
	if [[ $1 == *... ]]; then
		[[ $2 == "${1%...}"* ]]
	else
		[ "$1" = "$2" ]
	fi
}

# settle: run the command read so far, if there is one, and compare.
settle() {
	[ -n "$command" ] || return 0
	eval "$command" >"$scratch.got" 2>&1 </dev/null || true
	sed -i -e ':a' -e '/\\$/{' -e N -e 's/\\\n//' -e ta -e '}' "$scratch.want"
	if ! shows "$scratch.want" "$scratch.got"; then
		echo "$page: the example does not do what it says:"
		echo "\$ $command"
		echo "--- the page"
		cat "$scratch.want"
		echo "--- in truth"
		cat "$scratch.got"
		bad=1
	fi
	command=
	: >"$scratch.want"
}

# A page in a shell of its own, in a directory of its own.
run_page() (
	page=$1 scratch=$BATS_TEST_TMPDIR/in.$(basename "$1") command='' bad=0 more='' quotes=''
	rm -rf "$scratch"
	mkdir "$scratch"
	cd "$scratch" || exit
	: >"$scratch.want"
	while IFS= read -r line <&4; do
		case $line in
		'= '*)
			settle
			for file in ${line#= }; do
				cp -R "$ROOT/tests/data/$file" .
			done
			continue
			;;
		esac
		line=${line#| }
		if [ -n "$more" ]; then
			command+=$'\n'$line
		elif [[ $line == '$ '* ]]; then
			settle
			command=${line#'$ '}
		else
			printf '%s\n' "$line" >>"$scratch.want"
			continue
		fi
		more=
		quotes=${command//[!\']/}
		[[ $line =~ (\\|\||\&\&)$ || $((${#quotes} % 2)) -eq 1 ]] &&
			more=1
	done 4< <(blocks "$page")
	settle
	exit "$bad"
)

@test "the examples of the manual pages that need no cloud" {
	local page bad=0 count=0
	for page in "$ROOT"/man/*.[17]; do
		[ -e "$page" ] || skip "no manual pages"
		count=$((count + $(blocks "$page" | grep -c '^| \$ ' || true)))
		run_page "$page" || bad=1
	done
	echo "$count commands"
	[ "$count" -gt 0 ] || skip "no examples to run"
	return "$bad"
}

# block PAGE WORD: the block of a page in which a line is WORD.
block() {
	awk -v word="$2" '/^\.Bd / { text = ""; found = 0; next }
	    /^\.Ed/ { if (found) printf "%s", text; next }
	    { text = text $0 "\n" } $0 == word { found = 1 }' "$1" | plain
}

@test "the check of the pipelines passes, and fails for what it is there for" {
	cd "$BATS_TEST_TMPDIR"
	mkdir stub
	printf '#!/bin/sh\n' >stub/apt-get
	chmod +x stub/apt-get
	block "$ROOT/man/teeutils-azure.7" 'set -eux' >check
	grep -q '^policy-hash -c ' check
	cp "$ROOT"/tests/data/app.* .
	inject() { policy-gen -q "$@" --tar app.tar --inject -o deploy.json app.json; }
	inject --disable-stdio
	policy-hash deploy.json >host-data
	PATH=$PWD/stub:$PATH sh check
	# another hash than the one that was reviewed
	sed 's/^./0/; s/^00/10/' host-data >other && mv other host-data
	refute env PATH="$PWD/stub:$PATH" sh check
	# a template whose policy is not that of its images
	inject --enable-stdio
	policy-hash deploy.json >host-data
	refute env PATH="$PWD/stub:$PATH" sh check
	# an unsafe setting
	printf '%s\n' 'package policy' 'create_container := {"allowed": true}' |
	    base64 -w 0 >open
	jq --rawfile p open '(.. | .ccePolicy? // empty) = $p' app.json >deploy.json
	policy-hash deploy.json >host-data
	sed -i '/policy-gen/d' check
	refute env PATH="$PWD/stub:$PATH" sh check
}

@test "the pages as HTML link to each other, fetch and run nothing" {
	local page link
	type -P mandoc >/dev/null || skip "no mandoc"
	"$ROOT/scripts/html" "$BATS_TEST_TMPDIR/html"
	cd "$BATS_TEST_TMPDIR/html"
	for page in "$ROOT"/man/*; do
		grep -q "href=\"${page##*/}.html\"" index.html
		[ -s "${page##*/}.html" ]
	done
	for link in $(grep -ho 'href="[^#":]*\.html' ./*.html | sort -u); do
		[ -e "${link#href=\"}" ]
	done
	refute grep -Eiq '<(script|img|link|iframe)|src=|@import|url\(' ./*.html
	grep -L "default-src 'none'" ./*.html | refute grep .
}

@test "the limits of teeutils-security(7) are those of the headers" {
	local page=$ROOT/man/teeutils-security.7 header name value line count=0
	while IFS=$'\t' read -r header name line; do
		value=$(sed -nE "s/.*\\b$name = ([0-9x<( ]+).*/\\1/p" \
		    "$ROOT/common/$header")
		[ -n "$value" ] || {
			echo "$header has no $name"
			return 1
		}
		[[ $line =~ \ Ta\ $((value))(\ |$) ]] || {
			echo "$name is $((value)): $line"
			return 1
		}
		count=$((count + 1))
	done < <(awk '/^\.\\" limit / { header = $3; name = $4; next }
	    name { print header "\t" name "\t" $0; name = "" }' "$page")
	[ "$count" -ge 25 ]
	# and each row has one
	[ "$(grep -c '^\.It .* Ta ' "$page")" = "$count" ]
}

@test "teeutils-security(7) has a reason for each check that snp-verify makes" {
	local name count=0
	for name in $(snp-verify --json --certs "$ROOT/tests/data/chain.pem" \
	    "$ROOT/tests/data/report.bin" 2>"$BATS_TEST_TMPDIR/said" |
	    jq -r '.checks[].name'); do
		grep -Eq "^\.It .*Cm $name( |$)" "$ROOT/man/teeutils-security.7" || {
			echo "no reason for $name"
			return 1
		}
		count=$((count + 1))
	done
	[ "$count" -ge 19 ]
}

# calls TOOL: the tool's own part of each command in the EXAMPLES of its page.
calls() {
	awk '/^\.Sh / { here = $2 == "EXAMPLES" } here && /^\.Bd / { inside = 1; next }
	    /^\.Ed/ { inside = 0 } here && inside' "$ROOT/man/$1.1" | plain |
		sed -e ':a' -e '/\\$/{' -e N -e 's/\\\n//' -e ta -e '}' |
		sed -E ':a; s/\$\(([^()]*)\)(.*)/X\2\n\1/; ta' |
		sed -E 's/\|\||&&|[|;]/\n/g' | grep -E "(^|[ '\"/])$1( |\$)"
}

# shown CALLS OPTION LETTER: is there an example with it?
shown() {
	[[ $1 =~ \ --$2([ =$'\n']|$) ||
	    ($3 != - && $1 =~ \ -[A-Za-z]*$3[A-Za-z]*([ $'\n']|$)) ]]
}

@test "each option has an example in its page" {
	local tool kind letter name rest calls count=0 bad=0
	for tool in "$ROOT"/cmd/*.c; do
		tool=$(basename "$tool" .c)
		calls=$(calls "$tool")
		while IFS=$'\t' read -r kind letter name rest; do
			case $kind-$name in
			option-help | option-version) continue ;;
			option-*) ;;
			*) continue ;;
			esac
			count=$((count + 1))
			shown "$calls" "$name" "$letter" && continue
			echo "$tool.1 has no example of --$name"
			bad=1
		done < <("$tool" --options)
	done
	[ "$count" -ge 200 ]
	refute shown "$calls" nosuch -
	return "$bad"
}

# --- and the checker itself, on a page made for it --------------------------

example() {
	printf '%s\n' '.Sh EXAMPLES' '.\" run' 'Text:' \
	    '.Bd -literal -offset indent' "$@" '.Ed' >"$BATS_TEST_TMPDIR/page.1"
	run_page "$BATS_TEST_TMPDIR/page.1"
}

@test "examples: output is compared, to the letter and where it may vary" {
	example '$ echo a; echo b' a b '$ x=c' '$ echo $x \e' 'd | cat' 'c d'
	example '$ echo a |' 'cat' a '$ true &&' 'echo long line' 'long \e' line
	example "\$ echo 'c" "d' e" c 'd e'
	example '$ seq 20; echo end' 1 ... 'en...'
	example '$ seq 20' 1 ...
}

@test "examples: a difference is found" {
	local -a wrong
	for wrong in a 'a b' ''; do
		run example '$ echo a; echo b' "$wrong"
		[ "$status" -ne 0 ]
		[[ $output == *"does not do what it says"* ]]
		done
	run example '$ echo a' a b
	[ "$status" -ne 0 ]
	run example '$ seq 20' 1 ... 21
	[ "$status" -ne 0 ]
	run example '$ echo a >&2; false'
	[ "$status" -ne 0 ]
}
