/* endpoint.h -- the addresses people type: MAA endpoints, key URLs.
 * Pure. */
#ifndef AZURE_ENDPOINT_H
#define AZURE_ENDPOINT_H

#include "ground/buf.h"
#include "ground/err.h"

/* host[:port] or https://host[:port][/] becomes "https://host[:port]",
 * appended without a NUL, host in lower case, port 443 dropped.  A path, user
 * info, query, fragment, http scheme or a character no host has is E_USAGE
 * with a hint. */
int endpoint_issuer(const char *text, struct buf *out, struct err *);

/* http://host[:port][/] to a loopback address (localhost, 127/8, ::1), as
 * the sidecar's; appended without the slash.  E_USAGE otherwise. */
int endpoint_sidecar(const char *text, struct buf *out, struct err *);

/* The host of "scheme://host[:port]...", without port or brackets; a part of
 * url. */
struct slice endpoint_host(struct slice url);

/* localhost, or a literal address in 127/8, ::1, 169.254/16 or fe80::/10: the
 * only hosts for plain http, and never behind a proxy. */
bool endpoint_local(struct slice host);

/* Append the resource (RFC 8707) that access tokens for a vault at host are
 * for: "https://vault.azure.net" and "https://managedhsm.azure.net" and those
 * of other clouds, also by a vault's private name (privatelink.vaultcore) or a
 * region's (REGION.h.managedhsm); for other names the host without its first
 * label.  false, and nothing, if that leaves no name of two labels. */
bool endpoint_resource(struct slice host, struct buf *out);

/* https://host[:port]/keys/NAME[/VERSION][/]; the parts are appended. E_USAGE
 * otherwise.  version stays empty if there is none. */
struct endpoint_key {
	struct buf base;	/* "https://host[:port]" */
	struct buf host;	/* without port */
	struct buf name, version;
};
int endpoint_key(const char *text, struct endpoint_key *, struct err *);
void endpoint_key_free(struct endpoint_key *);

#endif
