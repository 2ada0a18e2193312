/* What is left of secrets on the stack of a thread that worked with them. */
#include <pthread.h>
#include <stdlib.h>

#include "codec/bytes.h"
#include "crypto/cbc.h"
#include "crypto/cbchs.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "unit/tap.h"

enum { STACK = 1 << 20, PIECE = 12 };

static uint8_t secret[KEY_RAW_SIZE], cek[64], iv[CBCHS_IV_SIZE];
static struct buf sealed, pem;
static struct key *ed;
static struct slice key_64, iv_16;

/* What work made; released behind it, which writes over the stack. */
static struct key *made;
static struct cbc *opened;
static struct buf out;

static void
release(void)
{
	key_free(made);
	made = NULL;
	cbc_free(opened);
	opened = NULL;
	buf_free(&out);
}

/* So far down that the thread's end does not write over it. */
static void *
deep(void *arg)
{
	void (*const *work)(void) = arg;
	volatile uint8_t room[8192];

	room[0] = 0;
	(*work)();
	return room[0] == 0 ? arg : NULL;
}

/* Runs work on a stack of our own, and looks there for a piece of what. */
static bool
leaves(void (*work)(void), struct slice what)
{
	pthread_attr_t attr;
	pthread_t thread;
	void *stack;
	bool found = true;

	if (posix_memalign(&stack, 4096, STACK) != 0)
		return true;
	memset(stack, 0, STACK);
	if (pthread_attr_init(&attr) == 0 &&
	    pthread_attr_setstack(&attr, stack, STACK) == 0 &&
	    pthread_create(&thread, &attr, deep, &work) == 0 &&
	    pthread_join(thread, NULL) == 0)
		found = memmem(stack, STACK, what.p, PIECE) != NULL;
	(void)pthread_attr_destroy(&attr);
	release();
	free(stack);
	return found;
}

/* That there is something to be found, if it is not wiped. */
static void
careless(void)
{
	volatile uint8_t copy[sizeof secret];
	size_t i;

	for (i = 0; i < sizeof copy; i++)
		copy[i] = secret[i];
}

static void
derive(void)
{
	hash_hkdf(HASH_SHA256, slice_of(secret, sizeof secret),
	    slice_str("salt"), slice_str("info"), buf_more(&out, SHA256_SIZE),
	    SHA256_SIZE);
}

static void
read_key(void)
{
	struct err e;

	(void)key_from_pem(slice_buf(&pem), slice_of(NULL, 0), &made, &e);
}

static void
other_form(void)
{
	struct err e;

	(void)key_x25519_of(ed, &made, &e);
}

static void
tag(void)
{
	cbchs_seal(CBCHS_A256_HS512, key_64, iv_16, slice_str("aad"),
	    slice_of(secret, sizeof secret), &out);
}

static void
last_block(void)
{
	struct slice body = slice_head(slice_buf(&sealed), 48);
	struct err e;

	if (cbc_open_start(slice_from(key_64, 32), iv_16, true, &opened, &e) ==
	    0) {
		cbc_open_more(opened, body, &out);
		(void)cbc_open_end(opened, &out, &e);
	}
}

int
main(void)
{
	uint8_t sum[HASH_SIZE_MAX], again[HASH_SIZE_MAX], bits[8];
	struct slice all = slice_of(secret, sizeof secret);
	struct key *x = NULL;
	struct buf mac = {0};
	struct err e;

	hash_random(secret, sizeof secret);
	hash_random(cek, sizeof cek);
	key_64 = slice_of(cek, sizeof cek);
	iv_16 = slice_of(iv, sizeof iv);
	if (!CHECK(key_from_raw(KEY_X25519, slice_of(NULL, 0), all, &x, &e) ==
	    0 && key_from_raw(KEY_ED25519, slice_of(NULL, 0), all, &ed, &e) ==
	    0, "keys"))
		return tap_done();
	CHECK(leaves(careless, all), "what is not wiped is found");

	hash_hmac(HASH_SHA256, slice_str("salt"), all, sum);
	CHECK(!leaves(derive, slice_of(sum, SHA256_SIZE)), "HKDF: its key");
	hash_hkdf(HASH_SHA256, all, slice_str("salt"), slice_str("info"), sum,
	    SHA256_SIZE);
	CHECK(!leaves(derive, slice_of(sum, SHA256_SIZE)), "HKDF: what of it");

	key_to_pkcs8_pem(x, &pem);
	CHECK(!leaves(read_key, all), "X25519, out of PEM");
	hash_of(HASH_SHA512, all, sum);
	CHECK(!leaves(other_form, slice_of(sum + 1, KEY_RAW_SIZE - 1)),
	    "X25519, out of Ed25519");

	cbchs_seal(CBCHS_A256_HS512, key_64, iv_16, slice_str("aad"), all,
	    &sealed);
	put_be64(bits, 3 * 8);
	buf_adds(&mac, "aad");
	buf_add(&mac, iv_16);
	buf_add(&mac, slice_head(slice_buf(&sealed), 48));
	buf_add(&mac, slice_of(bits, sizeof bits));
	hash_hmac(HASH_SHA512, slice_head(key_64, 32), slice_buf(&mac), again);
	CHECK(slice_eq(slice_of(again, 32), slice_from(slice_buf(&sealed), 48))
	    && !leaves(tag, slice_of(again + 32, 32)),
	    "CBC with HMAC: the half of the tag that is not shown");
	CHECK(!leaves(last_block, slice_from(all, 16)), "CBC: the last block");
	key_free(x);
	key_free(ed);
	buf_free(&mac);
	buf_free(&pem);
	buf_free(&sealed);
	return tap_done();
}
