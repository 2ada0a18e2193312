#!/usr/bin/env bats
# jwt-claims -f html, snp-verify --html -- a page says what the status says, and
# whatever a token, a policy or a file's name holds is text on it.
# folders: page

load ../lib

pki=$FAKE/pki

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	rsa_key rsa.pem
	fake mint jwks k1=rsa.pem >jwks.json
	mkdir tokens hostile
	fake hostile-tokens rsa.pem tokens
	hostile_claims
	hostile_policy >hostile.rego
	printf '{"keys":[]}\n' >runtime
	with_device env FAKE_SEV_PKI="$pki/milan" \
		FAKE_SEV_POLICY="$BATS_FILE_TMPDIR/hostile.rego" \
		"$BIN/snp-report" -r runtime -o report.bin
	cp "$pki/milan/ark.pem" '<img src=x onerror=alert(1)>"&.pem'
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

# What a page might take for something else than text, in every place where a
# token can have it: each a file of hostile/.
hostile_claims() {
	python3 - <<'END'
import json
texts = {
    "script": "</style></code><script>document.title='owned'</script>",
    "attribute": "\" onmouseover=\"document.title='owned'\" x='",
    "image": "<img src=http://127.0.0.1:9/x onerror=document.title='owned'>",
    "comment": "<!-- --!> <![CDATA[ ]]> <?php ?> <!DOCTYPE x>",
    "entity": "&lt;b&gt; &#60;script&#62; &amp; &nosuch; &",
    "meta": "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'>",
    "base": "<base href=http://127.0.0.1:9/><link rel=stylesheet href=x>",
    "frame": "<iframe srcdoc='<script>parent.owned=1</script>'></iframe>",
    "svg": "<svg onload=document.title='owned'><style>*{display:none}",
    "textarea": "</title><textarea><plaintext><xmp><noscript>",
    "control": "\u0000\u0001\u001b[31m\u007f\u0085\u009b \u202e\u2066\u200f",
    "line": "a\r\nb\u2028c\u2029d",
    "long": "W" * 5000,
    "wide": "\u5b57" * 1000 + "\U0001f600" * 200 + "e" + "\u0301" * 300,
    "javascript": "javascript:document.title='owned'",
}
deep = "x"
for _ in range(28):
    deep = {"<b>": [deep]}
for name, text in texts.items():
    claims = {"iss": text, "nonce": text, text: text, "deep": deep,
              "x-ms-attestation-type": text, "x-ms-sevsnpvm-hostdata": text,
              "x-ms-compliance-status": text, "x-ms-runtime": {text: [text]},
              "x-ms-policy-hash": text, "x-ms-sevsnpvm-vmpl": text,
              "x-ms-isolation-tee": {text: text, "x-ms-sevsnpvm-vmpl": 1},
              "exp": 4102444800}
    for escaped in (True, False):
        with open("hostile/%s-%d" % (name, escaped), "w") as f:
            json.dump(claims, f, ensure_ascii=escaped)
END
	local claims
	for claims in hostile/*; do
		fake mint token rsa.pem RS256 "{\"alg\":\"RS256\",\"kid\":\"k1\",\
\"<i onclick='owned=1'>\":\"</code><script>owned=1</script>\"}" \
			<"$claims" >"$claims.jwt"
	done
}

hostile_policy() {
	cat <<-'END'
		package policy
		api_version := "0.10.0"
		containers := [{"name": "</h3><script>owned=1</script>",
		    "id": "<img src=http://127.0.0.1:9/x>", "command": ["<b>", "'\">"],
		    "env_rules": [{"pattern": "A=<svg onload=owned=1>", "strategy": "re2"}],
		    "<u>": {"<s>": {"<q>": {"<p>": {"deep": true}}}},
		    "ref": data.framework.x, "layers": []}, 7, "<b>"]
		fragments := [{"feed": "<embed>", "issuer": "did:x509:<b>"}]
		allow := {"<b>"}
		default allow := {"allowed": false}
		other { "<script>" == input.x }
	END
}

# sound FILE...: each is a whole page of these elements and attributes and no
# others, with nothing that a browser would act upon.
sound() {
	python3 - "$@" <<'END'
import html.parser, re, sys
ELEMENTS = """html head meta title style body main header section h1 h2 h3 p
    code div span ul li""".split()
CLASSES = """plain yes no open word line says rows cards name note means option
    bare""".split()
VOID = ["meta"]

class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.open, self.bad = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in ELEMENTS:
            self.bad.append("<%s>" % tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            fine = name == "class" and value in CLASSES or \
                tag == "html" and (name, value) == ("lang", "en") or \
                tag == "meta" and name in ("charset", "http-equiv", "content",
                                           "name")
            if not fine:
                self.bad.append("%s=%s" % (name, value))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.bad.append("</%s>" % tag)

    def handle_data(self, data):
        if self.open[-1:] != ["style"] and re.search("[<>\"'\0-\x08\x0b-\x1f"
                "\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", data):
            self.bad.append("text %r" % data)

    def handle_comment(self, data):
        self.bad.append("comment")

    def handle_pi(self, data):
        self.bad.append("pi")

    def unknown_decl(self, data):
        self.bad.append("declaration")

    def handle_decl(self, decl):
        if decl != "DOCTYPE html":
            self.bad.append("<!%s>" % decl)

    def handle_entityref(self, name):
        if name not in ("amp", "lt", "gt", "quot"):
            self.bad.append("&" + name)

    def handle_charref(self, name):
        if name != "39":
            self.bad.append("&#" + name)

bad = 0
for path in sys.argv[1:]:
    with open(path, "rb") as f:
        text = f.read().decode()
    page = Page()
    page.feed(text)
    page.close()
    if page.open:
        page.bad.append("open: %s" % page.open)
    if not text.startswith("<!DOCTYPE html>\n") or \
            not text.endswith("</html>\n"):
        page.bad.append("not a whole page")
    if text.count("<meta http-equiv=\"Content-Security-Policy\" content=\""
                  "default-src 'none'; style-src 'sha256-") != 1:
        page.bad.append("no policy")
    if page.bad:
        print(path, page.bad[:5], file=sys.stderr)
        bad += 1
sys.exit(bad != 0)
END
}

# verdict PAGE: its first word.
verdict() {
	sed -n 's|<p class="word">\(.*\)</p>|\1|p' "$1"
}

# text PAGE: what is read on it, a line a piece.
text() {
	python3 - "$1" <<'END'
import html, re, sys
with open(sys.argv[1]) as f:
    body = f.read().partition("<main>")[2]
print(html.unescape(re.sub("\n+", "\n", re.sub("<[^>]*>", "\n", body))))
END
}

@test "every hostile token: the page has its status's verdict, or there is none" {
	local token name status n=0 bad=0
	for token in tokens/[0-9]-*; do
		name=${token##*/} status=0
		jwt-claims -q -k jwks.json -i https://maa.example -f html \
			-o "page-$name.html" "$token" 2>/dev/null || status=$?
		[ "$status" -eq "${name%%-*}" ] || bad=$((bad + 1))
		[ "$status" -eq 3 ] || [ -s "page-$name.html" ] || bad=$((bad + 1))
		[ "$status" -ne 3 ] || [ ! -e "page-$name.html" ] || bad=$((bad + 1))
		n=$((n + 1))
		# what -U reads of them is shown, and said to be unproved
		[ "$((n % 5))" -ne 0 ] || jwt-claims -q -U -f html \
			-o "unproved-$name.html" "$token" 2>/dev/null || :
	done
	[ "$n" -ge 200 ]
	[ "$bad" -eq 0 ]
	sound page-1-* unproved-*
	[ "$(grep -Lx '<p class="word">FAIL</p>' page-1-*)" = "" ]
	[ "$(grep -Lx '<p class="word">PASS, BUT NOT VERIFIED</p>' unproved-*)" = "" ]
}

@test "what a token claims shows only if its signature holds" {
	refuses 1 'alg is RS256, not PS256' jwt-claims -k jwks.json -a PS256 \
		-f html hostile/image-1.jwt
	sound "$_at/out"
	[ "$(verdict "$_at/out")" = FAIL ]
	text "$_at/out" >text
	grep -qF 'what it claims is not shown' text
	refute grep -qE '127.0.0.1|<h2>|x-ms' "$_at/out"
}

@test "hostile claims are text, verified or not, at every place" {
	local token name
	for token in hostile/*.jwt; do
		name=${token%.jwt}
		_capture jwt-claims -q -k jwks.json -c nonce=1 -f html "$token"
		[ "$_status" -eq 1 ]
		cp "$_at/out" "$name.html"
		_capture jwt-claims -q -U -f html -o "$name-u.html" "$token"
		[ "$_status" -eq 0 ]
		[ "$(verdict "$name-u.html")" = "PASS, BUT NOT VERIFIED" ]
	done
	sound hostile/*.html
	text hostile/script-0.html >text
	grep -qF "\"</style></code><script>document.title='owned'</script>\"" text
	text hostile/control-0.html >text
	grep -qF '\xe2\x80\xae' text
}

@test "the verdict, each question and what was not asked are said" {
	jq -cn --arg h "$(policy-hash hostile.rego)" '{exp: 4102444800,
	    nonce: "1", "x-ms-ver": "1", "x-ms-sevsnpvm-hostdata": $h,
	    "x-ms-attestation-type": "sevsnpvm", iss: "https://maa.example"}' |
		fake mint token rsa.pem >t.jwt
	succeeds jwt-claims -k jwks.json -i https://maa.example -p hostile.rego \
		-c nonce=1 -f html -o t.html t.jwt
	sound t.html
	[ "$(verdict t.html)" = PASS ]
	text t.html >text
	grep -qF 'Exit status 0 of jwt-claims; t.jwt.' text
	grep -qF 'The host data is the hash of this policy.' text
	grep -qF '"A=<svg onload=owned=1>"' text
	grep -qx 'Container 0 </h3><script>owned=1</script>' text
	grep -qx 'runtime data' text
	grep -qx -- '-r FILE' text
	refute grep -qx 'freshness' text
	# what an option asks, and what none can
	[ "$(grep -B 1 -x 'runtime data' text | head -n 1)" = 'not asked' ]
	[ "$(grep -B 1 -x 'the software' text | head -n 1)" = 'not proved' ]
	grep -qx -- '--refuse-open-policy' text
	# all that is asked is answered, not only what comes first
	refuses 1 'nonce is "1", not "2"' jwt-claims -k jwks.json --nonce 2 \
		-c x-ms-ver=2 --require '.nonce == "3"' --min-tcb snp=1 -f html t.jwt
	sound "$_at/out"
	[ "$(verdict "$_at/out")" = FAIL ]
	text "$_at/out" >text
	[ "$(grep -cx FAIL text)" -eq 5 ]
	grep -qF 'claims: x-ms-ver is "1", not "2"' text
	grep -qF 'the result is false, not true' text
	grep -qx issuer text
	refuses 1 'not all features' jwt-claims -k jwks.json -f html \
		--require-features t.jwt
	[ "$(verdict "$_at/out")" = FAIL ]
}

@test "a token that is malformed, a page that has no place: as ever" {
	fails 3 'a key set' jwt-claims -k jwks.json -f html jwks.json
	fails 2 'exclude each other' jwt-claims -k jwks.json -f html -j . t.jwt
	fails 2 'exclude each other' jwt-claims -k jwks.json -f html --lines t.jwt
	fails 2 'excludes' snp-verify --html --json report.bin
	fails 2 'excludes' snp-verify --html --lines report.bin
}

# page STATUS FILE OPTION...: of the report.
page() {
	local status=$1 file=$2
	shift 2
	_capture snp-verify --html "$@" report.bin
	[ "$_status" -eq "$status" ]
	cp "$_at/out" "$file"
	sound "$file"
	text "$file" >text
}

@test "a report's page: verdict, checks, policy, and a root's name as text" {
	page 0 r.html --root '<img src=x onerror=alert(1)>"&.pem' \
		--certs "$pki/milan/full.pem" -p hostile.rego -r runtime
	[ "$(verdict r.html)" = PASS ]
	grep -qF 'The root that was trusted is <img src=x onerror=alert(1)>"&.pem,' \
		text
	grep -qx 'Container 0 </h3><script>owned=1</script>' text
	grep -qF 'The host data is the hash of this policy.' text
	grep -qx 'reported_tcb' text
	# exactly the checks that the text has
	_capture snp-verify --root "$pki/milan/ark.pem" \
		--certs "$pki/milan/full.pem" -p hostile.rego -r runtime report.bin
	[ "$(grep -cE '^(pass|skip) ' "$_at/out")" -eq \
		"$(grep -cxE 'pass|skip' text)" ]
	printf 'package policy\n' >other.rego
	page 1 rf.html --root "$pki/milan/ark.pem" \
		--certs "$pki/milan/full.pem" -p other.rego -r runtime
	[ "$(verdict rf.html)" = FAIL ]
	grep -qF 'The host data was not proved to be the hash of this policy' text
	# a chain that is not trusted proves no feature
	page 1 rc.html --certs "$pki/milan/full.pem" -p hostile.rego -r runtime
	refute grep -qx yes text
	grep -qF 'The host data was not proved to be the hash of this policy' text
	page 0 rs.html --show
	[ "$(verdict rs.html)" = "NOT VERIFIED" ]
	refute grep -qxE 'yes|pass' text
}

@test "a browser runs and fetches nothing, keeps the style and the width" {
	local browser n
	browser=$(type -P chromium || type -P chromium-browser ||
		type -P google-chrome) || skip "no Chromium"
	[ -e hostile/script-0.html ] && [ -e r.html ] || skip "no pages"
	python3 - hostile/*-0.html page-1-alg-none*.html r.html rf.html rs.html \
		>frames.html <<'END'
import json, sys
print("""<!DOCTYPE html><title>0</title><body><script>
const pages = %s, found = [];
async function look(page, width) {
  const f = document.createElement('iframe');
  f.width = width; f.height = 800;
  const done = new Promise(r => f.onload = r);
  f.src = page;
  document.body.append(f);
  await done;
  const d = f.contentDocument, w = f.contentWindow;
  const say = [];
  if (d.documentElement.scrollWidth > width) say.push(
    'wide ' + d.documentElement.scrollWidth);
  if (d.scripts.length || w.owned || window.owned) say.push('script');
  if (!/^(Attestation token|SEV-SNP attestation report)$/.test(d.title))
    say.push('title ' + d.title);
  if (w.performance.getEntriesByType('resource').length) say.push('fetch');
  if (d.querySelector('img,svg,iframe,link,base,form,object,embed,textarea'))
    say.push('element');
  if (w.getComputedStyle(d.body).margin != '0px') say.push('no style');
  found.push(page + ' ' + width + ': ' + (say.join(', ') || 'fine'));
  f.remove();
}
(async () => {
  for (const p of pages) for (const w of [360, 1280]) await look(p, w);
  const out = document.createElement('pre');
  out.id = 'found';
  out.textContent = found.join('\\n') + '\\nend';
  document.body.replaceChildren(out);
})();
</script>""" % json.dumps(sys.argv[1:]))
END
	timeout 60 "$browser" --headless --no-sandbox --disable-gpu \
		--disable-dev-shm-usage --user-data-dir="$PWD/profile" \
		--allow-file-access-from-files --virtual-time-budget=60000 \
		--host-resolver-rules='MAP * ~NOTFOUND' --no-first-run \
		--dump-dom "file://$PWD/frames.html" >dom 2>browser.log || {
		cat browser.log >&2
		return 1
	}
	sed -n '/<pre id="found">/,/^end/p' dom | sed 's/<[^>]*>//g' >found
	cat found >&2
	[ "$(tail -n 1 found)" = end ]
	n=$(grep -c ': fine$' found)
	[ "$n" -eq "$(grep -c ': ' found)" ]
	[ "$n" -ge 36 ]
}
