/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/kit_wire.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <string.h>

#include "tests/sims/kit.h"

void
wire_put(struct wire *message, const char *name, const char *value)
{
    size_t at = message->count;

    if (at == FIELDS_MAX)
        return;
    for (; at > 0 && strcmp(message->names[at - 1], name) > 0; at--) {
        message->names[at] = message->names[at - 1];
        message->values[at] = message->values[at - 1];
    }
    message->names[at] = name;
    message->values[at] = value;
    message->count++;
}

const char *
wire_find(const struct wire *message, const char *name)
{
    for (size_t i = 0; i < message->count; i++) {
        if (strcmp(message->names[i], name) == 0)
            return message->values[i];
    }
    return "";
}

struct wire
wire_read(struct arena *arena, const char *form)
{
    struct wire message = { 0 };

    while (*form != '\0') {
        size_t size = strcspn(form, "&");
        const char *equals = memchr(form, '=', size);

        if (equals != NULL) {
            size_t name_size = (size_t)(equals - form);

            wire_put(&message, arena_copy(arena, form, name_size),
                     kit_url_decoded(arena, equals + 1, size - name_size - 1));
        }
        form += size + (form[size] == '&');
    }
    return message;
}

/* name=value joined by '&', with or without the signature. */
struct buf
wire_written(struct arena *arena, const struct wire *message, bool with_signature)
{
    struct buf buf = buf_new(arena, 4096);

    for (size_t i = 0; i < message->count; i++) {
        if (!with_signature && strcmp(message->names[i], "signature") == 0)
            continue;
        buf_text(&buf, buf.size > 0 ? "&" : "");
        buf_text(&buf, message->names[i]);
        buf_text(&buf, "=");
        buf_text(&buf, message->values[i]);
    }
    return buf;
}

static const char *
hash_of(struct arena *arena, const struct wire *message)
{
    struct buf text = wire_written(arena, message, false);
    unsigned char hash[SHA256_DIGEST_LENGTH];

    SHA256((const unsigned char *)text.at, text.size, hash);
    return hex_encode(arena, bytes_of(hash, sizeof(hash)));
}

bool
wire_merchant_signed(const struct pki *pki, struct arena *arena, const struct wire *message)
{
    const char *hash = hash_of(arena, message);
    const char *signature = wire_find(message, "signature");
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    struct bytes raw;
    bool good =
        strcmp(wire_find(message, "certId"), pki->merchant_id) == 0 &&
        base64_decode(arena, signature, strlen(signature), &raw) == OK &&
        EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, X509_get0_pubkey(pki->merchant)) ==
            1 &&
        EVP_DigestVerify(context, raw.at, raw.size, (const unsigned char *)hash, strlen(hash)) == 1;

    EVP_MD_CTX_free(context);
    return good;
}

void
wire_network_sign(const struct pki *pki, struct arena *arena, struct wire *reply)
{
    const char *hash = hash_of(arena, reply);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char raw[512];
    size_t size = sizeof(raw);

    if (EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, pki->leaf_key) == 1 &&
        EVP_DigestSign(context, raw, &size, (const unsigned char *)hash, strlen(hash)) == 1)
        wire_put(reply, "signature", base64_encode(arena, bytes_of(raw, size)));
    EVP_MD_CTX_free(context);
}

/* The part between "key=" and the next '&' or '}' of {k=v&k=v}. */
static const char *
element_of(struct arena *arena, const char *customer, const char *key)
{
    const char *at = strstr(customer, arena_printf(arena, "%s=", key));

    if (at == NULL)
        return "";
    at += strlen(key) + 1;
    return arena_copy(arena, at, strcspn(at, "&}"));
}

static const char *
customer_of(struct arena *arena, const struct wire *request)
{
    const char *encoded = wire_find(request, "customerInfo");
    struct bytes plain;

    if (base64_decode(arena, encoded, strlen(encoded), &plain) != OK)
        return "";
    return arena_copy(arena, plain.at, plain.size);
}

const char *
wire_customer(struct arena *arena, const struct wire *message, const char *key)
{
    return element_of(arena, customer_of(arena, message), key);
}
