/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/backchannel_reply.h"

#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/partner/consent.h"
#include "idp/person/attempts.h"
#include "idp/person/vault.h"
#include "idp/session/backchannel_answer.h"
#include "policies/phone.h"
#include "policies/typed.h"

#define DIGITS_MAX 16

static enum err
rejected(struct ctx *ctx, const char *reason)
{
    audit_note(ctx, &(struct audit_record) { .event = AUDIT_REPLY_REJECTED, .reason = reason });
    return OK;
}

/* Whose number it is now must be whom the question was for. */
static enum err
sender_find(struct ctx *ctx, const char *phone, const char *digits, struct stored_pending *row,
            const struct partner **partner)
{
    const char *person_id;
    enum err err = backchannel_by_reply(ctx, phone, digits, row);

    if (err == OK)
        err = person_find_by_phone(ctx, phone, &person_id);
    if (err != OK)
        return err;
    *partner = registry_find(ctx->services->registry, row->partner_id);
    if (*partner == NULL || row->created_at < (*partner)->since ||
        !text_eq(person_id, row->person_id))
        return ERR_NOT_FOUND;
    return OK;
}

/* She agrees to be known to the partner, and to nothing beyond (backchannel_redeem.c). */
static enum err
approve(struct ctx *ctx, const struct partner *partner, const struct stored_pending *row)
{
    struct backchannel_asked asked;
    enum err err = backchannel_asked_open(ctx, row, &asked);

    if (err == OK)
        err = consent_give(ctx, partner, row->person_id, "openid", NULL);
    if (err == OK)
        err = backchannel_approve(ctx,
                                  &(struct backchannel_word) { row, &asked, row->person_id, "" });
    return err == ERR_NOT_FOUND ? OK : err; /* decided already: by this answer, or elsewhere */
}

static enum err
judged(struct ctx *ctx, const char *phone, const char *digits)
{
    const struct attempt_line line = { .kind = ATTEMPT_REPLY, .subject = phone };
    const struct partner *partner;
    struct stored_pending row;
    bool allowed;
    enum err err = attempt_take(ctx, line.kind, line.subject, &allowed);

    if (err != OK)
        return err;
    if (!allowed)
        return rejected(ctx, "tries");
    err = sender_find(ctx, phone, digits, &row, &partner);
    if (err == ERR_NOT_FOUND)
        return rejected(ctx, "unknown");
    if (err != OK)
        return err;
    attempts_give_back(ctx, &line, 1);
    partner_enter(ctx, partner);
    return approve(ctx, partner, &row);
}

enum err
backchannel_reply(struct ctx *ctx, const char *phone_number, const char *content)
{
    char digits[DIGITS_MAX + 1];
    const char *phone;

    if (phone_check(ctx->arena, phone_number, &phone) != NULL)
        return rejected(ctx, "number");
    if (!typed_ascii(content, digits, sizeof(digits)) || !typed_is_digits(digits))
        digits[0] = '\0'; /* fits nothing, and counts */
    return judged(ctx, phone, digits);
}
