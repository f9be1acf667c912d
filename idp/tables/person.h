/* SPDX-License-Identifier: Apache-2.0 */
/* Persons, and the keyed digests by which one is found. Personal data is
 * sealed before it comes here. */
#ifndef IDP_TABLES_PERSON_H
#define IDP_TABLES_PERSON_H

#include "idp/store/store.h"

enum person_state {
    PERSON_ACTIVE = 1,
    PERSON_DISABLED,
    PERSON_CLOSED,
    PERSON_DECEASED
};

struct stored_person {
    const char *person_id;
    int64_t state; /* enum person_state */
    struct bytes name_sealed;
    struct bytes identity_sealed;
    struct bytes phone_sealed;
    int64_t birth_date; /* yyyymmdd */
    unix_s phone_verified_at;
    unix_s created_at;
    unix_s updated_at;
    unix_s secured_at; /* password or phone were changed last; 0: never */
};

/* ERR_CONFLICT when the id is taken. */
must_check enum err store_person_insert(struct store *st, const struct stored_person *person);
must_check enum err store_person_load(struct store *st, struct arena *arena, const char *person_id,
                                      struct stored_person *out);
/* Only the state: what every request of a session asks. */
must_check enum err store_person_state(struct store *st, const char *person_id, int64_t *out);
/* ERR_NOT_FOUND when there is no such person. */
must_check enum err store_person_set_state(struct store *st, const char *person_id,
                                           enum person_state state, unix_s now);

/*
 * Her credentials are being changed, by a proof that began at `begun_at`: exactly one of those that
 * began before the last change may do it. ERR_NOT_FOUND for the others, and when she is not active
 * or absent. Her row is the caller's until the end of the transaction.
 */
must_check enum err store_person_secure(struct store *st, const char *person_id, unix_s begun_at,
                                        unix_s now);
/* Nobody secures her until the end of the transaction, and nobody has since `begun_at`:
 * ERR_NOT_FOUND. */
must_check enum err store_person_hold(struct store *st, const char *person_id, unix_s begun_at);
must_check enum err store_person_secured_at(struct store *st, const char *person_id, unix_s *out);

/* ERR_NOT_FOUND when there is no such person. */
must_check enum err store_person_set_phone(struct store *st, const char *person_id,
                                           struct bytes phone_sealed, unix_s verified_at,
                                           unix_s now);

must_check enum err store_person_set_name(struct store *st, const char *person_id,
                                          struct bytes name_sealed, unix_s now);

/* person->identity_sealed, birth_date and updated_at. */
must_check enum err store_person_set_identity(struct store *st, const struct stored_person *person);

/* She has proven her number once more. ERR_NOT_FOUND as above. */
must_check enum err store_person_confirm_phone(struct store *st, const char *person_id, unix_s now);

/* What must be unique among all persons. */
enum person_key_kind {
    PERSON_KEY_IDENTITY = 1,
    PERSON_KEY_PHONE = 2,
    PERSON_KEY_EXTERNAL = 3,       /* who she is in an application at a provider */
    PERSON_KEY_EXTERNAL_UNION = 4, /* and in all of ours there */
};

/* ERR_CONFLICT when somebody has that digest already: this decides that
 * one person has one account. */
must_check enum err store_person_key_insert(struct store *st, enum person_key_kind kind,
                                            const struct digest *digest, const char *person_id,
                                            unix_s now);
must_check enum err store_person_key_find(struct store *st, struct arena *arena,
                                          enum person_key_kind kind, const struct digest *digest,
                                          const char **person_id);
/* ERR_NOT_FOUND when there is none. */
must_check enum err store_person_key_delete(struct store *st, enum person_key_kind kind,
                                            const struct digest *digest);

#endif
