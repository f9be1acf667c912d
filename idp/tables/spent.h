/* SPDX-License-Identifier: Apache-2.0 */
/* Ids of sealed values that were used: what makes a code good for once. */
#ifndef IDP_TABLES_SPENT_H
#define IDP_TABLES_SPENT_H

#include "idp/store/store.h"

/*
 * One statement decides: of any number of callers racing on one id, on any number of nodes, exactly
 * one gets OK and the rest ERR_CONFLICT. The row must be remembered until `until`.
 */
must_check enum err store_spent_insert(struct store *st, const struct digest *id,
                                       const char *grant_id, unix_s until);

/* The grant that came of it, "" when none did. */
must_check enum err store_spent_find(struct store *st, struct arena *arena, const struct digest *id,
                                     const char **grant_id);

#endif
