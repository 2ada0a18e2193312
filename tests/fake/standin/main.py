"""Starts the stand-ins, says where they are, and goes away by itself."""
import argparse
import json
import os
import signal
import sys
import time

from . import amd, errors, maa, metadata, proxy, skr, vault, web
from .faults import Board


def arguments():
    p = argparse.ArgumentParser(prog="services")
    p.add_argument("--pki", required=True, help="directory made by tests/fake/pki")
    p.add_argument("--dir", required=True, help="where to put env and bearers")
    p.add_argument("--set", default="milan", help="the sidecar's AMD set")
    p.add_argument("--policy", help="file whose hash is the sidecar's HOST_DATA")
    p.add_argument("--keys", help="JSON: name → body of PUT /keys/NAME")
    p.add_argument("--life", type=int, default=1200, help="seconds, then exit")
    p.add_argument("--background", action="store_true")
    return p.parse_args()


class Control:
    """Plain http for the tests: faults, the log, tokens of any contents.

    POST /fault {service, kind, times, path, …} or a list of them; GET /log
    [?service=]; POST /reset; GET /errors; POST /rotate: MAA signs with its other
    key; POST /mint {claims, header, signer}: an MAA token of any contents; POST
    /bearer {aud, exp, tid, permissions, …}; POST /identity {ready_in}: IMDS knows
    no identity before; POST /sidecar {policy: file}: its HOST_DATA.
    """

    def __init__(self, board, provider, identity, sidecars):
        self.board, self.maa, self.identity = board, provider, identity
        self.sidecars = sidecars

    def __call__(self, request):
        route = (request.method, request.path)
        try:
            body = json.loads(request.body or b"{}")
            if route == ("POST", "/fault"):
                for fault in body if isinstance(body, list) else [body]:
                    if fault["kind"] == "error":
                        fault.update(errors.fault(fault["service"],
                                                  fault["name"]))
                    self.board.put(fault)
                return web.Response(200, {})
            if route == ("POST", "/reset"):
                self.board.reset()
                self.maa.signer, self.identity.ready_at = "maa", 0
                return web.Response(200, {})
            if route == ("GET", "/log"):
                return web.Response(200, [
                    e for e in self.board.requests if
                    request.query.get("service", e["service"]) == e["service"]])
            if route == ("GET", "/errors"):
                return web.Response(200, errors.listing())
            if route == ("POST", "/sidecar"):
                with open(body["policy"], "rb") as f:
                    policy = f.read()
                for sidecar in self.sidecars:
                    sidecar.policy = policy
                return web.Response(200, {})
            if route == ("POST", "/rotate"):
                self.maa.signer = "maa2"
                return web.Response(200, {})
            if route == ("POST", "/mint"):
                return web.Response(200, self.maa.mint(
                    body.get("claims", {}), None, body.get("header"),
                    body.get("signer")), kind="application/jwt")
            if route == ("POST", "/bearer"):
                resource = body.pop("aud", "https://vault.azure.net")
                return web.Response(200, self.identity.token(resource, **body),
                                    kind="text/plain")
            if route == ("POST", "/identity"):
                self.identity.ready_at = time.time() + body["ready_in"]
                return web.Response(200, {})
        except (KeyError, TypeError, ValueError, OSError) as e:
            return web.Response(400, {"error": repr(e)})
        return web.Response(404)


class Quiet(Board):
    """The control port takes part in neither log nor faults."""

    def log(self, service, request):
        pass

    def take(self, service, request):
        return None

    def refuses(self, service):
        return False


def servers(a, identity):
    """name in env → server"""
    pki, board = a.pki, Board()
    provider = maa.Maa(pki, identity)
    store = vault.Vault(pki, provider, identity)
    hsm = vault.Vault(pki, provider, identity, hsm=True)
    hsm.keys = store.keys
    if a.keys:
        with open(a.keys, encoding="utf-8") as f:
            for name, body in json.load(f).items():
                store.add(name, body)
    policy = b""
    if a.policy:
        with open(a.policy, "rb") as f:
            policy = f.read()
    device = os.path.join(pki, a.set)
    ca = pki + "/tls-ca.pem"
    sidecar = skr.Skr(device, ca, identity, policy)
    bare = skr.Skr(device, ca, identity, policy, device=False)

    def tls(variant):
        return web.context(f"{pki}/tls{variant}.pem", f"{pki}/tls.key")
    endpoint, entra = metadata.Endpoint(identity), metadata.Entra(identity)
    rows = [("MAA", "maa", provider, ""), ("VAULT", "vault", store, ""),
            ("HSM", "hsm", hsm, ""), ("ENTRA", "entra", entra, ""),
            ("IDENTITY_TLS", "identity", endpoint, ""),
            ("AMD", "amd", amd.Kds(pki), "")]
    for name, short, service in (("MAA", "maa", provider), ("VAULT", "vault", store)):
        rows += [(f"{name}_SELFSIGNED", short, service, "-selfsigned"),
                 (f"{name}_EXPIRED", short, service, "-expired"),
                 (f"{name}_WRONGHOST", short, service, "-wronghost")]
    out = {n: web.Server(s, f, board, tls(v)) for n, s, f, v in rows}
    for name, short, service in (("MAA", "maa", provider), ("VAULT", "vault", store)):
        out[name + "_TLS11"] = web.Server(short, service, board, web.old(tls("")))
    for name, short, service in (
            ("SKR", "skr", sidecar), ("SKR_NODEVICE", "skr", bare),
            ("IMDS", "imds", metadata.Imds(pki, identity)),
            ("IDENTITY", "identity", endpoint)):
        out[name] = web.Server(short, service, board)
    out["PROXY"] = proxy.Server("proxy", None, board)
    out["CONTROL"] = web.Server(
        "control", Control(board, provider, identity, (sidecar, bare)), Quiet())
    provider.issuer = out["MAA"].authority
    return out


def whole(path, text):
    """A secret file that is there entirely or not at all."""
    with open(path + ".new", "w", encoding="ascii",
              opener=lambda p, f: os.open(p, f, 0o600)) as f:
        f.write(text)
    os.replace(path + ".new", path)


def describe(a, identity, running):
    plain = {"PROXY": "http://127.0.0.1:{}", "IMDS": "http://127.0.0.1:{}", "CONTROL": "http://127.0.0.1:{}",
             "SKR": "http://localhost:{}", "SKR_NODEVICE": "http://localhost:{}",
             "IDENTITY": "http://127.0.0.1:{}/msi/token"}
    env = {}
    for name, server in running.items():
        form = plain.get(name, "https://localhost:{}")
        if name.startswith("MAA") or name == "AMD":
            form = "localhost:{}"
        env[name] = form.format(server.port)
    for name, resource in (("BEARER_FILE", "https://vault.azure.net"),
                           ("HSM_BEARER_FILE", "https://managedhsm.azure.net"),
                           ("MAA_BEARER_FILE", "https://attest.azure.net")):
        env[name] = os.path.join(a.dir, name.lower().replace("_file", ""))
        whole(env[name], identity.token(resource))
    env["FEDERATED_TOKEN_FILE"] = os.path.join(a.dir, "federated-token")
    whole(env["FEDERATED_TOKEN_FILE"], identity.assertion)
    env["CLIENT_SECRET_FILE"] = os.path.join(a.dir, "client-secret")
    whole(env["CLIENT_SECRET_FILE"], identity.client_secret + "\n")
    env["CLIENT_CERTIFICATE"] = os.path.join(a.dir, "client.pem")
    whole(env["CLIENT_CERTIFICATE"], identity.credential())
    with open(a.pki + "/tls.pem", encoding="ascii") as f:
        certificate = web.ssl.PEM_cert_to_DER_cert(f.read())
    env.update(IDENTITY_SECRET=identity.header,
               IDENTITY_THUMBPRINT=metadata.thumbprint(certificate),
               CLIENT_ID=metadata.CLIENT, OBJECT_ID=metadata.OBJECT,
               RESOURCE_ID=metadata.RESOURCE, TENANT_ID=vault.TENANT,
               CACERT=a.pki + "/tls-ca.pem",
               RELEASE_ROOTS=a.pki + "/vault-root.pem", PID=os.getpid())
    whole(os.path.join(a.dir, "env"),
          "".join(f"{k}='{v}'\n" for k, v in env.items()))


def detach():
    """In the parent: waits for the child to be ready, and returns its status.
    In the child: the pipe to say so on."""
    ready, say = os.pipe()
    if os.fork() != 0:
        os.close(say)
        sys.exit(0 if os.read(ready, 1) == b"+" else 1)
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    # A test runner waits for whoever holds its descriptors.
    for fd in range(3, 256):
        if fd not in (say, null):
            try:
                os.close(fd)
            except OSError:
                pass
    return say


def live(a):
    born = os.stat(a.dir).st_ino
    end = time.monotonic() + a.life
    while time.monotonic() < end:
        time.sleep(0.5)
        try:
            if os.stat(a.dir).st_ino != born:
                break
        except OSError:
            break


def main():
    a = arguments()
    a.pki, a.dir = os.path.realpath(a.pki), os.path.realpath(a.dir)
    os.makedirs(a.dir, exist_ok=True)
    say = detach() if a.background else None
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    identity = metadata.Identity()
    running = servers(a, identity)
    for server in running.values():
        server.start()
    describe(a, identity, running)
    if say is not None:
        if not os.environ.get("STANDIN_DEBUG"):
            os.dup2(1, 2)
        os.write(say, b"+")
        os.close(say)
    live(a)
    os._exit(0)
