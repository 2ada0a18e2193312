/* fetch.c -- see fetch.h. */
#include "serve/fetch.h"

#include "codec/b64.h"
#include "codec/bytes.h"
#include "codec/hex.h"
#include "evidence/show.h"
#include "evidence/tcb.h"
#include "evidence/thim.h"
#include "net/http.h"
#include "net/metadata.h"

enum {
	FETCH_TIMEOUT = 20,	/* seconds for one document */
	FETCH_RETRIES = 2,	/* AMD gives a leaf every ten seconds */
	LINE = 64,		/* characters of a line of PEM */
};

#define AMD_HOST "kdsintf.amd.com"
#define CACHE_HOST "global.acccache.azure.net"
#define CACHE_TYPE "SevSnpVM"
#define CACHE_QUERY \
	"api-version=2020-10-15-preview&clientId=ConfidentialACI"

static int
get(const struct platform_files *f, struct buf *url, struct buf *out,
    struct err *e)
{
	struct http_request rq = {.method = "GET", .cacert = f->cacert,
	    .ms = FETCH_TIMEOUT * 1000, .retries = FETCH_RETRIES,
	    .body_max = THIM_MAX};
	struct http_answer answer = {0};
	struct service_answer said;
	int ret;

	buf_addc(url, '\0');
	rq.url = (const char *)url->p;
	ret = http_do(&rq, &answer, e);
	said = http_service(&answer);
	if (ret == 0 && answer.status != 200)
		ret = service_refused(&said, e);
	else if (ret == 0)
		buf_add(out, slice_buf(&answer.body));
	http_free(&answer);
	return ret;
}

static void
add_pem(struct slice der, struct buf *out)
{
	struct buf text = {0};
	struct slice s;

	b64_encode(der, B64_STD | B64_PAD, &text);
	buf_adds(out, "-----BEGIN CERTIFICATE-----\n");
	for (s = slice_buf(&text); s.n > 0; s = slice_from(s, LINE)) {
		buf_add(out, slice_head(s, LINE));
		buf_addc(out, '\n');
	}
	buf_adds(out, "-----END CERTIFICATE-----\n");
	buf_free(&text);
}

/* An address with another host, if the operator named one. */
static void
add_url(const char *host, struct slice url, struct buf *out)
{
	static const char amd[] = "https://" AMD_HOST;

	buf_addf(out, "https://%s", host != NULL ? host : AMD_HOST);
	buf_add(out, slice_from(url, sizeof amd - 1));
}

static int
from_amd(const struct platform_files *f, struct slice report, struct buf *out,
    struct err *e)
{
	enum product product = product_guess(report);
	struct buf at = {0}, url = {0}, der = {0};
	int ret;

	if (!snp_kds_url(report, product, &at)) {
		buf_free(&at);
		return err_set(e, E_INPUT, "AMD has no leaf for this report: "
		    "its chip is masked, or another key signed it");
	}
	add_url(f->cache, slice_buf(&at), &url);
	ret = get(f, &url, &der, e);
	if (ret == 0) {
		add_pem(slice_buf(&der), out);
		buf_cut(&url, 0);
		buf_addf(&url, "https://%s/vcek/v1/%s/cert_chain",
		    f->cache != NULL ? f->cache : AMD_HOST,
		    product_name(product));
		ret = get(f, &url, out, e);
	}
	buf_free(&at);
	buf_free(&url);
	buf_free(&der);
	return ret;
}

static int
from_cache(const struct platform_files *f, struct slice report,
    struct buf *out, struct err *e)
{
	struct buf url = {0};
	int ret;

	buf_addf(&url, "https://%s/%s/certificates/", f->cache != NULL ?
	    f->cache : CACHE_HOST, f->tee_type != NULL ? f->tee_type :
	    CACHE_TYPE);
	hex_encode(snp_get(report, SNP_CHIP_ID), &url);
	buf_addf(&url, "/%llx?%s",
	    (unsigned long long)snp_number(report, SNP_REPORTED_TCB),
	    f->query != NULL ? f->query : CACHE_QUERY);
	ret = get(f, &url, out, e);
	buf_free(&url);
	return ret;
}

int
fetch_certs(const struct platform_files *f, struct slice report,
    struct buf *out, struct err *e)
{
	if (f->source == SOURCE_THIM)
		return metadata_thim(out, e);
	if (report.n == 0)
		return err_set(e, E_INPUT, "no report yet to look for "
		    "certificates with");
	return f->source == SOURCE_AMD ? from_amd(f, report, out, e) :
	    from_cache(f, report, out, e);
}
