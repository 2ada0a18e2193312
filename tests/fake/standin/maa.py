"""Microsoft Azure Attestation: /attest/SevSnpVm, /certs, OpenID metadata,
/policies/TYPE.

Verifies the evidence as the service does (encodings, report signature, chain,
report data, endorsement) and mints RS256 tokens with its claims. Faults:
wrong-nonce wrong-issuer wrong-reportdata wrong-kid wrong-jku tamper-signature
no-nonce expired need-bearer, and claims (with `set` and `remove`).
"""
import base64
import hashlib
import json
import os
import time

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization

from . import cose, jose, snp
from .web import Response, request_id

VERSIONS = ("2020-10-01", "2022-08-01", "2022-09-01-preview", "2025-06-01")
DEFAULT_POLICY = "9NY0VnTQ-IiBriBplVUpFbczcDaEBUwsiFYAzHu_gco"
COMPLIANCE = {"ContainerPlat-AMD-UVM": "azure-compliant-uvm",
              "ConfAKS-AMD-UVM": "azure-signed-katacc-uvm"}
LIFETIME = 28800
# What a provider begins with; its hash in tokens is the service's own for its
# default, whose text is not published.
POLICY_TEXT = "version= 1.0;\nauthorizationrules\n{\n\t=> permit();\n};\n" \
    "issuancerules\n{\n};\n"
TYPES = {t.lower(): t for t in ("SevSnpVm", "AzureGuest", "SgxEnclave",
                                "OpenEnclave", "Tpm")}


class Refusal(Exception):
    """code, message"""


def decoded(value, what):
    try:
        return jose.unb64u(value)
    except ValueError:
        raise Refusal("InvalidParameter",
                      f"{what} is not valid base64url") from None


def json_object(data, what):
    try:
        value = json.loads(data.decode("utf-8"))
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Refusal("InvalidParameter", f"{what} is not a valid JSON object")
    return value


def native(sentence):
    """The service wraps its findings in lines of its own machinery."""
    return ("Native operation failed with 65518: "
            "G:\\Az\\src\\Attestation\\SevSnp\\SevSnpVerifier.cpp(168): "
            "SEV-SNP evidence verification failed\n"
            "SevSnpVerifier.cpp(91): Evidence Error has occurred "
            f"Msg:[{sentence}]")


def digest(text):
    return jose.b64u(hashlib.sha256(text.encode()).digest())


def unsigned(policy):
    return jose.sign(None, {"alg": "none"}, {
        "AttestationPolicy": jose.b64u(policy.encode())})


def policy_text(payload):
    """Of a policy token; an empty one is no policy."""
    text = jose.unb64u(payload["AttestationPolicy"])
    if not text.strip().startswith(b"version"):
        raise ValueError("no version")
    return text


class Maa:
    def __init__(self, pki, identity):
        self.pki, self.identity, self.issuer = pki, identity, None
        self.certificates, self.keys, self.kids = {}, {}, {}
        for name in ("maa", "maa2"):
            with open(f"{pki}/{name}.pem", "rb") as f:
                self.certificates[name] = x509.load_pem_x509_certificate(f.read())
            self.keys[name] = snp.signing_key(f"{pki}/{name}.key")
            self.kids[name] = self.kid(name)
        self.signer = "maa"
        self.policies = {}                          # type → policy JWS
        self.roots = [snp.spki(snp.split_pem(snp.read(pki, d, "ark.pem"))[0])
                      for d in ("milan", "genoa", "turin")]
        self.issuers = [snp.read(pki, d) for d in ("uvm-did", "uvm-aks-did")]
        self.chain = snp.split_pem(snp.read(pki, "vault-chain.pem"))

    def kid(self, name):
        """base64(SHA-256(PEM of the public key, and a NUL)), padded"""
        pem = self.certificates[name].public_key().public_bytes(
            serialization.Encoding.PEM,
            serialization.PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(hashlib.sha256(pem + b"\0").digest()).decode()

    # --- routes ---

    def __call__(self, request):
        path = request.path.lower()
        if request.method == "POST" and path == "/attest/sevsnpvm":
            return self.attest(request)
        if request.method == "GET" and path == "/certs":
            return self.certs()
        if request.method == "GET" and \
                path == "/.well-known/openid-configuration":
            return self.metadata(request)
        if path.startswith("/policies/"):
            return self.policy(request, path.removeprefix("/policies/"))
        return Response(404, b"", {"x-ms-request-id": request_id()}, kind=None)

    # --- policies ---

    def policy(self, request, path):
        """GET, PUT and POST :reset, for who is allowed to."""
        name, _, action = path.partition(":")
        if name not in TYPES or (request.method, action) not in (
                ("GET", ""), ("PUT", ""), ("POST", "reset")):
            return Response(404, b"", {"x-ms-request-id": request_id()}, kind=None)
        if self.identity.check(request.bearer() or "",
                               "https://attest.azure.net")[1]:
            return self.refuse(401, "Unauthorized", "The request is unauthorized: "
                               "the caller needs the role Attestation Reader.")
        if request.method == "GET":
            return self.told({"x-ms-policy": self.policies.get(
                name, unsigned(POLICY_TEXT))}, request)
        if action == "reset":
            self.policies.pop(name, None)
            return self.told({"x-ms-policy-result": "Removed"}, request)
        token = request.body.decode("ascii", "replace").strip()
        try:
            signer = self.check_policy(token)
        except (ValueError, KeyError, IndexError, TypeError):
            return self.refuse(400, "PolicyParsingError", "The policy token is "
                               "not a valid one.")
        self.policies[name] = token
        return self.told({
            "x-ms-policy-result": "Updated",
            "x-ms-policy-token-hash": digest(token), **signer}, request)

    def told(self, result, request):
        return Response(200, {"token": self.mint(
            dict(result, jti=os.urandom(32).hex()), request.fault)},
            {"x-ms-request-id": request_id()})

    @staticmethod
    def check_policy(token):
        """x-ms-policy-signer of a policy that somebody signed; ValueError."""
        header, payload, data, signature = jose.parse(token)
        policy_text(payload)
        if header.get("alg") == "none":
            if signature:
                raise ValueError("a signature with alg none")
            return {}
        # An SDK of Azure writes "RSA256", and the certificate into a jwk.
        if header.get("alg") not in ("RS256", "RSA256"):
            raise ValueError("no such alg")
        x5c = header.get("x5c") or header["jwk"]["x5c"]
        certificate = x509.load_der_x509_certificate(base64.b64decode(x5c[0]))
        try:
            certificate.public_key().verify(signature, data, *jose.RS256)
        except InvalidSignature:
            raise ValueError("signature is invalid") from None
        return {"x-ms-policy-signer": {"kty": "RSA", "x5c": x5c}}

    def policy_hash(self, name):
        if name not in self.policies:
            return DEFAULT_POLICY
        payload = jose.parse(self.policies[name])[1]
        return digest(jose.b64u(policy_text(payload)))

    def refuse(self, status, code, message):
        return Response(status, {"error": {"code": code, "message": message}},
                        {"x-ms-request-id": request_id(),
                         "x-ms-error-code": code}, chunked=True)

    def attest(self, request):
        version = request.query.get("api-version")
        if version is None:
            return self.refuse(400, "ApiVersionUnspecified",
                               "An API version is required, but was not specified.")
        if version not in VERSIONS:
            return self.refuse(400, "UnsupportedApiVersion", "The HTTP resource "
                               f"that matches the request URI does not support "
                               f"the API version '{version}'.")
        if request.fault.get("kind") == "need-bearer" and self.identity.check(
                request.bearer() or "", "https://attest.azure.net")[1]:
            return self.refuse(401, "Unauthorized", "The request is unauthorized: "
                               "the caller needs the role Attestation Reader.")
        if not request.is_json():
            return Response(415, b"", {"x-ms-request-id": request_id()})
        try:
            token = self.evaluate(request)
        except Refusal as e:
            return self.refuse(400, *e.args)
        return Response(200, {"token": token},
                        {"x-ms-request-id": request_id(),
                         "x-ms-maa-service-version": "1.10.01644.0004"})

    def certs(self):
        names = [self.signer] + [n for n in self.keys if n < self.signer]
        keys = [{"x5c": [self.der(self.certificates[n])], "kid": self.kids[n],
                 "kty": "RSA"} for n in names]
        # The service's other keys have chains and kids of another shape.
        thumb = hashlib.sha1(base64.b64decode(self.der(self.chain[0]))).digest()
        keys.append({"x5c": [self.der(c) for c in self.chain],
                     "kid": jose.b64u(thumb), "kty": "RSA"})
        return Response(200, {"keys": keys}, kind="application/json; charset=utf-8")

    @staticmethod
    def der(certificate):
        return base64.b64encode(certificate.public_bytes(
            serialization.Encoding.DER)).decode()

    def metadata(self, request):
        issuer = self.issuer
        if request.fault.get("kind") == "wrong-issuer":
            issuer = "https://attest.example"
        return Response(200, {
            "response_types_supported": ["token", "none"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "revocation_endpoint": issuer + "/revoke", "issuer": issuer,
            "jwks_uri": issuer + "/certs",
            "claims_supported": ["cnf", "nonce", "x-ms-ver"]})

    # --- evidence ---

    def evaluate(self, request):
        try:
            body = request.json()
        except ValueError:
            raise Refusal("InvalidParameter",
                          "The request body is not valid JSON") from None
        nonce = body.get("nonce")
        if isinstance(nonce, int) and not isinstance(nonce, bool):
            nonce = str(nonce)  # the sidecar sends a number
        if nonce is not None and not isinstance(nonce, str):
            raise Refusal("InvalidParameter", "nonce is not a string")
        fields, product, endorsement = self.evidence(body.get("report"))
        claims = self.claims(fields, product)
        if nonce is not None:
            claims["nonce"] = nonce
        if endorsement:
            claims["x-ms-compliance-status"] = COMPLIANCE[endorsement["feed"]]
            claims["x-ms-sevsnpvm-uvm-endorsement"] = endorsement["payload"]
            claims["x-ms-sevsnpvm-uvm-endorsement-headers"] = {
                k: endorsement[k] for k in ("feed", "iss")}
        claims.update(self.runtime(body.get("runtimeData"), fields))
        claims.update(self.inittime(body.get("initTimeData"), fields))
        return self.mint(claims, request.fault)

    def evidence(self, report):
        inner = json_object(decoded(report, "report"), "report")
        raw = decoded(inner.get("SnpReport"), "SnpReport")
        pem = decoded(inner.get("VcekCertChain"), "VcekCertChain")
        try:
            fields, product = snp.verify(raw, pem.decode("ascii", "replace"),
                                         self.roots)
        except snp.SnpError as e:
            raise Refusal("InvalidParameter", native(str(e))) from None
        if inner.get("Endorsements") is None:
            return fields, product, None
        document = json_object(decoded(inner["Endorsements"], "Endorsements"),
                               "Endorsements")
        uvm = document.get("Uvm")
        if not isinstance(uvm, list) or len(uvm) != 1:
            raise Refusal("InvalidParameter", "Endorsements.Uvm is not an array")
        try:
            found = cose.verify(decoded(uvm[0], "Endorsements.Uvm[0]"))
            cose.need(found["iss"] in self.issuers, "issuer is not trusted")
            cose.need(found["feed"] in COMPLIANCE, "feed is not known")
            cose.need(found["payload"].get("x-ms-sevsnpvm-launchmeasurement") ==
                      fields["measurement"].hex(),
                      "launch measurement is not the endorsed one")
        except cose.CoseError as e:
            raise Refusal("InvalidParameter",
                          native("UVM endorsement: " + str(e))) from None
        return fields, product, found

    def runtime(self, member, fields):
        if member is None:
            return {}
        if not isinstance(member, dict) or \
                member.get("dataType") not in ("JSON", "Binary"):
            raise Refusal("InvalidParameter", "runtimeData has no dataType")
        data = decoded(member.get("data"), "runtimeData.data")
        digest = hashlib.sha256(data).digest() + bytes(32)
        if digest != fields["report_data"]:
            raise Refusal("InvalidParameter", native(
                "runtime data hash does not match report data"))
        if member["dataType"] == "Binary":
            return {}
        return {"x-ms-runtime": json_object(data, "runtimeData.data")}

    def inittime(self, member, fields):
        if not isinstance(member, dict) or not member.get("data"):
            return {}
        data = decoded(member["data"], "initTimeData.data")
        if hashlib.sha256(data).digest() != fields["host_data"]:
            raise Refusal("InvalidParameter", native(
                "init time data hash does not match host data"))
        return {"x-ms-inittime": json_object(data, "initTimeData.data")}

    def claims(self, f, product):
        tcb, at = f["reported_tcb"], snp.TCB[product]
        p = "x-ms-sevsnpvm-"
        return {
            "iss": self.issuer, "jti": os.urandom(32).hex(), "x-ms-ver": "1.0",
            "x-ms-attestation-type": "sevsnpvm",
            "x-ms-policy-hash": self.policy_hash("sevsnpvm"),
            p + "authorkeydigest": f["author_key_digest"].hex(),
            p + "idkeydigest": f["id_key_digest"].hex(),
            p + "launchmeasurement": f["measurement"].hex(),
            p + "reportdata": f["report_data"].hex(),
            p + "hostdata": f["host_data"].hex(),
            p + "reportid": f["report_id"].hex(),
            p + "familyId": f["family_id"].hex(),
            p + "imageId": f["image_id"].hex(),
            p + "bootloader-svn": tcb[at["bootloader"]],
            p + "tee-svn": tcb[at["tee"]],
            p + "snpfw-svn": tcb[at["snp"]],
            p + "microcode-svn": tcb[at["microcode"]],
            p + "guestsvn": f["guest_svn"], p + "vmpl": f["vmpl"],
            p + "is-debuggable": bool(f["policy"] >> 19 & 1),
            p + "migration-allowed": bool(f["policy"] >> 18 & 1),
            p + "smt-allowed": bool(f["policy"] >> 16 & 1),
        }

    # --- tokens ---

    def mint(self, claims, fault=None, header=None, signer=None):
        """A token; any claims may be given (the control port does)."""
        now = int(time.time())
        claims = dict({"exp": now + LIFETIME, "iat": now, "nbf": now,
                       "iss": self.issuer}, **claims)
        name = signer or self.signer
        head = dict({"alg": "RS256", "jku": self.issuer + "/certs",
                     "kid": self.kids.get(name, "none"), "typ": "JWT"},
                    **(header or {}))
        kind = (fault or {}).get("kind")
        self.spoil(kind, fault, claims, head, now)
        token = jose.sign(self.keys.get(name), head, claims)
        if kind == "tamper-signature":
            cut = token.rindex(".") + 20
            flipped = "A" if token[cut] != "A" else "B"
            token = token[:cut] + flipped + token[cut + 1:]
        return token

    def spoil(self, kind, fault, claims, head, now):
        if kind == "wrong-nonce":
            claims["nonce"] = "of another request"
        elif kind == "no-nonce":
            claims.pop("nonce", None)
        elif kind == "wrong-issuer":
            claims["iss"] = "https://attest.example"
        elif kind == "wrong-jku":
            head["jku"] = "https://attest.example/certs"
        elif kind == "wrong-kid":
            head["kid"] = self.kids["maa2"][::-1]
        elif kind == "wrong-reportdata":
            claims["x-ms-sevsnpvm-reportdata"] = "00" * 64
        elif kind == "expired":
            claims.update(iat=now - 2 * LIFETIME, nbf=now - 2 * LIFETIME,
                          exp=now - LIFETIME)
        elif kind == "claims":
            claims.update(fault.get("set", {}))
            for name in fault.get("remove", ()):
                claims.pop(name, None)

    def check(self, token):
        """The claims of a token that this service signed; ValueError."""
        header, _, _, _ = jose.parse(token)
        names = [n for n, k in self.kids.items() if k == header.get("kid")]
        if not names:
            raise ValueError("kid is unknown")
        claims = jose.verify(token, self.keys[names[0]].public_key())[1]
        now = time.time()
        if not claims.get("nbf", 0) - 300 <= now <= claims.get("exp", 0) + 300:
            raise ValueError("token is not valid now")
        return claims
