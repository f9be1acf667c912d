/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a person proves to be herself with: the table `person_credential`, and for passwords the
 * table `credential` of the version before too (docs/adr/0021).
 */
#ifndef IDP_TABLES_CREDENTIAL_H
#define IDP_TABLES_CREDENTIAL_H

#include "idp/store/store.h"

enum credential_kind {
    CREDENTIAL_PASSWORD = 1,
    CREDENTIAL_CARD_PASSWORD = 2 /* of her electronic card: six digits */
};

/* Of one kind a person has as many as there are ids. "" is the id of what she has one of. */
struct credential_key {
    const char *person_id;
    enum credential_kind kind;
    const char *credential_id;
};

struct credential_key credential_password(const char *person_id);
struct credential_key credential_card_password(const char *person_id);

struct stored_credential {
    const char *secret; /* of a password: PHC string */
    unix_s created_at;
    unix_s updated_at;
};

/* ERR_CONFLICT when there is one: the primary keys decide among callers, those of the version before
 * among them. Several statements: ERR_INTERNAL outside a transaction. */
must_check enum err store_credential_insert(struct store *st, const struct credential_key *key,
                                            const char *secret, unix_s now);

must_check enum err store_credential_find(struct store *st, struct arena *arena,
                                          const struct credential_key *key,
                                          struct stored_credential *out);

/* The secret from now on, whether there was one or not. Several statements: ERR_INTERNAL outside a
 * transaction. */
must_check enum err store_credential_put(struct store *st, const struct credential_key *key,
                                         const char *secret, unix_s now);

/* Another form of the secret that was found. */
struct credential_form {
    const char *found;
    const char *renewed;
};

/* OK also when what was found is no longer there: what has taken its place stays. Several
 * statements: ERR_INTERNAL outside a transaction. */
must_check enum err store_credential_renew(struct store *st, const struct credential_key *key,
                                           const struct credential_form *form, unix_s now);

#endif
