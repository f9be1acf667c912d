/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/password.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "idp/base/metrics.h"

#define PEPPERED_SIZE sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_ORIGINAL)
#define BASE64 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

const struct password_cost password_cost = { .operations = 2, .memory_bytes = 19922944 };

/* A PHC string taken apart. */
struct phc {
    struct password_cost cost;
    uint8_t salt[crypto_pwhash_SALTBYTES];
    struct digest hash;
};

static bool
decode(const char *text, void *out, size_t size)
{
    size_t got = 0;

    return sodium_base642bin(out, size, text, strlen(text), NULL, &got, NULL,
                             sodium_base64_VARIANT_ORIGINAL_NO_PADDING) == 0 &&
           got == size;
}

/* As libsodium writes it, and in no other form. */
static bool
phc_read(const char *text, struct phc *out)
{
    size_t kibibytes;
    char salt[23];
    char hash[44];
    int end = 0;

    if (text == NULL ||
        sscanf(text,
               crypto_pwhash_argon2id_STRPREFIX "v=19$m=%9zu,t=%4llu,p=1$%22[" BASE64
                                                "]$%43[" BASE64 "]%n",
               &kibibytes, &out->cost.operations, salt, hash, &end) != 4 ||
        text[end] != '\0')
        return false;
    out->cost.memory_bytes = kibibytes * 1024;
    return decode(salt, out->salt, sizeof(out->salt)) &&
           decode(hash, out->hash.bytes, sizeof(out->hash.bytes));
}

/*
 * What an unknown person is checked against, of salt and hash zero: no password is known to give
 * it. Its cost is that of a new hash, or an unknown person would be known by how fast she is
 * refused.
 */
static struct phc
nobody(const struct password_cost *cost)
{
    return (struct phc) { .cost = *cost };
}

/* Fixed size and no NUL whatever the password is, and useless without the pepper. */
static void
put_pepper(const struct key32 *pepper, const char *password, char out[static PEPPERED_SIZE])
{
    struct digest digest = digest_keyed(pepper, bytes_of_text(password));

    sodium_bin2base64(out, PEPPERED_SIZE, digest.bytes, sizeof(digest.bytes),
                      sodium_base64_VARIANT_ORIGINAL);
    secret_wipe(&digest, sizeof(digest));
}

/* libsodium fails for want of memory only: its other limits are beyond our sizes. */
enum err
password_hash(const struct password_cost *cost, struct arena *arena, const struct key32 *pepper,
              const char *password, const char **out)
{
    char peppered[PEPPERED_SIZE];
    char hashed[crypto_pwhash_STRBYTES];
    int failed;

    metric_add(METRIC_HASH_RUNS, 1);
    put_pepper(pepper, password, peppered);
    failed = crypto_pwhash_str_alg(hashed, peppered, strlen(peppered), cost->operations,
                                   cost->memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
    secret_wipe(peppered, sizeof(peppered));
    if (failed != 0)
        return ERR_UNAVAILABLE;
    *out = arena_text(arena, hashed);
    return OK;
}

/* Not crypto_pwhash_str_verify(), which tells a lack of memory as a wrong password (1.0.18). */
enum err
password_verify(const struct password_cost *cost, const struct key32 *pepper, const char *phc,
                const char *password)
{
    struct phc expected;
    bool known = phc_read(phc, &expected);
    char peppered[PEPPERED_SIZE];
    struct digest hash;
    int failed;

    if (!known)
        expected = nobody(cost);
    metric_add(METRIC_HASH_RUNS, 1);
    put_pepper(pepper, password, peppered);
    failed = crypto_pwhash(hash.bytes, sizeof(hash.bytes), peppered, strlen(peppered),
                           expected.salt, expected.cost.operations, expected.cost.memory_bytes,
                           crypto_pwhash_ALG_ARGON2ID13);
    secret_wipe(peppered, sizeof(peppered));
    if (failed != 0)
        return ERR_UNAVAILABLE;
    return known && digest_eq(&hash, &expected.hash) ? OK : ERR_FORGED;
}

bool
password_needs_rehash(const struct password_cost *cost, const char *phc)
{
    struct phc made;

    return !phc_read(phc, &made) || made.cost.operations != cost->operations ||
           made.cost.memory_bytes != cost->memory_bytes;
}
