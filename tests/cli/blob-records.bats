#!/usr/bin/env bats
# blob-encrypt and blob-decrypt -- records as a stream: JSON documents, JSON
# lines and CSV, each field by the key that opens it, in constant memory; and
# streams that are malformed, cut or hostile.
# folders: blob flow
# shellcheck disable=SC2154

bats_require_minimum_version 1.5.0
load ../lib
load ../blob

setup_file() {
	begin_blob
	rsa_key a.pem
	rsa_key b.pem
	rsa_key long.pem 3072
}

seal() {
	blob-encrypt -f fields -k "$@"
}

# round FILE OPTION...: sealed with these and opened again, it is the same to
# the byte.
round() {
	seal a.pem "${@:2}" -o sealed "$1"
	refute cmp -s "$1" sealed
	blob-decrypt -f fields -k a.pem -o opened "${@:2:2}" sealed
	cmp "$1" opened
}

# --- kinds ----------------------------------------------------------------------

@test "JSON lines: told by what is behind the first, ends of lines kept" {
	printf '{"id":1,"name":"a"}\n\n {"id":1.10,"name":"b"} \r\n{"n":2}' >in
	seal a.pem --fields name in >sealed
	[ "$(grep -c name_encrypted sealed)" -eq 2 ]
	blob-decrypt -k a.pem sealed | cmp - in
	blob-decrypt -k a.pem <sealed | cmp - in
	printf '{"name":"a"}\n' >one
	seal a.pem --records lines --fields name one |
	    blob-decrypt -k a.pem --records lines | cmp - one
	fails 3 'bad: line 2: json: ' \
	    seal_bad '{"name":"a"}\n{"name":\n' --fields name
	fails 3 'bad: line 2: json: ' \
	    seal_bad '{"name":"a"}\n{"name":"b"} {}\n' --fields name
	fails 3 'bad: line 3: \.name: .*only strings' \
	    seal_bad '{"name":"a"}\n\n{"name":[]}\n' --fields name
	fails 3 'bad: json: text after the value' \
	    seal_bad '{"name":"a"} {"name":"b"}\n' --fields name
	grep -q 'hint: .*--records lines' "$_at/err"
	fails 3 'bad: json: text after the value' \
	    seal_bad '{\n"name":"a"}\n{"name":"b"}\n' --fields name
}

# shellcheck disable=SC2059
seal_bad() {
	printf "$1" >bad
	seal a.pem "${@:2}" bad
}

# shellcheck disable=SC2059
open_bad() {
	printf "$1" >bad
	blob-decrypt -k a.pem "${@:2}" bad
}

@test "CSV: columns by name, the others to the byte" {
	printf 'id,name,"x y"\r\n1,Ada,"q""z"\r\n2,"B, C\n",\r\n3,,""\r\n' >in.csv
	round in.csv --records csv --fields 'name,x y'
	head -n 1 sealed | grep -q '^id,name_encrypted,"x y_encrypted"'
	python3 - <<'END'
import csv
a = list(csv.DictReader(open("in.csv", newline="")))
b = list(csv.DictReader(open("sealed", newline="")))
assert [r["id"] for r in a] == [r["id"] for r in b] == ["1", "2", "3"]
assert all("name" not in r and len(r["x y_encrypted"]) in (0, 344) for r in b)
assert b[2]["name_encrypted"] == "" and b[1]["x y_encrypted"] == ""
END
	# what an engineer's own writer would seal
	v=$(printf 'a "b", c' | openssl pkeyutl -encrypt -inkey a.pem \
	    -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 |
	    base64 -w0)
	printf 'n_encrypted\n%s\n' "$v" >theirs.csv
	prints $'n\n"a ""b"", c"' blob-decrypt -k a.pem --records csv theirs.csv
}

@test "CSV: what is malformed is refused, with record and column" {
	local f='--records csv --fields name'
	# shellcheck disable=SC2086
	{
		fails 3 'header: the name name twice' seal_bad 'name,name\n1,2\n' $f
		fails 3 'header: the column name stands beside its encrypted' \
		    seal_bad 'name,name_encrypted\n1,2\n' $f
		fails 3 'no column is named name' seal_bad 'a,b\n1,2\n' $f
		fails 3 'empty where a header belongs' seal_bad '' $f
		fails 3 'header: no names' seal_bad '\n1\n' $f
		fails 3 'record 2: 1 columns where the header has 2' \
		    seal_bad 'name,b\n1,2\n3\n' $f
		fails 3 'record 1: a quote that is not closed' \
		    seal_bad 'name,b\n"1,2\n' $f
		fails 3 'record 1: column name: text behind a closing quote' \
		    seal_bad 'name,b\n"1"x,2\n' $f
		fails 3 'record 1: column 2: a quote in a value' \
		    seal_bad 'name,b\n1,x"2"\n' $f
		fails 3 'record 1: column 2: a carriage return' \
		    seal_bad 'name,b\n1,x\r2\n' $f
		fails 3 'record 1: a NUL character' seal_bad 'name,b\n1,\0002\n' $f
		fails 3 'record 1: column name: a value that is no UTF-8' \
		    seal_bad 'name,b\n\377,2\n' $f
		fails 3 'byte order mark' seal_bad '\357\273\277name\n1\n' $f
		fails 3 'UTF-16' seal_bad '\377\376n\0a\0m\0e\0' $f
	}
	fails 3 'record 1: column n: ' open_bad 'n_encrypted\nAAAA\n' --records csv
	fails 3 'header: the column n stands beside its clear' \
	    open_bad 'n_encrypted,n\n,\n' --records csv
}

@test "arrays: bytes between the records stay, malformed ones are refused" {
	printf ' [ {"name":"a"} ,\r\n\t{"name":1.0,"x":"]"},[],"s" ]\n\n' >in
	seal a.pem --fields name in >sealed
	blob-decrypt -k a.pem sealed | sed 's/"1.0"/1.0/' | cmp - in
	local bad
	for bad in '[{"name":"a"}' '[{"name":"a"},]' '[{"name":"a"} {}]' '[,{}]' \
	    '[{"name":"a"}]]' '[{"name":"a"}] x' '[{"name":"a"}}]' \
	    '[{"name":"a"},{"name":"b","n\\u0061me":1}]' '[{"name":"a]' \
	    '[{"name":"a"},{"name":tru}]'; do
		fails 3 '^blob-encrypt: bad: ' seal_bad "$bad" --fields name
	done
	fails 3 '\.\[1\]: json: ' seal_bad '[{"name":"a"},{"name":tru}]' \
	    --fields name
}

# --- keys -----------------------------------------------------------------------

mixed() {
	printf '{"id":1,"name":"Ann","phone":"1"}\n' >one
	printf '{"id":2,"name":"Bob","phone":"2"}\n' >two
	{
		seal a.pem --fields name,phone one
		seal b.pem --fields name,phone two
		seal a.pem --fields name,phone one
	} >mixed
	cat one two one >clear
}

@test "several keys: each field by the one that opens it" {
	mixed
	blob-decrypt -k a.pem -k b.pem mixed | cmp - clear
	blob-decrypt -k b.pem -k a.pem mixed | cmp - clear
	cat long.pem a.pem b.pem >all.pem
	blob-decrypt -k all.pem mixed | cmp - clear
	_capture blob-decrypt -k a.pem -k long.pem --skip-undecryptable mixed
	[ "$_status" -eq 0 ]
	cmp <(sed -n 2p mixed) <(sed -n 2p "$_at/out")
	cmp one <(sed -n 3p "$_at/out")
	grep -q '1 of 3 records do not decrypt with these keys and were left as they are (name 1, phone 1)$' "$_at/err"
	fails 1 'mixed: line 1: \.name_encrypted: decryption failed' \
	    blob-decrypt -k b.pem mixed
	grep -q 'hint: .*--skip-undecryptable.*--oaep-hash.*--label' "$_at/err"
}

@test "--fields opens these alone" {
	mixed
	blob-decrypt -k a.pem -k b.pem --fields name mixed >half
	[ "$(jq -r .name half | tr '\n' ' ')" = 'Ann Bob Ann ' ]
	[ "$(grep -c phone_encrypted half)" -eq 3 ]
	blob-decrypt -k a.pem -k b.pem --fields phone half | cmp - clear
	fails 3 'no member is named city_encrypted' \
	    blob-decrypt -k a.pem -k b.pem --fields name,city mixed
	fails 2 'the field name is named twice' \
	    blob-decrypt -k a.pem --fields name,name mixed
	fails 2 'the field name is named twice' seal a.pem --fields name,name one
	fails 2 'an empty name' seal a.pem --fields name, one
	fails 2 'fields is for -f fields only' \
	    blob-decrypt -k a.pem -f jwe --fields name mixed
	fails 2 'records is for -f fields only' \
	    blob-encrypt -k a.pem -f jwe --records csv mixed
}

@test "--field-format jwe: values of any length, which JOSE opens" {
	jq -nc '{id: 1, name: ("x" * 5000)}' >wide
	fails 3 'wide: \.name: .*5000 bytes' seal a.pem --fields name wide
	grep -q 'hint: --field-format jwe' "$_at/err"
	seal a.pem --field-format jwe --fields name wide >sealed
	blob-decrypt -k a.pem sealed | cmp - wide
	jq -r .name_encrypted sealed | blob-decrypt -k a.pem -f jwe |
	    cmp - <(jq -j .name wide)
	# both kinds in one stream, and another's
	printf '{"id":1,"name":"x"}\n' >one
	{
		cat sealed
		seal a.pem --fields name one
		seal b.pem --field-format jwe --fields name one
		seal long.pem --field-format jwe --fields name one
	} >both
	blob-decrypt -k a.pem -k b.pem -k long.pem both |
	    cmp - <(cat wide one one one)
	_capture blob-decrypt -k a.pem --skip-undecryptable both
	[ "$_status" -eq 0 ]
	grep -q '2 of 4 records .* (name 2)$' "$_at/err"
	fails 1 'both: line 3: \.name_encrypted: decryption failed' \
	    blob-decrypt -k a.pem both
	sed 's/\.[^."]*"}/.AAAA"}/' sealed >bad
	fails 3 'bad: \.name_encrypted: jwe: tag' blob-decrypt -k a.pem bad
}

# --- streams --------------------------------------------------------------------

@test "--field-format jwe: keys on a curve and symmetric ones too" {
	openssl ecparam -name prime256v1 -genkey -noout -out ec.pem
	openssl genpkey -algorithm x25519 -out x.pem
	printf '{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODw"}' >oct.jwk
	printf '[{"id":1,"name":"Ada"},{"name":null}]' >in
	local k
	for k in ec.pem x.pem oct.jwk; do
		seal "$k" --field-format jwe --fields name -o "by.$k" in
		blob-decrypt -k "$k" "by.$k" | cmp - in
		fails 3 'RSA' seal "$k" --fields name in
	done
	fails 1 'by.ec.pem: .*takes a key on the curve' \
	    blob-decrypt -k x.pem by.ec.pem
	# two companies' records, each by its own key
	seal a.pem --fields name -o by.a in
	jq -s add by.a by.ec.pem >mixed
	blob-decrypt -k ec.pem -k a.pem mixed | jq -ce 'all(has("name"))'
	fails 3 'key: not an RSA key' blob-decrypt -k ec.pem by.a
	blob-decrypt -q -k ec.pem --skip-undecryptable mixed >some
	[ "$(jq -c 'map(has("name"))' some)" = '[false,true,true,true]' ]
}

@test "what has nothing to open is said, and lines pass as they are" {
	printf '{"id":1}\n{"id":2}\n' >plain
	warns 'nothing was decrypted' blob-decrypt -k a.pem -o out plain
	cmp plain out
	printf 'a,b\n1,2\n' >plain.csv
	warns 'nothing was decrypted' \
	    blob-decrypt -k a.pem --records csv -o out plain.csv
	cmp plain.csv out
	printf '[{"id":1}]' >plain.json
	fails 3 'no member is named <field>_encrypted' \
	    blob-decrypt -k a.pem plain.json
}

@test "a record over 16 MiB is refused, with its place; others before it go" {
	big() {
		printf '%s' "$1"
		head -c $((17 << 20)) /dev/zero | tr '\0' x
		printf '%s' "$2"
	}
	rm -f out
	big $'{"name":"a"}\n{"name":"' $'"}\n' >big.lines
	fails 3 'big.lines: line 2: more than 16777216 bytes' \
	    seal a.pem --fields name -o out big.lines
	big '[{"name":"a"},"' '"]' >big.json
	fails 3 'big.json: \.\[1\]: more than 16777216 bytes' \
	    seal a.pem --fields name -o out big.json
	big $'name\na\n"' $'"\n' >big.csv
	fails 3 'big.csv: record 2: more than 16777216 bytes' \
	    seal a.pem --records csv --fields name -o out big.csv
	big '{"a":"' '"}' >big.one
	fails 3 'big.one: a document of more than 16777216 bytes' \
	    seal a.pem --fields a -o out big.one
	[ ! -e out ]
	rm -f big.*
}

@test "a stream that fails far behind: its beginning went to the pipe, -o is whole" {
	seq 1 800 | sed 's/.*/{"id":&,"name":"n&"}/' >many
	seal a.pem --fields name many >sealed
	sed '700s/encrypted":"/&*/' sealed >broken
	_capture blob-decrypt -k a.pem broken
	[ "$_status" -eq 3 ]
	grep -q 'broken: line 700: ' "$_at/err"
	cmp -n "$(stat -c %s "$_at/out")" "$_at/out" many
	[ -s "$_at/out" ]
	fails 3 'broken: line 700: ' blob-decrypt -k a.pem -o whole broken
	[ ! -e whole ]
	# cut anywhere it is no shorter list of lines, unless between two
	head -c -20 sealed >broken
	fails 3 'broken: line 800: ' blob-decrypt -k a.pem -o whole broken
}

@test "memory does not grow with the data" {
	[ -x /usr/bin/time ] || skip "no GNU time"
	[ "${BUILD##*/}" != san ] || skip "not under a sanitizer"
	python3 -c 'print("[" + ",\n".join("{\"id\":%d,\"name\":null,\"x\":\"%0100d\"}"
	    % (i, i) for i in range(300000)) + "]")' >large
	/usr/bin/time -f %M -o kib blob-encrypt -k a.pem -f fields \
	    --fields name -o large.enc large
	[ "$(cat kib)" -lt 49152 ]
	/usr/bin/time -f %M -o kib blob-decrypt -k a.pem -o back large.enc
	[ "$(cat kib)" -lt 49152 ]
	cmp large back
	rm -f large large.enc back
}

records() {
	jq -c "if type == \"array\" then .[] else . end | $2" "$1"
}

# A hundred shapes of records, in each kind, by a generator that is always the
# same: what comes back is the same to the byte, and jq and Python's csv agree
# on what is changed.
@test "round trips: a hundred shapes in each kind" {
	python3 - <<'END'
import csv, io, json, random
r = random.Random(17)
texts = ["", " ", "a", "ä, \"ö\"", "x\ny", "\u2028", "0", "nu\\ll", "日本", "=1+1", "a,b"]
def value():
    return r.choice([r.choice(texts), r.choice(texts), None, None])
def other():
    return r.choice([1.5, 10 ** 20, True, None, "t", [1, {"z": "]"}], {"q": {}}])
docs, lines = [], []
for i in range(100):
    rec = {"id": i}
    for name in r.sample(["name", "b c", "o", "p"], r.randint(0, 4)):
        rec[name] = value() if name in ("name", "b c") else other()
    if i < 2:
        rec.update({"name": "n", "b c": "m"})
    docs.append(rec)
    lines.append(json.dumps(rec, ensure_ascii=False))
open("s.lines", "w").write("\n".join(lines) + "\n")
open("s.json", "w").write("[ " + " ,\n\t".join(lines) + "\n]\n")
out = io.StringIO()
w = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
w.writerow(["id", "name", "b c", "o"])
for i in range(100):
    w.writerow([i, r.choice(texts), r.choice(texts), r.choice(texts)])
open("s.csv", "w", newline="").write(out.getvalue())
END
	for f in s.lines s.json; do
		seal a.pem --fields 'name,b c' $f >sealed
		blob-decrypt -k a.pem sealed | cmp - $f
		diff <(records $f 'del(.name, .["b c"])') <(records sealed \
		    'del(.name_encrypted, .["b c_encrypted"])')
	done
	seal a.pem --records csv --fields 'name,b c' s.csv >sealed
	blob-decrypt -k a.pem --records csv sealed | cmp - s.csv
	python3 - <<'END'
import csv
a = list(csv.DictReader(open("s.csv", newline="")))
b = list(csv.DictReader(open("sealed", newline="")))
assert len(a) == len(b) == 100
for x, y in zip(a, b):
    assert (x["id"], x["o"]) == (y["id"], y["o"])
    assert (x["name"] == "") == (y["name_encrypted"] == "")
END
}
