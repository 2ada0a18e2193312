# policy-hash: made by scripts/gen-completions; do not edit
_policy_hash() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	# bash takes --name=value apart at the equals sign
	if [[ $cur == "=" ]]; then
		cur=
	elif [[ $prev == "=" ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	# and words at the sign before a file
	if [[ $prev == @ || $prev == "=@" ]]; then
		cur=@$cur
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	elif [[ $cur == "=@" ]]; then
		cur=@
	fi
	COMPREPLY=()
	case $prev in
	--as)
		mapfile -t COMPREPLY < <(compgen -W 'rego base64 json bicepparam yaml initdata' -- "$cur")
		return ;;
	-c|--check)
		[[ $cur == @* ]] || return
		mapfile -t COMPREPLY < <(compgen -P @ -f -- "${cur#@}")
		return ;;
	--diff|-o|--output|--parameters)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames
		return ;;
	-f|--format)
		mapfile -t COMPREPLY < <(compgen -W 'hex base64' -- "$cur")
		return ;;
	--name)
		:
		return ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '--as -c --check --diff -f --format -h --help --json --lint --list --name -o --output --parameters -q --quiet --text -V --version' -- "$cur")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames
	fi
}
complete -F _policy_hash policy-hash
