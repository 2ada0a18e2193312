"""Who one is: IMDS, the identity endpoints, Microsoft Entra; and THIM.

Bearers are JWT-shaped, with aud, exp and tid as the real ones, and signed by a
secret of this run, so that the vaults know theirs.
"""
import datetime
import hashlib
import hmac
import json
import os
import time
import urllib.parse

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from . import jose, snp
from .vault import TENANT
from .web import Response

CLIENT = "00000000-0000-4000-8000-000000000002"
OBJECT = "00000000-0000-4000-8000-000000000003"
RESOURCE = "/subscriptions/s/resourcegroups/g/providers/Microsoft." \
    "ManagedIdentity/userAssignedIdentities/workload"
ALL = ("import", "get", "release", "update", "list", "create")

# The application's; made once, since that takes longer than all the rest.
KEY = rsa.generate_private_key(65537, 2048)


class Identity:
    def __init__(self):
        self.secret = os.urandom(32)
        self.header = os.urandom(16).hex()      # IDENTITY_HEADER
        self.assertion = jose.sign(None, {"alg": "RS256", "typ": "JWT"}, {
            "sub": "system:serviceaccount:default:workload",
            "jti": os.urandom(8).hex()})
        self.ready_at = 0
        self.client_secret = os.urandom(16).hex() + "~&+/="
        self.key = KEY
        self.certificate = self.self_signed()

    def self_signed(self):
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "application")])
        now = datetime.datetime.now(datetime.timezone.utc)
        return x509.CertificateBuilder().subject_name(name).issuer_name(
            name).public_key(self.key.public_key()).serial_number(1).\
            not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(
                now + datetime.timedelta(days=30)).sign(self.key, hashes.SHA256())

    def credential(self):
        """AZURE_CLIENT_CERTIFICATE_PATH: the key and its certificate."""
        return (jose_pem(self.key) + self.certificate.public_bytes(
            serialization.Encoding.PEM)).decode()

    def asserted(self, assertion, audience):
        """A client assertion by that certificate, as the identity platform
        documents it; the problem, or None."""
        try:
            signed, _, sig = assertion.rpartition(".")
            head, body = (json.loads(jose.unb64u(p)) for p in signed.split("."))
            sig = jose.unb64u(sig)
        except ValueError:
            return "AADSTS50027: JWT token is invalid or malformed."
        der = self.certificate.public_bytes(serialization.Encoding.DER)
        if head.get("x5t#S256") != jose.b64u(hashlib.sha256(der).digest()):
            return "AADSTS700027: The certificate with identifier used to sign " \
                "the client assertion is not registered on application."
        try:
            if head != {"alg": "PS256", "typ": "JWT", "x5t#S256": head["x5t#S256"],
                        **({"x5c": head["x5c"]} if "x5c" in head else {})}:
                raise ValueError
            self.key.public_key().verify(
                sig, signed.encode(), padding.PSS(
                    padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
        except (InvalidSignature, ValueError):
            return "AADSTS700027: Client assertion contains an invalid signature."
        now = time.time()
        if body["aud"] != audience or body["iss"] != CLIENT or \
                body["sub"] != CLIENT or not body["jti"]:
            return "AADSTS700023: Client assertion audience claim does not match " \
                "Realm issuer."
        if not body["nbf"] - 60 <= now < body["exp"] <= now + 660:
            return "AADSTS700024: Client assertion is not within its valid time " \
                "range."
        return None

    def token(self, resource, **claims):
        now = int(time.time())
        head = jose.compact({"typ": "JWT", "alg": "RS256", "kid": "stand-in"})
        body = jose.compact(dict({
            "aud": resource.rstrip("/"), "iss": f"https://sts.windows.net/{TENANT}/",
            "iat": now, "nbf": now, "exp": now + 86400, "appid": CLIENT,
            "oid": CLIENT, "tid": TENANT, "permissions": ALL}, **claims))
        signed = jose.b64u(head) + "." + jose.b64u(body)
        return signed + "." + jose.b64u(self.mac(signed))

    def mac(self, signed):
        return hmac.digest(self.secret, signed.encode(), "sha256")

    def check(self, token, resource):
        """(claims, problem); the messages are the vault's."""
        try:
            signed, _, mac = token.rpartition(".")
            claims = json.loads(jose.unb64u(signed.split(".")[1]))
            good = hmac.compare_digest(jose.unb64u(mac), self.mac(signed))
        except (ValueError, IndexError):
            return {}, "Error validating token: IDX12741: JWT must have three " \
                "segments (JWS) or five segments (JWE)."
        if claims.get("aud") != resource:
            return {}, "AKV10022: Invalid audience. Expected " \
                f"{resource}, found: {claims.get('aud')}."
        if claims.get("tid") != TENANT:
            return {}, "AKV10032: Invalid issuer. Expected one of " \
                f"https://sts.windows.net/{TENANT}/, found {claims.get('iss')}."
        if claims.get("exp", 0) < time.time():
            return {}, "Error validating token: IDX10223: Lifetime validation " \
                "failed. The token is expired."
        if not good:
            return {}, "Error validating token: IDX10511: Signature validation " \
                "failed."
        return claims, None


def answer(identity, resource, integer=False):
    now = int(time.time())
    shown = {"access_token": identity.token(resource), "client_id": CLIENT,
             "expires_in": 86400, "expires_on": now + 86400, "not_before": now,
             "resource": resource, "token_type": "Bearer"}
    if not integer:
        shown = {k: str(v) for k, v in shown.items()}
    return Response(200, shown)


def oauth_error(status, error, text, **more):
    return Response(status, {"error": error, "error_description": text, **more})


class Imds:
    """169.254.169.254: tokens and THIM; plain http, header Metadata: true."""

    def __init__(self, pki, identity):
        self.pki, self.identity = pki, identity

    def __call__(self, request):
        if request.headers.get("Metadata", "").lower() != "true":
            return oauth_error(400, "bad_request_102",
                               "Required metadata header not specified")
        if "X-Forwarded-For" in request.headers:
            return oauth_error(400, "bad_request", "request was forwarded")
        if request.method != "GET":
            return Response(405)
        if request.path == "/metadata/identity/oauth2/token":
            return self.token(request)
        if request.path == "/metadata/THIM/amd/certification":
            return self.thim(request)
        return Response(404)

    def token(self, request):
        q = request.query
        if q.get("api-version") != "2018-02-01":
            return oauth_error(400, "bad_request", "Unsupported api-version")
        if not q.get("resource"):
            return oauth_error(400, "invalid_resource",
                               "AADSTS50001: The application named  was not found")
        if wrong_identity(q, "msi_res_id"):
            return oauth_error(400, "invalid_request", "Identity not found")
        if time.time() < self.identity.ready_at:
            return Response(404)
        return answer(self.identity, q["resource"])

    def thim(self, request):
        """The set may be chosen with productName; a wrong chip or TCB is 404."""
        q = request.query
        product = q.get("productName", "Milan").lower()
        where = os.path.join(self.pki, product)
        if not os.path.isdir(where):
            return Response(404)
        made = json.loads(snp.read(where, "thim.json"))
        if q.get("platformId", "").lower() not in (
                "", snp.read(where, "chip-id").strip()) or \
                q.get("tcbVersion", made["tcbm"]).upper() != made["tcbm"]:
            return Response(404)
        return Response(200, made)


class Endpoint:
    """IDENTITY_ENDPOINT: App Service (http) and Service Fabric (https) styles."""

    def __init__(self, identity):
        self.identity = identity

    def __call__(self, request):
        q, h = request.query, request.headers
        styles = {"2019-08-01": "X-IDENTITY-HEADER", "2017-09-01": "Secret",
                  "2019-07-01-preview": "Secret"}
        header = styles.get(q.get("api-version"))
        if header is None:
            return Response(400, {"error": {
                "code": "BadRequest", "message": "Unsupported api-version"}})
        if h.get(header) != self.identity.header:
            return Response(401, {"error": {
                "code": "Unauthorized", "message": "secret is wrong"}})
        if not q.get("resource"):
            return Response(400, {"error": {
                "code": "BadRequest", "message": "resource is missing"}})
        fabric = q["api-version"] == "2019-07-01-preview"
        if wrong_identity(q, "mi_res_id") or (fabric and set(q) - {
                "api-version", "resource"}):
            return Response(400, {"error": {
                "code": "BadRequest", "message": "no such identity"}})
        return answer(self.identity, q["resource"],
                      q["api-version"] == "2019-07-01-preview")


class Entra:
    """POST /TENANT/oauth2/v2.0/token for a federated workload."""

    def __init__(self, identity):
        self.identity = identity

    def __call__(self, request):
        if request.method != "POST" or \
                request.path != f"/{TENANT}/oauth2/v2.0/token":
            return Response(404)
        form = dict(urllib.parse.parse_qsl(request.body.decode()))
        trace = {"error_codes": [700016], "trace_id": os.urandom(8).hex(),
                 "correlation_id": os.urandom(8).hex()}
        if form.get("client_id") != CLIENT:
            return oauth_error(400, "unauthorized_client", "AADSTS700016: "
                               "Application was not found in the directory.",
                               **trace)
        problem = self.problem(form, request)
        if problem:
            return oauth_error(*problem, **trace)
        if not form.get("scope", "").endswith("/.default"):
            return oauth_error(400, "invalid_scope", "AADSTS1002012: The provided "
                               "value for scope is not valid.", **trace)
        resource = form["scope"].removesuffix("/.default")
        return Response(200, {"token_type": "Bearer", "expires_in": 3599,
                              "ext_expires_in": 3599,
                              "access_token": self.identity.token(resource)})


    def problem(self, form, request):
        """status, error, text, or None"""
        kind = form.get("client_assertion_type")
        if form.get("grant_type") != "client_credentials" or (
                kind != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
                if "client_assertion" in form else "client_secret" not in form):
            return 400, "invalid_request", "AADSTS900144: The request body must " \
                "contain a parameter."
        if "client_secret" in form:
            if form["client_secret"] == self.identity.client_secret:
                return None
            return 401, "invalid_client", "AADSTS7000215: Invalid client secret " \
                "provided. Ensure the secret being sent in the request is the " \
                "client secret value, not the client secret ID."
        assertion = form["client_assertion"]
        if assertion == self.identity.assertion:
            return None
        try:
            by_certificate = b'"x5t' in jose.unb64u(assertion.split(".")[0])
        except ValueError:
            by_certificate = False
        if not by_certificate:
            return 401, "invalid_client", "AADSTS700211: No matching federated " \
                "identity record found."
        text = self.identity.asserted(assertion, request.authority + request.path)
        return text and (401, "invalid_client", text)


def wrong_identity(query, resource):
    """Does a query name another identity than the one there is?"""
    known = {"client_id": CLIENT, "object_id": OBJECT, resource: RESOURCE}
    return any(query[n] != v for n, v in known.items() if n in query) or \
        len(set(known) & set(query)) > 1


def jose_pem(key):
    return key.private_bytes(serialization.Encoding.PEM,
                             serialization.PrivateFormat.PKCS8,
                             serialization.NoEncryption())


def thumbprint(certificate):
    """IDENTITY_SERVER_THUMBPRINT: SHA-1 of the server's certificate."""
    return hashlib.sha1(certificate).hexdigest().upper()
