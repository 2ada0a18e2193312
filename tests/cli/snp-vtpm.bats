#!/usr/bin/env bats
# The report in the vTPM of an Azure confidential VM: read, with data of the
# guest's, verified, exchanged for a token; and each way to have none.
# folders: device evidence

load ../lib

setup_file() {
	start_services || return
	cd "$BATS_FILE_TMPDIR" || return
	printf '{"mine":1}\n' >runtime.json
	vm snp-report -r runtime.json -o with.hcl
	vm snp-report -o plain.hcl
}

teardown_file() {
	stop_services
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	export FAKE_SEV_LOG=$BATS_TEST_TMPDIR/log
	data=$(sha256sum runtime.json | cut -c1-64)$(printf '0%.0s' {1..64})
	curl -sS -o "$BATS_TEST_TMPDIR/control" -d '{}' "$CONTROL/reset"
}

# vm [NAME=VALUE...] CMD...: on a confidential VM, where time flies.
vm() {
	LD_PRELOAD=$FAKE/sev.so:$FAKE/hurry.so FAKE_SEV_PKI=$FAKE/pki \
		FAKE_SEV_DEVICE=tpm env "$@"
}

# commands CODE: how often the TPM was asked that.
commands() {
	grep -c "tpm command $1\$" "$FAKE_SEV_LOG" || true
}

verify() {
	snp-verify --root "$FAKE/pki/ark.pem" --certs "$FAKE/pki/full.pem" "$@"
}

# token [OPTION...] BLOB
token() {
	maa-token -e "$MAA" --cacert "$CACERT" --certs "$FAKE/pki/milan/thim.json" "$@"
}

# claim NAME < TOKEN
claim() {
	cut -d. -f2 | tr -d '\n' | tr _- /+ | sed 's/$/==/' |
		base64 -d 2>/dev/null | jq -r ".\"$1\""
}

@test "the blob is read whole, with three commands and nothing written" {
	vm snp-report -s vtpm -o blob
	[ "$(wc -c <blob)" -eq 2600 ]
	[ "$(head -c 4 blob)" = HCLA ]
	[ "$(commands 0x169)" -eq 2 ]
	[ "$(commands 0x14e)" -eq 6 ]
	[ "$(commands 0x137)" -eq 0 ]
	[ "$(commands 0x12a)" -eq 0 ]
	vm FAKE_TPM_BLOB=auth snp-report -s vtpm -o blob
	verify blob
}

@test "data of the guest's make the round trip, and are verified" {
	rm -f "$FAKE_SEV_LOG"
	vm snp-report -s vtpm -r runtime.json -o blob
	[ "$(commands 0x12a)" -eq 1 ]
	[ "$(commands 0x137)" -eq 1 ]
	verify -r runtime.json blob >out
	grep -q "^pass  report-data   the one given is the blob's user-data; the hash" out
	verify -d "$data" blob
	fails_verify blob -d "${data//[0-9]/7}"
	fails_verify plain.hcl -r runtime.json
	# the report's own data are what they were before: the hash of the JSON
	verify -d "$(snp-verify --show --json blob | jq -r .report.report_data)" blob
	rm "$FAKE_SEV_LOG"
	vm FAKE_TPM_USER=there snp-report -s vtpm -d "$data" -o blob
	[ "$(commands 0x12a)" -eq 0 ]
	verify -d "$data" blob
}

# fails_verify BLOB OPTION...: for its report data alone.
fails_verify() {
	refuses 1 'not verified: report-data$' verify "${@:2}" "$1"
}

@test "a blob that was put together of two is refused" {
	head -c 1236 plain.hcl >mixed
	tail -c +1237 with.hcl >>mixed
	fails_verify mixed
	fails_verify mixed -r runtime.json
	grep -q "the blob's runtime data differs" "$_at/out"
	fails 1 'runtime data differs' token mixed
	fails 1 'runtime data differs' token -r runtime.json mixed
	_capture verify --explain -r runtime.json mixed
	tr -s ' \n' ' ' <"$_at/out" | grep -q 'the blob was put together from two'
	_capture verify --explain -r runtime.json plain.hcl
	tr -s ' \n' ' ' <"$_at/out" | grep -q 'member user-data of that'
	grep -q 'snp-report -s vtpm -r RUNTIME' "$_at/out"
}

@test "runtime data without user-data, or with another kind of it" {
	local json
	for json in '{"keys":[]}' '{"user-data":"%.4s"}' '{"user-data":[]}' \
	    '{"user-data":"%s","user-data":"%s"}' 'x%s' \
	    '{"user-data":"zz%.126s"}'; do
		fails 4 'does not carry the data that was written 15 seconds' \
			vm FAKE_TPM_JSON="$json" snp-report -r runtime.json
		hinted 'an older paravisor'
		vm FAKE_TPM_JSON="$json" snp-report -o blob
		verify blob
		fails_verify blob -r runtime.json
	done
	fails 3 'user-data' token -r runtime.json blob
}

@test "auto takes it last, and of a TPM alone makes no confidential VM" {
	local i
	for i in sev-guest sev tsm; do
		vm FAKE_SEV_DEVICE=tpm,$i snp-report -o r
		[ "$(wc -c <r)" -eq 1184 ]
	done
	[ "$(grep -c tpm "$FAKE_SEV_LOG")" -eq 0 ]
	vm snp-report -o r
	[ "$(wc -c <r)" -eq 2600 ]
	fails 4 'not an SEV-SNP guest: no .*, and no report in the TPM$' \
		vm FAKE_TPM_BLOB=none snp-report -r runtime.json
	[ "$(commands 0x137)" -eq 0 ]
	[ "$(commands 0x12a)" -eq 0 ]
	fails 4 'no index 0x01400001, where an Azure confidential VM' \
		vm FAKE_TPM_BLOB=none snp-report -s vtpm -r runtime.json
	hinted 'a TPM alone'
	fails 2 'no -l' vm snp-report -s vtpm -l 1
	fails 2 'no -l' vm snp-report -l 1
	# nobody else takes a blob for a report
	fails 4 '/dev/sev-guest: no such file' vm snp-report -s sev-guest
	hinted 'snp-report -s vtpm'
}

@test "no TPM, no right to it, an index that cannot be read: a sentence each" {
	fails 4 '/dev/tpmrm0: no such file' vm FAKE_SEV_DEVICE=none \
		snp-report -s vtpm
	hinted 'no TPM 2.0'
	fails 4 '/dev/tpmrm0: permission denied' vm FAKE_SEV_OPEN_ERRNO=EACCES \
		snp-report
	hinted 'the group tss'
	fails 4 '/dev/tpmrm0: device or resource busy' \
		vm FAKE_SEV_OPEN_ERRNO=EBUSY snp-report -s vtpm
	while IFS='|' read -r how text; do
		fails 4 "$text" vm FAKE_TPM_BLOB="$how" snp-report -s vtpm
	done <<-'END'
	empty|index 0x01400001 has 0 bytes$
	unwritten|index 0x01400001 was never written$
	locked|index 0x01400001 is locked against reading until
	policy|may be read with a policy or the platform's password only$
	END
	fails 4 'index 0x01400002 has 32 bytes instead of 64' \
		vm FAKE_TPM_USER=small snp-report -r runtime.json
	hinted 'tpm2_nvundefine'
	fails 4 'index 0x01400002 is locked against writing' \
		vm FAKE_TPM_USER=locked snp-report -r runtime.json
	fails 4 'tpmrm0: input/output error' vm FAKE_TPM_WRITE_ERRNO=EIO snp-report
	fails 4 'tpmrm0: input/output error' vm FAKE_TPM_READ_ERRNO=EIO snp-report
	fails 4 'tpmrm0: write cut short' vm FAKE_TPM_WRITE_SHORT=1 snp-report
	fails 4 'not a report of SEV-SNP but of type 4' vm FAKE_TPM_TYPE=4 \
		snp-report
}

@test "an old report is waited for, a torn one read again" {
	vm FAKE_TPM_STALE=4 snp-report -r runtime.json -o blob
	verify -r runtime.json blob
	fails 4 'written 15 seconds ago' vm FAKE_TPM_STALE=5 \
		snp-report -r runtime.json
	vm FAKE_TPM_TORN=4 snp-report -o blob
	verify blob
	fails 4 'index 0x01400001: hcl: ' vm FAKE_TPM_TORN=5 snp-report
}

@test "the TPM's errors, by number and meaning" {
	local row
	for row in '0x101 the TPM failed' '0x14b no room for another index' \
	    '0x149 this authorization may not' '0x98e the password is not empty' \
	    '0x921 locked out' '0x1d5 a structure of a wrong size' \
	    '0x7ff a code that is not known' '0xffffffff a code that'; do
		fails 4 "^snp-report: (index 0x01400002: )?/dev/tpmrm0: TPM error ${row%% *}: ${row#* }" \
			vm FAKE_TPM_RC="${row%% *}" FAKE_TPM_ON=define \
			snp-report -r runtime.json
	done
	for row in public read write; do
		fails 4 '/dev/tpmrm0: TPM error 0x101: the TPM failed' vm \
			FAKE_TPM_RC=0x101 FAKE_TPM_ON=$row snp-report -r runtime.json
	done
	rm "$FAKE_SEV_LOG"
	# busy is asked again, and not for ever
	vm FAKE_TPM_RC=0x922 FAKE_TPM_TIMES=4 snp-report -o blob
	fails 4 'TPM error 0x922: the TPM is busy' vm FAKE_TPM_RC=0x922 \
		FAKE_TPM_TIMES=5 snp-report
	rm "$FAKE_SEV_LOG"
	fails 4 'TPM error 0x101' vm FAKE_TPM_RC=0x101 snp-report
	[ "$(grep -c tpm "$FAKE_SEV_LOG")" -eq 1 ]
}

@test "an answer that is none" {
	local row n
	while IFS='|' read -r hex text; do
		fails 4 "the TPM's answer $text" vm FAKE_TPM_ANSWER="$hex" \
			snp-report
	done <<-'END'
	8001|is cut short
	80010000000a000000|is cut short
	80010000000b00000000|has another size than it says
	00c40000000a00000000|has a tag that is none
	80020000000a00000000|has another tag than the command
	80010000000a00000000|does not say what the index is
	80010000001400000000000401400002|has another size
	8001000000120000000000040140000200000000|has another size
	800100000012000000000004014000020000|is about another index
	80010000001200000000000401400001ffff|does not say what
	END
	for n in 1 5 9 100 600; do
		for row in read public; do
			fails 4 "the TPM's answer" vm FAKE_TPM_CUT=$n \
				FAKE_TPM_ON=$row snp-report
		done
	done
	while IFS='|' read -r hex text; do
		fails 4 "the TPM's answer $text" vm FAKE_TPM_ON=read \
			FAKE_TPM_ANSWER="$hex" snp-report
	done <<-'END'
	80010000000a00000000|has another tag than the command
	80020000000c000000000000|is cut short
	80020000000e00000000000000ff|is cut short
	8002000000100000000000000002ffff|holds no data
	80020000001200000000000000040002|has another size
	800200000012000000000000000400024142|holds 2 bytes of the index instead of 512
	END
}

@test "certificates come from the metadata service" {
	vm AZURE_POD_IDENTITY_AUTHORITY_HOST="$IMDS" snp-report \
		--certs-out thim.json -o blob
	snp-verify --root "$FAKE/pki/ark.pem" --certs thim.json blob
}

@test "a token of the blob, with its own runtime data" {
	token plain.hcl >jwt
	[ "$(claim x-ms-sevsnpvm-reportdata <jwt)" = \
		"$(snp-verify --show --json plain.hcl | jq -r .report.report_data)" ]
	[ "$(claim x-ms-runtime <jwt | jq -r '.keys[0].kid')" = HCLAkPub ]
	token -r runtime.json with.hcl >jwt
	[ "$(claim x-ms-runtime <jwt | jq -r '."user-data" | ascii_downcase')" = "$data" ]
	base64 with.hcl >text
	token -r runtime.json text >jwt
	[ "$(maa-token -n -e "$MAA" --certs "$FAKE/pki/milan/thim.json" text |
		jq -r .runtimeData.dataType)" = JSON ]
	fails 1 "the blob's user-data is not the SHA-256 of runtime.json" \
		token -r runtime.json plain.hcl
	# the inner report alone binds no file of the guest's
	head -c 1216 with.hcl | tail -c 1184 >inner
	fails 1 "not the runtime data's SHA-256" token -r runtime.json inner
}

@test "the real blob of a confidential VM" {
	need_vectors snp/azcvm-milan-hcl
	local dir=$VECTORS/snp/azcvm-milan-hcl
	snp-verify --certs "$dir/chain.pem" --at 2025-06-01T00:00:00Z \
		-d "$(printf '0%.0s' {1..128})" "$dir/hcl.bin" >out
	grep -q "^pass  report-data .*user-data" out
	maa-token -n -e "$MAA" --certs "$dir/leaf.pem" "$dir/hcl.bin" |
		jq -r .runtimeData.data | tr _- /+ | sed 's/$/==/' |
		base64 -d 2>/dev/null | cmp - "$dir/runtime-data.json"
}
