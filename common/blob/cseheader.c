/* cseheader.c -- see cse_in.h: the metadata in a dump of HTTP headers, as
 * curl -D and -I write them: a block for each answer, the first of which may
 * be a proxy's or a redirection. */
#include "blob/cse_in.h"

#include <strings.h>

/* What is looked for in a block. */
enum field { META, BLOBXFER, LENGTH, BLOB_LENGTH, RANGE, TYPE, FIELDS };

static const char *const names[FIELDS] = {
	[META] = "x-ms-meta-encryptiondata",
	[BLOBXFER] = "x-ms-meta-encryptiondata_authentication",
	[LENGTH] = "content-length",
	[BLOB_LENGTH] = "x-ms-blob-content-length",
	[RANGE] = "content-range",
	[TYPE] = "x-ms-blob-type",
};

struct block {
	unsigned status;	/* 0: there is no status line */
	unsigned seen[FIELDS];
	struct slice value[FIELDS];
};

static int
bad_line(size_t line, const char *why, struct err *e)
{
	return err_set(e, E_INPUT, "encryptiondata: line %zu: %s", line, why);
}

/* "HTTP/1.1 200 OK" */
static bool
status_of(struct slice s, unsigned *out)
{
	struct slice code = slice_from(s, slice_find(s, ' ') + 1);
	size_t i;

	if (code.n < 3 || (code.n > 3 && code.p[3] != ' '))
		return false;
	for (*out = 0, i = 0; i < 3; i++) {
		if (code.p[i] < '0' || code.p[i] > '9')
			return false;
		*out = *out * 10 + (unsigned)(code.p[i] - '0');
	}
	return *out >= 100;
}

/* A name and a colon; no blank before it and, as text, nothing that would
 * move a terminal's cursor. */
static bool
is_field(struct slice s)
{
	size_t i, colon = slice_find(s, ':');

	if (colon == 0 || colon == s.n)
		return false;
	for (i = 0; i < s.n; i++)
		if (s.p[i] == 0x7f || (i <= colon ? s.p[i] <= ' ' :
		    s.p[i] < ' ' && s.p[i] != '\t'))
			return false;
	return true;
}

static void
take(struct block *b, struct slice s)
{
	size_t i, colon = slice_find(s, ':');

	for (i = 0; i < FIELDS; i++)
		if (strlen(names[i]) == colon && strncasecmp(names[i],
		    (const char *)s.p, colon) == 0) {
			b->seen[i]++;
			b->value[i] = slice_trim(slice_from(s, colon + 1));
		}
}

/* One line, without its end.  open: a block is, which an empty one ends. */
static int
take_line(struct block *b, struct slice s, size_t line, bool *open,
    struct err *e)
{
	if (s.n == 0) {
		*open = false;
		return 0;
	}
	if (slice_starts(s, "HTTP/") && (!*open || line == 1)) {
		*b = (struct block){0};
		*open = true;
		return status_of(s, &b->status) ? 0 :
		    bad_line(line, "no status line of HTTP", e);
	}
	if (!*open)
		return bad_line(line, "behind the headers", e);
	if (!is_field(s))
		return bad_line(line, line == 1 ?
		    "neither JSON nor an HTTP header" : "no HTTP header", e);
	take(b, s);
	return 0;
}

static int
last_block(struct slice dump, struct block *b, struct err *e)
{
	bool open = true;
	struct slice s;
	size_t at, line;

	for (line = 1; dump.n > 0; line++) {
		at = slice_find(dump, '\n');
		s = slice_head(dump, at);
		dump = slice_from(dump, at + 1);
		if (s.n > 0 && s.p[s.n - 1] == '\r')
			s.n--;
		if (take_line(b, s, line, &open, e) < 0)
			return -1;
	}
	return 0;
}

static bool
decimal(struct slice s, uint64_t *out)
{
	size_t i;

	*out = 0;
	for (i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' ||
		    *out > (UINT64_MAX - 9) / 10)
			return false;
		*out = *out * 10 + (uint64_t)(s.p[i] - '0');
	}
	return s.n > 0;
}

/* A whole answer's length is the blob's, of a part the range says it:
 * "bytes 0-49/50", or "*" for not known. */
static int
size_of(const struct block *b, struct cse_found *f, struct err *e)
{
	struct slice range = b->value[RANGE];
	struct slice total = slice_from(range, slice_find(range, '/') + 1);
	bool part = b->status == 206 || (b->status == 0 && b->seen[RANGE] > 0);
	uint64_t n[2] = {0, 0};

	if (part && b->seen[RANGE] == 1 && slice_is(total, "*"))
		return 0;
	if (b->seen[BLOB_LENGTH] > 0 &&
	    !decimal(b->value[BLOB_LENGTH], &n[0]))
		return err_set(e, E_INPUT, "%s: not a size",
		    names[BLOB_LENGTH]);
	if (part ? b->seen[RANGE] > 0 && !decimal(total, &n[1]) :
	    b->seen[LENGTH] > 0 && !decimal(b->value[LENGTH], &n[1]))
		return err_set(e, E_INPUT, "%s: not a size",
		    names[part ? RANGE : LENGTH]);
	if (b->seen[BLOB_LENGTH] > 0 && b->seen[part ? RANGE : LENGTH] > 0 &&
	    n[0] != n[1])
		return err_set(e, E_INPUT, "%s and %s: not the same size",
		    names[BLOB_LENGTH], names[part ? RANGE : LENGTH]);
	f->sized = b->seen[BLOB_LENGTH] > 0 ||
	    b->seen[part ? RANGE : LENGTH] > 0;
	f->size = b->seen[BLOB_LENGTH] > 0 ? n[0] : n[1];
	return 0;
}

int
cse_find_header(struct slice dump, struct cse_found *f, struct err *e)
{
	struct block b = {0};
	size_t i;

	if (last_block(dump, &b, e) < 0)
		return -1;
	if (b.status != 0 && b.status != 200 && b.status != 206)
		return err_set(e, E_INPUT, "encryptiondata: the last answer "
		    "has the status %u", b.status);
	for (i = 0; i < FIELDS; i++)
		if (b.seen[i] > 1)
			return err_set(e, E_INPUT,
			    "encryptiondata: %s: more than once", names[i]);
	if (b.seen[BLOBXFER] > 0)
		return cse_blobxfer(e);
	if (b.seen[META] == 0)
		return err_set(e, E_INPUT, "encryptiondata: no %s among the "
		    "headers", names[META]);
	if (size_of(&b, f, e) < 0)
		return err_in(e, "encryptiondata");
	f->page = b.seen[TYPE] > 0 && slice_is(b.value[TYPE], "PageBlob");
	buf_add(&f->text, b.value[META]);
	return 0;
}
