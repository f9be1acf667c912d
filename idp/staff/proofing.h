/* SPDX-License-Identifier: Apache-2.0 */
/* A person proves at a counter who she is: by a paper, to a member of staff who looks at both (docs/adr/0063). */
#ifndef IDP_STAFF_PROOFING_H
#define IDP_STAFF_PROOFING_H

#include "idp/base/problem.h"
#include "idp/staff/sitting.h"
#include "policies/paper.h"

struct proofing {
    enum paper paper;
    unsigned looks;     /* enum paper_look */
    const char *number; /* as typed from the paper */
};

/*
 * Evidence of her, with an audit record, and told to her. The form of ctx makes one. problem_proof_number: the paper is of
 * another number, audited; problem_account_stopped; and those of paper_check(), identity_number_check() and
 * citizen_serve().
 */
const struct problem *proofing_record(struct ctx *ctx, const struct sitting *sitting,
                                      const char *person_id, const struct proofing *proofing);

/* In the caller's transaction: evidence by that paper, for what is done there and then. */
must_check enum err proofing_note(struct ctx *ctx, const struct sitting *sitting,
                                  const char *person_id, const char *told);

/* Has she proven herself in this sitting, a moment ago (STAFF_PROOF_S)? */
must_check enum err proofing_stands(struct ctx *ctx, const struct sitting *sitting,
                                    const char *person_id, bool *out);

/* NULL: she has. problem_proof_needed. */
const struct problem *proofing_check(struct ctx *ctx, const struct sitting *sitting,
                                     const char *person_id);

#endif
