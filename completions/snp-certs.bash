# snp-certs: made by scripts/gen-completions; do not edit
_snp_certs() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	# bash takes --name=value apart at the equals sign
	if [[ $cur == "=" ]]; then
		cur=
	elif [[ $prev == "=" ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	COMPREPLY=()
	case $prev in
	--at|--kds|--retry|--timeout)
		:
		return ;;
	--cacert|-o|--output|--root)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames
		return ;;
	--from)
		mapfile -t COMPREPLY < <(compgen -W 'kds thim' -f -- "$cur")
		compopt -o filenames
		return ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '--at --cacert --crl --from -h --help --kds --offline -o --output -q --quiet --retry --root --timeout -v --verbose -V --version' -- "$cur")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames
	fi
}
complete -F _snp_certs snp-certs
