/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/family_row.h"

#include "idp/base/text.h"
#include "idp/person/family_end.h"
#include "idp/tables/person.h"
#include "keys/secret.h"

/* Of who has no account nothing but that she waits. */
enum err
family_judge(struct ctx *ctx, const struct stored_card_family *link, struct family_member *out)
{
    struct family_facts facts = { link->state, link->asked_at, link->agreed_at, 0 };
    struct stored_person person = { .state = PERSON_CLOSED };
    enum err err = OK;

    if (!text_starts(link->member_id, FAMILY_NOBODY))
        err = store_person_load(ctx->store, ctx->arena, link->member_id, &person);
    if (err != OK)
        return err;
    facts.member_born = (int32_t)person.birth_date;
    *out =
        (struct family_member) { person.state == PERSON_ACTIVE, family_standing(&facts, ctx->now) };
    return OK;
}

const char *
family_ref(struct ctx *ctx, const struct stored_card_family *link)
{
    struct digest digest =
        digest_keyed_texts(&ctx->keys->csrf, "card.family", link->person_id, link->member_id, NULL);

    return base64url_encode(ctx->arena, bytes_of(digest.bytes, FAMILY_REF_BYTES));
}

enum err
family_tell_both(struct ctx *ctx, const struct stored_card_family *link)
{
    enum err err = family_tell(ctx, link->person_id);

    return err == OK ? family_tell(ctx, link->member_id) : err;
}
