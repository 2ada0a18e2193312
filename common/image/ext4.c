/* ext4.c -- the tree: what is put where, and what that replaces.  See
 * ext4.h. */
#include "image/ext4.h"

#include <stdlib.h>

#include "image/ext4_in.h"

#define SECOND_MIN (-(int64_t)0x80000000)
#define SECOND_MAX ((int64_t)0x37fffffff)
#define SECONDS(field) ((int64_t)((field) & 0x3ffffffff))
/* Go's time that is none: the first of January of the year 1 */
#define YEAR_ONE (-(int64_t)62135596800)
enum { NANO_AT = 34, BILLION = 1000000000 };

uint64_t
ext4_time(struct tar_time t)
{
	if (!t.given || (t.second == YEAR_ONE && t.nano == 0))
		return 0;
	if (t.second < SECOND_MIN)
		return (uint64_t)-SECOND_MIN;
	if (t.second > SECOND_MAX)
		return (uint64_t)SECOND_MAX;
	return (uint64_t)t.second | (uint64_t)t.nano << NANO_AT;
}

/* A time that was written, read and written again, which alters those before
 * 1970 and after 2038. */
static uint64_t
again(uint64_t field)
{
	struct tar_time t = {.given = field != 0, .second = SECONDS(field)};
	uint64_t nano = field >> NANO_AT;

	if (t.second > INT32_MAX && t.second <= UINT32_MAX)
		t.second -= (int64_t)1 << 32;
	t.second += (int64_t)(nano / BILLION);
	t.nano = (uint32_t)(nano % BILLION);
	return ext4_time(t);
}

struct inode *
ext4_inode(const struct ext4 *fs, uint32_t number)
{
	return &fs->chunks[number / CHUNK][number % CHUNK];
}

const struct more *
ext4_more(const struct inode *node)
{
	static const struct more none;

	return node->more != NULL ? node->more : &none;
}

struct more *
ext4_need(struct inode *node)
{
	if (node->more == NULL &&
	    (node->more = calloc(1, sizeof *node->more)) == NULL)
		err_nomem();
	return node->more;
}

static bool
is_dir(const struct inode *node)
{
	return (node->mode & EXT4_TYPE) == EXT4_DIR;
}

/* The next number's inode, in use from now on. */
static int
new_inode(struct ext4 *fs, uint32_t *number, struct err *e)
{
	uint32_t n = fs->inodes + 1, chunk = n / CHUNK;

	if (n > EXT4_INODES_MAX)
		return err_set(e, E_INPUT, "more than %d files",
		    EXT4_INODES_MAX);
	if (n == 1 || n % CHUNK == 0) {
		fs->chunks = reallocarray(fs->chunks, chunk + 1,
		    sizeof(struct inode *));
		if (fs->chunks == NULL)
			err_nomem();
		fs->chunks[chunk] = calloc(CHUNK, sizeof **fs->chunks);
		if (fs->chunks[chunk] == NULL)
			err_nomem();
	}
	fs->inodes = *number = n;
	return 0;
}

struct ext4 *
ext4_new(void)
{
	struct ext4 *fs = calloc(1, sizeof *fs);
	const struct ext4_file lost_found = {.mode = EXT4_DIR | 0700};
	struct inode *root;
	uint32_t number;
	struct err e;

	if (fs == NULL)
		err_nomem();
	hash_random((uint8_t *)fs->key, sizeof fs->key);
	(void)new_inode(fs, &number, &e);
	(void)new_inode(fs, &number, &e);
	root = ext4_inode(fs, ROOT);
	root->mode = EXT4_DIR | 0755;
	root->links = 2;
	root->used = true;
	while (fs->inodes < LOST_FOUND - 1)
		(void)new_inode(fs, &number, &e);
	/* superblock and descriptors, which are written last */
	(void)memset(buf_more(&fs->pending, FIRST_BLOCK * BLOCK), 0,
	    FIRST_BLOCK * BLOCK);
	fs->blocks = FIRST_BLOCK;
	buf_add(&fs->changing, slice_of(&(uint64_t){0}, sizeof(uint64_t)));
	(void)ext4_create(fs, slice_str("lost+found"), &lost_found, &e);
	return fs;
}

static void
free_more(struct more *m)
{
	if (m == NULL)
		return;
	free(m->target);
	free(m->inlined);
	free(m->blocked);
	free(m);
}

void
ext4_free(struct ext4 *fs)
{
	uint32_t i;

	if (fs == NULL)
		return;
	for (i = 0; i <= fs->inodes; i++)
		free_more(ext4_inode(fs, i)->more);
	for (i = 0; i <= fs->inodes / CHUNK; i++)
		free(fs->chunks[i]);
	free(fs->chunks);
	ext4_names_free(fs);
	buf_free(&fs->parts);
	buf_free(&fs->pending);
	buf_free(&fs->changing);
	buf_free(&fs->stack);
	verity_free(&fs->late);
	free(fs);
}

static struct slice
part(const struct ext4 *fs, size_t i)
{
	struct slice s;

	memcpy(&s, fs->parts.p + i * sizeof s, sizeof s);
	return s;
}

/* A place in the tree: the folder, the name, and what is there: 0 or an
 * inode. */
struct place {
	uint32_t folder, inode;
	struct slice text;
	struct name *name;
};

static int
name_fits(struct slice text, struct err *e)
{
	return text.n <= EXT4_NAME_MAX ? 0 : err_set(e, E_INPUT,
	    "a name of more than %d bytes", EXT4_NAME_MAX);
}

static int
look_up(struct ext4 *fs, struct slice path, struct place *p, struct err *e)
{
	size_t n = ext4_path(fs, path), i;
	struct name *name;

	*p = (struct place){.folder = ROOT, .inode = ROOT};
	if (n == 0)
		return 0;
	p->text = part(fs, n - 1);
	if (name_fits(p->text, e) < 0)
		return -1;
	for (i = 0; i + 1 < n; i++) {
		name = ext4_find(fs, p->folder, part(fs, i));
		if (name == NULL || !is_dir(ext4_inode(fs, name->inode)))
			return err_set(e, E_INPUT, "what it is in is no "
			    "folder of this layer");
		p->folder = name->inode;
	}
	p->name = ext4_find(fs, p->folder, p->text);
	p->inode = p->name != NULL ? p->name->inode : 0;
	return 0;
}

/* What a file is made into: the inode that is there, or 0 for a new one. */
static int
reuse(const struct ext4 *fs, const struct place *p, bool dir,
    uint32_t *number, struct err *e)
{
	const struct inode *old = ext4_inode(fs, p->inode);

	*number = 0;
	if (p->inode == 0) {
		if (dir && ext4_inode(fs, p->folder)->links >= EXT4_LINKS_MAX)
			return err_set(e, E_INPUT, "its folder has %d "
			    "subfolders, which is the most there can be",
			    EXT4_LINKS_MAX - 2);
		return 0;
	}
	if (is_dir(old) != dir)
		return err_set(e, E_INPUT, "it was a %s before in this layer",
		    dir ? "file" : "folder");
	if (dir || old->links < 2)
		*number = p->inode;
	if (*number != 0 && old->blocks > 0) {
		(void)err_set(e, E_INPUT, "it was in this layer before, with "
		    "data, which the platform cannot replace");
		return err_hint(e, "have the file only once in the layer: "
		    "write it in another step of the build, or delete the "
		    "first copy from the archive");
	}
	return 0;
}

static void
link_target(struct inode *node, struct slice target)
{
	node->mode |= 0777;
	node->size = target.n;
	if (target.n > SHORT_LINK || target.n == 0)
		return;
	if ((ext4_need(node)->target = malloc(target.n)) == NULL)
		err_nomem();
	memcpy(node->more->target, target.p, target.n);
}

/* What few files have, or had. */
static void
describe_more(struct inode *node, const struct ext4_file *f)
{
	struct more *m;

	if (node->more == NULL && f->atime == 0 && f->ctime == 0 &&
	    f->major == 0 && f->minor == 0)
		return;
	m = ext4_need(node);
	free(m->target);
	m->target = NULL;
	m->atime = f->atime;
	m->ctime = f->ctime;
	m->major = f->major;
	m->minor = f->minor;
}

/* The inode says what the file is, and its blocks that come before the data
 * are pending. */
static int
describe(struct ext4 *fs, struct inode *node, const struct ext4_file *f,
    struct err *e)
{
	uint16_t type = f->mode & EXT4_TYPE;

	describe_more(node, f);
	node->mode = f->mode;
	node->uid = f->uid;
	node->gid = f->gid;
	node->mtime = f->mtime;
	node->size = 0;
	node->used = true;
	if (type == EXT4_REG && f->size > EXT4_IMAGE_MAX)
		return err_set(e, E_INPUT, "it is larger than 128 GiB");
	if (ext4_set_xattrs(fs, node, f->xattrs, f->n_xattrs, e) < 0)
		return -1;
	if (type != EXT4_LINK)
		return 0;
	link_target(node, f->link);
	if (f->link.n <= SHORT_LINK)
		return 0;
	if (ext4_data_begin(fs, node, f->link.n, e) < 0)
		return -1;
	ext4_put(fs, f->link);
	ext4_data_end(fs, node);
	return 0;
}

static int
create_at(struct ext4 *fs, struct place *p, const struct ext4_file *f,
    struct err *e)
{
	bool dir = (f->mode & EXT4_TYPE) == EXT4_DIR;
	struct inode *node;
	uint32_t number;

	if (reuse(fs, p, dir, &number, e) < 0)
		return -1;
	if (number == 0) {
		if (new_inode(fs, &number, e) < 0)
			return -1;
		ext4_inode(fs, number)->links = dir ? 2 : 1;
		ext4_inode(fs, p->folder)->links += dir;
		if (p->name == NULL) {
			p->name = ext4_add(fs, p->folder, p->text, number);
		} else {
			ext4_inode(fs, p->inode)->links--;
			p->name->inode = number;
		}
	}
	p->inode = number;
	node = ext4_inode(fs, number);
	if (describe(fs, node, f, e) < 0)
		return -1;
	if ((f->mode & EXT4_TYPE) != EXT4_REG || f->size == 0)
		return 0;
	fs->data = number;
	node->size = f->size;
	return ext4_data_begin(fs, node, f->size, e);
}

int
ext4_create(struct ext4 *fs, struct slice path, const struct ext4_file *f,
    struct err *e)
{
	struct place p;

	return look_up(fs, path, &p, e) < 0 ? -1 : create_at(fs, &p, f, e);
}

/* A folder like the one it is in. */
static int
like_parent(struct ext4 *fs, struct place *p, struct err *e)
{
	const struct inode *parent = ext4_inode(fs, p->folder);
	const struct ext4_file f = {.mode = parent->mode, .uid = parent->uid,
	    .gid = parent->gid, .mtime = again(parent->mtime),
	    .atime = again(ext4_more(parent)->atime),
	    .ctime = again(ext4_more(parent)->ctime)};

	if (!is_dir(parent))
		return err_set(e, E_INPUT, "what it is in is no folder of "
		    "this layer");
	return name_fits(p->text, e) < 0 ? -1 : create_at(fs, p, &f, e);
}

int
ext4_parents(struct ext4 *fs, struct slice path, struct err *e)
{
	size_t n = ext4_path(fs, path), i;
	struct place p = {.inode = ROOT};

	for (i = 0; i + 1 < n; i++) {
		p.folder = p.inode;
		p.text = part(fs, i);
		p.name = ext4_find(fs, p.folder, p.text);
		p.inode = p.name != NULL ? p.name->inode : 0;
		if (p.inode == 0 && like_parent(fs, &p, e) < 0)
			return -1;
	}
	return 0;
}

static int
no_target(struct slice target, struct err *e)
{
	(void)err_set(e, E_INPUT, "a hard link to %.*s, which is not in this "
	    "layer before it", (int)(target.n < 200 ? target.n : 200),
	    (const char *)target.p);
	return err_hint(e, "the file must come before its links in the "
	    "archive: write the layer again with GNU tar");
}

int
ext4_link(struct ext4 *fs, struct slice target, struct slice path,
    struct err *e)
{
	struct place to, from;
	struct inode *node;

	if (look_up(fs, path, &to, e) < 0)
		return -1;
	node = ext4_inode(fs, to.inode);
	if (to.inode != 0 && (is_dir(node) || node->links < 2))
		return err_set(e, E_INPUT, "a hard link where a file or "
		    "folder was before in this layer, which the platform "
		    "cannot replace");
	if (look_up(fs, target, &from, e) < 0)
		return -1;
	node = ext4_inode(fs, from.inode);
	if (from.inode == 0)
		return no_target(target, e);
	if (is_dir(node))
		return err_set(e, E_INPUT, "a hard link to a folder");
	if (from.inode != to.inode && node->links >= EXT4_LINKS_MAX)
		return err_set(e, E_INPUT, "more than %d hard links to one "
		    "file", EXT4_LINKS_MAX);
	if (to.inode != 0)
		ext4_inode(fs, to.inode)->links--;
	node->links++;
	/* the first lookup's path is gone from parts, its slices are not */
	if (to.name == NULL)
		(void)ext4_add(fs, to.folder, to.text, from.inode);
	else
		to.name->inode = from.inode;
	return 0;
}

/* The attributes a file has, less "system.data" when some are in the inode,
 * as the platform takes it, and the mark. */
static void
with_mark(const struct inode *node, struct buf *list)
{
	const struct tar_xattr mark = {slice_str("trusted.overlay.opaque"),
	    slice_str("y")};
	struct buf out = {0};
	struct tar_xattr x;
	bool placed = false;
	size_t i;

	for (i = 0; i < list->n; i += sizeof x) {
		memcpy(&x, list->p + i, sizeof x);
		if (slice_eq(x.name, mark.name) ||
		    (ext4_more(node)->inlined != NULL &&
		    slice_is(x.name, "system.data")))
			continue;
		if (!placed && slice_order(x.name, mark.name) > 0) {
			buf_add(&out, slice_of(&mark, sizeof mark));
			placed = true;
		}
		buf_add(&out, slice_of(&x, sizeof x));
	}
	if (!placed)
		buf_add(&out, slice_of(&mark, sizeof mark));
	buf_free(list);
	*list = out;
}

/* Made again as it is; it need not be a folder. */
static int
mark_opaque(struct ext4 *fs, struct place *p, struct buf *list,
    struct err *e)
{
	const struct inode *node = ext4_inode(fs, p->inode);
	const struct more *m = ext4_more(node);
	uint8_t target[SHORT_LINK];
	struct ext4_file f = {.mode = node->mode, .uid = node->uid,
	    .gid = node->gid, .major = m->major, .minor = m->minor,
	    .mtime = again(node->mtime), .atime = again(m->atime),
	    .ctime = again(m->ctime)};

	if (node->blocks > 0)
		return err_set(e, E_INPUT, "an opaque whiteout in what is no "
		    "folder");
	if (m->target != NULL) {
		memcpy(target, m->target, node->size);
		f.link = slice_of(target, node->size);
	}
	f.xattrs = (const struct tar_xattr *)(const void *)list->p;
	f.n_xattrs = list->n / sizeof *f.xattrs;
	return create_at(fs, p, &f, e);
}

int
ext4_opaque(struct ext4 *fs, struct slice path, struct err *e)
{
	struct buf list = {0}, bytes = {0};
	struct inode *node;
	struct place p;
	int ret;

	if (look_up(fs, path, &p, e) < 0)
		return -1;
	if (p.inode == 0)
		return err_set(e, E_INPUT, "an opaque whiteout in no folder");
	node = ext4_inode(fs, p.inode);
	ret = ext4_get_xattrs(node, true, &list, &bytes, e);
	if (ret == 0) {
		with_mark(node, &list);
		ret = mark_opaque(fs, &p, &list, e);
	}
	buf_free(&list);
	buf_free(&bytes);
	return ret;
}

void
ext4_data_done(struct ext4 *fs)
{
	ext4_data_end(fs, ext4_inode(fs, fs->data));
	fs->data = 0;
}

struct buf *
ext4_pending(struct ext4 *fs)
{
	return &fs->pending;
}

bool
ext4_changes(struct ext4 *fs, uint64_t group)
{
	uint64_t next;

	for (; fs->asked < fs->changing.n; fs->asked += sizeof next) {
		memcpy(&next, fs->changing.p + fs->asked, sizeof next);
		if (next >= group)
			return next == group;
	}
	return false;
}
