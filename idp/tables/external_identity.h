/* SPDX-License-Identifier: Apache-2.0 */
/* Whom somebody elsewhere is here: the table `external_identity`. Who it is when only that is known
 * says person_key (person.h), by the same digests. */
#ifndef IDP_TABLES_EXTERNAL_IDENTITY_H
#define IDP_TABLES_EXTERNAL_IDENTITY_H

#include "idp/store/store.h"

struct external_identity {
    const char *person_id;
    struct digest identity;     /* keyed, of provider, application and the name she has there */
    const char *provider;       /* "wechat" */
    const char *application;    /* of ours, which the provider knows her in */
    struct digest union_digest; /* keyed, of what all our applications know her by; zero: nothing */
    unix_s bound_at;
    unix_s seen_at; /* to the day */
};

/* ERR_CONFLICT when she has that one. */
must_check enum err store_external_identity_insert(struct store *st,
                                                   const struct external_identity *identity);

must_check enum err store_external_identity_find(struct store *st, struct arena *arena,
                                                 const char *person_id,
                                                 const struct digest *identity,
                                                 struct external_identity *out);

/* What may change: union_digest and seen_at. ERR_NOT_FOUND when it is gone. */
must_check enum err store_external_identity_update(struct store *st,
                                                   const struct external_identity *identity);

/* At most so many of one person are listed. */
#define EXTERNAL_IDENTITIES_MAX 64

struct external_identities {
    struct external_identity *at;
    size_t count;
};

/* The oldest first. */
must_check enum err store_external_identity_list(struct store *st, struct arena *arena,
                                                 const char *person_id,
                                                 struct external_identities *out);

/* All of hers. */
must_check enum err store_external_identity_delete(struct store *st, const char *person_id);

#endif
