/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The authorization request, checked one step at a time. steps.c holds the matrix: rows are the
 * steps in order, columns the occasions on which they run. A step gives a problem, or makes the
 * answer (a redirect to a page of ours), or lets the next step have a look.
 */
#ifndef PROTOCOLS_OAUTH2_STEPS_STEPS_H
#define PROTOCOLS_OAUTH2_STEPS_STEPS_H

#include "idp/partner/registry.h"
#include "idp/session/session.h"
#include "idp/session/transaction.h"
#include "policies/claims.h"
#include "protocols/http/request.h"

enum occasion {
    OCCASION_REQUEST = 1, /* GET or POST /oauth2/authorize */
    OCCASION_RESUME = 2   /* a page of ours has done its work: /oauth2/authorize/resume */
};

struct authorization {
    struct request *rq;
    const struct partner *partner;
    struct authz authz;
    struct claims_request claims;
    struct session session;
    const struct transaction *tx; /* NULL on OCCASION_REQUEST */
    const char *tx_sealed;
    bool may_redirect; /* partner and redirect URI are known to belong together */
};

/* Runs the column of the matrix and makes the whole answer, error redirects included. */
const struct problem *authorization_run(struct authorization *az, enum occasion occasion);

/* An error for the partner (RFC 6749, 4.1.2.1; RFC 9207), or on a page where
 * it may not be redirected. */
const struct problem *authorization_refuse(struct authorization *az, const struct problem *problem);

/* The way back to the partner: parameters by redirect or by form_post,
 * always with iss and state. */
const struct problem *authorization_answer(struct authorization *az, const char *code,
                                           const struct problem *problem);

/* Send the browser to a page of ours with the transaction (made now if there
 * is none), e.g. "/login". */
const struct problem *authorization_divert(struct authorization *az, const char *path);

/* The steps, one file each. */
const struct problem *step_repeats(struct authorization *az);
const struct problem *step_client(struct authorization *az);
const struct problem *step_redirect_uri(struct authorization *az);
const struct problem *step_bounds(struct authorization *az);
const struct problem *step_response_type(struct authorization *az);
const struct problem *step_response_mode(struct authorization *az);
const struct problem *step_request_object(struct authorization *az);
const struct problem *step_scope(struct authorization *az);
const struct problem *step_pkce(struct authorization *az);
const struct problem *step_nonce(struct authorization *az);
const struct problem *step_prompt(struct authorization *az);
const struct problem *step_max_age(struct authorization *az);
const struct problem *step_claims(struct authorization *az);
const struct problem *step_hints(struct authorization *az);
const struct problem *step_size(struct authorization *az);
const struct problem *step_login(struct authorization *az);
const struct problem *step_level(struct authorization *az);
const struct problem *step_consent(struct authorization *az);
const struct problem *step_code(struct authorization *az);

#endif
