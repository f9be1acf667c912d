/* SPDX-License-Identifier: Apache-2.0 */
/* A partner that does a person's business with her card code (docs/adr/0052): a grant of a quarter of an hour,
 * without a refresh token, that names the partner as who acts for her. It ends with a loss of the card, with the
 * session that showed the code, and with her account. */
#ifndef IDP_CARD_SERVE_H
#define IDP_CARD_SERVE_H

#include "idp/card/scan.h"
#include "idp/tables/grant.h"

#define CARD_SERVE_S 900

struct card_serving {
    struct card_scan *scan; /* begun and looked at */
    const char *scope;
    const char *bound_key; /* as in struct approval */
};

/* The code is spent and the grant begins, in one change. As card_scan_end(), and
 * problem_session_grants_full. */
const struct problem *card_serve(struct ctx *ctx, const struct card_serving *serving,
                                 struct stored_grant *out);

#endif
