"""base64url, JWS and JWK, as far as the stand-ins need them."""
import base64
import hashlib
import json
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

RS256 = (padding.PKCS1v15(), hashes.SHA256())
CURVES = {"P-256": ec.SECP256R1, "P-384": ec.SECP384R1, "P-521": ec.SECP521R1}


def b64u(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64u(text):
    """Padded or not, the url alphabet only, unused bits zero; ValueError."""
    if not isinstance(text, str):
        raise ValueError("not a string")
    body = text.rstrip("=")
    padding_ = len(text) - len(body)
    if not re.fullmatch("[A-Za-z0-9_-]*", body) or len(body) % 4 == 1 or \
            padding_ not in (0, -len(body) % 4):
        raise ValueError("not base64url")
    data = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    if b64u(data) != body:
        raise ValueError("not canonical base64url")
    return data


def compact(value, sort=False):
    return json.dumps(value, separators=(",", ":"), sort_keys=sort,
                      ensure_ascii=False).encode()


def sign(key, header, payload, sort=True):
    """A compact JWS with RS256; key None: no signature."""
    parts = b64u(compact(header, sort)) + "." + b64u(compact(payload, sort))
    mac = key.sign(parts.encode(), *RS256) if key else b""
    return parts + "." + b64u(mac)


def parse(token):
    """(header, payload, signed bytes, signature); ValueError."""
    if not isinstance(token, str) or token.count(".") != 2:
        raise ValueError("not a compact JWS")
    head, body, signature = token.split(".")
    header, payload = json.loads(unb64u(head)), json.loads(unb64u(body))
    if not isinstance(header, dict) or not isinstance(payload, dict):
        raise ValueError("not a JWT")
    return header, payload, (head + "." + body).encode(), unb64u(signature)


def verify(token, key):
    """(header, payload) of an RS256 token by key; ValueError."""
    header, payload, data, signature = parse(token)
    if header.get("alg") != "RS256":
        raise ValueError("alg is not RS256")
    try:
        key.verify(signature, data, *RS256)
    except InvalidSignature:
        raise ValueError("signature is invalid") from None
    return header, payload


def number(n, size=None):
    return b64u(n.to_bytes(size or (n.bit_length() + 7) // 8, "big"))


def load(text):
    return int.from_bytes(unb64u(text), "big")


def rsa_public(jwk):
    return rsa.RSAPublicNumbers(load(jwk["e"]), load(jwk["n"])).public_key()


def private_from_jwk(jwk):
    """An RSA or EC private key; KeyError or ValueError."""
    if jwk["kty"].startswith("RSA"):
        public = rsa.RSAPublicNumbers(load(jwk["e"]), load(jwk["n"]))
        if "p" not in jwk:
            p, q = rsa.rsa_recover_prime_factors(public.n, public.e, load(jwk["d"]))
            jwk = dict(jwk, p=number(p), q=number(q))
        p, q, d = load(jwk["p"]), load(jwk["q"]), load(jwk["d"])
        return rsa.RSAPrivateNumbers(
            p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p),
            public).private_key()
    curve = CURVES[jwk["crv"]]()
    public = ec.EllipticCurvePublicNumbers(load(jwk["x"]), load(jwk["y"]), curve)
    return ec.EllipticCurvePrivateNumbers(load(jwk["d"]), public).private_key()


def jwk_from_private(key):
    """All members, in the sidecar's (alphabetical) order."""
    if isinstance(key, rsa.RSAPrivateKey):
        n = key.private_numbers()
        return {"d": number(n.d), "dp": number(n.dmp1), "dq": number(n.dmq1),
                "e": number(n.public_numbers.e), "kty": "RSA",
                "n": number(n.public_numbers.n), "p": number(n.p),
                "q": number(n.q), "qi": number(n.iqmp)}
    n = key.private_numbers()
    size = (key.key_size + 7) // 8
    name = [c for c, t in CURVES.items() if t.name == key.curve.name][0]
    return {"crv": name, "d": number(n.private_value, size), "kty": "EC",
            "x": number(n.public_numbers.x, size),
            "y": number(n.public_numbers.y, size)}


def thumbprint(jwk):
    """RFC 7638, of an RSA key."""
    members = {k: jwk[k] for k in ("e", "kty", "n")}
    return b64u(hashlib.sha256(compact(members, sort=True)).digest())


def pkcs8(key):
    return key.private_bytes(serialization.Encoding.DER,
                             serialization.PrivateFormat.PKCS8,
                             serialization.NoEncryption())
