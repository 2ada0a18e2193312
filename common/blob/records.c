/* records.c -- see records.h. */
#include "blob/records.h"

#include <stdlib.h>

#include "ground/text.h"

int
records_new(const struct blob_job *job, bool seal, enum records_kind kind,
    struct records *out, struct err *e)
{
	struct records r = {.ask = {.job = job, .seal = seal},
	    .split = {.kind = kind}, .begun = kind != RECORDS_CSV};
	struct fieldvalue *value;

	/* a key that will not do is said before the records are judged */
	if (fieldvalue_new(job, seal, &value, e) < 0)
		return -1;
	fieldvalue_free(value);
	if (fieldask_read(&r.ask, job->fields, e) < 0) {
		fieldask_free(&r.ask);
		return -1;
	}
	*out = r;
	return 0;
}

void
records_free(struct records *r)
{
	fieldask_free(&r->ask);
	csv_free(&r->csv);
}

int
records_more(struct records *r, struct slice text, bool end,
    struct spans *spans, size_t *cut, struct err *e)
{
	size_t before = spans->n;
	struct span first;
	int ret;

	ret = split_more(&r->split, text, end, spans, cut, e);
	if (!r->begun && spans->n > before) {
		first = spans->v[before];
		if (csv_head(&r->ask, slice_of(text.p + first.at, first.n),
		    &r->csv, e) < 0)
			return err_in(e, "header");
		r->begun = true;
	}
	if (ret == 0 && end && !r->begun)
		ret = err_set(e, E_INPUT, "empty where a header belongs");
	return ret;
}

/* In front of the message, which for a document has the member's path in it
 * already, the place of the record. */
static int
at_record(const struct records *r, uint64_t number, struct err *e)
{
	const struct err was = *e;
	const char *rest = was.text;

	if (r->split.kind == RECORDS_LINES)
		return err_in(e, "line %ju", (uintmax_t)number);
	if (r->split.kind == RECORDS_CSV)
		return err_in(e, "record %ju", (uintmax_t)number);
	if (r->split.one)
		return -1;
	if (e->text[0] != '.')
		return err_in(e, ".[%ju]", (uintmax_t)number);
	/* ".name" becomes ".[7].name", and ".[0]" ".[7][0]" */
	rest += rest[1] == '[' || rest[1] == ':';
	(void)err_set(e, was.code, ".[%ju]%s", (uintmax_t)number, rest);
	return was.hint[0] == '\0' ? -1 : err_hint(e, "%s", was.hint);
}

/* Whoever has the public key could put lines of his own into the output. */
static int
one_line(struct slice plain, struct err *e)
{
	if (text_is_utf8(plain) && slice_find(plain, '\n') == plain.n &&
	    slice_find(plain, '\r') == plain.n &&
	    slice_find(plain, '\0') == plain.n)
		return 0;
	(void)err_set(e, E_INPUT, "decrypts to what is no line of text");
	return err_hint(e, "given alone it is written as it is");
}

static int
turn_blob(const struct records *r, struct fieldwork *w, struct slice rec,
    struct buf *out, struct err *e)
{
	struct blob_job job = *r->ask.job;
	struct buf plain = {0};
	bool left;
	int ret;

	ret = blob_open(r->each, rec, &job, &plain, e);
	left = ret < 0 && e->code == E_NO && job.skip;
	if (ret == 0)
		ret = one_line(slice_buf(&plain), e);
	if (left)
		fieldwork_left(w, slice_str("value"));
	if (left || ret == 0) {
		buf_add(out, left ? rec : slice_buf(&plain));
		fieldwork_next(w, left);
		ret = 0;
	}
	buf_free(&plain);
	return ret;
}

static int
turn_one(const struct records *r, struct fieldwork *w, struct slice rec,
    uint64_t number, struct buf *out, struct err *e)
{
	if (r->each != NULL)
		return turn_blob(r, w, rec, out, e);
	if (r->split.kind != RECORDS_CSV)
		return fields_json(w, rec, out, e);
	if (number > 0)
		return csv_row(w, &r->csv, rec, out, e);
	csv_put_head(&r->ask, &r->csv, rec, out);
	return 0;
}

int
records_turn(const struct records *r, struct fieldwork *w,
    struct slice piece, const struct span *span, size_t n, struct buf *out,
    struct err *e)
{
	size_t was = out->n, from = 0, i;

	for (i = 0; i < n; i++) {
		buf_add(out, slice_of(piece.p + from, span[i].at - from));
		if (turn_one(r, w, slice_of(piece.p + span[i].at, span[i].n),
		    span[i].number, out, e) < 0) {
			buf_cut(out, was);
			return at_record(r, span[i].number, e);
		}
		from = span[i].at + span[i].n;
	}
	buf_add(out, slice_from(piece, from));
	return 0;
}

/* --- the end --- */

static bool
is_used(const struct records *r, size_t at, struct fieldwork *const *work,
    size_t n)
{
	size_t i;

	for (i = 0; i < r->csv.columns; i++)
		if (r->csv.place[i] == (int)at)
			return true;
	for (i = 0; i < n; i++)
		if (work[i]->used[at])
			return true;
	return false;
}

static int
check_used(const struct records *r, struct fieldwork *const *work, size_t n,
    bool *nothing, struct err *e)
{
	const char *what = r->split.kind == RECORDS_CSV ? "column" : "member";
	const char *tail = r->ask.seal ? "" : "_encrypted";
	struct slice name;
	size_t i;

	*nothing = false;
	if (r->each != NULL)
		return 0;
	for (i = 0; i < r->ask.n; i++) {
		name = slice_head(r->ask.name[i], 200);
		if (!is_used(r, i, work, n)) {
			(void)err_set(e, E_INPUT, "no %s is named %.*s%s",
			    what, (int)name.n, (const char *)name.p, tail);
			return field_sealed_name(&name) ? err_hint(e,
			    "--fields has the name without _encrypted") :
			    -1;
		}
	}
	if (r->ask.n > 0 || is_used(r, 0, work, n))
		return 0;
	*nothing = true;
	return r->split.kind != RECORDS_JSON ? 0 : err_set(e, E_INPUT,
	    "no member is named <field>_encrypted");
}

static void
add_tally(struct fieldtally *all, size_t *n, const struct fieldtally *one)
{
	size_t i;

	for (i = 0; i < *n; i++)
		if (slice_eq(slice_buf(&all[i].name), slice_buf(&one->name)))
			break;
	if (i == *n)
		all[(*n)++] = (struct fieldtally){.name = one->name};
	all[i].left += one->left;
}

/* The workers' tallies as one text.  What they met first differs from run to
 * run, so that it goes by name. */
static int
by_name(const void *a, const void *b)
{
	const struct fieldtally *x = a, *y = b;
	size_t n = x->name.n < y->name.n ? x->name.n : y->name.n;
	int d = n > 0 ? memcmp(x->name.p, y->name.p, n) : 0;

	return d != 0 ? d : (x->name.n > y->name.n) -
	    (x->name.n < y->name.n);
}

static void
add_tallies(struct fieldwork *const *work, size_t n, struct buf *out)
{
	struct fieldtally *all;
	size_t sum = 0, met = 0, i, k;

	for (i = 0; i < n; i++)
		sum += work[i]->n_tally;
	if ((all = calloc(sum + 1, sizeof *all)) == NULL)
		err_nomem();
	for (i = 0; i < n; i++)
		for (k = 0; k < work[i]->n_tally; k++)
			add_tally(all, &met, &work[i]->tally[k]);
	qsort(all, met, sizeof *all, by_name);
	for (i = 0; i < met; i++) {
		buf_adds(out, i > 0 ? ", " : "");
		text_escape(slice_buf(&all[i].name), out);
		buf_addf(out, " %ju", (uintmax_t)all[i].left);
	}
	free(all);
}

int
records_done(const struct records *r, struct fieldwork *const *work, size_t n,
    struct blob_job *job, struct err *e)
{
	size_t i;

	if (check_used(r, work, n, &job->nothing, e) < 0)
		return -1;
	job->skipped = job->records_done = 0;
	for (i = 0; i < n; i++) {
		job->skipped += work[i]->left;
		job->records_done += work[i]->records;
	}
	buf_cut(&job->skipped_fields, 0);
	add_tallies(work, n, &job->skipped_fields);
	return 0;
}

/* --- whole --- */

static int
turn_whole(struct records *r, struct slice in, struct blob_job *job,
    struct buf *out, struct err *e)
{
	struct spans spans = {0};
	struct fieldwork *w = NULL;
	struct buf text = {0};
	size_t cut;
	int ret;

	ret = fieldwork_new(&r->ask, &w, e);
	if (ret == 0)
		ret = records_more(r, in, true, &spans, &cut, e);
	if (ret == 0)
		ret = records_turn(r, w, in, spans.v, spans.n, &text, e);
	if (ret == 0)
		ret = records_done(r, &w, 1, job, e);
	if (ret == 0)
		buf_add(out, slice_buf(&text));
	fieldwork_free(w);
	free(spans.v);
	buf_free(&text);
	return ret;
}

static int
whole(struct slice in, struct blob_job *job, bool seal, struct buf *out,
    struct err *e)
{
	struct records r;
	int ret;

	if (text_no_bom(in, "records", e) < 0 || records_new(job, seal,
	    job->records != RECORDS_AUTO ? job->records :
	    split_recognise(in, true), &r, e) < 0)
		return -1;
	ret = turn_whole(&r, in, job, out, e);
	records_free(&r);
	return ret;
}

int
records_open(struct slice in, struct blob_job *job, struct buf *out,
    struct err *e)
{
	return whole(in, job, false, out, e);
}

int
records_seal(struct slice in, struct blob_job *job, struct buf *out,
    struct err *e)
{
	return whole(in, job, true, out, e);
}
