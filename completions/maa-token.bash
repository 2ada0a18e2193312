# maa-token: made by scripts/gen-completions; do not edit
_maa_token() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	# bash takes --name=value apart at the equals sign
	if [[ $cur == "=" ]]; then
		cur=
	elif [[ $prev == "=" ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	COMPREPLY=()
	case $prev in
	--access-token-file|--cacert|--certs|-o|--output|-R|--response|-r|--runtime-data|-u|--uvm-endorsement)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames
		return ;;
	--api-version|-e|--endpoint|--nonce|--retry|--skr|--timeout)
		:
		return ;;
	-C|--context)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		compopt -o filenames
		return ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '--access-token-file --api-version --cacert --certs -C --context -n --dry-run -e --endpoint -h --help --keys --nonce -o --output --provider-policy -q --quiet -R --response --retry -r --runtime-data --skr --status --timeout -u --uvm-endorsement -v --verbose -V --version' -- "$cur")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames
	fi
}
complete -F _maa_token maa-token
