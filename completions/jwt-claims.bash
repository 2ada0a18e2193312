# jwt-claims: made by scripts/gen-completions; do not edit
_jwt_claims() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	# bash takes --name=value apart at the equals sign
	if [[ $cur == "=" ]]; then
		cur=
	elif [[ $prev == "=" ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	COMPREPLY=()
	case $prev in
	-a|--alg)
		mapfile -t COMPREPLY < <(compgen -W 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512' -- "$cur")
		return ;;
	--at|-c|--check|-j|--filter|-i|--issuer|--leeway|--min-tcb|--min-uvm-svn|--nonce|--provider-policy|--require|--threads)
		:
		return ;;
	-f|--format)
		mapfile -t COMPREPLY < <(compgen -W 'json header features table html' -- "$cur")
		return ;;
	-k|--key|-o|--output|-p|--policy|--release-policy|-r|--runtime-data)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames
		return ;;
	-l|--vmpl)
		mapfile -t COMPREPLY < <(compgen -W '0 1 2 3 any' -- "$cur")
		return ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '-a --alg --any-kid --at -c --check -j --filter -f --format -h --help -i --issuer -k --key --leeway --lines --min-tcb --min-uvm-svn --nonce -o --output -p --policy --provider-policy -q --quiet --raw --refuse-open-policy --release-policy --require --require-features -r --runtime-data --threads -U --unverified -V --version -l --vmpl' -- "$cur")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames
	fi
}
complete -F _jwt_claims jwt-claims
