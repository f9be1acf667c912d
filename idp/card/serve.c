/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/serve.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/session/grant.h"
#include "idp/session/session.h"

struct serve_work {
    struct card_scan *scan;
    struct grant_beginning beginning;
};

static enum err
begin(struct ctx *ctx, void *state)
{
    struct serve_work *work = state;
    const struct approval *approval = &work->beginning.grant->approval;
    enum err err = card_scan_take(ctx, work->scan);

    if (err == OK)
        err = grant_room_look(ctx, &work->beginning);
    if (err == OK && work->beginning.full != NULL)
        err = ERR_FULL;
    if (err == OK)
        err = grant_begin(ctx, &work->beginning);
    if (err == OK)
        err = audit_write(ctx, &(struct audit_record) { .event = AUDIT_CODE_REDEEMED,
                                                        .subject = approval->subject,
                                                        .partner_id = approval->partner_id,
                                                        .sid = approval->sid });
    return err;
}

/* As surely as the session that showed the code, and of the card's holder, whoever showed it. */
static struct approval
approval_of(struct ctx *ctx, const struct card_serving *serving)
{
    const struct card_scan *scan = serving->scan;
    struct approval approval = approval_of_session(&scan->session);

    approval.subject = subject_person(scan->holder_id);
    approval.actor = ctx->partner_id;
    approval.partner_id = ctx->partner_id;
    approval.scope = serving->scope;
    approval.claims = "";
    approval.amr = text_list_union(ctx->arena, approval.amr, CARD_CODE_METHOD);
    approval.bound_key = serving->bound_key;
    if (approval.until > ctx->now + CARD_SERVE_S)
        approval.until = ctx->now + CARD_SERVE_S;
    return approval;
}

/* The session has ended, or she was stopped, at this very moment: the grant has ended too. */
static const struct problem *
begun(struct ctx *ctx, const struct serve_work *work)
{
    bool holds = false;
    enum err err = grant_begun(ctx, &work->beginning, &holds);

    if (err != OK)
        return problem_of(err);
    return holds ? NULL : &problem_card_code_not_good;
}

const struct problem *
card_serve(struct ctx *ctx, const struct card_serving *serving, struct stored_grant *out)
{
    struct serve_work work = { .scan = serving->scan, .beginning.grant = out };
    struct approval approval = approval_of(ctx, serving);
    const struct problem *problem;
    enum err err = grant_make(ctx, &approval, out);

    if (err != OK)
        return problem_of(err);
    err = change(ctx, begin, &work);
    if (err == ERR_FULL)
        return work.beginning.full;
    problem = card_scan_end(ctx, serving->scan, err);
    return problem != NULL ? problem : begun(ctx, &work);
}
