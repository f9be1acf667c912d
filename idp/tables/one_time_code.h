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
 * Takes one try of `tried`, the digest of what was typed, and tells what must be matched
 * (`code_digest`) and what is left (`tries_left`), in one statement, so no number of callers gets
 * more tries than there are. What was tried last costs no further try, and may be tried when none
 * is left. ERR_NOT_FOUND when there is no code, no try left, or it is too late.
 */
must_check enum err store_one_time_code_try(struct store *st, const struct digest *code_id,
                                            const struct digest *tried, unix_s now,
                                            struct digest *code_digest, int64_t *tries_left);

/* No more tries: tries_left is -1 from now on, and until `until` what was tried last may be tried again. */
must_check enum err store_one_time_code_spend(struct store *st, const struct digest *code_id,
                                              unix_s until);

/* Forgets this very code, which nobody was sent. OK when another has taken its place. */
must_check enum err store_one_time_code_remove(struct store *st, const struct stored_code *code);

/* Is there a code that can be tried? */
must_check enum err store_one_time_code_is_out(struct store *st, const struct digest *code_id,
                                               unix_s now, bool *out);

#endif
