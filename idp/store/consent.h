/* SPDX-License-Identifier: Apache-2.0 */
/* What a person allowed, to whom, having read which text. */
#ifndef IDP_STORE_CONSENT_H
#define IDP_STORE_CONSENT_H

#include "idp/store/store.h"

struct stored_consent {
    const char *person_id;
    const char *consent_id;
    const char *purpose;
    const char *partner_id; /* "" when it is not about a partner */
    const char *scope;
    struct digest text_digest; /* of the notice shown */
    const char *channel;
    unix_s given_at;
    unix_s withdrawn_at; /* 0: holds */
};

struct consent_list {
    struct stored_consent *at;
    size_t count;
};

/* Whose consent to what, for whom. */
struct consent_subject {
    const char *person_id;
    const char *purpose;
    const char *partner_id;
};

/* ERR_CONFLICT when the person has a consent of that id. */
must_check enum err store_consent_insert(struct store *st, const struct stored_consent *consent);

/* Those not withdrawn, newest first. */
must_check enum err store_consent_list(struct store *st, struct arena *arena,
                                       const struct consent_subject *subject,
                                       struct consent_list *out);

/* ERR_NOT_FOUND when there is none or it is withdrawn already. */
must_check enum err store_consent_withdraw(struct store *st, const char *person_id,
                                           const char *consent_id, unix_s now);

#endif
