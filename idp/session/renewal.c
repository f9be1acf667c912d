/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/renewal.h"

#include "idp/audit/audit.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/person/evidence.h"
#include "idp/person/notice.h"
#include "idp/person/phone_holder.h"
#include "idp/person/vault.h"
#include "idp/person/wechat_binding.h"
#include "idp/session/stop.h"

struct renewal_work {
    const struct renewal *renewal;
    const struct password_choice *choice;
    struct phone_holder holder;
    const struct problem *refusal; /* of the change under way */
};

/* Else she is logged in, and keeps her number. */
static bool
is_recovery(const struct renewal *renewal)
{
    return renewal->phone != NULL;
}

static enum err
refuse(struct renewal_work *renewing, const struct problem *problem)
{
    renewing->refusal = problem;
    return ERR_REFUSED;
}

static enum err
number_claim(struct ctx *ctx, struct renewal_work *renewing)
{
    const struct renewal *renewal = renewing->renewal;
    enum err err = phone_holder_find(ctx, renewal->person_id, renewal->phone, &renewing->holder);

    if (err != OK || renewing->holder.person_id == NULL)
        return err;
    if (renewing->holder.lately)
        return refuse(renewing, &problem_phone_anothers);
    if (!renewal->takes_over)
        return refuse(renewing, &problem_phone_take_over);
    return phone_holder_dispossess(ctx, renewing->holder.person_id, renewal->reason);
}

static enum err
number_change(struct ctx *ctx, struct renewal_work *renewing, const struct person *person)
{
    const struct renewal *renewal = renewing->renewal;
    enum err err = number_claim(ctx, renewing);

    if (err == OK)
        err = person_set_phone(ctx, person, renewal->phone);
    if (err != OK || text_eq(person->phone, renewal->phone))
        return err;
    err = evidence_add(ctx, person->person_id, EVIDENCE_PHONE, "");
    if (err == OK)
        err = audit_write(ctx,
                          &(struct audit_record) { .event = AUDIT_PHONE_CHANGED,
                                                   .reason = renewal->reason,
                                                   .subject = subject_person(person->person_id) });
    return err;
}

static enum err
password_put(struct ctx *ctx, const struct renewal_work *renewing)
{
    const struct renewal *renewal = renewing->renewal;
    enum err err = password_renewal_put(ctx, renewing->choice);

    if (err == OK)
        err = audit_write(ctx,
                          &(struct audit_record) { .event = AUDIT_PASSWORD_SET,
                                                   .reason = renewal->reason,
                                                   .subject = subject_person(renewal->person_id) });
    return err;
}

static enum err
renew(struct ctx *ctx, void *state)
{
    struct renewal_work *renewing = state;
    const struct renewal *renewal = renewing->renewal;
    struct person person;
    bool moves;
    enum err err = store_person_secure(ctx->store, renewal->person_id, renewal->begun_at, ctx->now);

    renewing->holder = (struct phone_holder) { .person_id = NULL };
    if (err == ERR_NOT_FOUND)
        return refuse(renewing, &problem_transaction_order);
    if (err == OK)
        err = person_load(ctx, renewal->person_id, &person);
    if (err == OK && is_recovery(renewal))
        err = number_change(ctx, renewing, &person);
    if (err == OK && is_recovery(renewal)) /* it may be of who made her need it */
        err = wechat_forget(ctx, renewal->person_id, "recovered");
    if (err == OK)
        err = password_put(ctx, renewing);
    if (err != OK)
        return err;
    moves = renewal->phone != NULL && !text_eq(person.phone, renewal->phone);
    return notice_put(ctx, renewal->person_id, person.phone,
                      moves ? NOTICE_PASSWORD_AND_PHONE : NOTICE_PASSWORD);
}

static void
rejected(struct ctx *ctx, const struct renewal *renewal, const char *reason, enum metric metric)
{
    if (is_recovery(renewal))
        metric_add(metric, 1);
    audit_note(ctx, &(struct audit_record) { .event = AUDIT_RECOVERY_REJECTED,
                                             .reason = reason,
                                             .subject = subject_person(renewal->person_id) });
}

const struct problem *
renewal_late(struct ctx *ctx, const struct renewal *renewal)
{
    rejected(ctx, renewal, "late", METRIC_RECOVERIES_LATE);
    return &problem_transaction_order;
}

static enum err
all_end(struct ctx *ctx, const struct renewal_work *renewing, unix_s before)
{
    const struct renewal *renewal = renewing->renewal;
    const char *holder = renewing->holder.person_id;
    enum err err = person_end(ctx, renewal->person_id,
                              &(struct person_ending) { renewal->reason, renewal->but, before });

    if (err == OK && holder != NULL)
        err = person_end(ctx, holder, &(struct person_ending) { "recycled", "", before });
    return err;
}

const struct problem *
renewal_end(struct ctx *ctx, const struct renewal *renewal, const struct password_choice *choice)
{
    struct renewal_work renewing = { .renewal = renewal, .choice = choice };
    enum err err = choice->err;

    if (err == OK)
        err = change(ctx, renew, &renewing);
    if (err == ERR_REFUSED && renewing.refusal != &problem_transaction_order)
        rejected(ctx, renewal, "phone", METRIC_RECOVERIES_PHONE);
    if (err == ERR_REFUSED)
        return renewing.refusal;
    if (err == ERR_CONFLICT) /* somebody else got the number at this moment */
        return &problem_try_again;
    if (err == OK)
        err = all_end(ctx, &renewing, TIME_NEVER);
    if (err == OK && is_recovery(renewal))
        metric_add(METRIC_RECOVERIES_OK, 1);
    return problem_of(err);
}

const struct problem *
renewal_repeat(struct ctx *ctx, const struct renewal *renewal)
{
    const struct renewal_work renewing = { .renewal = renewal };
    unix_s secured_at;
    enum err err = store_person_secured_at(ctx->store, renewal->person_id, &secured_at);

    return problem_of(err == OK ? all_end(ctx, &renewing, secured_at) : err);
}
