# shellcheck shell=bash
# serve.bash -- skr-serve on the stand-ins, for the tests of it.

# In setup_file: the stand-ins with two keys in the vault, a security context,
# runtime data (its base64 in R), and a server called main.
start_group() {
	start_services || return
	cd "$BATS_FILE_TMPDIR" || return
	printf 'package policy\n' >policy.rego
	fake context --pki "$FAKE/pki" --policy policy.rego ctx
	printf '{"version":"1.0.0","anyOf":[{"authority":"https://%s","allOf":[%s]}]}' \
	    "$MAA" '{"claim":"x-ms-attestation-type","equals":"sevsnpvm"}' \
	    >release.json
	openssl genpkey -algorithm RSA -out rsa.pem 2>/dev/null
	fake import-key rsa.pem release.json >rsa.body
	put rsa rsa.body
	jq '.key = {kty:"oct-HSM", key_ops:["wrapKey","unwrapKey"],
		k:"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}' rsa.body >oct.body
	put oct oct.body
	printf '{"a":1}' >runtime.json
	R=$(base64 -w0 runtime.json)
	export R
	serve main "$@"
}

# For the tests of those that ask a sidecar: one, and one without a device.
be_the_sidecar() {
	mkdir "$BATS_FILE_TMPDIR/sidecar" && cd "$BATS_FILE_TMPDIR/sidecar" &&
	    printf 'package policy\n' >policy.rego &&
	    fake context --pki "$FAKE/pki" --policy policy.rego ctx &&
	    serve bare FAKE_SEV_DEVICE=none && serve full
}

# In teardown_file.
stop_group() {
	local pid
	for pid in "$BATS_FILE_TMPDIR"/*.pid; do
		kill "$(cat "$pid")" 2>/dev/null || true
	done
	stop_services
}

# In setup: the stand-ins are as at the start, S is the server's address.
begin_group() {
	cd "$BATS_FILE_TMPDIR" || return
	control reset '{}'
	S=$(cat main.url)
	expected=()
	rm -f asks wanted
}

# put NAME BODY: import a key.
put() {
	curl -sSf --cacert "$CACERT" -X PUT -o "$1.bundle" -d @"$2" \
	    -H 'Content-Type: application/json' \
	    -H "Authorization: Bearer $(cat "$BEARER_FILE")" \
	    "$VAULT/keys/$1?api-version=7.4"
}

# fault SERVICE KIND [MEMBERS]: what it does wrong, once.
fault() {
	control fault "{\"service\":\"$1\",\"kind\":\"$2\"${3:+,$3}}"
}

# asked SERVICE: how often.
asked() {
	curl -sS "$CONTROL/log?service=$1" | jq length
}

# serve NAME [--anonymous] [VAR=VALUE...] [OPTION...]: start one on a free
# port, with the access token for the vault unless it is to be found elsewhere;
# returns once it said whether it is ready, or why it ended.  Its address is in
# NAME.url, its log in NAME.log, its process in NAME.pid.
serve() {
	local name=$1
	local -a env=(FAKE_SEV_POLICY=policy.rego FAKE_SEV_PKI="$FAKE/pki")
	local -a who=(--access-token-file "$BEARER_FILE")
	shift
	case ${1-} in --anonymous) who=() && shift ;; esac
	while [[ ${1-} =~ ^[A-Za-z_]+= ]]; do
		env+=("$1")
		shift
	done
	: >"$name.log"
	env LD_PRELOAD="$FAKE/sev.so" "${env[@]}" "$BIN/skr-serve" --port 0 \
	    -C ctx --root "$FAKE/pki/ark.pem" --cacert "$CACERT" \
	    --uvm-issuer "$(cat "$FAKE/pki/uvm-did")" \
	    --uvm-feed ContainerPlat-AMD-UVM --release-roots "$RELEASE_ROOTS" \
	    --allow-endpoint 'localhost:*' "${who[@]}" "$@" \
	    >"$name.out" 2>"$name.log" 3>&- &
	echo $! >"$name.pid"
	logged "$name" 'msg"?[=:]"?(not )?ready' &&
	    logged "$name" '(127\.0\.0\.1:[0-9]+|unix:)' || return
	S=http://${BASH_REMATCH[1]}
	echo "$S" >"$name.url"
}

# logged NAME PATTERN: wait until its log matches; 1 if it ends before.
logged() {
	local -a lines
	local pid
	pid=$(cat "$1.pid")
	while mapfile -t lines <"$1.log"; ! [[ "${lines[*]}" =~ $2 ]]; do
		kill -0 "$pid" 2>/dev/null || return 1
		sleep 0.02
	done
}

# stop NAME: ask it to end; its status.
stop() {
	local pid
	pid=$(cat "$1.pid")
	kill "$pid"
	wait "$pid"
}

# post ROUTE BODY [CURL OPTION...]: the answer is in body, its head in head,
# its status in $code.
post() {
	local route=$1 body=$2
	shift 2
	code=$(curl -sS -m 60 -D head -o body -w '%{http_code}' \
	    --data-binary "$body" "$@" "$S$route")
}

get() {
	local route=$1
	shift
	code=$(curl -sS -m 60 -D head -o body -w '%{http_code}' "$@" "$S$route")
}

maa() {
	post /attest/maa "{\"maa_endpoint\":\"$MAA\",\"runtime_data\":\"$R\"}"
}

# release KID
release() {
	post /key/release "{\"maa_endpoint\":\"$MAA\",\"akv_endpoint\":\"${VAULT#https://}\",\"kid\":\"$1\"}"
}

# is TEXT: the body is that, to the byte.
is() {
	printf '%s' "$1" | cmp - body
}

# What every failure is: one object, with the reason and nothing of an answer.
# shellcheck disable=SC2016 # jq's own $...
ONE_REASON='def wrong($status; $service; $pattern): .service == $service and
	.status == $status and (.error | test($pattern)) and
	.request_id != "" and .code != "" and
	(has("token") or has("report") or has("key") | not);'

# wrong STATUS SERVICE PATTERN: the answer is a failure of this kind.
wrong() {
	cat body
	[ "$code" -eq "$1" ]
	jq -es --argjson status "$1" --arg service "$2" --arg pattern "$3" \
	    "$ONE_REASON"'length == 1 and
	    (.[0] | wrong($status; $service; $pattern))' body
}

# expect STATUS SERVICE PATTERN ROUTE BODY: one of many requests that fail;
# all_wrong makes them, with one client, and looks at them.
expect() {
	local i=${#expected[@]}
	printf '%s' "$5" >"$i.ask"
	printf '%surl="@%s"\ndata-binary="@%d.ask"\noutput="%d.got"\n%s\n' \
	    "${expected[*]:+next$'\n'}" "$4" "$i" "$i" \
	    'write-out="%{http_code}\n"' >>asks
	printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>wanted
	expected+=("$i.got")
}

all_wrong() {
	sed "s,^url=\"@,url=\"$S," asks | curl -sS -K - >codes
	jq -en --rawfile wanted wanted --rawfile codes codes "$ONE_REASON"'
	    def lines: split("\n")[:-1];
	    [$wanted | lines[] | split("\t")] as $w | ($codes | lines) as $c |
	    [inputs] as $got | ($got | length) == ($w | length) and
	    all(range($w | length); . as $i | $c[$i] == $w[$i][0] and
	    ($got[$i] | wrong($w[$i][0] | tonumber; $w[$i][1]; $w[$i][2])) or
	    ([$i, $w[$i], ($got[$i] | tostring)[:300]] | debug | false))' "${expected[@]}"
	rm -f asks wanted "${expected[@]}"
	expected=()
}
