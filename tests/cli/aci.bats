#!/usr/bin/env bats
# The examples for operators: deploy and cleanup with a stand-in for az that
# writes down what it is asked, release-and-decrypt and ci-check-template on the
# stand-ins.
# folders: generate blob

load ../lib

aci=$ROOT/scripts/aci

setup_file() {
	start_services || return
	cd "$BATS_FILE_TMPDIR" || return
	mkdir bin
	ln -s "$ROOT/tests/fake/az" bin/az
	# what stands for waiting, and for docker
	printf '%s\n' '#!/bin/sh' 'printf "sleep %s\n\n" "$1" >>"$AZ_LOG"' >bin/sleep
	printf '%s\n' '#!/bin/sh' 'printf "%s\n" docker "$@" "" >>"$AZ_LOG"' \
	    'case $1 in save) cp app.tar "$3" ;; esac' >bin/docker
	chmod +x bin/*
	fake image acme1.azurecr.io/app:1 app='#!/bin/sh' >app.tar
	rsa_key vault.pem
	jq -n --argjson k "$(jwk_of vault.pem)" '{attributes: {enabled: true}, key:
	    {kid: "https://myvault.vault.azure.net/keys/app-key/1", kty: "RSA-HSM",
	     keyOps: ["encrypt", "decrypt"], n: $k.n, e: $k.e}}' >key.json
}

teardown_file() {
	stop_services
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	PATH=$PWD/bin:$PATH
	export AZ_LOG=$BATS_TEST_TMPDIR/log AZ_KEY=$PWD/key.json
	: >"$AZ_LOG"
	out=$BATS_TEST_TMPDIR/out
	base=(-g tee -n app --vault myvault --directory "$out")
}

# asked WORD...: az was asked exactly this.
asked() {
	local want
	want=$(printf '%s\n' "$@")
	awk -v RS= -v want="$want" '$0 == want { found = 1 }
	    END { exit !found }' "$AZ_LOG" || { cat "$AZ_LOG" && false; }
}

# in_order PATTERN...: the first words of its questions, in this order.
in_order() {
	local got pattern
	got=$(awk -v RS= -F '\n' '{ print $1, $2, $3 }' "$AZ_LOG")
	for pattern; do
		[[ $got == *"$pattern"* ]] || { echo "$pattern"; echo "$got" && false; }
		got=${got#*"$pattern"}
	done
}

@test "without --yes nothing is asked and nothing written" {
	local way
	for way in '' --standard --compare; do
		# shellcheck disable=SC2086
		succeeds "$aci/deploy" $way "${base[@]}" --registry acme1 >said
		grep -qx '# nothing was done: --yes does it' said
	done
	grep -q '^\$ az deployment group create -g tee -n app-standard ' said
	grep -qF '"ccePolicy": "$POLICY"' said
	succeeds "$aci/cleanup" -g tee -n app --vault myvault >said
	[ ! -s "$AZ_LOG" ] && [ ! -e "$out" ]
}

@test "what it would do is a script that does what --yes does" {
	local odd="$BATS_TEST_TMPDIR/it's \$HOME" asked
	base=(-g tee -n app --vault myvault --compare --registry acme1 --tar app.tar)
	succeeds "$aci/deploy" --yes "${base[@]}" --directory "$out" >said
	# only the order of what is asked while it waits may differ
	asked=$(grep -c . "$AZ_LOG")
	: >"$AZ_LOG"
	succeeds "$aci/deploy" "${base[@]}" --directory "$odd" >said
	[ ! -e "$odd" ] && [ ! -s "$AZ_LOG" ]
	sed 's/^\$ //' said | AZ_ABSENT='keyvault acr' AZ_FAILS=2 sh -u >ran
	[ "$(stat -c %a "$odd")" = 700 ]
	# three that are not there, and each is said with every word
	[ "$(grep -c . "$AZ_LOG")" -gt "$asked" ]
	[ "$(grep -c '^sleep 30$' "$AZ_LOG")" = 2 ]
	for file in app.json app-standard.json; do
		diff <(jq 'del(.. | .["records.csv"]?)' "$out/$file") \
		    <(jq 'del(.. | .["records.csv"]?)' "$odd/$file")
	done
	for file in release.json policy.rego records.csv app.log app-standard.log; do
		cmp "$out/$file" "$odd/$file"
	done
	cmp "$out/image/teeutils.tar.gz" "$odd/image/teeutils.tar.gz"
}

@test "the attestation provider is that of the region, or has to be named" {
	succeeds "$aci/deploy" "${base[@]}" --image x/y:1 -l westeurope >said
	grep -qF '"authority": "https://sharedweu.weu.attest.azure.net"' said
	grep -qF '"name": "MAA", "value": "sharedweu.weu.attest.azure.net"' said
	refute grep -q sharedeus said
	_capture "$aci/deploy" "${base[@]}" --image x/y:1 -l nowhere
	[ "$_status" = 2 ]
	grep -q '^deploy: no -e: ' "$_at/err"
	succeeds "$aci/deploy" "${base[@]}" --image x/y:1 -l nowhere -e a.example >said
	grep -qF '"value": "a.example"' said
}

@test "a full disk, and nobody who reads" {
	local tool
	mkdir -p "$out"
	for file in template.json release.json records.csv app.json; do
		ln -s /dev/full "$out/$file.new"
		_capture "$aci/deploy" --yes "${base[@]}" --image acme1.azurecr.io/app:1 --tar app.tar
		[ "$_status" = 4 ] || _complain "status $_status" "$_at" "$file"
		grep -qxF "deploy: $out/$file: cannot be written" "$_at/err"
		[ "$(grep -c . "$_at/err")" = 2 ] && [ ! -e "$out/$file" ]
		rm "$out/$file.new"
	done
	# a tool says it itself, and az fails for whatever reason
	ln -s /dev/full "$out/policy.rego.new"
	_capture "$aci/deploy" --yes "${base[@]}" --image acme1.azurecr.io/app:1 --tar app.tar
	[ "$_status" = 4 ]
	rm "$out/policy.rego.new"
	ln -s /dev/full "$out/room"
	_capture env AZ_ID=no AZ_KEY=/nosuch "$aci/deploy" --yes "${base[@]}" \
	    --image acme1.azurecr.io/app:1 --tar app.tar
	[ "$_status" = 4 ]
	grep -qxF "deploy: $out: cannot be written to" "$_at/err"
	rm -r "$out"
	ln -s /dev/full "$BATS_TEST_TMPDIR/flat"
	_capture "$aci/deploy" --yes "${base[@]}" --image acme1.azurecr.io/app:1 --tar app.tar \
	    --directory "$BATS_TEST_TMPDIR/flat/d"
	[ "$_status" = 4 ]
	for tool in deploy cleanup; do
		base=(-g tee -n app --vault myvault)
		[ "$tool" = cleanup ] || base+=(--image x/y:1)
		for way in --dry-run --help; do
			base+=("$way")
			_capture sh -c '"$0" "$@" >/dev/full' "$aci/$tool" "${base[@]}"
			[ "$_status" = 4 ]
			diff "$_at/err" - <<-END
				$tool: standard output: cannot be written
				$tool: hint: is the disk full?
			END
		done
	done
}

@test "the confidential group: policy, key for it, records, template" {
	succeeds "$aci/deploy" --yes "${base[@]}" --registry acme1 >said
	in_order 'group create' 'identity create' 'identity show' 'keyvault show' \
	    'acr show' 'role assignment' 'acr build' 'acr login' docker \
	    'keyvault key create' 'role assignment' 'keyvault key show' \
	    'deployment group create' 'container show' 'container logs'
	asked keyvault key create --vault-name myvault -n app-key --kty RSA-HSM \
	    --size 2048 --ops encrypt decrypt --exportable true --policy \
	    "$out/release.json" -o none
	asked acr build -r acme1 -t app:1 -f "$out/image/Containerfile" "$out/image"
	asked deployment group create -g tee -n app -f "$out/app.json" -o none
	refute grep -q 'keyvault.create$' "$AZ_LOG"
	# the policy is that of the template, and the key is for its hash
	prints "$(policy-hash "$out/app.json")" policy-hash "$out/policy.rego"
	policy-gen -q --enable-stdio --tar app.tar --check "$out/app.json"
	[ "$(jq -r '.anyOf[0].allOf[3].equals' "$out/release.json")" = \
	    "$(policy-hash "$out/app.json")" ]
	[ "$(jq -r '.resources[0].properties | .sku, .containers[0].properties.image,
	    (.containers | length), .imageRegistryCredentials[0].server' \
	    "$out/app.json" | paste -sd' ')" = \
	    'Confidential acme1.azurecr.io/app:1 1 acme1.azurecr.io' ]
	# what is in it opens with the vault's key, and with no other
	jq -r '.resources[0].properties.volumes[0].secret["records.csv"]' \
	    "$out/app.json" | base64 -d >enc.csv
	refute grep -q Lindqvist enc.csv
	blob-decrypt -f fields --records csv -k vault.pem enc.csv | grep -q Lindqvist
	tar -tzf "$out/image/teeutils.tar.gz" | grep 'scripts/aci/app$' >/dev/null
	refute grep -qi skr-serve "$out/image/Containerfile"
	[ -z "$(find "$out" -perm /077)" ]
}

@test "what is not there is made, and a role is waited for" {
	AZ_ABSENT='keyvault acr' AZ_FAILS=2 succeeds "$aci/deploy" --yes \
	    "${base[@]}" --registry acme1 --tar app.tar >said
	in_order 'keyvault create -g' 'acr create -g' 'keyvault key create' \
	    'keyvault key create' 'keyvault key create' 'keyvault key show'
	[ "$(grep -c '^sleep 30$' "$AZ_LOG")" = 2 ]
	refute grep -qx docker "$AZ_LOG"
	grep -qx premium "$AZ_LOG"
	: >"$AZ_LOG"
	_capture env AZ_FAILS=99 "$aci/deploy" --yes "${base[@]}" --registry acme1 \
	    --tar app.tar
	[ "$_status" = 1 ]
	grep -q 'az failed twenty times: keyvault key create' "$_at/err"
	refute grep -qx deployment "$AZ_LOG"
}

@test "by confcom, and an image that is there" {
	succeeds "$aci/deploy" --yes "${base[@]}" --policy-by confcom \
	    --image mcr.example/app:2 >said
	asked confcom acipolicygen -a "$out/template.json"
	refute grep -qx acr "$AZ_LOG"
	[ "$(policy-hash "$out/app.json")" = "$(printf 'package policy\n' |
		policy-hash)" ]
	[ "$(jq -r '.resources[0].properties | has("imageRegistryCredentials")' \
	    "$out/app.json")" = false ]
}

@test "the snooper has all but the hardware; both end with a table" {
	succeeds "$aci/deploy" --yes --compare "${base[@]}" --registry acme1 \
	    --tar app.tar >said
	diff <(tail -n 3 said) - <<-'END'
		group         SKU           attested  key  rows opened
		app           Confidential  yes       yes  3/3
		app-standard  Standard      no        no   0/3
	END
	diff <(jq '.resources[0] | del(.name, .properties.sku,
	    .properties.confidentialComputeProperties)' "$out/app.json") \
	    <(jq '.resources[0] | del(.name, .properties.sku)' \
	    "$out/app-standard.json")
	[ "$(jq -r '.resources[0].properties.sku' "$out/app-standard.json")" = Standard ]
	: >"$AZ_LOG"
	succeeds "$aci/deploy" --yes --standard "${base[@]}" --registry acme1 >said
	asked deployment group create -g tee -n app-standard -f \
	    "$out/app-standard.json" -o none
	refute grep -qx -e -HSM -e acipolicygen "$AZ_LOG"
	rm "$out/release.json"
	: >"$AZ_LOG"
	_capture "$aci/deploy" --yes --standard "${base[@]}" --image x/y:1
	[ "$_status" = 4 ]
	grep -q 'release.json: no such file' "$_at/err"
	[ ! -s "$AZ_LOG" ]
}

@test "cleanup goes on where something is not there" {
	succeeds "$aci/cleanup" --yes -g tee -n app --vault myvault >said
	asked container delete -g tee -n app --yes -o none
	asked container delete -g tee -n app-standard --yes -o none
	asked keyvault key delete --vault-name myvault -n app-key -o none
	asked identity delete -g tee -n app-identity -o none
	: >"$AZ_LOG"
	succeeds "$aci/cleanup" --yes --all -g tee >said
	asked group delete -n tee --yes
}

@test "odd characters are refused with a sentence, whatever they would do" {
	local odd tool option
	for odd in 'a;b' 'a b' 'a$(id)' 'a"b' "a'b" 'a/../b' $'a\nbc' -abc 'a`b' 'é'; do
		for option in -g -n -l -e --vault --registry --image; do
			[ "$option:$odd" != '--image:a/../b' ] || continue
			_capture "$aci/deploy" "${base[@]}" --image x/y:1 "$option" "$odd"
			[ "$_status" = 2 ] || _complain "$option" "$_at" "$odd"
			grep -q "^deploy: $option: " "$_at/err"
			[ ! -s "$_at/out" ]
		done
		for option in -g -n --vault; do
			_capture "$aci/cleanup" --yes -g tee -n app --vault myvault \
			    "$option" "$odd"
			[ "$_status" = 2 ]
		done
	done
	for tool in deploy cleanup; do
		_capture "$aci/$tool"
		[ "$_status" = 2 ]
		grep -qx "$tool: hint: '$tool --help' lists the options" "$_at/err"
		for option in --nosuch -g operand; do
			_capture "$aci/$tool" $option
			[ "$_status" = 2 ]
		done
		succeeds "$aci/$tool" --help | grep '^usage: ' >/dev/null
	done
	_capture "$aci/deploy" "${base[@]}" --image x/y:1 --tar -o
	[ "$_status" = 2 ]
	# and of what az says, only what can be an id goes into a template
	_capture env AZ_ID='x", "y": "z' "$aci/deploy" --yes "${base[@]}" --image x/y:1
	[ "$_status" = 1 ]
	grep -q 'az says nothing that can be IDENTITY' "$_at/err"
	[ ! -s "$AZ_LOG" ] || refute grep -qx deployment "$AZ_LOG"
}

@test "ci-check-template: as reviewed, another hash, unsafe, another image" {
	local check=$ROOT/scripts/examples/ci-check-template
	cp "$ROOT"/tests/data/app.json "$ROOT"/tests/data/app.tar "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR"
	policy-gen -q --disable-stdio --tar app.tar --inject -o deploy.json app.json
	policy-hash deploy.json >host-data
	succeeds "$check" deploy.json host-data app.tar >said
	policy-gen -q --debug-mode --enable-stdio --tar app.tar --inject \
	    -o open.json app.json
	_capture "$check" open.json host-data app.tar
	[ "$_status" = 1 ]
	grep -q 'the hash is' "$_at/err"
	grep -q '^unsafe' "$_at/out"
	policy-hash open.json >open-data
	_capture env STDIO=enabled "$check" open.json open-data
	[ "$_status" = 1 ]
	fake image "$(jq -r '.. | .image? // empty' app.json)" app=other >other.tar
	_capture "$check" deploy.json host-data other.tar
	[ "$_status" = 1 ]
	: >none
	for bad in "deploy.json none" "none host-data" "deploy.json nosuch"; do
		# shellcheck disable=SC2086
		_capture "$check" $bad
		[ "$_status" -ge 2 ] || _complain "$bad" "$_at" $bad
	done
	_capture "$check" deploy.json
	[ "$_status" = 2 ]
}

@test "release-and-decrypt: the flow in one command, and nothing is left" {
	local script=$ROOT/scripts/examples/release-and-decrypt before
	cd "$BATS_TEST_TMPDIR"
	printf 'package policy\n' >policy.rego
	printf 'package policy\n#\n' >other.rego
	fake context --pki "$FAKE/pki" --policy policy.rego ctx
	printf '{"version":"1.0.0","anyOf":[{"authority":"https://%s","allOf":[%s]}]}' \
	    "$MAA" '{"claim":"x-ms-attestation-type","equals":"sevsnpvm"}' >release.json
	fake import-key "$BATS_FILE_TMPDIR/vault.pem" release.json >body
	curl -sSf --cacert "$CACERT" -X PUT -o /dev/null -d @body \
	    -H 'Content-Type: application/json' \
	    -H "Authorization: Bearer $(cat "$BEARER_FILE")" \
	    "$VAULT/keys/rd?api-version=7.4"
	echo secret | blob-encrypt -k "$BATS_FILE_TMPDIR/vault.pem" -o "a b'c"
	before=$(ls /dev/shm)
	run_it() {
		with_device env FAKE_SEV_POLICY="$PWD/policy.rego" UVM_SECURITY_CONTEXT_DIR=ctx \
		    "$script" -e "$MAA" -u "$VAULT/keys/rd" -c "$CACERT" \
		    -a "$BEARER_FILE" -r "$RELEASE_ROOTS" -v --root \
		    -v "$FAKE/pki/ark.pem" -v --uvm-issuer \
		    -v "$(cat "$FAKE/pki/uvm-did")" -v --uvm-feed \
		    -v ContainerPlat-AMD-UVM "$@"
	}
	[ "$(run_it "a b'c")" = secret ]
	[ "$(run_it -p policy.rego <"a b'c")" = secret ]
	run_it -o "o p" -d -f -d age "a b'c"
	[ "$(cat "o p")" = secret ]
	_capture run_it -p other.rego "a b'c"
	[ "$_status" = 1 ]
	grep -q '^FAIL  host-data' "$_at/err"
	export FAKE_SEV_DEVICE=none
	_capture run_it "a b'c"
	[ "$_status" = 4 ]
	[ ! -s "$_at/out" ]
	_capture "$script"
	[ "$_status" = 2 ]
	[ "$(ls /dev/shm)" = "$before" ]
	refute ls "$TMPDIR"/release.*
}
