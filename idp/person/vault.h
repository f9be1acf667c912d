/* SPDX-License-Identifier: Apache-2.0 */
/* Personal data at rest: sealed per field (context = table, column, row),
 * found again by keyed digest. */
#ifndef IDP_PERSON_VAULT_H
#define IDP_PERSON_VAULT_H

#include "idp/context/ctx.h"
#include "idp/tables/person.h"

/* A person with the sealed fields opened. Lives in the request's arena and is wiped with it. */
struct person {
    const char *person_id;
    enum person_state state;
    const char *name;
    const char *identity_number;
    const char *phone; /* E.164; "": her number has become somebody else's */
    int32_t birth_date;
    unix_s phone_verified_at;
    unix_s created_at;
    unix_s secured_at;
};

/* ERR_NOT_FOUND; ERR_FORGED when a sealed field was tampered with (logged). */
must_check enum err person_load(struct ctx *ctx, const char *person_id, struct person *out);

/* Inserts the row with its fields sealed. In the caller's transaction. */
must_check enum err person_insert(struct ctx *ctx, const struct person *person);

/* Look-up digests. One value, one digest: the value must be canonical (policies/). */
struct digest identity_digest(const struct ctx *ctx, const char *identity_number);
struct digest phone_digest(const struct ctx *ctx, const char *phone);
struct digest card_digest(const struct ctx *ctx, const char *card_no);

/* The person with that phone number, or ERR_NOT_FOUND. */
must_check enum err person_find_by_phone(struct ctx *ctx, const char *phone,
                                         const char **person_id);

/* The same by identity number. */
must_check enum err person_find_by_identity(struct ctx *ctx, const char *identity_number,
                                            const char **person_id);

/* The same by its digest: of the holder of a physical card (idp/tables/physical_card.h). */
must_check enum err person_find_by_holder(struct ctx *ctx, const struct digest *holder,
                                          const char **person_id);

/* In the caller's transaction: her number from now on, proven now. Whoever has it must have lost it
 * before. ERR_CONFLICT when somebody has it. */
must_check enum err person_set_phone(struct ctx *ctx, const struct person *person,
                                     const char *phone);
/* In the caller's transaction: her name, or her identity number and what it says, were wrong. ERR_CONFLICT when somebody
 * has that number. */
must_check enum err person_set_name(struct ctx *ctx, const struct person *person, const char *name);
must_check enum err person_set_identity(struct ctx *ctx, const struct person *person,
                                        const char *identity_number, int32_t birth_date);
/* In the caller's transaction: she has none any more. */
must_check enum err person_drop_phone(struct ctx *ctx, const struct person *person);

#endif
