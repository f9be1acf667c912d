/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/apart.h"

#include "idp/audit/audit.h"
#include "idp/context/change.h"
#include "idp/session/grant.h"
#include "idp/session/terminal_session.h"

struct apart_work {
    const struct apart *apart;
    struct stored_session session;
    struct grant_beginning beginning;
};

/* A person in good standing, whose other session is still there if it stands for her. */
static enum err
may_begin(struct ctx *ctx, const struct proof *proof, bool *may)
{
    enum err err = subject_is_active(ctx, subject_person(proof->person_id), may);

    if (err == OK && *may && proof->lent_by != NULL)
        err = session_goes_on(ctx, proof->lent_by->sid, may);
    return err;
}

static enum err
begin(struct ctx *ctx, void *state)
{
    struct apart_work *work = state;
    const struct approval *approval = &work->beginning.grant->approval;
    enum err err = work->apart->take(ctx, work->apart->state);

    if (err == OK)
        err = session_begin_in_change(ctx, work->apart->proof, &work->session);
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

static enum err
prepare(struct ctx *ctx, struct apart_work *work)
{
    const struct apart *apart = work->apart;
    struct approval approval;
    enum err err = session_make(ctx, apart->proof, &work->session);

    if (err != OK)
        return err;
    approval = approval_of_session(&work->session);
    approval.partner_id = apart->partner->profile.partner_id;
    approval.scope = apart->scope;
    approval.claims = apart->claims;
    approval.bound_key = apart->bound_key;
    return grant_make(ctx, &approval, work->beginning.grant);
}

enum err
apart_begin(struct ctx *ctx, const struct apart *apart, struct stored_grant *out)
{
    struct apart_work work = { .apart = apart, .beginning.grant = out };
    bool holds = false;
    enum err err = may_begin(ctx, apart->proof, &holds);

    if (err == OK && !holds)
        err = ERR_REFUSED;
    if (err == OK)
        err = prepare(ctx, &work);
    if (err == OK)
        err = change(ctx, begin, &work);
    if (err == OK)
        err = grant_begun(ctx, &work.beginning, &holds);
    if (err == ERR_EXPIRED || (err == OK && !holds))
        err = ERR_REFUSED;
    if (err == OK)
        login_count(ctx, apart->proof->way, LOGIN_OK);
    if (err == OK && ctx->terminal_id[0] != '\0') /* whoever stood there before has gone */
        err = terminal_sessions_end_but(ctx, ctx->terminal_id, out->approval.sid);
    return err;
}
