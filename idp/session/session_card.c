/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions: what a login by a card is worth once the card is lost. */
#include "idp/person/card.h"
#include "idp/session/session.h"
#include "policies/assurance.h"

/* The card is not stopped, and the session has not fallen for it. Who has no electronic card has only shown a
 * physical one. */
static enum err
card_carries(struct ctx *ctx, const struct approval *approval, bool *out)
{
    struct stored_session row;
    struct card card;
    enum err err = store_session_load(ctx->store, ctx->arena, approval->sid, &row);

    if (err == OK)
        *out = !card_is_in_amr(row.amr) || row.level >= acr_wanted(approval->acr);
    if (err == OK)
        err = card_find(ctx, approval->subject.id, &card);
    if (err == OK && (card.state == CARD_SUSPENDED || card.state == CARD_REVOKED))
        *out = false;
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err
session_carries(struct ctx *ctx, const struct approval *approval, bool *out)
{
    enum err err = session_goes_on(ctx, approval->sid, out);

    return err == OK && *out && card_is_in_amr(approval->amr) ? card_carries(ctx, approval, out)
                                                              : err;
}
