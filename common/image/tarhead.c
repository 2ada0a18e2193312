/* tarhead.c -- the 512 bytes of a header; see tar.h. */
#include "image/tar_in.h"

/* Where a field is, and how long. */
struct field {
	size_t at, n;
};

static const struct field
    f_name = {0, 100}, f_mode = {100, 8}, f_uid = {108, 8}, f_gid = {116, 8},
    f_size = {124, 12}, f_mtime = {136, 12}, f_sum = {148, 8},
    f_link = {157, 100}, f_major = {329, 8}, f_minor = {337, 8},
    f_prefix = {345, 155}, f_star_prefix = {345, 131},
    f_star_atime = {476, 12}, f_star_ctime = {488, 12},
    f_gnu_atime = {345, 12}, f_gnu_ctime = {357, 12};
enum { TYPE_AT = 156, MAGIC_AT = 257, STAR_AT = 508 };

static struct slice
field(const uint8_t *head, struct field f)
{
	return slice_of(head + f.at, f.n);
}

/* A text field: up to its first NUL. */
static struct slice
text(const uint8_t *head, struct field f)
{
	struct slice s = field(head, f);

	return slice_head(s, slice_find(s, '\0'));
}

static bool
fill(uint8_t c)
{
	return c == ' ' || c == '\0';
}

static bool
octal(struct slice s, int64_t *out)
{
	uint64_t value = 0;

	while (s.n > 0 && fill(s.p[0]))
		s = slice_from(s, 1);
	while (s.n > 0 && fill(s.p[s.n - 1]))
		s.n--;
	s = slice_head(s, slice_find(s, '\0'));
	for (; s.n > 0; s = slice_from(s, 1)) {
		if (s.p[0] < '0' || s.p[0] > '7' || value >> 61 != 0)
			return false;
		value = value << 3 | (uint64_t)(s.p[0] - '0');
	}
	*out = (int64_t)value;
	return true;
}

/* Big endian, two's complement; the first byte's upper bit says that it is
 * such a number, the next one is the sign. */
static bool
base256(struct slice s, int64_t *out)
{
	uint8_t flip = (s.p[0] & 0x40) != 0 ? 0xff : 0, byte;
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < s.n; i++) {
		byte = s.p[i] ^ flip;
		if (i == 0)
			byte &= 0x7f;
		if (value >> 56 != 0)
			return false;
		value = value << 8 | byte;
	}
	if (value >> 63 != 0)
		return false;
	*out = (int64_t)(flip != 0 ? ~value : value);
	return true;
}

bool
tar_number(const uint8_t *p, size_t n, int64_t *out)
{
	struct slice s = slice_of(p, n);

	return (p[0] & 0x80) != 0 ? base256(s, out) : octal(s, out);
}

static bool
number(const uint8_t *head, struct field f, int64_t *out)
{
	return tar_number(head + f.at, f.n, out);
}

/* Sums of bytes both ways that writers have added them up. */
static bool
sum_holds(const uint8_t *head)
{
	int64_t plain = 0, with_sign = 0, want;
	size_t i;

	for (i = 0; i < TAR_BLOCK; i++) {
		uint8_t c = i - f_sum.at < f_sum.n ? ' ' : head[i];

		plain += c;
		with_sign += c < 128 ? c : c - 256;
	}
	return octal(field(head, f_sum), &want) &&
	    (want == plain || want == with_sign);
}

enum tar_form
tar_form(const uint8_t head[TAR_BLOCK])
{
	if (memcmp(head + MAGIC_AT, "ustar\0", 6) == 0)
		return memcmp(head + STAR_AT, "tar\0", 4) == 0 ? TAR_STAR :
		    TAR_USTAR;
	return memcmp(head + MAGIC_AT, "ustar  ", 8) == 0 ? TAR_GNU : TAR_V7;
}

static bool
all_ascii(struct slice s)
{
	while (s.n > 0 && s.p[0] < 0x80)
		s = slice_from(s, 1);
	return s.n == 0;
}

static bool
time_of(const uint8_t *head, struct field f, struct tar_time *out)
{
	out->nano = 0;
	out->given = number(head, f, &out->second);
	return out->given;
}

/* GNU's times.  Where they are no numbers an old writer has put the ustar
 * prefix there. */
static struct slice
gnu(const uint8_t *head, struct tar_entry *t)
{
	struct slice prefix = text(head, f_prefix);
	bool good = true;

	if (head[f_gnu_atime.at] != 0)
		good = time_of(head, f_gnu_atime, &t->atime);
	if (head[f_gnu_ctime.at] != 0)
		good = time_of(head, f_gnu_ctime, &t->ctime) && good;
	if (!good)
		t->atime = t->ctime = (struct tar_time){0};
	return good || !all_ascii(prefix) ? slice_of(NULL, 0) : prefix;
}

/* What headers newer than v7 have: false if a number is wrong. */
static bool
newer(struct tar *t, struct tar_entry *entry)
{
	enum tar_form form = tar_form(t->head);
	struct slice prefix = {0};

	if (form == TAR_V7)
		return true;
	if (!number(t->head, f_major, &entry->major) ||
	    !number(t->head, f_minor, &entry->minor))
		return false;
	if (form == TAR_USTAR)
		prefix = text(t->head, f_prefix);
	if (form == TAR_GNU)
		prefix = gnu(t->head, entry);
	if (form == TAR_STAR) {
		prefix = text(t->head, f_star_prefix);
		if (!time_of(t->head, f_star_atime, &entry->atime) ||
		    !time_of(t->head, f_star_ctime, &entry->ctime))
			return false;
	}
	if (prefix.n > 0) {
		buf_add(&t->name, prefix);
		buf_addc(&t->name, '/');
	}
	return true;
}

int
tar_header(struct tar *t, struct tar_entry *entry, struct err *e)
{
	const uint8_t *head = t->head;

	*entry = (struct tar_entry){.type = head[TYPE_AT],
	    .link = text(head, f_link)};
	t->name.n = 0;
	if (!sum_holds(head))
		return err_set(e, E_INPUT, "no tar header, or a damaged one "
		    "(its checksum is wrong)");
	if (!number(head, f_mode, &entry->mode) ||
	    !number(head, f_uid, &entry->uid) ||
	    !number(head, f_gid, &entry->gid) ||
	    !number(head, f_size, &entry->size) ||
	    !time_of(head, f_mtime, &entry->mtime) || !newer(t, entry))
		return err_set(e, E_INPUT, "a field of its header is no "
		    "number");
	buf_add(&t->name, text(head, f_name));
	entry->name = slice_buf(&t->name);
	return 0;
}
