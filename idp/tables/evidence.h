/* SPDX-License-Identifier: Apache-2.0 */
/* Dated proofs of identity. What one is worth today is decided from all of them
 * by policies/assurance.h. */
#ifndef IDP_TABLES_EVIDENCE_H
#define IDP_TABLES_EVIDENCE_H

#include "idp/store/store.h"

struct stored_evidence {
    const char *person_id;
    const char *evidence_id;
    int64_t kind;
    const char *source;
    const char *reference;
    const char *detail;
    unix_s proven_at;
    unix_s expires_at;   /* 0: never */
    unix_s withdrawn_at; /* 0: not */
};

/* A person has at most so many, withdrawn and expired ones too. */
#define EVIDENCE_MAX 256

struct evidence_list {
    struct stored_evidence *at;
    size_t count;
};

/* ERR_CONFLICT when the person has evidence of that id, ERR_FULL when she has EVIDENCE_MAX. */
must_check enum err store_evidence_insert(struct store *st, const struct stored_evidence *evidence);

/* None that she has is worth anything from now on, but those of the kind `but`. OK also when there is none. */
must_check enum err store_evidence_withdraw(struct store *st, const char *person_id, int64_t but,
                                            unix_s now);

/* All of a person's, expired and withdrawn ones too, newest first. */
must_check enum err store_evidence_list(struct store *st, struct arena *arena,
                                        const char *person_id, struct evidence_list *out);

#endif
