/* SPDX-License-Identifier: Apache-2.0 */
/* What the card office says of physical social-security cards, mirrored (docs/adr/0050). */
#ifndef IDP_TABLES_PHYSICAL_CARD_H
#define IDP_TABLES_PHYSICAL_CARD_H

#include "idp/store/store.h"

struct stored_physical_card {
    struct digest holder;   /* idp/person/vault.h, identity_digest() */
    struct digest card_key; /* keyed, of region and number */
    const char *region;     /* 6 digits */
    struct bytes number_sealed;
    int64_t state;      /* enum physical_state */
    int64_t valid_from; /* yyyymmdd */
    int64_t valid_to;   /* last day */
    unix_s lapses_at;   /* of a provisional loss; 0: it does not lapse */
    int64_t position;   /* of the change in the office's feed */
    unix_s changed_at;
};

struct physical_card_list {
    struct stored_physical_card *at;
    size_t count;
};

/* So many cards of one holder are read at most, the latest changed first. */
#define PHYSICAL_CARD_PAGE 20

/* A change of a later position takes the place of what is there, one of an earlier or the same changes
 * nothing. Several statements: ERR_INTERNAL outside a transaction, and ERR_CONFLICT when another caller has
 * just put the same card. */
must_check enum err store_physical_card_put(struct store *st, struct arena *arena,
                                            const struct stored_physical_card *card);

must_check enum err store_physical_card_load(struct store *st, struct arena *arena,
                                             const struct digest *holder,
                                             const struct digest *card_key,
                                             struct stored_physical_card *out);

/* Whose card that is; of several, as after an error of the office, the one that was changed last. */
must_check enum err store_physical_card_holder(struct store *st, const struct digest *card_key,
                                               struct digest *out);

/* All of a holder's. */
must_check enum err store_physical_card_list(struct store *st, struct arena *arena,
                                             const struct digest *holder,
                                             struct physical_card_list *out);

#endif
