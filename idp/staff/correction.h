/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A person's name or identity number is wrong with us and right on her papers: one member of staff proposes, a second one
 * agrees, the first carries it out (docs/adr/0063).
 */
#ifndef IDP_STAFF_CORRECTION_H
#define IDP_STAFF_CORRECTION_H

#include "idp/staff/proofing.h"
#include "idp/staff/proposal.h"

struct correction {
    enum proposal_kind kind; /* PROPOSAL_NAME or PROPOSAL_NUMBER */
    const char *name;        /* as typed: what is right */
    const char *reason;
    struct proofing proofing; /* its number is what is right, or hers where the name is not */
};

/*
 * It waits for a second person. problem_correction_same: that is what we have; problem_correction_taken: another account
 * has that number; those of proofing_record(), proposal_make() and staff_reason_check().
 */
const struct problem *correction_propose(struct ctx *ctx, const struct sitting *sitting,
                                         const char *person_id,
                                         const struct correction *correction);

/* What an approved proposal says: "张叁". */
must_check enum err correction_value(struct ctx *ctx, const struct stored_proposal *proposal,
                                     const char **out);

/*
 * What a second person has agreed to is done, once. Earlier evidence is withdrawn, the paper is evidence, she is told. With
 * another number her sessions and grants end, and her electronic card, which is of the old one. Consents stay: they are
 * hers. NULL also when it is done. problem_proposal_over; problem_correction_taken.
 */
const struct problem *correction_make(struct ctx *ctx, const struct sitting *sitting,
                                      const char *person_id, enum proposal_kind kind);

#endif
