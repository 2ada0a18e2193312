#!/usr/bin/env bats
# skr-serve under clients that mean no good, and under load.
# folders: serve

load ../lib
load ../serve

setup_file() {
	start_group --metrics
}

teardown_file() {
	stop_group
}

setup() {
	begin_group
}

flood() {
	"$ROOT/tests/fake/flood" "$S" "$(cat main.pid)" "$@"
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

@test "500 requests at once to a provider that throttles" {
	fault maa 429 '"times":200,"retry_after":1'
	flood throttled
}

@test "memory: little at rest, little after 5,000 requests" {
	case $BUILD in */san) skip "a sanitizer has its own" ;; esac
	serve small
	local pid rest
	pid=$(cat small.pid)
	sleep 1
	rest=$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")
	echo "at rest: $rest kB"
	[ "$rest" -le 7168 ]
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
		import http.client, os, signal, sys, threading, time
		port, pid, data = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
		got = []
		def one(i):
		    time.sleep(i * 0.002)
		    c = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
		    try:
		        c.connect()
		    except ConnectionRefusedError:
		        got.append("refused")
		        return
		    try:
		        c.request("POST", "/attest/raw",
		                  '{"runtime_data":"%s"}' % data)
		        r = c.getresponse()
		        r.read()
		        got.append(r.status)
		    except Exception as e:
		        got.append(repr(e))
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
