/* SPDX-License-Identifier: Apache-2.0 */
/* What the session of a member of staff has beside its row in `session`: whose it is, and at which counter. */
#ifndef IDP_TABLES_SITTING_H
#define IDP_TABLES_SITTING_H

#include "idp/store/store.h"

struct stored_sitting {
    const char *sid;
    const char *staff_id;
    const char *counter_id;
    unix_s locked_at; /* 0: it is not */
    unix_s begun_at;
    unix_s expires_at; /* as the session's */
};

/* ERR_CONFLICT when the sid is taken. */
must_check enum err store_sitting_insert(struct store *st, const struct stored_sitting *sitting);

must_check enum err store_sitting_load(struct store *st, struct arena *arena, const char *sid,
                                       struct stored_sitting *out);

/* Locked at that time; 0: opened again. ERR_NOT_FOUND: there is none. */
must_check enum err store_sitting_lock(struct store *st, const char *sid, unix_s locked_at);

#endif
