/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/engine/answer.h"

#include <pthread.h>
#include <stdlib.h>

#include "idp/base/broken.h"
#include "idp/base/unwind.h"
#include "protocols/http/documents.h"
#include "protocols/http/respond.h"

#define SLOTS 64

/* The prepared answers that this thread has sent before, by document id. */
struct answer_slot {
    uint64_t id;
    struct MHD_Response *whole;
    struct MHD_Response *not_modified;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;

static void
slot_empty(struct answer_slot *slot)
{
    if (slot->whole != NULL)
        MHD_destroy_response(slot->whole);
    if (slot->not_modified != NULL)
        MHD_destroy_response(slot->not_modified);
    *slot = (struct answer_slot) { 0 };
}

static void
slots_free(void *at)
{
    struct answer_slot *slots = at;

    for (size_t i = 0; i < SLOTS; i++)
        slot_empty(&slots[i]);
    free(slots);
}

static void
key_make(void)
{
    if (pthread_key_create(&key, slots_free) != 0)
        broken("a process of ours has a thread key left");
}

static struct answer_slot *
slots_get(void)
{
    struct answer_slot *slots;

    pthread_once(&once, key_make);
    slots = pthread_getspecific(key);
    if (slots == NULL) {
        slots = memory_new(SLOTS * sizeof(*slots));
        if (pthread_setspecific(key, slots) != 0) {
            free(slots);
            unwind(ERR_UNAVAILABLE);
        }
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
        unwind(ERR_UNAVAILABLE);
    return response;
}

static void
response_release(void *response)
{
    MHD_destroy_response(response);
}

/* An answer without one of its headers would be another answer. */
static void
header_add(struct MHD_Response *response, const char *name, const char *value)
{
    if (MHD_add_response_header(response, name, value) != MHD_YES)
        unwind(ERR_UNAVAILABLE);
}

static struct MHD_Response *
document_response(const struct document *document, struct bytes body,
                  const struct settings *settings)
{
    struct MHD_Response *response = response_of(body);
    struct header secure[SECURITY_HEADERS_MAX];
    size_t count = security_headers(settings, secure);
    struct held held;

    hold_begin(&held, response_release, response);
    for (size_t i = 0; i < count; i++)
        header_add(response, secure[i].name, secure[i].value);
    header_add(response, "Content-Type", document->content_type);
    header_add(response, "Cache-Control", document->cache_control);
    header_add(response, "ETag", document->etag);
    if (document->open_to_scripts)
        header_add(response, "Access-Control-Allow-Origin", "*");
    hold_end(&held);
    return response;
}

static struct answer_slot *
slot_of(const struct document *document, const struct settings *settings)
{
    struct answer_slot *slot = &slots_get()[document->id % SLOTS];

    if (slot->id == document->id)
        return slot;
    slot_empty(slot);
    slot->whole = document_response(document, document->body, settings);
    slot->not_modified = document_response(document, (struct bytes) { 0 }, settings);
    slot->id = document->id;
    return slot;
}

static enum MHD_Result
document_queue(struct MHD_Connection *mhd, const struct request *rq)
{
    const struct answer_slot *slot = slot_of(rq->response.document, rq->ctx->settings);
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

    struct held held;

    hold_begin(&held, response_release, response);
    for (size_t i = 0; i < made->header_count; i++)
        header_add(response, made->headers[i].name, made->headers[i].value);
    header_add(response, "X-Request-Id", rq->ctx->request_id);
    hold_end(&held);
    return response;
}

enum MHD_Result
answer_queue(struct MHD_Connection *mhd, const struct request *rq, bool close)
{
    const bool prepared = rq->response.document != NULL;
    struct MHD_Response *response;
    enum MHD_Result result;
    struct held held;

    if (prepared && !close)
        return document_queue(mhd, rq);
    response = prepared ? closing_document(rq) : response_make(rq);
    hold_begin(&held, response_release, response);
    if (close)
        header_add(response, "Connection", "close");
    result = MHD_queue_response(mhd, (unsigned)rq->response.status, response);
    hold_release(&held);
    return result;
}
