/* SPDX-License-Identifier: Apache-2.0 */
/* Family cards: whose electronic card a person may show. One row for two people, however often they were linked. */
#ifndef IDP_TABLES_CARD_FAMILY_H
#define IDP_TABLES_CARD_FAMILY_H

#include "idp/store/store.h"

struct stored_card_family {
    const char *person_id; /* who may show */
    const char *member_id; /* whose card; "u_…" where she has no account that could be asked */
    int64_t kinship;       /* enum kinship, of policies/family.h */
    int64_t state;         /* enum family_state, of the same */
    unix_s asked_at;
    unix_s agreed_at; /* 0: never */
    unix_s ended_at;  /* 0: it has not */
};

struct stored_card_family_list {
    struct stored_card_family *at;
    size_t count;
};

/* So many are listed: no limit lets through more of one kinship than FAMILY_LIMIT_MAX. */
#define CARD_FAMILY_PAGE 100

must_check enum err store_card_family_find(struct store *st, struct arena *arena,
                                           const char *person_id, const char *member_id,
                                           struct stored_card_family *out);

/* The same in a transaction: whoever ends the link waits for that one, or has been waited for. */
must_check enum err store_card_family_hold(struct store *st, struct arena *arena,
                                           const char *person_id, const char *member_id,
                                           struct stored_card_family *out);

/* In place of the one there is, if any. For who holds the person's row in the same transaction (store_person_hold):
 * then nothing comes between looking and putting. */
must_check enum err store_card_family_put(struct store *st,
                                          const struct stored_card_family *family);

/* She has agreed, to what was asked after `asked_after`. ERR_NOT_FOUND: there is no such question any more. */
must_check enum err store_card_family_agree(struct store *st,
                                            const struct stored_card_family *family,
                                            unix_s asked_after);

/* family->ended_at; who races on it gets OK once. ERR_NOT_FOUND: it has ended, or is none. */
must_check enum err store_card_family_end(struct store *st,
                                          const struct stored_card_family *family);

/* Those that have not ended, the oldest first: whom she may show or has asked … */
must_check enum err store_card_family_list(struct store *st, struct arena *arena,
                                           const char *person_id,
                                           struct stored_card_family_list *out);
/* … and who may show her card, or asks for it. */
must_check enum err store_card_family_list_of_member(struct store *st, struct arena *arena,
                                                     const char *member_id,
                                                     struct stored_card_family_list *out);

/* Both, ended ones too: what an operator is told. The newest first. */
must_check enum err store_card_family_history(struct store *st, struct arena *arena,
                                              const char *person_id,
                                              struct stored_card_family_list *out);

/* What she asked before then of who has no account is forgotten. */
must_check enum err store_card_family_forget(struct store *st, const char *person_id,
                                             unix_s asked_before);

#endif
