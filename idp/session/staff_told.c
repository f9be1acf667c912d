/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/staff_told.h"

#include "idp/person/staff_name.h"
#include "idp/session/session.h"
#include "idp/tables/sitting.h"
#include "idp/tables/staff.h"

static enum err
told_of(struct ctx *ctx, const char *staff_id, struct staff_told *out)
{
    struct stored_staff staff;
    enum err err = store_staff_load(ctx->store, ctx->arena, staff_id, &staff);

    if (err != OK)
        return err;
    out->roles = staff.roles;
    out->agency = staff.agency;
    out->region = staff.region;
    return staff_name_open(ctx, &staff, &out->name);
}

/* ERR_NOT_FOUND, ERR_REFUSED: as above. */
static enum err
sitting_of(struct ctx *ctx, const struct approval *approval, struct stored_sitting *out)
{
    bool holds = false;
    enum err err = session_goes_on(ctx, approval->sid, &holds);

    if (err == OK && holds)
        err = subject_is_active(ctx, approval->subject, &holds);
    if (err == OK && !holds)
        err = ERR_NOT_FOUND;
    if (err == OK)
        err = store_sitting_load(ctx->store, ctx->arena, approval->sid, out);
    return err == OK && out->locked_at != 0 ? ERR_REFUSED : err;
}

enum err
staff_told_load(struct ctx *ctx, const struct approval *approval, struct staff_told *out)
{
    struct stored_sitting sitting;
    enum err err = sitting_of(ctx, approval, &sitting);

    *out = (struct staff_told) { .name = "" };
    if (err != OK)
        return err == ERR_REFUSED ? ERR_NOT_FOUND : err;
    out->counter_id = sitting.counter_id;
    return told_of(ctx, approval->subject.id, out);
}

enum err
staff_works(struct ctx *ctx, const struct approval *approval)
{
    struct stored_sitting sitting;
    enum err err = sitting_of(ctx, approval, &sitting);

    return err == OK ? session_used(ctx, approval->sid) : err;
}
