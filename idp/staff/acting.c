/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/acting.h"

#include "idp/audit/audit.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/person/notice.h"
#include "idp/staff/acting_grant.h"
#include "idp/staff/acting_handle.h"
#include "idp/staff/citizen.h"
#include "idp/staff/look.h"
#include "idp/staff/proposal.h"
#include "idp/staff/staff_act.h"
#include "keys/handle.h"
#include "keys/secret.h"
#include "policies/reason.h"
#include "policies/staff_rules.h"

#define PREFIX "a_"
#define ID_BYTES 16

struct acting_work {
    const struct acting_order *order;
    const struct business *business;
    struct citizen citizen;
    struct stored_acting row;
    struct acting_grant *grant; /* NULL: its handle brings it later */
    enum err taken;
    const struct problem *refused;
};

/* --- May she? --- */

static bool
has_role(const char *roles, const struct business *business)
{
    const char *word;
    size_t size;

    while ((word = text_next_word(&roles, &size)) != NULL)
        if (text_list_holds(business->roles, word, size))
            return true;
    return false;
}

const struct problem *
acting_business(struct ctx *ctx, const struct acting_order *order, const struct business **out)
{
    const char *roles = order->sitting->staff.roles;
    const struct business *business =
        business_find(&order->partner->profile.businesses, order->business);

    if (business == NULL)
        return acting_rejected(ctx, "business", &problem_acting_business);
    if (!staff_may(roles, STAFF_VERB_act) || !has_role(roles, business))
        return acting_rejected(ctx, "role", &problem_acting_role);
    *out = business;
    return NULL;
}

static const struct problem *
reason_suits(struct ctx *ctx, const struct acting_work *work)
{
    const char *reason = work->order->reason;

    if (reason != NULL && reason_judge(ctx->arena, reason, STAFF_REASON_MAX,
                                       work->citizen.person.name) == REASON_GOOD)
        return NULL;
    return acting_rejected(ctx, "reason", &problem_staff_reason_invalid);
}

static const struct problem *
judge(struct ctx *ctx, struct acting_work *work)
{
    const struct acting_order *order = work->order;
    const struct problem *problem = acting_business(ctx, order, &work->business);

    if (problem == NULL)
        problem = citizen_serve(ctx, &order->sitting->staff, order->person_id, &work->citizen);
    if (problem == NULL && work->citizen.person.state != PERSON_ACTIVE)
        problem = acting_rejected(ctx, "account", &problem_account_stopped);
    return problem == NULL ? reason_suits(ctx, work) : problem;
}

/* --- It begins --- */

/* The same form makes the same id, and the primary key decides. */
static enum err
id_make(struct ctx *ctx, const struct acting_order *order, const char **out)
{
    struct digest digest;

    if (ctx->form == NULL)
        return id_new(ctx->env, ctx->arena, PREFIX, out);
    digest = digest_keyed_texts(&ctx->keys->index, "acting", ctx->form, order->person_id, NULL);
    *out = arena_printf(ctx->arena, PREFIX "%s",
                        base64url_encode(ctx->arena, bytes_of(digest.bytes, ID_BYTES)));
    return OK;
}

static enum err
row_make(struct ctx *ctx, struct acting_work *work)
{
    const struct acting_order *order = work->order;
    const struct sitting *sitting = order->sitting;
    unix_s shift_end = sitting->session.row.expires_at;

    work->row = (struct stored_acting) {
        .sid = sitting->row.sid,
        .staff_id = sitting->row.staff_id,
        .counter_id = sitting->row.counter_id,
        .agency = sitting->staff.agency,
        .person_id = order->person_id,
        .partner_id = order->partner->profile.partner_id,
        .business = work->business->code,
        .reason = order->reason,
        .proof = order->proof,
        .begun_at = ctx->now,
        .until = ctx->now + ACTING_S < shift_end ? ctx->now + ACTING_S : shift_end,
    };
    return id_make(ctx, order, &work->row.acting_id);
}

static enum err
second_take(struct ctx *ctx, struct acting_work *work)
{
    struct proposal_use use = { .kind = PROPOSAL_BUSINESS,
                                .staff_id = work->row.staff_id,
                                .person_id = work->row.person_id,
                                .partner_id = work->row.partner_id,
                                .business = work->row.business };
    enum err err;

    if (!work->business->second)
        return OK;
    err = proposal_take(ctx, &use);
    if (err == ERR_NOT_FOUND) {
        work->refused = &problem_acting_second;
        return ERR_REFUSED;
    }
    work->row.proposal_id = use.proposal_id;
    return err;
}

/* For herself to read, by message and later, and for the audit trail. */
static enum err
tell(struct ctx *ctx, const struct acting_work *work)
{
    const struct stored_acting *row = &work->row;
    const struct notice_act told = { .place = work->order->sitting->counter.place,
                                     .business = work->business->name_zh };
    enum err err = staff_act_note(ctx, &(struct staff_act) { .person_id = row->person_id,
                                                             .what = STAFF_ACT_acted,
                                                             .partner_id = row->partner_id,
                                                             .business = row->business,
                                                             .reason = row->reason });

    if (err == OK)
        err = notice_put_act(ctx, row->person_id, work->citizen.person.phone, &told);
    if (err == OK)
        err = audit_write(ctx, &(struct audit_record) { .event = AUDIT_ACTING_BEGUN,
                                                        .reason = row->proof,
                                                        .subject = subject_person(row->person_id),
                                                        .partner_id = row->partner_id,
                                                        .sid = row->sid });
    return err;
}

static enum err
begin(struct ctx *ctx, void *state)
{
    struct acting_work *work = state;
    const struct acting_order *order = work->order;
    enum err err = order->take != NULL ? order->take(ctx, order->state) : OK;

    work->taken = err;
    work->refused = NULL;
    if (err == OK)
        err = second_take(ctx, work);
    if (err == OK)
        err = store_acting_insert(ctx->store, &work->row);
    if (err == OK)
        err = tell(ctx, work);
    if (err == OK && work->grant != NULL)
        err = acting_grant_begin(ctx, work->grant);
    return err;
}

/* What came of it, when it did not begin. */
static const struct problem *
not_begun(struct ctx *ctx, const struct acting_work *work, enum err err)
{
    if (work->refused == &problem_acting_second)
        return acting_rejected(ctx, "second", work->refused);
    if (work->grant != NULL && work->grant->beginning.full != NULL)
        return work->grant->beginning.full;
    return problem_of(err);
}

static const struct problem *
run(struct ctx *ctx, struct acting_work *work)
{
    const struct acting_order *order = work->order;
    const struct problem *problem = NULL;
    enum err err = change(ctx, begin, work);

    if (order->told != NULL && (work->taken != OK || err == OK))
        problem = order->told(ctx, order->state, work->taken);
    if (problem != NULL)
        return problem;
    if (err != OK)
        return not_begun(ctx, work, err);
    metric_add(METRIC_STAFF_ACTING, 1);
    return acting_holds(ctx, &work->row);
}

/* --- On a page --- */

static enum err
handle_make(struct ctx *ctx, const struct acting_order *order, const char *acting_id,
            const char **out)
{
    const struct acting_handle handle = {
        .acting_id = acting_id, .acr = order->acr, .amr = order->amr, .auth_time = order->auth_time
    };

    return acting_handle_issue(ctx, &handle, out);
}

/* Pressed twice: what began then is what is answered now, as long as it goes on. */
static enum err
begun_before(struct ctx *ctx, const struct acting_work *work, bool *out)
{
    struct stored_acting row;
    enum err err = OK;

    *out = false;
    if (ctx->form != NULL)
        err = store_acting_load(ctx->store, ctx->arena, work->row.acting_id, &row);
    if (ctx->form != NULL && err == OK)
        *out = row.ended_at == 0 && row.until > ctx->now && text_eq(row.sid, work->row.sid);
    return err == ERR_NOT_FOUND ? OK : err;
}

const struct problem *
acting_begin(struct ctx *ctx, const struct acting_order *order, const char **handle)
{
    struct acting_work work = { .order = order };
    const struct problem *problem = judge(ctx, &work);
    bool before = false;
    enum err err;

    if (problem != NULL)
        return problem;
    err = row_make(ctx, &work);
    if (err == OK)
        err = begun_before(ctx, &work, &before);
    if (err != OK)
        return problem_of(err);
    problem = before ? NULL : run(ctx, &work);
    return problem != NULL ? problem
                           : problem_of(handle_make(ctx, order, work.row.acting_id, handle));
}

/* --- At the token endpoint --- */

const struct problem *
acting_begin_with_grant(struct ctx *ctx, const struct acting_order *order,
                        const struct acting_wish *wish, struct stored_grant *out)
{
    struct acting_grant grant = { .wish = wish, .beginning.grant = out };
    struct acting_work work = { .order = order, .grant = &grant };
    const struct problem *problem = judge(ctx, &work);
    enum err err;

    if (problem != NULL)
        return problem;
    err = row_make(ctx, &work);
    if (err != OK)
        return problem_of(err);
    grant.approval =
        (struct approval) { .acr = order->acr, .amr = order->amr, .auth_time = order->auth_time };
    problem = acting_grant_make(ctx, order->partner, work.business, &work.row, &grant);
    if (problem != NULL)
        return problem;
    work.row.grant_id = out->grant_id;
    problem = run(ctx, &work);
    return problem != NULL ? problem : acting_grant_begun(ctx, &grant);
}
