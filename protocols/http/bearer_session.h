/* SPDX-License-Identifier: Apache-2.0 */
/* What a person does by the access token of an application that is in her hand: in the session that the token was born
 * in, and nowhere else. */
#ifndef PROTOCOLS_HTTP_BEARER_SESSION_H
#define PROTOCOLS_HTTP_BEARER_SESSION_H

#include "idp/session/session.h"
#include "protocols/http/request.h"

/* What the token must have. */
struct bearer_rule {
    const char *scope;
    const char *channels; /* space-separated: its application's is one of them */
    const struct problem *otherwise;
};

/* Behind GUARD_BEARER. problem_bearer_invalid: token, grant or session is over, or somebody acts for her (RFC 8693). */
const struct problem *bearer_session(struct request *rq, const struct bearer_rule *rule,
                                     struct session *out);

#endif
