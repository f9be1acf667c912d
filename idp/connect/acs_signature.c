/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/acs_signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <string.h>

#include "idp/base/bytes.h"

#define ALGORITHM "ACS3-HMAC-SHA256"
#define SIGNED_HEADERS                                                                             \
    "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"

static const char *
canonical_request(struct arena *arena, const struct acs_call *call)
{
    return arena_printf(arena,
                        "POST\n/\n%s\n"
                        "host:%s\n"
                        "x-acs-action:%s\n"
                        "x-acs-content-sha256:" ACS_EMPTY_SHA256 "\n"
                        "x-acs-date:%s\n"
                        "x-acs-signature-nonce:%s\n"
                        "x-acs-version:%s\n"
                        "\n" SIGNED_HEADERS "\n" ACS_EMPTY_SHA256,
                        call->query, call->host, call->action, call->date, call->nonce,
                        call->version);
}

const char *
acs_authorization(struct arena *arena, const struct acs_call *call, const struct acs_key *key)
{
    const char *request = canonical_request(arena, call);
    unsigned char digest[SHA256_DIGEST_LENGTH];
    unsigned char mac[SHA256_DIGEST_LENGTH];
    const char *text;

    SHA256((const unsigned char *)request, strlen(request), digest);
    text =
        arena_printf(arena, ALGORITHM "\n%s", hex_encode(arena, bytes_of(digest, sizeof(digest))));
    HMAC(EVP_sha256(), key->secret, (int)strlen(key->secret), (const unsigned char *)text,
         strlen(text), mac, NULL);
    return arena_printf(arena,
                        ALGORITHM " Credential=%s,SignedHeaders=" SIGNED_HEADERS ",Signature=%s",
                        key->id, hex_encode(arena, bytes_of(mac, sizeof(mac))));
}
