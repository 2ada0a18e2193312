#!/usr/bin/env bats
# snp-verify --lines: many reports, a line of JSON for each, in their order.
# folders: flow evidence

load ../lib

pki=$FAKE/pki

setup_file() {
	local set
	cd "$BATS_FILE_TMPDIR" || return
	printf 'package policy\n\nallow := true\n' >policy.rego
	printf '{"keys":[]}\n' >runtime
	for set in milan genoa turin evil; do
		with_device env FAKE_SEV_PKI="$pki/$set" \
			FAKE_SEV_POLICY=policy.rego \
			"$BIN/snp-report" -r runtime -o $set.report || return
		xxd -p $set.report | tr -d '\n' >$set.hex
		base64 -w 0 $set.report >$set.b64
	done
	cat "$pki"/{milan,genoa,turin}/full.pem >all.pem
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

# lines [OPTION...]: verify standard input, the Milan root trusted.
lines() {
	snp-verify --lines --root "$pki/ark.pem" "$@"
}

# member SET [FILTER [ARG...]]: a line with that report and chain.
member() {
	local set=$1 filter=${2:-.}
	shift $(($# < 2 ? 1 : 2))
	jq -nc --rawfile r $set.b64 --rawfile c "$pki/$set/full.pem" "$@" \
		"{report: \$r, certs: \$c} | $filter"
}

@test "hex, base64 and JSON, with and without certificates" {
	{
		cat milan.hex
		echo
		cat milan.b64
		printf '\r\n'
		member milan '.id = {"n": 1}'
		member milan '.certs = $t[0]' --slurpfile t "$pki/thim.json"
		member milan 'del(.certs)'
	} >in
	_capture lines --certs all.pem in
	[ "$_status" -eq 0 ]
	jq -se 'length == 5 and all(.verified) and
	    .[2].id == {"n": 1} and .[2].certificates.leaf == "the line" and
	    .[0].certificates.leaf == "all.pem" and
	    ([.[].report.version] | unique) == [3]' "$_at/out"
	# a lone report says the same
	snp-verify --json --root "$pki/ark.pem" --certs all.pem milan.report |
		cmp - <(head -n 1 "$_at/out")
	_capture lines <in
	[ "$_status" -eq 3 ]
	[ "$(jq -c '.status' "$_at/out" | tr '\n' ' ')" = \
		'3 3 null null 3 ' ]
}

@test "in order, whatever the number of threads" {
	python3 - <<-'END'
	import json
	r = open("milan.b64").read()
	bad = "/" + r[1:]
	with open("in", "w") as f:
	    for i in range(600):
	        f.write(json.dumps({"id": i, "report": bad if i % 7 == 3 else r})
	                + "\n")
	END
	local n
	for n in 1 3; do
		_capture lines --threads $n --certs all.pem in
		[ "$_status" -eq 3 ]
		cp "$_at/out" out.$n
	done
	cmp out.1 out.3
	jq -se '[.[].id] == [range(600)] and
	    all(.[]; (.status == 3) == (.id % 7 == 3))' out.1
}

@test "one bad byte is that line's FAIL, and no other's" {
	python3 - <<-'END'
	r = open("milan.report", "rb").read()
	with open("in", "w") as f:
	    for i in range(0, 1184, 16):
	        bad = bytearray(r)
	        bad[i + 1] ^= 1 << i // 16 % 8
	        f.write(r.hex() + "\n" + bad.hex() + "\n")
	END
	_capture lines --certs all.pem in
	[ "$_status" -ge 1 ]
	jq -se 'length == 148 and ([range(148)] as $n | [$n[] as $i |
	    (.[$i].verified == true) == ($i % 2 == 0)] | all)' "$_at/out"
}

@test "a fleet's reports, a leaf for each chip in one file, some with a bad byte" {
	"$ROOT/scripts/bench-reports" -d fleet -p "$pki" -t "$BIN/snp-verify" \
	    -n 300 -c 6 -s 3 -r 0 >said
	cat said
	grep -q 'status [13], 0 of 300 judged wrongly' said
	jq -n --rawfile l fleet/reports-6-300.lines \
	    '$l | split("\n") | unique | length == 301' | grep -qx true
	# a tool that accepts anything is seen
	cat >yes <<-'END'
	#!/bin/sh
	for at; do :; done
	sed 's/.*/{"verified":true}/' "$at"
	END
	chmod +x yes
	refute "$ROOT/scripts/bench-reports" -d fleet -p "$pki" -t ./yes \
	    -n 300 -c 6 -s 3 -r 0
}

@test "bad lines are said by their number, and do no harm" {
	{
		echo
		echo nonsense
		cat milan.hex
		echo
		echo '{"report":"00"'
		member milan '.idd = 1 | .id = 7'
		member milan '.report = 1'
		member milan '.certs = "x"'
		member milan '.certs = ""'
		member milan '.endorsement = "A"'
		member milan '.policy = ""'
		member milan '.runtime = "*"'
		echo '{"certs":"x","id":"none"}'
		head -c 1500000 /dev/zero | tr '\0' a
		echo
		cat milan.hex
	} >in
	_capture lines --certs all.pem in
	[ "$_status" -eq 3 ]
	jq -r '[.line, .status, .error] | @tsv' "$_at/out" >said
	diff - <(grep -n . said | sed 's/\t.*//') <<-'END'
	1:1
	2:2
	3:
	4:4
	5:5
	6:6
	7:7
	8:8
	9:9
	10:10
	11:11
	12:12
	13:13
	14:
	END
	local text i=0
	for text in empty 'report: ' '^' 'json: ' 'known: "idd"' 'report: ' \
	    'certs: no certificates' 'certs: empty' 'endorsement: ' \
	    'policy: empty' 'runtime: ' 'no report' 'longer than 1048576' '^'
	do
		i=$((i + 1))
		sed -n ${i}p said | grep -q -e "$text"
	done
	jq -se '.[4].id == 7 and .[11].id == "none"' "$_at/out"
}

@test "a forged chain in a line is refused, and spoils no other" {
	{
		# the same chip and TCB, by another's key and root
		member evil
		member milan
		member evil '.certs = $good' --rawfile good "$pki/full.pem"
		member milan
		member genoa
		member evil 'del(.certs)'
		member milan 'del(.certs)'
	} >in
	_capture lines --certs all.pem in
	[ "$_status" -eq 1 ]
	[ "$(jq -c .verified "$_at/out" | tr '\n' ' ')" = \
		'false true false true false false true ' ]
	# and without the root nobody's
	_capture snp-verify --lines --certs all.pem in
	[ "$(jq -c .verified "$_at/out" | sort -u)" = false ]
}

@test "what is asked for holds for each line, and a line's own joins it" {
	local good other
	good=$(base64 -w 0 policy.rego)
	other=$(echo 'package other' | base64 -w 0)
	{
		member milan
		member milan '.policy = $p' --arg p "$good"
		member milan '.policy = $p' --arg p "$other"
		member milan '.runtime = $p' --arg p "$(base64 -w 0 runtime)"
		member milan '.runtime = $p' --arg p "$other"
	} >in
	_capture lines in
	[ "$_status" -eq 1 ]
	[ "$(jq -c .verified "$_at/out" | tr '\n' ' ')" = \
		'true true false true false ' ]
	_capture lines -l 1 in
	[ "$(jq -c .verified "$_at/out" | sort -u)" = false ]
	_capture lines -p policy.rego in
	[ "$(jq -c '[.verified, .status]' "$_at/out" | tr '\n' ' ')" = \
		'[true,null] [null,3] [null,3] [true,null] [false,null] ' ]
	_capture lines -r runtime in
	[ "$(jq -c '[.verified, .status]' "$_at/out" | tr '\n' ' ')" = \
		'[true,null] [true,null] [false,null] [null,3] [null,3] ' ]
	member milan '.endorsement = "AAAA"' >in
	printf '\xd2\x84\x40\xa0\x40\x40' >cose
	_capture lines -u cose in
	[ "$(jq -r .error "$_at/out")" = \
		'endorsement: one is given for all lines' ]
}

@test "-o, standard input, and what goes not together" {
	cp milan.hex in
	lines --certs all.pem -o out - <in
	jq -e .verified out
	fails 2 'cannot be 2 files' lines --certs - <in
	fails 2 'proves nothing: --lines' snp-verify --show --lines in
	fails 2 'threads' lines --threads 0 in
	fails 4 'missing: no such file' lines missing
	fails 4 'missing: no such file' lines --certs missing in
	fails 4 'no space left' lines --certs all.pem -o /dev/full in
	: >none
	_capture lines none
	[ "$_status" -eq 0 ]
	[ ! -s "$_at/out" ]
}
