# snp-report: made by scripts/gen-completions; do not edit
_snp_report() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	# bash takes --name=value apart at the equals sign
	if [[ $cur == "=" ]]; then
		cur=
	elif [[ $prev == "=" ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	COMPREPLY=()
	case $prev in
	--certs-out|--endorsement-out|-o|--output|-r|--runtime-data)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames
		return ;;
	-d|--report-data|-l|--vmpl)
		:
		return ;;
	-s|--source)
		mapfile -t COMPREPLY < <(compgen -W 'auto sev-guest sev tsm vtpm' -- "$cur")
		return ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '--certs-out --endorsement-out -h --help -o --output -q --quiet -d --report-data -r --runtime-data -s --source -V --version -l --vmpl' -- "$cur")
	fi
}
complete -F _snp_report snp-report
