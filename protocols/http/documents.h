/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prepared answers: bytes that are the same for everybody (discovery, JWKS, style sheet). The HTTP
 * engine keeps one persistent response for each and sends it many times; a new version has a new
 * `id`.
 */
#ifndef PROTOCOLS_HTTP_DOCUMENTS_H
#define PROTOCOLS_HTTP_DOCUMENTS_H

#include <stdint.h>

#include "idp/base/bytes.h"
#include "protocols/http/request.h"

struct document {
    uint64_t id; /* process-wide, never used again */
    const char *content_type;
    const char *cache_control;
    const char *etag;
    bool open_to_scripts; /* Access-Control-Allow-Origin: * */
    struct bytes body;
};

/* A copy of all that is given; lives until the process ends, because answers
 * under way may point to it. */
const struct document *document_new(const char *content_type, const char *cache_control,
                                    bool open_to_scripts, struct bytes body);

/* Answer with it: 200, or 304 when If-None-Match names its etag. */
const struct problem *respond_document(struct request *rq, const struct document *document);

#endif
