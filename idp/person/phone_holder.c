/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/phone_holder.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/person/vault.h"

enum err
phone_holder_find(struct ctx *ctx, const char *person_id, const char *phone,
                  struct phone_holder *out)
{
    struct stored_person row;
    const char *holder;
    enum err err = person_find_by_phone(ctx, phone, &holder);

    *out = (struct phone_holder) { .person_id = NULL };
    if (err == ERR_NOT_FOUND || (err == OK && text_eq(holder, person_id)))
        return OK;
    if (err == OK)
        err = store_person_load(ctx->store, ctx->arena, holder, &row);
    if (err != OK)
        return err;
    out->person_id = holder;
    out->lately = ctx->now - row.phone_verified_at < ctx->settings->life.phone_s;
    return OK;
}

enum err
phone_holder_dispossess(struct ctx *ctx, const char *person_id, const char *reason)
{
    struct person person;
    enum err err = store_person_secure(ctx->store, person_id, TIME_NEVER, ctx->now);

    if (err == OK || err == ERR_NOT_FOUND) /* she is disabled, and logs in by nothing */
        err = person_load(ctx, person_id, &person);
    if (err == OK)
        err = person_drop_phone(ctx, &person);
    if (err == OK)
        err = audit_write(ctx, &(struct audit_record) { .event = AUDIT_PHONE_RECYCLED,
                                                        .reason = reason,
                                                        .subject = subject_person(person_id) });
    return err;
}
