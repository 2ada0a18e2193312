#!/usr/bin/env bats
# policy-gen -- policies of templates, configurations and manifests, injected,
# compared and refused; the platform's own tool is the measure where it is
# there.
# folders: generate
# shellcheck disable=SC2016,SC2154

bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	fake image reg.test/app:1 app=x >app.tar
	fake image --layers 2 --config '{"Entrypoint":["/web"],
	    "Env":["LANG=C"],"User":"7","StopSignal":"15"}' \
	    reg.test/team/web:2 web=y >web.tar
	group one reg.test/app:1 >one.json
	jq -s '.[0].resources += .[1].resources | .[0]' one.json \
	    <(group two reg.test/team/web:2) >two.json
	mkdir -p saved
	cp app.tar web.tar saved
	echo '{"reg.test/app:1": "app.tar", "reg.test/team/web:2": "web.tar"}' \
	    >saved/map.json
	pod >pod.yaml
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

# A template with one group of one container.
group() {
	jq -n --arg name "$1" --arg image "$2" '{parameters: {},
	    variables: {}, resources: [{
	    type: "Microsoft.ContainerInstance/containerGroups", name: $name,
	    properties: {confidentialComputeProperties: {ccePolicy: ""},
	    containers: [{name: "c", properties: {image: $image}}]}}]}'
}

pod() {
	cat <<-'END'
	# kept as it is
	apiVersion: v1
	kind: Pod
	metadata:
	  name: pod	# this too
	spec:
	  containers:
	  - name: c
	    image: reg.test/app:1
	END
}

# gen ARGS...: policy-gen as most tests want it.
gen() {
	policy-gen -q --disable-stdio "$@"
}

# Change the template on standard input: its first container's properties.
container() {
	jq ".resources[0].properties.containers[0].properties += $1"
}

@test "the policy, exact bytes, and its hash wherever it is said" {
	gen --tar app.tar one.json >one.rego
	[ "$(tail -c 1 one.rego)" = '}' ]
	hash=$(sha256sum <one.rego | cut -c 1-64)
	prints "$hash" policy-hash one.rego
	prints "$hash  one" gen --tar app.tar --hash one.json
	prints "$hash  one" gen --tar app.tar --hash - <one.json
	prints "$(base64 -w0 one.rego)" gen --tar app.tar --base64 one.json
	succeeds policy-gen --disable-stdio --tar app.tar one.json >/dev/null
	grep -qx "policy-gen: note: $hash  one" "$_at/err"
	succeeds gen --tar app.tar one.json >/dev/null
	[ ! -s "$_at/err" ]
	gen --tar app.tar -o out.rego one.json
	cmp one.rego out.rego
	gen --tar app.tar --pretty one.json >pretty.rego
	refute cmp -s one.rego pretty.rego
	succeeds policy-hash --diff one.rego pretty.rego
}

@test "stdio is to be said, and what goes together" {
	fails 2 'one of --enable' policy-gen --tar app.tar one.json
	fails 2 'one of --enable' policy-gen --enable-stdio --disable-stdio one.json
	policy-gen --tar app.tar one.json 2>&1 | grep -q 'hint: .*--disable-stdio'
	fails 2 'exclude each other' gen --base64 --pretty one.json
	fails 2 '--image takes no template' gen --image reg.test/app:1 one.json
	fails 2 '--image takes no template' gen --image x --inject
	fails 2 '--splice goes with --inject' gen --splice one.json
	fails 2 'leaves out' gen --infrastructure-svn 5 \
	    --exclude-default-fragments one.json
	fails 2 'only once' gen --parameters - <one.json
	warns 'allow_stdio_access' policy-gen --enable-stdio --tar app.tar one.json
	[ "$(policy-gen -q --enable-stdio --tar app.tar one.json |
	    grep -o 'allow_stdio_access":true' | wc -l)" -eq 2 ]
	refute grep -q 'allow_stdio_access":true' <(gen --tar app.tar one.json)
}

@test "several groups: by name, in a folder, or not at all" {
	fails 2 'two.json: 2 groups' gen --tar saved two.json
	gen --tar saved two.json 2>&1 | grep -q 'hint: .*--name'
	prints "$(gen --tar saved --hash --name one two.json)
$(gen --tar saved --hash --name two two.json)" gen --tar saved --hash two.json
	fails 3 'no group is named three' gen --tar saved --name three two.json
	gen --tar saved --write out two.json
	[ "$(cd out && echo *)" = 'one.rego two.rego' ]
	prints "$(gen --tar saved --hash --name two two.json | cut -c 1-64)" \
	    policy-hash out/two.rego
	fails 2 'write and --output exclude each other' \
	    gen --tar saved --write out -o out.rego two.json
	fails 4 'two.json/out: not a directory' \
	    gen --tar saved --write two.json/out two.json
	jq '.resources[1].name = "one"' two.json >twice.json
	fails 3 'two groups are named one' gen --tar saved --write gone twice.json
	jq '.resources[1].name = "../one"' two.json >up.json
	fails 3 'no name for a file' gen --tar saved --write gone up.json
	[ ! -e gone ] && [ ! -e one.rego.rego ]
	# only the images of that group are needed
	gen --tar app.tar --name one --hash two.json
}

@test "images: archives, folders, maps, digests, and what is not there" {
	local want digest
	want=$(gen --tar web.tar --hash --image reg.test/team/web:2)
	for tar in saved saved/map.json; do
		prints "$want" gen --tar $tar --hash --image reg.test/team/web:2
	done
	prints "$want" gen --tar app.tar --tar web.tar --hash \
	    --image reg.test/team/web:2
	digest=$(fake image --digest reg.test/app:1 app=x)
	gen --tar app.tar --omit-id --image reg.test/app:1 >by-tag
	gen --tar app.tar --omit-id --image "reg.test/app@$digest" >by-digest
	cmp by-tag by-digest
	fails 3 "reg.test/app@sha256:0000" gen --tar app.tar \
	    --image "reg.test/app@sha256:$(printf '0%.0s' {1..64})"
	fails 3 'reg.test/team/web:2' gen --tar app.tar --name two two.json
	fails 3 'reg.test/app:1: no archive is given' gen one.json
	fails 4 'gone.tar: no such file' gen --tar gone.tar one.json
	fake image --arch arm64 reg.test/app:1 >arm.tar
	fails 3 'reg.test/app:1.*amd64' gen --tar arm.tar one.json
}

@test "an archive that is not what its digests say is status 1" {
	# one byte of the layer's file
	sed 's/x/z/' app.tar >forged.tar
	refute cmp -s app.tar forged.tar
	fails 1 'digest' gen --tar forged.tar one.json
	fails 1 'digest' gen --tar forged.tar --check one.json
}

@test "what the image says, and what the template says instead" {
	gen --tar web.tar --name two two.json >web.rego
	grep -q '"command":\["/web"\],"env_rules":\[{"pattern":"LANG=C"' web.rego
	grep -q '"signals":\[15\],"user":{.*"pattern":"7","strategy":"id"' web.rego
	container '{command: ["[concat('\''a'\'', '\''b'\'')]"]}' <one.json >cmd.json
	gen --tar app.tar cmd.json | grep -q '"command":\["ab"\]'
	container '{command: ["[newGuid()]"]}' <one.json >cmd.json
	fails 3 "cmd.json: group one: container c: command: function 'newGuid'" \
	    gen --tar app.tar cmd.json
}

@test "parameters, and what may be anything" {
	container '{environmentVariables: [{name: "E",
	    value: "[parameters('\''p'\'')]"}]}' <one.json |
	    jq '.parameters.p = {type: "string"}' >open.json
	fails 3 "E: value: parameter 'p' has no value" gen --tar app.tar open.json
	gen --tar app.tar open.json 2>&1 | grep -q 'hint: .*--approve-wildcards'
	gen --tar app.tar --approve-wildcards open.json |
	    grep -q '"pattern":"E=\.\*","required":false,"strategy":"re2"'
	echo '{"parameters": {"p": {"value": "v"}}}' >values.json
	gen --tar app.tar --parameters values.json open.json |
	    grep -q '"pattern":"E=v","required":false,"strategy":"string"'
	echo '{"parameters": {"p": {"value": "v"}, "q": {"value": 1}}}' >many.json
	fails 3 "many|'q', which the template does not declare" \
	    gen --tar app.tar --parameters many.json open.json
	echo '{' >cut.values
	fails 3 'cut.values: json' gen --parameters cut.values open.json
	container '{image: "[parameters('\''p'\'')]"}' <one.json |
	    jq '.parameters.p = {type: "string"}' >open.json
	fails 3 "image: parameter 'p' has no value" \
	    gen --tar app.tar --approve-wildcards open.json
}

@test "a byte order mark is read over with a note" {
	{ printf '\357\273\277'; cat one.json; } >marked.json
	prints "$(gen --tar app.tar --hash one.json)" \
	    gen --tar app.tar --hash marked.json
	warns 'marked.json: .*byte order mark' \
	    policy-gen --disable-stdio --tar app.tar marked.json
	gen --tar app.tar --inject --splice marked.json | head -c 3 |
	    cmp - <(printf '\357\273\277')
	gen --tar app.tar --inject marked.json | head -c 1 | grep -q '{'
	iconv -f UTF-8 -t UTF-16 one.json >utf16.json
	fails 3 'utf16.json: ' gen --tar app.tar utf16.json
}

@test "fragments, debugging and ids" {
	gen --tar app.tar --infrastructure-svn 7 one.json |
	    grep -q '"minimum_svn": "7"'
	gen --tar app.tar --exclude-default-fragments one.json |
	    grep -qx 'fragments := \[\]'
	echo '[{"feed":"f","issuer":"did:x509:0:i","minimum_svn":"2",
	    "includes":["containers"]}]' >more.json
	gen --tar app.tar --include-fragments more.json one.json >more.rego
	grep -A 100 '^fragments' more.rego | grep -q '"feed": "f"'
	[ "$(grep -c '"feed"' more.rego)" -eq 2 ]
	echo '{"fragments":[{"feed":"f"}]}' >less.json
	fails 3 'less.json: fragments\[0\]: issuer' \
	    gen --tar app.tar --include-fragments less.json one.json
	gen --tar app.tar --debug-mode one.json >debug.rego
	grep -q 'allow_dump_stacks := true' debug.rego
	grep -q '"command":\["/bin/bash"\]' debug.rego
	refute grep -q '"id"' <(gen --tar app.tar --omit-id one.json)
}

@test "injected as confcom writes it, or nothing else changed" {
	gen --tar saved --inject two.json >injected.json
	prints "$(gen --tar saved --hash two.json | sed 's/  /  injected.json#/')" \
	    policy-hash injected.json
	diff <(jq 'del(.. | .ccePolicy?)' two.json) \
	    <(jq 'del(.. | .ccePolicy?)' injected.json)
	[ "$(tail -c 1 injected.json)" = '}' ]
	printf '{"resources":[\t{"properties" : {"containers": [{"name":"c",
	    "properties":{"image":"reg.test/app:1","n":1e0}}]\n  }, "name":"g",
	    "type":"Microsoft.ContainerInstance/containerGroups"}  ]}' >odd.json
	gen --tar app.tar --inject --splice odd.json >spliced.json
	diff <(jq -S . odd.json) <(jq -S 'del(.. |
	    .confidentialComputeProperties?)' spliced.json)
	cmp <(sed 's/,"confidentialComputeProperties.*"}//' spliced.json) odd.json
	gen --tar app.tar --check spliced.json
	# again, in place
	cp spliced.json again.json
	gen --tar app.tar --inject --splice -o again.json again.json
	cmp spliced.json again.json
	gen --tar app.tar --inject odd.json | grep -q '"n": 1.0'
	jq '.resources[0].properties = "[variables('\''p'\'')]" |
	    .variables.p = {containers: [{name: "c",
	    properties: {image: "reg.test/app:1"}}]}' one.json >far.json
	gen --tar app.tar --hash far.json
	fails 3 'properties: a string, into which nothing' \
	    gen --tar app.tar --inject far.json
}

@test "turns of a loop are injected if they are one" {
	jq '.resources[0] += {copy: {name: "l", count: 2},
	    name: "[concat('\''g'\'', copyIndex())]"}' one.json >loop.json
	[ "$(gen --tar app.tar --hash loop.json | cut -c 67- | xargs)" = 'g0 g1' ]
	gen --tar app.tar --inject loop.json >looped.json
	gen --tar app.tar --check looped.json
	container '{command: ["[string(copyIndex())]"]}' <loop.json >turns.json
	fails 3 'policies that differ' gen --tar app.tar --inject turns.json
}

@test "symbolic names and nested deployments, in their own scope" {
	jq '.resources = {g: .resources[0]}' one.json >symbolic.json
	prints "$(gen --tar app.tar --hash one.json)" \
	    gen --tar app.tar --hash symbolic.json
	container '{command: ["[parameters('\''x'\'')]"]}' <one.json |
	    jq '{parameters: {x: {defaultValue: "outer"}}, resources: [{
	    type: "Microsoft.Resources/deployments", name: "d", properties: {
	    expressionEvaluationOptions: {scope: "inner"},
	    parameters: {x: {value: "[concat(parameters('\''x'\''), 1)]"}},
	    template: (.parameters.x = {type: "string"})}}]}' >nested.json
	gen --tar app.tar nested.json | grep -q '"command":\["outer1"\]'
	gen --tar app.tar --inject nested.json >deep.json
	gen --tar app.tar --check deep.json
	jq -e '.resources[0].properties.template.resources[0].properties
	    .confidentialComputeProperties.ccePolicy | length > 1000' deep.json
}

@test "a manifest keeps every byte but its annotation" {
	gen --tar app.tar --inject pod.yaml >injected.yaml
	diff pod.yaml injected.yaml | grep -v '^>\|^[0-9]' && return 1
	prints "$(gen --tar app.tar --hash pod.yaml | cut -c 1-64)" \
	    policy-hash injected.yaml
	gen --tar app.tar --check injected.yaml
	gen --tar app.tar --inject injected.yaml | cmp - injected.yaml
	# whatever form its place has
	for form in '{name: pod, annotations: {a: b}}' \
	    '{name: pod, annotations: {}}' '{name: pod, annotations: }' \
	    '{name: pod, annotations: ~}' '{}' "{name: 'é€𝄞', a: &x b}"; do
		sed "s/^metadata:/& $form/; /^  name: pod/d" pod.yaml >form.yaml
		gen --tar app.tar --inject -o form.yaml form.yaml
		gen --tar app.tar --check form.yaml
	done
	{ echo 'kind: Service'; echo '---'; sed '/^metadata/,/^  name: pod/d' \
	    pod.yaml; } >bare.yaml
	gen --tar app.tar --inject -o bare.yaml bare.yaml
	gen --tar app.tar --check bare.yaml
	for style in '|' '>-' '"old"' "'old'" 'old'; do
		{ sed '/^spec/,$d' pod.yaml; echo '  annotations:'
		echo "    microsoft.containerinstance.virtualnode.ccepolicy: $style"
		case $style in '|' | '>-') printf '      old\n\n' ;; esac
		echo '    last: one'; sed -n '/^spec/,$p' pod.yaml; } >style.yaml
		gen --tar app.tar --inject style.yaml >styled.yaml
		gen --tar app.tar --check styled.yaml
		grep -qx '    last: one' styled.yaml
	done
	sed 's/^metadata:/x: \&m {a: b}\n&\n  annotations: *m/' pod.yaml >alias.yaml
	fails 3 'alias.yaml: .*annotations is an alias' \
	    gen --tar app.tar --inject alias.yaml
}

@test "a deployment's annotation is its pod's" {
	sed 's/^/    /; s/kind: Pod/kind: X/' pod.yaml >inner
	{ printf 'kind: Deployment\nmetadata: {name: d}\nspec:\n  template:\n'
	cat inner; } >deployment.yaml
	gen --tar app.tar --inject deployment.yaml >deployed.yaml
	gen --tar app.tar --check deployed.yaml
	sed -n '/^    metadata:/,/^    spec:/p' deployed.yaml |
	    grep -q ccepolicy
}

@test "checked: equal, another, another in bytes alone, none, no policy" {
	gen --tar saved --inject two.json >carries.json
	prints '' eval 'gen --tar saved --check carries.json && echo'
	refuses 1 'carries.json: one: it differs' policy-gen -q --enable-stdio \
	    --tar saved --check carries.json
	policy-gen -q --enable-stdio --tar saved --check carries.json 2>/dev/null |
	    grep -q 'containers c allow_stdio_access: false -> true'
	prints '' eval 'gen --tar saved --check --name two carries.json && echo'
	gen --tar app.tar --pretty one.json | base64 -w0 >pretty.b64
	jq --rawfile p pretty.b64 '.resources[0].properties
	    .confidentialComputeProperties.ccePolicy = $p' one.json >pretty.json
	_capture gen --tar app.tar --check pretty.json
	[ "$_status" -eq 1 ]
	grep -q 'means the same in other bytes' "$_at/err"
	fails 1 'one.json: one: it carries no policy' \
	    gen --tar app.tar --check one.json
	jq '.resources[0].properties.confidentialComputeProperties.ccePolicy =
	    "eA=="' one.json >bad.json
	fails 3 'base64 of what is no policy' gen --tar app.tar --check bad.json
}

@test "the platform's own tool writes the same" {
	[ -d "$ROOT/../shared/cases/policy-gen" ] || skip 'no cases'
	fake confcom "$ROOT/../shared/cases"
}

@test "documents that are not strict are refused" {
	sed 's/^{/{"resources":1,/' one.json >twice.json
	fails 3 'twice.json: json: name given twice' gen --tar app.tar twice.json
	head -c 200 one.json >cut.json
	fails 3 'cut.json: json' gen --tar app.tar cut.json
	echo 'kind: Service' >none.yaml
	fails 3 'none.yaml: no workload' gen --tar app.tar none.yaml
	echo '{"parameters": {}}' >values.json
	fails 3 'values.json: neither a template' gen --tar app.tar values.json
	{ printf 'kind: Pod\nx: '; head -c 2000 /dev/zero | tr '\0' '['; } >deep.yaml
	fails 3 'deep.yaml: yaml: .*nested' gen --tar app.tar deep.yaml
}
