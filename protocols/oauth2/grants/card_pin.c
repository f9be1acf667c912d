/* SPDX-License-Identifier: Apache-2.0 */
/*
 * grant_type=urn:hrss:params:oauth:grant-type:card-pin (RFC 6749, 4.5; docs/adr/0043): a physical
 * social-security card in the reader of a terminal, and the PIN that was typed there.
 */
#include "idp/base/text.h"
#include "idp/session/apart.h"
#include "idp/session/card_login.h"
#include "idp/tables/terminal.h"
#include "policies/scope.h"
#include "protocols/oauth2/grants/card_reading_token.h"
#include "protocols/oauth2/grants/grants.h"

/* --- The login --- */

struct card_asking {
    struct card_login login;
    const char *scope;
    struct stored_grant grant;
};

static enum err
terminal_holds(struct ctx *ctx, void *state)
{
    const struct stored_terminal *terminal = state;
    enum err err = store_terminal_hold(ctx->store, terminal->terminal_id, terminal->thumbprint);

    return err == ERR_NOT_FOUND ? ERR_REFUSED : err;
}

static const struct problem *
session_open(struct request *rq, struct card_asking *asking, const struct proof *proof)
{
    const struct apart apart = { .proof = proof,
                                 .partner = rq->partner,
                                 .scope = asking->scope,
                                 .claims = "",
                                 .bound_key = rq->proof_key,
                                 .take = terminal_holds,
                                 .state = (void *)rq->terminal };
    enum err err = apart_begin(rq->ctx, &apart, &asking->grant);

    if (err == ERR_REFUSED)
        return &problem_terminal_missing; /* it was retired, or she was stopped, meanwhile */
    if (err == ERR_FULL)
        return &problem_person_grants_full;
    return err == OK ? answer_grant(rq, &asking->grant) : problem_of(err);
}

static const struct problem *
answered(struct request *rq, void *state)
{
    struct card_asking *asking = state;
    struct proof proof;
    const struct problem *problem = card_login_end(rq->ctx, &asking->login, &proof);

    return problem != NULL ? problem : session_open(rq, asking, &proof);
}

static const struct problem *
scope_read(struct request *rq, const char **out)
{
    const struct partner_profile *profile = &rq->partner->profile;
    const struct scope_bounds bounds = { profile->scope, profile->strict_scope, false };
    const struct problem *problem = scope_check(rq->arena, param(rq, "scope"), &bounds, out);

    if (problem != NULL)
        return problem;
    return scope_has_openid(*out) ? NULL : &problem_scope_openid_missing;
}

/* What is typed is judged before the reading is used up. */
static const struct problem *
check_read(struct request *rq, struct card_check *out)
{
    const char *text = param(rq, "card_reading");

    out->pin = param(rq, "pin");
    if (text == NULL)
        return &problem_card_reading_missing;
    if (out->pin == NULL || !card_pin_is_well_formed(out->pin))
        return &problem_card_pin_malformed;
    return card_reading_take(rq, text, rq->terminal->terminal_id, &out->reading);
}

const struct problem *
grant_card_pin(struct request *rq)
{
    struct card_asking *asking = arena_alloc(rq->arena, sizeof(*asking));
    struct card_check check = { .traceparent = NULL };
    const struct problem *problem;

    if (rq->terminal == NULL)
        return &problem_terminal_missing;
    problem = scope_read(rq, &asking->scope);
    if (problem == NULL)
        problem = check_read(rq, &check);
    if (problem == NULL)
        problem = card_login_begin(rq->ctx, &check, &asking->login);
    if (problem != NULL)
        return problem;
    return request_ask(rq, &ask_card, &asking->login, answered, asking);
}
