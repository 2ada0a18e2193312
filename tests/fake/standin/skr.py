"""The secure key release sidecar, with its answers, status codes and defects.

It has the SNP device (the set's key), calls MAA and the vault over TLS as a
client, and errs as the real one does: what failed, four lines of advice and
links, and only then why; two JSON objects after a failed attest; {"error":{}}
for a bad release request; an empty 500 where it panics. What it does not do:
judge the release's signature, whose name it would compare with host and port.
"""
import base64
import binascii
import hashlib
import http.client
import json
import os
import re
import socket
import ssl
import urllib.parse

from cryptography.hazmat.primitives import keywrap, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from . import cose, jose, snp
from .vault import ENC
from .web import Response

DOCS = "https://github.com/microsoft/confidential-sidecar-containers/blob/main/" \
    "examples/skr/"
ADVICE = ("\nERROR: Please refer to the documentation for more information on how "
          f"to use this sidecar.\nACI: {DOCS}aci/README.md\n"
          f"KATA: {DOCS}aks/README.md\nTroubleshooting: {DOCS}TROUBLESHOOTING.md")
ROUTES = {"/attest/raw": ("RawAttestData", ("runtime_data",)),
          "/attest/combined": ("RawAttestData", ("runtime_data",)),
          "/attest/maa": ("MAAAttestData", ("maa_endpoint", "runtime_data")),
          "/key/release": ("KeyReleaseData",
                           ("maa_endpoint", "akv_endpoint", "kid"))}
FIELDS = {"runtime_data": "RuntimeData", "maa_endpoint": "MAAEndpoint",
          "akv_endpoint": "AKVEndpoint", "kid": "KID"}
KINDS = {bool: "bool", int: "number", float: "number", list: "array",
         dict: "object"}
PHRASES = {400: "400 Bad Request", 401: "401 Unauthorized", 403: "403 Forbidden",
           404: "404 Not Found", 409: "409 Conflict",
           429: "429 Too Many Requests", 500: "500 Internal Server Error",
           502: "502 Bad Gateway", 503: "503 Service Unavailable"}
# The original makes one a request, which takes longer than the request.
WRAP = rsa.generate_private_key(65537, 2048)
ATTEST = "Retrieving MAA token from MAA endpoint failed: "


class Failure(Exception):
    """Why: a chain of wrapped messages, outermost first."""


def failed(status, what, why):
    """What failed, the advice, and why, in this order."""
    return Response(status, escaped({"error": f"{what}{ADVICE}: {why}"}))


def escaped(value):
    """As Go writes JSON, which may stand in HTML."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    for c in "<>&":
        text = text.replace(c, f"\\u{ord(c):04x}")
    return text


def go_base64(text):
    """The standard alphabet with padding; CR and LF are ignored, unused bits
    too."""
    clean = re.sub("[\r\n]", "", text)
    good = re.match("[A-Za-z0-9+/]*", clean).end()
    rest = clean[good:]
    if (good % 4 == 0 and rest == "") or \
            (good % 4 > 1 and rest == "=" * (4 - good % 4)):
        return binascii.a2b_base64(clean)
    raise ValueError(f"illegal base64 data at input byte {good}")


def unreachable(host, error):
    """The words of Go's network library for what Python says."""
    where = f"lookup {host.partition(':')[0]}"
    if isinstance(error, ssl.SSLCertVerificationError):
        code = error.verify_code
        return "tls: failed to verify certificate: x509: certificate " + (
            "has expired or is not yet valid: current time is after" if
            code == 10 else f"is valid for elsewhere.example, not {where[7:]}"
            if code == 62 else "signed by unknown authority")
    if isinstance(error, socket.gaierror):
        return f"dial tcp: {where}: no such host"
    if isinstance(error, ConnectionRefusedError):
        return f"dial tcp {host}: connect: connection refused"
    if isinstance(error, (ConnectionError, http.client.HTTPException)):
        return "EOF"
    return str(error)


class Skr:
    def __init__(self, pki, ca, identity, policy=b"", device=True):
        self.pki, self.identity, self.device = pki, identity, device
        self.policy = policy
        self.tls = ssl.create_default_context(cafile=ca)
        self.thim = json.loads(snp.read(pki, "thim.json"))
        top = os.path.dirname(ca)
        self.uvm = cose.sign(
            snp.signing_key(top + "/uvm.key"),
            snp.split_pem(snp.read(top, "uvm-chain.pem")),
            snp.read(top, "uvm-did"), snp.read(pki, "measurement").strip())

    def __call__(self, request):
        if request.path == "/status" and request.method == "GET":
            return Response(200, {"message": "Status OK"})
        if request.path.rstrip("/") in ROUTES and request.path[-1] == "/":
            return Response(307, b"", {"Location": request.path.rstrip("/")},
                            kind=None)
        kind, members = ROUTES.get(request.path, (None, None))
        if members is None or request.method != "POST":
            return Response(404, b"404 page not found", kind="text/plain")
        body, problem = self.bind(request, kind, members)
        if problem and request.path == "/key/release":
            return Response(400, {"error": {}})     # an error value, marshalled
        if problem:
            return failed(400, "invalid request format", problem)
        if request.path == "/key/release":
            return self.key_release(body)
        try:
            data = go_base64(body["runtime_data"])
        except ValueError as e:
            return failed(400, "decoding base64-encoded runtime data of request "
                          "failed", e)
        return {"/attest/raw": self.raw, "/attest/combined": self.combined,
                "/attest/maa": self.attest}[request.path](body, data)

    @staticmethod
    def bind(request, kind, members):
        """The first JSON value of the body; names in any letter case, null as
        if it were not there."""
        text = request.body.decode("utf-8", "replace").lstrip(" \t\r\n")
        if not text:
            return None, "EOF"
        try:
            body = json.JSONDecoder(object_pairs_hook=lambda pairs: {
                k.lower(): v for k, v in pairs}).raw_decode(text)[0]
        except json.JSONDecodeError as e:
            if e.pos >= len(text.rstrip()):
                return None, "unexpected EOF"
            return None, f"invalid character '{text[e.pos]}' looking for " \
                "beginning of value"
        if not isinstance(body, dict):
            return None, f"json: cannot unmarshal {KINDS.get(type(body), 'string')}" \
                f" into Go value of type httpginendpoints.{kind}"
        for name in members:
            value = body.get(name)
            if value is not None and not isinstance(value, str):
                return None, f"json: cannot unmarshal {KINDS[type(value)]} into " \
                    f"Go struct field {kind}.{name} of type string"
        for name in members:
            if not body.get(name):
                field = FIELDS[name]
                return None, f"Key: '{kind}.{field}' Error:Field validation " \
                    f"for '{field}' failed on the 'required' tag"
        return body, None

    # --- evidence ---

    def report(self, data):
        report_data = hashlib.sha256(data).digest() + bytes(32)
        host_data = hashlib.sha256(self.policy).digest() if self.policy \
            else bytes(32)
        if self.device:
            return snp.build(self.pki, report_data, host_data)
        return snp.fake_v1(report_data, host_data)

    def raw(self, body, data):
        return Response(200, {"report": self.report(data).hex()})

    def combined(self, body, data):
        def text(b):
            return base64.b64encode(b).decode()
        chain = self.thim["vcekCert"] + self.thim["certificateChain"]
        return Response(200, {
            "endorsed_tcb": self.thim["tcbm"], "endorsements": text(chain.encode()),
            "evidence": text(self.report(data)),
            "uvm_endorsements": text(self.uvm)})

    def token(self, endpoint, data):
        def padded(b):
            return base64.urlsafe_b64encode(b).decode()
        if not self.device:
            # The made-up report's TCB is no certificate's, and nobody says
            # where to get others.
            raise Failure("Refreshing CertChain failed: failed to retrieve cert "
                          "chain: certificate endpoint not set")
        chain = self.thim["vcekCert"] + self.thim["certificateChain"]
        inner = {"SnpReport": padded(self.report(data)),
                 "VcekCertChain": padded(chain.encode()),
                 "Endorsements": padded(json.dumps(
                     {"Uvm": [padded(self.uvm)]}).encode())}
        body = {"report": padded(json.dumps(inner).encode()),
                "runtimeData": {"data": padded(data), "dataType": "JSON"},
                "initTimeData": {"data": "", "dataType": ""},
                "nonce": int.from_bytes(os.urandom(8), "big")}
        text = self.call(endpoint, "/attest/SevSnpVM?api-version=2020-10-01", body,
                         ATTEST + "maa post request failed",
                         ATTEST + "pulling maa post response failed")
        token = self.read(text, ATTEST + "unmarshalling maa http response body "
                          "failed").get("token", "")
        if not token:
            raise Failure(ATTEST + "empty token string in maa response")
        return token

    def attest(self, body, data):
        try:
            return Response(200, {"token": self.token(body["maa_endpoint"], data)})
        except Failure as e:
            # No return after the error: the status of the first, both bodies.
            first = failed(403, "attestation failed", e)
            first.body += Response(200, {"token": ""}).body
            return first

    # --- key release ---

    def key_release(self, body):
        try:
            jwk = self.released(body)
        except Failure as e:
            return failed(403, "secure key release failed", e)
        except (KeyError, IndexError):
            return Response(500, b"", kind=None)    # it panics
        return Response(200, {"key": jose.compact(jwk, sort=True).decode()})

    def released(self, body):
        full = jose.jwk_from_private(WRAP)
        public = {"e": full["e"], "key_ops": ["encrypt"], "kid":
                  jose.thumbprint(full), "kty": "RSA", "n": full["n"]}
        runtime = jose.compact({"keys": [public]})
        try:
            token = self.token(body["maa_endpoint"], runtime)
        except Failure as e:
            raise Failure(f"attestation failed: {e}") from None
        bearer = body.get("access_token") or \
            self.identity.token("https://vault.azure.net")
        what = f"releasing the key {body['kid']} failed: "
        text = self.call(
            body["akv_endpoint"], f"/keys/{body['kid']}/release?api-version=7.4",
            {"target": token}, what + "AKV post request failed",
            what + "pulling AKV response body failed", bearer)
        answer = self.read(text, what + "unmarshalling http response to "
                           "releasekey response failed")
        header, payload, *_ = jose.parse(answer["value"])
        header["x5c"][0]                            # or it panics
        inner = payload["response"]["key"]["key"]
        hsm = json.loads(jose.unb64u(inner["key_hsm"]))
        return dict(self.unwrap(WRAP, hsm, inner["kty"], what),
                    key_ops=inner["key_ops"])

    @staticmethod
    def unwrap(key, hsm, kty, what):
        digest = ENC[hsm["header"]["enc"]]
        data = jose.unb64u(hsm["ciphertext"])
        if len(data) < 264:
            raise IndexError("slice bounds out of range")
        try:
            kek = key.decrypt(data[:256], padding.OAEP(
                padding.MGF1(digest()), digest(), None))
        except ValueError:
            raise Failure(what + "aes key unwrap failed: OAEP decryption failed: "
                          "crypto/rsa: decryption error") from None
        material = keywrap.aes_key_unwrap_with_padding(kek, data[256:])
        if kty.startswith("oct"):
            return {"k": jose.b64u(material), "kty": "oct"}
        return jose.jwk_from_private(
            serialization.load_der_private_key(material, None))

    @staticmethod
    def read(text, what):
        try:
            return json.loads(text)
        except ValueError:
            raise Failure(f"{what}: unexpected end of JSON input") from None

    def call(self, host, path, body, not_sent, not_answered, bearer=None):
        """POST; a host without scheme is what it wants, a URL does not
        resolve. The text of a 200 to 207, all of which it takes for success."""
        try:
            at = urllib.parse.urlsplit("//" + host)
            client = http.client.HTTPSConnection(at.hostname, at.port or 443,
                                                 context=self.tls, timeout=20)
            headers = {"Content-Type": "application/json"}
            if bearer:
                headers["Authorization"] = "Bearer " + bearer
            client.request("POST", path, json.dumps(body), headers)
            answer = client.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, ValueError, http.client.HTTPException) as e:
            raise Failure(f"{not_sent}: HTTP GET failed: Post "
                          f"\"https://{host}{path}\": {unreachable(host, e)}") \
                from None
        if not 200 <= answer.status <= 207:
            phrase = PHRASES.get(answer.status, str(answer.status))
            raise Failure(f"{not_answered}: {text}: http response status equal "
                          f"to {phrase}")
        return text
