/* SPDX-License-Identifier: Apache-2.0 */
/* Codes sent by short message: a few tries, one use. */
#ifndef IDP_TABLES_ONE_TIME_CODE_H
#define IDP_TABLES_ONE_TIME_CODE_H

#include "idp/store/store.h"

struct stored_code {
    struct digest code_id; /* keyed, of purpose and phone */
    struct digest code_digest;
    int64_t tries_left;
    unix_s expires_at;
};

/* An earlier code of the same id gives way. ERR_CONFLICT when another caller put the
 * first one at this moment. */
must_check enum err store_one_time_code_put(struct store *st, const struct stored_code *code);

/*
 * Takes one try and tells what must be matched (`code_digest`) and what is left (`tries_left`), in
 * one statement, so no number of callers gets more tries than there are. ERR_NOT_FOUND when there
 * is no code, no try left, or it is too late.
 */
must_check enum err store_one_time_code_try(struct store *st, const struct digest *code_id,
                                            unix_s now, struct digest *code_digest,
                                            int64_t *tries_left);

/* Exactly one caller gets OK, the others ERR_NOT_FOUND. */
must_check enum err store_one_time_code_spend(struct store *st, const struct digest *code_id);

#endif
