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

@test "certificates of another TCB: fetched once, and then everywhere" {
	"$ROOT/tests/fake/context" --pki "$FAKE/pki" --set genoa \
	    --measurement "$(cat "$FAKE/pki/measurement")" \
	    --policy policy.rego old
	control reset '{}'
	serve old AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS" -C old
	for i in 1 2 3; do
		maa
		[ "$code" -eq 200 ]
		release oct
		[ "$code" -eq 200 ]
		post /attest/combined "{\"runtime_data\":\"$R\"}"
		[ "$code" -eq 200 ]
		[ "$(jq -r .endorsed_tcb body)" = \
		    "$(jq -r .tcbm "$FAKE/pki/thim.json")" ]
		jq -r .endorsements body | base64 -d | cmp - "$FAKE/pki/chain.pem" ||
			jq -r .endorsements body | base64 -d |
			cmp - <(jq -j '.vcekCert + .certificateChain' "$FAKE/pki/thim.json")
	done
	[ "$(asked imds)" -eq 1 ]
	stop old
}

@test "certificates that fit are nowhere: the TCB is said part by part" {
	"$ROOT/tests/fake/context" --pki "$FAKE/pki" --set genoa \
	    --measurement "$(cat "$FAKE/pki/measurement")" \
	    --policy policy.rego old
	fault imds 429 '"times":9'
	serve old AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS" -C old
	post /attest/raw "{\"runtime_data\":\"$R\"}"
	wrong 503 device 'certificates: of (TCB bl|chip)'
	jq -r .hint body | grep -q 429
	stop old
}

@test "no certificates yet: not ready, then ready" {
	"$ROOT/tests/fake/context" --pki "$FAKE/pki" --policy policy.rego \
	    --missing certs bare
	fault imds status '"status":404,"times":1'
	serve late AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS" -C bare
	local i
	for ((i = 0; i < 200; i++)); do
		get /status
		[ "$code" -eq 503 ] || break
		jq -r .error body | grep -q 'certificates: '
		sleep 0.1
	done
	[ "$code" -eq 200 ]
	stop late
}

@test "without a reference-info the rest of the folder counts" {
	"$ROOT/tests/fake/context" --pki "$FAKE/pki" --policy policy.rego \
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
	fault maa error '"name":"throttled"' || true
	control reset '{}'
	fault maa 429 '"times":9,"retry_after":7'
	serve once --retry 0
	maa
	wrong 429 maa '429'
	grep -qix $'retry-after: 7\r' head
	fault maa status '"status":400,"body":{"error":{"code":"PolicyEvaluationError","message":"Native x Msg:[A Deny claim was issued]"}}'
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

@test "the text says SEV or SNP of the hardware alone" {
	serve once --retry 0 --timeout 2
	for kind in 429 500 html empty close hang redirect garbage wrong-nonce \
	    wrong-reportdata wrong-issuer tamper-signature expired; do
		control reset '{}'
		fault maa $kind '"times":9'
		maa
		[ "$code" -ge 400 ]
		[ "$(jq -r .service body)" = maa ]
		refute grep -qi 'snp\|sev' body
	done
	stop once
}

@test "what comes back is verified: token and release" {
	for kind in wrong-nonce no-nonce wrong-reportdata wrong-issuer wrong-jku \
	    wrong-kid tamper-signature expired; do
		fault maa $kind
		maa
		wrong 502 maa .
		[ "$(jq -r .code body)" = BadAnswer ]
	done
	for kind in evil-chain tamper-signature alg-none no-x5c wrong-enc \
	    wrong-nonce no-nonce wrong-kid; do
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

@test "answers that are none, and services that are not there" {
	serve quick --retry 0 --timeout 1
	local at
	for at in maa vault; do
		for kind in html garbage early-close close big bad-chunk \
		    redirect empty; do
			control reset '{}'
			fault $at $kind
			release oct
			wrong 502 $at .
		done
		control reset '{}'
		fault $at status '"status":207,"body":{}'
		release oct
		wrong 502 $at '207'
		for kind in hang drip stall; do
			fault $at $kind '"seconds":3'
			release oct
			wrong 504 $at 'in time'
		done
	done
	post /attest/maa "{\"maa_endpoint\":\"localhost:1\",\"runtime_data\":\"$R\"}"
	wrong 502 maa 'cannot connect'
	stop quick
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

@test "--compat: 403 where the original says so, and one object all the same" {
	serve compat --compat --retry 0
	release missing
	[ "$code" -eq 403 ]
	[ "$(jq -r .status body)" -eq 404 ]
	fault maa 500
	maa
	[ "$code" -eq 403 ]
	[ "$(jq -s length body)" -eq 1 ]
	post /attest/raw '{'
	[ "$code" -eq 400 ]
	stop compat
	serve compat --compat FAKE_SEV_DEVICE=none || true
}

@test "the managed identity is asked, and never through a proxy" {
	env LD_PRELOAD="$FAKE/sev.so" FAKE_SEV_POLICY=policy.rego \
	    FAKE_SEV_PKI="$FAKE/pki" http_proxy="$PROXY" HTTP_PROXY="$PROXY" \
	    AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS" "$BIN/skr-serve" \
	    --port 0 -C ctx --root "$FAKE/pki/ark.pem" --cacert "$CACERT" \
	    --uvm-issuer "$(cat "$FAKE/pki/uvm-did")" \
	    --uvm-feed ContainerPlat-AMD-UVM --release-roots "$RELEASE_ROOTS" \
	    --allow-endpoint 'localhost:*' --retry 0 \
	    --resource https://vault.azure.net 2>id.log 3>&- &
	echo $! >id.pid
	until grep -q msg=listening id.log; do sleep 0.05; done
	S=http://$(grep -o '127\.0\.0\.1:[0-9]*' id.log | head -n 1)
	release oct
	[ "$code" -eq 200 ]
	[ "$(asked proxy)" -eq 0 ]
	fault imds status '"status":400,"body":{"error":"invalid_request","error_description":"Identity not found"}'
	release oct
	wrong 403 identity 'Identity not found'
	stop id
}

@test "the log has one line a request with the reason, and no secret" {
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
}

@test "a port that is taken is status 4" {
	fails 4 'address already in use' skr-serve --port "${S##*:}"
}

@test "a Unix socket, for its group alone" {
	serve unix --listen "unix:$PWD/s" || true
	until [ -S s ]; do sleep 0.05; done
	[ "$(stat -c %a s)" = 660 ]
	prints '{"message":"Status OK"}' eval \
	    'until curl -sf --unix-socket s http://x/status; do sleep 0.1; done; echo'
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
		print(n.recv(100).decode().split("\n")[0])
		os.system("curl -s -o /dev/null -w '%%{http_code}\n' "
		          "http://127.0.0.1:%d/nothing" % port)
		os.kill(pid, 15)
		print(n.recv(100).decode())
		print(os.waitpid(pid, 0)[1])
	END
	[ "$(python3 activate.py skr-serve -C ctx 2>activate.log)" = \
	    $'READY=1\n404\nSTOPPING=1\n0' ]
}
