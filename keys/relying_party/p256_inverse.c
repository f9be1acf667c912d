/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The binary algorithm (Handbook of Applied Cryptography, 14.61) on numbers of five words: a v = x
 * and a w = y modulo m hold all along, while x and y are halved and subtracted until one is 1.
 */
#include "keys/relying_party/p256_inverse.h"

#include <stdint.h>

#define WORDS 5 /* one more than 256 bits: before a sum is halved it has 257 */
#define SIZE 32

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
    uint64_t carry = 0;

    for (int i = 0; i < WORDS; i++) {
        uint64_t sum = to->words[i] + carry;

        carry = sum < carry;
        to->words[i] = sum + what->words[i];
        carry += to->words[i] < sum;
    }
}

/* The borrow: 1 when `what` was greater. */
static uint64_t
subtract(struct wide *from, const struct wide *what)
{
    uint64_t borrow = 0;

    for (int i = 0; i < WORDS; i++) {
        uint64_t before = from->words[i];
        uint64_t left = before - borrow;

        borrow = left > before;
        from->words[i] = left - what->words[i];
        borrow += from->words[i] > left;
    }
    return borrow;
}

static void
halve(struct wide *wide)
{
    for (int i = 0; i < WORDS - 1; i++)
        wide->words[i] = wide->words[i] >> 1 | wide->words[i + 1] << 63;
    wide->words[WORDS - 1] >>= 1;
}

static bool
is_even(const struct wide *wide)
{
    return (wide->words[0] & 1) == 0;
}

static bool
is_greater(const struct wide *a, const struct wide *b)
{
    int i = WORDS - 1;

    while (i > 0 && a->words[i] == b->words[i])
        i--;
    return a->words[i] > b->words[i];
}

static bool
is_small(const struct wide *wide)
{
    return (wide->words[4] | wide->words[3] | wide->words[2] | wide->words[1]) == 0 &&
           wide->words[0] <= 1;
}

/* One of the two lines: `x`, and what the number is to be multiplied with to become it. */
struct euclid_line {
    struct wide x;
    struct wide factor;
};

static void
make_odd(struct euclid_line *line, const struct wide *modulus)
{
    while (is_even(&line->x)) {
        halve(&line->x);
        if (!is_even(&line->factor))
            add(&line->factor, modulus);
        halve(&line->factor);
    }
}

static void
take_off(struct euclid_line *from, const struct euclid_line *what, const struct wide *modulus)
{
    subtract(&from->x, &what->x);
    if (subtract(&from->factor, &what->factor) != 0)
        add(&from->factor, modulus);
}

bool
p256_inverse(const BIGNUM *number, const BIGNUM *modulus, BIGNUM *out)
{
    struct wide m;
    struct euclid_line a = { .factor = { { 1 } } };
    struct euclid_line b = { 0 };

    if (!wide_of(modulus, &m) || !wide_of(number, &a.x) || is_even(&m) || BN_is_zero(number))
        return false;
    b.x = m;
    while (!is_small(&a.x) && !is_small(&b.x)) {
        make_odd(&a, &m);
        make_odd(&b, &m);
        if (is_greater(&b.x, &a.x))
            take_off(&b, &a, &m);
        else
            take_off(&a, &b, &m);
    }
    return number_of(is_small(&a.x) ? &a.factor : &b.factor, out);
}
