#!/usr/bin/env bats
# What the tools that ask a service say to each of its faults: the rows of
# scripts/faults are those of tests/data/faults.md, to the letter.  After a
# message was changed on purpose: scripts/faults -o tests/data/faults.md
# folders: net azure

load ../lib

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	echo 0 >status
	"$ROOT/scripts/faults" -b "$BIN" -o table 2>wrong || echo $? >status
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

# rows FILE WAY: the rows under that heading.
rows() {
	awk -v way="## $2" '/^## / { mine = $0 == way } mine && /^\|/' "$1"
}

# agrees WAY ROWS: there are that many or more, and they are as committed.
agrees() {
	[ "$(rows table "$1" | wc -l)" -ge "$2" ]
	diff <(rows "$ROOT/tests/data/faults.md" "$1") <(rows table "$1") || {
		echo "these alone: scripts/faults '$1'"
		echo 'meant so: scripts/faults -o tests/data/faults.md'
		return 1
	}
}

@test "no row breaks a rule that holds for all of them" {
	cat wrong
	[ "$(cat status)" -eq 0 ]
	[ ! -s wrong ]
}

@test "maa-token and the provider" {
	agrees maa-token 60
}

@test "maa-token --keys and the provider" {
	agrees 'maa-token --keys' 40
}

@test "maa-token --skr and the sidecar" {
	agrees 'maa-token --skr' 50
}

@test "maa-token --skr --status and the sidecar" {
	agrees 'maa-token --skr --status' 38
}

@test "snp-certs and the key server" {
	agrees snp-certs 40
}

@test "key-release and the vault" {
	agrees key-release 60
}

@test "key-release and a Managed HSM" {
	agrees 'key-release, Managed HSM' 10
}

@test "key-release --skr and the sidecar" {
	agrees 'key-release --skr' 50
}

@test "key-release and the metadata service" {
	agrees 'key-release, metadata service' 40
}

@test "key-release and an identity endpoint" {
	agrees 'key-release, identity endpoint' 38
}

@test "key-release and Entra ID" {
	agrees 'key-release, workload identity' 38
}

@test "skr-serve and the provider: no time-out, no cut answer, no false success" {
	agrees 'skr-serve /attest/maa' 64
}

@test "skr-serve and the vault: the same" {
	agrees 'skr-serve /key/release' 45
}

@test "skr-serve and the metadata service" {
	agrees 'skr-serve /key/release, metadata service' 6
}

@test "nothing is compared that is not committed, and the reverse" {
	diff <(grep '^## ' "$ROOT/tests/data/faults.md") <(grep '^## ' table)
}
