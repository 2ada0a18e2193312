/* age's own files: some made once, and both directions wherever age is. */
#include "unit/age_whole.h"

#include <stdio.h>
#include <stdlib.h>

#include "unit/child.h"
#include "blob/agearmor.h"
#include "ground/io.h"
#include "unit/tap.h"

static struct key *key;

static bool
read_at(const char *path, struct buf *out)
{
	struct err e = {0};

	buf_cut(out, 0);
	if (io_read(path, 64 << 20, out, &e) == 0)
		return true;
	(void)printf("# %s\n", e.text);
	return false;
}

static const char *line;

static int
exec_line(void)
{
	(void)execl("/bin/sh", "sh", "-c", line, (char *)NULL);
	return 127;
}

/* Does the shell's command succeed?  What it prints is a comment here. */
static bool
sh(const char *command)
{
	struct buf out = {0};
	int status;

	line = command;
	status = child(STDOUT_FILENO, exec_line, &out);
	if (out.n > 0)
		(void)printf("# %.*s", (int)out.n, (const char *)out.p);
	buf_free(&out);
	return status == 0;
}

/* Open what may be armored. */
static bool
opens(struct slice blob, struct slice plain)
{
	struct agearmor a = {0};
	struct buf bytes = {0}, out = {0};
	struct err e = {0};
	bool good = true;

	if (agearmor_is(blob)) {
		good = agearmor_more(&a, blob, &bytes, &e) == 0 &&
		    agearmor_end(&a, &e) == 0;
		blob = slice_buf(&bytes);
	}
	good = good && age_is(blob) &&
	    age_whole_open(blob, key, &out, &e) == E_OK &&
	    slice_eq(slice_buf(&out), plain);
	if (!good)
		(void)printf("# %s\n", e.text);
	buf_free(&bytes);
	buf_free(&out);
	return good;
}

static void
made(void)
{
	struct buf blob = {0};

	CHECK(read_at("blob.age", &blob) &&
	    opens(slice_buf(&blob), slice_str("sealed by age\n")),
	    "a file that age made");
	CHECK(read_at("armored.age", &blob) &&
	    opens(slice_buf(&blob), slice_str("armored by age\n")),
	    "an armored one, its other recipient first");
	buf_free(&blob);
}

/* Run in a folder of its own, with the plaintext in a file. */
static bool
prepare(struct slice plain)
{
	struct err e;

	return io_write("plain", 0, plain, &e) == 0 &&
	    sh("openssl rsa -in \"$KEY\" -pubout -out pub.pem "
	    "2>/dev/null && ssh-keygen -i -m PKCS8 -f pub.pem >to");
}

static void
theirs(struct slice plain)
{
	struct buf blob = {0};

	CHECK(sh("age -R to -o blob plain") &&
	    read_at("blob", &blob) && opens(slice_buf(&blob), plain),
	    "what age seals opens: %zu bytes", plain.n);
	CHECK(sh("age -a -R to plain >blob") &&
	    read_at("blob", &blob) && opens(slice_buf(&blob), plain),
	    "  armored");
	buf_free(&blob);
}

static void
ours(struct slice plain)
{
	struct buf blob = {0}, text = {0};
	struct agearmor_out a = {0};
	const struct key *to = key;
	struct err e;

	CHECK(age_whole_seal(&to, 1, plain, &blob, &e) == 0 &&
	    io_write("blob", 0, slice_buf(&blob), &e) == 0 &&
	    sh("age -d -i \"$KEY\" blob | cmp - plain"),
	    "age opens what is sealed");
	agearmor_put(&a, slice_buf(&blob), &text);
	agearmor_put_end(&a, &text);
	CHECK(io_write("blob", 0, slice_buf(&text), &e) == 0 &&
	    sh("age -d -i \"$KEY\" blob | cmp - plain"),
	    "  armored");
	buf_free(&blob);
	buf_free(&text);
}

static void
live(void)
{
	static const size_t sizes[] = {0, 1, AGE_CHUNK_SIZE,
	    2 * AGE_CHUNK_SIZE, 2 * AGE_CHUNK_SIZE + 1, 1000000};
	struct buf plain = {0};
	size_t i;

	for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		buf_cut(&plain, 0);
		age_plain(sizes[i], &plain);
		if (!CHECK(prepare(slice_buf(&plain)), "%zu bytes", sizes[i]))
			break;
		theirs(slice_buf(&plain));
		ours(slice_buf(&plain));
	}
	buf_free(&plain);
}

int
main(void)
{
	const char *root = getenv("ROOT");
	char *file = NULL;
	char dir[] = "/tmp/age.XXXXXX", path[512];
	struct buf pem = {0};
	struct err e;

	(void)snprintf(path, sizeof path, "%s/tests/data/age",
	    root != NULL ? root : ".");
	if (!CHECK(chdir(path) == 0 && read_at("key.pem", &pem) &&
	    key_from_pem(slice_buf(&pem), slice_of(NULL, 0), &key, &e) == 0,
	    "the key"))
		return tap_done();
	made();
	buf_free(&pem);
	if (!sh("command -v age ssh-keygen openssl >/dev/null")) {
		tap_skip("both directions", "no age here");
	} else if (CHECK((file = realpath("key.pem", NULL)) != NULL &&
	    setenv("KEY", file, 1) == 0 && mkdtemp(dir) != NULL &&
	    chdir(dir) == 0, "a folder")) {
		live();
		CHECK(setenv("DIR", dir, 1) == 0 &&
		    sh("rm -r \"$DIR\""), "  and it is removed");
	}
	free(file);
	key_free(key);
	return tap_done();
}
