/* SPDX-License-Identifier: Apache-2.0 */
/* POST /card/codes/verify: a card code, scanned by a partner or one of its terminals (docs/adr/0052). */
#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "idp/card/scan.h"
#include "idp/partner/consent.h"
#include "idp/person/vault.h"
#include "idp/session/token.h"
#include "policies/name.h"
#include "protocols/endpoints.h"
#include "protocols/http/respond.h"

/* What she has allowed the partner to know, among what it is registered for. */
static enum err
may_know(struct request *rq, const char *holder_id, const char *scope, bool *out)
{
    *out = false;
    if (!text_list_has(rq->partner->profile.scope, scope))
        return OK;
    return consent_covers(rq->ctx, rq->partner, holder_id, scope, out);
}

struct scan_allowed {
    bool sub;
    bool name;
    bool identity_number;
};

static enum err
allowed_find(struct request *rq, const char *holder_id, struct scan_allowed *out)
{
    bool profile = false;
    enum err err = may_know(rq, holder_id, "openid", &out->sub);

    if (err == OK)
        err = may_know(rq, holder_id, "profile", &profile);
    if (err == OK)
        err = may_know(rq, holder_id, "realname", &out->name);
    if (err == OK)
        err = may_know(rq, holder_id, "identity_number", &out->identity_number);
    out->name = out->name || profile;
    return err;
}

static void
scan_tell(struct request *rq, struct buf *json, const struct card_scan *scan,
          const struct person *holder)
{
    emit_object(json, NULL);
    emit_text(json, "name_masked", name_masked(rq->arena, holder->name));
    emit_text(json, "region", scan->card.row.region);
    emit_text(json, "state", card_effective_name(scan->card.state));
    emit_int(json, "level", scan->card.row.own_state);
    emit_text(json, "purpose", card_purpose_rule(scan->code.purpose)->name);
    emit_int(json, "scanned_at", scan->at);
    if (!text_eq(scan->holder_id, scan->session.subject.id))
        emit_bool(json, "shown_by_family", true);
    if (scan->elsewhere)
        emit_text(json, "risk", "elsewhere");
}

static const struct problem *
scan_answer(struct request *rq, const struct card_scan *scan)
{
    struct buf json = buf_new(rq->arena, 512);
    struct scan_allowed allowed = { .sub = false };
    struct person holder;
    enum err err = person_load(rq->ctx, scan->holder_id, &holder);

    if (err == OK)
        err = allowed_find(rq, scan->holder_id, &allowed);
    if (err != OK)
        return problem_of(err);
    scan_tell(rq, &json, scan, &holder);
    if (allowed.sub)
        emit_text(&json, "sub", subject_for(rq->ctx, rq->partner, scan->holder_id));
    if (allowed.name)
        emit_text(&json, "name", holder.name);
    if (allowed.identity_number)
        emit_text(&json, "identity_number", holder.identity_number);
    emit_object_end(&json);
    return respond_json(rq, 200, &json);
}

const struct problem *
endpoint_card_verify(struct request *rq)
{
    const struct card_scan_order order = { .code = param(rq, "code"), .partner = rq->partner };
    struct card_scan scan;
    const struct problem *problem;

    if (text_is_empty(rq->partner->profile.card_purposes))
        return &problem_card_scan_partner;
    if (order.code == NULL)
        return &problem_card_code_missing;
    problem = card_scan(rq->ctx, &order, &scan);
    return problem != NULL ? problem : scan_answer(rq, &scan);
}
