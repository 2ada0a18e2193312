# layer-root: roots of layers and of the layers of image archives.
# folders: image codec flow host

load ../lib

MODEL=$ROOT/tests/fake/layer-root-model
EMPTY=8b4842f06982817534a75bcf71865213b09dfa8313229c384e5201dadbd75e25

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	fake image-archives "$BATS_FILE_TMPDIR"
	"$MODEL" one.tar two.tar | cut -f 1 >roots
	ONE=$(sed -n 1p roots) TWO=$(sed -n 2p roots)
	export ONE TWO
}

setup() {
	cd "$BATS_FILE_TMPDIR"
}

# What the model and the tool say of tars: the same roots, and both refuse.
differ() {
	local answer name bad=0 got status
	while IFS=$'\t' read -r answer name; do
		status=0
		got=$(layer-root "$1/$name" 2>&1) || status=$?
		case $answer in
		error*) [ "$status" -eq 3 ] && continue ;;
		*) [ "$got" = "$answer" ] && continue ;;
		esac
		echo "$name: $answer; the tool: $status, $got"
		bad=1
	done
	return "$bad"
}

# --- layers -------------------------------------------------------------------

@test "an empty layer, in every form of nothing" {
	: >nothing
	head -c 1024 /dev/zero >zeros
	prints "$EMPTY" layer-root nothing
	prints "$EMPTY" layer-root zeros
	prints "$EMPTY" eval 'layer-root <zeros'
	prints "$EMPTY" eval 'cat zeros | layer-root -'
}

@test "a layer, plain, gzip, zstd, by file and by pipe, whatever the threads" {
	local n
	gzip -c one.tar >one.tar.gz
	prints "$ONE" layer-root one.tar
	prints "$ONE" layer-root one.tar.gz
	prints "$ONE" eval 'cat one.tar.gz | layer-root'
	# members behind each other are one
	{ head -c 700 one.tar | gzip; tail -c +701 one.tar | gzip; } >twice.gz
	prints "$ONE" layer-root twice.gz
	for n in 1 2 3 64; do
		prints "$TWO" layer-root --threads "$n" two.tar
	done
	# a pipe with a name is opened once
	rm -f pipe
	mkfifo pipe
	cat one.tar >pipe &
	prints "$ONE" layer-root pipe
	command -v zstd >/dev/null || skip "no zstd"
	zstd -qf one.tar
	prints "$ONE" layer-root one.tar.zst
}

@test "--diff-id is the digest of the plain tar, to its last byte" {
	local sum
	{ cat one.tar; head -c 5000 /dev/zero; echo behind; } >more.tar
	gzip -c more.tar >more.tar.gz
	sum=$(sha256sum <more.tar | cut -d ' ' -f 1)
	prints "$ONE  $sum  more.tar" layer-root --diff-id more.tar
	prints "$ONE  $sum  more.tar.gz" layer-root --diff-id more.tar.gz
	prints "$ONE  $sum  -" eval 'cat more.tar | layer-root --diff-id'
}

@test "several files: a line each, and a bad one hides no other" {
	cp one.tar 'a
b.tar'
	prints "$ONE  one.tar
$TWO  two.tar" layer-root one.tar two.tar
	prints "$(printf '\\%s  a\\nb.tar\n%s  one.tar' "$ONE" "$ONE")" \
	    layer-root 'a
b.tar' one.tar
	echo nonsense >bad
	_capture layer-root one.tar bad no-such two.tar
	[ "$_status" -eq 4 ]
	[ "$(cat "$_at/out")" = "$ONE  one.tar
$TWO  two.tar" ]
	grep 'bad: entry 1: the archive is cut short' "$_at/err"
	grep 'no-such: no such file' "$_at/err"
	# but it becomes no file
	rm -f out
	_capture layer-root -o out one.tar bad
	[ "$_status" -eq 3 ]
	[ ! -e out ]
	fails 2 'standard input can be read only once' layer-root - -
}

@test "-c compares, and prints nothing on a difference" {
	prints "$ONE" layer-root -c "$ONE" one.tar
	prints "$ONE" layer-root -c "${ONE^^}" one.tar
	fails 1 "layer 1: the root is $ONE, not $TWO" layer-root -c "$TWO" one.tar
	succeeds layer-root -c "$ONE" -c "$TWO" docker.tar
	fails 1 'layer 1: ' layer-root -c "$TWO" -c "$ONE" docker.tar
	fails 1 '2 layers, and 1 roots' layer-root -c "$ONE" docker.tar
	fails 2 'no root of 64 hex digits' layer-root -c "${ONE%?}" one.tar
	fails 2 'no root of 64 hex digits' layer-root -c "" one.tar
}

@test "the platform's own answers for hard layers" {
	local cases name size list=()
	cases=$ROOT/../shared/cases/layers
	[ -e "$cases/roots.tsv" ] || skip "no cases"
	while IFS=$'\t' read -r name _ size _; do
		[ "$size" -gt 400000 ] || list+=("$name")
	done < <(grep -v '^#' "$cases/roots.tsv")
	[ "${#list[@]}" -gt 150 ]
	"$cases/gen-tars.py" hard "${list[@]}" 2>/dev/null ||
		python3 "$cases/gen-tars.py" hard "${list[@]}"
	awk -F '\t' -v OFS='\t' '!/^#/ && $3 <= 400000 { print $4, $1 ".tar" }' \
	    "$cases/roots.tsv" >answers
	[ "$(wc -l <answers)" -eq "${#list[@]}" ]
	differ hard <answers
}

@test "mutated layers, beside a second implementation" {
	run "$ROOT/scripts/judge-layers" -n 60 --seed 5000 "$BIN"
	[ "$status" -eq 0 ] || { echo "$output"; false; }
	# there are some of each, or nothing was asked
	[[ $output =~ ^60\ tars,\ [2-4].\ roots,.*:\ 0\ differ$ ]]
}

@test "a tool that is wrong about one layer in thirty is found out" {
	local root
	mkdir -p wrong
	"$MODEL" --mutate 30 7000 wrong/tars
	"$MODEL" wrong/tars/*.tar >wrong/answers
	root=$(grep -v -m 1 '^error' wrong/answers | cut -f 1)
	cat >wrong/layer-root <<-END
	#!/bin/sh
	layer-root "\$@" | sed 's/$root/$EMPTY/'
	END
	chmod +x wrong/layer-root
	run "$ROOT/scripts/judge-layers" -n 30 --seed 7000 wrong
	[ "$status" -eq 1 ]
	grep -q "tar: $EMPTY, the model: $root" <<<"$output"
	grep -q ': 1 differ' <<<"$output"
	# or that ends otherwise than it may
	printf '#!/bin/sh\nexit 139\n' >wrong/layer-root
	run "$ROOT/scripts/judge-layers" -n 2 --seed 7000 wrong
	[ "$status" -eq 1 ]
	grep -q 'status 139' <<<"$output"
}

@test "the comparison finds a wrong root and a missing refusal" {
	run differ . <<<"$TWO	one.tar"
	[ "$status" -ne 0 ]
	run differ . <<<"error: x	one.tar"
	[ "$status" -ne 0 ]
}

# --- what is refused, and in which words ------------------------------------

@test "what the platform cannot convert is named, with what to do" {
	mkdir -p w/d
	echo 1 >w/a
	echo 2 >w/d/b
	tar -C w -cf l.tar a
	tar -C w -rf l.tar a
	fails 3 'l.tar: entry 2, a: it was in this layer before' layer-root l.tar
	grep 'hint: have the file only once' "$_at/err"
	# the link before its file
	ln -f w/a w/l
	tar -C w -cf l.tar a l
	tar --delete -f l.tar a
	fails 3 'entry 1, l: a hard link to a, which is not' layer-root l.tar
	grep 'hint: ' "$_at/err"
	tar -C w --transform 's,d/b,d/.wh.a,' -cf l.tar a d/b
	succeeds layer-root l.tar
	rm w/l
	tar -C w --transform 's,d/b,.wh.a,' -cf l.tar a d/b
	fails 3 'entry 2, .wh.a: it was in this layer before' layer-root l.tar
	tar -C w --transform 's,d/b,.wh.d,' -cf l.tar d/ d/b
	fails 3 'whiteouts? hides?|it was a folder before' layer-root l.tar
	tar -C w --transform 's,^a$,d,' -cf l.tar --no-recursion d a
	fails 3 'entry 2, d: it was a folder before' layer-root l.tar
	ln -sfn d w/s
	tar -C w --transform 's,d/b,s/b,' -cf l.tar s d/b
	fails 3 'entry 2, s/b: what it is in is no folder' layer-root l.tar
}

@test "a layer cut at each byte is refused, unless it is one still" {
	local n size
	for n in 1 100 511 513 1000 1023 1025 1027; do
		head -c "$n" one.tar >cut.tar
		fails 3 'cut.tar: entry [0-9]+' layer-root cut.tar
		head -c "$n" one.tar | gzip >cut.tar.gz
		fails 3 'cut.tar.gz: entry [0-9]+' layer-root cut.tar.gz
	done
	gzip -c one.tar >whole.gz
	size=$(stat -c %s whole.gz)
	for n in $((size - 1)) $((size - 9)) 30 3; do
		head -c "$n" whole.gz >cut.gz
		fails 3 'cut.gz: (entry [0-9]+.*: )?gzip: cut short' layer-root cut.gz
	done
	printf x >>whole.gz
	fails 3 'whole.gz: gzip: ' layer-root whole.gz
}

@test "--max-size bounds what unpacks" {
	head -c 50000000 /dev/zero | gzip >bomb.gz
	fails 3 'bomb.gz: larger than 1000000 bytes, unpacked' \
	    layer-root --max-size 1000000 bomb.gz
	fails 3 'one.tar: (entry [0-9]+.*)?larger than 2000 bytes' \
	    layer-root --max-size 2000 one.tar
	prints "$ONE" layer-root --max-size "$(stat -c %s one.tar)" one.tar
	fails 2 'max-size' layer-root --max-size 0 one.tar
}

@test "a hole of 128 GiB less a bit costs nothing, one more is refused" {
	python3 - <<-'END'
	def field(value):
	    return b"%011o\0" % value if value < 8 ** 11 else \
	        b"\x80" + value.to_bytes(11, "big")
	def layer(name, size):
	    head = bytearray(512)
	    head[:1], head[100:107], head[124:135] = b"f", b"0000644", b"%011o" % 0
	    head[156:157], head[257:265] = b"S", b"ustar  \0"
	    head[386:410], head[483:495] = field(size) + field(0), field(size)
	    head[148:156] = b" " * 8
	    head[148:156] = b"%06o\0 " % sum(head)
	    open(name, "wb").write(bytes(head) + bytes(1024))
	layer("hole.tar", (40 << 30) + 5)
	layer("wide.tar", 128 << 30)
	END
	succeeds command time -f %M layer-root hole.tar
	[ "$(cat "$_at/err")" -lt 40000 ]
	fails 3 'entry 1, f: the file system becomes larger' layer-root wide.tar
}

@test "65000 links to a folder are the most, a path of 60000 bytes is not" {
	python3 - <<-'END'
	import io, tarfile
	with tarfile.open("folders.tar", "w", format=tarfile.USTAR_FORMAT) as tar:
	    for i in range(64998):
	        info = tarfile.TarInfo("%d" % i)
	        info.type = tarfile.DIRTYPE
	        tar.addfile(info)
	info = tarfile.TarInfo("d/" * 30000 + "f")
	with tarfile.open("deep.tar", "w", format=tarfile.PAX_FORMAT) as tar:
	    tar.addfile(info)
	END
	fails 3 'entry 64998, 64997/: its folder has 64998 subfolders' \
	    layer-root folders.tar
	succeeds layer-root deep.tar
}

@test "attributes of a block stand in the order that the platform's sort leaves" {
	python3 - <<-'END'
	import tarfile
	for n in (13, 25, 51, 90):
	    with tarfile.open("%d.tar" % n, "w", format=tarfile.PAX_FORMAT) as tar:
	        info = tarfile.TarInfo("f")
	        info.pax_headers = {
	            "SCHILY.xattr.%sk%d" % (("user.", "trusted.", "security.", "z.")[
	                i * i % 4], i * 7919 % 1000): "v" * (i % 3 * 4 + 3)
	            for i in range(n + 6)}
	        tar.addfile(info)
	END
	prints '79460a4e1e250537fad317a7e6e1899b4fee3b21fe99f3da44c2582feae81783  13.tar
1868d1a3a0e7e95e9114d909ba2c2df54cf88e24ccbda955b6143e8f57ab0c3f  25.tar
88ec70f82f3c24fb3b8a00a24195e57684df1daffd46ca560e043452c229d580  51.tar
2e238d981fb6daa7dd643197599164b883ac860b9774f11b6a2e129cada95f74  90.tar' \
	    layer-root 13.tar 25.tar 51.tar 90.tar
}

# --- image archives ----------------------------------------------------------

@test "the layers of an image, in every form of an archive" {
	local form
	for form in docker both oci gzip; do
		prints "$ONE
$TWO" layer-root "$form.tar"
		rm -rf folder
		mkdir folder
		tar -C folder -xf "$form.tar"
		prints "$ONE
$TWO" layer-root folder
	done
	prints "$ONE
$ONE" layer-root links.tar
	rm -rf folder
	mkdir folder
	tar -C folder -xf links.tar
	prints "$ONE
$ONE" layer-root folder
	prints "$ONE" layer-root nameless.tar
	[ ! -e zstd.tar ] || prints "$ONE" layer-root zstd.tar
}

@test "lines of an archive's layers have their place, with their DiffIDs" {
	prints "$ONE  docker.tar#1
$TWO  docker.tar#2
$ONE  one.tar" layer-root docker.tar one.tar
	prints "$ONE  $(sha256sum <one.tar | cut -d ' ' -f 1)  gzip.tar#1
$TWO  $(sha256sum <two.tar | cut -d ' ' -f 1)  gzip.tar#2" \
	    layer-root --diff-id gzip.tar
}

@test "--image chooses, by name and by digest" {
	prints "$TWO" layer-root --image app:2 pair.tar
	prints "$TWO" layer-root --image docker.io/library/app:2 pair.tar
	prints "$TWO" layer-root --image index.docker.io/library/app:2 pair.tar
	prints "$ONE" layer-root --image nested nested.tar
	prints "$ONE" layer-root --image "nested@$(cat nested.digest)" nested.tar
	fails 3 'pair.tar: more than one image' layer-root pair.tar
	grep 'hint: there are: docker.io/library/app:1, docker.io/.*app:2' \
	    "$_at/err"
	fails 3 'app:3: not in the image archives' layer-root --image app:3 pair.tar
	fails 3 'app: not in' layer-root --image app pair.tar
	fails 3 'not in the' layer-root \
	    --image "nested@sha256:${ONE}" nested.tar
	fails 3 'no reference' layer-root --image 'a b' pair.tar
	fails 3 'one.tar: no archive of images' layer-root --image app one.tar
	fails 2 'image is for an archive in a file' layer-root --image app -
}

@test "a map and a folder of archives" {
	rm -rf set
	mkdir -p set/in
	cp docker.tar set/in/1.tar
	cp nested.tar set/in/2.tar
	echo '{"mine:7": "in/1.tar", "nested": ["in/2.tar"]}' >set/map.json
	prints "$ONE
$TWO" layer-root --image mine:7 set/map.json
	prints "$ONE" layer-root --image nested set/map.json
	prints "$ONE" layer-root --image nested set/in
	fails 3 'other: not in' layer-root --image other set/map.json
	echo '{"mine:7": "in/3.tar"}' >set/map.json
	fails 4 'in/3.tar: no such file' layer-root --image mine:7 set/map.json
	echo '{"mine:7": "in/1.tar", "mine:7": "in/1.tar"}' >set/map.json
	fails 3 'map.json: ' layer-root --image mine:7 set/map.json
	rm set/in/*
	fails 3 'neither an OCI layout nor' layer-root --image a set/in
	fails 4 'set/in: is a directory' layer-root set/in
}

@test "what is not what its digest says is 1" {
	fails 1 'bad-blob.tar: layer 2 .*the blob has another digest' \
	    layer-root bad-blob.tar
	fails 1 'bad-diffid.tar: layer 2 .*another DiffID' \
	    layer-root bad-diffid.tar
	fails 1 'bad-config.tar: sha256:.*has other bytes' \
	    layer-root bad-config.tar
}

@test "what is missing, for others or cannot run is 3" {
	fails 3 'absent.tar: layer 1 .*not in the archive' layer-root absent.tar
	fails 3 '1 layers in the manifest and 2' layer-root bad-count.tar
	fails 3 'not for linux/amd64' layer-root arm64.tar
	fails 3 'layer 2 .*entry 2, a: it was in this layer' layer-root twice.tar
	local name
	for name in json deep duplicate; do
		fails 3 "$name.tar: " layer-root --image a:1 "$name.tar"
	done
}

@test "nothing outside of an archive is opened" {
	local name
	for name in dots slash link-out link-slash link-loop; do
		fails 3 'leads out of the archive' layer-root "$name.tar"
		rm -rf folder
		mkdir folder
		tar -C folder -xPf "$name.tar"
		[ "$name" = link-loop ] ||
			fails 3 'leads out of the archive' layer-root folder
		_capture strace -f -e trace=openat,open -o calls layer-root folder
		refute grep passwd calls
	done
}

@test "an archive in a pipe or compressed is said to be one" {
	local name
	for name in docker oci; do
		fails 3 'an image archive that cannot be read as one: it comes' \
		    eval "cat $name.tar | layer-root"
		gzip -kf "$name.tar"
		fails 3 'image archive that .*: it is compressed with gzip' \
		    layer-root "$name.tar.gz"
	done
}
