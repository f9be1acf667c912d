/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/loss_message.h"

#include <string.h>

#include "idp/base/text.h"
#include "idp/connect/card_feed.h"
#include "idp/connect/physical_card.h"
#include "idp/context/outbox.h"
#include "idp/context/trace.h"
#include "idp/person/card.h"
#include "keys/seal.h"
#include "keys/secret.h"

#define CONTEXT "card_loss.1"
#define LOSSES 3

/* What the bureau calls them. */
static const char *const kinds[LOSSES] = {
    [CARD_NOT_LOST] = "release",
    [CARD_LOSS_PROVISIONAL] = "provisional",
    [CARD_LOSS_FORMAL] = "formal",
};

/* What a delivery carries, sealed: no number, but where the mirror has it. */
struct loss_told {
    int64_t loss;
    unix_s at;
    unix_s lapses_at;
    struct digest holder;
    struct digest card_key;
};

static const char *
digest_text(struct ctx *ctx, const struct digest *digest)
{
    return hex_encode(ctx->arena, bytes_of(digest->bytes, sizeof(digest->bytes)));
}

enum err
loss_message_put(struct ctx *ctx, const struct stored_ecard *card)
{
    const char *plain =
        arena_printf(ctx->arena, "%lld %lld %lld %s %s", (long long)card->loss, (long long)ctx->now,
                     (long long)card->loss_lapses_at, digest_text(ctx, &card->holder),
                     digest_text(ctx, &card->card_key));
    const char *payload;
    enum err err;

    if (text_is_empty(ctx->settings->card_bureau.url))
        return OK;
    err =
        seal_text(&ctx->keys->data, ctx->env, ctx->arena, CONTEXT, bytes_of_text(plain), &payload);
    return err == OK ? outbox_put(ctx, &(struct outbox_entry) { .kind = OUTBOX_CARD_LOSS,
                                                                .person_id = card->person_id,
                                                                .payload = payload })
                     : err;
}

/* --- Telling --- */

static bool
number_read(struct arena *arena, const char **cursor, int64_t *out)
{
    size_t size = 0;
    const char *word = text_next_word(cursor, &size);

    return word != NULL && text_to_int(arena_copy(arena, word, size), 0, INT64_MAX, out) == OK;
}

static bool
digest_read(struct arena *arena, const char **cursor, struct digest *out)
{
    size_t size = 0;
    const char *word = text_next_word(cursor, &size);
    struct bytes bytes;

    if (word == NULL || hex_decode(arena, word, size, &bytes) != OK ||
        bytes.size != sizeof(out->bytes))
        return false;
    memcpy(out->bytes, bytes.at, sizeof(out->bytes));
    return true;
}

/* ERR_INVALID: of a newer version. */
static enum err
told_open(struct ctx *ctx, const struct stored_delivery *delivery, struct loss_told *out)
{
    struct bytes plain;
    const char *cursor;
    enum err err = seal_text_open(&ctx->keys->data, ctx->arena, CONTEXT, delivery->payload, &plain);

    if (err != OK)
        return err;
    cursor = arena_copy(ctx->arena, plain.at, plain.size);
    return number_read(ctx->arena, &cursor, &out->loss) && out->loss < LOSSES &&
                   number_read(ctx->arena, &cursor, &out->at) &&
                   number_read(ctx->arena, &cursor, &out->lapses_at) &&
                   digest_read(ctx->arena, &cursor, &out->holder) &&
                   digest_read(ctx->arena, &cursor, &out->card_key)
               ? OK
               : ERR_INVALID;
}

/* Two messages may overtake each other: an older one that comes late must not have the last word. A card
 * that she has no more was told of as it ended. */
static enum err
is_still_so(struct ctx *ctx, const char *person_id, const struct loss_told *told)
{
    struct stored_ecard card;
    enum err err = store_ecard_find(ctx->store, ctx->arena, person_id, &card);

    if (err == OK && digest_eq(&card.card_key, &told->card_key) && card.loss != told->loss)
        return ERR_NOT_FOUND;
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err
loss_message_tell(struct ctx *ctx, const struct stored_delivery *delivery, int *status)
{
    struct card_loss_message message = { .message_id = delivery->delivery_id };
    struct stored_physical_card card;
    struct loss_told told;
    enum err err = told_open(ctx, delivery, &told);

    (void)status; /* the connector has told the log */
    if (text_is_empty(ctx->settings->card_bureau.url))
        return ERR_NOT_FOUND;
    if (err == OK)
        err = is_still_so(ctx, delivery->person_id, &told);
    if (err == OK)
        err = store_physical_card_load(ctx->store, ctx->arena, &told.holder, &told.card_key, &card);
    if (err == OK)
        err = physical_number_open(ctx, &card, &message.card_no);
    if (err != OK)
        return err;
    message.region = card.region;
    message.kind = kinds[told.loss];
    message.at = told.at;
    message.lapses_at = told.loss == CARD_LOSS_PROVISIONAL ? told.lapses_at : 0;
    message.traceparent = trace_onward(ctx);
    return card_loss_tell(card_bureau_wire(ctx->services->card_bureau), ctx->arena, &message,
                          ctx->now);
}
