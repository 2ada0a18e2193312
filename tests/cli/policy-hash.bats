#!/usr/bin/env bats
# policy-hash -- what is a policy, which bytes are hashed, and what -c says.
# folders: policy
# shellcheck disable=SC2016,SC2154

bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	printf '# ours\n\n package policy\n\napi_version := "0.11.0"\n' >p.rego
	sha p.rego >p.sha
	base64 -w0 p.rego >p.b64
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

sha() {
	sha256sum "$1" | cut -d ' ' -f 1
}

@test "the hash is that of the bytes, raw and out of base64" {
	local want
	want=$(cat p.sha)
	prints "$want" policy-hash p.rego
	prints "$want" policy-hash - <p.rego
	prints "$want" policy-hash <p.rego
	prints "$want" policy-hash p.b64
	prints "$want" policy-hash --as rego p.rego
	prints "$want" policy-hash --as base64 p.b64
	# what the platform's decoder skips
	base64 -w 20 p.rego | sed 's/$/\r/' >lines.b64
	prints "$want" policy-hash lines.b64
}

@test "-f base64 writes the 32 bytes in base64" {
	prints "$(openssl dgst -sha256 -binary p.rego | base64)" \
	    policy-hash -f base64 p.rego
	# of the standard's alphabet
	printf 'package policy\n# 6\n' >signs.rego
	prints MM2hTdFdn8l+p/rd/48Q1Au0Vigxi3kBwaKLjPbx1JM= policy-hash -f base64 signs.rego
}

@test "not a byte is changed: line ends, marks and blanks are hashed" {
	local change
	for change in 's/$/\r/' '$a\\n' '1i\\n' 's/^/ /'; do
		sed "$change" p.rego >other.rego
		[ "$(policy-hash other.rego)" = "$(sha other.rego)" ]
		[ "$(policy-hash other.rego)" != "$(cat p.sha)" ]
	done
	printf 'package policy' >bare.rego
	prints "$(sha bare.rego)" policy-hash bare.rego
}

@test "a mark and UTF-16 are hashed as they stand, with a warning" {
	{ printf '\357\273\277'; cat p.rego; } >bom.rego
	prints "$(sha bom.rego)" policy-hash bom.rego
	warns 'byte order mark' policy-hash bom.rego
	{ printf '\377\376'; iconv -f UTF-8 -t UTF-16LE p.rego; } >u16.rego
	prints "$(sha u16.rego)" policy-hash u16.rego
	warns 'UTF-16' policy-hash u16.rego
	[ -z "$(policy-hash -q u16.rego 2>&1 >/dev/null)" ]
	prints "$(sha u16.rego)" policy-hash < <(base64 u16.rego)
	# UTF-16 without a mark is nothing we know
	tail -c +3 u16.rego >nomark
	fails 3 'nomark: no policy' policy-hash nomark
}

@test "base64 that the platform refuses is refused with that sentence" {
	local bad
	for bad in "$(tr -d '=' <p.b64)" "$(sed 's/=/&=/' p.b64)" \
	    "$(sed 's/...$/ &/' p.b64)" "$(sed 's/./&\t/' p.b64)" \
	    "$(printf '????>>>>package' | base64 | tr '+/' '-_')" \
	    "$(cat p.b64)$(cat p.b64)" "=$(cat p.b64)" "$(head -c 13 p.b64)"; do
		printf '%s\n' "$bad" >bad.b64
		fails 3 '^policy-hash: bad.b64: base64: ' policy-hash bad.b64
		policy-hash bad.b64 2>&1 |
		    grep -q 'hint: the platform will refuse this string'
	done
}

@test "unused bits are ignored as the platform does, with a note" {
	printf 'package p' | base64 >pad.b64
	printf 'package pp' | base64 >two.b64
	printf 'cGFja2FnZSBwcA==' | cmp - <(tr -d '\n' <two.b64)
	printf 'cGFja2FnZSBwcB==' >loose.b64
	prints "$(printf 'package pp' | sha256sum | cut -c 1-64)" \
	    policy-hash loose.b64
	warns 'unused bits' policy-hash loose.b64
	[ -z "$(policy-hash pad.b64 2>&1 >/dev/null)" ]
}

@test "what is no policy has no hash" {
	local text
	for text in 'packages policy' 'x package policy' 'package' '{"a":1}' \
	    '# package policy' 'allow := true' '<html>'; do
		printf '%s\n' "$text" >none
		fails 3 '^policy-hash: none: ' policy-hash none
	done
	head -c 300 /dev/urandom | sed 's/^/\x00/' >none
	fails 3 'none: no policy' policy-hash none
	printf 'allow := true' | base64 >none
	fails 3 'base64 of what is no policy' policy-hash none
	base64 p.b64 >twice
	fails 3 'base64 of what is no policy' policy-hash twice
	policy-hash twice 2>&1 | grep -q 'hint: it was encoded twice'
	# unless somebody insists
	prints "$(printf 'allow := true' | sha256sum | cut -c 1-64)" \
	    policy-hash --as base64 none
	prints "$(sha none)" policy-hash --as rego none
}

@test "an empty policy is status 3, never the hash of nothing" {
	local empty
	for empty in '' '\n' '\r\n\r\n'; do
		printf '%b' "$empty" >empty
		fails 3 'empty' policy-hash empty
		fails 3 'empty' policy-hash --as base64 empty
	done
	: >empty
	fails 3 'empty' policy-hash --as rego empty
	fails 3 'empty' policy-hash -c e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 empty
}

@test "the JSON policy of old is hashed with a warning" {
	printf '{"allow_all":true,"containers":{"length":0,"elements":null}}' |
	    tee old.json | base64 -w0 >old.b64
	prints ab6ccfea6e8c9c6233b1a4631cfd6440ecf910694b34d7e92e0236738758831e \
	    policy-hash old.b64
	warns 'a JSON policy' policy-hash old.b64
	warns 'allows everything' policy-hash old.b64
}

@test "a policy of 16 MiB is hashed, one byte more is not" {
	{ echo 'package policy'; head -c 16777201 /dev/zero | tr '\0' '#'; } >big
	prints "$(sha big)" policy-hash big
	echo >>big
	fails 3 'larger than 16777216 bytes' policy-hash big
	base64 -w0 big >big.b64
	fails 3 'larger than 16777216 bytes' policy-hash big.b64
	rm big big.b64
}

@test "several files: sha256sum's lines, its escapes, and it checks them" {
	local odd=$'a\\b\nc\rd.rego'
	cp p.rego "$odd"
	cp p.rego plain.rego
	prints "$(sha256sum plain.rego "$odd")" policy-hash plain.rego "$odd"
	policy-hash plain.rego "$odd" | sha256sum --check --strict
	prints "$(cat p.sha)  -
$(cat p.sha)  p.rego" policy-hash - p.rego <p.b64
}

@test "a bad file among several has its line, the others go on" {
	echo nothing >bad
	run --separate-stderr policy-hash p.rego bad missing plain.rego
	[ "$status" -eq 4 ]
	[ "$output" = "$(sha256sum p.rego plain.rego)" ]
	[ "$(grep -c -v hint: <<<"$stderr")" -eq 2 ]
	run --separate-stderr policy-hash bad p.rego
	[ "$status" -eq 3 ]
	[ "$output" = "$(sha256sum p.rego)" ]
	# a list that lacks one does not become a file
	run policy-hash -o list p.rego bad
	[ "$status" -eq 3 ]
	[ ! -e list ]
	succeeds policy-hash -o list p.rego plain.rego
	sha256sum --check list
}

@test "-c: the hash, in hex of either case and in base64" {
	local hex b64
	hex=$(cat p.sha)
	b64=$(policy-hash -f base64 p.rego)
	prints "$hex" policy-hash -c "$hex" p.rego
	prints "$hex" policy-hash -c "${hex^^}" p.b64
	prints "$hex" policy-hash -c "$b64" p.rego
	prints "$hex" policy-hash -c "${b64%=}" p.rego
	prints "$b64" policy-hash -f base64 -c "$hex" p.rego
}

@test "-c: another hash is status 1, with both" {
	local other
	other=$(printf x | sha256sum | cut -c 1-64)
	fails 1 "p.rego: the hash is $(cat p.sha), not $other" \
	    policy-hash -c "$other" p.rego
	fails 1 "standard input: the hash is " policy-hash -c "$other" <p.rego
	[ "$(policy-hash -c "$other" p.rego 2>&1 | wc -l)" -eq 2 ]
}

@test "-c: what is no hash is status 2" {
	local bad
	for bad in '' 00 zz "$(cat p.sha)0" "$(cut -c 2- p.sha)" \
	    "$(cut -c 2- p.sha)g" "$(cat p.b64)" ' '; do
		fails 2 'neither 64 hex digits nor base64 of 32 bytes' \
		    policy-hash -c "$bad" p.rego
	done
}

# hinted PATTERN HASH FILE: -c HASH is 1 and the hint matches.
hinted() {
	fails 1 'the hash is' policy-hash -q -c "$2" "$3"
	policy-hash -q -c "$2" "$3" 2>&1 | grep 'hint: ' | grep -q -e "$1" || {
		policy-hash -q -c "$2" "$3"
		return 1
	}
}

@test "-c: the near variant that fits is named" {
	local h
	hash_of() {
		sha256sum | cut -c 1-64
	}
	hinted 'one line feed more' "$( { cat p.rego; echo; } | hash_of)" p.rego
	hinted 'two line feeds more' "$( { cat p.rego; echo; echo; } | hash_of)" p.rego
	h=$( { cat p.rego; echo; echo; echo; } | hash_of)
	hinted 'three line feeds more' "$h" p.rego
	hinted 'three line feeds more' "$h" p.b64
	hinted 'one line feed less' "$(head -c -1 p.rego | hash_of)" p.rego
	{ cat p.rego; echo; echo; echo; } >three.rego
	hinted 'three line feeds less' "$(cat p.sha)" three.rego
	hinted 'without the line ends at its end' "$(head -c -1 p.rego | hash_of)" \
	    three.rego
	sed 's/$/\r/' p.rego >crlf.rego
	hinted 'with CRLF line ends' "$(sha crlf.rego)" p.rego
	hinted 'with LF line ends' "$(cat p.sha)" crlf.rego
	{ printf '\357\273\277'; cat p.rego; } >bom.rego
	hinted 'with a UTF-8 byte order mark' "$(sha bom.rego)" p.rego
	hinted 'without its byte order mark' "$(cat p.sha)" bom.rego
	{ printf '\377\376'; iconv -f UTF-8 -t UTF-16LE p.rego; } >u16.rego
	hinted 'in UTF-16' "$(sha u16.rego)" p.rego
	hinted 'in UTF-8' "$(cat p.sha)" u16.rego
	{ printf '\377\376'; iconv -f UTF-8 -t UTF-16LE crlf.rego; } >u16.rego
	hinted 'in UTF-16 .* CRLF' "$(sha u16.rego)" p.rego
	hinted 'in UTF-8 with LF' "$(cat p.sha)" u16.rego
	hinted 'base64 text instead' "$(sha p.b64)" p.rego
	hinted 'base64 text instead' "$(sha p.b64)" p.b64
	hinted 'base64 text, with a line feed' "$( { cat p.b64; echo; } | hash_of)" p.b64
	hinted 'CRLF line ends and three more' \
	    "$(sed 's/$/\r/' three.rego | hash_of)" p.rego
	hinted 'UTF-16 .*CRLF line ends and three more' "$( {
		printf '\377\376'; sed 's/$/\r/' three.rego |
		iconv -f UTF-8 -t UTF-16LE; } | hash_of)" p.rego
	hinted 'mark, CRLF line ends and three more' "$( {
		printf '\357\273\277'; sed 's/$/\r/' three.rego; } | hash_of)" p.rego
	{ printf '\357\273\277'; sed 's/$/\r/' three.rego; } >mark3.rego
	hinted 'without its byte order mark, with LF line ends and none' \
	    "$(head -c -1 p.rego | hash_of)" mark3.rego
	hinted 'the escapes of a JSON string' "$(jq -Rs . p.rego |
	    sed 's/^"//; s/"$//' | head -c -1 | hash_of)" p.rego
	printf '%s' "$(printf '\t%s' "$(cat p.rego)")" >blank.rego
	hinted 'without the blanks at both ends' \
	    "$(printf '%s' "$(cat p.rego)" | hash_of)" blank.rego
	hinted 'base64 of the base64 text' "$(base64 -w0 p.b64 | hash_of)" p.rego
	base64 -w 20 p.rego >wrapped.b64
	hinted 'the text as it was given' "$(sha wrapped.b64)" wrapped.b64
	{ echo; cat p.rego; } >before.rego
	hinted 'a line feed before' "$(sha before.rego)" p.rego
	hinted 'without the line feed before' "$(cat p.sha)" before.rego
	h=$(fold -w 2 p.sha | tac | tr -d '\n')
	hinted 'reverse order' "$h" p.rego
	hinted 'SHA-256 of nothing' "$(hash_of </dev/null)" p.rego
	hinted 'all zeros' "$(printf '%064d' 0)" p.rego
	hinted 'allows everything' cadd74f71ebb8fbf9782baab649612520f3c416bc5ce9ac768808ddc8d9b031c p.rego
}

@test "-c with several: those that fit are printed" {
	run --separate-stderr policy-hash -c "$(cat p.sha)" p.rego crlf.rego
	[ "$status" -eq 1 ]
	[ "$output" = "$(cat p.sha)  p.rego" ]
}

@test "-c @report: the HOST_DATA of a report" {
	need_vectors policy/confirmed
	cp "$VECTORS"/policy/confirmed/cadd74f7/* .
	local want=cadd74f71ebb8fbf9782baab649612520f3c416bc5ce9ac768808ddc8d9b031c
	prints "$want" policy-hash -c @snp_report.bin uvm_security_policy.base64
	prints "$want" policy-hash -c @- uvm_security_policy.base64 <snp_report.bin
	prints "$want" policy-hash -c @- uvm_security_policy.base64 \
	    < <(base64 snp_report.bin)
	hinted 'one line feed more' @snp_report.bin allow_all.no-trailing-newline.rego
	head -c 1183 snp_report.bin >short.bin
	fails 3 'short.bin: ' policy-hash -c @short.bin p.rego
	fails 4 'gone: no such file' policy-hash -c @gone p.rego
	fails 2 'read only once' policy-hash -c @- <snp_report.bin
	fails 2 'read only once' policy-hash - - <p.rego
}

@test "real policies have the hashes that hardware reported" {
	need_vectors policy/confirmed
	cd "$VECTORS/policy" || return
	prints cadd74f71ebb8fbf9782baab649612520f3c416bc5ce9ac768808ddc8d9b031c \
	    policy-hash confirmed/cadd74f7/uvm_security_policy.base64
	prints 7925760b568ed7719a785adf5c6b03255d1c520d91bb1da334a38062a6c5a0ff \
	    policy-hash confirmed/cadd74f7/allow_all.no-trailing-newline.rego
	prints b3452a0ed30f1010bd32740dd1610bc63296ceb0f882f2cac3a3152d651fe7e4 \
	    policy-hash confirmed/b3452a0e/allow_all.rego
	warns 'a published policy that allows everything' \
	    policy-hash confirmed/b3452a0e/allow_all.rego
}
