/* html.c -- see html.h. */
#include "page/html.h"

#include "codec/b64.h"
#include "crypto/hash.h"
#include "ground/text.h"

/* How deep a value is shown as lists; what is deeper stands as JSON. */
enum { DEPTH_MAX = 3 };

static const char style[] =
    ":root{color-scheme:light dark;--paper:#fff;--ink:#1c2128;--dim:#59636e;"
    "--line:#d4d9df;--soft:#f5f7f9;--yes:#0f6b2f;--yes-soft:#e3f6e8;"
    "--no:#a5122a;--no-soft:#fdeaec;--open:#7a4b00;--open-soft:#fff5d6}\n"
    "@media screen and (prefers-color-scheme:dark){:root{--paper:#14181d;"
    "--ink:#e3e7ec;--dim:#9aa5b1;--line:#343b44;--soft:#1c2229;"
    "--yes:#6fd68b;--yes-soft:#12301c;--no:#ff8f9c;--no-soft:#3a161c;"
    "--open:#f0c25e;--open-soft:#33280d}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--paper);color:var(--ink);"
    "font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}\n"
    "main{max-width:62rem;margin:0 auto;padding:1rem}\n"
    "h1{font-size:1.5rem;line-height:1.25;margin:0}\n"
    "h2{font-size:1.2rem;margin:2rem 0 .25rem}\n"
    "h3{font-size:1rem;margin:1.25rem 0 .25rem}\n"
    "p{margin:.25rem 0}\n"
    "code{font:.875em/1.45 ui-monospace,monospace;white-space:pre-wrap}\n"
    "header{border:2px solid;border-radius:.5rem;padding:1rem}\n"
    "header h1,header p{color:var(--ink)}\n"
    ".word{font-weight:700}\n"
    "header.yes .word{color:var(--yes)}header.no .word{color:var(--no)}"
    "header.open .word{color:var(--open)}\n"
    "header .word{font-size:1.5rem;line-height:1.25}\n"
    ".yes>.word,header.yes{color:var(--yes)}\n"
    ".no>.word,header.no{color:var(--no)}\n"
    ".open>.word,header.open{color:var(--open)}\n"
    "header.yes,.cards>.yes{background:var(--yes-soft)}\n"
    "header.no,.cards>.no{background:var(--no-soft)}\n"
    "header.open,.cards>.open{background:var(--open-soft)}\n"
    ".says,.means,.note,.option{color:var(--dim)}\n"
    ".means,.note,.option{font-size:.875rem}\n"
    ".rows>*{border-top:1px solid var(--line);padding:.5rem 0;display:grid;"
    "grid-template-columns:4rem minmax(0,15rem) minmax(0,1fr);gap:0 1rem}\n"
    ".rows>.plain{grid-template-columns:minmax(0,20rem) minmax(0,1fr)}\n"
    ".rows>*:last-child,header{border-bottom-width:1px}\n"
    ".rows .name,.cards .name{font-weight:600}\n"
    ".cards{display:grid;gap:.75rem;"
    "grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr))}\n"
    ".cards>*{border:1px solid var(--line);border-radius:.5rem;"
    "padding:.75rem}\n"
    ".cards .word{margin-right:.5rem}\n"
    ".cards code{display:block}\n"
    "ul{margin:0;padding-left:1.1rem}.bare{list-style:none;padding:0}\n"
    "@media (max-width:40rem){.rows>*,.rows>.plain{display:block}"
    ".rows .word{margin-right:.5rem}.rows .name{display:inline}"
    "main{padding:.75rem}}\n"
    "@media print{body{font-size:10pt}main{max-width:none;padding:0}"
    ".rows>*,.cards>*,header{break-inside:avoid}"
    "h2,h3{break-after:avoid}}\n";

static const char *const classes[] = {
	[HTML_PLAIN] = "plain",
	[HTML_YES] = "yes",
	[HTML_NO] = "no",
	[HTML_OPEN] = "open",
};

void
html_text(struct slice s, struct buf *out)
{
	struct buf plain = {0};
	size_t i;

	text_escape(s, &plain);
	for (i = 0; i < plain.n; i++)
		switch (plain.p[i]) {
		case '&':
			buf_adds(out, "&amp;");
			break;
		case '<':
			buf_adds(out, "&lt;");
			break;
		case '>':
			buf_adds(out, "&gt;");
			break;
		case '"':
			buf_adds(out, "&quot;");
			break;
		case '\'':
			buf_adds(out, "&#39;");
			break;
		default:
			buf_addc(out, plain.p[i]);
		}
	buf_free(&plain);
}

/* An element of a class around a text, if there is one. */
static void
around(const char *tag, const char *class, struct slice text, struct buf *out)
{
	if (text.n == 0)
		return;
	buf_addf(out, "<%s class=\"%s\">", tag, class);
	html_text(text, out);
	buf_addf(out, "</%s>\n", tag);
}

static struct slice
own(const char *text)
{
	return slice_str(text == NULL ? "" : text);
}

/* Nothing may be fetched or run, and no style counts but the one that has
 * this hash. */
static void
policy(struct buf *out)
{
	uint8_t sum[SHA256_SIZE];

	hash_sha256(slice_str(style), sum);
	buf_adds(out, "<meta http-equiv=\"Content-Security-Policy\" "
	    "content=\"default-src 'none'; style-src 'sha256-");
	b64_encode(slice_of(sum, sizeof sum), B64_STD | B64_PAD, out);
	buf_adds(out, "'; base-uri 'none'; form-action 'none'\">\n");
}

void
html_begin(const char *title, struct buf *out)
{
	buf_adds(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n");
	policy(out);
	buf_adds(out, "<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
	html_text(slice_str(title), out);
	buf_addf(out, "</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n",
	    style);
}

void
html_end(struct buf *out)
{
	buf_adds(out, "</main>\n</body>\n</html>\n");
}

void
html_verdict(enum html_mark mark, const char *word, const char *of,
    struct buf *out)
{
	buf_addf(out, "<header class=\"%s\">\n", classes[mark]);
	around("p", "word", slice_str(word), out);
	buf_adds(out, "<h1>");
	html_text(slice_str(of), out);
	buf_adds(out, "</h1>\n");
}

void
html_line(struct slice text, struct buf *out)
{
	around("p", "line", text, out);
}

void
html_verdict_end(struct buf *out)
{
	buf_adds(out, "</header>\n");
}

void
html_section(const char *title, const char *says, struct buf *out)
{
	buf_adds(out, "<section>\n<h2>");
	html_text(slice_str(title), out);
	buf_adds(out, "</h2>\n");
	around("p", "says", own(says), out);
}

void
html_section_end(struct buf *out)
{
	buf_adds(out, "</section>\n");
}

void
html_subtitle(struct slice text, struct buf *out)
{
	buf_adds(out, "<h3>");
	html_text(text, out);
	buf_adds(out, "</h3>\n");
}

void
html_rows(bool few, struct buf *out)
{
	buf_addf(out, "<div class=\"%s\">\n", few ? "cards" : "rows");
}

void
html_rows_end(struct buf *out)
{
	buf_adds(out, "</div>\n");
}

/* A scalar, or what is too deep, as JSON. */
static void
put_plain(struct json_val v, struct buf *out)
{
	struct buf text = {0};

	json_compact(v, &text);
	buf_adds(out, "<code>");
	html_text(slice_buf(&text), out);
	buf_adds(out, "</code>");
	buf_free(&text);
}

static void
put_json(struct json_val v, unsigned depth, struct buf *out)
{
	struct buf name = {0};
	struct json_val in;
	struct err e;

	if (depth >= DEPTH_MAX || json_count(v) == 0) {
		put_plain(v, out);
		return;
	}
	/* members of what has no name need no mark before them */
	buf_adds(out, json_is(v, JSON_OBJECT) && (depth == 0 ||
	    !json_has(json_name(v))) ? "<ul class=\"bare\">\n" : "<ul>\n");
	for (in = json_first(v); json_has(in); in = json_next(in)) {
		buf_adds(out, "<li>");
		buf_cut(&name, 0);
		if (json_has(json_name(in)) &&
		    json_text(json_name(in), "", &name, &e) == 0) {
			html_text(slice_buf(&name), out);
			buf_adds(out, ": ");
		}
		put_json(in, depth + 1, out);
		buf_adds(out, "</li>\n");
	}
	buf_adds(out, "</ul>\n");
	buf_free(&name);
}

static void
put_command(const char *lead, struct slice command, struct buf *out)
{
	if (command.n == 0)
		return;
	buf_addf(out, "<p class=\"option\">%s <code>", lead);
	html_text(command, out);
	buf_adds(out, "</code></p>\n");
}

const char *
html_gap(const char *option)
{
	return option != NULL ? "not asked" : "not proved";
}

void
html_row(const struct html_row *r, struct buf *out)
{
	buf_addf(out, "<div class=\"%s\">\n", classes[r->mark]);
	around("span", "word", own(r->word), out);
	buf_adds(out, "<div class=\"name\">");
	html_text(own(r->path), out);
	html_text(r->name, out);
	buf_adds(out, "</div>\n<div>");
	if (json_has(r->json)) {
		put_json(r->json, 0, out);
	} else if (r->value.n > 0) {
		buf_adds(out, "<code>");
		html_text(r->value, out);
		buf_adds(out, "</code>");
	}
	around("p", "note", r->note, out);
	around("p", "means", own(r->means), out);
	put_command("What settles it:", r->command, out);
	put_command("Asked for with", own(r->option), out);
	buf_adds(out, "</div>\n</div>\n");
}
