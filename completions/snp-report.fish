# snp-report: made by scripts/gen-completions; do not edit
complete -c snp-report -f
complete -c snp-report -l certs-out -r -F -d 'write the platform\'s certificates to FILE'
complete -c snp-report -l endorsement-out -r -F -d 'write a sidecar\'s UVM endorsement to FILE'
complete -c snp-report -s h -l help -d 'print this help, with =all of every option'
complete -c snp-report -s o -l output -r -F -d 'write the report to FILE'
complete -c snp-report -s q -l quiet -d 'print no warnings'
complete -c snp-report -s d -l report-data -x -d 'report data: 64 bytes, or a digest of 32 or 48'
complete -c snp-report -s r -l runtime-data -r -F -d 'report data: the file\'s SHA-256, then zeros'
complete -c snp-report -s s -l source -x -a 'auto sev-guest sev tsm vtpm' -d 'a device, or an SKR sidecar (default auto)'
complete -c snp-report -s V -l version -d 'print the version'
complete -c snp-report -s l -l vmpl -x -d 'privilege level the report is for, 0 to 3 (default 0)'
