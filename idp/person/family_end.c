/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/family_end.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/person/notice.h"
#include "idp/person/vault.h"
#include "policies/family.h"

#define PERSON_PREFIX "p_"

/* The trail is the member's: it is her card. */
enum err
family_audit(struct ctx *ctx, const struct stored_card_family *link, const char *word,
             const char *more)
{
    struct audit_record record = { .event = AUDIT_CARD_FAMILY };

    record.reason = text_is_empty(more)
                        ? arena_printf(ctx->arena, "%s %s", word, link->person_id)
                        : arena_printf(ctx->arena, "%s %s: %s", word, link->person_id, more);
    if (text_starts(link->member_id, PERSON_PREFIX))
        record.subject = subject_person(link->member_id);
    return audit_write(ctx, &record);
}

enum err
family_tell(struct ctx *ctx, const char *person_id)
{
    struct person person;
    enum err err;

    if (!text_starts(person_id, PERSON_PREFIX))
        return OK;
    err = person_load(ctx, person_id, &person);
    if (err == OK)
        return notice_put(ctx, person_id, person.phone, NOTICE_FAMILY);
    return err == ERR_NOT_FOUND || err == ERR_FORGED ? OK : err;
}

enum err
family_end_link(struct ctx *ctx, const struct stored_card_family *link, const char *word,
                const char *more)
{
    struct stored_card_family ended = *link;
    enum err err;

    ended.ended_at = ctx->now;
    err = store_card_family_end(ctx->store, &ended);
    return err == OK ? family_audit(ctx, link, word, more) : err;
}

static enum err
list_end(struct ctx *ctx, const struct stored_card_family_list *list, const char *person_id,
         const char *word)
{
    enum err err = OK;

    for (size_t i = 0; err == OK && i < list->count; i++) {
        const struct stored_card_family *link = &list->at[i];
        bool is_shower = text_eq(link->person_id, person_id);

        err = family_end_link(ctx, link, word, NULL);
        if (err == OK && link->state == FAMILY_AGREED)
            err = family_tell(ctx, is_shower ? link->member_id : link->person_id);
        if (err == ERR_NOT_FOUND) /* ended a moment ago */
            err = OK;
    }
    return err;
}

enum err
family_end_all(struct ctx *ctx, const char *person_id, const char *word)
{
    struct stored_card_family_list shown = { .count = CARD_FAMILY_PAGE };
    struct stored_card_family_list showing = { .count = CARD_FAMILY_PAGE };
    enum err err = OK;

    while (err == OK && shown.count == CARD_FAMILY_PAGE) {
        err = store_card_family_list(ctx->store, ctx->arena, person_id, &shown);
        if (err == OK)
            err = list_end(ctx, &shown, person_id, word);
    }
    while (err == OK && showing.count == CARD_FAMILY_PAGE) {
        err = store_card_family_list_of_member(ctx->store, ctx->arena, person_id, &showing);
        if (err == OK)
            err = list_end(ctx, &showing, person_id, word);
    }
    return err;
}
