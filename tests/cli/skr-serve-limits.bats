#!/usr/bin/env bats
# skr-serve under clients that mean no good, and under load.
# folders: serve

load ../lib
load ../serve

setup_file() {
	start_group --metrics --retry 8 --max-waiting 16
}

teardown_file() {
	stop_group
}

setup() {
	begin_group
}

flood() {
	fake flood "$S" "$(cat main.pid)" "$@"
}

@test "slow clients, and more connections than there is room for" {
	flood slow many
}

@test "heads and bodies without end" {
	flood heads bodies held
}

@test "a request cut at each byte, and what is no HTTP" {
	flood cut garbage
}

@test "500 requests at once to a provider that throttles: all end in 200 or 503" {
	# fewer than one request tries again
	fault maa 429 '"times":4,"retry_after":1'
	flood same
	[ "$(asked maa)" -lt 100 ]
	fault maa 429 '"times":8,"retry_after":1'
	flood throttled
}

@test "memory: little at rest, little after 5,000 requests" {
	case $BUILD in */san) skip "a sanitizer has its own" ;; esac
	serve small
	local pid rest
	pid=$(cat small.pid)
	rest=$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")
	echo "at rest: $rest kB"
	[ "$rest" -le 6144 ]
	"$ROOT/scripts/bench-serve" "$S" -n 5000 -c 16 /status /attest/raw
	rest=$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")
	echo "after: $rest kB"
	[ "$rest" -le 12288 ]
	strip -o stripped "$BIN/skr-serve"
	[ "$(stat -c %s stripped)" -le 1572864 ]
	stop small
}

@test "SIGTERM in the middle of 100 requests: whole answers or none" {
	serve ending
	cat >burst.py <<-'END'
		import os, signal, socket, sys, threading, time
		port, pid = int(sys.argv[1]), int(sys.argv[2])
		body = b'{"runtime_data":"%s"}' % sys.argv[3].encode()
		ask = (b"POST /attest/raw HTTP/1.1\r\nHost: localhost\r\n"
		       b"Connection: close\r\nContent-Length: %d\r\n\r\n"
		       % len(body)) + body
		got = []
		def whole(answer):
		    head, _, rest = answer.partition(b"\r\n\r\n")
		    n = [int(x.split(b":")[1]) for x in head.lower().split(b"\r\n")
		         if x.startswith(b"content-length:")]
		    return n == [len(rest)]
		def one(i):
		    answer = b""
		    time.sleep(i * 0.002)
		    # what waits in the kernel's queue as the socket is closed is
		    # reset before a byte of an answer: refused a moment later
		    try:
		        with socket.create_connection(("127.0.0.1", port), 60) as c:
		            c.sendall(ask)
		            while part := c.recv(65536):
		                answer += part
		    except ConnectionError:
		        got.append("half" if answer else "refused")
		        return
		    got.append(int(answer.split()[1]) if whole(answer) else "half")
		t = [threading.Thread(target=one, args=(i,)) for i in range(100)]
		for x in t:
		    x.start()
		time.sleep(0.1)
		os.kill(pid, signal.SIGTERM)
		for x in t:
		    x.join()
		print({g: got.count(g) for g in set(got)})
		sys.exit(not (set(got) <= {200, "refused"} and len(got) == 100))
	END
	python3 burst.py "${S##*:}" "$(cat ending.pid)" "$R"
	wait "$(cat ending.pid)"
	grep -q msg=stopped ending.log
}
