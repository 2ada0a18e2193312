# shellcheck shell=bash
# blob.bash -- what the tests of blob-encrypt and blob-decrypt share.

# begin_blob NAME...: in setup_file: its directory, files for the owner alone, and
# RSA keys NAME.pem with their public halves NAME.pub.
begin_blob() {
	local name
	cd "$BATS_FILE_TMPDIR" || return
	umask 077
	for name; do
		rsa_key "$name.pem"
		openssl pkey -in "$name.pem" -pubout -out "$name.pub"
	done
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

# same FILE CMD...: that is what it prints, to the byte.
same() {
	cmp "$1" <("${@:2}")
}
