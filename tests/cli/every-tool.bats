# What every tool owes, asked of whatever is in cmd/.  A new tool has to tell
# three things about itself: see answer, good and feed below.
#
# TOOLS="a b" bats tests/cli/every-tool.bats asks these alone.

load ../lib

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	TOOLS=${TOOLS:-$(basename -s .c "$ROOT"/cmd/*.c | tr '\n' ' ')}
	export TOOLS
	printf 'package policy\n\nallow := true\n' >policy.rego
	base64 -w0 policy.rego >policy.b64
	printf 'eyJhbGciOiJSUzI1NiJ9.eyJ2bXBsIjowfQ.AAAA\n' >token
	echo '{"keys":[]}' >runtime.json
	echo '{"value":"e30.e30.AAAA"}' >answer.json
	echo secret >plain
	cp "$ROOT"/tests/data/app.* .
	tar -cf layer.tar plain
	rsa_key key.pem
	chmod 600 key.pem
	openssl pkey -in key.pem -pubout -out pub.pem
	openssl pkeyutl -encrypt -pubin -inkey pub.pem -in plain \
	    -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 |
	    base64 -w0 >blob
	case " $TOOLS " in
	*" maa-token "* | *" snp-certs "* | *" snp-verify "*)
		with_device snp-report -r runtime.json -o report.bin
		;;
	esac
}

setup() {
	cd "$BATS_FILE_TMPDIR"
}

# --- the tools: what is to be told about each --------------------------------

# answer TOOL: cmd = a command that prints a result.
answer() {
	case $1 in
	blob-decrypt) cmd=(blob-decrypt -k key.pem blob) ;;
	blob-encrypt) cmd=(blob-encrypt -f oaep -k pub.pem plain) ;;
	jwt-claims) cmd=(jwt-claims -q -U token) ;;
	key-release)
		rm -f new.pem
		cmd=(key-release -G -k new.pem)
		;;
	layer-root) cmd=(layer-root layer.tar) ;;
	maa-token)
		cmd=(maa-token -n -e localhost -r runtime.json
		    --certs "$FAKE/pki/thim.json" report.bin)
		;;
	policy-gen)
		cmd=(policy-gen -q --disable-stdio --tar app.tar app.json)
		;;
	policy-hash) cmd=(policy-hash policy.rego) ;;
	skr-serve) cmd=(with_device skr-serve -n) ;;
	snp-certs)
		cmd=(snp-certs -q --root "$FAKE/pki/ark.pem"
		    --from "$FAKE/pki/full.pem" report.bin)
		;;
	snp-report) cmd=(with_device snp-report) ;;
	snp-verify) cmd=(snp-verify --show report.bin) ;;
	*)
		echo "$1: tests/cli/every-tool.bats does not know it"
		return 1
		;;
	esac
}

# feed TOOL FILE: cmd = a command that reads FILE; good = one it would take,
# which is refused with 3 when empty or cut in two; max = bytes it may have.
# Without good any bytes will do.
feed() {
	good='' max=1048576
	case $1 in
	blob-decrypt)
		cmd=(blob-decrypt -k "$2" blob)
		good=key.pem
		;;
	blob-encrypt)
		cmd=(blob-encrypt -f oaep -k "$2" plain)
		good=pub.pem
		;;
	jwt-claims)
		cmd=(jwt-claims -q -U "$2")
		good=token
		;;
	key-release)
		cmd=(key-release -k key.pem -R "$2"
		    --release-roots "$FAKE/pki/vault-root.pem"
		    https://vault.example/keys/name)
		good=answer.json
		;;
	layer-root) cmd=(layer-root --max-size 1048576 "$2") ;;
	maa-token)
		cmd=(maa-token -n -e localhost -r runtime.json
		    --certs "$FAKE/pki/thim.json" "$2")
		good=report.bin max=16384
		;;
	policy-gen)
		cmd=(policy-gen -q --disable-stdio --tar app.tar "$2")
		good=app.json max=67108864
		;;
	policy-hash)
		cmd=(policy-hash "$2")
		good=policy.b64 max=67108864
		;;
	skr-serve)
		cmd=(skr-serve -n --root "$2")
		good=$FAKE/pki/ark.pem max=65536
		;;
	snp-certs)
		cmd=(snp-certs -q --root "$FAKE/pki/ark.pem"
		    --from "$FAKE/pki/full.pem" "$2")
		good=report.bin max=16384
		;;
	snp-report) cmd=(with_device snp-report -r "$2") ;;
	snp-verify)
		cmd=(snp-verify --show "$2")
		good=report.bin max=16384
		;;
	esac
}

# Those that take any number of operands.
takes_many() {
	[ "$1" = policy-hash ] || [ "$1" = layer-root ]
}

# --- helpers -------------------------------------------------------------------

# each PROPERTY [WORD...]: ask it of every tool; one that fails hides no other.
each() {
	local tool status bad=0
	for tool in $TOOLS; do
		set +e
		(
			set -eE
			trap 'echo "$tool: line $LINENO: $BASH_COMMAND" >&2' ERR
			trap - DEBUG	# bats', for which that does
			"$@" "$tool"
		)
		status=$?
		set -e
		[ "$status" -eq 0 ] || bad=1
	done
	return "$bad"
}

# The options of a tool, one a line: its own table, and its manual's.
table_options() {
	"$1" --options | awk -F '\t' '$1 == "option" {
		if ($2 != "-") print "-" $2
		print "--" $3
	}' | sort
}

manual_options() {
	sed -n 's/^\.It Fl /Fl /p' "$ROOT/man/$1.1" | sed 's/\\-/-/g' |
	    awk '{ for (i = 1; i < NF; i++) if ($i == "Fl") print "-" $(i + 1) }' |
	    sort
}

to_full() {
	"$@" >/dev/full
}

to_closed() {
	"$@" >&-
}

# A pipe that nobody reads.
to_broken_pipe() {
	rm -f "$BATS_TEST_TMPDIR/pipe"
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	exec 5<>"$BATS_TEST_TMPDIR/pipe" 6>"$BATS_TEST_TMPDIR/pipe" 5>&-
	"$@" >&6
}

with_sigpipe_ignored() (
	trap '' PIPE
	"$@"
)

# leaves_nothing STATUS PATTERN CMD...: fails so, also with -o, and then no
# file is there, finished or temporary.
leaves_nothing() {
	local status=$1 pattern=$2 dir=$BATS_TEST_TMPDIR/out
	shift 2
	fails "$status" "$pattern" "$@"
	rm -rf "$dir"
	mkdir "$dir"
	fails "$status" "$pattern" "$@" -o "$dir/file"
	[ -z "$(ls -A "$dir")" ]
}

# --- the properties --------------------------------------------------------------

help_and_version() {
	local option
	for option in --help -h --version -V --options; do
		succeeds "$1" "$option" >"$BATS_TEST_TMPDIR/text"
		[ -s "$BATS_TEST_TMPDIR/text" ]
		[ ! -s "$_at/err" ]
	done
	local version
	version=$(sed -n 's/^VERSION := //p' "$ROOT/Makefile")
	prints "$1 (teeutils) $version" "$1" --version
	prints "$1 (teeutils) $version" "$1" -V
	"$1" --help | grep -e "^usage: $1" >/dev/null
	"$1" --help | head -n 1 | grep "^$1 - " >/dev/null
}

@test "help and version are results" {
	each help_and_version
}

# help_names FILE: the long options of a help text, in its order.
help_names() {
	sed -n 's/^  \(-., \|    \)\(--[a-z0-9-]*\).*/\2/p' "$1"
}

# In a terminal of 24 lines, one of them the prompt's; it ends with a command of
# options that there are; --help=all has each option once, the same first.
help_fits() {
	local text=$BATS_TEST_TMPDIR/help option
	"$1" --help >"$text"
	"$1" --help=all >"$text.all"
	[ "$(wc -l <"$text")" -le 23 ] || { echo "$1: too long"; return 1; }
	refute grep -n '.\{80\}' "$text" "$text.all"
	[ "$(sed -n '/^example: /,$p' "$text" | wc -l)" -le 2 ]
	[[ $(sed -n 's/^example: //p' "$text") == "$1 "* ]]
	for option in $(sed -n '/^example: /,$p' "$text" |
	    grep -oE ' --?[a-zA-Z-]+'); do
		table_options "$1" | grep -qx -e "$option"
	done
	diff <(table_options "$1" | grep -e ^--) <(help_names "$text.all" | sort)
	diff <(help_names "$text" | head -n 3) <(help_names "$text.all" | head -n 3)
	cmp -s "$text" "$text.all" || grep -q ': --help=all$' "$text"
}

@test "help fits a terminal, and ends with an example" {
	each help_fits
}

wrong_options() {
	local option
	fails 2 'no-such-option' "$1" --no-such-option
	fails 2 '-Z' "$1" -Z
	fails 2 'help' "$1" --help=yes
	for option in $("$1" --options |
	    awk -F '\t' '$1 == "option" && $4 != "-" { print "--" $3 }'); do
		fails 2 "$option.*argument" "$1" "$option"
	done
	for option in $("$1" --options | awk -F '\t' '$4 ~ /\|/ &&
	    $4 !~ /(^|\|)[A-Z]+(\||$)/ { print "--" $3 }'); do
		fails 2 "$option: .*no-such-word" "$1" "$option" no-such-word
	done
}

@test "a wrong option is named, status 2" {
	each wrong_options
}

too_many_operands() {
	takes_many "$1" || fails 2 'operand' "$1" a b c d e f g h
}

@test "an operand too many is status 2" {
	each too_many_operands
}

metavariables() {
	local wrong
	wrong=$("$1" --options | awk -F '\t' '$1 == "option" &&
	    $4 !~ /^(-|@?[A-Z0-9=:,_.[\]-]+)$/ && $4 !~ /\|/ { print $3, $4 }')
	[ -z "$wrong" ] || { echo "not in capitals: $wrong"; return 1; }
	# one line of help, lower case at the start unless a name, no period
	wrong=$("$1" --options | awk -F '\t' '$1 == "option" &&
	    ($5 == "" || $5 ~ /\.$/ || $5 ~ /^[A-Z][a-z]/) { print $3 ": " $5 }')
	[ -z "$wrong" ] || { echo "help: $wrong"; return 1; }
}

@test "metavariables are capitals, help texts one plain line" {
	each metavariables
}

options_in_manual() {
	diff <(table_options "$1") <(manual_options "$1")
}

@test "the manual documents the options, exactly these (< table, > manual)" {
	each options_in_manual
}

# The table's order is that of the help, the manual and the completions.
in_order() {
	diff <("$1" --options | awk -F '\t' '$1 == "option" { print $3 }') \
	    <("$1" --options | awk -F '\t' '$1 == "option" { print $3 }' |
		LC_ALL=C sort)
}

@test "the options stand in the order of their long names" {
	each in_order
}

# The options of the page's synopsis, one a line; "nv" there is two.
synopsis_options() {
	sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESC/p' "$ROOT/man/$1.1" | awk '{
		for (i = 1; i < NF; i++) {
			if ($i !~ /^\.?Fl$/)
				continue
			if ($(i + 1) ~ /^-/)
				print "-" $(i + 1)
			else
				for (j = 1; j <= length($(i + 1)); j++)
					print "-" substr($(i + 1), j, 1)
		}
	}' | sort -u
}

# By its letter where it has one; those of every tool need not be named.
in_synopsis() {
	local missing
	missing=$(comm -13 <(synopsis_options "$1") \
	    <("$1" --options | awk -F '\t' '$1 == "option" &&
		$3 != "help" && $3 != "version" {
		print $2 != "-" ? "-" $2 : "--" $3 }' | sort))
	[ -z "$missing" ] || { echo "not in the synopsis: $missing"; return 1; }
	[ -z "$(comm -23 <(synopsis_options "$1") <(table_options "$1"))" ]
	"$1" --help | sed -n '/^usage: /,/^$/p' |
	    grep -oE '(^|[][ |(])--?[a-zA-Z][a-z0-9-]*' | tr -d '][ |(' |
	    sort -u >"$BATS_TEST_TMPDIR/usage"
	[ -z "$(comm -23 "$BATS_TEST_TMPDIR/usage" <(table_options "$1"))" ]
}

@test "the synopsis names each option, the usage no other" {
	each in_synopsis
}

# Each word that an option takes is explained, as ".Cm word"; numbers are not.
words_in_manual() {
	local option word missing=''
	sed 's/\\&//g; s/\\-/-/g' "$ROOT/man/$1.1" >"$BATS_TEST_TMPDIR/plain"
	while read -r option word; do
		grep -qE "(^\.| )Cm ([^ ]+ )?$word( |\$)" \
		    "$BATS_TEST_TMPDIR/plain" ||
			missing+=" --$option $word"
	done < <("$1" --options | awk -F '\t' '$4 ~ /\|/ {
		n = split($4, w, "|")
		for (i = 1; i <= n; i++)
			if (w[i] !~ /^(@?[A-Z]+|[0-9]+)$/)
				print $3, w[i]
	}')
	[ -z "$missing" ] || { echo "not in the page:$missing"; return 1; }
}

@test "the manual explains each word that an option takes" {
	each words_in_manual
}

page() {
	local page=$ROOT/man/$1.1 section summary
	for section in NAME SYNOPSIS DESCRIPTION 'EXIT STATUS' EXAMPLES \
	    'SEE ALSO'; do
		grep -qx "\.Sh $section" "$page"
	done
	grep -qx "\.Dt ${1^^} 1" "$page"
	grep -q "^\.Xr teeutils 7" "$page"
	summary=$("$1" --options | awk -F '\t' 'NR == 1 { print $3 }')
	diff <(echo "$summary") <(sed -n 's/^\.Nd //p' "$page" |
	    sed "s/\\\\(aq/'/g; s/\\\\&//g; s/\\\\-/-/g")
}

@test "the manual has its sections, and the tool's own summary" {
	each page
}

@test "the completions are those of the tools" {
	"$ROOT/scripts/gen-completions" "$BIN" "$BATS_TEST_TMPDIR/completions"
	diff -r "$ROOT/completions" "$BATS_TEST_TMPDIR/completions"
}

# complete_words WORD...: what bash would offer for the last one.
complete_words() (
	compopt() { :; }
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	"_${1//-/_}" && printf '%s\n' "${COMPREPLY[@]}"
)

completes() {
	local option words word
	# shellcheck disable=SC1090
	. "$ROOT/completions/$1.bash"
	complete_words "$1" --he | grep -x -e --help >/dev/null
	diff <(table_options "$1") <(complete_words "$1" - | sort)
	complete_words "$1" -o ru | grep -x runtime.json >/dev/null
	# the words of a choice, also behind an equals sign
	"$1" --options | awk -F '\t' '$4 ~ /\|/ { print $3, $4 }' |
	    while read -r option words; do
		for word in ${words//|/ }; do
			[[ $word =~ ^@?[A-Z]+$ ]] && continue
			complete_words "$1" "--$option" "${word%?}" |
			    grep -x "$word" >/dev/null
			complete_words "$1" "--$option" = "${word%?}" |
			    grep -x "$word" >/dev/null
		done
	done
}

@test "the completions complete" {
	each completes
}

links() {
	local row needed lib
	row=$(sed -n "s/^LIBS_$1 *:= *//p" "$ROOT/Makefile")
	needed=$(readelf -d "$BIN/$1" |
	    sed -n 's/.*(NEEDED).*\[lib\(.*\)\.so.*/\1/p')
	[ -n "$needed" ]
	for lib in $needed; do
		lib=${lib%-[0-9]}	# libyaml-0.so.2
		case " $row c " in
		*" $lib "*) ;;
		*)
			# the sanitizers' own
			case $BUILD:$lib in
			*/san:m | */san:gcc_s | */san:stdc++ | */san:ubsan) ;;
			*)
				echo "$1 links lib$lib"
				return 1
				;;
			esac
			;;
		esac
	done
	case $1:" $row " in
	snp-report:* | snp-certs:* | maa-token:* | key-release:* | skr-serve:*) ;;
	*" curl "*)
		echo "$1 has no business with the network"
		return 1
		;;
	esac
}

@test "a tool links its row of the Makefile and nothing else" {
	each links
}

hardened() {
	local elf
	elf=$(readelf -W -d -l "$BIN/$1")
	grep -q 'GNU_RELRO' <<<"$elf"
	grep -q 'BIND_NOW\|Flags:.*NOW' <<<"$elf"
	grep -q 'Flags:.*PIE' <<<"$elf"
	grep -q 'GNU_STACK.* RW ' <<<"$elf"
}

@test "executables are position independent, relocations and stack protected" {
	each hardened
}

missing_input() {
	feed "$1" no-such-file
	leaves_nothing 4 'no-such-file: no such file' "${cmd[@]}"
	feed "$1" /
	leaves_nothing 4 ' /: .*is a directory' "${cmd[@]}"
}

@test "an input that is not there is status 4 and named" {
	each missing_input
}

# A secret where a file's name belongs, behind an option that is none, as one
# operand too many: it is in nothing that is printed.
pasted() {
	local secret how key
	key=$(tr -d '\n' <key.pem)
	for secret in "$(cat token)" "$(cat key.pem)" "$key" \
	    '{"kty":"oct","k":"c2VjcmV0LXNlY3JldA"}' \
	    "{ \"k\": \"c2VjcmV0LXNlY3JldA\", \"kty\": \"oct\" }"; do
		feed "$1" "$secret"
		for how in "${cmd[*]@Q}" "$1 --none=${secret@Q}" \
		    "$1 a b c d e f ${secret@Q} h" "$1 -o ${secret@Q}/x"; do
			_capture eval "$how"
			[ "$_status" -ge 2 ] && [ "$_status" -le 4 ]
			refute grep -Eq 'eyJ2bXBs|c2VjcmV0|MIIE' "$_at/err"
			[ ! -s "$_at/out" ]
		done
		# PEM begins as an option does
		feed "$1" "./$secret"
		fails 4 'not repeated' "${cmd[@]}"
		grep -q 'hint: .*from files or the standard input' "$_at/err"
	done
}

@test "a token or key on the command line is not repeated" {
	each pasted
}

full() {
	local to option
	for to in to_full to_closed 'with_sigpipe_ignored to_broken_pipe'; do
		for option in --help --version; do
			# shellcheck disable=SC2086
			fails 4 'standard output: ' $to "$1" "$option"
		done
		answer "$1"
		# shellcheck disable=SC2086
		fails 4 'standard output: ' $to "${cmd[@]}"
	done
	answer "$1"
	fails 4 '/dev/full: no space left' "${cmd[@]}" -o /dev/full
	answer "$1"
	fails 4 'no-such-directory/file: no such file' "${cmd[@]}" \
	    -o no-such-directory/file
}

@test "a result that cannot be written is status 4" {
	each full
}

broken_pipe() {
	answer "$1"
	_capture to_broken_pipe "${cmd[@]}"
	[ "$_status" -eq 141 ]
	[ ! -s "$_at/err" ]
}

@test "SIGPIPE ends a tool without a word" {
	each broken_pipe
}

output_file() {
	local dir=$BATS_TEST_TMPDIR/out
	rm -rf "$dir"
	mkdir "$dir"
	answer "$1"
	prints '' eval '"${cmd[@]}" -o "$dir/file" && echo'
	[ "$(ls -A "$dir")" = file ]
	[ -s "$dir/file" ]
	# where a file was, it is replaced
	echo old >"$dir/file"
	answer "$1"
	succeeds "${cmd[@]}" -o "$dir/file"
	[ "$(ls -A "$dir")" = file ]
	refute grep -qx old "$dir/file"
}

@test "-o makes one file" {
	each output_file
}

bad_input() {
	local size
	feed "$1" empty
	: >empty
	if [ -n "$good" ]; then
		leaves_nothing 3 'empty|no |not |neither ' "${cmd[@]}"
		size=$(stat -c %s "$good")
		feed "$1" cut
		head -c $((size / 2 | 1)) "$good" >cut
		leaves_nothing 3 '^[a-z-]+: cut: ' "${cmd[@]}"
	fi
	feed "$1" huge
	rm -f huge
	truncate -s $((max + 1)) huge
	leaves_nothing 3 "huge: larger than $max bytes" "${cmd[@]}"
	grep -Eqw "$max|$((max >> 10)) KiB|$((max >> 20)) MiB" "$ROOT/man/$1.1"
}

@test "empty, cut and too large input is status 3, and the manual has the limit" {
	each bad_input
}
