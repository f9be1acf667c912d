/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/password_change.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/staff/sign_in.h"
#include "idp/staff/tries.h"
#include "idp/tables/spent.h"
#include "keys/secret.h"
#include "policies/staff_id.h"
#include "policies/staff_password.h"

/* Names the form with all that was typed into it. */
static struct digest
form_of(struct ctx *ctx, const struct password_change *change)
{
    return digest_keyed_texts(&ctx->keys->index, "staff.password", change->name,
                              ctx->form != NULL ? ctx->form : "", NULL);
}

static enum err
done_find(struct ctx *ctx, struct password_change *change)
{
    struct digest form = form_of(ctx, change);
    const char *by;
    enum err err = store_spent_find(ctx->store, ctx->arena, &form, &by);

    change->is_done = err == OK;
    return err == ERR_NOT_FOUND ? OK : err;
}

const struct problem *
password_change_begin(struct ctx *ctx, struct password_change *change)
{
    const char *staff_id = staff_id_canonical(ctx->arena, change->name != NULL ? change->name : "");
    enum err err;

    if (text_is_empty(change->name) || staff_password_is_blank(change->old_password))
        return &problem_staff_password_missing;
    if (staff_id != NULL)
        change->name = staff_id;
    err = done_find(ctx, change);
    if (err != OK)
        return problem_of(err);
    return change->is_done ? NULL : staff_tries_take(ctx, change->name);
}

static void
ask(struct ctx *ctx, void *state)
{
    struct password_change *change = state;

    if (!change->is_done)
        change->outcome =
            directory_change_password(ctx->services->directory, ctx->arena, change->name,
                                      change->old_password, change->new_password);
}

const struct ask ask_password_change = { LANE_DIRECTORY, ask };

/* The same form again finds that it is done. */
static enum err
note(struct ctx *ctx, void *state)
{
    const struct password_change *change = state;
    struct digest form = form_of(ctx, change);
    enum err err = store_spent_insert(ctx->store, &form, "", ctx->now + REPEAT_S);

    if (err == ERR_CONFLICT)
        return OK;
    return err == OK
               ? audit_write(ctx,
                             &(struct audit_record) { .event = AUDIT_STAFF_PASSWORD,
                                                      .subject = { SUBJECT_STAFF, change->name } })
               : err;
}

const struct problem *
password_change_end(struct ctx *ctx, struct password_change *changing)
{
    enum err err = OK;

    if (changing->is_done)
        return NULL;
    if (changing->outcome == DIRECTORY_WRONG) /* by the first press: the old one is old by now */
        err = done_find(ctx, changing);
    if (err == OK && changing->is_done)
        changing->outcome = DIRECTORY_OK;
    if (err != OK)
        return problem_of(err);
    if (changing->outcome != DIRECTORY_OK)
        return staff_sign_in_refused(ctx, changing->name, changing->outcome);
    staff_tries_give_back(ctx, changing->name);
    return problem_of(change(ctx, note, changing));
}
