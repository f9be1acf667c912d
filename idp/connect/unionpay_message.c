/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/unionpay_message.h"

#include <openssl/sha.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/broken.h"
#include "idp/base/buf.h"
#include "idp/base/text.h"

#define NESTING_MAX 8
#define IDENTITY_MAX_CHARS 20
#define PHONE_CHARS 11
#define CUSTOMER_INFO_MAX_CHARS 1024

void
unionpay_put(struct unionpay_message *message, const char *name, const char *value)
{
    if (text_is_empty(value))
        return;
    for (size_t i = 0; i < message->count; i++) {
        if (text_eq(message->fields[i].name, name)) {
            message->fields[i].value = value;
            return;
        }
    }
    if (message->count == UNIONPAY_FIELDS_MAX)
        broken("a message of ours has at most UNIONPAY_FIELDS_MAX fields");
    message->fields[message->count++] = (struct unionpay_field) { name, value };
}

const char *
unionpay_find(const struct unionpay_message *message, const char *name)
{
    for (size_t i = 0; i < message->count; i++) {
        if (text_eq(message->fields[i].name, name))
            return message->fields[i].value;
    }
    return NULL;
}

/* True when the text can stand inside {k=v&k=v} without being read as something else. */
static bool
is_inert(const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (c < 0x20 || c == 0x7f || strchr("&={}|", c) != NULL)
            return false;
    }
    return true;
}

static bool
is_element(const char *text, size_t max_chars)
{
    return !text_is_empty(text) && text_is_utf8(text, strlen(text)) && is_inert(text) &&
           text_count_chars(text) <= max_chars;
}

enum err
unionpay_customer_info(struct arena *arena, const struct unionpay_customer *customer,
                       const char **out)
{
    const char *plain;
    const char *encoded;

    if (!is_element(customer->name, UNIONPAY_NAME_MAX_CHARS) ||
        !is_element(customer->identity_number, IDENTITY_MAX_CHARS) ||
        !is_element(customer->phone, PHONE_CHARS))
        return ERR_INVALID;
    plain = arena_printf(arena, "{certifTp=01&certifId=%s&customerNm=%s&phoneNo=%s}",
                         customer->identity_number, customer->name, customer->phone);
    encoded = base64_encode(arena, bytes_of_text(plain));
    if (strlen(encoded) > CUSTOMER_INFO_MAX_CHARS)
        return ERR_INVALID;
    *out = encoded;
    return OK;
}

static int
by_name(const void *a, const void *b)
{
    const struct unionpay_field *left = a;
    const struct unionpay_field *right = b;

    return strcmp(left->name, right->name);
}

static const struct unionpay_field *
sorted(struct arena *arena, const struct unionpay_message *message)
{
    size_t size = message->count * sizeof(message->fields[0]);
    struct unionpay_field *fields = arena_alloc(arena, size + 1);

    memcpy(fields, message->fields, size);
    qsort(fields, message->count, sizeof(fields[0]), by_name);
    return fields;
}

const char *
unionpay_string_to_sign(struct arena *arena, const struct unionpay_message *message)
{
    const struct unionpay_field *fields = sorted(arena, message);
    struct buf buf = buf_new(arena, 1024);

    for (size_t i = 0; i < message->count; i++) {
        if (text_eq(fields[i].name, "signature"))
            continue;
        if (buf.size > 0)
            buf_char(&buf, '&');
        buf_text(&buf, fields[i].name);
        buf_char(&buf, '=');
        buf_text(&buf, fields[i].value);
    }
    return buf.at;
}

static const char *
sha256_hex(struct arena *arena, const char *text)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];

    SHA256((const unsigned char *)text, strlen(text), digest);
    return hex_encode(arena, bytes_of(digest, sizeof(digest)));
}

const char *
unionpay_digest(struct arena *arena, const struct unionpay_message *message)
{
    return sha256_hex(arena, unionpay_string_to_sign(arena, message));
}

struct bytes
unionpay_body(struct arena *arena, const struct unionpay_message *message)
{
    const struct unionpay_field *fields = sorted(arena, message);
    struct buf buf = buf_new(arena, 2048);

    for (size_t i = 0; i < message->count; i++) {
        if (i > 0)
            buf_char(&buf, '&');
        buf_text(&buf, fields[i].name);
        buf_char(&buf, '=');
        buf_url(&buf, fields[i].value);
    }
    return buf_view(&buf);
}

/*
 * The end of the pair that starts at `at`: an '&' outside of all brackets, or the end of the text.
 * NULL when brackets do not match or are too deep.
 */
static char *
pair_end(char *at)
{
    char closing[NESTING_MAX];
    size_t depth = 0;

    for (; *at != '\0' && (*at != '&' || depth > 0); at++) {
        if (*at == '{' || *at == '[') {
            if (depth == NESTING_MAX)
                return NULL;
            closing[depth++] = *at == '{' ? '}' : ']';
        } else if (*at == '}' || *at == ']') {
            if (depth == 0 || closing[--depth] != *at)
                return NULL;
        }
    }
    return depth == 0 ? at : NULL;
}

static bool
is_name(const char *text)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

    return *text != '\0' && text[strspn(text, alphabet)] == '\0';
}

static enum err
pair_taken(struct unionpay_message *message, char *pair)
{
    char *equals = strchr(pair, '=');

    if (equals == NULL || message->count == UNIONPAY_FIELDS_MAX)
        return ERR_INVALID;
    *equals = '\0';
    if (!is_name(pair) || unionpay_find(message, pair) != NULL)
        return ERR_INVALID;
    message->fields[message->count++] = (struct unionpay_field) { pair, equals + 1 };
    return OK;
}

enum err
unionpay_parse(struct arena *arena, struct bytes reply, struct unionpay_message *out)
{
    char *at;

    *out = (struct unionpay_message) { 0 };
    if (reply.size == 0 || reply.size > UNIONPAY_REPLY_MAX_BYTES ||
        !text_is_utf8((const char *)reply.at, reply.size))
        return ERR_INVALID;
    at = arena_copy(arena, reply.at, reply.size);
    for (;;) {
        char *end = pair_end(at);
        bool last;

        if (end == NULL)
            return ERR_INVALID;
        last = *end == '\0';
        *end = '\0';
        if (pair_taken(out, at) != OK)
            return ERR_INVALID;
        if (last)
            return OK;
        at = end + 1;
    }
}
