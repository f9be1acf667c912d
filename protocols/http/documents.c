/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/http/documents.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <string.h>

#include "idp/base/text.h"
#include "idp/base/unwind.h"

/* Guards the memory of all documents; taken when one is made, never when one is sent. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct arena *memory;
static uint64_t last_id;

#define MEMORY_LIMIT (256U << 20)

/* A strong validator: the first 96 bits of the body's SHA-256. */
static const char *
etag_of(struct arena *arena, struct bytes body)
{
    uint8_t digest[32] = { 0 };

    EVP_Digest(body.at, body.size, digest, NULL, EVP_sha256(), NULL);
    return arena_printf(arena, "\"%s\"", base64url_encode(arena, bytes_of(digest, 12)));
}

static struct document *
document_make(const char *content_type, const char *cache_control, struct bytes body)
{
    struct document *document;

    if (memory == NULL)
        memory = arena_new(MEMORY_LIMIT);
    document = arena_alloc(memory, sizeof(*document));
    document->id = ++last_id;
    document->content_type = arena_text(memory, content_type);
    document->cache_control = arena_text(memory, cache_control);
    document->etag = etag_of(memory, body);
    document->body = bytes_of(arena_copy(memory, body.at, body.size), body.size);
    return document;
}

static void
unlock(void *mutex)
{
    pthread_mutex_unlock(mutex);
}

const struct document *
document_new(const char *content_type, const char *cache_control, bool open_to_scripts,
             struct bytes body)
{
    struct document *document;
    struct held held;

    pthread_mutex_lock(&lock);
    hold_begin(&held, unlock, &lock);
    document = document_make(content_type, cache_control, body);
    hold_release(&held);
    document->open_to_scripts = open_to_scripts;
    return document;
}

/* If-None-Match compares weakly (RFC 9110, 13.1.2): W/ makes no difference. */
static bool
etag_is_listed(const char *list, const char *etag)
{
    size_t size = strlen(etag);

    while (*list != '\0') {
        list += strspn(list, " \t,");
        if (*list == '*')
            return true;
        if (text_starts(list, "W/"))
            list += 2;
        if (strncmp(list, etag, size) == 0)
            return true;
        list += strcspn(list, ",");
    }
    return false;
}

const struct problem *
respond_document(struct request *rq, const struct document *document)
{
    const char *known = rq->headers.if_none_match;

    rq->response.document = document;
    rq->response.status = known != NULL && etag_is_listed(known, document->etag) ? 304 : 200;
    return NULL;
}
