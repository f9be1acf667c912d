/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/kit_jose.h"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "idp/base/bytes.h"
#include "idp/base/env.h"
#include "tests/sims/kit_visit.h"

#define SIDE 32
#define DER_MAX 80

static void
give_up(const char *what)
{
    fprintf(stderr, "kit_jose: %s\n", what);
    exit(1);
}

static struct jose_key
key_with_jwk(struct arena *arena, EVP_PKEY *private)
{
    struct jose_key key = { .key = private };
    unsigned char point[1 + 2 * SIDE];
    size_t size;

    if (private == NULL ||
        EVP_PKEY_get_octet_string_param(private, "pub", point, sizeof(point), &size) != 1 ||
        size != sizeof(point))
        give_up("no key");
    key.jwk = arena_printf(arena, "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}",
                           base64url_encode(arena, bytes_of(point + 1, SIDE)),
                           base64url_encode(arena, bytes_of(point + 1 + SIDE, SIDE)));
    return key;
}

struct jose_key
jose_key_new(struct arena *arena)
{
    return key_with_jwk(arena, EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256"));
}

struct jose_key
jose_key_kept(struct arena *arena, const char *file)
{
    FILE *from = fopen(file, "r");
    struct jose_key key;
    FILE *to;

    if (from != NULL) {
        key = key_with_jwk(arena, PEM_read_PrivateKey(from, NULL, NULL, NULL));
        fclose(from);
        return key;
    }
    umask(077);
    key = jose_key_new(arena);
    to = fopen(file, "w");
    if (to == NULL || PEM_write_PrivateKey(to, key.key, NULL, NULL, 0, NULL, NULL) != 1 ||
        fclose(to) != 0)
        give_up("the key cannot be kept");
    return key;
}

/* r and s behind each other (RFC 7518, 3.4). */
static void
sides_of(const unsigned char *der, size_t size, unsigned char out[static 2 * SIDE])
{
    const unsigned char *at = der;
    ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, (long)size);

    if (sig == NULL || BN_bn2binpad(ECDSA_SIG_get0_r(sig), out, SIDE) != SIDE ||
        BN_bn2binpad(ECDSA_SIG_get0_s(sig), out + SIDE, SIDE) != SIDE)
        give_up("no signature");
    ECDSA_SIG_free(sig);
}

const char *
jose_signed(struct arena *arena, const struct jose_key *key, const char *header, const char *claims)
{
    const char *input = arena_printf(arena, "%s.%s", base64url_encode(arena, bytes_of_text(header)),
                                     base64url_encode(arena, bytes_of_text(claims)));
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    unsigned char der[DER_MAX];
    unsigned char sides[2 * SIDE];
    size_t size = sizeof(der);

    if (ctx == NULL || EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key->key) != 1 ||
        EVP_DigestSign(ctx, der, &size, (const unsigned char *)input, strlen(input)) != 1)
        give_up("nothing signed");
    EVP_MD_CTX_free(ctx);
    sides_of(der, size, sides);
    return arena_printf(arena, "%s.%s", input,
                        base64url_encode(arena, bytes_of(sides, sizeof(sides))));
}

const char *
jose_assertion(struct arena *arena, const struct jose_key *key, const char *client_id,
               const char *audience)
{
    long long now = (long long)env_now(env_machine());

    return jose_signed(arena, key, "{\"alg\":\"ES256\",\"typ\":\"JWT\"}",
                       arena_printf(arena,
                                    "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"%s\",\"jti\":\"%s\","
                                    "\"iat\":%lld,\"exp\":%lld}",
                                    client_id, client_id, audience, visit_secret(arena), now,
                                    now + 60));
}

const char *
jose_proof(struct arena *arena, const struct jose_key *key, const char *method, const char *url,
           const char *token)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    const char *ath = "";

    if (token != NULL) {
        SHA256((const unsigned char *)token, strlen(token), digest);
        ath = arena_printf(arena, ",\"ath\":\"%s\"",
                           base64url_encode(arena, bytes_of(digest, sizeof(digest))));
    }
    return jose_signed(
        arena, key,
        arena_printf(arena, "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":%s}", key->jwk),
        arena_printf(arena, "{\"jti\":\"%s\",\"htm\":\"%s\",\"htu\":\"%s\",\"iat\":%lld%s}",
                     visit_secret(arena), method, url, (long long)env_now(env_machine()), ath));
}
