#!/usr/bin/env bats
# policy-hash -- policies in templates, manifests and parameter files; several
# in one file; the real ones.
# folders: policy
# shellcheck disable=SC2016,SC2154

bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	printf 'package policy\n\napi_version := "0.11.0"\n' >p.rego
	printf 'package policy\n\nq := 1\n' >q.rego
	sha256sum <p.rego | cut -c 1-64 >p.sha
	sha256sum <q.rego | cut -c 1-64 >q.sha
	base64 -w0 p.rego >p.b64
	base64 -w0 q.rego >q.b64
	group one "$(cat p.b64)" >one.json
	jq -s '{resources: [.[0].resources[0], .[1].resources[0]]}' \
	    one.json <(group two "$(cat q.b64)") >two.json
	pod a "$(cat p.b64)" >a.yaml
	{ cat a.yaml; echo ---; pod b "$(cat q.b64)"; } >ab.yaml
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

# A template with one container group.
group() {
	jq -n --arg name "$1" --arg policy "$2" '{"$schema": "x", resources: [{
	    type: "Microsoft.ContainerInstance/containerGroups", name: $name,
	    properties: {confidentialComputeProperties:
		{ccePolicy: $policy}}}]}'
}

pod() {
	printf 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: %s\n' "$1"
	printf '  annotations:\n    %s: %s\n' \
	    microsoft.containerinstance.virtualnode.ccepolicy "$2"
}

@test "one policy in a file: its hash alone, whatever carries it" {
	printf "using 'main.bicep'\nparam p={ aci: '%s' }\n" "$(cat p.b64)" \
	    >p.bicepparam
	jq '.resources[0].properties' one.json >show.json
	for file in one.json a.yaml p.bicepparam show.json; do
		prints "$(cat p.sha)" policy-hash $file
		prints "$(cat p.sha)" policy-hash -c "$(cat p.sha)" - <$file
		prints "$(cat p.sha)  $file
$(cat q.sha)  q.rego" policy-hash $file q.rego
	done
	prints "$(cat p.sha)" policy-hash --as json one.json
	prints "$(cat p.sha)" policy-hash --as yaml a.yaml
	prints "$(cat p.sha)" policy-hash --as bicepparam p.bicepparam
	fails 3 'no policy|json' policy-hash --as json a.yaml
}

@test "several policies in a file: each by its name" {
	prints "$(cat p.sha)  two.json#one
$(cat q.sha)  two.json#two" policy-hash two.json
	prints "$(cat p.sha)  ab.yaml#a
$(cat q.sha)  ab.yaml#b
$(cat p.sha)  p.rego" policy-hash ab.yaml p.rego
	prints "$(cat q.sha)  two.json#two" policy-hash --name two two.json
	fails 3 'two.json: no policy is named three' \
	    policy-hash --name three two.json
	jq '.resources[1].name = "a\\b\nc"' two.json >odd.json
	prints "$(cat p.sha)  odd.json#one
\\$(cat q.sha)  odd.json#a\\\\b\\nc" policy-hash odd.json
}

@test "one bad policy among several has its line, the others go on" {
	jq '.resources[0].properties.confidentialComputeProperties.ccePolicy =
	    ""' two.json >half.json
	run --separate-stderr policy-hash half.json
	[ "$status" -eq 3 ]
	[ "$output" = "$(cat q.sha)  half.json#two" ]
	[[ $stderr == "policy-hash: half.json#one: ccePolicy: empty"* ]]
}

@test "an empty ccePolicy is 3, and no hash is printed for it" {
	group x '' >empty.json
	fails 3 'empty.json: ccePolicy: empty' policy-hash empty.json
	policy-hash empty.json 2>&1 | grep -q 'one of its own'
	pod x "''" >empty.yaml
	fails 3 'empty.yaml: .*empty' policy-hash empty.yaml
}

@test "expressions: parameters, their file, variables, and what they decide" {
	jq '.parameters = {p: {type: "string"}} |
	    .resources[0].properties.confidentialComputeProperties.ccePolicy =
		"[parameters('\''p'\'')]"' one.json >expr.json
	jq -n --arg v "$(cat q.b64)" '{parameters: {p: {value: $v}}}' >values.json
	fails 3 "expr.json: ccePolicy: parameter 'p' has no value here" \
	    policy-hash expr.json
	policy-hash expr.json 2>&1 | grep -q 'hint: .*--parameters'
	prints "$(cat q.sha)" policy-hash --parameters values.json expr.json
	prints "$(cat q.sha)" policy-hash --parameters - expr.json <values.json
	{ printf '\357\273\277'; cat values.json; } >marked.values.json
	warns 'marked.values.json: .*byte order mark' \
	    policy-hash --parameters marked.values.json expr.json
	fails 4 'gone: no such file' policy-hash --parameters gone expr.json
	fails 3 'p.rego: json' policy-hash --parameters p.rego expr.json
	fails 3 'a parameters file|no policy' policy-hash values.json
	policy-hash values.json 2>&1 | grep -q 'hint: .*--parameters'
	jq '.resources[0].properties.confidentialComputeProperties.ccePolicy =
	    "[if(equals(toLower('\''A'\''), '\''a'\''), concat('\''" + $v[0:8] +
		"'\'', '\''" + $v[8:] + "'\''), reference('\''x'\''))]"' \
	    --arg v "$(cat q.b64)" one.json >concat.json
	prints "$(cat q.sha)" policy-hash concat.json
	sed 's/equals(/not(equals(/; s/.a.), concat/&/; s/, concat/), concat/' \
	    concat.json >reference.json
	fails 3 "function 'reference' is not evaluated" policy-hash reference.json
	fails 2 'read only once' policy-hash --parameters - <values.json
}

@test "a policy that the platform would refuse is refused, in its place" {
	group x "$(tr -d = <p.b64) " >bad.json
	fails 3 'bad.json: ccePolicy: base64: white space' policy-hash bad.json
	policy-hash bad.json 2>&1 | grep -q 'the platform will refuse'
	group x "$(base64 <<<'no policy')" >bad.json
	fails 3 'bad.json: ccePolicy: base64 of what is no policy' \
	    policy-hash bad.json
}

@test "a template with a byte order mark is read, with a note" {
	{ printf '\357\273\277'; cat one.json; } >marked.json
	prints "$(policy-hash one.json)" policy-hash marked.json
	warns 'marked.json: .*byte order mark' policy-hash marked.json
	prints "$(policy-hash one.json)" policy-hash --as json marked.json
}

@test "a copy loop gives a policy a turn, under its name" {
	jq '.resources[0] += {copy: {name: "all", count: 2},
		name: "[concat('\''g'\'', copyIndex())]"} |
	    .resources[0].properties.confidentialComputeProperties.ccePolicy =
		"[createArray('\''" + $p + "'\'', '\''" + $q +
		"'\'')[copyIndex('\''all'\'')]]"' \
	    --arg p "$(cat p.b64)" --arg q "$(cat q.b64)" one.json >loop.json
	prints "$(cat p.sha)  loop.json#g0
$(cat q.sha)  loop.json#g1" policy-hash loop.json
	jq '.resources[0].copy.count = 801' loop.json >long.json
	fails 3 'copy: a loop of 801 turns' policy-hash long.json
	jq '.resources[0].copy.count = "[x()]"' loop.json >unknown.json
	fails 3 "count: function 'x' is not evaluated" policy-hash unknown.json
}

@test "documents that are not strict are refused" {
	sed 's/^{/{"resources":1,/' one.json >twice.json
	fails 3 'twice.json: json: name given twice' policy-hash twice.json
	{ printf '\357\273\277'; printf '\357\273\277'; cat one.json; } >bom.json
	fails 3 'bom.json: json' policy-hash --as json bom.json
	iconv -f UTF-8 -t UTF-16 one.json >utf16.json
	fails 3 'utf16.json: ' policy-hash --as json utf16.json
	sed 's/  name: a/&\n  name: b/' a.yaml >twice.yaml
	fails 3 'twice.yaml: yaml: name given twice' policy-hash twice.yaml
	head -c 120 a.yaml >cut.yaml
	printf '\n  x: "' >>cut.yaml
	fails 3 'cut.yaml: yaml: line' policy-hash cut.yaml
	{ printf 'a: '; head -c 2000 /dev/zero | tr '\0' '['; } >deep.yaml
	fails 3 'deep.yaml: yaml: .*nested' policy-hash deep.yaml
	printf 'kind: Pod\nname: x\n' >none.yaml
	fails 3 'none.yaml: no policy' policy-hash none.yaml
	printf '\322\204\100' >fragment.cose
	fails 3 'a signed fragment' policy-hash fragment.cose
}

@test "a template of Bicep is known by ccePolicy, whatever it begins with" {
	local first
	for first in "resource g 'Microsoft.X/y@2023-05-01' = {" \
	    "targetScope = 'resourceGroup'" "@description('a: b')" \
	    "var x = 1" $'// a comment\nvar y = 2' "/* another */ module m 'x' = {" \
	    "metadata a = 'b'" "#disable-next-line no-unused-params"; do
		printf "%s\n ccePolicy: '%s'\n" "$first" "$(cat p.b64)" \
		    >any.bicep
		prints "$(cat p.sha)" policy-hash any.bicep
	done
	# YAML is not taken for it
	printf "properties:\n  ccePolicy: '%s'\n" "$(cat p.b64)" >az.yaml
	prints "$(cat p.sha)" policy-hash az.yaml
	printf "resource g 'x' = {\n ccePolicy: loadFileAsBase64('p.rego')\n}\n" \
	    >load.bicep
	fails 3 'no text is base64 of one' policy-hash load.bicep
	printf "resource g 'x' = {\n}\n" >none.bicep
	fails 3 'none.bicep: no policy' policy-hash none.bicep
}

@test "comments in a template and its parameters are read over, with a note" {
	{ printf '// first\n/* {" */'
	  sed 's|"resources"|/* "x" // y */&|; s|"name": "one"|&, // "z"|' one.json
	} >comments.json
	prints "$(cat p.sha)" policy-hash -q comments.json
	warns 'has comments' policy-hash comments.json
	# what looks like one in a text is none
	jq '.resources[0].x = "/* a // b" | .resources[0].y = "\\\"// c"' \
	    one.json >texts.json
	[ -z "$(policy-hash texts.json 2>&1 >/dev/null)" ]
	sed '$s|}$|/* without end|' one.json >open.json
	fails 3 'open.json: json' policy-hash open.json
	jq '.parameters = {p: {type: "string"}} |
	    .resources[0].properties.confidentialComputeProperties.ccePolicy =
		"[parameters('\''p'\'')]"' one.json >expr.json
	{ printf '// x\n'; jq -n --arg v "$(cat q.b64)" \
	    '{parameters: {p: {value: $v}}}'; } >commented.json
	prints "$(cat q.sha)" policy-hash --parameters commented.json expr.json
}

@test "a mark before base64, and a placeholder, are called by their names" {
	{ printf '\357\273\277'; cat p.b64; } >bom.b64
	fails 3 'base64 with a byte order mark' policy-hash bom.b64
	policy-hash bom.b64 2>&1 | grep -q 'hint: .*tail -c +4'
	group x "$(cat bom.b64)" >bom-inside.json
	fails 3 'ccePolicy: base64 with a byte order mark' \
	    policy-hash bom-inside.json
	local text
	for text in '<policy-in-base64>' '{{ policy }}' "\${CCE_POLICY}" \
	    PLACEHOLDER '__CCE_POLICY__' 'insert policy here' \
	    REPLACEME123; do
		group x "$text" >placeholder.json
		fails 3 'ccePolicy: a placeholder' policy-hash placeholder.json
	done
}

# initdata ALGORITHM: such a document on standard output.
initdata() {
	cat <<END
# by hand
algorithm = "$1"
version = '0.1.0'

[data]
"aa.toml" = """
[token_configs]
url = \\"x\\""""
"policy.rego" = '''
$(cat p.rego)
'''
END
}

@test "initdata: its digest by the algorithm it names, whatever carries it" {
	local algorithm want
	for algorithm in sha256 sha384 sha512; do
		initdata $algorithm >init.toml
		want=$(${algorithm}sum <init.toml | cut -d ' ' -f 1)
		gzip -c init.toml >init.gz
		base64 -w0 init.gz >init.b64
		base64 init.toml >plain.b64
		pod x "$(cat init.b64)" | sed 's/microsoft.*ccepolicy/io.katacontainers.config.hypervisor.cc_init_data/' >init.yaml
		for file in init.toml init.gz init.b64 plain.b64 init.yaml; do
			prints "$want" policy-hash -q $file
			prints "$want" policy-hash -q -c "${want:0:64}" $file
			warns 'that of the whole document' policy-hash $file
		done
	done
	warns 'the first 32 bytes' policy-hash init.toml
	prints "$want" policy-hash -q --as initdata init.toml
	policy-hash -q --json init.yaml | jq -e --arg d "$want" \
	    '.sha512 == $d and .initdata and .name == "x"' >/dev/null
	# the policy in it is what is shown and judged
	cmp p.rego <(policy-hash -q --text init.yaml)
	policy-hash -q --list init.gz | grep -q '^setting: api_version "0.1[01].0"$'
	refuses 1 'broken' policy-hash -q --lint init.b64
	fails 1 'the hash is' policy-hash -q -c "$(cat p.sha)" init.toml
}

@test "initdata that is not strict is refused, with its line" {
	initdata sha1 >bad.toml
	fails 3 'bad.toml: initdata: its algorithm is none of' policy-hash bad.toml
	initdata sha256 | sed 's/^version.*/&\n&/' >bad.toml
	fails 3 'bad.toml: initdata: line 4: a key given twice' policy-hash bad.toml
	initdata sha256 | sed 's/^version.*/version = 1/' >bad.toml
	fails 3 'line 3: a text in quotes expected' policy-hash bad.toml
	initdata sha256 | sed '$d' >bad.toml
	fails 3 'a text that does not end' policy-hash bad.toml
	{ initdata sha256; echo '[more]'; } >bad.toml
	fails 3 'a table other than data' policy-hash bad.toml
	{ initdata sha256; seq -f "k%g = ''" 300; } >bad.toml
	fails 3 'more than 256 keys' policy-hash bad.toml
	initdata sha256 | gzip -c | head -c 100 >bad.gz
	fails 3 'bad.gz: initdata: ' policy-hash bad.gz
	pod x 'H4sI!' | sed 's/microsoft.*ccepolicy/io.katacontainers.config.hypervisor.cc_init_data/' >bad.yaml
	fails 3 'bad.yaml: initdata: base64' policy-hash bad.yaml
	head -c 17000000 /dev/zero | gzip -c >bomb.gz
	fails 3 'bomb.gz: initdata: ' policy-hash bomb.gz
	# what has no policy has a digest, and nothing to judge
	printf 'algorithm = "sha256"\n[data]\n' >none.toml
	warns 'no policy.rego' policy-hash none.toml
	fails 3 'none.toml: rego' policy-hash -q --lint none.toml
}

@test "a signed fragment is called by its name, as a file too" {
	printf '\322\204\103\241\001\046' | base64 >fragment.b64
	fails 3 'a signed fragment' policy-hash fragment.b64
	group x "$(base64 -w0 <<<'algorithm = "sha256"
[data]')" >init.json
	fails 3 'ccePolicy: initdata, which is no policy' policy-hash init.json
}

@test "a join policy of CCF: each text under its hash, a forgery is 1" {
	jq -n --rawfile p p.rego --rawfile q q.rego --arg ps "$(cat p.sha)" \
	    --arg qs "$(cat q.sha)" '{snp: {measurements: [], hostData:
		{($ps): $p, ($qs): $q}, tcbVersions: {}}}' >join.json
	prints "$(cat p.sha)  join.json#$(cat p.sha)
$(cat q.sha)  join.json#$(cat q.sha)" policy-hash join.json
	cmp q.rego <(policy-hash --text --name "$(cat q.sha)" join.json)
	jq --arg ps "$(cat p.sha)" 'del(.snp.hostData[$ps]) |
	    .snp.hostData[] += "\n"' join.json >forged.json
	fails 1 "forged.json: the hash is .*, not $(cat q.sha)" \
	    policy-hash forged.json
	policy-hash forged.json 2>&1 | grep -q 'one line feed less'
}

@test "a name out of a document moves no cursor" {
	jq '.resources[1].name = "a\u001b[2J\u0000"' two.json >cursor.json
	prints "$(cat p.sha)  cursor.json#one
\\$(cat q.sha)  cursor.json#a\\x1b[2J\\x00" policy-hash cursor.json
	policy-hash --json cursor.json | tail -n 1 |
	    jq -e '.name == "a\u001b[2J\u0000"' >/dev/null
}

@test "--text: the policy to the byte" {
	cmp p.rego <(policy-hash --text one.json)
	cmp q.rego <(policy-hash --text --name b ab.yaml)
	succeeds policy-hash --text -o out one.json
	cmp p.rego out
	fails 3 'two.json: 2 policies' policy-hash --text two.json
	policy-hash --text two.json 2>&1 | grep -q 'hint: --name'
	fails 2 'one file' policy-hash --text one.json a.yaml
	rm -f out
	fails 3 'empty' policy-hash --text -o out empty.json
	[ ! -e out ]
}

@test "--json: one object a policy" {
	policy-hash --json two.json | jq -se --arg p "$(cat p.sha)" \
	    --argjson n "$(wc -c <p.rego)" '
	    length == 2 and .[0] == {file: "two.json", name: "one",
		sha256: $p, bytes: $n}'
}

@test "every real file has the hash that was computed for it" {
	need_vectors policy/expected.tsv
	local file selector bytes sha done=0
	cd "$VECTORS/policy" || return
	while IFS=$'\t' read -r file selector bytes sha _; do
		case $file in
		'#'*) continue ;;
		esac
		if [ "$sha" = - ]; then
			fails 3 "$file: ccePolicy: " policy-hash "$file"
		elif [[ $selector == HOST_DATA* ]]; then
			fails 1 "not $sha" policy-hash -c "@$file" \
			    rego/strict.arm-expr-leak.rego
		else
			prints "$sha" policy-hash "$file"
			policy-hash --json "$file" 2>/dev/null |
			    jq -e ".bytes == $bytes" >/dev/null
		fi
		done=$((done + 1))
	done <expected.tsv
	[ "$done" -eq 18 ]
}

@test "the host data of real reports: of the policies beside them" {
	need_vectors policy/confirmed
	cd "$VECTORS/policy/confirmed" || return
	prints b3452a0ed30f1010bd32740dd1610bc63296ceb0f882f2cac3a3152d651fe7e4 \
	    policy-hash -c @b3452a0e/snp-report-base64 b3452a0e/allow_all.rego
	prints cadd74f71ebb8fbf9782baab649612520f3c416bc5ce9ac768808ddc8d9b031c \
	    policy-hash -c @cadd74f7/snp-report-base64.aci-attestation-a2de2f3 \
	    cadd74f7/uvm_security_policy.base64
}

# named VARIANT FILE HASH: -c fails with 1 and the hint names the variant.
named() {
	fails 1 'the hash is' policy-hash -q -c "$3" "$2"
	policy-hash -q -c "$3" "$2" 2>&1 | grep -q "^policy-hash: hint: .*$1"
}

@test "the published traps are named" {
	need_vectors policy/rego
	local v=$VECTORS/policy
	# three line feeds that confcom's redirected output has
	named 'three line feeds more' "$v/arm/confcom-existing_policy.json" \
	    "$({ policy-hash --text "$v/arm/confcom-existing_policy.json"
		printf '\n\n\n'; } | sha256sum | cut -c 1-64)"
	# and the same the other way round
	named 'three line feeds less' "$v/rego/confcom-minimal.trailing-3nl.rego" \
	    6fc5ad46"$(head -c -3 "$v/rego/confcom-minimal.trailing-3nl.rego" |
		sha256sum | cut -c 9-64)"
	named 'one line feed more' \
	    "$v/confirmed/cadd74f7/allow_all.no-trailing-newline.rego" \
	    cadd74f71ebb8fbf9782baab649612520f3c416bc5ce9ac768808ddc8d9b031c
	named 'one line feed less' \
	    "$v/confirmed/cadd74f7/uvm_security_policy.base64" \
	    7925760b568ed7719a785adf5c6b03255d1c520d91bb1da334a38062a6c5a0ff
	local p=$v/confirmed/b3452a0e/allow_all.rego
	named CRLF "$p" "$(sed 's/$/\r/' "$p" | sha256sum | cut -c 1-64)"
	named 'byte order mark' "$p" \
	    "$({ printf '\357\273\277'; cat "$p"; } | sha256sum | cut -c 1-64)"
	named UTF-16 "$p" "$({ printf '\377\376'
		iconv -t UTF-16LE "$p"; } | sha256sum | cut -c 1-64)"
	named 'base64 text' "$p" \
	    "$(base64 -w0 "$p" | sha256sum | cut -c 1-64)"
}
