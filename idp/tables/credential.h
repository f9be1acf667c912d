/* SPDX-License-Identifier: Apache-2.0 */
/* What a person proves to be herself with. */
#ifndef IDP_TABLES_CREDENTIAL_H
#define IDP_TABLES_CREDENTIAL_H

#include "idp/store/store.h"

enum credential_kind {
    CREDENTIAL_PASSWORD = 1
};

struct stored_credential {
    const char *secret; /* of a password: PHC string */
    unix_s created_at;
    unix_s updated_at;
};

/* Inserts or replaces. ERR_CONFLICT when another caller inserted the first one at this moment. */
must_check enum err store_credential_put(struct store *st, const char *person_id,
                                         enum credential_kind kind, const char *secret, unix_s now);
must_check enum err store_credential_find(struct store *st, struct arena *arena,
                                          const char *person_id, enum credential_kind kind,
                                          struct stored_credential *out);

#endif
