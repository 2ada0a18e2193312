#!/usr/bin/env bats
# blob-encrypt and blob-decrypt -- what becomes of files and pipes when
# something happens on the way, and how much memory and how many threads it
# takes.
# folders: flow
# shellcheck disable=SC2094,SC2154

bats_require_minimum_version 1.5.0
load ../lib
load ../blob

setup_file() {
	begin_blob key
	head -c 20000000 /dev/urandom >big
	blob-encrypt -k key.pub -o big.age big
	blob-encrypt -k key.pub -f cse --kid k --encryptiondata-out meta \
	    -o big.cse big
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	rm -rf dir
	mkdir dir
}

# open_FORMAT ARG...: decrypt big.FORMAT or what is given.
open_age() {
	blob-decrypt -k key.pem "$@"
}
open_cse() {
	blob-decrypt -q -k key.pem --encryptiondata "${meta:-meta}" "$@"
}
seal_age() {
	blob-encrypt -k key.pub "$@"
}
seal_cse() {
	blob-encrypt -k key.pub -f cse --kid k --encryptiondata-out meta.new "$@"
}

# The only thing in dir is NAME, which is equal to FILE.
only() {
	[ "$(ls -A dir)" = "$1" ]
	cmp "$2" "dir/$1"
}

@test "the input may be the output: old or new, never a mixture" {
	for f in age cse; do
		rm -rf dir && mkdir dir
		cp big.$f dir/file
		open_$f -o dir/file dir/file
		only file big
		seal_$f -o dir/file dir/file
		meta=meta.new open_$f -o dir/file dir/file
		only file big
	done
	# refused, it stays
	head -c 19000000 big.age >dir/cut
	cp dir/cut cut
	fails 1 'decryption failed' open_age -o dir/cut dir/cut
	rm dir/file
	only cut cut
	# as standard output, appended to, it would have no end
	cp big dir/itself
	rm dir/cut
	fails 2 'the output is the input' appending dir/itself
	only itself big
}

appending() {
	blob-encrypt -k key.pub "$1" >>"$1"
}

# meet SIGNAL CMD...: once the tool has read some of a fifo, and is waiting.
meet() {
	local pid tries=0 sig=$1
	shift
	rm -f fifo
	mkfifo fifo
	"$@" <fifo 3>&- &
	pid=$!
	{
		head -c 10000000 big.age
		until [ "$(sed -n 's/^rchar: //p' /proc/$pid/io)" -gt 9000000 ] ||
		    [ $((tries += 1)) -gt 100 ]; do
			sleep 0.05
		done
		ls -A dir >seen
		kill "-$sig" "$pid"
		sleep 0.1
	} >fifo
	_status=0
	wait "$pid" || _status=$?
}

@test "a signal midway: no file, no temporary" {
	for sig in TERM HUP KILL; do
		meet $sig blob-decrypt -k key.pem -o dir/out
		[ "$_status" -gt 128 ]
		[ -z "$(ls -A dir)" ]
		echo old >dir/out
		cp dir/out old
		meet $sig blob-decrypt -k key.pem -o dir/out
		only out old
		rm dir/out
	done
	# ^C, which a job in the background does not hear of
	meet INT env python3 -c 'import os, signal
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execvp("blob-decrypt", ["blob-decrypt", "-k", "key.pem", "-o", "dir/out"])'
	[ "$_status" -eq 130 ]
	[ -z "$(ls -A dir)" ]
}

@test "a signal midway where there are no nameless files" {
	command -v strace >/dev/null || skip "no strace"
	case $BUILD in */san) skip "not under the sanitizer" ;; esac
	local n
	n=$(strace -f -e trace=openat blob-decrypt -k key.pem -o dir/out <big.age \
	    2>&1 | grep openat | grep -n O_TMPFILE | cut -d: -f1)
	rm dir/out
	[ -n "$n" ]
	# the name is there, and goes away
	meet TERM strace -D -f -o /dev/null \
	    -e inject=openat:error=EOPNOTSUPP:when="$n" \
	    blob-decrypt -k key.pem -o dir/out
	grep -q '^.teeutils.*out$' seen
	[ -z "$(ls -A dir)" ]
}

@test "a full disk, a closed output, a reader that goes away" {
	for f in age cse; do
		fails 4 'standard output: no space' to_full open_$f big.$f
		fails 4 'standard output: ' to_closed open_$f big.$f
		fails 4 '/dev/full: no space' open_$f -o /dev/full big.$f
		fails 4 'standard output: no space' to_full seal_$f big
	done
	run -141 bash -c 'set -o pipefail
	    blob-decrypt -k key.pem big.age | head -c 1 >/dev/null'
	[ "$status" -eq 141 ]
	fails 4 'standard output: broken pipe' no_reader
	fails 4 'dir: no such file|none/out: no such' \
	    open_age -o dir/none/out big.age
	[ -z "$(ls -A dir)" ]
}

to_full() {
	"$@" >/dev/full
}
to_closed() {
	"$@" >&-
}

no_reader() {
	rm -f fifo
	mkfifo fifo
	# with SIGPIPE ignored
	(trap '' PIPE
	exec 9<>fifo 8>fifo 9>&-
	exec blob-decrypt -k key.pem big.age >&8)
}

@test "a file system that is full" {
	[ "$(id -u)" -eq 0 ] || skip "root only"
	mkdir -p small
	mount -t tmpfs -o size=8m none small 2>/dev/null || skip "no mount"
	_capture open_age -o small/out big.age
	local left
	left=$(ls -A small)
	umount small
	[ "$_status" -eq 4 ]
	[ -z "$left" ]
	grep -q 'small/out: no space left' "$_at/err"
}

@test "two runs to one output: one of them whole" {
	for _ in 1 2 3; do
		open_age -o dir/out big.age 3>&- &
		open_cse -o dir/out big.cse 3>&- &
		wait
		only out big
	done
}

@test "what is refused late went out before, and the status says so" {
	# one byte more, so that all behind it is in the wrong place
	{ head -c 15000000 big.age; printf x; tail -c +15000001 big.age; } >bad
	_capture open_age bad
	[ "$_status" -eq 1 ]
	[ "$(cat "$_at/err")" = 'blob-decrypt: bad: decryption failed' ]
	[ "$(stat -c %s "$_at/out")" -gt 14000000 ]
	cmp -n "$(stat -c %s "$_at/out")" big "$_at/out"
	fails 1 'bad: decryption failed' open_age -o dir/out bad
	[ -z "$(ls -A dir)" ]
}

@test "any number of threads gives the same" {
	for n in 1 2 3 7 64; do
		open_age --threads $n big.age | cmp - big
		open_cse --threads $n big.cse | cmp - big
		seal_age --threads $n big | open_age | cmp - big
	done
	case $BUILD in */san) return 0 ;; esac
	# -z: those that succeed; the guard has no clone3
	strace -f -z -e trace=clone,clone3 blob-decrypt -k key.pem --threads 3 \
	    -o dir/out big.age 2>&1 | grep -c 'clone3\?(' | grep -qx 2
}

@test "memory does not grow with the data" {
	command -v /usr/bin/time >/dev/null || skip "no time(1)"
	case $BUILD in */san) skip "not under the sanitizer" ;; esac
	head -c 300000000 /dev/zero | blob-encrypt -k key.pub -o huge.age
	head -c 300000000 /dev/zero | seal_cse -o huge.cse
	mv meta.new meta.huge
	for n in 1 2 64; do
		/usr/bin/time -f %M -o rss blob-decrypt -k key.pem --threads $n \
		    huge.age >/dev/null
		[ "$(cat rss)" -le 98304 ]
		/usr/bin/time -f %M -o rss blob-decrypt -q -k key.pem \
		    --threads $n --encryptiondata meta.huge huge.cse >/dev/null
		[ "$(cat rss)" -le 98304 ]
		head -c 300000000 /dev/zero |
		    /usr/bin/time -f %M -o rss blob-encrypt -k key.pub -f cse \
		    --kid k --encryptiondata-out m --threads $n >/dev/null
		[ "$(cat rss)" -le 98304 ]
	done
	rm -f huge.age huge.cse
}

# on_terminal CMD...: with a terminal of its own on all three.
on_terminal() {
	script -qefc "$(printf '%q ' "$@")" /dev/null </dev/null
}

@test "a terminal gets plain text of at most a mebibyte" {
	command -v script >/dev/null || skip "no script(1)"
	printf 'attack at dawn' | seal_age -o text.age
	run on_terminal blob-decrypt -k key.pem text.age
	[ "$status" -eq 0 ]
	[ "$output" = 'attack at dawn' ]
	printf 'a\033[2Jb' | seal_age -o esc.age
	run on_terminal blob-decrypt -k key.pem esc.age
	[ "$status" -eq 2 ]
	[[ $output == *"refusing to write binary data to a terminal"* ]]
	[[ $output != *$'\033'* ]]
	run on_terminal blob-decrypt -k key.pem -o - esc.age
	[ "$status" -eq 0 ]
	[[ $output == *$'\033[2J'* ]]
	yes | head -c 1048577 | seal_age -o long.age
	run on_terminal blob-decrypt -k key.pem long.age
	[ "$status" -eq 2 ]
	[[ $output == *"more than 1048576 bytes to a terminal"* ]]
	run on_terminal blob-encrypt -k key.pub text.age
	[ "$status" -eq 2 ]
	[[ $output == *"refusing to write"* ]]
	run on_terminal blob-encrypt -k key.pub --armor text.age
	[ "$status" -eq 0 ]
}

@test "progress is shown on a terminal, or where asked for, and not with -q" {
	command -v script >/dev/null || skip "no script(1)"
	head -c 600000000 /dev/zero >zeros
	run on_terminal blob-encrypt -k key.pub --threads 1 -o zeros.age zeros
	[ "$status" -eq 0 ]
	[[ -z $output || $output == *"blob-encrypt: progress: "*"/s"*" left"* ]]
	run on_terminal blob-encrypt -q -k key.pub -o zeros.age zeros
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	rm -f zeros zeros.age
	seal_age --progress -o a.age <key.pem 2>log
	grep -Eq '^blob-encrypt: progress: [0-9.]+ K?i?B.*/s' log
	[ "$(wc -l <log)" -eq 1 ]
	(printf a; sleep 2.1; printf b) | seal_age --progress -q -o a.age 2>log
	[ ! -s log ]
	TERM=dumb run on_terminal blob-decrypt --progress -k key.pem -o b a.age
	[[ $output == *"blob-decrypt: progress: "*"/s"* ]]
	[[ $output != *$'\033'* ]]
}

@test "a passphrase is asked for again after a stop, and is not shown" {
	openssl pkey -in key.pem -aes256 -passout pass:sesame -out locked.pem
	printf 'attack at dawn\n' | seal_age -o text.age
	run python3 - <<'END'
import os, pty, signal, sys, termios, time
# a shell's part: the tool in a group of its own, which is stopped and goes on
pid, fd = pty.fork()
if pid == 0:
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.execvp("blob-decrypt",
                  ["blob-decrypt", "-k", "locked.pem", "text.age"])
    _, state = os.waitpid(child, os.WUNTRACED)
    os.tcsetpgrp(0, os.getpgrp())
    shown = termios.tcgetattr(0)[3] & termios.ECHO
    print("stopped", os.WIFSTOPPED(state), "echo", bool(shown), flush=True)
    os.tcsetpgrp(0, child)
    os.kill(-child, signal.SIGCONT)
    _, state = os.waitpid(child, 0)
    os.tcsetpgrp(0, os.getpgrp())
    os._exit(os.waitstatus_to_exitcode(state))
seen = b""
def until(what):
    global seen
    while what not in seen:
        seen += os.read(fd, 100)
until(b"Passphrase of locked.pem: ")
os.write(fd, b"ses\x1a")
until(b"stopped True echo True")
seen = seen.split(b"stopped")[1]
until(b"Passphrase of locked.pem: ")
os.write(fd, b"sesame\n")
try:
    while more := os.read(fd, 1000):
        seen += more
except OSError:
    pass
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
	[ "$status" -eq 0 ]
	[[ $output == *"attack at dawn"* ]]
	[[ $output != *ses* ]]
}

@test "a passphrase is asked for on the terminal, unseen" {
	command -v script >/dev/null || skip "no script(1)"
	openssl pkey -in key.pem -aes256 -passout pass:sesame -out locked.pem
	printf 'attack at dawn\n' | seal_age -o text.age
	printf 'sesame\n' >typed
	ask() {
		python3 - "$@" <<'END'
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.execvp("blob-decrypt", ["blob-decrypt", "-k", "locked.pem", "text.age"])
seen = b""
while b"Passphrase of locked.pem: " not in seen:
    seen += os.read(fd, 100)
os.write(fd, sys.argv[1].encode() + b"\n")
try:
    while True:
        more = os.read(fd, 1000)
        if not more:
            break
        seen += more
except OSError:
    pass
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
	}
	run ask sesame
	[ "$status" -eq 0 ]
	[[ $output == *"attack at dawn"* ]]
	[[ $output != *sesame* ]]
	run ask wrong
	[ "$status" -eq 1 ]
	[[ $output != *wrong$'\r'* ]]
	fails 1 'locked.pem: passphrase needed' \
	    blob-decrypt -k locked.pem text.age
}
