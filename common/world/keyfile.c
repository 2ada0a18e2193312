/* keyfile.c -- see keyfile.h. */
#include "world/keyfile.h"

#include "ground/io.h"

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

int
keyfile_read(const char *path, const char *kid, const char *passphrase_file,
    enum jwk_want want, struct key **out, struct err *e)
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
		ret = jwk_read(slice_buf(&text), id, phrase, want, out, e);
		if (ret < 0)
			(void)err_in(e, "%s", io_name(path));
	}
	buf_free(&text);
	buf_free(&phrase_text);
	return ret;
}
