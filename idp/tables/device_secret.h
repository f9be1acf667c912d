/* SPDX-License-Identifier: Apache-2.0 */
/* Device secrets (OpenID Connect Native SSO 1.0, 3.2): what lets a second app of the same vendor in. */
#ifndef IDP_TABLES_DEVICE_SECRET_H
#define IDP_TABLES_DEVICE_SECRET_H

#include "idp/store/store.h"

/* One a session and app. */
struct stored_device_secret {
    const char *sid;
    const char *partner_id; /* the app that it was given to */
    struct digest secret;
    const char *shared_by; /* the group of apps, as registered when it was given */
    const char *bound_key; /* the app's tokens are bound to; "": they are not, and need no proof */
    unix_s expires_at;     /* the session's end */
};

/* In place of the one there is, if any. */
must_check enum err store_device_secret_put(struct store *st,
                                            const struct stored_device_secret *secret);

/* ERR_NOT_FOUND when the app was given none in that session. */
must_check enum err store_device_secret_find(struct store *st, struct arena *arena, const char *sid,
                                             const char *partner_id,
                                             struct stored_device_secret *out);

#endif
