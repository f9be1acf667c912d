/* SPDX-License-Identifier: Apache-2.0 */
/* What the metrics say of requests: by route and status class, and by the problem they ended with. */
#ifndef IDP_SERVER_ENGINE_TALLY_H
#define IDP_SERVER_ENGINE_TALLY_H

#include "protocols/routes.h"

struct request_tally;

/* One series a route of the table and class, none for anything that a client makes up. NULL without
 * memory. */
struct request_tally *tally_new(const struct route *routes);
void tally_free(struct request_tally *tally);

/* The request is answered. */
void tally_request(const struct request_tally *tally, const struct request *rq, int64_t elapsed_us);

#endif
