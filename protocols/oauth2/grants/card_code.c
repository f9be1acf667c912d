/* SPDX-License-Identifier: Apache-2.0 */
/*
 * grant_type=urn:hrss:params:oauth:grant-type:card-code (RFC 6749, 4.5; docs/adr/0052): a card code, shown to a
 * terminal by its holder, logs her in there. It is lent by the session that showed the code.
 */
#include "idp/base/text.h"
#include "idp/card/serve.h"
#include "idp/session/apart.h"
#include "idp/tables/terminal.h"
#include "policies/channel.h"
#include "policies/scope.h"
#include "protocols/oauth2/grants/grants.h"

/* The token endpoint knows one way to say that what was presented is not good (RFC 6749, 5.2). */
const struct problem *
card_code_told(const struct problem *problem)
{
    static const struct problem *const not_good[] = {
        &problem_card_code_malformed, &problem_card_code_not_good,  &problem_card_code_purpose,
        &problem_card_code_region,    &problem_card_code_elsewhere,
    };

    for (size_t i = 0; i < sizeof(not_good) / sizeof(not_good[0]); i++)
        if (problem == not_good[i])
            return &problem_card_code_grant;
    return problem;
}

struct card_login_work {
    struct card_scan scan;
    const struct stored_terminal *terminal;
};

static enum err
take(struct ctx *ctx, void *state)
{
    struct card_login_work *work = state;
    const struct stored_terminal *terminal = work->terminal;
    enum err err = store_terminal_hold(ctx->store, terminal->terminal_id, terminal->thumbprint);

    if (err == ERR_NOT_FOUND) { /* retired at this very moment */
        work->scan.problem = &problem_terminal_missing;
        return ERR_REFUSED;
    }
    return err == OK ? card_scan_take(ctx, &work->scan) : err;
}

static const struct problem *
log_in(struct request *rq, struct card_login_work *work, const char *scope)
{
    const struct stored_session *lender = &work->scan.session;
    const struct proof proof = { .way = LOGIN_BY_CARD_CODE,
                                 .person_id = work->scan.holder_id,
                                 .amr = lender->amr,
                                 .lent_by = lender,
                                 .lent_amr = CARD_CODE_METHOD };
    const struct apart apart = { .proof = &proof,
                                 .partner = rq->partner,
                                 .scope = scope,
                                 .claims = "",
                                 .bound_key = rq->proof_key,
                                 .take = take,
                                 .state = work };
    struct stored_grant grant;
    const struct problem *problem;
    enum err err = apart_begin(rq->ctx, &apart, &grant);

    if (err == ERR_FULL)
        return &problem_person_grants_full;
    problem = card_scan_end(rq->ctx, &work->scan, err);
    return problem != NULL ? card_code_told(problem) : answer_grant(rq, &grant);
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

const struct problem *
grant_card_code(struct request *rq)
{
    const struct card_scan_order order = { .code = param(rq, "card_code"),
                                           .partner = rq->partner,
                                           .purpose = CARD_PURPOSE_login };
    struct card_login_work *work = arena_alloc(rq->arena, sizeof(*work));
    const char *scope = NULL;
    const struct problem *problem;

    if (rq->terminal == NULL)
        return &problem_terminal_missing;
    if (order.code == NULL)
        return &problem_card_code_missing;
    problem = scope_read(rq, &scope);
    if (problem != NULL)
        return problem;
    work->terminal = rq->terminal;
    problem = card_scan_begin(rq->ctx, &order, &work->scan);
    if (problem == NULL)
        problem = card_scan_look(rq->ctx, &work->scan);
    if (problem != NULL)
        return card_code_told(problem);
    if (!channel_lends(work->scan.session.channel, rq->partner->profile.channel))
        return &problem_channel_not_lent;
    return log_in(rq, work, scope);
}
