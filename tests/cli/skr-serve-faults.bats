#!/usr/bin/env bats
# skr-serve when something is wrong: the device, the certificates, a service,
# the caller; and what the original does wrong there.
# folders: serve net azure device

load ../lib
load ../serve

setup_file() {
	start_group --metrics
}

teardown_file() {
	stop_group
}

setup() {
	begin_group
}

# metric NAME: of the server main.
metric() {
	get /metrics
	sed -n "s/^$1 //p" body
}

@test "without a device there is no report, and nothing made up" {
	local route
	serve bare FAKE_SEV_DEVICE=none
	get /status
	[ "$code" -eq 503 ]
	[ "$(jq -r .message body)" = 'Status NOT OK' ]
	jq -r .error body | grep -q SEV-SNP
	for route in /attest/raw /attest/combined; do
		post $route "{\"runtime_data\":\"$R\"}"
		wrong 503 device 'not an SEV-SNP guest'
	done
	maa
	wrong 503 device 'not an SEV-SNP guest'
	release oct
	wrong 503 device 'not an SEV-SNP guest'
	[ "$(asked maa)" -eq 0 ]
	stop bare
}

@test "a device that fails is named with its error" {
	serve broken FAKE_SEV_FW_ERROR=0x16
	post /attest/raw "{\"runtime_data\":\"$R\"}"
	wrong 503 device 'SEV-SNP report: /dev/sev-guest: firmware error 22'
	stop broken
	serve broken FAKE_SEV_ECHO=wrong
	post /attest/raw "{\"runtime_data\":\"$R\"}"
	wrong 503 device 'other report data'
	stop broken
}

@test "a report that does not verify is not handed out, unless so asked" {
	serve debug FAKE_SEV_GUEST_POLICY=0xb001f
	post /attest/raw "{\"runtime_data\":\"$R\"}"
	wrong 503 device 'SEV-SNP report: .*debug'
	[ "$(jq -r .code body)" = NotGenuine ]
	stop debug
	serve debug FAKE_SEV_GUEST_POLICY=0xb001f --no-verify-report
	post /attest/raw "{\"runtime_data\":\"$R\"}"
	[ "$code" -eq 200 ]
	grep -q 'trust=.*not verified' debug.log
	stop debug
	printf 'another' >other.rego
	serve other FAKE_SEV_POLICY=other.rego
	post /attest/raw "{\"runtime_data\":\"$R\"}"
	wrong 503 device 'host-data'
	stop other
}

@test "/dev/sev-guest comes before /dev/sev" {
	serve both FAKE_SEV_DEVICE=sev,sev-guest FAKE_SEV_FW_ERROR=1
	post /attest/raw "{\"runtime_data\":\"$R\"}"
	wrong 503 device '/dev/sev-guest: '
	stop both
}

@test "no descriptor is left open" {
	local before i
	before=$(metric process_open_fds)
	for i in {1..20}; do
		post /attest/raw "{\"runtime_data\":\"$R\"}"
	done
	maa
	release oct
	[ "$(metric process_open_fds)" -le "$before" ]
}

# source TYPE: settings that name where certificates are from.
source_is() {
	printf '{"certcache":{"endpoint_type":"%s","endpoint":"https://%s"}}' \
	    "$1" "$AMD" | base64 -w0
}

# combined SET: the report is that set's, and its certificates.
combined() {
	post /attest/combined "{\"runtime_data\":\"$R\"}"
	[ "$code" -eq 200 ]
	jq -r .endorsements body | base64 -d >got.pem
	jq -r .evidence body | base64 -d >got.bin
	snp-verify -q --certs got.pem --root "$FAKE/pki/$1/ark.pem" \
	    -r runtime.json got.bin
}

@test "certificates of another TCB: fetched once, and stale on no route" {
	fake context --pki "$FAKE/pki" --set genoa \
	    --measurement "$(cat "$FAKE/pki/measurement")" \
	    --policy policy.rego old
	serve old AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS" -C old
	for i in 1 2; do
		maa
		[ "$code" -eq 200 ]
		release oct
		[ "$code" -eq 200 ]
		combined milan
		[ "$(jq -r .endorsed_tcb body)" = \
		    "$(jq -r .tcbm "$FAKE/pki/thim.json")" ]
	done
	[ "$(asked imds)" -eq 1 ]
	stop old
}

@test "a TCB that goes back and forth: certificates are kept for each" {
	local set
	mkdir -p empty
	# where the server may read, as what plays the device is in it
	cp policy.rego empty
	ln -sfn "$FAKE/pki/milan" chip
	serve moving FAKE_SEV_AFRESH=1 FAKE_SEV_PKI=chip \
	    FAKE_SEV_POLICY=empty/policy.rego -C empty \
	    --no-verify-report -base64 "$(source_is AzCache)"
	for set in milan genoa milan genoa turin milan; do
		ln -sfn "$FAKE/pki/$set" chip
		combined $set
	done
	[ "$(asked amd)" -eq 3 ]
	curl -sS "$CONTROL/log?service=amd" | jq -e \
	    'all(.[]; .headers | has("Authorization") or has("Metadata") | not)'
	stop moving
}

@test "a security version of 0x80 and more is read as it is" {
	mkdir -p empty
	grep -q 'db$' "$FAKE/pki/tcb"
	serve cached -C empty -base64 "$(source_is AzCache)"
	combined milan
	[ "$(jq -r .endorsed_tcb body)" = DB18000000000004 ]
	in_query amd '/db18000000000004?api-version=2020-10-15-preview&clientId=ConfidentialACI'
	stop cached
}

@test "AMD's own key server: leaf and chain" {
	mkdir -p empty
	serve amd -C empty -base64 "$(source_is AMD)"
	maa
	[ "$code" -eq 200 ]
	combined milan
	[ "$(asked amd)" -eq 2 ]
	in_query amd ucodeSPL=219
	stop amd
}

@test "a source of certificates that throttles, or has none: that is what is said" {
	mkdir -p empty
	fault amd 429 '"times":9,"retry_after":30'
	serve cached -C empty --timeout 2 -base64 "$(source_is AzCache)"
	post /attest/raw "{\"runtime_data\":\"$R\"}"
	wrong 503 device 'certificates: localhost:[0-9]+: 429'
	control reset '{}'
	fault amd status '"status":200,"body":"-----BEGIN CERTIFICATE-----"'
	post /attest/raw "{\"runtime_data\":\"$R\"}"
	wrong 503 device 'certificate'
	fault amd status '"status":404,"body":""'
	post /attest/raw "{\"runtime_data\":\"$R\"}"
	wrong 503 device 'certificates: localhost:[0-9]+: 404'
	stop cached
}

@test "certificates of files and a folder, in any form: those of the report" {
	mkdir -p empty many
	fault imds status '"status":404,"times":9'
	openssl x509 -in "$FAKE/pki/milan/vcek.pem" -outform DER -out many/leaf
	cp "$FAKE/pki/genoa/full.pem" "$FAKE/pki/milan/ark.pem" many
	fails 2 'certs: read more than once' skr-serve -n --certs -
	fails 3 'no leaf: none of 1 is a VCEK or VLEK' skr-serve -n \
		--certs "$FAKE/pki/milan/ask.pem"
	serve many AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS" -C empty \
		--certs many --certs "$FAKE/pki/milan/ask.pem"
	maa
	[ "$code" -eq 200 ]
	combined milan
	stop many
}

@test "certificates that fit are nowhere: the TCB is said part by part" {
	fake context --pki "$FAKE/pki" --set genoa \
	    --measurement "$(cat "$FAKE/pki/measurement")" \
	    --policy policy.rego old
	fault imds status '"status":404,"times":9'
	serve old AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS" -C old
	post /attest/raw "{\"runtime_data\":\"$R\"}"
	wrong 503 device 'certificates: of (TCB bl|chip)'
	refute grep -Eq '[0-9]{19}' body
	jq -r .hint body | grep -q 404
	stop old
}

@test "no certificates yet: not ready, then ready" {
	fake context --pki "$FAKE/pki" --policy policy.rego \
	    --missing certs bare
	fault imds status '"status":404,"times":1'
	serve late AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS" -C bare
	local i
	for ((i = 0; i < 200; i++)); do
		get /status
		[ "$code" -eq 503 ] || break
		jq -r .error body | grep -q 'certificates: '
		sleep 0.05
	done
	[ "$code" -eq 200 ]
	stop late
}

@test "without a reference-info the rest of the folder counts" {
	fake context --pki "$FAKE/pki" --policy policy.rego \
	    --missing endorsement noref
	serve noref -C noref
	post /attest/combined "{\"runtime_data\":\"$R\"}"
	[ "$code" -eq 200 ]
	[ "$(jq -r .uvm_endorsements body)" = '' ]
	grep -q 'no endorsement' noref.log
	[ "$(asked imds)" -eq 0 ]
	stop noref
}

@test "the provider refuses: its status, code and words" {
	serve once --retry 0
	fault maa 429 '"times":9,"retry_after":7'
	maa
	wrong 429 maa '429'
	grep -qix $'retry-after: 7\r' head
	control reset '{}'
	fault maa status '"status":400,"body":{"error":{"code":"PolicyEvaluationError","message":"Native x Msg:[A Deny claim was issued]"}}'
	maa
	wrong 403 maa '400 PolicyEvaluationError: A Deny claim was issued'
	[ "$(jq -r .code body)" = PolicyEvaluationError ]
	fault maa 500
	maa
	wrong 502 maa '500 InternalServerError'
	stop once
}
@test "what comes back is verified: a token that is not, or a release, is not handed out" {
	local kind
	for kind in wrong-nonce tamper-signature expired; do
		fault maa $kind
		maa
		wrong 502 maa .
		[ "$(jq -r .code body)" = BadAnswer ]
	done
	for kind in evil-chain alg-none no-x5c wrong-kid; do
		fault vault $kind
		release oct
		wrong 502 vault .
	done
	fault vault ciphertext '"hex":"00"'
	release oct
	wrong 502 vault .
	maa
	[ "$code" -eq 200 ]
}

@test "a redirect is not followed, and no bearer goes along" {
	fault maa redirect
	maa
	wrong 502 maa 'redirect to .*/elsewhere, which is not followed'
	fault vault redirect
	release oct
	wrong 502 vault 'redirect to .*/elsewhere, which is not followed'
	[ "$(curl -sS "$CONTROL/log" |
	    jq '[.[] | select(.path | contains("elsewhere"))] | length')" -eq 0 ]
}

@test "every service is told who asks: never an empty User-Agent" {
	maa
	release oct
	[ "$code" -eq 200 ]
	curl -sS "$CONTROL/log" | jq -e 'length >= 3 and
	    all(.[]; .headers["User-Agent"] == "teeutils")'
}
@test "the vault refuses: 401, 403, 404 as they are" {
	release missing
	wrong 404 vault '404'
	fault vault status '"status":403,"body":{"error":{"code":"Forbidden","message":"no","innererror":{"code":"ForbiddenByRbac"}}}'
	release oct
	wrong 403 vault '403 Forbidden, ForbiddenByRbac: no'
	fault vault ok401
	release oct
	wrong 401 vault 401
}

@test "--compat: 403 where the original says so" {
	serve compat --compat --retry 0
	release missing
	[ "$code" -eq 403 ]
	[ "$(jq -r .status body)" -eq 404 ]
	fault maa 500
	maa
	[ "$code" -eq 403 ]
	post /attest/raw '{'
	[ "$code" -eq 400 ]
	stop compat
	serve compat FAKE_SEV_DEVICE=none --compat
	post /attest/raw "{\"runtime_data\":\"$R\"}"
	[ "$code" -eq 403 ]
	post /attest/combined "{\"runtime_data\":\"$R\"}"
	[ "$code" -eq 500 ]
	stop compat
}

@test "one object after a failure, never two, and never an empty error" {
	local route
	fault maa 500 '"times":9'
	expect 502 maa . /attest/maa \
	    "{\"maa_endpoint\":\"$MAA\",\"runtime_data\":\"$R\"}"
	for route in /attest/raw /attest/combined /attest/maa /key/release; do
		expect 400 request . $route '{'
		expect 400 request . $route '{}'
	done
	serve once --retry 0
	all_wrong
	serve compat --retry 0 --compat
	maa
	[ "$code" -eq 403 ]
	jq -es 'length == 1 and (.[0].error | length > 0)' body
	stop once
	stop compat
}

@test "the managed identity is asked, and never through a proxy" {
	serve id --anonymous http_proxy="$PROXY" HTTP_PROXY="$PROXY" \
	    AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS" --retry 0 \
	    --resource https://vault.azure.net
	release oct
	[ "$code" -eq 200 ]
	[ "$(asked proxy)" -eq 0 ]
	fault imds status '"status":400,"body":{"error":"invalid_request","error_description":"Identity not found"}'
	release oct
	wrong 403 identity 'Identity not found'
	stop id
}

# in_query SERVICE TEXT: what it was asked has that.
in_query() {
	curl -sS "$CONTROL/log?service=$1" |
	    jq -e --arg text "$2" 'any(.[]; .path | contains($text))'
}

@test "--identity, and the settings' client_id, choose the managed identity" {
	local -a us=(--anonymous AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS")
	local set
	serve id "${us[@]}" AZURE_CLIENT_ID=of-the-application --retry 0 \
	    --resource https://vault.azure.net --identity "object:$OBJECT_ID"
	release oct
	[ "$code" -eq 200 ]
	in_query imds "object_id=$OBJECT_ID"
	stop id
	set=$(printf '{"identity":{"client_id":"other"}}' | base64 -w0)
	serve id "${us[@]}" AZURE_CLIENT_ID=of-the-application --retry 0 \
	    --resource https://vault.azure.net -base64 "$set"
	release oct
	wrong 403 identity 'Identity not found'
	in_query imds client_id=other
	# what a request brings is shown, and nobody is asked for another
	control reset '{}'
	post /key/release "{\"maa_endpoint\":\"$MAA\",\"akv_endpoint\":\"${VAULT#https://}\",\"kid\":\"oct\",\"access_token\":\"$(cat "$BEARER_FILE")\"}"
	[ "$code" -eq 200 ]
	[ "$(asked imds)" -eq 0 ]
	stop id
	fails 2 exclude skr-serve -n --identity client:x --client-secret-file x
	fails 2 exclude skr-serve -n --identity client:x --access-token-file x
	fails 2 'client:ID, object:ID or resource:ID' skr-serve -n --identity x
	fails 2 'no host' skr-serve -n --endpoint 'no host'
}

@test "a service principal and workload identity, of the authority that is said" {
	local -a who=(--anonymous AZURE_CLIENT_ID="$CLIENT_ID"
	    AZURE_TENANT_ID="$TENANT_ID" AZURE_AUTHORITY_HOST="$ENTRA")
	local -a how=(--retry 0 --resource https://vault.azure.net)
	serve id "${who[@]}" "${how[@]}" --client-secret-file "$CLIENT_SECRET_FILE"
	release oct
	[ "$code" -eq 200 ]
	[ "$(asked entra)" -eq 1 ]
	refute grep -qF "$(cat "$CLIENT_SECRET_FILE")" id.log
	stop id
	serve id "${who[@]}" AZURE_FEDERATED_TOKEN_FILE="$FEDERATED_TOKEN_FILE" \
	    "${how[@]}"
	release oct
	[ "$code" -eq 200 ]
	[ "$(asked entra)" -eq 2 ]
	stop id
	serve id "${who[@]}" AZURE_CLIENT_SECRET=wrong "${how[@]}"
	release oct
	wrong 401 identity AADSTS7000215
	[ "$(asked imds)" -eq 0 ]
	stop id
}

@test "the vaults of sovereign clouds: their own resource, and their hosts by default" {
	local host
	# their names are the proxy's to resolve
	serve id --anonymous AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS" \
	    https_proxy="$PROXY" no_proxy=localhost --retry 0 \
	    --allow-endpoint '*.vault.usgovcloudapi.net' \
	    --allow-endpoint '*.managedhsm.azure.cn'
	for host in vault.usgovcloudapi.net managedhsm.azure.cn; do
		post /key/release "{\"maa_endpoint\":\"$MAA\",\"akv_endpoint\":\"a.$host\",\"kid\":\"k\"}"
		[ "$(jq -r .service body)" = vault ]
		in_query imds "resource=https%3A%2F%2F$host"
	done
	stop id
}
@test "the log has one line a request with the reason, and no secret or body at any level" {
	serve loud --log-level debug --retry 0
	maa
	local token
	token=$(jq -r .token body)
	release oct
	release missing
	post /attest/raw '{"runtime_data":"!"}'
	grep -q 'level=info route=/attest/maa status=200 ms=' loud.log
	grep -q 'level=warning route=/key/release status=404 .*service=vault .*cause=".*404' loud.log
	[ "$(grep -c route= loud.log)" -ge 4 ]
	refute grep -qF "${token:0:30}" loud.log
	refute grep -qF "$(head -c 30 "$BEARER_FILE")" loud.log
	refute grep -q AAECAwQF loud.log
	refute grep -qF "$R" loud.log
	stop loud
	serve json --log-json
	release missing
	tail -n 1 json.log | jq -e '.route == "/key/release" and .status == 404'
	stop json
}

@test "/metrics counts by route and status" {
	release missing
	get /metrics
	[ "$code" -eq 200 ]
	grep -q '^skr_requests_total{route="/key/release",status="404"} [1-9]' body
	grep -q '^skr_request_seconds_count{route="/key/release"} [1-9]' body
	grep -q '^skr_errors_total{service="vault"} [1-9]' body
	grep -q '^skr_connections ' body
}

@test "the original's command line, environment and settings" {
	local set
	set=$(printf '{"certcache":{"endpoint_type":"LocalTHIM"},"identity":{"client_id":"c"},"more":1}' | base64 -w0)
	succeeds skr-serve -port 0 -loglevel=warning --server_type=http \
	    -base64 "$set" -n
	fails 2 'grpc is not offered' skr-serve -server_type grpc -n
	fails 2 'base64: ' skr-serve -base64 '!' -n
	fails 2 'endpoint_type' skr-serve -n -base64 \
	    "$(printf '{"certcache":{"endpoint_type":"x"}}' | base64 -w0)"
	fails 2 'port' env Port=x skr-serve -n
	fails 2 'log-level' skr-serve -loglevel loud -n
	succeeds env Port=9999 skr-serve -n | grep -q 127.0.0.1:9999
	succeeds env Port=9999 skr-serve --port 7 -n | grep -q 127.0.0.1:7
	fails 2 'hostname' skr-serve --hostname x -n
	fails 2 'uvm-issuer and --uvm-feed go together' \
	    skr-serve -n --uvm-issuer x
	fails 2 'uvm-issuer and --uvm-feed go together' \
	    skr-serve -n --uvm-feed x
	fails 2 'listen: neither an address nor unix:PATH: unix:$' \
	    skr-serve -n --listen unix:
	fails 2 'allow-endpoint: no HOST, \*.SUFFIX or HOST:PORT: a b$' \
	    skr-serve -n --allow-endpoint 'a b'
}

@test "a port that is taken is status 4" {
	fails 4 'address already in use' skr-serve --port "${S##*:}"
}

@test "a Unix socket, for its group alone" {
	serve unix --listen "unix:$PWD/s"
	[ "$(stat -c %a s)" = 660 ]
	prints '{"message":"Status OK"}' \
	    curl -sf --unix-socket s -w '\n' http://x/status
	fails 4 'address already in use' skr-serve --listen "unix:$PWD/s"
	stop unix
	[ ! -e s ]
}

@test "sockets of the service manager's, and READY" {
	cat >activate.py <<-'END'
		import os, socket, sys
		n = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		n.bind("notify")
		s = socket.socket()
		s.bind(("127.0.0.1", 0))
		s.listen(16)
		port = s.getsockname()[1]
		pid = os.fork()
		if pid == 0:
		    os.dup2(s.fileno(), 3)
		    os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1",
		                      NOTIFY_SOCKET=os.path.abspath("notify"))
		    os.execvp(sys.argv[1], sys.argv[1:])
		n.settimeout(20)
		print(n.recv(100).decode().split("\n")[0], flush=True)
		os.system("curl -s -o /dev/null -w '%%{http_code}\n' "
		          "http://127.0.0.1:%d/nothing" % port)
		os.kill(pid, 15)
		print(n.recv(100).decode())
		print(os.waitpid(pid, 0)[1])
	END
	[ "$(env python3 activate.py skr-serve -C ctx 2>activate.log)" = \
	    $'READY=1\n404\nSTOPPING=1\n0' ]
}

# calls NAME...: the system calls of systemd's groups, and those that are none.
calls() {
	local name
	local -a group
	for name in "$@"; do
		case $name in
		@*)
			mapfile -t group < <(systemd-analyze syscall-filter "$name" \
			    2>/dev/null | sed -n 's/^    \([^#].*\)/\1/p')
			calls "${group[@]}"
			;;
		*) echo "$name" ;;
		esac
	done
}

# let_through: those that the unit's filter has left, line by line.
let_through() {
	local line
	: >left
	sed -n 's/^SystemCallFilter=//p' "$ROOT/scripts/systemd/skr-serve.service" >filter
	while read -r line; do
		# shellcheck disable=SC2086
		calls ${line#\~} | sort -u >group
		case $line in
		~*) comm -23 left group >next ;;
		*) sort -u left group >next ;;
		esac
		mv next left
	done <filter
}

@test "the unit lets through every call and socket that the server makes" {
	systemd-analyze syscall-filter @default >/dev/null 2>&1 ||
	    skip "no systemd-analyze here"
	strace -D -f -qq -o /dev/null true 2>/dev/null ||
	    skip "strace cannot trace here"
	case $BUILD in */san) skip "sanitizers call more" ;; esac
	let_through
	[ "$(wc -l <left)" -gt 200 ]
	mkdir -p traced
	printf '#!/bin/sh\nexec strace -D -f -qq -o trace "%s" "$@"\n' \
	    "$BIN/skr-serve" >traced/skr-serve
	chmod +x traced/skr-serve
	BIN=$PWD/traced serve traced --metrics --listen 127.0.0.1
	maa
	[ "$code" -eq 200 ]
	post /attest/raw "{\"runtime_data\":\"$R\"}"
	get /metrics
	kill "$(cat traced.pid)"
	logged traced msg=stopped
	sed -n 's/^[0-9]*  *\([a-z][a-z0-9_]*\)(.*/\1/p' trace | sort -u >used
	[ "$(wc -l <used)" -gt 40 ]
	grep -qx seccomp used
	# execve was systemd's
	diff <(grep -vx execve used | comm -23 - left) /dev/null
	sed -n 's/.* socket(\(AF_[A-Z0-9]*\),.*/\1/p' trace | sort -u >families
	grep -qx AF_INET families
	sed -n 's/^RestrictAddressFamilies=//p' \
	    "$ROOT/scripts/systemd/skr-serve.service" | tr ' ' '\n' | sort >restricted
	diff <(comm -23 families restricted) /dev/null
}
