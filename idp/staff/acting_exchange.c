/* SPDX-License-Identifier: Apache-2.0 */
/* Acting that was begun on a staff page goes on in the partner's application: its handle is exchanged, once. */
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/staff/acting.h"
#include "idp/staff/acting_grant.h"
#include "idp/staff/acting_handle.h"
#include "idp/staff/citizen.h"

struct exchange_work {
    struct stored_acting row;
    struct acting_grant grant;
};

static const struct problem *
refused(struct ctx *ctx, const char *reason)
{
    return acting_rejected(ctx, reason, &problem_acting_handle);
}

static bool
is_absent_or(const char *given, const char *begun)
{
    return given == NULL || text_eq(given, begun);
}

/* Of this sitting and this partner, and for what was begun. */
static bool
suits(const struct acting_order *order, const struct stored_acting *row)
{
    return text_eq(row->sid, order->sitting->row.sid) &&
           text_eq(row->partner_id, order->partner->profile.partner_id) &&
           is_absent_or(order->business, row->business) && is_absent_or(order->reason, row->reason);
}

static const struct problem *
row_load(struct ctx *ctx, const struct acting_order *order, const char *handle,
         struct exchange_work *work)
{
    struct acting_handle opened;
    enum err err;

    if (acting_handle_open(ctx, handle, &opened) != OK)
        return refused(ctx, "handle");
    err = store_acting_load(ctx->store, ctx->arena, opened.acting_id, &work->row);
    if (err != OK && err != ERR_NOT_FOUND)
        return problem_of(err);
    if (err == ERR_NOT_FOUND || !suits(order, &work->row))
        return refused(ctx, "handle");
    work->grant.approval =
        (struct approval) { .acr = opened.acr, .amr = opened.amr, .auth_time = opened.auth_time };
    return NULL;
}

/* Her roles may have changed since, and so may his region. */
static const struct problem *
judge(struct ctx *ctx, const struct acting_order *order, const struct stored_acting *row,
      const struct business **business)
{
    struct acting_order begun = *order;
    struct citizen citizen;
    const struct problem *problem;

    begun.business = row->business;
    problem = acting_business(ctx, &begun, business);
    return problem != NULL ? problem
                           : citizen_serve(ctx, &order->sitting->staff, row->person_id, &citizen);
}

static enum err
take(struct ctx *ctx, void *state)
{
    struct exchange_work *work = state;
    enum err err = store_acting_take(ctx->store, work->row.acting_id,
                                     work->grant.beginning.grant->grant_id, ctx->now);

    return err == OK ? acting_grant_begin(ctx, &work->grant) : err;
}

static const struct problem *
begin(struct ctx *ctx, struct exchange_work *work)
{
    const struct problem *problem;
    enum err err = change(ctx, take, work);

    if (err == ERR_NOT_FOUND)
        return refused(ctx, "replayed");
    if (err == ERR_FULL)
        return work->grant.beginning.full;
    if (err != OK)
        return problem_of(err);
    problem = acting_holds(ctx, &work->row);
    return problem != NULL ? problem : acting_grant_begun(ctx, &work->grant);
}

const struct problem *
acting_exchange(struct ctx *ctx, const struct acting_order *order, const char *handle,
                const struct acting_wish *wish, struct stored_grant *out)
{
    struct exchange_work work = { .grant = { .wish = wish, .beginning.grant = out } };
    const struct business *business;
    const struct problem *problem = row_load(ctx, order, handle, &work);

    if (problem == NULL)
        problem = judge(ctx, order, &work.row, &business);
    if (problem == NULL)
        problem = acting_grant_make(ctx, order->partner, business, &work.row, &work.grant);
    return problem != NULL ? problem : begin(ctx, &work);
}
