"""The secure key release sidecar, with its answers, status codes and defects.

It has the SNP device (the set's key), calls MAA and the vault over TLS as a
client, and errs as the real one does: two JSON objects after a failed attest,
{"error":{}} for a bad release request, four lines of links after each message.
"""
import base64
import hashlib
import http.client
import json
import os
import re
import ssl
import urllib.parse

from cryptography.hazmat.primitives import keywrap, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from . import cose, jose, snp
from .vault import ENC
from .web import Response

DOCS = "https://github.com/microsoft/confidential-sidecar-containers/blob/main/" \
    "examples/skr/"
TRAILER = ("ERROR: Please refer to the documentation for more information on how "
           f"to use this sidecar.\nACI: {DOCS}aci/README.md\n"
           f"KATA: {DOCS}aks/README.md\nTroubleshooting: {DOCS}TROUBLESHOOTING.md")
ROUTES = {"/attest/raw": ("runtime_data",),
          "/attest/combined": ("runtime_data",),
          "/attest/maa": ("maa_endpoint", "runtime_data"),
          "/key/release": ("maa_endpoint", "akv_endpoint", "kid")}
PHRASES = {400: "400 Bad Request", 401: "401 Unauthorized", 403: "403 Forbidden",
           404: "404 Not Found", 429: "429 Too Many Requests",
           500: "500 Internal Server Error", 503: "503 Service Unavailable"}


class Failure(Exception):
    """A chain of wrapped messages, outermost first."""


def go_base64(text):
    """The standard alphabet with padding; CR and LF are ignored."""
    clean = re.sub("[\r\n]", "", text)
    try:
        data = base64.b64decode(clean, validate=True)
    except ValueError:
        raise ValueError("illegal base64 data at input byte 0") from None
    return data


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
        members = ROUTES.get(request.path)
        if members is None or request.method != "POST":
            return Response(404, b"404 page not found", kind="text/plain")
        body, problem = self.bind(request, members)
        if problem and request.path == "/key/release":
            return Response(400, {"error": {}})     # an error value, marshalled
        if problem:
            return Response(400, {"error": "invalid request format: " + problem})
        if request.path == "/key/release":
            return self.key_release(body)
        try:
            data = go_base64(body["runtime_data"])
        except ValueError as e:
            return Response(400, {"error": "decoding base64-encoded runtime data "
                                           f"of request failed: {e}"})
        return {"/attest/raw": self.raw, "/attest/combined": self.combined,
                "/attest/maa": self.attest}[request.path](body, data)

    @staticmethod
    def bind(request, members):
        try:
            body = request.json()
        except ValueError:
            return None, "invalid character looking for beginning of value"
        for name in members:
            if not isinstance(body.get(name, ""), str):
                return None, "json: cannot unmarshal into Go struct field"
            if not body.get(name):
                field = "".join(p.title() for p in name.split("_"))
                return None, f"Key: '{field}' Error:Field validation for " \
                    f"'{field}' failed on the 'required' tag"
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
        try:
            json.loads(data)
        except ValueError:
            raise Failure("runtimeData is not JSON") from None
        chain = self.thim["vcekCert"] + self.thim["certificateChain"]
        inner = {"SnpReport": padded(self.report(data)),
                 "VcekCertChain": padded(chain.encode()),
                 "Endorsements": padded(json.dumps(
                     {"Uvm": [padded(self.uvm)]}).encode())}
        body = {"report": padded(json.dumps(inner).encode()),
                "runtimeData": {"data": padded(data), "dataType": "JSON"},
                "initTimeData": {"data": "", "dataType": ""},
                "nonce": int.from_bytes(os.urandom(8), "big")}
        answer = self.call("POST", endpoint,
                           "/attest/SevSnpVM?api-version=2020-10-01", body,
                           "retrieving MAA token from MAA endpoint failed: "
                           "maa post request failed: pulling maa post response "
                           "failed")
        return answer.get("token", "")

    def attest(self, body, data):
        try:
            return Response(200, {"token": self.token(body["maa_endpoint"], data)})
        except Failure as e:
            # No return after the error: the status of the first, both bodies.
            first = Response(403, {"error": f"{e}\n{TRAILER}"})
            first.body += Response(200, {"token": ""}).body
            return first

    # --- key release ---

    def key_release(self, body):
        try:
            jwk = self.released(body)
        except Failure as e:
            return Response(403, {"error": f"{e}\n{TRAILER}"})
        except (KeyError, ValueError, IndexError):
            return Response(500, b"", kind=None)    # it panics
        return Response(200, {"key": jose.compact(jwk, sort=True).decode()})

    def released(self, body):
        key = rsa.generate_private_key(65537, 2048)
        full = jose.jwk_from_private(key)
        public = {"e": full["e"], "key_ops": ["encrypt"], "kid":
                  jose.thumbprint(full), "kty": "RSA", "n": full["n"]}
        runtime = jose.compact({"keys": [public]})
        token = self.token(body["maa_endpoint"], runtime)
        if not token:
            raise Failure("retrieving MAA token failed")
        bearer = body.get("access_token") or \
            self.identity.token("https://vault.azure.net")
        answer = self.call(
            "POST", body["akv_endpoint"],
            f"/keys/{body['kid']}/release?api-version=7.4", {"target": token},
            "releasing the key " + body["kid"] + " failed: AKV post request failed: "
            "pulling AKV post response failed", bearer)
        payload = jose.parse(answer["value"])[1]
        inner = payload["response"]["key"]["key"]
        hsm = json.loads(jose.unb64u(inner["key_hsm"]))
        digest = ENC[hsm["header"]["enc"]]
        data = jose.unb64u(hsm["ciphertext"])
        kek = key.decrypt(data[:256], padding.OAEP(
            padding.MGF1(digest()), digest(), None))
        material = keywrap.aes_key_unwrap_with_padding(kek, data[256:])
        if inner["kty"].startswith("oct"):
            jwk = {"k": jose.b64u(material), "kty": "oct"}
        else:
            jwk = jose.jwk_from_private(
                serialization.load_der_private_key(material, None))
        return dict(jwk, key_ops=inner["key_ops"])

    def call(self, method, host, path, body, what, bearer=None):
        """A host without scheme is what it wants; a URL does not resolve."""
        try:
            at = urllib.parse.urlsplit("//" + host)
            client = http.client.HTTPSConnection(at.hostname, at.port or 443,
                                                 context=self.tls, timeout=20)
            headers = {"Content-Type": "application/json"}
            if bearer:
                headers["Authorization"] = "Bearer " + bearer
            client.request(method, path, json.dumps(body), headers)
            answer = client.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, ValueError, http.client.HTTPException) as e:
            raise Failure(f"{what}: HTTP GET failed: Post \"https://{host}{path}\": "
                          f"{e}") from None
        if not 200 <= answer.status <= 207:
            phrase = PHRASES.get(answer.status, str(answer.status))
            raise Failure(f"{what}: {text}: http response status equal to {phrase}")
        try:
            return json.loads(text)
        except ValueError:
            raise Failure(f"{what}: unmarshalling response failed: unexpected end "
                          "of JSON input") from None
