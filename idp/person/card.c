/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/card.h"

#include "idp/base/log.h"
#include "keys/seal.h"
#include "keys/secret.h"

/* A row whose physical card the mirror has not (yet) is nothing to rely on. */
static enum err
judge(struct ctx *ctx, struct card *card)
{
    const struct stored_ecard *row = &card->row;
    struct card_facts facts = {
        .own = row->own_state,
        .loss = row->loss,
        .loss_lapses_at = row->loss_lapses_at,
        .valid_to = row->valid_to,
        .physical = PHYSICAL_LOCKED,
    };
    enum err err = store_physical_card_load(ctx->store, ctx->arena, &row->holder, &row->card_key,
                                            &card->physical);

    if (err == OK) {
        facts.physical = card->physical.state;
        facts.physical_lapses_at = card->physical.lapses_at;
        facts.physical_valid_to = card->physical.valid_to;
    } else if (err == ERR_NOT_FOUND) {
        card->physical = (struct stored_physical_card) { 0 };
        err = OK;
    }
    card->state = card_effective(&facts, ctx->now);
    return err;
}

enum err
card_find(struct ctx *ctx, const char *person_id, struct card *out)
{
    enum err err = store_ecard_find(ctx->store, ctx->arena, person_id, &out->row);

    return err == OK ? judge(ctx, out) : err;
}

enum err
card_hold(struct ctx *ctx, const char *person_id, const char *card_id, struct card *out)
{
    enum err err = store_ecard_hold(ctx->store, ctx->arena, person_id, card_id, &out->row);

    return err == OK ? judge(ctx, out) : err;
}

struct digest
physical_card_key(const struct ctx *ctx, const char *region, const char *number)
{
    return digest_keyed_texts(&ctx->keys->index, "physical_card", region, number, NULL);
}

static const char *
number_context(struct ctx *ctx, const struct digest *card_key)
{
    return arena_printf(ctx->arena, "physical_card.number.%s",
                        hex_encode(ctx->arena, bytes_of(card_key->bytes, sizeof(card_key->bytes))));
}

enum err
physical_number_seal(struct ctx *ctx, const struct digest *card_key, const char *number,
                     struct bytes *out)
{
    return seal(&ctx->keys->data, ctx->env, ctx->arena, number_context(ctx, card_key),
                bytes_of_text(number), out);
}

enum err
physical_number_open(struct ctx *ctx, const struct stored_physical_card *card, const char **number)
{
    struct bytes plain;
    enum err err = seal_open(&ctx->keys->data, ctx->arena, number_context(ctx, &card->card_key),
                             card->number_sealed, &plain);

    if (err == OK)
        *number = arena_copy(ctx->arena, plain.at, plain.size);
    else if (err == ERR_FORGED)
        log_line(LOG_ERROR, "vault.tampered", log_text("column", "physical_card.number"));
    return err;
}
