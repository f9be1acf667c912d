/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/unwind.h"
#include "keys/secret.h"
#include "policies/typed.h"

#define SHA1_BYTES 20
#define MODULUS 1000000U /* ten to the number of digits */
#define BASE32_BITS 5

/* RFC 4226, 5.3: four bytes where the last half byte says, without their sign. */
static uint32_t
truncated(const uint8_t mac[SHA1_BYTES])
{
    const uint8_t *at = mac + (mac[SHA1_BYTES - 1] & 0x0f);

    return ((uint32_t)(at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3]) %
           MODULUS;
}

void
totp_code(const struct totp_secret *secret, int64_t step, char out[TOTP_DIGITS + 1])
{
    uint8_t counter[8];
    uint8_t mac[SHA1_BYTES];
    unsigned size = sizeof(mac);
    uint32_t number;

    for (size_t i = 0; i < sizeof(counter); i++)
        counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    if (HMAC(EVP_sha1(), secret->bytes, sizeof(secret->bytes), counter, sizeof(counter), mac,
             &size) == NULL)
        unwind(ERR_UNAVAILABLE); /* for want of memory: no answer is better than a wrong one */
    number = truncated(mac);
    out[TOTP_DIGITS] = '\0';
    for (size_t i = TOTP_DIGITS; i > 0; i--, number /= 10)
        out[i - 1] = (char)('0' + number % 10);
    secret_wipe(mac, sizeof(mac));
}

bool
totp_fits(const struct totp_secret *secret, const char *typed, unix_s now, int64_t *step)
{
    char digits[TOTP_DIGITS + 1];
    char code[TOTP_DIGITS + 1];
    struct digest given;
    bool fits = false;

    if (typed == NULL || !typed_ascii(typed, digits, sizeof(digits)) || !typed_is_digits(digits) ||
        strlen(digits) != TOTP_DIGITS)
        return false;
    given = digest_of_text(digits);
    for (int64_t i = -TOTP_WINDOW; i <= TOTP_WINDOW; i++) { /* each, whichever fits */
        struct digest expected;

        totp_code(secret, now / TOTP_STEP_S + i, code);
        expected = digest_of_text(code);
        if (digest_eq(&given, &expected)) {
            fits = true;
            *step = now / TOTP_STEP_S + i;
        }
    }
    secret_wipe(code, sizeof(code));
    return fits;
}

const char *
totp_base32(struct arena *arena, const struct totp_secret *secret)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    struct buf out = buf_new(arena, TOTP_SECRET_BYTES * 2);
    uint32_t held = 0;
    unsigned bits = 0;

    for (size_t i = 0; i < TOTP_SECRET_BYTES; i++) { /* 20 bytes are 32 characters, none left */
        held = held << 8 | secret->bytes[i];
        for (bits += 8; bits >= BASE32_BITS; bits -= BASE32_BITS)
            buf_char(&out, alphabet[held >> (bits - BASE32_BITS) & 0x1f]);
    }
    return out.at;
}

const char *
totp_uri(struct arena *arena, const struct totp_secret *secret, const char *issuer,
         const char *account)
{
    struct buf out = buf_new(arena, 256);

    buf_text(&out, "otpauth://totp/");
    buf_url(&out, issuer);
    buf_char(&out, ':');
    buf_url(&out, account);
    buf_text(&out, "?secret=");
    buf_text(&out, totp_base32(arena, secret));
    buf_text(&out, "&issuer=");
    buf_url(&out, issuer);
    buf_text(&out, "&algorithm=SHA1&digits=6&period=30");
    return out.at;
}
