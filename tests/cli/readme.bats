#!/usr/bin/env bats
# Every command of README.md does what it says there: those of the tools are run
# word for word, with the stand-ins in the place of the hardware and the services,
# whose names and roots the functions below put in; the others must be known here.

load ../lib

setup_file() {
	start_services || return
	cd "$BATS_FILE_TMPDIR" || return
	# what a reader has at hand
	fake image registry.example/app:1 app='#!/bin/app' >app.tar
	jq '(.. | .image? // empty) = "registry.example/app:1"' \
		"$ROOT/tests/data/app.json" >template.json
	policy-gen -q --disable-stdio --tar app.tar template.json >policy.rego
	policy-gen -q --disable-stdio --tar app.tar --inject template.json >deploy.json
	fake context --pki "$FAKE/pki" --policy policy.rego security-context
	key-release -G -k wrap.pem -o runtime.json
	printf 'name,phone,city\nAda,555,Turin\nBo,,Oslo\n' >rows.csv
	rsa_key vault.pem
	jq -n --arg iss "https://$MAA" --arg h "$(policy-hash policy.rego)" \
		'{version: "1.0.0", anyOf: [{authority: $iss, allOf:
		[{claim: "x-ms-sevsnpvm-hostdata", equals: $h}]}]}' >release.json
	fake import-key vault.pem release.json | curl -sSf --cacert "$CACERT" \
		-X PUT -o /dev/null -d @- -H 'Content-Type: application/json' \
		-H "Authorization: Bearer $(cat "$BEARER_FILE")" \
		"$VAULT/keys/mykey?api-version=7.4"
	curl -sSf --cacert "$CACERT" "$VAULT/keys/mykey?api-version=7.4" \
		-H "Authorization: Bearer $(cat "$BEARER_FILE")" >public.json
	# the device vouches for the policy that is deployed
	export FAKE_SEV_POLICY=$PWD/policy.rego
	export UVM_SECURITY_CONTEXT_DIR=$PWD/security-context
	in_readme_place snp-report -r runtime.json -o report.bin
	in_readme_place maa-token -e sharedeus.eus.attest.azure.net \
		-r runtime.json -o token.jwt report.bin
	in_readme_place maa-token -e sharedeus.eus.attest.azure.net --keys \
		-o jwks.json
}

teardown_file() {
	stop_services
}

# in_readme_place TOOL ARG...: with the stand-ins' addresses for the names that
# README has, and their roots.
in_readme_place() {
	local tool=$1 arg
	local -a args=()
	shift
	for arg; do
		arg=${arg//sharedeus.eus.attest.azure.net/$MAA}
		args+=("${arg//https:\/\/myvault.vault.azure.net/$VAULT}")
	done
	case $tool in
	snp-report) with_device "$BIN/snp-report" "${args[@]}" ;;
	snp-verify)
		"$BIN/snp-verify" --root "$FAKE/pki/ark.pem" \
			--uvm-issuer "$(cat "$FAKE/pki/uvm-did")" \
			--uvm-feed ContainerPlat-AMD-UVM "${args[@]}"
		;;
	maa-token) "$BIN/maa-token" --cacert "$CACERT" "${args[@]}" ;;
	key-release)
		case " ${args[*]} " in
		*" -G "* | *" --public "*) "$BIN/key-release" "${args[@]}" ;;
		*) "$BIN/key-release" --cacert "$CACERT" \
			--access-token-file "$BEARER_FILE" \
			--release-roots "$RELEASE_ROOTS" "${args[@]}" ;;
		esac
		;;
	*) "$BIN/$tool" "${args[@]}" ;;
	esac
}

# commands: those of README's code blocks, one a line, without what is behind
# a "#" and with the lines that go on joined.
commands() {
	sed -n 's/^    //p' "$ROOT/README.md" |
		sed -e ':a' -e '/\\$/{' -e N -e 's/\\\n *//' -e ta -e '}' \
		    -e 's/  *# .*//'
}

@test "README: each command of a tool works as it stands" {
	local line tool count=0
	cd "$BATS_FILE_TMPDIR"
	for tool in "$ROOT"/cmd/*.c; do
		tool=$(basename "$tool" .c)
		eval "$tool() { in_readme_place $tool \"\$@\"; }"
	done
	while IFS= read -r line; do
		tool=${line%% *}
		[ -e "$ROOT/cmd/$tool.c" ] || continue
		case $line in
		'key-release -G '*) rm -f wrap.pem ;;
		esac
		eval "$line" >shown 2>&1 || {
			echo "README: status $?: $line"
			cat shown
			return 1
		}
		count=$((count + 1))
	done < <(commands)
	[ "$count" -ge 15 ]
	cmp rows.csv plain.csv
	prints "$(cat runtime.json)" key-release --public -k wrap.pem
}

@test "README: every other command is one that is run elsewhere, and is there" {
	local line
	while IFS= read -r line; do
		[ ! -e "$ROOT/cmd/${line%% *}.c" ] || continue
		case $line in
		make | 'sudo make install' | 'sudo make uninstall') ;;
		scripts/demo | scripts/check | 'scripts/setup --build')
			[ -x "$ROOT/${line%% *}" ]
			;;
		*)
			echo "README: nothing runs: $line"
			return 1
			;;
		esac
	done < <(commands)
}

@test "README: what it names in text is there" {
	local name
	for name in $(grep -o '`scripts/[a-z-]*' "$ROOT/README.md" | tr -d '`') \
	    SECURITY.md HACKING.md CHANGELOG.md LICENSE docs/flow.svg; do
		grep -q "${name##*/}" "$ROOT/README.md"
		[ -e "$ROOT/$name" ]
	done
	for name in $(grep -o '`make [a-z]*' "$ROOT/README.md" | cut -d' ' -f2); do
		grep -q "^$name:" "$ROOT/Makefile"
	done
	for name in "$ROOT"/cmd/*.c; do
		grep -q "^| \`$(basename "$name" .c)\` |" "$ROOT/README.md"
	done
}

@test "the picture is what its text makes, and fetches nothing" {
	"$ROOT/scripts/picture" "$ROOT/docs/flow.txt" >"$BATS_TEST_TMPDIR/flow.svg"
	cmp "$BATS_TEST_TMPDIR/flow.svg" "$ROOT/docs/flow.svg"
	refute grep -Eq '<script|href|url\(' "$ROOT/docs/flow.svg"
	python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' \
		"$ROOT/docs/flow.svg"
	printf 'lane a  A\nb -> a  text\nsees a  x\n' >"$BATS_TEST_TMPDIR/bad.txt"
	run "$ROOT/scripts/picture" "$BATS_TEST_TMPDIR/bad.txt"
	[ "$status" -ne 0 ] && [[ $output == *'bad.txt:2: no such lane: b'* ]]
}
