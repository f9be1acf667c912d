/* SPDX-License-Identifier: Apache-2.0 */
/* auth_req_id: the row that a partner waits for and its secret, sealed, so that one key of the table
 * serves both sides. */
#ifndef IDP_SESSION_BACKCHANNEL_ID_H
#define IDP_SESSION_BACKCHANNEL_ID_H

#include "idp/context/ctx.h"

must_check enum err auth_req_id_make(struct ctx *ctx, const struct digest *pending_id,
                                     const char *secret, const char **out);

/* ERR_FORGED: none of ours. */
must_check enum err auth_req_id_open(struct ctx *ctx, const char *text, struct digest *pending_id,
                                     const char **secret);

#endif
