"""The documented error answers of each service, by name, as one table.

Fault {"kind": "error", "name": …} serves one; GET /errors on the control port
lists them with what a client should find in them: code and innermost sentence.
"""
import json

from .skr import ADVICE, ATTEST
from .vault import NOT_FOUND, TENANT

NOISE = ("Native operation failed with 65518: G:\\Az\\src\\Attestation\\Policy\\"
         "NativePolicyEngine.cpp({}): Policy Evaluation Error has occurred Msg:[{}]")
DENIED = "Policy Engine Exception: A Deny claim was issued, authorization failed."
CHALLENGE = {"WWW-Authenticate": (
    f'Bearer authorization="https://login.microsoftonline.com/{TENANT}", '
    'resource="https://vault.azure.net"')}
HTML = ("<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>"
        "\r\n<body>nginx</body>\r\n</html>\r\n")


def plain(status, code, message, inner=None, **headers):
    error = {"code": code, "message": message}
    if inner:
        error["innererror"] = {"code": inner}
    return {"status": status, "body": {"error": error}, "headers": headers,
            "code": inner or code, "sentence": message}


def capitals(status, code, message):
    return {"status": status, "body": {"Error": {"Code": code, "Message": message}},
            "headers": {}, "code": code, "sentence": message}


def bare(status, body="", code=None, kind=None, **headers):
    return {"status": status, "body": body, "headers": headers, "code": code,
            "sentence": None, "type": kind}


def advised(status, what, why, shown=None, more=""):
    """The sidecar's own: its advice stands between what failed and why.
    shown: what a client should say of it; more: what it sends behind."""
    body = json.dumps({"error": f"{what}{ADVICE}: {why}"}) + more
    return {"status": status, "body": body, "headers": {}, "code": None,
            "sentence": shown or f"{what}: {why}"}


def attest(why, shown=None):
    return advised(403, "attestation failed", why, shown, '{"token":""}')


def release(why, shown=None):
    return advised(403, "secure key release failed", why, shown)


def quoted(who, before, status, body, said, failed=release):
    """A service's answer, as the sidecar hands it on."""
    text = body if isinstance(body, str) else json.dumps(body)
    return failed(f"{before}: {text}: http response status equal to {status}",
                  f"{who} said {status[:3]} {said}")


def noisy(status, code):
    lines = [NOISE.format(n, s) for n, s in (
        (168, "PolicyEngineException"), (91, DENIED))]
    return dict(plain(status, code, "\r\n".join(lines)), sentence=DENIED)


def oauth(status, code, text):
    return {"status": status, "headers": {}, "code": code, "sentence": text, "body": {
        "error": code, "error_description": text + "\r\nTrace ID: t\r\n"
        "Correlation ID: c", "error_codes": [int(text[6:text.index(":")])],
        "trace_id": "t", "correlation_id": "c"}}


def akv401(code, message):
    return dict(plain(401, "Unauthorized", message), headers=CHALLENGE,
                code=code, sentence=message)


def skr_parameter(number, message):
    return plain(400, "BadParameter", f"AKV.SKR.{number}: {message}")


TABLE = {
    "maa": {
        "invalid-parameter": plain(400, "InvalidParameter",
                                   "The runtime data hash does not match."),
        "invalid-operation": plain(400, "InvalidOperation", "The attestation type "
                                   "is not supported by this provider."),
        "policy-evaluation": noisy(400, "PolicyEvaluationError"),
        "policy-parsing": plain(400, "PolicyParsingError",
                                "The draft policy could not be parsed."),
        "bad-request": plain(400, "Bad request", "A SevSnpVm attestation policy "
                             "has not been set on the attestation provider."),
        "unauthorized": plain(401, "Unauthorized", "The caller needs the role "
                              "Attestation Reader."),
        "forbidden": bare(403),
        "not-found": bare(404),
        "api-version": plain(400, "UnsupportedApiVersion", "The HTTP resource that "
                             "matches the request URI does not support the API "
                             "version '2019-01-01'."),
        "unlisted": dict(plain(400, "", "The request is not valid."), headers={
            "x-ms-error-code": "InvalidParameter"}, code="InvalidParameter"),
        "throttled": plain(429, "TooManyRequests", "Request rate is too high.",
                           **{"Retry-After": "1"}),
        "internal": capitals(500, "InternalServerError",
                             "An internal error has occurred."),
        "gateway": bare(503, HTML, kind="text/html"),
        "gateway-empty": bare(502),
    },
    "vault": {
        "unauthorized": akv401("Unauthorized",
                               "Request is missing a Bearer or PoP token."),
        "issuer": akv401("AKV10032", "AKV10032: Invalid issuer. Expected one of "
                         f"https://sts.windows.net/{TENANT}/."),
        "audience": akv401("AKV10022", "AKV10022: Invalid audience. Expected "
                           "https://vault.azure.net, found: "
                           "https://management.azure.com."),
        "keys-not-fetched": akv401("AKV10046", "AKV10046: Unable to resolve the key "
                                   "used for signature validation."),
        "attestation": plain(403, "Forbidden", "Target environment attestation "
                             "statement cannot be verified.", "AccessDenied"),
        "rbac": plain(403, "Forbidden", "Caller is not authorized to perform action "
                      "on resource.", "ForbiddenByRbac"),
        "access-policy": plain(403, "Forbidden", "The user does not have keys "
                               "release permission on key vault.",
                               "ForbiddenByPolicy"),
        "firewall": plain(403, "Forbidden", "Client address is not authorized and "
                          "caller is not a trusted service.",
                          "ForbiddenByFirewall"),
        "connection": plain(403, "Forbidden", "Public network access is disabled "
                            "and request is not from a trusted service nor via an "
                            "approved private link.", "ForbiddenByConnection"),
        "key-not-found": plain(404, "KeyNotFound", NOT_FOUND.format("mykey")),
        "secret-not-found": plain(404, "SecretNotFound",
                                  "A secret was not found in this key vault."),
        "skr-1001": skr_parameter(1001, "Premium SKU is required."),
        "skr-1004": skr_parameter(1004, "Exportable keys must have release "
                                  "policy."),
        "skr-1005": skr_parameter(1005, "Non-exportable keys must not have release "
                                  "policy."),
        "skr-1006": skr_parameter(1006, "Exportable keys must be HSM-backed."),
        "oct-size": plain(400, "BadParameter", "k property of oct key is too large, "
                          "maximum size is 64."),
        "not-exportable": plain(403, "Forbidden", "Key is not exportable.",
                                "KeyNotExportable"),
        "no-body": bare(403),
        "skr-1003": skr_parameter(1003, "Exportable cannot be changed."),
        "skr-1016": skr_parameter(1016, "Release policy can only be set on a "
                                  "versionless key."),
        "skr-1020": skr_parameter(1020, "Release policy is immutable."),
        "conflict": plain(409, "Conflict", "The key is being deleted."),
        "throttled": plain(429, "Throttled", "Request was not processed because too "
                           "many requests were received.", **{"Retry-After": "1"}),
        "internal": plain(500, "InternalError", "An unexpected error occurred."),
    },
    "hsm": {
        "unauthorized": dict(bare(401, "OK", kind="text/plain"), headers={
            k: v.replace("vault.", "managedhsm.") for k, v in CHALLENGE.items()}),
    },
    # What the real sidecar says, by what goes wrong around it.
    "skr": {
        "nothing": bare(400, {"error": {}}),
        "panic": bare(500, kind=None),
        "not-ready": bare(404, "404 page not found", kind="text/plain"),
        "bad-json": advised(400, "invalid request format", "invalid character 'x' "
                            "looking for beginning of value"),
        "no-body": advised(400, "invalid request format", "EOF"),
        "missing-member": advised(
            400, "invalid request format", "Key: 'MAAAttestData.RuntimeData' "
            "Error:Field validation for 'RuntimeData' failed on the 'required' tag"),
        "wrong-type": advised(
            400, "invalid request format", "json: cannot unmarshal number into Go "
            "struct field RawAttestData.runtime_data of type string"),
        "bad-base64": advised(
            400, "decoding base64-encoded runtime data of request failed",
            "illegal base64 data at input byte 4"),
        "device": advised(403, "failure to fetch attestation report hex",
                          "ioctl failed:input/output error",
                          more='{"report":""}'),
        "device-combined": advised(500, "failure to fetch attestation report bytes",
                                   "ioctl failed:input/output error"),
        "device-attest": attest("Failed to retrieve attestation report: ioctl "
                                "failed:input/output error"),
        "device-release": release("attestation failed: Failed to retrieve "
                                  "attestation report: ioctl failed:input/output "
                                  "error"),
        "no-certcache": attest("Refreshing CertChain failed: failed to retrieve "
                               "cert chain: certificate endpoint not set"),
        "certcache-status": attest(
            "Refreshing CertChain failed: pulling certchain response from AzCache "
            "URL 'https://cache.example/c' failed: GET request failed with status "
            "code 404: ", "the source of certificates said 404 and gave no reason"),
        "certcache-busy": attest(
            "Refreshing CertChain failed: AzCache failed to parse VCEK from cert "
            "chain: No certificate chain found"),
        "tcb": attest("SNP reported TCB value: 15787368493747273732 doesn't match "
                      "Certificate TCB value: 15210907741443850244",
                      "SNP reported TCB value: 0xdb18000000000004 doesn't match "
                      "Certificate TCB value: 0xd318000000000004"),
        "tcb-misread": attest(
            "SNP reported TCB value: 15787368493747273732 doesn't match "
            "Certificate TCB value: 6755399441055748",
            "attestation failed: SNP reported TCB value: 0xdb18000000000004 "
            "doesn't match Certificate TCB value: 0x0018000000000004"),
        "no-such-host": attest(
            ATTEST + "maa post request failed: HTTP GET failed: Post \"https://maa."
            "example/attest/SevSnpVM?api-version=2020-10-01\": dial tcp: lookup "
            "maa.example: no such host"),
        "refused": attest(
            ATTEST + "maa post request failed: HTTP GET failed: Post \"https://maa."
            "example/attest/SevSnpVM?api-version=2020-10-01\": dial tcp "
            "192.0.2.1:443: connect: connection refused"),
        "timeout": attest(
            ATTEST + "maa post request failed: HTTP GET failed: Post \"https://maa."
            "example/attest/SevSnpVM?api-version=2020-10-01\": dial tcp "
            "192.0.2.1:443: i/o timeout"),
        "eof": attest(
            ATTEST + "maa post request failed: HTTP GET failed: Post \"https://maa."
            "example/attest/SevSnpVM?api-version=2020-10-01\": EOF"),
        "unknown-authority": attest(
            ATTEST + "maa post request failed: HTTP GET failed: Post \"https://maa."
            "example/attest/SevSnpVM?api-version=2020-10-01\": tls: failed to "
            "verify certificate: x509: certificate signed by unknown authority"),
        "maa-says": quoted(
            "the provider", ATTEST + "pulling maa post response failed",
            "400 Bad Request", {"error": {"code": "InvalidParameter", "message":
                                          "The report is not valid."}},
            "InvalidParameter: The report is not valid", attest),
        "maa-in-release": quoted(
            "the provider", "attestation failed: " + ATTEST + "pulling maa post "
            "response failed", "503 Service Unavailable", HTML,
            "and gave no reason: secure key release failed"),
        "maa-empty": attest(ATTEST + "empty token string in maa response"),
        "identity-missing": quoted(
            "the identity endpoint", "retrieving authentication token failed: "
            "pulling http get authentication token response failed",
            "400 Bad Request", {"error": "invalid_request", "error_description":
                                "Identity not found"},
            "invalid_request: Identity not found"),
        "identity-not-ready": quoted(
            "the identity endpoint", "retrieving authentication token failed: "
            "pulling http get authentication token response failed",
            "404 Not Found", "", "and gave no reason: secure key release failed"),
        "identity-unreachable": release(
            "retrieving authentication token failed: http get authentication token "
            "failed for http://169.254.169.254/metadata/identity/oauth2/token: "
            "HTTP GET failed: Get \"http://169.254.169.254/\": dial tcp 169.254."
            "169.254:80: connect: no route to host"),
        "workload-identity": release(
            "retrieving authentication token using workload identity failed: failed "
            "to acquire access token: http call(https://login.microsoftonline.com/"
            "t/oauth2/v2.0/token)(POST) error: reply status code was 401:\n"
            '{"error":"invalid_client","error_description":"AADSTS700211: No '
            'matching federated identity record found."}',
            "Entra ID said 401 invalid_client: AADSTS700211: No matching federated "
            "identity record found"),
        "vault-says": quoted(
            "the vault", "releasing the key mykey failed: pulling AKV response "
            "body failed", "403 Forbidden", {"error": {
                "code": "Forbidden", "message": "Caller is not authorized.",
                "innererror": {"code": "ForbiddenByRbac"}}},
            "Forbidden, ForbiddenByRbac: Caller is not authorized"),
        "vault-ok": quoted(
            "the vault", "releasing the key mykey failed: pulling AKV response "
            "body failed", "401 Unauthorized", "OK", "and gave no reason: secure "
            "key release failed"),
        "vault-not-reached": release(
            "releasing the key mykey failed: AKV post request failed: HTTP GET "
            "failed: Post \"https://vault.example/keys/mykey/release?api-version="
            "7.4\": dial tcp: lookup vault.example on 192.0.2.53:53: server "
            "misbehaving"),
        "vault-port": release(
            "releasing the key mykey failed: verification of leaf's certificate "
            "chain failed: x509: certificate is valid for vault.example, not "
            "vault.example:8443"),
        "vault-name": release(
            "releasing the key mykey failed: verification of leaf's certificate "
            "chain failed: x509: certificate is valid for a.example, b.example, "
            "not vault.example"),
        "vault-expired": release(
            "releasing the key mykey failed: verification of leaf's certificate "
            "chain failed: x509: certificate has expired or is not yet valid: "
            "current time 2030-01-01T00:00:00Z is after 2029-01-01T00:00:00Z"),
        "vault-signature": release(
            "releasing the key mykey failed: jws token verification failed: jws "
            "token validation failed"),
        "unwrap": release("releasing the key mykey failed: aes key unwrap failed: "
                          "OAEP decryption failed: crypto/rsa: decryption error"),
    },
    "imds": {
        "no-identity": bare(400, {"error": "invalid_request",
                                  "error_description": "Identity not found"},
                            code="invalid_request"),
        "not-yet": bare(404),
        "gone": bare(410),
        "throttled": bare(429, {"error": "too_many_requests"}),
    },
    "entra": {
        "federated": bare(401, {
            "error": "invalid_client", "error_description": "AADSTS700211: No "
            "matching federated identity record found for presented assertion "
            "issuer.", "error_codes": [700211], "trace_id": "t",
            "correlation_id": "c"}, code="invalid_client"),
        "application": oauth(400, "unauthorized_client", "AADSTS700016: Application "
                             "was not found in the directory."),
        "assertion": oauth(401, "invalid_client", "AADSTS700024: Client assertion is "
                           "not within its valid time range."),
        "tenant": oauth(400, "invalid_request", "AADSTS90002: Tenant not found."),
        "secret": oauth(401, "invalid_client", "AADSTS7000215: Invalid client secret "
                        "provided."),
        "secret-expired": oauth(401, "invalid_client", "AADSTS7000222: The provided "
                                "client secret keys are expired."),
        "certificate": oauth(401, "invalid_client", "AADSTS700027: The certificate "
                             "used to sign the client assertion is not registered."),
        "resource": oauth(400, "invalid_resource", "AADSTS500011: The resource "
                          "principal was not found in the tenant."),
    },
}


def fault(service, name):
    """As a fault of the kind `status`."""
    row = TABLE[service][name]
    return {"kind": "status", "status": row["status"], "body": row["body"],
            "headers": row["headers"], "type": row.get("type", "application/json")}


def listing():
    """in_body: the code, if a sidecar that quotes the body passes it on"""
    return [{"service": s, "name": n, "status": r["status"], "code": r["code"],
             "sentence": r["sentence"], "in_body":
             r["code"] if (r["code"] or "") in json.dumps(r["body"]) else None}
            for s, rows in TABLE.items() for n, r in rows.items()]
