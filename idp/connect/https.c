/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/https.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/log.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "idp/connect/address.h"

#define CONNECT_DEADLINE_S 5
#define USER_AGENT "tongxing/" TONGXING_VERSION

/*
 * One thread's kept connections. The two trusts never share one: a connection that the operator's
 * word opened to an inner address must not carry a partner's call past the guard.
 */
struct handles {
    CURL *of[2];
};

struct https {
    const struct settings *settings;
    _Atomic(bool) cut;
    pthread_key_t handles;
};

/* One call under way, as the callbacks see it. */
struct https_call {
    const struct https *https;
    const struct https_request *request;
    const char *host; /* for logs, where the whole address could say too much */
    bool plain;       /* http */
    bool oversize;
    struct buf body;
    struct curl_slist *headers;
};

/* What the URL says, in libcurl's own reading, so that judge and caller never differ. */
struct url_place {
    char *scheme;
    char *host;
    bool user_named;
};

static void
handles_free(void *held)
{
    struct handles *handles = held;

    curl_easy_cleanup(handles->of[0]);
    curl_easy_cleanup(handles->of[1]);
    free(handles);
}

struct https *
https_new(const struct settings *settings)
{
    struct https *https = calloc(1, sizeof(*https));

    if (https == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(https);
        return NULL;
    }
    https->settings = settings;
    if (pthread_key_create(&https->handles, handles_free) != 0) {
        curl_global_cleanup();
        free(https);
        return NULL;
    }
    return https;
}

void
https_free(struct https *https)
{
    struct handles *handles;

    if (https == NULL)
        return;
    handles = pthread_getspecific(https->handles);
    if (handles != NULL)
        handles_free(handles);
    pthread_key_delete(https->handles);
    curl_global_cleanup();
    free(https);
}

void
https_cut(struct https *https)
{
    https->cut = true;
}

/*
 * This thread's handle with all options back to their defaults; NULL when there is no memory for
 * one.
 */
static CURL *
handle_for(struct https *https, enum https_trust trust)
{
    struct handles *handles = pthread_getspecific(https->handles);

    if (handles == NULL) {
        handles = calloc(1, sizeof(*handles));
        if (handles == NULL || pthread_setspecific(https->handles, handles) != 0) {
            free(handles);
            return NULL;
        }
    }
    if (handles->of[trust] == NULL)
        handles->of[trust] = curl_easy_init();
    else
        curl_easy_reset(handles->of[trust]);
    return handles->of[trust];
}

static bool
place_read(const char *url, struct url_place *out)
{
    CURLU *parts = curl_url();
    char *user = NULL;
    bool read;

    *out = (struct url_place) { 0 };
    read = parts != NULL &&
           curl_url_set(parts, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
           curl_url_get(parts, CURLUPART_SCHEME, &out->scheme, 0) == CURLUE_OK &&
           curl_url_get(parts, CURLUPART_HOST, &out->host, 0) == CURLUE_OK;
    out->user_named = read && curl_url_get(parts, CURLUPART_USER, &user, 0) == CURLUE_OK;
    curl_free(user);
    curl_url_cleanup(parts);
    return read;
}

static void
place_release(void *read)
{
    struct url_place *place = read;

    curl_free(place->scheme);
    curl_free(place->host);
}

/* A literal is judged by its kind; a name that always means this machine
 * is as good as a literal. */
static enum address_kind
host_kind(const char *host)
{
    enum address_kind kind;
    char bare[64];
    size_t size = strlen(host);

    if (host[0] == '[') {
        if (size - 2 >= sizeof(bare))
            return ADDRESS_INNER;
        memcpy(bare, host + 1, size - 2);
        bare[size - 2] = '\0';
        return address_parse(bare, &kind) ? kind : ADDRESS_INNER;
    }
    if (address_parse(host, &kind))
        return kind;
    if (text_eq_ignoring_case(host, "localhost") || text_eq_ignoring_case(host, "localhost."))
        return ADDRESS_LOOPBACK;
    return ADDRESS_PUBLIC; /* until it is resolved */
}

static bool
kind_allowed(const struct https *https, enum address_kind kind, bool plain)
{
    if (kind == ADDRESS_LOOPBACK)
        return https->settings->outbound.allow_loopback;
    return kind == ADDRESS_PUBLIC && !plain;
}

static bool
place_allowed(const struct https *https, const struct url_place *place)
{
    bool plain = text_eq(place->scheme, "http");

    if (place->user_named || (!plain && !text_eq(place->scheme, "https")))
        return false;
    return kind_allowed(https, host_kind(place->host), plain);
}

static void
refusal_logged(const struct https_call *call, const struct sockaddr *address)
{
    const struct sockaddr_in *in4 = (const void *)address;
    const struct sockaddr_in6 *in6 = (const void *)address;
    char text[INET6_ADDRSTRLEN] = "";

    if (address->sa_family == AF_INET)
        inet_ntop(AF_INET, &in4->sin_addr, text, sizeof(text));
    else if (address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof(text));
    log_line(LOG_WARN, "outbound.refused", log_text("host", call->host), log_text("address", text));
}

/* libcurl asks here with the address it is about to connect to, after the name was resolved. */
static curl_socket_t
socket_opened(void *held, curlsocktype purpose, struct curl_sockaddr *address)
{
    const struct https_call *call = held;

    (void)purpose;
    if (call->request->trust != TRUST_CONFIGURED &&
        !kind_allowed(call->https, address_kind_of(&address->addr), call->plain)) {
        refusal_logged(call, &address->addr);
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

struct piece {
    struct https_call *call;
    const char *at;
    size_t size;
};

static void
body_add(void *state)
{
    struct piece *piece = state;

    buf_bytes(&piece->call->body, piece->at, piece->size);
}

/* Called by libcurl, which must not be jumped over. */
static size_t
body_received(char *at, size_t one, size_t size, void *held)
{
    struct https_call *call = held;

    (void)one;
    if (size > call->request->max_answer_bytes - call->body.size) {
        call->oversize = true;
        return 0;
    }
    return unwind_run(body_add, &(struct piece) { call, at, size }) == OK ? size : 0;
}

/* libcurl asks about once a second, also when nothing comes. */
static int
is_cut(void *held, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct https_call *call = held;

    (void)a, (void)b, (void)c, (void)d;
    return call->https->cut;
}

static struct curl_slist *
header_list(struct arena *arena, const struct https_request *request)
{
    const char *content_type = arena_printf(
        arena, "Content-Type: %s", request->content_type != NULL ? request->content_type : "");
    const char *traceparent = arena_printf(
        arena, "traceparent: %s", request->traceparent != NULL ? request->traceparent : "");
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");

    if (request->content_type != NULL)
        list = curl_slist_append(list, content_type);
    if (request->traceparent != NULL)
        list = curl_slist_append(list, traceparent);
    for (size_t i = 0; request->headers != NULL && request->headers[i] != NULL; i++)
        list = curl_slist_append(list, request->headers[i]);
    return list;
}

static void
limits_set(CURL *curl, const struct https_call *call)
{
    const struct https_request *request = call->request;
    long deadline_s =
        request->deadline_s > 0 ? (long)request->deadline_s : 1; /* 0 would mean never */

    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, call->plain ? "http" : "https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, deadline_s);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT,
                     deadline_s < CONNECT_DEADLINE_S ? deadline_s : (long)CONNECT_DEADLINE_S);
    curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)request->max_answer_bytes);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, socket_opened);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, call);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_cut);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, call);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    /*
     * CAINFO stands in for the system's bundle file; the system's folder of certificates is still
     * looked in.
     */
    if (!text_is_empty(call->https->settings->outbound.ca_file))
        curl_easy_setopt(curl, CURLOPT_CAINFO, call->https->settings->outbound.ca_file);
}

static void
request_set(CURL *curl, struct https_call *call)
{
    const struct https_request *request = call->request;

    curl_easy_setopt(curl, CURLOPT_URL, request->url);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, USER_AGENT);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, call->headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, body_received);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, call);
    if (text_eq(request->method, "POST")) {
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.size);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS,
                         request->body.size > 0 ? (const char *)request->body.at : "");
    }
}

static enum err
failure_named(CURL *curl, const struct https_call *call, CURLcode code)
{
    long sent_bytes = 0;

    log_line(LOG_WARN, "outbound.failed", log_text("host", call->host),
             log_text("reason", curl_easy_strerror(code)));
    if (call->oversize || code == CURLE_FILESIZE_EXCEEDED)
        return ERR_INVALID;
    curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &sent_bytes);
    return sent_bytes > 0 ? ERR_UNKNOWN : ERR_UNAVAILABLE;
}

static void
answer_take(CURL *curl, struct arena *arena, const struct https_call *call,
            struct https_answer *out)
{
    const char *content_type = NULL;
    long status = 0;

    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &content_type);
    *out = (struct https_answer) {
        .status = (int)status,
        .content_type = arena_text(arena, content_type != NULL ? content_type : ""),
        .body = buf_view(&call->body),
    };
}

static enum err
call_run(struct https_call *call, CURL *curl, struct arena *arena, struct https_answer *out)
{
    CURLcode code;

    call->body = buf_new(arena, 2048);
    call->headers = header_list(arena, call->request);
    limits_set(curl, call);
    request_set(curl, call);
    code = curl_easy_perform(curl);
    curl_slist_free_all(call->headers);
    if (code != CURLE_OK)
        return failure_named(curl, call, code);
    answer_take(curl, arena, call, out);
    return OK;
}

/* Fills in what the address says; false when it is none, or not one for this trust. */
static bool
is_admitted(struct https_call *call, struct arena *arena)
{
    struct url_place place;
    struct held held;
    bool admitted =
        place_read(call->request->url, &place) &&
        (call->request->trust == TRUST_CONFIGURED || place_allowed(call->https, &place));

    hold_begin(&held, place_release, &place);
    call->host = arena_text(arena, place.host != NULL ? place.host : "");
    call->plain = text_eq(place.scheme, "http");
    hold_release(&held);
    return admitted;
}

enum err
https_call(struct https *https, struct arena *arena, const struct https_request *request,
           struct https_answer *out)
{
    struct https_call call = { .https = https, .request = request };
    CURL *curl = handle_for(https, request->trust);

    if (https->cut)
        return ERR_UNAVAILABLE;
    if (!is_admitted(&call, arena)) {
        log_line(LOG_WARN, "outbound.refused", log_text("host", call.host));
        return ERR_UNAVAILABLE;
    }
    return curl != NULL ? call_run(&call, curl, arena, out) : ERR_UNAVAILABLE;
}

char *
https_host_header(const char *url)
{
    CURLU *parts = curl_url();
    char *host = NULL;
    char *port = NULL;
    char *joined = NULL;

    if (parts != NULL && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
        bool named = curl_url_get(parts, CURLUPART_PORT, &port, CURLU_NO_DEFAULT_PORT) == CURLUE_OK;

        if (asprintf(&joined, "%s%s%s", host, named ? ":" : "", named ? port : "") < 0)
            joined = NULL;
    }
    curl_free(host);
    curl_free(port);
    curl_url_cleanup(parts);
    return joined;
}

void
https_form_put(struct buf *out, const char *name, const char *value)
{
    if (out->size > 0)
        buf_char(out, '&');
    buf_text(out, name);
    buf_char(out, '=');
    buf_url(out, value);
}
