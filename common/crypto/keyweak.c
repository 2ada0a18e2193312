/* keyweak.c -- see key_in.h: RSA moduli whose factors anyone can compute.
 * Primes too close to each other, or that another key has too, are not looked
 * for: that takes arithmetic of another order, or all the world's keys. */
#include "crypto/key_in.h"

enum { SMALL = 1000 };	/* factors below are looked for */

/* Infineon's library made keys from 2012 to 2017 (CVE-2017-15361) whose primes
 * were k * M + (65537^a mod M), with M the product of at least all primes up to
 * 167: modulo each of these the product of two of them is a power of 65537,
 * which of another modulus it is once in 2^28.  Primes of which 65537 has every
 * remainder as a power tell nothing, but cost nothing either. */
static const BN_ULONG primes[] = {
	3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67,
	71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139,
	149, 151, 157, 163, 167,
};

static bool
is_power(BN_ULONG r, BN_ULONG prime)
{
	BN_ULONG x = 1;

	do {
		if (x == r)
			return true;
		x = x * 65537 % prime;
	} while (x != 1);
	return false;
}

bool
key_roca(const BIGNUM *modulus)
{
	size_t i;

	for (i = 0; i < sizeof primes / sizeof *primes; i++)
		if (!is_power(BN_mod_word(modulus, primes[i]), primes[i]))
			return false;
	return true;
}

static bool
divides(BN_ULONG d, BN_ULONG n)
{
	return n % d == 0;
}

static bool
prime(BN_ULONG n)
{
	BN_ULONG d;

	for (d = 3; d * d <= n; d += 2)
		if (divides(d, n))
			return false;
	return true;
}

/* Several primes at a time, as many as a division by one word holds: what is
 * left of the modulus is divided by them one by one. */
bool
key_small_factor(const BIGNUM *modulus)
{
	BN_ULONG from = 3, p, product = 1, rest;

	for (p = 3; p < SMALL; p += 2) {
		if (prime(p))
			product *= p;
		/* the longest product that cannot overflow 32 bits */
		if (product < UINT32_MAX / SMALL && p < SMALL - 2)
			continue;
		rest = BN_mod_word(modulus, product);
		for (; from <= p; from += 2)
			if (prime(from) && divides(from, rest))
				return true;
		product = 1;
	}
	return false;
}
