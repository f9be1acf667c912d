/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POST /qr/scan: what the code of a browser asks, and what to confirm it by. POST /qr/confirm and
 * POST /qr/cancel: her word, once. Who she is says the access token of her app alone (docs/adr/0048).
 */
#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/emit.h"
#include "idp/base/json.h"
#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/person/attempts.h"
#include "idp/session/qr_login.h"
#include "policies/assurance.h"
#include "policies/channel.h"
#include "policies/network.h"
#include "protocols/endpoints.h"
#include "protocols/http/bearer_session.h"
#include "protocols/http/respond.h"
#include "protocols/pages/words.h"

#define SCANNED_MAX_BYTES 1024

static const struct bearer_rule by_her_app = { "qr_login", "app", &problem_qr_scope };

/* --- What it sends --- */

/* The one member of the body. A second one would be somebody's identity, or a mistake. */
static const struct problem *
sole_member(const struct request *rq, const char *name, const char **out)
{
    if (json_object_size(rq->json) != 1 ||
        member_text(rq->json, name, SCANNED_MAX_BYTES, out) != OK)
        return &problem_qr_member;
    return NULL;
}

/* All that is none of ours is answered alike, however often, and then not at all. */
static const struct problem *
guessed(struct request *rq, const struct session *session)
{
    bool allowed;
    enum err err = attempt_take(rq->ctx, ATTEMPT_QR_GUESS, session->row.subject.id, &allowed);

    if (err != OK)
        return problem_of(err);
    audit_note(rq->ctx, &(struct audit_record) { .event = AUDIT_QR_REJECTED,
                                                 .reason = "unknown",
                                                 .subject = session->row.subject,
                                                 .partner_id = rq->ctx->partner_id });
    return allowed ? &problem_qr_unknown : &problem_qr_guesses;
}

/* The code in the text as scanned: a link of ours. */
static const char *
code_in(const struct request *rq, const char *scanned)
{
    const char *issuer = rq->ctx->settings->server.issuer;
    size_t size = strlen(issuer);

    return text_starts(scanned, issuer) && text_starts(scanned + size, "/q/") ? scanned + size + 3
                                                                              : NULL;
}

/* --- POST /qr/scan --- */

static void
partner_tell(struct request *rq, struct buf *json, const struct qr_code *code)
{
    const struct partner *partner = registry_find(rq->ctx->services->registry, code->partner_id);

    emit_object(json, "partner");
    if (partner != NULL)
        emit_text(json, "client_id", partner->profile.partner_id);
    emit_text(json, "client_name",
              partner != NULL ? partner_name(partner, LANGUAGE_ZH_CN)
                              : word(LANGUAGE_ZH_CN, WORD_service_name));
    emit_text(json, "client_name#en",
              partner != NULL ? partner_name(partner, LANGUAGE_EN)
                              : word(LANGUAGE_EN, WORD_service_name));
    emit_object_end(json);
}

static const struct problem *
tell(struct request *rq, const struct qr_code *code, const struct session *session)
{
    struct buf json = buf_new(rq->arena, 512);
    const char *handle;
    enum err err = qr_handle_new(rq->ctx, code->id, session->row.sid, &handle);

    if (err != OK)
        return problem_of(err);
    emit_object(&json, NULL);
    emit_text(&json, "confirmation", handle);
    emit_int(&json, "expires_in", code->created_at + QR_CODE_LIFE_S - rq->now);
    partner_tell(rq, &json, code);
    emit_text(&json, "browser", code->browser);
    emit_text(&json, "system", code->system);
    emit_text(&json, "network", code->network);
    emit_bool(&json, "same_network",
              text_eq(code->network, network_prefix(rq->arena, rq->ctx->address)));
    emit_int(&json, "shown_at", code->created_at);
    emit_text(&json, "acr", acr_of_level((int)session->row.level));
    emit_object_end(&json);
    return respond_json(rq, 200, &json);
}

const struct problem *
endpoint_qr_scan(struct request *rq)
{
    const char *scanned = "";
    struct session session = { .live = false };
    struct qr_code code;
    const struct problem *problem = sole_member(rq, "code", &scanned);

    if (problem == NULL)
        problem = bearer_session(rq, &by_her_app, &session);
    if (problem != NULL)
        return problem;
    problem = qr_code_open(rq->ctx, code_in(rq, scanned), &code);
    if (problem == &problem_qr_unknown)
        return guessed(rq, &session);
    if (problem == NULL)
        problem =
            qr_scanned(rq->ctx, &code, &(struct qr_scan) { .by = &session.row, .counts = true });
    return problem != NULL ? problem : tell(rq, &code, &session);
}

/* --- POST /qr/confirm, /qr/cancel --- */

static const struct problem *
decide(struct request *rq, bool allow)
{
    const char *handle = "";
    const char *id;
    struct session session = { .live = false };
    const struct problem *problem = sole_member(rq, "confirmation", &handle);

    if (problem == NULL)
        problem = bearer_session(rq, &by_her_app, &session);
    if (problem != NULL)
        return problem;
    problem = qr_handle_open(rq->ctx, handle, session.row.sid, &id);
    if (problem == NULL)
        problem = qr_decide(rq->ctx, id, &session.row, allow);
    if (problem == &problem_qr_unknown)
        return guessed(rq, &session);
    return problem != NULL ? problem : respond_empty(rq, 204);
}

const struct problem *
endpoint_qr_confirm(struct request *rq)
{
    return decide(rq, true);
}

const struct problem *
endpoint_qr_cancel(struct request *rq)
{
    return decide(rq, false);
}
