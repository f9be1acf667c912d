/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/reset_link.h"

#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/connect/sms.h"
#include "idp/context/change.h"
#include "idp/person/code_limits.h"
#include "idp/session/backchannel_answer.h"
#include "idp/staff/citizen.h"
#include "idp/staff/proofing.h"
#include "idp/staff/staff_act.h"
#include "idp/tables/pending.h"
#include "keys/handle.h"
#include "keys/seal.h"
#include "policies/identity_number.h"
#include "policies/staff_rules.h"

#define KIND "reset" /* of the message: sms.template_code_reset */
#define WHAT "设置登录密码"
#define CONTEXT "staff.reset.1"

bool
reset_link_is_offered(const struct ctx *ctx)
{
    return sms_can_ask(ctx->services->sms, KIND);
}

static struct digest
link_digest(const struct ctx *ctx, const char *link)
{
    return digest_keyed_texts(&ctx->keys->index, "staff.reset", link, NULL);
}

/* --- Sent --- */

enum err
reset_link_put(struct ctx *ctx, const char *person_id, const char *phone)
{
    struct approval_message message = { .phone = phone,
                                        .kind = KIND,
                                        .partner = "",
                                        .purpose = WHAT,
                                        .until = ctx->now + RESET_LINK_LIFE_S };
    struct stored_pending row = { .kind = PENDING_MESSAGE,
                                  .waiter = digest_of_text(""),
                                  .partner_id = "",
                                  .terminal_id = "",
                                  .person_id = "", /* it is nothing that waits for her */
                                  .state = PENDING_OPEN,
                                  .sid = "",
                                  .created_at = ctx->now,
                                  .expires_at = ctx->now + RESET_LINK_LIFE_S };
    const char *plain = arena_printf(ctx->arena, "%s %s", person_id, phone);
    enum err err = id_new(ctx->env, ctx->arena, "", &message.text);

    if (err != OK)
        return err;
    row.pending_id = link_digest(ctx, message.text);
    err = seal_text(&ctx->keys->data, ctx->env, ctx->arena, CONTEXT, bytes_of_text(plain),
                    &row.request);
    if (err == OK)
        err = store_pending_insert(ctx->store, &row);
    return err == OK ? approval_message_queue(ctx, &message, NULL) : err;
}

struct reset_sending {
    const struct sitting *sitting;
    const struct person *person;
};

static enum err
put(struct ctx *ctx, void *state)
{
    const struct reset_sending *sending = state;
    const char *person_id = sending->person->person_id;
    enum err err = staff_act_note(
        ctx, &(struct staff_act) { .person_id = person_id, .what = STAFF_ACT_reset });

    if (err == OK)
        err = reset_link_put(ctx, person_id, sending->person->phone);
    if (err == OK)
        err = audit_write(ctx, &(struct audit_record) { .event = AUDIT_STAFF_RESET,
                                                        .subject = subject_person(person_id),
                                                        .sid = sending->sitting->row.sid });
    return err;
}

static const struct problem *
person_judge(struct ctx *ctx, const struct person *person)
{
    if (!reset_link_is_offered(ctx))
        return &problem_reset_closed;
    if (person->state != PERSON_ACTIVE)
        return &problem_account_stopped;
    if (age_on(person->birth_date, time_beijing_date(ctx->now)) < STAFF_OWN_ACCOUNT_YEARS)
        return &problem_guardian_required;
    return text_is_empty(person->phone) ? &problem_reset_no_phone : NULL;
}

/* Pressed twice, one link was sent and is enough. */
static bool
is_sent(struct ctx *ctx, const char *person_id)
{
    unix_s at;

    return staff_act_noted_at(
               ctx, &(struct staff_act) { .person_id = person_id, .what = STAFF_ACT_reset }, &at) ==
           OK;
}

const struct problem *
reset_link_send(struct ctx *ctx, const struct sitting *sitting, const char *person_id)
{
    struct citizen citizen;
    struct reset_sending sending = { sitting, &citizen.person };
    const struct problem *problem = citizen_serve(ctx, &sitting->staff, person_id, &citizen);
    enum err err;

    if (problem == NULL)
        problem = person_judge(ctx, &citizen.person);
    if (problem == NULL)
        problem = proofing_check(ctx, sitting, person_id);
    if (problem != NULL)
        return problem;
    if (is_sent(ctx, person_id))
        return NULL;
    problem = code_limits_take(ctx, citizen.person.phone);
    if (problem != NULL)
        return problem;
    err = change(ctx, put, &sending);
    if (err != OK)
        code_limits_give_back(ctx, citizen.person.phone);
    return err == ERR_CONFLICT ? NULL : problem_of(err);
}

/* --- Followed --- */

static enum err
link_open(struct ctx *ctx, const struct stored_pending *row, struct reset_link *out)
{
    struct bytes plain;
    const char *text;
    const char *blank;
    enum err err = seal_text_open(&ctx->keys->data, ctx->arena, CONTEXT, row->request, &plain);

    if (err != OK)
        return err;
    text = arena_copy(ctx->arena, plain.at, plain.size);
    blank = strchr(text, ' ');
    if (blank == NULL)
        return ERR_INVALID;
    *out = (struct reset_link) { .person_id = arena_copy(ctx->arena, text, (size_t)(blank - text)),
                                 .phone = blank + 1,
                                 .made_at = row->created_at,
                                 .is_used = row->state != PENDING_OPEN };
    return OK;
}

/* What she has changed since by another way is not changed by this one. */
static const struct problem *
link_judge(struct ctx *ctx, const struct reset_link *link)
{
    unix_s secured_at;
    enum err err = store_person_secured_at(ctx->store, link->person_id, &secured_at);

    if (err == ERR_NOT_FOUND)
        return &problem_reset_link_over;
    if (err != OK || link->is_used)
        return problem_of(err);
    return secured_at < link->made_at ? NULL : &problem_reset_link_over;
}

const struct problem *
reset_link_look(struct ctx *ctx, const char *link, struct reset_link *out)
{
    struct digest pending_id = link_digest(ctx, link);
    struct stored_pending row;
    enum err err = store_pending_load(ctx->store, ctx->arena, &pending_id, &row);

    if (err == ERR_NOT_FOUND ||
        (err == OK && (row.kind != PENDING_MESSAGE || ctx->now >= row.expires_at)))
        return &problem_reset_link_over;
    if (err == OK)
        err = link_open(ctx, &row, out);
    return err == OK ? link_judge(ctx, out) : problem_of(err);
}

enum err
reset_link_use(struct ctx *ctx, const char *link)
{
    enum err err = store_pending_approve(
        ctx->store, &(struct pending_step) { link_digest(ctx, link), "", "", ctx->now });

    return err == ERR_NOT_FOUND ? OK : err; /* pressed twice */
}
