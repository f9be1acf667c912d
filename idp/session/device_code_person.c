/* SPDX-License-Identifier: Apache-2.0 */
/* The person's side of a device authorization (device_code.h). */
#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/person/attempts.h"
#include "idp/session/device_code_row.h"
#include "policies/channel.h"
#include "policies/network.h"

#define LINES 2

/* --- Guessing (RFC 8628, 5.1) --- */

static void
lines_of(struct ctx *ctx, const struct stored_session *session,
         struct attempt_line out[static LINES])
{
    out[0] = (struct attempt_line) { ATTEMPT_USER_CODE_SESSION, session->sid, NULL, NULL };
    out[1] = (struct attempt_line) { ATTEMPT_USER_CODE_ADDRESS,
                                     network_unit(ctx->arena, ctx->address), NULL, NULL };
}

static const struct problem *
guess_take(struct ctx *ctx, const struct stored_session *session,
           const struct attempt_line lines[static LINES])
{
    struct attempt_verdict verdict;
    enum err err = attempts_take(ctx, lines, LINES, &verdict);

    if (err != OK)
        return problem_of(err);
    if (verdict.allowed)
        return NULL;
    audit_note(ctx, &(struct audit_record) {
                        .event = AUDIT_DEVICE_GUESS,
                        .reason = attempt_rule(ctx->settings, verdict.refused_by).name,
                        .subject = session->subject,
                        .sid = session->sid });
    return &problem_user_code_guesses;
}

/* --- Looking --- */

static bool
is_hers(const struct stored_pending *row, const struct stored_session *session)
{
    return text_eq(row->person_id, session->subject.id);
}

/* Nobody's yet, or hers, whatever she has said. */
static bool
may_be_shown(const struct ctx *ctx, const struct device_request *request,
             const struct stored_session *session)
{
    const struct stored_pending *row = &request->row;

    if (request->partner == NULL || row->created_at < request->partner->since ||
        handed_out_too_early(ctx, row->created_at) || ctx->now >= row->expires_at)
        return false;
    return is_hers(row, session) || (text_is_empty(row->person_id) && row->state == PENDING_OPEN);
}

static const struct problem *
load(struct ctx *ctx, struct digest pending_id, const struct stored_session *session,
     struct device_request *out)
{
    enum err err = device_code_row_load(ctx, pending_id, out);

    if (err != OK && err != ERR_NOT_FOUND)
        return problem_of(err);
    if (err == OK)
        out->partner = registry_find(ctx->services->registry, out->row.partner_id);
    return err == OK && may_be_shown(ctx, out, session) ? NULL : &problem_user_code_unknown;
}

const struct problem *
device_code_find(struct ctx *ctx, const char *user_code, const struct stored_session *session,
                 struct device_request *out)
{
    struct attempt_line lines[LINES];
    const struct problem *problem;

    lines_of(ctx, session, lines);
    problem = guess_take(ctx, session, lines);
    if (problem != NULL)
        return problem;
    *out = (struct device_request) { .partner = NULL };
    problem = load(ctx, device_code_row_id(ctx, user_code), session, out);
    if (problem == NULL)
        attempts_give_back(ctx, lines, LINES);
    return problem;
}

bool
device_code_is_open_to(const struct device_request *request, const struct stored_session *session)
{
    return channel_lends(session->channel, request->partner->profile.channel);
}

/* --- Deciding --- */

/* The state that somebody else may have changed meanwhile is read again. */
static const struct problem *
stepped(struct ctx *ctx, enum err err, const struct stored_session *session,
        struct device_request *request)
{
    if (err != OK && err != ERR_NOT_FOUND)
        return problem_of(err);
    return load(ctx, request->row.pending_id, session, request);
}

static struct pending_step
step_of(const struct ctx *ctx, const struct stored_session *session,
        const struct device_request *request)
{
    return (struct pending_step) { request->row.pending_id, session->subject.id, session->sid,
                                   ctx->now };
}

const struct problem *
device_code_see(struct ctx *ctx, const struct stored_session *session,
                struct device_request *request)
{
    const struct pending_step step = step_of(ctx, session, request);

    if (request->row.state != PENDING_OPEN)
        return NULL; /* device_code_find() has seen that it is hers */
    return stepped(ctx, store_pending_see(ctx->store, &step), session, request);
}

struct device_deciding {
    const struct stored_session *session;
    const struct device_request *request;
    enum err (*step)(struct store *st, const struct pending_step *step);
    enum audit_event event;
    const char *reason;
};

static enum err
decide(struct ctx *ctx, void *state)
{
    const struct device_deciding *deciding = state;
    const struct pending_step step = step_of(ctx, deciding->session, deciding->request);
    enum err err = deciding->step(ctx->store, &step);

    if (err != OK)
        return err;
    return audit_write(ctx,
                       &(struct audit_record) { .event = deciding->event,
                                                .reason = deciding->reason,
                                                .subject = deciding->session->subject,
                                                .partner_id = deciding->request->row.partner_id,
                                                .sid = deciding->session->sid });
}

const struct problem *
device_code_allow(struct ctx *ctx, const struct stored_session *session,
                  struct device_request *request)
{
    bool near = text_eq(request->network, network_prefix(ctx->arena, ctx->address));
    struct device_deciding deciding = { session, request, store_pending_approve,
                                        AUDIT_DEVICE_APPROVED,
                                        near ? "same_network" : "other_network" };

    return stepped(ctx, change(ctx, decide, &deciding), session, request);
}

const struct problem *
device_code_refuse(struct ctx *ctx, const struct stored_session *session,
                   struct device_request *request, const char *reason)
{
    struct device_deciding deciding = { session, request, store_pending_refuse,
                                        AUDIT_DEVICE_REFUSED, reason };

    return stepped(ctx, change(ctx, decide, &deciding), session, request);
}
