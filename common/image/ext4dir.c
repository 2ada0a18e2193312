/* ext4dir.c -- the blocks of folders: each, then those in it, by inode.  See
 * ext4_in.h. */
#include "codec/bytes.h"
#include "image/ext4_in.h"

enum { ENTRY = 8 };		/* bytes before a name */

/* A folder on the way down. */
struct visit {
	uint32_t folder, parent;
	size_t next;		/* name in fs->sorted */
	unsigned dots;		/* of "." and ".." written */
	bool listed;		/* its blocks are made; next is the next one
				 * that may be a folder */
};

static void
visit(struct ext4 *fs, uint32_t folder, uint32_t parent)
{
	struct visit v = {.folder = folder, .parent = parent,
	    .next = ext4_first(fs, folder)};

	buf_add(&fs->stack, slice_of(&v, sizeof v));
	ext4_inode(fs, folder)->start = (uint32_t)fs->blocks;
}

void
ext4_dirs_begin(struct ext4 *fs)
{
	ext4_sort(fs);
	visit(fs, ROOT, ROOT);
}

static uint8_t
kind(const struct inode *node)
{
	switch (node->mode & EXT4_TYPE) {
	case EXT4_REG:
		return 1;
	case EXT4_DIR:
		return 2;
	case EXT4_CHAR:
		return 3;
	case EXT4_BLOCKDEV:
		return 4;
	case EXT4_FIFO:
		return 5;
	default:
		return 7;	/* a symbolic link */
	}
}

/* The next name of the folder; false: there are no more. */
static bool
next_name(const struct ext4 *fs, const struct visit *v, uint32_t *inode,
    struct slice *text)
{
	const struct name *name;

	if (v->dots < 2) {
		*inode = v->dots == 0 ? v->folder : v->parent;
		*text = slice_str(v->dots == 0 ? "." : "..");
		return true;
	}
	if (v->next == fs->n_names)
		return false;
	name = fs->sorted[v->next];
	*inode = name->inode;
	*text = slice_of(name->text, name->n);
	return name->folder == v->folder;
}

/* One block with as many names as fit; true if that was the last. */
static bool
fill(const struct ext4 *fs, struct visit *v, uint8_t *block)
{
	size_t left = BLOCK, room;
	struct slice text;
	uint32_t inode;
	bool more;

	while ((more = next_name(fs, v, &inode, &text))) {
		room = (ENTRY + text.n + 3) & ~(size_t)3;
		/* room for the entry that closes the block */
		if (left < room + ENTRY + 4)
			break;
		put_le32(block, inode);
		put_le16(block + 4, (uint16_t)room);
		block[6] = (uint8_t)text.n;
		block[7] = kind(ext4_inode(fs, inode));
		memcpy(block + ENTRY, text.p, text.n);
		block += room;
		left -= room;
		if (v->dots < 2)
			v->dots++;
		else
			v->next++;
	}
	put_le16(block + 4, (uint16_t)left);
	return !more;
}

static int
list(struct ext4 *fs, struct visit *v, struct err *e)
{
	struct inode *node = ext4_inode(fs, v->folder);
	uint8_t block[BLOCK] = {0};

	if (ext4_grow(fs, 1, e) < 0)
		return -1;
	v->listed = fill(fs, v, block);
	ext4_put(fs, slice_of(block, BLOCK));
	node->blocks++;
	node->size += BLOCK;
	if (!v->listed)
		return 0;
	v->next = ext4_first(fs, v->folder);
	if (ext4_grow(fs, ext4_nodes(node->blocks), e) < 0)
		return -1;
	ext4_data_end(fs, node);
	return 0;
}

int
ext4_dirs_next(struct ext4 *fs, struct err *e)
{
	struct visit *v = (struct visit *)(void *)(fs->stack.p + fs->stack.n -
	    sizeof *v);
	const struct name *name;

	if (!v->listed)
		return list(fs, v, e);
	while (v->next < fs->n_names) {
		name = fs->sorted[v->next];
		if (name->folder != v->folder)
			break;
		v->next++;
		if (kind(ext4_inode(fs, name->inode)) == 2) {
			visit(fs, name->inode, v->folder);
			return 0;
		}
	}
	fs->stack.n -= sizeof *v;
	return 0;
}
