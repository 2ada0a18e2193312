#!/usr/bin/env bats
# What maa-token and key-release connect to, trust, show and wait for: proxies,
# roots, a resolver that is dead, and who may see a secret meanwhile.
# folders: net

load ../lib

setup_file() {
	start_services || return
	cd "$BATS_FILE_TMPDIR" || return
	"$BIN/key-release" -G -k wrap.pem >runtime.json
	printf 'package policy\n' >policy.rego
	fake context --pki "$FAKE/pki" --policy policy.rego ctx
	with_device "$BIN/snp-report" -r runtime.json -o report.bin
	"$BIN/maa-token" -e "$MAA" --cacert "$CACERT" -C ctx -r runtime.json \
		-o token.jwt report.bin
	printf '{"version":"1.0.0","anyOf":[{"authority":"https://%s","allOf":[%s]}]}' \
		"$MAA" '{"claim":"x-ms-attestation-type","equals":"sevsnpvm"}' \
		>release.json
	fake import-key "$FAKE/pki/maa.key" release.json >key.body
	curl -sSf --cacert "$CACERT" -X PUT -o bundle -d @key.body \
		-H 'Content-Type: application/json' \
		-H "Authorization: Bearer $(cat "$BEARER_FILE")" \
		"$VAULT/keys/k?api-version=7.4"
}

teardown_file() {
	stop_services
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	curl -sS -o /dev/null -d '{}' "$CONTROL/reset"
	umask 077
	unset SSL_CERT_FILE SSL_CERT_DIR
}

# fault SERVICE KIND [MEMBERS]: what goes wrong, once.
fault() {
	curl -sS -o /dev/null "$CONTROL/fault" \
		-d "{\"service\":\"$1\",\"kind\":\"$2\"${3:+,$3}}"
}

# asked SERVICE: how many requests it had.
asked() {
	curl -sS "$CONTROL/log?service=$1" | jq length
}

token() {
	maa-token -e "$MAA" --cacert "$CACERT" -C ctx -r runtime.json "$@" \
		report.bin
}

# release [OPTION...]: the key of the vault, by the metadata service.
release() {
	env AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS" key-release -k wrap.pem \
		-t token.jwt --cacert "$CACERT" --release-roots "$RELEASE_ROOTS" \
		--resource https://vault.azure.net "$@" "$VAULT/keys/k"
}

# --- whom it connects to ----------------------------------------------------

# connects PORT... -- CMD...: CMD connects to these ports of this host, and to
# nothing else but a resolver; every socket is accounted for.
connects() {
	local -a ports=() open=()
	local trace=$BATS_TEST_TMPDIR/trace
	while [ "$1" != -- ]; do
		ports+=("$1")
		shift
	done
	shift
	# the memory of a guarded process, addresses in it, is root's to read
	[ "$(id -u)" -eq 0 ] ||
		open=(-E "LD_PRELOAD=$FAKE/noguard.so" -E NOGUARD_TRACED=1)
	strace -f -qq -e trace=network "${open[@]}" -o "$trace" -- "$@" >out 2>err || {
		cat err
		return 1
	}
	grep -E 'connect\(|sendto\(.*sa_family|sendmsg\(.*sa_family|bind\(' \
		"$trace" >calls
	cat calls
	# a resolver, in whichever form libc has it
	sed -i '/AF_UNIX.*nscd\|AF_UNIX.*resolve\|htons(53)/d' calls
	# libc sorts addresses by connecting datagram sockets: nothing is sent
	sed -i '/htons(0)\|AF_UNSPEC\|AF_NETLINK/d' calls
	[ "$(grep -o 'htons([0-9]*)' calls | sort -u)" = \
		"$(printf 'htons(%s)\n' "${ports[@]}" | sort -u)" ]
	refute grep -v '127\.0\.0\.1\|"::1"' calls
}

can_trace() {
	strace -f -qq -e trace=network -o /dev/null true 2>/dev/null ||
		skip "strace cannot trace here"
	case $BIN in
	*/san*) skip "the leak sanitizer does not run under strace" ;;
	esac
}

@test "maa-token connects to the endpoint and nothing else" {
	can_trace
	connects "${MAA##*:}" -- maa-token -e "$MAA" --cacert "$CACERT" -C ctx \
		-r runtime.json report.bin
	connects "${MAA##*:}" -- maa-token -e "$MAA" --cacert "$CACERT" --keys
	connects "${SKR##*:}" -- maa-token --skr "$SKR" -e "$MAA" -r runtime.json
	connects "${SKR##*:}" -- maa-token --skr "$SKR" --status
}

@test "key-release connects to the vault and the identity, or the sidecar" {
	can_trace
	local port=${IDENTITY##*:}
	connects "${VAULT##*:}" -- key-release -k wrap.pem -t token.jwt \
		--access-token-file "$BEARER_FILE" --cacert "$CACERT" \
		--release-roots "$RELEASE_ROOTS" -o key.jwk "$VAULT/keys/k"
	connects "${VAULT##*:}" "${IMDS##*:}" -- env \
		AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS" key-release -k wrap.pem \
		-t token.jwt --cacert "$CACERT" --release-roots "$RELEASE_ROOTS" \
		--resource https://vault.azure.net -o key.jwk "$VAULT/keys/k"
	connects "${VAULT##*:}" "${port%%/*}" -- env \
		IDENTITY_ENDPOINT="$IDENTITY" IDENTITY_HEADER="$IDENTITY_SECRET" \
		key-release -k wrap.pem -t token.jwt --cacert "$CACERT" \
		--release-roots "$RELEASE_ROOTS" -o key.jwk \
		--resource https://vault.azure.net "$VAULT/keys/k"
	connects "${SKR##*:}" -- key-release --skr "$SKR" -e "$MAA" -o key.jwk \
		"$VAULT/keys/k"
}

@test "what needs no network opens no socket" {
	can_trace
	local -a none=(strace -f -qq -e "trace=socket,connect" -o calls)
	"${none[@]}" maa-token -e "$MAA" -C ctx -n report.bin >body
	[ ! -s calls ]
	"${none[@]}" key-release -n "$VAULT/keys/k" >body
	[ ! -s calls ]
	"${none[@]}" key-release -G --force -k made.pem >body
	[ ! -s calls ]
}

# --- what it gives up ---------------------------------------------------------

@test "-v says which rights were given up, or that the kernel takes none" {
	token -v -o new.jwt 2>err
	grep -qE 'guard: (system calls( of all threads)?(, files)?|files|none, .*)$' err
	[ "$(grep -c guard: err)" -eq 1 ]
	case $BUILD in */san) return ;; esac
	LD_PRELOAD=$FAKE/noguard.so token -v -o new.jwt 2>err
	grep -q 'guard: none, the kernel has neither seccomp nor Landlock$' err
	release -v -o new.jwk 2>err
	[ "$(grep -c guard: err)" -eq 1 ]
	maa-token -v -e "$MAA" -C ctx -n report.bin >out 2>err
	refute grep guard: err
}

@test "the roots, the token and the result are where they are, behind the guard" {
	# by links, in a folder of their own, with a relative name, in the home
	mkdir -p home/deep roots
	cp "$CACERT" roots/ca.pem
	ln -sf ../roots/ca.pem home/link.pem
	cp "$BEARER_FILE" home/bearer
	cd home
	HOME=$PWD maa-token -e "$MAA" --cacert link.pem -C ../ctx \
		--access-token-file bearer -o deep/../got.jwt ../report.bin
	SSL_CERT_FILE=../roots/ca.pem maa-token -e "$MAA" --keys -o deep/keys
	HOME=$PWD AZURE_POD_IDENTITY_AUTHORITY_HOST=$IMDS key-release \
		-k ../wrap.pem -t ../token.jwt --cacert link.pem \
		--release-roots "$RELEASE_ROOTS" --access-token-file bearer \
		-o deep/key.jwk "$VAULT/keys/k"
	[ -s got.jwt ] && [ -s deep/keys ] && [ -s deep/key.jwk ]
	# libcrypto's settings are read before
	printf 'openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\nMinProtocol = TLSv1.2\n' >ssl.cnf
	OPENSSL_CONF=$PWD/ssl.cnf maa-token -e "$MAA" --cacert link.pem --keys >out
	refute ls deep/.teeutils.* .teeutils.*
}

# --- proxies ------------------------------------------------------------------

@test "a proxy makes the tunnel, sees no secret, and is not asked for what is near" {
	local far=elsewhere.example:${MAA_WRONGHOST##*:}
	local -a ask=(maa-token -e "$far" --cacert "$CACERT" -C ctx
	    --access-token-file "$BEARER_FILE" report.bin)
	fault maa claims "\"set\":{\"iss\":\"https://$far\"}"
	https_proxy=$PROXY succeeds "${ask[@]}" >far.jwt
	curl -sS "$CONTROL/log?service=proxy" >log
	jq -e 'length == 1 and .[0].method == "CONNECT" and .[0].path == $far and
		(.[0].headers | keys | map(ascii_downcase) | index("authorization"))
		== null' --arg far "$far" log
	fails 5 'elsewhere.example:[0-9]*: no such host' env https_proxy="$PROXY" \
		no_proxy=elsewhere.example "${ask[@]}"
	curl -sS -o /dev/null -d '{}' "$CONTROL/reset"
	(
		export https_proxy=$PROXY HTTPS_PROXY=$PROXY \
			http_proxy=$PROXY all_proxy=$PROXY
		token >near.jwt
		release -o near.jwk
		maa-token --skr "$SKR" --status
	)
	[ "$(asked proxy)" -eq 0 ]
}

@test "a proxy that refuses is 5 and says so" {
	local far=elsewhere.example:${MAA_WRONGHOST##*:}
	local -a ask=(env https_proxy="$PROXY" maa-token -e "$far"
	    --cacert "$CACERT" --keys --retry 1)
	fault proxy status '"status":407,"times":9'
	fails 5 'elsewhere.example:[0-9]*: the proxy answered 407' "${ask[@]}"
	hinted NAME:PASSWORD
	[ "$(asked proxy)" -eq 1 ]
	curl -sS -o /dev/null -d '{}' "$CONTROL/reset"
	fault proxy status '"status":503,"times":9'
	fails 5 'the proxy answered 503' "${ask[@]}"
	[ "$(asked proxy)" -eq 2 ]
	fails 5 'cannot connect|proxy' env https_proxy=http://127.0.0.1:1 \
		maa-token -e "$far" --cacert "$CACERT" --keys --retry 0
	# what the proxy leads to has to prove its name all the same
	curl -sS -o /dev/null -d '{}' "$CONTROL/reset"
	fails 1 'certificate: ' env https_proxy="$PROXY" maa-token \
		-e "elsewhere.example:${MAA##*:}" --cacert "$CACERT" --keys
}

# --- roots --------------------------------------------------------------------

# among PATH CMD...: run CMD where PATH is the only bundle of roots.
among() {
	local path=$1
	shift
	# shellcheck disable=SC2016
	unshare -rm bash -c 'set -e
		for dir in /etc/ssl /etc/pki; do
			[ -d $dir ] || mkdir $dir
			mount -t tmpfs none $dir
		done
		if [ -n "$1" ]; then
			mkdir -p "$(dirname "$1")"
			cp "$2" "$1"
		fi
		shift 2
		exec "$@"' - "$path" "$CACERT" "$@"
}

@test "the bundle of roots is found where each distribution has it" {
	unshare -rm mount -t tmpfs none /etc/ssl 2>/dev/null ||
		skip "no namespaces here"
	[ -d /etc/pki ] || unshare -rm mkdir /etc/pki 2>/dev/null ||
		skip "/etc/pki cannot be made"
	local path
	for path in /etc/ssl/certs/ca-certificates.crt \
	    /etc/pki/tls/certs/ca-bundle.crt \
	    /etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem \
	    /etc/ssl/ca-bundle.pem /etc/ssl/cert.pem; do
		among "$path" maa-token -e "$MAA" -C ctx report.bin >out
		fails 1 'certificate: ' among "$path" maa-token \
			-e "$MAA_SELFSIGNED" -C ctx report.bin
		hinted "its issuer is CN = localhost; .* those of $path,"
	done
	fails 4 'no roots' among '' maa-token -e "$MAA" -C ctx report.bin
	hinted 'ca-certificates'
}

# --- a resolver that does not answer -----------------------------------------

@test "a dead resolver holds nobody past the timeout" {
	unshare -rmn true 2>/dev/null || skip "no namespaces here"
	cat >dead.py <<-'END'
	import fcntl, socket, struct, subprocess, sys, time
	silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	lo = struct.pack("16sH14x", b"lo", 1)
	fcntl.ioctl(silent, 0x8914, lo)  # SIOCSIFFLAGS, IFF_UP
	silent.bind(("127.0.0.1", 53))
	begin = time.monotonic()
	done = subprocess.run(sys.argv[1:])
	with open("seconds", "w") as f:
	    print(int(time.monotonic() - begin), file=f)
	sys.exit(done.returncode)
	END
	echo 'nameserver 127.0.0.1' >resolv
	# the resolver alone would take ten seconds: five, and once more
	# shellcheck disable=SC2016
	fails 5 'not resolved in time' unshare -rmn bash -c '
		mount --bind resolv /etc/resolv.conf &&
		exec python3 dead.py "$@"' - \
		maa-token -e far.example --cacert "$CACERT" --keys --timeout 1
	[ "$(cat seconds)" -lt 8 ]
}

# --- who may see a secret -----------------------------------------------------

# seen PID: what others could read of a process.
seen() {
	tr '\0' '\n' <"/proc/$1/cmdline"
	cat "/proc/$1/environ" 2>/dev/null || true
	cat "/proc/$1/comm" "/proc/$1/wchan" 2>/dev/null || true
}

# while_hanging SERVICE CMD...: what can be seen of CMD while the service does
# not answer; in the files "seen" and "limits".
while_hanging() {
	local service=$1 i child
	shift
	fault "$service" hang '"seconds":60'
	# env becomes the tool, which keeps its number
	env -i PATH="$PATH" "$@" >out 2>err &
	child=$!
	for ((i = 0; i < 400; i++)); do
		[ "$(asked "$service")" -eq 0 ] || break
		sleep 0.05
	done
	seen "$child" >seen
	cat "/proc/$child/limits" >limits
	kill "$child"
	wait "$child" || true
	grep -qx "$(basename "$1")" seen
}

# no_secret FILE...
no_secret() {
	local secret
	for secret in "$(cut -c1-40 token.jwt)" "$(cut -d. -f3 token.jwt)" \
	    "$(cut -c1-40 "$BEARER_FILE")" "$(cut -d. -f3 "$BEARER_FILE")" \
	    "$(sed -n 2p wrap.pem)" "$IDENTITY_SECRET"; do
		[ ${#secret} -ge 20 ]
		refute grep -aqF -e "$secret" "$@"
	done
}

@test "command line, environment and core files hold no secret: maa-token" {
	local -a us=(maa-token -e "$MAA" --cacert "$CACERT" -C ctx
	    -r runtime.json -v --access-token-file "$BEARER_FILE" report.bin)
	while_hanging maa "${us[@]}"
	grep -q '^Max core file size *0 *0' limits
	no_secret seen err
}

@test "command line, environment and core files hold no secret: key-release" {
	local -a us=(key-release -k wrap.pem -t token.jwt --cacert "$CACERT"
	    --release-roots "$RELEASE_ROOTS" -o gone -v
	    --access-token-file "$BEARER_FILE" "$VAULT/keys/k")
	while_hanging vault "${us[@]}"
	grep -q '^Max core file size *0 *0' limits
	no_secret seen err
	[ ! -e gone ]
}

@test "-v says no secret, whatever comes of it" {
	local kind
	{
		token -v -o seen.jwt --access-token-file "$BEARER_FILE"
		release -v -o seen.jwk
		IDENTITY_ENDPOINT=$IDENTITY IDENTITY_HEADER=$IDENTITY_SECRET \
			release -v -o seen.jwk
		key-release --skr "$SKR" -e "$MAA" -v -o seen.jwk \
			--access-token-file "$BEARER_FILE" "$VAULT/keys/k"
		for kind in ok401 html garbage two-json truncated; do
			fault vault $kind
			release -v -o none || true
			fault maa $kind
			token -v -o none || true
			fault imds $kind
			release -v -o none || true
			fault skr $kind
			key-release --skr "$SKR" -e "$MAA" -v -o none \
				"$VAULT/keys/k" || true
		done
	} >said 2>&1
	[ "$(grep -cE ' ms( \(|$)' said)" -ge 20 ]
	no_secret said
	refute grep -qF "$(jq -r .d seen.jwk | cut -c1-20)" said
	refute grep -qF "$(cut -d. -f2 seen.jwt | cut -c1-40)" said
}

# --- the troubleshooting table of the sidecar's own manual --------------------

@test "troubleshooting: each row of the reference has its line and its hint" {
	local tool
	# the sidecar is not running
	for tool in maa key; do
		fails 5 'localhost:1: cannot connect: connection refused' \
			asks_sidecar $tool http://localhost:1 "$MAA"
		hinted 'is the sidecar running, and does it listen there'
	done
	# the endpoint has a scheme, which is no part of a host
	for tool in maa key; do
		succeeds asks_sidecar $tool "$SKR" "https://$MAA/" >out
		fails 2 'has no path' asks_sidecar $tool "$SKR" "https://$MAA/attest"
		hinted 'leave /attest out'
		fault skr error '"name":"no-such-host"'
		fails 6 'lookup maa.example: no such host' asks_sidecar $tool "$SKR" "$MAA"
		hinted 'cannot resolve the endpoint'
	done
	# the token is malformed: the access token, and the attestation's
	echo 'malformed' >bad
	fails 6 '401 Unauthorized: .*JWT must have three segments' key-release \
		-k wrap.pem -t token.jwt --access-token-file bad \
		--cacert "$CACERT" --release-roots "$RELEASE_ROOTS" -o gone \
		"$VAULT/keys/k"
	hinted 'this one is no JWT'
	fails 6 'vault said 401 Unauthorized: .*JWT must have three' key-release \
		--skr "$SKR" -e "$MAA" --access-token-file bad -o gone \
		"$VAULT/keys/k"
	hinted 'access-token-file'
	fails 3 'bad: token: ' release -t bad -o gone
	hinted 'what maa-token prints'
	# the claims show hardware that is not confidential
	fault maa claims '"set":{"x-ms-attestation-type":"azurevm"}'
	fails 1 'x-ms-attestation-type: "azurevm" is not the sevsnpvm' token
	hinted 'no SEV-SNP container: .* Confidential SKU'
	curl -sS -o plain.jwt "$CONTROL/mint" -d "$(jq -c '{claims: {
		"x-ms-attestation-type": "azurevm", "x-ms-runtime": .}}' \
		runtime.json)"
	fails 6 '403 Forbidden, AccessDenied' release -t plain.jwt -o gone
	hinted 'x-ms-attestation-type is "azurevm" in the token, but the policy wants "sevsnpvm"'
	# the container runs in the standard SKU
	for tool in maa key; do
		fails 6 '403: .*certificate endpoint not set' \
			asks_sidecar $tool "$SKR_NODEVICE" "$MAA"
		hinted 'Confidential SKU'
	done
	[ ! -e gone ]
}

# asks_sidecar TOOL URL ENDPOINT
asks_sidecar() {
	case $1 in
	maa) maa-token --skr "$2" -e "$3" --retry 0 -r runtime.json ;;
	key) key-release --skr "$2" -e "$3" --retry 0 "$VAULT/keys/k" ;;
	esac
}

# --- the manual's examples ----------------------------------------------------

# examples PAGE: the commands of its EXAMPLES, the hosts those of the stand-ins;
# not those that need a service, a file or an identity that is not here.
examples() {
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh [^E]/p' "$ROOT/man/$1" |
		awk '/^\.Bd/ { on = 1; next } /^\.Ed/ { on = 0 }
		on && (/^\$ / || more) {
			line = line $0 "\n"
			more = /\\e$/
			if (!more && line !~ elsewhere)
				printf "%s", line
			if (!more)
				line = ""
		}' elsewhere='acme|ca[.]pem|certs[.]pem|security-context|client|[.][.][.]|big[.]' |
		sed -e 's/^\$ //' -e 's/\\e/\\/g' \
		    -e "s,sharedeus.eus.attest.azure.net,$MAA,g" \
		    -e "s,https://myvault.vault.azure.net/keys/mykey,$VAULT/keys/k,g" \
		    -e "s,http://localhost:8080,$SKR,g"
}

@test "the examples of the manual do what they say, one after the other" {
	mkdir -p examples
	cat "$CACERT" "$RELEASE_ROOTS" >examples/roots
	cp release.json examples
	cd examples
	export SSL_CERT_FILE=$PWD/roots CURL_CA_BUNDLE=$PWD/roots
	export UVM_SECURITY_CONTEXT_DIR=$BATS_FILE_TMPDIR/ctx
	export AZURE_POD_IDENTITY_AUTHORITY_HOST=$IMDS KEYURL=$VAULT/keys/k MAA
	snp-report() { with_device "$BIN/snp-report" "$@"; }
	az() { jq -Rn --arg t "$(cat "$BEARER_FILE")" '{accessToken: $t}'; }
	# a stand-in's host has no name to take the resource from
	key-release() {
		case " $* " in
		*' -t '* | *' --show '*) set -- --resource https://vault.azure.net "$@" ;;
		esac
		command key-release "$@"
	}
	{
		examples maa-token.1
		examples key-release.1 | grep -v '^key-release -G'
	} >commands
	[ "$(grep -c '^[a-z]' commands)" -ge 18 ]
	cat commands
	set -eu -o pipefail
	# shellcheck source=/dev/null
	. ./commands >said
	grep -qx 'Status OK' said
	[ "$(wc -l <said)" -ge 3 ]
	jq -e '.d != null' key.jwk
}

# --- the sidecar off SEV-SNP --------------------------------------------------

@test "a sidecar without a device is found out" {
	fails 6 '403: .*certificate endpoint not set' maa-token \
		--skr "$SKR_NODEVICE" -e "$MAA" -r runtime.json
	hinted 'Confidential SKU'
	fails 6 '403: .*certificate endpoint not set' key-release \
		--skr "$SKR_NODEVICE" -e "$MAA" -o forged "$VAULT/keys/k"
	hinted 'Confidential SKU'
	fails 4 'made the report up' snp-report -s "$SKR_NODEVICE" -r runtime.json
	hinted 'Confidential SKU'
	[ ! -e forged ]
}
