#!/usr/bin/env bats
# tee-doctor on the stand-ins: each step holds once and fails once, and what does
# not depend on it is looked at all the same.
# folders: host net

load ../lib

setup_file() {
	start_services || return
	cd "$BATS_FILE_TMPDIR" || return
	printf 'package policy\n' >policy.rego
	printf 'package policy\n# other\n' >other.rego
	fake context --pki "$FAKE/pki" --policy policy.rego ctx
	release sevsnpvm >release.json
	release azurevm >strict.json
	rsa_key rsa.pem
	put rsa release.json
	put strict strict.json
	# the key is made once
	key-release -G -k wrap.pem -o runtime.json
	mkdir stub stub/all
	cat >stub/all/key-release <<-END
		#!/bin/sh
		case \$1 in
		-G) cp '$PWD/wrap.pem' '$PWD/runtime.json' . ;;
		*) exec '$BIN/key-release' "\$@" ;;
		esac
	END
	# commands that say something else, by name
	stub getent 'exit 2'
	stub curl 'printf "HTTP/1.1 200\r\nDate: $DATE\r\n\r\n"'
	stub expired 'echo "curl: certificate has expired" >&2; exit 60'
	stub past 'case $* in *%Y%m%d) echo 20190101 ;; *) exec /bin/date "$@" ;; esac'
	chmod +x stub/*/*
}

# stub NAME TEXT: a script in stub/NAME.
stub() {
	local name=$1
	case $1 in
	expired) name=curl ;;
	past) name='date' ;;
	esac
	mkdir -p "stub/$1"
	printf '#!/bin/sh\n%s\n' "$2" >"stub/$1/$name"
}

# release TYPE: a release policy that wants it.
release() {
	printf '{"version":"1.0.0","anyOf":[{"authority":"https://%s","allOf":[%s]}]}' \
	    "$MAA" '{"claim":"x-ms-attestation-type","equals":"'"$1"'"}'
}

# put NAME POLICY: import a key.
put() {
	fake import-key rsa.pem "$2" | curl -sSf --cacert "$CACERT" -X PUT \
	    -o /dev/null -d @- -H 'Content-Type: application/json' \
	    -H "Authorization: Bearer $(cat "$BEARER_FILE")" \
	    "$VAULT/keys/$1?api-version=7.4"
}

teardown_file() {
	stop_services
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	curl -sS -o /dev/null -d '{}' "$CONTROL/reset"
	export TMPDIR=$BATS_TEST_TMPDIR
	path=$PWD/stub/all:$PATH
	host=()
	ctx=ctx
	pki=$FAKE/pki
	trust=(--root "$pki/ark.pem" --uvm-issuer "$(<"$pki/uvm-did")"
	    --uvm-feed ContainerPlat-AMD-UVM)
	who=(--identity "client:$CLIENT_ID" --resource https://vault.azure.net)
	net=(--cacert "$CACERT" --timeout 5)
	maa=(-e "$MAA")
	key=("$VAULT/keys/rsa")
}

# with NAME...: these commands are the stubs.
with() {
	local name
	for name; do
		path=$PWD/stub/$name:$path
	done
}

# doctor [OPTION...]: as in the container.  (The script of the checkout, beside
# which no tools are.)
doctor() {
	with_device env FAKE_SEV_POLICY="$BATS_FILE_TMPDIR/policy.rego" \
	    AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS" \
	    UVM_SECURITY_CONTEXT_DIR="$ctx" PATH="$path" "${host[@]}" \
	    "$ROOT/scripts/tee-doctor" "${net[@]}" "${maa[@]}" "${trust[@]}" \
	    "${who[@]}" "$@" "${key[@]}"
}

# missing FILE...: the context is one that lacks these.
missing() {
	ctx=$BATS_TEST_TMPDIR/less
	rm -rf "$ctx"
	cp -R ctx "$ctx"
	(cd "$ctx" && rm "${@/%/-base64}")
}

# says STATUS RESULT STEP PATTERN [OPTION...]: what the doctor finds.
says() {
	local status=$1 result=$2 step=$3 pattern=$4 line
	shift 4
	_capture doctor "$@"
	[ "$_status" -eq "$status" ] ||
		_complain "status $_status instead of $status" "$_at" doctor "$@" || return
	[ ! -s "$_at/err" ] ||
		_complain "standard error is not empty" "$_at" doctor "$@" || return
	line=$(grep -E "^$result  +$step  " "$_at/out") && [[ $line =~ $pattern ]] ||
		_complain "no line: $result $step $pattern" "$_at" doctor "$@" || return
	[ -z "$(find "$TMPDIR" -name 'tee-doctor*')" ]
}

# also RESULT STEP...: and these of the same run.
also() {
	local result=$1 step
	shift
	for step; do
		grep -qE "^$result  +$step  " "$_at/out" ||
			_complain "not $result: $step" "$_at" also || return
	done
}

count() {
	tail -n 1 "$_at/out" | grep -qx "$1" ||
		_complain "the count is not: $1" "$_at" count
}

@test "all is well; nothing secret is printed, and the world is as it was" {
	local before
	before=$(find . -path ./run -prune -o -type f -print | sort)
	mkdir "$BATS_TEST_TMPDIR/home"
	host=(HOME="$BATS_TEST_TMPDIR/home")
	says 0 ok device 'a report came'
	also ok context clock dns maa certificates report policy token \
	    features identity vault release
	also skipped sidecar
	count '13 ok, 0 failed, 1 skipped'
	grep -q 'clock .*, as localhost' "$_at/out"
	[ "$(wc -l <"$_at/out")" -eq 15 ]
	refute grep -Eq 'eyJ|MII' "$_at/out"
	refute grep -q "$(cut -c1-20 "$BEARER_FILE")" "$_at/out"
	[ -z "$(ls -A "$BATS_TEST_TMPDIR/home")" ]
	diff <(echo "$before") <(find . -path ./run -prune -o -type f -print | sort)
	# no key was released or made
	[ "$(curl -sS "$CONTROL/log?service=vault" |
		jq -r '.[] | .method + " " + .path')" = "GET /keys/rsa?api-version=7.4" ]
}

@test "busybox for the shell and all between; one JSON object" {
	type busybox >/dev/null || skip "no busybox"
	local name
	mkdir "$BATS_TEST_TMPDIR/bin"
	path=$BATS_TEST_TMPDIR/bin
	for name in sh sed awk tr cut head tail grep paste mktemp rm cp cat dirname \
	    date uniq env timeout nslookup; do
		ln -s "$(type -P busybox)" "$path/$name"
	done
	for name in "$BIN"/*; do
		[ ! -f "$name" ] || ln -s "$name" "$path"
	done
	ln -sf "$PWD/stub/all/key-release" "$path"
	cp "$ROOT/scripts/tee-doctor" "$path"
	_capture env -i LD_PRELOAD="$FAKE/sev.so" FAKE_SEV_PKI="$pki" PATH="$path" \
	    ASAN_OPTIONS="${ASAN_OPTIONS-}" TMPDIR="$TMPDIR" \
	    AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS" \
	    FAKE_SEV_POLICY="$BATS_FILE_TMPDIR/policy.rego" \
	    "$path/sh" "$path/tee-doctor" --context=ctx "${net[@]}" "${maa[@]}" \
	    "${trust[@]}" "${who[@]}" --js "${key[@]}"
	[ ! -s "$_at/err" ] || _complain "standard error" "$_at" tee-doctor
	# whether nslookup knows localhost is the system's affair
	[ "$(jq -c '[.steps[] | select(.result == "FAIL" and .step != "dns")]' \
	    "$_at/out")" = '[]' ] || _complain "a step failed" "$_at" tee-doctor
	[ "$(jq -c '[(.healthy == (.failed == 0)), .ok + .failed, .skipped,
	    (.steps | length)]' "$_at/out")" = '[true,13,1,14]' ]
	[ "$(jq -c '[.steps[] | keys == ["result","step","try","why"]] | all' \
	    "$_at/out")" = true ]
	[ "$(wc -l <"$_at/out")" -eq 1 ]
}

@test "nothing at all: what needs a step is skipped, the rest is looked at" {
	ctx='' net=() maa=() who=() trust=() key=() host=(FAKE_SEV_DEVICE=none)
	says 1 FAIL device 'this host is an ordinary machine or a container of the Standard SKU.*; try: az container show'
	# what waits for it has nothing else to try
	[ "$(grep -c '^skipped .*: see \(device\|token\)$' "$_at/out")" -eq 6 ]
	refute grep -q 'try: snp-report' "$_at/out"
	also FAIL context
	also ok clock
	also skipped dns maa sidecar certificates report policy token features \
	    identity vault release
	count '1 ok, 2 failed, 11 skipped; first to mend: device'
}

@test "without a report, the context, the network and the vault are looked at" {
	host=(FAKE_SEV_ERRNO=5 FAKE_SEV_FW_ERROR=22)
	says 1 FAIL device 'firmware error 22.*try: key-release -G .* snp-report '
	also ok context clock dns maa identity vault
	also skipped certificates report policy token features release
	count '6 ok, 1 failed, 7 skipped; first to mend: device'
}

@test "without a network, the hardware is looked at" {
	local nobody=http://localhost:1
	maa=(-e localhost:1)
	key=(https://localhost:1/keys/rsa)
	host=(AZURE_POD_IDENTITY_AUTHORITY_HOST=http://127.0.0.1:1)
	net+=(--timeout 1)
	says 1 FAIL maa 'connection refused.*try: maa-token -e localhost:1 --keys' \
	    --skr $nobody
	also ok device context dns certificates report policy
	also FAIL sidecar identity vault
	grep -q "FAIL .*sidecar .*refused.*try: maa-token --skr $nobody --status" \
	    "$_at/out"
	grep -q "FAIL .*identity .*refused.*try: key-release --show -v " "$_at/out"
	grep -q "FAIL .*vault .*refused.*try: key-release --show -v " "$_at/out"
	also skipped token features release
	says 1 FAIL device 'localhost:1: .*refused' -s $nobody
}

@test "a sidecar for the source, a file for the access token" {
	curl -sS -o /dev/null -d "{\"policy\":\"$PWD/policy.rego\"}" "$CONTROL/sidecar"
	who=(--access-token-file "$BEARER_FILE")
	says 0 ok sidecar 'ready' --skr "$SKR" -s "$SKR" -p policy.rego -lany
	grep -q "ok .*device .*from $SKR" "$_at/out"
	grep -q "ok .*identity .*an access token" "$_at/out"
	count '14 ok, 0 failed, 0 skipped'
}

@test "device: the vTPM of a confidential VM, which is read only" {
	export FAKE_SEV_LOG=$BATS_TEST_TMPDIR/log
	host=(FAKE_SEV_DEVICE=tpm)
	ctx=
	says 0 ok device 'from the vTPM'
	also skipped context policy features
	also ok certificates report token release
	refute grep -qi 'write\|define' "$FAKE_SEV_LOG"
	host+=(FAKE_TPM_BLOB=none)
	maa=() key=()
	says 1 FAIL device 'try: snp-report -s vtpm -o report.bin$'
}

@test "context: without a policy, certificates, an endorsement, at all" {
	missing security-policy
	says 1 FAIL context "gave no security-policy-base64.*try: ls -l $ctx"
	also ok device certificates report token release
	also skipped policy
	missing host-amd-cert
	says 1 FAIL context 'gave no host-amd-cert-base64'
	also ok certificates report policy token release	# of the platform
	missing reference-info
	: >"$ctx/reference-info-base64"
	says 1 FAIL context 'gave no reference-info-base64'
	also ok certificates report policy token release
	also FAIL features
	grep -q 'features .*data confidentiality: .*try: jwt-claims ' "$_at/out"
	ctx=nosuch
	says 1 FAIL context 'nosuch is no folder'
}

@test "clock and names: each fails alone" {
	with curl getent
	DATE=$(TZ=GMT LC_ALL=C date -d '+2 hours' '+%a, %d %b %Y %H:%M:%S GMT')
	export DATE
	says 1 FAIL clock '7[12][0-9][0-9] s behind localhost'
	grep -q 'FAIL .*dns .*no such name here: localhost; a shared provider is called' \
	    "$_at/out"
	also ok device context maa certificates report policy token features \
	    identity vault release
	DATE=$(TZ=GMT LC_ALL=C date -d '-400 days' '+%a, %d %b %Y %H:%M:%S GMT')
	host=(FAKE_SEV_DEVICE=none https_proxy=http://127.0.0.1:1 no_proxy=localhost)
	key=()
	says 1 FAIL clock '345[56][0-9]* s ahead of localhost'
	also skipped dns
	DATE='a time'
	says 1 ok clock 'did not say'
	with expired
	says 1 FAIL clock 'certificate of localhost:[0-9]* is not valid'
	with past
	says 1 FAIL clock 'before these tools were made; try: date -u'
	also ok maa
}

@test "clock: dates are told apart over months and leap years" {
	local from line
	eval "$(sed -n '/^ahead() {/,/^}/p' "$ROOT/scripts/tee-doctor")"
	date() {
		TZ=GMT LC_ALL=C command date -d "$now" '+x, %d %m %Y %H:%M:%S'
	}
	while read -r from now line; do
		[ "$(ahead "$(TZ=GMT LC_ALL=C command date -d "$from" \
		    '+%a, %d %b %Y %H:%M:%S GMT')")" = "$line" ]
	done <<-END
		2024-02-28T23:59:59Z 2024-02-29T00:00:00Z 1
		2024-02-28T00:00:00Z 2024-03-01T00:00:00Z 172800
		2023-02-28T00:00:00Z 2023-03-01T00:00:00Z 86400
		2026-12-31T23:59:30Z 2027-01-01T00:00:30Z 60
		2027-01-01T00:00:00Z 2026-01-01T00:00:00Z -31536000
		2099-12-31T00:00:00Z 2101-01-01T00:00:00Z 31622400
	END
}

@test "certificates: of another firmware, of another chip, none" {
	host=(FAKE_SEV_PATCH=0x180:05)
	says 1 FAIL certificates 'tcb: .*try: snp-certs '
	also FAIL token
	also ok device context policy maa identity vault
	host=()
	fake context --pki "$FAKE/pki" --set genoa --policy policy.rego genoa
	ctx=genoa
	says 1 FAIL certificates 'signer|tcb|chip-id'
	missing host-amd-cert
	printf junk | base64 >"$ctx/host-amd-cert-base64"
	says 1 FAIL certificates 'less/host-amd-cert-base64'
	also skipped report
	also ok policy
}

@test "report and policy: not of AMD's, debuggable, another policy" {
	trust=()
	says 1 FAIL report "chain: ARK: .*endorsement: .*try: snp-verify -C $PWD/ctx -p $PWD/other.rego -r runtime.json report.bin" \
	    -p other.rego
	grep -q "FAIL .*policy .*the hash is .*try: policy-hash -c @report.bin $PWD/other.rego" \
	    "$_at/out"
	also ok device context maa certificates token features identity vault release
	setup
	host=(FAKE_SEV_GUEST_POLICY=0xb001f)
	says 1 FAIL report 'debug: '
	also FAIL features
	also ok certificates policy token
}

@test "a policy that allows everything" {
	# of a sample that is published, with or without the policy at hand
	host=(FAKE_SEV_POLICY= FAKE_SEV_HOST_DATA=cadd74f71ebb8fbf9782baab649612520f3c416bc5ce9ac768808ddc8d9b031c)
	missing security-policy
	says 1 FAIL policy 'open-policy: .*try: snp-verify '
	also ok certificates report token release
}

@test "token: the provider refuses" {
	curl -sS -o "$BATS_TEST_TMPDIR/said" -d '{"service":"maa","kind":"error",
	    "path":"attest","name":"policy-evaluation","times":9}' "$CONTROL/fault"
	says 1 FAIL token 'PolicyEvaluationError.*try: maa-token .*-o token.jwt report.bin'
	also ok maa certificates report policy identity vault
	also skipped features release
}

@test "identity and vault: who the vault does not take, what it has not" {
	host=(AZURE_POD_IDENTITY_AUTHORITY_HOST=http://127.0.0.1:1)
	net+=(--timeout 1)
	says 1 FAIL identity 'connection refused'
	also ok vault token
	also skipped release
	setup
	echo none >"$BATS_TEST_TMPDIR/bearer"
	who=(--access-token-file "$BATS_TEST_TMPDIR/bearer")
	says 1 FAIL identity '401 Unauthorized'
	also ok vault
	who=(--access-token-file "$BEARER_FILE")
	key=("$VAULT/keys/nosuch")
	says 1 FAIL vault '404 KeyNotFound'
	also ok identity
	setup
	curl -sS "$CONTROL/bearer" -d '{"permissions":["release"]}' \
	    >"$BATS_TEST_TMPDIR/weak"
	who=(--access-token-file "$BATS_TEST_TMPDIR/weak")
	says 0 ok vault 'does not show the key'
	grep -q '^skipped  release .*ForbiddenByRbac.*keys/get.*try: tee-doctor --release-policy' \
	    "$_at/out"
}

@test "release: the token is not what the key wants" {
	key=("$VAULT/keys/strict")
	says 1 FAIL release 'x-ms-attestation-type is "sevsnpvm" in the token, but the policy wants "azurevm".*try: jwt-claims '
	also ok token features identity vault
	says 0 ok release 'releases the key' --release-policy release.json
	key=()
	says 1 FAIL release 'azurevm' --release-policy strict.json
	also skipped identity vault
}

@test "words that JSON and terminals cannot take" {
	# a control character, and what is no UTF-8
	ctx=$BATS_TEST_TMPDIR/$'a "b\\c\' \xc3\xa9\xff\e[2J'
	cp -R ctx "$ctx"
	rm "$ctx/reference-info-base64"
	maa=() key=()
	_capture doctor --json
	[ "$_status" -eq 1 ]
	[ "$(jq -r '.steps[] | select(.step == "context") | .try' "$_at/out")" = \
	    "ls -l '$BATS_TEST_TMPDIR/a \"b\\c'\\'' é??[2J'" ]
	[ "$(jq -c '[.healthy, .failed]' "$_at/out")" = '[false,1]' ]
	_capture doctor
	[ "$_status" -eq 1 ]
	refute grep -q $'\e' "$_at/out"
}

@test "what it says to try can be typed" {
	local line
	rm -rf again
	mkdir again
	ctx=$BATS_TEST_TMPDIR/$'a b\'c'
	cp -R ctx "$ctx"
	_capture doctor --json
	cp "$_at/out" again/json
	cd again
	while read -r line; do
		with_device env FAKE_SEV_POLICY="$BATS_FILE_TMPDIR/policy.rego" \
		    AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS" \
		    sh -c "$line" >said 2>&1 || { echo "$line" && cat said && false; }
	done < <(jq -r '.steps[] | select(.result == "ok") | .try' json)
	[ -s token.jwt ] && [ -s key.json ]
}

# --- the command line ------------------------------------------------------------

@test "a wrong command line is status 2, and repeats no secret" {
	local secret
	secret=eyJhbGciOiJSUzI1NiJ9.eyJ2bXBsIjowfQ.$(printf 'A%.0s' {1..400})
	fails 2 'unknown option: --nosuch' tee-doctor --nosuch
	fails 2 'unknown option: -Z' tee-doctor -Z
	fails 2 'ambiguous option: --r' tee-doctor --r x
	grep -qx 'tee-doctor: hint: --release-policy --resource --root' "$_at/err"
	fails 2 '--endpoint: no argument' tee-doctor --endpoint
	fails 2 '-e: no argument' tee-doctor -e
	fails 2 '--json takes no argument' tee-doctor --json=yes
	fails 2 'more than one operand' tee-doctor a b
	fails 2 'no address of a key' tee-doctor http://v.example/keys/k
	fails 2 'no address of a key' tee-doctor 'https://v.example/keys/a b'
	fails 2 'no address of a key' tee-doctor https://v.example/secrets/k
	fails 2 '--timeout: ' tee-doctor --timeout 0
	fails 2 '--timeout: ' tee-doctor --timeout 1x
	fails 2 '--vmpl: ' tee-doctor -l 4
	fails 2 '--source: ' tee-doctor -s nosuch
	fails 2 '--source: ' tee-doctor -s 'http://a b'
	fails 2 '--endpoint: ' tee-doctor -e http://v.example
	fails 2 '--endpoint: ' tee-doctor -e v.example/attest
	fails 2 '--endpoint: ' tee-doctor -e "v;touch x"
	fails 2 '--cacert: no such file' tee-doctor --cacert nosuch
	for option in -e -p -s -C --cacert --vmpl --timeout --access-token-file ''; do
		# shellcheck disable=SC2086
		fails 2 . tee-doctor $option "$secret"
		refute grep -q eyJ "$_at/err"
	done
	fails 2 . tee-doctor "--$secret"
	refute grep -q eyJ "$_at/err"
}

@test "a tool that is not there is status 4" {
	local dir=$BATS_TEST_TMPDIR/some name
	mkdir "$dir"
	for name in "$BIN"/*-*; do
		[ ! -f "$name" ] || ln -s "$name" "$dir"
	done
	rm "$dir/policy-hash"
	alone() {
		PATH=$dir:/usr/bin:/bin "$dir/tee-doctor" "$@"
	}
	fails 4 'policy-hash: not beside tee-doctor, and not in PATH' alone
	TMPDIR=/nosuch fails 4 'no folder for temporary files' tee-doctor -e localhost
}

@test "a result that cannot be written is status 4" {
	full() {
		"$@" >/dev/full 2>"$BATS_TEST_TMPDIR/err"
	}
	for how in --help --version --options --json ''; do
		_status=0
		# shellcheck disable=SC2086
		full tee-doctor $how || _status=$?
		[ "$_status" -eq 4 ] || { echo "$how: $_status" && false; }
	done
	[ -z "$(find "$TMPDIR" -name 'tee-doctor*')" ]
}

@test "help, version, manual and completions have the same options" {
	local table manual
	prints "tee-doctor (teeutils) $(sed -n 's/^VERSION := //p' "$ROOT/Makefile")" \
	    tee-doctor --version
	table=$(tee-doctor --options | awk -F '\t' '$1 == "option" {
		if ($2 != "-") print "-" $2
		print "--" $3
	}' | sort)
	manual=$(sed -n 's/^\.It Fl /Fl /p' "$ROOT/man/tee-doctor.1" |
	    awk '{ for (i = 1; i < NF; i++) if ($i == "Fl") print "-" $(i + 1) }' |
	    sort)
	diff <(echo "$table") <(echo "$manual")
	diff <(tee-doctor --help=all | grep -oE -e '^ +(-[A-Za-z], )?--[a-z-]+' |
	    grep -oE -e '--?[A-Za-z][a-z-]*' | sort) <(echo "$table")
	tee-doctor --help | grep -q -e '--help=all$'
	[ "$(tee-doctor --help | wc -l)" -le 24 ]
	refute grep -n '.\{81\}' <(tee-doctor --help=all)
	fails 2 '--help: nothing or all' tee-doctor --help=some
	[ "$(sed -n 's/^\.Nd //p' "$ROOT/man/tee-doctor.1")" = \
	    "$(tee-doctor --options | awk -F '\t' 'NR == 1 { print $3 }')" ]
	grep -q -e --release-policy "$ROOT/completions/tee-doctor.bash"
}

@test "a mistyped option names the near one" {
	fails 2 'unknown option: --endpont' tee-doctor --endpont x
	hinted 'did you mean --endpoint[?]'
	fails 2 'unknown option: --uvm-fed' tee-doctor --uvm-fed=x
	hinted 'did you mean --uvm-feed[?]'
	fails 2 'unknown option: --xyz' tee-doctor --xyz
	hinted '--help. lists'
}

@test "into a closed pipe it says nothing, or one sentence" {
	local said
	said=$(trap '' PIPE && tee-doctor 2>&1 >&-) || [ "$?" -eq 4 ]
	diff - <(echo "$said") <<-'END'
		tee-doctor: standard output: cannot be written
		tee-doctor: hint: is the disk full?
	END
	# the reader goes away behind the first line
	tee-doctor 2>"$BATS_TEST_TMPDIR/err" | head -n 1 >/dev/null || true
	[ ! -s "$BATS_TEST_TMPDIR/err" ]
}

@test "options may follow the operand" {
	fails 2 '--timeout: not 1' tee-doctor https://v.example/keys/k --timeout 0
	fails 2 'more than one operand' tee-doctor https://v.example/keys/k -l 0 -- b
	prints "$(tee-doctor --version)" tee-doctor https://v.example/keys/k --version
	key=(-- "${key[@]}")
	says 0 ok vault . --source sev-guest
	key=("${key[1]}" -ssev-guest)
	says 0 ok vault .
}

@test "options can be shortened" {
	prints "$(tee-doctor --version)" tee-doctor --vers
}
