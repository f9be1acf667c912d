/* SPDX-License-Identifier: Apache-2.0 */
/* What a person allowed, to whom, having read which text. At most one holds for a
 * person, purpose and partner. */
#ifndef IDP_TABLES_CONSENT_H
#define IDP_TABLES_CONSENT_H

#include <stdbool.h>

#include "idp/store/store.h"

/* A person has at most so many rows, withdrawn ones too. */
#define CONSENTS_MAX 2000

struct stored_consent {
    const char *person_id;
    const char *purpose;
    const char *partner_id; /* "" when it is not about a partner */
    const char *scope;
    struct digest text_digest; /* of the notice shown */
    const char *channel;
    unix_s given_at;
};

/* Whose consent to what, for whom. */
struct consent_subject {
    const char *person_id;
    const char *purpose;
    const char *partner_id;
};

/* ERR_CONFLICT when one holds already for this person, purpose and partner: the primary key decides
 * among callers. ERR_FULL when the person has CONSENTS_MAX. */
must_check enum err store_consent_insert(struct store *st, const struct stored_consent *consent);

/* The one that holds. ERR_NOT_FOUND when there is none. */
must_check enum err store_consent_find(struct store *st, struct arena *arena,
                                       const struct consent_subject *subject,
                                       struct stored_consent *out);

/*
 * `given`, as store_consent_find() gave it, is set aside under the id `aside`, new and the person's
 * own. ERR_NOT_FOUND when it no longer holds: what has taken its place meanwhile is left alone.
 */
must_check enum err store_consent_withdraw(struct store *st, const struct stored_consent *given,
                                           const char *aside, unix_s now);

#endif
