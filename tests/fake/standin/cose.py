"""UVM endorsements: COSE_Sign1 documents about a launch measurement.

verify() reads one as a relying party should: x5chain judged at signing time,
did:x509 resolved against it, the signature, then the payload. sign() makes one.
"""
import base64
import datetime
import hashlib
import json

import cbor2
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

ALG, CONTENT_TYPE, X5CHAIN, X5T = 1, 3, 33, 34
ES384, PS384 = -35, -38
FEED = "ContainerPlat-AMD-UVM"


class CoseError(Exception):
    """What does not hold, as a sentence."""


def need(condition, text):
    if not condition:
        raise CoseError(text)


def pss384():
    return padding.PSS(padding.MGF1(hashes.SHA384()), 48)


def to_be_signed(protected, payload):
    return cbor2.dumps(["Signature1", protected, b"", payload])


def check_signature(alg, key, signature, data):
    try:
        if alg == PS384 and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, pss384(), hashes.SHA384())
        elif alg == ES384 and isinstance(key, ec.EllipticCurvePublicKey):
            need(len(signature) == 96, "ES384 signature is not 96 bytes")
            r, s = (int.from_bytes(signature[i:i + 48], "big") for i in (0, 48))
            key.verify(utils.encode_dss_signature(r, s), data,
                       ec.ECDSA(hashes.SHA384()))
        else:
            raise CoseError("algorithm is not PS384 or ES384")
    except InvalidSignature:
        raise CoseError("signature is invalid") from None


def issued(certificate, issuer, when):
    need(certificate.issuer == issuer.subject, "chain is out of order")
    key = issuer.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(certificate.signature, certificate.tbs_certificate_bytes,
                       padding.PKCS1v15(), certificate.signature_hash_algorithm)
        else:
            key.verify(certificate.signature, certificate.tbs_certificate_bytes,
                       ec.ECDSA(certificate.signature_hash_algorithm))
    except InvalidSignature:
        raise CoseError("chain is not signed by its issuers") from None
    need(certificate.not_valid_before <= when <= certificate.not_valid_after,
         "certificate was not valid at signing time")


def check_chain(chain, when):
    need(len(chain) >= 2, "x5chain is too short")
    for certificate, issuer in zip(chain, chain[1:] + chain[-1:]):
        issued(certificate, issuer, when)
    for issuer in chain[1:]:
        try:
            ca = issuer.extensions.get_extension_for_class(
                x509.BasicConstraints).value.ca
        except x509.ExtensionNotFound:
            ca = False
        need(ca, "an issuer is not a CA")


def check_did(did, chain):
    """did:x509:0:sha256:FINGERPRINT::eku:OID"""
    head, _, policy = did.partition("::")
    prefix = "did:x509:0:sha256:"
    need(head.startswith(prefix), "issuer is not a did:x509")
    prints = [base64.urlsafe_b64encode(hashlib.sha256(
        c.public_bytes(serialization.Encoding.DER)).digest()).rstrip(b"=")
        for c in chain[1:]]
    need(head[len(prefix):].encode() in prints, "issuer is not in the chain")
    name, _, oid = policy.partition(":")
    need(name == "eku", "unknown policy in the issuer")
    try:
        ekus = chain[0].extensions.get_extension_for_class(
            x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        ekus = ()
    need(oid in [e.dotted_string for e in ekus], "leaf lacks the EKU")


def verify(document):
    """{"payload", "iss", "feed", "root"}; CoseError if anything is off."""
    try:
        tagged = cbor2.loads(document)
        protected, _, payload, signature = tagged.value
        header = cbor2.loads(protected)
        chain = [x509.load_der_x509_certificate(c) for c in header[X5CHAIN]]
        alg, iss, feed = header[ALG], header["iss"], header["feed"]
        when = header["signingtime"].replace(tzinfo=None)
        claims = json.loads(payload)
    except (ValueError, KeyError, TypeError, AttributeError,
            cbor2.CBORError) as e:
        raise CoseError(f"not an endorsement: {e!r}") from None
    need(tagged.tag == 18, "not a COSE_Sign1")
    check_chain(chain, when)
    check_did(iss, chain)
    check_signature(alg, chain[0].public_key(), signature,
                    to_be_signed(protected, payload))
    return {"payload": claims, "iss": iss, "feed": feed}


def duplicate(protected):
    """The same map with alg twice: one more entry, and the first again."""
    return bytes([protected[0] + 1]) + protected[1:] + protected[1:4]


# Ways to be malformed; of the document, signed or not.
BREAK = {
    "trailing": lambda d: d + b"\0",
    "untagged": lambda d: d[1:],
    "other-tag": lambda d: b"\xd1" + d[1:],
    "short": lambda d: d[:-1],
    "huge": lambda d: b"\xd2\x84\x5b\x7f\xff\xff\xff\xff\xff\xff\xff" + d,
    "many": lambda d: b"\xd2\x9b\x10" + bytes(7) + d,
    "deep": lambda d: b"\xd2" + b"\x81" * 100000,
    "nil-payload": lambda d: cbor2.dumps(cbor2.CBORTag(18, [
        *cbor2.loads(d).value[:2], None, cbor2.loads(d).value[3]])),
    "signature": lambda d: d[:-1] + bytes([d[-1] ^ 1]),
    "payload": lambda d: d.replace(b'guestsvn": ', b'guestsvn":\t', 1),
}


def sign(key, chain, did, measurement, svn="101", feed=FEED, when=None,
         svn_int=None, mangle=lambda protected: protected):
    """A document as the platform's, with key's algorithm."""
    payload = {"x-ms-sevsnpvm-guestsvn": svn,
               "x-ms-sevsnpvm-launchmeasurement": measurement}
    if svn_int is not None:
        payload["x-ms-sevsnpvm-guestsvn-int"] = svn_int
    payload = json.dumps(payload, indent=2).encode()
    when = when or datetime.datetime(2024, 11, 14, 5, 20, 59)
    der = [c.public_bytes(serialization.Encoding.DER) for c in chain]
    is_rsa = isinstance(key, rsa.RSAPrivateKey)
    protected = mangle(cbor2.dumps({
        ALG: PS384 if is_rsa else ES384, CONTENT_TYPE: "application/json",
        X5CHAIN: der, X5T: [-16, hashlib.sha256(der[0]).digest()],
        "iss": did, "feed": feed,
        "signingtime": cbor2.CBORTag(1, int(
            when.replace(tzinfo=datetime.timezone.utc).timestamp()))}))
    data = to_be_signed(protected, payload)
    if is_rsa:
        signature = key.sign(data, pss384(), hashes.SHA384())
    else:
        r, s = utils.decode_dss_signature(
            key.sign(data, ec.ECDSA(hashes.SHA384())))
        signature = r.to_bytes(48, "big") + s.to_bytes(48, "big")
    # Stands for the RFC 3161 time stamp, which nobody reads.
    return cbor2.dumps(cbor2.CBORTag(
        18, [protected, {"timestamp": bytes(5200)}, payload, signature]))
