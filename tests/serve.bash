# shellcheck shell=bash
# serve.bash -- skr-serve on the stand-ins, for the tests of it.

# In setup_file: the stand-ins with two keys in the vault, a security context,
# runtime data (its base64 in R), and a server called main.
start_group() {
	start_services || return
	cd "$BATS_FILE_TMPDIR" || return
	printf 'package policy\n' >policy.rego
	"$ROOT/tests/fake/context" --pki "$FAKE/pki" --policy policy.rego ctx
	printf '{"version":"1.0.0","anyOf":[{"authority":"https://%s","allOf":[%s]}]}' \
	    "$MAA" '{"claim":"x-ms-attestation-type","equals":"sevsnpvm"}' \
	    >release.json
	openssl genpkey -algorithm RSA -out rsa.pem 2>/dev/null
	"$ROOT/tests/fake/import-key" rsa.pem release.json >rsa.body
	put rsa rsa.body
	jq '.key = {kty:"oct-HSM", key_ops:["wrapKey","unwrapKey"],
		k:"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}' rsa.body >oct.body
	put oct oct.body
	printf '{"a":1}' >runtime.json
	R=$(base64 -w0 runtime.json)
	export R
	serve main "$@"
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
}

# put NAME BODY: import a key.
put() {
	curl -sSf --cacert "$CACERT" -X PUT -o "$1.bundle" -d @"$2" \
	    -H 'Content-Type: application/json' \
	    -H "Authorization: Bearer $(cat "$BEARER_FILE")" \
	    "$VAULT/keys/$1?api-version=7.4"
}

# control ROUTE JSON: tell the stand-ins.
control() {
	curl -sS -o control -d "$2" "$CONTROL/$1"
}

# fault SERVICE KIND [MEMBERS]: what it does wrong, once.
fault() {
	control fault "{\"service\":\"$1\",\"kind\":\"$2\"${3:+,$3}}"
}

# asked SERVICE: how often.
asked() {
	curl -sS "$CONTROL/log?service=$1" | jq length
}

# serve NAME [VAR=VALUE...] [OPTION...]: start one on a free port; its address
# is in NAME.url, its log in NAME.log, its process in NAME.pid.
serve() {
	local name=$1 i
	local -a env=(FAKE_SEV_POLICY=policy.rego FAKE_SEV_PKI="$FAKE/pki")
	shift
	while [[ ${1-} =~ ^[A-Za-z_]+= ]]; do
		env+=("$1")
		shift
	done
	rm -f "$name.url"
	: >"$name.log"
	env LD_PRELOAD="$FAKE/sev.so" "${env[@]}" "$BIN/skr-serve" --port 0 \
	    -C ctx --root "$FAKE/pki/ark.pem" --cacert "$CACERT" \
	    --uvm-issuer "$(cat "$FAKE/pki/uvm-did")" \
	    --uvm-feed ContainerPlat-AMD-UVM --release-roots "$RELEASE_ROOTS" \
	    --access-token-file "$BEARER_FILE" --allow-endpoint 'localhost:*' \
	    "$@" >"$name.out" 2>"$name.log" 3>&- &
	echo $! >"$name.pid"
	for ((i = 0; i < 400; i++)); do
		grep -q 'msg=listening\|"msg":"listening"' "$name.log" && break
		sleep 0.05
	done
	grep -o '127\.0\.0\.1:[0-9]*' "$name.log" | head -n 1 |
	    sed 's,^,http://,' >"$name.url"
	S=$(cat "$name.url")
	for ((i = 0; i < 60; i++)); do
		! curl -sf -o /dev/null "$S/status" || break
		sleep 0.05
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

# wrong STATUS SERVICE PATTERN: one object, with the reason.
wrong() {
	cat body
	[ "$code" -eq "$1" ]
	[ "$(jq -s length body)" -eq 1 ]
	[ "$(jq -r .service body)" = "$2" ]
	[ "$(jq -r .status body)" -eq "$1" ]
	jq -r .error body | grep -Eq "$3"
	jq -e '.request_id != "" and .code != "" and (has("token") or
	    has("report") or has("key") | not)' body
}
