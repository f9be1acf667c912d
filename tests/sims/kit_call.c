/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/kit_call.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

#include "idp/base/buf.h"

#define ANSWER_MAX_BYTES (256 << 10)
#define DEADLINE_S 10L

static const char *trusted;

void
call_trust(const char *ca_file)
{
    trusted = ca_file;
}

static size_t
body_taken(char *at, size_t size, size_t count, void *held)
{
    struct buf *body = held;

    if (size * count > ANSWER_MAX_BYTES - body->size)
        return 0;
    buf_bytes(body, at, size * count);
    return size * count;
}

static const char *
url_encoded(struct arena *arena, const char *text)
{
    struct buf out = buf_new(arena, 64);

    buf_url(&out, text);
    return out.at;
}

static void
call_prepare(CURL *curl, struct arena *arena, const struct sim_call *call)
{
    curl_easy_setopt(curl, CURLOPT_URL, call->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, DEADLINE_S);
    if (trusted != NULL)
        curl_easy_setopt(curl, CURLOPT_CAINFO, trusted);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, body_taken);
    if (call->form != NULL)
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->form);
    if (call->user_name != NULL) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, url_encoded(arena, call->user_name));
        curl_easy_setopt(curl, CURLOPT_PASSWORD, url_encoded(arena, call->password));
    }
    if (call->bearer != NULL) {
        curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
        curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, call->bearer);
    }
}

static struct curl_slist *
headers_of(const struct sim_call *call)
{
    struct curl_slist *list = NULL;

    for (size_t i = 0; call->headers != NULL && call->headers[i] != NULL; i++)
        list = curl_slist_append(list, call->headers[i]);
    return list;
}

/* NULL: no answer. */
static const char *
answer_of(struct arena *arena, const struct sim_call *call, long *status)
{
    struct curl_slist *headers = headers_of(call);
    struct buf body = buf_new(arena, 4096);
    CURL *curl = curl_easy_init();
    CURLcode done = CURLE_FAILED_INIT;

    *status = 0;
    if (curl != NULL) {
        call_prepare(curl, arena, call);
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
        done = curl_easy_perform(curl);
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status);
        curl_easy_cleanup(curl);
    }
    curl_slist_free_all(headers);
    return done == CURLE_OK ? body.at : NULL;
}

const char *
call_text(struct arena *arena, const struct sim_call *call)
{
    long status;
    const char *text = answer_of(arena, call, &status);

    return status == 200 ? text : NULL;
}

json_t *
call_json(struct arena *arena, const struct sim_call *call)
{
    const char *text = call_text(arena, call);

    return text != NULL ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
}

json_t *
call_json_any(struct arena *arena, const struct sim_call *call, long *status)
{
    const char *text = answer_of(arena, call, status);

    return text != NULL ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
}

/* What stands behind the name of a header line; NULL: it is another's. */
static const char *
header_value(struct arena *arena, const char *line, size_t size, const char *name)
{
    size_t skip = strlen(name);

    if (size <= skip || strncasecmp(line, name, skip) != 0)
        return NULL;
    while (skip < size && line[skip] == ' ')
        skip++;
    while (size > skip && (line[size - 1] == '\r' || line[size - 1] == '\n'))
        size--;
    return arena_copy(arena, line + skip, size - skip);
}

struct header_hearing {
    struct arena *arena;
    struct sim_led led;
};

static size_t
header_taken(char *at, size_t size, size_t count, void *held)
{
    struct header_hearing *hearing = held;
    const char *location = header_value(hearing->arena, at, size * count, "Location:");
    const char *cookie = header_value(hearing->arena, at, size * count, "Set-Cookie:");

    if (location != NULL)
        hearing->led.location = location;
    if (cookie != NULL && hearing->led.cookie == NULL)
        hearing->led.cookie = cookie;
    return size * count;
}

struct sim_led
call_led(struct arena *arena, const struct sim_call *call)
{
    struct header_hearing hearing = { .arena = arena };
    struct curl_slist *headers = headers_of(call);
    struct buf body = buf_new(arena, 4096);
    CURL *curl = curl_easy_init();

    if (curl != NULL) {
        call_prepare(curl, arena, call);
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
        curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, header_taken);
        curl_easy_setopt(curl, CURLOPT_HEADERDATA, &hearing);
        if (curl_easy_perform(curl) == CURLE_OK)
            curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &hearing.led.status);
        curl_easy_cleanup(curl);
    }
    curl_slist_free_all(headers);
    return hearing.led;
}
