# blob-encrypt: made by scripts/gen-completions; do not edit
_blob_encrypt() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	# bash takes --name=value apart at the equals sign
	if [[ $cur == "=" ]]; then
		cur=
	elif [[ $prev == "=" ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	COMPREPLY=()
	case $prev in
	--encryptiondata-out|-k|--key|-o|--output|--passphrase-file)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames
		return ;;
	--field-format)
		mapfile -t COMPREPLY < <(compgen -W 'oaep jwe' -- "$cur")
		return ;;
	--fields|--kid|--label|--threads)
		:
		return ;;
	-f|--format)
		mapfile -t COMPREPLY < <(compgen -W 'oaep fields jwe cse age' -- "$cur")
		return ;;
	--mgf1-hash|--oaep-hash)
		mapfile -t COMPREPLY < <(compgen -W 'sha1 sha256 sha384 sha512' -- "$cur")
		return ;;
	--records)
		mapfile -t COMPREPLY < <(compgen -W 'auto json lines csv' -- "$cur")
		return ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '--armor --encryptiondata-out --field-format --fields -f --format -h --help -k --key --kid --label --mgf1-hash --oaep-hash -o --output --passphrase --passphrase-file --progress -q --quiet --raw --records --threads -v --verbose -V --version' -- "$cur")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames
	fi
}
complete -F _blob_encrypt blob-encrypt
