/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/kit_uplink.h"

#include <curl/curl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/bytes.h"
#include "idp/base/emit.h"
#include "idp/base/env.h"
#include "idp/base/text.h"

#define SCHEME "SMS-UPLINK-HMAC-SHA256"
#define DEADLINE_S 10L
#define BEIJING_OFFSET_S (8 * 3600)

static const char *
body_of(struct arena *arena, const char *phone, const char *content, unix_s now)
{
    const char *beijing = time_rfc3339(arena, now + BEIJING_OFFSET_S);
    struct buf body = buf_new(arena, 512);

    emit_array(&body, NULL);
    emit_object(&body, NULL);
    emit_text(&body, "phone_number", phone);
    emit_text(&body, "content", content);
    emit_text(&body, "send_time", arena_printf(arena, "%.10s %.8s", beijing, beijing + 11));
    emit_text(&body, "sign_name", "Tongxing");
    emit_text(&body, "dest_code", "1069000012333");
    emit_int(&body, "sequence_id", now);
    emit_object_end(&body);
    emit_array_end(&body);
    return body.at;
}

static const char *
authorization_of(struct arena *arena, const char *secret, const char *body, unix_s now)
{
    unsigned char random[16];
    unsigned char hash[SHA256_DIGEST_LENGTH];
    unsigned char mac[SHA256_DIGEST_LENGTH];
    const char *nonce;
    const char *text;

    RAND_bytes(random, sizeof(random));
    nonce = hex_encode(arena, bytes_of(random, sizeof(random)));
    SHA256((const unsigned char *)body, strlen(body), hash);
    text = arena_printf(arena, SCHEME "\n%lld\n%s\n%s", (long long)now, nonce,
                        hex_encode(arena, bytes_of(hash, sizeof(hash))));
    HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)text, strlen(text), mac,
         NULL);
    return arena_printf(arena, "Authorization: " SCHEME " Timestamp=%lld,Nonce=%s,Signature=%s",
                        (long long)now, nonce, hex_encode(arena, bytes_of(mac, sizeof(mac))));
}

static size_t
dropped(char *at, size_t size, size_t count, void *held)
{
    (void)at;
    (void)held;
    return size * count;
}

int
kit_uplink_send(const struct kit_uplink *uplink, struct arena *arena, const char *phone,
                const char *content)
{
    unix_s now = env_now(env_machine());
    const char *body = body_of(arena, phone, content, now);
    struct curl_slist *headers = NULL;
    CURL *curl = curl_easy_init();
    long status = 0;

    if (curl == NULL || text_is_empty(uplink->url))
        return 0;
    headers = curl_slist_append(headers, "Content-Type: application/json");
    headers = curl_slist_append(headers, authorization_of(arena, uplink->secret, body, now));
    curl_easy_setopt(curl, CURLOPT_URL, uplink->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, DEADLINE_S);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, dropped);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L); /* on this machine alone */
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    if (curl_easy_perform(curl) == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return (int)status;
}
