/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The authorization request, checked one step at a time. steps.c holds the matrix: rows are the
 * steps in order, columns the occasions on which they run. A step gives a problem, or makes the
 * answer (a redirect to a page of ours), or leaves the request to the next step. Steps read the
 * parameters through asked() alone, whichever way the request came.
 */
#ifndef PROTOCOLS_OAUTH2_STEPS_STEPS_H
#define PROTOCOLS_OAUTH2_STEPS_STEPS_H

#include "idp/partner/registry.h"
#include "idp/session/session.h"
#include "policies/claims.h"
#include "protocols/flow/flow.h"
#include "protocols/http/request.h"

struct authorization;

/* An occasion: a column of the matrix, and how it says no. */
struct occasion {
    unsigned bit;
    const struct problem *(*refuse)(struct authorization *az, const struct problem *problem);
};

extern const struct occasion occasion_request; /* GET or POST /oauth2/authorize */
extern const struct occasion occasion_resume;  /* back from our pages: /oauth2/authorize/resume */
extern const struct occasion occasion_anew;    /* the same, too late: as if it were asked now */
/* At the listener of staff (docs/adr/0061): */
extern const struct occasion occasion_enter;   /* handed over from the first of these */
extern const struct occasion occasion_entered; /* back from their pages */

struct authorization {
    struct request *rq;
    struct params asked;
    struct flow flow; /* `sealed` is NULL until a page of ours is needed */

    /* What the steps have found. */
    const struct partner *partner;
    bool may_redirect; /* partner and redirect URI are known to belong together */
    const char *response_mode;
    const char *state;  /* of a request object that is refused; NULL: the parameter */
    const char *scope;  /* as granted: policies/claim_rule.h */
    const char *prompt; /* "" when not asked */
    int64_t max_age;    /* seconds; -1: not asked */
    struct claims_request claims;
    struct session session;
};

/* A parameter of the request. NULL when absent or empty. */
const char *asked(const struct authorization *az, const char *name);

/* Read the request from its query or form. */
void asked_of_request(struct authorization *az);

/* Runs the column of the matrix and makes the whole answer, refusals included. */
const struct problem *authorization_run(struct authorization *az, const struct occasion *occasion);

/* The same for one that came back too late. Nothing that was judged, proven or shown stands; whom the
 * partner's hint named is of the request. */
const struct problem *authorization_anew(struct authorization *az, const struct occasion *occasion);

/* A refusal for the partner (RFC 6749, 4.1.2.1; RFC 9207), or on a page where it may not be
 * redirected. */
const struct problem *authorization_refuse(struct authorization *az, const struct problem *problem);

/*
 * Sends the browser back to the partner with these parameters, by redirect or by form_post, always
 * with iss and state.
 */
const struct problem *authorization_answer(struct authorization *az, const char *code,
                                           const struct problem *problem);

/* Send the browser to a page of ours, e.g. "/login", with the transaction (begun now if there is
 * none). The page's outcome is read when it comes back. */
const struct problem *authorization_divert(struct authorization *az, const char *path);

/* Does prompt forbid to show her anything? */
bool authorization_is_silent(const struct authorization *az);

/* Whoever is there when the request begins. Later: was she asked again since? Only then is prompt=login
 * or an old login satisfied. */
void login_note(struct authorization *az);
bool logged_in_since(const struct authorization *az);
bool login_is_recent(const struct authorization *az);

/* By an id_token_hint, or by a value for sub in the claims parameter (Core, 5.5.1). */
bool is_the_hinted_subject(const struct authorization *az);

/* The steps, one file each. */
const struct problem *step_repeats(struct authorization *az);
const struct problem *step_client(struct authorization *az);
const struct problem *step_redirect_uri(struct authorization *az);
const struct problem *step_outcome(struct authorization *az);
const struct problem *step_bounds(struct authorization *az);
const struct problem *step_response_type(struct authorization *az);
const struct problem *step_response_mode(struct authorization *az);
const struct problem *step_request_object(struct authorization *az);
const struct problem *step_scope(struct authorization *az);
const struct problem *step_pkce(struct authorization *az);
const struct problem *step_dpop(struct authorization *az);
const struct problem *step_prompt(struct authorization *az);
const struct problem *step_max_age(struct authorization *az);
const struct problem *step_claims(struct authorization *az);
const struct problem *step_hints(struct authorization *az);
const struct problem *step_size(struct authorization *az);
const struct problem *step_hand_over(struct authorization *az);
const struct problem *step_login(struct authorization *az);
const struct problem *step_sitting(struct authorization *az);
const struct problem *step_level(struct authorization *az);
const struct problem *step_consent(struct authorization *az);
const struct problem *step_code(struct authorization *az);

#endif
