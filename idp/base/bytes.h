/* SPDX-License-Identifier: Apache-2.0 */
/* Byte ranges, digests and the encodings they travel in (RFC 4648). */
#ifndef IDP_BASE_BYTES_H
#define IDP_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "idp/base/arena.h"
#include "idp/base/err.h"

/* A view: owns nothing. */
struct bytes {
    const uint8_t *at;
    size_t size;
};

/* 32 bytes that stand for a secret or for personal data. Compare with
 * digest_eq() (keys/secret.h) only. */
struct digest {
    uint8_t bytes[32];
};

struct bytes bytes_of(const void *at, size_t size);
struct bytes bytes_of_text(const char *text);
/* For what is public: secrets are compared by keys/secret.h. */
bool bytes_eq(struct bytes a, struct bytes b);

/* base64url without padding (RFC 4648, 5). The result lives in the arena. */
char *base64url_encode(struct arena *arena, struct bytes in);

/*
 * Strict: the URL alphabet only, no padding, no white space, zero spare bits; so one value has one
 * spelling. ERR_INVALID otherwise. `out` lives in the arena.
 */
must_check enum err base64url_decode(struct arena *arena, const char *in, size_t size,
                                     struct bytes *out);

/* Standard base64 with padding, as UnionPay and HTTP Basic use it.
 * Decoding is as strict as above. */
char *base64_encode(struct arena *arena, struct bytes in);
must_check enum err base64_decode(struct arena *arena, const char *in, size_t size,
                                  struct bytes *out);

/* Lower-case hexadecimal. Decoding takes both cases and an even count of digits. */
char *hex_encode(struct arena *arena, struct bytes in);
must_check enum err hex_decode(struct arena *arena, const char *in, size_t size, struct bytes *out);

/* The value of a hexadecimal digit, or -1. */
int hex_digit(char c);

#endif
