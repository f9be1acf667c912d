/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/sms_uplink.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <string.h>

#include "idp/base/json.h"
#include "idp/base/text.h"

#define SCHEME "SMS-UPLINK-HMAC-SHA256"
#define HEADER_MAX_BYTES 256
#define NONCE_MIN 16
#define NONCE_MAX 64
#define NONCE_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
#define PHONE_MAX_BYTES 32
#define CONTENT_MAX_BYTES 1024

/* "Name=" at *text and what stands behind it up to the comma or the end; *text moves behind that. */
static const char *
part_read(struct arena *arena, const char **text, const char *name)
{
    const char *value = *text + strlen(name);
    size_t size;

    if (!text_starts(*text, name))
        return NULL;
    size = strcspn(value, ",");
    *text = value + size + (value[size] == ',');
    return arena_copy(arena, value, size);
}

static bool
nonce_is_sound(const char *nonce)
{
    size_t size = strlen(nonce);

    return size >= NONCE_MIN && size <= NONCE_MAX && strspn(nonce, NONCE_CHARACTERS) == size;
}

/* 64 hexadecimal digits. */
static bool
digest_read(const char *text, struct digest *out)
{
    static const char digits[] = "0123456789abcdef";

    if (strlen(text) != 2 * sizeof(out->bytes))
        return false;
    for (size_t i = 0; i < sizeof(out->bytes); i++) {
        const char *high = memchr(digits, text[2 * i], 16);
        const char *low = memchr(digits, text[2 * i + 1], 16);

        if (high == NULL || low == NULL)
            return false;
        out->bytes[i] = (uint8_t)((high - digits) << 4 | (low - digits));
    }
    return true;
}

static struct digest
expected_of(struct arena *arena, const struct uplink_signature *signature, const char *secret,
            struct bytes body)
{
    unsigned char hash[SHA256_DIGEST_LENGTH];
    const char *text;
    struct digest mac;

    SHA256(body.at, body.size, hash);
    text = arena_printf(arena, SCHEME "\n%lld\n%s\n%s", (long long)signature->at, signature->nonce,
                        hex_encode(arena, bytes_of(hash, sizeof(hash))));
    HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)text, strlen(text),
         mac.bytes, NULL);
    return mac;
}

enum err
uplink_signature_read(struct arena *arena, const char *authorization, const char *secret,
                      struct bytes body, struct uplink_signature *out)
{
    const char *at = authorization;
    const char *timestamp;
    const char *signature;

    if (at == NULL || strlen(at) > HEADER_MAX_BYTES || !text_starts(at, SCHEME " "))
        return ERR_INVALID;
    at += strlen(SCHEME " ");
    timestamp = part_read(arena, &at, "Timestamp=");
    out->nonce = part_read(arena, &at, "Nonce=");
    signature = part_read(arena, &at, "Signature=");
    if (timestamp == NULL || out->nonce == NULL || signature == NULL || *at != '\0' ||
        text_to_int(timestamp, 0, INT64_MAX, &out->at) != OK || !nonce_is_sound(out->nonce) ||
        !digest_read(signature, &out->given))
        return ERR_INVALID;
    out->expected = expected_of(arena, out, secret, body);
    return OK;
}

enum err
uplink_read(struct arena *arena, struct bytes body, struct uplink_list *out)
{
    const json_t *list = json_read(arena, body);
    size_t count = json_array_size(list);

    if (!json_is_array(list) || count > UPLINK_MESSAGES_MAX)
        return ERR_INVALID;
    *out = (struct uplink_list) { arena_alloc(arena, (count + 1) * sizeof(*out->at)), count };
    for (size_t i = 0; i < count; i++) {
        const json_t *message = json_array_get(list, i);

        if (member_text(message, "phone_number", PHONE_MAX_BYTES, &out->at[i].phone_number) != OK ||
            member_text(message, "content", CONTENT_MAX_BYTES, &out->at[i].content) != OK)
            return ERR_INVALID;
    }
    return OK;
}
