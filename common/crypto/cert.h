/* cert.h -- X.509 certificates: read, looked into, and chained.  Roots, host
 * name and time are arguments.  Crypto: pure. */
#ifndef CRYPTO_CERT_H
#define CRYPTO_CERT_H

#include "crypto/hash.h"
#include "crypto/key.h"

enum {
	CERT_MAX = 64 << 10,	/* bytes of one DER certificate */
	CERT_CHAIN_MAX = 8,	/* certificates in one chain */
	CERT_ROOTS_MAX = 1000,	/* certificates in one bundle of roots */
};

struct cert;

/* Certificates in their order; release with certs_free(). */
struct certs {
	struct cert **v;
	size_t n;
};

/* One DER certificate, nothing behind it; appended to out.  Malformed, or
 * one more than max, is E_INPUT. */
int certs_add_der(struct certs *out, struct slice der, size_t max,
    struct err *);
/* The DER certificate that text begins with, which is taken off it. */
int certs_take_der(struct certs *out, struct slice *text, size_t max,
    struct err *);
/* Every PEM certificate of text, blanks between them only, at least one and
 * at most max.  CRLF line ends are accepted. */
int certs_add_pem(struct certs *out, struct slice text, size_t max,
    struct err *);
/* Every PEM certificate of text, which may be none; anything may stand between
 * them, and other PEM objects are skipped. */
int certs_find_pem(struct certs *out, struct slice text, size_t max,
    struct err *);
/* A bundle of roots as systems ship it, for cert_chain_verify() alone: text
 * between certificates and other PEM objects are skipped.  None, or one that is
 * no DER from the outside, is E_INPUT.  Of the hundred and more a chain needs
 * one, and decoding one costs as much as a signature: they are decoded when
 * they are needed. */
int certs_add_bundle(struct certs *out, struct slice text, struct err *);
/* Append one, which is taken over; release one that is in none. */
void certs_append(struct certs *, struct cert *);
void cert_free(struct cert *);
void certs_free(struct certs *);

/* The certificate's key, to be released with key_free(); RSA keys under
 * KEY_RSA_MIN and other kinds than RSA and EC are E_INPUT. */
int cert_key(const struct cert *, struct key **, struct err *);
/* The DER text; borrowed.  Append it as PEM; and a CRL, DER or PEM,
 * likewise. */
struct slice cert_der(const struct cert *);
void cert_pem(const struct cert *, struct buf *out);
void cert_crl_pem(struct slice crl, struct buf *out);
/* SHA-256 of the DER text, and of the SubjectPublicKeyInfo. */
void cert_sha256(const struct cert *, uint8_t out[SHA256_SIZE]);
void cert_spki_sha256(const struct cert *, uint8_t out[SHA256_SIZE]);
/* Append the common name of the subject or issuer, UTF-8; nothing if it has
 * none or several. */
void cert_subject_cn(const struct cert *, struct buf *out);
void cert_issuer_cn(const struct cert *, struct buf *out);
/* The issuer that cert names is the subject of issuer. */
bool cert_names_issuer(const struct cert *cert, const struct cert *issuer);
/* The subject has this attribute (dotted oid) once, and its text is value. */
bool cert_subject_is(const struct cert *, const char *oid, struct slice value);
/* value is, to the letter, among the subject alternative names of a kind. */
enum cert_name { CERT_DNS, CERT_EMAIL, CERT_URI };
bool cert_has_name(const struct cert *, enum cert_name, struct slice value);
/* Append the content of the extension value's OCTET STRING; false if the
 * extension is absent or there twice.  oid is dotted. */
bool cert_extension(const struct cert *, const char *oid, struct buf *out);
/* oid (dotted) is among the extended key usages. */
bool cert_has_eku(const struct cert *, const char *oid);
/* All extensions are well-formed and those that are critical are known. */
bool cert_understood(const struct cert *);
/* basicConstraints CA:TRUE, and keyCertSign where keyUsage is present. */
bool cert_is_ca(const struct cert *);
/* pathlen of basicConstraints, or -1 if there is none. */
int cert_pathlen(const struct cert *);
/* Epoch seconds; E_NO with "expired at ..." or "not valid before ...". */
int cert_valid_at(const struct cert *, int64_t at, struct err *);

/* cert's signature by issuer's key, whatever the names say; E_NO if not, or
 * if digest or key have under 112 bits of security (SHA-1, RSA 1024). */
int cert_signed_by(const struct cert *cert, const struct cert *issuer,
    struct err *);
/* The signature algorithm of cert is RSASSA-PSS, SHA-384, MGF1 SHA-384 and
 * salt 48: AMD's, and no other. */
bool cert_pss_sha384(const struct cert *);

/* Verify chain[0] up to one of roots with the intermediates chain[1..] (the
 * roots a chain brings count for nothing), at time at, as a TLS server for
 * host unless host is NULL; host is a DNS name or an IP address without
 * brackets, and is looked for among the subject alternative names alone.
 * Without host, the chain of a document, one of roots may itself be an
 * intermediate; a server's must lead to one that is self-signed.
 * The rules are RFC 5280's, strictly (OpenSSL's X509_STRICT), and security
 * level 2.  E_NO names the certificate and the reason; a root that is needed
 * and malformed is E_INPUT. */
int cert_chain_verify(const struct certs *chain, const struct certs *roots,
    int64_t at, const char *host, struct err *);

/* A CRL, DER, or PEM among other objects: signed by issuer, current at time at;
 * E_NO if not, or if one of certs' serial numbers is revoked. */
int cert_crl_check(struct slice crl, const struct cert *issuer,
    const struct certs *certs, int64_t at, struct err *);

#endif
