# shellcheck shell=bash
# lib.bash -- what the command-line tests share.  A test begins
#
#	load ../lib
#
# tests/run sets BIN (the executables), BUILD, ROOT (the checkout), FAKE (the
# stand-ins), VECTORS (real data, may be empty) and puts BIN first in PATH;
# bats by hand gets those of the ordinary build.

: "${ROOT:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
: "${BUILD:=$ROOT/build}"
: "${BIN:=$BUILD}"
: "${FAKE:=$ROOT/build/fake}"
if [ -z "${VECTORS+set}" ]; then
	VECTORS=$(cd "$ROOT/../shared/vectors" 2>/dev/null && pwd) || VECTORS=
fi
case :$PATH: in
:"$BIN":*) ;;
*) PATH=$BIN:$PATH ;;
esac
export ROOT BUILD BIN FAKE VECTORS PATH

# bats notes the stack before each command, which takes longer than most of what
# is done here: let it not do so for the commands of this file.
if _trap=$(declare -f bats_debug_trap); then
	eval "${_trap/\{/\{ [[ \$1 != *\/lib.bash ]] || return 0;}"
fi

# Say why a test fails, with the command and what it printed, and fail it.
_complain() {
	local why=$1 at=$2
	shift 2
	{
		echo "$why"
		printf 'command:'
		printf ' %q' "$@"
		echo
		echo "--- standard output ($(wc -c <"$at/out") bytes)"
		head -c 2000 "$at/out" | cat -v
		echo "--- standard error"
		head -c 8000 "$at/err" | cat -v
		echo "---"
	} >&2
	return 1
}

# Run CMD with its two streams in files of a directory, whose name is left in
# _at; the status is left in _status.  The files are for the owner alone, or a
# tool would refuse to put a secret there.  (One directory for each shell, used
# again: these functions run thousands of times and fork as little as they can.)
_capture() {
	_at=${BATS_TEST_TMPDIR:-${BATS_FILE_TMPDIR:?}}/cmd.$BASHPID
	[ -d "$_at" ] || (umask 077 && mkdir "$_at" && : >"$_at/out" && : >"$_at/err")
	_status=0
	"$@" >"$_at/out" 2>"$_at/err" || _status=$?
}

# fails STATUS PATTERN CMD...: exactly this status, nothing on standard
# output, and on standard error one line "tool: ..." that the extended regular
# expression PATTERN matches, then at most one "tool: hint: ...".  Warnings
# may come before it.
fails() {
	local want=$1 pattern=$2
	shift 2
	_capture "$@"
	[ "$_status" -eq "$want" ] ||
		_complain "status $_status instead of $want" "$_at" "$@" || return
	[ ! -s "$_at/out" ] ||
		_complain "standard output is not empty" "$_at" "$@" || return
	_one_error || _complain "$_why" "$_at" "$@" || return
	[[ $_error =~ $pattern ]] ||
		_complain "the error does not match: $pattern" "$_at" "$@" || return
	[ -x "$BIN/${_error%%: *}" ] ||
		_complain "the error begins with no tool's name" "$_at" "$@"
}

# hinted PATTERN: the failure just seen said what to do.
hinted() {
	grep -q "hint: .*$1" "${_at:?}/err" || { cat "$_at/err" && false; }
}

# refuses STATUS PATTERN CMD...: as fails, but for the few modes that print
# their report on standard output all the same.
refuses() {
	local want=$1 pattern=$2
	shift 2
	_capture "$@"
	[ "$_status" -eq "$want" ] ||
		_complain "status $_status instead of $want" "$_at" "$@" || return
	[ -s "$_at/out" ] ||
		_complain "no report on standard output" "$_at" "$@" || return
	_one_error || _complain "$_why" "$_at" "$@" || return
	[[ $_error =~ $pattern ]] ||
		_complain "the error does not match: $pattern" "$_at" "$@"
}

# Is $_at/err some warnings, one error and at most one hint, of one tool?  The
# error is left in _error.
_one_error() {
	local line tool='' state=0
	_why='' _error=''
	while IFS= read -r line || [ -n "$line" ]; do
		[[ $line =~ ^([a-z-]+):\ (warning:\ |hint:\ |).+ ]] ||
			_why="not a line of a tool: $line"
		[ "${tool:=${BASH_REMATCH[1]}}" = "${BASH_REMATCH[1]}" ] ||
			_why="lines of two tools"
		case ${BASH_REMATCH[2]}$state in
		warning:\ 0) ;;
		hint:\ 1) state=2 ;;
		0) state=1 _error=$line ;;
		hint:*) _why="a hint without an error, or a second one" ;;
		*) _why="more than one error line, or a warning after it" ;;
		esac
	done <"$_at/err"
	[ "$state" -ge 1 ] || _why=${_why:-"no error line"}
	[ -z "$_why" ]
}

# prints TEXT CMD...: status 0 and exactly TEXT and a newline.
prints() {
	local text=$1 got
	shift
	_capture "$@"
	[ "$_status" -eq 0 ] ||
		_complain "status $_status instead of 0" "$_at" "$@" || return
	# read fails at the end of the file, and succeeds at a NUL before it
	{ ! IFS= read -r -d '' got <"$_at/out"; } &&
		[ "$got" = "$text"$'\n' ] ||
		_complain "expected: $text" "$_at" "$@"
}

# succeeds CMD...: status 0.  What it printed is printed again, so that it
# can be caught: x=$(succeeds CMD...).  For binary output use succeeds CMD -o.
succeeds() {
	_capture "$@"
	[ "$_status" -eq 0 ] ||
		_complain "status $_status instead of 0" "$_at" "$@" || return
	[ ! -s "$_at/out" ] || cat "$_at/out"
}

# warns PATTERN CMD...: status 0 and a warning that matches.
warns() {
	local pattern=$1 line
	shift
	_capture "$@"
	[ "$_status" -eq 0 ] ||
		_complain "status $_status instead of 0" "$_at" "$@" || return
	while IFS= read -r line; do
		if [[ $line =~ ^[a-z-]+:\ warning:\  && $line =~ $pattern ]]; then
			return
		fi
	done <"$_at/err"
	_complain "no warning matches: $pattern" "$_at" "$@"
}

# refute CMD...: fails the test if CMD succeeds, which "! CMD" does not.
refute() {
	! "$@"
}

# need_vectors [PATH...]: skip the test where the real data is not.
need_vectors() {
	local path
	[ -n "$VECTORS" ] || skip "no vectors"
	for path in "$@"; do
		[ -e "$VECTORS/$path" ] || skip "no vectors/$path"
	done
}

# with_device CMD...: run CMD as on a confidential virtual machine.
with_device() {
	LD_PRELOAD=$FAKE/sev.so FAKE_SEV_PKI=$FAKE/pki "$@"
}

# fake PROGRAM [ARG...]: a Python program of tests/fake, by the process that
# tests/run keeps warm if there is one.
fake() {
	"$FAKE/warm" "$ROOT/tests/fake/$1" "${@:2}"
}

# python3 -c TEXT|-|FILE [ARG...]: by that process too.  (env python3 is not, for
# what has to be a process of its own.)
python3() {
	"$FAKE/warm" python3 "$@"
}

# The stand-in services, for setup_file and teardown_file: one set a file of
# tests, on ports of its own.  What run/env says is exported: MAA, VAULT, SKR,
# IMDS, CACERT and so on; see tests/fake/services.  With SIDECAR=skr-serve the
# sidecar is skr-serve, on these services; see ours.
start_services() {
	fake services --pki "$FAKE/pki" \
	    --dir "$BATS_FILE_TMPDIR/run" --background "$@" 3>&- || return
	set -a
	# shellcheck disable=SC1091
	. "$BATS_FILE_TMPDIR/run/env"
	set +a
	[ -n "${SIDECAR-}" ] || return 0
	# shellcheck disable=SC1091 # whose functions are not for all
	(. "$ROOT/tests/serve.bash" && be_the_sidecar) || return
	SKR=$(cat "$BATS_FILE_TMPDIR/sidecar/full.url")
	SKR_NODEVICE=$(cat "$BATS_FILE_TMPDIR/sidecar/bare.url")
	export SKR SKR_NODEVICE
}

# ours: whether the sidecar is skr-serve, which says other things than the
# original, and nothing by order of a test.
ours() {
	[ -n "${SIDECAR-}" ]
}

# control ROUTE JSON: tell the stand-ins; their answer is in the file control.
control() {
	curl -sS --noproxy '*' -o "$BATS_TEST_TMPDIR/control" -d "$2" \
		"$CONTROL/$1"
}

# They go away when their directory does.
stop_services() {
	[ -z "${SIDECAR-}" ] ||
		(cd "$BATS_FILE_TMPDIR/sidecar" && kill "$(<full.pid)" "$(<bare.pid)")
	rm -rf "${BATS_FILE_TMPDIR:?}/run"
}

# rsa_key FILE [BITS]: an RSA key, of 2048 bits unless said, another at each call.
# They are made once and serve all files and later runs: to find one takes longer
# than most tests.
rsa_key() {
	local key=$FAKE/keys/${2:-2048}.$((_rsa_keys += 1)).pem
	if [ ! -e "$key" ]; then
		(
			umask 077
			mkdir -p "$FAKE/keys"
			openssl genrsa -out "$key.$BASHPID" "${2:-2048}" \
			    2>/dev/null && mv "$key.$BASHPID" "$key"
		) || return
	fi
	(umask 077 && cat "$key" >"$1")
}

# jwk_of PEM: the private JWK of an RSA key, made without our own code.
jwk_of() {
	python3 - "$1" <<'END'
import base64, json, re, subprocess, sys
text = subprocess.run(["openssl", "rsa", "-in", sys.argv[1], "-noout", "-text"],
                      check=True, capture_output=True, text=True).stdout
parts = re.split(r"^(\w+):", text, flags=re.M)
found = dict(zip(parts[1::2], parts[2::2]))
def b64(number):
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
def part(name):
    return b64(int(re.sub(r"[\s:]", "", found[name]), 16))
print(json.dumps({
    "d": part("privateExponent"), "dp": part("exponent1"),
    "dq": part("exponent2"), "e": b64(65537), "kty": "RSA",
    "n": part("modulus"), "p": part("prime1"), "q": part("prime2"),
    "qi": part("coefficient")}))
END
}
