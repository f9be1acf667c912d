/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/p256_form.h"

#include <string.h>

#define TAG_INTEGER 0x02
#define TAG_SEQUENCE 0x30
#define NUMBER_SIZE (P256_RAW_SIZE / 2)

/* Takes one INTEGER off the front of `rest`, right-aligned into `out`, which is zeroed. */
static enum err
take_number(struct bytes *rest, uint8_t out[static NUMBER_SIZE])
{
    const uint8_t *at = rest->at + 2;
    size_t size;

    if (rest->size < 3 || rest->at[0] != TAG_INTEGER || rest->at[1] > rest->size - 2)
        return ERR_INVALID;
    size = rest->at[1];
    *rest = bytes_of(at + size, rest->size - 2 - size);
    if (size == 0 || at[0] > 0x7f)
        return ERR_INVALID;
    if (at[0] == 0) {
        at++;
        size--;
    }
    if (size > NUMBER_SIZE)
        return ERR_INVALID;
    memcpy(out + NUMBER_SIZE - size, at, size);
    return OK;
}

enum err
p256_raw_of_der(struct bytes der, uint8_t out[static P256_RAW_SIZE])
{
    struct bytes rest;
    enum err err;

    if (der.size < 2 || der.size > P256_DER_MAX || der.at[0] != TAG_SEQUENCE ||
        der.at[1] != der.size - 2)
        return ERR_INVALID;
    memset(out, 0, P256_RAW_SIZE);
    rest = bytes_of(der.at + 2, der.size - 2);
    err = take_number(&rest, out);
    if (err == OK)
        err = take_number(&rest, out + NUMBER_SIZE);
    if (err == OK && rest.size != 0)
        err = ERR_INVALID;
    return err;
}

static size_t
put_number(const uint8_t number[static NUMBER_SIZE], uint8_t *out)
{
    size_t skip = 0;
    size_t pad;

    while (skip < NUMBER_SIZE - 1 && number[skip] == 0)
        skip++;
    pad = number[skip] >> 7;
    out[0] = TAG_INTEGER;
    out[1] = (uint8_t)(pad + NUMBER_SIZE - skip);
    out[2] = 0;
    memcpy(out + 2 + pad, number + skip, NUMBER_SIZE - skip);
    return 2 + pad + NUMBER_SIZE - skip;
}

size_t
p256_der_of_raw(const uint8_t raw[static P256_RAW_SIZE], uint8_t out[static P256_DER_MAX])
{
    size_t size = 2;

    size += put_number(raw, out + size);
    size += put_number(raw + NUMBER_SIZE, out + size);
    out[0] = TAG_SEQUENCE;
    out[1] = (uint8_t)(size - 2);
    return size;
}
