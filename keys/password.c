/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/password.h"

#include <sodium.h>
#include <string.h>

#include "idp/base/metrics.h"
#include "idp/base/opaque.h"
#include "idp/base/text.h"

#define PEPPERED_SIZE sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_ORIGINAL)
#define PHC_BEGIN crypto_pwhash_argon2id_STRPREFIX "v=19$m="

const struct password_cost password_cost = { .operations = 2, .memory_bytes = 19922944 };

/* A PHC string taken apart. */
struct phc {
    struct password_cost cost;
    uint8_t salt[crypto_pwhash_SALTBYTES];
    struct digest hash;
};

/*
 * Copies the text from *at to `end` and moves *at behind it. False when the text is longer than
 * `out` takes, or `end` does not come.
 */
static bool
take(const char **at, char end, char *out, size_t room)
{
    size_t size = strcspn(*at, (const char[]) { end, '\0' });

    if (size >= room || (*at)[size] != end)
        return false;
    memcpy(out, *at, size);
    out[size] = '\0';
    *at += size + (end != '\0');
    return true;
}

static bool
take_number(const char **at, char end, int64_t max, int64_t *out)
{
    char digits[11];

    return take(at, end, digits, sizeof(digits)) && text_to_int(digits, 1, max, out) == OK;
}

static bool
take_base64(const char **at, char end, void *out, size_t size)
{
    char text[64];
    size_t got = 0;

    return take(at, end, text, sizeof(text)) &&
           sodium_base642bin(out, size, text, strlen(text), NULL, &got, NULL,
                             sodium_base64_VARIANT_ORIGINAL_NO_PADDING) == 0 &&
           got == size;
}

/* As libsodium writes it, and in no other form. */
static bool
phc_read(const char *text, struct phc *out)
{
    int64_t kibibytes;
    int64_t operations;

    if (text == NULL || !text_starts(text, PHC_BEGIN))
        return false;
    text += strlen(PHC_BEGIN);
    if (!take_number(&text, ',', UINT32_MAX, &kibibytes) || !text_starts(text, "t="))
        return false;
    text += strlen("t=");
    if (!take_number(&text, ',', UINT32_MAX, &operations) || !text_starts(text, "p=1$"))
        return false;
    text += strlen("p=1$");
    out->cost = (struct password_cost) { .operations = (unsigned long long)operations,
                                         .memory_bytes = (size_t)kibibytes * 1024 };
    return take_base64(&text, '$', out->salt, sizeof(out->salt)) &&
           take_base64(&text, '\0', out->hash.bytes, sizeof(out->hash.bytes));
}

/*
 * We check the password of an unknown person against this PHC string. Its salt and hash are zero,
 * and nobody knows a password that gives it. It costs what a new hash costs: else a fast refusal
 * would tell that nobody has this number.
 */
static struct phc
nobody(const struct password_cost *cost)
{
    return (struct phc) { .cost = *cost };
}

/* The HMAC has one size and no NUL, whatever the password is, and is useless without the pepper. */
static void
put_pepper(const struct key32 *pepper, const char *password, char out[static PEPPERED_SIZE])
{
    struct digest digest = digest_keyed(pepper, bytes_of_text(password));

    sodium_bin2base64(out, PEPPERED_SIZE, digest.bytes, sizeof(digest.bytes),
                      sodium_base64_VARIANT_ORIGINAL);
    secret_wipe(&digest, sizeof(digest));
}

/* What is hashed: one form for every keyboard, or the text as typed when it has none. */
static const char *
form_of(const char *password, char form[static OPAQUE_PASSWORD_ROOM])
{
    return text_opaque(password, form, OPAQUE_PASSWORD_ROOM) ? form : password;
}

/* libsodium fails for want of memory only: its other limits are beyond our sizes. */
enum err
password_hash(const struct password_cost *cost, struct arena *arena, const struct key32 *pepper,
              const char *password, const char **out)
{
    char form[OPAQUE_PASSWORD_ROOM];
    char peppered[PEPPERED_SIZE];
    char hashed[crypto_pwhash_STRBYTES];
    int failed;

    metric_add(METRIC_HASH_RUNS, 1);
    put_pepper(pepper, form_of(password, form), peppered);
    secret_wipe(form, sizeof(form));
    failed = crypto_pwhash_str_alg(hashed, peppered, strlen(peppered), cost->operations,
                                   cost->memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
    secret_wipe(peppered, sizeof(peppered));
    if (failed != 0)
        return ERR_UNAVAILABLE;
    *out = arena_text(arena, hashed);
    return OK;
}

/* Not crypto_pwhash_str_verify(), which tells a lack of memory as a wrong password (1.0.18). */
static enum err
verify(const struct password_cost *cost, const struct key32 *pepper, const char *phc,
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

/* A text that is not its own form costs two hashes, whoever it is for (docs/adr/0032). */
enum err
password_verify(const struct password_cost *cost, const struct key32 *pepper, const char *phc,
                const char *password)
{
    char room[OPAQUE_PASSWORD_ROOM];
    const char *form = form_of(password, room);
    bool differs = !text_eq(form, password);
    enum err err = verify(cost, pepper, phc, form);

    if (err == ERR_FORGED && differs) /* set when passwords were hashed as typed */
        err = verify(cost, pepper, phc, password);
    secret_wipe(room, sizeof(room));
    return err;
}

bool
password_needs_rehash(const struct password_cost *cost, const char *phc)
{
    struct phc made;

    return !phc_read(phc, &made) || made.cost.operations != cost->operations ||
           made.cost.memory_bytes != cost->memory_bytes;
}
