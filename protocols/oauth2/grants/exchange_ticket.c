/* SPDX-License-Identifier: Apache-2.0 */
/* Token exchange for a browser ticket (RFC 8693; docs/adr/0047): an app opens a partner's page. */
#include "idp/audit/audit.h"
#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "idp/session/ticket.h"
#include "idp/session/token.h"
#include "idp/tables/grant.h"
#include "policies/channel.h"
#include "protocols/http/respond.h"
#include "protocols/oauth2/grants/grants.h"

static const struct problem *
refused(struct request *rq, const char *reason, const struct problem *problem)
{
    audit_note(rq->ctx, &(struct audit_record) { .event = AUDIT_EXCHANGE_REJECTED,
                                                 .reason = reason,
                                                 .partner_id = rq->partner->profile.partner_id });
    return problem;
}

/* It is the app's own, and the app has its key: a bearer token that leaked opens no page. */
static const struct problem *
token_take(struct request *rq, struct access *access)
{
    if (access_token_open(rq->ctx, param(rq, "subject_token"), access) != OK ||
        !text_eq(access->client_id, rq->partner->profile.partner_id) || access->grant_id[0] == '\0')
        return refused(rq, "token", &problem_exchange_token_invalid);
    if (rq->proof_key == NULL || !text_eq(access->bound_key, rq->proof_key))
        return refused(rq, "key", &problem_exchange_key_missing);
    return NULL;
}

static const struct problem *
session_take(struct request *rq, const struct access *access, struct session *out)
{
    struct stored_grant grant;
    enum err err = store_grant_load(rq->ctx->store, rq->arena, access->grant_id, &grant);

    if (err == OK && grant.ended_at == 0)
        err = session_find(rq->ctx, grant.approval.sid, out);
    else if (err == OK)
        err = ERR_NOT_FOUND;
    if (err != OK && err != ERR_NOT_FOUND)
        return problem_of(err);
    return err == OK && out->live ? NULL : refused(rq, "session", &problem_exchange_token_invalid);
}

/* `audience` names the partner, `resource` an address of its site (RFC 8693, 2.1). */
static const struct problem *
target_take(struct request *rq, const struct session *session)
{
    const char *target_id = param(rq, "audience");
    const struct partner *target;

    if (target_id == NULL ||
        !ticket_target_holds(rq->ctx, rq->partner, target_id, param(rq, "resource")))
        return refused(rq, "target", &problem_exchange_target_invalid);
    target = registry_find(rq->ctx->services->registry, target_id);
    if (!channel_lends(session->row.channel, target->profile.channel))
        return refused(rq, "channel", &problem_channel_not_lent);
    return NULL;
}

/* Not a token that any API takes: N_A (2.2.1). */
static const struct problem *
answer_ticket(struct request *rq, const char *ticket)
{
    struct buf json = buf_new(rq->arena, 1024);

    emit_object(&json, NULL);
    emit_text(&json, "access_token", ticket);
    emit_text(&json, "issued_token_type", TOKEN_TYPE_TICKET);
    emit_text(&json, "token_type", "N_A");
    emit_int(&json, "expires_in", TICKET_LIFE_S);
    emit_object_end(&json);
    return respond_json(rq, 200, &json);
}

const struct problem *
exchange_ticket(struct request *rq)
{
    struct access access;
    struct session session = { .live = false };
    struct ticket ticket;
    const char *text;
    const struct problem *problem = token_take(rq, &access);
    enum err err;

    if (problem == NULL)
        problem = session_take(rq, &access, &session);
    if (problem == NULL)
        problem = target_take(rq, &session);
    if (problem != NULL)
        return problem;
    ticket = (struct ticket) {
        .partner_id = rq->partner->profile.partner_id,
        .target_id = param(rq, "audience"),
        .resource = param(rq, "resource"),
        .sid = session.row.sid,
        .person_id = session.row.subject.id,
        .key = rq->proof_key,
    };
    err = ticket_issue(rq->ctx, &ticket, &text);
    return err == OK ? answer_ticket(rq, text) : problem_of(err);
}
