/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POST /card/losses: a counter or a telephone line reports the card of somebody lost whom it speaks with
 * (docs/adr/0053). The partner has authenticated, and is registered for it.
 */
#include "idp/audit/audit.h"
#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "idp/card/loss.h"
#include "idp/partner/registry.h"
#include "idp/person/vault.h"
#include "policies/identity_number.h"
#include "policies/name.h"
#include "protocols/endpoints.h"
#include "protocols/http/respond.h"

struct told_loss {
    struct identity_number identity;
    const char *name; /* canonical; NULL: not said */
    enum card_loss kind;
    bool seen;
};

static const struct problem *
refused(struct request *rq, const char *reason, const struct problem *problem)
{
    audit_note(rq->ctx, &(struct audit_record) { .event = AUDIT_CARD_REPORT_REFUSED,
                                                 .reason = reason,
                                                 .partner_id = rq->partner->profile.partner_id });
    return problem;
}

static bool
is_counter(const struct request *rq)
{
    return text_eq(rq->partner->profile.channel, "counter");
}

static const struct problem *
kind_read(struct request *rq, struct told_loss *out)
{
    const char *kind = param(rq, "kind");
    const char *seen = param(rq, "seen_in_person");

    if (kind != NULL && !text_eq(kind, "provisional") && !text_eq(kind, "formal"))
        return &problem_ecard_member;
    if (seen != NULL && !text_eq(seen, "true") && !text_eq(seen, "false"))
        return &problem_ecard_member;
    out->kind = text_eq(kind, "formal") ? CARD_LOSS_FORMAL : CARD_LOSS_PROVISIONAL;
    out->seen = text_eq(seen, "true");
    return NULL;
}

static const struct problem *
read_all(struct request *rq, struct told_loss *out)
{
    const char *name = param(rq, "name");
    const char *number = param(rq, "identity_number");
    const struct problem *problem = kind_read(rq, out);

    out->name = NULL;
    if (problem == NULL)
        problem = identity_number_check(number != NULL ? number : "", time_beijing_date(rq->now),
                                        &out->identity);
    if (problem == NULL && name != NULL)
        problem = name_check(rq->arena, name, &out->name);
    return problem;
}

/* Whoever it is said to be: known, and of that name where one was said. */
static const struct problem *
person_of(struct request *rq, const struct told_loss *told, const char **person_id)
{
    struct person person;
    enum err err = person_find_by_identity(rq->ctx, told->identity.text, person_id);

    if (err == OK)
        err = person_load(rq->ctx, *person_id, &person);
    if (err == ERR_NOT_FOUND)
        return refused(rq, "unknown", &problem_ecard_report_unknown);
    if (err != OK)
        return problem_of(err);
    return told->name == NULL || text_eq(told->name, person.name)
               ? NULL
               : refused(rq, "name", &problem_ecard_report_unknown);
}

static const struct problem *
tell(struct request *rq, const struct card *card)
{
    enum card_loss loss = card_loss_at(&card->row, rq->now);
    struct buf json = buf_new(rq->arena, 128);

    emit_object(&json, NULL);
    emit_text(&json, "state", card_effective_name(card->state));
    emit_text(&json, "loss", loss == CARD_LOSS_FORMAL ? "formal" : "provisional");
    if (loss == CARD_LOSS_PROVISIONAL)
        emit_int(&json, "lapses_at", card->row.loss_lapses_at);
    emit_object_end(&json);
    return respond_json(rq, 200, &json);
}

static const struct problem *
report(struct request *rq, const struct told_loss *told)
{
    struct loss_report report = { .kind = told->kind,
                                  .place = is_counter(rq) ? LOSS_AT_COUNTER : LOSS_BY_TELEPHONE };
    struct card card;
    const struct problem *problem = person_of(rq, told, &report.person_id);

    if (problem == NULL)
        problem = card_lose(rq->ctx, &report, &card);
    if (problem == &problem_ecard_none)
        return refused(rq, "unknown", &problem_ecard_report_unknown);
    return problem != NULL ? problem : tell(rq, &card);
}

const struct problem *
endpoint_card_losses(struct request *rq)
{
    struct told_loss told;
    const struct problem *problem;

    if (!rq->partner->profile.card_loss_reports)
        return refused(rq, "partner", &problem_ecard_report_partner);
    problem = read_all(rq, &told);
    if (problem != NULL)
        return problem;
    if (told.kind == CARD_LOSS_FORMAL && !(told.seen && is_counter(rq)))
        return refused(rq, "formal", &problem_ecard_report_formal);
    return report(rq, &told);
}
