/* keyfile.c -- see keyfile.h. */
#include "host/keyfile.h"

#include "ground/io.h"
#include "host/terminal.h"

static int
read_passphrase(const char *path, struct buf *text, struct slice *phrase,
    struct err *e)
{
	*phrase = (struct slice){0};
	if (path == NULL)
		return 0;
	if (io_read(path, KEYFILE_PASSPHRASE_MAX, text, e) < 0)
		return -1;
	if (text->n > 0 && text->p[text->n - 1] == '\n')
		buf_cut(text, text->n - 1);
	if (text->n > 0 && text->p[text->n - 1] == '\r')
		buf_cut(text, text->n - 1);
	if (text->n == 0)
		return err_set(e, E_INPUT, "%s: an empty passphrase",
		    io_name(path));
	*phrase = slice_buf(text);
	return 0;
}

static bool
locked(const struct err *e)
{
	return e->code == E_NO && strcmp(e->text, key_locked) == 0;
}

/* A key that turns out to be locked is read again once the passphrase was
 * typed; whether it is cannot be seen in DER before. */
static int
read_key(const char *path, struct slice text, struct slice kid,
    struct slice phrase, enum jwk_want want, struct keys *out,
    struct err *e)
{
	struct buf prompt = {0}, typed = {0};
	int ret;

	ret = jwk_read_all(text, kid, phrase, want, out, e);
	if (ret == 0 || !locked(e))
		return ret;
	if (!terminal_attended())
		return err_hint(e, "--passphrase-file gives it; without that "
		    "it is asked for if standard error is a terminal");
	buf_addf(&prompt, "Passphrase of %s: ", io_name(path));
	buf_addc(&prompt, '\0');
	ret = terminal_ask((const char *)prompt.p, KEYFILE_PASSPHRASE_MAX,
	    &typed, e);
	if (ret == 0)
		ret = jwk_read_all(text, kid, slice_buf(&typed), want, out,
		    e);
	buf_free(&prompt);
	buf_free(&typed);
	return ret;
}

int
keyfile_read(const char *path, const char *kid, const char *passphrase_file,
    enum jwk_want want, struct keys *out, struct err *e)
{
	struct buf text = {0}, phrase_text = {0};
	struct slice phrase, id = {0};
	int ret;

	if (kid != NULL)
		id = slice_str(kid);
	ret = read_passphrase(passphrase_file, &phrase_text, &phrase, e);
	if (ret == 0)
		ret = io_read(path, JWK_DOC_MAX, &text, e);
	if (ret == 0) {
		ret = read_key(path, slice_buf(&text), id, phrase, want, out,
		    e);
		if (ret < 0)
			(void)err_in(e, "%s", io_name(path));
	}
	buf_free(&text);
	buf_free(&phrase_text);
	return ret;
}

static int
type_passphrase(bool twice, struct buf *out, struct err *e)
{
	struct buf again = {0};
	int ret;

	ret = terminal_ask("Passphrase: ", KEYFILE_PASSPHRASE_MAX, out, e);
	if (ret == 0 && twice)
		ret = terminal_ask("The same again: ", KEYFILE_PASSPHRASE_MAX,
		    &again, e);
	if (ret == 0 && twice && !slice_eq(slice_buf(out), slice_buf(&again)))
		ret = err_set(e, E_INPUT, "the two passphrases are not the "
		    "same");
	buf_free(&again);
	return ret;
}

int
keyfile_passphrase(const char *path, enum jwk_want want, struct keys *out,
    struct err *e)
{
	struct buf text = {0};
	struct slice phrase = {0};
	struct key *key;
	int ret;

	ret = path != NULL ? read_passphrase(path, &text, &phrase, e) :
	    type_passphrase(want == JWK_ENCRYPT, &text, e);
	if (ret == 0)
		ret = key_from_pass(slice_buf(&text), &key, e);
	if (ret == 0)
		keys_add(out, key);
	buf_free(&text);
	return ret;
}
