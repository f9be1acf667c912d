/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever stands at a counter with her papers gets an account there; a child too, to be shown by her guardian
 * (docs/adr/0063). Nobody at the counter chooses her password: a link goes to her telephone. */
#ifndef IDP_STAFF_NEWCOMER_H
#define IDP_STAFF_NEWCOMER_H

#include "idp/staff/proofing.h"

struct newcomer {
    const char *name;         /* as typed, so is the next but one */
    const char *phone;        /* "": none is given, and no link goes anywhere */
    struct proofing proofing; /* its number is hers */
    struct digest notice;     /* what she, or her guardian, was told and has agreed to */
};

/* One typed value after the other, so that a page can show each fault beside its field. */
struct newcomer_faults {
    const struct problem *name;
    const struct problem *number;
    const struct problem *paper;
    const struct problem *phone;
};

/*
 * The account, its evidence and the consent in one change. The form of ctx makes one, and *person_id is the same each
 * time. problem_already_registered; problem_staff_self: nobody registers herself. With anything in *faults nothing was made,
 * and the answer is NULL.
 */
const struct problem *newcomer_register(struct ctx *ctx, const struct sitting *sitting,
                                        const struct newcomer *newcomer,
                                        struct newcomer_faults *faults, const char **person_id);

#endif
