/* SPDX-License-Identifier: Apache-2.0 */
/* What a staff page hands to the partner's application, so that it goes on with what was begun there. Good once: the row of the
 * acting knows whether it was exchanged. */
#ifndef IDP_STAFF_ACTING_HANDLE_H
#define IDP_STAFF_ACTING_HANDLE_H

#include "idp/context/ctx.h"

struct acting_handle {
    const char *acting_id;
    const char *acr; /* how surely the citizen was known when it began */
    const char *amr;
    unix_s auth_time;
};

must_check enum err acting_handle_issue(struct ctx *ctx, const struct acting_handle *handle,
                                        const char **out);

/* ERR_FORGED: it is none of ours. */
must_check enum err acting_handle_open(struct ctx *ctx, const char *text,
                                       struct acting_handle *out);

#endif
