# policy-hash: made by scripts/gen-completions; do not edit
complete -c policy-hash -l as -x -a 'rego base64' -d 'insist that FILE is of this kind'
complete -c policy-hash -s c -l check -x -d 'compare with a hash, or with the HOST_DATA of @REPORT'
complete -c policy-hash -s f -l format -x -a 'hex base64' -d 'how the hash is written (default hex)'
complete -c policy-hash -s h -l help -d 'print this help'
complete -c policy-hash -s o -l output -r -F -d 'write to FILE instead of standard output'
complete -c policy-hash -s q -l quiet -d 'print no warnings'
complete -c policy-hash -s V -l version -d 'print the version'
