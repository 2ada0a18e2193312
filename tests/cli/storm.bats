#!/usr/bin/env bats
# Many at once, long pipelines, and interruptions at any moment: each run ends,
# with a status that says how, and leaves a whole file or none.
# folders: net flow ground

load ../lib

# STORM=500: how many there are; fewer for every day.
N=${STORM:-60}

setup_file() {
	start_services || return
	cd "$BATS_FILE_TMPDIR" || return
	"$BIN/key-release" -G -k wrap.pem >runtime.json
	printf 'package policy\n' >policy.rego
	fake context --pki "$FAKE/pki" --policy policy.rego ctx
	with_device "$BIN/snp-report" -r runtime.json -o report.bin
	openssl genpkey -algorithm X25519 -out key.pem 2>/dev/null
	openssl pkey -in key.pem -pubout -out key.pub
	head -c 20000000 /dev/zero >big
	"$BIN/blob-encrypt" -k key.pub -o big.age big
	mkdir layer
	head -c 3000000 /dev/zero | tee layer/a >layer/b
	tar -cf layer.tar -C layer .
}

teardown_file() {
	stop_services
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	curl -sS -o /dev/null -d '{}' "$CONTROL/reset"
	rm -rf dir && mkdir dir
}

@test "maa-token, many at once, of a provider that throttles: each ends, none leaves a temporary" {
	curl -sS -o /dev/null "$CONTROL/fault" \
	    -d "{\"service\":\"maa\",\"kind\":\"429\",\"times\":$N,\"retry_after\":1}"
	local i
	# shellcheck disable=SC2016 # what sh expands
	for ((i = 0; i < N; i++)); do echo "$i"; done |
	    xargs -P 30 -I{} sh -c 'timeout 60 "$@" -o dir/{} report.bin 2>dir/{}.err
		echo $? >dir/{}.status' - "$BIN/maa-token" -e "$MAA" \
	    --cacert "$CACERT" -C ctx -r runtime.json --retry 1 --timeout 30
	cat dir/*.status | sort | uniq -c
	[ "$(ls dir/*.status | wc -l)" -eq "$N" ]
	refute grep -vqx '[056]' dir/*.status
	grep -qx 0 dir/*.status
	for ((i = 0; i < N; i++)); do
		if [ "$(cat "dir/$i.status")" -eq 0 ]; then
			[ ! -s "dir/$i.err" ] && [ "$(tr -cd . <"dir/$i")" = .. ]
		else
			[ ! -e "dir/$i" ] && grep -q 'maa-token: ' "dir/$i.err"
		fi
	done
	[ -z "$(find dir -name '.*' -type f)" ]
}

@test "24 tools in one pipeline" {
	local -a pair=(blob-encrypt -k key.pub '|' blob-decrypt -k key.pem)
	local line="${pair[*]}" i
	for ((i = 1; i < 12; i++)); do
		line+=" | ${pair[*]}"
	done
	[ "$(tr -cd '|' <<<"$line" | wc -c)" -eq 23 ]
	head -c 3000000 big.age >in
	eval "$line" <in | cmp - in
	# a reader that goes away ends them all
	eval "$line" <big | head -c 1 | wc -c
	# one in the middle that fails: pipefail says so
	line="blob-encrypt -k key.pub <in | head -c 2000000 | blob-decrypt -k key.pem | $line"
	refute eval "set -o pipefail; $line -o dir/out"
}

@test "SIGINT at 100 moments: a whole file or none" {
	local -a one=(fake interrupt -n 25 -s 1 dir out)
	"${one[@]}" "$BIN/blob-encrypt" -k key.pub -o dir/out big
	"${one[@]}" "$BIN/blob-decrypt" -k key.pem -o dir/out big.age
	"${one[@]}" "$BIN/layer-root" -o dir/out layer.tar
	"${one[@]}" "$BIN/maa-token" -e "$MAA" --cacert "$CACERT" -C ctx \
	    -r runtime.json -o dir/out report.bin
}
