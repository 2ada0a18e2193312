/* blobrun.c -- see blobrun.h. */
#include "flow/blobrun.h"

#include <sys/stat.h>
#include <unistd.h>

#include "blob/agearmor.h"
#include "ground/text.h"
#include "flow/blobtwice.h"
#include "host/guard.h"
#include "flow/recordsrun.h"
#include "flow/spool.h"
#include "flow/stream.h"
#include "host/terminal.h"

/* What was cut off at a place where nothing in the data shows it. */
static int
check_size(const struct blobrun *b, const struct source *s, uint64_t n,
    struct err *e)
{
	if (!b->expected || n == b->size)
		return 0;
	return err_set(e, E_INPUT, "%s: %ju bytes where %ju are expected",
	    s->name, (uintmax_t)n, (uintmax_t)b->size);
}

static bool
to_stdout(const struct blobrun *b)
{
	return io_is_std(b->out);
}

/* Ciphertext is binary where chunks are, but in armor, and text elsewhere, but
 * for a raw block. */
static unsigned
sealed_how(const struct blobrun *b)
{
	bool text = b->format->seal_chunks != NULL ? b->armor : !b->job->raw;

	return text ? 0 : IO_BINARY;
}

/* --- whole --- */

static int
open_whole(const struct blobrun *b, const struct blob_format *f,
    struct slice in, struct buf *out, struct err *e)
{
	if (f == NULL && (f = blob_recognise(in, b->job, e)) == NULL)
		return -1;
	return blob_open(f, in, b->job, out, e);
}

static int
run_whole(const struct blobrun *b, struct source *s, bool seal,
    struct err *e)
{
	unsigned how = seal ? sealed_how(b) : IO_SECRET;
	struct buf in = {0}, out = {0};
	int ret;

	ret = source_all(s, BLOB_MAX, &in, e);
	if (ret == 0)
		ret = check_size(b, s, in.n, e);
	if (ret == 0) {
		ret = seal ? blob_seal(b->format, slice_buf(&in), b->job,
		    &out, e) :
		    open_whole(b, b->format, slice_buf(&in), &out, e);
		if (ret < 0)
			(void)err_in(e, "%s", s->name);
	}
	buf_free(&in);
	/* through a pipe or into a file of the caller's choice it may go */
	if (!seal && to_stdout(b))
		how = text_is_plain(slice_buf(&out)) ? 0 : IO_BINARY;
	if (ret == 0)
		ret = io_write(b->out, how, slice_buf(&out), e);
	buf_free(&out);
	return ret;
}

/* --- in chunks --- */

/* Reading what is being written would never end. */
static int
not_itself(const struct source *s, const struct io_out *o, struct err *e)
{
	struct stat in, out;

	if (o->final == NULL && fstat(s->fd, &in) == 0 &&
	    fstat(o->fd, &out) == 0 && S_ISREG(in.st_mode) &&
	    in.st_dev == out.st_dev && in.st_ino == out.st_ino)
		return err_set(e, E_USAGE, "%s: the output is the input; "
		    "-o writes a new file", s->name);
	return 0;
}

static void
put_armor(void *ctx, struct slice in, bool end, struct buf *out)
{
	agearmor_put(ctx, in, out);
	if (end)
		agearmor_put_end(ctx, out);
}

static int
run_chunks(const struct blobrun *b, struct source *s, struct chunks *c,
    struct slice header, bool seal, struct err *e)
{
	unsigned how = seal ? sealed_how(b) : IO_SECRET;
	struct agearmor_out armor = {0};
	struct stream stream = {.chunks = c, .in = s,
	    .dress = seal && b->armor ? put_armor : NULL, .ctx = &armor,
	    .screen = !seal && b->out == NULL && terminal_is(),
	    .progress = b->progress, .threads = b->threads};
	struct io_out out;
	struct buf text = {0};
	int ret;

	if (!seal && to_stdout(b))
		how = 0;
	if (io_open(b->out, how, &out, e) < 0)
		return -1;
	stream.out = &out;
	if (stream.dress != NULL)
		put_armor(&armor, header, false, &text);
	else
		buf_add(&text, header);
	ret = not_itself(s, &out, e);
	if (ret == 0)
		ret = io_put(&out, slice_buf(&text), e);
	if (ret == 0)
		ret = stream_run(&stream, NULL, e);
	if (ret == 0)
		ret = check_size(b, s, s->taken, e);
	buf_free(&text);
	if (ret == 0)
		return io_commit(&out, e);
	io_drop(&out);
	return -1;
}

/* --- records --- */

static int
run_records(const struct blobrun *b, struct source *s,
    const struct blob_format *each, bool seal, struct err *e)
{
	struct io_out out;
	const struct recordsrun how = {.in = s, .out = &out, .job = b->job,
	    .each = each,
	    .seal = seal, .screen = !seal && b->out == NULL && terminal_is(),
	    .progress = b->progress, .threads = b->threads};
	unsigned secret = seal || to_stdout(b) ? 0 : IO_SECRET;
	int ret;

	if (io_open(b->out, secret, &out, e) < 0)
		return -1;
	ret = not_itself(s, &out, e);
	if (ret == 0)
		ret = recordsrun(&how, e);
	if (ret == 0)
		ret = check_size(b, s, s->taken, e);
	if (ret == 0)
		return io_commit(&out, e);
	io_drop(&out);
	return -1;
}

/* --- age's armor --- */

static int
take_off(void *ctx, struct slice text, bool end, struct buf *out,
    struct err *e)
{
	if (agearmor_more(ctx, text, out, e) < 0)
		return -1;
	return end ? agearmor_end(ctx, e) : 0;
}

static int
open_chunks(const struct blobrun *b, const struct blob_format *f,
    struct source *s, struct err *e)
{
	struct agearmor armor = {0};
	struct chunks *c = NULL;
	struct slice head;
	size_t used;
	int ret;

	if (source_peek(s, f->head, &head, e) < 0)
		return -1;
	if (f->armor && agearmor_is(head) && (source_through(s,
	    (struct source_filter){&armor, take_off}, e) < 0 ||
	    source_peek(s, f->head, &head, e) < 0))
		return -1;
	if (blob_open_chunks(f, head, b->job, &used, &c, e) < 0)
		return err_in(e, "%s", s->name);
	source_skip(s, used);
	ret = run_chunks(b, s, c, slice_of(NULL, 0), false, e);
	chunks_free(c);
	return ret;
}

static int
seal_chunks(const struct blobrun *b, struct source *s, struct err *e)
{
	struct buf header = {0};
	struct chunks *c = NULL;
	int ret;

	ret = b->format->seal_chunks(b->job, &header, &c, e);
	if (ret == 0)
		ret = run_chunks(b, s, c, slice_buf(&header), true, e);
	chunks_free(c);
	buf_free(&header);
	return ret;
}

/* What is read twice is no text for a terminal, of whatever it may be. */
static int
open_twice(const struct blobrun *b, struct source *s, struct err *e)
{
	if (check_size(b, s, s->size, e) < 0)
		return -1;
	return blobtwice_open(b, s, to_stdout(b) ? IO_BINARY : IO_SECRET, e);
}

/* --- either --- */

/* What stands beside the data says that it is client-side encryption; else
 * the format in chunks whose mark is at the beginning, or none, for what is
 * read whole. */
static int
recognise_chunks(const struct blobrun *b, struct source *s,
    const struct blob_format **out, struct err *e)
{
	const struct blob_format *f;
	struct slice head;
	size_t i;

	if (b->job->cse != NULL) {
		*out = blob_named("cse");
		return 0;
	}
	for (i = 0; (f = blob_row(i)) != NULL; i++) {
		if (f->open_chunks == NULL || f->is == NULL)
			continue;
		/* a mark at the beginning is enough */
		if (source_peek(s, RECORDS_HEAD, &head, e) < 0)
			return -1;
		if (blob_is(f, head, b->job)) {
			*out = f;
			return 0;
		}
	}
	return 0;
}

/* An array, or lines of which the first is nothing that has a format of its
 * own: a JWE, say.  One object may be that, and is read whole to know it.  Of
 * some formats there may be one in each line. */
static int
recognise_records(const struct blobrun *b, struct source *s,
    const struct blob_format **out, const struct blob_format **each,
    struct err *e)
{
	const struct blob_format *f;
	enum records_kind kind;
	struct slice head, line;

	if (source_peek(s, RECORDS_HEAD, &head, e) < 0)
		return -1;
	line = slice_trim(head);
	if (slice_starts(line, "[")) {
		/* a block may begin so; what is small is seen whole */
		if (head.n == RECORDS_HEAD ||
		    ((f = blob_recognise(head, b->job, e)) != NULL &&
		    f->records))
			*out = blob_named("fields");
		return 0;
	}
	if (!slice_starts(line, "{"))
		return 0;
	if (recordsrun_kind(s, b->job, &kind, e) < 0)
		return -1;
	if (kind != RECORDS_LINES ||
	    source_peek(s, RECORDS_HEAD, &head, e) < 0)
		return kind != RECORDS_LINES ? 0 : -1;
	line = slice_trim(head);
	line = slice_head(line, slice_find(line, '\n'));
	f = blob_recognise(line, b->job, e);
	if (f == NULL || f->records)
		*out = blob_named("fields");
	else if (f->lines)
		*each = f;
	return 0;
}

/* Either, where it has not been said or can be several; who says lines means
 * one too. */
static int
recognise_lines(const struct blobrun *b, struct source *s,
    const struct blob_format **out, const struct blob_format **each,
    struct err *e)
{
	const struct blob_format *f = *out;
	int ret;

	if (f == NULL)
		return recognise_records(b, s, out, each, e);
	if (!f->lines)
		return 0;
	if (b->job->records == RECORDS_LINES) {
		*each = f;
		return 0;
	}
	ret = recognise_records(b, s, &f, each, e);
	if (*each != *out)
		*each = NULL;
	return ret;
}

int
blobrun_open(const struct blobrun *b, struct err *e)
{
	const struct blob_format *f = b->format, *each = NULL;
	struct source s;
	bool twice = false;
	int ret;

	if (source_open(b->in, &s, e) < 0)
		return -1;
	ret = blobtwice_wants(b, &s, &twice, e);
	if (ret == 0 && twice)
		ret = spool(&s, e);
	if (ret == 0)
		ret = io_prepare(b->out, to_stdout(b) ? 0 : IO_SECRET, e);
	(void)guard_filter(false);
	if (ret == 0 && s.sized)
		ret = check_size(b, &s, s.size, e);
	if (ret == 0 && f == NULL && !twice)
		ret = recognise_chunks(b, &s, &f, e);
	if (ret == 0 && !twice)
		ret = recognise_lines(b, &s, &f, &each, e);
	if (ret == 0)
		ret = twice ? open_twice(b, &s, e) :
		    each != NULL || (f != NULL && f->records) ?
		    run_records(b, &s, each, false, e) :
		    f != NULL && f->open_chunks != NULL ?
		    open_chunks(b, f, &s, e) : run_whole(b, &s, false, e);
	source_close(&s);
	return ret;
}

int
blobrun_seal(const struct blobrun *b, struct err *e)
{
	struct source s;
	int ret;

	/* early, before anything is read */
	if (io_may_write(b->out, sealed_how(b), e) < 0 ||
	    source_open(b->in, &s, e) < 0)
		return -1;
	ret = io_prepare(b->out, sealed_how(b), e);
	(void)guard_filter(false);
	if (ret == 0)
		ret = b->format->records ?
		    run_records(b, &s, NULL, true, e) :
		    b->format->seal_chunks != NULL ? seal_chunks(b, &s, e) :
	    run_whole(b, &s, true, e);
	source_close(&s);
	return ret;
}
