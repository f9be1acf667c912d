/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Codes that change every half minute (TOTP, RFC 6238): HMAC-SHA-1 over the number of half minutes
 * since 1970, six digits. SHA-1 is what every authenticator application knows; as an HMAC it stands.
 */
#ifndef KEYS_TOTP_H
#define KEYS_TOTP_H

#include <stdbool.h>

#include "idp/base/arena.h"
#include "idp/base/bytes.h"
#include "idp/base/env.h"

#define TOTP_SECRET_BYTES 20 /* as long as the hash: RFC 4226, 4 */
#define TOTP_STEP_S 30
#define TOTP_DIGITS 6
#define TOTP_WINDOW 1 /* steps that a clock may be before or behind ours: RFC 6238, 5.2 */

struct totp_secret {
    uint8_t bytes[TOTP_SECRET_BYTES];
};

/* The code of that step, with its NUL. */
void totp_code(const struct totp_secret *secret, int64_t step, char out[TOTP_DIGITS + 1]);

/*
 * Is `typed` the code of this moment, or of the step before or behind it? Its step, which is good for
 * once: the caller spends it. Blanks between its digits and full-width digits are what people type.
 */
bool totp_fits(const struct totp_secret *secret, const char *typed, unix_s now, int64_t *step);

/* RFC 4648 base32 without padding, as people type it from a page. */
const char *totp_base32(struct arena *arena, const struct totp_secret *secret);

/* What authenticator applications read from a QR code: otpauth://totp/ISSUER:ACCOUNT?secret=… */
const char *totp_uri(struct arena *arena, const struct totp_secret *secret, const char *issuer,
                     const char *account);

#endif
