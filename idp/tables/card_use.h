/* SPDX-License-Identifier: Apache-2.0 */
/* Where an electronic card was used: one row for each code that was accepted. */
#ifndef IDP_TABLES_CARD_USE_H
#define IDP_TABLES_CARD_USE_H

#include "idp/store/store.h"

struct stored_card_use {
    const char *person_id; /* the holder */
    const char *use_id;    /* one for each code */
    unix_s at;             /* when it was scanned; off line, by the terminal's word */
    const char *card_id;
    const char *partner_id;
    const char *terminal_id; /* of that partner; "": none */
    const char *purpose;     /* policies/card_purpose.def */
    const char *shown_by;    /* the person who showed it for her; "": she did */
};

struct stored_card_use_list {
    struct stored_card_use *at;
    size_t count;
};

/* So many are listed at a time. */
#define CARD_USE_PAGE 50

/* ERR_CONFLICT when the id is taken. */
must_check enum err store_card_use_insert(struct store *st, const struct stored_card_use *use);

/* A person's, the newest first, of before that second (TIME_NEVER: all). */
must_check enum err store_card_use_list(struct store *st, struct arena *arena,
                                        const char *person_id, unix_s before,
                                        struct stored_card_use_list *out);

/* Was the card of hers used by another partner at that second or after it? */
struct card_use_elsewhere {
    const char *person_id;
    const char *partner_id; /* not by this one */
    unix_s since;
};
must_check enum err store_card_use_is_elsewhere(struct store *st,
                                                const struct card_use_elsewhere *which, bool *out);

#endif
