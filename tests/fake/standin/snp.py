"""SNP attestation reports: read, verify against an AMD-shaped chain, make.

Written from the firmware ABI's table of the report and AMD's VCEK document.
verify() makes the checks that a relying party must not leave out.
"""
import functools
import hashlib
import os

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.backends import default_backend
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils

SIZE, SIGNED = 1184, 0x2A0

# Our own keys: to check one again takes longer than to sign with it.
default_backend()._rsa_skip_check_key = True

# name: (offset, length); numbers are little endian
NUMBERS = {
    "version": (0x000, 4), "guest_svn": (0x004, 4), "policy": (0x008, 8),
    "vmpl": (0x030, 4), "signature_algo": (0x034, 4),
    "platform_info": (0x040, 8), "key_info": (0x048, 4),
}
BYTES = {
    "family_id": (0x010, 16), "image_id": (0x020, 16),
    "current_tcb": (0x038, 8), "report_data": (0x050, 64),
    "measurement": (0x090, 48), "host_data": (0x0C0, 32),
    "id_key_digest": (0x0E0, 48), "author_key_digest": (0x110, 48),
    "report_id": (0x140, 32), "report_id_ma": (0x160, 32),
    "reported_tcb": (0x180, 8), "cpuid": (0x188, 3), "chip_id": (0x1A0, 64),
    "committed_tcb": (0x1E0, 8), "launch_tcb": (0x1F0, 8),
}

# byte of the TCB that holds each component
TCB = {
    "Milan": {"bootloader": 0, "tee": 1, "snp": 6, "microcode": 7},
    "Genoa": {"bootloader": 0, "tee": 1, "snp": 6, "microcode": 7},
    "Turin": {"fmc": 0, "bootloader": 1, "tee": 2, "snp": 3, "microcode": 7},
}
OID = "1.3.6.1.4.1.3704.1."
SPL = {"bootloader": "3.1", "tee": "3.2", "snp": "3.3", "microcode": "3.8",
       "fmc": "3.9"}
CPUID = {0x1900: "Milan", 0x1910: "Genoa", 0x1A00: "Turin"}
PSS = "1.2.840.113549.1.1.10"


class SnpError(Exception):
    """What does not hold, as a sentence."""


def need(condition, text):
    if not condition:
        raise SnpError(text)


def parse(report):
    need(len(report) == SIZE, "report is not 1184 bytes")
    fields = {n: int.from_bytes(report[o:o + k], "little")
              for n, (o, k) in NUMBERS.items()}
    fields.update((n, report[o:o + k]) for n, (o, k) in BYTES.items())
    return fields


def split_pem(text):
    """The certificates of a PEM text, in order; CRLF is accepted."""
    end = "-----END CERTIFICATE-----"
    parts = text.replace("\r\n", "\n").split(end)[:-1]
    return [x509.load_pem_x509_certificate((p.lstrip() + end + "\n").encode())
            for p in parts]


def spki(certificate):
    return certificate.public_key().public_bytes(
        serialization.Encoding.DER,
        serialization.PublicFormat.SubjectPublicKeyInfo)


def common_name(name):
    return name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value


def check_pss(certificate, issuer, what):
    """RSASSA-PSS, SHA-384, salt 48, by an RSA-4096 key: nothing else."""
    need(certificate.signature_algorithm_oid.dotted_string == PSS,
         what + " is not signed with RSASSA-PSS")
    key = issuer.public_key()
    need(getattr(key, "key_size", 0) == 4096, what + "'s issuer is not RSA-4096")
    try:
        key.verify(certificate.signature, certificate.tbs_certificate_bytes,
                   padding.PSS(padding.MGF1(hashes.SHA384()), 48),
                   hashes.SHA384())
    except InvalidSignature:
        raise SnpError(what + " is not signed by its issuer") from None
    need(certificate.issuer == issuer.subject, what + " names another issuer")


def is_ca(certificate):
    try:
        return certificate.extensions.get_extension_for_class(
            x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def extensions(leaf):
    out = {}
    for e in leaf.extensions:
        oid = e.oid.dotted_string
        if oid.startswith(OID):
            out[oid[len(OID):]] = e.value.value
    return out


def der_integer(value):
    need(value[:1] == b"\x02" and len(value) > 2 and len(value) == value[1] + 2,
         "SPL extension is not an INTEGER")
    return int.from_bytes(value[2:], "big")


def check_chain(leaf, ask, ark, trusted):
    """The product, from an ARK that is trusted by its key."""
    need(spki(ark) in trusted, "ARK is not a trusted root")
    check_pss(ark, ark, "ARK")
    check_pss(ask, ark, "ASK")
    check_pss(leaf, ask, "VCEK")
    need(is_ca(ark) and is_ca(ask), "an issuer is not a CA")
    product = common_name(ark.subject).removeprefix("ARK-")
    need(product in TCB, "ARK is of an unknown product")
    kind = common_name(leaf.subject)
    need((kind, common_name(ask.subject)) in (
        ("SEV-VCEK", "SEV-" + product), ("SEV-VLEK", "SEV-VLEK-" + product)),
        "leaf and ASK do not belong together")
    key = leaf.public_key()
    need(isinstance(key, ec.EllipticCurvePublicKey) and
         key.curve.name == "secp384r1", "VCEK is not a P-384 key")
    return product, kind


def check_signature(report, key):
    halves = (report[0x2A0:0x2E8], report[0x2E8:0x330])
    r, s = (int.from_bytes(h, "little") for h in halves)
    try:
        key.verify(utils.encode_dss_signature(r, s), report[:SIGNED],
                   ec.ECDSA(hashes.SHA384()))
    except InvalidSignature:
        raise SnpError("report signature is invalid") from None


def check_binding(fields, leaf, product, kind):
    ext = extensions(leaf)
    tcb = fields["reported_tcb"]
    for name, byte in TCB[product].items():
        need(SPL[name] in ext, f"VCEK lacks the {name} SPL")
        spl = der_integer(ext[SPL[name]])
        need(spl == tcb[byte],
             f"{name} SPL of the VCEK is {spl}, of the report {tcb[byte]}")
    if kind == "SEV-VLEK":
        return
    hwid = ext.get("4", b"")
    if hwid[:2] == bytes([4, len(hwid) - 2 & 0xff]) and len(hwid) in (10, 66):
        hwid = hwid[2:]
    need(len(hwid) == (8 if product == "Turin" else 64), "VCEK has no HWID")
    if fields["key_info"] & 2 and not any(fields["chip_id"]):
        return  # the host masks the chip id
    need(hwid.ljust(64, b"\0") == fields["chip_id"],
         "chip id of the report is not the VCEK's")


def verify(report, pem, trusted):
    """(fields, product) of a report that holds; SnpError otherwise."""
    fields = parse(report)
    need(2 <= fields["version"] <= 5, "unknown report version")
    need(fields["signature_algo"] == 1, "unknown signature algorithm")
    need(not any(report[0x330:]), "bytes after the signature are not zero")
    try:
        certificates = split_pem(pem)
    except ValueError:
        raise SnpError("certificate chain is malformed") from None
    need(len(certificates) == 3, "chain is not VCEK, ASK, ARK")
    leaf, ask, ark = certificates
    product, kind = check_chain(leaf, ask, ark, trusted)
    if fields["version"] >= 3:
        family, model, _ = fields["cpuid"]
        need(CPUID.get(family << 8 | model & 0xF0) == product,
             "product of the report is not the chain's")
    signer = fields["key_info"] >> 2 & 7
    need(signer == {"SEV-VCEK": 0, "SEV-VLEK": 1}[kind],
         "report is signed by another kind of key")
    check_signature(report, leaf.public_key())
    check_binding(fields, leaf, product, kind)
    return fields, product


# --- the stand-in's own chip ---------------------------------------------------

def read(*path):
    with open(os.path.join(*path), encoding="ascii") as f:
        return f.read()


@functools.lru_cache
def signing_key(path):
    with open(path, "rb") as f:
        return serialization.load_pem_private_key(f.read(), None)


def build(pki, report_data, host_data=bytes(32), version=3, vmpl=0):
    """A report signed with the set's key, laid out without any template."""
    tcb = bytes.fromhex(read(pki, "tcb"))
    vlek = os.path.exists(os.path.join(pki, "kind"))
    cpuid = {"Milan": (0x19, 1, 1), "Genoa": (0x19, 0x11, 1),
             "Turin": (0x1A, 2, 1)}[read(pki, "product").strip()]
    r = bytearray(SIZE)
    for name, value in {
            "version": version, "guest_svn": 2, "policy": 0x3001F, "vmpl": vmpl,
            "signature_algo": 1, "platform_info": 0x25,
            "key_info": 4 if vlek else 0}.items():
        offset, n = NUMBERS[name]
        r[offset:offset + n] = value.to_bytes(n, "little")
    for name, value in {
            "family_id": b"\1", "image_id": b"\2", "current_tcb": tcb,
            "report_data": report_data, "host_data": host_data,
            "measurement": bytes.fromhex(read(pki, "measurement")),
            "id_key_digest": b"\x1d" * 48, "report_id": b"\x5e" * 32,
            "report_id_ma": b"\xff" * 32, "reported_tcb": tcb,
            "cpuid": bytes(cpuid) if version > 2 else b"",
            "chip_id": bytes.fromhex(read(pki, "chip-id")),
            "committed_tcb": tcb, "launch_tcb": tcb}.items():
        offset, _ = BYTES[name]
        r[offset:offset + len(value)] = value
    r[0x1E8:0x1EB] = r[0x1EC:0x1EF] = bytes((29, 55, 1))
    der = signing_key(os.path.join(pki, "vcek.key")).sign(
        bytes(r[:SIGNED]), ec.ECDSA(hashes.SHA384()))
    for offset, n in zip((0x2A0, 0x2E8), utils.decode_dss_signature(der)):
        r[offset:offset + 72] = n.to_bytes(72, "little")
    return bytes(r)


def fake_v1(report_data, host_data):
    """What the sidecar serves where no device is: fixed, version 1, unsigned."""
    r = bytearray(hashlib.sha512(b"not a report").digest() * 19)[:SIZE]
    r[:0x38] = bytes(0x38)
    r[0:4] = r[4:8] = (1).to_bytes(4, "little")
    r[8:16] = (0x3001F).to_bytes(8, "little")
    r[0x50:0x90] = report_data
    r[0xC0:0xE0] = host_data
    r[0x330:] = bytes(SIZE - 0x330)
    return bytes(r)
