# shellcheck shell=bash
# evidence.bash -- what the tests of snp-verify share; after lib.bash.

# make_report SET FILE [NAME=VALUE...] [OPTION...]: a report of the stand-in with
# that chain, for the file's policy.rego; NAMEs tell the device what to err in.
make_report() {
	local set=$1 file=$2 env=()
	shift 2
	while [[ ${1-} == *=* ]]; do
		env+=("$1")
		shift
	done
	with_device env FAKE_SEV_PKI="$FAKE/pki/$set" \
		FAKE_SEV_POLICY="$BATS_FILE_TMPDIR/policy.rego" \
		"${env[@]}" "$BIN/snp-report" "$@" -o "$file"
}
