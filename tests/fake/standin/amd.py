"""Where certificates are to be had by a report's chip and TCB: AMD's key server
and Azure's cache of it, by any of the sets."""
import os

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from . import snp
from .web import Response

PARAMETERS = {"bootloader": "blSPL", "tee": "teeSPL", "snp": "snpSPL",
              "microcode": "ucodeSPL", "fmc": "fmcSPL"}


class Kds:
    def __init__(self, pki):
        self.pki, self.sets = pki, {}
        for name in ("milan", "genoa", "turin"):
            where = os.path.join(pki, name)
            self.sets[snp.read(where, "product").strip()] = where

    def __call__(self, request):
        if request.method != "GET":
            return Response(405)
        parts = request.path.strip("/").split("/")
        if parts[:2] == ["vcek", "v1"] and len(parts) == 4 and \
                parts[2] in self.sets:
            return self.vcek(parts[2], parts[3], request)
        if parts[:2] == ["vlek", "v1"] and parts[3:] == ["cert_chain"] and \
                parts[2] in self.sets:
            name = "vlek" if parts[2] == "Milan" else "vlek-" + parts[2].lower()
            return Response(200, snp.read(self.pki, name, "chain.pem"),
                            kind="text/plain")
        if parts[:2] == ["SevSnpVM", "certificates"] and len(parts) == 4:
            return self.cached(parts[2], parts[3], request.query)
        return Response(404)

    def vcek(self, product, chip, request):
        """The leaf as DER, ASK and ARK as PEM, or the revocation list.

        Faults: leaf {set}, that of another set; pem, instead of DER; crl {file}.
        """
        where, query = self.sets[product], request.query
        if chip == "crl":
            return self.crl(product, request.fault)
        if chip == "cert_chain":
            return Response(200, snp.read(where, "ask.pem") +
                            snp.read(where, "ark.pem"), kind="text/plain")
        tcb = bytes.fromhex(snp.read(where, "tcb").strip())
        want = {PARAMETERS[name]: str(tcb[at])
                for name, at in snp.TCB[product].items()}
        size = 16 if product == "Turin" else 128
        if chip != snp.read(where, "chip-id").strip()[:size] or query != want:
            return Response(404)
        if request.fault.get("kind") == "leaf":
            where = os.path.join(self.pki, request.fault["set"])
        elif request.fault.get("kind") == "pem":
            return Response(200, snp.read(where, "vcek.pem"), kind="text/plain")
        leaf = x509.load_pem_x509_certificate(
            snp.read(where, "vcek.pem").encode())
        return Response(200, leaf.public_bytes(serialization.Encoding.DER),
                        kind="application/octet-stream")

    def crl(self, product, fault):
        name = "crl-empty.der" if product == "Milan" else "crl-genoa.der"
        if fault.get("kind") == "crl":
            name = fault["file"]
        with open(os.path.join(self.pki, name), "rb") as f:
            return Response(200, f.read(), kind="application/pkix-crl")

    def cached(self, chip, tcb, query):
        """All three as PEM; the TCB is a number, as hex without zeros before."""
        for where in self.sets.values():
            number = int.from_bytes(
                bytes.fromhex(snp.read(where, "tcb").strip()), "little")
            if (chip, tcb) == (snp.read(where, "chip-id").strip(),
                               f"{number:x}") and set(query) == {
                                   "api-version", "clientId"}:
                return Response(200, snp.read(where, "full.pem"),
                                kind="text/plain")
        return Response(404)
