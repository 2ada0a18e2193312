"""Who one is: IMDS, the identity endpoints, Microsoft Entra; and THIM.

Bearers are JWT-shaped, with aud, exp and tid as the real ones, and signed by a
secret of this run, so that the vaults know theirs.
"""
import hashlib
import hmac
import json
import os
import time
import urllib.parse

from . import jose, snp
from .vault import TENANT
from .web import Response

CLIENT = "00000000-0000-4000-8000-000000000002"
ALL = ("import", "get", "release")


class Identity:
    def __init__(self):
        self.secret = os.urandom(32)
        self.header = os.urandom(16).hex()      # IDENTITY_HEADER
        self.assertion = jose.sign(None, {"alg": "RS256", "typ": "JWT"}, {
            "sub": "system:serviceaccount:default:workload",
            "jti": os.urandom(8).hex()})
        self.ready_at = 0

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
        if q.get("client_id", CLIENT) != CLIENT:
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
        if form.get("grant_type") != "client_credentials" or form.get(
                "client_assertion_type") != ("urn:ietf:params:oauth:"
                                             "client-assertion-type:jwt-bearer"):
            return oauth_error(400, "invalid_request", "AADSTS900144: The request "
                               "body must contain a parameter.", **trace)
        if form.get("client_assertion") != self.identity.assertion:
            return oauth_error(401, "invalid_client", "AADSTS700211: No matching "
                               "federated identity record found.", **trace)
        if not form.get("scope", "").endswith("/.default"):
            return oauth_error(400, "invalid_scope", "AADSTS1002012: The provided "
                               "value for scope is not valid.", **trace)
        resource = form["scope"].removesuffix("/.default")
        return Response(200, {"token_type": "Bearer", "expires_in": 3599,
                              "ext_expires_in": 3599,
                              "access_token": self.identity.token(resource)})


def thumbprint(certificate):
    """IDENTITY_SERVER_THUMBPRINT: SHA-1 of the server's certificate."""
    return hashlib.sha1(certificate).hexdigest().upper()
