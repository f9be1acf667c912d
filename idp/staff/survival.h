/* SPDX-License-Identifier: Apache-2.0 */
/* A pensioner is seen alive at a counter (养老待遇资格认证); how long that holds is policies/survival.h. */
#ifndef IDP_STAFF_SURVIVAL_H
#define IDP_STAFF_SURVIVAL_H

#include "idp/base/problem.h"
#include "idp/staff/sitting.h"

/*
 * She is there, and has proven herself in this sitting. Recorded once a form, and told to her. problem_account_stopped:
 * her account is closed, or she is known to have died; those of proofing_check() and citizen_serve().
 */
const struct problem *survival_confirm(struct ctx *ctx, const struct sitting *sitting,
                                       const char *person_id);

#endif
