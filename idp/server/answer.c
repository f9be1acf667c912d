/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/answer.h"

#include <pthread.h>
#include <stdlib.h>

#include "protocols/http/documents.h"
#include "protocols/http/respond.h"

#define SLOTS 64

/* The prepared answers that this thread has sent before, by document id. */
struct slot {
    uint64_t id;
    struct MHD_Response *whole;
    struct MHD_Response *not_modified;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;

static void
slot_empty(struct slot *slot)
{
    if (slot->whole != NULL)
        MHD_destroy_response(slot->whole);
    if (slot->not_modified != NULL)
        MHD_destroy_response(slot->not_modified);
    *slot = (struct slot) { 0 };
}

static void
slots_free(void *at)
{
    struct slot *slots = at;

    for (size_t i = 0; i < SLOTS; i++)
        slot_empty(&slots[i]);
    free(slots);
}

static void
key_make(void)
{
    if (pthread_key_create(&key, slots_free) != 0)
        abort();
}

static struct slot *
slots_get(void)
{
    struct slot *slots;

    pthread_once(&once, key_make);
    slots = pthread_getspecific(key);
    if (slots == NULL) {
        slots = calloc(SLOTS, sizeof(*slots));
        if (slots == NULL || pthread_setspecific(key, slots) != 0)
            abort();
    }
    return slots;
}

/* MHD does not write to the body of a persistent answer, though it takes it without const. */
static struct MHD_Response *
response_of(struct bytes body)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        body.size, (void *)(uintptr_t)body.at, MHD_RESPMEM_PERSISTENT);

    if (response == NULL)
        abort();
    return response;
}

static struct MHD_Response *
document_response(const struct document *document, struct bytes body,
                  const struct settings *settings)
{
    struct MHD_Response *response = response_of(body);
    struct header secure[SECURITY_HEADERS_MAX];
    size_t count = security_headers(settings, secure);

    for (size_t i = 0; i < count; i++)
        MHD_add_response_header(response, secure[i].name, secure[i].value);
    MHD_add_response_header(response, "Content-Type", document->content_type);
    MHD_add_response_header(response, "Cache-Control", document->cache_control);
    MHD_add_response_header(response, "ETag", document->etag);
    if (document->open_to_scripts)
        MHD_add_response_header(response, "Access-Control-Allow-Origin", "*");
    return response;
}

static struct slot *
slot_of(const struct document *document, const struct settings *settings)
{
    struct slot *slot = &slots_get()[document->id % SLOTS];

    if (slot->id == document->id)
        return slot;
    slot_empty(slot);
    slot->id = document->id;
    slot->whole = document_response(document, document->body, settings);
    slot->not_modified = document_response(document, (struct bytes) { 0 }, settings);
    return slot;
}

static enum MHD_Result
document_queue(struct MHD_Connection *mhd, const struct request *rq)
{
    const struct slot *slot = slot_of(rq->response.document, rq->ctx->settings);
    bool whole = rq->response.status == 200;

    return MHD_queue_response(mhd, (unsigned)rq->response.status,
                              whole ? slot->whole : slot->not_modified);
}

/* A prepared answer with something of its own: made once, not kept. */
static struct MHD_Response *
closing_document(const struct request *rq)
{
    const struct document *document = rq->response.document;
    bool whole = rq->response.status == 200;

    return document_response(document, whole ? document->body : (struct bytes) { 0 },
                             rq->ctx->settings);
}

static struct MHD_Response *
response_make(const struct request *rq)
{
    const struct response *made = &rq->response;
    struct MHD_Response *response = response_of(made->body);

    for (size_t i = 0; i < made->header_count; i++)
        MHD_add_response_header(response, made->headers[i].name, made->headers[i].value);
    return response;
}

enum MHD_Result
answer_queue(struct MHD_Connection *mhd, const struct request *rq, bool close)
{
    const bool prepared = rq->response.document != NULL;
    struct MHD_Response *response;
    enum MHD_Result result;

    if (prepared && !close)
        return document_queue(mhd, rq);
    response = prepared ? closing_document(rq) : response_make(rq);
    MHD_add_response_header(response, "X-Request-Id", rq->ctx->request_id);
    if (close)
        MHD_add_response_header(response, "Connection", "close");
    result = MHD_queue_response(mhd, (unsigned)rq->response.status, response);
    MHD_destroy_response(response);
    return result;
}
