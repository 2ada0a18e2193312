/* tcb.c -- products, the layouts of their TCB, floors. */
#include "evidence/tcb.h"

#include "unit/tap.h"

static const uint8_t milan[] = {4, 1, 0, 0, 0, 0, 24, 219};
static const uint8_t turin[] = {1, 2, 3, 4, 0, 0, 0, 81};

static void
check_text(enum product p, const uint8_t *tcb, const char *want)
{
	struct buf b = {0};

	tcb_text(p, slice_of(tcb, SNP_TCB_SIZE), &b);
	CHECK(slice_is(slice_buf(&b), want), "%s", want);
	buf_free(&b);
}

static void
products(void)
{
	static const struct {
		uint8_t family, model;
		enum product p;
	} rows[] = {
		{0x19, 0x01, PRODUCT_MILAN}, {0x19, 0x0f, PRODUCT_MILAN},
		{0x19, 0x10, PRODUCT_GENOA}, {0x19, 0x11, PRODUCT_GENOA},
		{0x19, 0xa0, PRODUCT_GENOA}, {0x19, 0x20, PRODUCT_UNKNOWN},
		{0x1a, 0x02, PRODUCT_TURIN}, {0x1a, 0x11, PRODUCT_TURIN},
		{0x1a, 0x12, PRODUCT_UNKNOWN}, {0x1a, 0x50, PRODUCT_UNKNOWN},
		{0x17, 0x01, PRODUCT_UNKNOWN}, {0, 0, PRODUCT_UNKNOWN},
	};
	uint8_t r[SNP_SIZE] = {3};
	struct slice s = slice_of(r, sizeof r);
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		r[0x188] = rows[i].family;
		r[0x189] = rows[i].model;
		CHECK(product_by_cpuid(s) == rows[i].p, "%02x/%02x is %s",
		    rows[i].family, rows[i].model, product_name(rows[i].p));
	}
	r[0] = 2;
	r[0x188] = 0x19;
	CHECK(product_by_cpuid(s) == PRODUCT_UNKNOWN, "version 2 has none");
	CHECK(product_guess(s) == PRODUCT_MILAN, "and is guessed");
	r[0x1a0] = 1;
	CHECK(product_guess(s) == PRODUCT_TURIN, "by its chip id");
	r[0x1a8] = 1;
	CHECK(product_guess(s) == PRODUCT_MILAN, "of 64 bytes");
	CHECK(product_by_name(slice_str("Milan-B0")) == PRODUCT_MILAN &&
	    product_by_name(slice_str("Genoa")) == PRODUCT_GENOA &&
	    product_by_name(slice_str("Turin")) == PRODUCT_TURIN, "by name");
	CHECK(product_by_name(slice_str("Milano")) == PRODUCT_UNKNOWN &&
	    product_by_name(slice_str("milan")) == PRODUCT_UNKNOWN &&
	    product_by_name(slice_str("")) == PRODUCT_UNKNOWN, "not these");
}

static void
floors(void)
{
	static const char *const bad[] = {"", ",", "snp", "snp=", "=1",
	    "snp=256", "snp=1,", "snp=1,snp=1", "SNP=1", "snp= 1", "snp=+1",
	    "snp=99999999999999999999", "tcb=1"};
	struct tcb_floor f;
	struct slice m = slice_of(milan, 8), t = slice_of(turin, 8);
	struct err e;
	size_t i;

	for (i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(tcb_floor_parse(bad[i], &f, &e) < 0 &&
		    e.code == E_USAGE, "no floor: '%s'", bad[i]);
	CHECK(tcb_floor_parse("bl=4,tee=1,snp=24,ucode=219", &f, &e) == 0 &&
	    tcb_floor_check(&f, PRODUCT_MILAN, m, &e) == 0, "just reached");
	CHECK(tcb_floor_check(&f, PRODUCT_TURIN, t, &e) < 0 &&
	    e.code == E_NO, "not by another layout");
	CHECK(tcb_floor_parse("ucode=220", &f, &e) == 0 &&
	    tcb_floor_check(&f, PRODUCT_MILAN, m, &e) < 0, "just missed");
	CHECK(tcb_floor_parse("fmc=0", &f, &e) == 0 &&
	    tcb_floor_check(&f, PRODUCT_MILAN, m, &e) < 0 &&
	    tcb_floor_check(&f, PRODUCT_TURIN, t, &e) == 0,
	    "a component that only some have");
	CHECK(tcb_floor_check(&f, PRODUCT_UNKNOWN, t, &e) < 0,
	    "an unknown product reaches no floor");
}

int
main(void)
{
	struct slice m = slice_of(milan, 8), t = slice_of(turin, 8);

	products();
	check_text(PRODUCT_MILAN, milan, "bl 4 tee 1 snp 24 ucode 219");
	check_text(PRODUCT_TURIN, turin, "fmc 1 bl 2 tee 3 snp 4 ucode 81");
	check_text(PRODUCT_UNKNOWN, milan, "04010000000018db");
	CHECK(tcb_rest_zero(PRODUCT_MILAN, m) &&
	    tcb_rest_zero(PRODUCT_TURIN, t), "nothing between");
	CHECK(!tcb_rest_zero(PRODUCT_MILAN, t) &&
	    !tcb_rest_zero(PRODUCT_TURIN, m), "by the other layout, much");
	CHECK(tcb_value(PRODUCT_MILAN, m, TCB_FMC) == -1 &&
	    tcb_value(PRODUCT_TURIN, t, TCB_FMC) == 1, "FMC");
	floors();
	return tap_done();
}
