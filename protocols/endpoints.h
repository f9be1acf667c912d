/* SPDX-License-Identifier: Apache-2.0 */
/* One prototype per endpoint; routes.c says where each stands. */
#ifndef PROTOCOLS_ENDPOINTS_H
#define PROTOCOLS_ENDPOINTS_H

#include "protocols/http/request.h"

const struct problem *endpoint_health(struct request *rq);
const struct problem *endpoint_metrics(struct request *rq);
const struct problem *endpoint_ready(struct request *rq);

#endif
