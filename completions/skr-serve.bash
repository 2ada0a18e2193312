# skr-serve: made by scripts/gen-completions; do not edit
_skr_serve() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	# bash takes --name=value apart at the equals sign
	if [[ $cur == "=" ]]; then
		cur=
	elif [[ $prev == "=" ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	COMPREPLY=()
	case $prev in
	--access-token-file|--cacert|--certs|--client-secret-file|--log-file|-o|--output|--release-roots|--root|-u|--uvm-endorsement)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames
		return ;;
	--allow-endpoint|--base64|-e|--endpoint|--identity|--listen|--max-waiting|--port|--resource|--retry|--timeout|--uvm-feed|--uvm-issuer)
		:
		return ;;
	-C|--context)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		compopt -o filenames
		return ;;
	--log-level)
		mapfile -t COMPREPLY < <(compgen -W 'error warning info debug' -- "$cur")
		return ;;
	--server-type)
		mapfile -t COMPREPLY < <(compgen -W 'http grpc' -- "$cur")
		return ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '--access-token-file --allow-endpoint --base64 --cacert --certs --client-secret-file --compat -C --context -n --dry-run -e --endpoint -h --help --identity --listen --log-file --log-json --log-level --max-waiting --metrics --no-verify-report -o --output --port -q --quiet --release-roots --resource --retry --root --server-type --timeout -u --uvm-endorsement --uvm-feed --uvm-issuer -V --version' -- "$cur")
	fi
}
complete -F _skr_serve skr-serve
