/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/ed25519_point.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <string.h>

#define SIZE 32
#define FIELD "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed"
#define CURVE_D "52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3"

/* y of the points of order 1, 2, 4 and 8; a point and its negative have the same. */
static const char *const small_order[] = {
    "1",
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec",
    "0",
    "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7",
    "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826",
};

struct point_work {
    BN_CTX *ctx;
    BIGNUM *p;
    BIGNUM *y;
    BIGNUM *top;    /* y^2 - 1 */
    BIGNUM *bottom; /* d y^2 + 1 */
};

static bool
is_hex(const BIGNUM *number, const char *hex)
{
    BIGNUM *other = NULL;
    bool equal = BN_hex2bn(&other, hex) != 0 && BN_cmp(number, other) == 0;

    BN_free(other);
    return equal;
}

static bool
has_small_order(const BIGNUM *y)
{
    for (size_t i = 0; i < sizeof(small_order) / sizeof(small_order[0]); i++)
        if (is_hex(y, small_order[i]))
            return true;
    return false;
}

/* x^2 = (y^2 - 1) / (d y^2 + 1) has a root (RFC 8032, 5.1.3). */
static bool
is_on_curve(struct point_work *work)
{
    return BN_mod_sqr(work->top, work->y, work->p, work->ctx) == 1 &&
           BN_hex2bn(&work->bottom, CURVE_D) != 0 &&
           BN_mod_mul(work->bottom, work->bottom, work->top, work->p, work->ctx) == 1 &&
           BN_sub_word(work->top, 1) == 1 && BN_add_word(work->bottom, 1) == 1 &&
           BN_mod_inverse(work->bottom, work->bottom, work->p, work->ctx) != NULL &&
           BN_mod_mul(work->top, work->top, work->bottom, work->p, work->ctx) == 1 &&
           BN_mod_sqrt(work->bottom, work->top, work->p, work->ctx) != NULL;
}

static bool
is_sound(struct point_work *work, const uint8_t point[static SIZE])
{
    uint8_t y[SIZE];

    memcpy(y, point, SIZE);
    y[SIZE - 1] &= 0x7f; /* the sign of x */
    return BN_hex2bn(&work->p, FIELD) != 0 && BN_lebin2bn(y, SIZE, work->y) != NULL &&
           BN_cmp(work->y, work->p) < 0 && !has_small_order(work->y) && is_on_curve(work);
}

bool
ed25519_point_is_sound(const uint8_t point[static SIZE])
{
    struct point_work work = { .ctx = BN_CTX_new() };
    bool sound = false;

    if (work.ctx == NULL)
        return false;
    BN_CTX_start(work.ctx);
    work.p = BN_CTX_get(work.ctx);
    work.y = BN_CTX_get(work.ctx);
    work.top = BN_CTX_get(work.ctx);
    work.bottom = BN_CTX_get(work.ctx);
    if (work.bottom != NULL)
        sound = is_sound(&work, point);
    BN_CTX_end(work.ctx);
    BN_CTX_free(work.ctx);
    ERR_clear_error();
    return sound;
}
