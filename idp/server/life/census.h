/* SPDX-License-Identifier: Apache-2.0 */
/* What one node counts in the store for all, as metrics: live sessions, deliveries that wait. */
#ifndef IDP_SERVER_LIFE_CENSUS_H
#define IDP_SERVER_LIFE_CENSUS_H

#include "idp/context/ctx.h"

#define CENSUS_EVERY_S 60

/* Counted no further than the metrics' descriptions say. What it tells is left out again when nobody
 * has counted for a while, so that the node that counted before does not go on telling it. */
must_check enum err census_take(struct ctx *ctx);

#endif
