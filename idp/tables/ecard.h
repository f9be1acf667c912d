/* SPDX-License-Identifier: Apache-2.0 */
/* Electronic social-security cards: the one that a person has, and those that she had, whose ids never come again. */
#ifndef IDP_TABLES_ECARD_H
#define IDP_TABLES_ECARD_H

#include "idp/store/store.h"

struct stored_ecard {
    const char *person_id;
    const char *card_id;  /* "c_…", which is its number too */
    struct digest holder; /* with card_key: the physical card it is of (physical_card.h) */
    struct digest card_key;
    const char *region;    /* 6 digits */
    int64_t own_state;     /* enum ecard_own, of policies/card_state.h; so is the next */
    int64_t loss;          /* enum card_loss: reported to us */
    unix_s loss_at;        /* 0: never */
    unix_s loss_lapses_at; /* of a provisional loss; 0: it does not lapse */
    int64_t valid_to;      /* last day, yyyymmdd */
    unix_s issued_at;
    unix_s activated_at; /* for paying; 0: it is not */
    unix_s changed_at;
};

/* ERR_CONFLICT when she has one: the primary key decides that a person has one card. */
must_check enum err store_ecard_insert(struct store *st, const struct stored_ecard *card);

must_check enum err store_ecard_find(struct store *st, struct arena *arena, const char *person_id,
                                     struct stored_ecard *out);

/*
 * In a transaction: her card has that id; it is read as it was changed last, and whoever changes it waits for this
 * transaction, or has been waited for. ERR_NOT_FOUND: she has none, or another.
 */
must_check enum err store_ecard_hold(struct store *st, struct arena *arena, const char *person_id,
                                     const char *card_id, struct stored_ecard *out);

/* States, times and last day from now on. For who holds it in the same transaction, so that nothing that somebody else
 * has just changed is lost. ERR_NOT_FOUND as above. */
must_check enum err store_ecard_change(struct store *st, const struct stored_ecard *card);

/* One that she had. */
struct stored_ecard_past {
    const char *person_id;
    const char *card_id;
    const char *region;
    int64_t loss;
    unix_s issued_at;
    unix_s closed_at;
    const char *reason; /* a word of who closed it, as in the audit trail */
};

struct ecard_past_list {
    struct stored_ecard_past *at;
    size_t count;
};

#define ECARD_PAST_PAGE 50

/* In a transaction: it is the past from now on. One caller closes it, the others get ERR_NOT_FOUND. */
must_check enum err store_ecard_close(struct store *st, const struct stored_ecard *card,
                                      const char *reason, unix_s now);

/* Those that she had, the last closed first, ECARD_PAST_PAGE at most. */
must_check enum err store_ecard_past_list(struct store *st, struct arena *arena,
                                          const char *person_id, struct ecard_past_list *out);

#endif
