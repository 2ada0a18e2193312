/* want.c -- see want.h: the structures, and which source it is. */
#include "generate/want.h"

#include <stdlib.h>

#include "generate/read.h"

/* The array with room for one more; it grows when n is a power of two. */
void *
want_grow(void *v, size_t n, size_t size)
{
	if ((n & (n - 1)) != 0)
		return v;
	v = realloc(v, (n == 0 ? 1 : n * 2) * size);
	if (v == NULL)
		err_nomem();
	return v;
}

struct buf *
words_add(struct words *w)
{
	w->v = want_grow(w->v, w->n, sizeof *w->v);
	w->v[w->n] = (struct buf){0};
	return &w->v[w->n++];
}

void
words_free(struct words *w)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		buf_free(&w->v[i]);
	free(w->v);
	*w = (struct words){0};
}

static void
want_free(struct want *w)
{
	size_t i;

	buf_free(&w->name);
	buf_free(&w->image);
	buf_free(&w->working_dir);
	buf_free(&w->user);
	buf_free(&w->group);
	buf_free(&w->seccomp);
	words_free(&w->command);
	words_free(&w->args);
	words_free(&w->add);
	words_free(&w->drop);
	for (i = 0; i < w->envs; i++) {
		buf_free(&w->env[i].name);
		buf_free(&w->env[i].value);
	}
	for (i = 0; i < w->mounts; i++) {
		buf_free(&w->mount[i].path);
		words_free(&w->mount[i].options);
	}
	for (i = 0; i < w->execs; i++)
		words_free(&w->exec[i]);
	free(w->env);
	free(w->mount);
	free(w->exec);
}

void
want_fragments_free(struct want_fragment *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		buf_free(&v[i].feed);
		buf_free(&v[i].issuer);
		buf_free(&v[i].minimum_svn);
		words_free(&v[i].includes);
	}
	free(v);
}

void
wants_free(struct wants *w)
{
	struct want_group *g;
	size_t i, k;

	for (k = 0; k < w->n; k++) {
		g = &w->v[k];
		buf_free(&g->name);
		for (i = 0; i < g->n; i++)
			want_free(&g->v[i]);
		free(g->v);
		want_fragments_free(g->fragment, g->fragments);
	}
	free(w->v);
	words_free(&w->warnings);
	*w = (struct wants){0};
}

struct want_group *
want_group_add(struct wants *w)
{
	w->v = want_grow(w->v, w->n, sizeof *w->v);
	w->v[w->n] = (struct want_group){0};
	return &w->v[w->n++];
}

struct want *
want_add(struct want_group *g)
{
	g->v = want_grow(g->v, g->n, sizeof *g->v);
	g->v[g->n] = (struct want){0};
	return &g->v[g->n++];
}

struct want_env *
want_env_add(struct want *w)
{
	w->env = want_grow(w->env, w->envs, sizeof *w->env);
	w->env[w->envs] = (struct want_env){0};
	return &w->env[w->envs++];
}

struct want_mount *
want_mount_add(struct want *w, const char *path, const char *source,
    bool read_only)
{
	struct want_mount *m;

	w->mount = want_grow(w->mount, w->mounts, sizeof *w->mount);
	m = &w->mount[w->mounts++];
	*m = (struct want_mount){.source = source, .read_only = read_only};
	buf_adds(&m->path, path);
	return m;
}

struct words *
want_exec_add(struct want *w)
{
	w->exec = want_grow(w->exec, w->execs, sizeof *w->exec);
	w->exec[w->execs] = (struct words){0};
	return &w->exec[w->execs++];
}

void
wants_image(struct slice reference, struct wants *out)
{
	struct want_group *g = want_group_add(out);
	struct want *w = want_add(g);

	buf_add(&g->name, reference);
	buf_add(&w->name, reference);
	buf_add(&w->image, reference);
	w->bare = true;
}

int
wants_find(struct json_val root, const struct want_rules *rules,
    struct wants *out, struct err *e)
{
	struct reader r = {.rules = rules, .out = out, .e = e};
	struct arm all = arm_of(root), v;
	int ret;

	r.t = template_new(rules->parameters);
	if (json_is(root, JSON_ARRAY)) {
		out->pods = r.loose = true;
		ret = want_manifest(&r, root);
		goto out;
	}
	all.data = true;
	ret = template_get(r.t, all, "resources", &v, e);
	if (ret == 0 && json_has(v.v)) {
		ret = want_template(&r, root);
		goto out;
	}
	if (ret == 0)
		ret = template_get(r.t, all, "containers", &v, e);
	if (ret == 0 && !json_has(v.v))
		ret = template_get(r.t, all, "fragments", &v, e);
	if (ret == 0 && !json_has(v.v)) {
		(void)err_set(e, E_INPUT, "neither a template, which has "
		    "\"resources\", nor a configuration, which has "
		    "\"containers\"");
		ret = json_has(json_get(root, "parameters")) ? err_hint(e,
		    "a parameters file goes with its template: --parameters") :
		    -1;
	}
	if (ret == 0)
		ret = want_config(&r, all);
out:
	template_free(r.t);
	return ret;
}
