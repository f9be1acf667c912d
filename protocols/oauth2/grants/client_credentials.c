/* SPDX-License-Identifier: Apache-2.0 */
/* grant_type=client_credentials (RFC 6749, 4.4): a partner for itself, nothing of any person. */
#include "idp/partner/registry.h"
#include "protocols/oauth2/grants/grants.h"

const struct problem *
grant_client_credentials(struct request *rq)
{
    const struct approval approval = {
        .subject = { SUBJECT_PARTNER, rq->partner->profile.partner_id },
    };

    /* Every scope there is speaks of a person: none can be had without one. */
    if (param(rq, "scope") != NULL)
        return &problem_scope_too_wide;
    return answer_tokens(rq, &(struct token_answer) { .approval = &approval });
}
