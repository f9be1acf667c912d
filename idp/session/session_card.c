/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions: what a login by a card is worth once the card is lost. */
#include "idp/person/card.h"
#include "idp/session/session.h"
#include "policies/assurance.h"

/* She has logged in otherwise since: then the card itself says whether it still stands. Who has no electronic card has only
 * shown a physical one. */
static enum err
card_stands(struct ctx *ctx, const char *person_id, bool *out)
{
    struct card card;
    enum err err = card_find(ctx, person_id, &card);

    *out = err != OK || (card.state != CARD_SUSPENDED && card.state != CARD_REVOKED);
    return err == ERR_NOT_FOUND ? OK : err;
}

/* A session by a card has fallen when that was lost. One that began behind the loss is by another card of hers. */
static enum err
card_carries(struct ctx *ctx, const struct approval *approval, bool *out)
{
    struct stored_session row;
    enum err err = store_session_load(ctx->store, ctx->arena, approval->sid, &row);

    if (err == OK && !card_is_in_amr(row.amr))
        return card_stands(ctx, approval->subject.id, out);
    *out = err == OK && row.level >= acr_wanted(approval->acr);
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err
session_carries(struct ctx *ctx, const struct approval *approval, bool *out)
{
    enum err err = session_goes_on(ctx, approval->sid, out);

    return err == OK && *out && card_is_in_amr(approval->amr) ? card_carries(ctx, approval, out)
                                                              : err;
}
