/* SPDX-License-Identifier: Apache-2.0 */
/* A citizen stands before the counter and shows the code of her card: it is scanned there, and spent (docs/adr/0062). */
#ifndef IDP_STAFF_PRESENT_H
#define IDP_STAFF_PRESENT_H

#include "idp/base/problem.h"
#include "idp/context/ctx.h"
#include "idp/tables/staff.h"

/* For so long she is taken to be there. */
#define STAFF_PRESENT_S 900

/* The citizen whose card's code was shown, and how surely it was she, or one of her family, who showed it. */
struct staff_presence {
    const char *person_id;
    unix_s at; /* when it was scanned */
    const char *acr;
    const char *amr;
    unix_s auth_time;
};

/*
 * One transaction: the code, which must be shown to be served, is spent as by any scanner (idp/card/scan.h), and it is noted who
 * scanned it. The same form sent again gives the same, and the time of the first scan. problem_staff_self; problem_card_code_region: she is of another region; problem_card_code_not_good and the others of
 * a scan.
 */
const struct problem *staff_scan(struct ctx *ctx, const struct stored_staff *staff,
                                 const char *code, struct staff_presence *out);

#endif
