# snp-verify: made by scripts/gen-completions; do not edit
_snp_verify() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	# bash takes --name=value apart at the equals sign
	if [[ $cur == "=" ]]; then
		cur=
	elif [[ $prev == "=" ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	COMPREPLY=()
	case $prev in
	--allow-missing)
		mapfile -t COMPREPLY < <(compgen -W 'endorsement policy' -- "$cur")
		return ;;
	--at|--author-key-digest|--chip-id|--family-id|--host-data|--id-key-digest|--image-id|--measurement|--min-svn|--min-tcb|--min-uvm-svn|-d|--report-data|--threads|--uvm-feed|--uvm-issuer)
		:
		return ;;
	--certs|--crl|-o|--output|-p|--policy|--root|--rules|-r|--runtime-data|-u|--uvm-endorsement)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames
		return ;;
	-C|--context)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		compopt -o filenames
		return ;;
	-l|--vmpl)
		mapfile -t COMPREPLY < <(compgen -W '0 1 2 3 any' -- "$cur")
		return ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '--allow-debug --allow-migration --allow-missing --allow-open-policy --at --author-key-digest --certs --chip-id -C --context --crl --explain --family-id -h --help --host-data --html --id-key-digest --image-id --json --lines --measurement --min-svn --min-tcb --min-uvm-svn -o --output -p --policy -q --quiet -d --report-data --root --rules -r --runtime-data --show --show-rules --threads -u --uvm-endorsement --uvm-feed --uvm-issuer -V --version -l --vmpl' -- "$cur")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames
	fi
}
complete -F _snp_verify snp-verify
