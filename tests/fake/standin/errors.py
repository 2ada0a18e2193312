"""The documented error answers of each service, by name, as one table.

Fault {"kind": "error", "name": …} serves one; GET /errors on the control port
lists them with what a client should find in them: code and innermost sentence.
"""
import json

from .vault import NOT_FOUND, TENANT

NOISE = ("Native operation failed with 65518: G:\\Az\\src\\Attestation\\Policy\\"
         "NativePolicyEngine.cpp({}): Policy Evaluation Error has occurred Msg:[{}]")
DENIED = "Policy Engine Exception: A Deny claim was issued, authorization failed."
CHALLENGE = {"WWW-Authenticate": (
    f'Bearer authorization="https://login.microsoftonline.com/{TENANT}", '
    'resource="https://vault.azure.net"')}
TRAILER = ("\nERROR: Please refer to the documentation for more information on "
           "how to use this sidecar.\nACI: https://a\nKATA: https://k\n"
           "Troubleshooting: https://t")
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


def message(status, text):
    """The sidecar's own: a string, with its advice behind."""
    return {"status": status, "body": {"error": text + TRAILER}, "headers": {},
            "code": None, "sentence": text}


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
    "skr": {
        "nothing": bare(400, {"error": {}}),
        "panic": bare(500),
        "not-ready": bare(404, "404 page not found", kind="text/plain"),
        "bad-json": message(400, "invalid request format: invalid character "
                            "looking for beginning of value"),
        "missing-member": message(400, "invalid request format: Key: 'RuntimeData' "
                                  "Error:Field validation for 'RuntimeData' failed "
                                  "on the 'required' tag"),
        "bad-base64": message(400, "decoding base64-encoded runtime data of request "
                              "failed: illegal base64 data at input byte 0"),
        "no-state": message(500, "attestation state is missing"),
        "no-such-host": message(403, "retrieving MAA token from MAA endpoint failed: "
                                "maa post request failed: HTTP GET failed: Post "
                                "\"https://https://maa/attest\": dial tcp: lookup "
                                "https: no such host"),
        "unknown-authority": message(403, "maa post request failed: HTTP GET failed: "
                                     "x509: certificate signed by unknown authority"),
        "tcb": message(403, "SNP reported TCB value: db18000000000004 doesn't match "
                       "Certificate TCB value: 0018000000000004"),
        "no-chain": message(403, "No certificate chain found"),
        "no-device": message(403, "fetching SNP report failed: open /dev/sev-guest: "
                             "no such file or directory"),
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
