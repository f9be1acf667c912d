/* SPDX-License-Identifier: Apache-2.0 */
/* Partners as rows: the profile is one JSON text, read whole by idp/partner/registry.h. */
#ifndef IDP_TABLES_PARTNER_H
#define IDP_TABLES_PARTNER_H

#include "idp/store/store.h"

/* So many may be registered, and so many are listed at a time. */
#define PARTNERS_MAX 10000
#define PARTNER_PAGE 100
/* A removed partner's secrets stay as long: one that comes back has them still. */
#define PARTNER_SECRET_KEPT_S (30 * 86400)

struct stored_partner {
    const char *partner_id;
    const char *profile;
    struct bytes secret_digest; /* 32 bytes, or none */
    struct bytes secret_sealed; /* none, unless the partner signs with its secret */
    unix_s secret_at;           /* the secret was made; 0: nobody knows */
    /* The secret from before the last rotation, good until then. When that time is over its digest
     * stays: a file that still names it shall not bring it back. */
    struct bytes before_digest;
    struct bytes before_sealed;
    unix_s before_until;
    unix_s since; /* nothing older is this partner's (ADR 0013) */
    unix_s updated_at;
    unix_s removed_at; /* 0: it is registered */
};

struct stored_partner_list {
    struct stored_partner *at;
    size_t count;
};

/* One page of those registered, by id, behind the id `after` ("": from the first). */
must_check enum err store_partner_list(struct store *st, struct arena *arena, const char *after,
                                       struct stored_partner_list *out);

/* Removed ones too, until they are swept. */
must_check enum err store_partner_list_all(struct store *st, struct arena *arena, const char *after,
                                           struct stored_partner_list *out);
must_check enum err store_partner_load(struct store *st, struct arena *arena,
                                       const char *partner_id, struct stored_partner *out);

/* Inserts or replaces, a removed one's row too. ERR_CONFLICT when another caller inserted the same
 * partner at this moment: try again. */
must_check enum err store_partner_put(struct store *st, const struct stored_partner *partner);

/* Its id, times and secrets stay, until they are swept. ERR_NOT_FOUND when none is registered. */
must_check enum err store_partner_remove(struct store *st, const char *partner_id, unix_s now);

/* Was one removed at `at` or later? */
must_check enum err store_partner_any_removed(struct store *st, unix_s at, bool *out);

/* When the partner of that id was last removed. ERR_NOT_FOUND when it is registered,
 * never was, or is forgotten. */
must_check enum err store_partner_removed_at(struct store *st, const char *partner_id, unix_s *out);

#endif
