#!/usr/bin/env bats
# snp-report: every interface, every way each of them fails.
# folders: device net evidence

load ../lib

setup_file() {
	start_services
}

teardown_file() {
	stop_services
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	zeros=$(printf '0%.0s' {1..128})
	export FAKE_SEV_LOG=$BATS_TEST_TMPDIR/log
	vcek=63da758de6644564adc5f4b93be8accd
	vlek=a8074bc2a25a483eaae639c045a0b8a1
	ask=4ab7b379bbac4fe4a02f05aef327c782
	ark=c0b406a4a803495297433fb6014cd0ae
}

# report [NAME=VALUE...] [OPTION...]: snp-report on the stand-in device.
report() {
	local set=()
	while [[ ${1-} == *=* ]]; do
		set+=("$1")
		shift
	done
	with_device env "${set[@]}" "$BIN/snp-report" "$@"
}

# fault JSON: what the sidecar does wrong next.
fault() {
	curl -sS -o /dev/null -d "$1" "$CONTROL/fault"
}

# field OFFSET BYTES FILE: in hex.
field() {
	od -An -tx1 -v -j "$1" -N "$2" "$3" | tr -d ' \n'
}

# requests: how many times the firmware was asked.
requests() {
	grep -c 'ioctl\|tsm report' "$FAKE_SEV_LOG" || true
}

# data FILE: the report data in a report, in hex.
data() {
	field 0x50 64 "$1"
}

@test "each interface gives the firmware's 1184 bytes, not one of them other" {
	local i from
	report -d "$(printf '5a%.0s' {1..64})" -o mine
	for from in mine "${VECTORS:-none}"/snp/*/report.bin; do
		[ -e "$from" ] || continue
		for i in sev-guest sev tsm; do
			report FAKE_SEV_DEVICE=$i "FAKE_SEV_REPORT=$from" \
				-d "$(data "$from")" -o $i
			[ "$(stat -c %s $i)" -eq 1184 ]
			cmp "$from" $i
		done
	done
	# whatever stands in reserved bytes and behind the signature
	printf 'ff%.0s' {1..1100} | xxd -r -p |
		dd of=mine bs=1 seek=84 conv=notrunc status=none
	report FAKE_SEV_REPORT=mine -d "$(data mine)" -o r
	cmp mine r
}

@test "each interface is asked for what the options say" {
	local i
	for i in sev-guest sev tsm; do
		report FAKE_SEV_DEVICE=$i -s $i -d "$(printf '5a%.0s' {1..64})" \
			-l 1 -o $i
		[ "$(stat -c %s $i)" -eq 1184 ]
		head -c 672 $i >$i.signed
		cmp sev-guest.signed $i.signed
		[ "$(field 0x50 64 $i)" = "$(printf '5a%.0s' {1..64})" ]
		[ "$(field 0x30 4 $i)" = 01000000 ]
	done
	[ "$(requests)" -eq 3 ]
}

@test "without options: 64 zero bytes, VMPL 0, to standard output" {
	report >r
	[ "$(stat -c %s r)" -eq 1184 ]
	[ "$(field 0x50 64 r)" = "$zeros" ]
	[ "$(field 0x30 4 r)" = 00000000 ]
}

@test "-r binds a file's SHA-256, every byte of it" {
	local sum
	printf '{"a":1}\r\n' >runtime
	sum=$(sha256sum runtime | cut -c1-64)
	report -r runtime -o r
	[ "$(field 0x50 64 r)" = "$sum${zeros:64}" ]
	report -r - <runtime >r2
	[ "$(field 0x50 64 r2)" = "$sum${zeros:64}" ]
}

@test "-d takes 64 bytes, or 32 or 48 and zeros" {
	local n
	for n in 64 48 32; do
		report -d "$(printf 'Ab%.0s' $(seq $n))" -o r
		[ "$(field 0x50 64 r)" = \
			"$(printf 'ab%.0s' $(seq $n))${zeros:2*n}" ]
	done
}

@test "-d of another length, or no hex, is a wrong command line" {
	local hex=${zeros:0:62}
	fails 2 'report data: 31 bytes' report -d "$hex"
	fails 2 'odd' report -d "${hex}0"
	fails 2 'not a digit at offset 1' report -d "0x$hex"
	fails 2 'not a digit' report -d "$hex "
	fails 2 'report data: 0 bytes' report -d ''
	fails 2 'report data: 65 bytes' report -d "${zeros}00"
	[ ! -e "$FAKE_SEV_LOG" ]
}

@test "what excludes each other, or is out of range" {
	fails 2 'exclude' report -r /dev/null -d "${zeros:64}"
	fails 2 'vmpl: not a number from 0 to 3' report -l 4
	fails 2 'vmpl: not a number' report -l -1
	fails 2 'source: not one of auto' report -s /dev/sev-guest
	fails 2 'operand too many' report r
	fails 2 'a sidecar .* -r, not -d' \
		report -s http://localhost:1 -d "${zeros:64}"
	fails 2 'a sidecar' report -s http://localhost:1 -r /dev/null -l 0
	fails 2 '-r, must be given' report -s http://localhost:1
	echo x >runtime
	fails 2 '' report -s https://sidecar.example -r runtime
	fails 2 '' report -s http://sidecar.example -r runtime
	[ ! -e "$FAKE_SEV_LOG" ]
}

@test "auto takes the first interface that exists" {
	report FAKE_SEV_DEVICE=tsm,sev,sev-guest -o r
	grep -q '^sev-guest ioctl' "$FAKE_SEV_LOG"
	rm "$FAKE_SEV_LOG"
	report FAKE_SEV_DEVICE=tsm,sev -o r
	grep -q '^sev ioctl' "$FAKE_SEV_LOG"
	rm "$FAKE_SEV_LOG"
	report FAKE_SEV_DEVICE=tsm -o r
	grep -q '^tsm report' "$FAKE_SEV_LOG"
	[ "$(requests)" -eq 1 ]
}

@test "auto tries no other interface after one has failed" {
	fails 4 '/dev/sev-guest: .*INVALID_PARAM' \
		report FAKE_SEV_DEVICE=sev-guest,sev,tsm FAKE_SEV_FW_ERROR=22
	fails 4 '/dev/sev-guest: permission denied' report \
		FAKE_SEV_DEVICE=sev-guest,sev,tsm FAKE_SEV_OPEN_ERRNO=EACCES
	[ "$(requests)" -eq 1 ]
}

@test "not a guest: one sentence, and nothing made up" {
	fails 4 'not an SEV-SNP guest: no /dev/sev-guest, /dev/sev or /sys' \
		report FAKE_SEV_DEVICE=none
	fails 4 '/dev/sev-guest: no such file' \
		report FAKE_SEV_DEVICE=none -s sev-guest
	fails 4 '/dev/sev: no such file' report FAKE_SEV_DEVICE=none -s sev
	fails 4 'tsm/report: no such file' report FAKE_SEV_DEVICE=none -s tsm
	hinted 'modprobe sev-guest'
	for i in sev-guest sev tsm; do
		_capture report FAKE_SEV_DEVICE=tpm -s $i
		[ "${_status:?}" -eq 4 ]
		hinted 'vTPM: snp-report -s vtpm'
	done
	[ ! -e "$FAKE_SEV_LOG" ] || refute grep -q 'ioctl\|report' "$FAKE_SEV_LOG"
}

# each ENV STATUS INTERFACE 'VALUE PATTERN[ // HINT]'...: with the variable
# ENV set so, the interface fails so, after exactly one request of it, or none
# where ENV is of opening it.
each() {
	local env=$1 status=$2 i=$3 row text hint want=1
	shift 3
	[[ $env == *_ERRNO ]] && [ "$env" != FAKE_SEV_ERRNO ] && want=0
	for row; do
		text=${row#* } hint=
		[[ $text != *' // '* ]] || hint=${text#* // } text=${text% // *}
		rm -f "$FAKE_SEV_LOG"
		fails "$status" "/$i.*$text" report FAKE_SEV_DEVICE="$i" \
			"$env=${row%% *}" || return
		[ -z "$hint" ] || hinted "$hint" || return
		: >>"$FAKE_SEV_LOG"
		[ "$(requests)" -eq $want ] || return
	done
}

@test "what opening an interface says is passed on" {
	local i
	for i in sev-guest sev; do
		each FAKE_SEV_OPEN_ERRNO 4 $i \
			'EACCES permission denied // run as root' \
			'EPERM operation not permitted // run as root' \
			'ENOENT no such file // must be passed in' \
			'ENODEV no such device' 'ENXIO no such device or' \
			'EBUSY device or resource busy' 'EMFILE too many open'
	done
	each FAKE_SEV_OPEN_ERRNO 4 tsm \
		'EACCES permission denied // run as root' \
		'EPERM operation not permitted // run as root' \
		'ENXIO no provider: not an SEV-SNP guest // modprobe' \
		'ENOENT no such file // Linux 6.7' 'EBUSY device or resource' \
		'ENOMEM cannot allocate'
}

@test "what a request says is passed on, after that one" {
	local plain=('EFAULT bad address' 'ENOMEM cannot allocate memory'
	    'EINTR interrupted system call')
	each FAKE_SEV_ERRNO 4 sev-guest "${plain[@]}" \
		'EINVAL report request: invalid argument' \
		'ENOTTY report request not known: .*VMPCK. is disabled // restart' \
		'EBADMSG the firmware.s answer is not authentic or out of sequence // VMPCK.*restart' \
		'ENOSR no memory to share with the hypervisor' \
		'ETIMEDOUT the hypervisor was busy // in a minute' \
		'EIO the firmware was never called // VMPCK.*restart'
	# the host's driver has the same name, and answers EINVAL
	each FAKE_SEV_ERRNO 4 sev "${plain[@]}" \
		"EINVAL not the guest's device" "ENOTTY not the guest's device" \
		'EBADMSG the firmware.s answer is not authentic or out of sequence // VMPCK.*restart' \
		'EIO report request: input/output error // VMPCK.*restart'
	each FAKE_SEV_ERRNO 4 tsm "${plain[@]}" \
		'EINVAL outblob: invalid argument // VMPCK' \
		'ENXIO outblob: no such device or address // -l' \
		'EFBIG outblob: file too large // VMPCK' \
		'EBADMSG outblob: bad message // VMPCK' \
		'ETIMEDOUT outblob: connection timed out // VMPCK' \
		'EIO outblob: input/output error // VMPCK'
	each FAKE_SEV_TSM_ERRNO 4 tsm 'EBUSY privlevel: device or resource busy'
}

@test "the firmware's errors, by number and name, with the VMPCK note" {
	local i
	for i in sev-guest sev; do
		fails 4 "/dev/$i: firmware error 29 \(0x1d\) AEAD_OFLOW" \
			report FAKE_SEV_DEVICE=$i FAKE_SEV_FW_ERROR=29
		hinted 'VMPCK.*restart'
		fails 4 'firmware error 22 \(0x16\) INVALID_PARAM' \
			report FAKE_SEV_DEVICE=$i FAKE_SEV_FW_ERROR=22
		hinted 'VMPL.*-l.*VMPCK'
		fails 4 'firmware error 300 \(0x12c\) unknown' \
			report FAKE_SEV_DEVICE=$i FAKE_SEV_FW_ERROR=300
	done
	fails 4 'never called' report FAKE_SEV_FW_ERROR=255
	fails 4 'hypervisor error 1: ' report FAKE_SEV_VMM_ERROR=1
	fails 4 'hypervisor error 2: busy' report FAKE_SEV_VMM_ERROR=2
	fails 4 'hypervisor error 77 \(0x4d\)' report FAKE_SEV_VMM_ERROR=77
}

# The status list of the firmware's ABI.
codes='1 INVALID_PLATFORM_STATE 2 INVALID_GUEST_STATE 3 INVALID_CONFIG
4 INVALID_LENGTH 5 ALREADY_OWNED 6 INVALID_CERTIFICATE 7 POLICY_FAILURE
8 INACTIVE 9 INVALID_ADDRESS 10 BAD_SIGNATURE 11 BAD_MEASUREMENT
12 ASID_OWNED 13 INVALID_ASID 14 WBINVD_REQUIRED 15 DFFLUSH_REQUIRED
16 INVALID_GUEST 17 INVALID_COMMAND 18 ACTIVE 19 HWERROR_PLATFORM
20 HWERROR_UNSAFE 21 UNSUPPORTED 22 INVALID_PARAM 23 RESOURCE_LIMIT
24 SECURE_DATA_INVALID 25 INVALID_PAGE_SIZE 26 INVALID_PAGE_STATE
27 INVALID_MDATA_ENTRY 28 INVALID_PAGE_OWNER 29 AEAD_OFLOW 30 unknown
31 RB_MODE_EXITED 32 RMP_INIT_REQUIRED 33 BAD_SVN 34 BAD_VERSION
35 SHUTDOWN_REQUIRED 36 UPDATE_FAILED 37 RESTORE_REQUIRED 38 unknown
39 INVALID_KEY 40 unknown 4294967295 unknown'

@test "each of the firmware's codes, as an error and as a status" {
	local code name at=/dev/sev-guest
	while read -r code name; do
		name="$code ($(printf 0x%x "$code")) $name"
		printf '%s\n' "snp-report: $at: firmware error $name" \
			"snp-report: $at: report refused with status $name" \
			>>expected
		report FAKE_SEV_FW_ERROR="$code" 2>>err || echo $? >>status
		report FAKE_SEV_STATUS="$code" 2>>err || echo $? >>status
	done < <(xargs -n 2 <<<"$codes")
	grep -v ' hint: ' err | cmp - expected
	[ "$(sort -u status)" = 4 ]
	[ "$(requests)" -eq "$(wc -l <status)" ]
	[ "$(requests)" -eq "$(wc -l <expected)" ]
	[ "$(grep -c 'hint: .*VMPCK.*restart' err)" -eq 41 ]
}

@test "a request that succeeds with a status is refused" {
	local i
	for i in sev-guest sev; do
		fails 4 "/dev/$i: report refused with status 22 \(0x16\)" \
			report FAKE_SEV_DEVICE=$i FAKE_SEV_STATUS=22
		hinted '-l'
		fails 4 'status 39 \(0x27\) INVALID_KEY' \
			report FAKE_SEV_DEVICE=$i FAKE_SEV_STATUS=39
	done
	fails 4 'outblob: no such device' \
		report FAKE_SEV_DEVICE=tsm FAKE_SEV_STATUS=22
	hinted '-l'
}

@test "a VMPL below the guest's own, with the hint" {
	fails 4 '0x16' report FAKE_SEV_VMPL_FLOOR=2 -l 1
	hinted 'VMPL.*-l'
	report FAKE_SEV_VMPL_FLOOR=2 -l 2 -o r
	fails 4 'privlevel: invalid' \
		report FAKE_SEV_DEVICE=tsm FAKE_SEV_VMPL_FLOOR=2
	hinted 'privlevel_floor'
}

@test "another size, version or report data than asked for" {
	local i n
	for i in sev-guest sev tsm; do
		for n in 0 1 1183; do
			fails 4 "report of $n bytes instead of 1184" \
				report FAKE_SEV_DEVICE=$i FAKE_SEV_SIZE=$n
		done
		fails 4 'version 1, not 2' \
			report FAKE_SEV_DEVICE=$i FAKE_SEV_VERSION=1
		fails 1 'other report data' \
			report FAKE_SEV_DEVICE=$i FAKE_SEV_ECHO=wrong
	done
	fails 4 'report of 1185 bytes' report FAKE_SEV_SIZE=1185
}

@test "configfs: a name of our own, removed whatever happens" {
	report FAKE_SEV_DEVICE=tsm FAKE_SEV_TSM_TAKEN=3 -o r
	[ "$(grep -c 'tsm mkdir' "$FAKE_SEV_LOG")" -eq 4 ]
	[ "$(grep -c 'tsm write inblob 64' "$FAKE_SEV_LOG")" -eq 1 ]
	[ "$(grep -c 'tsm rmdir' "$FAKE_SEV_LOG")" -eq 1 ]
	rm "$FAKE_SEV_LOG"
	fails 4 'file exists' report FAKE_SEV_DEVICE=tsm FAKE_SEV_TSM_TAKEN=99
	fails 4 'no provider' report FAKE_SEV_DEVICE=tsm FAKE_SEV_OPEN_ERRNO=ENXIO
	fails 4 'permission' report FAKE_SEV_DEVICE=tsm FAKE_SEV_OPEN_ERRNO=EACCES
	[ "$(grep -c 'tsm rmdir' "$FAKE_SEV_LOG")" -eq 0 ]
	fails 4 'another process' report FAKE_SEV_DEVICE=tsm FAKE_SEV_TSM_RACE=1
	fails 4 'inblob: write cut short' \
		report FAKE_SEV_DEVICE=tsm FAKE_SEV_TSM_SHORT=1
	fails 4 'inblob: permission denied' \
		report FAKE_SEV_DEVICE=tsm FAKE_SEV_TSM_OPEN_ERRNO=EACCES
	fails 4 'tdx_guest, not sev_guest' \
		report FAKE_SEV_DEVICE=tsm FAKE_SEV_PROVIDER=tdx_guest
	fails 4 'outblob: input/output' \
		report FAKE_SEV_DEVICE=tsm FAKE_SEV_ERRNO=EIO
	[ "$(grep -c 'tsm rmdir' "$FAKE_SEV_LOG")" -eq 5 ]
	[ "$(requests)" -eq 2 ]
}

@test "--certs-out: larger than the room, which is all there may be" {
	head -c 16385 /dev/zero | tr '\0' A >host
	fails 4 'hypervisor error 1: its certificate table does not fit 16384' \
		report FAKE_SEV_CERTS=host --certs-out chain -o r
	fails 4 'auxblob: file too large' report FAKE_SEV_DEVICE=tsm \
		FAKE_SEV_CERTS=host --certs-out chain -o r
	[ ! -e chain ]
	[ ! -e r ]
}

@test "one file for two results is a wrong command line" {
	fails 2 'two results cannot go to standard output' \
		report --certs-out -
	fails 2 'two results cannot go to standard output' \
		report --certs-out - -o -
	fails 2 'two results cannot go to r' report --certs-out r -o r
	fails 2 'two results cannot go to c' snp-report -s "$SKR" \
		-r /dev/null --certs-out c --endorsement-out c -o r
	[ ! -e "$FAKE_SEV_LOG" ]
	fake cert-table "$FAKE/pki" >host
	report FAKE_SEV_CERTS=host --certs-out - -o r >chain
	cmp chain "$FAKE/pki/full.pem"
}

@test "a failed write leaves nothing and is status 4" {
	fails 4 'no space left' report -o /dev/full
	fails 4 'no such file' report -o missing/r
	[ ! -e missing ]
	with_device sh -c 'snp-report >/dev/full' 2>err || [ $? -eq 4 ]
	grep -q 'standard output: no space' err
}

@test "runtime data: missing, of 0 bytes, and over the limit" {
	fails 4 'runtime: no such file' report -r runtime
	: >runtime
	fails 3 '^snp-report: runtime: runtime data of 0 bytes' report -r runtime
	grep -q 'hint: .*key-release -G' "$_at/err"
	fails 3 'standard input: runtime data of 0 bytes' \
		report -r - < <(false)
	head -c 1048577 /dev/zero >runtime
	fails 3 'runtime: larger than 1048576 bytes' report -r runtime
	truncate -s 1048576 runtime
	report -r runtime -o r
	[ "$(requests)" -eq 1 ]
}

# traced DEVICE WAY [OPTION...]: strace sees one ioctl of the device, no more.
# They are those of type 'S', whatever name strace has for them.
traced() {
	local device=$1 way=$2
	shift 2
	rm -f trace
	strace -f -o trace -e trace=ioctl -E LD_PRELOAD="$FAKE/sev.so" \
		-E FAKE_SEV_PKI="$FAKE/pki" -E FAKE_SEV_DEVICE="$device" \
		-E "$way" "$BIN/snp-report" "$@" >out 2>err || true
	[ -s trace ] || skip "strace cannot trace here"
	[ "$(grep -c 'SNP_GET\|, 0x53, ' trace)" -eq 1 ] || {
		cat trace err >&2
		return 1
	}
}

@test "strace sees exactly one request, whatever happens" {
	local way
	command -v strace >/dev/null || skip "no strace"
	fake cert-table "$FAKE/pki" >host
	head -c 20000 /dev/zero | tr '\0' A >large
	for way in NONE=1 FAKE_SEV_FW_ERROR=22 FAKE_SEV_VMM_ERROR=2 \
	    FAKE_SEV_STATUS=22 FAKE_SEV_SIZE=0 FAKE_SEV_ECHO=wrong \
	    FAKE_SEV_ERRNO={EINVAL,ENOTTY,EIO,EBADMSG,ETIMEDOUT,EINTR}; do
		traced sev-guest "$way"
	done
	for way in NONE=1 FAKE_SEV_FW_ERROR=29 FAKE_SEV_STATUS=22 \
	    FAKE_SEV_ERRNO={EINVAL,ENOTTY,EIO}; do
		traced sev "$way"
	done
	for way in FAKE_SEV_CERTS=host FAKE_SEV_CERTS=large \
	    FAKE_SEV_ERRNO=EIO NONE=1; do
		traced sev-guest "$way" --certs-out chain -o r
	done
}

@test "a sidecar's report carries the hash of what was sent" {
	printf '{"b":2}\n' >runtime
	snp-report -s "$SKR" -r runtime -o r
	[ "$(stat -c %s r)" -eq 1184 ]
	[ "$(field 0x50 64 r)" = \
		"$(sha256sum runtime | cut -c1-64)${zeros:64}" ]
	snp-report -s "$SKR/" -r - <runtime >r
	[ "$(stat -c %s r)" -eq 1184 ]
}

@test "a sidecar's report that carries anything else is refused" {
	local other
	printf other >runtime
	snp-report -s "$SKR" -r runtime -o r
	other=$(xxd -p r | tr -d '\n')
	printf ours >runtime
	! ours || return 0
	fault '{"service":"skr","kind":"status","status":200,
	    "body":"{\"report\":\"'"$other"'\"}"}'
	fails 1 'report data: .* is not the runtime data' \
		snp-report -s "$SKR" -r runtime -o r2
	[ ! -e r2 ]
	fault '{"service":"skr","kind":"status","status":200,
	    "body":"{\"report\":\"'"${other:2}"'\"}"}'
	fails 3 '1183 bytes' snp-report -s "$SKR" -r runtime
	fault '{"service":"skr","kind":"status","status":200,
	    "body":"{\"report\":\"\"}"}'
	fails 3 'empty' snp-report -s "$SKR" -r runtime
	fault '{"service":"skr","kind":"status","status":200,"body":"[]"}'
	fails 3 'no JSON object' snp-report -s "$SKR" -r runtime
}

@test "a sidecar that makes its report up, refuses, fails, or is not there" {
	echo x >runtime
	if ours; then
		fails 5 '503: SEV-SNP report: not an SEV-SNP guest' \
			snp-report -s "$SKR_NODEVICE" -r runtime
		return
	fi
	fails 4 'made the report up' \
		snp-report -s "$SKR_NODEVICE" -r runtime
	fault '{"service":"skr","kind":"status","status":400,
	    "body":"{\"error\":\"invalid request\"}"}'
	fails 6 '400.* invalid request' snp-report -s "$SKR" -r runtime
	fault '{"service":"skr","kind":"500"}'
	fails 5 '500' snp-report -s "$SKR" -r runtime
	fault '{"service":"skr","kind":"html"}'
	fails 5 '502' snp-report -s "$SKR" -r runtime
	fault '{"service":"skr","kind":"redirect"}'
	fails 3 'redirect' snp-report -s "$SKR" -r runtime
	fails 5 'cannot connect' snp-report -s http://localhost:1 -r runtime
}

# le32 N: four bytes, least significant first, in hex.
le32() {
	printf '%02x%02x%02x%02x' $(($1 & 255)) $(($1 >> 8 & 255)) \
		$(($1 >> 16 & 255)) $(($1 >> 24 & 255))
}

# table [GUID:FILE.pem...]: a host's certificate table, on standard output.
table() {
	local entry at=$((24 * ($# + 1))) n head='' body=''
	for entry; do
		openssl x509 -in "${entry#*:}" -outform DER -out der
		n=$(stat -c %s der)
		head+=${entry%%:*}$(le32 $at)$(le32 "$n")
		body+=$(xxd -p der | tr -d '\n')
		at=$((at + n))
	done
	echo "$head${zeros:0:48}$body" | xxd -r -p
}

@test "--certs-out: the host's table, in one request, as PEM" {
	local i
	table "$vcek:$FAKE/pki/vcek.pem" "$ask:$FAKE/pki/ask.pem" \
		"$ark:$FAKE/pki/ark.pem" >host
	for i in sev-guest tsm; do
		report FAKE_SEV_DEVICE=$i FAKE_SEV_CERTS=host \
			--certs-out chain -o r
		[ "$(stat -c %s r)" -eq 1184 ]
		cmp chain "$FAKE/pki/full.pem"
		rm chain r
	done
	[ "$(requests)" -eq 2 ]
	report FAKE_SEV_CERTS=host --certs-out chain -o r
	snp-verify --certs chain --root "$FAKE/pki/ark.pem" r >/dev/null
}

@test "--certs-out: a VLEK where the report is signed by one" {
	table "$vcek:$FAKE/pki/vcek.pem" "$vlek:$FAKE/pki/vlek/vcek.pem" \
		"$ask:$FAKE/pki/vlek/ask.pem" "$ark:$FAKE/pki/vlek/ark.pem" >host
	report FAKE_SEV_PKI="$FAKE/pki/vlek" FAKE_SEV_CERTS=host \
		--certs-out chain -o r
	cmp chain "$FAKE/pki/vlek/full.pem"
}

@test "--certs-out: without a table, or a whole chain in it, THIM's JSON" {
	local i
	table "$vcek:$FAKE/pki/vcek.pem" >host
	for i in FAKE_SEV_DEVICE=sev FAKE_SEV_DEVICE=sev-guest \
	    FAKE_SEV_DEVICE=tsm FAKE_SEV_CERTS=host; do
		report "$i" AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS" \
			--certs-out thim -o r
		jq -e '.vcekCert and .certificateChain and .tcbm' thim
		snp-verify --certs thim --root "$FAKE/pki/ark.pem" r >/dev/null
		rm thim r
	done
}

@test "--certs-out: a table that is malformed is no table to pass over" {
	head -c 4096 /dev/zero | tr '\0' A >host
	fails 3 'certificate table: no end' \
		report FAKE_SEV_CERTS=host --certs-out chain
	table "$vcek:$FAKE/pki/vcek.pem" "$vcek:$FAKE/pki/vcek.pem" >host
	fails 3 'entry 1 is of a kind that was there' \
		report FAKE_SEV_CERTS=host --certs-out chain
	echo "$vcek$(le32 48)$(le32 20000)${zeros:0:48}" | xxd -r -p >host
	fails 3 'entry 0 lies outside' \
		report FAKE_SEV_CERTS=host --certs-out chain
	[ ! -e chain ]
}

@test "--certs-out: nobody has any" {
	local none=AZURE_POD_IDENTITY_AUTHORITY_HOST=http://127.0.0.1:1
	fails 5 'cannot connect' report $none --certs-out chain -o r
	hinted 'a sidecar may have one: -s URL'
	fails 5 'cannot connect' report $none UVM_SECURITY_CONTEXT_DIR=context \
		--certs-out chain -o r
	hinted 'snp-verify and maa-token take those of context'
	fails 2 'loopback' report \
		AZURE_POD_IDENTITY_AUTHORITY_HOST=http://example.com \
		--certs-out chain -o r
	[ ! -e chain ]
	[ ! -e r ]
}

@test "a sidecar gives report, certificates and endorsement at once" {
	printf '{"c":3}\n' >runtime
	snp-report -s "$SKR" -r runtime --certs-out chain \
		--endorsement-out uvm -o r
	cmp chain "$FAKE/pki/full.pem"
	snp-verify --root "$FAKE/pki/ark.pem" --certs chain -u uvm \
		--uvm-issuer "$(cat "$FAKE/pki/uvm-did")" \
		--uvm-feed ContainerPlat-AMD-UVM -r runtime r >out
	grep -q '^pass  endorsement' out
	fails 2 'a sidecar, -s URL, must be given' report --endorsement-out uvm
	! ours || return 0
	printf other >runtime
	fault '{"service":"skr","kind":"status","status":200,"body":"{}"}'
	fails 3 'evidence' snp-report -s "$SKR" -r runtime --certs-out c -o r2
	[ ! -e c ]
	[ ! -e r2 ]
	printf '{"c":3}\n' >runtime
	fault "$(jq -nc --arg r "$(base64 -w0 r)" '{service: "skr",
		kind: "status", status: 200, body: ({evidence: $r,
		endorsements: "AAAA"} | tojson)}')"
	fails 3 'the sidecar has no endorsement' snp-report -s "$SKR" \
		-r runtime --endorsement-out u -o r2
	[ ! -e u ]
	[ ! -e r2 ]
}
