/* SPDX-License-Identifier: Apache-2.0 */
/* The two spellings of a P-256 signature: r || s as JOSE has it (RFC 7518, 3.4), and DER as OpenSSL
 * has it. */
#ifndef KEYS_P256_FORM_H
#define KEYS_P256_FORM_H

#include "idp/base/bytes.h"

#define P256_RAW_SIZE 64
#define P256_DER_MAX 72

/* ERR_INVALID for anything but a sequence of two non-negative integers of at most 32 bytes. */
must_check enum err p256_raw_of_der(struct bytes der, uint8_t out[static P256_RAW_SIZE]);

/* The shortest encoding; returns its size. */
size_t p256_der_of_raw(const uint8_t raw[static P256_RAW_SIZE], uint8_t out[static P256_DER_MAX]);

#endif
