/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who acts for a person (RFC 8693, 4.1), as an approval and a token hold it in one text: the id of a partner that scanned her
 * card, or a member of staff at a counter with what she does and why (docs/adr/0060), which is a compact JSON object. Ids of
 * partners never begin with a brace.
 */
#ifndef IDP_SESSION_ACTOR_H
#define IDP_SESSION_ACTOR_H

#include <stdbool.h>

#include "idp/base/buf.h"
#include "idp/base/json.h"

/* A member of staff, as the partner knows her. */
struct staff_actor {
    const char *sub;
    const char *agency;
    const char *counter_id;
    const char *business;
    const char *reason;
};

const char *actor_of_staff(struct arena *arena, const struct staff_actor *actor);
bool actor_is_staff(const char *actor);

/* The members act, and for a member of staff business and reason, of a token, or of what is told of one; nothing for NULL or
 * "". */
void emit_actor(struct buf *buf, const char *actor);

/* The other way: from the claims of a token of ours; "" when nobody acts. */
const char *actor_of_claims(struct arena *arena, const json_t *claims);

#endif
