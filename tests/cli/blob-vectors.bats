#!/usr/bin/env bats
# blob-decrypt -- published vectors, each as marked: CCTV's age files and
# Wycheproof's JWE, where they are to be had: below ../shared/vectors, or in
# the folder $AGE_VECTORS and the file $JWE_VECTORS.
# folders: jose blob
# shellcheck disable=SC2154

bats_require_minimum_version 1.5.0
load ../lib

@test "vectors: CCTV's age files" {
	local from=${AGE_VECTORS:-$VECTORS/cctv/age/testdata}
	[ -d "$from" ] || skip "no vectors cctv/age/testdata"
	cd "$BATS_TEST_TMPDIR" || return
	python3 - "$from" <<'END2'
import collections, hashlib, os, subprocess, sys, zlib
able = " mlkem768x25519\n" in subprocess.run(
    ["blob-decrypt", "--version", "-v"], capture_output=True,
    text=True).stdout
WANT = {"success": {0}, "no match": {1}, "HMAC failure": {1},
        "header failure": {3}, "armor failure": {3}, "payload failure": {1, 3}}
counts, bad = collections.Counter(), 0
for name in sorted(os.listdir(sys.argv[1])):
    head, _, body = open(os.path.join(sys.argv[1], name), "rb").read(
        ).partition(b"\n\n")
    says = collections.defaultdict(list)
    for line in head.decode().splitlines():
        key, _, value = line.partition(": ")
        says[key].append(value)
    # needs ML-KEM, which OpenSSL 3.0 has not
    if not able and any(i.startswith("AGE-SECRET-KEY-PQ-")
                           for i in says["identity"]):
        counts["left out"] += 1
        continue
    if says["compressed"] == ["zlib"]:
        body = zlib.decompress(body)
    keys = [(["-k", "k"], i) for i in ["\n".join(says["identity"])] if i]
    keys += [(["--passphrase-file", "k"], p)
             for p in says["passphrase"] or ([] if keys else ["none"])]
    got = set()
    for args, text in keys:
        open("k", "w").write(text + "\n")
        p = subprocess.run(["blob-decrypt", "-f", "age", *args], input=body,
                           capture_output=True)
        got.add(p.returncode)
        if p.returncode == 0:
            break
    want = says["expect"][0]
    digest = says["payload"]
    good = got <= WANT[want] if want != "success" else 0 in got
    # what came out is authentic: the whole or, of a bad payload, its beginning
    if good and digest:
        good = hashlib.sha256(p.stdout).hexdigest() == digest[0] or (
            want != "success")
    if good and want not in ("success", "payload failure"):
        good = p.stdout == b""
    counts[want] += 1
    if not good:
        bad += 1
        print(f"{name}: {want}: {got} {p.stderr.decode()}")
print(f"{sum(counts.values())} files, {bad} other than marked:",
      dict(counts))
assert bad == 0 and counts["success"] > 10
END2
}

# What is marked valid is opened, but for RSA1_5 and zip, which are not read.
@test "vectors: Wycheproof's JWE" {
	local from=${JWE_VECTORS:-$VECTORS/wycheproof/json_web_encryption_test.json}
	[ -f "$from" ] || skip "no vectors wycheproof/json_web_encryption_test.json"
	cd "$BATS_TEST_TMPDIR" || return
	python3 - "$from" <<'END2'
import collections, json, subprocess, sys
counts, bad = collections.Counter(), 0
for group in json.load(open(sys.argv[1]))["testGroups"]:
    json.dump(group["private"], open("k", "w"))
    for test in group["tests"]:
        text = test["jwe"]
        text = text if isinstance(text, str) else json.dumps(text)
        p = subprocess.run(["blob-decrypt", "-f", "jwe", "-k", "k"],
                           input=text.encode(), capture_output=True)
        said = p.stderr.decode()
        if p.returncode == 0:
            # marked so for readers that have the compact form alone
            good = "JsonSerialization" in test["flags"] or (
                test["result"] == "valid" and
                p.stdout == bytes.fromhex(test["pt"]))
            counts["opened"] += 1
        else:
            good = p.returncode in (1, 3) and p.stdout == b""
            ours = test["result"] == "valid"
            if ours:
                good = good and ("RSA1_5" in said or "zip" in said)
            counts["not read" if ours else "refused"] += 1
        if not good:
            bad += 1
            print(test["tcId"], test["comment"], test["result"],
                  p.returncode, said)
print(f"{sum(counts.values())} cases, {bad} other than marked:",
      dict(counts))
assert bad == 0 and sum(counts.values()) > 100
END2
}
