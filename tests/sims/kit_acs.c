/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/kit_acs.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/text.h"

static void
hex_sha256(const void *at, size_t size, char out[static 65])
{
    unsigned char hash[SHA256_DIGEST_LENGTH];

    SHA256(at, size, hash);
    for (int i = 0; i < SHA256_DIGEST_LENGTH; i++)
        snprintf(out + 2 * i, 3, "%02x", hash[i]);
}

/* One line "name:value" for each name of the list "a;b;c". */
static void
headers_put(struct buf *buf, const struct kit_request *request, const char *list)
{
    while (*list != '\0') {
        size_t size = strcspn(list, ";");
        const char *name = arena_copy(request->arena, list, size);
        const char *value = kit_header(request, name);

        buf_text(buf, name);
        buf_text(buf, ":");
        buf_text(buf, value != NULL ? value : "");
        buf_text(buf, "\n");
        list += size + (list[size] == ';');
    }
}

const char *
kit_acs_part(const struct kit_request *request, const char *name)
{
    const char *header = kit_header(request, "Authorization");
    const char *at = header != NULL ? strstr(header, name) : NULL;

    if (at == NULL || !text_starts(header, "ACS3-HMAC-SHA256 "))
        return "";
    at += strlen(name);
    return arena_copy(request->arena, at, strcspn(at, ","));
}

static int
by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The caller's pairs as sent, put in order. */
static void
query_put(struct buf *buf, const struct kit_request *request)
{
    const char *pairs[32];
    size_t count = 0;

    for (const char *at = request->query; *at != '\0' && count < 32;) {
        size_t size = strcspn(at, "&");

        pairs[count++] = arena_copy(request->arena, at, size);
        at += size + (at[size] == '&');
    }
    qsort(pairs, count, sizeof(pairs[0]), by_text);
    for (size_t i = 0; i < count; i++) {
        buf_text(buf, i > 0 ? "&" : "");
        buf_text(buf, pairs[i]);
    }
}

bool
kit_acs_signature_holds(const struct kit_request *request, const char *secret)
{
    const char *names = kit_acs_part(request, "SignedHeaders=");
    struct buf canonical = buf_new(request->arena, 1024);
    char hash[65];
    unsigned char mac[32];
    const char *text;

    hex_sha256(request->body.at, request->body.size, hash);
    if (!text_eq(kit_header(request, "x-acs-content-sha256"), hash))
        return false;
    buf_text(&canonical, arena_printf(request->arena, "%s\n%s\n", request->method, request->path));
    query_put(&canonical, request);
    buf_text(&canonical, "\n");
    headers_put(&canonical, request, names);
    buf_text(&canonical, arena_printf(request->arena, "\n%s\n%s", names, hash));
    hex_sha256(canonical.at, canonical.size, hash);
    text = arena_printf(request->arena, "ACS3-HMAC-SHA256\n%s", hash);
    HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)text, strlen(text), mac,
         NULL);
    return text_eq(hex_encode(request->arena, bytes_of(mac, sizeof(mac))),
                   kit_acs_part(request, "Signature="));
}

bool
kit_acs_covers_all(const struct kit_request *request)
{
    static const char *const must[] = {
        "host",       "x-acs-action",          "x-acs-content-sha256",
        "x-acs-date", "x-acs-signature-nonce", "x-acs-version"
    };
    const char *names =
        arena_printf(request->arena, ";%s;", kit_acs_part(request, "SignedHeaders="));

    for (size_t i = 0; i < sizeof(must) / sizeof(must[0]); i++) {
        if (kit_header(request, must[i]) == NULL ||
            strstr(names, arena_printf(request->arena, ";%s;", must[i])) == NULL)
            return false;
    }
    return true;
}
