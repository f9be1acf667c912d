/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/lost.h"

#include "idp/base/text.h"
#include "idp/card/loss.h"
#include "idp/staff/citizen.h"
#include "idp/staff/staff_act.h"
#include "policies/staff_rules.h"

static enum err
note(struct ctx *ctx, const char *person_id)
{
    return staff_act_note(
        ctx, &(struct staff_act) { .person_id = person_id, .what = STAFF_ACT_loss_reported });
}

/* Who may scan has citizens before her. */
static enum loss_place
place_of(const struct stored_staff *staff)
{
    return staff_may(staff->roles, STAFF_VERB_scan) ? LOSS_AT_COUNTER : LOSS_BY_TELEPHONE;
}

const struct problem *
staff_lose_card(struct ctx *ctx, const struct stored_staff *staff, const char *person_id)
{
    const struct loss_report report = { .person_id = person_id,
                                        .kind = CARD_LOSS_PROVISIONAL,
                                        .place = place_of(staff) };
    struct citizen citizen;
    const struct problem *problem = citizen_serve(ctx, staff, person_id, &citizen);

    return problem != NULL ? problem : card_lose_noted(ctx, &report, note, &citizen.card);
}
