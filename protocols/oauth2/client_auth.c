/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/oauth2/client_auth.h"

const struct problem *
client_authenticate(struct request *rq)
{
    rq->partner = NULL;
    return &problem_client_unauthenticated;
}
