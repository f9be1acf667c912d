/* SPDX-License-Identifier: Apache-2.0 */
/* Partners as rows: the profile is one JSON text, read whole by idp/partner/registry.h. */
#ifndef IDP_STORE_PARTNER_H
#define IDP_STORE_PARTNER_H

#include "idp/store/store.h"

struct stored_partner {
    const char *partner_id;
    const char *profile;
    struct bytes secret_digest; /* 32 bytes, or none */
    struct bytes secret_sealed; /* none, unless the partner signs with its secret */
    unix_s updated_at;
};

struct stored_partner_list {
    struct stored_partner *at;
    size_t count;
};

/* All rows, by id. */
must_check enum err store_partner_list(struct store *st, struct arena *arena,
                                       struct stored_partner_list *out);

/* Inserts or replaces. ERR_CONFLICT when another caller inserted the same partner at this moment:
 * try again. */
must_check enum err store_partner_put(struct store *st, const struct stored_partner *partner);

/* ERR_NOT_FOUND when there is none. */
must_check enum err store_partner_delete(struct store *st, const char *partner_id);

#endif
