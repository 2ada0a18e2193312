# policy-gen: made by scripts/gen-completions; do not edit
_policy_gen() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	# bash takes --name=value apart at the equals sign
	if [[ $cur == "=" ]]; then
		cur=
	elif [[ $prev == "=" ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	COMPREPLY=()
	case $prev in
	--image|--infrastructure-svn|--max-size|--name|--threads)
		:
		return ;;
	--include-fragments|-o|--output|--parameters|--tar)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames
		return ;;
	--write)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		compopt -o filenames
		return ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '--approve-wildcards --base64 --check --debug-mode --disable-stdio --enable-stdio --exclude-default-fragments --hash -h --help --image --include-fragments --infrastructure-svn --inject --max-size --name --omit-id -o --output --parameters --pretty -q --quiet --splice --tar --threads -V --version --write' -- "$cur")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames
	fi
}
complete -F _policy_gen policy-gen
