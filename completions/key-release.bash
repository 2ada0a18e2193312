# key-release: made by scripts/gen-completions; do not edit
_key_release() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	# bash takes --name=value apart at the equals sign
	if [[ $cur == "=" ]]; then
		cur=
	elif [[ $prev == "=" ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	COMPREPLY=()
	case $prev in
	--access-token-file|--cacert|--client-secret-file|-k|--key|-o|--output|--release-roots|-R|--response|-t|--token)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames
		return ;;
	--api-version|--bits|-e|--endpoint|--identity|--nonce|--resource|--retry|--skr|--timeout)
		:
		return ;;
	--enc)
		mapfile -t COMPREPLY < <(compgen -W 'CKM_RSA_AES_KEY_WRAP RSA_AES_KEY_WRAP_256 RSA_AES_KEY_WRAP_384' -- "$cur")
		return ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '--access-token-file --api-version --bits --cacert --client-secret-file -n --dry-run --enc -e --endpoint --force -G --generate -h --help --identity -k --key --nonce -o --output --public -q --quiet --release-roots --resource -R --response --retry --show --skr --timeout -t --token -v --verbose -V --version' -- "$cur")
	fi
}
complete -F _key_release key-release
