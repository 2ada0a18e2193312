# tee-doctor: made by scripts/gen-completions; do not edit
_tee_doctor() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	# bash takes --name=value apart at the equals sign
	if [[ $cur == "=" ]]; then
		cur=
	elif [[ $prev == "=" ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	COMPREPLY=()
	case $prev in
	--access-token-file|--cacert|-p|--policy|--release-policy|--root)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames
		return ;;
	-C|--context)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		compopt -o filenames
		return ;;
	-e|--endpoint|--identity|--resource|--skr|-s|--source|--timeout|--uvm-feed|--uvm-issuer)
		:
		return ;;
	-l|--vmpl)
		mapfile -t COMPREPLY < <(compgen -W '0 1 2 3 any' -- "$cur")
		return ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '--access-token-file --cacert -C --context -e --endpoint -h --help --identity --json -p --policy --release-policy --resource --root --skr -s --source --timeout --uvm-feed --uvm-issuer -V --version -l --vmpl' -- "$cur")
	fi
}
complete -F _tee_doctor tee-doctor
