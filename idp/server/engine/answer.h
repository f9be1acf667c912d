/* SPDX-License-Identifier: Apache-2.0 */
/* From struct response to what libmicrohttpd sends. */
#ifndef IDP_SERVER_ENGINE_ANSWER_H
#define IDP_SERVER_ENGINE_ANSWER_H

#include <microhttpd.h>

#include "protocols/http/request.h"

/*
 * Queue rq->response. Its body and headers must live until the request is completed. With `close`
 * the connection ends behind it. A prepared answer (documents.h) is sent from this thread's own
 * copy of its MHD_Response, so that threads share not even a reference count; it carries no
 * X-Request-Id.
 */
enum MHD_Result answer_queue(struct MHD_Connection *mhd, const struct request *rq, bool close);

#endif
