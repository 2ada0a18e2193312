"""Azure Key Vault and Managed HSM: create, import, get, list, update and
release of keys, as the SDKs of Azure ask for them.

Checks bearer, api-version, attestation token and release policy, wraps as the
three `enc` values say and signs the answer. Faults: wrong-enc wrong-nonce
no-nonce wrong-kid evil-chain wrong-host expired-chain tamper-signature
alg-none no-x5c, other-key (of GET), ciphertext (with `hex` or `file`, and
`enc`), payload (with `set`: dotted path → value).
"""
import base64
import hashlib
import json
import os
import re
import time

from cryptography.hazmat.primitives import hashes, keywrap, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from . import jose, snp
from .web import Response, request_id

VERSIONS = ("7.3-preview", "7.3", "7.4", "7.5", "7.6", "2025-07-01")
ENC = {"CKM_RSA_AES_KEY_WRAP": hashes.SHA1,
       "RSA_AES_KEY_WRAP_256": hashes.SHA256,
       "RSA_AES_KEY_WRAP_384": hashes.SHA384}
TENANT = "00000000-0000-4000-8000-000000000001"
POLICY_TYPE = "application/json; charset=utf-8"
CHAINS = {"evil-chain": "vault-evil", "wrong-host": "vault-elsewhere",
          "expired-chain": "vault-expired"}
NOT_FOUND = ("A key with (name/id) {} was not found in this key vault. If you "
             "recently deleted this key you may be able to recover it using "
             "the correct recovery command.")


class Refusal(Exception):
    """status, code, message, inner code or None"""


# --- release policies ------------------------------------------------------------

def text(value):
    """Policies hold strings even for numbers and booleans."""
    return value if isinstance(value, str) else json.dumps(value)


def claim(claims, path):
    for name in path.split("."):
        if not isinstance(claims, dict) or name not in claims:
            return None
        claims = claims[name]
    return claims


def holds(condition, claims):
    if "anyOf" in condition:
        return any(holds(c, claims) for c in condition["anyOf"])
    if "allOf" in condition:
        return all(holds(c, claims) for c in condition["allOf"])
    found = claim(claims, condition["claim"])
    return found is not None and text(found) == text(condition["equals"])


def permits(policy, claims):
    """Does one authority's block fit the token?"""
    def entry(block):
        authority = block.get("authority", "").rstrip("/")
        rules = {k: v for k, v in block.items() if k in ("anyOf", "allOf")}
        return authority == claims.get("iss", "").rstrip("/") and \
            all(holds({k: v}, claims) for k, v in rules.items())
    how = all if "allOf" in policy else any
    return how(entry(b) for b in policy.get("allOf") or policy.get("anyOf", []))


# --- wrapping --------------------------------------------------------------------

def wrapping_key(claims):
    """(kid, key): the first of x-ms-runtime.keys that is for encryption."""
    keys = claim(claims, "x-ms-runtime.keys")
    for jwk in keys if isinstance(keys, list) else []:
        try:
            use = jwk.get("use", jwk.get("key_use"))
            if jwk["kty"] == "RSA" and \
                    (use == "enc" or "encrypt" in jwk.get("key_ops", ())):
                key = jose.rsa_public(jwk)
                if key.key_size >= 2048:
                    return jwk.get("kid", ""), key
        except (KeyError, ValueError, TypeError, AttributeError):
            continue
    raise Refusal(400, "BadParameter", "Target environment attestation statement "
                  "has no key encryption key.", None)


def wrap(key, enc, material):
    kek = os.urandom(32)
    digest = ENC[enc]
    head = key.encrypt(kek, padding.OAEP(
        padding.MGF1(digest()), digest(), None))
    return head + keywrap.aes_key_wrap_with_padding(kek, material)


# --- keys ------------------------------------------------------------------------

class Key:
    """One version of a key: its material, its public part, its policy."""

    def __init__(self, jwk, attributes, policy, hsm, tags):
        self.version = os.urandom(16).hex()
        self.kty = jwk["kty"].removesuffix("-HSM") + ("-HSM" if hsm else "")
        self.ops = jwk.get("key_ops")
        self.attributes = attributes
        self.policy = policy
        self.tags = tags or {}
        if jwk["kty"].startswith("oct"):
            self.material, self.public = jose.unb64u(jwk["k"]), {}
            if len(self.material) > 64:
                raise Refusal(400, "BadParameter", "k property of oct key is too "
                              "large, maximum size is 64", None)
            self.ops = self.ops or ["encrypt", "decrypt", "wrapKey", "unwrapKey"]
            return
        private = jose.private_from_jwk(jwk)
        self.material = jose.pkcs8(private)
        full = jose.jwk_from_private(private)
        self.public = {n: full[n] for n in ("crv", "x", "y", "n", "e") if n in full}
        self.ops = self.ops or (["sign", "verify"] if "x" in full else
                                ["encrypt", "decrypt", "wrapKey", "unwrapKey"])


class Vault:
    def __init__(self, pki, maa, identity, hsm=False):
        self.pki, self.maa, self.identity, self.hsm = pki, maa, identity, hsm
        self.keys = {}
        self.chains = {n: snp.split_pem(snp.read(pki, n + "-chain.pem"))
                       for n in ["vault", *CHAINS.values()]}
        self.resource = "https://managedhsm.azure.net" if hsm else \
            "https://vault.azure.net"

    # --- routes ---

    def __call__(self, request):
        headers = {"x-ms-request-id": request_id(),
                   "x-ms-keyvault-region": "westeurope",
                   "x-ms-keyvault-service-version": "1.9.2105.1"}
        if "x-ms-client-request-id" in request.headers:
            headers["x-ms-client-request-id"] = \
                request.headers["x-ms-client-request-id"]
        try:
            body = self.route(request)
            return Response(200, body, headers)
        except Refusal as e:
            return self.refuse(headers, *e.args)

    def refuse(self, headers, status, code, message, inner):
        if status == 401:
            headers["WWW-Authenticate"] = (
                "Bearer authorization=\"https://login.microsoftonline.com/"
                f"{TENANT}\", resource=\"{self.resource}\"")
            if self.hsm:
                return Response(401, b"OK", headers, kind="text/plain")
        error = {"code": code, "message": message}
        if inner:
            error["innererror"] = {"code": inner}
        return Response(status, {"error": error}, headers)

    def route(self, request):
        # Some clients write an empty version: "//release", "/NAME/".
        found = re.fullmatch(
            r"/keys(?:/([0-9a-zA-Z-]{1,127})(?:/([0-9a-f]{32})|/)?"
            r"(/release|/create|/versions)?)?/?", request.path)
        if not found:
            raise Refusal(404, "NotFound", "The requested resource was not found.",
                          None)
        name, version, what = found.groups()
        verb = {("PUT", None): "import", ("GET", None): "get",
                ("PATCH", None): "update", ("GET", "/versions"): "list",
                ("POST", "/create"): "create", ("POST", "/release"): "release"
                }.get((request.method, what))
        if name is None:
            verb = "list" if request.method == "GET" else None
        if verb is None:
            raise Refusal(405, "MethodNotAllowed", "Method is not allowed.", None)
        self.authorise(request, verb)
        api = request.query.get("api-version")
        if api is None:
            raise Refusal(400, "BadParameter", "api-version must be specified", None)
        if api not in VERSIONS:
            raise Refusal(400, "BadParameter", f"api-version '{api}' is not "
                          "supported", None)
        if verb in ("import", "create"):
            return self.put(request, name, verb)
        if verb == "list":
            return self.list(request, name)
        key = self.find(name, version)
        if verb == "update":
            return self.update(request, name, version, key)
        if verb == "get":
            return self.bundle(request, name, key)
        return self.release(request, name, key, api)

    def authorise(self, request, verb):
        token = request.bearer()
        if token is None:
            raise Refusal(401, "Unauthorized",
                          "Request is missing a Bearer or PoP token.", None)
        claims, problem = self.identity.check(token, self.resource)
        if problem:
            raise Refusal(401, "Unauthorized", problem, None)
        if verb not in claims.get("permissions", ()):
            raise Refusal(403, "Forbidden", "Caller is not authorized to perform "
                          "action on resource.\r\nIf role assignments, deny "
                          "assignments or role definitions were changed recently, "
                          "please observe propagation time.\r\nAction: 'Microsoft."
                          f"KeyVault/vaults/keys/{verb}/action'",
                          "ForbiddenByRbac")

    def find(self, name, version):
        for key in reversed(self.keys.get(name, [])):
            if version in (None, key.version):
                return key
        raise Refusal(404, "KeyNotFound", NOT_FOUND.format(
            name if version is None else name + "/" + version), None)

    @staticmethod
    def body(request):
        try:
            return request.json()
        except ValueError:
            raise Refusal(400, "BadParameter", "The request body is not valid "
                          "JSON", None) from None

    def put(self, request, name, verb):
        body = self.body(request)
        if verb == "create":
            body = dict(body, key=self.made(body), Hsm=body.get(
                "kty", "").endswith("-HSM"))
        self.add(name, body)
        return self.bundle(request, name, self.keys[name][-1])

    @staticmethod
    def made(body):
        """A new key as /create describes it, as a JWK."""
        kty, ops = body.get("kty", ""), body.get("key_ops")
        try:
            if kty.startswith("RSA"):
                made = jose.jwk_from_private(rsa.generate_private_key(
                    body.get("public_exponent", 65537), body.get("key_size", 2048)))
            elif kty.startswith("EC"):
                made = jose.jwk_from_private(ec.generate_private_key(
                    jose.CURVES[body.get("crv", "P-256")]()))
            elif kty.startswith("oct"):
                made = {"k": jose.b64u(os.urandom(body.get("key_size", 256) // 8))}
            else:
                raise ValueError(kty)
        except (KeyError, ValueError, TypeError):
            raise Refusal(400, "BadParameter", "Property kty, key_size or crv has "
                          "invalid value", None) from None
        return dict(made, kty=kty, **({"key_ops": ops} if ops else {}))

    def add(self, name, body):
        """As PUT /keys/NAME, and for the keys file; Refusal."""
        jwk, policy = body.get("key") or {}, body.get("release_policy")
        attributes = body.get("attributes") or {}
        exportable = bool(attributes.get("exportable"))
        # The specification writes "Hsm", the documentation "hsm".
        hsm = any(v for k, v in body.items() if k.lower() == "hsm") or \
            jwk.get("kty", "").endswith("-HSM") or self.hsm
        if exportable and not policy:
            raise Refusal(400, "BadParameter", "AKV.SKR.1004: Exportable keys "
                          "must have release policy.", None)
        if policy and not exportable:
            raise Refusal(400, "BadParameter", "AKV.SKR.1005: Non-exportable "
                          "keys must not have release policy.", None)
        if exportable and not hsm:
            raise Refusal(400, "BadParameter", "AKV.SKR.1006: Exportable keys "
                          "must be HSM-backed.", None)
        now = int(time.time())
        try:
            if policy:
                json.loads(jose.unb64u(policy["data"]))
            key = Key(jwk, {"enabled": attributes.get("enabled", True),
                            "created": now, "updated": now,
                            "recoveryLevel": "Recoverable+Purgeable",
                            "recoverableDays": 90, "exportable": exportable,
                            **({"hsmPlatform": "2"} if hsm else {})}, policy, hsm,
                      body.get("tags"))
        except (KeyError, ValueError, TypeError):
            raise Refusal(400, "BadParameter", "Property key or release_policy "
                          "has invalid value", None) from None
        self.keys.setdefault(name, []).append(key)

    def update(self, request, name, version, key):
        """PATCH: attributes, key_ops, tags; of the key itself, not of a
        version, its release policy, unless that is immutable."""
        body = self.body(request)
        policy = body.get("release_policy")
        if policy is not None:
            if version is not None:
                raise Refusal(400, "BadParameter", "AKV.SKR.1016: Release policy "
                              "can only be set on a versionless key.", None)
            if not key.attributes["exportable"]:
                raise Refusal(400, "BadParameter", "AKV.SKR.1005: Non-exportable "
                              "keys must not have release policy.", None)
            if key.policy and key.policy.get("immutable"):
                raise Refusal(400, "BadParameter", "AKV.SKR.1020: Release policy "
                              "is immutable.", None)
            try:
                json.loads(jose.unb64u(policy["data"]))
            except (KeyError, ValueError, TypeError):
                raise Refusal(400, "BadParameter", "Property release_policy has "
                              "invalid value", None) from None
            key.policy = policy
        wanted = body.get("attributes") or {}
        if wanted.get("exportable", key.attributes["exportable"]) != \
                key.attributes["exportable"]:
            raise Refusal(400, "BadParameter", "AKV.SKR.1003: Exportable cannot be "
                          "changed.", None)
        key.attributes.update({k: v for k, v in wanted.items() if k in (
            "enabled", "nbf", "exp")}, updated=int(time.time()))
        key.ops = body.get("key_ops") or key.ops
        key.tags = body.get("tags", key.tags)
        return self.bundle(request, name, key)

    def list(self, request, name):
        """Of all keys the newest version each, or all versions of one."""
        if name is not None:
            rows = [(f"{name}/{k.version}", k) for k in self.keys.get(name, ())]
        else:
            rows = [(n, versions[-1]) for n, versions in sorted(self.keys.items())]
        return {"value": [{"kid": f"{request.authority}/keys/{n}",
                           "attributes": k.attributes, "tags": k.tags}
                          for n, k in rows], "nextLink": None}

    def public(self, request, name, key):
        out = {"kid": f"{request.authority}/keys/{name}/{key.version}",
               "kty": key.kty, "key_ops": key.ops}
        out.update(key.public)
        if "e" in out and not self.hsm:
            out["e"] = jose.number(jose.load(out["e"]), 4)  # as Key Vault does
        return out

    def policy(self, key):
        if not key.policy:
            return {}
        return {"release_policy": {"contentType": POLICY_TYPE,
                                   "data": key.policy["data"].rstrip("="),
                                   "immutable": bool(key.policy.get("immutable"))}}

    def bundle(self, request, name, key):
        public = self.public(request, name, key)
        if request.fault.get("kind") == "other-key":
            public["kid"] = public["kid"].replace("/keys/", "/keys/other-")
        return {"key": public, "attributes": key.attributes, "tags": key.tags,
                **self.policy(key)}

    # --- release ---

    def release(self, request, name, key, api):
        try:
            body = request.json()
            target, enc = body["target"], body.get("enc", "CKM_RSA_AES_KEY_WRAP")
        except (ValueError, KeyError):
            raise Refusal(400, "BadParameter", "target must be specified",
                          None) from None
        if enc not in ENC:
            raise Refusal(400, "BadParameter", f"enc '{enc}' is not supported", None)
        claims = self.attested(target, key)
        kid, kek = wrapping_key(claims)
        fault = request.fault
        if fault.get("kind") == "ciphertext":
            ciphertext, enc = self.given(fault, enc)
        else:
            ciphertext = wrap(kek, enc, key.material)
        public = self.public(request, name, key)
        echo = {"api-version": api, "enc": enc, "kid": public["kid"]}
        if "nonce" in body:
            echo["nonce"] = body["nonce"]
        public["key_hsm"] = jose.b64u(jose.compact({
            "schema_version": "1.0",
            "header": {"kid": kid, "alg": "dir", "enc": enc},
            "ciphertext": jose.b64u(ciphertext)}))
        return {"value": self.sign(fault, {
            "request": echo,
            "response": {"key": {"key": public, "attributes": key.attributes,
                                 "tags": key.tags, **self.policy(key)}}})}

    def attested(self, target, key):
        refused = Refusal(403, "Forbidden", "Target environment attestation "
                          "statement cannot be verified.", "AccessDenied")
        if not key.attributes["exportable"]:
            raise Refusal(403, "Forbidden", "Key is not exportable.",
                          "KeyNotExportable")
        try:
            claims = self.maa.check(target)
        except ValueError:
            raise refused from None
        if not permits(json.loads(jose.unb64u(key.policy["data"])), claims):
            raise refused
        return claims

    @staticmethod
    def given(fault, enc):
        if "file" in fault:
            with open(fault["file"], "rb") as f:
                return f.read(), fault.get("enc", enc)
        return bytes.fromhex(fault["hex"]), fault.get("enc", enc)

    def sign(self, fault, payload):
        kind = fault.get("kind")
        self.spoil(kind, fault, payload)
        prefix = CHAINS.get(kind, "vault")
        chain = [c.public_bytes(serialization.Encoding.DER)
                 for c in self.chains[prefix]]
        header = {"alg": "none" if kind == "alg-none" else "RS256",
                  "kid": hashlib.sha1(chain[0]).hexdigest().upper()}
        if not self.hsm:
            header["x5t"] = jose.b64u(hashlib.sha1(chain[0]).digest())
            header["typ"] = "JWT"
        header["x5t#S256"] = jose.b64u(hashlib.sha256(chain[0]).digest())
        header["x5c"] = [base64.b64encode(c).decode() for c in chain]
        if kind == "no-x5c":
            header["x5c"] = []
        key = snp.signing_key(f"{self.pki}/{prefix}.key")
        assert isinstance(key, rsa.RSAPrivateKey)
        token = jose.sign(None if kind == "alg-none" else key, header, payload,
                          sort=False)
        if kind == "tamper-signature":
            cut = token.rindex(".") + 20
            flipped = "A" if token[cut] != "A" else "B"
            token = token[:cut] + flipped + token[cut + 1:]
        return token

    @staticmethod
    def spoil(kind, fault, payload):
        asked = payload["request"]
        if kind == "wrong-enc":
            asked["enc"] = "CKM_RSA_AES_KEY_WRAP" \
                if asked["enc"] != "CKM_RSA_AES_KEY_WRAP" else "RSA_AES_KEY_WRAP_256"
        elif kind == "wrong-nonce":
            asked["nonce"] = "of another request"
        elif kind == "no-nonce":
            asked.pop("nonce", None)
        elif kind == "wrong-kid":
            asked["kid"] = asked["kid"].replace("/keys/", "/keys/other-")
        elif kind == "payload":
            for path, value in fault.get("set", {}).items():
                *way, last = path.split(".")
                at = payload
                for name in way:
                    at = at[name]
                at[last] = value
