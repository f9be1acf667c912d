/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/present.h"

#include "idp/base/text.h"
#include "idp/card/scan.h"
#include "idp/context/change.h"
#include "idp/session/session.h"
#include "idp/staff/citizen.h"
#include "idp/staff/staff_act.h"
#include "policies/card_state.h"
#include "policies/staff_rules.h"

struct presenting {
    const struct stored_staff *staff;
    struct card_scan scan;
    struct staff_act act;
    const char *denied; /* why, for the audit trail; NULL: it is not */
};

static enum err
deny(struct presenting *presenting, const char *reason)
{
    presenting->denied = reason;
    return ERR_REFUSED;
}

/* Judged by the card that the scan holds. */
static enum err
staff_judge(struct presenting *presenting)
{
    const struct stored_ecard *card = &presenting->scan.card.row;

    if (staff_is_person(presenting->staff, &card->holder)) {
        presenting->scan.problem = &problem_staff_self;
        return deny(presenting, "self");
    }
    if (staff_region_may(presenting->staff->region, card->region))
        return OK;
    presenting->scan.refused = "region";
    return deny(presenting, "scope");
}

static enum err
present(struct ctx *ctx, void *state)
{
    struct presenting *presenting = state;
    enum err err = card_scan_take(ctx, &presenting->scan);

    presenting->denied = NULL;
    if (err == OK)
        err = staff_judge(presenting);
    return err == OK ? staff_act_note(ctx, &presenting->act) : err;
}

static const struct problem *
scan_spend(struct ctx *ctx, struct presenting *presenting)
{
    enum err err = change(ctx, present, presenting);
    const struct problem *problem = card_scan_end(ctx, &presenting->scan, err);

    if (presenting->denied != NULL)
        citizen_denied(ctx, presenting->denied, presenting->act.person_id);
    return problem;
}

static struct staff_presence
presence_of(struct ctx *ctx, const struct card_scan *scan)
{
    const struct approval shown = approval_of_session(&scan->session);

    return (struct staff_presence) {
        .person_id = scan->holder_id,
        .at = ctx->now,
        .acr = shown.acr,
        .amr = text_list_union(ctx->arena, shown.amr, CARD_CODE_METHOD),
        .auth_time = shown.auth_time,
    };
}

const struct problem *
staff_scan(struct ctx *ctx, const struct stored_staff *staff, const char *code,
           struct staff_presence *out)
{
    const struct card_scan_order order = { .code = code, .purpose = CARD_PURPOSE_serve };
    struct presenting presenting = { .staff = staff, .act.what = STAFF_ACT_scanned };
    const struct problem *problem = card_scan_begin(ctx, &order, &presenting.scan);
    enum err err;

    if (problem == NULL)
        problem = card_scan_look(ctx, &presenting.scan);
    if (problem != NULL)
        return problem;
    *out = presence_of(ctx, &presenting.scan);
    presenting.act.person_id = out->person_id;
    err = staff_act_noted_at(ctx, &presenting.act, &out->at);
    if (err == ERR_NOT_FOUND)
        return scan_spend(ctx, &presenting);
    return problem_of(err); /* OK: it was pressed twice */
}
