/* certfiles.c -- see certfiles.h. */
#include "host/certfiles.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "ground/io.h"

static int
add_file(const char *path, const char *name, struct pile *p, struct err *e)
{
	struct buf text = {0};
	int ret;

	if ((ret = io_read(path, PILE_TEXT_MAX, &text, e)) == 0 &&
	    (ret = pile_add(p, slice_buf(&text), name, e)) < 0)
		(void)err_in(e, "%s", name);
	buf_free(&text);
	return ret;
}

/* What lies in a folder need not be a certificate; what is there and cannot
 * be read might be the one that matters. */
static int
add_entry(const char *path, struct pile *p, struct err *e)
{
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size == 0 ||
	    st.st_size > CERTFILES_EACH_MAX)
		return 0;
	if (add_file(path, path, p, e) < 0 && e->code != E_INPUT)
		return -1;
	return 0;
}

static int
visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int
add_folder(const char *path, struct pile *p, struct err *e)
{
	size_t was = p->certs.n, len = strlen(path);
	struct dirent **list;
	struct buf name = {0};
	int n = scandir(path, &list, visible, alphasort), i, ret = 0;

	if (n < 0)
		return err_sys(e, "%s", path);
	if (n > CERTFILES_MAX)
		ret = err_set(e, E_INPUT, "%s: more than %d files", path,
		    CERTFILES_MAX);
	while (len > 1 && path[len - 1] == '/')
		len--;
	for (i = 0; i < n; i++) {
		buf_cut(&name, 0);
		buf_add(&name, slice_of(path, len));
		buf_addf(&name, "/%s", list[i]->d_name);
		buf_addc(&name, '\0');
		free(list[i]);
		if (ret == 0)
			ret = add_entry((const char *)name.p, p, e);
	}
	free(list);
	buf_free(&name);
	if (ret == 0 && p->certs.n == was)
		ret = err_set(e, E_INPUT, "%s: no certificate in its files",
		    path);
	return ret;
}

int
certfiles_add(const char *path, struct pile *p, struct err *e)
{
	struct stat st;

	if (!io_is_std(path) && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return add_folder(path, p, e);
	return add_file(path, io_name(path), p, e);
}

int
certfiles_chain(const struct opt_list *paths, struct slice report,
    struct buf *pem, struct err *e)
{
	struct pile pile = {0};
	struct picked c;
	size_t i;
	int ret = 0;

	for (i = 0; ret == 0 && i < paths->n; i++)
		ret = certfiles_add(paths->v[i], &pile, e);
	pile_add_own(&pile);
	if (ret == 0)
		ret = pile_chain(&pile, report, NULL, NULL, &c, e);
	for (i = 0; ret == 0 && i < AMD_CHAIN; i++)
		cert_pem(c.v[i], pem);
	pile_free(&pile);
	return ret;
}
