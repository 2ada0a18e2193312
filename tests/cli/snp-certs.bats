#!/usr/bin/env bats
# snp-certs against the stand-in of AMD's key server: what is asked, kept,
# proved again, and refused.
# folders: net host evidence

load ../lib

pki=$FAKE/pki

setup_file() {
	local set
	cd "$BATS_FILE_TMPDIR" || return
	for set in milan genoa turin vlek; do
		with_device env FAKE_SEV_PKI="$pki/$set" "$BIN/snp-report" \
			-d "$(printf '5a%.0s' {1..32})" -o $set.report || return
	done
	with_device env FAKE_SEV_PKI="$pki/genoa" FAKE_SEV_VERSION=2 \
		"$BIN/snp-report" -d "$(printf '5a%.0s' {1..32})" -o v2.report
	start_services
}

teardown_file() {
	stop_services
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	rm -rf cache out
	export XDG_CACHE_HOME=$BATS_FILE_TMPDIR/cache
	control reset '{}'
	leaf=cache/teeutils/Milan/$(cat "$pki/chip-id")-$(cat "$pki/tcb")
}

# fault KIND [NAME=JSON...]
fault() {
	local kind=$1 more='' pair
	shift
	for pair; do
		more+=",\"${pair%%=*}\":${pair#*=}"
	done
	control fault "{\"service\":\"amd\",\"kind\":\"$kind\"$more}"
}

# asked N: how often the key server was asked.
asked() {
	[ "$(curl -sf --noproxy '*' "$CONTROL/log?service=amd" |
		jq length)" -eq "$1" ]
}

# certs SET [OPTION...]: of that set's report, its root trusted.
certs() {
	local set=$1
	shift
	snp-certs --kds "$AMD" --cacert "$CACERT" --root "$pki/$set/ark.pem" \
		"$@" $set.report
}

@test "every product: leaf, ASK and ARK, in that order" {
	local set
	for set in milan genoa turin; do
		certs $set -o out
		diff out "$pki/$set/full.pem"
		snp-verify --root "$pki/$set/ark.pem" --certs out $set.report \
			>/dev/null
	done
	# Turin's chip id has 8 bytes, and there is one component more
	curl -sf --noproxy '*' "$CONTROL/log?service=amd" | grep -q \
		'"/vcek/v1/Turin/[0-9a-f]\{16\}?fmcSPL=1&blSPL=1&teeSPL=1&snpSPL=4&ucodeSPL=81"'
	asked 6
}

@test "what was fetched is not asked for again" {
	certs milan -o one
	asked 2
	certs milan -o two
	asked 2
	cmp one two
	certs milan --offline -o two
	cmp one two
	[ "$(stat -c %a cache/teeutils cache/teeutils/Milan)" = $'700\n700' ]
	[ "$(stat -c %a "$leaf")" = 600 ]
	rm -rf cache
	fails 3 'not in the cache' certs milan --offline
	asked 2
}

@test "who asks for the same is waited for, but not for ever" {
	local lock
	certs milan -o out
	rm "$leaf"
	exec {lock}>"$leaf.lock"
	flock "$lock"
	fails 5 'another process has been asking for the same for too long' \
		certs milan --timeout 1
	exec {lock}>&-
	certs milan -o out
	asked 3
}

@test "what is wrong in the cache is seen, and fetched anew" {
	local at
	certs milan -o good
	for at in 5 100 400 900 1200; do
		printf '\xff\xfe\xfd' |
			dd of="$leaf" bs=1 seek=$at conv=notrunc 2>/dev/null
		warns 'in the cache, and not right: ' certs milan -o out
		cmp out good
		fails 3 'not in the cache' env XDG_CACHE_HOME=/nowhere/at/all \
			snp-certs -q --offline milan.report
	done
	# another's leaf in its place
	openssl x509 -in "$pki/evil/vcek.pem" -outform DER -out "$leaf"
	warns 'not right: .*: certificates: leaf: signature' certs milan -o out
	cmp out good
	: >"$leaf"
	certs milan -q -o out
	cmp out good
	# and of no use without the network
	openssl x509 -in "$pki/evil/vcek.pem" -outform DER -out "$leaf"
	fails 1 'leaf: signature does not verify' certs milan -q --offline
}

@test "a cache that cannot be trusted or written is not used" {
	mkdir -p cache/teeutils
	chmod 777 cache/teeutils
	warns 'nothing is kept: .*others may write to it' certs milan -o out
	[ ! -e cache/teeutils/Milan ]
	warns 'nothing is kept: ' env XDG_CACHE_HOME=/dev/null snp-certs \
		--kds "$AMD" --cacert "$CACERT" --root "$pki/ark.pem" \
		-o out milan.report
	warns 'neither XDG_CACHE_HOME nor HOME' env -u HOME \
		-u XDG_CACHE_HOME snp-certs --kds "$AMD" --cacert "$CACERT" \
		--root "$pki/ark.pem" -o out milan.report
}

@test "429 is waited for as told" {
	local from
	fault 429 retry_after=2
	from=$(date +%s%N)
	certs milan -o out
	[ $((($(date +%s%N) - from) / 1000000)) -ge 2000 ]
	asked 3
	rm -rf cache
	fault 429 retry_after=3600 times=9
	fails 5 '429 .*' certs milan --timeout 2
	grep -q 'asks to wait 3600 s' "$_at/err"
}

@test "of many that want the same leaf one asks" {
	local i
	fault delay seconds=1
	for i in 1 2 3 4; do
		certs milan -o out.$i &
	done
	wait
	for i in 1 2 3 4; do
		diff out.$i "$pki/full.pem"
	done
	asked 2
}

@test "an answer that does not prove the report is refused, and not kept" {
	fault leaf set='"evil"'
	fails 1 'leaf: signature does not verify' certs milan
	fault leaf set='"bad/hwid"'
	fails 1 'the leaf is of another chip' certs milan
	fault leaf set='"bad/spl"'
	fails 1 'ucode: reported 219, but 218' certs milan
	fault leaf set='"genoa"'
	fails 1 'certificates: ' certs milan
	fault leaf set='"bad/expired"'
	fails 1 'expired at' certs milan
	fault html status=200
	fails 3 'no certificates' certs milan
	fault truncated
	fails 3 'certificate: truncated' certs milan
	[ ! -e "$leaf" ]
	# AMD's roots, unless another is asked for
	fails 1 'leaf: signature does not verify' snp-certs --kds "$AMD" \
		--cacert "$CACERT" turin.report
	fails 1 "none of AMD's" snp-certs --from "$pki/turin/full.pem" \
		turin.report
	fault pem
	certs milan -o out
	cmp out "$pki/full.pem"
}

@test "who has it, where AMD has not" {
	fails 3 'no certificate to ask AMD for: it was signed by a VLEK' \
		certs vlek
	asked 0
	certs vlek --from "$pki/vlek/vcek.pem" -o out
	diff out "$pki/vlek/full.pem"
	python3 - <<-'END'
	r = bytearray(open("milan.report", "rb").read())
	r[0x48] |= 2
	r[0x1a0:0x1e0] = bytes(64)
	open("masked", "wb").write(r)
	END
	fails 3 'masks the chip id' snp-certs masked
	fault empty status=404
	fails 6 '404' certs milan
	grep -q 'hint: the server knows no such chip with that TCB' "$_at/err"
}

@test "a report of version 2 may be of either product" {
	certs genoa -o /dev/null
	rm -rf cache
	snp-certs --kds "$AMD" --cacert "$CACERT" \
		--root "$pki/genoa/ark.pem" -o out v2.report
	diff out "$pki/genoa/full.pem"
}

@test "from the metadata service, a file, a folder, standard input" {
	export AZURE_POD_IDENTITY_AUTHORITY_HOST=$IMDS
	certs milan --from thim -o out
	diff out "$pki/full.pem"
	asked 0
	[ -s "$leaf" ]
	rm -rf cache folder
	mkdir folder
	cp "$pki/full.pem" folder/any
	certs milan --from folder -o out
	cat "$pki/ark.pem" "$pki/ask.pem" "$pki/vcek.pem" >shuffled
	certs milan --from shuffled -o out
	diff out "$pki/full.pem"
	asked 0
	fails 1 'another chip' certs milan --from "$pki/bad/hwid/full.pem"
	fails 2 '--from thim stands alone' certs milan --from thim --from x
	fails 4 'missing: no such file' certs milan --from missing
	certs milan -o - <milan.report >out
	diff out "$pki/full.pem"
}

@test "--crl: proved, printed, and asked for each time" {
	certs milan --crl -o out
	grep -c BEGIN out | grep -qx 4
	snp-verify --root "$pki/ark.pem" --certs out --crl out milan.report |
		grep -q '^pass  crl'
	asked 3
	certs milan --crl -o out
	asked 4
	certs milan --crl --offline -o out
	rm cache/teeutils/Milan/*.crl
	fails 3 'revocation list: not in the cache' certs milan --crl --offline
	asked 4
	fault crl file='"crl-ask.der"'
	fails 1 'SEV-Milan: revoked' certs milan --crl
	fault crl file='"crl-expired.der"'
	fails 1 'CRL: expired' certs milan --crl
	fault crl file='"crl-evil.der"'
	fails 1 'CRL: ' certs milan --crl
}

@test "-v says what is asked and where each is from" {
	_capture certs milan -v -o out
	grep -q 'GET localhost:.*/vcek/v1/Milan/[0-9a-f]* 200' "$_at/err"
	grep -q 'note: leaf from https://localhost' "$_at/err"
	fails 2 'kds' certs milan --kds http://example.org
	fails 3 'certificates, not a report' snp-certs "$pki/full.pem"
}
