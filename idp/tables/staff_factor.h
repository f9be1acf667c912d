/* SPDX-License-Identifier: Apache-2.0 */
/* What a row of `staff` has of our own: codes that enrol a factor, the factor, and whether she is stopped here. */
#ifndef IDP_TABLES_STAFF_FACTOR_H
#define IDP_TABLES_STAFF_FACTOR_H

#include <stdbool.h>

#include "idp/tables/staff.h"

#define STAFF_PAGE 100

struct stored_staff_list {
    struct stored_staff *at;
    size_t count;
};

/* By id, behind the id `after` ("": from the first), at most STAFF_PAGE. */
must_check enum err store_staff_list(struct store *st, struct arena *arena, const char *after,
                                     struct stored_staff_list *out);

/* What the directory says of her now: everything else of her row stays. She is active then, unless she is stopped
 * here. ERR_CONFLICT when her row came into being at this moment: all may be run again. */
must_check enum err store_staff_said(struct store *st, const struct stored_staff *told);

/* A code in place of the one before. ERR_NOT_FOUND when there is nobody of that name. */
must_check enum err store_staff_code(struct store *st, const char *staff_id,
                                     const struct digest *code, unix_s until);

/* Her factor is from now on what `enrolled` says. The code is used up by one caller: the others, and who comes too late,
 * get ERR_NOT_FOUND. */
must_check enum err store_staff_enrol(struct store *st, const struct stored_staff *enrolled,
                                      const struct digest *code);

/* ERR_NOT_FOUND when it is not in the state `from`. */
must_check enum err store_staff_change(struct store *st, const char *staff_id,
                                       enum staff_state from, enum staff_state to);

/* Has anybody a factor? */
must_check enum err store_staff_any_enrolled(struct store *st, bool *out);

#endif
