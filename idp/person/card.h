/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A person's electronic social-security card as it stands now: her row, and the physical card that it is of in the
 * mirror of the card office (docs/adr/0049). Whether the mirror is fresh is another question, and another layer's.
 */
#ifndef IDP_PERSON_CARD_H
#define IDP_PERSON_CARD_H

#include "idp/context/ctx.h"
#include "idp/tables/ecard.h"
#include "idp/tables/physical_card.h"
#include "policies/card_state.h"

struct card {
    struct stored_ecard row;
    struct stored_physical_card
        physical; /* all zero when the mirror has none: the card is suspended */
    enum card_effective state;
};

/* ERR_NOT_FOUND: she has none. */
must_check enum err card_find(struct ctx *ctx, const char *person_id, struct card *out);

/* In a transaction, and nobody changes it until that ends: her card of that id. ERR_NOT_FOUND: she has none, or
 * another. */
must_check enum err card_hold(struct ctx *ctx, const char *person_id, const char *card_id,
                              struct card *out);

/* What the mirror keeps of a physical card: its key, and its number sealed. */
struct digest physical_card_key(const struct ctx *ctx, const char *region, const char *number);
must_check enum err physical_number_seal(struct ctx *ctx, const struct digest *card_key,
                                         const char *number, struct bytes *out);
/* ERR_FORGED when it was tampered with (logged). */
must_check enum err physical_number_open(struct ctx *ctx, const struct stored_physical_card *card,
                                         const char **number);

#endif
