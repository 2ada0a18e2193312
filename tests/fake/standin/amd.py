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
        self.sets = {}
        for name in ("milan", "genoa", "turin"):
            where = os.path.join(pki, name)
            self.sets[snp.read(where, "product").strip()] = where

    def __call__(self, request):
        if request.method != "GET":
            return Response(405)
        parts = request.path.strip("/").split("/")
        if parts[:2] == ["vcek", "v1"] and len(parts) == 4 and \
                parts[2] in self.sets:
            return self.vcek(parts[2], parts[3], request.query)
        if parts[:2] == ["SevSnpVM", "certificates"] and len(parts) == 4:
            return self.cached(parts[2], parts[3], request.query)
        return Response(404)

    def vcek(self, product, chip, query):
        """The leaf as DER, or ASK and ARK as PEM."""
        where = self.sets[product]
        if chip == "cert_chain":
            return Response(200, snp.read(where, "ask.pem") +
                            snp.read(where, "ark.pem"), kind="text/plain")
        tcb = bytes.fromhex(snp.read(where, "tcb").strip())
        want = {PARAMETERS[name]: str(tcb[at])
                for name, at in snp.TCB[product].items()}
        size = 16 if product == "Turin" else 128
        if chip != snp.read(where, "chip-id").strip()[:size] or query != want:
            return Response(404)
        leaf = x509.load_pem_x509_certificate(
            snp.read(where, "vcek.pem").encode())
        return Response(200, leaf.public_bytes(serialization.Encoding.DER),
                        kind="application/octet-stream")

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
