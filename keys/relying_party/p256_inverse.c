/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kaliski's almost inverse. With m the modulus and a the number, all along
 *     m = u s + v r,   a r = -u 2^k,   a s = v 2^k   (the latter two modulo m),
 * while u and v are subtracted and halved until they meet at 1: then s / 2^k is the inverse.
 */
#include "keys/relying_party/p256_inverse.h"

#include <stdint.h>

#define WORDS 4
#define SIZE 32

/* By the first line no number here is ever greater than m. */
struct wide {
    uint64_t words[WORDS];
};

static bool
wide_of(const BIGNUM *number, struct wide *out)
{
    uint8_t bytes[SIZE];

    *out = (struct wide) { 0 };
    if (BN_bn2lebinpad(number, bytes, SIZE) != SIZE)
        return false;
    for (int i = 0; i < SIZE; i++)
        out->words[i / 8] |= (uint64_t)bytes[i] << (i % 8 * 8);
    return true;
}

static bool
number_of(const struct wide *wide, BIGNUM *out)
{
    uint8_t bytes[SIZE];

    for (int i = 0; i < SIZE; i++)
        bytes[i] = (uint8_t)(wide->words[i / 8] >> (i % 8 * 8));
    return BN_lebin2bn(bytes, SIZE, out) != NULL;
}

static void
add(struct wide *to, const struct wide *what)
{
    unsigned __int128 sum = 0;

    for (int i = 0; i < WORDS; i++) {
        sum += (unsigned __int128)to->words[i] + what->words[i];
        to->words[i] = (uint64_t)sum;
        sum >>= 64;
    }
}

static void
subtract(struct wide *from, const struct wide *what)
{
    uint64_t borrow = 0;

    for (int i = 0; i < WORDS; i++) {
        unsigned __int128 left = (unsigned __int128)from->words[i] - what->words[i] - borrow;

        from->words[i] = (uint64_t)left;
        borrow = (uint64_t)(left >> 64) & 1;
    }
}

/* 1 to 63 bits. */
static void
shift_right(struct wide *wide, int bits)
{
    for (int i = 0; i < WORDS - 1; i++)
        wide->words[i] = wide->words[i] >> bits | wide->words[i + 1] << (64 - bits);
    wide->words[WORDS - 1] >>= bits;
}

static void
shift_left(struct wide *wide, int bits)
{
    for (int i = WORDS - 1; i > 0; i--)
        wide->words[i] = wide->words[i] << bits | wide->words[i - 1] >> (64 - bits);
    wide->words[0] <<= bits;
}

static int
compare(const struct wide *a, const struct wide *b)
{
    int i = WORDS - 1;

    while (i > 0 && a->words[i] == b->words[i])
        i--;
    return a->words[i] < b->words[i] ? -1 : a->words[i] > b->words[i];
}

/* Halves what is even and not zero until it is odd; the other factor doubles. Returns how often. */
static int
make_odd(struct wide *even, struct wide *factor)
{
    int done = 0;

    while ((even->words[0] & 1) == 0) {
        int bits = even->words[0] == 0 ? 63 : __builtin_ctzll(even->words[0]);

        shift_right(even, bits);
        shift_left(factor, bits);
        done += bits;
    }
    return done;
}

/* Modulo 2^64, by Newton's iteration: each doubles the bits that are right, from three. */
static uint64_t
inverse_of_word(uint64_t odd)
{
    uint64_t inverse = odd;

    for (int i = 0; i < 5; i++)
        inverse *= 2 - odd * inverse;
    return inverse;
}

/* Divides by 2^bits modulo m: so many times m are added that the bits that fall off are zero. */
static void
divide(struct wide *wide, int bits, const struct wide *m, uint64_t m_inverse)
{
    uint64_t times = (0 - wide->words[0]) * m_inverse << (64 - bits) >> (64 - bits);
    unsigned __int128 sum = 0;
    uint64_t low = 0;

    for (int i = 0; i < WORDS; i++) {
        sum += (unsigned __int128)m->words[i] * times + wide->words[i];
        if (i > 0)
            wide->words[i - 1] =
                bits == 64 ? (uint64_t)sum : low >> bits | (uint64_t)sum << (64 - bits);
        low = (uint64_t)sum;
        sum >>= 64;
    }
    wide->words[WORDS - 1] =
        bits == 64 ? (uint64_t)sum : low >> bits | (uint64_t)sum << (64 - bits);
}

bool
p256_inverse(const BIGNUM *number, const BIGNUM *modulus, BIGNUM *out)
{
    struct wide m;
    struct wide u;
    struct wide v;
    struct wide r = { { 0 } };
    struct wide s = { { 1 } };
    uint64_t m_inverse;
    int k;
    int order;

    if (!wide_of(modulus, &m) || !wide_of(number, &v) || !BN_is_odd(modulus) || BN_is_zero(number))
        return false;
    u = m;
    k = make_odd(&v, &r);
    while ((order = compare(&u, &v)) != 0) {
        subtract(order > 0 ? &u : &v, order > 0 ? &v : &u);
        add(order > 0 ? &r : &s, order > 0 ? &s : &r);
        k += order > 0 ? make_odd(&u, &s) : make_odd(&v, &r);
    }
    m_inverse = inverse_of_word(m.words[0]);
    for (; k > 0; k -= 64)
        divide(&s, k < 64 ? k : 64, &m, m_inverse);
    return number_of(&s, out);
}
