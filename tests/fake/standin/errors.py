"""The documented error answers of each service, by name, as one table.

Fault {"kind": "error", "name": …} serves one; GET /errors on the control port
lists them with what a client should find in them: code and innermost sentence.
"""
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


def noisy(status, code):
    lines = [NOISE.format(n, s) for n, s in (
        (168, "PolicyEngineException"), (91, DENIED))]
    return dict(plain(status, code, "\r\n".join(lines)), sentence=DENIED)


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
    },
}


def fault(service, name):
    """As a fault of the kind `status`."""
    row = TABLE[service][name]
    return {"kind": "status", "status": row["status"], "body": row["body"],
            "headers": row["headers"], "type": row.get("type", "application/json")}


def listing():
    return [{"service": s, "name": n, "status": r["status"], "code": r["code"],
             "sentence": r["sentence"]}
            for s, rows in TABLE.items() for n, r in rows.items()]
