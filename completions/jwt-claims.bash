# jwt-claims: made by scripts/gen-completions; do not edit
_jwt_claims() {
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
	-a|--alg)
		mapfile -t COMPREPLY < <(compgen -W 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512' -- "$cur")
		return ;;
	--at|-j|--filter|-i|--issuer|--leeway|--min-tcb|--min-uvm-svn|--nonce|--require|--threads)
		:
		return ;;
	-c|--check)
		mapfile -t COMPREPLY < <(compgen -W 'iss= iat= nbf= exp= jti= nonce= x-ms-ver= x-ms-policy-hash= x-ms-policy-signer= x-ms-policy= x-ms-attestation-type= x-ms-compliance-status= x-ms-sevsnpvm-is-debuggable= x-ms-sevsnpvm-migration-allowed= x-ms-sevsnpvm-smt-allowed= x-ms-sevsnpvm-vmpl= x-ms-sevsnpvm-chipid= x-ms-sevsnpvm-chip-family= x-ms-sevsnpvm-singlesocket= x-ms-sevsnpvm-cxl-allowed= x-ms-sevsnpvm-mem-aes256-xts-required= x-ms-sevsnpvm-rapl-disabled= x-ms-sevsnpvm-ciphertext-hiding-dram-enabled= x-ms-sevsnpvm-page-swap-disabled= x-ms-sevsnpvm-reportid= x-ms-sevsnpvm-bootloader-svn= x-ms-sevsnpvm-tee-svn= x-ms-sevsnpvm-snpfw-svn= x-ms-sevsnpvm-microcode-svn= x-ms-sevsnpvm-launchmeasurement= x-ms-sevsnpvm-guestsvn= x-ms-sevsnpvm-familyId= x-ms-sevsnpvm-imageId= x-ms-sevsnpvm-idkeydigest= x-ms-sevsnpvm-authorkeydigest= x-ms-azurevm-vmid= x-ms-azurevm-ostype= x-ms-azurevm-osdistro= x-ms-azurevm-osversion-major= x-ms-azurevm-osversion-minor= x-ms-azurevm-osbuild= x-ms-azurevm-is-windows= secureboot= x-ms-azurevm-default-securebootkeysvalidated= x-ms-azurevm-dbvalidated= x-ms-azurevm-dbxvalidated= x-ms-azurevm-signingdisabled= x-ms-azurevm-testsigning-enabled= x-ms-azurevm-flightsigning-enabled= x-ms-azurevm-debuggersdisabled= x-ms-azurevm-bootdebug-enabled= x-ms-azurevm-kerneldebug-enabled= x-ms-azurevm-hypervisordebug-enabled= x-ms-azurevm-elam-enabled= x-ms-azurevm-hvci-policy= x-ms-azurevm-attested-pcrs= x-ms-azurevm-attestation-protocol-ver= x-ms-sevsnpvm-hostdata= x-ms-sevsnpvm-uvm-endorsement= x-ms-sevsnpvm-uvm-endorsement-headers= x-ms-sevsnpvm-reportdata= x-ms-runtime= x-ms-inittime=' -- "$cur")
		compopt -o nospace
		return ;;
	-f|--format)
		mapfile -t COMPREPLY < <(compgen -W 'json header features table html' -- "$cur")
		return ;;
	-k|--key|-o|--output|-p|--policy|--release-policy|-r|--runtime-data)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames
		return ;;
	--provider-policy)
		[[ $cur == @* ]] || return
		mapfile -t COMPREPLY < <(compgen -P @ -f -- "${cur#@}")
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
