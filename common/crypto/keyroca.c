/* keyroca.c -- see key_in.h: the moduli that Infineon's library made from
 * 2012 to 2017 (CVE-2017-15361), whose factors can be computed. */
#include "crypto/key_in.h"

/* Its primes were k * M + (65537^a mod M), with M the product of at least
 * all primes up to 167: modulo each of these the product of two of them is a
 * power of 65537, which of another modulus it is once in 2^28.  Primes of
 * which 65537 has every remainder as a power tell nothing, but cost nothing
 * either. */
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
