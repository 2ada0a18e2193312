# scripts/check-layers and scripts/check-size refuse what they are there to
# refuse: small trees with one breach each.

load ../lib

setup() {
	mkdir -p "$BATS_TEST_TMPDIR"/tree/{cmd,common/{ground,codec,crypto,value,policy,jose,host,net}}
	cd "$BATS_TEST_TMPDIR/tree"
	for room in common/*/; do
		echo "a page" >"$room/README"
	done
	header ground/err
	header codec/hex
	header net/http
	header policy/rego
	source_file codec/hex
}

# A header as it should be; further lines come from standard input.
header() {
	local guard=${1^^}_H
	printf '#ifndef %s\n#define %s\n#endif\n' "${guard/\//_}" \
	    "${guard/\//_}" >"common/$1.h"
}

# A source file that includes its own header, then what it is given.
source_file() {
	local name=$1
	shift
	{
		echo "/* a file */"
		[ ! -e "common/$name.h" ] || echo "#include \"$name.h\""
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} >"common/$name.c"
}

# breach SCRIPT LINE: exactly this one is reported.
breach() {
	run "$ROOT/scripts/$1" .
	echo "$output"
	[ "$status" -eq 1 ]
	[ "$output" = "$2" ]
}

@test "a clean tree, and the checkout, are clean" {
	source_file jose/jws '#include <string.h>' '#include "codec/hex.h"'
	echo '#include "net/http.h"' >cmd/tool.c
	"$ROOT/scripts/check-layers" .
	"$ROOT/scripts/check-size" .
}

@test "a folder includes what its row allows, and nothing else" {
	source_file policy/rego '#include "codec/hex.h"'
	"$ROOT/scripts/check-layers" .
	header jose/jwk
	source_file policy/rego '#include "jose/jwk.h"'
	breach check-layers 'common/policy/rego.c:3: policy/ may not include jose/: "jose/jwk.h"'
	source_file policy/rego
	source_file codec/hex '#include "net/http.h"'
	breach check-layers 'common/codec/hex.c:3: codec/ may not include net/: "net/http.h"'
}

@test "an include names the folder, and a file that is there" {
	source_file codec/hex '#include "err.h"' '#include "ground/no.h"'
	breach check-layers 'common/codec/hex.c:3: "err.h" without its folder
common/codec/hex.c:4: "ground/no.h" is not there'
}

@test "a library is seen by one folder" {
	source_file jose/jws '#include <openssl/evp.h>'
	breach check-layers 'common/jose/jws.c:2: <openssl/evp.h> belongs to common/crypto/*'
	source_file jose/jws '# include <jv.h>'
	breach check-layers 'common/jose/jws.c:2: <jv.h> belongs to common/value/*'
	rm common/jose/jws.c
	source_file host/identity '#include <curl/curl.h>'
	breach check-layers 'common/host/identity.c:2: <curl/curl.h> belongs to common/net/*'
	mv common/host/identity.c common/net/http2.c
	"$ROOT/scripts/check-layers" .
	echo '#include <openssl/evp.h>' >cmd/tool.c
	breach check-layers 'cmd/tool.c:1: <openssl/evp.h> belongs to common/crypto/*'
}

@test "the own header comes first" {
	printf '%s\n' '#include <string.h>' '#include "codec/hex.h"' >common/codec/hex.c
	breach check-layers 'common/codec/hex.c:1: its first include is not "codec/hex.h"'
}

@test "no row allows what stands below it" {
	mkdir scripts
	sed 's/^    "jose": FOUR,/    "jose": FOUR + "token",/' \
	    "$ROOT/scripts/check-layers" >scripts/check-layers
	chmod +x scripts/check-layers
	run scripts/check-layers .
	echo "$output"
	[ "$status" -eq 1 ]
	[ "$output" = 'scripts/check-layers:1: jose/ may not be allowed token/: not above it' ]
}

@test "the table is printed when asked for" {
	run "$ROOT/scripts/check-layers" --table .
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "ground    " ]
	[[ $output == *"
token     ground codec crypto value jose policy evidence
"* ]]
	[[ $output == *"
openssl/: only in common/crypto/
"* ]]
}

@test "every folder has one short page at its door" {
	seq 16 >common/jose/README
	breach check-layers 'common/jose/README:16: a page of 16 lines, not 1 to 15'
	source_file jose/jws
	rm common/jose/README
	breach check-layers 'common/jose/README:1: no page at the door'
}

@test "a header has its guard" {
	sed -i 's/_H/_X/' common/codec/hex.h
	breach check-layers 'common/codec/hex.h:1: no guard CODEC_HEX_H'
}

@test "pure folders touch no file, clock, environment, network, thread, exit" {
	local call
	for call in 'open("x", 0)' 'fopen (p, q)' 'getenv("HOME")' 'time(NULL)' \
	    'clock_gettime(0, &t)' 'socket(1, 2, 3)' 'exit(1)' \
	    'pthread_create(a, b, c, d)' 'printf("x")'; do
		source_file jose/jws "void f(void) { $call; }"
		run "$ROOT/scripts/check-layers" .
		echo "$call: $output"
		[ "$status" -eq 1 ]
		[[ $output == "common/jose/jws.c:2: jose/ may not call "* ]]
	done
	source_file jose/jws '/* open( time( */' 'int jwe_open(int);' \
	    'void f(struct f *f) { f->open(1); jwe_open(2); g("exit("); }' \
	    '/* two' ' exit( */'
	"$ROOT/scripts/check-layers" .
	source_file net/jws 'void f(void) { open("x", 0); }'
	"$ROOT/scripts/check-layers" .
}

@test "only value/filter.c takes HOME away" {
	source_file value/filter 'void f(void) { unsetenv("HOME"); }'
	"$ROOT/scripts/check-layers" .
	mv common/value/filter.c common/value/json.c
	breach check-layers 'common/value/json.c:2: value/ may not call unsetenv()'
}

@test "a tool does not exit by itself" {
	echo 'int main(void) { exit(1); }' >cmd/tool.c
	breach check-layers 'cmd/tool.c:1: cmd/ may not call exit()'
}

@test "nobody calls what has no bound or hides an error" {
	source_file net/jws 'void f(void) { atoi("1"); }'
	breach check-layers 'common/net/jws.c:2: net/ may not call atoi()'
}

@test "every file of common/ is in a folder that has a row, and cmd/ holds tools only" {
	mkdir common/other
	touch common/stray.c common/other/x.c cmd/tool.h
	run "$ROOT/scripts/check-layers" .
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"common/stray.c:1: in no folder"* ]]
	[[ $output == *"common/other/x.c:1: in no folder"* ]]
	[[ $output == *"cmd/tool.h:1: cmd/ holds one .c file a tool"* ]]
}

# function LINES: a function of so many lines, braces included.
function_of() {
	echo 'int'
	echo 'f(void)'
	echo '{'
	yes '	f();' | head -n $(($1 - 2))
	echo '}'
}

@test "lines have a width, files a name" {
	printf '\t%073d\n' 0 >common/codec/hex.c
	breach check-size 'common/codec/hex.c:1: more than 80 columns'
	mv common/codec/hex.c common/codec/misc.c
	: >common/codec/misc.c
	breach check-size 'common/codec/misc.c:1: a name that says nothing'
}

# remark LINE: exactly this is said, and nothing is refused.
remark() {
	run "$ROOT/scripts/check-size" .
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$output" = "$1" ]
}

@test "the size of functions and files is remarked on" {
	function_of 60 >common/codec/hex.c
	remark ''
	function_of 61 >common/codec/hex.c
	remark 'common/codec/hex.c:3: remark: a function of 61 lines, more than 60'
	yes '' | head -n 401 >common/codec/hex.c
	remark 'common/codec/hex.c:401: remark: 401 lines, more than 400'
	yes '' | head -n 251 >common/codec/hex.c
	cp common/codec/hex.c cmd/tool.c
	remark 'cmd/tool.c:251: remark: 251 lines, more than 250'
}
