/* replay.c -- feed a fuzz target every file of the directories and files
 * given, without a fuzzer.  Prints TAP: a comment naming each input before
 * it is fed, so that a crash shows which one it was, then one line with the
 * count.  No input at all is a failure. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
fail(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(1);
}

static void
feed_file(const char *path, size_t size)
{
	/* exactly as large as the input, so that ASan sees one byte beyond */
	uint8_t *p = malloc(size > 0 ? size : 1);
	FILE *f = fopen(path, "rb");

	if (p == NULL || f == NULL || fread(p, 1, size, f) != size)
		fail(path);
	(void)fclose(f);
	printf("# %s\n", path);
	(void)fflush(stdout);
	(void)LLVMFuzzerTestOneInput(p, size);
	free(p);
}

/* Returns how many inputs there were. */
static unsigned
feed(const char *path)
{
	struct dirent **names;
	struct stat st;
	unsigned count = 0;
	char *below;
	int i, n;

	if (stat(path, &st) != 0)
		fail(path);
	if (!S_ISDIR(st.st_mode)) {
		feed_file(path, (size_t)st.st_size);
		return 1;
	}
	n = scandir(path, &names, NULL, alphasort);
	if (n < 0)
		fail(path);
	for (i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.') {
			if (asprintf(&below, "%s/%s", path,
			    names[i]->d_name) < 0)
				fail(path);
			count += feed(below);
			free(below);
		}
		free(names[i]);
	}
	free(names);
	return count;
}

int
main(int argc, char *argv[])
{
	const char *slash = strrchr(argv[0], '/');
	const char *name = slash != NULL ? slash + 1 : argv[0];
	unsigned count = 0;
	int i;

	for (i = 1; i < argc; i++)
		count += feed(argv[i]);
	printf("1..1\n%sok 1 - %s: %u inputs\n", count > 0 ? "" : "not ", name,
	    count);
	return count > 0 ? 0 : 1;
}
